"""The result for people at a terminal."""

import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal

import msgspec
import pytest
from rich.console import Console

from skymark.cause import NOT_ASKED
from skymark.evidence import Gap
from skymark.outcome import Outcome, Source
from skymark.render.gaps import NOT_LOOKED_FOR
from skymark.render.terminal import brief, render
from skymark.render.words import SYMBOL, WORD
from skymark.result import RegionNames, Result

Shown = Callable[[Result], str]


@pytest.fixture
def shown() -> Shown:
    """What stands on a terminal of 80 columns without colour."""

    def show(result: Result, encoding: str = "utf-8") -> str:
        raw = io.BytesIO()
        file = io.TextIOWrapper(raw, encoding=encoding, write_through=True)
        render(result, Console(file=file, width=80, color_system=None, force_terminal=False))
        return raw.getvalue().decode(encoding)

    return show


def flat(text: str) -> str:
    """The text without its line ends and columns."""
    return " ".join(text.split())


def test_the_report_begins_with_the_score_and_what_costs_money(result: Result, shown: Shown) -> None:
    """Whoever reads three lines reads these."""
    lines = [line.rstrip() for line in shown(result).splitlines()]

    assert lines[:8] == [
        "Introduction to AWS SageMaker",
        "account 123456789012 (ada-lab), region us-east-1",
        "as of 2026-11-24 10:00 UTC",
        "",
        "8.5 of 40 points, incomplete: 8 points could not be verified",
        f"1 {WORD[Outcome.PASSED]}, 1 {WORD[Outcome.FAILED]}, 1 {WORD[Outcome.PENDING]}, 1 {WORD[Outcome.BLOCKED]},"
        f" 1 {WORD[Outcome.UNVERIFIED]}, 1 {WORD[Outcome.WAIVED]}",
        "",
        "This costs money now: about $0.2814 per hour ($6.75 a day), and 1 thing whose",
    ]


def test_what_is_left_says_since_when_and_how_much_it_cost(result: Result, shown: Shown) -> None:
    """Status, age, price by the hour, about how much so far, and what its disk costs."""
    text = flat(shown(result))

    assert (
        "endpoint linear-learner-2019-07-01-18-46-30-001 in us-east-1: InService, for 3 days, $0.23 per hour, about"
        " $16.79 so far aws sagemaker delete-endpoint"
    ) in text
    assert "sm-test in us-east-1: InService, $0.0464 per hour, $0.70 a month for being kept aws" in text
    assert "notebook-instance old in eu-west-1: Stopped aws" in text
    assert "in us-east-1: InProgress, price not known aws" in text


def test_what_counts_against_nobody_stands_apart_with_the_reason(result: Result, shown: Shown) -> None:
    """And without a command; the sum at the top has it, and says so."""
    text = flat(shown(result))
    _, _, apart = text.partition("Also there, and counted against nobody")

    assert "Counted against nobody, and told of below: about $0.005 per hour ($0.12 a day)" in text
    assert apart.startswith(
        " address eipalloc-1 in us-east-1: there, $0.005 per hour (not part of the lesson) key: my-key (not part of the"
        " lesson)"
    )


def test_a_sum_of_only_what_counts_against_nobody_is_not_hidden(result: Result, shown: Shown) -> None:
    """It costs the student's money all the same."""
    apart = tuple(one for one in result.leftovers if one.apart)
    text = flat(shown(msgspec.structs.replace(result, leftovers=apart, hourly_usd=Decimal("0.005"), unpriced=0)))

    assert "This costs money now: about $0.005 per hour ($0.12 a day)" in text
    assert "Nothing that bills" not in text


