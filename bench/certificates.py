"""Certificates for AWS's names that an authority of our own signed, for a stub on this machine alone."""

import datetime as dt
import ssl
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import certifi
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

DOMAIN = "amazonaws.com"
GLOBAL = "global"
PEM = serialization.Encoding.PEM


class Certificates(NamedTuple):
    """A folder of what the stub shows, and the file of whom to trust: our authority beside all that Python trusts."""

    shown: Path
    trusted: Path


def make(folder: Path, regions: Iterable[str]) -> Certificates:
    """For whatever host a survey of these regions asks: `REGION.pem` for each region, as AWS has; `global.pem`."""
    authority, signer = _named("Bench authority"), ec.generate_private_key(ec.SECP256R1())
    own = _signed(authority, authority, signer, signer, None)
    files = Certificates(folder / "certificates", folder / "trusted.pem")
    files.shown.mkdir()
    for region in (GLOBAL, *regions):
        key = ec.generate_private_key(ec.SECP256R1())
        shown = _signed(_named("stub"), authority, key, signer, list(_hosts(region)))
        private = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (files.shown / f"{region}.pem").write_bytes(private + shown.public_bytes(PEM))
    files.trusted.write_bytes(Path(certifi.where()).read_bytes() + own.public_bytes(PEM))
    return files


def contexts(folder: Path) -> ssl.SSLContext:
    """What a server needs that shows each host its region's."""
    found = {file.stem: _context(file) for file in folder.glob("*.pem")}

    def choose(connection: ssl.SSLObject, host: str | None, _: ssl.SSLContext) -> None:
        connection.context = next((found[one] for one in (host or "").split(".") if one in found), found[GLOBAL])

    found[GLOBAL].sni_callback = choose  # type: ignore[assignment]
    return found[GLOBAL]


def _context(file: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def _hosts(region: str) -> Iterable[str]:
    place = DOMAIN if region == GLOBAL else f"{region}.{DOMAIN}"
    yield from (f"*.{place}", f"*.s3.{place}", f"*.sagemaker.{place}", f"*.s3-control.{place}", f"*.ecr.{place}")


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


def _signed(
    name: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    hosts: list[str] | None,
) -> x509.Certificate:
    """`hosts` None: of an authority."""
    today = dt.datetime.now(dt.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(hours=1))
        .not_valid_after(today + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=hosts is None, path_length=None), critical=True)
    )
    if hosts:
        built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName(one) for one in hosts]), critical=False)
    return built.sign(signer, hashes.SHA256())
