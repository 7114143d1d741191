"""Surveys that a student handed in: what they show, when that counts, and what is none."""

import datetime as dt
import functools
import json
from decimal import Decimal

import msgspec
import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from skymark.checking import checked
from skymark.errors import SurveyFileError, UsageError
from skymark.evidence import HandedInNotebook
from skymark.gradebook.merge import Known, Proof, merge, proofs_of
from skymark.grading import grade
from skymark.handed_in import (
    LARGEST,
    HandedIn,
    Showing,
    accepting,
    noted,
    read_handed_in,
    refuse_unfit,
    showing,
    with_shown,
)
from skymark.next_step import completed
from skymark.outcome import Outcome, Source
from skymark.result import Criterion, RegionNames, Result, RubricName, Score, Subject
from skymark.rubric import Rubric, RubricCriterion
from skymark.rubric_file import load_rubric
from skymark.score import exit_status, points_of
from skymark.survey_file import save
from skymark.window import ALWAYS, Window

NOON = dt.datetime(2025, 11, 24, 12, 0, tzinfo=dt.UTC)
LATER = dt.datetime(2019, 7, 1, 20, 0, tzinfo=dt.UTC)
WORTH = {"account.access": 1, "bucket.name": 6, "bucket.region": 4, "tidy.advice": 0, "teardown.instance": 6}
NEVER = ("account.access", "tidy.advice", "teardown.instance")
RUBRIC = Rubric(
    "small",
    "1",
    "A small lesson",
    tuple(RubricCriterion(id, f"About {id}", "All", Decimal(points), "Do it.") for id, points in WORTH.items()),
)
BY_AWS = (Source.LIVE, Source.TRACE)
FORGED = "It is self-reported and can be forged: it counts only with --accept-handed-in."


def criterion(id, outcome, message="found", source=Source.LIVE, blocked_by=None):
    """One criterion as a check judges it."""
    possible = Decimal(WORTH[id])
    points = points_of(outcome, possible)
    return Criterion(id, f"About {id}", outcome, points, possible, message, blocked_by=blocked_by, source=source)


def result(*criteria):
    """A result with nothing in it but criteria."""
    whole = Result(
        rubric=RubricName("small", "1", "A small lesson"),
        subject=Subject("123456789012", "arn:aws:iam::123456789012:user/student"),
        region="us-east-1",
        surveyed_at=NOON,
        final=False,
        score=Score(Decimal(0), Decimal(0), Decimal(0), True),
        criteria=criteria,
        leftovers=(),
        hourly_usd=Decimal(0),
        unpriced=0,
        regions=RegionNames(("us-east-1",), (), ()),
        chain=(),
        next=None,
        gaps=(),
    )
    return completed(whole, RUBRIC)


@st.composite
def results(draw):
    """Any result that a check may give: what is blocked is blocked by something before it that is not met."""
    criteria = []
    for id in WORTH:
        outcome = draw(st.sampled_from([one for one in Outcome if one is not Outcome.WAIVED]))
        unmet = [one.id for one in criteria if one.outcome in (Outcome.PENDING, Outcome.FAILED)]
        if outcome is Outcome.BLOCKED and not unmet:
            outcome = Outcome.PENDING
        blocker = draw(st.sampled_from(unmet)) if outcome is Outcome.BLOCKED else None
        source = draw(st.sampled_from([*BY_AWS, Source.HANDED_IN, None]))
        criteria.append(criterion(id, outcome, draw(st.sampled_from(["a", "b"])), source, blocker))
    return result(*criteria)


@st.composite
def showings(draw):
    """What up to three surveys show that were handed in."""
    sources = st.sampled_from([*BY_AWS, Source.HANDED_IN, None])
    shown = []
    for number in range(draw(st.integers(0, 3))):
        at = NOON - dt.timedelta(hours=draw(st.integers(0, 3)))
        ids = draw(st.sets(st.sampled_from(sorted(WORTH))))
        shown.append(Showing(f"{number}.json", at, tuple(Proof(id, at, "seen", draw(sources)) for id in sorted(ids))))
    return tuple(shown)


@pytest.fixture(scope="module")
def rubric(lesson):
    """The lesson's own rubric."""
    return load_rubric(lesson, "sagemaker-intro")


@pytest.fixture
def graded(lesson, rubric):
    """Grade a survey by itself."""

    def run(survey, **options):
        return grade(survey, rubric, lesson, **options)

    return run


@pytest.fixture
def accepted(graded, rubric):
    """Grade a survey where one that was handed in counts."""
    return lambda own, theirs: accepting(graded, (showing(HandedIn("ada.json", theirs), graded),), rubric)(own)


