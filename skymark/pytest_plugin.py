"""Runs checks as pytest tests and turns what they do into verdicts.

A check is `check_<name>()` in a lesson's `checks/<module>.py`; its id is `<module>.<name>`. It asks fixtures of
the lesson for evidence. Fixtures that may have nothing to hand over raise a `Signal`; they have pytest's default
scope, so that all of a check's fixtures are asked before one of their signals is chosen.
"""

import datetime as dt
import importlib
import importlib.util
import sys
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from skymark.cause import Cause, cause_of_gaps
from skymark.evidence import Gap, Struct, Survey
from skymark.log import FILE, LOG
from skymark.outcome import NOTHING_TO_MEND, ChainLink, Outcome, Signal, Source, Step, Verdict
from skymark.rubric import Rubric, RubricCriterion
from skymark.verdict import Terms, verdict_of
from skymark.window import ALWAYS, Window

SHOWN_AS = {
    Outcome.PASSED: ("passed", ".", "PASSED"),
    Outcome.FAILED: ("failed", "F", "FAILED"),
    Outcome.PENDING: ("pending", "p", "PENDING"),
    Outcome.BLOCKED: ("blocked", "b", "BLOCKED"),
    Outcome.UNVERIFIED: ("unverified", "u", "UNVERIFIED"),
}


class Case(Struct, frozen=True):
    """What is judged: one survey by one rubric; `only` names the criteria, none means all.

    `survey` has only what was made in the `window`. `due` is when everything had to be torn down; `proved` are the
    criteria that an earlier check saw passed.
    """

    survey: Survey
    rubric: Rubric
    root: Path
    final: bool = False
    only: tuple[str, ...] = ()
    window: Window = ALWAYS
    due: dt.datetime | None = None
    proved: frozenset[str] = frozenset()

    @property
    def terms(self) -> Terms:
        """What verdicts are given by."""
        return Terms(self.rubric, self.final, self.survey.surveyed_at)

    @property
    def criteria(self) -> tuple[RubricCriterion, ...]:
        """The criteria to judge, in rubric order."""
        return tuple(one for one in self.rubric.criteria if not self.only or one.id in self.only)


class Journal:
    """What fixtures tell the report beside the verdicts."""

    def __init__(self) -> None:
        self.chain: tuple[ChainLink, ...] = ()
        self.steps: tuple[Step, ...] = ()
        self.places: dict[str, str] = {}


def check_id(item: pytest.Item) -> str:
    """The id of a check: its module's name, a dot, and its own name without `check_`."""
    return f"{item.path.stem}.{item.name.removeprefix('check_')}"


def lesson_fixtures(root: Path) -> Iterator[ModuleType]:
    """Import the modules of `<root>/fixtures/`, each once in a process.

    The package's name tells lessons apart; inside it, modules import each other relatively. What cannot be
    imported raises whatever it raises, each time it is tried.
    """
    folder = root / "fixtures"
    package = f"skymark_lesson_{zlib.crc32(str(root).encode()):08x}"
    if package not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            package, folder / "__init__.py", submodule_search_locations=[str(folder)]
        )
        assert spec is not None  # noqa: S101 - a path that ends in .py always has a loader
        assert spec.loader is not None  # noqa: S101
        sys.modules[package] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    for file in sorted(folder.glob("*.py")):
        if file.stem != "__init__":
            yield importlib.import_module(f"{package}.{file.stem}")


class LessonFixtures:
    """The plugin that makes the fixtures of the lesson in `root` known.

    Making one imports them, and raises whatever that raises.
    """

    def __init__(self, root: Path) -> None:
        self._modules = tuple(lesson_fixtures(root))

    def pytest_configure(self, config: pytest.Config) -> None:
        """Before any check is collected."""
        for module in self._modules:
            config.pluginmanager.register(module, module.__name__)


