"""Whatever is left behind, the printed commands remove it: run by the real AWS CLI."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

from simulator.clock import clock
from simulator.students.leftovers import LEAVE, leave_everything, leave_versioned_bucket
from simulator.students.steps import make_bucket
from skymark.cost.kinds import HOURLY, REST

ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment(cloud, account, tmp_path):
    """A student's terminal: keys, the tools of this virtual environment, and a clock on which nothing takes time."""
    clock.run(math.inf)
    tools = str(Path(sys.executable).parent)
    here = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    keys = cloud.environment(cloud.credentials(account.number))
    return here | keys | {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "AWS_PAGER": ""}


@pytest.fixture
def skymark(environment, one_region, tmp_path):
    """Run the real command line by a rubric of one region; standard output."""

    def run(*arguments):
        command = [sys.executable, ROOT / "grade.py", *arguments, "--rubric", one_region]
        ended = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert ended.returncode in (0, 1, 3), ended.stderr
        return ended.stdout

    return run


@pytest.fixture
def typed(environment, tmp_path):
    """Run a script in a shell; how it ended, and what it said of errors."""

    def run(script):
        ended = subprocess.run(
            ["bash", "-c", script], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        return ended.returncode, ended.stderr.strip()

    return run


def left(result):
    """What is left of the lesson, by service and type."""
    return {
        f"{one['service']} {one['type']}" for one in (*result["leftovers"], *result["tidy"]) if one["apart"] is None
    }


def test_every_kind_can_be_left_behind(account, environment, skymark) -> None:
    """And is told of: those of the lesson with a command, what is no part of it without."""
    leave_everything(account)

    result = json.loads(skymark("check", "--json", "-", "--no-gradebook"))

    everything = {f"{one['service']} {one['type']}" for one in (*result["leftovers"], *result["tidy"])}
    assert everything >= {f"{one.service} {one.type}" for one in (*HOURLY, *REST)}
    assert everything >= LEAVE.keys() - {"sagemaker user-profile"}  # it goes with its domain
    assert all(one["cleanup"] for one in (*result["leftovers"], *result["tidy"]) if one["apart"] is None)
    assert not any(one["cleanup"] for one in (*result["leftovers"], *result["tidy"]) if one["apart"])


def test_the_printed_script_removes_everything(account, environment, skymark, typed) -> None:
    """Nothing of it fails, and the next look finds nothing but what is no part of the lesson."""
    make_bucket(account)
    leave_everything(account)
    leave_versioned_bucket(account)

    ended, errors = typed(skymark("cleanup", "--all"))

    result = json.loads(skymark("check", "--json", "-", "--no-gradebook"))
    assert (ended, errors) == (0, "")
    assert left(result) == set()


def test_every_command_of_a_report_removes_its_thing(account, environment, skymark, typed) -> None:
    """Each by itself, in the order in which the report has them.

    What lies in something else goes with that, and its own command then has nothing left to remove.
    """
    make_bucket(account)
    leave_everything(account)
    before = json.loads(skymark("check", "--json", "-", "--no-gradebook"))

    commands = [one["cleanup"] for one in (*before["leftovers"], *before["tidy"])]
    failed = []
    for position, command in enumerate(commands):
        ended, error = typed(command)
        if ended != 0 and not any(command in earlier for earlier in commands[:position]):
            failed.append((command, error))

    after = json.loads(skymark("check", "--json", "-", "--no-gradebook"))
    assert failed == []
    assert left(after) == set()
