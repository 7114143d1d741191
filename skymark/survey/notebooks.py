"""Notebook instances."""

from typing import Any

from skymark.evidence import NotebookInstance
from skymark.survey.reading import Reading, described, pages
from skymark.survey.redact import redacted

SERVICE = "sagemaker"


def list_notebook_instances(client: Any, region: str) -> Reading[dict[str, Any]]:
    """A row for each notebook instance of one region.

    Source: SageMaker API, ListNotebookInstances.
    """
    return pages(
        client, SERVICE, "ListNotebookInstances", "NotebookInstances", region, PaginationConfig={"PageSize": 100}
    )


def describe_notebook_instance(client: Any, region: str, row: dict[str, Any]) -> Reading[NotebookInstance]:
    """One notebook instance. Deleted since it was listed: none. Refused: what the list told.

    Source: SageMaker API, DescribeNotebookInstance.
    """
    name = row["NotebookInstanceName"]
    return described(
        SERVICE,
        "DescribeNotebookInstance",
        region,
        name,
        # Describe promises no key at all: what it leaves out, the list has told.
        lambda: _evidence(row | client.describe_notebook_instance(NotebookInstanceName=name), region),
        otherwise=_from_list(row, region),
    )


def _from_list(row: dict[str, Any], region: str) -> NotebookInstance:
    return NotebookInstance(
        name=row["NotebookInstanceName"],
        region=region,
        status=row["NotebookInstanceStatus"],
        instance_type=row.get("InstanceType", ""),
        created_at=row["CreationTime"],
        modified_at=row.get("LastModifiedTime"),
    )


def _evidence(answer: dict[str, Any], region: str) -> NotebookInstance:
    root_access = answer.get("RootAccess")
    return NotebookInstance(
        name=answer["NotebookInstanceName"],
        region=region,
        status=answer["NotebookInstanceStatus"],
        instance_type=answer.get("InstanceType", ""),
        created_at=answer["CreationTime"],
        modified_at=answer.get("LastModifiedTime"),
        failure_reason=redacted(answer.get("FailureReason")) or None,
        role_arn=answer.get("RoleArn"),
        # Absent means the default, which is Enabled; only a refused Describe leaves it unknown.
        root_access=root_access != "Disabled",
        accelerator_types=tuple(answer.get("AcceleratorTypes", ())),
        volume_gib=answer.get("VolumeSizeInGB"),
        lifecycle_config=answer.get("NotebookInstanceLifecycleConfigName"),
    )
