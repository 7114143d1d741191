"""The role as a CloudFormation template, for one student's stack or an organisation's StackSet."""

from typing import Any

import yaml

from skymark.granting.grant import (
    ACCOUNT,
    ARN,
    DESCRIPTION,
    EXTERNAL_ID,
    POLICY_NAME,
    ROLE,
    SESSION_S,
    Grant,
    trust_policy,
)
from skymark.permissions import PREDICTION, read_only_policy

PREDICTS = "Predicts"
WIDTH = 120


class _WithoutAliases(yaml.SafeDumper):
    """CloudFormation takes no YAML aliases (template reference, "CloudFormation template formats")."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write out what stands at several places at each of them."""
        return True


def template(grant: Grant) -> str:
    """The template as YAML; what the grant says are the defaults of its parameters.

    Without an external id, whoever makes the stack has to give one. Intrinsic functions are written out (`Fn::If`, not
    `!If`), so that any YAML library can read it.

    Source: CloudFormation template reference, AWS::IAM::Role, AWS::IAM::Policy.
    """
    parts = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"{DESCRIPTION} To take the access away again, delete this stack.",
        "Parameters": _parameters(grant),
        **({"Conditions": {PREDICTS: {"Fn::Equals": [_ref("AllowPrediction"), "true"]}}} if grant.predict else {}),
        "Resources": {
            "Role": {"Type": "AWS::IAM::Role", "Properties": _role(grant)},
            **({"Prediction": _prediction(grant)} if grant.predict else {}),
        },
        "Outputs": {
            "RoleArn": {"Description": "What the grader needs to know", "Value": {"Fn::GetAtt": ["Role", "Arn"]}}
        },
    }
    return yaml.dump(parts, Dumper=_WithoutAliases, sort_keys=False, width=WIDTH)


def _parameters(grant: Grant) -> dict[str, Any]:
    external_id = {} if grant.external_id is None else {"Default": grant.external_id}
    prediction = _parameter(
        "Whether the lesson's endpoint may be asked about sample digits, which costs a fraction of a cent",
        Default="true",
        AllowedValues=["true", "false"],
    )
    return {
        "GraderPrincipal": _parameter(
            "The grader: the ARN of a role or user" if grant.grader.arn else "The grader: an account's 12 digits",
            Default=grant.grader.parameter,
            AllowedPattern=ARN if grant.grader.arn else ACCOUNT,
        ),
        "ExternalId": _parameter(
            "The grader tells it; each student has one of their own", **external_id, AllowedPattern=EXTERNAL_ID
        ),
        "RoleName": _parameter("What the role is called", Default=grant.role_name, AllowedPattern=ROLE),
        **({"AllowPrediction": prediction} if grant.predict else {}),
    }


def _parameter(description: str, **more: Any) -> dict[str, Any]:
    return {"Type": "String", "Description": description, **more}


def _role(grant: Grant) -> dict[str, Any]:
    return {
        "RoleName": _ref("RoleName"),
        "Description": DESCRIPTION,
        "MaxSessionDuration": SESSION_S,
        "AssumeRolePolicyDocument": _trust(grant),
        "Policies": [{"PolicyName": POLICY_NAME, "PolicyDocument": read_only_policy(grant.plan, predict=False)}],
    }


def _prediction(grant: Grant) -> dict[str, Any]:
    """A policy of its own, so that the stack can do without it."""
    whole = read_only_policy(grant.plan)
    (statement,) = (one for one in whole["Statement"] if one["Sid"] == PREDICTION)
    properties = {
        "PolicyName": f"Skymark{PREDICTION}",
        "PolicyDocument": whole | {"Statement": [statement]},
        "Roles": [_ref("Role")],
    }
    return {"Type": "AWS::IAM::Policy", "Condition": PREDICTS, "Properties": properties}


def _trust(grant: Grant) -> dict[str, Any]:
    given = _ref("GraderPrincipal")
    account = {"Fn::Select": [4, {"Fn::Split": [":", given]}]} if grant.grader.arn else given
    root = {"Fn::Join": ["", ["arn:", _ref("AWS::Partition"), ":iam::", account, ":root"]]}
    return trust_policy(root, _ref("ExternalId"), given if grant.grader.arn else None)


def _ref(name: str) -> dict[str, str]:
    return {"Ref": name}
