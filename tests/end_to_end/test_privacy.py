"""Canaries of what must not be kept are put where it could be met; then everything that was written is searched.

They are in AWS (a failed job's reason, environment values, a lifecycle configuration), in the grader's own environment,
in the keys that roles were assumed with, and in the external ids that they were assumed by.
"""

import base64
import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from moto.sagemaker.models import sagemaker_backends
from moto.sts.models import sts_backends

from simulator.account import ENDPOINT_NAME, JOB_NAME, SimulatedAccount
from simulator.clock import clock
from simulator.students.choices import own_bucket
from simulator.students.steps import follow, prepare
from skymark.gradebook.book import Gradebook
from skymark.granting.grant import trust_policy
from skymark.permissions import read_only_policy

ROOT = Path(__file__).parents[2]
STUDENT, OTHER, GRADER = "123456789012", "223456789012", "999999999999"
EMAIL = "canary.student@example.org"
KEY_ID = "AKIACANARYCANARY1234"
EXTERNAL_ID = "CANARYEXTERNALID0123456789"
REASON = (
    "ClientError: cannot read https://bucket.s3.amazonaws.com/train?X-Amz-Credential=CANARYCREDENTIAL"
    f"&X-Amz-Security-Token=CANARYTOKEN&X-Amz-Signature=CANARYSIGNATURE for {EMAIL} with {KEY_ID}"
)
IN_REASON = (EMAIL, KEY_ID, "CANARYCREDENTIAL", "CANARYTOKEN", "CANARYSIGNATURE")
IN_AWS = ("CANARYOFTHEJOB", "CANARYOFTHEMODEL", "CANARYOFTHELIFECYCLE")
OWN = {"GITHUB_TOKEN": "CANARYOFGITHUB", "DATABASE_URL": "CANARYOFTHEDATABASE", "AWS_CANARY": "CANARYOFTHESHELL"}
SUBMISSION = {
    "CLASSROOM": "cloud-101",
    "ASSIGNMENT": "sagemaker-intro",
    "ASSIGNMENT_TYPE": "individual",
    "OWNER": "ada",
    "SUBMISSION_TAG": "submit/2026-11-24T10-00-00Z-a1b2c3d",
    "COMMIT_URL": "https://github.com/o/r/commit/a1b2c3d",
    "RELEASE_URL": "https://github.com/o/r/releases/tag/x",
}
REPORTS = (
    *("--html", "report.html", "--json", "result.json", "--junit", "junit.xml", "--save-survey", "survey.json"),
    *("--gradescope", "results.json", "--classroom50", "classroom50.json", "--github"),
)
FOR_OTHERS = {"results.json", "classroom50.json"}
"""A program of Gradescope's or Classroom 50's is to read them, whoever runs it."""
FEW_REGIONS = f"""
schema: skymark/rubric/v1
id: sagemaker-intro
version: "1"
title: Introduction to AWS SageMaker, in two regions
extends: {ROOT / "rubrics" / "sagemaker-intro.yaml"}
regions: [us-east-1, us-west-2]
"""
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Intro (4711)\n"
    "    Points Possible,,,,,100\n"
    '"Lovelace, Ada",1001,S-1001,ada,Cloud 101,\n'
)


class Written(NamedTuple):
    """What commands left behind, by name, and what they printed, as bytes; the modes of files and folders; secrets."""

    contents: dict[str, bytes]
    modes: dict[str, int]
    secrets: tuple[str, ...]


@pytest.fixture(scope="module")
def student(cloud) -> SimulatedAccount:
    """Whose training failed, and who has typed secrets where AWS keeps them."""
    cloud.reset()
    clock.run(float("inf"))
    account = SimulatedAccount(cloud, STUDENT)
    role = prepare(account)
    _with_environment(account)
    account.train(own_bucket(account), role, fails="as told")
    account.wait_for("training-job", JOB_NAME, "Failed")
    sagemaker_backends[account.number]["us-east-1"].training_jobs[JOB_NAME].failure_reason = REASON
    _configure(account)
    other = SimulatedAccount(cloud, OTHER)
    follow(other)
    model = sagemaker_backends[OTHER]["us-east-1"]._models[ENDPOINT_NAME]
    model.primary_container["Environment"] = {"API_KEY": "CANARYOFTHEMODEL"}
    return account


def _with_environment(account: SimulatedAccount) -> None:
    """From now on training jobs are given one."""

    def of_job(params, **_):
        params["Environment"] = {"API_KEY": "CANARYOFTHEJOB"}

    account.sagemaker().meta.events.register("provide-client-params.sagemaker.CreateTrainingJob", of_job)


