"""The lesson's own policies: what the roles of the console's wizard may do with buckets, asked through boto3."""

import itertools
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.sts.models import sts_backends

from simulator.account import Scope, SimulatedAccount
from simulator.server import Credentials

_NAMES = itertools.count(1)


def _notebook(account: SimulatedAccount, service: str, scope: Scope) -> Any:
    """A client of code that runs on a notebook instance with this choice of the wizard's."""
    role = account.make_execution_role(scope)
    made = sts_backends[account.number]["aws"].assume_role("us-east-1", "SageMaker", role, "", 3600, "")
    keys = Credentials(made.access_key_id, made.secret_access_key, made.session_token)
    return account.server.client(service, account.number, "us-east-1", keys)


def _code(call: Any, **params: Any) -> str | None:
    try:
        call(**params)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return None


@pytest.mark.parametrize(
    ("choice", "own", "sagemakers", "other"),
    [
        ("specific", None, None, "AccessDenied"),
        ("any", None, None, None),
        # AmazonSageMakerFullAccess opens buckets with sagemaker in their names, whatever was chosen.
        ("none", "AccessDenied", None, "AccessDenied"),
    ],
)
def test_buckets_that_a_notebook_reaches(
    account: SimulatedAccount, choice: str, own: str | None, sagemakers: str | None, other: str | None
) -> None:
    """The lesson's bucket, one with sagemaker in its name, and another one."""
    number = next(_NAMES)
    names = [account.make_bucket(f"{prefix}-wizard-{number}") for prefix in ("lesson", "sagemaker", "private")]
    scope: Scope = (names[0],) if choice == "specific" else choice  # type: ignore[assignment]

    s3 = _notebook(account, "s3", scope)

    assert [_code(s3.put_object, Bucket=name, Key="k", Body=b"x") for name in names] == [own, sagemakers, other]
    # The same policy lists every bucket of the account.
    assert [_code(s3.list_objects_v2, Bucket=name) for name in names] == [None, None, None]


def test_an_object_that_is_tagged_for_sagemaker(account: SimulatedAccount) -> None:
    """AmazonSageMakerFullAccess reads what has the tag SageMaker=true, in whatever bucket."""
    bucket = account.make_bucket(f"private-wizard-{next(_NAMES)}")
    account.s3().put_object(Bucket=bucket, Key="shared", Body=b"x", Tagging="SageMaker=True")
    account.s3().put_object(Bucket=bucket, Key="kept", Body=b"x")

    s3 = _notebook(account, "s3", "none")

    assert [_code(s3.get_object, Bucket=bucket, Key=key) for key in ("shared", "kept")] == [None, "AccessDenied"]


def test_a_notebook_trains_and_does_not_make_users(account: SimulatedAccount) -> None:
    """AmazonSageMakerFullAccess is full for SageMaker only."""
    sagemaker, iam = _notebook(account, "sagemaker", "none"), account.server
    session = sts_backends[account.number]["aws"].assumed_roles[-1]
    keys = Credentials(session.access_key_id, session.secret_access_key, session.session_token)

    assert _code(sagemaker.list_training_jobs) is None
    assert _code(sagemaker.list_notebook_instances) is None
    assert _code(iam.client("iam", account.number, "us-east-1", keys).create_user, UserName="x") == "AccessDenied"


def test_a_user_without_policies_is_refused_in_boto3s_words(account: SimulatedAccount) -> None:
    """The exception's code, status and message are AWS's."""
    account.iam.create_user(UserName="poor")
    key = account.iam.create_access_key(UserName="poor")["AccessKey"]
    keys = Credentials(key["AccessKeyId"], key["SecretAccessKey"])
    sagemaker = account.server.client("sagemaker", account.number, "us-east-1", keys)

    with pytest.raises(ClientError) as refused:
        sagemaker.list_models()

    error, meta = refused.value.response["Error"], refused.value.response["ResponseMetadata"]
    assert (error["Code"], meta["HTTPStatusCode"]) == ("AccessDeniedException", 400)
    assert error["Message"] == (
        f"User: arn:aws:iam::{account.number}:user/poor is not authorized to perform: sagemaker:ListModels on "
        f"resource: arn:aws:sagemaker:us-east-1:{account.number}:model/* because no identity-based policy allows the "
        "sagemaker:ListModels action"
    )
