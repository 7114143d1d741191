"""CloudTrail's event history: what is kept of an event, and what was read wholly."""

import datetime as dt
import json
from typing import Any

import pytest
from botocore.stub import Stubber

from skymark.evidence import Event, HistoryRead, PublicAccessBlock, Website
from skymark.lives import ABOUT
from skymark.rubric import SurveyPlan
from skymark.survey.history import OF_BUCKETS, OF_ENDS, OF_SETTINGS, of_buckets, read_history

NOW = dt.datetime(2026, 7, 2, 10, 0, tzinfo=dt.UTC)
AT = dt.datetime(2026, 7, 1, 18, 22, 41, tzinfo=dt.UTC)
SINCE = dt.datetime(2026, 4, 4, tzinfo=dt.UTC)
ROLE = "arn:aws:iam::111122223333:role/service-role/AmazonSageMaker-ExecutionRole-20260701T182197"


def row(name: str, asked: Any, source: str = "sagemaker.amazonaws.com", **more: Any) -> dict[str, Any]:
    """An event as LookupEvents shows it."""
    record = {"eventName": name, "eventSource": source, "requestParameters": asked, "responseElements": None, **more}
    return {"EventId": "1", "EventName": name, "EventTime": AT, "CloudTrailEvent": json.dumps(record)}


@pytest.fixture
def read(client):
    """What is read of the answers, one for each name in turn; an exception's code instead of an answer refuses."""

    def look(*answers: tuple[str, list[dict[str, Any]] | str]) -> Any:
        cloudtrail = client("cloudtrail")
        with Stubber(cloudtrail) as aws:
            for name, told in answers:
                attribute = [{"AttributeKey": "EventName", "AttributeValue": name}]
                asked = {"LookupAttributes": attribute, "StartTime": NOW - dt.timedelta(days=90)}
                if isinstance(told, str):
                    aws.add_client_error("lookup_events", told, expected_params=asked)
                    break
                aws.add_response("lookup_events", {"Events": told}, asked)
            return read_history(cloudtrail, "us-east-1", [name for name, _ in answers], NOW)

    return look


def test_an_instance_is_known_as_it_was_made(read):
    """Type, role, root access and accelerators are in the event."""
    asked = {
        "notebookInstanceName": "sm-test",
        "instanceType": "ml.t2.medium",
        "roleArn": ROLE,
        "rootAccess": "Disabled",
        "acceleratorTypes": ["ml.eia2.medium"],
    }

    found = read(("CreateNotebookInstance", [row("CreateNotebookInstance", asked)]))

    assert found.gaps == ()
    assert found.items == (
        Event(
            "CreateNotebookInstance",
            AT,
            "us-east-1",
            "sm-test",
            instance_type="ml.t2.medium",
            role_arn=ROLE,
            root_access=False,
            accelerator_types=("ml.eia2.medium",),
        ),
        HistoryRead("CreateNotebookInstance", "us-east-1", SINCE),
    )


