"""The policy that `grade.py policy` prints."""

import json
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from skymark.permissions import read_only_policy, with_quotas
from skymark.survey.calls import CALLS, QUOTA_CALLS


def granted(policy):
    """Every action that a policy allows."""
    return {action for statement in policy["Statement"] for action in statement["Action"]}


def test_exactly_what_the_calls_need_is_granted():
    """Generated, so it cannot lag behind; everybody may ask who they are without it."""
    assert granted(read_only_policy()) == {call.action for call in CALLS} - {"sts:GetCallerIdentity"}


def test_without_a_prediction_nothing_that_costs_is_granted():
    """InvokeEndpoint is the only one."""
    assert granted(read_only_policy()) - granted(read_only_policy(predict=False)) == {"sagemaker:InvokeEndpoint"}


def test_it_is_a_policy_that_iam_accepts():
    """Sids are unique letters and digits; the text is within a managed policy's 6,144 characters."""
    policy = read_only_policy()
    sids = [statement["Sid"] for statement in policy["Statement"]]

    assert len(set(sids)) == len(sids)
    assert all(re.fullmatch(r"[A-Za-z0-9]+", sid) for sid in sids)
    assert len(re.sub(r"\s", "", json.dumps(policy))) <= 6144


def test_what_doctor_asks_of_quotas_is_granted_besides(access_levels):
    """It reads, too, and the whole still is a policy."""
    policy = with_quotas(read_only_policy())
    more = granted(policy) - granted(read_only_policy())

    assert more == {call.action for call in QUOTA_CALLS}
    assert {access_levels[action.lower()] for action in more} == {"Read"}
    assert len(re.sub(r"\s", "", json.dumps(policy))) <= 6144


@pytest.fixture(scope="module")
def access_levels():
    """AWS's access level of each action, as policyuniverse ships it; importing it would leave a file open."""
    spec = find_spec("policyuniverse")
    data = json.loads((Path(spec.origin).parent / "data.json").read_text())
    return {
        f"{service['prefix']}:{action}".lower(): entry["calculated_action_group"]
        for service in data.values()
        for action, entry in service["actions"].items()
    }


def test_nothing_in_it_changes_anything(access_levels):
    """Every action reads or lists; only the prediction, which AWS counts as reading, does more."""
    levels = {action: access_levels.get(action.lower()) for action in granted(read_only_policy())}

    unknown = [action for action, level in levels.items() if level is None]
    assert set(levels.values()) <= {"Read", "List", None}
    assert all(re.match(r"[a-z0-9-]+:(Get|List|Describe)", action) for action in unknown)
