"""Each criterion has a test for each outcome that it can have."""

import itertools
from typing import Any

import pytest
from msgspec.structs import replace

from skymark.evidence import App, Survey
from skymark.grading import grade
from skymark.next_step import UNMET
from skymark.outcome import Outcome
from skymark.result import Result

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
LEFTOVERS = ("teardown.everywhere", "teardown.tidy")
"""The list of what is left has a command for each thing."""
LISTS = ("ListBuckets", "ListNotebookInstances", "ListTrainingJobs", "ListEndpoints", "ListModels", "ListApps")


@pytest.fixture(scope="module")
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


@pytest.fixture(scope="module")
def results(accounts, rubric, lesson) -> list[Result]:
    """All of them graded, before the end and in it."""
    lessons = rubric("sagemaker-intro")
    return [grade(one, lessons, lesson, final=final) for one, final in itertools.product(accounts, (False, True))]


@pytest.fixture
def seen(results) -> dict[str, set[str]]:
    """Every outcome that these accounts give, by criterion."""
    found: dict[str, set[str]] = {}
    for one in itertools.chain.from_iterable(result.criteria for result in results):
        found.setdefault(one.id, set()).add(str(one.outcome))
    return found


def test_each_criterion_has_every_outcome_that_is_possible(seen, possible):
    """And never one that is not."""
    assert seen == possible


def test_each_outcome_says_what_was_found_what_is_expected_and_what_to_do(results):
    """And where: a page of the console in the right region; a command where the names in it are known."""
    for result in results:
        for one in result.criteria:
            where = f"{one.id} {one.outcome}: {one.message}"
            assert one.message, where
            assert one.expected, where
            assert (one.hint is None) == (one.outcome is Outcome.PASSED), where
            assert "{" not in (one.command or ""), where
            for url in (link.url for link in one.links):
                assert url.startswith((f"https://{result.region}.console", "https://us-east-1.console")), where
            if one.outcome in UNMET and one.id not in LEFTOVERS:
                assert one.links or one.id.startswith("role."), where
