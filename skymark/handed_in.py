"""Surveys that a student made and handed in: self-reported, so they count only where somebody accepts them."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from msgspec.structs import replace

from skymark import survey_file
from skymark.errors import SurveyFileError, UsageError
from skymark.evidence import Struct, Survey
from skymark.gradebook.merge import Proof, is_judged_now, proofs_of, strength, taken_over, unblocked, when
from skymark.gradebook.recording import Grade
from skymark.next_step import completed
from skymark.outcome import MET, Outcome, Source
from skymark.render.words import counted
from skymark.result import Criterion, Result
from skymark.rubric import Rubric

LARGEST = 50 * 2**20
MOST: Final = 2_000
"""So many things of a kind no account of a lesson has."""
MOST_RECORDS: Final = 50_000
RECORDS: Final = ("calls", "events", "gaps", "history")
"""What there is much of in an account that is old, or in many regions."""
LONGEST_POLICIES: Final = 200_000
"""Characters of a role's own policies. Source: IAM quotas: 20 managed ones of 6,144, and 10,240 inline."""

ACCESS = "account.access"
"""The one criterion that only whoever looks can show: that the credentials work."""

CLOCKS_DIFFER = dt.timedelta(minutes=5)
YEARS = range(2000, 2100)


class HandedIn(Struct, frozen=True):
    """A survey that was handed in, and the name of its file."""

    file: str
    survey: Survey


class Showing(Struct, frozen=True):
    """What one survey that was handed in shows by itself, teardown and advice included."""

    file: str
    surveyed_at: dt.datetime
    proofs: tuple[Proof, ...]

    @property
    def name(self) -> str:
        """The file, and when that survey was made."""
        return f"{self.file}, surveyed {when(self.surveyed_at)}"


def read_handed_in(path: Path) -> HandedIn:
    """Read a survey that was handed in. Anybody may have written anything into it.

    Raises:
        SurveyFileError: it is missing, too large (over 50 MiB), no valid survey, has times that cannot be, or more
            of something than an account can have: looking through that would hold up everybody else's grading.
    """
    if path.is_file() and path.stat().st_size > LARGEST:
        raise SurveyFileError(f"{path}: larger than 50 MiB, as no survey of a lesson is. Ask for the right file.")
    survey = survey_file.load(path)
    if any(time.year not in YEARS for time in survey_file.times(survey)):
        raise SurveyFileError(f"{path}: is a survey, but has a time that cannot be. Ask for another one.")
    if not survey.identity.arn.startswith("arn:"):
        raise SurveyFileError(f"{path}: is a survey, but does not say who the caller was. Ask for another one.")
    if too_much := _too_much(survey):
        raise SurveyFileError(f"{path}: is a survey, but has {too_much}. Ask for another one.")
    return HandedIn(path.name, survey)


def _too_much(survey: Survey) -> str | None:
    """What there is more of than can be, None where there is not."""
    for name in survey.__struct_fields__:
        most = MOST_RECORDS if name in RECORDS else MOST
        if _longest(getattr(survey, name)) > most:
            return f"more {name.replace('_', ' ')}, or more in one of them, than an account of a lesson has"
    for role in survey.roles:
        own = [one.document or "" for one in role.policies or () if one.kind in ("customer", "inline")]
        texts = (role.trust, *own, *((role.boundary.document or "",) if role.boundary else ()))
        if sum(map(len, texts)) > LONGEST_POLICIES:
            return "a role with longer policies than AWS takes"
    return None


def _longest(value: Any) -> int:
    """How long the longest tuple is, in a survey's field however deep."""
    match value:
        case tuple():
            return max([len(value), *map(_longest, value)])
        case Struct():
            return max([0, *(_longest(getattr(value, name)) for name in value.__struct_fields__)])
        case _:
            return 0


