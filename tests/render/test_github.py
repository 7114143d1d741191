"""The result for GitHub Actions."""

import re
from decimal import Decimal

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skymark.outcome import Outcome
from skymark.render.github import annotations, escaped, escaped_property, summary
from skymark.result import Criterion, Result
from skymark.score import score_of

COMMAND = re.compile(r"::(error|warning|notice) title=([^:,\r\n]*)::([^\r\n]*)")


def read(text: str) -> list[tuple[str, str, str]]:
    """The commands as GitHub's runner reads them: level, title, message. Nothing else stands there."""
    found = [COMMAND.fullmatch(line) for line in text.removesuffix("\n").split("\n")]
    assert all(found)
    return [tuple(map(unescaped, one.groups())) for one in found if one]  # type: ignore[misc]


def unescaped(text: str) -> str:
    """What the runner makes of it."""
    for code, char in (("%0A", "\n"), ("%0D", "\r"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, char)
    return text


def with_criteria(result: Result, *criteria: Criterion) -> Result:
    """The result with other criteria, and the score that follows."""
    return msgspec.structs.replace(result, criteria=criteria, score=score_of(criteria))


def many(one: Criterion, number: int) -> list[Criterion]:
    """The criterion so many times, each worth a point more than the one before."""
    return [msgspec.structs.replace(one, id=f"a.n{n}", possible=Decimal(n + 1)) for n in range(number)]


def test_the_score_comes_first_then_the_worst(result: Result) -> None:
    """What passed, and what was waived, is not said."""
    assert [(level, title) for level, title, _ in read(annotations(result))] == [
        ("notice", "Skymark"),
        ("error", "bucket.region"),
        ("warning", "training.completed (needs regrade)"),
        ("warning", "endpoint.prediction"),
        ("notice", "endpoint.in_service"),
        ("notice", "teardown.tidy"),
    ]


def test_an_incomplete_score_says_so(result: Result) -> None:
    """Before its number."""
    (_, _, message), *_ = read(annotations(result))

    assert message == "incomplete: 8.5 of 40 so far; 8 of 40 points could not be checked (training.completed)"


def test_a_failure_with_some_points_only_warns(result: Result) -> None:
    """It is no plain failure."""
    partial = msgspec.structs.replace(result.criteria[1], points=Decimal(1))

    assert read(annotations(with_criteria(result, partial)))[1][:2] == ("warning", "bucket.region")


def test_github_shows_ten_of_a_level(result: Result) -> None:
    """The ones that cost most; the score is one of the notices."""
    criteria = [*many(result.criteria[1], 30), *many(result.criteria[4], 30)]

    said = read(annotations(with_criteria(result, *criteria)))

    assert [title for level, title, _ in said if level == "error"] == [f"a.n{n}" for n in range(29, 19, -1)]
    assert len([level for level, *_ in said if level == "notice"]) == 10


@pytest.mark.parametrize(
    ("text", "message", "value"),
    [
        ("100% of a:b, c", "100%25 of a:b, c", "100%25 of a%3Ab%2C c"),
        ("one\r\ntwo", "one%0D%0Atwo", "one%0D%0Atwo"),
        ("%0A", "%250A", "%250A"),
        ("::error::x", "::error::x", "%3A%3Aerror%3A%3Ax"),
    ],
)
def test_the_percent_sign_is_escaped_first(text: str, message: str, value: str) -> None:
    """And nothing but what the runner takes back."""
    assert (escaped(text), escaped_property(text)) == (message, value)


def test_hostile_text_is_no_command_of_its_own(hostile: Result) -> None:
    """One line each, below 4 KB."""
    text = annotations(hostile)

    assert all(len(line.encode()) < 4096 for line in text.splitlines())
    assert "%250A" in text
    assert [level for level, *_ in read(text)] == ["notice", "error", "warning", "warning", "notice", "notice"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(message=st.text(st.characters()) | st.text("é%\r\n😀", min_size=2000), outcome=st.sampled_from(Outcome))
def test_any_message_is_read_back_or_cut(result: Result, message: str, outcome: Outcome) -> None:
    """Never through the middle of what was escaped."""
    one = msgspec.structs.replace(result.criteria[1], message=message, outcome=outcome)

    text = annotations(with_criteria(result, one))

    assert all(len(line.encode()) < 4096 for line in text.split("\n"))
    assert read(text)


def test_the_summary_is_a_table_under_the_score(result: Result) -> None:
    """In rubric order; no number where nobody knows."""
    head, _, incomplete, _, _, _, *rows = summary(result).splitlines()

    assert head == ("## Introduction to AWS SageMaker: 8.5 of 40 points, incomplete: 8 points could not be verified")
    assert incomplete.startswith("**Incomplete**, needs regrade: 8 of 40 points could not be checked")
    assert [row.split(" | ")[:3] for row in rows] == [
        ["| ✓ passed", "bucket.name", "6 of 6"],
        ["| ✗ failed", "bucket.region", "0 of 4"],
        ["| ★ waived", "role.scoped", "2.5 of 8"],
        ["| ? unverified", "training.completed", "of 8"],
        ["| … pending", "endpoint.in&#95;service", "0 of 6"],
        ["| ↑ blocked", "endpoint.prediction", "0 of 8"],
        ["| … pending", "teardown.tidy", "0 of 0"],
    ]


def test_no_text_breaks_the_table(hostile: Result) -> None:
    """Each row has its four cells, and nothing in them is markup."""
    rows = [line for line in summary(hostile).splitlines() if line.startswith("| ")][2:]

    assert len(rows) == len(hostile.criteria)
    assert {row.count("|") for row in rows} == {5}
    assert not any(char in "".join(rows) for char in "<>`*_[]\\\x1b")


def test_a_summary_that_is_too_large_is_cut_after_a_row(result: Result) -> None:
    """And says how many are not there: GitHub would drop the whole of it."""
    one = msgspec.structs.replace(result.criteria[1], message="é" * 2_000)
    large = with_criteria(result, *many(one, 2_000))

    text = summary(large)
    shown = text.count("| ✗ failed |")

    assert 900_000 < len(text.encode()) <= 1_000_000
    assert text.endswith(f"|\n\n… and {2_000 - shown} more\n")


@pytest.mark.parametrize("limit", range(0, 1700, 13))
def test_whatever_room_there_is_is_not_overrun(result: Result, limit: int) -> None:
    """Down to none."""
    text = summary(result, limit)

    assert len(text.encode()) <= limit
    assert not text or "8.5 of 40" in text.splitlines()[0]
