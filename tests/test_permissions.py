"""The policy that `grade.py policy` prints."""

import json
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from skymark.permissions import USUAL, read_only_policy, with_quotas
from skymark.rubric import SurveyPlan
from skymark.survey.calls import CALLS, QUOTA_CALLS


def granted(policy):
    """Every action that a policy allows."""
    return {action for statement in policy["Statement"] for action in statement["Action"]}


def test_exactly_what_the_calls_need_is_granted():
    """Generated, so it cannot lag behind; everybody may ask who they are without it."""
    needed = {call.action for call in CALLS if call.is_made_for(USUAL)}

    assert granted(read_only_policy()) == needed - {"sts:GetCallerIdentity"}


def test_a_lesson_about_buckets_is_granted_what_it_asks_and_nothing_of_sagemakers_lessons():
    """Objects by their keys alone; what bills by the hour may still be looked for everywhere."""
    plan = SurveyPlan(about=("s3",), settings=("website", "policy"), objects=("index.html", "photos/cat.jpg"))

    found = read_only_policy(plan)

    statements = {one["Sid"]: one for one in found["Statement"]}
    assert granted(found) - granted(read_only_policy()) == {"s3:GetBucketWebsite", "s3:GetBucketPolicy", "s3:GetObject"}
    assert statements["Objects"]["Resource"] == ["arn:aws:s3:::*/index.html", "arn:aws:s3:::*/photos/cat.jpg"]
    assert {one.split(":")[0] for one in granted(read_only_policy()) - granted(found)} == {
        *("cloudwatch", "iam", "logs", "sagemaker"),
    }
    assert {one for one in granted(read_only_policy()) - granted(found) if one.startswith("sagemaker")} == {
        "sagemaker:InvokeEndpoint"
    }


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
    levels = {call.action: access_levels.get(call.action.lower()) for call in CALLS}

    unknown = [action for action, level in levels.items() if level is None]
    assert set(levels.values()) <= {"Read", "List", None}
    assert all(re.match(r"[a-z0-9-]+:(Get|List|Describe)", action) for action in unknown)
