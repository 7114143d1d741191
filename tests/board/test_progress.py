"""How far the class is: done stays done, and nobody is called stuck for what is not their doing."""

import msgspec
import pytest

from skymark.board.progress import Progress, Seen, StepCount, Stuck, noted, nothing_seen, progress
from skymark.board.timetable import NO_TIME
from skymark.cause import Cause

from .conftest import NOON, STEPS, minutes

SHOWN = frozenset({1, 2, 3})
TEN = minutes(10)


def student(*done: int, moved: float = 0, **known: object) -> Seen:
    """A student who was seen, who has done these steps, the last one when the lesson had run for so many minutes."""
    return Seen(SHOWN, frozenset(done), moved=minutes(moved), looked_at=known.pop("looked_at", NOON), **known)


@pytest.fixture
def seen(graded, only_bucket, good, torn_down) -> dict[str, Seen]:
    """One look at each of three students, twelve minutes after the start: bucket, model, and all done."""
    found = {"s1": only_bucket, "s2": good, "s3": torn_down}
    return {id: noted(nothing_seen(STEPS), graded(id, survey), STEPS, minutes(12)) for id, survey in found.items()}


def test_a_step_is_done_when_all_that_shows_it_has_passed(seen):
    """And everybody is in the step after the furthest one that they have done."""
    assert {id: (sorted(one.done), one.place) for id, one in seen.items()} == {
        "s1": ([1], 2),
        "s2": ([1, 2], 3),
        "s3": ([1, 3], None),
    }


def test_an_empty_account_has_done_nothing(graded, empty):
    """Not even the teardown, though nothing is there."""
    after = noted(nothing_seen(STEPS), graded("s1", empty), STEPS, minutes(3))

    assert (after.done, after.place, after.moved) == (frozenset(), 1, NO_TIME)


def test_what_was_done_once_stays_done(graded, good, torn_down):
    """The endpoint is gone, as it has to be."""
    before = noted(nothing_seen(STEPS), graded("s1", good), STEPS, minutes(12))
    after = noted(before, graded("s1", torn_down), STEPS, minutes(20))

    assert (sorted(after.done), after.moved) == ([1, 2, 3], minutes(20))


def test_what_shows_a_step_may_be_seen_at_different_looks(graded, good, empty):
    """The training was seen, then only the endpoint."""
    trained = msgspec.structs.replace(good, endpoints=(), endpoint_configs=(), endpoint_logs=(), invocations=())
    first = noted(nothing_seen(STEPS), graded("s1", trained), STEPS, minutes(12))
    second = noted(first, graded("s1", good), STEPS, minutes(13))

    assert (sorted(first.done), sorted(second.done)) == ([1], [1, 2])


def test_a_teardown_in_pieces_is_none(graded, good):
    """The instance was gone, then the endpoint, but a new instance is there: never both at once."""
    no_instance = msgspec.structs.replace(good, notebook_instances=())
    no_endpoint = msgspec.structs.replace(good, endpoints=(), invocations=())
    after = nothing_seen(STEPS)
    for survey in (no_instance, no_endpoint):
        after = noted(after, graded("s1", survey), STEPS, minutes(12))

    assert 3 not in after.done


def test_a_look_that_saw_nothing_takes_nothing_away(seen, trouble):
    """It only says that nobody knows now."""
    after = noted(seen["s2"], trouble("s2"), STEPS, minutes(30))

    assert (after.done, after.moved) == (seen["s2"].done, minutes(12))
    assert after.unseen == "The role cannot be assumed."


def test_the_regions_of_a_student_are_those_where_something_was_found(seen, graded, empty):
    """Kept when nothing is found any more."""
    gone = noted(seen["s2"], graded("s2", empty), STEPS, minutes(30))

    assert (seen["s1"].regions, gone.regions) == (("us-east-1",), ("us-east-1",))


def test_a_denied_call_is_in_the_way_and_no_fault(graded, only_bucket, denied):
    """What the endpoint waits for could not be looked at."""
    survey = denied(only_bucket, "sagemaker", "ListTrainingJobs", "us-east-1")
    after = noted(nothing_seen(STEPS), graded("s1", survey), STEPS, minutes(12))

    assert (after.place, after.in_the_way) == (2, Cause.DENIED)


def test_a_rubric_that_lacks_a_step_s_criteria_shows_no_such_step(graded, good):
    """A student with a rubric of their own is not held there."""
    found = graded("s1", good)
    fewer = tuple(one for one in found.result.criteria if one.id != "bucket.name")
    found = msgspec.structs.replace(found, result=msgspec.structs.replace(found.result, criteria=fewer))

    assert noted(nothing_seen(STEPS), found, STEPS, minutes(12)).shown == {2, 3}


def test_the_class_is_counted_by_step(seen):
    """Steps that nothing can show have no numbers."""
    assert progress(STEPS, {**seen, "s4": nothing_seen(STEPS)}, (), minutes(12), TEN) == Progress(
        steps=(
            StepCount(None, None, None),
            StepCount(done=3, here=0, stuck=0),
            StepCount(done=1, here=1, stuck=0),
            StepCount(done=1, here=1, stuck=0),
        ),
        stuck=(),
        waiting=(),
        unseen=("s4",),
        finished=("s3",),
    )


def test_who_does_nothing_new_while_most_are_further_is_stuck():
    """Longest first."""
    known = {
        "a": student(1),
        "b": student(),
        "c": student(1, 2, moved=11),
        "d": student(1, 2, moved=12),
        "e": student(1, 2),
    }

    found = progress(STEPS, known, (), minutes(13), TEN)

    assert found.stuck == (Stuck("a", 2, minutes(13)), Stuck("b", 1, minutes(13)))
    assert [one.stuck for one in found.steps] == [None, 1, 1, 0]


@pytest.mark.parametrize(
    ("slow", "run"),
    [
        (student(1, moved=4), 13),  # not for long
        (student(1, in_the_way=Cause.QUOTA), 13),  # AWS refuses it
        (student(1, unseen="The role cannot be assumed."), 13),  # nobody knows
        (student(1, looked_at=None), 13),  # nobody has looked
        (student(1, 2), 13),  # where most are
        (student(1, 2, 3), 13),  # further than most
    ],
)
def test_who_is_not_stuck(slow, run):
    """Each for a reason of their own."""
    others = {name: student(1, 2, moved=12) for name in "abc"}

    assert progress(STEPS, {"slow": slow, **others}, (), minutes(run), TEN).stuck == ()


def test_a_class_that_is_slow_altogether_is_not_stuck():
    """Then it is the lesson."""
    assert progress(STEPS, {name: student(1) for name in "abc"}, (), minutes(40), TEN).stuck == ()


def test_who_cannot_log_in_is_in_no_step_and_not_stuck():
    """They are counted for themselves."""
    known = {"out": student(), **{name: student(1, 2, moved=12) for name in "abc"}}

    found = progress(STEPS, known, {"out"}, minutes(13), TEN)

    assert (found.stuck, found.unseen, found.steps[1].here) == ((), (), 0)


def test_what_was_done_counts_though_the_latest_look_saw_nothing(seen, trouble):
    """Only where they are now is not known."""
    known = {"s2": noted(seen["s2"], trouble("s2"), STEPS, minutes(30))}

    found = progress(STEPS, known, (), minutes(40), TEN)

    assert (found.unseen, found.steps[2]) == (("s2",), StepCount(done=1, here=0, stuck=0))
