"""From a survey to the result."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import msgspec
import pytest

from skymark.cost import load_prices
from skymark.evidence import Gap, Identity, Resource, Survey
from skymark.grading import grade
from skymark.result import Result
from skymark.rubric_file import load_rubric
from skymark.score import exit_status
from skymark.window import Window

LONG_BEFORE = dt.datetime(2017, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def graded(lesson) -> Callable[..., Result]:
    """Grade a survey by this repository's rubrics."""

    def run(survey: Survey, rubric: str = "sagemaker-intro", **options) -> Result:
        return grade(survey, load_rubric(lesson, rubric), lesson, **options)

    return run


def test_a_good_account_before_the_teardown(good, graded):
    """90 of 100 points: all but the teardown of instance and endpoint, and nothing that was not seen."""
    result = graded(good)

    assert (result.score.earned, result.score.possible, result.score.unverified) == (90, 100, 0)
    assert result.score.complete
    assert exit_status(result) == 1
    assert [one.kind for one in result.chain] == ["bucket", "role", "instance", "job", "model", "endpoint"]
    assert result.chain[0].why == "exact name"
    assert result.region == "us-east-1"


def test_the_next_thing_is_the_first_unmet_one_with_its_command(good, graded):
    """Filled in with the names of this account."""
    found = graded(good).next

    assert found is not None
    assert found.criterion == "teardown.instance"
    assert found.command == (
        "aws sagemaker stop-notebook-instance --notebook-instance-name sm-test --region us-east-1 && "
        "aws sagemaker wait notebook-instance-stopped --notebook-instance-name sm-test --region us-east-1 && "
        "aws sagemaker delete-notebook-instance --notebook-instance-name sm-test --region us-east-1"
    )
    assert found.url == ("https://us-east-1.console.aws.amazon.com/sagemaker/home?region=us-east-1#/notebook-instances")


def test_the_student_is_warned_before_deleting_what_is_not_graded_yet(good, graded):
    """Without Jupyter's log the notebook is the only evidence; with it nothing is lost."""
    without_log = msgspec.structs.replace(good, jupyter_logs=())

    warned = graded(without_log)

    assert any("deletes your notebooks" in text for text in warned.warnings)
    assert not any("deletes your notebooks" in text for text in graded(good).warnings)


def test_the_warning_stands_before_the_next_thing_to_do(good, graded):
    """When deleting comes next."""
    without_log = msgspec.structs.replace(good, jupyter_logs=())

    found = graded(without_log, only=("notebook.created", "training.completed", "teardown.instance")).next

    assert found is not None
    assert found.text.startswith("Deleting the notebook instance deletes your notebooks")


def test_what_costs_money_is_listed_whatever_the_rubric_says(good, graded):
    """Price by the hour, and the command that ends it."""
    result = graded(good, only=("account.access",))

    assert [(one.type, one.id) for one in result.leftovers] == [
        ("endpoint", "linear-learner-2019-07-01-18-46-30-001"),
        ("notebook-instance", "sm-test"),
    ]
    assert result.hourly_usd == sum((one.hourly_usd for one in result.leftovers if one.hourly_usd), Decimal(0))
    assert result.hourly_usd > 0


def test_prices_change_no_verdict(good, graded):
    """What bills is a fact; what it costs is an estimate."""
    nothing = msgspec.structs.replace(load_prices(), notebook={}, hosting={}, network={})
    address = Resource("ec2", "address", "eipalloc-1", "us-east-1")
    survey = msgspec.structs.replace(good, resources=(address,))

    usual, unpriced = graded(survey), graded(survey, prices=nothing)

    assert usual.criteria == unpriced.criteria
    assert (usual.unpriced, unpriced.unpriced, unpriced.hourly_usd) == (0, 3, 0)


