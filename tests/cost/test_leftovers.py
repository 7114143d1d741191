"""What is left, and what it costs."""

import datetime as dt
import shlex
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from skymark.cost import PriceTable, hourly_usd, leftovers, untidy
from skymark.evidence import App, Bucket, Domain, EndpointVariant, Resource, Survey
from skymark.result import Leftover


def at(clock: str) -> dt.datetime:
    """A time of the lesson's day."""
    return dt.datetime.fromisoformat(f"2019-07-01T{clock}:00+00:00")


def thing(service: str, type: str, status: str | None = None, id: str = "x", **known: Any) -> Resource:
    """One more thing in the account."""
    return Resource(service, type, id, known.pop("region", "us-east-1"), status, **known)


@pytest.fixture
def found(torn_down: Survey, prices: PriceTable) -> Any:
    """What is left of these things and nothing else, what bills by the hour first."""

    def look(*things: Resource, **more: Any) -> tuple[Leftover, ...]:
        bare = msgspec.structs.replace(
            torn_down, models=(), endpoint_configs=(), buckets=(), roles=(), resources=things
        )
        survey = msgspec.structs.replace(bare, **more)
        return (*leftovers(survey, prices), *untidy(survey, prices, bucket="b", role="r"))

    return look


@pytest.fixture
def left(changed: Any, torn_down: Survey, good: Survey, prices: PriceTable) -> Any:
    """What is left of one kind of thing, the first one of it changed."""

    def look(kind: str, **fields: Any) -> tuple[Leftover, ...]:
        only = msgspec.structs.replace(torn_down, **{kind: getattr(good, kind)}, endpoint_configs=good.endpoint_configs)
        return leftovers(changed(only, kind, **fields), prices)

    return look


def app(**fields: Any) -> App:
    """A JupyterLab app that runs in a space."""
    known = {"space": "lab", "instance_type": "ml.t3.medium", **fields}
    return App(
        "d-1", known.pop("app_type", "JupyterLab"), "default", "us-east-1", known.pop("status", "InService"), **known
    )


def test_a_half_done_lesson_is_listed_with_its_price_and_its_cleanup(good: Survey, prices: PriceTable) -> None:
    """Whatever bills is named, priced and removable by a command that can be pasted."""
    found = leftovers(good, prices)

    name = "linear-learner-2019-07-01-18-46-30-001"
    assert found == (
        Leftover(
            "sagemaker",
            "endpoint",
            name,
            "us-east-1",
            "InService",
            Decimal("0.28"),
            f"aws sagemaker delete-endpoint --endpoint-name {name} --region us-east-1",
            created_at=at("18:46"),
            cost_so_far_usd=Decimal("0.0653"),
        ),
        Leftover(
            "sagemaker",
            "notebook-instance",
            "sm-test",
            "us-east-1",
            "InService",
            Decimal("0.0464"),
            "aws sagemaker stop-notebook-instance --notebook-instance-name sm-test --region us-east-1"
            " && aws sagemaker wait notebook-instance-stopped --notebook-instance-name sm-test --region us-east-1"
            " && aws sagemaker delete-notebook-instance --notebook-instance-name sm-test --region us-east-1",
            created_at=at("18:22"),
            monthly_usd=Decimal("0.70"),
        ),
    )
    assert hourly_usd(found) == (Decimal("0.3264"), 0)


def test_nothing_is_left_of_an_account_that_was_torn_down(torn_down: Survey, prices: PriceTable) -> None:
    """A completed job, models and configurations bill nothing by the hour."""
    found = leftovers(torn_down, prices)

    assert found == ()
    assert hourly_usd(found) == (Decimal(0), 0)


