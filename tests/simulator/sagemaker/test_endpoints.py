"""Models, configurations and endpoints: states, what is refused, and whose model answers."""

import datetime as dt
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from simulator.account import ENDPOINT_NAME
from simulator.clock import clock
from simulator.sagemaker import quotas
from simulator.training_data import HALF_THE_PIXELS, ZEROS_AS_OTHERS, a_digit

GROUP = f"/aws/sagemaker/Endpoints/{ENDPOINT_NAME}"


@pytest.fixture
def job(account, bucket, role) -> Any:
    """A job that has trained the lesson's model."""
    return account.train(bucket, role)


@pytest.fixture
def status(account) -> Any:
    """The state of the endpoint, None when there is none."""

    def look() -> str | None:
        found = account.sagemaker().list_endpoints()["Endpoints"]
        return found[0]["EndpointStatus"] if found else None

    return look


def asked(account, body: bytes | str, content_type: str = "text/csv", accept: str = "application/json") -> Any:
    runtime = account.client("sagemaker-runtime")
    return runtime.invoke_endpoint(EndpointName=ENDPOINT_NAME, ContentType=content_type, Accept=accept, Body=body)


def test_an_endpoint_goes_through_all_states(account, job, standing, status) -> None:
    """Creating, InService, Deleting, gone."""
    standing.advance(600)
    account.deploy(job)
    seen = [status()]
    standing.advance(300)
    seen.append(status())
    account.delete_endpoint()
    seen.append(status())
    standing.advance(20)
    seen.append(status())

    assert seen == ["Creating", "InService", "Deleting", None]


def test_an_endpoint_cannot_be_deleted_while_it_is_created(account, job, standing, refused) -> None:
    """AWS calls that an update of an in-progress endpoint."""
    standing.advance(600)
    account.deploy(job)

    code, message = refused(account.delete_endpoint)

    assert (code, message.partition('"')[0]) == ("ValidationException", "Cannot update in-progress endpoint ")


def test_an_endpoint_outlives_its_configuration_and_model(account, job, status) -> None:
    """Deleting the configuration and the model takes nothing from what runs."""
    account.deploy(job)
    account.delete_endpoint_config()
    account.delete_model()

    answer = json.loads(account.invoke()[0])

    assert status() == "InService"
    assert set(answer["predictions"][0]) == {"score", "predicted_label"}


def test_two_models_give_two_answers(account, bucket, role) -> None:
    """The endpoint serves the artifact of its own model."""
    account.deploy(account.train(bucket, role, "zeros"), "zeros")
    account.deploy(account.train(bucket, role, "others", data=ZEROS_AS_OTHERS), "others")

    answers = [json.loads(account.invoke(name)[0])["predictions"][0]["predicted_label"] for name in ("zeros", "others")]

    assert sorted(answers) == [0, 1]


def test_an_update_brings_the_new_model(account, bucket, role, job, standing, status) -> None:
    """While it is Updating the old model answers; then the new one does."""
    standing.advance(600)
    account.deploy(job)
    standing.advance(300)
    account.train(bucket, role, "others", data=ZEROS_AS_OTHERS)
    standing.advance(600)
    other = account.sagemaker().describe_training_job(TrainingJobName="others")["ModelArtifacts"]["S3ModelArtifacts"]
    account.make_model(type(job)("others", other, role), "others")
    account.make_endpoint_config("others", "others")
    account.sagemaker().update_endpoint(EndpointName=ENDPOINT_NAME, EndpointConfigName="others")
    updating, before = status(), account.invoke()[0]
    standing.advance(300)

    after = account.invoke()[0]

    assert (updating, status()) == ("Updating", "InService")
    labels = [json.loads(answer)["predictions"][0]["predicted_label"] for answer in (before, after)]
    assert sorted(labels) == [0, 1]


def test_an_endpoint_fails_on_demand(account, job, standing) -> None:
    """A tag makes it fail for AWS's reason; it can only be deleted then."""
    standing.advance(600)
    account.make_model(job)
    account.make_endpoint_config(ENDPOINT_NAME)
    account.make_endpoint(ENDPOINT_NAME, fails="Unable to provision requested ML compute capacity")
    standing.advance(300)

    found = account.sagemaker().describe_endpoint(EndpointName=ENDPOINT_NAME)

    assert (found["EndpointStatus"], found["FailureReason"]) == (
        "Failed",
        "Unable to provision requested ML compute capacity",
    )


def test_an_artifact_that_is_no_model_fails_the_ping(account, bucket, role, job) -> None:
    """The container does not start, and AWS says what it says then."""
    account.s3().put_object(Bucket=bucket, Key="broken.tar.gz", Body=b"not a model")
    account.deploy(type(job)("broken", f"s3://{bucket}/broken.tar.gz", role))

    found = account.sagemaker().describe_endpoint(EndpointName=ENDPOINT_NAME)

    assert found["EndpointStatus"] == "Failed"
    assert "did not pass the ping health check" in found["FailureReason"]


def test_the_quota_refuses_the_endpoint_and_leaves_the_rest(account, job, refused) -> None:
    """Model and configuration are there, and no endpoint: what a class with a quota of 0 sees."""
    quotas.set_limit(account.number, "ml.m4.xlarge for endpoint usage", 0)

    code, message = refused(lambda: account.deploy(job))

    sagemaker = account.sagemaker()
    assert code == "ResourceLimitExceeded"
    assert "'ml.m4.xlarge for endpoint usage' is 0 Instances" in message
    assert [one["ModelName"] for one in sagemaker.list_models()["Models"]] == [ENDPOINT_NAME]
    assert [one["EndpointConfigName"] for one in sagemaker.list_endpoint_configs()["EndpointConfigs"]] == [
        ENDPOINT_NAME
    ]
    assert sagemaker.list_endpoints()["Endpoints"] == []


