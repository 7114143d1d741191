"""A pytest session that stays open: a lesson's checks are collected once, then run for one case after another.

Opening a session costs more than all checks together, and a class has hundreds of cases. Pytest's own loop is left in
place of its end: each case runs every check from the setup of all its fixtures to their teardown.

Source: pytest's reference, `pytest_runtestloop` and `pytest_runtest_protocol`, of which `nextitem` None tears down
whatever is set up.
"""

import os
import sys
import threading
from concurrent.futures import Future
from pathlib import Path
from queue import SimpleQueue

import pytest

from skymark import judge_fixtures
from skymark.pytest_plugin import Case, Judge, LessonFixtures

CHECKS = "checks"
# Plugins that write, which the judge does not; and two that collect garbage after each session, which is slow.
OFF = (
    *("terminal", "cacheprovider", "junitxml", "logging", "faulthandler", "warnings", "stepwise", "pastebin"),
    *("unraisableexception", "threadexception"),
)
Stamp = frozenset[tuple[str, int, int]]
"""The files of a lesson's checks and fixtures, when each was written, and its size."""


class OpenSession:
    """The checks of one lesson, in a thread of their own, since pytest does not return while a session is open.

    Making one imports the lesson's fixtures, and raises whatever that raises. `is_over` says that no case is judged any
    more: pytest could not begin, or a check has ended it.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._stamp = _stamp_of(root)
        self._fixtures = LessonFixtures(root)
        # One for all cases: pytest keeps whatever was once registered, and a class has a thousand surveys.
        self._judge: Judge | None = None
        self._cases: SimpleQueue[tuple[Judge, Future[None]] | None] = SimpleQueue()
        self._begun = threading.Event()
        self._over = threading.Event()
        _forget_checks_of_others(root)
        self._thread = threading.Thread(target=self._run, name=f"checks of {root.name}", daemon=True)
        # Whatever PYTEST_ADDOPTS somebody set for their own tests must not change a mark.
        kept = os.environ.pop("PYTEST_ADDOPTS", None)
        self._thread.start()
        self._begun.wait()
        if kept is not None:
            os.environ["PYTEST_ADDOPTS"] = kept

    @property
    def is_over(self) -> bool:
        """Whether another one has to be opened: this one has ended, or the lesson's files have changed."""
        return self._over.is_set() or self._stamp != _stamp_of(self._root)

    def run(self, case: Case) -> Judge:
        """Run the checks of a case; until the next one the judge holds what came of it."""
        if self._judge is None:
            self._judge = Judge(case)
        else:
            self._judge.take(case)
        done: Future[None] = Future()
        self._cases.put((self._judge, done))
        if not self._over.is_set():
            done.result()
        return self._judge

    def close(self) -> None:
        """End the session."""
        self._cases.put(None)
        self._thread.join()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Case by case, until there are no more."""
        self._begun.set()
        while (case := self._cases.get()) is not None:
            judge, done = case
            try:
                _run_checks(session, judge)
            except BaseException:
                self._cases.put(case)  # whoever waits is told when pytest has told its plugins why it ends
                raise
            done.set_result(None)
        return True

    def _run(self) -> None:
        try:
            pytest.main(_arguments(self._root), plugins=[self, self._fixtures, judge_fixtures])
        finally:
            self._over.set()
            self._begun.set()
            while not self._cases.empty():
                if case := self._cases.get():
                    case[1].set_result(None)


def _run_checks(session: pytest.Session, judge: Judge) -> None:
    plugins = session.config.pluginmanager
    if not plugins.is_registered(judge):
        plugins.register(judge)
    checks = judge.chosen(session.items)
    for check, following in zip(checks, (*checks[1:], None), strict=False):
        check.ihook.pytest_runtest_protocol(item=check, nextitem=following)


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


def _stamp_of(root: Path) -> Stamp:
    files = (file for folder in (CHECKS, "fixtures") for file in os.scandir(root / folder) if file.is_file())
    return frozenset((file.path, file.stat().st_mtime_ns, file.stat().st_size) for file in files)


def _forget_checks_of_others(root: Path) -> None:
    """Pytest calls a lesson's modules `checks.bucket`, whichever lesson it is, and imports what is called so once."""
    checks = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == CHECKS}
    folder = (root / CHECKS).resolve()
    files = (module.__file__ for module in checks.values())
    if not all(Path(file).is_relative_to(folder) for file in files if file):
        for name in checks:
            del sys.modules[name]
