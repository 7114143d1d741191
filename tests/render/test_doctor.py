"""A diagnosis in the terminal, and as JSON."""

import datetime as dt
import io
import json
from pathlib import Path

import jsonschema
import pytest
from rich.console import Console

from skymark.doctor.finding import Diagnosis, Finding, State, Topic, exit_status
from skymark.render import doctor
from skymark.result import Link, RubricName

COMMITTED = Path(__file__).parents[2] / "skymark" / "doctor.schema.json"
LINK = Link("Service Quotas", "https://us-east-1.console.aws.amazon.com/servicequotas/home")
COMMAND = "aws service-quotas request-service-quota-increase --service-code sagemaker --quota-code L-97CF11BE"


def diagnosis(*findings: Finding) -> Diagnosis:
    """What was found in somebody's account."""
    return Diagnosis(
        rubric=RubricName("lab", "1", "A [bold]lab[/bold]"),
        examined_at=dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC),
        profile="ada",
        region="us-east-1",
        account="123456789012",
        caller="arn:aws:iam::123456789012:user/ada",
        findings=findings,
    )


def printed(found: Diagnosis, encoding: str = "utf-8") -> list[str]:
    """The lines, in a terminal of 80 columns."""
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, write_through=True)
    doctor.render(found, Console(file=file, width=80, highlight=False))
    return [line.rstrip() for line in raw.getvalue().decode(encoding).splitlines()]


FINE = Finding(Topic.CLOCK, State.OK, "This computer's clock is right.")
QUOTA = Finding(Topic.QUOTAS, State.TO_MEND, "AWS allows 0.", "Ask for more.", (COMMAND,), (LINK,))
ONE = Finding(Topic.PERMISSIONS, State.TO_MEND, "You lack a.", "Grant it.", ("grade.py policy",), about="a")
OTHER = Finding(Topic.PERMISSIONS, State.TO_MEND, "You lack b.", "Grant it.", ("grade.py policy",), about="b")


def test_each_finding_has_sign_word_fact_advice_and_command() -> None:
    """Commands and addresses stay in one piece, however long; what it comes to stands last."""
    assert printed(diagnosis(FINE, QUOTA)) == [
        "A [bold]lab[/bold]: is everything ready?",
        "account 123456789012, region us-east-1, profile ada",
        "as of 2026-11-20 10:00 UTC",
        "",
        "✓ Clock: ok",
        "  This computer's clock is right.",
        "",
        "✗ Quotas: to mend",
        "  AWS allows 0.",
        "  Ask for more.",
        f"    {COMMAND}",
        "  Service Quotas:",
        f"    {LINK.url}",
        "",
        "1 thing to mend. Begin at the top, then run this again.",
    ]


def test_what_is_mended_alike_is_told_once() -> None:
    """How to mend it stands below all that it mends."""
    lines = printed(diagnosis(ONE, OTHER))

    assert lines[4:9] == [
        "✗ Permissions: to mend", "  You lack a.", "  You lack b.", "  Grant it.", "    grade.py policy"
    ]  # fmt: skip


def test_topics_of_which_the_same_is_said_share_a_line() -> None:
    """Those that wait for something before them."""
    waiting = (Finding(topic, State.UNKNOWN, "Not looked at yet.") for topic in (Topic.ACCOUNT, Topic.QUOTAS))

    assert printed(diagnosis(*waiting))[4:] == [
        "? Account, quotas: could not tell",
        "  Not looked at yet.",
        "",
        "Nothing to mend, but 2 things could not be told.",
    ]


def test_a_terminal_without_signs() -> None:
    """Has others, and no error."""
    assert "+ Clock: ok" in printed(diagnosis(FINE), "ascii")


def test_what_an_account_holds_can_do_no_harm() -> None:
    """Names are anybody's."""
    bad = Finding(Topic.CREDENTIALS, State.OK, "Of \x1b[31m\u202eada [red]x[/red] \ud800.")

    lines = printed(diagnosis(bad))

    assert "\x1b" not in "".join(lines)
    assert "[red]x[/red]" in lines[5]
    assert "\\ud800" not in doctor.to_json(diagnosis(bad))


@pytest.mark.parametrize(
    ("states", "status", "words"),
    [
        ((State.OK,), 0, "Everything is ready."),
        ((State.OK, State.UNKNOWN), 3, "Nothing to mend, but 1 thing could not be told."),
        ((State.UNKNOWN, State.TO_MEND), 1, "1 thing to mend, and 1 thing could not be told."),
    ],
)
def test_how_it_ends(states, status, words) -> None:
    """Something to mend wins: there is something to do, whatever else could not be told."""
    found = tuple(Finding(Topic.CLOCK, state, "x") for state in states)

    assert exit_status(found) == status
    assert doctor.brief(diagnosis(*found)).startswith(words)


def test_the_json_fits_the_committed_schema() -> None:
    """That of the types; write it again when a field is added: `json.dumps(schema(), indent=2)` and a line end."""
    committed = json.loads(COMMITTED.read_text("utf-8"))

    assert COMMITTED.read_text("utf-8") == json.dumps(doctor.schema(), indent=2) + "\n"
    jsonschema.Draft202012Validator.check_schema(committed)
    jsonschema.validate(json.loads(doctor.to_json(diagnosis(FINE, QUOTA))), committed)


def test_the_keys_are_the_contracts() -> None:
    """In this order."""
    data = json.loads(doctor.to_json(diagnosis(QUOTA)))

    assert list(data) == ["schema", "rubric", "examined_at", "profile", "region", "account", "caller", "findings"]
    assert data["findings"] == [
        {
            "topic": "quotas", "state": "to-mend", "found": "AWS allows 0.", "advice": "Ask for more.",
            "commands": [COMMAND], "links": [{"title": LINK.title, "url": LINK.url}], "about": None, "criteria": [],
        }
    ]  # fmt: skip
