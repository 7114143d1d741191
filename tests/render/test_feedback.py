"""A student's own page: the report as it always is, with how each criterion was decided."""

import html
import re

import pytest
from msgspec.structs import replace

from skymark.cohort.task import TOLD_APART
from skymark.render import html as report
from skymark.render.feedback import own, render
from skymark.roster.entry import Files
from skymark.samples import Samples

from .classes import Book, Kind, kinds, shared, six


@pytest.fixture
def book(tmp_path, good, empty, torn_down):
    """A class of six, and two in one account."""
    with Book(tmp_path / "book.sqlite3", kinds(good, empty, torn_down)) as opened:
        opened.enter((*six(), *shared()))
        yield opened


def member(book: Book, word: str):
    """One student of the class."""
    return next(one for one in book.recorded.view.members if one.student == f"canary-id-{word}")


def page(book: Book, word: str, **more) -> str:
    """Their page, as it reads."""
    one = member(book, word)
    found = {
        "survey": book.survey(one.student),
        "rubric": book.rubrics["sagemaker-intro"],
        "files": Files("my class.csv"),
    }
    return render(one, **found | more)


def decided(text: str, criterion: str) -> str:
    """What is said of how a criterion was decided."""
    item = re.search(
        rf'<li class="[a-z]+" id="{re.escape(criterion)}">.*?<details class="decided">(.*?)</details>', text, re.S
    )
    assert item
    return html.unescape(re.sub("<[^>]*>", "", item[1]))


def test_without_anything_explained_the_report_is_what_it_always_was(book):
    """Byte for byte: the page that a student gets from a check has no such part."""
    result = member(book, "gamma").result

    assert report.render(result) == report.render(result, explained={})
    assert "How this was decided" not in report.render(result)
    assert "class.csv" not in report.render(result)


def test_the_page_is_the_report_and_below_each_criterion_how_it_was_decided(book):
    """Under the student's name."""
    text = page(book, "gamma")

    assert "Introduction to AWS SageMaker · Canary Gamma" in text
    assert text.count("<summary>How this was decided</summary>") == len(member(book, "gamma").result.criteria)


def test_calls_times_and_the_command_that_looks_again_are_shown(book):
    """Of this criterion alone."""
    text = decided(page(book, "gamma"), "bucket.region")

    assert "It was seen in the account, by the calls below." in text
    assert "The account was looked at on 2019-07-01 at 19:00 UTC, as final." in text
    assert "s3 ListBuckets" in text
    assert "in 3 regions, 2019-07-01 19:00 UTC, 43 ms at most (eu-west-1, us-east-1, us-west-2)" in text
    assert "grade.py class 'my class.csv' --students canary-id-gamma --only bucket.region" in text


def test_a_call_that_was_refused_is_named_with_what_to_do(book):
    """And that it costs nothing."""
    text = decided(page(book, "delta"), "instance.type")

    assert "sagemaker ListNotebookInstances" in text
    assert "AccessDeniedException" in text
    assert "Not answered: this costs no points." in text
    assert "Grant sagemaker:ListNotebookInstances." in text


def test_a_survey_that_is_not_known_shows_no_calls_and_says_so(book):
    """The verdict stands all the same."""
    assert "The calls of this check were not kept." in decided(page(book, "gamma", survey=None), "bucket.region")


def test_a_rubric_that_is_not_at_hand_is_no_end(book):
    """Which calls a criterion is judged by stands in it."""
    assert "How this was decided" in page(book, "gamma", rubric=None)


def test_trouble_since_the_last_check_is_told_with_when(book):
    """What is shown is older than that, and still counts."""
    text = page(book, "zeta")

    assert "Your account could not be looked at again on" in text
    assert "nobody could look into the account" in text
    assert "ml.t3.large" in text


@pytest.mark.parametrize(
    ("word", "said"),
    [("epsilon", "role/canary-epsilon cannot be assumed"), ("eta", "nobody can say yet whose work it holds")],
)
def test_without_verdicts_the_page_says_kindly_why(book, word, said):
    """No criterion, no score, no blame."""
    text = page(book, word)

    assert said in text
    assert "no score yet" in text
    assert '<ul class="card criteria">' not in text
    assert ("costs you no points" in text) or ("nothing counts for or against you" in text)


def test_in_an_account_of_several_a_gap_names_no_thing(book):
    """It may be another student's; in an account of one's own it stays."""
    one = member(book, "delta")
    gaps = tuple(replace(gap, resource="canary-of-another") for gap in one.result.gaps)
    told = replace(one.result, gaps=gaps, warnings=(f"{TOLD_APART} canary-id-delta counts.",))

    assert {gap.resource for gap in own(one, told).gaps} == {None}
    assert {gap.resource for gap in own(one, replace(told, warnings=())).gaps} == {"canary-of-another"}


def test_in_an_account_of_several_nothing_is_told_of_which_nobody_knows_who_made_it(book):
    """A role or a model may be another student's; what is told to be theirs stays."""
    one = member(book, "gamma")
    told = replace(one.result, warnings=(f"{TOLD_APART} canary-id-gamma counts.",))

    kinds_told = {each.kind for each in own(one, told).timeline}

    assert kinds_told == {"bucket", "instance", "job", "endpoint"}
    assert {each.kind for each in own(one, one.result).timeline} - kinds_told == {"role", "model"}


def test_the_page_shows_what_happened_when_and_what_the_endpoint_said(book):
    """Like the report; with pictures where the digits that were sent are at hand."""
    result = member(book, "gamma").result
    samples = Samples(tuple(map(int, result.digits.sent)), (",".join(["0.5"] * 784),) * len(result.digits.sent))

    assert "What happened when" in page(book, "gamma")
    assert '<img src="data:' not in page(book, "gamma")
    assert page(book, "gamma", samples=samples).count('<img src="data:') == len(samples.labels)


def test_hostile_text_makes_no_tag(book, hostile):
    """In the part about how it was decided, too."""
    one = replace(member(book, "gamma"), result=hostile)
    text = render(one, Kind(book.survey("canary-id-gamma"), hostile).survey, None, Files('"><script>alert(1)</script>'))

    assert "<script" not in text
    assert "How this was decided" in text
