"""What teaching assistants ask and decide."""

import datetime as dt
from decimal import Decimal

import msgspec
import pytest

from skymark.errors import GradebookError, UsageError
from skymark.gradebook.asking import everyone, look_up, open_to_ask, override, refuse_undecided, undo
from skymark.outcome import Outcome

from .conftest import NOON

ACCOUNT = "123456789012"


@pytest.fixture
def checked(book, good, torn_down, graded):
    """The good account, checked before and after the teardown."""
    book.record(graded(good), good, student="Ada")
    book.record(graded(torn_down, hours=2), torn_down)
    return book


def of(book, id="bucket.name"):
    """Outcome and points of a criterion, as they stand."""
    one = look_up(book, ACCOUNT).standing.criterion(id)
    return (str(one.outcome), one.points)


def test_an_account_stands_as_its_last_check_with_the_best_of_all(checked):
    """Whoever the student was once said to be, and however many checks there were."""
    standing = look_up(checked, "1234-5678-9012").standing

    assert (standing.account, standing.student, standing.attempts) == (ACCOUNT, "Ada", 2)
    assert (standing.surveyed_at, standing.final) == (NOON + dt.timedelta(hours=2), False)
    assert (standing.score.earned, standing.score.complete) == (100, True)
    assert everyone(checked) == (standing,)


def test_an_account_that_is_not_known_is_told_with_the_nearest(checked):
    """Or with those that there are."""
    with pytest.raises(UsageError, match=r'"123456789021" is recorded. Did you mean "123456789012"'):
        look_up(checked, "123456789021")
    with pytest.raises(UsageError, match=r'"ada" is recorded. Did you mean "Ada"'):
        look_up(checked, "ada")
    with pytest.raises(UsageError, match=r'rubric "sagemaker" is recorded. Did you mean "sagemaker-intro"'):
        look_up(checked, ACCOUNT, "sagemaker")
    with pytest.raises(UsageError, match=r'rubric "x" is recorded. There are: sagemaker-intro'):
        everyone(checked, "x")


def test_of_many_accounts_ten_are_listed(book, good, graded):
    """A class does not fit into a line."""
    for number in range(12):
        identity = msgspec.structs.replace(good.identity, account=f"{number:012}")
        result = graded(msgspec.structs.replace(good, identity=identity), only=("account.access",))
        book.record(result, good)

    with pytest.raises(UsageError, match="000000000009, and 2 more"):
        look_up(book, "ada")


def test_an_empty_book_says_so(book):
    """Nobody is looked for in it."""
    for ask in (lambda: look_up(book, ACCOUNT), lambda: everyone(book)):
        with pytest.raises(UsageError, match="nothing is recorded yet"):
            ask()


def test_a_criterion_that_is_not_known_is_told_with_the_nearest(checked):
    """For an override and for an undo."""
    for decide in (override, undo):
        more = {"points": "1"} if decide is override else {}
        with pytest.raises(UsageError, match=r'"bucket.nam". Did you mean "bucket.name"'):
            decide(checked, ACCOUNT, "bucket.nam", reason="x", **more)
    assert checked.decisions() == ()


def test_an_override_counts_and_is_taken_back(checked):
    """It says what counted until then, and an undo brings that back."""
    said = override(checked, ACCOUNT, "bucket.name", points="2.50", reason=" by\n hand ", by="ada", at=NOON)

    assert said == "123456789012 bucket.name: passed with 6 until now, now waived with 2.5: by hand (ada)"
    assert of(checked) == ("waived", Decimal("2.50"))
    one = look_up(checked, ACCOUNT).standing.overrides[0]
    assert (one.by, one.at, one.reason) == ("ada", NOON, "by hand")
    assert (one.replaced_outcome, one.replaced_points) == (Outcome.PASSED, 6)

    assert undo(checked, ACCOUNT, "bucket.name", reason="misread", by="bob") == (
        "123456789012 bucket.name: waived with 2.5 until now, passed with 6 again: misread (bob)"
    )
    assert of(checked) == ("passed", 6)
    with pytest.raises(UsageError, match="no override to take back"):
        undo(checked, ACCOUNT, "bucket.name", reason="again")


