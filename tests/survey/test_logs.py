"""Jupyter's and the endpoints' logs."""

import datetime as dt

import pytest
from botocore.stub import Stubber

from skymark.survey.logs import read_endpoint_log, read_jupyter_log

AT = dt.datetime(2026, 7, 1, 18, 31, 27, tzinfo=dt.UTC)
STREAM = {
    "logStreamName": "sm-test/jupyter.log",
    "firstEventTimestamp": 1782930687000,
    "lastEventTimestamp": 1782930687000,
}
GROUP = {"logGroupName": "/aws/sagemaker/Endpoints/ep", "creationTime": 1782930687000}
KERNEL = "173d9618-5c14-4517-9583-f46fa0e175d8"


def events(*messages):
    """One page of log events, a second apart."""
    start = int(AT.timestamp() * 1000)
    return {"events": [{"timestamp": start + 1000 * n, "message": text} for n, text in enumerate(messages)]}


@pytest.fixture
def jupyter(client):
    """Read Jupyter's log in which these lines stand."""

    def run(*messages):
        logs = client("logs")
        with Stubber(logs) as aws:
            aws.add_response("filter_log_events", events(*messages))
            return read_jupyter_log(logs, "us-east-1", STREAM)

    return run


@pytest.mark.parametrize(
    ("message", "kind", "file"),
    [
        ("[I 2026-07-01 18:31:27.644 ServerApp] Creating new notebook in ", "created", None),
        (f"[I 2026-07-01 18:31:28.036 ServerApp] Kernel started: {KERNEL}", "kernel", None),
        ("[I 2026-07-01 18:34:02.120 ServerApp] Uploading file to /my plan.ipynb", "uploaded", "my plan.ipynb"),
        ("[I 18:33:09.946 NotebookApp] Saving file at /ada/mnist.ipynb", "saved", "mnist.ipynb"),
    ],
)  # fmt: skip
def test_each_known_line_is_kept_with_the_files_last_name_alone(jupyter, message, kind, file):
    """Folders may hold personal data."""
    (log,) = jupyter(message).items

    assert [(line.at, line.kind, line.file) for line in log.lines] == [(AT, kind, file)]
    assert (log.instance, log.began_at) == ("sm-test", AT)


@pytest.mark.parametrize(
    "message",
    [
        "[I ServerApp] Uploading file to /data.csv",
        "print('Kernel started')",
        "[I ServerApp] 302 GET /?token=secret (127.0.0.1)",
        "Kernel started: not-an-id",
    ],
)
def test_no_other_line_is_kept(jupyter, message):
    """It may be the student's own text, or a secret."""
    assert jupyter(message).items[0].lines == ()


def test_a_refused_log_is_unknown_not_empty(client):
    """None and a gap."""
    logs = client("logs")
    with Stubber(logs) as aws:
        aws.add_client_error("filter_log_events", "AccessDeniedException")
        reading = read_jupyter_log(logs, "us-east-1", STREAM)

    assert reading.items[0].lines is None
    assert [one.call for one in reading.gaps] == ["FilterLogEvents"]


def test_invocations_are_added_up_from_the_algorithms_own_count(client):
    """Lines that are none of its metrics count nothing."""
    logs = client("logs")
    lines = (
        '#metrics {"Metrics": {"invocations.count": {"sum": 100.0, "count": 1}}}',
        '[07/01/2026 INFO] #metrics {"Metrics": {"invocations.count": {"sum": 1.0}}}',
        '#metrics {"Metrics": {"other": 1}}',
        '#metrics {"Metrics"',
        '#metrics {"Metrics": {"invocations.count": {"sum": NaN}}}',
        "invocations.count 7",
    )
    with Stubber(logs) as aws:
        aws.add_response("filter_log_events", events(*lines))
        aws.add_client_error("filter_log_events", "ThrottlingException")
        read, refused = (read_endpoint_log(logs, "us-east-1", GROUP) for _ in range(2))

    assert (read.items[0].endpoint, read.items[0].invocations, read.items[0].began_at) == ("ep", 101, AT)
    assert refused.items[0].invocations is None
