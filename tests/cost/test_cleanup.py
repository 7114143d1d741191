"""How each thing is removed: by commands that the AWS CLI knows, in an order that AWS allows."""

import datetime as dt
import shlex
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from awscli.clidriver import create_clidriver

from skymark.cost import PriceTable, leftovers, untidy
from skymark.cost.commands import separate
from skymark.cost.kinds import HOURLY, NOT_OURS, REST
from skymark.evidence import App, Bucket, Domain, Policy, Resource, Role, Survey
from skymark.result import Leftover

AT = dt.datetime(2019, 7, 1, 18, 0, tzinfo=dt.UTC)
ARN = "arn:aws:sagemaker:us-east-1:123456789012"
POLICY = "arn:aws:iam::123456789012:policy/service-role/AmazonSageMaker-ExecutionPolicy-20190701T182197"
FULL_ACCESS = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
ROLE = Role(
    "AmazonSageMaker-ExecutionRole-20190701T182197",
    "arn:aws:iam::123456789012:role/service-role/AmazonSageMaker-ExecutionRole-20190701T182197",
    AT,
    "{}",
    (
        Policy("AmazonSageMaker-ExecutionPolicy-20190701T182197", "customer", "{}", POLICY),
        Policy("AmazonSageMakerFullAccess", "aws", None, FULL_ACCESS),
        Policy("mine", "inline", "{}"),
    ),
)
GLOBAL_SERVICES = ("iam",)
END_OF_COMMAND = {"|", "||", "&&", ";", ">", "done"}


def thing(service: str, type: str, status: str | None, id: str, **known: Any) -> Resource:
    """One more thing in the account."""
    return Resource(service, type, id, "us-east-1", status, **known)


EVERYTHING = (
    thing("sagemaker", "training-job", "Available", "warm"),
    thing("sagemaker", "hyper-parameter-tuning-job", "InProgress", "tuning"),
    thing("sagemaker", "processing-job", "InProgress", "processing"),
    thing("sagemaker", "processing-job", "Stopping", "processing-2"),
    thing("sagemaker", "transform-job", "InProgress", "transform"),
    thing("sagemaker", "transform-job", "Stopping", "transform-2"),
    thing("sagemaker", "auto-ml-job", "InProgress", "auto"),
    thing("sagemaker", "inference-recommendations-job", "IN_PROGRESS", "recommend"),
    thing("sagemaker", "optimization-job", "INPROGRESS", "optimize"),
    thing("sagemaker", "pipeline-execution", "Executing", f"{ARN}:pipeline/p/execution/x"),
    thing("sagemaker", "monitoring-schedule", "Scheduled", "watch"),
    thing("sagemaker", "cluster", "InService", "cluster"),
    thing("sagemaker", "mlflow-tracking-server", "Created", "mlflow", note="Active"),
    thing("ec2", "nat-gateway", "available", "nat-1"),
    thing("ec2", "nat-gateway", "deleting", "nat-2"),
    thing("ec2", "address", None, "eipalloc-1", within=("nat-1",)),
    thing("ec2", "address", None, "192.0.2.1"),
    thing("ec2", "vpc-endpoint", "available", "vpce-1", note="Interface"),
    thing("sagemaker", "labeling-job", "InProgress", "label"),
    thing("sagemaker", "compilation-job", "INPROGRESS", "compile"),
    thing("sagemaker", "space", "InService", "lab", within=("d-1",)),
    thing("sagemaker", "user-profile", "InService", "ada", within=("d-1",)),
    thing("sagemaker", "feature-group", "Created", "features"),
    thing("sagemaker", "inference-component", "InService", "component"),
    thing("sagemaker", "mlflow-app", "Created", f"{ARN}:mlflow-app/a"),
    thing("sagemaker", "partner-app", "Available", f"{ARN}:partner-app/a"),
    thing("sagemaker", "notebook-instance-lifecycle-config", None, "on-start"),
    thing("sagemaker", "code-repository", None, "code"),
    thing("sagemaker", "image", "CREATED", "image"),
    thing("sagemaker", "model-package-group", "Completed", "packages"),
    thing("sagemaker", "experiment", None, "experiment"),
    thing("sagemaker", "trial", None, "trial", within=("experiment",)),
    thing("s3", "multipart-upload", None, "upload", within=("b", "key")),
    thing("logs", "log-group", None, "/aws/sagemaker/TrainingJobs"),
    thing("efs", "file-system", "available", "fs-1", note=f"{ARN}:domain/d-0"),
    thing("efs", "mount-target", "available", "fsmt-1", within=("fs-1",)),
)