def test_a_second_override_replaces_the_first(checked):
    """And says so; an undo of it brings the first back."""
    override(checked, ACCOUNT, "bucket.name", points="2", reason="a")
    override(checked, ACCOUNT, "bucket.name", points="3", reason="b")

    last = checked.decisions()[-1]
    assert (last.replaced_outcome, last.replaced_points) == (Outcome.WAIVED, 2)
    undo(checked, ACCOUNT, "bucket.name", reason="c")
    assert of(checked) == ("waived", 2)


def test_waived_without_points_is_all_of_them(checked):
    """Of what the criterion is worth."""
    override(checked, ACCOUNT, "bucket.region", points=None, reason="a quota")

    assert of(checked, "bucket.region") == ("waived", 4)


def test_an_override_replaces_something_unverified(book, torn_down, graded):
    """Which had no points, rather than 0."""
    book.record(graded(torn_down), torn_down)

    said = override(book, ACCOUNT, "instance.type", points="4", reason="shown in class", by="ada")

    assert "unverified until now, now waived with 4" in said
    assert book.decisions()[0].replaced_points is None


@pytest.mark.parametrize("points", ["-1", "6.01", "1.001", "NaN", "Infinity", "six", "", "1e99999999", "1e-99999999"])
def test_points_are_from_nothing_to_all(checked, points):
    """With at most two decimals."""
    with pytest.raises(UsageError, match=r"bucket.name is worth 6. Give a number from 0 to 6"):
        override(checked, ACCOUNT, "bucket.name", points=points, reason="x")
    assert checked.decisions() == ()


@pytest.mark.parametrize("empty", ["", " ", "\n\t"])
def test_reason_and_name_say_something(checked, empty):
    """Nothing is decided without."""
    for wrong in ({"reason": empty}, {"reason": "x", "by": empty}):
        with pytest.raises(UsageError, match="must say something"):
            override(checked, ACCOUNT, "bucket.name", points="1", **wrong)
    assert checked.decisions() == ()


def test_who_decides_is_whoever_is_signed_in(checked, monkeypatch):
    """Or has to be said, where the computer does not know."""
    monkeypatch.setattr("getpass.getuser", lambda: "grace")
    override(checked, ACCOUNT, "bucket.name", points="1", reason="x")
    assert checked.decisions()[0].by == "grace"

    def nobody():
        raise KeyError("getpwuid(): uid not found: 1234")

    monkeypatch.setattr("getpass.getuser", nobody)
    with pytest.raises(UsageError, match="add --by NAME"):
        override(checked, ACCOUNT, "bucket.name", points="1", reason="x")


def test_something_has_to_be_decided():
    """So many points, or waived; other outcomes are for checks to find."""
    refuse_undecided("1", None)
    refuse_undecided(None, "waived")
    for points, outcome in ((None, None), ("1", "passed")):
        with pytest.raises(UsageError, match="--points N"):
            refuse_undecided(points, outcome)


def test_overrides_are_of_one_rubric(checked, good, lesson, graded):
    """An account graded by two rubrics stands by each of them."""
    from skymark.grading import grade
    from skymark.rubric_file import load_rubric

    later = msgspec.structs.replace(good, surveyed_at=NOON + dt.timedelta(hours=5))
    checked.record(grade(later, load_rubric(lesson, "learner-lab"), lesson), later)
    override(checked, ACCOUNT, "bucket.name", points="0", reason="x", rubric="sagemaker-intro")

    assert [(one.rubric.id, str(one.criterion("bucket.name").outcome)) for one in everyone(checked)] == [
        ("learner-lab", "passed"),
        ("sagemaker-intro", "waived"),
    ]
    assert look_up(checked, ACCOUNT).standing.rubric.id == "learner-lab"


def test_a_file_that_is_no_gradebook_is_not_asked(file):
    """It is told and stays as it is; an export must not be overwritten by an empty one."""
    file.parent.mkdir()
    file.write_text("damaged")

    for _ in range(2):
        with pytest.raises(GradebookError, match="is no gradebook"):
            open_to_ask(file)
    assert file.read_text() == "damaged"
