"""A configuration that cannot be used is told in words: a traceback's exit status, 1, would mean graded."""

import shlex
import sys

import pytest

from skymark.errors import CredentialsError, UsageError
from skymark.survey.connection import connect, identify


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    """No configuration of whoever runs the tests."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.mark.parametrize("variable", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SAGEMAKER"])
@pytest.mark.parametrize("address", ["localhost:5000", "nonsense", "http://[bad"])
def test_an_endpoint_address_that_is_none(monkeypatch, variable, address):
    """Of all services or of one."""
    monkeypatch.setenv(variable, address)

    with pytest.raises(UsageError, match="AWS_ENDPOINT_URL"):
        connect().client("sagemaker")


def test_a_credential_process_that_gives_old_keys(tmp_path):
    """botocore raises a bare RuntimeError for it."""
    script = tmp_path / "old_keys.py"
    keys = '{"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "b", "SessionToken": "c", '
    script.write_text(f'print(\'{keys}"Expiration": "2020-01-01T00:00:00Z"}}\')')
    (tmp_path / "config").write_text(f"[default]\ncredential_process = {shlex.join([sys.executable, str(script)])}\n")

    with pytest.raises(CredentialsError, match="have expired"):
        identify(connect())
