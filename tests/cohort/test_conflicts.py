"""Students in one account: flagged, unless an assistant said that it is meant."""

from hypothesis import given, strategies

from skymark.cohort.conflicts import Conflict, Elsewhere, accounts_of, elsewhere, shared_accounts, withheld
from skymark.cohort.work import grade_one
from skymark.gradebook.standing import standings
from skymark.roster.entry import Entry, RoleAccess, Roster

ONE, OTHER = "111111111111", "222222222222"


def roster(*entries):
    """A class."""
    return Roster("class.csv", entries)


def student(id, account=None, pair=None):
    """A student whose role the roster names, or not."""
    access = {"access": RoleAccess(f"arn:aws:iam::{account}:role/Skymark")} if account else {}
    return Entry(id, id, pair=pair, **access)


def test_two_roles_in_one_account_are_known_before_anybody_looks():
    """All students of the account are named, in the roster's order."""
    found = roster(student("bo", ONE), student("cy", OTHER), student("ana", ONE))

    assert shared_accounts(accounts_of(found), found) == (Conflict(ONE, ("bo", "ana")),)
    assert str(Conflict(ONE, ("bo", "ana"))) == f"bo, ana are in one account ({ONE})"


def test_a_declared_pair_is_one_party_and_two_pairs_are_two():
    """A third student in the pair's account is nobody's partner."""
    pair = (student("ana", ONE, "1"), student("bo", ONE, "1"))
    alone, beside = roster(*pair), roster(*pair, student("cy", ONE))
    two = roster(*pair, student("cy", ONE, "2"), student("di", ONE, "2"))

    assert shared_accounts(accounts_of(alone), alone) == ()
    assert shared_accounts(accounts_of(beside), beside) == (Conflict(ONE, ("ana", "bo", "cy")),)
    assert shared_accounts(accounts_of(two), two) == (Conflict(ONE, ("ana", "bo", "cy", "di")),)


def test_an_account_that_is_shared_on_purpose_is_no_conflict_but_for_pairs():
    """A pair's work cannot be told from that of others by who called."""
    found = roster(student("ana", ONE), student("bo", ONE))
    with_pair = roster(student("ana", ONE, "1"), student("bo", ONE, "1"), student("cy", ONE))
    accounts, of_pair = tuple(accounts_of(found)), tuple(accounts_of(with_pair))

    assert shared_accounts(accounts, found, ()) == ()
    assert shared_accounts(accounts, found, (ONE,)) == ()
    assert len(shared_accounts(accounts, found, (OTHER,))) == 1
    assert len(shared_accounts(of_pair, with_pair, ())) == 1


def test_an_account_of_somebody_in_another_roster_is_told():
    """Whoever is in this one is told of otherwise; nothing of nobody's account, nor of one that is told apart."""
    found = roster(student("ana", ONE), student("bo", ONE), student("cy", OTHER), student("di"))
    accounts = (*accounts_of(found), ("di", ""))
    graded = {ONE: ("ana", "zoe"), OTHER: ("cy",), "": ("yan",), "3" * 12: ("xu",)}

    (one,) = elsewhere(accounts, found, graded)

    assert one == Elsewhere(ONE, ("ana", "bo"), ("zoe",))
    assert str(one) == f"account {ONE} of ana, bo is also that of zoe, not in this roster"
    assert elsewhere(accounts, found, graded, ()) == elsewhere(accounts, found, graded, (ONE,)) == ()


def test_an_account_that_nobody_could_enter_is_nobody_s():
    """Those who are judged by a notebook alone share nothing."""
    found = roster(student("ana"), student("bo"))

    assert shared_accounts((("ana", ""), ("bo", "")), found) == ()


def test_marks_are_withheld_by_where_students_were_graded_whatever_the_roster_says(students, task, book):
    """Two who handed in surveys of one account, in other words."""
    entries = students(2)
    for student_id in ("s000", "s001"):
        done = grade_one(task(entries[0]))
        book.record(done.result, done.survey, student=student_id)

    found = withheld(roster(*entries), standings(book.attempts(), book.decisions()))

    assert {id: [one.reason for one in why] for id, why in found.items()} == {
        "s000": ["account 100000000000 is also that of s001"],
        "s001": ["account 100000000000 is also that of s000"],
    }


PLACES = strategies.lists(
    strategies.tuples(strategies.sampled_from([ONE, OTHER, "3"]), strategies.sampled_from([None, "1", "2"])), max_size=9
)


@given(PLACES)
def test_nobody_is_marked_who_shares_an_account_with_somebody_who_is_no_partner(places):
    """And nobody else is held up."""
    entries = [Entry(str(number), "", pair=pair) for number, (_, pair) in enumerate(places)]
    found = roster(*entries)
    pairs = [(str(number), account) for number, (account, _) in enumerate(places)]

    flagged = {student for one in shared_accounts(pairs, found) for student in one.students}

    for number, (account, pair) in enumerate(places):
        others = [at for at, one in enumerate(places) if one[0] == account and at != number]
        parties = {(places[at][1], None if places[at][1] else at) for at in (*others, number)}
        assert (str(number) in flagged) == (len(parties) > 1), (account, pair)
