"""One call, as CloudTrail shows it."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest

from simulator.authorization.callers import ANONYMOUS, Caller, root, service
from simulator.call import Call
from simulator.cloudtrail import Answered, Event, event_of
from simulator.cloudtrail.events import owners_copy

Recorded = Callable[..., dict[str, Any]]
Happened = Callable[..., Event | None]

ROLE_ARN = "arn:aws:iam::111122223333:role/service-role/AmazonSageMaker-ExecutionRole-20260701T182197"
ENVELOPE = {
    "eventVersion": "1.11",
    "userIdentity": {
        "type": "IAMUser",
        "principalId": "AIDAEXAMPLE",
        "arn": "arn:aws:iam::111122223333:user/student",
        "accountId": "111122223333",
        "accessKeyId": "ASIAEXAMPLE",
        "userName": "student",
        "sessionContext": {"attributes": {"creationDate": "2026-07-01T17:55:02Z", "mfaAuthenticated": "false"}},
    },
    "eventTime": "2026-07-01T18:22:41Z",
    "eventSource": "sagemaker.amazonaws.com",
    "awsRegion": "us-east-1",
    "sourceIPAddress": "127.0.0.1",
    "userAgent": "Mozilla/5.0 (X11; Linux x86_64)",
    "responseElements": None,
    "requestID": "REQUEST",
    "readOnly": False,
    "eventType": "AwsApiCall",
    "managementEvent": True,
    "recipientAccountId": "111122223333",
    "eventCategory": "Management",
    "sessionCredentialFromConsole": "true",
}
NOTEBOOK_IDENTITY = {
    "type": "AssumedRole",
    "principalId": "AROAEXAMPLE:SageMaker",
    "arn": "arn:aws:sts::111122223333:assumed-role/AmazonSageMaker-ExecutionRole-20260701T182197/SageMaker",
    "accountId": "111122223333",
    "accessKeyId": "ASIANOTEBOOK",
    "sessionContext": {
        "sessionIssuer": {
            "type": "Role",
            "principalId": "AROAEXAMPLE",
            "arn": ROLE_ARN,
            "accountId": "111122223333",
            "userName": "AmazonSageMaker-ExecutionRole-20260701T182197",
        },
        "attributes": {"creationDate": "2026-07-01T17:55:02Z", "mfaAuthenticated": "false"},
    },
}
SDK = "Boto3/1.34.0 md/Botocore#1.34.0 AWS-SageMaker-Python-SDK/2.200.0 AWS-SageMaker-Notebook-Instance/1"


def without(record: dict[str, Any], *names: str) -> dict[str, Any]:
    """The record less what is not of interest."""
    return {name: value for name, value in record.items() if name not in names}


def test_create_notebook_instance(recorded: Recorded) -> None:
    """The console's creation of the notebook instance: every parameter as sent, the ARN as answered."""
    arn = "arn:aws:sagemaker:us-east-1:111122223333:notebook-instance/sm-test"
    event = recorded(
        "sagemaker",
        "CreateNotebookInstance",
        {
            "NotebookInstanceName": "sm-test",
            "InstanceType": "ml.t2.medium",
            "RoleArn": ROLE_ARN,
            "DirectInternetAccess": "Enabled",
            "VolumeSizeInGB": 5,
            "RootAccess": "Enabled",
            "PlatformIdentifier": "notebook-al2023-v1",
            "InstanceMetadataServiceConfiguration": {"MinimumInstanceMetadataServiceVersion": "2"},
            "Tags": [],
        },
        {"NotebookInstanceArn": arn},
    )

    assert event == ENVELOPE | {
        "eventName": "CreateNotebookInstance",
        "requestParameters": {
            "notebookInstanceName": "sm-test",
            "instanceType": "ml.t2.medium",
            "roleArn": ROLE_ARN,
            "directInternetAccess": "Enabled",
            "volumeSizeInGB": 5,
            "rootAccess": "Enabled",
            "platformIdentifier": "notebook-al2023-v1",
            "instanceMetadataServiceConfiguration": {"minimumInstanceMetadataServiceVersion": "2"},
            "tags": [],
        },
        "responseElements": {"notebookInstanceArn": arn},
    }