@pytest.mark.parametrize(
    ("status", "cost", "steps"),
    [
        ("Pending", "0.0464", ["wait", "stop-notebook-instance", "wait", "delete-notebook-instance"]),
        ("InService", "0.0464", ["stop-notebook-instance", "wait", "delete-notebook-instance"]),
        ("Updating", "0.0464", ["wait", "delete-notebook-instance"]),
        ("Stopping", "0.0464", ["wait", "delete-notebook-instance"]),
        ("Stopped", "0", ["delete-notebook-instance"]),
        ("Failed", "0", ["delete-notebook-instance"]),
        ("Deleting", "0", ["wait"]),
    ],
)
def test_a_notebook_instance_costs_while_it_runs_and_is_listed_even_stopped(
    left: Any, status: str, cost: str, steps: list[str]
) -> None:
    """A stopped instance costs nothing, but would once started; it can be deleted only when it is stopped."""
    (found,) = left("notebook_instances", status=status)

    assert (found.status, found.hourly_usd) == (status, Decimal(cost))
    assert [command.split()[2] for command in found.cleanup.split(" && ")] == steps
    assert all(command.endswith("--region us-east-1") for command in found.cleanup.split(" && "))


@pytest.mark.parametrize(
    ("status", "cost", "first"),
    [
        ("InService", "0.28", "delete-endpoint"),
        ("UpdateRollbackFailed", "0.28", "delete-endpoint"),
        ("Creating", "0.28", "wait"),
        ("Updating", "0.28", "wait"),
        ("SystemUpdating", "0.28", "wait"),
        ("RollingBack", "0.28", "wait"),
        ("Failed", "0", "delete-endpoint"),
        ("OutOfService", "0", "delete-endpoint"),
        ("Deleting", "0", "wait"),
    ],
)
def test_an_endpoint_costs_while_instances_run(left: Any, status: str, cost: str, first: str) -> None:
    """One that failed costs nothing; one that AWS works on can be deleted only afterwards."""
    (found,) = left("endpoints", status=status)

    assert found.hourly_usd == Decimal(cost)
    assert found.cleanup.split()[2] == first


@pytest.mark.parametrize(
    ("variants", "cost"),
    [
        ((EndpointVariant("AllTraffic", 3),), "0.84"),
        ((EndpointVariant("AllTraffic", 0),), "0"),
        ((EndpointVariant("AllTraffic", None),), None),
        ((EndpointVariant("of another name", 1),), None),
        ((EndpointVariant("of another name", 0),), "0"),
        ((EndpointVariant("AllTraffic", serverless=True),), "0"),
        ((EndpointVariant("AllTraffic", 1), EndpointVariant("b", serverless=True)), "0.28"),
        ((EndpointVariant("AllTraffic", 1), EndpointVariant("b", 1)), None),
        ((), None),
    ],
)
def test_an_endpoint_costs_its_instances_and_what_is_not_known_is_never_nothing(
    left: Any, variants: tuple[EndpointVariant, ...], cost: str | None
) -> None:
    """Price times number over all variants; one part that is not known makes the whole not known."""
    (found,) = left("endpoints", variants=variants)

    assert found.hourly_usd == (None if cost is None else Decimal(cost))


@pytest.mark.parametrize(
    "config",
    [
        {"name": "of another endpoint"},
        {"region": "eu-west-1"},
        {"variants": None},
    ],
)
def test_an_endpoint_whose_configuration_was_not_read_has_no_price(
    good: Survey, changed: Any, prices: PriceTable, config: dict[str, Any]
) -> None:
    """The same name in another region is another configuration."""
    endpoint, instance = leftovers(changed(good, "endpoint_configs", **config), prices)

    assert endpoint.hourly_usd is None
    assert hourly_usd((endpoint, instance)) == (Decimal("0.0464"), 1)


def test_a_serverless_endpoint_that_is_only_being_made_costs_nothing_by_the_hour(
    good: Survey, changed: Any, prices: PriceTable
) -> None:
    """Before it runs only its configuration says that it is serverless."""
    config = good.endpoint_configs[0]
    assert config.variants is not None
    serverless = tuple(msgspec.structs.replace(one, instance_type=None, serverless=True) for one in config.variants)
    survey = changed(good, "endpoint_configs", variants=serverless)

    endpoint, _ = leftovers(changed(survey, "endpoints", status="Creating", variants=()), prices)

    assert endpoint.hourly_usd == 0


