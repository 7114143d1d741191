"""The path: a stop for each thing that the lesson asks for, and how it stands."""

import msgspec
import pytest

from skymark.grading import grade
from skymark.outcome import ChainLink, Outcome
from skymark.render.path import Stop, path
from skymark.result import Criterion, Result
from skymark.rubric_file import load_rubric


def told(stops: tuple[Stop, ...]) -> list[tuple[str, str, int, int]]:
    """Each stop: what it is called, how it stands, how many criteria are done, and how many there are."""
    return [(one.label, one.outcome.value, one.done, one.asked) for one in stops]


@pytest.fixture
def graded(lesson):
    """Grade a survey by the lesson's rubric."""
    return lambda survey: grade(survey, load_rubric(lesson, "sagemaker-intro"), lesson)


def stop(result: Result, *outcomes: Outcome) -> Stop:
    """The one stop of a result whose bucket has criteria of these outcomes."""
    first: Criterion = result.criteria[0]
    criteria = tuple(
        msgspec.structs.replace(first, id=f"bucket.{number}", outcome=outcome)
        for number, outcome in enumerate(outcomes)
    )
    (only,) = path(msgspec.structs.replace(result, criteria=criteria))
    return only


def test_the_lesson_is_a_path_of_nine_stops(graded, good) -> None:
    """From the account to the cleaning up, in the order of the lesson; in an account where that is still to do."""
    assert told(path(graded(good))) == [
        ("Account", "passed", 1, 1),
        ("Bucket", "passed", 3, 3),
        ("Role", "passed", 2, 2),
        ("Notebook instance", "passed", 6, 6),
        ("Notebook", "passed", 3, 3),
        ("Training job", "passed", 1, 1),
        ("Model", "passed", 1, 1),
        ("Endpoint", "passed", 2, 2),
        ("Clean up", "pending", 1, 3),
    ]


def test_each_stop_has_the_thing_that_was_found_there(graded, good) -> None:
    """Where there is one to be found."""
    found = {one.label: [link.id for link in one.found] for one in path(graded(good))}

    assert found["Notebook instance"] == ["sm-test"]
    assert found["Model"] == ["model-of-its-own-name"]
    assert found["Notebook"] == found["Clean up"] == []


def test_an_empty_account_has_the_whole_path_before_it(graded, empty) -> None:
    """Nothing is missed yet: what is to come is pending or blocked, and looked for."""
    stops = path(graded(empty))

    assert [one.outcome.value for one in stops] == [
        *("passed", "pending", "blocked", "pending", "blocked", "pending", "blocked", "blocked", "blocked"),
    ]
    assert [one.label for one in stops if one.is_looked_for and not one.found] == [
        *("Bucket", "Role", "Notebook instance", "Training job", "Model", "Endpoint"),
    ]


@pytest.mark.parametrize(
    ("outcomes", "how"),
    [
        ("passed waived", "passed"),
        ("waived waived", "waived"),
        ("passed failed unverified", "failed"),
        ("passed unverified pending", "unverified"),
        ("blocked pending", "pending"),
        ("passed blocked", "pending"),
        ("blocked blocked", "blocked"),
    ],
)
def test_a_stop_stands_as_its_worst_criterion_does(result: Result, outcomes: str, how: str) -> None:
    """What needs somebody is not hidden by what is done; what is begun is under way."""
    assert stop(result, *map(Outcome, outcomes.split())).outcome == how


def test_advice_makes_no_stop_undone(result: Result) -> None:
    """Unless there is nothing else."""
    done, *_, advice = result.criteria
    both = msgspec.structs.replace(result, criteria=(msgspec.structs.replace(done, id="teardown.all"), advice))

    assert told(path(both)) == [("Clean up", "passed", 1, 1)]
    assert told(path(msgspec.structs.replace(result, criteria=(advice,)))) == [("Clean up", "pending", 0, 1)]


def test_a_stop_leads_to_what_is_to_be_done_there(result: Result) -> None:
    """To its first criterion that is not done; to its first, where all are."""
    assert stop(result, Outcome.PASSED, Outcome.FAILED, Outcome.PENDING).open.id == "bucket.1"
    assert stop(result, Outcome.PASSED, Outcome.PASSED).open.id == "bucket.0"


def test_another_lesson_has_a_path_of_its_own(finished: Result) -> None:
    """A stage with one topic is called as it is; of a stage with several, each topic is a stop."""
    criteria = tuple(
        msgspec.structs.replace(finished.criteria[0], id=id, stage=stage)
        for id, stage in (("site.page", "Website"), ("site.error", "Website"), ("dead-letters.q", "Q"), ("dns.a", "Q"))
    )
    link = ChainLink("site", "my-site", "us-east-1", "the only one")
    stops = path(msgspec.structs.replace(finished, criteria=criteria, chain=(link,)))

    assert [one.label for one in stops] == ["Website", "Dead letters", "Dns"]
    assert [one.found for one in stops] == [(link,), (), ()]
    assert not any(one.is_looked_for for one in stops)


def test_no_criteria_are_no_path(finished: Result) -> None:
    """Nothing is asked for."""
    assert path(msgspec.structs.replace(finished, criteria=())) == ()
