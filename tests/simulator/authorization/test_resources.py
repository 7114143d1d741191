"""What calls are about; no server runs, so IAM's paths are those of the call."""

from typing import Any

import pytest

from simulator.authorization.resources import resources_of, shown
from simulator.call import Call

ACCOUNT = "111122223333"
_SM = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:"
_IAM = f"arn:aws:iam::{ACCOUNT}:"
_LOGS = f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:"
_JUPYTER = "/aws/sagemaker/NotebookInstances"


def _call(service: str, operation: str, params: dict[str, Any]) -> Call:
    return Call(service, operation, "eu-west-1", "AKIAEXAMPLE", params)


@pytest.mark.parametrize(
    ("service", "operation", "params", "expected"),
    [
        ("s3", "ListBuckets", {}, ["*"]),
        ("s3", "ListObjectsV2", {"Bucket": "b"}, ["arn:aws:s3:::b"]),
        ("s3", "GetObject", {"Bucket": "b", "Key": "A/é:c"}, ["arn:aws:s3:::b/A/é:c"]),
        (
            "s3",
            "DeleteObjects",
            {"Bucket": "b", "Delete": {"Objects": [{"Key": "x"}, {"Key": "y/z", "VersionId": "1"}]}},
            ["arn:aws:s3:::b/x", "arn:aws:s3:::b/y/z"],
        ),
        ("s3control", "GetPublicAccessBlock", {"AccountId": ACCOUNT}, ["*"]),
        ("sagemaker", "ListNotebookInstances", {}, [_SM + "notebook-instance/*"]),
        ("sagemaker", "ListCodeRepositories", {}, [_SM + "code-repository/*"]),
        ("sagemaker", "ListDomains", {}, [_SM + "domain/*"]),
        (
            "sagemaker",
            "DescribeNotebookInstance",
            {"NotebookInstanceName": "SM-Test"},
            [_SM + "notebook-instance/sm-test"],
        ),
        (
            "sagemaker",
            "CreatePresignedNotebookInstanceUrl",
            {"NotebookInstanceName": "x"},
            [_SM + "notebook-instance/x"],
        ),
        (
            "sagemaker",
            "CreateNotebookInstance",
            {"NotebookInstanceName": "x", "LifecycleConfigName": "y", "RoleArn": "arn"},
            [_SM + "notebook-instance/x"],
        ),
        (
            "sagemaker",
            "CreateNotebookInstanceLifecycleConfig",
            {"NotebookInstanceLifecycleConfigName": "y"},
            [_SM + "notebook-instance-lifecycle-config/y"],
        ),
        ("sagemaker", "CreateTrainingJob", {"TrainingJobName": "J-1", "RoleArn": "arn"}, [_SM + "training-job/j-1"]),
        (
            "sagemaker",
            "ListTrainingJobsForHyperParameterTuningJob",
            {"HyperParameterTuningJobName": "t"},
            [_SM + "hyper-parameter-tuning-job/t"],
        ),
        ("sagemaker", "CreateAutoMLJobV2", {"AutoMLJobName": "a"}, [_SM + "automl-job/a"]),
        (
            "sagemaker",
            "DescribeDataQualityJobDefinition",
            {"JobDefinitionName": "d"},
            [_SM + "data-quality-job-definition/d"],
        ),
        (
            "sagemaker",
            "CreateEndpoint",
            {"EndpointName": "E", "EndpointConfigName": "C"},
            [_SM + "endpoint/e", _SM + "endpoint-config/c"],
        ),
        ("sagemaker", "CreateEndpointConfig", {"EndpointConfigName": "C"}, [_SM + "endpoint-config/c"]),
        ("sagemaker", "UpdateEndpointWeightsAndCapacities", {"EndpointName": "E"}, [_SM + "endpoint/e"]),
        ("sagemaker", "CreateTransformJob", {"TransformJobName": "t", "ModelName": "m"}, [_SM + "transform-job/t"]),
        (
            "sagemaker",
            "DescribeModelPackage",
            {"ModelPackageName": _SM + "model-package/p/1"},
            [_SM + "model-package/p/1"],
        ),
        ("sagemaker", "DescribeDomain", {"DomainId": "d-1"}, [_SM + "domain/d-1"]),
        ("sagemaker", "CreateUserProfile", {"DomainId": "d-1", "UserProfileName": "U"}, [_SM + "user-profile/d-1/u"]),
        ("sagemaker", "DeleteSpace", {"DomainId": "d-1", "SpaceName": "S"}, [_SM + "space/d-1/s"]),
        (
            "sagemaker",
            "DeleteApp",
            {"DomainId": "d-1", "UserProfileName": "u", "AppType": "JupyterLab", "AppName": "default"},
            [_SM + "app/d-1/u/jupyterlab/default"],
        ),
        ("sagemaker", "ListTags", {"ResourceArn": _SM + "model/m"}, [_SM + "model/m"]),
        ("sagemaker", "Search", {"Resource": "TrainingJob"}, ["*"]),
        ("sagemaker-runtime", "InvokeEndpoint", {"EndpointName": "E", "Body": b""}, [_SM + "endpoint/e"]),
        ("sagemaker-featurestore-runtime", "PutRecord", {"FeatureGroupName": "F"}, [_SM + "feature-group/f"]),
        ("iam", "ListRoles", {}, [_IAM + "role/"]),
        ("iam", "ListRoles", {"PathPrefix": "/service-role/"}, [_IAM + "role/service-role/"]),
        ("iam", "GetRole", {"RoleName": "R"}, [_IAM + "role/R"]),
        ("iam", "CreateRole", {"RoleName": "R", "Path": "/service-role/"}, [_IAM + "role/service-role/R"]),
        ("iam", "AttachRolePolicy", {"RoleName": "R", "PolicyArn": "arn:aws:iam::aws:policy/P"}, [_IAM + "role/R"]),
        (
            "iam",
            "AddRoleToInstanceProfile",
            {"RoleName": "R", "InstanceProfileName": "I"},
            [_IAM + "instance-profile/I"],
        ),
        ("iam", "AddUserToGroup", {"UserName": "U", "GroupName": "G"}, [_IAM + "group/G"]),
        ("iam", "GetPolicy", {"PolicyArn": "arn:aws:iam::aws:policy/P"}, ["arn:aws:iam::aws:policy/P"]),
        ("iam", "CreatePolicy", {"PolicyName": "P", "Path": "/service-role/"}, [_IAM + "policy/service-role/P"]),
        ("iam", "ListPolicies", {}, ["*"]),
        ("iam", "GetAccountSummary", {}, ["*"]),
        (
            "iam",
            "CreateServiceLinkedRole",
            {"AWSServiceName": "sagemaker.amazonaws.com"},
            [_IAM + "role/aws-service-role/sagemaker.amazonaws.com/*"],
        ),
        ("sts", "AssumeRole", {"RoleArn": _IAM + "role/R", "RoleSessionName": "s"}, [_IAM + "role/R"]),
        ("sts", "GetCallerIdentity", {}, ["*"]),
        ("logs", "DescribeLogGroups", {"logGroupNamePrefix": _JUPYTER}, [_LOGS + ":log-stream:"]),
        ("logs", "DescribeLogStreams", {"logGroupName": _JUPYTER}, [_LOGS + _JUPYTER + ":log-stream:"]),
        (
            "logs",
            "FilterLogEvents",
            {"logGroupIdentifier": _LOGS + _JUPYTER + ":*"},
            [_LOGS + _JUPYTER + ":log-stream:"],
        ),
        (
            "logs",
            "GetLogEvents",
            {"logGroupName": _JUPYTER, "logStreamName": "sm-test/jupyter.log"},
            [_LOGS + _JUPYTER + ":log-stream:sm-test/jupyter.log"],
        ),
        ("logs", "StartQuery", {"logGroupNames": ["a", "b"]}, [_LOGS + "a:log-stream:", _LOGS + "b:log-stream:"]),
        ("logs", "GetQueryResults", {"queryId": "q"}, ["*"]),
        ("cloudtrail", "LookupEvents", {}, ["*"]),
        ("cloudtrail", "GetTrailStatus", {"Name": "t"}, [f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/t"]),
        ("cloudtrail", "StartLogging", {"Name": "t"}, [f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/t"]),
        ("cloudwatch", "GetMetricData", {}, ["*"]),
        ("cloudwatch", "PutMetricAlarm", {"AlarmName": "a"}, [f"arn:aws:cloudwatch:eu-west-1:{ACCOUNT}:alarm:a"]),
        ("account", "ListRegions", {}, [f"arn:aws:account::{ACCOUNT}:account"]),
        ("ec2", "DescribeRegions", {}, ["*"]),
        ("service-quotas", "ListServiceQuotas", {"ServiceCode": "sagemaker"}, ["*"]),
    ],
)
def test_resources(service: str, operation: str, params: dict[str, Any], expected: list[str]) -> None:
    """The ARNs as AWS writes them."""
    assert resources_of(_call(service, operation, params), ACCOUNT) == tuple(expected)


@pytest.mark.parametrize(
    ("operation", "params", "expected"),
    [
        ("GetRole", {"RoleName": "voclabs"}, "role voclabs"),
        ("ListAttachedUserPolicies", {"UserName": "ada"}, "user ada"),
        ("GetInstanceProfile", {"InstanceProfileName": "LabInstanceProfile"}, "instance profile LabInstanceProfile"),
        ("GetPolicy", {"PolicyArn": "arn:aws:iam::aws:policy/P"}, "policy arn:aws:iam::aws:policy/P"),
        ("ListPolicies", {}, "policy path /"),
        ("CreatePolicy", {"PolicyName": "P"}, "policy P"),
        ("CreateRole", {"RoleName": "R"}, _IAM + "role/R"),
        ("ListRoles", {}, _IAM + "role/"),
        ("GetAccountSummary", {}, "*"),
    ],
)
def test_iam_names_things_in_its_own_way(operation: str, params: dict[str, Any], expected: str) -> None:
    """IAM's refusals name a role or user that it has by kind and name, and by ARN what is to be made."""
    call = _call("iam", operation, params)

    assert shown(call, resources_of(call, ACCOUNT)[0]) == expected
