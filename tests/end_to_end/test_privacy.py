"""Canaries of what must not be kept are put where AWS tells of them; then everything that was written is searched."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from moto.sagemaker.models import sagemaker_backends

from simulator.account import JOB_NAME, SimulatedAccount
from simulator.students.choices import own_bucket
from simulator.students.steps import prepare
from skymark.gradebook.book import Gradebook

ROOT = Path(__file__).parents[2]
EMAIL = "canary.student@example.org"
KEY_ID = "AKIACANARYCANARY1234"
REASON = (
    "ClientError: cannot read https://bucket.s3.amazonaws.com/train?X-Amz-Credential=CANARYCREDENTIAL"
    f"&X-Amz-Security-Token=CANARYTOKEN&X-Amz-Signature=CANARYSIGNATURE for {EMAIL} with {KEY_ID}"
)
REPORTS = ("--html", "report.html", "--json", "result.json", "--junit", "junit.xml", "--save-survey", "survey.json")


@pytest.fixture
def written(account: SimulatedAccount, cloud, tmp_path):
    """Everything that a check and a class leave behind, and what they print, as bytes by name."""
    role = prepare(account)
    account.train(own_bucket(account), role, fails="as told")
    account.wait_for("training-job", JOB_NAME, "Failed")
    sagemaker_backends[account.number]["us-east-1"].training_jobs[JOB_NAME].failure_reason = REASON
    keys = cloud.session_credentials(account.number, "Student", EMAIL)
    data = tmp_path / "data"
    environment = os.environ | cloud.environment(keys) | {"HOME": str(tmp_path), "XDG_DATA_HOME": str(data)}

    def run(*words: str) -> bytes:
        command = [sys.executable, str(ROOT / "grade.py"), *words]
        ended = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, timeout=120, check=False)
        assert ended.returncode in (0, 1, 3), ended.stderr.decode()
        return ended.stdout + ended.stderr

    (tmp_path / "class.csv").write_text("student,name,survey\nada,Ada Lovelace,survey.json\n")
    said = [
        run("check", *REPORTS, "--region", "us-east-1"),
        run("class", "class.csv", "--final", "--report", "class"),
        run("gradebook", "export", "marks.csv", "--format", "csv"),
        run("cleanup", "--survey", "survey.json"),
    ]
    files = {str(one.relative_to(tmp_path)): one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()}
    with Gradebook(data / "skymark" / "gradebook.sqlite3") as book:
        surveys = [book.survey(one.id) for one in book.attempts()]
    files["what is compressed in the gradebook"] = json.dumps([str(one) for one in surveys]).encode()
    return {**files, "what was printed": b"\n".join(said)}, keys


def test_nothing_that_is_written_holds_a_secret_or_an_address(written):
    """Neither the keys that were used, nor what a failed job's reason holds: an address, a key's id, a signed URL."""
    files, keys = written
    secrets = [keys.secret, keys.token, EMAIL, KEY_ID, "CANARYCREDENTIAL", "CANARYTOKEN", "CANARYSIGNATURE"]

    found = {(name, secret) for name, content in files.items() for secret in secrets if secret.encode() in content}

    assert found == set()
    assert len(files) > 8


def test_the_canaries_were_where_they_would_have_been_seen(written):
    """The reason was read and is shown, without them."""
    files, _ = written

    for name in ("report.html", "result.json", "survey.json", "what is compressed in the gradebook"):
        assert re.search(rb"cannot read https://bucket\.s3\.amazonaws\.com/train\?", files[name]), name
