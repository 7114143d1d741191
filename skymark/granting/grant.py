"""Who may look into a student's account, and on what terms."""

import re
from typing import Any

from skymark.errors import UsageError
from skymark.evidence import Struct
from skymark.permissions import USUAL
from skymark.rubric import SurveyPlan

ROLE_NAME = "SkymarkGrader"
POLICY_NAME = "SkymarkReadOnly"
SESSION_S = 3600
"""How long a session of the role lasts at most: the least that a role can have as its maximum."""
DESCRIPTION = "Lets a grader read what the lesson left in this account. It can change nothing."

EXTERNAL_ID = r"[A-Za-z0-9_+=,.@:/-]{2,1224}"
ROLE = r"[A-Za-z0-9_+=,.@-]{1,64}"
ACCOUNT = r"[0-9]{12}"
ARN = r"arn:aws[a-z-]*:iam::[0-9]{12}:(?:role|user)/[A-Za-z0-9_+=,.@/-]+"


class Grader(Struct, frozen=True):
    """The grader's account, and the one role or user of it that is meant; None for whomever that account lets."""

    account: str
    arn: str | None = None
    partition: str = "aws"

    @property
    def parameter(self) -> str:
        """As it was given: the ARN, or the account's 12 digits."""
        return self.arn or self.account


class Grant(Struct, frozen=True):
    """A role for a grader in one student's account; without an external id, in the account of whoever fills it in.

    It allows what a survey by the `plan` asks, and with `predict` the sample prediction.
    """

    grader: Grader
    external_id: str | None = None
    role_name: str = ROLE_NAME
    predict: bool = True
    plan: SurveyPlan = USUAL

    def role_arn(self, account: str) -> str:
        """The role's ARN in this account."""
        return f"arn:{self.grader.partition}:iam::{account}:role/{self.role_name}"


def grader(text: str) -> Grader:
    """A grader by 12 digits, or by the ARN of a role or user; the ARN of an account's root means the account.

    Raises:
        UsageError: it is neither; of a session (`assumed-role`), the role is to be given.
    """
    if re.fullmatch(ACCOUNT, text):
        return Grader(text)
    if found := re.fullmatch(rf"arn:(aws[a-z-]*):iam::({ACCOUNT}):root", text):
        return Grader(found[2], partition=found[1])
    if re.fullmatch(ARN, text):
        return Grader(text.split(":")[4], text, text.split(":")[1])
    if ":assumed-role/" in text:
        raise UsageError(f'--grader "{text}": is a session. Give the ARN of its role (`aws iam get-role` tells it).')
    raise UsageError(f'--grader "{text}": is neither an account\'s 12 digits nor the ARN of a role or user.')


def grant(
    by: Grader,
    external_id: str | None = None,
    role_name: str = ROLE_NAME,
    *,
    predict: bool = True,
    plan: SurveyPlan = USUAL,
) -> Grant:
    """A grant, its names checked.

    Raises:
        UsageError: an external id or a role's name that AWS would not take.

    Source: STS API, AssumeRole (ExternalId); IAM API, CreateRole (RoleName).
    """
    if external_id is not None and not re.fullmatch(EXTERNAL_ID, external_id):
        raise UsageError(
            f'--external-id "{external_id}": must be 2 to 1,224 letters (a-z), digits and any of _+=,.@:/-'
        )
    if not re.fullmatch(ROLE, role_name):
        raise UsageError(f'--role-name "{role_name}": must be 1 to 64 letters (a-z), digits and any of _+=,.@-')
    return Grant(by, external_id, role_name, predict, plan)


def trust_policy(principal: Any, external_id: Any, arn: Any = None) -> dict[str, Any]:
    """Who may assume the role: the principal, with this external id, and only as this role or user if one is given.

    A role or user is a condition, not the principal. IAM takes down a principal's unique id, so a role that was
    deleted and made again would be let in by none of the class any more, and one yet to be made by none at all.

    Source: IAM user guide, "AWS JSON policy elements: Principal" (roles), "The confused deputy problem".
    """
    only = {"ArnEquals": {"aws:PrincipalArn": arn}} if arn else {}
    condition = {"StringEquals": {"sts:ExternalId": external_id}} | only
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole", "Condition": condition}
    return {"Version": "2012-10-17", "Statement": [statement]}
