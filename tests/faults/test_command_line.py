"""`grade.py check` as people run it, while something goes wrong: its exit status, and what it prints."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from skymark.score import INCOMPLETE
from skymark.survey.clients import ATTEMPTS, READ_TIMEOUT_S
from skymark.survey.deadline import ANSWER_S
from tests.between import Answers, Fault
from tests.faults.kinds import KINDS
from tests.faults.table import DOCUMENT, read
from tests.faults.walk import NOTHING_DONE, NUMBER, STATES, of_service, wrongly

ROOT = Path(__file__).parents[2]
BY_NAME = {kind.name: kind for kind in KINDS}
BETWEEN_TRIES_S = 7
WAITED_S = ATTEMPTS * READ_TIMEOUT_S + BETWEEN_TRIES_S
TRICKLED_S = ATTEMPTS * ANSWER_S + BETWEEN_TRIES_S
REST_S = 60
"""What everything else takes on a busy computer: starting Python, pages, the pauses between CloudTrail's calls."""


@pytest.fixture
def check_in(walk_in, tmp_path):
    """Grade an account in this state through what is in between; how it ended, its outcomes, and how long it took."""

    def begin(state):
        walk = walk_in(state)
        cloud = walk.account.server
        environment = cloud.environment(cloud.credentials(NUMBER)) | {"AWS_ENDPOINT_URL": walk.way.url}
        environment |= {"HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "COLUMNS": "80"}
        final = ("--final",) if state.final else ()

        def run(*faults):
            walk.way.answers.__dict__.update(Answers(faults=faults, kept=walk.kept).__dict__)
            begun = time.monotonic()
            command = [sys.executable, str(ROOT / "grade.py"), "check", *final, "--json", "-", "--no-gradebook"]
            ended = subprocess.run(
                command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=600, check=False
            )
            took_s = time.monotonic() - begun
            walk.way.answers.over.set()
            assert "Traceback" not in ended.stdout + ended.stderr
            assert not (tmp_path / "reports" / "skymark.log").exists()
            found = json.loads(ended.stdout) if ended.stdout else {"criteria": []}
            return ended, {one["id"]: one["outcome"] for one in found["criteria"]}, took_s

        return run

    return begin


FAULTS = (
    ("answer cut off", "sagemaker"),
    ("empty answer", "s3"),
    ("noise", "iam"),
    ("`{}`", "logs"),
    ("keys expired", "iam"),
    ("throttled", "sagemaker"),
    ("web page as XML", "ec2"),
)


@pytest.mark.long
def test_a_fault_ends_as_incomplete(check_in, state):
    """Exit status 3, and no verdict but those of a whole look and `unverified`.

    Where the document says that other services tell as much, it ends as it does without the fault.
    """
    told = read(DOCUMENT.read_text("utf-8"), state)
    is_missed = {(name, service): told[service][name] != "0" for name, service in FAULTS}
    check = check_in(state)
    whole, before, _ = check()
    found = {}
    for name, service in FAULTS:
        ended, now, took_s = check(Fault(BY_NAME[name].does, of_service(service)))
        is_late = took_s > BETWEEN_TRIES_S * 10 + REST_S
        found[name, service] = (ended.returncode, wrongly(before, now), "unverified" in now.values(), is_late)

    assert True in is_missed.values()
    assert found == {
        fault: (INCOMPLETE if missed else whole.returncode, {}, missed, False) for fault, missed in is_missed.items()
    }


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "services", "limit_s"),
    [
        ("hangs", ("logs",), WAITED_S + REST_S),
        ("hangs", ("s3", "iam"), 2 * WAITED_S + REST_S),
        ("drips", ("sagemaker",), TRICKLED_S + ANSWER_S + REST_S),
    ],
)
def test_who_is_silent_is_waited_for_as_long_as_is_written_and_once(check_in, name, services, limit_s):
    """By the real time-outs; each service by itself, all regions together, and one try more where threads cross."""
    check = check_in(STATES[1])
    _, before, _ = check()

    ended, now, took_s = check(Fault(BY_NAME[name].does, lambda call: call.service in services))

    assert (ended.returncode, wrongly(before, now)) == (INCOMPLETE, {})
    assert READ_TIMEOUT_S < took_s < limit_s


@pytest.mark.parametrize("name", ["answer cut off", "keys unknown", "web page"])
def test_where_nobody_says_whose_account_it_is_nothing_begins(check_in, name):
    """Exit status 2, and one clear line."""
    check = check_in(NOTHING_DONE)

    ended, _, _ = check(Fault(BY_NAME[name].does, of_service("sts")))

    assert (ended.returncode, ended.stdout) == (2, "")
    assert 1 <= len(ended.stderr.strip().splitlines()) <= 3
