"""Nobody's name, address or key is kept."""

import pytest

from skymark.survey.redact import redacted, redacted_arn


@pytest.mark.parametrize(
    ("arn", "kept"),
    [
        (
            "arn:aws:sts::123456789012:assumed-role/voclabs/user3277609=ada@example.edu",
            "arn:aws:sts::123456789012:assumed-role/voclabs/user",
        ),
        (
            "arn:aws:sts::123456789012:assumed-role/voclabs/user3277609=Ada_Lovelace",
            "arn:aws:sts::123456789012:assumed-role/voclabs/user",
        ),
        (
            "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Student_1a/ada@example.edu",
            "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Student_1a/*",
        ),
        (
            "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Student_1a/AdaLovelace",
            "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_Student_1a/*",
        ),
        (
            "arn:aws:sts::123456789012:assumed-role/voclabs/Ada",
            "arn:aws:sts::123456789012:assumed-role/voclabs/*",
        ),
        ("arn:aws:sts::123456789012:federated-user/Ada", "arn:aws:sts::123456789012:federated-user/*"),
        ("arn:aws:iam::123456789012:user/student", "arn:aws:iam::123456789012:user/student"),
        ("arn:aws:iam::123456789012:root", "arn:aws:iam::123456789012:root"),
        ("arn:aws:iam::123456789012:user/ada@example.edu", "arn:aws:iam::123456789012:user/*"),
    ],
)
def test_a_callers_arn_names_no_person(arn, kept):
    """Learner Lab and single sign-on put e-mail addresses there."""
    assert redacted_arn(arn) == kept


def test_a_message_carries_no_key_address_or_control_character():
    """AWS's words are kept, what identifies somebody is not."""
    text = "User ada@example.edu with AKIAIOSFODNN7EXAMPLE\x1b[31m\nRequestId: 0a1b-2c may not"

    assert redacted(text) == "User … with … [31m … may not"
    assert redacted(None) is None
    assert redacted("half a smile \ud83d") == "half a smile ?"


def test_a_message_that_cites_a_session_names_no_person():
    """AWS cites the caller in every denial; Learner Lab's sessions bear people's names."""
    text = "User: arn:aws:sts::123456789012:assumed-role/voclabs/user1=Ada_Lovelace is not authorized to perform: x"

    assert redacted(text) == "User: arn:aws:sts::123456789012:assumed-role/voclabs/… is not authorized to perform: x"


def test_a_signed_url_lends_nobody_its_signature():
    """Where it leads is kept."""
    text = (
        'HTTP 403 for "https://b.s3.amazonaws.com/k?X-Amz-Signature=1a&X-Amz-Security-Token=2b", not http://a.example/x'
    )

    assert redacted(text) == 'HTTP 403 for "https://b.s3.amazonaws.com/k?…", not http://a.example/x'
