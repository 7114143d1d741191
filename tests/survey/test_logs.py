"""Jupyter's and the endpoints' logs."""

import datetime as dt

import pytest
from botocore.stub import Stubber

from skymark.evidence import EndpointLog, JupyterLog, LogLine, Resource, TrainingLog
from skymark.survey import logs as reader
from skymark.survey.logs import (
    MOST_LOGS,
    list_jupyter_streams,
    list_log_groups,
    log_group,
    read_endpoint_log,
    read_endpoint_logs,
    read_jupyter_log,
    read_jupyter_logs,
    read_training_log,
    read_training_logs,
)
from skymark.survey.reading import Reading

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
        ("[I 18:33:09.946 NotebookApp] Saving file at /of ada@example.edu\x1b[2J.ipynb", "saved", "of … [2J.ipynb"),
        (f"[I 18:33:09.946 NotebookApp] Kernel started: {KERNEL}, name: conda_python3", "kernel", None),
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


def test_a_log_is_read_to_its_end_past_empty_pages_and_in_the_order_of_time(client):
    """CloudWatch gives empty pages with a token while it is still searching."""
    late = {"timestamp": int(AT.timestamp() * 1000) + 5000, "message": "[I ServerApp] Uploading file to /b.ipynb"}
    logs = client("logs")
    with Stubber(logs) as aws:
        aws.add_response("filter_log_events", {"events": [], "nextToken": "1"})
        aws.add_response("filter_log_events", {"events": [late], "nextToken": "2"})
        aws.add_response("filter_log_events", events("[I ServerApp] Creating new notebook in "))
        reading = read_jupyter_log(logs, "us-east-1", STREAM)

    lines = (LogLine(AT, "created"), LogLine(AT + dt.timedelta(seconds=5), "uploaded", "b.ipynb"))
    assert reading == Reading((JupyterLog("sm-test", "us-east-1", AT, AT, lines),))


def test_half_a_log_is_none(client):
    """A line that stands in the other half would be taken to be absent."""
    logs = client("logs")
    with Stubber(logs) as aws:
        aws.add_response("filter_log_events", events("[I ServerApp] Creating new notebook in ") | {"nextToken": "1"})
        aws.add_client_error("filter_log_events", "ThrottlingException")
        reading = read_jupyter_log(logs, "us-east-1", STREAM)

    assert reading.items[0].lines is None
    assert [(one.code, one.resource) for one in reading.gaps] == [("ThrottlingException", "sm-test")]


def test_a_log_of_years_is_not_read_for_minutes(client, monkeypatch):
    """What is more than a number of pages is a gap, and the log is unknown."""
    monkeypatch.setattr(reader, "MOST_PAGES", 2)
    logs = client("logs")
    with Stubber(logs) as aws:
        for token in range(2):
            aws.add_response("filter_log_events", {"events": [], "nextToken": str(token)})
        reading = read_endpoint_log(logs, "us-east-1", GROUP)

    assert reading.items == (EndpointLog("ep", "us-east-1", AT, None),)
    assert [(one.call, one.code, one.resource) for one in reading.gaps] == [("FilterLogEvents", "Truncated", "ep")]


def test_a_log_that_was_deleted_meanwhile_is_left_out(client):
    """Group or stream: as if there had been none."""
    logs = client("logs")
    with Stubber(logs) as aws:
        for operation in ("filter_log_events", "filter_log_events", "describe_log_streams"):
            aws.add_client_error(operation, "ResourceNotFoundException", "The specified log group does not exist.")

        assert read_jupyter_log(logs, "us-east-1", STREAM) == Reading()
        assert read_endpoint_log(logs, "us-east-1", GROUP) == Reading()
        assert list_jupyter_streams(logs, "us-east-1") == Reading()


def test_of_very_many_logs_the_newest_are_read_and_the_others_are_unknown(client):
    """AWS allows a few such calls in a second; the lesson's log is a new one."""
    groups = [{"logGroupName": f"/aws/sagemaker/Endpoints/{n}", "creationTime": n} for n in range(MOST_LOGS + 1)]
    others = [{"logGroupName": "/aws/sagemaker/TrainingJobs", "creationTime": 9**9}]
    logs = client("logs")
    with Stubber(logs) as aws:
        for _ in range(MOST_LOGS):
            aws.add_response("filter_log_events", events())
        read = Reading.merged(task() for task in read_endpoint_logs(logs, "us-east-1", [*groups, *others]))

    assert [one.endpoint for one in read.items if one.invocations is None] == ["0"]
    assert [one.endpoint for one in read.items if one.invocations == 0] == [str(n) for n in range(MOST_LOGS, 0, -1)]
    assert [(one.call, one.code, one.resource) for one in read.gaps] == [("FilterLogEvents", "Truncated", "0")]