def test_what_may_be_tidied_away_is_a_line_for_each_kind(result: Result, shown: Shown) -> None:
    """Forty models do not push the score off the screen."""
    text = flat(shown(result))

    assert "once you have your marks models: model-1, model-2, model-3 and 1 more log group: /aws/sagemaker/" in text
    assert "aws sagemaker delete-model" not in text
    assert "grade.py cleanup --all prints the commands." in text


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_has_a_sign_and_a_word(result: Result, shown: Shown, outcome: Outcome) -> None:
    """Never colour alone."""
    assert f"  {SYMBOL[outcome]} {WORD[outcome]}" in shown(result)


def test_a_terminal_without_these_signs_gets_plain_ones(result: Result, shown: Shown) -> None:
    """A report in another encoding is no crash."""
    text = shown(result, "cp1252")  # type: ignore[call-arg]

    assert f"  + {WORD[Outcome.PASSED]}" in text
    assert f"  x {WORD[Outcome.FAILED]}" in text


def test_what_is_to_do_says_what_was_found_and_what_to_do(result: Result, shown: Shown) -> None:
    """Found, wanted, to do."""
    text = flat(shown(result))

    assert (
        "0/4 The bucket is in the notebook instance's region bucket sagemaker-20190701-1820 is in us-west-2, instance"
        " sm-test in us-east-1 To do: Bucket and notebook instance must be in one region."
    ) in text
    assert "To do: Wait a minute, then check again." in text
    assert "The endpoint tells zeros from other digits First: An endpoint served the model." in text


def test_points_that_could_not_be_checked_are_no_zero(result: Result, shown: Shown) -> None:
    """Neither in the row nor in the heading of its stage."""
    text = shown(result)

    assert "–/8  A Linear Learner training job completed" in text  # noqa: RUF001
    assert "Train: 0 of 8, 8 unverified" in text


def test_commands_and_addresses_stay_in_one_piece(result: Result, shown: Shown) -> None:
    """They are there to be copied, also where the terminal is narrow."""
    lines = [line.strip() for line in shown(result).splitlines()]

    assert result.next is not None
    assert result.next.command in lines
    assert result.next.url in lines
    assert {one.cleanup for one in result.leftovers} <= set(lines)


def test_prose_fits_into_80_columns(result: Result, shown: Shown) -> None:
    """Only what is copied may be longer."""
    copied = {one.cleanup for one in result.leftovers}

    assert [line for line in shown(result).splitlines() if len(line) > 80 and line.strip() not in copied] == []


def test_what_to_do_first_stands_last(result: Result, shown: Shown) -> None:
    """Just above the prompt."""
    last = shown(result).rstrip().rpartition("\n\n")[2]

    assert last.startswith("What comes next: The bucket is in the notebook instance's region")


def test_the_chain_says_why(result: Result, shown: Shown) -> None:
    """Several buckets, one judged: the report says which and why."""
    assert "bucket sagemaker-20190701-1820 in us-west-2: its name is the lesson's" in flat(shown(result))


def test_the_same_refusal_in_many_regions_is_one_line(result: Result, shown: Shown) -> None:
    """Seventeen regions don't push the rest off the screen."""
    text = flat(shown(result))

    assert text.count("sagemaker:ListApps") == 2  # the call, and the advice's permission
    assert (
        "sagemaker:ListApps in 4 regions: ap-south-1, eu-central-1, eu-west-1 and 1 more: AccessDeniedException."
        " Grant sagemaker:ListApps."
    ) in text
    assert "3 regions not read: ap-south-1, eu-central-1, us-west-2" in text


def test_advice_alone_is_no_reason_for_praise(finished: Result, shown: Shown) -> None:
    """As where `--only` names a criterion that is worth no points: it may be all that is left to do."""
    advice = msgspec.structs.replace(
        finished.criteria[0], outcome=Outcome.PENDING, points=Decimal(0), possible=Decimal(0)
    )

    assert "Well done" not in shown(msgspec.structs.replace(finished, criteria=(advice,)))


def test_times_are_utc_wherever_the_survey_was_made(result: Result, shown: Shown) -> None:
    """A survey may have been written with another zone."""
    there = result.surveyed_at.astimezone(dt.timezone(dt.timedelta(hours=-5)))

    assert "as of 2026-11-24 10:00 UTC" in shown(msgspec.structs.replace(result, surveyed_at=there))


