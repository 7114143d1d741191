"""A certificate for AWS's names that an authority of our own signed, for a stub on this machine alone."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import certifi
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

DOMAIN = "amazonaws.com"


class Certificate(NamedTuple):
    """Files in PEM: what the stub shows, and whom to trust: our authority beside all that Python trusts."""

    shown: Path
    trusted: Path


def make(folder: Path, regions: Iterable[str]) -> Certificate:
    """For whatever host a survey of these regions asks."""
    authority, signer = _named("Bench authority"), ec.generate_private_key(ec.SECP256R1())
    own = _signed(authority, authority, signer, signer, None)
    key = ec.generate_private_key(ec.SECP256R1())
    shown = _signed(_named("stub"), authority, key, signer, list(_hosts(regions)))
    plain, pem = serialization.NoEncryption(), serialization.Encoding.PEM
    files = Certificate(folder / "shown.pem", folder / "trusted.pem")
    files.shown.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + shown.public_bytes(pem))
    files.trusted.write_bytes(Path(certifi.where()).read_bytes() + own.public_bytes(pem))
    return files


def _hosts(regions: Iterable[str]) -> Iterable[str]:
    yield from (f"*.{DOMAIN}", f"*.s3.{DOMAIN}")
    for region in regions:
        yield from (f"*.{region}.{DOMAIN}", f"*.sagemaker.{region}.{DOMAIN}", f"*.s3.{region}.{DOMAIN}")
        yield from (f"*.s3-control.{region}.{DOMAIN}", f"*.ecr.{region}.{DOMAIN}")


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
