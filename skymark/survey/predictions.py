"""Asking an endpoint about the sample digits: the one call that costs anything."""

from typing import Any

from botocore.exceptions import ClientError

from skymark.evidence import Endpoint, Invocation
from skymark.samples import Samples
from skymark.survey.reading import DENIED, DENIED_BY_ORGANISATION, DENIED_EXPLICITLY, REFUSALS, Reading, code_of, gap
from skymark.survey.redact import redacted

SERVICE = "sagemaker-runtime"
LARGEST_ANSWER = 64 * 2**10


def ask_endpoint(client: Any, endpoint: Endpoint, samples: Samples) -> Reading[Invocation]:
    """Send all digits in one request and keep the answer as text; an error is an answer, a refusal is a gap, too.

    Source: SageMaker Runtime API, InvokeEndpoint; formats: SageMaker developer guide, "Linear learner".
    """
    try:
        answer = client.invoke_endpoint(
            EndpointName=endpoint.name,
            ContentType="text/csv",
            Accept="application/json",
            Body="\n".join(samples.rows).encode(),
        )
        body = answer["Body"].read(LARGEST_ANSWER).decode("utf-8", "replace")
    except REFUSALS as error:
        return _refused(error, endpoint, samples)
    kind = answer.get("ContentType")
    return Reading((Invocation(endpoint.name, endpoint.region, samples.labels, content_type=kind, body=body),))


def _refused(error: BaseException, endpoint: Endpoint, samples: Samples) -> Reading[Invocation]:
    code = code_of(error)
    details: Any = error.response if isinstance(error, ClientError) else {}
    asked = Invocation(
        endpoint.name,
        endpoint.region,
        samples.labels,
        error=code,
        original_status=details.get("OriginalStatusCode"),
        message=redacted(details.get("OriginalMessage") or details.get("Error", {}).get("Message")),
    )
    if code in (*DENIED, DENIED_BY_ORGANISATION, DENIED_EXPLICITLY):
        return Reading((), (gap(SERVICE, "InvokeEndpoint", endpoint.region, error, endpoint.name),))
    return Reading((asked,))
