"""Asking an endpoint about the sample digits: the one call that costs anything."""

import contextlib
from typing import Any

from botocore.exceptions import ClientError, NoCredentialsError

from skymark.cause import DENIED, DENIED_BY_ORGANISATION, DENIED_EXPLICITLY, EXPIRED, INVALID, NOT_ACTIVE
from skymark.evidence import Endpoint, Invocation
from skymark.samples import Samples
from skymark.survey.reading import REFUSALS, SIGN_IN_OVER, Reading, code_of, gap
from skymark.survey.redact import redacted

SERVICE = "sagemaker-runtime"
LARGEST_ANSWER = 64 * 2**10
# AWS's own refusals: the endpoint never heard of the digits.
NOBODY_ASKED = (*DENIED, DENIED_BY_ORGANISATION, DENIED_EXPLICITLY, "HTTP 403", *EXPIRED, *INVALID, *NOT_ACTIVE)


def ask_endpoint(client: Any, endpoint: Endpoint, samples: Samples) -> Reading[Invocation]:
    """Send all digits in one request and keep the answer as text; an endpoint's error is an answer, a refusal is a gap.

    Source: SageMaker Runtime API, InvokeEndpoint; formats: SageMaker developer guide, "Linear learner".
    """
    try:
        answer = client.invoke_endpoint(
            EndpointName=endpoint.name,
            ContentType="text/csv",
            Accept="application/json",
            Body="\n".join(samples.rows).encode(),
        )
        with contextlib.closing(answer["Body"]) as stream:
            body = stream.read(LARGEST_ANSWER).decode("utf-8", "replace")
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
    if code in NOBODY_ASKED or isinstance(error, (*SIGN_IN_OVER, NoCredentialsError)):
        return Reading((), (gap(SERVICE, "InvokeEndpoint", endpoint.region, error, endpoint.name),))
    return Reading((asked,))
