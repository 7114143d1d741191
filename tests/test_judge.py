"""Running checks, whatever they do."""

import logging
import shutil
from decimal import Decimal

import pytest

from skymark.judge import judge
from skymark.lesson import Lesson
from skymark.outcome import Outcome
from skymark.rubric import Rubric, RubricCriterion

CHECKS = '''
"""A lesson's checks."""


def check_right(thing):
    """It is right."""
    assert thing.label == "a thing"


def check_wrong(thing):
    """It is wrong."""
    assert thing.label == "another", f"it is {thing.label}, it should be another"


def check_broken(thing):
    """It goes wrong by itself."""
    raise KeyError("secret detail")


def check_needs_broken(broken):
    """Its fixture goes wrong."""


def check_absent(absent):
    """Its thing is not there."""


def check_hangs(absent, unread):
    """It hangs on two."""
'''
FIXTURES = '''
"""A lesson's fixtures."""

from types import SimpleNamespace

import pytest

from skymark.outcome import NotYet, Source, Unseen


@pytest.fixture
def thing():
    return SimpleNamespace(label="a thing", source=Source.TRACE, evidence=("seen",), doubt=())


@pytest.fixture
def broken():
    return 1 / 0


@pytest.fixture
def absent():
    raise NotYet("no thing yet", criterion="demo.absent")


@pytest.fixture
def unread():
    raise Unseen("nobody could look", criterion="demo.right")
'''


def rubric_of(*names):
    """A rubric that asks for these checks, a point each."""
    criteria = tuple(RubricCriterion(f"demo.{name}", name, "stage", Decimal(1), "do it") for name in names)
    return Rubric("demo", "1", "Demo", criteria)


@pytest.fixture
def small_lesson(tmp_path):
    """Another lesson than this repository's."""
    for folder in ("checks", "fixtures", "rubrics"):
        (tmp_path / folder).mkdir()
    (tmp_path / "checks" / "demo.py").write_text(CHECKS)
    (tmp_path / "fixtures" / "__init__.py").write_text("")
    (tmp_path / "fixtures" / "thing.py").write_text(FIXTURES)
    return Lesson(tmp_path)


@pytest.fixture
def judged(good, small_lesson):
    """Judge these checks of the small lesson; verdicts by name."""

    def run(*names, **options):
        verdicts = judge(good, rubric_of(*names), small_lesson, **options).verdicts
        return {verdict.id.removeprefix("demo."): verdict for verdict in verdicts}

    return run


def test_verdicts_come_in_rubric_order_with_their_evidence(judged):
    """Whatever order the file has."""
    found = judged("wrong", "right")

    assert list(found) == ["wrong", "right"]
    assert (found["right"].message, found["right"].source, found["right"].evidence) == ("a thing", "trace", ("seen",))
    assert found["wrong"].message == "it is a thing, it should be another"
    assert found["wrong"].outcome == Outcome.FAILED


@pytest.mark.parametrize("name", ["broken", "needs_broken", "not_there"])
def test_a_fault_of_skymarks_own_is_unverified(name, judged, caplog):
    """One clear line in the report, the traceback in the log; no points are lost."""
    with caplog.at_level(logging.ERROR, "skymark"):
        verdict = judged(name)[name]

    assert verdict.outcome == Outcome.UNVERIFIED
    assert "not your fault" in verdict.message
    assert "secret detail" not in verdict.message
    assert name == "not_there" or caplog.records[0].exc_info


def test_a_file_that_cannot_be_loaded_makes_only_its_own_checks_unverified(good, small_lesson):
    """The others are judged."""
    (small_lesson.root / "checks" / "torn.py").write_text("def check_x(:\n")
    rubric = rubric_of("right")
    torn = RubricCriterion("torn.x", "x", "stage", Decimal(1), "do it")

    verdicts = judge(good, Rubric("demo", "1", "Demo", (torn, *rubric.criteria)), small_lesson).verdicts

    assert [str(verdict.outcome) for verdict in verdicts] == ["unverified", "passed"]


def test_fixtures_that_cannot_be_loaded_make_everything_unverified(good, small_lesson, caplog, capfd):
    """It is the lesson's fault, and nobody loses a point for it."""
    (small_lesson.root / "fixtures" / "torn.py").write_text("import no_such_module\n")

    verdicts = judge(good, rubric_of("right", "wrong"), small_lesson).verdicts

    assert {str(verdict.outcome) for verdict in verdicts} == {"unverified"}
    assert "no_such_module" in caplog.text
    assert capfd.readouterr() == ("", "")


