"""The result as JSON, and its schema."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from skymark.render.json import loads, render, says_the_same, schema, written
from skymark.result import Result, Score

COMMITTED = Path(__file__).parents[2] / "skymark" / "result.schema.json"


@pytest.fixture
def valid() -> jsonschema.Draft202012Validator:
    """The committed schema."""
    return jsonschema.Draft202012Validator(json.loads(COMMITTED.read_text(encoding="utf-8")))


def test_the_keys_come_in_the_contracts_order(result: Result) -> None:
    """People compare results line by line."""
    data = json.loads(render(result))

    assert list(data) == [
        "schema", "rubric", "subject", "region", "surveyed_at", "final", "window", "due", "score", "criteria",
        "leftovers", "tidy", "hourly_usd", "unpriced", "regions", "chain", "steps", "timeline", "digits",
        "outsiders", "next", "gaps", "warnings",
    ]  # fmt: skip
    assert list(data["criteria"][0]) == [
        "id", "title", "outcome", "points", "possible", "message", "hint", "blocked_by", "source",
        "evidence", "links", "stage", "cause", "expected", "command",
    ]  # fmt: skip
    assert list(data["leftovers"][0]) == [
        "service", "type", "id", "region", "status", "hourly_usd", "cleanup", "bills", "created_at", "cost_so_far_usd",
        "monthly_usd", "apart",
    ]  # fmt: skip
    assert data["surveyed_at"] == "2026-11-24T10:00:00Z"


def test_points_and_prices_are_plain_numbers(result: Result) -> None:
    """`62` and `0.23`: no text, no `5.0`, no exponent, at most two and four decimals."""
    score = Score(Decimal("1E+2"), Decimal("100.00"), Decimal("2.345"), complete=False)

    text = render(msgspec.structs.replace(result, score=score, hourly_usd=Decimal("0.00005")))

    assert '"earned": 100,\n    "possible": 100,\n    "unverified": 2.35,' in text
    assert '"hourly_usd": 0.0001,' in text
    assert '"hourly_usd": 0.0464,' in text
    assert '"points": 2.5,' in text
    assert text.endswith("}\n")


@pytest.mark.parametrize("number", ["NaN", "Infinity"])
def test_what_is_no_number_is_never_written(result: Result, number: str) -> None:
    """Readers of JSON have no word for it."""
    with pytest.raises((ValueError, ArithmeticError)):
        render(msgspec.structs.replace(result, hourly_usd=Decimal(number)))


def test_what_could_not_be_said_is_null_and_not_0(result: Result) -> None:
    """Unverified points and unknown prices are neither earned nor nothing."""
    data = json.loads(render(result))

    assert [one["points"] for one in data["criteria"]] == [6, 0, 2.5, None, 0, 0, 0]
    assert [one["hourly_usd"] for one in data["leftovers"]] == [0.23, 0.0464, 0, None, 0.005]
    assert [one["cost_so_far_usd"] for one in data["leftovers"]] == [16.79, None, None, None, None]
    assert [one["monthly_usd"] for one in data["tidy"]] == [0, 0, 0, 0, 0.0003, None]


@pytest.mark.parametrize("which", ["result", "finished"])
def test_a_result_comes_back_as_it_was(request: pytest.FixtureRequest, which: str) -> None:
    """Nothing is lost on the way through a file."""
    before: Result = request.getfixturevalue(which)

    assert loads(render(before)) == before


@pytest.mark.parametrize(
    ("field", "value", "is_same"),
    [
        ("hourly_usd", Decimal("0.28100001"), True),
        ("hourly_usd", Decimal("0.2811"), False),
        ("region", "\ud800", False),
        ("final", None, False),
        ("criteria", (), False),
    ],
)
def test_results_say_the_same_that_are_written_alike(result: Result, field: str, value: Any, is_same: bool) -> None:
    """Decimals that nobody is told make no difference; anything else does."""
    before = msgspec.structs.replace(result, hourly_usd=Decimal("0.281"))
    after = msgspec.structs.replace(before, **{field: not before.final if field == "final" else value})

    assert says_the_same(before, after) is is_same
    assert (written(before) == written(after)) is is_same


def test_hostile_text_stays_text_and_what_is_no_unicode_is_replaced(hostile: Result) -> None:
    """Any reader can take it: ASCII, valid JSON, no lone surrogate."""
    text = render(hostile)

    assert text.isascii()
    assert "\\ud800" not in text
    assert loads(text).chain[0].id == hostile.chain[0].id.replace("\ud800", "\ufffd")


def test_a_pair_of_surrogates_is_the_character_that_it_stands_for(result: Result) -> None:
    """A pair is Unicode; only a lone one is not."""
    text = render(msgspec.structs.replace(result, region="\ud83d\ude00 \ude00 \ud83d"))

    assert loads(text).region == "\U0001f600 \ufffd \ufffd"


def test_keys_that_are_not_known_are_ignored(result: Result) -> None:
    """A later Skymark may say more."""
    data = json.loads(render(result))
    more: dict[str, Any] = {**data, "mood": "good", "score": {**data["score"], "grade": "A"}}
    more["criteria"][0]["weight"] = 3
    more["next"]["minutes"] = 5
    more["gaps"][0]["tries"] = 4

    assert loads(json.dumps(more)) == result


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", '{"schema": "skymark/result/v2"}', '{"criteria": 1}', "[" * 100_000]
)
def test_what_is_no_result_is_refused(text: str) -> None:
    """Never half a result."""
    with pytest.raises(ValueError, match=r"."):
        loads(text)


def test_the_committed_schema_is_that_of_the_types() -> None:
    """Write it again when a field is added: `json.dumps(schema(), indent=2)` and a line end."""
    assert COMMITTED.read_text(encoding="utf-8") == json.dumps(schema(), indent=2) + "\n"


def test_the_schema_is_valid_by_its_own_draft() -> None:
    """Draft 2020-12, named after the contract."""
    jsonschema.Draft202012Validator.check_schema(schema())

    assert (schema()["$id"], schema()["title"]) == ("skymark/result/v1", "skymark/result/v1")


@pytest.mark.parametrize("which", ["result", "finished", "hostile"])
def test_every_result_is_valid_against_the_schema(
    request: pytest.FixtureRequest, valid: jsonschema.Draft202012Validator, which: str
) -> None:
    """Numbers that are numbers, six outcomes and no other."""
    valid.validate(json.loads(render(request.getfixturevalue(which))))


def test_the_schema_allows_more_keys_but_no_other_kinds(result: Result, valid: jsonschema.Draft202012Validator) -> None:
    """Readers ignore keys that they don't know; a seventh outcome or points as text are refused."""
    data = json.loads(render(result))
    first, *others = data["criteria"]

    assert valid.is_valid({**data, "mood": "good", "criteria": [{**first, "weight": 3}, *others]})
    assert not valid.is_valid({**data, "criteria": [{**first, "outcome": "maybe"}]})
    assert not valid.is_valid({**data, "criteria": [{**first, "points": "6"}]})
    assert not valid.is_valid({**data, "schema": "skymark/result/v2"})
    assert not valid.is_valid({**data, "tidy": [{**data["tidy"][0], "monthly_usd": "nothing"}]})
    assert not valid.is_valid({key: value for key, value in data.items() if key != "schema"})


def test_times_are_times_in_the_schema() -> None:
    """Whoever makes types of it gets a time, also where it may be null."""
    defs = schema()["$defs"]

    assert defs["Result"]["properties"]["surveyed_at"] == {"type": "string", "format": "date-time"}
    assert defs["Leftover"]["properties"]["created_at"]["anyOf"][0] == {"type": "string", "format": "date-time"}
