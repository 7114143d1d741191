"""A survey that a student made before the teardown, handed in to somebody who could look only after it."""

import functools
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from simulator.students.steps import follow, tear_down
from skymark.permissions import read_only_policy

ROOT = Path(__file__).parents[2]
TRACES = ("cloudtrail:LookupEvents", "cloudwatch:GetMetricData")


@pytest.fixture
def check(account, cloud, one_region, tmp_path):
    """Run `grade.py check` in one region and return its result; with the student's keys, or the assistant's."""
    policy = read_only_policy()
    for statement in policy["Statement"]:
        statement["Action"] = [one for one in statement["Action"] if one not in TRACES] or ["none:None"]

    assistants = functools.cache(lambda: account.user_with(policy))

    def run(*arguments, assistant):
        keys = assistants() if assistant else cloud.credentials(account.number)
        here = ("--quiet", "--rubric", one_region, "--json", "-")
        command = [sys.executable, str(ROOT / "grade.py"), "check", *here, *arguments]
        env = os.environ | {"HOME": str(tmp_path)} | cloud.environment(keys)
        ended = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120, check=False)
        assert ended.stdout, ended.stderr
        return json.loads(ended.stdout)

    return run


def by_id(result):
    """Outcome and source of each criterion."""
    return {one["id"]: (one["outcome"], one["source"]) for one in result["criteria"]}


def test_what_is_gone_without_a_trace_counts_by_what_was_handed_in(account, check):
    """Only once it is accepted, and from then on; what was left behind does not become tidy by it."""
    follow(account)
    check("--save-survey", "ada.json", "--no-gradebook", assistant=False)
    tear_down(account)

    hand_in = ("--handed-in", "ada.json")
    accepted = check("--final", *hand_in, "--accept-handed-in", "--save-survey", "after.json", assistant=True)
    alone = check("--final", "--survey", "after.json", assistant=True)
    told = check("--final", *hand_in, "--survey", "after.json", assistant=True)
    later = check("--final", assistant=True)

    missing = {id for id, (outcome, _) in by_id(alone).items() if outcome == "unverified" and "teardown" not in id}
    assert "instance.type" in missing
    assert by_id(told) == by_id(alone)
    (warning,) = [text for text in told["warnings"] if "ada.json, surveyed" in text]
    assert f"would show: {', '.join(id for id in by_id(alone) if id in missing)} (" in warning
    assert {id for id, found in by_id(accepted).items() if found == ("passed", "handed-in")} == missing
    assert {id for id, found in by_id(later).items() if found == ("passed", "earlier")} == missing
    assert (accepted["score"]["earned"], later["score"]["earned"]) == (100, 100)
    assert by_id(accepted)["teardown.tidy"] == by_id(alone)["teardown.tidy"]
