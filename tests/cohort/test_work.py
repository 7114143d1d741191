"""One student: whatever there is to grade is graded, and whatever goes wrong is this student's trouble alone."""

import datetime as dt
import pickle
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from skymark import survey_file
from skymark.cause import Cause
from skymark.cohort import work
from skymark.cohort.task import Graded, Terms, Trouble
from skymark.cohort.work import grade_one
from skymark.moment import moment
from skymark.outcome import Outcome
from skymark.roster.entry import Entry, SurveyAccess
from skymark.window import Times


def outcomes(found: Graded) -> dict[str, str]:
    """Outcomes by criterion."""
    return {one.id: str(one.outcome) for one in found.result.criteria}


def test_a_saved_survey_is_graded_as_of_its_time_and_the_result_says_so(students, task, good):
    """The result names the student; the warning names file and time."""
    (ana,) = students(1)

    found = grade_one(task(ana))

    assert isinstance(found, Graded)
    assert found.result.subject.student == "s000"
    assert found.result.surveyed_at == good.surveyed_at
    assert found.result.score.earned == Decimal(90)
    assert found.result.warnings == ("Graded by the saved survey s000.json, as of 2019-07-01 19:00 UTC.",)


@pytest.mark.parametrize("final", [False, True])
def test_where_nobody_could_enter_only_the_notebook_shows_anything(task, terms, notebook, final):
    """Its two criteria pass; every other one is unverified for want of access, none is failed."""
    given = replace(task(Entry("bo", "Bo", notebooks=(notebook,))), terms=replace(terms, final=final))

    found = grade_one(given)

    assert isinstance(found, Graded)
    passed = {id for id, outcome in outcomes(found).items() if outcome == "passed"}
    assert passed == {"notebook.created", "notebook.executed"}
    others = [one for one in found.result.criteria if one.id not in passed]
    assert {(one.outcome, one.cause) for one in others} == {(Outcome.UNVERIFIED, Cause.ACCESS)}
    assert found.result.subject.account == ""


def test_without_any_way_in_it_is_trouble_and_no_verdict(task):
    """Nothing is known, so nothing is said about the student."""
    found = grade_one(task(Entry("cy", "Cy")))

    assert isinstance(found, Trouble)
    assert (found.student, found.rubric, found.cause) == ("cy", "sagemaker-intro", Cause.ACCESS)


def test_a_bad_notebook_is_a_warning_beside_a_survey_and_a_reason_without_one(students, task, tmp_path):
    """It takes nothing away from what the survey shows."""
    (ana,) = students(1)
    bad = tmp_path / "bad.ipynb"
    bad.write_text("{")

    beside = grade_one(task(replace(ana, notebooks=(bad,))))
    alone = grade_one(task(Entry("cy", "Cy", notebooks=(bad,))))

    assert isinstance(beside, Graded)
    assert beside.result.score.earned == Decimal(90)
    assert beside.result.warnings[-1].startswith("bad.ipynb: ")
    assert isinstance(alone, Trouble)
    assert "bad.ipynb" in alone.text


def test_a_missing_or_broken_survey_is_trouble_in_its_own_words(task, tmp_path):
    """With the file's name, and what to do; the grader's folders are nobody's business."""
    broken = tmp_path / "broken.json"
    broken.write_text("{")

    found = [grade_one(task(Entry("cy", "Cy", SurveyAccess(file)))) for file in (tmp_path / "none.json", broken)]

    assert [type(one) for one in found] == [Trouble, Trouble]
    assert [one.cause for one in found] == [Cause.ACCESS, Cause.ACCESS]
    assert found[0].text.startswith("none.json: cannot be read")
    assert found[1].text.startswith("broken.json: is truncated")


