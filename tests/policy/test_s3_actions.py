"""The table of S3's data actions, held against the library that it comes from."""

import json
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from skymark.policy.s3_actions import DATA_ACTIONS, NO_DATA

# Read and not imported: importing policyuniverse leaves this file open, which pytest reports.
SERVICES = json.loads(Path(distribution("policyuniverse").locate_file("policyuniverse/data.json")).read_bytes())
LIBRARY: dict[str, dict[str, Any]] = next(
    service["actions"] for service in SERVICES.values() if service["prefix"] == "s3"
)


def test_every_action_that_the_library_knows_is_on_one_side() -> None:
    """An action that the library adds or drops has to be decided here; none is on both sides."""
    data = [action.name.removeprefix("s3:") for action in DATA_ACTIONS]
    no_data = [name for names in NO_DATA.values() for name in names]

    assert sorted(data + no_data) == sorted(LIBRARY)


def test_the_kind_of_an_action_is_the_library_s() -> None:
    """The library's groups List, Read and Write agree with the kinds; it has no group for deleting."""
    groups = {"list": "List", "read": "Read", "write": "Write", "delete": "Write"}

    assert {action.name: groups[action.kind] for action in DATA_ACTIONS} == {
        action.name: LIBRARY[action.name.removeprefix("s3:")]["calculated_action_group"] for action in DATA_ACTIONS
    }


def test_an_action_on_objects_says_so_in_its_name() -> None:
    """Actions on objects name objects, but for a delete that is replicated."""
    on_objects = {action.name for action in DATA_ACTIONS if action.level == "object"}

    assert {name for name in on_objects if "Object" not in name} == {"s3:ReplicateDelete"}
    assert {action.name for action in DATA_ACTIONS} - on_objects == {
        "s3:ListBucket",
        "s3:ListBucketVersions",
        "s3:PutLifecycleConfiguration",
    }
