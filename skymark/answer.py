"""Reading what a Linear Learner endpoint answers.

Source: SageMaker developer guide, "Linear learner response formats".
"""

import csv
import json
import math
from collections.abc import Sequence
from typing import Any

YES = 0.5


class UnreadableAnswer(ValueError):
    """The answer is in no format that is known; `str()` ends a sentence that begins "it answered, but"."""


def positives(body: str) -> tuple[bool, ...]:
    """For each prediction, in order, whether it says "this is a zero".

    A binary classifier says so by `predicted_label` 1; without labels, by a `score` of at least 0.5. A classifier
    of more classes says so by the label 0. JSON, JSON lines and CSV (one column; or label and score) are read.

    Raises:
        UnreadableAnswer: it is none of these, or holds something that is no finite number.
    """
    rows = _json_rows(body) or _csv_rows(body)
    if not rows:
        raise UnreadableAnswer(f"not with predictions ({_excerpt(body)})")
    return tuple(_meanings(rows, body))


def _json_rows(body: str) -> list[dict[str, Any]]:
    """The predictions of a JSON answer, or of JSON lines; empty if it is neither."""
    try:
        answer = json.loads(body)
        found = answer.get("predictions") if isinstance(answer, dict) and "predictions" in answer else [answer]
    except (ValueError, RecursionError):
        try:
            found = [json.loads(line) for line in body.splitlines() if line.strip()]
        except (ValueError, RecursionError):
            return []
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        return []
    return [row for row in found if "predicted_label" in row or "score" in row] if _all_known(found) else []


def _all_known(rows: Sequence[dict[str, Any]]) -> bool:
    return all("predicted_label" in row or "score" in row for row in rows)


def _csv_rows(body: str) -> list[dict[str, Any]]:
    """The predictions of a CSV answer; empty if it is none."""
    try:
        lines = [[cell.strip() for cell in line] for line in csv.reader(body.splitlines()) if line]
    except csv.Error:  # a cell that is longer than any number
        return []
    header = ["predicted_label", "score"]
    if lines and not _is_number(lines[0][0]):
        header, lines = lines[0], lines[1:]
    elif lines and len(lines[0]) == 1:
        header = ["score"]
    elif lines and not all(_is_class(line[0]) for line in lines):
        header = ["score", "predicted_label"]
    if not {"predicted_label", "score"} & set(header) or any(len(line) != len(header) for line in lines):
        return []
    return [dict(zip(header, line, strict=True)) for line in lines]


def _meanings(rows: Sequence[dict[str, Any]], body: str) -> list[bool]:
    if all("predicted_label" in row for row in rows):
        labels = [_number(row["predicted_label"], body) for row in rows]
        many_classes = any(isinstance(row.get("score"), list) for row in rows) or any(label > 1 for label in labels)
        return [label == 0 if many_classes else label == 1 for label in labels]
    return [_number(row.get("score"), body) >= YES for row in rows]


def _number(value: Any, body: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str) or not _is_number(value):
        raise UnreadableAnswer(f"with something that is no number ({_excerpt(body)})")
    return float(value)


def _is_number(value: Any) -> bool:
    try:
        return math.isfinite(float(value))
    except (ValueError, OverflowError):
        return False


def _is_class(cell: str) -> bool:
    return _is_number(cell) and float(cell).is_integer()


def _excerpt(body: str) -> str:
    start = " ".join(body.split())[:60]
    return f"it says {start!r}" if start else "it says nothing"
