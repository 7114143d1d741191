"""Deciding about many at once: who is meant, what is left alone, and how it is taken back."""

from decimal import Decimal

import msgspec
import pytest

from skymark.errors import UsageError
from skymark.gradebook.asking import everyone, look_up, override
from skymark.gradebook.bulk import choice, undo, undo_lines, waive

ADA, BOB, EVE = "111111111111", "222222222222", "333333333333"
TRAINING = ["training.completed", "training.output"]


@pytest.fixture
def classroom(book, good, refused, of_student, graded):
    """Ada and Bob, whom a quota refused the training, and Eve, who has all of it but no log of Jupyter."""
    unlogged = msgspec.structs.replace(good, jupyter_logs=())
    for student, account, survey in (("ada", ADA, refused), ("bob", BOB, refused), ("eve", EVE, unlogged)):
        theirs = of_student(survey, account)
        book.record(graded(theirs), theirs, student=student)
    return book


def outcomes(book, who, *ids):
    """Outcome and points of some criteria of a student."""
    standing = look_up(book, who).standing
    found = (standing.criterion(id) for id in ids)
    return [(str(one.outcome), one.points) for one in found]


def changed(done):
    """Who gained by which criterion, and how much."""
    return [(one.who, one.before.id, one.gain) for one in done.changes]


def test_what_a_quota_refused_is_waived_for_all_whom_it_refused(classroom):
    """With what is blocked by it, if that is meant, too; nobody else is touched."""
    done = waive(classroom, choice(["training.*"], cause=["quota"]), reason="a quota", by="grace")

    assert changed(done) == [
        ("ada", "training.completed", 8),
        ("ada", "training.output", 3),
        ("bob", "training.completed", 8),
        ("bob", "training.output", 3),
    ]
    assert outcomes(classroom, "ada", *TRAINING) == [("waived", 8), ("waived", 3)]
    assert outcomes(classroom, "eve", *TRAINING) == [("passed", 8), ("passed", 3)]
    assert {(one.student, one.reason, one.by) for one in classroom.decisions()} == {
        ("ada", "a quota", "grace"),
        ("bob", "a quota", "grace"),
    }


def test_what_hangs_on_it_and_is_not_meant_is_told(classroom):
    """It is not blocked any more, and nobody saw it."""
    done = waive(classroom, choice(["training.*"], students=["ada"], cause=["quota"]), reason="a quota")

    assert done.opened == tuple(
        ("ada", id) for id in ("endpoint.in_service", "endpoint.prediction", "teardown.endpoint")
    )


def test_what_a_quota_refused_is_waived_after_the_bell_too(book, refused, graded):
    """Then it is unverified, not pending."""
    book.record(graded(refused, final=True), refused, student="ada")

    done = waive(book, choice(["training.*", "endpoint.*"], outcome=["unverified"], cause=["quota"]), reason="a quota")

    assert [one.before.id for one in done.changes] == [*TRAINING, "endpoint.in_service", "endpoint.prediction"]
    assert {str(one.before.outcome) for one in done.changes} == {"unverified"}


def test_logs_that_never_arrived_are_waived_for_the_class(classroom):
    """Whoever's log did, keeps what it shows."""
    done = waive(classroom, choice(["notebook.*"], cause=["records"]), reason="no logs that day")

    assert {one.who for one in done.changes} == {"eve"}
    assert [one.before.id for one in done.changes] == ["notebook.created", "notebook.executed", "notebook.uploaded"]


def test_what_has_passed_advice_and_single_decisions_are_left_alone(classroom):
    """Even if everybody and everything is meant."""
    override(classroom, "eve", "notebook.created", points="2", reason="half of it")

    done = waive(classroom, choice(["*"], everybody=True), reason="the building burned down")

    before = {str(one.before.outcome) for one in done.changes}
    assert before == {"pending", "blocked", "unverified"}
    assert "teardown.tidy" not in {one.before.id for one in done.changes}
    assert outcomes(classroom, "eve", "notebook.created") == [("waived", 2)]
    assert {one.score.earned for one in everyone(classroom)} == {100, 97}


def test_a_second_time_there_is_nothing_to_decide(classroom):
    """It can be run again without harm."""
    chosen = choice(["training.*"], cause=["quota"])
    waive(classroom, chosen, reason="a quota")
    before = classroom.decisions()

    assert waive(classroom, chosen, reason="a quota").changes == ()
    assert classroom.decisions() == before


def test_a_dry_run_tells_the_same_and_writes_nothing(classroom):
    """Not a row."""
    chosen = choice(["training.*"], cause=["quota"])

    dry = waive(classroom, chosen, reason="a quota", by="grace", keep=False)

    assert classroom.decisions() == ()
    assert changed(dry) == changed(waive(classroom, chosen, reason="a quota", by="grace"))


