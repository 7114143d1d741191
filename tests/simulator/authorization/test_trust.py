"""Who may act in a role."""

import json
from typing import Any

import pytest

from simulator.account import SimulatedAccount
from simulator.authorization import Denied
from simulator.authorization.callers import caller_of, root
from simulator.authorization.trust import may_assume, service_may_assume

SAGEMAKER = "sagemaker.amazonaws.com"


def _role(account: SimulatedAccount, *statements: dict[str, Any], name: str = "grader", path: str = "/") -> str:
    """A role with a trust policy of these statements."""
    filled = [{"Effect": "Allow", "Action": "sts:AssumeRole"} | each for each in statements]
    trust = json.dumps({"Version": "2012-10-17", "Statement": filled})
    made = account.iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=trust)
    return made["Role"]["Arn"]


def _refusal(who: Any, role: str) -> Denied:
    message = f"User: {who.caller.arn} is not authorized to perform: sts:AssumeRole on resource: {role}"
    return Denied("AccessDenied", message, 403)


def test_a_trust_policy_that_names_the_user_is_enough(account: SimulatedAccount, assistant: Any) -> None:
    """In one's own account the role's side suffices."""
    role = _role(account, {"Principal": {"AWS": assistant.caller.arn}})

    assert may_assume(role, assistant.caller, None, "s") is None


def test_the_accounts_name_leaves_it_to_the_users_policies(
    account: SimulatedAccount, assistant: Any, student: Any, grant: Any
) -> None:
    """With `…:root` in the trust policy, IAM asks the user's own policies."""
    role = _role(account, {"Principal": {"AWS": f"arn:aws:iam::{account.number}:root"}}, path="/service-role/")

    assert may_assume(role, student.caller, None, "s") is None  # AdministratorAccess
    assert may_assume(role, assistant.caller, None, "s") == _refusal(assistant, role)

    grant({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role})
    assert may_assume(role, assistant.caller, None, "s") is None

    grant({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role + "-other"})
    assert may_assume(role, assistant.caller, None, "s") == _refusal(assistant, role)


def test_an_administrator_may_not_assume_what_does_not_trust_them(account: SimulatedAccount, student: Any) -> None:
    """Only SageMaker may act in the role that the console's wizard makes."""
    role = account.make_execution_role("none")

    assert may_assume(role, student.caller, None, "s") == _refusal(student, role)


def test_an_explicit_deny_of_the_users(account: SimulatedAccount, assistant: Any, grant: Any) -> None:
    """A user who is denied it may not, whom the role trusts or not."""
    role = _role(account, {"Principal": {"AWS": assistant.caller.arn}})
    grant({"Effect": "Deny", "Action": "sts:*", "Resource": "*"})

    assert may_assume(role, assistant.caller, None, "s") == _refusal(assistant, role)


def test_another_account_with_an_external_id(account: SimulatedAccount, stranger: Any, student: Any) -> None:
    """The instructor's way in: both sides must allow it, and the external id must be the student's."""
    role = _role(
        account,
        {
            "Principal": {"AWS": f"arn:aws:iam::{stranger.caller.account}:root"},
            "Condition": {"StringEquals": {"sts:ExternalId": "ada-7f3"}},
        },
    )

    assert may_assume(role, stranger.caller, "ada-7f3", "grader-1") is None
    assert may_assume(role, stranger.caller, "basil-1c2", "grader-1") == _refusal(stranger, role)
    assert may_assume(role, stranger.caller, None, "grader-1") == _refusal(stranger, role)
    assert may_assume(role, student.caller, "ada-7f3", "grader-1") == _refusal(student, role)


def test_another_accounts_user_needs_a_policy_too(account: SimulatedAccount, other_account: SimulatedAccount) -> None:
    """Across accounts the trust policy alone is not enough, even by the user's own ARN."""
    other_account.iam.create_user(UserName="poor")
    key = other_account.iam.create_access_key(UserName="poor")["AccessKey"]["AccessKeyId"]
    poor = caller_of(key, None)
    role = _role(account, {"Principal": {"AWS": poor.arn}})

    assert isinstance(may_assume(role, poor, None, "s"), Denied)

    document = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role}}
    other_account.iam.put_user_policy(UserName="poor", PolicyName="p", PolicyDocument=json.dumps(document))
    assert may_assume(role, poor, None, "s") is None


def test_a_role_that_is_not_there_is_refused_in_the_same_words(account: SimulatedAccount, stranger: Any) -> None:
    """Nobody learns from the refusal which roles there are."""
    there = _role(account, {"Principal": {"AWS": "arn:aws:iam::999999999999:root"}})
    missing = f"arn:aws:iam::{account.number}:role/no-such-role"

    assert may_assume(there, stranger.caller, None, "s") == _refusal(stranger, there)
    assert may_assume(missing, stranger.caller, None, "s") == _refusal(stranger, missing)
    assert may_assume("no ARN", stranger.caller, None, "s") == _refusal(stranger, "no ARN")


def test_a_session_name_can_be_asked_for(account: SimulatedAccount, assistant: Any) -> None:
    """`sts:RoleSessionName` with a variable: people must call their session as they are called."""
    own_name = {"StringEquals": {"sts:RoleSessionName": "${aws:username}"}}
    role = _role(account, {"Principal": {"AWS": assistant.caller.arn}, "Condition": own_name})

    assert may_assume(role, assistant.caller, None, "assistant") is None
    assert may_assume(role, assistant.caller, None, "student") == _refusal(assistant, role)


def test_root_assumes_nothing(account: SimulatedAccount) -> None:
    """AWS has words of its own for that."""
    role = _role(account, {"Principal": {"AWS": account.number}})

    denied = may_assume(role, root(account.number), None, "s")

    assert denied == Denied("AccessDenied", "Roles may not be assumed by root accounts.", 403)


def test_sagemaker_acts_in_the_wizards_role(account: SimulatedAccount) -> None:
    """The role trusts SageMaker, no other service, and nobody who only has its name."""
    role = account.make_execution_role("none")
    instance = f"arn:aws:sagemaker:us-east-1:{account.number}:notebook-instance/sm-test"

    assert service_may_assume(role, SAGEMAKER, account.number, instance)
    assert not service_may_assume(role, "lambda.amazonaws.com", account.number, instance)
    assert not service_may_assume(role + "x", SAGEMAKER, account.number, instance)


@pytest.mark.parametrize(("source_account", "expected"), [("own", True), ("999999999999", False)])
def test_a_trust_policy_against_confused_deputies(
    account: SimulatedAccount, source_account: str, *, expected: bool
) -> None:
    """A role may insist on the account and thing that a service acts for."""
    condition = {
        "StringEquals": {"aws:SourceAccount": account.number},
        "ArnLike": {"aws:SourceArn": f"arn:aws:sagemaker:*:{account.number}:*"},
    }
    role = _role(account, {"Principal": {"Service": SAGEMAKER}, "Condition": condition})
    number = account.number if source_account == "own" else source_account

    arn = f"arn:aws:sagemaker:us-east-1:{number}:notebook-instance/sm-test"
    assert service_may_assume(role, SAGEMAKER, number, arn) is expected
