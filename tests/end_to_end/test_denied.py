"""What may not be read is unverified, and nothing else changes: each call is held against the caller's policy."""

import itertools
from typing import Any

import pytest

from simulator.account import ENDPOINT_NAME
from simulator.students.leftovers import leave_everything
from simulator.students.steps import follow, tear_down
from skymark.evidence import Survey
from skymark.judge import judge
from skymark.outcome import Outcome, Verdict
from skymark.permissions import read_only_policy
from skymark.rubric import Rubric
from skymark.survey.calls import action_of, actions_of

JUPYTER = ("notebook.created", "notebook.executed", "notebook.uploaded")
ROLE = ("role.trust", "role.scoped", "instance.role")
MODEL = ("training.completed", "training.output", "endpoint.in_service", "endpoint.prediction")

# What bills by the hour may be left anywhere.
HOURLY = (
    "ec2:DescribeAddresses",
    "ec2:DescribeNatGateways",
    "ec2:DescribeVpcEndpoints",
    "sagemaker:ListAutoMLJobs",
    "sagemaker:ListClusters",
    "sagemaker:ListHyperParameterTuningJobs",
    "sagemaker:ListInferenceRecommendationsJobs",
    "sagemaker:ListMlflowTrackingServers",
    "sagemaker:ListMonitoringSchedules",
    "sagemaker:ListOptimizationJobs",
    "sagemaker:ListPipelines",
    "sagemaker:ListProcessingJobs",
    "sagemaker:ListTransformJobs",
)
# What may be tidied away, which is advice, and what is no part of the lesson.
REST = (
    "ec2:DescribeInstances",
    "ec2:DescribeSnapshots",
    "ec2:DescribeVolumes",
    "ecr:DescribeRepositories",
    "elasticfilesystem:DescribeFileSystems",
    "kms:ListKeys",
    "s3:GetBucketVersioning",
    "s3:ListBucketMultipartUploads",
    "sagemaker:ListCodeRepositories",
    "sagemaker:ListCompilationJobs",
    "sagemaker:ListExperiments",
    "sagemaker:ListFeatureGroups",
    "sagemaker:ListImages",
    "sagemaker:ListInferenceComponents",
    "sagemaker:ListLabelingJobs",
    "sagemaker:ListMlflowApps",
    "sagemaker:ListModelPackageGroups",
    "sagemaker:ListNotebookInstanceLifecycleConfigs",
    "sagemaker:ListPartnerApps",
    "sagemaker:ListTrainingPlans",
    "secretsmanager:ListSecrets",
)

# What is unverified where one action is not allowed, in an account where everything is right and not cleaned up yet.
UNVERIFIED: dict[str, tuple[str, ...]] = {
    # What the list does not show, CloudTrail's event history tells.
    "s3:ListAllMyBuckets": (),
    "s3:GetBucketPolicyStatus": ("bucket.private",),
    "s3:GetBucketAcl": ("bucket.private",),
    "iam:GetRole": ROLE,
    "iam:ListAttachedRolePolicies": ("role.scoped",),
    "iam:GetPolicy": ("role.scoped",),
    "sagemaker:ListNotebookInstances": ("teardown.instance",),
    "sagemaker:DescribeNotebookInstance": (*ROLE, "instance.accelerator", "instance.root_access"),
    "logs:DescribeLogGroups": JUPYTER,
    "logs:FilterLogEvents": JUPYTER,
    "sagemaker:ListTrainingJobs": (*MODEL, "teardown.everywhere"),
    "sagemaker:DescribeTrainingJob": MODEL,
    "sagemaker:ListEndpoints": ("teardown.endpoint",),
    "cloudtrail:LookupEvents": (),
    "cloudwatch:GetMetricData": (),
    "sagemaker:DescribeEndpointConfig": ("endpoint.in_service", "endpoint.prediction"),
    "sagemaker:DescribeModel": ("endpoint.in_service", "endpoint.prediction"),
    "sagemaker:ListDomains": ("teardown.everywhere",),
    **dict.fromkeys(HOURLY, ("teardown.everywhere",)),
    # The student's own invocations show in the endpoint's log.
    "sagemaker:InvokeEndpoint": (),
}


