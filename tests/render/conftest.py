"""A result with something of everything in it, and one whose every text is hostile."""

import datetime as dt
import enum
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from skymark.digits import Digits
from skymark.evidence import Gap
from skymark.outcome import ChainLink, Outcome, Source
from skymark.result import (
    Criterion,
    Leftover,
    Link,
    Next,
    RegionNames,
    Result,
    RubricName,
    Score,
    Subject,
)
from skymark.timeline import Happened, What

BUCKETS = Link("The buckets", "https://us-east-1.console.aws.amazon.com/s3/home?region=us-east-1")
ENDPOINTS = Link("The endpoints", "https://us-east-1.console.aws.amazon.com/sagemaker/home?region=us-east-1#/endpoints")
DELETE_ENDPOINT = (
    "aws sagemaker delete-endpoint --endpoint-name linear-learner-2019-07-01-18-46-30-001 --region us-east-1"
)
DELETE_INSTANCE = (
    "aws sagemaker stop-notebook-instance --notebook-instance-name sm-test --region us-east-1"
    " && aws sagemaker wait notebook-instance-stopped --notebook-instance-name sm-test --region us-east-1"
    " && aws sagemaker delete-notebook-instance --notebook-instance-name sm-test --region us-east-1"
)
OTHER_REGIONS = ("ap-south-1", "eu-central-1", "eu-west-1", "us-west-2")


def at(hour: int, minute: int, second: int = 0) -> dt.datetime:
    """A time of the lesson's day."""
    return dt.datetime(2026, 11, 24, hour, minute, second, tzinfo=dt.UTC)


HOSTILE = (
    "=1+1 ::error::x %0A ]]> <script>alert(1)</script> [bold]x[/bold] \x1b[31mred \u202egnp\ud800 {{7*7}}\n"
    "next & \"q\" 'q'"
)
MEGABYTE = "x" * 1_000_000

CRITERIA = (
    Criterion(
        "bucket.name",
        "The bucket is named sagemaker-<date>-<time>",
        Outcome.PASSED,
        Decimal(6),
        Decimal(6),
        "sagemaker-20190701-1820",
        source=Source.LIVE,
        evidence=("bucket sagemaker-20190701-1820, created 2019-07-01 18:20 UTC",),
        links=(BUCKETS,),
        stage="Bucket",
    ),
    Criterion(
        "bucket.region",
        "The bucket is in the notebook instance's region",
        Outcome.FAILED,
        Decimal(0),
        Decimal(4),
        "bucket sagemaker-20190701-1820 is in us-west-2, instance sm-test in us-east-1",
        hint="Bucket and notebook instance must be in one region. Create a new bucket in us-east-1.",
        source=Source.LIVE,
        links=(BUCKETS,),
        stage="Bucket",
    ),
    Criterion(
        "role.scoped",
        "The role opens this one bucket",
        Outcome.WAIVED,
        Decimal("2.5"),
        Decimal(8),
        "2.5 of 8: the policy was right, one of another lab was left",
        source=Source.LIVE,
        stage="Role",
    ),
    Criterion(
        "training.completed",
        "A Linear Learner training job completed",
        Outcome.UNVERIFIED,
        None,
        Decimal(8),
        "AWS throttled ListTrainingJobs in us-east-1",
        hint="Wait a minute, then check again.",
        stage="Train",
    ),
    Criterion(
        "endpoint.in_service",
        "An endpoint served the model",
        Outcome.PENDING,
        Decimal(0),
        Decimal(6),
        "endpoint linear-learner-2019-07-01-18-46-30-001 is Creating",
        hint="Wait a few minutes: AWS is starting the endpoint.",
        source=Source.LIVE,
        links=(ENDPOINTS,),
        stage="Deploy",
    ),
    Criterion(
        "endpoint.prediction",
        "The endpoint tells zeros from other digits",
        Outcome.BLOCKED,
        Decimal(0),
        Decimal(8),
        "waits for the endpoint",
        hint="First: An endpoint served the model.",
        blocked_by="endpoint.in_service",
        links=(ENDPOINTS,),
        stage="Deploy",
    ),
    Criterion(
        "teardown.tidy",
        "Nothing is left behind (advice)",
        Outcome.PENDING,
        Decimal(0),
        Decimal(0),
        "left behind: model linear-learner-2019-07-01-18-46-30-001",
        hint="Tidy up once you have your marks.",
        stage="Tear down",
    ),
)

