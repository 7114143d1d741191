"""Messages to students whose accounts cost money by the hour: each about their own account alone."""

from collections.abc import Iterator, Sequence
from typing import Final

from skymark.cohort.standing_of_class import ClassView, Member, bills
from skymark.cost import hourly_usd
from skymark.evidence import Struct
from skymark.export.cells import sheet, words
from skymark.render.marked import LONGEST, lines
from skymark.render.times import moment
from skymark.render.words import burn, clean, counted, facts, place
from skymark.result import Leftover, Result
from skymark.rubric import Rubric

HEAD: Final = ("student", "name", "subject", "body")
BY_HAND: Final = "(Please delete this one in the AWS console, or ask a teaching assistant.)"
HOW: Final = (
    "To stop the costs, run what stands below each of them. It works in any terminal that has the AWS CLI, and in "
    "CloudShell, which opens from the top bar of the AWS console. Deleting cannot be undone, so keep first what you "
    "want to keep."
)
ENDING: Final = (
    "If you have deleted it since then, there is nothing left to do. If you still need it, delete it once you are "
    "done. And if anything does not work, please ask a teaching assistant: this happens to everybody once."
)


class Message(Struct, frozen=True):
    """What to send to one student, as plain text."""

    student: str
    name: str
    subject: str
    body: str


def messages(view: ClassView) -> tuple[Message, ...]:
    """To everybody whose own account costs money by the hour now, or may; in the roster's order.

    Nobody is written to of whom it is not known whose the account is: what is in it may be another student's.
    """
    return tuple(
        _message(one, one.result, view.rubrics.get(one.result.rubric.id))
        for one in view.members
        if one.result and not one.is_shared and bills(one.result)
    )


def to_text(message: Message) -> str:
    """One message as a file."""
    return f"Subject: {message.subject}\n\n{message.body}\n"


def to_csv(found: Sequence[Message]) -> str:
    """All messages as a table for a mail merge. No body begins as a formula does."""
    return sheet(HEAD, ((*map(words, (one.student, one.name, one.subject)), one.body) for one in found))


def _message(member: Member, result: Result, rubric: Rubric | None) -> Message:
    things = bills(result)
    subject = f"{clean(result.rubric.title)}: your AWS account {_costs(things)}"
    parts = (
        f"Hello {clean(member.name)},",
        _opening(result, things),
        "\n\n".join(_thing(number, one, result) for number, one in enumerate(things, start=1)),
        HOW,
        *_first(result, rubric),
        ENDING,
    )
    return Message(member.student, member.name, subject, "\n\n".join(parts))


def _opening(result: Result, things: Sequence[Leftover]) -> str:
    are, they = ("is", "it is") if len(things) == 1 else ("are", "they are")
    return (
        f"{counted(len(things), 'thing')} {are} still running in your AWS account {clean(result.subject.account)}. "
        f"As of {moment(result.surveyed_at)}, that {_costs(things)}, until {they} deleted:"
    )


def _costs(things: Sequence[Leftover]) -> str:
    hourly, unpriced = hourly_usd(things)
    return f"costs {burn(hourly, unpriced)}" if hourly else "may cost money by the hour"


def _thing(number: int, one: Leftover, result: Result) -> str:
    known = ", ".join(facts(one, result.surveyed_at))
    return lines((f"{number}. {one.type.replace('-', ' ')} {one.id}{place(one)}: {known}",)) + f"\n{_command(one)}"


def _command(one: Leftover) -> str:
    """In one piece, or not at all: a part of a command, or one with another name in it, removes something else."""
    is_safe = one.cleanup and clean(one.cleanup) == one.cleanup and len(one.cleanup) <= LONGEST
    return one.cleanup if is_safe else BY_HAND


def _first(result: Result, rubric: Rubric | None) -> Iterator[str]:
    """What the rubric says before something is deleted, as long as it holds for this student."""
    told = [one.warning.text for one in rubric.criteria if one.warning] if rubric else []
    for text in dict.fromkeys(one for one in result.warnings if one in told):
        yield f"Before you do: {clean(text)}"
