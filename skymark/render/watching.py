"""An account that is watched, for the terminal: one page that stays in its place, or a line for each change."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.text import Text

from skymark.cause import MEANING, Cause
from skymark.outcome import Outcome
from skymark.render.page import Page
from skymark.render.terminal import STYLE
from skymark.render.words import WORD, burn, clean, headline, points_text, shortened, so_far_in_all
from skymark.result import Criterion, Result, Score
from skymark.watch.steps import Change, Step, is_at_work, steps
from skymark.watch.watching import Seen

AT_WORK: Final = "AWS is at work"
AROUND: Final = 7
"""The lines of a page that are always there: heading, empty lines, costs, and what is done now."""
NARROW: Final = 60
"""Below so many columns what was found is left out, and only the steps are shown."""
NEWS: Final = 3
"""So many of the latest changes stay on the page."""


def page(seen: Seen, news: Iterable[str], console: Console, said: Callable[[str], str] = str) -> RenderableType:
    """The whole page, no larger than the terminal: the steps, what comes next, what it costs, what is new.

    `said` puts commands as they can be typed here.
    """
    on = Page(console, said)
    stages = [_step(on, step, seen, console.width) for step in steps(seen.result)]
    lines = [on.text(line, "dim") for line in news]
    costs = on.text(_costs(seen.result), "yellow" if seen.result.hourly_usd else "dim").wrap(console, console.width)
    room = console.height - 1 - AROUND - len(stages) - len(lines) - (len(costs) - 1)
    parts = (
        _heading(on, seen.result),
        Text(),
        *stages,
        Text(),
        *_next(on, seen, console, max(room, 1)),
        *lines,
        Text(),
        *costs,
        on.text(now(seen), "dim"),
    )
    return Group(*(_one_line(part) for part in parts))


def lines(seen: Seen, before: Seen | None) -> Iterator[str]:
    """The same for a log or a screen reader: a line for each change, each with its time."""
    return (clean(line) for line in _lines(seen, before))


def _lines(seen: Seen, before: Seen | None) -> Iterator[str]:
    clock = _clock(seen.at)
    result, was = seen.result, before.result if before else None
    if was is None:
        yield f"{clock} {result.rubric.title}, account {result.subject.account}, region {result.region}"
    for change in seen.changes:
        yield f"{clock} {news(change)}"
    if was is None or result.score != was.score:
        yield f"{clock} {headline(result.score)}"
    if was is None or (result.hourly_usd, result.unpriced) != (was.hourly_usd, was.unpriced):
        yield f"{clock} {_costs(result)}"
    if result.next and (was is None or was.next is None or result.next.criterion != was.next.criterion):
        for word, text in (("next", result.next.text), ("command", result.next.command), ("page", result.next.url)):
            if text:
                yield f"{clock} {word}: {text}"
    if before is not None and seen.hindered is not before.hindered:
        yield f"{clock} {_hindered(seen.hindered) or 'AWS answers again'}"


def news(change: Change) -> str:
    """One change in a line: `passed: The bucket is private (3 of 3 points): …`; without points while AWS is at work."""
    one = change.criterion
    if is_at_work(one):
        return f"{AT_WORK}: {one.title}: {shortened(one.message, 200)}"
    word = WORD[one.outcome]
    points = f" ({points_text(one.points)} of {points_text(one.possible)} points)" if one.points is not None else ""
    return f"{word}: {one.title}{points}: {shortened(one.message, 200)}"


def now(seen: Seen) -> str:
    """What is being done, or what stands in the way; how long AWS has been at work."""
    clock = _clock(seen.at)
    if hindered := _hindered(seen.hindered):
        return f"{clock} {hindered}"
    if seen.is_looking:
        return f"{clock} Looking into all regions …"
    if seen.waiting:
        return f"{clock} Waiting for AWS for {_lasting(seen.at - min(seen.waiting.values()))}. Ctrl-C ends."
    return f"{clock} Watching. Go on in the console; Ctrl-C ends."


def _heading(on: Page, result: Result) -> Text:
    text = on.text(result.rubric.title, "bold")
    return (
        text.append("  ")
        .append_text(on.text(_score(result.score)))
        .append_text(on.text(f"  account {result.subject.account}, {result.region}", "dim"))
    )


def _score(score: Score) -> str:
    unverified = f", {points_text(score.unverified)} unverified" if score.unverified else ""
    return f"{points_text(score.earned)} of {points_text(score.possible)} points{unverified}"


def _step(on: Page, step: Step, seen: Seen, width: int) -> Text:
    text = on.text(f"{on.symbols[step.outcome]} {step.title:<18} {step.met}/{step.criteria}", STYLE[step.outcome])
    if step.first is None or width < NARROW:
        return text
    about = _about(step.first, seen)
    return text.append("  ").append_text(on.text(about, "" if step.outcome is Outcome.FAILED else "dim"))


def _about(one: Criterion, seen: Seen) -> str:
    if one.outcome is Outcome.BLOCKED:
        return one.hint or one.message
    since = seen.waiting.get(one.id)
    waited = f" ({_lasting(seen.at - since)} so far)" if since else ""
    return f"{one.message}{waited}" if since else f"{WORD[one.outcome]}: {one.message}"


def _next(on: Page, seen: Seen, console: Console, room: int) -> Iterator[Text]:
    """What comes next, in so many lines at most; a command or an address is never cut in two, but left out."""
    result = seen.result
    if result.next is None:
        return
    title = next((one.title for one in result.criteria if one.id == result.next.criterion), result.next.criterion)
    yield on.text(f"Next: {title}", "bold")
    links = [link for link in (result.next.command, result.next.url) if link and len(link) + 2 <= console.width]
    links = links[: max(room - 2, 0)]
    wrapped = on.text(result.next.text, limit=None).wrap(console, max(console.width - 4, 20))
    most = max(room - 1 - len(links), 1)
    for number, line in enumerate(wrapped[:most], 1):
        yield Text("  ").append_text(line).append(" …" if number == most < len(wrapped) else "")
    for link in links:
        yield Text("  ").append_text(on.text(link, "cyan", limit=None))


def _costs(result: Result) -> str:
    if not result.hourly_usd and not result.unpriced:
        return "Nothing costs money by the hour now."
    so_far = so_far_in_all(result.leftovers)
    return f"The meter is running: {burn(result.hourly_usd, result.unpriced)}{f', {so_far}' if so_far else ''}."


def _hindered(cause: Cause | None) -> str:
    return f"Looking less often: {MEANING[cause]}." if cause else ""


def _one_line(part: Text) -> Text:
    part.no_wrap, part.overflow = True, "ellipsis"
    return part


def _clock(at: dt.datetime) -> str:
    """The time of this computer, as its owner reads it."""
    return f"{at.astimezone():%H:%M:%S}"


def _lasting(time: dt.timedelta) -> str:
    minutes, seconds = divmod(max(int(time.total_seconds()), 0), 60)  # somebody may set the clock back
    return f"{minutes}:{seconds:02}"
