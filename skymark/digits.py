"""What the endpoint of the lesson said of each sample digit."""

from collections.abc import Iterable
from typing import Final

from skymark.answer import UnreadableAnswer, positives
from skymark.evidence import Struct, Survey
from skymark.outcome import ChainLink

ZERO: Final = "0"
"""How the answer is written that it is a zero."""
OTHER: Final = "-"
"""How the answer is written that it is another digit."""
NOUN: Final = {ZERO: "a zero", OTHER: "not a zero"}


class Digits(Struct, frozen=True):
    """The digits that an endpoint was asked about, in order, and what it said of each.

    `sent` has a digit for each, `said` a `0` where it took it for a zero and a `-` where for another one. Two lines of
    text, since a result is read by people, too.
    """

    endpoint: str
    region: str
    sent: str
    said: str

    @property
    def right(self) -> tuple[bool, ...]:
        """Of each digit, whether it was told right."""
        return tuple((label == "0") == (said == ZERO) for label, said in zip(self.sent, self.said, strict=True))


def told_digits(survey: Survey, chain: Iterable[ChainLink]) -> Digits | None:
    """The digits of the endpoint in the chain; None where it was not asked, or its answer cannot be read."""
    endpoints = {(link.id, link.region) for link in chain if link.kind == "endpoint"}
    asked = next((one for one in survey.invocations if (one.endpoint, one.region) in endpoints), None)
    if asked is None or asked.body is None:
        return None
    try:
        said = positives(asked.body)
    except UnreadableAnswer:
        return None
    if len(said) != len(asked.labels) or not all(0 <= label <= 9 for label in asked.labels):
        return None
    return Digits(
        asked.endpoint,
        asked.region,
        "".join(map(str, asked.labels)),
        "".join(ZERO if zero else OTHER for zero in said),
    )
