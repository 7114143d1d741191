"""The stub that the class's speed is measured against."""

import subprocess
import sys
import time
from pathlib import Path

import boto3
import pytest
from botocore.config import Config

from bench.class_speed import ask, environment
from bench.stub_cloud import Answer, Asked, Recording

ROOT = Path(__file__).parents[2]
RECORDED, STUDENTS = "123456789012", "100000000001"
TARGET = "SageMaker.ListNotebookInstances"
HEADERS = {
    "authorization": "AWS4-HMAC-SHA256 Credential=-/20190701/us-east-1/sagemaker/aws4_request",
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": TARGET,
}
INSTANCES = f'{{"NotebookInstances": [{{"NotebookInstanceName": "sm-test", "NotebookInstanceArn": "{RECORDED}"}}]}}'


@pytest.fixture
def recording(tmp_path):
    """One call, and its answer."""
    file = tmp_path / "recording.json"
    asked = Asked("POST", "/", HEADERS, b"{}")
    answer = Answer(200, {"content-type": "application/x-amz-json-1.1"}, INSTANCES.encode())
    Recording(RECORDED, {asked.key: answer}, [asked]).save(file)
    return file


@pytest.fixture
def stub(recording):
    """A running stub, whose answers take 50 ms: its address."""
    command = [sys.executable, ROOT / "bench" / "stub_cloud.py", recording]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process.stdout.readline().strip()
        process.stdin.close()


@pytest.fixture
def client(stub, monkeypatch):
    """A client of a service, with these keys or the grader's own."""
    for name, value in environment(stub).items():
        monkeypatch.setenv(name, value)

    def make(service, **keys):
        return boto3.client(service, config=Config(retries={"total_max_attempts": 1}), **keys)

    return make


@pytest.fixture
def students_keys(client):
    """The keys that a student's role gives."""
    role = f"arn:aws:iam::{STUDENTS}:role/SkymarkGrader"
    got = client("sts").assume_role(RoleArn=role, RoleSessionName="skymark", ExternalId="an-id")["Credentials"]
    return {
        "aws_access_key_id": got["AccessKeyId"],
        "aws_secret_access_key": got["SecretAccessKey"],
        "aws_session_token": got["SessionToken"],
    }


def test_whoever_assumed_a_role_is_in_its_account(client, students_keys):
    """The grader is in their own."""
    assert client("sts").get_caller_identity()["Account"] == "210987654321"
    assert client("sts", **students_keys).get_caller_identity()["Account"] == STUDENTS


def test_each_account_is_answered_as_if_the_recorded_one_were_its_own(client, students_keys):
    """One recording does for a class."""
    (found,) = client("sagemaker", **students_keys).list_notebook_instances()["NotebookInstances"]

    assert (found["NotebookInstanceName"], found["NotebookInstanceArn"]) == ("sm-test", STUDENTS)


def test_an_answer_takes_as_long_as_was_wanted(client):
    """50 ms, and what the way takes."""
    sagemaker = client("sagemaker")
    sagemaker.list_notebook_instances()
    begun = time.perf_counter()
    sagemaker.list_notebook_instances()

    assert 0.05 <= time.perf_counter() - begun < 1


def test_calls_are_counted_and_those_that_were_not_recorded(client, stub):
    """A measurement with a miss is none."""
    client("sagemaker").list_notebook_instances()
    with pytest.raises(client("sagemaker").exceptions.ClientError):
        client("sagemaker").list_models()

    assert ask(stub) == {"sagemaker ListNotebookInstances": 1, "sagemaker ListModels": 1, "missed": 1}
    assert ask(stub) == {}


def test_a_recording_is_read_as_it_was_written(recording):
    """Bytes and all."""
    first = Recording.load(recording)
    first.save(recording)

    assert Recording.load(recording) == first
    assert first.asked[0].operation == "ListNotebookInstances"
