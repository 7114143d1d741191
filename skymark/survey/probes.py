"""Which of the calls that a rubric's criteria are judged by are allowed: each is made once, and changes nothing.

Where a call needs a name, it is that of a thing that there is not: who may ask is told that, who may not is refused.
S3 tells nobody about a bucket that there is not, so there an own bucket is asked about.

Source: Service Authorization Reference; S3 API reference, "Error responses".
"""

import contextvars
import fnmatch
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from botocore import xform_name
from botocore.exceptions import ClientError

from skymark.cause import DENIED_BY_ORGANISATION, Cause, cause_of_code
from skymark.doctor.observed import Tried
from skymark.evidence import Identity
from skymark.survey.calls import CALLS, action_of
from skymark.survey.clients import asking
from skymark.survey.connection import Connection
from skymark.survey.reading import REFUSALS, code_of, is_absent, is_unavailable

NAME: Final = "skymark-doctor"
AT_ONCE: Final = 8
ATTEMPTS: Final = 3
COSTS: Final = "asking costs something"
NO_BUCKET: Final = "there is no bucket yet to ask about"
NO_OBJECT: Final = "it can be asked about an object of yours alone"
NOTHING_TO_ASK: Final = "there is nothing yet to ask about"
COSTLY: Final = ("cloudwatch:GetMetricData", "sagemaker-runtime:InvokeEndpoint")
OF_OBJECTS: Final = ("s3:HeadObject",)
"""S3 answers the same to whoever may not ask for an object and, without s3:ListBucket, for one that is not there."""
LOG_GROUP: Final = "/aws/sagemaker/NotebookInstances"
NOT_TRIED: Final = "not tried"
# No such operation: not a region of AWS's that lacks it, but a simulated AWS.
LACKING: Final = ("UnknownOperationException", "NotImplemented", "InvalidAction")


def try_calls(
    connection: Connection, identity: Identity, calls: Iterable[str], bucket_patterns: Sequence[str] = ()
) -> tuple[Tried, ...]:
    """Try calls such as `iam:GetRole` in the home region, in their order.

    Left out: who one is, which needs no permission, and what no survey asks.
    """
    asked = {f"{call.service}:{call.operation}" for call in CALLS if call.service != "sts"}
    wanted = [call for call in dict.fromkeys(calls) if call in asked]
    with asking(connection.asking):
        bucket = _own_bucket(connection, bucket_patterns) if any(call.startswith("s3:") for call in wanted) else None
        parameters = _parameters(identity, bucket)
        clients = {call: connection.client(call.partition(":")[0], attempts=ATTEMPTS) for call in wanted}
        pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="probes")
        try:
            tasks = [
                pool.submit(contextvars.copy_context().run, _try, clients[call], call, parameters) for call in wanted
            ]
            return tuple(task.result() for task in tasks)
        finally:  # whoever presses Ctrl-C waits neither for calls that have not begun nor for those that nobody answers
            pool.shutdown(wait=False, cancel_futures=True)


def is_closed_by_organisation(connection: Connection) -> bool:
    """Whether an organisation denies SageMaker's lists in the home region, as it does where it has closed a region."""
    calls = ("ListNotebookInstances", "ListTrainingJobs", "ListEndpoints")
    client = connection.client("sagemaker", attempts=ATTEMPTS)
    with asking(connection.asking):
        return all(_refusal(getattr(client, xform_name(call)), {}) == DENIED_BY_ORGANISATION for call in calls)


Parameters = Mapping[str, dict[str, Any] | None]


def _parameters(identity: Identity, bucket: str | None) -> Parameters:
    """What a call is made with, where it needs something; None where there is nothing to ask about."""
    account, partition = identity.account, identity.partition
    policy = f"arn:{partition}:iam::{account}:policy/{NAME}"
    role = {"RoleName": NAME}
    own = {"Bucket": bucket} if bucket else None
    return {
        **{f"s3:{call.operation}": own for call in CALLS if call.service == "s3" and call.operation != "ListBuckets"},
        "s3control:GetPublicAccessBlock": {"AccountId": account},
        "sagemaker:DescribeNotebookInstance": {"NotebookInstanceName": NAME},
        "sagemaker:DescribeTrainingJob": {"TrainingJobName": NAME},
        "sagemaker:DescribeEndpoint": {"EndpointName": NAME},
        "sagemaker:DescribeEndpointConfig": {"EndpointConfigName": NAME},
        "sagemaker:DescribeModel": {"ModelName": NAME},
        "sagemaker:ListPipelineExecutions": {"PipelineName": NAME},
        "iam:GetRole": role,
        "iam:ListAttachedRolePolicies": role,
        "iam:ListRolePolicies": role,
        "iam:GetRolePolicy": role | {"PolicyName": NAME},
        "iam:GetPolicy": {"PolicyArn": policy},
        "iam:GetPolicyVersion": {"PolicyArn": policy, "VersionId": "v1"},
        "logs:DescribeLogStreams": {"logGroupName": LOG_GROUP, "limit": 1},
        "logs:FilterLogEvents": {"logGroupName": LOG_GROUP, "limit": 1},
        "cloudtrail:LookupEvents": {"MaxResults": 1},
    }


def _own_bucket(connection: Connection, patterns: Sequence[str]) -> str | None:
    """One of the account's buckets, one of the lesson's if there is any; None where there is none, or none is told."""
    try:
        names = [row["Name"] for row in connection.client("s3", attempts=ATTEMPTS).list_buckets()["Buckets"]]
    except REFUSALS:
        return None
    ours = [name for name in names if any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)]
    return next(iter((*ours, *names)), None)


def _try(client: Any, call: str, parameters: Parameters) -> Tried:
    service, _, operation = call.partition(":")
    action = action_of(service, operation)
    if call in COSTLY:
        return Tried(call, action, NOT_TRIED, COSTS)
    if call in OF_OBJECTS:
        return Tried(call, action, NOT_TRIED, NO_OBJECT)
    given = parameters.get(call, {})
    required = client.meta.service_model.operation_model(operation).input_shape
    if given is None:
        return Tried(call, action, NOT_TRIED, NO_BUCKET)
    if required is not None and set(required.required_members) - given.keys():
        return Tried(call, action, NOT_TRIED, NOTHING_TO_ASK)
    return Tried(call, action, _refusal(getattr(client, xform_name(operation)), given))


def _refusal(ask: Callable[..., Any], given: dict[str, Any]) -> str | None:
    """What kept AWS from looking; None where it has looked, be it to say that there is no such thing."""
    try:
        ask(**given)
    except REFUSALS as error:
        if is_absent(error) or is_unavailable(error):
            return None
        code = code_of(error)
        return code if _is_a_refusal(error, code) else None
    return None


def _is_a_refusal(error: BaseException, code: str) -> bool:
    """Whether AWS has not looked: any other error of its comes after that, such as that there is no such thing."""
    if not isinstance(error, ClientError) or code.startswith("HTTP") or code in LACKING:
        return True
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status >= 500 or cause_of_code(code) is not Cause.NETWORK