@pytest.fixture
def check(graded, rubric, tmp_path):
    """Check an account as `grade.py check` does, with one gradebook for all."""

    def run(own, *theirs, window=ALWAYS, only=()):
        whole = functools.partial(graded, window=window)
        return checked(
            own,
            functools.partial(whole, only=only),
            whole,
            rubric,
            window,
            handed_in=tuple(HandedIn("ada.json", one) for one in theirs),
            accept=True,
            book=None if only else tmp_path / "book.sqlite3",
            warn=pytest.fail,
        )

    return run


def outcomes(of):
    """Outcomes by criterion."""
    return {one.id: str(one.outcome) for one in of.criteria}


@given(results(), showings())
def test_no_point_is_lost(own, shown):
    """Not of the whole, and not of a criterion; what passed by itself stays as it is."""
    merged = with_shown(own, shown, RUBRIC)

    assert merged.score.earned >= own.score.earned
    for before, after in zip(own.criteria, merged.criteria, strict=True):
        assert (after.points or 0) >= (before.points or 0)
        if before.outcome is Outcome.PASSED:
            assert after == before


@given(results(), showings())
def test_the_same_once_more_changes_nothing(own, shown):
    """Whatever was handed in."""
    once = with_shown(own, shown, RUBRIC)

    assert with_shown(once, shown, RUBRIC) == once


@given(results(), showings())
def test_teardown_access_and_advice_are_never_taken_over(own, shown):
    """Those are judged by the own look; they are unblocked at most."""
    merged = with_shown(own, shown, RUBRIC)

    for before, after in zip(own.criteria, merged.criteria, strict=True):
        if before.id in NEVER:
            assert after == before or (before.outcome, after.outcome) == (Outcome.BLOCKED, Outcome.UNVERIFIED)


@given(results(), showings())
def test_exactly_what_aws_does_not_show_to_be_wrong_is_taken_over(own, shown):
    """With its source; everything else that is shown stays what it was."""
    merged = with_shown(own, shown, RUBRIC)

    theirs = {proof.criterion for one in shown for proof in one.proofs}
    for before, after in zip(own.criteria, merged.criteria, strict=True):
        if before.id not in theirs or before.id in NEVER or before.outcome is Outcome.PASSED:
            continue
        if before.outcome is Outcome.FAILED and before.source in BY_AWS:
            assert (after.outcome, after.points, after.source) == (Outcome.FAILED, before.points, before.source)
            assert "it stays failed" in after.evidence[-1]
        else:
            assert (after.outcome, after.points, after.source) == ("passed", after.possible, Source.HANDED_IN)


@given(results(), showings())
def test_without_acceptance_nothing_changes_but_the_warnings(own, shown):
    """One for each file; neither points nor the exit status."""
    told = noted(own, shown)

    assert replace(told, warnings=own.warnings) == own
    assert len(told.warnings) == len(own.warnings) + len(shown)
    assert exit_status(told) == exit_status(own)


@given(results(), showings(), st.lists(results(), max_size=3))
def test_what_earlier_checks_proved_comes_on_top(own, shown, before):
    """The gradebook takes no accepted point away, and changes nothing the second time."""
    by_hand = with_shown(own, shown, RUBRIC)
    known = Known(proofs_of(before))

    merged = merge(by_hand, known, RUBRIC)

    assert merged.score.earned >= by_hand.score.earned
    assert merge(merged, known, RUBRIC) == merged


def test_a_pass_says_from_where_and_what_the_own_look_says():
    """File, time, evidence; and what counts without it."""
    proof = Proof("bucket.name", NOON, "sagemaker-20190701-1820", Source.LIVE, ("bucket sagemaker-20190701-1820",))
    own = result(criterion("bucket.name", Outcome.FAILED, "no bucket", source=None))

    merged = with_shown(own, (Showing("ada.json", NOON, (proof,)),), RUBRIC)

    assert merged.criteria == (
        replace(
            criterion("bucket.name", Outcome.PASSED),
            message="sagemaker-20190701-1820, by ada.json, surveyed 2025-11-24 12:00 UTC",
            source=Source.HANDED_IN,
            evidence=(
                "self-reported: ada.json, surveyed 2025-11-24 12:00 UTC",
                "bucket sagemaker-20190701-1820",
                "by itself this check says failed: no bucket",
            ),
        ),
    )
    assert (merged.score.earned, merged.next, exit_status(merged)) == (6, None, 0)