@pytest.mark.parametrize(
    ("name", "asked", "source", "wanted"),
    [
        (
            "CreateEndpoint",
            {"endpointName": "e", "endpointConfigName": "c"},
            "sagemaker.amazonaws.com",
            {"resource": "e", "refers_to": ("c",)},
        ),
        (
            "UpdateEndpoint",
            {"endpointName": "e", "endpointConfigName": "newer"},
            "sagemaker.amazonaws.com",
            {"resource": "e", "refers_to": ("newer",)},
        ),
        (
            "CreateTrainingJob",
            {
                "trainingJobName": "j",
                "algorithmSpecification": {"trainingImage": "i"},
                "outputDataConfig": {"s3OutputPath": "s3://b/output"},
                "roleArn": ROLE,
            },
            "sagemaker.amazonaws.com",
            {"resource": "j", "refers_to": ("i", "s3://b/output"), "role_arn": ROLE},
        ),
        (
            "CreateEndpointConfig",
            {"endpointConfigName": "c", "productionVariants": [{"variantName": "v", "modelName": "m"}]},
            "sagemaker.amazonaws.com",
            {"resource": "c", "refers_to": ("m",)},
        ),
        (
            "CreateModel",
            {"modelName": "m", "primaryContainer": {"image": "i", "modelDataUrl": "s3://b/model.tar.gz"}},
            "sagemaker.amazonaws.com",
            {"resource": "m", "refers_to": ("s3://b/model.tar.gz",)},
        ),
        (
            "CreateBucket",
            {"bucketName": "b", "CreateBucketConfiguration": {"LocationConstraint": "us-west-2"}},
            "s3.amazonaws.com",
            {"resource": "b", "refers_to": ("us-west-2",)},
        ),
        ("CreateBucket", {"bucketName": "b"}, "s3.amazonaws.com", {"resource": "b", "refers_to": (None,)}),
        (
            "PutBucketPublicAccessBlock",
            {"bucketName": "b", "PublicAccessBlockConfiguration": {"BlockPublicAcls": True}},
            "s3.amazonaws.com",
            {"resource": "b", "switches": PublicAccessBlock(block_public_acls=True)},
        ),
        (
            "PutBucketPublicAccessBlock",
            {"bucketName": "b", "publicAccessBlock": [""]},
            "s3.amazonaws.com",
            {"resource": "b", "switches": None},
        ),
        (
            "SetDefaultPolicyVersion",
            {"policyArn": "arn:aws:iam::111122223333:policy/p", "versionId": "v1"},
            "iam.amazonaws.com",
            {"resource": "arn:aws:iam::111122223333:policy/p"},
        ),
        (
            "DeleteRolePermissionsBoundary",
            {"roleName": "r"},
            "iam.amazonaws.com",
            {"resource": "r"},
        ),
        (
            "AttachRolePolicy",
            {"roleName": "r", "policyArn": "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"},
            "iam.amazonaws.com",
            {"resource": "r", "refers_to": ("arn:aws:iam::aws:policy/AmazonSageMakerFullAccess",)},
        ),
        (
            "CreateApp",
            {
                "domainId": "d",
                "spaceName": "s",
                "appType": "JupyterLab",
                "appName": "default",
                "resourceSpec": {"instanceType": "ml.t3.medium"},
            },
            "sagemaker.amazonaws.com",
            {"resource": "d/s/JupyterLab/default", "instance_type": "ml.t3.medium"},
        ),
        ("DeleteNotebookInstance", {"notebookInstanceName": "n"}, "sagemaker.amazonaws.com", {"resource": "n"}),
        (
            "PutBucketWebsite",
            {
                "bucketName": "b",
                "Host": "b.s3.us-east-1.amazonaws.com",
                "website": "",
                "WebsiteConfiguration": {"xmlns": "…", "IndexDocument": {"Suffix": "index.html"}},
            },
            "s3.amazonaws.com",
            {"resource": "b", "website": Website("index.html")},
        ),
        (
            "PutBucketWebsite",
            {"bucketName": "b", "website": ""},
            "s3.amazonaws.com",
            {"resource": "b"},
        ),
        (
            "PutBucketPolicy",
            {"bucketName": "b", "policy": "", "bucketPolicy": {"Statement": []}},
            "s3.amazonaws.com",
            {"resource": "b", "document": '{"Statement": []}'},
        ),
        (
            "PutBucketTagging",
            {"bucketName": "b", "tagging": "", "Tagging": {"xmlns": "…", "TagSet": {"Tag": {"Key": "k"}}}},
            "s3.amazonaws.com",
            {"resource": "b", "document": '{"TagSet": {"Tag": {"Key": "k"}}}'},
        ),
        ("PutBucketPolicy", {"bucketName": "b", "policy": ""}, "s3.amazonaws.com", {"resource": "b"}),
        ("DeleteBucketWebsite", {"bucketName": "b", "website": ""}, "s3.amazonaws.com", {"resource": "b"}),
    ],
)
def test_each_kind_of_event_keeps_what_the_lesson_needs(read, name, asked, source, wanted):
    """What joins a thing to the others, and its settings."""
    found = read((name, [row(name, asked, source)]))

    assert found.items[0] == Event(name, AT, "us-east-1", **wanted)


def test_a_cluster_is_kept_with_its_arn(read):
    """By which it may be deleted."""
    arn = "arn:aws:sagemaker:us-east-1:111122223333:cluster/abcdefghijkl"
    made = row("CreateCluster", {"clusterName": "c"}, responseElements={"clusterArn": arn})

    (event, _) = read(("CreateCluster", [made])).items

    assert (event.resource, event.refers_to) == ("c", (arn,))


def test_a_refusal_is_kept_with_awss_words(read):
    """A quota is no fault of the student's: the event says so."""
    refused = row(
        "CreateEndpoint", {"endpointName": "e"}, errorCode="ResourceLimitExceeded", errorMessage="The limit is 0"
    )

    (event, _) = read(("CreateEndpoint", [refused])).items

    assert (event.error, event.message) == ("ResourceLimitExceeded", "The limit is 0")


def test_another_services_event_of_the_same_name_is_passed_over(read):
    """API Gateway makes models, too."""
    foreign = row("CreateModel", {"restApiId": "x"}, "apigateway.amazonaws.com")

    assert read(("CreateModel", [foreign])).items == (HistoryRead("CreateModel", "us-east-1", SINCE),)


def test_what_is_refused_once_is_not_asked_again(read):
    """One denial stands for all of them, and each is a gap of its own."""
    found = read(("CreateEndpoint", "AccessDeniedException"), ("CreateModel", []), ("DeleteEndpoint", []))

    assert found.items == ()
    assert [(gap.call, gap.code, gap.resource) for gap in found.gaps] == [
        ("LookupEvents", "AccessDeniedException", name) for name in ("CreateEndpoint", "CreateModel", "DeleteEndpoint")
    ]


def test_the_ends_of_what_bills_are_told_by_making_starting_stopping_and_deleting():
    """Of notebook instances and endpoints, and of what else bills until somebody deletes it."""
    assert {name for name in OF_ENDS if "Mlflow" in name or "Notebook" in name} == {
        *(f"{verb}MlflowTrackingServer" for verb in ("Create", "Start", "Stop", "Delete")),
        *(f"{verb}NotebookInstance" for verb in ("Create", "Stop", "Delete")),
    }


def test_of_buckets_is_read_what_the_rubric_asks_about_them():
    """The making first; each name once."""
    plan = SurveyPlan(settings=("website", "policy"))

    assert of_buckets(SurveyPlan()) == OF_BUCKETS
    assert of_buckets(plan) == (*OF_BUCKETS, "PutBucketWebsite", "DeleteBucketWebsite", "DeleteBucketPolicy")


def test_each_event_of_a_bucket_is_a_part_of_its_life():
    """So that a window of time leaves out those of buckets that were made outside it."""
    assert {name for names in OF_SETTINGS.values() for name in names} <= set(ABOUT["CreateBucket"])
