"""Judging a survey: the checks run as a pytest session inside this process."""

import contextlib
import datetime as dt
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from skymark import judge_fixtures
from skymark.environment import ENVIRONMENT
from skymark.evidence import Survey
from skymark.lesson import Lesson
from skymark.log import LOG
from skymark.outcome import Judgement
from skymark.pytest_plugin import Case, Judge, fault
from skymark.rubric import Rubric
from skymark.window import ALWAYS, Window, within

CHECKS = "checks"
# Plugins that write, which the judge does not; and two that collect garbage after each session, which is slow.
OFF = (
    *("terminal", "cacheprovider", "junitxml", "logging", "faulthandler", "warnings", "stepwise", "pastebin"),
    *("unraisableexception", "threadexception"),
)


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
        plugin = Judge(case)
    except Exception:  # noqa: BLE001 - whatever is wrong with a lesson's files is not the student's fault
        LOG.exception("the fixtures of %s could not be loaded", case.root)
        return Judgement(tuple(fault(one.id, "its fixtures could not be loaded") for one in case.criteria))
    _forget_checks_of_others(case.root)
    with _own_options_only():
        pytest.main(_arguments(case.root), plugins=[plugin, judge_fixtures])
    if plugin.is_interrupted:
        raise KeyboardInterrupt
    verdicts = (plugin.verdicts.get(one.id) or fault(one.id, "its check could not be run") for one in case.criteria)
    return Judgement(tuple(verdicts), plugin.journal.chain, plugin.journal.steps, plugin.journal.places)


def _arguments(root: Path) -> list[str]:
    return [
        str(root / CHECKS),
        f"--rootdir={root}",
        f"--config-file={Path(__file__).with_name('checks.ini')}",
        "--import-mode=importlib",
        "--assert=plain",
        "--capture=no",
        "--noconftest",
        "--disable-plugin-autoload",
        "--continue-on-collection-errors",
        *(f"-pno:{name}" for name in OFF),
    ]


def _forget_checks_of_others(root: Path) -> None:
    """Pytest calls a lesson's modules `checks.bucket`, whichever lesson it is, and imports what is called so once."""
    checks = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == CHECKS}
    folder = (root / CHECKS).resolve()
    files = (module.__file__ for module in checks.values())
    if not all(Path(file).is_relative_to(folder) for file in files if file):
        for name in checks:
            del sys.modules[name]


@contextlib.contextmanager
def _own_options_only() -> Iterator[None]:
    """Whatever PYTEST_ADDOPTS somebody set for their own tests must not change a mark."""
    kept = os.environ.pop("PYTEST_ADDOPTS", None)
    try:
        yield
    finally:
        if kept is not None:
            os.environ["PYTEST_ADDOPTS"] = kept
