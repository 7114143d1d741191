"""A page for each rubric: what every criterion asks for, why, and by what it is judged."""

from pathlib import Path

from docs_site.reference.text import code, plain, table
from skymark.lesson import Lesson
from skymark.render.words import counted
from skymark.rubric import Rubric, RubricCriterion
from skymark.rubric_file import load_rubric
from skymark.survey.calls import actions_of


def pages(root: Path) -> dict[str, str]:
    """A page for each rubric of the lesson, by its file's name."""
    names = sorted(file.stem for file in (root / "rubrics").glob("*.yaml"))
    return {f"{name}.md": _page(load_rubric(Lesson(root), name)) for name in names}


def _page(rubric: Rubric) -> str:
    total = sum(one.points for one in rubric.criteria)
    lines = [
        f"# Criteria of {rubric.id}",
        "",
        f"{plain(rubric.title)}: {counted(total, 'point')}. Made from the rubric itself. In a terminal, "
        "`grade.py explain` tells the same of one criterion.",
        "",
        *table(
            ("criterion", "title", "points"),
            ((f"[{one.id}](#{_anchor(one)})", plain(one.title), _worth(one)) for one in rubric.criteria),
        ),
    ]
    stage = None
    for one in rubric.criteria:
        lines += [f"## {plain(one.stage)}", ""] if one.stage != stage else []
        lines += _criterion(one)
        stage = one.stage
    return "\n".join(lines)


def _criterion(one: RubricCriterion) -> list[str]:
    lines = [f"### {one.id} {{ #{_anchor(one)} }}", "", f"**{plain(one.title)}** ({_worth(one)})", ""]
    for heading, text in (("Asked for", one.expected), ("Why", one.why), ("What to do", one.hint)):
        if text:
            lines += [f"*{heading}.* {plain(text)}", ""]
    if one.warning:
        lines += [f"*Before that.* {plain(one.warning.text)}", ""]
    if one.command:
        lines += [f"*In the AWS CLI.* {code(one.command.strip())}", ""]
    if one.parameters:
        said = ", ".join(code(f"{name}: {value}") for name, value in one.parameters.items())
        lines += [f"*Parameters.* {said}", ""]
    if one.calls:
        lines += [f"*Judged by* {', '.join(code(call) for call in one.calls)}", ""]
        lines += [f"*Permissions that this needs:* {', '.join(code(name) for name in actions_of(one.calls))}", ""]
    return lines


def _worth(one: RubricCriterion) -> str:
    return "advice, 0 points" if one.is_advice else counted(one.points, "point")


def _anchor(one: RubricCriterion) -> str:
    return one.id.replace(".", "-").replace("_", "-")