def test_jupyters_newest_logs_are_those_that_were_written_to_last(client):
    """A stream that was never written to is as old as itself."""
    streams = [{"logStreamName": f"{n}/jupyter.log", "lastEventTimestamp": n} for n in range(1, MOST_LOGS + 1)]
    silent = {"logStreamName": "silent/jupyter.log", "creationTime": 0}
    logs = client("logs")
    with Stubber(logs) as aws:
        for _ in range(MOST_LOGS):
            aws.add_response("filter_log_events", events())
        read = Reading.merged(task() for task in read_jupyter_logs(logs, "us-east-1", [silent, *streams]))

    assert [(one.instance, one.began_at) for one in read.items if one.lines is None] == [("silent", None)]


def test_only_jupyters_own_streams_are_kept_and_every_page_is_read(client):
    """Lifecycle scripts write streams of their own."""
    other = {"logStreamName": "sm-test/LifecycleConfigOnStart"}
    logs = client("logs")
    with Stubber(logs) as aws:
        aws.add_response("describe_log_streams", {"logStreams": [other], "nextToken": "1"})
        aws.add_response("describe_log_streams", {"logStreams": [STREAM]})

        assert list_jupyter_streams(logs, "us-east-1") == Reading((STREAM,))


def test_groups_that_were_read_before_a_refusal_are_kept(client):
    """Half a list is not taken for the whole."""
    logs = client("logs")
    with Stubber(logs) as aws:
        aws.add_response("describe_log_groups", {"logGroups": [GROUP], "nextToken": "1"})
        aws.add_client_error("describe_log_groups", "AccessDeniedException")
        reading = list_log_groups(logs, "us-east-1")

    assert reading.items == (GROUP,)
    assert [(one.call, one.region) for one in reading.gaps] == [("DescribeLogGroups", "us-east-1")]


def test_a_group_with_what_it_takes_up():
    """In GiB, as it is billed."""
    assert log_group(GROUP | {"storedBytes": 2**29}, "us-east-1") == Resource(
        "logs", "log-group", "/aws/sagemaker/Endpoints/ep", "us-east-1", created_at=AT, size_gib=0.5
    )
    assert log_group(GROUP, "us-east-1").size_gib is None


@pytest.fixture
def trained(client):
    """Read the log of training job `job` in which these lines stand."""

    def run(*messages):
        logs = client("logs")
        wanted = {
            "logGroupName": "/aws/sagemaker/TrainingJobs",
            "logStreamNamePrefix": "job/",
            "filterPattern": '"totaltime"',
        }
        with Stubber(logs) as aws:
            aws.add_response("filter_log_events", events(*messages), wanted)
            return read_training_log(logs, "us-east-1", "job")

    return run


@pytest.mark.parametrize(
    ("messages", "ended"),
    [
        (('#metrics {"Metrics": {"epochs": {"sum": 15}, "totaltime": {"sum": 52413.3, "count": 1}}}',), True),
        ((), False),
        (("totaltime",), False),
        (('#metrics {"Metrics": {"epochs": {"sum": 15}}, "note": "totaltime"}',), False),
        (('#metrics {"Metrics": {"totaltime": ',), False),
    ],
)
def test_an_algorithm_has_ended_that_wrote_how_long_it_took(trained, messages, ended):
    """A word of it in another line is none."""
    assert trained(*messages) == Reading((TrainingLog("job", "us-east-1", ended),))


def test_a_training_log_that_may_not_be_read_is_unknown(client):
    """It is not one of a job that never ended; one that is gone is none at all."""
    logs = client("logs")
    with Stubber(logs) as aws:
        aws.add_client_error("filter_log_events", "AccessDeniedException")
        denied = read_training_log(logs, "us-east-1", "job")
        aws.add_client_error("filter_log_events", "ResourceNotFoundException")
        gone = read_training_log(logs, "us-east-1", "job")

    assert denied.items == (TrainingLog("job", "us-east-1", None),)
    assert [(gap.call, gap.code, gap.resource) for gap in denied.gaps] == [
        ("FilterLogEvents", "AccessDeniedException", "job")
    ]
    assert gone == Reading()


def test_of_very_many_jobs_that_are_gone_the_newest_are_read(client):
    """They come newest first."""
    jobs = [str(n) for n in range(MOST_LOGS + 1)]
    logs = client("logs")
    with Stubber(logs) as aws:
        for _ in range(MOST_LOGS):
            aws.add_response("filter_log_events", events())
        read = Reading.merged(task() for task in read_training_logs(logs, "us-east-1", jobs))

    assert [one.job for one in read.items if one.has_ended is None] == [str(MOST_LOGS)]
    assert [(one.call, one.code, one.resource) for one in read.gaps] == [
        ("FilterLogEvents", "Truncated", str(MOST_LOGS))
    ]
