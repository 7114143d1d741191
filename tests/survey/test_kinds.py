"""Any kind of thing: listed whole where there are few, by state where there are many, described where it matters."""

import datetime as dt
from dataclasses import replace

import pytest
from botocore.stub import Stubber

from skymark.evidence import Resource
from skymark.survey.kinds import Kind, read_kind
from skymark.survey.reading import Reading

MADE = dt.datetime(2026, 7, 1, 18, 40, tzinfo=dt.UTC)
ARN = "arn:aws:sagemaker:us-east-1:123456789012:cluster/abcdefghijkl"
JOBS = Kind(
    type="processing-job",
    call="ListProcessingJobs",
    key="ProcessingJobSummaries",
    id="ProcessingJobName",
    status="ProcessingJobStatus",
    states=("InProgress", "Stopping"),
    state_filter="StatusEquals",
)
CLUSTERS = Kind(
    type="cluster",
    call="ListClusters",
    key="ClusterSummaries",
    id="ClusterName",
    status="ClusterStatus",
    more=lambda row: {"note": row.get("FailureMessage")},
    describe=("DescribeCluster", "ClusterName"),
)


def job(name, status):
    return {
        "ProcessingJobName": name,
        "ProcessingJobArn": ARN,
        "CreationTime": MADE,
        "ProcessingJobStatus": status,
    }


def cluster(status="InService", **more):
    return {"ClusterArn": ARN, "ClusterName": "c", "CreationTime": MADE, "ClusterStatus": status, **more}


def read(client, kind, *answers):
    """Read a kind; answers are operation, response or error code, and what must have been asked."""
    sagemaker = client("sagemaker")
    with Stubber(sagemaker) as aws:
        for operation, answer, *asked in answers:
            if isinstance(answer, str):
                aws.add_client_error(operation, answer)
            else:
                aws.add_response(operation, answer, *asked)
        reading = read_kind(kind, sagemaker, "us-east-1")
        aws.assert_no_pending_responses()
    return reading


def test_a_row_tells_name_state_and_time(client):
    """One call, a hundred to a page."""
    page = {"ProcessingJobSummaries": [job("runs", "InProgress"), job("ended", "Completed")]}

    assert read(client, JOBS, ("list_processing_jobs", page, {"MaxResults": 100})) == Reading(
        (Resource("sagemaker", "processing-job", "runs", "us-east-1", "InProgress", MADE),)
    )


def test_of_more_than_a_page_of_jobs_only_those_that_run_are_asked_for(client):
    """One that was told to stop in between is there once, as it was last seen."""
    reading = read(
        client,
        JOBS,
        ("list_processing_jobs", {"ProcessingJobSummaries": [job("ended", "Failed")], "NextToken": "1"}),
        (
            "list_processing_jobs",
            {"ProcessingJobSummaries": [job("old", "InProgress"), job("stopping", "InProgress")]},
            {"MaxResults": 100, "StatusEquals": "InProgress"},
        ),
        (
            "list_processing_jobs",
            {"ProcessingJobSummaries": [job("stopping", "Stopping")]},
            {"MaxResults": 100, "StatusEquals": "Stopping"},
        ),
    )

    assert [(one.id, one.status) for one in reading.items] == [("old", "InProgress"), ("stopping", "Stopping")]
    assert reading.gaps == ()


def test_a_refused_list_is_one_gap(client):
    """However often it was asked."""
    first = ("list_processing_jobs", {"ProcessingJobSummaries": [], "NextToken": "1"})
    refused = ("list_processing_jobs", "AccessDeniedException")

    for answers in ([refused], [first, refused, refused]):
        reading = read(client, JOBS, *answers)
        assert (reading.items, [one.call for one in reading.gaps]) == ((), ["ListProcessingJobs"])


def test_a_description_tells_more(client):
    """It is asked for by name."""
    reading = read(
        client,
        CLUSTERS,
        ("list_clusters", {"ClusterSummaries": [cluster()]}),
        (
            "describe_cluster",
            {"ClusterArn": ARN, "ClusterStatus": "Updating", "InstanceGroups": [], "FailureMessage": "no machines"},
            {"ClusterName": "c"},
        ),
    )

    assert reading == Reading(
        (Resource("sagemaker", "cluster", "c", "us-east-1", "Updating", MADE, note="no machines"),)
    )


def test_a_refused_description_keeps_the_row_beside_the_gap(client):
    """That it is there, and bills, is known."""
    listed = ("list_clusters", {"ClusterSummaries": [cluster()]})
    reading = read(client, CLUSTERS, listed, ("describe_cluster", "AccessDeniedException"))

    assert reading.items == (Resource("sagemaker", "cluster", "c", "us-east-1", "InService", MADE),)
    assert [(one.call, one.resource) for one in reading.gaps] == [("DescribeCluster", "c")]


@pytest.mark.parametrize(
    ("kind", "listed", "described"),
    [
        (CLUSTERS, ("list_clusters", {"ClusterSummaries": [cluster()]}), ("describe_cluster", "ResourceNotFound")),
        (CLUSTERS, ("list_clusters", {"ClusterSummaries": [cluster("Deleted")]}), None),
    ],
)
def test_what_is_gone_is_not_there(client, kind, listed, described):
    """Deleted since it was listed, or listed on for a while."""
    assert read(client, kind, listed, *([described] if described else [])) == Reading()


def test_a_job_that_ends_while_it_is_described_does_not_run(client):
    """It bills no more."""
    reading = read(
        client,
        replace(CLUSTERS, states=("InService",)),
        ("list_clusters", {"ClusterSummaries": [cluster()]}),
        ("describe_cluster", {"ClusterArn": ARN, "ClusterStatus": "Failed", "InstanceGroups": []}),
    )

    assert reading == Reading()


def test_a_call_without_pages_is_made_once(client):
    """A few of EC2's have none."""
    ec2 = client("ec2")
    addresses = Kind(service="ec2", type="address", call="DescribeAddresses", key="Addresses", id="AllocationId")
    with Stubber(ec2) as aws:
        aws.add_response("describe_addresses", {"Addresses": [{"AllocationId": "eipalloc-1"}]}, {})

        assert read_kind(addresses, ec2, "us-east-1").items == (Resource("ec2", "address", "eipalloc-1", "us-east-1"),)