def test_what_may_be_tidied_away_is_that_of_the_lesson(good, graded):
    """The bucket and the role that were judged, and no other."""
    other = msgspec.structs.replace(good.buckets[0], name="another")
    survey = msgspec.structs.replace(good, buckets=(*good.buckets, other))

    found = graded(survey).tidy

    assert [one.id for one in found if one.type == "bucket"] == ["sagemaker-20190701-1820"]
    assert [one.id for one in found if one.type == "role"] == [good.roles[0].name]
    assert {one.hourly_usd for one in found} == {0}


@pytest.mark.parametrize("made_at", [LONG_BEFORE, dt.datetime(2019, 7, 1, 18, 30, tzinfo=dt.UTC)])
def test_a_bucket_of_another_name_is_never_told_to_be_deleted(good, changed, graded, made_at):
    """The job read from it, so it is judged; but its date moves on when its policy is changed, and proves nothing."""
    survey = changed(good, "buckets", name="my-thesis-data", created_at=made_at)
    artifact = "s3://sagemaker-us-east-1-123456789012/j/output/model.tar.gz"
    survey = changed(survey, "training_jobs", input_uris=("s3://my-thesis-data/x",), artifact_uri=artifact)

    result = graded(survey)

    (bucket,) = (one for one in result.tidy if one.type == "bucket")
    assert result.chain[0].id == bucket.id == "my-thesis-data"
    assert bucket.cleanup == ""
    assert bucket.apart == ("older than the lesson" if made_at == LONG_BEFORE else "may hold other work")


def test_what_was_made_while_the_account_was_looked_at_is_left_behind(good, graded):
    """So it is where the clock of this machine goes after AWS's: nothing was due."""
    result = graded(msgspec.structs.replace(good, surveyed_at=good.notebook_instances[0].created_at))

    assert {one.type: bool(one.cleanup) for one in result.leftovers if one.apart is None} == {
        "endpoint": True,
        "notebook-instance": True,
    }


def test_what_was_made_after_a_due_time_counts_against_nobody_and_has_no_command(good, graded):
    """A due time that is still to come changes nothing."""
    made_at = good.notebook_instances[0].created_at

    past = graded(good, due=made_at)
    to_come = graded(good, due=good.surveyed_at + dt.timedelta(hours=1))

    assert {one.type: (one.apart, bool(one.cleanup)) for one in past.leftovers} == {
        "endpoint": ("made after everything had to be gone", False),
        "notebook-instance": (None, True),
    }
    assert [one.apart for one in to_come.leftovers] == [None, None]


def test_what_was_made_outside_the_window_has_no_command(good, graded):
    """Neither what bills nor what could be tidied away, nor the role that such a thing still has."""
    result = graded(good, window=Window(until=good.notebook_instances[0].created_at))

    apart = {one.type: one.cleanup for one in (*result.leftovers, *result.tidy) if one.apart}
    assert apart == dict.fromkeys(("endpoint", "endpoint-config", "model", "role"), "")


@pytest.mark.parametrize("times", ["window", "due"])
def test_a_bucket_is_never_too_young(good, changed, graded, times):
    """Its date moves on, and it is the lesson's for the checks, too."""
    before = good.surveyed_at - dt.timedelta(minutes=10)
    survey = changed(good, "buckets", created_at=good.surveyed_at)

    result = graded(survey, **{times: Window(until=before) if times == "window" else before})

    assert [(one.apart, bool(one.cleanup)) for one in result.tidy if one.type == "bucket"] == [(None, True)]


def test_only_grades_out_of_the_points_of_what_is_named(good, graded):
    """Nothing else counts."""
    result = graded(good, only=("bucket.name", "bucket.region"))

    assert [one.id for one in result.criteria] == ["bucket.name", "bucket.region"]
    assert (result.score.earned, result.score.possible) == (10, 10)
    assert exit_status(result) == 0


def test_advice_changes_neither_points_nor_exit_status(good, graded):
    """0 points."""
    assert exit_status(graded(good, only=("bucket.name", "teardown.tidy"))) == 0