@pytest.mark.parametrize(
    "operation", ["StartNotebookInstance", "StopNotebookInstance", "DeleteNotebookInstance", "UpdateNotebookInstance"]
)
def test_changes_of_a_notebook_instance_answer_nothing(recorded: Recorded, operation: str) -> None:
    """Start, stop, update and delete tell only the name."""
    event = recorded("sagemaker", operation, {"NotebookInstanceName": "sm-test"})

    assert event == ENVELOPE | {"eventName": operation, "requestParameters": {"notebookInstanceName": "sm-test"}}


def test_opening_jupyter_does_not_tell_the_address(recorded: Recorded) -> None:
    """The presigned address lets in whoever has it: it is never recorded."""
    event = recorded(
        "sagemaker",
        "CreatePresignedNotebookInstanceUrl",
        {"NotebookInstanceName": "sm-test"},
        {"AuthorizedUrl": "https://sm-test.notebook.us-east-1.sagemaker.aws?authToken=secret"},
    )

    assert event == ENVELOPE | {
        "eventName": "CreatePresignedNotebookInstanceUrl",
        "requestParameters": {"notebookInstanceName": "sm-test"},
    }


def test_a_refused_call_has_the_error_and_no_response(recorded: Recorded) -> None:
    """Deleting what still runs is recorded with AWS's code and words."""
    words = "Status (InService) not in ([Stopped, Failed]). Unable to transition to (Deleting)"
    event = recorded(
        "sagemaker",
        "DeleteNotebookInstance",
        {"NotebookInstanceName": "sm-test"},
        status=400,
        error=("ValidationException", words),
    )

    assert event == ENVELOPE | {
        "eventName": "DeleteNotebookInstance",
        "errorCode": "ValidationException",
        "errorMessage": words,
        "requestParameters": {"notebookInstanceName": "sm-test"},
    }


