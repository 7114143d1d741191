"""The template: read back as CloudFormation would."""

import json
import re

import pytest
import yaml

from skymark.granting.cloudformation import template
from skymark.granting.grant import Grader, Grant
from skymark.permissions import read_only_policy

ARN = "arn:aws:iam::210987654321:role/Grader"
ACCOUNT = Grant(Grader("210987654321"), "an-id")
ONE_ROLE = Grant(Grader("210987654321", ARN), "an-id")


def parsed(grant):
    return yaml.safe_load(template(grant))


def statements(found):
    """Everything that the role may do, as a stack with predictions has it."""
    resources = found["Resources"]
    (own,) = resources["Role"]["Properties"]["Policies"]
    policies = (own, resources["Prediction"]["Properties"])
    return [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]


def test_it_is_a_role_its_parameters_and_its_arn():
    """Nothing else is made in a student's account."""
    found = parsed(ACCOUNT)

    assert {one["Type"] for one in found["Resources"].values()} == {"AWS::IAM::Role", "AWS::IAM::Policy"}
    assert found["Resources"]["Prediction"]["Properties"]["Roles"] == [{"Ref": "Role"}]
    assert list(found["Parameters"]) == ["GraderPrincipal", "ExternalId", "RoleName", "AllowPrediction"]
    assert {name: one.get("Default") for name, one in found["Parameters"].items()} == {
        "GraderPrincipal": "210987654321",
        "ExternalId": "an-id",
        "RoleName": "SkymarkGrader",
        "AllowPrediction": "true",
    }
    assert found["Outputs"]["RoleArn"]["Value"] == {"Fn::GetAtt": ["Role", "Arn"]}


def test_no_parameter_is_hidden():
    """The quick-create link fills in none that is."""
    assert all("NoEcho" not in one for one in parsed(ACCOUNT)["Parameters"].values())


def test_the_role_may_do_what_is_printed_with_the_prediction_as_a_choice():
    """Word for word; the prediction is a policy of its own, which comes last there, too."""
    found = parsed(ACCOUNT)

    assert statements(found) == read_only_policy()["Statement"]
    assert {name: one.get("Condition") for name, one in found["Resources"].items()} == {
        "Role": None,
        "Prediction": "Predicts",
    }


def test_without_predictions_nothing_in_it_could_allow_them():
    """Neither a parameter nor a statement."""
    text = template(Grant(Grader("210987654321"), "an-id", predict=False))

    assert "InvokeEndpoint" not in text
    assert "Predict" not in text


def test_without_an_external_id_whoever_makes_the_stack_must_give_one():
    """One template in S3 does for a whole class."""
    assert "Default" not in parsed(Grant(Grader("210987654321")))["Parameters"]["ExternalId"]


@pytest.mark.parametrize(
    ("grant", "good", "bad"),
    [(ACCOUNT, "123456789012", ARN), (ONE_ROLE, ARN, "123456789012"), (ONE_ROLE, ARN, "arn:aws:iam::1:role/x")],
)
def test_a_parameter_takes_only_what_the_template_can_use(grant, good, bad):
    """An account where it begins with one, a role where it begins with one."""
    pattern = parsed(grant)["Parameters"]["GraderPrincipal"]["AllowedPattern"]

    assert re.fullmatch(pattern, good)
    assert not re.fullmatch(pattern, bad)


def test_a_session_lasts_for_an_hour_at_most():
    """The least that a role can have."""
    assert parsed(ACCOUNT)["Resources"]["Role"]["Properties"]["MaxSessionDuration"] == 3600


@pytest.mark.parametrize("grant", [ACCOUNT, ONE_ROLE])
def test_it_fits_into_what_aws_takes(grant):
    """An inline policy of a role: 10,240 characters without spaces; a trust policy: 2,048; a template: 51,200 bytes."""
    role = parsed(grant)["Resources"]["Role"]["Properties"]

    assert len(json.dumps(read_only_policy(), separators=(",", ":"))) <= 10_240
    assert len(json.dumps(role["AssumeRolePolicyDocument"])) + 1224 <= 2_048
    assert len(template(grant).encode()) <= 51_200


@pytest.mark.parametrize("grant", [ACCOUNT, ONE_ROLE])
def test_it_has_no_yaml_that_cloudformation_does_not_read(grant):
    """No aliases, and no tags of its own."""
    assert not [token for token in yaml.scan(template(grant)) if isinstance(token, (yaml.AliasToken, yaml.TagToken))]