def test_something_unverified_makes_the_score_incomplete(good, changed, denied, graded):
    """Neither earned nor lost, and the exit status says so first."""
    survey = denied(changed(good, "buckets", policy_is_public=None), "s3", "GetBucketPolicyStatus")

    result = graded(survey)

    assert (result.score.earned, result.score.unverified, result.score.complete) == (87, 3, False)
    assert exit_status(result) == 3
    private = next(one for one in result.criteria if one.id == "bucket.private")
    assert (private.points, private.hint) == (None, "Grant s3:GetBucketPolicyStatus.")


def test_root_keys_and_a_learner_lab_are_remarked_upon(good, graded):
    """Before anything else is."""
    root = msgspec.structs.replace(good, identity=Identity("123456789012", "arn:aws:iam::123456789012:root"))
    lab = msgspec.structs.replace(
        good, identity=Identity("123456789012", "arn:aws:sts::123456789012:assumed-role/voclabs/user")
    )

    assert "root user" in graded(root).warnings[0]
    assert "--rubric learner-lab" in graded(lab).warnings[0]
    assert not any("learner-lab" in text for text in graded(lab, "learner-lab").warnings)


def test_where_a_lesson_has_no_rubric_for_learner_labs_none_is_recommended(good, lesson):
    """Nobody is sent to a rubric that is not there."""
    rubric = msgspec.structs.replace(load_rubric(lesson, "sagemaker-intro"), for_learner_labs=None)
    lab = msgspec.structs.replace(
        good, identity=Identity("123456789012", "arn:aws:sts::123456789012:assumed-role/voclabs/user")
    )

    assert grade(lab, rubric, lesson).warnings == ()


def test_what_is_no_part_of_a_lesson_about_buckets_bills_and_is_left_alone(good, lesson):
    """An endpoint of another course is told of with its price; no command removes it."""
    rubric = load_rubric(lesson, "sagemaker-intro")
    plan = msgspec.structs.replace(rubric.survey, about=("s3",))

    theirs, other = grade(good, rubric, lesson), grade(good, msgspec.structs.replace(rubric, survey=plan), lesson)

    assert [one.apart for one in theirs.leftovers] == [None, None]
    assert [(one.apart, one.cleanup) for one in other.leftovers] == [("not part of the lesson", "")] * 2
    assert {(one.type, one.apart) for one in other.tidy} >= {("bucket", None), ("model", "not part of the lesson")}
    assert other.hourly_usd == theirs.hourly_usd


def test_learner_labs_rubric_asks_nothing_of_the_role(good, graded):
    """20 criteria, 100 points."""
    result = graded(good, "learner-lab")

    assert len(result.criteria) == 20
    assert result.score.possible == 100
    assert not any(one.id.startswith("role.") or one.id == "instance.role" for one in result.criteria)


def test_what_to_do_is_said_of_everything_that_did_not_pass(empty, good, graded):
    """Found, expected, what to do next."""
    gap = Gap("sagemaker", "ListEndpoints", "us-east-1", "ThrottlingException", "Wait a minute, then check again.")
    for survey in (empty, msgspec.structs.replace(empty, gaps=(gap,))):
        for one in graded(survey).criteria:
            assert one.outcome == "passed" or (one.message and one.hint), one.id


def test_the_same_survey_gives_the_same_result(good, graded):
    """No clock and no AWS is asked."""
    assert graded(good) == graded(good)


def test_what_cannot_be_helped_is_not_what_comes_next(torn_down, graded):
    """After the teardown only what cannot be seen any more is open; a call that was refused can be granted."""
    gap = Gap("sagemaker", "ListApps", "us-east-1", "AccessDeniedException", "Grant sagemaker:ListApps.")

    assert graded(torn_down).next is None
    refused = graded(msgspec.structs.replace(torn_down, gaps=(gap,))).next
    assert refused is not None
    assert (refused.criterion, refused.text) == ("teardown.everywhere", "Grant sagemaker:ListApps.")