def test_create_training_job_from_the_notebook(recorded: Recorded, notebook: Caller) -> None:
    """The notebook's role is the caller, and the keys of the hyperparameters stay as they were sent."""
    name = "linear-learner-2026-07-01-18-40-12-345"
    image = "382416733822.dkr.ecr.us-east-1.amazonaws.com/linear-learner:1"
    data = "s3://sagemaker-20260701-1820/sagemaker/DEMO-linear-mnist/train/recordio-pb-data"
    arn = f"arn:aws:sagemaker:us-east-1:111122223333:training-job/{name}"
    event = recorded(
        "sagemaker",
        "CreateTrainingJob",
        {
            "TrainingJobName": name,
            "HyperParameters": {"feature_dim": "784", "predictor_type": "binary_classifier", "mini_batch_size": "200"},
            "AlgorithmSpecification": {"TrainingImage": image, "TrainingInputMode": "File"},
            "RoleArn": ROLE_ARN,
            "InputDataConfig": [
                {
                    "ChannelName": "train",
                    "DataSource": {
                        "S3DataSource": {
                            "S3DataType": "S3Prefix",
                            "S3Uri": data,
                            "S3DataDistributionType": "FullyReplicated",
                        }
                    },
                }
            ],
            "OutputDataConfig": {"S3OutputPath": "s3://sagemaker-20260701-1820/sagemaker/DEMO-linear-mnist/output"},
            "ResourceConfig": {"InstanceType": "ml.c4.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
            "StoppingCondition": {"MaxRuntimeInSeconds": 86400},
        },
        {"TrainingJobArn": arn},
        caller=notebook,
        agent=SDK,
    )

    assert event == without(ENVELOPE, "sessionCredentialFromConsole") | {
        "userIdentity": NOTEBOOK_IDENTITY,
        "userAgent": SDK,
        "eventName": "CreateTrainingJob",
        "requestParameters": {
            "trainingJobName": name,
            "hyperParameters": {"feature_dim": "784", "predictor_type": "binary_classifier", "mini_batch_size": "200"},
            "algorithmSpecification": {"trainingImage": image, "trainingInputMode": "File"},
            "roleArn": ROLE_ARN,
            "inputDataConfig": [
                {
                    "channelName": "train",
                    "dataSource": {
                        "s3DataSource": {
                            "s3DataType": "S3Prefix",
                            "s3Uri": data,
                            "s3DataDistributionType": "FullyReplicated",
                        }
                    },
                }
            ],
            "outputDataConfig": {"s3OutputPath": "s3://sagemaker-20260701-1820/sagemaker/DEMO-linear-mnist/output"},
            "resourceConfig": {"instanceType": "ml.c4.xlarge", "instanceCount": 1, "volumeSizeInGB": 30},
            "stoppingCondition": {"maxRuntimeInSeconds": 86400},
        },
        "responseElements": {"trainingJobArn": arn},
    }


def test_create_and_delete_endpoint(recorded: Recorded) -> None:
    """An endpoint's creation tells its ARN, its deletion only its name."""
    name = "linear-learner-2026-07-01-18-46-30-001"
    arn = f"arn:aws:sagemaker:us-east-1:111122223333:endpoint/{name}"
    made = recorded(
        "sagemaker", "CreateEndpoint", {"EndpointName": name, "EndpointConfigName": name}, {"EndpointArn": arn}
    )
    gone = recorded("sagemaker", "DeleteEndpoint", {"EndpointName": name})

    assert made == ENVELOPE | {
        "eventName": "CreateEndpoint",
        "requestParameters": {"endpointName": name, "endpointConfigName": name},
        "responseElements": {"endpointArn": arn},
    }
    assert gone == ENVELOPE | {"eventName": "DeleteEndpoint", "requestParameters": {"endpointName": name}}


@pytest.mark.parametrize(
    ("asked_in", "place", "region"),
    [("us-east-1", None, "us-east-1"), ("us-west-2", "us-west-2", "us-west-2"), ("us-east-1", "EU", "eu-west-1")],
)
def test_create_bucket_is_kept_where_the_bucket_lies(
    recorded: Recorded, asked_in: str, place: str | None, region: str
) -> None:
    """S3's event names the bucket three ways, and is one of the bucket's own region."""
    configuration = {"CreateBucketConfiguration": {"LocationConstraint": place}} if place else {}
    event = recorded(
        "s3",
        "CreateBucket",
        {"Bucket": "sagemaker-20260701-1820", "ObjectOwnership": "BucketOwnerEnforced", **configuration},
        {"Location": "/sagemaker-20260701-1820"},
        region=asked_in,
    )

    elsewhere = (
        {
            "CreateBucketConfiguration": {
                "xmlns": "http://s3.amazonaws.com/doc/2006-03-01/",
                "LocationConstraint": place,
            }
        }
        if place
        else {}
    )
    assert event == ENVELOPE | {
        "eventSource": "s3.amazonaws.com",
        "eventName": "CreateBucket",
        "awsRegion": region,
        "userAgent": "[Mozilla/5.0 (X11; Linux x86_64)]",
        "requestParameters": {
            "bucketName": "sagemaker-20260701-1820",
            "Host": f"s3.{region}.amazonaws.com",
            "x-amz-object-ownership": "BucketOwnerEnforced",
            **elsewhere,
        },
        "resources": [
            {"accountId": "111122223333", "type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::sagemaker-20260701-1820"}
        ],
    }


def test_the_wizards_role_and_policy(recorded: Recorded) -> None:
    """IAM's events are in us-east-1 wherever the console stood, and keep the policy documents."""
    trust, policy = '{"Version":"2012-10-17","Statement":[]}', '{"Version": "2012-10-17"}'
    description = "SageMaker execution role created from the SageMaker AWS Management Console."
    role = recorded(
        "iam",
        "CreateRole",
        {
            "Path": "/service-role/",
            "RoleName": "AmazonSageMaker-ExecutionRole-1",
            "Description": description,
            "AssumeRolePolicyDocument": trust,
        },
        {
            "Role": {
                "Path": "/service-role/",
                "RoleName": "AmazonSageMaker-ExecutionRole-1",
                "RoleId": "AROAEXAMPLE",
                "Arn": "arn:aws:iam::111122223333:role/service-role/AmazonSageMaker-ExecutionRole-1",
                "CreateDate": dt.datetime(2026, 7, 1, 0, 5, 9, tzinfo=dt.UTC),
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []},  # as boto3 parses it
            }
        },
        region="eu-west-1",
    )
    written = recorded(
        "iam",
        "CreatePolicy",
        {
            "Path": "/service-role/",
            "PolicyName": "AmazonSageMaker-ExecutionPolicy-1",
            "PolicyDocument": policy,
        },
        region="eu-west-1",
    )

    assert role == ENVELOPE | {
        "eventSource": "iam.amazonaws.com",
        "eventName": "CreateRole",
        "requestParameters": {
            "path": "/service-role/",
            "roleName": "AmazonSageMaker-ExecutionRole-1",
            "description": description,
            "assumeRolePolicyDocument": trust,
        },
        "responseElements": {
            "role": {
                "path": "/service-role/",
                "roleName": "AmazonSageMaker-ExecutionRole-1",
                "roleId": "AROAEXAMPLE",
                "arn": "arn:aws:iam::111122223333:role/service-role/AmazonSageMaker-ExecutionRole-1",
                "createDate": "Jul 1, 2026, 12:05:09 AM",
                "assumeRolePolicyDocument": "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%5D%7D",
            }
        },
    }
    assert written == ENVELOPE | {
        "eventSource": "iam.amazonaws.com",
        "eventName": "CreatePolicy",
        "requestParameters": {
            "path": "/service-role/",
            "policyName": "AmazonSageMaker-ExecutionPolicy-1",
            "policyDocument": policy,
        },
    }


