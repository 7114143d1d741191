"""What is no answer of AWS's, or not all of it, is a gap, and never an empty list."""

import pytest

from skymark.evidence import Bucket
from skymark.survey import clients
from skymark.survey.buckets import look_into
from skymark.survey.connection import connect
from skymark.survey.notebooks import list_notebook_instances
from skymark.survey.reading import pages
from skymark.survey.surroundings import read_snapshots
from skymark.survey.waves import in_turn
from tests.between import Answers, Fault, between
from tests.faults import kinds

SPOILED = {
    "cut off": kinds.cut,
    "half": kinds.halve,
    "empty": kinds.empty,
    "noise": kinds.noise,
    "braces": kinds.nothing,
    "page": kinds.instead(kinds.PAGE, "text/html"),
    "page as XML": kinds.instead(kinds.XHTML, "application/xhtml+xml"),
    "JSON": kinds.instead(kinds.BLOCKED, "application/json"),
    "null": kinds.instead(b"null", "application/x-amz-json-1.1"),
    "list": kinds.instead(b"[]", "application/x-amz-json-1.1"),
}


@pytest.fixture
def way(account, monkeypatch):
    """Something in between, and an environment that leads there."""
    cloud = account.server
    with between(cloud.url) as found:
        for name, value in cloud.environment(cloud.credentials(account.number)).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("AWS_ENDPOINT_URL", found.url)
        yield found


@pytest.fixture
def spoil(way):
    """Have every call answered so; how many there were is counted by the fault."""

    def do(does, times=None):
        fault = Fault(does, lambda _: True, times=times)
        way.answers.__dict__.update(Answers(faults=(fault,)).__dict__)
        return fault

    return do


@pytest.mark.parametrize(
    ("service", "operation", "key", "resource", "asked"),
    [
        ("sagemaker", "ListNotebookInstances", "NotebookInstances", None, {}),
        ("logs", "DescribeLogGroups", "logGroups", None, {}),
        ("ec2", "DescribeVolumes", "Volumes", None, {}),
        ("s3", "ListBuckets", "Buckets", None, {}),
        ("iam", "ListRolePolicies", "PolicyNames", "r", {"RoleName": "r"}),
        ("efs", "DescribeFileSystems", "FileSystems", None, {}),
        ("cloudwatch", "GetMetricData", "MetricDataResults", None, {"MetricDataQueries": []}),
    ],
)
def test_a_spoiled_answer_is_no_empty_list(spoil, service, operation, key, resource, asked):
    """In each of AWS's protocols: JSON, EC2's and IAM's XML, S3's XML, REST with JSON, CBOR."""
    if operation == "GetMetricData":
        asked = asked | {"StartTime": 0, "EndTime": 1}
    client, found = connect().client(service, attempts=1), {}
    for name, does in SPOILED.items():
        spoil(does)
        reading = pages(client, service, operation, key, None, resource, **asked)
        found[name] = (reading.items, [gap.call for gap in reading.gaps])

    assert found == dict.fromkeys(SPOILED, ((), [operation]))


def test_what_is_spoiled_once_is_asked_for_again(spoil, account):
    """The next answer is whole."""
    account.make_notebook_instance(account.make_execution_role("none"), "sm-test")
    fault = spoil(kinds.cut, times=1)

    reading = list_notebook_instances(connect().client("sagemaker", attempts=2), "us-east-1")

    assert ([row["NotebookInstanceName"] for row in reading.items], reading.gaps, fault.met) == (["sm-test"], (), 2)


def test_nothing_is_told_of_a_bucket_by_empty_answers(spoil, account):
    """By S3's own empty answers no object is in it, nobody may read it, and it keeps no versions."""
    name = account.make_bucket("sagemaker-20260701-1820")
    client = connect().client("s3", attempts=1)
    (bucket,) = pages(client, "s3", "ListBuckets", "Buckets", None).items

    spoil(kinds.empty)
    (looked,) = in_turn(look_into(client, Bucket(bucket["Name"], bucket["CreationDate"], "us-east-1"))).items

    told = (looked.public_access_block, looked.policy_is_public, looked.acl_is_public, looked.has_objects)
    assert (looked.name, told, looked.versioning) == (name, (None, None, None, None), None)


def test_awss_own_answer_in_which_nothing_stands_is_one(way):
    """An empty list of an empty account, by each protocol, is no gap."""
    connection = connect()

    assert read_snapshots(connection.client("ec2"), "us-east-1").gaps == ()
    for service, operation, key in (
        ("sagemaker", "ListNotebookInstances", "NotebookInstances"),
        ("s3", "ListBuckets", "Buckets"),
        ("efs", "DescribeFileSystems", "FileSystems"),
        ("logs", "DescribeLogGroups", "logGroups"),
    ):
        reading = pages(connection.client(service), service, operation, key, None)
        assert (reading.items, reading.gaps) == ((), ())


def test_an_answer_that_trickles_ends_in_time(spoil, monkeypatch):
    """There is never a silence that is long enough to give up on."""
    monkeypatch.setattr(clients, "ANSWER_S", 1.0)
    monkeypatch.setattr(clients, "READ_TIMEOUT_S", 30)
    spoil(kinds.drip)

    reading = list_notebook_instances(connect().client("sagemaker", attempts=1), "us-east-1")

    assert (reading.items, [gap.code for gap in reading.gaps]) == ((), ["ReadTimeoutError"])


def test_who_is_silent_is_waited_for_once_in_a_look(spoil, monkeypatch):
    """And asked again in the next one; others are asked all the time."""
    monkeypatch.setattr(clients, "READ_TIMEOUT_S", 0.5)
    connection = connect()
    logs, sagemaker = connection.client("logs", attempts=1), connection.client("sagemaker", attempts=1)

    def look():
        with clients.asking(connection.asking):
            return [pages(logs, "logs", "DescribeLogGroups", "logGroups", None).gaps[0].code for _ in range(3)]

    fault = spoil(kinds.hang)
    assert (look(), fault.met) == (["ReadTimeoutError"] * 3, 1)
    assert (look(), fault.met) == (["ReadTimeoutError"] * 3, 2)
    with clients.asking(connection.asking):
        assert [list_notebook_instances(sagemaker, "us-east-1").gaps[0].code, fault.met] == ["ReadTimeoutError", 3]