def test_all_fixtures_are_asked_before_a_verdict(judged):
    """The second fixture's signal counts, too."""
    found = judged("right", "absent", "hangs")

    assert found["absent"].outcome == Outcome.PENDING
    assert found["hangs"].outcome == Outcome.UNVERIFIED


LAZY = """
import pytest

from skymark.pytest_plugin import ask


@pytest.fixture
def asking():
    return ask("thing")


@pytest.fixture
def requesting(request):
    return request.getfixturevalue("thing")


@pytest.fixture
def asking_in_vain(thing):
    return ask("absent")
"""


@pytest.mark.parametrize(
    ("fixture", "outcome"),
    [("asking", "passed"), ("requesting", "passed"), ("asking_in_vain", "blocked"), ("thing, asking", "passed")],
)
def test_a_fixture_may_ask_another_where_it_needs_it(fixture, outcome, judged, small_lesson):
    """By `ask`, or as pytest has it; what that one raises is heard."""
    (small_lesson.root / "fixtures" / "lazy.py").write_text(LAZY)
    check = f"\n\ndef check_lazy({fixture}):\n    assert {fixture.split(', ')[-1]}.label == 'a thing'\n"
    (small_lesson.root / "checks" / "demo.py").write_text(CHECKS + check)

    assert str(judged("absent", "lazy")["lazy"].outcome) == outcome


def test_ctrl_c_while_it_is_judged_is_no_verdict(judged, small_lesson):
    """Pytest keeps it to itself, and what it did not come to would read as a mistake of Skymark's."""
    (small_lesson.root / "checks" / "demo.py").write_text(
        CHECKS.replace('raise KeyError("secret detail")', "raise KeyboardInterrupt")
    )

    with pytest.raises(KeyboardInterrupt):
        judged("right", "broken", "wrong")


def test_a_check_that_ends_the_session_makes_what_follows_unverified(judged, small_lesson):
    """That is a fault of the lesson's, and nobody has pressed Ctrl-C."""
    (small_lesson.root / "checks" / "demo.py").write_text(
        CHECKS.replace('raise KeyError("secret detail")', 'import pytest; pytest.exit("enough")')
    )

    found = judged("right", "broken", "wrong")

    assert [str(one.outcome) for one in found.values()] == ["passed", "unverified", "unverified"]


def test_only_what_is_named_is_judged(judged):
    """Nothing else is run."""
    assert list(judged("right", "wrong", "broken", only=("demo.wrong",))) == ["wrong"]


@pytest.mark.parametrize("options", ["-k nothing", "--collect-only", "--no-such-option", "-x --maxfail=1"])
def test_somebodys_own_pytest_options_change_no_mark(options, judged, monkeypatch):
    """PYTEST_ADDOPTS is for their own tests."""
    monkeypatch.setenv("PYTEST_ADDOPTS", options)

    assert {name: str(one.outcome) for name, one in judged("right", "wrong").items()} == {
        "right": "passed",
        "wrong": "failed",
    }


def test_a_configuration_beside_the_lesson_changes_no_mark(judged, small_lesson):
    """Nor does its conftest.py."""
    (small_lesson.root / "pytest.ini").write_text("[pytest]\npython_functions = nothing\n")
    (small_lesson.root / "conftest.py").write_text("raise RuntimeError('never loaded')\n")

    assert judged("right")["right"].outcome == Outcome.PASSED


def test_judging_prints_nothing(judged, capfd):
    """Standard output belongs to the report."""
    judged("right", "wrong", "broken", "absent")

    assert capfd.readouterr() == ("", "")


def test_an_assertion_of_a_fixture_is_a_fault_of_skymarks_own(judged, small_lesson):
    """Only a check's own assertion speaks of the student."""
    fixture = "import pytest\n\n\n@pytest.fixture\ndef broken():\n    assert 1 == 2\n"
    (small_lesson.root / "fixtures" / "thing.py").write_text(fixture)

    assert judged("needs_broken")["needs_broken"].outcome == Outcome.UNVERIFIED


def test_two_lessons_whose_files_are_called_alike_are_told_apart(good, small_lesson, tmp_path):
    """One after the other in one process, as often as somebody likes."""
    folder = tmp_path / "another"
    shutil.copytree(small_lesson.root / "fixtures", folder / "fixtures")
    (folder / "checks").mkdir()
    (folder / "checks" / "demo.py").write_text("def check_right(thing):\n    assert False, 'another lesson'\n")
    other = Lesson(folder)

    found = [judge(good, rubric_of("right"), one).verdicts[0] for one in (small_lesson, other, small_lesson, other)]

    assert [one.outcome for one in found] == [Outcome.PASSED, Outcome.FAILED] * 2
    assert found[1].message == "another lesson"
