"""The server: many accounts on one port, and nothing of the machine's own AWS settings."""

import pytest

from simulator.account import SimulatedAccount
from simulator.server import Credentials, PracticeServer


def test_each_account_has_its_own_user(account: SimulatedAccount, other_account: SimulatedAccount) -> None:
    """The keys of an account lead into that account, as a user who belongs to it."""
    arns = [one.client("sts").get_caller_identity()["Arn"] for one in (account, other_account)]

    assert arns == [
        f"arn:aws:iam::{account.number}:user/student",
        f"arn:aws:iam::{other_account.number}:user/student",
    ]


def test_accounts_do_not_see_each_other(account: SimulatedAccount, other_account: SimulatedAccount) -> None:
    """What one student makes is in that student's account only."""
    role = account.make_execution_role("none")
    account.make_notebook_instance(role)
    account.make_bucket("sagemaker-20190701-0901")

    assert other_account.sagemaker().list_notebook_instances()["NotebookInstances"] == []
    assert other_account.s3().list_buckets()["Buckets"] == []
    assert other_account.iam.list_roles()["Roles"] == []


def test_what_an_account_does_to_a_policy_of_awss_others_do_not_see(
    account: SimulatedAccount, other_account: SimulatedAccount
) -> None:
    """The policy is the same in all accounts; who has it is each account's own business."""
    full_access = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
    account.make_execution_role("any")

    here, there = (one.iam.get_policy(PolicyArn=full_access)["Policy"] for one in (account, other_account))

    assert (here["AttachmentCount"], there["AttachmentCount"]) == (1, 0)
    assert here["PolicyId"] == there["PolicyId"]


def test_an_account_that_is_forgotten_begins_with_awss_policies_again(
    server: PracticeServer, account: SimulatedAccount
) -> None:
    """And with them only as AWS made them."""
    account.make_execution_role("any")
    server.reset()

    policies = account.iam.get_paginator("list_policies").paginate(Scope="AWS").build_full_result()["Policies"]

    attached = [one["PolicyName"] for one in policies if one["AttachmentCount"]]
    assert attached == ["AdministratorAccess"]  # the student's own
    assert len(policies) > 1000


def test_learner_lab_session_is_a_role_session(server: PracticeServer, account: SimulatedAccount) -> None:
    """A Learner Lab's caller is the role `voclabs`, in the account that was asked for."""
    keys = server.session_credentials(account.number, "voclabs", "user1234567=ada@example.com")

    arn = server.client("sts", account.number, "us-west-2", keys).get_caller_identity()["Arn"]

    assert keys.token is not None
    assert arn == f"arn:aws:sts::{account.number}:assumed-role/voclabs/user1234567=ada@example.com"


def test_environment_hides_the_machines_own_settings(server: PracticeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A practice run never touches a real account: no variable and no file of the user's is left in the way."""
    monkeypatch.setenv("AWS_PROFILE", "work")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "real")
    monkeypatch.setenv("PATH", "/bin")

    environment = server.environment(Credentials("key", "secret"), "eu-west-1")

    assert {name: value for name, value in environment.items() if name.startswith("AWS_")} == {
        "AWS_ENDPOINT_URL": server.url,
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    }
    assert environment["PATH"] == "/bin"


def test_server_ignores_a_profile_that_does_not_exist(
    account: SimulatedAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken AWS configuration of the machine's user does not stop a practice run."""
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")

    with PracticeServer() as server:
        answer = server.client("sts", account.number, "us-east-1").get_caller_identity()

    assert answer["Account"] == account.number


def test_server_outside_its_block_is_an_error() -> None:
    """There is no address to talk to before the server was started."""
    with pytest.raises(RuntimeError, match="only inside its `with` block"):
        _ = PracticeServer().url
