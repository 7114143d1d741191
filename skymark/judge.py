"""Judging a survey: the checks run in a pytest session inside this process."""

import datetime as dt
import os
from pathlib import Path
from typing import Final

from skymark.environment import ENVIRONMENT
from skymark.evidence import Survey
from skymark.lesson import Lesson
from skymark.log import LOG
from skymark.open_session import OpenSession
from skymark.outcome import Judgement
from skymark.pytest_plugin import Case, fault
from skymark.rubric import Rubric
from skymark.window import ALWAYS, Window, within

MOST_LESSONS: Final = 8
"""Of so many at once, a process keeps the checks ready."""

_SESSIONS: Final[dict[Path, OpenSession]] = {}
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_SESSIONS.clear)  # their threads are not in the child


def judge(
    survey: Survey,
    rubric: Rubric,
    lesson: Lesson,
    *,
    final: bool = False,
    only: tuple[str, ...] = (),
    window: Window = ALWAYS,
    due: dt.datetime | None = None,
    proved: frozenset[str] = frozenset(),
) -> Judgement:
    """One verdict for each criterion of the rubric (`only`: for each of these), in rubric order.

    Only what was made in the `window` counts. Teardown is judged as of `due`; None: as of the survey. `proved` are the
    criteria that an earlier check of the account saw passed.

    A check that goes wrong, or cannot even be loaded, is `unverified`; nothing is raised for it. Threads take turns.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed: half of the verdicts are none.
    """
    case = Case(within(survey, window), rubric, lesson.root, final, only, window, due, proved)
    with ENVIRONMENT:  # a pytest session changes it, and the modules of this process
        return _judged(case)


def _judged(case: Case) -> Judgement:
    try:
        session = _session_of(case.root)
    except Exception:  # noqa: BLE001 - whatever is wrong with a lesson's files is not the student's fault
        LOG.exception("the fixtures of %s could not be loaded", case.root)
        return Judgement(tuple(fault(one.id, "its fixtures could not be loaded") for one in case.criteria))
    try:
        judge = session.run(case)
    except BaseException:  # Ctrl-C while it runs: what comes of it is not waited for
        del _SESSIONS[case.root]
        raise
    if judge.is_interrupted:
        raise KeyboardInterrupt
    verdicts = (judge.verdicts.get(one.id) or fault(one.id, "its check could not be run") for one in case.criteria)
    return Judgement(tuple(verdicts), judge.journal.chain, judge.journal.steps, judge.journal.places)


def _session_of(root: Path) -> OpenSession:
    """The session in which the lesson's checks are ready, used last of all."""
    session = _SESSIONS.pop(root, None)
    if session is not None and session.is_over:
        session.close()
        session = None
    if session is None:
        while len(_SESSIONS) >= MOST_LESSONS:
            _SESSIONS.pop(next(iter(_SESSIONS))).close()
        session = OpenSession(root)
    _SESSIONS[root] = session
    return session
