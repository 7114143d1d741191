"""A result for GitHub Actions: annotations, and the summary of a step.

Source: GitHub Docs, "Workflow commands for GitHub Actions".
"""

from collections.abc import Iterable, Iterator
from types import MappingProxyType
from typing import Final

from skymark.outcome import Outcome
from skymark.render.marked import Marked, is_advice, is_partial, lines, points_of, withheld
from skymark.render.words import SYMBOL, WORD, clean, headline, points_text, shortened
from skymark.result import Criterion

ERROR, WARNING, NOTICE = "error", "warning", "notice"
SHOWN: Final = 10
"""How many annotations of one level GitHub shows of a step."""

LONGEST_MESSAGE: Final = 4_000
"""Bytes of one message as it is written, below GitHub's 4 KB."""

LARGEST_SUMMARY: Final = 1_000_000
"""Bytes of one step's summary: over 1 MiB GitHub drops it whole."""

MARKUP: Final = MappingProxyType(str.maketrans({char: f"&#{ord(char)};" for char in "|<>&`*_[]~\\$@#"}))
"""What GitHub's Markdown could take for markup in a cell; as an entity it is only a character."""


def annotations(marked: Marked) -> str:
    """The workflow commands, a line each: the score, then what did not pass, worst first, ten of a level at most.

    The rest stands in the summary. Criteria are not lines of the student's code, so none names a file.
    """
    said = [_command(NOTICE, "Skymark", _score(marked))]
    for level in (ERROR, WARNING, NOTICE):
        found = sorted((one for one in marked.criteria if _level(one) == level), key=_badness)
        room = SHOWN - (level == NOTICE)
        said += [_command(level, _title(one), one.message or _word(one)) for one in found[:room]]
    return "".join(f"{line}\n" for line in said)


def summary(marked: Marked, limit: int = LARGEST_SUMMARY) -> str:
    """The step's summary in GitHub's Markdown, in rubric order: at most `limit` bytes as UTF-8.

    Rows that do not fit are counted in its last line. Nothing at all where not even the score fits.
    """
    head = "".join(f"{line}\n" for line in _head(marked))
    rows = [_row(one) for one in marked.criteria]
    fitting = _fitting(rows, limit - _size(head))
    if fitting is None:
        return ""
    left = len(rows) - fitting
    return head + "".join(rows[:fitting]) + (_more(left) if left else "")


def escaped(message: str) -> str:
    """A workflow command's message: the percent sign first, then the line ends, and nothing else."""
    return message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escaped_property(value: str) -> str:
    """A workflow command's property, such as its title."""
    return escaped(value).replace(":", "%3A").replace(",", "%2C")


def _command(level: str, title: str, message: str) -> str:
    text = lines((message,))
    while len(escaped(text).encode()) > LONGEST_MESSAGE:
        text = f"{text[: len(text) * 3 // 4]} …"
    return f"::{level} title={escaped_property(clean(title))}::{escaped(text)}"


def _score(marked: Marked) -> str:
    score = marked.score
    text = f"{points_text(score.earned)} of {points_text(score.possible)}"
    why = withheld(marked)
    return f"incomplete: {text} so far; {why}" if why else text


def _level(one: Criterion) -> str | None:
    """How loud it is; None for what is well. Advice is never more than a notice."""
    match one.outcome:
        case Outcome.PASSED | Outcome.WAIVED:
            return None
        case _ if is_advice(one):
            return NOTICE
        case Outcome.FAILED:
            return WARNING if is_partial(one) else ERROR
        case Outcome.BLOCKED | Outcome.UNVERIFIED:
            return WARNING
        case Outcome.PENDING:
            return NOTICE


_FIRST: Final = (Outcome.UNVERIFIED, Outcome.FAILED, Outcome.BLOCKED, Outcome.PENDING)


def _badness(one: Criterion) -> tuple[int, object]:
    """What is unverified first, since somebody must look again; then what costs most."""
    return _FIRST.index(one.outcome), -(one.possible - (points_of(one) or 0))


def _title(one: Criterion) -> str:
    return f"{one.id} (needs regrade)" if one.outcome is Outcome.UNVERIFIED else one.id


def _word(one: Criterion) -> str:
    return "partial" if is_partial(one) else WORD[one.outcome]


def _head(marked: Marked) -> Iterator[str]:
    yield f"## {_cell(marked.rubric.title)}: {_cell(headline(marked.score))}"
    yield ""
    if why := withheld(marked):
        yield f"**Incomplete**, needs regrade: {_cell(why)}. This is nobody's fault."
        yield ""
    yield "| | Criterion | Points | What was found |"
    yield "| --- | --- | ---: | --- |"


def _row(one: Criterion) -> str:
    points = points_of(one)
    of = f"{'' if points is None else points_text(points)} of {points_text(one.possible)}".strip()
    found = f"{one.message} – {one.hint}" if one.hint else one.message  # noqa: RUF001 - a dash for people
    return f"| {SYMBOL[one.outcome]} {_word(one)} | {_cell(one.id)} | {of} | {_cell(found)} |\n"


def _cell(text: str) -> str:
    """The text on one line, none of it markup."""
    return clean(shortened(text)).translate(dict(MARKUP))


def _fitting(rows: Iterable[str], room: int) -> int | None:
    """How many rows fit, the line that counts the others included; None where not even that one does."""
    sizes = [_size(row) for row in rows]
    if room < 0:
        return None
    if sum(sizes) <= room:
        return len(sizes)
    fits = [n for n in range(len(sizes)) if sum(sizes[:n]) + _size(_more(len(sizes) - n)) <= room]
    return fits[-1] if fits else None


def _more(left: int) -> str:
    return f"\n… and {left} more\n"


def _size(text: str) -> int:
    return len(text.encode())
