"""The unit of work: one student is looked at and graded, in whichever thread, process or machine."""

import datetime as dt

from msgspec.structs import replace

from skymark.cause import Cause
from skymark.cohort.shared import clients, lesson_at, pools, samples_in
from skymark.cohort.task import TOLD_APART, Graded, Task, Trouble
from skymark.cohort.unentered import unentered
from skymark.errors import (
    AccessError,
    CredentialsError,
    JudgingError,
    NotebookFileError,
    RubricError,
    SkymarkError,
    SurveyFileError,
)
from skymark.evidence import HandedInNotebook, Survey
from skymark.gradebook.merge import when
from skymark.grading import grade
from skymark.handed_in import CLOCKS_DIFFER, HandedIn, read_handed_in
from skymark.log import FILE, LOG
from skymark.notebook_file import read_notebook
from skymark.roster.entry import Entry, NoAccess, ProfileAccess, RoleAccess, SurveyAccess

HOME = "us-east-1"
NO_WAY = "There is no way into the account, and nothing was handed in. Add a role, a profile or a file to the roster."


class NoWayIn(SkymarkError):
    """Nothing tells anything about a student."""

    cause = Cause.ACCESS


def grade_one(task: Task) -> Graded | Trouble:
    """Look into one student's account, or at what was handed in, and grade it.

    Whatever is wrong with an account, a file or Skymark itself is a Trouble: nothing but Ctrl-C is raised.
    """
    try:
        return _graded(task)
    except SkymarkError as error:
        return _trouble(task, _cause(error), _by_name(str(error), task.entry))
    except Exception as error:  # noqa: BLE001 - one student's trouble stops nobody else's mark
        LOG.exception("%s could not be graded", task.entry.student)
        what = f"Skymark itself made a mistake ({type(error).__name__}). The details are in {FILE}."
        return _trouble(task, Cause.SKYMARK, what)


def _graded(task: Task) -> Graded:
    entry, terms = task.entry, task.terms
    notebooks, bad = _notebooks(entry)
    survey, warnings = _survey(task, notebooks, bad)
    whole = replace(survey, notebooks=tuple(dict.fromkeys((*survey.notebooks, *notebooks))))
    found, apart = _own_part(whole, task)
    window, due = task.times.at(found.surveyed_at)
    result = grade(
        found,
        task.rubric,
        lesson_at(terms.lesson),
        final=terms.final,
        only=terms.only,
        window=window,
        due=due,
        proved=task.proved if task.account in (None, found.identity.account) else frozenset(),
        prices=terms.prices,
    )
    subject = replace(result.subject, student=entry.student)
    said = (*result.warnings, *apart, *warnings, *bad)
    return Graded(entry.student, found, replace(result, subject=subject, warnings=said))


def _notebooks(entry: Entry) -> tuple[tuple[HandedInNotebook, ...], tuple[str, ...]]:
    """What was handed in, and what is wrong with the files that cannot be read."""
    read, bad = [], []
    for file in entry.notebooks:
        try:
            read.append(read_notebook(file))
        except NotebookFileError as error:
            bad.append(_by_name(str(error), entry))
    return tuple(read), tuple(bad)


def _by_name(text: str, entry: Entry) -> str:
    """The text with files named as whoever handed them in knows them: folders are the grader's own."""
    saved = (entry.access.file,) if isinstance(entry.access, SurveyAccess) else ()
    for file in (*saved, *entry.notebooks):
        text = text.replace(str(file), file.name)
    return text


def _survey(
    task: Task, notebooks: tuple[HandedInNotebook, ...], bad: tuple[str, ...]
) -> tuple[Survey, tuple[str, ...]]:
    """What there is to grade, and what has to be said of it."""
    entry = task.entry
    match entry.access:
        case RoleAccess() | ProfileAccess() as access:
            return _look(task, access), ()
        case SurveyAccess(file=file):
            saved = read_handed_in(file)
            _refuse_what_is_to_come(saved)
            return saved.survey, (f"Graded by the saved survey {saved.file}, as of {when(saved.survey.surveyed_at)}.",)
        case NoAccess() if notebooks:
            return unentered(notebooks, entry.region or HOME, _now()), ("Graded by what was handed in alone.",)
        case NoAccess():
            raise NoWayIn(" ".join((*bad, NO_WAY)))


def _refuse_what_is_to_come(saved: HandedIn) -> None:
    """A look that is later than now would win over every later one."""
    if saved.survey.surveyed_at > _now() + CLOCKS_DIFFER:
        raise SurveyFileError(
            f"{saved.file}: says that it was surveyed {when(saved.survey.surveyed_at)}, which is to come. Ask for one "
            "that was made with a clock that is right."
        )


def _look(task: Task, access: RoleAccess | ProfileAccess) -> Survey:
    # boto3 is slow to import, and what was handed in needs none.
    from skymark.survey.access import connection_for
    from skymark.survey.calls import needs_leftovers
    from skymark.survey.connection import identify
    from skymark.survey.sweep import take_survey

    terms, plan = task.terms, task.rubric.survey
    window, _ = task.times.at(_now())
    samples = samples_in(terms.lesson / plan.samples) if terms.predict and plan.samples else None
    connection = connection_for(access, clients(), grader_profile=terms.profile, region=task.entry.region)
    return take_survey(
        connection,
        identify(connection),
        plan,
        samples,
        task.rubric.regions,
        window=window,
        ends=task.times.due is not None,
        callers=terms.shared is not None and task.entry.pair is None,
        leftovers=needs_leftovers(task.rubric, terms.only),
        pools=pools(terms.calls_at_once),
    )


def _own_part(survey: Survey, task: Task) -> tuple[Survey, tuple[str, ...]]:
    """What of a shared account is the student's own, which is said; else all of it."""
    entry = task.entry
    if not task.terms.is_told_apart(entry, survey.identity.account):
        return survey, ()
    from skymark.callers_apart import of_caller

    caller = entry.caller or entry.student
    return of_caller(survey, caller), (f"{TOLD_APART} {caller} counts.",)


def _trouble(task: Task, cause: Cause, text: str) -> Trouble:
    return Trouble(task.entry.student, task.rubric.id, cause, text, dt.datetime.now(dt.UTC))


def _cause(error: SkymarkError) -> Cause:
    match error:
        case NoWayIn():
            return Cause.ACCESS
        case AccessError(cause=cause):
            return cause
        case CredentialsError():
            return Cause.CREDENTIALS
        case RubricError() | JudgingError():
            return Cause.SKYMARK
        case _:
            return Cause.ACCESS


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0)
