"""The catalogue of students, put into the practice cloud and graded: every verdict on every criterion."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.students import CATALOGUE, Student, student
from simulator.students.steps import Doing, follow
from simulator.students.verdicts import WELL, WELL_IN_THE_END

# Without those that clean up: what is judged once things are gone hangs on traces that another mistake may take away.
PAIRABLE = [
    one
    for one in CATALOGUE
    if one.kind != "right"
    and isinstance(one.build, Doing)
    and one.verdicts
    and not any(id.startswith("teardown.") for id in one.verdicts)
]


def are_independent(one: Student, other: Student) -> bool:
    """Whether two mistakes are about different criteria, and made at different places."""
    choices = one.build.choices.keys() & other.build.choices.keys()
    return not (choices or one.verdicts.keys() & other.verdicts.keys())


PAIRS = [pair for pair in itertools.combinations(PAIRABLE, 2) if are_independent(*pair)]


@pytest.fixture
def looked_at(account, survey, rubric):
    """Have a student do what they do, and survey their account with their keys."""

    def look(one):
        one.build(account)
        keys, regions = one.keys(account), rubric(one.rubric).regions
        return survey(tuple(regions), credentials=keys) if regions else survey(credentials=keys)

    return look


@pytest.fixture
def right(rubric):
    """What is right for a student, of the criteria that their rubric has."""

    def outcomes(one, *, final=False):
        ids = {criterion.id for criterion in rubric(one.rubric).criteria}
        return {id: outcome for id, outcome in one.expected(final=final).items() if id in ids}

    return outcomes


@pytest.mark.parametrize("one", CATALOGUE, ids=lambda one: one.name)
def test_every_verdict_is_right(one, looked_at, judged, right):
    """Of every criterion, before the end and in the end."""
    found = looked_at(one)

    assert judged(found, by=one.rubric) == right(one)
    assert judged(found, final=True, by=one.rubric) == right(one, final=True)


# The examples are the same each time, and a slow machine is no mistake. Each begins with an account of its own.
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(pair=st.sampled_from(PAIRS))
def test_two_mistakes_cost_what_each_costs(pair, anew, survey, judged):
    """No more, no less, and no other criterion."""
    one, other = pair
    (one.build & other.build)(anew())

    found = survey()

    in_the_end = [each.verdicts if each.in_the_end is None else each.in_the_end for each in pair]
    assert judged(found) == WELL | one.verdicts | other.verdicts
    assert judged(found, final=True) == WELL_IN_THE_END | in_the_end[0] | in_the_end[1]


def test_an_instance_elsewhere_is_not_the_lessons(account, survey, judged):
    """Who cleaned up too well is not marked down by what was left in a region where nothing was trained.

    Jupyter's log is gone and so is sm-test, so nobody can tell how that was called; its job was in us-east-1.
    """
    (student("no-log").build & student("forgotten-abroad").build)(account)

    found = survey()

    assert {id for id, outcome in judged(found).items() if outcome == "failed"} == set()
    assert {id for id, outcome in judged(found, final=True).items() if outcome == "failed"} == {"teardown.instance"}


def test_there_are_enough_pairs():
    """At least 200 pairs of mistakes have nothing to do with each other."""
    assert len(PAIRS) >= 200


def test_none_expects_what_cannot_be(possible):
    """Every outcome in the catalogue is one that the criterion can have."""
    expected = {id: set() for id in possible}
    for one in CATALOGUE:
        for final in (False, True):
            for id, outcome in one.expected(final=final).items():
                expected[id].add(outcome)

    assert {id: outcomes - possible[id] for id, outcomes in expected.items()} == {id: set() for id in possible}


def test_the_rubric_of_the_lab_is_what_saves_its_students(account, looked_at, judged):
    """By the other one, LabRole is a mistake that nobody can put right."""
    found = looked_at(student("learner-lab"))

    assert found.identity.arn.split("/")[-2] == "voclabs"
    assert {id for id, outcome in judged(found).items() if outcome == "failed"} == {"role.scoped"}


def test_the_whole_account_in_all_regions(account, survey, judged):
    """As a student runs it: every region that is enabled."""
    follow(account)

    found = survey(None)

    assert judged(found) == WELL
    assert len(found.regions.answered) >= 17
    assert found.gaps == ()
