"""What a class missed most, and an example of it; anonymous, it tells of nobody."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skymark.cohort.missed import CROWD, ELLIPSIS, chosen_names, most_missed, shape
from skymark.cohort.standing_of_class import Member
from skymark.cohort.work import grade_one
from skymark.evidence import Survey
from skymark.export.row import ClassRow
from skymark.gradebook.standing import standings
from skymark.roster.entry import Entry, SurveyAccess
from skymark.survey_file import save
from tests.cohort.members import criterion, member, view

WORDS = st.text(st.characters(categories=("Lu", "Ll"), max_codepoint=0x24F), min_size=1, max_size=12)
ROLE_OF = "The role of {} may do anything."


def failed(student, message, **more):
    """Somebody who failed a criterion."""
    return member(student, criterion(outcome="failed", message=message), **more)


def test_the_most_missed_come_first_and_what_nobody_missed_is_left_out():
    """What is blocked and pending is missed as well; then they are in rubric order."""
    ids = ("a", "b", "c", "d")
    outcomes = (("passed", "passed", "blocked", "passed"), ("failed", "passed", "pending", "unverified"))
    found = most_missed(
        view(
            *(
                member(f"s{number}", *map(criterion, ids, those))
                for number, those in enumerate((*outcomes, ("passed", "passed", "failed", "failed")))
            )
        )
    )

    assert [(one.id, one.missed, one.decided, one.unverified) for one in found] == [
        ("c", 3, 3, 0),
        ("a", 1, 3, 0),
        ("d", 1, 2, 1),
    ]


def test_whoever_is_not_told_apart_or_was_never_seen_missed_nothing():
    """Nobody knows whose work it is."""
    assert most_missed(view(failed("ana", "no", withheld="two in one account"), member("bo"))) == ()


def test_the_example_is_what_most_of_them_have_but_for_names_and_numbers():
    """Of those the commonest; it says how many are alike, and how many the same."""
    messages = ("ml.t2.large in us-east-1", "ml.t2.large in us-east-1", "ml.t3.medium in eu-west-1", "Not there.")

    (found,) = most_missed(view(*(failed(f"s{number}", text) for number, text in enumerate(messages))))

    assert (found.example, found.alike, found.same) == ("ml.t2.large in us-east-1", 3, 2)


def test_who_failed_shows_more_than_who_waits():
    """And who is blocked shows nothing."""
    waiting = [member(f"w{n}", criterion(outcome="pending", message="Creating.")) for n in range(3)]
    blocked = [member(f"b{n}", criterion(outcome="blocked", message="No bucket.")) for n in range(3)]

    (with_failed,), (without,), (alone,) = (
        most_missed(view(*those)) for those in ((*waiting, failed("ana", "Deleted.")), waiting, blocked)
    )

    assert (with_failed.example, without.example) == ("Deleted.", "Creating.")
    assert (alone.missed, alone.example, alone.alike) == (3, None, 0)


def test_the_order_of_the_students_changes_nothing():
    """Where two examples are as common, too."""
    class_ = [failed(f"s{number}", text) for number, text in enumerate(("One.", "Two.", "Two.", "One."))]

    assert most_missed(view(*class_)) == most_missed(view(*reversed(class_)))


@given(st.text())
def test_a_shape_has_no_numbers_and_is_its_own(text):
    """Numbers are of somebody."""
    found = shape(text)

    assert not any(char in "0123456789" for char in found)
    assert shape(found) == found
    assert len(found.split()) == len(text.split())


@given(WORDS, WORDS, st.integers(), st.integers())
def test_messages_that_differ_by_numbers_and_hyphens_have_one_shape(one, other, first, second):
    """Each name is replaced where it stands, with the marks around it."""
    messages = [f'It is "{name}-{number}", of {number}.' for name, number in ((one, first), (other, second))]

    assert shape(messages[0]) == shape(messages[1]) == f'It is "{ELLIPSIS}", of {ELLIPSIS}.'


@given(st.lists(WORDS, min_size=CROWD, max_size=8, unique=True), st.sampled_from(["{}", "{}-2", "arn:aws:iam::1:{}"]))
def test_anonymous_a_name_that_only_one_student_has_is_never_shown(names, written):
    """Whatever it looks like: a plain word, too."""
    class_ = [failed(f"s{number}", ROLE_OF.format(written.format(name))) for number, name in enumerate(names)]

    (found,) = most_missed(view(*class_), anonymous=True)

    assert set((found.example or "").split()) <= {*ROLE_OF.split(), ELLIPSIS}
    assert found.same == 0


@given(st.lists(st.sampled_from(["ana-1", "bo-2", "cy-3"]), min_size=1, max_size=12), st.integers(1, 4))
def test_anonymous_a_word_is_shown_only_if_it_stands_in_several_accounts(names, accounts):
    """Students of one account are one; of too few accounts nothing is shown."""
    placed = [(name, str(number % accounts)) for number, name in enumerate(names)]
    class_ = [failed(f"s{n}", ROLE_OF.format(name), account=account) for n, (name, account) in enumerate(placed)]

    (found,) = most_missed(view(*class_), anonymous=True)

    crowds = {name: len({account for one, account in placed if one == name}) for name in names}
    shown = set((found.example or "").split()) - {*ROLE_OF.split(), ELLIPSIS}
    assert (found.example is None) == (len({account for _, account in placed}) < CROWD)
    assert all(crowds[name] >= CROWD for name in shown)
    assert bool(shown) == any(count >= CROWD for count in crowds.values())


@pytest.fixture
def class_of_lovelaces(good, changed, task, tmp_path, book):
    """Three students, each of an account of their own, whose things have the same names and the same mistakes."""
    survey = changed(good, "notebook_instances", name="Lovelace", instance_type="ml.t2.large")
    survey = changed(survey, "buckets", region="eu-west-1")
    results = {}
    for number in range(CROWD):
        file = tmp_path / f"s{number}.json"
        text = msgspec.json.encode(survey).decode().replace(good.identity.account, str(100_000_000_000 + number))
        save(msgspec.json.decode(text, type=Survey), file)
        found = grade_one(task(Entry(f"s{number}", f"Student {number}", SurveyAccess(file))))
        results[found.student] = found.result
        book.record(found.result, found.survey, student=found.student)
    stand = standings(book.attempts(), book.decisions())
    return view(*(Member(ClassRow(one.student, one.student, one), results[one.student]) for one in stand))


def test_anonymous_real_reports_name_nobody_s_things(class_of_lovelaces):
    """Neither the account nor what anything of theirs is called, though all of them call it so."""
    theirs = frozenset().union(*(chosen_names(one.result) for one in class_of_lovelaces.members))

    named, anonymous = most_missed(class_of_lovelaces), most_missed(class_of_lovelaces, anonymous=True)

    assert "Lovelace" in theirs
    assert any("Lovelace" in (one.example or "") for one in named)
    assert [one.id for one in anonymous] == [one.id for one in named]
    examples = [one.example for one in anonymous if one.example]
    assert any(word.isalpha() for text in examples for word in text.split())
    assert [name for name in theirs if any(name in text for text in examples)] == []