@pytest.mark.parametrize(
    ("fields", "cost"),
    [
        ({}, "0.05"),
        ({"status": "Pending"}, "0.05"),
        ({"status": "Deleting"}, "0"),
        ({"instance_type": "ml.p9.huge"}, None),
        ({"instance_type": None}, None),
        ({"app_type": "Canvas", "instance_type": "system"}, "1.9"),
        ({"app_type": "Canvas", "instance_type": None}, "1.9"),
    ],
)
def test_a_studio_app_costs_its_instance_and_canvas_its_session(
    torn_down: Survey, prices: PriceTable, fields: dict[str, Any], cost: str | None
) -> None:
    """An instance type without a price is not known, never nothing."""
    (found,) = leftovers(msgspec.structs.replace(torn_down, apps=(app(**fields),)), prices)

    assert (found.type, found.hourly_usd) == ("app", None if cost is None else Decimal(cost))


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "Deleted"},
        {"status": "Failed"},
        {"instance_type": "system"},
        {"app_type": "JupyterServer", "instance_type": None},
        {"app_type": "Canvas", "status": "Deleted"},
    ],
)
def test_a_studio_app_that_can_bill_nothing_is_no_leftover(
    torn_down: Survey, prices: PriceTable, fields: dict[str, Any]
) -> None:
    """AWS lists deleted apps for a day, and runs Studio's own pages on `system` for nothing."""
    assert leftovers(msgspec.structs.replace(torn_down, apps=(app(**fields),)), prices) == ()


def test_an_app_is_named_and_deleted_with_all_that_aws_needs(torn_down: Survey, prices: PriceTable) -> None:
    """An app belongs to a space or to a user profile; each has its own option."""
    apps = (app(), app(space=None, user_profile="ada", app_type="KernelGateway"))

    of_space, of_user = leftovers(msgspec.structs.replace(torn_down, apps=apps), prices)

    assert (of_space.id, of_user.id) == ("d-1/lab/JupyterLab/default", "d-1/ada/KernelGateway/default")
    assert of_space.cleanup == (
        "aws sagemaker delete-app --domain-id d-1 --space-name lab --app-type JupyterLab --app-name default"
        " --region us-east-1"
    )
    assert "--user-profile-name ada --app-type KernelGateway" in of_user.cleanup


@pytest.mark.parametrize(
    ("fields", "cost", "step"),
    [
        ({"status": "InProgress"}, "0.279", "stop-training-job"),
        ({"status": "Stopping"}, "0.279", "wait"),
        ({"status": "InProgress", "instance_count": 2}, "0.558", "stop-training-job"),
        ({"status": "InProgress", "instance_type": None}, None, "stop-training-job"),
        ({"status": "InProgress", "instance_count": None}, None, "stop-training-job"),
    ],
)
def test_a_training_job_costs_while_it_runs(left: Any, fields: dict[str, Any], cost: str | None, step: str) -> None:
    """Its instances times their price, and the command that stops it."""
    (found,) = left("training_jobs", **fields)

    assert (found.type, found.hourly_usd) == ("training-job", None if cost is None else Decimal(cost))
    assert found.cleanup.split()[2] == step


@pytest.mark.parametrize("status", ["Completed", "Failed", "Stopped", "Deleting"])
def test_a_training_job_that_ended_is_no_leftover(left: Any, status: str) -> None:
    """It bills by the second, and only while it runs."""
    assert left("training_jobs", status=status) == ()


def test_a_name_cannot_run_a_command_of_its_own(left: Any) -> None:
    """A survey file can hold any name; pasted into a shell it stays one word."""
    name = "x; rm -rf ~ $(id) 'q'"

    (found,) = left("endpoints", name=name)

    assert shlex.split(found.cleanup) == [
        "aws", "sagemaker", "delete-endpoint", "--endpoint-name", name, "--region", "us-east-1",
    ]  # fmt: skip


