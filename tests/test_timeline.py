"""What happened when: only to the things that were judged, only what is known, in the order in which it happened."""

import datetime as dt
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from skymark.caller import mark_of
from skymark.callers_apart import of_caller
from skymark.evidence import Event, Survey
from skymark.grading import grade
from skymark.lesson import Lesson
from skymark.outcome import ChainLink, Source, Step
from skymark.result import Result
from skymark.rubric_file import load_rubric
from skymark.timeline import Happened, What, of_one_alone, timeline
from skymark.window import Window

from .conftest import ACCOUNT, BUCKET, ENDPOINT, JOB, ROLE, at

REGION = "us-east-1"
INSTANCE = ChainLink("instance", "sm-test", REGION, "exact name")
THAT_DAY = Window(at("00:00"), at("23:00"))


@pytest.fixture
def graded(lesson: Lesson) -> Callable[..., Result]:
    """Grade a survey by the lesson's rubric."""

    def result(survey: Survey, **options: object) -> Result:
        return grade(survey, load_rubric(lesson, "sagemaker-intro"), lesson, **options)

    return result


def event(name: str, clock: str, resource: str = "sm-test", **more: object) -> Event:
    """One call about a thing of the lesson."""
    return Event(name, at(clock), REGION, resource, **more)


def told(found: tuple[Happened, ...]) -> list[tuple[str, str, str]]:
    """When, of what kind, and what."""
    return [(f"{one.at:%H:%M}", one.kind, one.what.value) for one in found]


def test_a_lesson_before_its_teardown_is_told_from_what_is_there(graded, good) -> None:
    """From the bucket to the endpoint, each with its name and how it is known; nothing is told twice."""
    live, trace, role = Source.LIVE, Source.TRACE, ROLE.rsplit("/", 1)[-1]

    assert graded(good).timeline == (
        Happened(at("18:20"), "bucket", BUCKET, What.MADE_OR_CHANGED, live),
        Happened(at("18:21"), "role", role, What.MADE, live),
        Happened(at("18:22"), "instance", "sm-test", What.MADE, live),
        Happened(at("18:31"), "instance", "sm-test", What.CREATED, trace),
        Happened(at("18:32"), "instance", "sm-test", What.RUN, trace),
        Happened(at("18:34"), "instance", "sm-test", What.UPLOADED, trace, "portfolio_planner_part_2.ipynb"),
        Happened(at("18:40"), "job", JOB, What.MADE, live),
        Happened(at("18:44"), "job", JOB, What.ENDED, live, "Completed"),
        Happened(at("18:46"), "model", "model-of-its-own-name", What.MADE, live),
        Happened(at("18:46"), "endpoint", ENDPOINT, What.MADE, live),
        Happened(at("18:51"), "endpoint", ENDPOINT, What.ANSWERING, trace),
    )


def test_an_empty_account_has_no_timeline(graded, empty) -> None:
    """Nothing was judged, and nothing is guessed."""
    assert graded(empty).timeline == ()


def test_what_is_gone_is_told_by_the_event_history(good) -> None:
    """From its making to its deletion; Jupyter is opened again and again, which is told once."""
    events = (
        event("CreateNotebookInstance", "18:22"),
        event("CreatePresignedNotebookInstanceUrl", "18:30"),
        event("CreatePresignedNotebookInstanceUrl", "18:35"),
        event("StopNotebookInstance", "18:50"),
        event("UpdateNotebookInstance", "18:53"),
        event("StartNotebookInstance", "18:54"),
        event("StopNotebookInstance", "18:58"),
        event("DeleteNotebookInstance", "19:02"),
    )
    gone = replace(good, notebook_instances=(), jupyter_logs=(), events=events)

    assert told(timeline(gone, [INSTANCE], (), THAT_DAY)) == [
        ("18:22", "instance", "made"),
        ("18:30", "instance", "opened"),
        ("18:50", "instance", "stopped"),
        ("18:53", "instance", "changed"),
        ("18:54", "instance", "started"),
        ("18:58", "instance", "stopped"),
        ("19:02", "instance", "deleted"),
    ]


def test_jupyter_is_told_to_be_opened_where_it_was_opened_twice_in_a_second(good) -> None:
    """Two calls that are recorded alike are no reason to tell of none."""
    opened = event("CreatePresignedNotebookInstanceUrl", "18:30")
    events = (event("CreateNotebookInstance", "18:22"), opened, replace(opened))
    gone = replace(good, notebook_instances=(), jupyter_logs=(), events=events)

    assert told(timeline(gone, [INSTANCE], (), THAT_DAY)) == [
        ("18:22", "instance", "made"),
        ("18:30", "instance", "opened"),
    ]


