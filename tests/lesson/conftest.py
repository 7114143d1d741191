"""The practice cloud as a process of its own, and a student who has done the lesson's step 4 in it."""

import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

ROOT = Path(__file__).parents[2]
WATCH = Path(__file__).parent / "watch"
BUCKET = "sagemaker-20190701-1820"
ROLE = "AmazonSageMaker-ExecutionRole-20190701T182197"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
SCOPE = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": [f"arn:aws:s3:::{BUCKET}"]},
        {
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
            "Resource": [f"arn:aws:s3:::{BUCKET}/*"],
        },
    ],
}


@dataclass(frozen=True)
class Student:
    """Somebody who has pasted what `grade.py lab` prints into a terminal."""

    environment: dict[str, str]
    folder: Path

    def client(self, service: str) -> Any:
        """A boto3 client with this student's keys."""
        made: Any = boto3.client
        return made(
            service,
            region_name=self.environment["AWS_DEFAULT_REGION"],
            endpoint_url=self.environment["AWS_ENDPOINT_URL"],
            aws_access_key_id=self.environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.environment["AWS_SECRET_ACCESS_KEY"],
        )

    def types(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """What a command does that this student types; it has three minutes."""
        return subprocess.run(
            [str(word) for word in command],
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    def clicks_in_jupyter(self) -> None:
        """Steps 5 and 6 in the browser: a notebook is made and run, another one uploaded and run."""
        address = self.client("sagemaker").create_presigned_notebook_instance_url(NotebookInstanceName="sm-test")
        browser = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        for action in (b"action=new", b"action=run", b"action=upload", b"action=run"):
            with browser.open(address["AuthorizedUrl"], data=action, timeout=30):
                pass

    def outcomes(self, *ids: str) -> dict[str, str]:
        """What Skymark says of these criteria (of all, if none is named), by `grade.py check`, of what is there now."""
        done = self.types(sys.executable, ROOT / "grade.py", "check", "--no-gradebook", "--json", "-")
        assert done.stdout, done.stderr
        found = {row["id"]: row["outcome"] for row in json.loads(done.stdout)["criteria"]}
        return {id: found[id] for id in ids or found}

    def left(self) -> dict[str, int]:
        """How many endpoints, configurations and models there are."""
        sagemaker = self.client("sagemaker")
        return {
            "endpoints": len(sagemaker.list_endpoints()["Endpoints"]),
            "configurations": len(sagemaker.list_endpoint_configs()["EndpointConfigs"]),
            "models": len(sagemaker.list_models()["Models"]),
        }

    def hosts(self) -> set[str]:
        """Each host but this machine that any of the student's Python programs turned to."""
        file = Path(self.environment["WATCH_FILE"])
        return set(file.read_text("utf-8").split()) if file.exists() else set()


Enrol = Callable[..., Student]


@pytest.fixture
def enrol(tmp_path: Path) -> Iterator[Enrol]:
    """Start a practice cloud, with quotas of its own if need be; a student who has done nothing yet."""
    running = []

    def start(*quotas: str) -> Student:
        lab = _lab(tmp_path, quotas)
        running.append(lab)
        return Student(lab.__enter__(), tmp_path)

    yield start
    for lab in running:
        lab.__exit__(None, None, None)


@pytest.fixture
def step_4() -> Callable[[Student], Student]:
    """Bucket, role and notebook instance, as the console makes them."""
    return _do_step_4


@contextmanager
def _lab(folder: Path, quotas: tuple[str, ...]) -> Iterator[dict[str, str]]:
    limits = [word for quota in quotas for word in ("--quota", quota)]
    command = [sys.executable, str(ROOT / "grade.py"), "lab", "--port", "0", "--speed", "inf", *limits]
    environment = _clean(folder)
    with open(folder / "lab.txt", "w+", encoding="utf-8") as errors:
        lab = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True)
        try:
            yield environment | {"WATCH_FILE": str(folder / "hosts"), "PYTHONPATH": str(WATCH)} | _pasted(lab, folder)
        finally:
            lab.terminate()
            lab.communicate(timeout=30)


def _pasted(lab: subprocess.Popen[str], folder: Path) -> dict[str, str]:
    """The variables that the practice cloud says one should set."""
    assert lab.stdout is not None
    found: dict[str, str] = {}
    for line in lab.stdout:
        if match := re.match(r"export (\w+)=(.*)", line):
            found[match[1]] = match[2]
        if "AWS_DEFAULT_REGION" in found:
            return found
    raise AssertionError((folder / "lab.txt").read_text("utf-8"))


def _clean(folder: Path) -> dict[str, str]:
    """This process's environment without anything of its user's."""
    others = ("AWS_", "MOTO_", "LESSON_", "SAGEMAKER_", "JUPYTER", "XDG_", "PYTHON", "COVERAGE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', '')}"
    return kept | {"HOME": str(folder), "PATH": path, "PYTHON": sys.executable, "NO_PROXY": "127.0.0.1"}


def _do_step_4(student: Student) -> Student:
    student.client("s3").create_bucket(Bucket=BUCKET)
    iam = student.client("iam")
    arn = iam.create_role(Path="/service-role/", RoleName=ROLE, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"][
        "Arn"
    ]
    policy = iam.create_policy(
        Path="/service-role/",
        PolicyName=ROLE.replace("ExecutionRole", "ExecutionPolicy"),
        PolicyDocument=json.dumps(SCOPE),
    )["Policy"]["Arn"]
    for one in (policy, "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"):
        iam.attach_role_policy(RoleName=ROLE, PolicyArn=one)
    student.client("sagemaker").create_notebook_instance(
        NotebookInstanceName="sm-test", InstanceType="ml.t2.medium", RoleArn=arn, RootAccess="Enabled"
    )
    return student
