"""The role as commands of the AWS CLI, to be pasted into CloudShell or any other bash."""

import json
import shlex
from typing import Any

from skymark.errors import UsageError
from skymark.granting.grant import DESCRIPTION, POLICY_NAME, SESSION_S, Grant, trust_policy
from skymark.permissions import read_only_policy


def commands(grant: Grant) -> str:
    """Three commands: make the role, say what it may read, tell its ARN.

    Pasted again, the first one says that the role is there, and the second one brings the policy up to date.

    Raises:
        UsageError: the grant has no external id.
    """
    if grant.external_id is None:
        raise UsageError(
            "The commands need an external id: give --external-id ID, "
            "or --students ROSTER --out DIR, which makes one for each student."
        )
    by = grant.grader
    trust = trust_policy(f"arn:{by.partition}:iam::{by.account}:root", grant.external_id, by.arn)
    role = ("--role-name", grant.role_name)
    lines = (
        _command(
            *("create-role", *role, "--description", DESCRIPTION, "--max-session-duration", str(SESSION_S)),
            *("--assume-role-policy-document", _json(trust)),
        ),
        _command(
            *("put-role-policy", *role, "--policy-name", POLICY_NAME),
            *("--policy-document", _json(read_only_policy(grant.plan, predict=grant.predict))),
        ),
        _command("get-role", *role, "--query", "Role.Arn", "--output", "text"),
    )
    return "".join(f"{line}\n" for line in lines)


def _command(*words: str) -> str:
    return shlex.join(("aws", "iam", *words))


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, separators=(",", ":"))
