"""What is left as a shell script that removes it: to be read first, and run by whoever wants it gone.

Names are chosen by students: in a command each is one quoted word, in a comment it stays on its line.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from skymark.apart import beginning, is_older
from skymark.cost.commands import AND, plain, separate
from skymark.render.words import Left, clean, facts, left, place, shortened
from skymark.result import Leftover, Result

EVIDENCE: Final = ("bucket", "role", "log-group")
"""What a lesson is judged by after the teardown; removed last, in this order."""

ORDER: Final = (
    *("endpoint", "notebook-instance", "app"),
    *("monitoring-schedule", "nat-gateway", "address", "vpc-endpoint"),
    *("inference-component", "endpoint-config", "model", "trial", "experiment"),
    *("space", "domain", "file-system", "multipart-upload"),
    *EVIDENCE,
)
"""What has to go before something else goes first. What is not named here waits for nothing, and nothing for it."""

WAITS: Final = ("for try in ", "aws sagemaker wait ", "aws ec2 wait ")

ASK: Final = "Get your marks first: buckets, roles and logs are evidence, and cannot be brought back."


def render(result: Result, *, everything: bool = False, said: Callable[[str], str] = str) -> str:
    """The script, with a line end. Without `everything` it removes only what bills by the hour, or would once started.

    Commands stand in an order that AWS allows, by region; each is there once, however many things need it.
    `said` puts Skymark's own commands as they can be typed here; the AWS CLI's are never touched.
    """
    found = left(result)
    hourly = (*found.costing, *found.resting)
    rest = tuple(one for one in found.tidy if one.type not in EVIDENCE) if everything else ()
    evidence = tuple(one for one in found.tidy if one.type in EVIDENCE) if everything else ()
    done: set[str] = set()
    lines = [
        *_heading(result, said),
        *_section("What bills by the hour, or would once started", hourly, result, done),
        *_section("What costs nothing by the hour", rest, result, done),
        *_section(f"Evidence. {ASK}", evidence, result, done, by_region=False),
        *(() if everything else _kept_back(found, said)),
        *_apart(found.apart, result),
    ]
    if not (hourly or rest or evidence):
        lines += ["", *_nothing(result, everything)]
    return "\n".join(lines) + "\n"


def _heading(result: Result, said: Callable[[str], str]) -> Iterator[str]:
    yield "#!/bin/sh"
    yield from _comment(
        f"What is left in account {result.subject.account}, as of {result.surveyed_at:%Y-%m-%d %H:%M} UTC, and how to "
        "remove it."
    )
    yield from _comment("Skymark wrote this and ran none of it. Read it before you run it: what is deleted is gone.")
    for warning in result.warnings:
        yield from _comment(said(f"Please note: {warning}"))
    if result.gaps or result.regions.unread:
        yield from _comment(
            said("Not everything could be looked at, so there may be more: `grade.py check` says what.")
        )


def _section(
    title: str, found: tuple[Leftover, ...], result: Result, done: set[str], *, by_region: bool = True
) -> Iterator[str]:
    """Region by region; or kind by kind through all regions, where a later kind waits for an earlier one elsewhere."""
    if not found:
        return
    yield ""
    yield from _comment(title)
    for one in sorted(found, key=lambda one: (one.region if by_region else "", _rank(one), one.region)):
        yield ""
        yield from _comment(_about(one, result))
        if one.cleanup and is_older(one, beginning(result.steps, result.surveyed_at)):
            yield from _asked_about(one)
        else:
            yield from _commands(one, done)


def _rank(one: Leftover) -> int:
    return ORDER.index(one.type) if one.type in ORDER else -1


def _commands(one: Leftover, done: set[str]) -> Iterator[str]:
    """Those that were not there before, each only if the one before it worked. A wait may be needed again."""
    if not one.cleanup:
        yield from _comment("No command: AWS is at work on it, or it cannot be removed by one.")
        return
    if clean(one.cleanup) != one.cleanup:
        yield from _comment("No command: a name in it holds characters that nobody should paste.")
        return
    steps = [step for step in separate(one.cleanup) if plain(step) not in done]
    if all(step.startswith(WAITS) for step in steps) and len(steps) < len(separate(one.cleanup)):
        yield from _comment("Is removed with what stands above.")
        return
    done.update(plain(step) for step in steps if not step.startswith(WAITS))
    yield f"{AND.rstrip()} \\\n  ".join(steps)


def _asked_about(one: Leftover) -> Iterator[str]:
    """It bills, and it may be somebody's work: whoever wants it gone says so."""
    yield from _comment("Older than the lesson: is it yours to delete? Then take away the signs before the commands.")
    for line in "\n".join(_commands(one, set())).splitlines():
        yield line if line.startswith("#") else f"# {line}"


def _kept_back(found: Left, said: Callable[[str], str]) -> Iterator[str]:
    if found.tidy:
        number = f"{len(found.tidy)} more thing{'s' if len(found.tidy) > 1 else ''}"
        yield ""
        yield from _comment(said(f"{number} could be tidied away: `grade.py cleanup --all`. {ASK}"))


def _apart(apart: tuple[Leftover, ...], result: Result) -> Iterator[str]:
    """Never with a command: it may be somebody's work."""
    if apart:
        yield ""
        yield from _comment("Also there, and left alone:")
    for one in apart:
        yield from _comment(f"{_about(one, result)} ({one.apart})")


def _nothing(result: Result, everything: bool) -> Iterator[str]:
    """A script that says so, where nothing is left."""
    what = "Nothing to remove" if everything else "Nothing to remove that bills by the hour"
    number = len(result.regions.answered)
    yield f"echo '{what} was seen in {number} region{'' if number == 1 else 's'}.'"


def _about(one: Leftover, result: Result) -> str:
    known: Iterable[str] = facts(one, result.surveyed_at)
    return f"{one.type} {shortened(one.id, 200)}{place(one)}: {', '.join(known)}"


def _comment(text: str) -> Iterator[str]:
    """One line, whatever a name holds."""
    yield f"# {clean(text)}"
