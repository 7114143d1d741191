"""The way in: who is let through, and AWS's shape for everything that is refused."""

import json
import urllib.error
import urllib.request
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from simulator.account import SimulatedAccount
from simulator.server import CONFIG, Credentials, PracticeServer

NOBODY = Credentials("AKIANOBODYSKEY000000", "secret")


def refused(call: Any) -> tuple[str, str, int]:
    with pytest.raises(ClientError) as error:
        call()
    answer = error.value.response
    return answer["Error"]["Code"], answer["Error"]["Message"], answer["ResponseMetadata"]["HTTPStatusCode"]


@pytest.mark.parametrize(
    ("service", "operation", "code", "status"),
    [
        ("sts", "get_caller_identity", "InvalidClientTokenId", 403),
        ("iam", "list_roles", "InvalidClientTokenId", 403),
        ("sagemaker", "list_endpoints", "UnrecognizedClientException", 400),
        ("cloudtrail", "lookup_events", "UnrecognizedClientException", 400),
        ("cloudwatch", "list_metrics", "UnrecognizedClientException", 400),
        ("s3", "list_buckets", "InvalidAccessKeyId", 403),
        ("ec2", "describe_regions", "AuthFailure", 401),
    ],
)
def test_keys_that_nobody_has_are_refused(server, account, service, operation, code, status) -> None:
    """Each service has its own code for it."""
    client = server.client(service, account.number, "us-east-1", NOBODY)

    found = refused(getattr(client, operation))

    assert (found[0], found[2]) == (code, status)


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "code", "status"),
    [
        (
            "sagemaker",
            "list_hub_contents",
            {"HubName": "hub", "HubContentType": "Model"},
            "UnknownOperationException",
            400,
        ),
        ("iam", "list_service_specific_credentials", {}, "InvalidAction", 400),
        ("ec2", "describe_fpga_images", {}, "InvalidAction", 400),
        ("cloudwatch", "get_metric_widget_image", {"MetricWidget": "{}"}, "UnknownOperationException", 400),
        ("logs", "get_log_record", {"logRecordPointer": "x"}, "UnknownOperationException", 400),
    ],
)
def test_what_is_not_simulated_is_an_error_of_awss_shape(account, service, operation, parameters, code, status) -> None:
    """Never a page for people, and never a traceback: a code, and words that name the operation."""
    found = refused(lambda: getattr(account.client(service), operation)(**parameters))

    assert (found[0], found[2]) == (code, status)
    assert found[1].startswith("The practice cloud does not simulate this operation: ")


def test_an_unsigned_request_is_refused(server: PracticeServer) -> None:
    """Only S3 lets anybody in, and that only where a bucket is public."""
    request = urllib.request.Request(server.url + "/", data=b"{}", method="POST")  # noqa: S310 - always http
    request.add_header("X-Amz-Target", "SageMaker.ListEndpoints")

    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(request)  # noqa: S310 - always http

    error.value.close()
    assert error.value.code == 403
    assert "html" not in error.value.headers["Content-Type"]


@pytest.mark.parametrize(
    ("body", "target", "code", "status"),
    [
        (b"{garb", "SageMaker.ListEndpoints", "SerializationException", 400),
        (b"[1, 2]", "SageMaker.ListEndpoints", "SerializationException", 400),
        (b"{}", "SageMaker.Frobnicate", "UnknownOperationException", 400),
        (b"{}", "Foo.Bar", "UnknownOperationException", 400),
    ],
)
def test_what_is_no_request_is_an_error_of_awss_shape(server, account, body, target, code, status) -> None:
    """Signed junk is answered in JSON, with a code, and not as a fault of the server's."""
    scope = f"{server.credentials(account.number).key}/20260701/us-east-1/sagemaker/aws4_request"
    request = urllib.request.Request(server.url + "/", data=body, method="POST")  # noqa: S310 - always http
    request.add_header("X-Amz-Target", target)
    request.add_header("Content-Type", "application/x-amz-json-1.1")
    request.add_header("Authorization", f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=00")

    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(request)  # noqa: S310 - always http
    with error.value as answer:
        told = json.loads(answer.read())

    assert (told["__type"], error.value.code) == (code, status)


def test_anybodys_web_identity_opens_nothing(server: PracticeServer, account: SimulatedAccount) -> None:
    """Keys are given out only to whom a role trusts."""
    sts = boto3.client(
        "sts", "us-east-1", endpoint_url=server.url, config=CONFIG.merge(Config(signature_version=UNSIGNED))
    )
    role = f"arn:aws:iam::{account.number}:role/any"

    found = refused(
        lambda: sts.assume_role_with_web_identity(RoleArn=role, RoleSessionName="me", WebIdentityToken="junk")
    )

    assert found[0] == "InvalidIdentityToken"


def test_jupyter_is_gone_with_its_instance(account: SimulatedAccount) -> None:
    """Its address opens nothing once the instance is stopped."""
    account.make_notebook_instance(account.make_execution_role("none"))
    url = account.sagemaker().create_presigned_notebook_instance_url(NotebookInstanceName="sm-test")["AuthorizedUrl"]
    account.stop_instance()

    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(url, data=b"action=run")  # noqa: S310 - the practice cloud's own
    error.value.close()

    assert error.value.code == 403


def test_an_object_of_the_public_samples_may_be_read_by_everybody(account: SimulatedAccount) -> None:
    """AWS's bucket of sample data is there in each region."""
    body = account.s3("eu-west-1").get_object(
        Bucket="sagemaker-example-files-prod-eu-west-1", Key="datasets/image/MNIST/mnist.pkl.gz"
    )["Body"]

    assert body.read().startswith(b"\x1f\x8b")


def test_a_role_is_assumed_only_with_its_external_id(server, account, other_account) -> None:
    """The trust policy decides: whose account, and with which external id."""
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{other_account.number}:root"},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"sts:ExternalId": "ada-4711"}},
            }
        ],
    }
    role = account.iam.create_role(RoleName="grader", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    sts, own = other_account.client("sts"), account.client("sts")

    keys = sts.assume_role(RoleArn=role, RoleSessionName="grader", ExternalId="ada-4711")["Credentials"]
    wrong = refused(lambda: sts.assume_role(RoleArn=role, RoleSessionName="grader", ExternalId="bob-4711"))
    missing = refused(lambda: sts.assume_role(RoleArn=role + "2", RoleSessionName="grader", ExternalId="ada-4711"))
    insider = refused(lambda: own.assume_role(RoleArn=role, RoleSessionName="grader", ExternalId="ada-4711"))

    assert keys["AccessKeyId"].startswith("ASIA")
    assert [(code, status) for code, _, status in (wrong, missing, insider)] == [("AccessDenied", 403)] * 3
    assert wrong[1] == missing[1].replace("grader2", "grader")


def test_an_assumed_role_may_do_what_its_policies_allow(server, account) -> None:
    """A request with a role's keys is judged by the role's policies."""
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": account.number}, "Action": "sts:AssumeRole"}]}
    document = json.dumps({"Version": "2012-10-17", **trust})
    role = account.iam.create_role(RoleName="reader", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    account.attach_own_policy(
        "reader",
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "sagemaker:List*", "Resource": "*"}],
        },
        "lists",
    )
    made = account.client("sts").assume_role(RoleArn=role, RoleSessionName="me")["Credentials"]
    keys = Credentials(made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])
    sagemaker = server.client("sagemaker", account.number, "us-east-1", keys)

    listed = sagemaker.list_endpoints()["Endpoints"]
    found = refused(lambda: sagemaker.describe_endpoint(EndpointName="x"))

    assert listed == []
    assert found[0] == "AccessDeniedException"
    assert (
        "is not authorized to perform: sagemaker:DescribeEndpoint on resource: arn:aws:sagemaker:us-east-1" in found[1]
    )
    assert f"arn:aws:sts::{account.number}:assumed-role/reader/me" in found[1]


