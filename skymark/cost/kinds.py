"""The kinds of things that bill or may be tidied away: when each bills, and by which price.

Source: SageMaker, EC2 and EFS APIs, the enumerations of their statuses; SageMaker's and EC2's pricing. Statuses are
written in lower case here: AWS's spelling of the same word differs from one kind to the next.
"""

from typing import Final, Literal

from skymark.evidence import Resource, Struct

NOT_OURS: Final = "not part of the lesson"
SAGEMAKERS_OWN: Final = "SageMaker's own bucket, where other work may be, too"
MANAGED: Final = ", requester-managed"
"""Ends the note of a VPC endpoint that an AWS service made for itself."""

Table = Literal["notebook", "hosting", "training", "studio", "mlflow", "network"]


class Kind(Struct, frozen=True):
    """One kind of thing, by the AWS CLI's own words for service and type.

    It bills by the hour while it has one of the statuses `bills`, None: in any. It is told of only while it has one of
    the statuses `told`, None: in any but those in which it is gone. `table` is where its price stands by the hour,
    `stored` its price by GB and month, `kept` that for each month.
    """

    service: str
    type: str
    bills: tuple[str, ...] | None = ()
    told: tuple[str, ...] | None = None
    table: Table | None = None
    stored: str | None = None
    kept: str | None = None
    is_free: bool = False
    is_ours: bool = True

    def has(self, one: Resource) -> bool:
        """Whether this is such a thing, and it is there."""
        is_such = (one.service, one.type) == (self.service, self.type) and not _is_free_endpoint(one)
        return is_such and _has(one, self.told)

    def bills_now(self, one: Resource) -> bool:
        """Whether it bills by the hour, whatever its price: a cluster of no instances does not."""
        return _has(one, self.bills) and one.instance_count != 0

    def is_the_lessons(self, one: Resource) -> bool:
        """Whether somebody may have made it for the lesson, and not AWS or other work.

        An address may lie idle or serve a NAT gateway; one that serves an EC2 instance or a load balancer goes with it.
        """
        if one.type == "address":
            return all(holder.startswith("nat-") for holder in one.within) and (bool(one.within) or one.note is None)
        return self.is_ours and not (one.note or "").endswith(MANAGED)


RUNS: Final = ("inprogress", "stopping")
SERVES: Final = ("created", "started", "updating", "updated", "maintenanceinprogress", "maintenancecomplete")
"""An MLflow server's own words, where nothing says whether it is active."""
GONE: Final = ("deleted", "terminated")

HOURLY: Final = (
    Kind("sagemaker", "training-job", (*RUNS, "available"), (*RUNS, "available"), "training"),
    Kind("sagemaker", "hyper-parameter-tuning-job", RUNS, RUNS),
    Kind("sagemaker", "processing-job", RUNS, RUNS, "training"),
    Kind("sagemaker", "transform-job", RUNS, RUNS, "training"),
    Kind("sagemaker", "auto-ml-job", RUNS, RUNS),
    Kind("sagemaker", "inference-recommendations-job", ("pending", "in_progress"), ("pending", "in_progress")),
    Kind("sagemaker", "optimization-job", ("inprogress", "starting"), ("inprogress", "starting")),
    Kind("sagemaker", "pipeline-execution", ("executing",), ("executing",)),
    Kind("sagemaker", "monitoring-schedule", ("scheduled", "pending")),
    Kind(
        "sagemaker",
        "cluster",
        ("inservice", "creating", "updating", "rollingback", "systemupdating"),
        table="training",
    ),
    Kind("sagemaker", "mlflow-tracking-server", ("active", *SERVES), table="mlflow"),
    Kind("ec2", "nat-gateway", ("available",), ("pending", "available", "deleting"), "network"),
    Kind("ec2", "address", None, table="network"),
    Kind("ec2", "vpc-endpoint", ("available",), ("pendingacceptance", "pending", "available", "deleting"), "network"),
    Kind("ec2", "instance", ("running",), ("running",), is_ours=False),
)
"""What bills by the hour, or would, besides notebook instances, endpoints and Studio's apps.

What runs through jobs of its own (tuning, AutoML, pipelines, schedules) has no price here: its jobs have theirs.
"""

REST: Final = (
    Kind("sagemaker", "labeling-job", told=("initializing", "inprogress")),
    Kind("sagemaker", "compilation-job", told=("inprogress", "starting"), is_free=True),
    Kind("sagemaker", "inference-component", is_free=True),
    Kind("sagemaker", "endpoint-config", is_free=True),
    Kind("sagemaker", "model", is_free=True),
    Kind("sagemaker", "notebook-instance-lifecycle-config", is_free=True),
    Kind("sagemaker", "code-repository", is_free=True),
    Kind("sagemaker", "feature-group"),
    Kind("sagemaker", "mlflow-app"),
    Kind("sagemaker", "partner-app"),
    Kind("sagemaker", "image", is_free=True),
    Kind("sagemaker", "model-package-group", is_free=True),
    Kind("sagemaker", "trial", is_free=True),
    Kind("sagemaker", "experiment", is_free=True),
    Kind("sagemaker", "space"),
    Kind("sagemaker", "domain"),
    Kind("efs", "file-system", stored="file-system"),
    Kind("s3", "multipart-upload", stored="bucket"),
    Kind("s3", "bucket", stored="bucket"),
    Kind("iam", "role", is_free=True),
    Kind("logs", "log-group", stored="log-group"),
    Kind("sagemaker", "training-plan", told=("pending", "active", "scheduled"), is_ours=False),
    Kind("ec2", "volume", is_ours=False),
    Kind("ec2", "snapshot", is_ours=False),
    Kind("ecr", "repository", is_ours=False),
    Kind("kms", "key", told=("enabled", "disabled"), kept="key", is_ours=False),
    Kind("secretsmanager", "secret", kept="secret", is_ours=False),
)
"""What bills nothing by the hour, in the order in which it can be removed; then what is no part of the lesson."""


def status_of(one: Resource) -> str:
    """Its status in lower case; that of an MLflow server is whether it is active, where that is noted."""
    note = (one.note or "").casefold()
    return note if note in ("active", "inactive") else (one.status or "").casefold()


def _has(one: Resource, statuses: tuple[str, ...] | None) -> bool:
    status = status_of(one)
    return status not in GONE if statuses is None else status in statuses


def _is_free_endpoint(one: Resource) -> bool:
    """A VPC endpoint that is a gateway costs nothing."""
    return one.type == "vpc-endpoint" and not (one.note or "").casefold().startswith("interface")
