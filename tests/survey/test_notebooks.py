"""Notebook instances."""

import datetime as dt

import pytest
from botocore.stub import Stubber

from skymark.evidence import NotebookInstance
from skymark.survey.notebooks import describe_notebook_instance, list_notebook_instances

MADE = dt.datetime(2019, 7, 1, 18, 22, tzinfo=dt.UTC)
ROW = {
    "NotebookInstanceName": "sm-test",
    "NotebookInstanceArn": "arn:aws:sagemaker:us-east-1:123456789012:notebook-instance/sm-test",
    "NotebookInstanceStatus": "InService",
    "InstanceType": "ml.t2.medium",
    "CreationTime": MADE,
}
ANSWER = ROW | {"RoleArn": "arn:aws:iam::123456789012:role/R", "RootAccess": "Disabled", "VolumeSizeInGB": 5}


def test_denied_region_is_a_gap_not_an_empty_region(client):
    """A region that may not be read is unknown. It is never reported as empty."""
    sagemaker = client("sagemaker")
    with Stubber(sagemaker) as aws:
        aws.add_client_error("list_notebook_instances", "AccessDeniedException")
        reading = list_notebook_instances(sagemaker, "eu-west-1")

    assert reading.items == ()
    assert [(one.call, one.region, one.code) for one in reading.gaps] == [
        ("ListNotebookInstances", "eu-west-1", "AccessDeniedException")
    ]


def test_everything_that_a_criterion_asks_is_read(client):
    """Absent keys are AWS's way to say none."""
    sagemaker = client("sagemaker")
    with Stubber(sagemaker) as aws:
        aws.add_response("describe_notebook_instance", ANSWER)
        reading = describe_notebook_instance(sagemaker, "us-east-1", ROW)

    assert reading.gaps == ()
    assert reading.items == (
        NotebookInstance(
            "sm-test",
            "us-east-1",
            "InService",
            "ml.t2.medium",
            MADE,
            role_arn="arn:aws:iam::123456789012:role/R",
            root_access=False,
            accelerator_types=(),
            volume_gib=5,
        ),
    )


def test_a_refused_describe_leaves_unknown_what_only_it_tells(client):
    """None, not a default that would pass or fail."""
    sagemaker = client("sagemaker")
    with Stubber(sagemaker) as aws:
        aws.add_client_error("describe_notebook_instance", "AccessDeniedException")
        reading = describe_notebook_instance(sagemaker, "us-east-1", ROW)

    (found,) = reading.items
    assert (found.status, found.role_arn, found.root_access, found.accelerator_types) == ("InService", None, None, None)
    assert [(one.call, one.resource) for one in reading.gaps] == [("DescribeNotebookInstance", "sm-test")]


def test_keys_that_describe_leaves_out_are_taken_from_the_list(client):
    """AWS promises none of them."""
    sagemaker = client("sagemaker")
    with Stubber(sagemaker) as aws:
        aws.add_response("describe_notebook_instance", {"RoleArn": "arn:aws:iam::123456789012:role/R"})
        (found,) = describe_notebook_instance(sagemaker, "us-east-1", ROW).items

    assert found == NotebookInstance(
        "sm-test",
        "us-east-1",
        "InService",
        "ml.t2.medium",
        MADE,
        role_arn="arn:aws:iam::123456789012:role/R",
        root_access=True,
        accelerator_types=(),
    )


def test_every_page_is_read_and_what_was_read_before_a_refusal_is_kept(client):
    """An empty page may carry a token; half a list is not taken for the whole."""
    sagemaker = client("sagemaker")
    with Stubber(sagemaker) as aws:
        aws.add_response("list_notebook_instances", {"NotebookInstances": [], "NextToken": "1"})
        aws.add_response("list_notebook_instances", {"NotebookInstances": [ROW]})
        aws.add_response("list_notebook_instances", {"NotebookInstances": [ROW], "NextToken": "2"})
        aws.add_client_error("list_notebook_instances", "ThrottlingException")
        whole, half = (list_notebook_instances(sagemaker, "us-east-1") for _ in range(2))

    assert (whole.items, whole.gaps) == ((ROW,), ())
    assert (half.items, [one.code for one in half.gaps]) == ((ROW,), ["ThrottlingException"])


def test_the_practice_clouds_words_for_one_that_is_gone(account, connection):
    """The same as AWS's."""
    reading = describe_notebook_instance(connection.client("sagemaker"), "us-east-1", ROW)

    assert (reading.items, reading.gaps) == ((), ())


@pytest.mark.parametrize("message", ["RecordNotFound", "RecordNotFound: no such notebook"])
def test_one_that_was_deleted_meanwhile_is_left_out(client, message):
    """It is not there, and nothing is unknown."""
    sagemaker = client("sagemaker")
    with Stubber(sagemaker) as aws:
        aws.add_client_error("describe_notebook_instance", "ValidationException", message)
        reading = describe_notebook_instance(sagemaker, "us-east-1", ROW)

    assert (reading.items, reading.gaps) == ((), ())
