"""One pytest session for many cases: nothing of one is in the next."""

import gc
import os
import threading
from concurrent.futures import Future

import msgspec
import pytest

from skymark import judge as judging
from skymark.judge import MOST_LESSONS, judge
from skymark.lesson import Lesson
from skymark.outcome import Outcome
from skymark.pytest_plugin import Case
from tests.test_judge import rubric_of

CHECKS = '''
def check_account(account):
    """It is the account's own."""
    assert account == "111111111111", f"it is {account}'s"


def check_ends(request):
    """It ends everything."""
    import pytest

    pytest.exit("enough")
'''
FIXTURES = """
import pytest

MADE = []


@pytest.fixture(scope="session")
def account(survey):
    MADE.append(survey.identity.account)
    return survey.identity.account
"""


@pytest.fixture
def lesson_in(tmp_path):
    """Make a lesson with one fixture that lives as long as pytest's session."""

    def make(name="lesson", checks=CHECKS):
        for folder, file, text in (
            ("checks", "demo.py", checks),
            ("fixtures", "__init__.py", ""),
            ("fixtures", "account.py", FIXTURES),
        ):
            (tmp_path / name / folder).mkdir(parents=True, exist_ok=True)
            (tmp_path / name / folder / file).write_text(text)
        return Lesson(tmp_path / name)

    return make


@pytest.fixture
def other(good):
    """The survey of another account."""
    return msgspec.structs.replace(good, identity=msgspec.structs.replace(good.identity, account="111111111111"))


def outcome_of(survey, lesson, name="account"):
    """The one verdict."""
    return judge(survey, rubric_of(name), lesson).verdicts[0].outcome


def checking_threads():
    """The sessions that are open."""
    return [one for one in threading.enumerate() if one.name.startswith("checks of ")]


def test_each_case_has_fixtures_of_its_own(good, other, lesson_in):
    """Of every scope: a session's is a case's."""
    lesson = lesson_in()

    found = [outcome_of(survey, lesson) for survey in (good, other, good, other)]

    assert found == [Outcome.FAILED, Outcome.PASSED] * 2


def test_checks_are_collected_once(good, other, lesson_in):
    """One session judges all of a lesson's cases, whatever criteria each has."""
    lesson = lesson_in()
    outcome_of(good, lesson)
    first = judging._SESSIONS[lesson.root]

    judge(other, rubric_of("account", "not_there"), lesson)

    assert judging._SESSIONS[lesson.root] is first


def test_after_a_check_that_ends_everything_the_next_case_is_judged(other, lesson_in):
    """In another session."""
    lesson = lesson_in()

    found = [outcome_of(other, lesson, name) for name in ("ends", "account")]

    assert found == [Outcome.UNVERIFIED, Outcome.PASSED]


def test_a_lesson_that_is_changed_is_collected_anew(other, lesson_in):
    """Its author watches it, perhaps."""
    lesson = lesson_in()
    before = outcome_of(other, lesson, "late")

    (lesson.root / "checks" / "more.py").write_text("def check_late():\n    pass\n")
    rubric = rubric_of("late")
    in_more = msgspec.structs.replace(rubric.criteria[0], id="more.late")
    after = judge(other, msgspec.structs.replace(rubric, criteria=(in_more,)), lesson).verdicts[0].outcome

    assert (before, after) == (Outcome.UNVERIFIED, Outcome.PASSED)


def test_nothing_of_a_case_stays_in_memory(good, other, lesson_in):
    """A class has a thousand; the last one is there until the next."""
    lesson = lesson_in()
    for survey in (good, other, good, other):
        outcome_of(survey, lesson)

    gc.collect()
    kept = [one.survey for one in gc.get_objects() if isinstance(one, Case) and one.root == lesson.root]

    assert kept == [other]


def test_a_process_keeps_the_checks_of_few_lessons_ready(other, lesson_in):
    """The first of many is closed."""
    lessons = [lesson_in(f"lesson{number}") for number in range(MOST_LESSONS + 2)]
    before = len(checking_threads())

    found = {outcome_of(other, lesson) for lesson in (*lessons, lessons[0])}

    assert found == {Outcome.PASSED}
    assert len(judging._SESSIONS) == MOST_LESSONS
    assert len(checking_threads()) <= max(before, MOST_LESSONS)


def test_somebodys_own_pytest_options_are_there_afterwards(other, lesson_in, monkeypatch):
    """They are only not heard."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "--no-such-option")

    assert outcome_of(other, lesson_in()) is Outcome.PASSED
    assert os.environ["PYTEST_ADDOPTS"] == "--no-such-option"


def test_who_presses_ctrl_c_while_it_runs_gets_no_stale_verdict(good, other, lesson_in, monkeypatch):
    """The case that nobody waits for any more is not taken for the next."""
    lesson = lesson_in()
    outcome_of(good, lesson)

    def interrupted(session, case):
        session._cases.put((case, Future()))
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("skymark.open_session.OpenSession.run", interrupted)
        with pytest.raises(KeyboardInterrupt):
            outcome_of(good, lesson)

    assert outcome_of(other, lesson) is Outcome.PASSED


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows forks nothing")
def test_a_forked_process_opens_a_session_of_its_own(other, lesson_in):
    """The thread of its parent's is not in it: to wait for it would be for ever."""
    lesson = lesson_in()
    outcome_of(other, lesson)

    child = os.fork()
    if child == 0:
        os._exit(0 if outcome_of(other, lesson) is Outcome.PASSED else 1)

    assert os.waitpid(child, 0)[1] == 0
