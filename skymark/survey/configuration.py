"""How this computer is told to ask AWS: files, profile, region and what else decides it. Nothing is asked."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import getproxies

import botocore.session
from botocore.exceptions import BotoCoreError

from skymark.doctor.observed import Configured, File, Setting, SignIn
from skymark.survey.connection import profiles

PROFILE: Final = ("AWS_DEFAULT_PROFILE", "AWS_PROFILE")
"""In botocore's order. Source: botocore's configprovider."""
REGION: Final = "AWS_DEFAULT_REGION"
KEY: Final = "AWS_ACCESS_KEY_ID"
CONFIGURATION: Final = "the configuration"


def read_configuration(profile: str | None, region: str | None) -> Configured:
    """What options, environment and files say; what cannot be read is left out, and said of its file.

    Source: boto3 guide, "Configuration" and "Credentials"; botocore's configprovider for the variables that it reads.
    """
    session = botocore.session.Session()
    named = Setting(profile, "--profile") if profile else _first(*PROFILE)
    section = _section(profile)
    return Configured(
        profile=named,
        region=_region(region, section),
        files=tuple(_file(session, kind) for kind in ("config_file", "credentials_file")),
        profiles=tuple(profiles()),
        sign_in=_sign_in(section),
        proxy=_proxy(),
        idle=tuple(_idle(named)),
    )


def _first(*names: str) -> Setting | None:
    return next((Setting(os.environ[name], name) for name in names if os.environ.get(name)), None)


def _section(profile: str | None) -> dict[str, Any]:
    """What the profile in use has in the files; nothing where it is not there, or they cannot be read."""
    try:
        session = botocore.session.Session(profile=profile)
        section: dict[str, Any] = session.get_scoped_config()
    except (BotoCoreError, OSError, ValueError):
        return {}
    return section


def _region(region: str | None, section: dict[str, Any]) -> Setting | None:
    if region:
        return Setting(region, "--region")
    written = section.get("region")
    return _first(REGION) or (Setting(written, CONFIGURATION) if isinstance(written, str) and written else None)


def _file(session: botocore.session.Session, kind: str) -> File:
    path = Path(os.path.expanduser(session.get_config_variable(kind)))  # as botocore does, which raises nothing
    try:
        if not os.path.lexists(path):
            return File(str(path))
        with path.open("rb") as stream:
            stream.read(1)
    except OSError as error:
        return File(str(path), error.strerror or type(error).__name__)
    except ValueError as error:  # a path that is none, such as one with a null byte
        return File(str(path), str(error))
    return File(str(path))


def _sign_in(section: dict[str, Any]) -> SignIn | None:
    if section.get("sso_session") or section.get("sso_start_url"):
        return "sso"
    if section.get("login_session"):
        return "login"
    return "process" if section.get("credential_process") else None


def _proxy() -> Setting | None:
    """What stands between, without the name and the password that its address may hold."""
    address = getproxies().get("https")
    if not address:
        return None
    name = next((name for name in ("HTTPS_PROXY", "https_proxy") if os.environ.get(name)), "the system's settings")
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        shown = f"{parts.scheme}://{parts.hostname or ''}" + (f":{parts.port}" if parts.port else "")
    except ValueError:
        shown = "an address that is none"
    return Setting(shown, name)


def _idle(named: Setting | None) -> Iterator[Setting]:
    """Variables that people set in vain."""
    if os.environ.get(KEY) and named is not None and named.by in PROFILE:
        yield Setting(named.by, f"{KEY} is set, too, and goes first")
    if os.environ.get("AWS_REGION") and not os.environ.get(REGION):
        yield Setting("AWS_REGION", f"the AWS CLI reads it, and Python's SDK reads {REGION}")