class Judge:
    """The plugin that holds a case; afterwards `verdicts` and `journal` hold what came of it.

    `is_interrupted` says that Ctrl-C ended it, so that what is not among the verdicts was not judged at all.
    """

    def __init__(self, case: Case) -> None:
        self.take(case)

    def take(self, case: Case) -> None:
        """Begin with a case; nothing is left of one before."""
        self.case = case
        self.verdicts: dict[str, Verdict] = {}
        self.journal = Journal()
        self.is_interrupted = False

    def chosen(self, items: Iterable[pytest.Item]) -> list[pytest.Item]:
        """The checks that the rubric names, in its order."""
        checks = {check_id(item): item for item in items if item.name.startswith("check_")}
        return [checks[one.id] for one in self.case.criteria if one.id in checks]

    def pytest_configure(self, config: pytest.Config) -> None:
        """Make the case known, also to a session that has begun: pytest calls this when the judge comes to it."""
        config.stash[JUDGE] = self

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Keep what is judged."""
        wanted = self.chosen(items)
        config.hook.pytest_deselected(items=[item for item in items if item not in wanted])
        items[:] = wanted

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport | None:
        """Translate what happened into a verdict, and the verdict into what pytest shows.

        Pytest's own report would render a traceback for each signal; nobody reads those, and they are slow.
        """
        if call.when != "call" and not (call.when == "setup" and call.excinfo):
            return None
        verdict = self._verdict(item, call)
        self.verdicts[verdict.id] = verdict
        uneventful = pytest.CallInfo.from_call(lambda: None, when=call.when)
        report = pytest.TestReport.from_item_and_call(item, uneventful)
        report.duration = call.duration
        _show(report, verdict, self.case.rubric)
        return report

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Pytest keeps Ctrl-C to itself; so it does with the exception by which a check ends the session."""
        self.is_interrupted = isinstance(excinfo.value, KeyboardInterrupt)

    def pytest_report_teststatus(self, report: pytest.TestReport | pytest.CollectReport) -> tuple[str, str, str] | None:
        """Pytest's terminal says the outcome's own word."""
        if not isinstance(report, pytest.TestReport) or report.when == "teardown":
            return None
        outcome = dict(report.user_properties).get("outcome")
        if outcome is None:
            return None
        return SHOWN_AS[Outcome(str(outcome))]

    def _verdict(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Verdict:
        id = check_id(item)
        error = call.excinfo.value if call.excinfo else None
        exhibits = [value for value in getattr(item, "funcargs", {}).values() if hasattr(value, "doubt")]
        evidence = tuple(dict.fromkeys(line for exhibit in exhibits for line in exhibit.evidence))
        source = max((exhibit.source for exhibit in exhibits), key=lambda one: one.rank, default=None)
        match error:
            case None:
                label = exhibits[0].label if exhibits else (getattr(item, "obj", item).__doc__ or "")
                return Verdict(id, Outcome.PASSED, label, source=source, evidence=evidence)
            case Gathered():
                return verdict_of(error.signals, id, self.case.terms)
            case Signal():
                return verdict_of((error,), id, self.case.terms)
            case AssertionError() if call.when == "call":
                doubt = tuple(dict.fromkeys(gap for exhibit in exhibits for gap in exhibit.doubt))
                return _failed(id, str(error).split("\nassert ", 1)[0], source, evidence, doubt)
            case _:
                LOG.error("%s: the check itself went wrong", id, exc_info=error)
                return fault(id, f"{type(error).__name__}")


JUDGE = pytest.StashKey[Judge]()


class Gathered(Exception):
    """Every signal that the fixtures of one check raised."""

    def __init__(self, signals: tuple[Signal, ...]) -> None:
        super().__init__("; ".join(signal.message for signal in signals))
        self.signals = signals


def fault(id: str, what: str) -> Verdict:
    """The verdict where Skymark itself went wrong: never the student's fault."""
    return Verdict(
        id,
        Outcome.UNVERIFIED,
        f"Skymark itself made a mistake here ({what}): this is not your fault and costs no points. "
        f"The details are in {FILE}.",
        advice=NOTHING_TO_MEND,
        cause=Cause.SKYMARK,
    )


def _failed(id: str, message: str, source: Source | None, evidence: tuple[str, ...], doubt: tuple[Gap, ...]) -> Verdict:
    if not doubt:
        return Verdict(id, Outcome.FAILED, message, source=source, evidence=evidence)
    where = ", ".join(sorted({gap.region or gap.service for gap in doubt}))
    return Verdict(
        id,
        Outcome.UNVERIFIED,
        f"{message}; but there may be a better one where Skymark could not look ({where})",
        source=source,
        evidence=evidence,
        gaps=doubt,
        cause=cause_of_gaps(doubt),
    )


def _show(report: pytest.TestReport, verdict: Verdict, rubric: Rubric) -> None:
    criterion = rubric.criterion(verdict.id)
    possible = criterion.points if criterion else 0
    report.user_properties += [
        ("criterion", verdict.id),
        ("outcome", str(verdict.outcome)),
        ("possible", str(possible)),
    ]
    if verdict.outcome is not Outcome.UNVERIFIED:
        report.user_properties.append(("points", str(possible if verdict.outcome is Outcome.PASSED else 0)))
    if verdict.outcome in (Outcome.PENDING, Outcome.BLOCKED):
        report.outcome = "skipped"
        report.longrepr = (str(report.location[0]), report.location[1] or 0, f"{verdict.outcome}: {verdict.message}")
    elif verdict.outcome is not Outcome.PASSED:
        report.outcome = "failed"
        report.longrepr = f"{verdict.outcome}: {verdict.message}"


def columns(report: Any) -> tuple[str, str, str]:
    """What pytest-html shows of a test: its criterion, points and outcome; blank where it has none."""
    properties = dict(report.user_properties)
    points, possible = properties.get("points", ""), properties.get("possible", "")
    return (
        str(properties.get("criterion", "")),
        f"{points or 'none'} of {possible}" if possible else "",
        str(properties.get("outcome", "")),
    )
