"""The words and signs that every report uses, so that an outcome is called the same everywhere."""

import datetime as dt
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Any, Final

from skymark.evidence import Struct
from skymark.outcome import Outcome, Source
from skymark.result import Leftover, Result, Score

SYMBOL: Final[Mapping[Outcome, str]] = MappingProxyType(
    {
        Outcome.PASSED: "✓",
        Outcome.FAILED: "✗",
        Outcome.PENDING: "…",
        Outcome.BLOCKED: "↑",
        Outcome.UNVERIFIED: "?",
        Outcome.WAIVED: "★",
    }
)

WORD: Final[Mapping[Outcome, str]] = MappingProxyType(
    {
        Outcome.PASSED: "passed",
        Outcome.FAILED: "failed",
        Outcome.PENDING: "pending",
        Outcome.BLOCKED: "blocked",
        Outcome.UNVERIFIED: "unverified",
        Outcome.WAIVED: "waived",
    }
)

MEANING: Final[Mapping[Outcome, str]] = MappingProxyType(
    {
        Outcome.PASSED: "Your account shows that this is done.",
        Outcome.FAILED: "Something here is not as the lesson asks: there is something to fix.",
        Outcome.PENDING: "This is not there yet, or AWS is still working on it.",
        Outcome.BLOCKED: "This can only be judged once another step is done.",
        Outcome.UNVERIFIED: "This could not be verified. It costs you no points; the score is incomplete until it is.",
        Outcome.WAIVED: "A teaching assistant decided about this one.",
    }
)

ASCII_SYMBOL: Final[Mapping[Outcome, str]] = MappingProxyType(
    {
        Outcome.PASSED: "+",
        Outcome.FAILED: "x",
        Outcome.PENDING: ".",
        Outcome.BLOCKED: "^",
        Outcome.UNVERIFIED: "?",
        Outcome.WAIVED: "*",
    }
)
"""For terminals that cannot show the others."""

SOURCE: Final[Mapping[Source, str]] = MappingProxyType(
    {
        Source.LIVE: "seen in the account",
        Source.TRACE: "seen in AWS's records",
        Source.EARLIER: "proved in an earlier check",
        Source.HANDED_IN: "self-reported, from what was handed in",
    }
)

UNKNOWN: Final = "–"  # noqa: RUF001 - a dash for people, not a minus
REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
BREAKS: Final = "\n\r\t\x85\u2028\u2029"
UNSAFE: Final = ("Cc", "Cf", "Cs")
"""Unicode's categories of control characters, invisible ones, and surrogates."""
JOINERS: Final = "\u200c\u200d"
"""Invisible, but needed to write Persian, Hindi and some emoji."""
CENT: Final = Decimal("0.01")
TENTH_OF_CENT: Final = Decimal("0.0001")
LITTLE: Final = "less than $0.01"
TOO_LARGE: Final = Decimal(10) ** 20
HOURS_A_DAY: Final = 24
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


def points_text(points: Decimal | None) -> str:
    """`6`, `2.5`, and a dash where nothing could be said. At most two decimals, never an exponent."""
    return UNKNOWN if points is None else number_text(points, CENT)


def number_text(number: Decimal, step: Decimal) -> str:
    """The number rounded to `step`, half up, without trailing zeros and without an exponent."""
    text = f"{rounded(number, step):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def rounded(number: Decimal, step: Decimal) -> Decimal:
    """The number rounded to a multiple of `step`, half up; a number too large for that stays as it is."""
    return number.quantize(step, ROUND_HALF_UP) if abs(number) < TOO_LARGE else number


def usd(amount: Decimal | None) -> str:
    """`$0.23` or `$0.0464`: at least two decimals, at most four; words where the price is not known."""
    if amount is None:
        return "price not known"
    text = number_text(amount, TENTH_OF_CENT)
    whole, _, part = text.partition(".")
    return f"${whole}.{part.ljust(2, '0')}"


def burn(hourly_usd: Decimal, unpriced: int) -> str:
    """`about $0.28 per hour ($6.63 a day), and 1 thing whose price is not known`: an unknown price is never $0."""
    unknown = f"{counted(unpriced, 'thing')} whose price is not known" if unpriced else ""
    if not hourly_usd:
        return unknown or "nothing"
    daily = usd(rounded(hourly_usd * HOURS_A_DAY, CENT))
    return f"about {usd(hourly_usd)} per hour ({daily} a day)" + (f", and {unknown}" if unknown else "")


