"""CloudWatch Logs as AWS's services write them: straight into the account, with nobody's keys."""

import datetime as dt
from collections.abc import Sequence

from moto.logs.models import logs_backends

from simulator.clock import clock


def write_log(account: str, region: str, group: str, stream: str, lines: Sequence[tuple[dt.datetime, str]]) -> None:
    """Append lines to a log stream; group and stream are made where they are missing."""
    backend = logs_backends[account][region]
    if group not in backend.groups:
        backend.create_log_group(group, {})
        backend.groups[group].creation_time = clock.utcnow()
    backend.ensure_log_stream(group, stream)
    if lines:
        events = [{"timestamp": int(at.timestamp() * 1000), "message": text} for at, text in lines]
        backend.put_log_events(group, stream, events)
