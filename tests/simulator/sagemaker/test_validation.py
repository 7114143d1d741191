"""Parameters that AWS's own description rules out."""

from typing import Any

import pytest
from moto.core.utils import get_service_model

from simulator.sagemaker import validation

INSTANCE = {
    "NotebookInstanceName": "sm-test",
    "InstanceType": "ml.t2.medium",
    "RoleArn": "arn:aws:iam::123456789012:role/r",
}


def complaints(operation: str, params: dict[str, Any]) -> list[str]:
    return validation.complaints(get_service_model("sagemaker").operation_model(operation), params)


def test_what_aws_accepts_is_accepted() -> None:
    """The lesson's own instance has nothing to complain about."""
    assert complaints("CreateNotebookInstance", INSTANCE) == []


@pytest.mark.parametrize(
    ("changed", "path", "constraint"),
    [
        ({"NotebookInstanceName": "sm_test"}, "'sm_test' at 'notebookInstanceName'", "regular expression pattern: "),
        ({"NotebookInstanceName": "a" * 64}, "at 'notebookInstanceName'", "length less than or equal to 63"),
        ({"InstanceType": "t2.medium"}, "'t2.medium' at 'instanceType'", "Member must satisfy enum value set: [ml.t2"),
        ({"VolumeSizeInGB": 4}, "'4' at 'volumeSizeInGB'", "value greater than or equal to 5"),
        ({"RoleArn": None}, "null at 'roleArn'", "Member must not be null"),
        ({"Tags": [{"Key": "", "Value": "x"}]}, "'' at 'tags.1.member.key'", "length greater than or equal to 1"),
    ],
)
def test_each_constraint_has_awss_words(changed: dict[str, Any], path: str, constraint: str) -> None:
    """AWS names the value, the place and the constraint."""
    (found,) = complaints("CreateNotebookInstance", INSTANCE | changed)

    assert path in found
    assert constraint in found
    assert " failed to satisfy constraint: " in found


def test_all_complaints_are_told_at_once() -> None:
    """Two mistakes are one answer that names both."""
    found = complaints("CreateNotebookInstance", INSTANCE | {"VolumeSizeInGB": 4, "InstanceType": "big"})

    assert validation.message(found).startswith("2 validation errors detected: Value 'big' at 'instanceType'")
