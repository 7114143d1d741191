"""Standings as files for spreadsheets and scripts."""

import csv
import io
import json

import msgspec
import pytest

from skymark.errors import UsageError
from skymark.gradebook.asking import everyone, override
from skymark.gradebook.export import to_csv, to_json, writer


@pytest.fixture
def standings(book, good, torn_down, graded):
    """Two accounts: one with an override, one that is not complete; the second's student has a nasty name."""
    other = msgspec.structs.replace(torn_down, identity=msgspec.structs.replace(good.identity, account="000000000007"))
    book.record(graded(good), good, student="Ada Lovelace")
    book.record(graded(other, final=True), other, student='=HYPERLINK("http://x","\ud800ü")')
    override(book, "123456789012", "bucket.name", points="2.5", reason="by hand", by="ada")
    return everyone(book)


def rows(text):
    """A CSV file as a spreadsheet reads it."""
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_csv_has_a_row_for_each_account(standings):
    """Its points by criterion; blank, not 0, where something is unverified."""
    text = to_csv(standings)

    other, ada = rows(text)
    assert text.startswith(
        "\ufeffaccount,student,rubric,earned,possible,unverified,complete,surveyed_at,account.access,"
    )
    assert text.endswith("\r\n")
    assert ada | {"bucket.name": "2.5", "teardown.instance": "0", "teardown.tidy": "0"} == ada
    assert (ada["account"], ada["student"], ada["rubric"]) == ("123456789012", "Ada Lovelace", "sagemaker-intro")
    assert (ada["earned"], ada["possible"], ada["unverified"], ada["complete"]) == ("86.5", "100", "0", "yes")
    assert ada["surveyed_at"] == "2025-11-24T12:00:00Z"
    assert (other["account"], other["complete"], other["instance.type"]) == ("000000000007", "no", "")


def test_no_cell_is_run_by_a_spreadsheet(standings):
    """Nor breaks the file: what is no character is replaced."""
    other = rows(to_csv(standings))[0]

    assert other["student"] == '\'=HYPERLINK("http://x","\ufffdü")'


def test_json_has_everything_that_counts(standings):
    """Outcomes, sources and overrides too; points are numbers, null where unverified."""
    exported = json.loads(to_json(standings))

    assert exported["schema"] == "skymark/gradebook/v1"
    other, ada = exported["accounts"]
    assert ada["score"] == {"earned": 86.5, "possible": 100, "unverified": 0, "complete": True}
    name = next(one for one in ada["criteria"] if one["id"] == "bucket.name")
    assert (name["outcome"], name["points"], name["possible"], name["source"]) == ("waived", 2.5, 6, None)
    assert [(one["criterion"], one["by"], one["reason"], one["replaced_points"]) for one in ada["overrides"]] == [
        ("bucket.name", "ada", "by hand", 6)
    ]
    assert next(one for one in other["criteria"] if one["id"] == "instance.type")["points"] is None
    assert (other["final"], other["attempts"], other["surveyed_at"]) == (True, 1, "2025-11-24T12:00:00Z")


def test_another_format_is_refused():
    """The known ones are named."""
    with pytest.raises(UsageError, match='--format "xlsx": there are csv and json'):
        writer("xlsx")
