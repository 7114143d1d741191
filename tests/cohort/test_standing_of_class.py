"""A whole class as reports are made from it: everybody of the roster once, and nobody by another's work."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from skymark.cause import Cause
from skymark.cohort.standing_of_class import as_it_stands, bills, class_view, costing, since_then
from skymark.cohort.work import grade_one
from skymark.export.row import Withheld
from skymark.gradebook.book import Met, NewDecision
from skymark.gradebook.standing import standings
from skymark.outcome import Outcome
from skymark.result import Leftover
from skymark.roster.entry import Entry, Mistake, Roster
from tests.cohort.members import AT, criterion, standing

LATER = AT + dt.timedelta(hours=1)


def roster(*students):
    """A class of these."""
    entries = tuple(Entry(one, one.title()) for one in students)
    return Roster(Path("terms/class.csv"), entries, (Mistake(9, "student", "is blank."),))


def met(student, at=AT):
    """That somebody could not be graded."""
    return Met(student, "intro", Cause.NETWORK, "no line", at)


def test_everybody_of_the_roster_is_there_once_in_its_order():
    """Whoever is graded and not in it is not; the rows that were left out are told."""
    view = class_view(roster("cy", "ana"), [standing("ana", criterion()), standing("stranger", criterion())], {}, {})

    assert [(one.student, one.name, one.row.standing is not None) for one in view.members] == [
        ("cy", "Cy", False),
        ("ana", "Ana", True),
    ]
    assert view.roster == "class.csv"
    assert [one.line for one in view.mistakes] == [9]


def test_of_several_rubrics_the_one_that_was_looked_at_last_counts():
    """In whichever order they come."""
    early, late = standing("ana", criterion(), rubric="old"), standing("ana", criterion(), rubric="new", at=LATER)

    for order in ((early, late), (late, early)):
        (ana,) = class_view(roster("ana"), order, {}, {}).members
        assert ana.row.standing.rubric.id == "new"


def test_in_an_account_that_may_be_another_s_no_verdict_is_told():
    """Nobody knows whose it is."""
    why = {"ana": (Withheld("account 1 is also that of bo", "decide it"),)}

    ana, bo = class_view(
        roster("ana", "bo"), [standing("ana", criterion()), standing("bo", criterion())], {}, {}, withheld=why
    ).members

    assert (ana.is_shared, ana.verdicts, ana.row.withheld) == (True, (), why["ana"])
    assert (bo.is_shared, len(bo.verdicts)) == (False, 1)


def test_who_was_never_seen_is_withheld_for_what_stood_in_the_way():
    """Who was has their mark, and the trouble beside it."""
    troubles = {one: met(one) for one in ("ana", "bo")}

    ana, bo = class_view(roster("ana", "bo"), [standing("bo", criterion())], {}, {}, troubles=troubles).members

    assert [(one.reason, one.cause) for one in ana.row.withheld] == [("no line", Cause.NETWORK)]
    assert (bo.row.withheld, bo.trouble) == ((), troubles["bo"])
    assert not ana.is_shared


def test_a_class_is_called_by_its_rubrics_and_seen_when_its_accounts_were():
    """The commonest rubric comes first."""
    stands = (
        *(standing("ana", criterion(), rubric="lab"), standing("bo", criterion(), rubric="intro", at=LATER)),
        standing("cy", criterion(), rubric="intro"),
    )

    view = class_view(roster("ana", "bo", "cy"), stands, {}, {})
    nobody = class_view(roster("ana"), [], {}, {})

    assert (view.title, view.seen) == ("Intro, Lab", (AT, LATER))
    assert (nobody.title, nobody.seen) == ("A class", None)


def test_trouble_counts_that_no_check_came_after(students, task, book):
    """Of several the last one."""
    for one in students(2):
        found = grade_one(task(one))
        book.record(found.result, found.survey, student=found.student, at=LATER)
    after = LATER + dt.timedelta(hours=1)
    troubles = [met("s000", after), met("s000"), met("s001"), met("s001", LATER), met("cy"), met("cy", LATER)]

    assert since_then(troubles, book.attempts()) == {"s000": met("s000", after), "cy": met("cy", LATER)}


def test_a_result_as_it_stands_has_what_was_decided_and_what_follows(students, task, book, rubric):
    """What the grading of a class said of it stays; without the rubric there is nothing to do next."""
    found = grade_one(task(students(1)[0]))
    book.record(found.result, found.survey, student="s000")
    decision = NewDecision(
        found.result.subject.account, rubric.id, "bucket.name", "why", "who", Outcome.PASSED, Decimal(6), Decimal(2)
    )
    with book.writing():
        book.decide(decision)
    (stands,) = standings(book.attempts(), book.decisions())

    now, without = as_it_stands(found.result, stands, rubric), as_it_stands(found.result, stands, None)

    assert now.score.earned == found.result.score.earned - 4 == without.score.earned
    assert [one.points for one in now.criteria if one.id == "bucket.name"] == [2]
    assert now.warnings == found.result.warnings
    assert (now.next is None, without.next) == (False, None)


def thing(id, **more):
    """Something that bills."""
    return Leftover("sagemaker", "endpoint", id, "us-east-1", "InService", Decimal("0.1"), "", **more)


def test_what_costs_money_is_counted_once_for_two_who_show_the_same(students, task):
    """Of one account; the same name in another account is another thing."""
    ana, bo, cy = (grade_one(task(one)).result for one in students(3))
    ana = replace(ana, leftovers=(thing("one"), thing("two")))
    bo = replace(bo, leftovers=(thing("one"),), subject=ana.subject)
    cy = replace(cy, leftovers=(thing("one"),))
    names = ("ana", "bo", "cy", "di")
    members = class_view(
        roster(*names),
        [standing(name, criterion()) for name in names],
        dict(zip(names, (ana, bo, cy), strict=False)),
        {},
    ).members

    assert [one.id for one in costing(members)] == ["one", "two", "one"]


def test_what_bills_is_what_costs_now_or_may(students, task):
    """What is stopped, free, or counts against nobody is left out; a price that is not known may be any."""
    result = grade_one(task(students(1)[0])).result
    kinds = (
        thing("costs"),
        replace(thing("unpriced"), hourly_usd=None),
        replace(thing("free"), hourly_usd=Decimal(0)),
        thing("stopped", bills=False),
        thing("apart", apart="older"),
    )

    assert [one.id for one in bills(replace(result, leftovers=kinds))] == ["costs", "unpriced"]