def test_what_is_wrong_now_stays_failed_and_says_so():
    """What AWS shows is stronger than a file."""
    own = result(criterion("bucket.name", Outcome.FAILED, "my-bucket"))

    merged = with_shown(own, (Showing("ada.json", NOON, (Proof("bucket.name", NOON, "x", Source.LIVE),)),), RUBRIC)

    assert merged.criteria[0].evidence == (
        "self-reported: ada.json, surveyed 2025-11-24 12:00 UTC, shows it as passed; it stays failed, since AWS shows "
        "now that it is wrong",
    )
    assert merged.score.earned == 0


def test_of_several_the_strongest_evidence_counts_then_the_latest():
    """As of earlier checks."""
    trace, live, later = (
        Showing(name, at, (Proof("bucket.name", at, "x", source),))
        for name, at, source in (
            ("trace.json", NOON, Source.TRACE),
            ("live.json", NOON - dt.timedelta(hours=2), Source.LIVE),
            ("later.json", NOON - dt.timedelta(hours=1), Source.LIVE),
        )
    )

    merged = with_shown(result(criterion("bucket.name", Outcome.PENDING)), (trace, live, later), RUBRIC)

    assert merged.criteria[0].message == "x, by later.json, surveyed 2025-11-24 11:00 UTC"


def test_what_hangs_on_something_shown_is_not_blocked_any_more():
    """And not passed either: nobody saw it."""
    own = result(
        criterion("bucket.name", Outcome.PENDING),
        criterion("bucket.region", Outcome.BLOCKED, blocked_by="bucket.name"),
    )

    merged = with_shown(own, (Showing("ada.json", NOON, (Proof("bucket.name", NOON, "x", Source.LIVE),)),), RUBRIC)

    assert outcomes(merged) == {"bucket.name": "passed", "bucket.region": "unverified"}
    assert merged.criteria[1].message == (
        "cannot be judged now: bucket.name was shown by what was handed in, and what this would be judged by is not "
        "there any more"
    )


def test_the_warning_tells_what_it_would_show():
    """What counts already, or may not count, is not in it."""
    proofs = tuple(Proof(id, NOON, "x", Source.LIVE) for id in WORTH)
    own = result(
        criterion("account.access", Outcome.PASSED),
        criterion("bucket.name", Outcome.PENDING),
        criterion("bucket.region", Outcome.UNVERIFIED),
        criterion("teardown.instance", Outcome.PENDING),
    )
    wrong = result(criterion("bucket.name", Outcome.FAILED))

    shown = Showing("ada.json", NOON, proofs)

    assert noted(own, (shown,)).warnings == (
        f"ada.json, surveyed 2025-11-24 12:00 UTC, would show: bucket.name, bucket.region (10 points). {FORGED}",
    )
    assert noted(wrong, (shown,)).warnings == (
        "ada.json, surveyed 2025-11-24 12:00 UTC, shows nothing that could count besides. It is self-reported.",
    )


def test_a_lesson_that_left_no_trace_is_shown_by_a_survey_of_before(good, empty, accepted, graded):
    """All of it; and nothing is left now, so that it was torn down, too."""
    alone, merged = graded(empty), accepted(empty, good)

    assert (alone.score.earned, merged.score.earned, merged.score.complete) == (1, 100, True)
    by_hand = {one.id for one in merged.criteria if one.source is Source.HANDED_IN}
    assert {id for id in outcomes(alone) if not id.startswith(("teardown.", "account."))} == by_hand
    teardown = [one for one in merged.criteria if one.id in ("teardown.instance", "teardown.endpoint")]
    assert [(str(one.outcome), one.source) for one in teardown] == [("passed", Source.LIVE)] * 2


def test_a_survey_from_after_the_teardown_tears_down_nothing(good, torn_down, accepted, graded):
    """What is there now is left behind, whatever was handed in."""
    assert outcomes(graded(torn_down))["teardown.instance"] == "passed"

    assert accepted(good, torn_down) == graded(good)


def test_what_the_own_look_finds_wrong_is_not_mended_by_a_file(good, changed, accepted, graded):
    """The instance is there, with another type."""
    wrong = changed(good, "notebook_instances", instance_type="ml.p3.2xlarge")

    merged = accepted(wrong, good)

    assert outcomes(merged) == outcomes(graded(wrong))
    assert outcomes(merged)["instance.type"] == "failed"


def test_notebooks_inside_count_like_the_rest(good, empty, accepted):
    """They were handed in with it."""
    notebook = HandedInNotebook("mine.ipynb", "conda_python3", 3, 2)
    theirs = msgspec.structs.replace(empty, notebooks=(notebook,))

    merged = accepted(empty, theirs)

    passed = {one.id: one.message for one in merged.criteria if one.source is Source.HANDED_IN}
    assert passed == {
        "notebook.created": "mine.ipynb, by ada.json, surveyed 2019-07-01 19:00 UTC",
        "notebook.executed": "code cells of mine.ipynb that were run: 2 of 3, by ada.json, surveyed "
        "2019-07-01 19:00 UTC",
    }