@pytest.fixture
def account(good: Survey) -> Survey:
    """One thing of every kind, and the lesson half done."""
    app = App("d-1", "JupyterLab", "default", "us-east-1", "InService", space="lab", instance_type="ml.t3.medium")
    return msgspec.structs.replace(
        good,
        training_jobs=(msgspec.structs.replace(good.training_jobs[0], status="InProgress"),),
        apps=(app, msgspec.structs.replace(app, app_type="Canvas", space=None, user_profile="ada")),
        domains=(Domain("d-1", "studio", "us-east-1", "InService"),),
        resources=EVERYTHING,
        buckets=(Bucket("b", AT, "us-east-1", has_objects=True),),
        roles=(ROLE,),
    )


@pytest.fixture
def left(prices: PriceTable) -> Any:
    """All that is left, by type; of two of a type, the first."""

    def look(survey: Survey) -> dict[str, Leftover]:
        found = (*leftovers(survey, prices), *untidy(survey, prices, bucket="b", role=ROLE.name))
        return {one.type: one for one in reversed(found)}

    return look


def calls(cleanup: str) -> Iterator[list[str]]:
    """The AWS CLI's commands in a line, those in its loops too, as words."""
    lexer = shlex.shlex(cleanup, posix=True, punctuation_chars=";|&()<>")
    lexer.whitespace_split = True
    words = list(lexer)
    for start in (at for at, word in enumerate(words) if word == "aws"):
        end = next((at for at in range(start, len(words)) if words[at] in END_OF_COMMAND), len(words))
        yield words[start + 1 : end]


def names(cleanup: str) -> list[str]:
    """The operations of a line, in their order."""
    return [" ".join(word for word in call[1:3] if not word.startswith(("-", "s3:"))) for call in calls(cleanup)]


def test_every_command_is_one_that_the_aws_cli_knows(account: Survey, prices: PriceTable) -> None:
    """Service, operation, options, and none left out that it needs: by the AWS CLI's own tables."""
    services = create_clidriver().create_help_command().command_table
    found = (*leftovers(account, prices), *untidy(account, prices, bucket="b", role=ROLE.name))
    seen = 0

    for service, *words in (call for one in found for call in calls(one.cleanup)):
        command = services[service].create_help_command().command_table[words[0]]
        operands = words[1:]
        if words[0] == "wait":
            command, operands = command.create_help_command().command_table[words[1]], words[2:]
        given = {word.removeprefix("--").partition("=")[0] for word in operands if word.startswith("--")}
        needed = {name for name, argument in command.arg_table.items() if argument.required and name != "path"}
        known = {*command.arg_table, "region", "query", "output"}
        assert (needed - given, given - known) == (set(), set()), (service, words)
        assert ("region" in given) is (service not in GLOBAL_SERVICES), words
        seen += 1

    assert seen > 60


def test_every_kind_that_is_the_lessons_has_its_commands(account: Survey, left: Any) -> None:
    """And a kind that is added is not forgotten."""
    found = left(account)
    ours = {kind.type for kind in (*HOURLY, *REST) if kind.is_ours} | {"endpoint", "notebook-instance", "app"}

    assert ours - found.keys() == set()
    assert {type for type in ours if not found[type].cleanup} == set()
    assert not any(one.cleanup for one in found.values() if one.apart == NOT_OURS)


@pytest.mark.parametrize(
    ("type", "order"),
    [
        ("training-job", ["stop-training-job"]),
        ("domain", [
            "delete-app", "delete-app", "list-apps", "delete-space", "list-spaces", "delete-user-profile",
            "list-user-profiles", "delete-domain",
        ]),
        ("space", ["delete-app", "list-apps", "delete-space"]),
        ("nat-gateway", ["delete-nat-gateway", "wait nat-gateway-deleted"]),
        ("address", ["wait nat-gateway-deleted", "release-address"]),
        ("file-system", ["delete-mount-target", "describe-mount-targets", "delete-file-system"]),
        ("bucket", ["list-object-versions", "delete-object", "rb"]),
        ("experiment", ["list-trial-components", "disassociate-trial-component", "delete-trial", "delete-experiment"]),
        ("model-package-group", ["list-model-packages", "delete-model-package", "delete-model-package-group"]),
        ("role", [
            "detach-role-policy", "detach-role-policy", "list-policy-versions", "delete-policy-version",
            "delete-policy", "delete-role-policy", "delete-role",
        ]),
    ],
)  # fmt: skip
def test_what_hangs_on_a_thing_goes_before_it(account: Survey, left: Any, type: str, order: list[str]) -> None:
    """AWS refuses otherwise."""
    found = left(account)[type].cleanup

    assert names(found) == order


