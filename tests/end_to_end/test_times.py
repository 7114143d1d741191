"""The times of a lesson: what was there before counts for nobody, and what was torn down late is late."""

import datetime as dt
from typing import Any

import pytest

from simulator.account import SimulatedAccount
from simulator.clock import clock
from simulator.students.choices import Choices
from simulator.students.steps import delete_endpoints, delete_instances, follow, stop_instances, tear_down
from skymark.grading import grade
from skymark.permissions import read_only_policy
from skymark.window import ALWAYS, Window

DAYS = 86_400
HOURS = 3_600
TEARDOWN = ("teardown.instance", "teardown.endpoint", "teardown.everywhere")


@pytest.fixture
def monday(account: SimulatedAccount) -> dt.datetime:
    """The practice cloud's time, six days ago."""
    start = dt.datetime.now(dt.UTC).replace(microsecond=0) - dt.timedelta(days=6)
    clock.stand(start)
    return start


@pytest.fixture
def by_time(lesson, rubric):
    """Grade a survey, the lesson being over, by its times; the criteria by id."""

    def run(found, window=ALWAYS, due=None):
        result = grade(found, rubric("sagemaker-intro"), lesson, final=True, window=window, due=due)
        return result, {one.id: one for one in result.criteria}

    return run


def now() -> dt.datetime:
    """The practice cloud's time."""
    return clock.now()


def test_torn_down_in_time_is_all_points_whenever_it_is_looked_at(account, monday, survey, by_time):
    """Days later the event history still tells when."""
    follow(account)
    tear_down(account)
    due = now() + dt.timedelta(hours=1)
    clock.advance(2 * DAYS)

    result, criteria = by_time(survey(ends=True), due=due)

    assert (result.score.earned, result.score.complete) == (100, True)
    assert "was deleted" in criteria["teardown.instance"].evidence[1]
    assert [step.what.split(" ")[-1] for step in result.steps if step.ends] == ["deleted", "stopped", "deleted"]


@pytest.mark.parametrize(
    ("left", "late"),
    [
        (delete_endpoints, {"teardown.endpoint"}),
        (delete_instances, {"teardown.instance"}),
        (tear_down, {"teardown.endpoint", "teardown.instance"}),
    ],
)
def test_left_running_over_the_weekend_and_deleted_before_the_grading_is_late(
    left, late, account, monday, survey, by_time
):
    """What was deleted in time is not."""
    follow(account)
    for step in {delete_endpoints, delete_instances} - {left} if left is not tear_down else ():
        step(account)
    due = now() + dt.timedelta(hours=1)
    clock.advance(3 * DAYS)
    left(account)
    clock.advance(HOURS)

    result, criteria = by_time(survey(ends=True), due=due)

    assert {id for id in criteria if criteria[id].outcome == "failed"} == late
    assert all("had to be gone by" in criteria[id].message for id in late)
    assert result.next is None


def test_what_was_made_after_the_due_time_is_listed_and_ignored(account, monday, survey, by_time):
    """Somebody goes on playing in an account that was clean when it had to be."""
    follow(account)
    tear_down(account)
    due = now() + dt.timedelta(hours=1)
    clock.advance(DAYS)
    play(account)
    clock.advance(HOURS)

    result, criteria = by_time(survey(ends=True), due=due)

    assert [criteria[id].outcome for id in TEARDOWN] == ["passed"] * 3
    assert {one.type: one.apart for one in result.leftovers} == dict.fromkeys(
        ("notebook-instance",), "made after everything had to be gone"
    )


def play(account: SimulatedAccount, **settings: Any) -> None:
    """Another notebook instance, under the role that is there."""
    (role,) = [row["Arn"] for row in account.iam.list_roles()["Roles"] if "ExecutionRole" in row["RoleName"]]
    account.make_notebook_instance(role, "sm-test", **settings)
    account.wait_for("notebook-instance", "sm-test", "InService")


def test_aws_still_at_work_when_it_is_due_is_no_delay_of_the_students(account, monday, survey, by_time):
    """Stopped in time, deleted as soon as it was stopped: two minutes after the bell."""
    follow(account)
    delete_endpoints(account)
    account.stop_instance("sm-test")
    due = now() + dt.timedelta(seconds=30)
    delete_stopped(account)
    clock.advance(HOURS)

    _, criteria = by_time(survey(ends=True), due=due)

    assert criteria["teardown.instance"].outcome == "passed"


