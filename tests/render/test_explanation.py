"""One criterion explained: everything that the rubric says of it, in words of a newcomer."""

import io
import re

import pytest
from rich.console import Console

from skymark.lesson import Lesson
from skymark.render.explanation import NAMES, render
from skymark.rubric_file import load_rubric

RUBRICS = {name: load_rubric(Lesson.at(None), name) for name in ("sagemaker-intro", "learner-lab")}
CRITERIA = [pytest.param(one, id=f"{name}-{one.id}") for name, by in RUBRICS.items() for one in by.criteria]
LONGEST_SENTENCE = 32
"""Words; plain-language guides ask for 15 to 20 on average. Source: plainlanguage.gov, "Write short sentences"."""


def explained(entry, width=100) -> str:
    """The text as it stands in the terminal."""
    console = Console(file=io.StringIO(), width=width)
    render(entry, console)
    return console.file.getvalue()


@pytest.mark.parametrize("entry", CRITERIA)
def test_each_criterion_says_what_is_asked_for_why_and_what_to_do(entry):
    """In one piece, whatever the width."""
    text = " ".join(explained(entry).split())

    for part in (entry.title, entry.expected, entry.why, entry.hint):
        assert " ".join(part.split()) in text
    assert all(link.url in text for link in entry.links)
    assert (entry.command or "") in text


@pytest.mark.parametrize("entry", CRITERIA)
def test_sentences_are_short(entry):
    """Somebody reads them in class, with a console open beside."""
    for part in (entry.expected, entry.why, entry.hint):
        sentences = re.split(r"[.:;!?](?:\s|$)", part)
        lengths = [len(sentence.split()) for sentence in sentences if sentence.strip()]
        assert max(lengths) <= LONGEST_SENTENCE
        assert sum(lengths) / len(lengths) <= 20


def test_names_to_fill_in_are_said_to_be_so():
    """Only where there are some."""
    by_id = {one.id: one for one in RUBRICS["sagemaker-intro"].criteria}

    assert NAMES in explained(by_id["role.scoped"])
    assert NAMES not in explained(by_id["role.scoped"].__class__("a.b", "t", "s", by_id["role.scoped"].points, "h"))