def test_an_endpoint_goes_after_its_schedules_and_components(account: Survey, left: Any) -> None:
    """Those of another endpoint stay."""
    endpoint = account.endpoints[0].name
    hanging = (
        thing("sagemaker", "monitoring-schedule", "Scheduled", "mine", within=(endpoint,)),
        thing("sagemaker", "monitoring-schedule", "Scheduled", "other", within=("another",)),
        thing("sagemaker", "inference-component", "InService", "mine-too", within=(endpoint,)),
        thing("sagemaker", "inference-component", "Deleting", "gone", within=(endpoint,)),
    )

    found = left(msgspec.structs.replace(account, resources=hanging))["endpoint"].cleanup

    assert names(found) == [
        "delete-monitoring-schedule", "list-monitoring-schedules", "delete-inference-component",
        "list-inference-components", "delete-endpoint",
    ]  # fmt: skip
    assert "mine-too" in found
    assert "other" not in found


def test_a_warm_pool_is_let_go(account: Survey, prices: PriceTable) -> None:
    """Its job has ended, and cannot be stopped."""
    (warm,) = (one for one in leftovers(account, prices) if one.id == "warm")

    assert warm.cleanup == (
        "aws sagemaker update-training-job --training-job-name warm --resource-config KeepAlivePeriodInSeconds=0"
        " --region us-east-1"
    )


def test_a_bucket_that_never_kept_versions_is_removed_at_once(account: Survey, left: Any, changed: Any) -> None:
    """Where nobody knows, the longer way is right, too."""
    found = left(changed(account, "buckets", versioned=False))["bucket"]

    assert found.cleanup == "aws s3 rb s3://b --force --region us-east-1"


def test_only_what_the_console_made_is_deleted_with_a_role(account: Survey, left: Any) -> None:
    """AWS's own policies and those of other roles are only taken off."""
    found = left(account)["role"].cleanup
    deleted = [call for call in calls(found) if call[1] == "delete-policy"]
    other = msgspec.structs.replace(ROLE, name="AmazonSageMaker-ExecutionRole-other")
    shared = left(msgspec.structs.replace(account, roles=(ROLE, other)))["role"].cleanup

    assert deleted == [["iam", "delete-policy", "--policy-arn", POLICY]]
    assert "delete-policy " not in shared
    assert "delete-role " in shared


@pytest.mark.parametrize("policies", [None, (Policy("who knows", "customer", None),)])
def test_a_role_whose_policies_are_not_known_has_no_commands(
    account: Survey, left: Any, changed: Any, policies: Any
) -> None:
    """They would stop half way."""
    assert left(changed(account, "roles", policies=policies))["role"].cleanup == ""


@pytest.mark.parametrize(
    "one",
    [
        thing("sagemaker", "cluster", "Deleting", "x"),
        thing("sagemaker", "hyper-parameter-tuning-job", "Stopping", "x"),
        thing("sagemaker", "feature-group", "Deleting", "x"),
        thing("ec2", "vpc-endpoint", "deleting", "x", note="Interface"),
        thing("efs", "file-system", "deleting", "x"),
    ],
)
def test_what_goes_by_itself_needs_no_command(account: Survey, left: Any, one: Resource) -> None:
    """AWS would refuse it."""
    assert left(msgspec.structs.replace(account, resources=(one,)))[one.type].cleanup == ""


def test_a_value_that_the_aws_cli_would_read_from_a_file_is_in_no_command(account: Survey, left: Any) -> None:
    """The key of an upload can be any text."""
    upload = thing("s3", "multipart-upload", None, "u", within=("b", "file:///etc/passwd"))

    assert left(msgspec.structs.replace(account, resources=(upload,)))["multipart-upload"].cleanup == ""


def test_a_hostile_name_is_one_word_of_every_command(account: Survey, prices: PriceTable) -> None:
    """In whatever it stands."""
    name = "x; rm -rf ~ && $(id) 'q' \"r\"\n#"
    hostile = tuple(
        msgspec.structs.replace(one, id=name, within=tuple(name for _ in one.within)) for one in account.resources
    )
    survey = msgspec.structs.replace(account, resources=hostile)

    for one in (*leftovers(survey, prices), *untidy(survey, prices, bucket="b", role=ROLE.name)):
        for step in separate(one.cleanup):
            assert name.split("\n")[0] not in step or name in shlex.split(step)
