"""The role that a student sets up for the grader, as a stack or by commands, opens what it should and no more."""

import functools
import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from simulator.clock import clock
from simulator.server import Credentials
from simulator.students.steps import follow
from skymark.granting.cli import commands
from skymark.granting.cloudformation import template
from skymark.granting.grant import Grader, Grant, grader

GRADERS = "210987654321"
ONE_ROLE = f"arn:aws:iam::{GRADERS}:role/teaching/Grader"
ID = "Xk3v9QpLr7TzWn5BsYc2HdGf8MjKa4Ue"
REGION = "us-east-1"
ROLE = "arn:aws:iam::123456789012:role/SkymarkGrader"
MAY_ASSUME = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "arn:aws:iam::*:role/SkymarkGrader"}],
}


@pytest.fixture
def by_stack(cloud, account):
    """Make the stack as CloudFormation does; with what a link or a StackSet fills in."""

    def make(grant, **filled_in):
        stacks = cloud.client("cloudformation", account.number, REGION)
        stacks.create_stack(
            StackName="SkymarkGrader",
            TemplateBody=template(grant),
            Capabilities=["CAPABILITY_NAMED_IAM"],
            Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in filled_in.items()],
        )
        (stack,) = stacks.describe_stacks()["Stacks"]
        return {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}["RoleArn"]

    return make


@pytest.fixture
def typed(cloud, account):
    """Paste commands into bash, where the real AWS CLI is; what they print."""

    def paste(text):
        here = cloud.environment(cloud.credentials(account.number))
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["bash"], input=text, env=here | {"PATH": path}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return paste


@pytest.fixture
def by_commands(typed):
    """Make the role by its commands; what the last of them says."""
    return lambda grant: typed(commands(grant)).splitlines()[-1]


@pytest.fixture
def assumed(cloud):
    """Keys of a role, as a user of the grader's gets them who may do nothing else; without an id, none is sent."""

    @functools.cache
    def graders_user():
        iam = cloud.client("iam", GRADERS, REGION)
        iam.create_user(UserName="ta")
        iam.put_user_policy(UserName="ta", PolicyName="grade", PolicyDocument=json.dumps(MAY_ASSUME))
        key = iam.create_access_key(UserName="ta")["AccessKey"]
        return Credentials(key["AccessKeyId"], key["SecretAccessKey"])

    def assume(role, external_id=ID, by=None):
        asked = {} if external_id is None else {"ExternalId": external_id}
        sts = cloud.client("sts", GRADERS, REGION, by or graders_user())
        got = sts.assume_role(RoleArn=role, RoleSessionName="skymark", DurationSeconds=3600, **asked)["Credentials"]
        return Credentials(got["AccessKeyId"], got["SecretAccessKey"], got["SessionToken"])

    return assume