def test_a_refused_call_did_not_happen(good) -> None:
    """An instance that is in service cannot be deleted."""
    events = (event("CreateNotebookInstance", "18:22"), event("DeleteNotebookInstance", "18:40", error="Validation"))
    gone = replace(good, notebook_instances=(), jupyter_logs=(), events=events)

    assert told(timeline(gone, [INSTANCE], (), THAT_DAY)) == [("18:22", "instance", "made")]


def test_only_the_things_of_the_chain_are_told(good) -> None:
    """Another instance, one of the name in another region, and somebody else's bucket are not."""
    elsewhere = replace(good.notebook_instances[0], region="eu-west-1")
    other = replace(good.notebook_instances[0], name="mine-too")
    more = replace(good, notebook_instances=(*good.notebook_instances, elsewhere, other), jupyter_logs=())

    assert told(timeline(more, [INSTANCE], (), THAT_DAY)) == [("18:22", "instance", "made")]
    assert timeline(more, [], (), THAT_DAY) == ()


def test_what_is_older_than_the_lesson_is_not_told(graded, good, changed) -> None:
    """A role or a bucket of another course may be used again: when it was made is no part of the lesson."""
    old = at("12:00") - dt.timedelta(days=40)
    survey = changed(changed(good, "roles", created_at=old), "buckets", created_at=old)

    kinds = {one.kind for one in graded(survey).timeline}

    assert kinds == {"instance", "job", "model", "endpoint"}


def test_what_lies_outside_the_window_is_not_told(graded, good) -> None:
    """Neither an instance that was made before it, nor what was done in that."""
    result = graded(good, window=Window(since=at("18:39")))

    assert {one.kind for one in result.timeline} == {"job", "model", "endpoint"}
    assert min(one.at for one in result.timeline) >= at("18:39")


def test_a_deletion_is_told_however_late_and_called_late_if_it_was(graded, torn_down) -> None:
    """An instance of the lesson that was deleted after everything had to be gone."""
    events = (
        event("CreateNotebookInstance", "18:22", role_arn=ROLE),
        event("StopNotebookInstance", "18:40"),
        event("DeleteNotebookInstance", "18:58"),
    )
    result = graded(replace(torn_down, events=events), due=at("18:50"))

    ends = {one.what: one.late for one in result.timeline if one.kind == "instance"}
    assert ends[What.STOPPED] is False
    assert ends[What.DELETED] is True


def test_only_what_was_due_is_called_late_of_what_went_in_one_second(good) -> None:
    """A script deletes a bucket, too, which nobody asked to be gone by then."""
    bucket = ChainLink("bucket", BUCKET, REGION, "exact name")
    ends = (event("DeleteBucket", "18:58", BUCKET), event("DeleteNotebookInstance", "18:58"))
    gone = replace(good, buckets=(), notebook_instances=(), jupyter_logs=(), events=ends)
    late = Step(at("18:58"), "the notebook instance was deleted", Source.TRACE, ends=True, late=True)

    found = timeline(gone, [bucket, INSTANCE], (late,), THAT_DAY)

    assert [(one.kind, one.late) for one in found] == [("bucket", False), ("instance", True)]


def test_what_came_too_late_is_told_in_the_lessons_own_words_where_nothing_else_says_so(good) -> None:
    """Something else that went in the same second does not hide it."""
    gone = replace(good, notebook_instances=(), jupyter_logs=(), events=(event("DeleteNotebookInstance", "18:58"),))
    late = Step(at("18:58"), "the page was deleted", Source.TRACE, ends=True, late=True)

    found = timeline(gone, [INSTANCE], (late,), THAT_DAY)

    assert [(one.kind, one.detail, one.late) for one in found] == [
        ("step", "the page was deleted", True),
        ("instance", None, False),
    ]


def test_a_role_is_not_told_to_be_deleted_before_it_was_made(good) -> None:
    """What was deleted then was another one of the name."""
    name = ROLE.rsplit("/", 1)[-1]
    role = ChainLink("role", name, None, "of the instance")
    again = replace(good, events=(event("DeleteRole", "18:10", name),))

    assert told(timeline(again, [role], (), THAT_DAY)) == [("18:21", "role", "made")]


