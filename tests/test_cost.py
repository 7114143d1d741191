"""What is left, what it costs, and how to remove it."""

import shlex
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from skymark.cost import PriceTable, hourly_usd, leftovers, load_prices
from skymark.errors import UsageError
from skymark.evidence import App, EndpointVariant, Survey
from skymark.result import Leftover


@pytest.fixture
def prices() -> PriceTable:
    """Prices that no later price list changes."""
    return PriceTable(
        source="a test",
        date="2026-11-24",
        currency="USD",
        region="us-east-1",
        note="",
        notebook={"ml.t2.medium": Decimal("0.0464")},
        hosting={"ml.m4.xlarge": Decimal("0.28")},
        training={"ml.c4.xlarge": Decimal("0.279")},
        studio={"Canvas": Decimal("1.9"), "ml.t3.medium": Decimal("0.05")},
    )


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
        ({"status": "Deleting"}, "0.05"),
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


def test_skymarks_own_prices_know_what_the_lesson_uses() -> None:
    """The lesson's instance, its notebook's endpoint and job, and the types that are usual today."""
    prices = load_prices()

    assert (prices.currency, prices.region) == ("USD", "us-east-1")
    assert prices.notebook["ml.t2.medium"] == Decimal("0.0464")
    assert prices.notebook["ml.t3.medium"] == Decimal("0.05")
    assert Decimal("0.24") <= prices.hosting["ml.m4.xlarge"] <= Decimal("0.28")
    assert prices.hosting["ml.m5.large"] == Decimal("0.115")
    assert prices.training["ml.c4.xlarge"] == Decimal("0.279")
    assert prices.training["ml.m5.xlarge"] == Decimal("0.23")
    assert prices.studio["Canvas"] == Decimal("1.9")
    tables = (prices.notebook, prices.hosting, prices.training, prices.studio)
    assert all(price > 0 for table in tables for price in table.values())


@pytest.mark.parametrize("content", [None, "", "{}", '{"source": 1}', "\xff"])
def test_a_price_file_that_is_none_is_refused_by_name(tmp_path: Path, content: str | None) -> None:
    """Wrong prices are never read as no cost."""
    file = tmp_path / "prices.json"
    if content is not None:
        file.write_bytes(content.encode("latin-1"))

    with pytest.raises(UsageError, match=r"prices\.json: "):
        load_prices(file)