def test_other_regions_cost_what_the_tables_region_costs(left: Any) -> None:
    """An estimate is better than none; the table says which region it is of."""
    (found,) = left("notebook_instances", region="eu-west-1")

    assert found.hourly_usd == Decimal("0.0464")
    assert found.cleanup.endswith("--region eu-west-1")


@pytest.mark.parametrize(
    ("status", "modified", "so_far"),
    [
        ("InService", "17:00", "0.0928"),
        ("InService", None, None),
        ("Stopped", "17:00", None),
        ("InService", "19:30", "0"),
    ],
)
def test_a_notebook_instance_cost_at_least_what_this_run_did(
    left: Any, status: str, modified: str | None, so_far: str | None
) -> None:
    """Since it was last changed, which is when it was started; how long it ran before is not known."""
    (one,) = left("notebook_instances", status=status, modified_at=modified and at(modified))

    assert one.cost_so_far_usd == (None if so_far is None else Decimal(so_far))


@pytest.mark.parametrize(("volume", "monthly"), [(5, "0.70"), (50, "7"), (None, None)])
def test_the_disk_of_a_notebook_instance_costs_while_it_is_kept(left: Any, volume: int | None, monthly: Any) -> None:
    """Stopped or not."""
    (one,) = left("notebook_instances", status="Stopped", volume_gib=volume)

    assert (one.hourly_usd, one.monthly_usd) == (0, None if monthly is None else Decimal(monthly))


BILLING = [
    ("sagemaker", "training-job", ("InProgress", "Stopping", "Available")),
    ("sagemaker", "hyper-parameter-tuning-job", ("InProgress", "Stopping")),
    ("sagemaker", "processing-job", ("InProgress", "Stopping")),
    ("sagemaker", "transform-job", ("InProgress", "Stopping")),
    ("sagemaker", "auto-ml-job", ("InProgress", "Stopping")),
    ("sagemaker", "inference-recommendations-job", ("PENDING", "IN_PROGRESS")),
    ("sagemaker", "optimization-job", ("INPROGRESS", "STARTING")),
    ("sagemaker", "pipeline-execution", ("Executing",)),
    ("sagemaker", "monitoring-schedule", ("Scheduled", "Pending")),
    ("sagemaker", "cluster", ("InService", "Creating", "Updating", "RollingBack", "SystemUpdating")),
    ("sagemaker", "mlflow-tracking-server", ("Active", "Created", "Started")),
    ("ec2", "nat-gateway", ("available",)),
    ("ec2", "address", (None, "allocated")),
]


@pytest.mark.parametrize(("service", "type", "status"), [(s, t, one) for s, t, many in BILLING for one in many])
def test_what_bills_by_the_hour_is_said_to(found: Any, service: str, type: str, status: str | None) -> None:
    """In these states, whether its price is known or not."""
    (one,) = found(thing(service, type, status))

    assert (one.service, one.type, one.status, one.bills) == (service, type, status or "there", True)
    assert one.hourly_usd is None or one.hourly_usd > 0


@pytest.mark.parametrize(
    ("service", "type", "status"),
    [
        ("sagemaker", "monitoring-schedule", "Stopped"),
        ("sagemaker", "monitoring-schedule", "Failed"),
        ("sagemaker", "cluster", "Failed"),
        ("sagemaker", "cluster", "Deleting"),
        ("sagemaker", "mlflow-tracking-server", "Stopped"),
        ("ec2", "nat-gateway", "deleting"),
    ],
)
def test_what_stands_still_is_listed_and_costs_nothing_by_the_hour(
    found: Any, service: str, type: str, status: str
) -> None:
    """It would, once started; nobody knows how long it ran before."""
    (one,) = found(thing(service, type, status, created_at=at("18:00")))

    assert (one.bills, one.hourly_usd, one.cost_so_far_usd) == (False, 0, None)


