"""Each criterion has a test for each outcome that it can have."""

from typing import Any

import pytest
from msgspec.structs import replace

from skymark.evidence import App, Survey

# One thing changed in a good account each; `log` says under which instance's name Jupyter wrote.
CHANGES: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("jupyter_logs", {"lines": ()}, "sm-test"),
    ("training_jobs", {"artifact_uri": "s3://elsewhere/model.tar.gz"}, "sm-test"),
    ("training_jobs", {"status": "Failed", "failure_reason": "ClientError: no data"}, "sm-test"),
    ("training_jobs", {"status": "InProgress"}, "sm-test"),
    ("models", {"artifact_uri": "s3://elsewhere/model.tar.gz"}, "sm-test"),
    ("buckets", {"region": "us-west-2", "acl_is_public": True}, "sm-test"),
    ("buckets", {"region": None}, "sm-test"),
    ("roles", {"trust": '{"Statement": []}', "policies": ()}, "sm-test"),
    ("notebook_instances", {"name": "smtest", "instance_type": "ml.m5.xlarge", "root_access": False}, "smtest"),
    ("notebook_instances", {"accelerator_types": ("ml.eia2.medium",), "role_arn": "arn:aws:iam::9:role/X"}, "sm-test"),
    ("notebook_instances", {"status": "Pending"}, ""),
    ("notebook_instances", {"status": "Failed", "failure_reason": "Lifecycle script failed"}, ""),
    ("endpoints", {"status": "Failed", "failure_reason": "ping health check"}, "sm-test"),
    ("endpoints", {"status": "Creating"}, "sm-test"),
    ("invocations", {"body": '{"predictions": [{"score": 0.1}]}'}, "sm-test"),
    ("invocations", {"endpoint": "another"}, "sm-test"),
)
LISTS = ("ListBuckets", "ListNotebookInstances", "ListTrainingJobs", "ListEndpoints", "ListModels", "ListApps")


@pytest.fixture
def accounts(good, empty, torn_down, changed, denied) -> list[Survey]:
    """Accounts in which everything that can happen to a criterion happens."""
    silent = changed(good, "endpoint_logs", invocations=0)
    varied = [
        changed(survey if name else replace(survey, jupyter_logs=()), kind, **fields)
        for survey in (good, silent)
        for kind, fields, name in CHANGES
        for survey in (changed(survey, "jupyter_logs", instance=name or "sm-test"),)
    ]
    misnamed = changed(replace(good, training_jobs=(), roles=()), "buckets", name="sagemaker-first")
    tidy = replace(changed(torn_down, "buckets", has_objects=False), models=(), endpoint_configs=(), roles=())
    running = replace(good.training_jobs[0], name="later", status="InProgress", created_at=good.surveyed_at)
    busy = replace(torn_down, training_jobs=(running, *good.training_jobs))
    app = App("d-1", "JupyterLab", "default", "us-east-1", "InService", space="mine", instance_type="ml.t3.medium")
    refused = [denied(survey, "any", call) for survey in (empty, torn_down, tidy) for call in LISTS]
    return [good, empty, torn_down, *varied, misnamed, tidy, busy, replace(torn_down, apps=(app,)), *refused]


@pytest.fixture
def seen(accounts, outcomes) -> dict[str, set[str]]:
    """Every outcome that these accounts give, by criterion, before the end and in it."""
    found: dict[str, set[str]] = {}
    for account in accounts:
        for final in (False, True):
            for id, outcome in outcomes(account, final=final).items():
                found.setdefault(id, set()).add(outcome)
    return found


def test_each_criterion_has_every_outcome_that_is_possible(seen, possible):
    """And never one that is not."""
    assert seen == possible
