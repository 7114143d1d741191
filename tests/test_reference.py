"""The page of what fixtures can ask for is what the types say."""

import inspect

from skymark import evidence, judge_fixtures, reference
from skymark.evidence import Struct
from skymark.rubric import SurveyPlan


def test_the_page_is_as_the_types_are():
    """`python -m skymark.reference` writes it."""
    assert reference.DOCUMENT.read_text("utf-8") == reference.page()


def test_nothing_is_missing_on_it():
    """Every type, every field, every fixture, every key of a plan."""
    page = reference.page()
    kinds = [one for one in vars(evidence).values() if inspect.isclass(one) and issubclass(one, Struct)]

    missing = [one.__name__ for one in kinds if one is not Struct and f"### {one.__name__}\n" not in page]
    fields = {name for one in (*kinds, SurveyPlan) for name in one.__struct_fields__}
    fixtures = {name for name, made in vars(judge_fixtures).items() if hasattr(made, "__wrapped__")} - {"gather"}

    assert missing == []
    assert {name for name in fields | fixtures if f"| `{name}` |" not in page} == set()


def test_no_tag_of_markdown_hides_a_word():
    """A name in angle brackets is one to fill in."""
    outside = "".join(reference.page().split("`")[::2])

    assert "<" not in outside