def test_a_survey_that_is_to_come_is_trouble(task, good, tmp_path):
    """It would win over every later look; a clock that is a little fast is nobody's fault."""
    now = dt.datetime.now(dt.UTC)
    for name, ahead in (("fast", 1), ("to-come", 60)):
        survey_file.save(replace(good, surveyed_at=now + dt.timedelta(minutes=ahead)), tmp_path / f"{name}.json")

    fast, to_come = (
        grade_one(task(Entry("cy", "Cy", SurveyAccess(tmp_path / f"{name}.json")))) for name in ("fast", "to-come")
    )

    assert isinstance(fast, Graded)
    assert isinstance(to_come, Trouble)
    assert (to_come.cause, "which is to come" in to_come.text) == (Cause.ACCESS, True)


def test_a_fault_of_our_own_is_trouble_with_its_traceback_in_the_log(students, task, monkeypatch, caplog):
    """Nothing of it reaches another student."""
    (ana,) = students(1)
    monkeypatch.setattr(work, "grade", lambda *_, **__: 1 / 0)

    found = grade_one(task(ana))

    assert isinstance(found, Trouble)
    assert (found.cause, "ZeroDivisionError" in found.text) == (Cause.SKYMARK, True)
    assert "ZeroDivisionError" in caplog.text


def test_ctrl_c_passes(students, task, monkeypatch):
    """It is nobody's trouble."""
    (ana,) = students(1)

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(work, "grade", interrupted)

    with pytest.raises(KeyboardInterrupt):
        grade_one(task(ana))


def test_a_student_s_own_due_time_goes_before_the_class_s(students, task, terms):
    """Each is resolved as of the look."""
    (ana,) = students(1)
    given = replace(task(ana), terms=replace(terms, times=Times(due=moment("2019-07-01T18:30Z"))))

    theirs = grade_one(replace(given, entry=replace(ana, due=moment("2019-07-02T18:30Z"))))
    others = grade_one(given)

    assert theirs.result.due.isoformat() == "2019-07-02T18:30:00+00:00"
    assert others.result.due.isoformat() == "2019-07-01T18:30:00+00:00"


def test_what_was_proved_in_another_account_does_not_count(students, task, empty, tmp_path):
    """Teardown passes for who is known to have had an endpoint there, and for nobody else."""
    survey_file.save(empty, tmp_path / "empty.json")
    cy = Entry("cy", "Cy", SurveyAccess(tmp_path / "empty.json"))
    proved = replace(task(cy), proved=frozenset({"endpoint.in_service"}))

    here = grade_one(replace(proved, account=empty.identity.account))
    elsewhere = grade_one(replace(proved, account="999999999999"))

    assert outcomes(here)["teardown.endpoint"] != outcomes(elsewhere)["teardown.endpoint"]
    assert outcomes(elsewhere)["teardown.endpoint"] == "blocked"


def test_tasks_and_what_comes_back_travel_between_processes(students, task):
    """The same after a trip."""
    (ana,) = students(1)
    given = task(replace(ana, due=moment('"14:30 Europe/Berlin"'.strip('"'))))
    found = grade_one(given)

    assert pickle.loads(pickle.dumps(given)) == given  # noqa: S301 - our own
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301


def test_threads_judge_one_after_the_other_and_alike(students, task):
    """pytest in one process is not safe for threads."""
    tasks = [task(one) for one in students(6)]

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(grade_one, tasks * 3))

    assert [one.student for one in found] == [one.entry.student for one in tasks * 3]
    assert {one.result.score.earned for one in found} == {Decimal(90)}
    assert all(set(outcomes(one).values()) == {"passed", "pending"} for one in found)


def test_an_account_is_shared_only_where_the_terms_say_so():
    """And never for a pair, whose work is one."""
    ana, pair = Entry("ana", "Ana"), Entry("bo", "Bo", pair="team 1")
    nobody, everybody, one = (Terms(Path(), shared=shared) for shared in (None, (), ("1",)))

    assert [terms.is_told_apart(ana, "1") for terms in (nobody, everybody, one)] == [False, True, True]
    assert [terms.is_told_apart(ana, "2") for terms in (nobody, everybody, one)] == [False, True, False]
    assert [terms.is_told_apart(pair, "1") for terms in (nobody, everybody, one)] == [False, False, False]
    assert not everybody.is_told_apart(ana, "")