def _configure(account: SimulatedAccount) -> None:
    """A lifecycle configuration of notebook instances."""
    script = base64.b64encode(b"export API_KEY=CANARYOFTHELIFECYCLE").decode()
    account.sagemaker().create_notebook_instance_lifecycle_config(
        NotebookInstanceLifecycleConfigName="on-start", OnStart=[{"Content": script}]
    )


@pytest.fixture(scope="module")
def written(student, cloud, tmp_path_factory) -> Written:
    """Everything that a student, and then an assistant with a class, leaves behind."""
    folder = tmp_path_factory.mktemp("written") / "here"
    folder.mkdir()
    keys = cloud.session_credentials(STUDENT, "Student", EMAIL)
    assistant = cloud.credentials(GRADER)
    inputs = _inputs(folder, student)
    own = os.environ | OWN | SUBMISSION | {"HOME": str(folder), "XDG_DATA_HOME": str(folder / "data")}
    own |= {"GITHUB_STEP_SUMMARY": str(folder / "summary.md"), "GITHUB_ACTIONS": "true"}
    said = b""
    for words, by, statuses in _commands():
        environment = own | cloud.environment(keys if by == "student" else assistant) | OWN
        command = [sys.executable, str(ROOT / "grade.py"), *words]
        ended = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, timeout=300, check=False, umask=0o022
        )
        assert ended.returncode in statuses, (words, ended.stdout.decode(), ended.stderr.decode())
        said += ended.stdout + ended.stderr
    paths = {str(one.relative_to(folder)): one for one in folder.rglob("*")}
    made = {name: one for name, one in paths.items() if name.split("/")[0] not in inputs}
    contents = {name: one.read_bytes() for name, one in made.items() if one.is_file()}
    with Gradebook(folder / "data" / "skymark" / "gradebook.sqlite3") as book:
        surveys = [book.survey(one.id) for one in book.attempts()]
    contents |= {"what is compressed in the gradebook": json.dumps([str(one) for one in surveys]).encode()}
    modes = {name: stat.S_IMODE(one.stat().st_mode) for name, one in made.items()}
    return Written({**contents, "what was printed": said}, modes, (keys.secret, keys.token, *_assumed(cloud)))


def _inputs(folder: Path, student: SimulatedAccount) -> frozenset[str]:
    """Rosters, a submission's checkout, and a lesson whose checks fail by themselves; their names."""
    roles = {STUDENT: student, OTHER: SimulatedAccount(student.server, OTHER)}
    for one in roles.values():
        trust = json.dumps(trust_policy(f"arn:aws:iam::{GRADER}:root", EXTERNAL_ID))
        one.iam.create_role(RoleName="SkymarkGrader", AssumeRolePolicyDocument=trust)
        policy = json.dumps(read_only_policy())
        one.iam.put_role_policy(RoleName="SkymarkGrader", PolicyName="SkymarkReadOnly", PolicyDocument=policy)
    rows = (
        f"{name},arn:aws:iam::{id}:role/SkymarkGrader,{EXTERNAL_ID}\n" for name, id in zip("xy", roles, strict=True)
    )
    (folder / "class.csv").write_text("student,role arn,external id\n" + "".join(rows).replace("x,", "ada,", 1))
    (folder / "canvas.csv").write_text(CANVAS)
    (folder / "few.yaml").write_text(FEW_REGIONS)
    for name in ("checks", "fixtures", "rubrics"):
        shutil.copytree(ROOT / name, folder / "lesson" / name)
    check = folder / "lesson" / "checks" / "bucket.py"
    check.write_text(
        re.sub(r'(def check_\w+\(.*\):\n    """.*""")', r"\1\n    raise RuntimeError(locals())", check.read_text())
    )
    (folder / "summary.md").touch()
    (folder / "data").mkdir()
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", str(folder)]
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "x"], check=True)
    return frozenset(("class.csv", "canvas.csv", "few.yaml", "lesson", "summary.md", ".git"))


