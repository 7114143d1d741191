"""Which policies a caller is judged by."""

import json
from typing import Any

import pytest
from moto.sts.models import sts_backends

from simulator.account import SimulatedAccount
from simulator.authorization.callers import ANONYMOUS, Caller, caller_of, root
from simulator.authorization.documents import Document
from simulator.authorization.policies import policies_of
from simulator.server import PracticeServer


def _policy(action: str) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]})


def _has(document: Document | None, action: str) -> bool:
    return document is not None and any(
        each.actions.match(action, {}.get) and not each.not_actions for each in document.statements
    )


def _session(account: SimulatedAccount, role: str, policy: str = "") -> Caller:
    made = sts_backends[account.number]["aws"].assume_role("us-east-1", "s", role, policy, 3600, "")
    return caller_of(made.access_key_id, made.session_token)


def test_a_users_policies(account: SimulatedAccount) -> None:
    """Inline and attached ones, and those of the user's groups, with the names of those that have one."""
    iam = account.iam
    iam.create_user(UserName="ada")
    key = iam.create_access_key(UserName="ada")["AccessKey"]["AccessKeyId"]
    iam.put_user_policy(UserName="ada", PolicyName="own", PolicyDocument=_policy("s3:GetObject"))
    iam.attach_user_policy(UserName="ada", PolicyArn="arn:aws:iam::aws:policy/AmazonSageMakerReadOnly")
    for group in ("ours", "theirs"):
        iam.create_group(GroupName=group)
        iam.put_group_policy(GroupName=group, PolicyName="p", PolicyDocument=_policy(f"ec2:{group}"))
    made = iam.create_policy(PolicyName="shared", PolicyDocument=_policy("logs:*"))["Policy"]["Arn"]
    iam.attach_group_policy(GroupName="ours", PolicyArn=made)
    iam.add_user_to_group(GroupName="ours", UserName="ada")

    policies = policies_of(caller_of(key, None))

    own, read_only, group, shared = policies.identity
    assert _has(own, "s3:getobject")
    assert read_only.source == "arn:aws:iam::aws:policy/AmazonSageMakerReadOnly"
    assert _has(read_only, "sagemaker:listmodels")
    assert _has(group, "ec2:ours")
    assert (shared.source, _has(shared, "logs:x")) == (made, True)
    assert (policies.boundary, policies.resource, policies.session) == (None, None, None)


def test_a_roles_policies(account: SimulatedAccount) -> None:
    """Inline and attached ones, the boundary, and what the session was given."""
    role = account.make_execution_role(("lesson",))
    name = role.rpartition("/")[2]
    account.iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=_policy("ec2:*"))
    account.iam.put_role_permissions_boundary(
        RoleName=name, PermissionsBoundary="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    )

    policies = policies_of(_session(account, role, _policy("s3:*")))

    own, wizard, full = policies.identity
    assert _has(own, "ec2:runinstances")
    assert wizard.source.endswith("policy/service-role/AmazonSageMaker-ExecutionPolicy-20190701T182197")
    assert full.source == "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
    assert _has(policies.boundary, "s3:getobject")
    assert _has(policies.session, "s3:putobject")


def test_the_default_version_counts(account: SimulatedAccount) -> None:
    """A policy's other versions are history."""
    iam = account.iam
    arn = iam.create_policy(PolicyName="versions", PolicyDocument=_policy("s3:old"))["Policy"]["Arn"]
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=_policy("s3:new"), SetAsDefault=True)
    iam.create_user(UserName="ada")
    key = iam.create_access_key(UserName="ada")["AccessKey"]["AccessKeyId"]
    iam.attach_user_policy(UserName="ada", PolicyArn=arn)

    (document,) = policies_of(caller_of(key, None)).identity
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v1")
    (back,) = policies_of(caller_of(key, None)).identity

    assert (_has(document, "s3:new"), _has(document, "s3:old")) == (True, False)
    assert (_has(back, "s3:new"), _has(back, "s3:old")) == (False, True)


def test_a_boundary_that_is_gone_allows_nothing(account: SimulatedAccount) -> None:
    """A limit does not vanish with the policy that was it."""
    role = account.make_execution_role("none")
    account.iam.put_role_permissions_boundary(
        RoleName=role.rpartition("/")[2], PermissionsBoundary="arn:aws:iam::aws:policy/NoSuchPolicy"
    )

    assert policies_of(_session(account, role)).boundary == Document(())


@pytest.mark.parametrize("who", ["root", "a Learner Lab's session"])
def test_who_may_do_everything(account: SimulatedAccount, server: PracticeServer, who: str) -> None:
    """A root user, and the keys that a Learner Lab hands out, whose role nobody sees."""
    lab = server.session_credentials(account.number, "voclabs", "me")

    (document,) = policies_of(root(account.number) if who == "root" else caller_of(lab.key, lab.token)).identity

    assert _has(document, "anything:atall")


def test_the_session_of_a_role_that_was_deleted_may_do_nothing(account: SimulatedAccount) -> None:
    """What the role allowed went with it."""
    gone = _session(account, f"arn:aws:iam::{account.number}:role/gone")

    assert policies_of(gone).identity == ()


def test_nobody_has_no_policies() -> None:
    """Who did not sign has only what buckets grant to everybody."""
    policies: Any = policies_of(ANONYMOUS)

    assert policies.identity == ()