@pytest.fixture
def graders_role(cloud):
    """Keys of the role of the grader's account that is meant."""

    def make(name="Grader"):
        iam = cloud.client("iam", GRADERS, REGION)
        trust = {"Effect": "Allow", "Principal": {"AWS": GRADERS}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        iam.create_role(RoleName=name, Path="/teaching/", AssumeRolePolicyDocument=document)
        iam.put_role_policy(RoleName=name, PolicyName="grade", PolicyDocument=json.dumps(MAY_ASSUME))
        sts = cloud.client("sts", GRADERS, REGION)
        arn = f"arn:aws:iam::{GRADERS}:role/teaching/{name}"
        got = sts.assume_role(RoleArn=arn, RoleSessionName="ta")["Credentials"]
        return Credentials(got["AccessKeyId"], got["SecretAccessKey"], got["SessionToken"])

    return make


def refused(assume, *args, **options):
    """The code with which AWS refuses."""
    with pytest.raises(ClientError) as error:
        assume(*args, **options)
    return error.value.response["Error"]["Code"]


@pytest.fixture(params=["by_stack", "by_commands"])
def set_up(request):
    """Both ways to the same role."""
    return request.getfixturevalue(request.param)


def test_all_that_a_survey_asks_is_answered(account, set_up, assumed, survey, judged):
    """Nothing is denied, the sample prediction included; so what is right passes."""
    follow(account)
    clock.run(math.inf)
    role = set_up(Grant(grader(GRADERS), ID))

    found = survey(credentials=assumed(role))

    assert role == ROLE
    assert found.identity.account == account.number
    assert found.gaps == ()
    assert len(found.invocations) == 1
    assert set(judged(found).values()) == {"passed", "pending"}


def test_without_predictions_only_the_prediction_is_denied(account, set_up, assumed, survey):
    """What costs something is left out, and nothing else."""
    follow(account)
    clock.run(math.inf)
    keys = assumed(set_up(Grant(grader(GRADERS), ID, predict=False)))

    assert survey(predict=False, credentials=keys).gaps == ()
    assert {(one.call, one.code) for one in survey(credentials=keys).gaps} == {
        ("InvokeEndpoint", "AccessDeniedException")
    }


def test_a_stack_may_refuse_predictions(account, by_stack, assumed, survey):
    """By its parameter: the student decides."""
    follow(account)
    clock.run(math.inf)

    found = survey(credentials=assumed(by_stack(Grant(grader(GRADERS), ID), AllowPrediction="false")))

    assert {one.call for one in found.gaps} == {"InvokeEndpoint"}


@pytest.mark.parametrize("external_id", [None, ID.lower(), f"{ID} ", "other"])
def test_without_the_students_own_id_nobody_comes_in(set_up, assumed, external_id):
    """Not even the grader."""
    role = set_up(Grant(grader(GRADERS), ID))

    assert refused(assumed, role, external_id) in ("AccessDenied", "ValidationError")


def test_one_template_serves_a_class(by_stack, assumed):
    """Each stack is given the external id of its student."""
    role = by_stack(Grant(grader(GRADERS)), ExternalId="another-id", RoleName="SkymarkGrader")

    assert assumed(role, "another-id").token
    assert refused(assumed, role, ID) == "AccessDenied"


def test_another_account_does_not_come_in(cloud, set_up, assumed):
    """Though it knows the id, and may assume whatever it likes."""
    role = set_up(Grant(grader(GRADERS), ID))

    assert refused(assumed, role, by=cloud.credentials("555555555555")) == "AccessDenied"


def test_of_a_graders_account_only_the_role_that_is_meant_comes_in(set_up, assumed, graders_role):
    """Neither another role of it nor a user."""
    role = set_up(Grant(grader(ONE_ROLE), ID))

    assert assumed(role, by=graders_role()).token
    assert refused(assumed, role, by=graders_role("Other")) == "AccessDenied"
    assert refused(assumed, role) == "AccessDenied"


def test_a_graders_role_may_be_made_after_the_students(cloud, set_up, assumed, graders_role):
    """And made anew: its name counts."""
    role = set_up(Grant(grader(ONE_ROLE), ID))
    graders_role()
    iam = cloud.client("iam", GRADERS, REGION)
    iam.delete_role_policy(RoleName="Grader", PolicyName="grade")
    iam.delete_role(RoleName="Grader")

    assert assumed(role, by=graders_role()).token


def test_the_role_changes_nothing(cloud, account, set_up, assumed):
    """Nor does it read what is in the bucket."""
    follow(account)
    keys = assumed(set_up(Grant(Grader(GRADERS), ID)))
    sagemaker = cloud.client("sagemaker", account.number, REGION, keys)
    s3 = cloud.client("s3", account.number, REGION, keys)
    (bucket,) = [one["Name"] for one in s3.list_buckets()["Buckets"]]
    key = s3.list_objects_v2(Bucket=bucket)["Contents"][0]["Key"]

    assert refused(sagemaker.stop_notebook_instance, NotebookInstanceName="sm-test") == "AccessDeniedException"
    assert refused(s3.get_object, Bucket=bucket, Key=key) == "AccessDenied"
    assert refused(s3.put_object, Bucket=bucket, Key="new", Body=b"") == "AccessDenied"


def test_pasted_again_the_commands_bring_the_policy_up_to_date(cloud, account, by_commands):
    """The first of them says that the role is there; the rest goes on."""
    by_commands(Grant(grader(GRADERS), ID, predict=False))

    assert by_commands(Grant(grader(GRADERS), ID)) == ROLE
    iam = cloud.client("iam", account.number, REGION)
    policy = iam.get_role_policy(RoleName="SkymarkGrader", PolicyName="SkymarkReadOnly")["PolicyDocument"]
    assert "Prediction" in {one["Sid"] for one in policy["Statement"]}


def test_the_documented_commands_take_the_access_away(account, typed, by_commands, assumed):
    """As docs/access.md tells students."""
    role = by_commands(Grant(grader(GRADERS), ID))
    told = (Path(__file__).parents[2] / "docs" / "access.md").read_text("utf-8")
    removal = [line.strip() for line in told.splitlines() if line.startswith("    aws iam delete-role")]

    typed("\n".join(removal))

    assert len(removal) == 2
    assert refused(assumed, role) == "AccessDenied"


def test_a_stack_that_is_deleted_takes_the_access_away(cloud, account, by_stack, assumed):
    """At once."""
    role = by_stack(Grant(grader(GRADERS), ID))

    cloud.client("cloudformation", account.number, REGION).delete_stack(StackName="SkymarkGrader")

    assert refused(assumed, role) == "AccessDenied"