def _commands() -> Iterator[tuple[tuple[str, ...], str, tuple[int, ...]]]:
    """What is typed, by whom, and how it may end."""
    here = ("--region", "us-east-1", "--rubric", "few.yaml")
    yield ("check", *REPORTS, *here), "student", (1, 3)
    yield ("check", "--lesson", "lesson", "--no-gradebook", *here), "student", (1, 3)
    yield ("doctor", "--json", "doctor.json", "--region", "us-east-1"), "student", (0, 1, 3)
    yield ("cleanup", "--survey", "survey.json"), "student", (0,)
    graded = ("class", "class.csv", "--final", "--rubric", "few.yaml")
    yield (*graded, "--report", "class"), "assistant", (1, 3)
    yield (*graded, "--report", "nameless", "--anonymous"), "assistant", (1, 3)
    yield ("gradebook", "export", "all.json", "--format", "json"), "assistant", (0,)
    for name in ("csv", "criteria", "gradescope", "junit"):
        words = ("gradebook", "export", f"export-{name}", "--format", name, "--roster", "class.csv", "--with-pending")
        yield words, "assistant", (0, 3)
    words = ("gradebook", "export", "canvas.out.csv", "--format", "canvas", "--canvas-column", "Intro (4711)")
    yield (*words, "--roster", "canvas.csv"), "assistant", (0, 2, 3)
    yield ("gradebook", "dispute", "ada", "training.completed", "--roster", "class.csv"), "assistant", (0,)
    yield ("gradebook", "unverified", "--roster", "class.csv"), "assistant", (0,)
    yield ("gradebook", "history", "ada"), "assistant", (0,)


def _assumed(cloud) -> tuple[str, ...]:
    """Secret keys and tokens of every role that was assumed, and the assistant's secret."""
    roles = [one for backends in sts_backends.values() for one in backends["aws"].assumed_roles]
    assert {one.role_arn.split(":")[4] for one in roles} >= {STUDENT, OTHER}
    secrets = [text for one in roles for text in (one.secret_access_key, one.session_token)]
    return (*secrets, cloud.credentials(GRADER).secret)


def test_nothing_that_is_written_holds_a_secret_an_address_or_an_environment_value(written):
    """Neither keys and external ids that were used, nor what stands in a job's reason, or in anybody's environment."""
    secrets = (*written.secrets, *IN_REASON, *IN_AWS, *OWN.values(), EXTERNAL_ID)

    found = {
        (name, secret) for name, content in written.contents.items() for secret in secrets if secret.encode() in content
    }

    assert found == set()


def test_everything_that_writes_has_written(written):
    """So that the search was a search: one or more of each kind."""
    expected = (
        *("report.html", "result.json", "junit.xml", "survey.json", "results.json", "classroom50.json", "doctor.json"),
        *("reports/skymark.log", "data/skymark/gradebook.sqlite3", "data/skymark/gradebook.sqlite3.key", "all.json"),
        *("class/class.html", "class/students/ada.html", "class/comments.csv", "class/messages.csv"),
        *("nameless/class.html", "export-csv", "export-criteria", "export-gradescope/ada.json", "export-junit/ada.xml"),
        "needs-regrade.csv",
    )

    assert set(expected) - written.contents.keys() == set()
    assert b"RuntimeError" in written.contents["reports/skymark.log"]
    assert ENDPOINT_NAME.encode() in written.contents["what is compressed in the gradebook"]


def test_the_canaries_were_where_they_would_have_been_seen(written, student):
    """The reason was read and is shown, without them; AWS tells environment values to whoever asks."""
    job = student.sagemaker().describe_training_job(TrainingJobName=JOB_NAME)
    model = SimulatedAccount(student.server, OTHER).sagemaker().describe_model(ModelName=ENDPOINT_NAME)

    for name in ("report.html", "result.json", "survey.json", "what is compressed in the gradebook"):
        assert re.search(rb"cannot read https://bucket\.s3\.amazonaws\.com/train\?", written.contents[name]), name
    assert job["Environment"] == {"API_KEY": "CANARYOFTHEJOB"}
    assert model["PrimaryContainer"]["Environment"] == {"API_KEY": "CANARYOFTHEMODEL"}


def test_what_is_written_is_its_owners_only(written):
    """Files 0600, and folders that were made for them 0700; but for what other programs are to read."""
    files = {name: mode for name, mode in written.modes.items() if name in written.contents}
    folders = {name: mode for name, mode in written.modes.items() if name not in {*written.contents, "data"}}

    assert {(name, oct(mode)) for name, mode in files.items() if mode != 0o600 and name not in FOR_OTHERS} == set()
    assert {(name, oct(mode)) for name, mode in folders.items() if mode != 0o700} == set()
    assert {"data/skymark", "class", "class/students", "reports", "export-junit"} <= folders.keys()
