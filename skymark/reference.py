"""What a lesson's fixtures can ask for, as a page for people: made from the types themselves.

`python -m skymark.reference` writes docs/evidence.md; a test compares the two.
"""

import inspect
import types
import typing
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final, Literal

from skymark import choice, due, evidence, exhibit, judge_fixtures, lives, outcome
from skymark.evidence import Struct, Survey
from skymark.policy import public
from skymark.rubric import SurveyPlan
from skymark.survey import history

DOCUMENT: Final = Path(__file__).parents[1] / "docs" / "evidence.md"
OF_BUCKETS: Final = ("Bucket", "PublicAccessBlock", "Website", "BucketObject", "Tag", "LifecycleRule")
OF_ALL: Final = ("Identity", "Regions", "ClosedRegion", "Gap", "Event", "HistoryRead", "Resource", "CallMade")
TOOLS: Final[tuple[tuple[str, Callable[..., Any]], ...]] = (
    ("skymark.choice", choice.choose),
    ("skymark.exhibit", exhibit.unread_history),
    ("skymark.exhibit", exhibit.history_gaps),
    ("skymark.exhibit", exhibit.where_unread),
    ("skymark.exhibit", exhibit.untold),
    ("skymark.exhibit", exhibit.raise_if_refused),
    ("skymark.exhibit", exhibit.when),
    ("skymark.lives", lives.lives),
    ("skymark.lives", lives.of),
    ("skymark.due", due.torn_down),
    ("skymark.policy.public", public.public_access),
)
_INTRODUCTION: Final = """# What fixtures can ask for

Made from the types by `python -m skymark.reference`; don't change it by hand. How a lesson uses it:
[write-a-lesson.md](write-a-lesson.md). What it all means for a verdict: [how-it-works.md](how-it-works.md).

Names are AWS's own, in Python's spelling. Times are aware and UTC, tuples are ordered by region and name. `None` always
means *not known*, never *none*: the reason then stands among the survey's gaps.
"""


def page() -> str:
    """The whole page, as Markdown."""
    known = {name: kind for name, kind in vars(evidence).items() if _is_evidence(kind)}
    others = [name for name in known if name not in (*OF_BUCKETS, *OF_ALL, "Survey", "Struct")]
    parts = (
        _INTRODUCTION,
        _fixtures(),
        "## The survey\n",
        _struct(Survey),
        _calls_on_survey(),
        "## Of every account\n",
        *(_struct(known[name]) for name in OF_ALL),
        "## Of buckets\n\nOf those whose names match the plan's `buckets`.\n",
        *(_struct(known[name]) for name in OF_BUCKETS),
        _history(),
        "## Of SageMaker\n\nRoles, logs, traces and answers only where the lesson is `about: [sagemaker]`.\n",
        *(_struct(known[name]) for name in others),
        "## What a rubric's plan can say\n\nThe keys of `survey:`.\n",
        _struct(SurveyPlan),
        _signals(),
        _tools(),
    )
    return "\n".join(parts)


def write() -> None:
    """Bring the page up to date."""
    DOCUMENT.write_text(page(), encoding="utf-8")


def _is_evidence(kind: object) -> bool:
    return inspect.isclass(kind) and issubclass(kind, Struct)


def _struct(kind: type) -> str:
    properties = [
        (name, typing.get_type_hints(part.fget)["return"], _sentence(part.fget))
        for name, part in vars(kind).items()
        if isinstance(part, property) and part.fget
    ]
    hints = typing.get_type_hints(kind)
    fields = [(name, hints[name], "") for name in kind.__struct_fields__]  # type: ignore[attr-defined]
    return f"### {kind.__name__}\n\n{_text(kind)}\n\n{_table(('name', 'type', ''), [*fields, *properties])}"


def _fixtures() -> str:
    found = [
        (name, typing.get_type_hints(made.__wrapped__)["return"], _sentence(made.__wrapped__))
        for name, made in vars(judge_fixtures).items()
        if hasattr(made, "__wrapped__") and name != "gather"
    ]
    return f"## Fixtures that every lesson has\n\n{_table(('fixture', 'type', ''), found)}"


def _calls_on_survey() -> str:
    """What can be asked of a survey beside its fields."""
    found = (one for one in (Survey.gaps_of, Survey.happened, Survey.has_history))
    return "".join(f"- `survey.{one.__name__}{_signature(one)}`: {_sentence(one)}\n" for one in found)


def _history() -> str:
    rows: list[tuple[str, Sequence[str]]] = [("every lesson that has buckets", history.OF_BUCKETS)]
    rows += [(f"`settings: [{setting}]`", names) for setting, names in history.OF_SETTINGS.items()]
    lines = "".join(f"| {what} | {_code(names)} |\n" for what, names in rows)
    when = "Read where no bucket matches the plan's `bucket` any more, or with `--due`."
    but = "Uploads are not in CloudTrail's event history."
    return f"### Events of buckets\n\n{when} {but}\n\n| asked for by | events |\n| --- | --- |\n{lines}"


def _signals() -> str:
    kinds = (outcome.NotYet, outcome.Working, outcome.Refused, outcome.Wrong, outcome.Unseen)
    lines = "".join(f"- `{one.__name__}{_signature(one.__init__)}`: {_sentence(one)}\n" for one in kinds)
    what = "What a fixture raises where there is nothing to hand over, from `skymark.outcome`."
    return f"## Signals\n\n{what}\n\n{lines}"


def _tools() -> str:
    lines = "".join(f"- `{module}.{one.__name__}{_signature(one)}`: {_sentence(one)}\n" for module, one in TOOLS)
    return f"## Tools\n\nPure functions that fixtures of any lesson can use.\n\n{lines}"


def _table(head: tuple[str, str, str], rows: Iterable[tuple[str, Any, str]]) -> str:
    lines = [f"| {' | '.join(head)} |", "| --- | --- | --- |"]
    lines += [f"| `{name}` | `{_type(kind)}` | {words} |".replace("|  |", "| |") for name, kind, words in rows]
    return "\n".join(lines) + "\n"


def _type(kind: Any) -> str:
    """As it is written, without the modules' names; a table's cell has no bare bar."""
    parts, origin = typing.get_args(kind), typing.get_origin(kind)
    if kind in (type(None), None):
        return "None"
    if not parts:
        return "..." if kind is ... else str(kind.__name__)
    if origin is Literal:
        return f"Literal[{', '.join(map(repr, parts))}]"
    if origin in (typing.Union, types.UnionType):
        return r" \| ".join(map(_type, parts))
    return f"{_type(origin)}[{', '.join(map(_type, parts))}]"


def _signature(called: Callable[..., Any]) -> str:
    names = [
        f"*{name}" if one.kind is one.VAR_POSITIONAL else name if one.default is one.empty else f"{name}="
        for name, one in inspect.signature(called).parameters.items()
        if name != "self"
    ]
    return f"({', '.join(names)})"


def _text(documented: Any) -> str:
    """Its docstring; Markdown would take `<name>` for a tag where it is no code."""
    parts = (inspect.getdoc(documented) or "").split("`")
    return "`".join(part if number % 2 else part.replace("<", "&lt;") for number, part in enumerate(parts))


def _sentence(documented: Any) -> str:
    return _text(documented).partition("\n")[0]


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    write()