ACTIONS = sorted({action for one in read_only_policy()["Statement"] for action in one["Action"]})


def policy_without(*actions: str) -> dict[str, Any]:
    """The printed policy, less these."""
    policy = read_only_policy()
    for statement in policy["Statement"]:
        statement["Action"] = [one for one in statement["Action"] if one not in actions] or ["none:None"]
    return policy


@pytest.fixture
def surveyed_without(account, survey):
    """Survey an account in which the lesson was done well, with keys that lack some actions."""
    follow(account)
    names = itertools.count()

    def look(*actions: str) -> Survey:
        keys = account.user_with(policy_without(*actions), f"reader-{next(names)}")
        return survey(("us-east-1",), credentials=keys)

    return look


def test_the_printed_policy_is_enough(surveyed_without):
    """Nothing is refused to somebody who has only what `grade.py policy` prints."""
    assert surveyed_without().gaps == ()


def test_each_refusal_leaves_unverified_what_it_hides(surveyed_without, judged):
    """Never failed, and never more than that; without the action nothing is read by another way."""
    everything = judged(surveyed_without())

    found = {}
    for action in UNVERIFIED:
        outcomes = judged(surveyed_without(action))
        found[action] = {id: outcome for id, outcome in outcomes.items() if outcome != everything[id]}

    assert found == {action: dict.fromkeys(ids, "unverified") for action, ids in UNVERIFIED.items()}


def test_what_bills_by_nobodys_hour_decides_nothing(surveyed_without, judged):
    """All of it refused at once: each is a gap, and no verdict is another."""
    found = surveyed_without(*REST)

    assert {action_of(gap.service, gap.call) for gap in found.gaps} == set(REST)
    assert judged(found) == judged(surveyed_without())


def test_nobody_may_ask_an_endpoint_that_was_never_asked(account, surveyed_without, judged):
    """Then nothing at all tells what it predicts."""
    account.logs().delete_log_group(logGroupName=f"/aws/sagemaker/Endpoints/{ENDPOINT_NAME}")

    found = surveyed_without("sagemaker:InvokeEndpoint")

    assert judged(found)["endpoint.prediction"] == "unverified"
    assert [(gap.service, gap.call) for gap in found.gaps] == [("sagemaker-runtime", "InvokeEndpoint")]


STATES = {
    "done": (follow,),
    "torn down": (follow, tear_down),
    "everything left": (follow, leave_everything),
}


@pytest.mark.long
@pytest.mark.parametrize("state", STATES.values(), ids=STATES.keys())
def test_whichever_action_is_missing_only_what_needs_it_is_unverified(account, survey, lesson, rubric, state):
    """Each of the printed policy in turn: a survey ends, nothing is failed for it, and the advice names the action."""
    for step in state:
        step(account)
    by = rubric("sagemaker-intro")

    def verdicts(found: Survey, final: bool) -> dict[str, Verdict]:
        return {one.id: one for one in judge(found, by, lesson, final=final).verdicts}

    def look(action: str) -> Survey:
        keys = account.user_with(policy_without(action), f"without-{action.replace(':', '-')}")
        return survey(("us-east-1",), credentials=keys)

    everything = look("none:Of")
    whole = {final: verdicts(everything, final) for final in (False, True)}
    wrong = []
    for action in ACTIONS:
        found = look(action)
        wrong += [(action, gap.call, gap.advice) for gap in found.gaps if f"Grant {action} " not in gap.advice]
        for final, before in whole.items():
            now = verdicts(found, final)
            for id, one in now.items():
                if one.outcome is not before[id].outcome and not is_for_want_of(action, one, now, by):
                    wrong.append((action, final, id, one.outcome, one.message))
    assert wrong == []


def is_for_want_of(action: str, one: Verdict, now: dict[str, Verdict], by: Rubric) -> bool:
    """Whether a criterion is unverified, needs the action, and says so: itself, or that on which it hangs."""
    is_told = any(f"Grant {action} " in gap.advice for gap in one.gaps)
    is_needed = action in actions_of(by.criterion(one.id).calls)
    if one.outcome is Outcome.UNVERIFIED and is_told and is_needed:
        return True
    return one.blocked_by is not None and is_for_want_of(action, now[one.blocked_by], now, by)
