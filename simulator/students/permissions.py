"""Steps in IAM and in the bucket's tab *Permissions*: what a student allows to whom."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from simulator.account import ALL_BLOCKED, ROLE_STAMP, SimulatedAccount
from simulator.students.steps import Build, bucket_of

Statement = dict[str, Any]
ROLE = f"AmazonSageMaker-ExecutionRole-{ROLE_STAMP}"
POLICY = f"AmazonSageMaker-ExecutionPolicy-{ROLE_STAMP}"
SAGEMAKER: Statement = {"Service": "sagemaker.amazonaws.com"}
OBJECTS = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]


def allow(action: list[str] | str, resource: list[str] | str, **more: Any) -> Statement:
    """A statement that allows."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def document(*statements: Statement) -> dict[str, Any]:
    """A policy."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def scoped(bucket: str, *, objects: Sequence[str] = OBJECTS) -> tuple[Statement, ...]:
    """The wizard's own two statements."""
    arn = f"arn:aws:s3:::{bucket}"
    return allow("s3:ListBucket", arn), allow(list(objects), f"{arn}/*")


def nowhere_else(bucket: str) -> tuple[Statement, ...]:
    """All of S3 allowed, and all but this bucket denied."""
    arn = f"arn:aws:s3:::{bucket}"
    deny = {"Effect": "Deny", "Action": "s3:*", "NotResource": [arn, f"{arn}/*"]}
    return allow("s3:*", "*"), deny


# -- the role -----------------------------------------------------------------------------------------------------


def policy(statements: Callable[[str], Sequence[Statement]]) -> Build:
    """Edit the wizard's policy; the statements are made from the bucket's name."""

    def edit(account: SimulatedAccount) -> None:
        arn = f"arn:aws:iam::{account.number}:policy/service-role/{POLICY}"
        text = json.dumps(document(*statements(bucket_of(account))))
        account.iam.create_policy_version(PolicyArn=arn, PolicyDocument=text, SetAsDefault=True)

    return edit


def rewrite_inline(account: SimulatedAccount) -> None:
    """Detach the wizard's policy, and write the same into the role itself."""
    arn = f"arn:aws:iam::{account.number}:policy/service-role/{POLICY}"
    account.iam.detach_role_policy(RoleName=ROLE, PolicyArn=arn)
    text = json.dumps(document(*scoped(bucket_of(account))))
    account.iam.put_role_policy(RoleName=ROLE, PolicyName="mine", PolicyDocument=text)


def attach(name: str) -> Build:
    """Attach one of AWS's own policies, too."""
    return lambda account: account.attach_aws_policy(ROLE, name)


def bounded(*actions: str) -> Build:
    """Put a permissions boundary around the role that leaves only these."""

    def bound(account: SimulatedAccount) -> None:
        text = json.dumps(document(allow(list(actions), "*")))
        boundary = account.iam.create_policy(PolicyName="limits", PolicyDocument=text)
        account.iam.put_role_permissions_boundary(RoleName=ROLE, PermissionsBoundary=boundary["Policy"]["Arn"])

    return bound


def trust(*principals: Statement) -> Build:
    """Edit who may assume the role."""
    statements = ({"Effect": "Allow", "Principal": one, "Action": "sts:AssumeRole"} for one in principals)
    text = json.dumps(document(*statements))
    return lambda account: account.iam.update_assume_role_policy(RoleName=ROLE, PolicyDocument=text)


def role_by_hand(account: SimulatedAccount, name: str, *statements: Statement) -> str:
    """Make a role in IAM, with a policy of these statements; SageMaker may assume it. Returns its ARN."""
    text = json.dumps(document({"Effect": "Allow", "Principal": SAGEMAKER, "Action": "sts:AssumeRole"}))
    role = account.iam.create_role(RoleName=name, AssumeRolePolicyDocument=text)["Role"]["Arn"]
    account.attach_own_policy(name, document(*statements), f"{name}-policy")
    return role


# -- the bucket ---------------------------------------------------------------------------------------------------


def open_bucket(account: SimulatedAccount) -> None:
    """Switch all of Block Public Access off."""
    account.s3().delete_public_access_block(Bucket=bucket_of(account))


def half_open_bucket(account: SimulatedAccount) -> None:
    """Switch one of the four blocks off."""
    switches = ALL_BLOCKED | {"BlockPublicPolicy": False}
    account.s3().put_public_access_block(Bucket=bucket_of(account), PublicAccessBlockConfiguration=switches)


def let_everybody_read(account: SimulatedAccount) -> None:
    """Write a bucket policy that is public."""
    open_bucket(account)
    bucket = bucket_of(account)
    statement = allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*", Principal="*")
    account.s3().put_bucket_policy(Bucket=bucket, Policy=json.dumps(document(statement)))


def make_public_read(account: SimulatedAccount) -> None:
    """Switch access control lists on, and choose one that lets everybody list the bucket."""
    bucket = bucket_of(account)
    open_bucket(account)
    ownership: Any = {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]}
    account.s3().put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=ownership)
    account.s3().put_bucket_acl(Bucket=bucket, ACL="public-read")


def block_account_instead(account: SimulatedAccount) -> None:
    """Switch the bucket's blocks off and those of the whole account on."""
    open_bucket(account)
    account.block_public_access()
