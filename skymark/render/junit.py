"""A grading as JUnit XML, for GitLab, Jenkins and their like.

One testsuite per rubric, one testcase per criterion: `failed` is a failure, `unverified` an error, `pending` and
`blocked` are skipped. The report's times are 0: Skymark does not time criteria, and renders no clock.
"""

import re
import xml.etree.ElementTree as ET
from typing import Final

from skymark.outcome import Outcome
from skymark.render.marked import Marked
from skymark.render.words import REPLACEMENT, points_text
from skymark.result import Criterion

NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write."""

NO_TIME: Final = "0.000"


def render(marked: Marked) -> str:
    """The report as text, to be written as UTF-8; in rubric order, points as they are there.

    Characters that XML lacks (control characters, lone surrogates) become a replacement character. An
    `unverified` criterion has no property `points`: absent, not 0.
    """
    root = ET.Element("testsuites", name="skymark")
    suite = ET.SubElement(root, "testsuite", _counts(marked))
    for one in marked.criteria:
        _testcase(suite, one, marked.rubric.id)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _counts(marked: Marked) -> dict[str, str]:
    tags = [_tag(one) for one in marked.criteria]
    return {
        "name": _xml(marked.rubric.id),
        "tests": str(len(tags)),
        "failures": str(tags.count("failure")),
        "errors": str(tags.count("error")),
        "skipped": str(tags.count("skipped")),
        "time": NO_TIME,
        "timestamp": marked.surveyed_at.isoformat(timespec="seconds"),
    }


def _tag(one: Criterion) -> str | None:
    """The child that says how a testcase went; none for one that went well."""
    match one.outcome:
        case Outcome.FAILED:
            return "failure"
        case Outcome.UNVERIFIED:
            return "error"
        case Outcome.PENDING | Outcome.BLOCKED:
            return "skipped"
        case Outcome.PASSED | Outcome.WAIVED:
            return None


def _testcase(suite: ET.Element, one: Criterion, rubric: str) -> None:
    module = one.id.rpartition(".")[0]
    names = {"classname": _xml(f"{rubric}.{module}"), "name": _xml(one.id), "time": NO_TIME}
    case = ET.SubElement(suite, "testcase", names)
    _properties(case, one)
    if tag := _tag(one):
        kind, message = _said(one)
        ET.SubElement(case, tag, {"type": kind, "message": message}).text = _text(one, message)


def _properties(case: ET.Element, one: Criterion) -> None:
    properties = ET.SubElement(case, "properties")
    said = {"outcome": str(one.outcome)}
    if one.outcome is not Outcome.UNVERIFIED and one.points is not None:
        said["points"] = points_text(one.points)
    said["possible"] = points_text(one.possible)
    for name, value in said.items():
        ET.SubElement(properties, "property", name=name, value=value)


def _said(one: Criterion) -> tuple[str, str]:
    """Type and message. A failure that earned some points all the same is `partial`."""
    if one.outcome is Outcome.BLOCKED and one.blocked_by:
        return "blocked", _xml(f"blocked by {one.blocked_by}")
    partial = one.outcome is Outcome.FAILED and bool(one.points)
    return "partial" if partial else str(one.outcome), _xml(one.message)


def _text(one: Criterion, message: str) -> str:
    """The message again, since some readers show only the text; then what to do."""
    lines = [message]
    if one.outcome is Outcome.BLOCKED and one.message:
        lines.append(_xml(one.message))
    if one.hint:
        lines.append(_xml(f"Fix: {one.hint}" if one.outcome is Outcome.FAILED else one.hint))
    if one.outcome is Outcome.UNVERIFIED:
        lines.append("Needs regrade.")
    return "\n".join(lines)


def _xml(text: str) -> str:
    return NOT_XML.sub(REPLACEMENT, text)
