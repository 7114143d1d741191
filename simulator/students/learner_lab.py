"""An account of AWS Academy Learner Lab, before a student enters it: its roles, and the keys that it hands out.

Source: aws-facts of AWS Academy's labs: `voclabs` is who the student is, `LabRole` what everything runs under; no
roles can be made, and two regions are open.
"""

import json
from dataclasses import replace
from typing import Any

from simulator.account import TRUST, SimulatedAccount
from simulator.server import Credentials

ACADEMY = "arn:aws:iam::111122223333:root"
SESSION = "user1234567=A_Student"
REGIONS = ["us-east-1", "us-west-2"]


def _statement(effect: str, action: list[str] | str, **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": "*", **more}


_ENTERS = {"Effect": "Allow", "Principal": {"AWS": ACADEMY}, "Action": "sts:AssumeRole"}
_ELSEWHERE = {"StringNotEquals": {"aws:RequestedRegion": REGIONS}}
_LAB = [
    _statement("Allow", "*"),
    _statement("Deny", ["iam:CreateRole", "iam:DeleteRole", "iam:AttachRolePolicy", "iam:PutRolePolicy"]),
    _statement("Deny", ["sagemaker:*", "logs:*", "ec2:*"], Condition=_ELSEWHERE),
]


def enter(account: SimulatedAccount) -> tuple[SimulatedAccount, str]:
    """Have AWS Academy set the account up. Returns it as the student enters it, and LabRole's ARN."""
    _make_role(account, "voclabs", _ENTERS, _LAB)
    lab_role = account.iam.create_role(RoleName="LabRole", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    for policy in ("AmazonSageMakerFullAccess", "AmazonS3FullAccess"):
        account.attach_aws_policy("LabRole", policy)
    return replace(account, keys=keys_of(account)), lab_role


def keys_of(account: SimulatedAccount) -> Credentials:
    """The keys that the lab hands to its student."""
    return account.server.session_credentials(account.number, "voclabs", SESSION)


def _make_role(account: SimulatedAccount, name: str, trust: Any, statements: list[dict[str, Any]]) -> None:
    document = {"Version": "2012-10-17", "Statement": [trust]}
    account.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(document))
    policy = {"Version": "2012-10-17", "Statement": statements}
    account.iam.put_role_policy(RoleName=name, PolicyName="lab", PolicyDocument=json.dumps(policy))
