"""Whatever is broken, there is a finding for each topic, and never a mistake of Skymark's own."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from skymark.doctor.examination import examine
from skymark.doctor.finding import Topic
from skymark.lesson import Lesson
from skymark.rubric_file import load_rubric
from tests.between import Answers, between

NOWHERE = "http://127.0.0.1:9"
KEYS = ("region", "aws_access_key_id", "aws_secret_access_key", "aws_session_token", "source_profile", "role_arn")
KEYS += ("credential_process", "sso_session", "sso_start_url", "sso_region", "sso_account_id", "sso_role_name")
KEYS += ("endpoint_url", "services", "retry_mode", "max_attempts", "login_session", "mfa_serial", "duration_seconds")
KEYS += ("credential_source", "web_identity_token_file", "defaults_mode", "s3", "use_fips_endpoint", "ca_bundle")
VALUES = ("us-east-1", "us east", "", "x", "default", "a", "-1", "arn:aws:iam::1:role/x", "true", "[", "%(x)s", "nope")
VALUES += (NOWHERE, "/bin/false", "/bin/true", "echo {}", "standard", "Environment", "Ec2InstanceMetadata", "\n  a = b")
HEADS = st.sampled_from(["[default]", "[profile a]", "[a]", "[sso-session x]", "[services x]"])
PARTS = st.dictionaries(HEADS, st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES), max_size=6), max_size=4)
FILES = PARTS.map(
    lambda parts: "\n".join(
        line for head, lines in parts.items() for line in (head, *(" = ".join(one) for one in lines.items()))
    )
)
BROKEN = st.one_of(st.binary(max_size=60), st.sampled_from([b"[profile ", b"]x[\n", b"a = b", b"[default]\n= x"]))
ENVIRONMENT = st.fixed_dictionaries(
    {},
    optional={
        "AWS_PROFILE": st.sampled_from(["a", "default", "nope"]),
        "AWS_DEFAULT_REGION": st.sampled_from(["us-east-1", "us-east-9", "us east", "cn-north-1", "-", "é"]),
        "AWS_ACCESS_KEY_ID": st.sampled_from(["AKIAIOSFODNN7EXAMPLE", " ", "é"]),
        "AWS_SECRET_ACCESS_KEY": st.sampled_from(["wJalrXUtnFEMI", " "]),
        "AWS_SESSION_TOKEN": st.sampled_from(["x", "é"]),
        "AWS_STS_REGIONAL_ENDPOINTS": st.sampled_from(["legacy", "nope"]),
        "AWS_MAX_ATTEMPTS": st.sampled_from(["1", "x", "-1"]),
        "AWS_RETRY_MODE": st.sampled_from(["standard", "nope"]),
        "AWS_USE_FIPS_ENDPOINT": st.just("true"),
        "AWS_CA_BUNDLE": st.just("/nowhere/at/all"),
        "AWS_WEB_IDENTITY_TOKEN_FILE": st.just("/nowhere/at/all"),
        "AWS_ROLE_ARN": st.just("arn:aws:iam::1:role/x"),
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": st.just(f"{NOWHERE}/x"),
    },
)
IDENTITY = (
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/ada</Arn><UserId>x</UserId>"
    "<Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
)
PAGES = st.one_of(
    st.tuples(
        st.sampled_from([200, 204, 301, 307, 400, 401, 403, 404, 407, 429, 500, 503]),
        st.sampled_from(["text/xml", "application/x-amz-json-1.1", "text/html", "", "application/cbor"]),
        st.sampled_from([b"", b"<", b"<html></html>", b"{}", b"[]", b'{"__type": 7}', b"<a/>", b"\xff\xfe", b"null"]),
    ),
)
KEYS_OF_ADA = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI"}
OF_AWS = ("AWS_", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")


@pytest.fixture(scope="module")
def rubric():
    """The lesson's own."""
    return load_rubric(Lesson(Path(__file__).parents[2]), "sagemaker-intro")


@pytest.fixture(scope="module")
def stub():
    """Something that answers without any cloud behind it."""
    with between(NOWHERE) as found:
        yield found


@settings(
    max_examples=60,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    config=st.integers(0, 9).flatmap(lambda number: FILES if number else BROKEN),
    credentials=FILES,
    environment=ENVIRONMENT,
    page=PAGES,
    greets=st.booleans(),
    identity=st.booleans(),
    keys=st.booleans(),
    profile=st.sampled_from([None, None, None, "a", "nope"]),
    region=st.sampled_from([None, "us-east-1", "us-west-9", "x y"]),
)
def test_whatever_is_broken_is_a_finding(
    rubric, stub, tmp_path, monkeypatch, config, credentials, environment, page, greets, identity, keys, profile, region
):
    """Files, variables, options and answers of any kind."""
    status, *rest = page
    # Whoever tells who one is is like AWS: what it says besides may be an error, and no success of another shape.
    page = (max(status, 400) if identity else status, *rest)
    answers = Answers(page=page, greets=greets or identity, tell={"sts": IDENTITY} if identity else {})
    stub.answers.__dict__.update(answers.__dict__)
    (tmp_path / "config").write_bytes(config if isinstance(config, bytes) else config.encode())
    (tmp_path / "credentials").write_text(credentials)
    with monkeypatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(OF_AWS)]:
            patch.delenv(name)
        fixed = {
            "AWS_CONFIG_FILE": str(tmp_path / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": stub.url,
            # Whatever would still be asked at AWS's own address ends here.
            "HTTPS_PROXY": NOWHERE,
            "NO_PROXY": "127.0.0.1",
        }
        own = KEYS_OF_ADA if keys else {}
        for name, value in (environment | own | fixed).items():
            patch.setenv(name, value)

        diagnosis = examine(rubric, profile=profile, region=region)

    assert {one.topic for one in diagnosis.findings} == set(Topic)
    assert [one.found for one in diagnosis.findings if "Skymark made a mistake" in one.found] == []