@pytest.mark.parametrize(
    ("service", "type", "status"),
    [
        ("sagemaker", "processing-job", "Completed"),
        ("sagemaker", "transform-job", "Failed"),
        ("sagemaker", "training-job", "Terminated"),
        ("sagemaker", "auto-ml-job", "Stopped"),
        ("sagemaker", "compilation-job", "COMPLETED"),
        ("sagemaker", "labeling-job", "Stopped"),
        ("sagemaker", "mlflow-app", "Deleted"),
        ("sagemaker", "partner-app", "Deleted"),
        ("sagemaker", "training-plan", "Expired"),
        ("sagemaker", "user-profile", "InService"),
        ("ec2", "nat-gateway", "deleted"),
        ("ec2", "nat-gateway", "failed"),
        ("ec2", "instance", "stopped"),
        ("efs", "mount-target", "available"),
        ("of-tomorrow", "thing", "InService"),
    ],
)
def test_what_is_over_is_not_listed(found: Any, service: str, type: str, status: str) -> None:
    """Jobs are listed while they run; what is gone, or goes with something else, is not."""
    assert found(thing(service, type, status)) == ()


@pytest.mark.parametrize(
    ("note", "status", "bills"),
    [("Active", "Updated", True), ("Inactive", "Created", False), ("2.16", "Started", True), (None, "Stopped", False)],
)
def test_an_mlflow_server_bills_while_it_is_active(found: Any, note: str | None, status: str, bills: bool) -> None:
    """AWS says so apart from what it is doing."""
    (one,) = found(thing("sagemaker", "mlflow-tracking-server", status, note=note))

    assert (one.status, one.bills) == (status, bills)


@pytest.mark.parametrize(
    ("known", "cost"),
    [
        ({"instance_type": "ml.c4.xlarge", "instance_count": 2}, "0.558"),
        ({"instance_type": "ml.c4.xlarge"}, None),
        ({"instance_type": "ml.p9.huge", "instance_count": 2}, None),
        ({}, None),
    ],
)
@pytest.mark.parametrize(
    ("type", "status"),
    [("cluster", "InService"), ("processing-job", "InProgress"), ("transform-job", "Stopping")],
)
def test_instances_cost_their_price_times_their_number(
    found: Any, type: str, status: str, known: dict[str, Any], cost: str | None
) -> None:
    """What is not known is not known, and never nothing."""
    (one,) = found(thing("sagemaker", type, status, created_at=at("17:00"), **known))

    assert one.hourly_usd == (None if cost is None else Decimal(cost))
    assert one.cost_so_far_usd == (None if cost is None else Decimal(cost) * 2)


@pytest.mark.parametrize(
    ("one", "cost"),
    [
        (thing("ec2", "nat-gateway", "available"), "0.045"),
        (thing("ec2", "address"), "0.005"),
        (thing("ec2", "vpc-endpoint", "Available", note="Interface", instance_count=2), "0.02"),
        (thing("ec2", "vpc-endpoint", "available", note="Interface"), None),
        (thing("sagemaker", "mlflow-tracking-server", "Active"), "0.6"),
        (thing("sagemaker", "mlflow-tracking-server", "Active", instance_type="Large"), None),
        (thing("ec2", "instance", "running", instance_type="t3.micro", instance_count=1), None),
    ],
)
def test_what_has_no_instances_has_a_price_of_its_own(found: Any, one: Resource, cost: str | None) -> None:
    """By the hour; a VPC endpoint for each zone."""
    assert [left.hourly_usd for left in found(one)] == [None if cost is None else Decimal(cost)]


def test_a_job_that_keeps_its_machines_warm_bills_after_its_end(left: Any) -> None:
    """Until the pool is gone or used again."""
    (warm,) = left("training_jobs", status="Completed", warm_pool="Available")

    assert (warm.status, warm.bills, warm.hourly_usd) == ("Available", True, Decimal("0.279"))
    assert "update-training-job" in warm.cleanup
    assert left("training_jobs", status="Completed", warm_pool="Terminated") == ()


