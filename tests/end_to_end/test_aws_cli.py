"""The lesson typed into the real AWS CLI, then checked with the real command line."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

import skymark
from simulator.clock import clock
from simulator.students.steps import follow
from simulator.students.verdicts import DEPLOYED, JUPYTER, ON_INSTANCE, ON_ROLE
from simulator.training_data import ZEROS_FROM_OTHERS, a_digit

ROOT = Path(__file__).parents[2]
BUCKET = "sagemaker-20190701-1820"
# What each part of the lesson passes.
PARTS = {
    "bucket": ("bucket.name", "bucket.private"),
    "instance": (
        *("bucket.region", "instance.name", "instance.in_service", "teardown.everywhere"),
        *(*ON_INSTANCE, *ON_ROLE),
    ),
    "jupyter": JUPYTER,
    "train": ("training.completed", "training.output"),
    "deploy": DEPLOYED,
    "teardown": ("teardown.instance", "teardown.endpoint"),
}
# What leaves no trace of its own: that an endpoint was asked a few times may have been Skymark's doing.
GONE = {"endpoint.prediction"}


@pytest.fixture
def at_once(account):
    """What AWS takes time for is done at once: the AWS CLI's own waiters look at a real clock."""
    clock.run(math.inf)


@pytest.fixture
def environment(cloud, account, tmp_path):
    """A student's terminal: keys, the tools of this virtual environment, and the digits."""
    data, digit = tmp_path / "recordio-pb-data", tmp_path / "digit.csv"
    data.write_bytes(ZEROS_FROM_OTHERS.records())
    digit.write_bytes(a_digit())
    tools = str(Path(sys.executable).parent)
    here = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    keys = cloud.environment(cloud.credentials(account.number))
    files = {"BUCKET": BUCKET, "DATA": str(data), "DIGIT": str(digit)}
    return here | keys | files | {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}


@pytest.fixture
def typed(environment):
    """Type parts of the lesson."""

    def run(*parts):
        command = ["bash", Path(__file__).with_name("lesson.sh"), *parts]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    return run


@pytest.fixture
def checked(environment, tmp_path):
    """Run `grade.py check` as a student does; its exit status and its JSON, which is valid."""

    def run(*options):
        command = [sys.executable, ROOT / "grade.py", "check", "--json", "-", *options]
        done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
        result = json.loads(done.stdout)
        schema = json.loads((Path(skymark.__file__).parent / "result.schema.json").read_text())
        jsonschema.validate(result, schema)
        return done.returncode, result, done.stderr

    return run


def outcomes(result):
    return {one["id"]: one["outcome"] for one in result["criteria"]}


@pytest.fixture
def typed_and_seen(typed, survey, judged):
    """Type a part of the lesson; the criteria that are passed afterwards."""

    def run(part):
        typed(part)
        return {id for id, outcome in judged(survey()).items() if outcome == "passed"}

    return run


@pytest.mark.usefixtures("at_once")
def test_the_lesson_done_well_by_the_aws_cli(account, typed_and_seen, checked, one_region):
    """Each part passes its own criteria and takes no other away, till the teardown deletes what shows some of them."""
    done = {"account.access"}
    for part in PARTS:
        if part == "teardown":
            _assert_all_but_the_teardown(account, *checked())
        now = typed_and_seen(part)
        assert (part, now - done, done - now) == (part, set(PARTS[part]), GONE if part == "teardown" else set())
        done = now
    here = ("--rubric", one_region)
    _assert_nothing_is_failed(*checked("--final", "--no-gradebook", *here))
    status, result, _ = checked("--final", *here)
    assert (status, result["score"]["earned"]) == (0, 100), "the check before the teardown saw the rest"


def _assert_all_but_the_teardown(account, status, result, told):
    not_passed = {id for id, outcome in outcomes(result).items() if outcome != "passed"}
    assert not_passed == {"teardown.instance", "teardown.endpoint", "teardown.tidy"}
    assert (status, result["score"]["earned"], result["subject"]["account"]) == (1, 90, account.number)
    assert "90 of 100" in told
    assert [link["kind"] for link in result["chain"]] == ["bucket", "role", "instance", "job", "model", "endpoint"]
    assert [one["type"] for one in result["leftovers"]] == ["endpoint", "notebook-instance"]


def _assert_nothing_is_failed(status, result, told):
    found = outcomes(result)
    assert {id for id, outcome in found.items() if outcome == "unverified"} == GONE
    assert {outcome for id, outcome in found.items() if id not in GONE} == {"passed", "pending"}
    assert (status, result["leftovers"], result["hourly_usd"]) == (3, [], 0)


def test_every_cleanup_command_works_as_it_is_printed(account, checked, one_region, environment):
    """Pasted into a shell, each removes what it names."""
    follow(account)
    clock.run(math.inf)
    _, result, _ = checked("--no-predict", "--rubric", one_region)

    for one in result["leftovers"]:
        subprocess.run(one["cleanup"], shell=True, env=environment, check=True, capture_output=True)  # noqa: S602

    assert checked("--no-predict", "--rubric", one_region)[1]["leftovers"] == []
    assert result["next"]["command"] is None or result["next"]["command"].startswith("aws sagemaker")
