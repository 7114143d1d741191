"""The read-only IAM policy that a survey needs, generated from the calls that it makes."""

from typing import Any

from skymark.rubric import SurveyPlan
from skymark.survey.calls import CALLS, QUOTA_CALLS

PREDICTION = "Prediction"
USUAL = SurveyPlan()
"""A lesson about SageMaker that asks for no setting of buckets."""


def read_only_policy(plan: SurveyPlan = USUAL, *, predict: bool = True) -> dict[str, Any]:
    """A policy document: one statement for each group of calls, with the actions in alphabetical order.

    It allows what a survey by this plan asks, and nothing more: objects by the keys that the plan names.
    GetCallerIdentity is left out: everybody may ask who they are (STS API reference).
    Without `predict` the one action that costs anything (InvokeEndpoint) is left out.
    """
    groups: dict[tuple[str, tuple[str, ...]], set[str]] = {}
    for call in CALLS:
        if call.service != "sts" and call.is_made_for(plan) and (predict or call.sid != PREDICTION):
            groups.setdefault((call.sid, call.resources(plan)), set()).add(call.action)
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": sid, "Effect": "Allow", "Action": sorted(actions), "Resource": _one_or_all(resources)}
            for (sid, resources), actions in groups.items()
        ],
    }


def with_quotas(policy: dict[str, Any]) -> dict[str, Any]:
    """A policy with what `grade.py doctor` asks of Service Quotas, too."""
    actions = sorted(call.action for call in QUOTA_CALLS)
    statement = {"Sid": "Quotas", "Effect": "Allow", "Action": actions, "Resource": "*"}
    return policy | {"Statement": [*policy["Statement"], statement]}


def _one_or_all(resources: tuple[str, ...]) -> str | list[str]:
    return resources[0] if len(resources) == 1 else list(resources)