def test_a_finished_lesson_is_praised_and_asked_for_nothing(finished: Result, shown: Shown) -> None:
    """No empty headings."""
    text = shown(finished)

    assert "6 of 6 points\n" in text
    assert "Nothing that bills by the hour was seen in 2 regions.\n" in text
    assert "Well done" in text
    assert "What comes next" not in text
    assert "could not" not in text


def test_nothing_seen_is_not_nothing_there(finished: Result, shown: Shown) -> None:
    """Where a region was not read, the report doesn't say that nothing is left."""
    unread = msgspec.structs.replace(finished, regions=RegionNames(("us-east-1",), (), ("eu-west-1",)))

    assert "was seen in 1 region. Not everything could be looked at: see below." in flat(shown(unread))


def test_what_nobody_looked_for_is_said_in_one_sentence(finished: Result, result: Result, shown: Shown) -> None:
    """Whether or not something bills that was seen all the same."""
    not_asked = Gap("ec2", "DescribeVolumes", None, NOT_ASKED, "Check the whole account, not only a part.")
    text, costing = (flat(shown(msgspec.structs.replace(one, gaps=(not_asked,)))) for one in (finished, result))

    assert NOT_LOOKED_FOR in text
    assert "DescribeVolumes" not in text
    assert "Nothing that bills" not in text
    assert "This costs money now" in costing
    assert NOT_LOOKED_FOR in costing


def test_evidence_that_is_not_live_says_where_it_is_from(finished: Result, shown: Shown) -> None:
    """An assistant sees what was self-reported."""
    handed_in = msgspec.structs.replace(finished.criteria[0], source=Source.HANDED_IN)

    text = flat(shown(msgspec.structs.replace(finished, criteria=(handed_in,))))

    assert "sagemaker-20190701-1820 (self-reported, from what was handed in)" in text


def test_hostile_names_print_nothing_but_text(hostile: Result, shown: Shown) -> None:
    """No markup, no escape sequence, no turned writing, no line that a runner obeys; a megabyte is cut."""
    text = shown(hostile)

    assert "[bold]x[/bold]" in text
    assert not {"\x1b", "\u202e", "\ud800"} & set(text)
    assert len(text) < 30_000


def test_no_line_is_a_command_to_github(result: Result, shown: Shown) -> None:
    """A runner obeys a line that begins with `::`."""
    command = "::error::x"
    spoiled = msgspec.structs.replace(
        result,
        warnings=(command,),
        rubric=msgspec.structs.replace(result.rubric, title=command),
        criteria=tuple(msgspec.structs.replace(one, title=command, message=command) for one in result.criteria),
    )

    assert [line for line in shown(spoiled).splitlines() if line.lstrip().startswith("::")] == []


def test_colour_is_there_for_those_who_have_it(result: Result) -> None:
    """And never in the way of those who don't."""
    file = io.StringIO()

    render(result, Console(file=file, width=80, color_system="standard", force_terminal=True))

    assert "\x1b[31m" in file.getvalue()


def test_one_line_says_score_cost_and_next(result: Result, finished: Result) -> None:
    """For --quiet."""
    assert brief(result) == (
        "8.5 of 40 points, incomplete: 8 points could not be verified; costs money now: about $0.2814 per hour ($6.75 a"
        " day), and 1 thing whose price is not known; next: Bucket and notebook instance must be in one region. Create"
        " a new bucket in us-east-1."
    )
    assert brief(finished) == "6 of 6 points"
    unpriced = msgspec.structs.replace(result, hourly_usd=Decimal(0), next=None)
    assert brief(unpriced).endswith("; costs money now: 1 thing whose price is not known")


def test_one_line_is_one_line(hostile: Result) -> None:
    """Whatever a name holds."""
    assert len(brief(hostile).splitlines()) == 1
