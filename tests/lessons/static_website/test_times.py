"""Windows, due times, earlier checks, and what is too old to be told whose it is."""

import datetime as dt

import pytest
from msgspec.structs import replace

from simulator.clock import clock
from skymark.window import Window
from tests.lessons.static_website.doing import Doing
from tests.lessons.static_website.students import GONE, WELL

MINUTE = dt.timedelta(minutes=1)


def test_what_was_made_before_the_window_is_not_the_lessons(account, survey, outcomes):
    """It counts for nothing and against nobody."""
    Doing()(account)

    found = survey(window=Window(since=clock.now() + MINUTE))

    judged = outcomes(found, window=Window(since=clock.now() + MINUTE))
    assert judged["bucket.name"] == "pending"
    assert {outcome for id, outcome in judged.items() if id != "bucket.name"} == {"blocked"}


def test_a_bucket_that_was_deleted_in_time_is_torn_down(account, survey, outcomes):
    """By CloudTrail's clock."""
    Doing()(account)
    account.let_pass(60)
    Doing().tear_down(account)

    found = survey(ends=True)

    assert outcomes(found, final=True, due=clock.now() + MINUTE) == GONE


def test_one_that_was_deleted_too_late_is_not(account, survey, verdicts):
    """Nothing can be done about it any more, so that it is failed at once."""
    Doing()(account)
    due = clock.now() + MINUTE
    account.let_pass(600)
    Doing().tear_down(account)

    judged = verdicts(survey(ends=True), due=due)["teardown.bucket"]

    assert (str(judged.outcome), judged.message.split(" was deleted")[0]) == (
        "failed",
        "bucket website-20261124-otter in us-east-1",
    )


def test_another_bucket_that_goes_later_is_nobodys_teardown(account, survey, outcomes):
    """Only the lesson's buckets had to be gone."""
    Doing()(account)
    account.make_bucket("holiday-photos")
    Doing().tear_down(account)
    due = clock.now() + MINUTE
    account.let_pass(600)
    account.s3().delete_bucket(Bucket="holiday-photos")

    assert outcomes(survey(ends=True), due=due)["teardown.bucket"] == "passed"


def test_what_was_proved_before_lets_an_empty_account_be_clean(account, survey, outcomes):
    """An earlier check saw the bucket, so that its absence is the teardown."""
    found = survey()

    assert outcomes(found, proved=frozenset({"page.index"}))["teardown.bucket"] == "passed"
    assert outcomes(found)["teardown.bucket"] == "blocked"


@pytest.mark.parametrize(("days", "name"), [(13, "failed"), (15, "unverified")])
def test_an_old_website_with_another_name_may_be_other_work(account, survey, outcomes, days, name):
    """Nobody is told to delete it, nor marked down for it, until an assistant says since when things count."""
    Doing(name="my-first-website")(account)
    found = survey()
    later = replace(found, surveyed_at=found.surveyed_at + dt.timedelta(days=days), events=(), history=())

    assert outcomes(later, final=True)["bucket.name"] == name


def test_a_survey_for_another_lesson_proves_nothing(account, survey, outcomes):
    """It did not ask for what this one needs."""
    Doing()(account)
    found = survey()
    (bucket,) = found.buckets
    other = replace(bucket, looked_into=False, website=None, policy=None, objects=None, public_access_block=None)

    judged = outcomes(replace(found, buckets=(other,)), final=True)

    assert {id for id, outcome in judged.items() if outcome == "passed"} == {"bucket.name", "bucket.region"}
    assert {outcome for id, outcome in judged.items() if id not in ("bucket.name", "bucket.region")} == {
        *("unverified", "failed"),
    }
    assert [id for id, outcome in judged.items() if outcome == "failed"] == ["teardown.bucket"]


def test_the_steps_are_told_in_their_order(account, survey, lesson, rubric):
    """As far as anything tells."""
    from skymark.judge import judge

    doing = Doing()
    doing(account)
    account.let_pass(60)
    doing.tear_down(account)

    steps = judge(survey(), rubric, lesson).steps

    assert [one.what for one in steps] == [
        *("the bucket was made", "it became a website", "it was given a policy", "the bucket was deleted"),
    ]
    assert WELL.keys() == {one.id for one in rubric.criteria}