def refuse_unfit(handed_in: Iterable[HandedIn], own: Survey) -> None:
    """Make sure that they can show something of this account as it is now, or was when it was looked at.

    Raises:
        UsageError: one is of another account, or was made later.
    """
    for one in handed_in:
        theirs, ours = one.survey.identity.account, own.identity.account
        if theirs != ours:
            raise UsageError(f"{one.file}: is of account {theirs}, and this is {ours}. Hand in one of this account.")
        if one.survey.surveyed_at > own.surveyed_at + CLOCKS_DIFFER:
            raise UsageError(
                f"{one.file}: was surveyed {when(one.survey.surveyed_at)}, after this account was looked at "
                f"({when(own.surveyed_at)}). Look at the account again, or leave it out."
            )


def showing(one: HandedIn, grade: Grade) -> Showing:
    """What it shows by itself; `grade` is how the account itself is graded."""
    return Showing(one.file, one.survey.surveyed_at, proofs_of((grade(one.survey),)))


def accepting(grade: Grade, shown: Sequence[Showing], rubric: Rubric) -> Grade:
    """How the account is graded where what was handed in counts; `grade` is how it is by itself.

    What it shows to have been there, can have been torn down: teardown is judged by that, and by the own look.
    """
    theirs = frozenset(proof.criterion for one in shown for proof in one.proofs)

    def graded(survey: Survey, *, proved: frozenset[str] = frozenset()) -> Result:
        return with_shown(grade(survey, proved=proved | theirs), shown, rubric)

    return graded


def with_shown(result: Result, shown: Sequence[Showing], rubric: Rubric) -> Result:
    """The result with each criterion passed that one of them shows, but for those that AWS itself shows to be wrong.

    Of several that show one, the strongest evidence counts, then the latest. Teardown, access and advice are never
    taken over. No point that the result has is lost; the same once more changes nothing.
    """
    criteria = unblocked(tuple(_with_best(one, shown) for one in result.criteria))
    return completed(replace(result, criteria=criteria), rubric)


def noted(result: Result, shown: Iterable[Showing]) -> Result:
    """The result with a warning for each of them that says what it would show, if it was accepted."""
    return replace(result, warnings=(*result.warnings, *(_would_show(one, result) for one in shown)))


def _would_show(one: Showing, result: Result) -> str:
    theirs = {proof.criterion for proof in one.proofs}
    more = [each for each in result.criteria if each.id in theirs and _is_open(each) and not _is_proved_wrong(each)]
    if not more:
        return f"{one.name}, shows nothing that could count besides. It is self-reported."
    points = counted(sum(each.possible for each in more), "point")
    return (
        f"{one.name}, would show: {', '.join(each.id for each in more)} ({points}). "
        "It is self-reported and can be forged: it counts only with --accept-handed-in."
    )


def _with_best(one: Criterion, shown: Iterable[Showing]) -> Criterion:
    found = list(_proofs(one, shown)) if _is_open(one) else []
    if not found:
        return one
    by, proof = max(found, key=lambda each: strength(each[1]))
    self_reported = f"self-reported: {by.name}"
    if _is_proved_wrong(one):
        kept = f"{self_reported}, shows it as passed; it stays failed, since AWS shows now that it is wrong"
        return one if kept in one.evidence else replace(one, evidence=(*one.evidence, kept))
    return taken_over(one, f"{proof.message}, by {by.name}", Source.HANDED_IN, (self_reported, *proof.evidence))


def _proofs(one: Criterion, shown: Iterable[Showing]) -> Iterator[tuple[Showing, Proof]]:
    return ((each, proof) for each in shown for proof in each.proofs if proof.criterion == one.id)


def _is_open(one: Criterion) -> bool:
    """Whether it can still be shown: it does not count yet, and is not judged by the own look alone."""
    counts = one.outcome in MET
    return not (counts or is_judged_now(one) or one.id == ACCESS)


def _is_proved_wrong(one: Criterion) -> bool:
    """Failed by what AWS itself shows; failed because nothing was found, or by a file that was handed in, is not."""
    return one.outcome is Outcome.FAILED and one.source in (Source.LIVE, Source.TRACE)
