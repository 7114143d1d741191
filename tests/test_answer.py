"""Reading what an endpoint answers."""

import contextlib
import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skymark.answer import UnreadableAnswer, positives

SAID = st.lists(st.booleans(), min_size=1, max_size=40)


def labels(said):
    return [{"score": 0.75 if yes else 0.25, "predicted_label": int(yes)} for yes in said]


@given(SAID)
def test_json_json_lines_and_csv_say_the_same(said):
    """One answer in every format that Linear Learner knows."""
    rows = labels(said)
    table = io.StringIO()
    csv.writer(table).writerows([row["predicted_label"], row["score"]] for row in rows)

    assert positives(json.dumps({"predictions": rows})) == tuple(said)
    assert positives("\n".join(json.dumps(row) for row in rows)) == tuple(said)
    assert positives(table.getvalue()) == tuple(said)
    assert positives("\n".join(str(row["score"]) for row in rows)) == tuple(said)
    assert positives("\n".join(str(row["predicted_label"]) for row in rows)) == tuple(said)


def test_a_header_names_the_columns():
    """Then their order does not matter."""
    assert positives("score,predicted_label\n0.9,1\n0.2,0\n") == (True, False)


def test_a_single_prediction_is_an_answer():
    """JSON lines of one line look like JSON."""
    assert positives('{"score": 0.4, "predicted_label": 1}') == (True,)


def test_of_many_classes_zero_is_the_class_zero():
    """A multiclass model's score is a list, its label the digit."""
    rows = [{"score": [0.8, 0.1, 0.1], "predicted_label": 0}, {"score": [0.1, 0.1, 0.8], "predicted_label": 2}]

    assert positives(json.dumps({"predictions": rows})) == (True, False)


@pytest.mark.parametrize(
    "body",
    [
        "body",
        "",
        "[]",
        "{}",
        "null",
        '{"predictions": null}',
        '{"predictions": [1, 2]}',
        '{"predictions": [{"score": "high"}]}',
        '{"predictions": [{"score": Infinity}]}',
        '{"predictions": [{"predicted_label": true}]}',
        '{"predictions": [{"score": 0.5}, {}]}',
        "1,2,3\n4,5,6",
        "<html>502 Bad Gateway</html>",
        "[" * 100_000,
    ],
)
def test_anything_else_is_unreadable(body):
    """It is never taken for a prediction."""
    with pytest.raises(UnreadableAnswer):
        positives(body)


@given(st.text(max_size=200))
def test_no_text_makes_it_fall_over(body):
    """An answer is read, or said to be unreadable."""
    with contextlib.suppress(UnreadableAnswer):
        assert {type(yes) for yes in positives(body)} == {bool}