def test_what_lookup_events_shows(happened: Happened) -> None:
    """The event's own fields agree with its text; times are whole seconds, reading is told as a text."""
    event = happened("sagemaker", "ListNotebookInstances", {"NameContains": "sm"}, {"NotebookInstances": []})

    assert event is not None
    text = json.loads(event.CloudTrailEvent)
    assert event == Event(
        EventId=text["eventID"],
        EventName="ListNotebookInstances",
        ReadOnly="true",
        AccessKeyId="ASIAEXAMPLE",
        EventTime=dt.datetime(2026, 7, 1, 18, 22, 41, tzinfo=dt.UTC),
        EventSource="sagemaker.amazonaws.com",
        Username="student",
        Resources=(),
        CloudTrailEvent=event.CloudTrailEvent,
    )
    assert (text["requestParameters"], text["responseElements"]) == ({"nameContains": "sm"}, None)


def test_nothing_given_is_null(recorded: Recorded) -> None:
    """A call without parameters has none, rather than an empty object."""
    event = recorded("sts", "GetCallerIdentity", {}, {"Account": "111122223333"})

    assert event == ENVELOPE | {
        "eventSource": "sts.amazonaws.com",
        "eventName": "GetCallerIdentity",
        "requestParameters": None,
        "readOnly": True,
    }


def test_a_key_without_session_and_the_root_user(recorded: Recorded, happened: Happened) -> None:
    """Long-lived keys have no session and are none of the console; the root user is called root."""
    keys = root("111122223333", "AKIAEXAMPLE")
    event = recorded("sagemaker", "DeleteModel", {"ModelName": "m"}, caller=keys, agent="aws-cli/2.15.0")

    assert event == without(ENVELOPE, "sessionCredentialFromConsole") | {
        "userIdentity": {
            "type": "Root",
            "principalId": "111122223333",
            "arn": "arn:aws:iam::111122223333:root",
            "accountId": "111122223333",
            "accessKeyId": "AKIAEXAMPLE",
        },
        "userAgent": "aws-cli/2.15.0",
        "eventName": "DeleteModel",
        "requestParameters": {"modelName": "m"},
    }
    shown = happened("sagemaker", "DeleteModel", {"ModelName": "m"}, caller=keys)
    assert shown is not None
    assert (shown.Username, shown.AccessKeyId) == ("root", "AKIAEXAMPLE")


def test_a_service_of_aws_calls(recorded: Recorded, happened: Happened) -> None:
    """Of a service its name is all that is told; nobody is named as user."""
    sagemaker = service("sagemaker.amazonaws.com", "111122223333")
    params = {"RoleArn": ROLE_ARN, "RoleSessionName": "SageMaker"}
    event = recorded("sts", "AssumeRole", params, caller=sagemaker, agent="")

    assert event == without(ENVELOPE, "sessionCredentialFromConsole") | {
        "userIdentity": {"type": "AWSService", "invokedBy": "sagemaker.amazonaws.com"},
        "sourceIPAddress": "sagemaker.amazonaws.com",
        "userAgent": "sagemaker.amazonaws.com",
        "eventSource": "sts.amazonaws.com",
        "eventName": "AssumeRole",
        "requestParameters": {"roleArn": ROLE_ARN, "roleSessionName": "SageMaker"},
        "readOnly": True,
        "resources": [{"accountId": "111122223333", "type": "AWS::IAM::Role", "ARN": ROLE_ARN}],
    }
    shown = happened("sts", "AssumeRole", params, caller=sagemaker, agent="")
    assert shown is not None
    assert (shown.Username, shown.AccessKeyId) == (None, None)