@pytest.mark.parametrize(
    ("call", "parameter", "message"),
    [
        ("describe_endpoint", "EndpointName", 'Could not find endpoint "{arn}:endpoint/no-body".'),
        ("delete_endpoint", "EndpointName", 'Could not find endpoint "{arn}:endpoint/no-body".'),
        (
            "describe_endpoint_config",
            "EndpointConfigName",
            'Could not find endpoint configuration "{arn}:endpoint-config/no-body".',
        ),
        (
            "delete_endpoint_config",
            "EndpointConfigName",
            'Could not find endpoint configuration "{arn}:endpoint-config/no-body".',
        ),
        ("describe_model", "ModelName", 'Could not find model "{arn}:model/no-body".'),
        ("delete_model", "ModelName", 'Could not find model "{arn}:model/no-body".'),
    ],
)
def test_unknown_names_have_awss_words(account, refused, call, parameter, message) -> None:
    """The ARN stands in double quotes, with the name in small letters."""
    found = refused(lambda: getattr(account.sagemaker(), call)(**{parameter: "No-Body"}))

    arn = f"arn:aws:sagemaker:us-east-1:{account.number}"
    assert found == ("ValidationException", message.format(arn=arn))


def test_names_are_given_once(account, job, refused) -> None:
    """Model, configuration and endpoint: each is refused a second time."""
    account.deploy(job)

    found = [
        refused(lambda: account.make_model(job)),
        refused(lambda: account.make_endpoint_config(ENDPOINT_NAME)),
        refused(lambda: account.make_endpoint(ENDPOINT_NAME)),
    ]

    assert [message.partition('"')[0] for _, message in found] == [
        "Cannot create already existing model ",
        "Cannot create already existing endpoint configuration ",
        "Cannot create already existing endpoint ",
    ]


def test_a_model_without_its_artifact_is_refused(account, bucket, role, job, refused) -> None:
    """What is not in the bucket cannot be served."""
    code, message = refused(lambda: account.make_model(type(job)("none", f"s3://{bucket}/none.tar.gz", role)))

    assert (code, message[:51]) == ("ValidationException", f"Could not access model data at s3://{bucket}"[:51])


def test_invoking_no_endpoint_has_the_runtimes_words(account) -> None:
    """The runtime's code is ValidationError, and not SageMaker's ValidationException."""
    with pytest.raises(ClientError) as error:
        account.invoke("nobody")

    assert error.value.response["Error"]["Code"] == "ValidationError"
    assert error.value.response["Error"]["Message"] == f"Endpoint nobody of account {account.number} not found."


def test_digits_of_another_size_are_a_model_error(account, bucket, role) -> None:
    """A model of half the pixels refuses a whole digit: 424, with the container's own status."""
    account.deploy(account.train(bucket, role, data=HALF_THE_PIXELS))

    with pytest.raises(ClientError) as error:
        account.invoke()

    answer = error.value.response
    assert (answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]) == ("ModelError", 424)
    assert answer["OriginalStatusCode"] == 400
    assert answer["Error"]["Message"].startswith("Received client error (400) from AllTraffic with message")


@pytest.mark.parametrize("accept", ["application/json", "text/csv", "application/jsonlines"])
def test_each_form_of_answer_says_the_same(account, job, accept) -> None:
    """The accepted form is the answer's content type."""
    account.deploy(job)

    answer = asked(account, a_digit(), accept=accept)

    assert answer["ContentType"].startswith(accept)
    assert answer["InvokedProductionVariant"] == "AllTraffic"


def test_json_and_csv_are_answered_alike(account, job) -> None:
    """The same digit in two forms is one prediction."""
    account.deploy(job)
    features = [float(pixel) for pixel in a_digit().split(b",")]

    by_json = asked(account, json.dumps({"instances": [{"features": features}]}), "application/json")["Body"].read()
    by_csv = asked(account, a_digit())["Body"].read()

    assert json.loads(by_json) == json.loads(by_csv)


def test_invocations_are_counted_and_logged(account, job) -> None:
    """CloudWatch has their sum by endpoint and variant; the log group outlives the endpoint."""
    account.deploy(job)
    account.invoke(times=3)
    account.delete_endpoint()
    dimensions = [{"Name": "EndpointName", "Value": ENDPOINT_NAME}, {"Name": "VariantName", "Value": "AllTraffic"}]
    metric = {"Namespace": "AWS/SageMaker", "MetricName": "Invocations", "Dimensions": dimensions}
    stat = {"Metric": metric, "Period": 3600, "Stat": "Sum"}

    now = clock.now()
    found = account.client("cloudwatch").get_metric_data(
        StartTime=now - dt.timedelta(hours=2),
        EndTime=now + dt.timedelta(hours=2),
        MetricDataQueries=[{"Id": "inv", "MetricStat": stat, "ReturnData": True}],
    )
    events = account.logs().filter_log_events(logGroupName=GROUP)["events"]

    assert sum(found["MetricDataResults"][0]["Values"]) == 3
    assert sum("invocations.count" in event["message"] for event in events) == 3
    assert account.sagemaker().list_endpoints()["Endpoints"] == []