THAT_DAY = dt.datetime(2019, 7, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("window", "later"),
    [
        (ALWAYS, ALWAYS),
        (Window(since=THAT_DAY), Window(since=THAT_DAY)),
        (Window(since=THAT_DAY), Window(since=THAT_DAY + dt.timedelta(minutes=10))),  # as --since 3h moves on
    ],
)
def test_what_was_accepted_once_counts_in_later_checks(window, later, good, empty, check):
    """It is recorded as handed in, and later said to have been."""
    first = check(empty, good, window=window)
    second = check(msgspec.structs.replace(empty, surveyed_at=LATER), window=later)

    assert (first.score.earned, second.score.earned) == (100, 100)
    (name,) = [one for one in second.criteria if one.id == "bucket.name"]
    assert (name.source, name.message) == (
        Source.EARLIER,
        "sagemaker-20190701-1820, by ada.json, surveyed 2019-07-01 19:00 UTC, handed in by 2019-07-01 19:00 UTC",
    )


def test_a_part_of_the_criteria_is_shown_by_the_whole(good, empty, check):
    """What was there was torn down, whichever criteria are asked for."""
    result = check(empty, good, only=("teardown.instance",))

    assert outcomes(result) == {"teardown.instance": "passed"}


def test_earlier_checks_are_not_judged_by_what_is_handed_in_now(good, empty, changed, check):
    """Or what is wrong now would pass by the back door: as proved by a check that saw nothing."""
    window = Window(since=dt.datetime(2019, 7, 1, tzinfo=dt.UTC))
    check(msgspec.structs.replace(empty, buckets=good.buckets))
    wrong = changed(good, "notebook_instances", instance_type="ml.p3.2xlarge")

    second = check(msgspec.structs.replace(wrong, surveyed_at=LATER), good, window=window)

    assert outcomes(second)["instance.type"] == "failed"


def test_one_of_another_account_is_refused(good):
    """Both accounts are named."""
    theirs = msgspec.structs.replace(good, identity=msgspec.structs.replace(good.identity, account="999999999999"))

    with pytest.raises(UsageError, match=r"bob\.json: is of account 999999999999, and this is 123456789012"):
        refuse_unfit((HandedIn("bob.json", theirs),), good)


def test_one_of_the_future_is_refused_unless_clocks_differ(good):
    """As seen from when the account itself was looked at."""
    skewed, later = (
        msgspec.structs.replace(good, surveyed_at=good.surveyed_at + dt.timedelta(minutes=n)) for n in (4, 6)
    )

    refuse_unfit((HandedIn("ada.json", skewed),), good)
    with pytest.raises(UsageError, match=r"surveyed 2019-07-01 19:06 UTC, after this account was looked at"):
        refuse_unfit((HandedIn("ada.json", later),), good)


def test_one_that_is_fine_is_read(good, tmp_path):
    """By its name alone: where it lies is nobody's business."""
    save(good, tmp_path / "ada.json")

    assert read_handed_in(tmp_path / "ada.json") == HandedIn("ada.json", good)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not json", "no JSON"),
        ("{}", "no survey"),
        ('{"schema": "skymark/survey/v9"}', "of the version"),
        ('{"schema": "skymark/result/v1"}', "of the version"),
        (nbformat.writes(nbformat.v4.new_notebook()), "It is a notebook: hand it in with --notebook."),
    ],
)
def test_what_is_no_survey_is_one_clear_line(text, words, tmp_path):
    """It names the file and says what it is."""
    path = tmp_path / "ada.json"
    path.write_text(text)

    with pytest.raises(SurveyFileError) as error:
        read_handed_in(path)

    assert str(error.value).startswith(f"{path}: ")
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_file_a_folder_and_one_too_large_are_one_clear_line(tmp_path):
    """What is too large is not even read."""
    with pytest.raises(SurveyFileError, match="No such file"):
        read_handed_in(tmp_path / "missing.json")
    with pytest.raises(SurveyFileError, match="cannot be read"):
        read_handed_in(tmp_path)
    with (tmp_path / "large.json").open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(SurveyFileError, match="larger than 50 MiB"):
        read_handed_in(tmp_path / "large.json")


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00-05:00"])
def test_a_time_that_cannot_be_is_refused(good, tmp_path, time):
    """A file that anybody may have written must not bring the grading down."""
    path = tmp_path / "ada.json"
    save(good, path)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"surveyed_at": time}))

    with pytest.raises(SurveyFileError, match="a time that cannot be"):
        read_handed_in(path)