def test_a_cluster_of_no_instances_bills_nothing(found: Any) -> None:
    """It is there, and nothing runs."""
    (one,) = found(thing("sagemaker", "cluster", "InService", instance_type="ml.c4.xlarge", instance_count=0))

    assert (one.bills, one.hourly_usd) == (False, 0)


def test_a_gateway_endpoint_is_free(found: Any) -> None:
    """Only interfaces bill."""
    assert found(thing("ec2", "vpc-endpoint", "available", note="Gateway"), thing("ec2", "vpc-endpoint")) == ()


def test_what_is_not_part_of_the_lesson_is_told_apart_and_never_deleted(found: Any) -> None:
    """An EC2 instance and its address, keys and secrets, disks and images: somebody else's work, perhaps."""
    things = (
        thing("ec2", "instance", "running", "i-1"),
        thing("ec2", "address", None, "eipalloc-1", within=("i-1",)),
        thing("ec2", "address", None, "eipalloc-2", within=("eni-1",)),
        thing("ec2", "address", None, "eipalloc-3", note="alb"),
        thing("ec2", "vpc-endpoint", "available", note="Interface, requester-managed"),
        thing("sagemaker", "training-plan", "Active"),
        thing("ec2", "volume", "available"),
        thing("ec2", "snapshot", "completed"),
        thing("ecr", "repository"),
        thing("kms", "key", "Enabled"),
        thing("secretsmanager", "secret"),
    )

    left = found(*things)

    assert {(one.type, one.apart, one.cleanup) for one in left} == {
        (one.type, "not part of the lesson", "") for one in things
    }
    assert {one.type: one.monthly_usd for one in left if one.monthly_usd} == {"key": 1, "secret": Decimal("0.4")}


@pytest.mark.parametrize(
    ("status", "monthly"), [("Enabled", [1]), ("Disabled", [1]), ("PendingDeletion", []), ("PendingImport", [])]
)
def test_a_key_costs_until_its_deletion_was_asked_for(found: Any, status: str, monthly: list[int]) -> None:
    """One that is disabled, too."""
    assert [one.monthly_usd for one in found(thing("kms", "key", status))] == monthly


def test_sagemakers_own_bucket_is_never_emptied(found: Any) -> None:
    """Everything that is done with the SDK lies in it; even where the lesson used it."""
    name = "sagemaker-eu-west-1-123456789012"
    upload = thing("s3", "multipart-upload", id="u", within=(name, "key"), region="eu-west-1")

    left = found(upload, buckets=(Bucket(name, at("18:20"), "eu-west-1", has_objects=True),))

    why = "SageMaker's own bucket, where other work may be, too"
    assert [(one.type, one.apart, one.cleanup) for one in left] == [("multipart-upload", why, ""), ("bucket", why, "")]


@pytest.mark.parametrize("within", [(), ("nat-1",)])
def test_an_address_that_hangs_on_no_instance_is_the_students(found: Any, within: tuple[str, ...]) -> None:
    """Forgotten, or a NAT gateway's."""
    (one,) = found(thing("ec2", "address", within=within))

    assert (one.apart, one.bills) == (None, True)


def test_a_job_that_the_survey_has_twice_is_listed_once(good: Survey, found: Any) -> None:
    """Among the training jobs, and among everything else."""
    job = msgspec.structs.replace(good.training_jobs[0], name="x", status="InProgress")

    (one,) = found(thing("sagemaker", "training-job", "InProgress"), training_jobs=(job,))

    assert one.hourly_usd == Decimal("0.279")