def test_what_was_made_after_everything_had_to_be_gone_is_not_told(good) -> None:
    """It is none of the lesson's; of what nobody knows the age, what happened is told."""
    events = (
        event("DeleteNotebookInstance", "18:30"),
        event("CreateNotebookInstance", "18:59"),
        event("DeleteNotebookInstance", "19:10"),
    )
    gone = replace(good, notebook_instances=(), jupyter_logs=(), events=events)

    assert told(timeline(gone, [INSTANCE], (), Window(at("00:00"), at("18:50")))) == [("18:30", "instance", "deleted")]


def test_a_bucket_is_told_by_its_event_since_its_own_date_moves(good) -> None:
    """S3's date of a bucket is that of the last change of its policy."""
    bucket = ChainLink("bucket", BUCKET, REGION, "exact name")
    events = (event("CreateBucket", "18:12", BUCKET), event("PutBucketPolicy", "18:20", BUCKET))

    assert told(timeline(replace(good, events=events), [bucket], (), THAT_DAY)) == [
        ("18:12", "bucket", "made"),
        ("18:20", "bucket", "changed"),
    ]
    assert told(timeline(good, [bucket], (), THAT_DAY)) == [("18:20", "bucket", "made or changed")]


def test_a_log_is_that_of_the_endpoint_that_was_there_when_it_began(good, changed) -> None:
    """One that began before is that of an older endpoint of the name."""
    older = changed(good, "endpoint_logs", began_at=at("18:30"))
    endpoint = ChainLink("endpoint", ENDPOINT, REGION, "InService")

    assert told(timeline(older, [endpoint], (), THAT_DAY)) == [("18:46", "endpoint", "made")]


def test_what_only_the_lesson_knows_is_told_in_its_own_words(good) -> None:
    """Once; what is told already is not told again, and what is older is no part of it."""
    known = Step(at("18:22") + dt.timedelta(milliseconds=3), "the notebook instance was made", Source.LIVE)
    own = Step(at("18:25"), "the page was uploaded", Source.LIVE)
    old = Step(at("18:25") - dt.timedelta(days=40), "the domain was bought", Source.TRACE)
    end = Step(at("18:25") + dt.timedelta(days=2), "the page was deleted", Source.TRACE, ends=True, late=True)

    found = timeline(replace(good, jupyter_logs=()), [INSTANCE], (old, known, own, own, end), THAT_DAY)

    assert found == (
        Happened(at("18:22"), "instance", "sm-test", What.MADE, Source.LIVE),
        Happened(own.at, "step", "", What.STEP, Source.LIVE, "the page was uploaded"),
        Happened(end.at, "step", "", What.STEP, Source.TRACE, "the page was deleted", late=True),
    )


def test_in_one_second_things_go_by_the_chain_and_deletions_come_last(good, changed) -> None:
    """CloudTrail records whole seconds: what was deleted in the second of its first log line was deleted after it."""
    endpoint = ChainLink("endpoint", ENDPOINT, REGION, "InService")
    events = (event("CreateEndpoint", "18:46", ENDPOINT), event("DeleteEndpoint", "18:51", ENDPOINT))
    log = at("18:51") + dt.timedelta(milliseconds=700)
    gone = replace(changed(good, "endpoint_logs", began_at=log), endpoints=(), events=events)

    assert [one.what for one in timeline(gone, [endpoint], (), THAT_DAY)] == [What.MADE, What.ANSWERING, What.DELETED]


def test_nothing_is_told_of_what_another_student_made_in_a_shared_account(graded, good) -> None:
    """Of a role and a model nobody is told to have made them, so nobody is told when."""
    mine, theirs = mark_of(ACCOUNT, "ada"), mark_of(ACCOUNT, "bob")
    events = (
        event("CreateNotebookInstance", "18:22", by=mine, role_arn=ROLE),
        event("CreateTrainingJob", "18:40", JOB, by=mine, refers_to=(good.training_jobs[0].image, None)),
        event("CreateEndpoint", "18:46", ENDPOINT, by=theirs),
        event("CreateBucket", "18:20", BUCKET, by=theirs),
        event("PutBucketPolicy", "18:21", BUCKET, by=theirs),
    )

    own = graded(of_caller(replace(good, events=events), "ada")).timeline

    assert {one.kind for one in of_one_alone(own)} == {"instance", "job"}
