"""The read-only IAM policy that a survey needs, generated from the calls that it makes."""

from typing import Any

from skymark.survey.calls import CALLS, QUOTA_CALLS

PREDICTION = "Prediction"


def read_only_policy(*, predict: bool = True) -> dict[str, Any]:
    """A policy document: one statement for each group of calls, with the actions in alphabetical order.

    GetCallerIdentity is left out: everybody may ask who they are (STS API reference).
    Without `predict` the one action that costs anything (InvokeEndpoint) is left out.
    """
    groups: dict[tuple[str, str], set[str]] = {}
    for call in CALLS:
        if call.service != "sts" and (predict or call.sid != PREDICTION):
            groups.setdefault((call.sid, call.resource), set()).add(call.action)
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": sid, "Effect": "Allow", "Action": sorted(actions), "Resource": resource}
            for (sid, resource), actions in groups.items()
        ],
    }


def with_quotas(policy: dict[str, Any]) -> dict[str, Any]:
    """A policy with what `grade.py doctor` asks of Service Quotas, too."""
    actions = sorted(call.action for call in QUOTA_CALLS)
    statement = {"Sid": "Quotas", "Effect": "Allow", "Action": actions, "Resource": "*"}
    return policy | {"Statement": [*policy["Statement"], statement]}