RESULT = Result(
    rubric=RubricName("sagemaker-intro", "1", "Introduction to AWS SageMaker"),
    subject=Subject("123456789012", "arn:aws:iam::123456789012:user/student", alias="ada-lab"),
    region="us-east-1",
    surveyed_at=dt.datetime(2026, 11, 24, 10, 0, tzinfo=dt.UTC),
    final=False,
    score=Score(Decimal("8.5"), Decimal(40), Decimal(8), complete=False),
    criteria=CRITERIA,
    leftovers=(
        Leftover(
            "sagemaker",
            "endpoint",
            "linear-learner-2019-07-01-18-46-30-001",
            "us-east-1",
            "InService",
            Decimal("0.23"),
            DELETE_ENDPOINT,
            created_at=dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC),
            cost_so_far_usd=Decimal("16.79"),
        ),
        Leftover(
            "sagemaker",
            "notebook-instance",
            "sm-test",
            "us-east-1",
            "InService",
            Decimal("0.0464"),
            DELETE_INSTANCE,
            monthly_usd=Decimal("0.70"),
        ),
        Leftover(
            "sagemaker",
            "notebook-instance",
            "old",
            "eu-west-1",
            "Stopped",
            Decimal(0),
            "aws sagemaker delete-notebook-instance --notebook-instance-name old --region eu-west-1",
            bills=False,
        ),
        Leftover(
            "sagemaker",
            "training-job",
            "linear-learner-2019-07-01-18-40-12-345",
            "us-east-1",
            "InProgress",
            None,
            "aws sagemaker stop-training-job --training-job-name linear-learner-2019-07-01-18-40-12-345"
            " --region us-east-1",
        ),
        Leftover(
            "ec2",
            "address",
            "eipalloc-1",
            "us-east-1",
            "there",
            Decimal("0.005"),
            "",
            apart="not part of the lesson",
        ),
    ),
    tidy=(
        *(
            Leftover(
                "sagemaker",
                "model",
                name,
                "us-east-1",
                "there",
                Decimal(0),
                f"aws sagemaker delete-model --model-name {name} --region us-east-1",
                bills=False,
                monthly_usd=Decimal(0),
            )
            for name in ("model-1", "model-2", "model-3", "model-4")
        ),
        Leftover(
            "logs",
            "log-group",
            "/aws/sagemaker/TrainingJobs",
            "us-east-1",
            "there",
            Decimal(0),
            "aws logs delete-log-group --log-group-name /aws/sagemaker/TrainingJobs --region us-east-1",
            bills=False,
            monthly_usd=Decimal("0.0003"),
        ),
        Leftover(
            "kms", "key", "my-key", "us-east-1", "Enabled", Decimal(0), "", bills=False, apart="not part of the lesson"
        ),
    ),
    hourly_usd=Decimal("0.2814"),
    unpriced=1,
    regions=RegionNames(("eu-west-1", "us-east-1"), ("af-south-1",), ("ap-south-1", "eu-central-1", "us-west-2")),
    chain=(
        ChainLink("bucket", "sagemaker-20190701-1820", "us-west-2", "its name is the lesson's"),
        ChainLink("role", "AmazonSageMaker-ExecutionRole-20190701T182197", None, "sm-test runs under it"),
        ChainLink("instance", "sm-test", "us-east-1", "exact name"),
    ),
    timeline=(
        Happened(at(9, 0), "bucket", "sagemaker-20190701-1820", What.MADE_OR_CHANGED, Source.LIVE),
        Happened(at(9, 4), "instance", "sm-test", What.MADE, Source.LIVE),
        Happened(at(9, 20), "instance", "sm-test", What.UPLOADED, Source.TRACE, "planner.ipynb"),
    ),
    digits=Digits("linear-learner-2019-07-01-18-46-30-001", "us-east-1", "01023", "0-0-0"),
    next=Next(
        "bucket.region",
        "Bucket and notebook instance must be in one region. Create a new bucket in us-east-1.",
        "aws s3 mb s3://sagemaker-20190701-1820-b --region us-east-1",
        BUCKETS.url,
    ),
    gaps=(
        Gap("sagemaker", "ListTrainingJobs", "us-east-1", "ThrottlingException", "Wait a minute, then check again."),
        *(
            Gap("sagemaker", "ListApps", region, "AccessDeniedException", "Grant sagemaker:ListApps.")
            for region in OTHER_REGIONS
        ),
    ),
    warnings=("These are the keys of the account's root user. Use an IAM user or role instead.",),
)


@pytest.fixture
def result() -> Result:
    """Each outcome, a waived one with part of its points, leftovers, a chain, a next thing, gaps and a warning."""
    return RESULT


@pytest.fixture
def finished() -> Result:
    """Everything passed, and nothing left."""
    passed = CRITERIA[0]
    return msgspec.structs.replace(
        RESULT,
        score=Score(Decimal(6), Decimal(6), Decimal(0), complete=True),
        criteria=(passed,),
        leftovers=(),
        tidy=(),
        hourly_usd=Decimal(0),
        unpriced=0,
        regions=RegionNames(("eu-west-1", "us-east-1"), (), ()),
        next=None,
        timeline=(),
        digits=None,
        gaps=(),
        warnings=(),
    )


@pytest.fixture
def hostile() -> Result:
    """The same result with hostile text wherever a student or AWS may put text, and one message of a megabyte."""
    spoiled: Result = _spoil(RESULT)
    first, *others = spoiled.criteria
    return msgspec.structs.replace(spoiled, criteria=(msgspec.structs.replace(first, message=MEGABYTE), *others))


KEPT = ("schema", "id", "stage", "blocked_by", "criterion", "account", "version", "sent", "said")
"""Texts that Skymark itself chose. (The `id` of leftovers and of the chain is the student's, and is spoiled.)"""


def _spoil(value: Any) -> Any:
    match value:
        case enum.Enum():
            return value
        case str():
            return HOSTILE
        case tuple():
            return tuple(_spoil(part) for part in value)
        case msgspec.Struct():
            kept = [name for name in KEPT if not (name == "id" and isinstance(value, Leftover | ChainLink))]
            fields = {name: getattr(value, name) for name in value.__struct_fields__}
            spoiled = {name: part if name in kept else _spoil(part) for name, part in fields.items()}
            return msgspec.structs.replace(value, **spoiled)
        case _:
            return value
