"""Whether AWS answers at all, and what time it has: asked without keys, so that nothing hangs on them.

Source: HTTP, the header Date; AWS answers a request that nobody signed with a refusal, which has it, too.
"""

import datetime as dt
import os
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from skymark.doctor.observed import Reached
from skymark.survey.clients import unsigned_client
from skymark.survey.connection import Connection
from skymark.survey.reading import REFUSALS, code_of

AWSS: Final = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".amazonaws.eu")
ADDRESS: Final = ("AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL")
NO_ANSWER: Final[tuple[type[Exception], ...]] = (
    *(*REFUSALS, BotoCoreError, AttributeError, KeyError, TypeError, ValueError),
)
"""The last four are botocore's for an answer that is none of AWS's, and for an address that is none."""
HOME: Final = "us-east-1"
OTHER_PARTITIONS: Final = ("cn-", "us-gov-", "eusc-", "us-iso", "eu-iso")


def reach(connection: Connection) -> Reached:
    """Ask STS in the home region; where that does not answer at AWS's own address, in us-east-1, too.

    Raises:
        ConfigurationError: what is configured as AWS's address is none.
    """
    found = _reach(connection, connection.region)
    is_far = connection.region != HOME and not connection.region.startswith(OTHER_PARTITIONS)
    if found.code is None or not found.is_awss or not is_far:
        return found
    other = _reach(connection, HOME)
    if other.code is not None:
        return found
    return Reached(found.address, found.code, other.ahead_s, elsewhere=True)


def _reach(connection: Connection, region: str) -> Reached:
    client = unsigned_client(connection.session, "sts", region)
    address = str(client.meta.endpoint_url)
    is_awss = (urlsplit(address).hostname or "").endswith(AWSS)
    by = None if is_awss else next((name for name in ADDRESS if os.environ.get(name)), "the configuration")
    begun = dt.datetime.now(dt.UTC)
    code, headers = _asked(client)
    middle = begun + (dt.datetime.now(dt.UTC) - begun) / 2
    if headers and not is_awss:  # a simulated AWS may know nothing of requests that nobody signed
        code = None
    return Reached(address, code, _ahead(headers, middle), is_awss, by)


def _asked(client: Any) -> tuple[str | None, dict[str, str]]:
    """What kept AWS from answering, if anything, and the headers of what came."""
    try:
        return None, client.get_caller_identity()["ResponseMetadata"]["HTTPHeaders"]
    except ClientError as error:
        metadata = error.response.get("ResponseMetadata", {})
        code = code_of(error)
        is_page = code.startswith("HTTP") or int(metadata.get("HTTPStatusCode", 0)) >= 500
        return (code if is_page else None), metadata.get("HTTPHeaders", {})
    except NO_ANSWER as error:
        return code_of(error), {}


def _ahead(headers: dict[str, str], now: dt.datetime) -> float | None:
    """By how many seconds this computer's clock is ahead; HTTP's dates are of whole seconds."""
    try:
        theirs = parsedate_to_datetime(headers.get("date", ""))
        return (now - theirs).total_seconds()
    except (TypeError, ValueError):  # none, no date, or one without a time zone
        return None
