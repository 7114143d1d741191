"""A configuration that cannot be used is told in words: a traceback's exit status, 1, would mean graded."""

import shlex
import sys

import pytest

from skymark.doctor.observed import File, Setting
from skymark.errors import ConfigurationError, CredentialsError, UsageError
from skymark.survey.configuration import read_configuration
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


def test_what_is_set_and_by_what(monkeypatch, tmp_path):
    """Options go before variables, and these before files; what does nothing is told."""
    (tmp_path / "config").write_text("[profile class]\nregion = eu-west-1\nsso_session = x\n[default]\n")
    monkeypatch.setenv("AWS_PROFILE", "class")

    written = read_configuration(None, None)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-2")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    exported = read_configuration(None, None)
    given = read_configuration("default", "us-east-1")

    assert (written.profile, written.region) == (
        Setting("class", "AWS_PROFILE"), Setting("eu-west-1", "the configuration")
    )  # fmt: skip
    assert (written.sign_in, written.profiles, written.idle) == ("sso", ("class", "default"), ())
    assert exported.region == Setting("us-west-2", "AWS_DEFAULT_REGION")
    assert exported.idle == (Setting("AWS_PROFILE", "AWS_ACCESS_KEY_ID is set, too, and goes first"),)
    assert (given.profile, given.region, given.idle) == (
        Setting("default", "--profile"), Setting("us-east-1", "--region"), ()
    )  # fmt: skip


def test_a_region_that_only_the_aws_cli_reads(monkeypatch):
    """Python's SDK passes over it in silence."""
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    monkeypatch.setenv("AWS_REGION", "us-west-2")

    found = read_configuration(None, None)

    assert found.region is None
    assert [one.value for one in found.idle] == ["AWS_REGION"]


def test_a_file_at_the_home_of_somebody_who_is_not_known_is_not_there(monkeypatch):
    """AWS's SDK takes the name as it is."""
    monkeypatch.setenv("AWS_CONFIG_FILE", "~nobody-is-called-so/config")

    assert read_configuration(None, None).files[0] == File("~nobody-is-called-so/config")


def test_files_that_cannot_be_read(monkeypatch, tmp_path):
    """A folder, a link that leads to itself; one that is not there is no fault."""
    (tmp_path / "config").mkdir()
    (tmp_path / "credentials").symlink_to(tmp_path / "credentials")
    monkeypatch.setenv("AWS_PROFILE", "class")

    wrong = read_configuration(None, None).files
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "nowhere"))
    absent = read_configuration(None, None).files[0]

    assert [(one.path, bool(one.fault)) for one in wrong] == [
        (str(tmp_path / "config"), True),
        (str(tmp_path / "credentials"), True),
    ]
    assert absent == File(str(tmp_path / "nowhere"))


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("http://ada:secret@proxy.example.edu:3128", "http://proxy.example.edu:3128"),
        ("proxy.example.edu", "http://proxy.example.edu"),
        ("http://[::1", "an address that is none"),
    ],
)
def test_a_proxys_address_is_shown_without_its_password(monkeypatch, address, shown):
    """Whoever set it knows it."""
    monkeypatch.setenv("HTTPS_PROXY", address)

    assert read_configuration(None, None).proxy == Setting(shown, "HTTPS_PROXY")


SHAPES = ["[default]\nregion = us-east-1\ndefaults_mode =\n  a = b\n", "[default]\nretry_mode =\n  a = b\n"]


@pytest.mark.parametrize("text", SHAPES)
def test_a_setting_over_which_awss_sdk_breaks(monkeypatch, tmp_path, text):
    """It has lines below it, where one value should be: botocore raises what only a bug would be."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI")
    (tmp_path / "config").write_text(text)

    with pytest.raises((ConfigurationError, CredentialsError)):
        identify(connect())
