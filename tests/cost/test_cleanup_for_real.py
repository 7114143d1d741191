"""The longer cleanup lines, as a shell runs them: by the real AWS CLI, against a server that answers like AWS."""

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import msgspec
import pytest
from moto.server import ThreadedMotoServer

from skymark.cost import PriceTable, untidy
from skymark.evidence import Bucket, Policy, Role, Survey

NOW = dt.datetime(2019, 7, 1, tzinfo=dt.UTC)
ROLE = "AmazonSageMaker-ExecutionRole-20190701T182197"
WIZARDS = "AmazonSageMaker-ExecutionPolicy-20190701T182197"
ALL = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})


@pytest.fixture
def client() -> Iterator[Callable[[str], Any]]:
    """Clients of a server of its own."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing", "region_name": "us-east-1"}
    yield lambda service: boto3.client(service, endpoint_url=f"http://{host}:{port}", **keys)
    server.stop()


def run(line: str, client: Any, home: Path) -> None:
    """Run a cleanup line in a shell."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    keys = {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_ENDPOINT_URL": client.meta.endpoint_url,
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    path = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "HOME": str(home)}
    done = subprocess.run(["sh", "-c", line], env=kept | keys | path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_bucket_that_keeps_versions_is_removed(
    client: Callable[[str], Any], torn_down: Survey, prices: PriceTable, tmp_path: Path
) -> None:
    """With every version and every delete marker, whatever their keys are."""
    s3 = client("s3")
    s3.create_bucket(Bucket="sagemaker-20190701-1820")
    s3.put_bucket_versioning(Bucket="sagemaker-20190701-1820", VersioningConfiguration={"Status": "Enabled"})
    for key in ("a b/$(id)", "-x 'q'", "plain", "plain"):
        s3.put_object(Bucket="sagemaker-20190701-1820", Key=key)
    s3.delete_object(Bucket="sagemaker-20190701-1820", Key="plain")
    bucket = Bucket("sagemaker-20190701-1820", NOW, "us-east-1", has_objects=True, versioned=True)
    survey = msgspec.structs.replace(torn_down, models=(), endpoint_configs=(), buckets=(bucket,), roles=())

    (found,) = untidy(survey, prices, bucket=bucket.name, role=None)
    run(found.cleanup, s3, tmp_path)

    assert s3.list_buckets()["Buckets"] == []


def test_a_role_whose_policy_was_edited_is_removed(
    client: Callable[[str], Any], torn_down: Survey, prices: PriceTable, tmp_path: Path
) -> None:
    """With the policy that the console made, in all its versions; another one stays."""
    iam = client("iam")
    iam.create_role(RoleName=ROLE, Path="/service-role/", AssumeRolePolicyDocument=ALL)
    own, other = (
        iam.create_policy(PolicyName=name, Path="/service-role/", PolicyDocument=ALL)["Policy"]["Arn"]
        for name in (WIZARDS, "mine")
    )
    for _ in range(2):
        iam.create_policy_version(PolicyArn=own, PolicyDocument=ALL, SetAsDefault=True)
    for arn in (own, other):
        iam.attach_role_policy(RoleName=ROLE, PolicyArn=arn)
    iam.put_role_policy(RoleName=ROLE, PolicyName="inline", PolicyDocument=ALL)
    policies = (
        Policy(WIZARDS, "customer", ALL, own),
        Policy("mine", "customer", ALL, other),
        Policy("inline", "inline", ALL),
    )
    role = Role(ROLE, f"arn:aws:iam::123456789012:role/service-role/{ROLE}", NOW, "{}", policies)
    survey = msgspec.structs.replace(torn_down, models=(), endpoint_configs=(), buckets=(), roles=(role,))

    (found,) = untidy(survey, prices, bucket=None, role=ROLE)
    run(found.cleanup, iam, tmp_path)

    assert iam.list_roles()["Roles"] == []
    assert [one["Arn"] for one in iam.list_policies(Scope="Local")["Policies"]] == [other]
