"""How often an account is glanced at and looked into. Pure; times are in seconds of a clock that is never set."""

from enum import Enum
from typing import Final

from msgspec.structs import replace

from skymark.evidence import Struct

SLOWER: Final = 2.0
FASTER: Final = 0.75
LONGEST_S: Final = 60.0
"""So long at most an account is left alone where AWS asks to go slower, or cannot be reached."""
IDLE_S: Final = 60.0
"""After that a look is taken though no glimpse told of a change, since some changes none can tell."""
RARELY: Final = 1.5
IDLE_LONGEST_S: Final = 180.0
NEWS_S: Final = 30.0
"""After something new all regions are looked into, which is written down; but not more often than this."""
SEARCH_S: Final = 300.0
"""And at least so often: something of the lesson may be where nobody looks for it."""


class Turn(Enum):
    """What is to be done now: nothing more than a glimpse, a look where the lesson is done, a look everywhere."""

    GLIMPSE = "glimpse"
    NEAR = "near"
    EVERYWHERE = "everywhere"


class Pace(Struct, frozen=True):
    """When it was looked last, and how long to wait until the next glimpse.

    `has_news`: whether a look near by showed something new since all regions were looked into.
    """

    every_s: float
    wait_s: float
    looked_at: float
    everywhere_at: float
    idle_s: float = IDLE_S
    has_news: bool = False

    @classmethod
    def begun(cls, every_s: float, now: float) -> "Pace":
        """After the first look into all regions."""
        return cls(every_s, every_s, looked_at=now, everywhere_at=now)

    def turn(self, now: float, *, has_changed: bool) -> Turn:
        """What a glimpse calls for."""
        if now - self.everywhere_at >= (NEWS_S if self.has_news and not has_changed else SEARCH_S):
            return Turn.EVERYWHERE
        return Turn.NEAR if has_changed or now - self.looked_at >= self.idle_s else Turn.GLIMPSE

    def after_glimpse(self, *, is_hindered: bool) -> "Pace":
        """Where AWS asked to go slower, or was not reached, wait twice as long; else recover."""
        slower = min(self.wait_s * SLOWER, max(LONGEST_S, self.every_s))
        return replace(self, wait_s=slower if is_hindered else max(self.wait_s * FASTER, self.every_s))

    def after_near(self, now: float, *, has_news: bool) -> "Pace":
        """Where nothing is new the next look without a reason comes later."""
        idle = IDLE_S if has_news else min(self.idle_s * RARELY, IDLE_LONGEST_S)
        return replace(self, looked_at=now, idle_s=idle, has_news=self.has_news or has_news)

    def after_everywhere(self, now: float) -> "Pace":
        """All is known again."""
        return replace(self, looked_at=now, everywhere_at=now, has_news=False)