def test_a_session_needs_its_token(server, account) -> None:
    """Temporary keys without their token are as good as none."""
    keys = server.session_credentials(account.number, "voclabs", "me")
    halved = Credentials(keys.key, keys.secret)

    found = refused(server.client("sagemaker", account.number, "us-east-1", halved).list_endpoints)

    assert found[0] == "UnrecognizedClientException"


def test_metrics_are_answered_in_awss_own_protocol(account: SimulatedAccount) -> None:
    """botocore speaks CBOR with CloudWatch; what is put comes back."""
    cloudwatch = account.client("cloudwatch")
    cloudwatch.put_metric_data(Namespace="Own", MetricData=[{"MetricName": "clicks", "Value": 1.5}])

    found = cloudwatch.list_metrics(Namespace="Own")["Metrics"]

    assert found == [{"Namespace": "Own", "MetricName": "clicks", "Dimensions": []}]


def test_calls_are_in_the_event_history(account: SimulatedAccount) -> None:
    """Who called what is recorded from the calls themselves, refused ones with their error."""
    refused(lambda: account.sagemaker().describe_endpoint(EndpointName="x"))
    account.make_bucket(f"sagemaker-recorded-{account.number}")

    events = account.client("cloudtrail").lookup_events()["Events"]
    told = {event["EventName"]: json.loads(event["CloudTrailEvent"]) for event in events}

    assert told["DescribeEndpoint"]["errorCode"] == "ValidationException"
    assert told["CreateBucket"]["requestParameters"]["bucketName"] == f"sagemaker-recorded-{account.number}"
    assert told["CreateBucket"]["userIdentity"]["userName"] == "student"


def test_jupyter_is_a_page_with_the_lessons_clicks(account: SimulatedAccount) -> None:
    """The signed address opens in a browser; its buttons leave Jupyter's lines."""
    account.make_notebook_instance(account.make_execution_role("none"))
    url = account.sagemaker().create_presigned_notebook_instance_url(NotebookInstanceName="sm-test")["AuthorizedUrl"]

    with urllib.request.urlopen(url) as answer:  # noqa: S310 - the practice cloud's own
        page = answer.read().decode()
    with urllib.request.urlopen(url, data=b"action=new") as answer:  # noqa: S310
        clicked = answer.read().decode()
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(url + "x")  # noqa: S310
    error.value.close()

    events = account.logs().filter_log_events(logGroupName="/aws/sagemaker/NotebookInstances")["events"]
    assert "<h1>Jupyter on sm-test</h1>" in page
    assert "A new notebook was made" in clicked
    assert any("Creating new notebook in" in event["message"] for event in events)
    assert error.value.code == 403


def test_anybodys_client_is_let_in_with_the_shown_keys(server, account) -> None:
    """A client of boto3's own, with nothing but the address and the keys."""
    keys = server.credentials(account.number)
    client = boto3.client("sts", "us-east-1", endpoint_url=server.url, config=CONFIG, **keys.for_boto3())

    assert client.get_caller_identity()["Account"] == account.number