def lasting(since: dt.datetime | None, until: dt.datetime) -> str:
    """`40 minutes`, `5 hours`, `3 days`: whole ones, at least one minute; nothing where the beginning is not known."""
    if since is None:
        return ""
    time = max(until - since, MINUTE)
    unit, noun = (DAY, "day") if time >= 2 * DAY else (HOUR, "hour") if time >= 2 * HOUR else (MINUTE, "minute")
    return counted(time // unit, noun)


def price(one: Leftover) -> str:
    """`$0.28 per hour`; nothing for what costs nothing by the hour, words where the price is not known."""
    if one.hourly_usd is None:
        return usd(None)
    return f"{usd(one.hourly_usd)} per hour" if one.hourly_usd else ""


def so_far(one: Leftover) -> str:
    """`about $20.16 so far`; nothing where that is not known."""
    return "" if one.cost_so_far_usd is None else f"{_about(one.cost_so_far_usd)} so far"


def so_far_in_all(leftovers: Iterable[Leftover]) -> str:
    """`about $0.31 so far`, of whatever bills now and whose cost is known; nothing where no cost is."""
    known = [one.cost_so_far_usd for one in leftovers if one.bills and one.cost_so_far_usd is not None]
    return f"{_about(sum(known, Decimal(0)))} so far" if known else ""


def _about(amount: Decimal) -> str:
    return LITTLE if rounded(amount, CENT) == 0 else f"about {_cents(amount)}"


def place(one: Leftover) -> str:
    """` in us-east-1`; nothing for what has no region."""
    return "" if one.region == "global" else f" in {one.region}"


def kept(one: Leftover) -> str:
    """`$0.70 a month for being kept`; nothing where it costs nothing, or that is not known."""
    return f"{_cents(one.monthly_usd)} a month for being kept" if one.monthly_usd else ""


def facts(one: Leftover, now: dt.datetime) -> tuple[str, ...]:
    """`InService`, `for 3 days`, and what it costs: what is known of it, in this order."""
    age = lasting(one.created_at, now)
    known = (one.status, f"for {age}" if age else "", price(one), so_far(one), kept(one))
    return tuple(text for text in known if text)


class Left(Struct, frozen=True):
    """What is left, as it is told: what costs money now, what rests, what is advice, and what counts against nobody."""

    costing: tuple[Leftover, ...]
    resting: tuple[Leftover, ...]
    tidy: tuple[Leftover, ...]
    apart: tuple[Leftover, ...]


def left(result: Result) -> Left:
    """The leftovers of a result by how they are told, each once."""
    counted_ones = [one for one in result.leftovers if one.apart is None]
    costing = tuple(one for one in counted_ones if one.bills and one.hourly_usd != 0)
    return Left(
        costing,
        tuple(one for one in counted_ones if one not in costing),
        tuple(one for one in result.tidy if one.apart is None),
        tuple(one for one in (*result.leftovers, *result.tidy) if one.apart is not None),
    )


def by_type(found: Iterable[Leftover]) -> list[tuple[str, tuple[Leftover, ...]]]:
    """`models`, and which: what there is of each type, in the order in which each first appears."""
    groups: dict[str, list[Leftover]] = {}
    for one in found:
        groups.setdefault(one.type, []).append(one)
    return [(_plural(type, len(group)), tuple(group)) for type, group in groups.items()]


def headline(score: Score) -> str:
    """The score in a line; one that is not complete says so, since it can still rise."""
    text = f"{points_text(score.earned)} of {counted(score.possible, 'point')}"
    if score.complete:
        return text
    return f"{text}, incomplete: {counted(score.unverified, 'point')} could not be verified"


def counted(number: Decimal | int, noun: str) -> str:
    """`1 point`, `2.5 points`."""
    return f"{points_text(Decimal(number))} {noun}" + ("" if number == 1 else "s")


def listed(names: Sequence[str], most: int = 3) -> str:
    """`a, b, c and 14 more`."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def shortened(text: str, length: int = 600) -> str:
    """The text, cut where it is longer than a person reads."""
    return text if len(text) <= length else f"{text[: length - 2]} …"


def clean(text: str) -> str:
    """One line that is safe to show: names that students chose can hold anything.

    Line ends and tabs become a space; control characters, invisible ones (those that turn the writing direction
    among them) and lone surrogates become a replacement character. Idempotent.
    """
    # Whatever is printable is none of these; most texts are, and a page of a class shows thousands.
    return text if text.isprintable() else "".join(map(_shown, text))


def no_surrogates(text: str) -> str:
    """The text with each lone surrogate replaced: it is no Unicode, and nothing can write it."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def writable(value: Any, written: Callable[[str], str] = no_surrogates) -> Any:
    """Whatever JSON is made from, with each text, however deep, as it is `written`: JSON has no lone surrogates."""
    match value:
        case dict():
            return {key: writable(part, written) for key, part in value.items()}
        case list() | tuple():
            return [writable(part, written) for part in value]
        case str():
            return written(value)
        case _:
            return value


def _cents(amount: Decimal) -> str:
    """To the cent: an estimate is no more exact."""
    cents = rounded(amount, CENT)
    return usd(cents) if cents else LITTLE


def _plural(type: str, number: int) -> str:
    noun = type.replace("-", " ")
    if number == 1:
        return noun
    return f"{noun.removesuffix('y')}ies" if noun.endswith("y") and noun[-2] not in "aeiou" else f"{noun}s"


def _shown(char: str) -> str:
    if char in BREAKS:
        return " "
    return REPLACEMENT if unicodedata.category(char) in UNSAFE and char not in JOINERS else char
