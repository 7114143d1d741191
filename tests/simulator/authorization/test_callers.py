"""Who calls, by the access key."""

import datetime as dt

import pytest
from moto.sts.models import sts_backends

from simulator.account import SimulatedAccount
from simulator.authorization.callers import (
    ANONYMOUS,
    ROOT_KEYS,
    Caller,
    ExpiredToken,
    KeyRefused,
    UnknownKey,
    WrongToken,
    caller_of,
)


def test_a_user(account: SimulatedAccount) -> None:
    """A user's keys are the user, with the id that IAM shows."""
    keys = account.server.credentials(account.number)

    caller = caller_of(keys.key, None)

    user = account.iam.get_user(UserName="student")["User"]
    assert caller == Caller(account.number, user["Arn"], "IAMUser", user["UserId"], "student", None, keys.key)


def test_a_roles_session(account: SimulatedAccount) -> None:
    """A session's ARN has no path, its role's ARN has."""
    role = account.make_execution_role("none")
    made = sts_backends[account.number]["aws"].assume_role("us-east-1", "SageMaker", role, "", 3600, "")

    caller = caller_of(made.access_key_id, made.session_token)

    name = role.rpartition("/")[2]
    role_id = account.iam.get_role(RoleName=name)["Role"]["RoleId"]
    arn = f"arn:aws:sts::{account.number}:assumed-role/{name}/SageMaker"
    expected = Caller(account.number, arn, "AssumedRole", f"{role_id}:SageMaker", "SageMaker", role, made.access_key_id)
    assert caller == expected


def test_a_session_of_no_role_always_has_the_same_id(account: SimulatedAccount) -> None:
    """moto makes up another one each time; events and answers must agree."""
    keys = account.server.session_credentials(account.number, "voclabs", "user1=Ada")

    first, second = caller_of(keys.key, keys.token), caller_of(keys.key, keys.token)

    assert first == second
    assert first.principal_id.startswith("AROA")
    assert first.arn == f"arn:aws:sts::{account.number}:assumed-role/voclabs/user1=Ada"


def test_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys that the server has entered as a root user's."""
    monkeypatch.setitem(ROOT_KEYS, "AKIAROOT", "111122223333")

    caller = caller_of("AKIAROOT", None)

    arn = "arn:aws:iam::111122223333:root"
    assert caller == Caller("111122223333", arn, "Root", "111122223333", None, None, "AKIAROOT")


def test_nobody_signed() -> None:
    """No key is no caller in particular."""
    assert caller_of(None, None) == ANONYMOUS


@pytest.mark.usefixtures("account")
def test_a_key_that_nobody_has() -> None:
    """The exception says which key it was."""
    with pytest.raises(UnknownKey) as refused:
        caller_of("AKIANOBODY", None)

    assert refused.value.access_key == "AKIANOBODY"
    assert isinstance(refused.value, KeyRefused)


def test_a_deleted_and_an_inactive_key(account: SimulatedAccount) -> None:
    """Neither is taken any more."""
    account.iam.create_user(UserName="basil")
    key = account.iam.create_access_key(UserName="basil")["AccessKey"]["AccessKeyId"]
    assert caller_of(key, None).name == "basil"

    account.iam.update_access_key(UserName="basil", AccessKeyId=key, Status="Inactive")
    with pytest.raises(UnknownKey):
        caller_of(key, None)
    account.iam.delete_access_key(UserName="basil", AccessKeyId=key)
    with pytest.raises(UnknownKey):
        caller_of(key, None)


@pytest.mark.parametrize("token", [None, "", "another"])
def test_temporary_keys_need_their_token(account: SimulatedAccount, token: str | None) -> None:
    """The commonest slip with a Learner Lab's keys: the third line is not copied."""
    keys = account.server.session_credentials(account.number, "voclabs", "user1=Ada")

    with pytest.raises(WrongToken):
        caller_of(keys.key, token)


def test_a_users_keys_have_no_token(account: SimulatedAccount) -> None:
    """A token left over from other keys is refused."""
    with pytest.raises(WrongToken):
        caller_of(account.server.credentials(account.number).key, "left over")


def test_a_session_that_is_over(account: SimulatedAccount) -> None:
    """A Learner Lab's keys end with the lab."""
    keys = account.server.session_credentials(account.number, "voclabs", "user1=Ada")
    session = sts_backends[account.number]["aws"].get_assumed_role_from_access_key(keys.key)
    assert session is not None
    session.expiration -= dt.timedelta(days=1)

    with pytest.raises(ExpiredToken):
        caller_of(keys.key, keys.token)
