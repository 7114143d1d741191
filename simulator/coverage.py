"""What of AWS the practice cloud has: read from the code, for docs/practice-cloud.md.

`python -m simulator.coverage` writes it there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moto.account.responses import AccountResponse
from moto.cloudtrail.responses import CloudTrailResponse
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.utils import camelcase_to_underscores, get_service_model
from moto.ec2.responses import EC2Response
from moto.iam.responses import IamResponse
from moto.logs.responses import LogsResponse
from moto.sagemaker.responses import SageMakerResponse
from moto.sagemakerruntime.responses import SageMakerRuntimeResponse
from moto.servicequotas.responses import ServiceQuotasResponse
from moto.sts.responses import TokenResponse

from simulator.cloudtrail.responses import PracticeCloudTrailResponse
from simulator.regions.responses import PracticeAccountResponse
from simulator.sagemaker import answered
from simulator.sagemaker.responses import PracticeSageMakerResponse
from simulator.sagemaker.runtime import PracticeSageMakerRuntimeResponse
from simulator.servicequotas.responses import PracticeServiceQuotasResponse

DOCUMENT = Path(__file__).parents[1] / "docs" / "practice-cloud.md"
_BEGIN = "<!-- coverage: python -m simulator.coverage -->"
_END = "<!-- /coverage -->"

# A service of the lesson: by botocore's name, moto's answers, and ours where we have some of our own.
_SERVICES: tuple[tuple[str, type, type | None], ...] = (
    ("sagemaker", SageMakerResponse, PracticeSageMakerResponse),
    ("sagemaker-runtime", SageMakerRuntimeResponse, PracticeSageMakerRuntimeResponse),
    ("iam", IamResponse, None),
    ("sts", TokenResponse, None),
    ("logs", LogsResponse, None),
    ("cloudwatch", CloudWatchResponse, None),
    ("cloudtrail", CloudTrailResponse, PracticeCloudTrailResponse),
    ("ec2", EC2Response, None),
    ("account", AccountResponse, PracticeAccountResponse),
    ("service-quotas", ServiceQuotasResponse, PracticeServiceQuotasResponse),
)
# Changed beneath moto's answers: another backend, or the gateway.
_BENEATH = {
    "sagemaker": (
        "StartNotebookInstance",
        "StopNotebookInstance",
        "DescribeNotebookInstance",
        "DeleteNotebookInstance",
        "DescribeTrainingJob",
        "DescribeModel",
        "DeleteModel",
        "DescribeEndpointConfig",
        "DeleteEndpointConfig",
        "DescribeEndpoint",
        "DeleteEndpoint",
        "CreateDomain",
        "DescribeDomain",
        "DeleteDomain",
        "DeleteExperiment",
        "StartPipelineExecution",
        "DeletePipeline",
    ),
    "sts": ("AssumeRole",),
    "ec2": (
        "DescribeRegions",
        "CreateNatGateway",
        "DeleteNatGateway",
        "ReleaseAddress",
        "CreateVpcEndpoint",
        "DeleteVpcEndpoints",
    ),
}


@dataclass(frozen=True, slots=True)
class Coverage:
    """The operations of a service, in AWS's order of names: each stands in one of the four."""

    service: str
    simulated: tuple[str, ...]
    motos: tuple[str, ...]
    only_answered: tuple[str, ...]
    missing: tuple[str, ...]


def coverage() -> tuple[Coverage, ...]:
    """What there is of each service that the lesson uses."""
    return tuple(_coverage(*service) for service in _SERVICES)


def _coverage(service: str, motos: type, ours: type | None) -> Coverage:
    model = get_service_model(service)
    rows: dict[str, list[str]] = {"simulated": [], "motos": [], "only_answered": [], "missing": []}
    for operation in model.operation_names:
        rows[_kind(service, operation, motos, ours)].append(operation)
    return Coverage(service, **{name: tuple(found) for name, found in rows.items()})


def _kind(service: str, operation: str, motos: type, ours: type | None) -> str:
    method = camelcase_to_underscores(operation)
    if operation in _BENEATH.get(service, ()) or (ours is not None and method in vars(ours)):
        return "simulated"
    if hasattr(motos, method):
        return "motos"
    model: Any = get_service_model(service).operation_model(operation)
    if service == "sagemaker" and answered.empty_list(model) is not None:
        return "only_answered"
    return "missing"


def table() -> str:
    """Markdown: how many of each service, and then which."""
    rows = [
        f"| {one.service} | {len(one.simulated)} | {len(one.motos)} | {len(one.only_answered)} | {len(one.missing)} |"
        for one in coverage()
    ]
    head = "| service | simulated | as moto has it | only answered | missing |\n| --- | --: | --: | --: | --: |\n"
    return head + "\n".join(rows) + "\n\n" + "\n".join(_lists(one) for one in coverage())


def _lists(one: Coverage) -> str:
    parts = [f"**{one.service}**\n"]
    if one.simulated:
        parts.append(f"- simulated: {_names(one.simulated)}")
    if one.only_answered:
        parts.append(f"- only answered, with an empty list: {_names(one.only_answered)}")
    if one.motos:
        parts.append(f"- as moto has it: {_names(one.motos)}")
    return "\n".join(parts) + "\n"


def _names(operations: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in operations)


def written_into(text: str) -> str:
    """The document with the table of today between its two marks."""
    head, _, rest = text.partition(_BEGIN)
    _, _, tail = rest.partition(_END)
    return f"{head}{_BEGIN}\n{table()}{_END}{tail}"


if __name__ == "__main__":
    DOCUMENT.write_text(written_into(DOCUMENT.read_text("utf-8")), "utf-8")
