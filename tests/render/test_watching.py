"""An account that is watched: a page that fits the terminal, or a line for each change."""

import datetime as dt
import io

import pytest
from msgspec.structs import replace
from rich.console import Console

from skymark.cause import Cause
from skymark.grading import grade
from skymark.lesson import Lesson
from skymark.outcome import Outcome
from skymark.render.watching import lines, news, now, page
from skymark.rubric_file import load_rubric
from skymark.watch.steps import Change
from skymark.watch.watching import Seen

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
MINUTES = dt.timedelta(minutes=2, seconds=5)


@pytest.fixture(scope="module")
def graded(good, torn_down, empty):
    """Results by the name of the account's state."""
    rubric = load_rubric(Lesson.at(None), "sagemaker-intro")
    states = {"good": good, "torn_down": torn_down, "empty": empty}
    return {name: grade(survey, rubric, Lesson.at(None)) for name, survey in states.items()}


@pytest.fixture(autouse=True)
def _utc(monkeypatch):
    """The computer's clock shows UTC."""
    monkeypatch.setenv("TZ", "UTC")


def seen(result, **more):
    """A poll at noon."""
    return Seen(result, NOON, more.pop("waiting", {}), **more)


def shown(poll, *, width=80, height=24, news=(), encoding="utf-8") -> list[str]:
    """The page as it stands in the terminal."""
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding)
    console = Console(
        file=file, width=width, height=height, force_terminal=True, color_system=None, legacy_windows=False
    )
    console.print(page(poll, news, console))
    file.flush()
    return raw.getvalue().decode(encoding).splitlines()


def but(result, id, **fields):
    """The result with one criterion otherwise."""
    return replace(result, criteria=tuple(replace(one, **fields) if one.id == id else one for one in result.criteria))


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (40, 16), (200, 50)])
@pytest.mark.parametrize("state", ["good", "torn_down", "empty"])
def test_a_page_fits_the_terminal(graded, state, size):
    """With the line below free for the cursor, and no line wrapped."""
    width, height = size
    found = shown(seen(graded[state]), width=width, height=height, news=["12:00:00 passed: something"])

    assert len(found) < max(height, 18)
    assert max(map(len, found)) <= width


def test_a_page_has_every_step_what_comes_next_what_it_costs_and_how_it_goes_on(graded):
    """By words and signs, not by colour."""
    text = "\n".join(shown(seen(graded["good"])))

    for step in ("✓ Explore", "✓ Bucket", "✓ Notebook instance  6/6", "✓ Model", "… Teardown"):
        assert step in text
    assert "Next: The notebook instance is stopped and deleted" in text
    assert "The meter is running: about $0." in text
    assert "Ctrl-C ends" in text


@pytest.mark.parametrize("unpriced", [0, 1])
def test_what_it_costs_is_never_cut(graded, unpriced):
    """In a terminal that is not wide enough it takes a second line."""
    costly = replace(graded["good"], unpriced=unpriced)

    found = shown(seen(costly), width=60, height=24)
    text = " ".join(found)

    assert "so far." in text
    assert len(found) < 24


def test_commands_are_shown_as_they_can_be_typed(graded):
    """Whatever the program is called."""
    hint = replace(graded["empty"].next, text="Run `grade.py policy`.")
    console = Console(file=io.StringIO(), width=80, height=24)

    console.print(
        page(seen(replace(graded["empty"], next=hint)), (), console, lambda text: text.replace("grade.py", "skymark"))
    )

    assert "Run `skymark policy`." in console.file.getvalue()


def test_what_aws_is_at_work_on_has_no_points_yet(graded):
    """0 would read as lost."""
    waiting = but(
        graded["good"], "instance.in_service", outcome=Outcome.PENDING, cause=Cause.AT_WORK, message="Pending"
    )
    one = next(one for one in waiting.criteria if one.id == "instance.in_service")

    assert news(Change(one)) == "AWS is at work: It was InService: Pending"


