"""A rubric as a table in the terminal."""

from decimal import Decimal

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from skymark.render.words import clean
from skymark.rubric import Rubric, RubricCriterion
from skymark.survey.calls import actions_of


def table(rubric: Rubric, *, full: bool = False) -> RenderableType:
    """The criteria by stage: id, points, title; `full`: with their hints and the permissions that they need."""
    rows = Table(box=None, pad_edge=False, header_style="bold")
    rows.add_column("criterion", no_wrap=True)
    rows.add_column("points", justify="right")
    rows.add_column("title", overflow="fold")
    stage = None
    for criterion in rubric.criteria:
        if criterion.stage != stage:
            stage = criterion.stage
            rows.add_row(Text(clean(stage), style="bold"), "", "")
        rows.add_row(Text(f"  {criterion.id}"), Text(_short(criterion.points)), _about(criterion, full))
    heading = Text(clean(f"{rubric.title} ({rubric.id}, version {rubric.version})"), style="bold")
    return Group(heading, "", rows, "", Text(summary(rubric)))


def summary(rubric: Rubric) -> str:
    """How many criteria and points, in one line."""
    total = sum((criterion.points for criterion in rubric.criteria), Decimal(0))
    count = len(rubric.criteria)
    return f"{count} {'criterion' if count == 1 else 'criteria'}, {_short(total)} points"


def _about(criterion: RubricCriterion, full: bool) -> Text:
    about = Text(clean(criterion.title))
    if full:
        about.append("\n" + "\n".join(map(clean, criterion.hint.strip().splitlines())), style="dim")
        if criterion.calls:
            about.append(f"\nNeeds {', '.join(actions_of(criterion.calls))}", style="dim")
        about.append("\n")
    return about


def _short(points: Decimal) -> str:
    """`6`, not `6.00` nor `1E+1`."""
    return f"{points.normalize():f}"
