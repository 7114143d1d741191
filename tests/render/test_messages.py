"""Messages: to whom, about what, and safe to send and to run."""

import csv
import io
import shlex

import pytest
from msgspec.structs import replace

from skymark.cohort.standing_of_class import ClassView
from skymark.render.messages import BY_HAND, messages, to_csv, to_text

from .classes import Book, kinds, shared, six, words_of

EVERYBODY = (*six(), *shared())


@pytest.fixture
def view(tmp_path, good, empty, torn_down) -> ClassView:
    """A class of six, and two in one account."""
    with Book(tmp_path / "book.sqlite3", kinds(good, empty, torn_down)) as book:
        book.enter(EVERYBODY)
        return book.recorded.view


def changed(view: ClassView, word: str, **fields) -> ClassView:
    """The class, one student's leftovers being others."""
    members = tuple(
        replace(
            one, result=replace(one.result, leftovers=tuple(replace(thing, **fields) for thing in one.result.leftovers))
        )
        if one.student == f"canary-id-{word}"
        else one
        for one in view.members
    )
    return replace(view, members=members)


def to(view: ClassView, word: str):
    """The message to one student."""
    return next(one for one in messages(view) if one.student == f"canary-id-{word}")


def test_only_those_who_are_spending_in_an_account_of_their_own_get_one(view):
    """In the roster's order."""
    assert [one.student.rpartition("-")[2] for one in messages(view)] == ["beta", "gamma", "delta", "zeta"]


def test_a_message_says_what_where_how_much_and_how_to_end_it(view):
    """By name, with each command on a line of its own."""
    message = to(view, "beta")

    assert (
        message.subject == "Introduction to AWS SageMaker: your AWS account costs about $0.3264 per hour ($7.83 a day)"
    )
    lines = message.body.splitlines()
    assert lines[0] == "Hello Canary Beta,"
    assert "2 things are still running in your AWS account 700000000002." in lines[2]
    endpoint = next(at for at, line in enumerate(lines) if line.startswith("1. endpoint linear-learner-700000000002"))
    assert "in us-east-1: InService, for 14 minutes, $0.28 per hour" in lines[endpoint]
    assert shlex.split(lines[endpoint + 1])[:3] == ["aws", "sagemaker", "delete-endpoint"]
    assert to_text(message) == f"Subject: {message.subject}\n\n{message.body}\n"


def test_one_thing_is_told_as_one(view):
    """In words for one."""
    (delta,) = [one for one in view.members if one.student == "canary-id-delta"]
    assert len(delta.result.leftovers) == 1

    assert "1 thing is still running in your AWS account 700000000004." in to(view, "delta").body
    assert "until it is deleted:" in to(view, "delta").body


@pytest.mark.parametrize("message", EVERYBODY, ids=lambda one: one.id)
def test_a_message_names_nobody_else(view, message):
    """Each is about one account."""
    others = {word for one in EVERYBODY for word in words_of(one)} - words_of(message)
    texts = [to_text(one) for one in messages(view) if one.student == message.id]

    assert [word for text in texts for word in others if word in text] == []


def test_what_costs_nothing_or_is_nobody_s_business_is_left_out(view):
    """A thing that stands still, and one that counts against nobody."""
    assert "canary-id-beta" not in {one.student for one in messages(changed(view, "beta", bills=False))}
    assert "canary-id-beta" not in {one.student for one in messages(changed(view, "beta", apart="not of the lesson"))}


def test_a_price_that_is_not_known_is_never_nothing(view):
    """It may cost money, and is told."""
    message = to(changed(view, "beta", hourly_usd=None, cost_so_far_usd=None), "beta")

    assert message.subject.endswith("your AWS account may cost money by the hour")
    assert "price not known" in message.body


@pytest.mark.parametrize("command", ["", "aws rm \u202e", "aws\nrm -rf", "aws " + "x" * 5000])
def test_a_command_that_cannot_be_shown_as_it_is_is_not_shown(view, command):
    """A part of it, or another name in it, would remove something else."""
    body = to(changed(view, "beta", cleanup=command), "beta").body

    assert BY_HAND in body
    assert "aws rm" not in body
    assert "xxxx" not in body


def test_what_must_not_be_lost_is_said_before(view, lesson):
    """The rubric's own words, as long as they hold for this student."""
    rubric = view.rubrics["sagemaker-intro"]
    (text,) = [one.warning.text for one in rubric.criteria if one.id == "teardown.endpoint"]
    (beta,) = [one for one in view.members if one.student == "canary-id-beta"]
    assert text not in to(view, "beta").body

    warned = replace(beta, result=replace(beta.result, warnings=(text, "Graded by the saved survey /home/x.json.")))
    body = to(replace(view, members=(warned,)), "beta").body

    assert f"Before you do: {text}" in body
    assert "/home/x.json" not in body


def test_the_table_can_be_merged_and_runs_nothing(view):
    """Bodies keep their lines; a formula is text."""
    view = replace(
        view,
        members=tuple(
            replace(one, row=replace(one.row, name='=HYPERLINK("http://x")', student=f"=1+{at}"))
            for at, one in enumerate(view.members)
        ),
    )
    found = messages(view)
    text = to_csv(found)
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))

    assert [row["body"] for row in rows] == [one.body for one in found]
    assert {row["student"][:2] for row in rows} == {"'="}
    assert {row["name"] for row in rows} == {'\'=HYPERLINK("http://x")'}
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_hostile_names_make_no_line_and_no_header(view):
    """A name with a line end begins no other header of the mail."""
    (beta,) = [one for one in view.members if one.student == "canary-id-beta"]
    named = replace(beta, row=replace(beta.row, name="Eve\r\nBcc: all@example.edu\u202e"))
    (message,) = messages(replace(view, members=(named,)))

    assert "\n" not in message.subject
    assert message.body.startswith("Hello Eve  Bcc: all@example.edu\ufffd,\n")
