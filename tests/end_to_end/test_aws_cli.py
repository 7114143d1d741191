"""The lesson typed into the real AWS CLI, then checked with the real command line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

import skymark
from simulator.students import follow, sample_digits

ROOT = Path(__file__).parents[2]
BUCKET = "sagemaker-20190701-1820"
# What leaves no trace that is read, once it is deleted.
GONE = {"instance.type", "instance.accelerator", "instance.root_access", "endpoint.in_service", "endpoint.prediction"}


@pytest.fixture
def environment(cloud, account):
    """A student's terminal: keys, and the tools of this virtual environment."""
    tools = str(Path(sys.executable).parent)
    here = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    keys = cloud.environment(cloud.credentials(account.number))
    return here | keys | {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "BUCKET": BUCKET}


@pytest.fixture
def typed(environment):
    """Type one part of the lesson."""

    def run(part):
        script = Path(__file__).with_name("lesson.sh")
        done = subprocess.run(["bash", script, part], env=environment, capture_output=True, text=True, check=False)
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


def test_the_lesson_done_well_by_the_aws_cli(account, typed, checked):
    """Before the teardown everything but the teardown is passed; afterwards the teardown is, and nothing is failed."""
    typed("lesson")
    account.answer_digits(sample_digits())
    account.write_endpoint_log()

    status, result, told = checked()

    found = outcomes(result)
    assert {id for id, outcome in found.items() if outcome != "passed"} == {
        "teardown.instance",
        "teardown.endpoint",
        "teardown.tidy",
    }
    assert (status, result["score"]["earned"], result["subject"]["account"]) == (1, 90, account.number)
    assert "90 of 100" in told
    assert [link["kind"] for link in result["chain"]] == ["bucket", "role", "instance", "job", "model", "endpoint"]
    assert [one["type"] for one in result["leftovers"]] == ["endpoint", "notebook-instance"]

    typed("teardown")
    status, result, told = checked("--final")

    found = outcomes(result)
    assert {id for id, outcome in found.items() if outcome == "unverified"} == GONE
    assert {outcome for id, outcome in found.items() if id not in GONE} == {"passed", "pending"}
    assert (status, result["leftovers"], result["hourly_usd"]) == (3, [], 0)


def test_every_cleanup_command_works_as_it_is_printed(account, checked, environment):
    """Pasted into a shell, each removes what it names."""
    follow(account)
    _, result, _ = checked("--no-predict")

    for one in result["leftovers"]:
        subprocess.run(one["cleanup"], shell=True, env=environment, check=True, capture_output=True)  # noqa: S602

    assert checked("--no-predict")[1]["leftovers"] == []
    assert result["next"]["command"] is None or result["next"]["command"].startswith("aws sagemaker")