def test_what_is_too_long_ends_with_dots(graded):
    """The hint goes on in the report."""
    found = shown(seen(graded["empty"]), height=18)

    assert found[-1].startswith("12:00:00")
    assert any(line.endswith("…") for line in found)


def test_a_terminal_that_has_no_such_signs_gets_others(graded):
    """Windows' old consoles."""
    text = "\n".join(shown(seen(graded["good"]), encoding="cp1252"))

    assert "+ Bucket" in text
    assert ". Teardown" in text


def test_how_long_aws_has_been_at_work_is_said(graded):
    """Beside how long it takes, which the criterion says."""
    waiting = but(
        graded["good"],
        "instance.in_service",
        outcome=Outcome.PENDING,
        cause=Cause.AT_WORK,
        message="sm-test is Pending: it takes two to six minutes",
    )
    poll = seen(waiting, waiting={"instance.in_service": NOON - MINUTES})

    text = "\n".join(shown(poll, width=120))

    assert "sm-test is Pending: it takes two to six minutes (2:05 so far)" in text
    assert now(poll) == "12:00:00 Waiting for AWS for 2:05. Ctrl-C ends."


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"hindered": Cause.THROTTLED}, "Looking less often: AWS asked to go slower."),
        ({"hindered": Cause.NETWORK}, "Looking less often: AWS could not be reached, or did not answer."),
        ({"is_looking": True}, "Looking into all regions …"),
        ({}, "Watching. Go on in the console; Ctrl-C ends."),
    ],
)
def test_what_is_being_done_is_said(graded, more, words):
    """And why less is seen than usual."""
    assert now(seen(graded["empty"], **more)) == f"12:00:00 {words}"


def test_in_lines_each_change_is_one(graded):
    """At first how it stands; later only what is new."""
    before = seen(graded["empty"], changes=(Change(graded["empty"].criteria[0]),))
    passed = next(one for one in graded["good"].criteria if one.id == "bucket.name")
    after = seen(replace(graded["good"], next=graded["empty"].next), changes=(Change(passed),))

    assert list(lines(before, None)) == [
        "12:00:00 Introduction to AWS SageMaker, account 123456789012, region us-east-1",
        f"12:00:00 {news(before.changes[0])}",
        "12:00:00 1 of 100 points",
        "12:00:00 Nothing costs money by the hour now.",
        f"12:00:00 next: {graded['empty'].next.text}",
        f"12:00:00 command: {graded['empty'].next.command}",
        f"12:00:00 page: {graded['empty'].next.url}",
    ]
    found = list(lines(after, before))
    assert found[0] == (
        "12:00:00 passed: The bucket is named sagemaker-<date>-<time> (6 of 6 points): sagemaker-20190701-1820"
    )
    assert found[1] == "12:00:00 90 of 100 points"
    assert "The meter is running" in found[2]
    assert list(lines(after, after))[1:] == []


def test_that_aws_answers_again_is_said(graded):
    """As that it did not."""
    well, hindered = seen(graded["empty"]), seen(graded["empty"], hindered=Cause.THROTTLED)

    assert list(lines(hindered, well)) == ["12:00:00 Looking less often: AWS asked to go slower."]
    assert list(lines(well, hindered)) == ["12:00:00 AWS answers again"]


def test_what_a_student_called_something_is_no_command_to_the_terminal(graded):
    """Nor markup."""
    hostile = but(graded["good"], "teardown.instance", message="[red]x[/] \x1b[31mred\x07\n\u202etxt")

    for text in (
        "\n".join(shown(seen(hostile), width=160)),
        *lines(seen(hostile, changes=(Change(hostile.criteria[-4]),)), None),
    ):
        assert not {"\x1b", "\x07", "\u202e"} & set(text)
    assert "[red]x[/]" in "\n".join(shown(seen(hostile), width=160))
