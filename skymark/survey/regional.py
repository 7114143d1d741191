"""One client for a service in all regions, since to build one for each costs more than what it is asked.

What a client knows of its region is its place in the rules by which botocore finds an address, and what a request is
signed for. Both can be told anew for each call, by botocore's events. Private to botocore, and held against its next
release by tests/survey/test_regional.py: that all methods of a client end in one, and how retries are counted.

Source: botocore guide, "Extensibility"; botocore's S3RegionRedirector, which tells a request's region in the same way.
"""

import contextvars
from functools import cache, partial
from typing import Any, Final
from urllib.request import getproxies

import boto3
from botocore.retries import standard
from botocore.retries.quota import RetryQuota

ITS_OWN: Final = ("s3", "s3control", "sts")
"""Services of which an address depends on more of the configuration than its region."""
RETRIES: Final = 20 * RetryQuota.INITIAL_CAPACITY
"""What twenty clients of one region each could spend on trying again."""

_REGION: contextvars.ContextVar[str] = contextvars.ContextVar("region")


def is_for_all_regions(session: boto3.Session, service: str) -> bool:
    """Whether one client of a session can serve all regions.

    Not through a proxy, which some regions' hosts may do without; nor by a list of addresses that somebody wrote.
    """
    if service in ITS_OWN or getproxies().keys() - {"no"}:
        return False
    loader: Any = session._session.get_component("data_loader")
    _, file = loader.load_data_with_path("endpoints")
    return bool(loader.is_builtin_path(file))


def let_regions_differ(client: Any, attempts: int) -> None:
    """Let a client that was just built ask wherever its twins are, and try again as often as all of them could."""
    name, events = client.meta.service_model.service_id.hyphenize(), client.meta.events
    events.register_first(f"provide-client-params.{name}", _ask_there)
    events.register_last(f"before-endpoint-resolution.{name}", _find_there)
    events.unregister(f"needs-retry.{name}", unique_id=f"retry-config-{name}")
    handler: Any = standard.register_retry_handler(client, max_attempts=attempts)
    handler._retry_quota._quota = RetryQuota(RETRIES)


def in_region(client: Any, region: str) -> Any:
    """The client once more, with all that it has, for another region."""
    twin = object.__new__(type(client))  # not copy.copy, which looks for attributes that botocore looks for, too
    twin.__dict__.update(client.__dict__)
    twin._make_api_call = partial(_call_in, region, client._make_api_call)
    twin.get_paginator = cache(twin.get_paginator)  # it makes a class each time
    return twin


def _call_in(region: str, call: Any, *arguments: Any) -> Any:
    before = _REGION.set(region)
    try:
        return call(*arguments)
    finally:
        _REGION.reset(before)


def _ask_there(context: dict[str, Any], **_: Any) -> None:
    region = _REGION.get()
    context["client_region"] = region
    context["signing"] = {"region": region}


def _find_there(builtins: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    builtins["AWS::Region"] = context["client_region"]
