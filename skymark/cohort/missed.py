"""What a class missed most, and what most of those who missed it had instead. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from skymark.cohort.standing_of_class import ClassView, Member
from skymark.evidence import Struct
from skymark.outcome import Outcome
from skymark.result import Criterion, Result

MISSED: Final = (Outcome.FAILED, Outcome.PENDING, Outcome.BLOCKED)
ELLIPSIS: Final = "…"
CROWD: Final = 3
"""In as many accounts a word has to stand, to tell of nobody."""

NAME: Final = re.compile(r"[0-9_/:@]|[^\W\d]-|-[^\W\d]|\w\.\w")
"""What a word has in it that is a name, a number, a type or a place; a word with a hyphen may be one."""
EDGES: Final = "()[]{}<>\"'`.,;:!?"


class Missed(Struct, frozen=True):
    """One criterion, and how many students missed it.

    `missed` of the `decided` did; of some it is `unverified`. `example` is what stands most often in the reports of
    those who missed it: `same` have exactly that, `alike` the same but for names and numbers. None where there is
    nothing to show.
    """

    id: str
    title: str
    possible: Decimal
    missed: int
    decided: int
    unverified: int
    example: str | None
    alike: int
    same: int


def most_missed(view: ClassView, *, anonymous: bool = False) -> tuple[Missed, ...]:
    """The criteria that anybody missed, the most missed first, then in rubric order.

    With `anonymous` the example has only words that tell of nobody: no name of any student's thing, and nothing that
    does not stand in the reports of a few accounts.
    """
    found: dict[str, list[tuple[Member, Criterion]]] = {}
    for member in view.members:
        for one in member.verdicts:
            found.setdefault(one.id, []).append((member, one))
    rows = (_missed(id, those, anonymous) for id, those in found.items())
    return tuple(sorted((one for one in rows if one.missed), key=lambda one: -one.missed))


def shape(message: str) -> str:
    """The message with each name and number replaced."""
    return " ".join(_blank(word) if NAME.search(word.strip(EDGES)) else word for word in message.split())


def _missed(id: str, those: Sequence[tuple[Member, Criterion]], anonymous: bool) -> Missed:
    first = those[0][1]
    outcomes = Counter(one.outcome for _, one in those)
    unverified = outcomes[Outcome.UNVERIFIED]
    example, alike, same = _commonest(those, anonymous)
    return Missed(
        id,
        first.title,
        max(one.possible for _, one in those),
        sum(outcomes[one] for one in MISSED),
        len(those) - unverified,
        unverified,
        example,
        alike,
        same,
    )


def _commonest(those: Sequence[tuple[Member, Criterion]], anonymous: bool) -> tuple[str | None, int, int]:
    """What was found most often: of those who failed, if anybody did; what is blocked shows no value of its own."""
    for outcome in (Outcome.FAILED, Outcome.PENDING):
        said = [(member, one.message) for member, one in those if one.outcome is outcome and one.message]
        if said:
            return _example(said, anonymous)
    return None, 0, 0


def _example(said: Sequence[tuple[Member, str]], anonymous: bool) -> tuple[str | None, int, int]:
    shape_of = {text: shape(text) for text in {text for _, text in said}}
    shapes = Counter(shape_of[text] for _, text in said)
    usual = max(shapes, key=lambda one: (shapes[one], one))
    group = [(member, text) for member, text in said if shape_of[text] == usual]
    if anonymous:
        return _without_names(group), len(group), 0
    texts = Counter(text for _, text in group)
    example = max(texts, key=lambda text: (texts[text], text))
    return example, len(group), texts[example]


def _without_names(group: Sequence[tuple[Member, str]]) -> str | None:
    """The words that stand at the same place for several accounts; None where these are too few."""
    if len({_account(member) for member, _ in group}) < CROWD:
        return None
    chosen = frozenset(name for member, _ in group if member.result for name in chosen_names(member.result))
    columns = zip(*([(_account(member), word) for word in text.split()] for member, text in group), strict=True)
    return " ".join(_crowds_word(column, chosen) for column in columns)


def _crowds_word(column: Iterable[tuple[str, str]], chosen: frozenset[str]) -> str:
    accounts: dict[str, set[str]] = {}
    for account, word in column:
        accounts.setdefault(word, set()).add(account)
    word = max(accounts, key=lambda one: (len(accounts[one]), one))
    is_somebodys = any(name in word for name in chosen) or "arn:" in word or re.search(r"\d{12}", word) is not None
    return _blank(word) if len(accounts[word]) < CROWD or is_somebodys else word


def chosen_names(result: Result) -> frozenset[str]:
    """What a student's things are called, and the account: words that may tell who it is."""
    subject = result.subject
    found = (
        *(subject.account, subject.alias, subject.student, subject.caller),
        *(link.id for link in result.chain),
        *(one.id for one in (*result.leftovers, *result.tidy)),
        *(one.id for one in result.outsiders),
    )
    return frozenset(name for name in found if name)


def _account(member: Member) -> str:
    return member.row.standing.account if member.row.standing else ""


def _blank(word: str) -> str:
    """An ellipsis with the word's own brackets and commas."""
    core = word.strip(EDGES)
    before, _, after = word.partition(core)
    return f"{before}{ELLIPSIS}{after}" if core else word