def delete_stopped(account: SimulatedAccount) -> None:
    """Wait until it is stopped, and delete it."""
    account.wait_for("notebook-instance", "sm-test", "Stopped")
    account.delete_instance("sm-test")
    account.wait_for("notebook-instance", "sm-test", None)


def test_stopped_in_time_and_deleted_days_later_is_late(account, monday, survey, by_time):
    """A stopped instance still costs its disk, and it had to be deleted."""
    follow(account)
    delete_endpoints(account)
    stop_instances(account)
    due = now() + dt.timedelta(hours=1)
    clock.advance(DAYS)
    delete_stopped(account)
    clock.advance(HOURS)

    _, criteria = by_time(survey(ends=True), due=due)

    assert criteria["teardown.instance"].outcome == "failed"


def test_without_the_event_history_nobody_is_late(account, monday, survey, by_time):
    """When it was deleted cannot be known: unverified, and the permission is named."""
    follow(account)
    tear_down(account)
    policy = read_only_policy()
    for statement in policy["Statement"]:
        statement["Action"] = [one for one in statement["Action"] if one != "cloudtrail:LookupEvents"] or ["none:None"]
    keys = account.user_with(policy)

    found = survey(ends=True, credentials=keys)
    _, criteria = by_time(found, due=now() - dt.timedelta(minutes=5))

    assert {criteria[id].outcome for id in TEARDOWN} == {"unverified"}
    assert "Grant cloudtrail:LookupEvents" in criteria["teardown.instance"].hint


def test_a_survey_that_was_saved_without_a_due_time_tells_no_times(account, monday, survey, by_time):
    """It does not show what else was deleted when: unverified, never late by guessing."""
    follow(account)
    tear_down(account)
    due = now() + dt.timedelta(hours=1)
    clock.advance(DAYS)

    _, criteria = by_time(survey(), due=due)

    assert criteria["teardown.endpoint"].outcome == "unverified"
    assert "with --due" in criteria["teardown.endpoint"].hint


def test_what_was_there_before_the_lesson_counts_for_nobody(account, monday, survey, by_time):
    """Neither for: an old lesson is not this one; nor against: what was left then is no leftover of this one."""
    follow(account)
    clock.advance(2 * DAYS)
    window = Window(since=now())

    result, criteria = by_time(survey(window=window), window=window)

    assert criteria["bucket.name"].outcome == "failed"
    assert criteria["instance.name"].outcome == "failed"
    assert criteria["training.completed"].outcome == "failed"
    assert {criteria[id].outcome for id in TEARDOWN} == {"blocked"}
    assert {one.apart for one in result.leftovers} == {"made before the lesson"}
    assert {(one.kind, one.why) for one in result.outsiders} == {
        (kind, "made before the lesson") for kind in ("bucket", "instance", "job", "endpoint")
    }


def test_a_lesson_beside_what_was_there_before_is_all_points(account, monday, survey, by_time):
    """Old things in another region keep nobody from a clean end, and their traces do not show this lesson's."""
    other = SimulatedAccount(account.server, account.number, "us-west-2")
    follow(other, Choices(bucket="sagemaker-20190601-0900", role_stamp="20190601T090000"))
    clock.advance(2 * DAYS)
    window = Window(since=now())
    clock.advance(60)
    follow(account)
    tear_down(account)
    clock.advance(HOURS)

    result, _ = by_time(survey(window=window), window=window)

    assert [one.id for one in result.criteria if one.outcome not in ("passed", "pending")] == []
    assert (result.score.earned, result.score.complete) == (100, True)


def test_a_window_beyond_the_event_histories_reach_proves_no_absence(account, survey, by_time):
    """It keeps 90 days; what was done and deleted before that may have been there."""
    window = Window(since=dt.datetime.now(dt.UTC) - dt.timedelta(days=120))

    _, criteria = by_time(survey(window=window), window=window)

    assert criteria["instance.name"].outcome == "unverified"
    assert "keeps only 90 days" in criteria["instance.name"].message


@pytest.mark.parametrize("ends", [True, False])
def test_what_is_made_anew_after_all_was_gone_replaces_nothing(ends, account, monday, survey, by_time):
    """Another notebook instance of that name, and wrong: the lesson's own is told by the event history."""
    follow(account)
    tear_down(account)
    due = now() + dt.timedelta(hours=1)
    clock.advance(DAYS)
    play(account, instance_type="ml.m5.xlarge", root_access=False)
    clock.advance(HOURS)

    _, criteria = by_time(survey(ends=ends), due=due if ends else None)

    assert {one.outcome for id, one in criteria.items() if id.startswith(("instance.", "notebook."))} == {"passed"}