def test_what_may_be_tidied_away_costs_nothing_by_the_hour(torn_down: Survey, prices: PriceTable) -> None:
    """After the lesson: configuration, model, bucket and role; nothing of it is charged for by the hour."""
    bucket, role = torn_down.buckets[0], torn_down.roles[0]
    policies = tuple(msgspec.structs.replace(one, arn=f"arn:aws:iam::aws:policy/{one.name}") for one in role.policies)
    survey = msgspec.structs.replace(torn_down, roles=(msgspec.structs.replace(role, policies=policies),))

    left = untidy(survey, prices, bucket=bucket.name, role=role.name)

    assert [one.type for one in left] == ["endpoint-config", "model", "bucket", "role"]
    assert {(one.bills, one.hourly_usd, one.apart) for one in left} == {(False, Decimal(0), None)}
    assert all(one.cleanup for one in left)


@pytest.mark.parametrize(
    ("name", "objects", "is_told"),
    [
        ("b", True, True),
        ("b", False, False),
        ("b", None, False),
        ("sagemaker-eu-west-1-123456789012", True, True),
        ("sagemaker-us-east-1-123456789012", True, False),
        ("sagemaker-eu-west-1-210987654321", True, False),
        ("another", True, False),
    ],
)
def test_only_the_lessons_buckets_are_told_of(found: Any, name: str, objects: bool | None, is_told: bool) -> None:
    """The one that was taken for the lesson's, and SageMaker's default one; what is empty costs nothing."""
    bucket = Bucket(name, at("18:20"), "eu-west-1", has_objects=objects)

    assert [one.id for one in found(buckets=(bucket,))] == ([name] if is_told else [])


@pytest.mark.parametrize(
    ("fields", "is_told"),
    [
        ({}, True),
        ({"name": "AmazonSageMaker-ExecutionRole-other"}, False),
        ({"name": "LabRole"}, False),
        ({"as_of": at("18:50")}, False),
    ],
)
def test_only_the_lessons_role_is_told_of_if_the_console_made_it(
    torn_down: Survey, prices: PriceTable, changed: Any, fields: dict[str, Any], is_told: bool
) -> None:
    """Whoever made another one may need it; one that is gone needs no command."""
    named = fields.get("name", "") if fields.get("name") == "LabRole" else torn_down.roles[0].name

    left = untidy(changed(torn_down, "roles", **fields), prices, bucket=None, role=named)

    assert ("role" in {one.type for one in left}) is is_told


def test_a_studio_domain_costs_what_its_file_system_holds(found: Any) -> None:
    """Which goes with it, and is told of by itself only once the domain is gone."""
    arn = "arn:aws:sagemaker:us-east-1:123456789012:domain/d-1"
    volume = thing("efs", "file-system", "available", "fs-1", note=arn, size_gib=2.5)
    domain = Domain("d-1", "studio", "us-east-1", "InService")

    (with_domain,) = found(volume, domains=(domain,))
    (alone,) = found(volume, domains=(msgspec.structs.replace(domain, region="eu-west-1", domain_id="d-2"),))[1:]

    assert (with_domain.type, with_domain.monthly_usd) == ("domain", Decimal("0.75"))
    assert (alone.type, alone.monthly_usd) == ("file-system", Decimal("0.75"))


def test_a_domain_whose_file_system_was_not_read_has_no_known_price(found: Any) -> None:
    """It is never nothing."""
    (one,) = found(domains=(Domain("d-1", "studio", "us-east-1", "InService"),))

    assert one.monthly_usd is None


def test_names_that_do_not_say_enough_come_with_what_they_lie_in(found: Any) -> None:
    """Every domain has a space called `default`."""
    left = found(
        thing("sagemaker", "space", "InService", "lab", within=("d-1",)),
        thing("s3", "multipart-upload", None, "upload", within=("bucket", "key")),
    )

    assert [one.id for one in left] == ["d-1/lab", "bucket/key/upload"]


def test_the_prices_change_no_fact(good: Survey, prices: PriceTable) -> None:
    """With a table that prices nothing the same things bill."""
    nothing = msgspec.structs.replace(prices, notebook={}, hosting={})

    assert [(one.id, one.bills) for one in leftovers(good, nothing)] == [
        (one.id, one.bills) for one in leftovers(good, prices)
    ]
    assert hourly_usd(leftovers(good, nothing)) == (Decimal(0), 2)
