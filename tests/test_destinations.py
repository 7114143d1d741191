"""Where the reports of one grading go."""

import datetime as dt
import json
import os
import stat

import pytest
from msgspec.structs import replace

from skymark import destinations
from skymark.destinations import STDOUT, Destinations
from skymark.errors import UsageError
from skymark.grading import grade
from skymark.outcome import Outcome
from skymark.rubric_file import load_rubric
from skymark.score import score_of
from skymark.submission import Submission

SUBMISSION = Submission(
    *("cloud-101", "sagemaker-intro", "individual", "ada", "submit/x", "https://c", "https://r", "https://c"),
    committed_at=dt.datetime(2026, 11, 24, 10, 0, tzinfo=dt.UTC),
)


@pytest.fixture
def complete(torn_down, lesson):
    """Graded to the end."""
    result = grade(torn_down, load_rubric(lesson, "sagemaker-intro"), lesson)
    criteria = tuple(one for one in result.criteria if one.outcome is not Outcome.UNVERIFIED)
    return replace(result, criteria=criteria, score=score_of(criteria))


@pytest.fixture
def incomplete(denied, good, lesson):
    """Something could not be seen, and it is final."""
    blind = denied(replace(good, training_jobs=()), "sagemaker", "ListTrainingJobs", "us-east-1")
    result = grade(blind, load_rubric(lesson, "sagemaker-intro"), lesson, final=True)
    assert not result.score.complete
    return result


@pytest.fixture
def to(tmp_path, monkeypatch):
    """Marks for Gradescope and for Classroom 50, which says whose they are."""
    monkeypatch.setattr(destinations, "_submission", lambda: SUBMISSION)
    return Destinations(gradescope=tmp_path / "results.json", classroom50=tmp_path / "result.json")


def test_a_complete_grading_gives_its_marks(to, complete):
    """And there is nothing to warn of."""
    to.refuse_unwritable()

    assert to.write(complete) == ()
    assert json.loads(to.gradescope.read_text())["extra_data"]["needs_regrade"] is False
    assert json.loads(to.classroom50.read_text())["owner"] == "ada"


def test_a_mark_that_is_withheld_leaves_no_file_nor_an_older_one(to, incomplete):
    """It would be taken for the mark."""
    to.gradescope.write_text("{}")
    to.classroom50.write_text("{}")

    said = to.write(incomplete)

    assert not to.gradescope.exists()
    assert not to.classroom50.exists()
    assert [line.split(": ")[0] for line in said] == [str(to.gradescope), str(to.classroom50)]
    assert "could not be checked" in said[0]


def test_what_is_written_for_people_is_its_owners_only(to, complete, tmp_path):
    """Gradescope and Classroom 50 collect theirs, whoever they run as."""
    names = ("result.json", "report.html", "junit.xml")
    own = Destinations(*(tmp_path / "own" / name for name in names))
    before = os.umask(0o022)

    own.write(complete)
    to.write(complete)

    os.umask(before)
    assert {_mode(tmp_path / "own" / name) for name in names} == {0o600}
    assert _mode(tmp_path / "own") == 0o700
    assert {_mode(one) for one in (to.gradescope, to.classroom50)} == {0o644}


def _mode(file):
    return stat.S_IMODE(file.stat().st_mode)


def test_an_interim_grading_shows_a_student_what_counts_so_far(to, incomplete):
    """Gradescope's page says that it is incomplete; Classroom 50 has no way to."""
    said = to.write(replace(incomplete, final=False))

    assert json.loads(to.gradescope.read_text())["output"].startswith("INCOMPLETE")
    assert [line.split(": ")[0] for line in said] == [str(to.classroom50)]


def test_older_marks_are_gone_before_anything_is_graded(to):
    """Whatever happens then; that there is none is no mistake."""
    to.gradescope.write_text("{}")

    to.remove_old_marks()
    to.remove_old_marks()

    assert not to.gradescope.exists()


def test_classroom_50_must_say_whose_submission_it_is(tmp_path, monkeypatch):
    """Before AWS is asked anything."""
    monkeypatch.delenv("CLASSROOM", raising=False)

    with pytest.raises(UsageError, match="CLASSROOM"):
        Destinations(classroom50=tmp_path / "result.json").refuse_unwritable()


def test_marks_do_not_go_to_standard_output():
    """Only the JSON does."""
    with pytest.raises(UsageError, match="Only --json can go to standard output"):
        Destinations(gradescope=STDOUT).refuse_unwritable()


def test_github_gets_annotations_and_a_summary_below_what_is_there(tmp_path, complete, capfdbinary, monkeypatch):
    """The summary is appended to."""
    step = tmp_path / "summary.md"
    step.write_text("# Before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(step))

    Destinations(github=True).write(complete)

    out = capfdbinary.readouterr().out.decode()
    assert out.startswith("::notice title=Skymark::")
    assert step.read_text("utf-8").startswith("# Before\n## Introduction to AWS SageMaker: ")


def test_annotations_leave_the_json_alone(complete, capfdbinary, monkeypatch):
    """The runner reads standard error, too; without a summary to write none is written."""
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)

    Destinations(json=STDOUT, github=True).write(complete)

    out, err = capfdbinary.readouterr()
    assert json.loads(out)["schema"] == "skymark/result/v1"
    assert err.decode().startswith("::notice title=Skymark::")


def test_a_summary_that_cannot_be_written_is_told(tmp_path, complete, monkeypatch):
    """In a line."""
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))

    with pytest.raises(UsageError, match="step's summary cannot be written"):
        Destinations(github=True).write(complete)