def test_a_service_calls_with_a_roles_session(recorded: Recorded, notebook: Caller) -> None:
    """SageMaker training with the student's role: the role's session, invoked by the service."""
    event = recorded(
        "logs",
        "CreateLogGroup",
        {"logGroupName": "/aws/sagemaker/TrainingJobs"},
        caller=notebook,
        agent="sagemaker.amazonaws.com",
    )

    assert event == without(ENVELOPE, "sessionCredentialFromConsole") | {
        "userIdentity": NOTEBOOK_IDENTITY | {"invokedBy": "sagemaker.amazonaws.com"},
        "sourceIPAddress": "sagemaker.amazonaws.com",
        "userAgent": "sagemaker.amazonaws.com",
        "eventSource": "logs.amazonaws.com",
        "eventName": "CreateLogGroup",
        "requestParameters": {"logGroupName": "/aws/sagemaker/TrainingJobs"},
    }


def test_nobodys_call_is_not_recorded(happened: Happened) -> None:
    """Who calls without keys is in no account's history."""
    assert happened("s3", "GetBucketAcl", {"Bucket": "b"}, caller=ANONYMOUS) is None


def test_a_failure_without_a_code_is_a_failure(student: Caller, at: dt.datetime) -> None:
    """An answer that names no error counts as done only if its status says so."""
    call = Call("sagemaker", "DeleteEndpoint", "us-east-1", "ASIAEXAMPLE", {"EndpointName": "e"})
    event = event_of(call, student, Answered(404, None, None, {}, "REQUEST"), at)

    assert event is not None
    record = json.loads(event.CloudTrailEvent)
    assert (record["errorCode"], record["errorMessage"], record["responseElements"]) == ("404", "", None)


def test_ec2s_errors_say_whose_fault_they_are(recorded: Recorded) -> None:
    """EC2 has `Client.` or `Server.` before its codes, as in its own log entries."""
    refused = ("UnauthorizedOperation", "You are not authorized to perform this operation.")
    event = recorded("ec2", "DescribeRegions", {}, status=403, error=refused)
    broken = recorded("ec2", "DescribeRegions", {}, status=503, error=("Unavailable", "Later."))

    assert (event["errorCode"], event["errorMessage"]) == (f"Client.{refused[0]}", refused[1])
    assert broken["errorCode"] == "Server.Unavailable"


def test_a_role_of_another_account_is_seen_there_too(student: Caller, at: dt.datetime) -> None:
    """The owner of the role sees which account came in, not which user; both events share an id."""
    role = "arn:aws:iam::444455556666:role/Grader"
    call = Call("sts", "AssumeRole", "us-east-1", "ASIAEXAMPLE", {"RoleArn": role, "RoleSessionName": "grade"})
    event = event_of(call, student, Answered(200, None, None, {}, "REQUEST"), at)

    assert event is not None
    copy = owners_copy(event, call, student)
    assert copy is not None
    own, theirs = json.loads(event.CloudTrailEvent), json.loads(copy[1].CloudTrailEvent)
    assert copy[0] == "444455556666"
    assert own["resources"] == [{"accountId": "444455556666", "type": "AWS::IAM::Role", "ARN": role}]
    assert own["eventID"] != theirs["eventID"]
    assert theirs == own | {
        "userIdentity": {"type": "AWSAccount", "principalId": "AIDAEXAMPLE", "accountId": "111122223333"},
        "eventID": copy[1].EventId,
        "recipientAccountId": "444455556666",
    }
    assert (copy[1].Username, copy[1].AccessKeyId) == (None, None)


def test_a_role_that_was_not_given_is_not_seen_by_its_owner(student: Caller, at: dt.datetime) -> None:
    """A refused AssumeRole stands only with who tried."""
    role = "arn:aws:iam::444455556666:role/Grader"
    call = Call("sts", "AssumeRole", "us-east-1", "ASIAEXAMPLE", {"RoleArn": role, "RoleSessionName": "grade"})
    event = event_of(call, student, Answered(403, "AccessDenied", "No.", None, "REQUEST"), at)

    assert event is not None
    assert owners_copy(event, call, student) is None
    assert "sharedEventID" not in json.loads(event.CloudTrailEvent)