def test_points_are_for_each_and_fit_each_or_nothing_is_decided(classroom):
    """One transaction."""
    chosen = choice(["training.*"], cause=["quota"])
    with pytest.raises(UsageError, match=r"training.output is worth 3"):
        waive(classroom, chosen, reason="a quota", points="5")
    assert classroom.decisions() == ()

    waive(classroom, chosen, reason="a quota", points="1.5")
    assert outcomes(classroom, "bob", *TRAINING) == [("waived", Decimal("1.5"))] * 2


def test_a_bulk_is_taken_back_by_its_reason(classroom):
    """Single decisions stay, and all is as it was before."""
    before = everyone(classroom)
    override(classroom, "eve", "notebook.created", points="2", reason="half of it")
    chosen = choice(["training.*"], cause=["quota"])
    done = waive(classroom, chosen, reason="a  quota")

    undone = undo(classroom, choice(["*"], students=["*"]), because="a quota", reason="it was none", by="grace")

    assert changed(undone) == [(who, id, -gain) for who, id, gain in changed(done)]
    assert everyone(classroom)[:2] == before[:2]
    assert outcomes(classroom, "eve", "notebook.created") == [("waived", 2)]
    assert list(undo_lines(chosen, done)) == [
        "grade.py gradebook undo '*' 'training.*' --decided 'a quota' --reason TEXT"
    ]


def test_only_what_is_named_is_taken_back(classroom):
    """Of a bulk, too; and a dry run takes nothing back."""
    waive(classroom, choice(["training.*"], cause=["quota"]), reason="a quota")

    undo(classroom, choice(["*"], students=["*"]), because="a quota", reason="no", keep=False)
    undo(classroom, choice(["training.output"], students=["a*"]), because="a quota", reason="no")

    assert outcomes(classroom, "ada", "training.completed") == [("waived", 8)]
    assert outcomes(classroom, "ada", "training.output")[0][0] == "unverified"
    assert outcomes(classroom, "bob", *TRAINING) == [("waived", 8), ("waived", 3)]


def test_a_reason_that_nothing_was_decided_for_is_told(classroom):
    """With those that there are."""
    waive(classroom, choice(["training.*"], cause=["quota"]), reason="a quota")

    with pytest.raises(UsageError, match=r'no override in force has this reason. There are: "a quota"'):
        undo(classroom, choice(["*"], students=["*"]), because="a quotum", reason="no")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Say whom you mean"),
        ({"outcome": ["passed"]}, "has passed or was decided"),
        ({"outcome": ["unverfied"]}, 'no such outcome. Did you mean "unverified"'),
        ({"cause": ["quota,record"]}, 'no such cause. Did you mean "records"'),
        ({"everybody": True, "students": ["ada"]}, "give one of them"),
    ],
)
def test_who_is_meant_has_to_be_said(given, words):
    """In words that there are."""
    with pytest.raises(UsageError, match=words):
        choice(["training.*"], **given)


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        (choice(["training.*"], students=["adda"]), r'nobody is called "adda". Did you mean "ada"'),
        (choice(["trainin.*"], everybody=True), r'"trainin.\*"'),
        (choice(["*"], students=["zoe*"]), r'nobody is called "zoe\*"'),
    ],
)
def test_a_name_that_fits_nobody_or_nothing_is_told(classroom, chosen, words):
    """Nothing is decided about the others."""
    with pytest.raises(UsageError, match=words):
        waive(classroom, chosen, reason="x")
    assert classroom.decisions() == ()


def test_a_class_is_not_decided_about_with_another_rubrics(classroom, refused, lesson):
    """Whoever means one has to say which."""
    from skymark.grading import grade
    from skymark.rubric_file import load_rubric

    classroom.record(grade(refused, load_rubric(lesson, "learner-lab"), lesson), refused, student="dan")
    chosen = choice(["training.*"], cause=["quota"])

    with pytest.raises(UsageError, match=r"several rubrics: learner-lab, sagemaker-intro. Name one with --rubric"):
        waive(classroom, chosen, reason="x")
    assert classroom.decisions() == ()
    waive(classroom, chosen, reason="x", rubric="learner-lab")
    assert {one.student for one in classroom.decisions()} == {"dan"}


def test_only_students_of_a_class_are_meant(classroom):
    """If there is one; the book may hold others."""
    chosen = choice(["training.*"], cause=["quota"], among=["bob", "eve"])

    assert {one.who for one in waive(classroom, chosen, reason="x").changes} == {"bob"}
