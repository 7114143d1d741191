"""The page: complete, self-contained, and deaf to what hostile names say."""

import base64
import hashlib
import re
from decimal import Decimal

import msgspec
import pytest

from skymark.cause import NOT_ASKED
from skymark.evidence import Gap
from skymark.outcome import Outcome, Source
from skymark.render.gaps import NOT_LOOKED_FOR
from skymark.render.html import index, is_console_link, render
from skymark.render.words import SOURCE, WORD
from skymark.result import Link, RegionNames, Result, Score
from skymark.samples import Samples

from .page import Page

KNOWN = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section", "nav", "article"),
    *("h1", "h2", "h3", "h4", "p", "ul", "ol", "li", "dl", "dt", "dd", "div", "span", "strong", "em", "b", "small"),
    *("a", "code", "pre", "br", "details", "summary", "table", "caption", "thead", "tbody", "tr", "th", "td", "time"),
    *("svg", "rect", "defs", "pattern", "img"),
}
LOADING = {"srcset", "poster", "data", "action", "formaction", "background", "ping", "manifest"}


def words(text: str) -> str:
    """The text without its line ends."""
    return " ".join(text.split())


@pytest.fixture(params=["result", "finished", "hostile"])
def page(request) -> Page:
    """Each of the results as a page."""
    return Page(render(request.getfixturevalue(request.param)))


def test_the_page_is_balanced_and_has_no_foreign_element(page: Page):
    """Whatever a bucket is called, it makes no tag."""
    assert page.open == []
    assert set(page.tags) <= KNOWN


def test_no_attribute_listens_or_loads(page: Page):
    """No script by the back door, no request to anybody."""
    names = {name for _, name, _ in page.attributes}

    assert not {name for name in names if name.startswith("on")}
    assert not names & LOADING
    assert all(value.startswith("data:image/png;base64,") for value in page.values("src"))
    assert set(re.findall(r"url\([^)]*\)", page.style + " ".join(page.values("fill")))) <= {"url(#hatching)"}


def test_the_policy_lets_in_nothing_but_the_pages_own_style(page: Page):
    """The browser holds the line, too: the digest is that of the style as it stands there."""
    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()

    assert page.values("content")[0] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert page.values("style") == []
    assert "script" not in page.tags


def test_pictures_are_in_the_page(result: Result):
    """Each is an address that holds it all, with words for whoever cannot see it."""
    samples = Samples((0, 1, 0, 2, 3), (",".join(["0.5"] * 784),) * 5)
    page = Page(render(result, samples))

    assert len(page.values("src")) == 5
    assert all(address.startswith("data:image/png;base64,") for address in page.values("src"))
    assert page.values("alt")[:2] == [
        "A handwritten 0. The endpoint said: a zero.",
        "A handwritten 0. The endpoint said: a zero.",
    ]
    assert page.values("alt")[2:4] == [
        "A handwritten 3. The endpoint said: a zero.",
        "A handwritten 1. The endpoint said: not a zero.",
    ]


def test_every_link_goes_to_the_console_or_stays_on_the_page(page: Page):
    """And every place on the page that is linked to is there."""
    links = page.values("href")

    assert all(link.startswith("#") or is_console_link(link) for link in links)
    assert {link[1:] for link in links if link.startswith("#")} <= set(page.values("id"))


def test_ids_are_unique(page: Page):
    """A label names one thing."""
    ids = page.values("id")

    assert len(ids) == len(set(ids))
    assert set(page.values("aria-labelledby")) <= set(ids)


def test_the_headings_step_down_one_at_a_time(page: Page):
    """A screen reader's table of contents has no holes."""
    assert page.headings[0] == 1
    assert all(after - before <= 1 for before, after in zip(page.headings, page.headings[1:], strict=False))
    assert {"main", "header", "footer"} <= set(page.tags)
    assert page.values("lang") == ["en"]


@pytest.mark.parametrize(
    "url",
    [
        "https://us-east-1.console.aws.amazon.com/s3/home?region=us-east-1",
        "https://console.aws.amazon.com/iam/home",
        "https://console.amazonaws.cn/sagemaker",
        "https://cn-north-1.console.amazonaws.cn/sagemaker",
        "https://console.amazonaws-us-gov.com/sagemaker",
    ],
)
def test_links_to_the_console_pass(url):
    """In every partition of AWS."""
    assert is_console_link(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://us-east-1.console.aws.amazon.com/",
        "javascript:alert(1)//.console.aws.amazon.com/",
        "https://evil.example/.console.aws.amazon.com/",
        "https://evil.example/?x=.console.aws.amazon.com/",
        "https://evil.example/#//console.aws.amazon.com/",
        "https://console.aws.amazon.com@evil.example/",
        "https://console.aws.amazon.com.evil.example/",
        "https://evilconsole.aws.amazon.com/",
        "https://evil-console.amazonaws.cn.example/",
        "https://mybucket.s3.cn-north-1.amazonaws.com.cn/page.html",
        "https://mybucket.s3.cn-north-1.amazonaws.cn/",
        "https://evil.example\\@console.aws.amazon.com/",
        "https://[console.aws.amazon.com/",
        "//console.aws.amazon.com/",
        "",
    ],
)
def test_other_links_do_not(url):
    """A report that is passed around leads nobody elsewhere."""
    assert not is_console_link(url)


def test_a_link_to_elsewhere_is_not_a_link(result: Result):
    """It is left out of the page."""
    first, *others = result.criteria
    evil = msgspec.structs.replace(first, links=(Link("Free credits", "https://evil.example/"),))
    text = render(msgspec.structs.replace(result, criteria=(evil, *others)))

    assert "evil.example" not in text


def test_a_next_step_without_a_link_is_a_page(result: Result):
    """What still bills has commands, and no page of the console of its own."""
    step = msgspec.structs.replace(result.next, url=None)

    page = render(msgspec.structs.replace(result, next=step))

    assert step.text in words(page)
    assert "Open the page in the AWS console" not in page


def test_the_score_comes_first_and_says_that_it_is_incomplete(result: Result):
    """62 of 100 must not be taken for the last word."""
    text = words(Page(render(result)).text)

    assert "8.5 of 40 points" in text
    assert re.search(r"8 points could not be verified", text)
    assert text.index("8.5") < text.index("$0.2814") < text.index(result.criteria[0].title)


def test_a_complete_score_is_not_called_incomplete(finished: Result):
    """Nor is anybody told that something costs money."""
    text = Page(render(finished)).text.lower()

    assert "incomplete" not in text
    assert "costing money right now" not in text


def test_each_criterion_says_what_was_found_and_what_to_do(result: Result):
    """With its outcome as a word, and its points."""
    text = words(Page(render(result)).text)
    done = (Outcome.PASSED, Outcome.WAIVED)

    for one in result.criteria:
        assert one.title in text
        assert one.message in text
        assert WORD[one.outcome] in text
        assert one.outcome in done or one.hint in text


def test_each_criterion_is_there_once(result: Result):
    """In the rubric's order, so that a teacher finds it."""
    ids = [one.id for one in result.criteria]

    assert [value for value in Page(render(result)).values("id") if value in ids] == ids


def test_what_was_expected_and_the_command_stand_beside_what_was_found(result: Result):
    """In the order in which somebody goes: found, expected, what to do, the page, the command."""
    failed = result.criteria[1]
    told = msgspec.structs.replace(
        failed, expected="the bucket in us-east-1", command="aws s3 mb s3://new --region us-east-1"
    )

    text = words(Page(render(msgspec.structs.replace(result, criteria=(told,)))).text)

    assert (
        f"Found {failed.message} Expected the bucket in us-east-1 What to do: {failed.hint} "
        "In the AWS console: The buckets In a terminal: aws s3 mb s3://new --region us-east-1 Evidence"
    ) in text


def test_the_sums_are_those_of_the_result(result: Result):
    """Earned, open and not earned; and those of each step."""
    page = Page(render(result))
    text = words(page.text)

    assert "8.5 earned 8 not verified 23.5 not earned yet" in text
    assert [value for value in page.values("width") if "." in value] == ["21.2%", "20.0%"]
    for step in ("Bucket 6 of 10", "Role 2.5 of 8", "Train 8 not verified", "Deploy 0 of 14", "Tear down advice"):
        assert step in text


def test_no_address_but_the_console_is_named(result: Result):
    """Nothing to load, nothing to lead astray."""
    text = render(result).replace("&amp;", "&")
    known = {link.url for one in result.criteria for link in one.links}

    assert {url.split('"')[0] for url in re.findall(r"https?:[^<]*", text)} <= known


@pytest.mark.parametrize("source", list(Source))
def test_each_verdict_says_where_it_comes_from(result: Result, source: Source):
    """In words; an assistant sees what was self-reported."""
    first = msgspec.structs.replace(result.criteria[0], source=source)

    assert SOURCE[source] in Page(render(msgspec.structs.replace(result, criteria=(first,)))).text


def test_everything_done_is_praised_once_it_is_done(result: Result, finished: Result):
    """And not before."""
    assert "Well done" in Page(render(finished)).text
    assert "Well done" not in Page(render(result)).text


def test_nothing_seen_is_not_nothing_there(finished: Result):
    """Where a region was not read, the page doesn't say that nothing is left."""
    unread = msgspec.structs.replace(finished, regions=RegionNames(("us-east-1",), (), ("eu-west-1",)))

    assert "Not everything could be looked at" in Page(render(unread)).text
    assert "Not everything could be looked at" not in Page(render(finished)).text


def test_what_nobody_looked_for_is_said_in_one_sentence(finished: Result):
    """That it was not asked for is no refusal, call by call; and nothing seen would be no news."""
    not_asked = Gap("ec2", "DescribeVolumes", None, NOT_ASKED, "Check the whole account, not only a part.")
    text = words(Page(render(msgspec.structs.replace(finished, gaps=(not_asked,)))).text)

    assert NOT_LOOKED_FOR in text
    assert "DescribeVolumes" not in text
    assert "Nothing that bills" not in text


def test_a_refusal_is_told_once_for_all_regions(result: Result):
    """With the thing that was asked about."""
    denied = Gap("s3", "GetBucketPolicy", "us-east-1", "AccessDenied", "Grant s3:GetBucketPolicy.", "my-bucket")
    text = words(Page(render(msgspec.structs.replace(result, gaps=(*result.gaps, denied)))).text)

    assert "sagemaker ListApps in ap-south-1, eu-central-1, eu-west-1, us-west-2: AccessDeniedException" in text
    assert text.count("Grant sagemaker:ListApps.") == 1
    assert "s3 GetBucketPolicy of my-bucket in us-east-1: AccessDenied" in text


def test_unverified_points_are_not_shown_as_zero(result: Result):
    """Neither earned nor lost."""
    assert "0 of 8" not in words(Page(render(msgspec.structs.replace(result, criteria=result.criteria[3:4]))).text)


def test_everything_else_is_there(result: Result):
    """Leftovers with their commands, chain, next thing, warnings, gaps, regions and who was looked at."""
    text = words(Page(render(result)).text)

    for wanted in (
        *(one.cleanup for one in result.leftovers),
        *(link.id for link in result.chain),
        *(link.why for link in result.chain),
        *(gap.advice for gap in result.gaps),
        *result.warnings,
        *result.regions.answered,
        *result.regions.closed,
        *result.regions.unread,
        result.next.text,
        result.next.command,
        result.rubric.title,
        "2026-11-24",
        "price not known",
    ):
        assert wanted in text


def test_a_criterion_judged_alone_can_hang_on_one_that_is_not_there(result: Result):
    """`--only` leaves out what a criterion waits for."""
    blocked = [one for one in result.criteria if one.outcome is Outcome.BLOCKED]
    page = Page(render(msgspec.structs.replace(result, criteria=tuple(blocked))))

    assert "endpoint.in_service" in page.text
    assert "#endpoint.in_service" not in page.values("href")


def test_an_empty_result_is_a_page(finished: Result):
    """Nothing to divide by, nothing to list."""
    nothing = msgspec.structs.replace(
        finished,
        criteria=(),
        chain=(),
        score=Score(Decimal(0), Decimal(0), Decimal(0), complete=True),
    )

    assert "0 of 0" in words(Page(render(nothing)).text)


def test_control_characters_do_not_reach_the_page(hostile: Result):
    """Nor does anything that UTF-8 cannot write, nor a text that no one can read to its end."""
    text = render(hostile)

    assert len(text) < 100_000

    text.encode("utf-8")
    assert not set(text) & {"\x1b", "\u202e", "\ud800"}


def test_no_template_code_in_a_name_is_run(hostile: Result):
    """`{{7*7}}` stays what it is."""
    assert "{{7*7}}" in render(hostile)


def test_the_index_leads_to_every_report(result: Result, hostile: Result):
    """With name, story and score; hostile ones are only text."""
    page = Page(index([("ada", "did everything right", "ada.html", result), ("<b>x", "<script>", "x.html", hostile)]))

    assert page.open == []
    assert set(page.tags) <= KNOWN
    assert page.values("href") == ["ada.html", "x.html"]
    assert "did everything right" in page.text
    assert "8.5 of 40" in words(page.text)


@pytest.mark.parametrize(
    ("href", "written"),
    [
        ("class/Zoë #1.html", "class/Zo%C3%AB%20%231.html"),
        ("javascript:alert(1)", "javascript%3Aalert%281%29"),
        ("//evil.example/x", "evil.example/x"),
        ("https://evil.example/x", "https%3A//evil.example/x"),
    ],
)
def test_the_index_leads_nowhere_else(result: Result, href: str, written: str):
    """A report's name becomes a path beside the page, whatever it is."""
    assert Page(index([("ada", "", href, result)])).values("href") == [written]


def test_the_index_sums_up_what_the_class_costs(result: Result, finished: Result):
    """A teacher's first question. An incomplete score is called so."""
    text = words(Page(index([("ada", "", "a", result), ("bo", "", "b", result), ("cy", "", "c", finished)])).text)

    assert "All of them together cost about $0.5628 per hour ($13.51 a day), and 2 things whose price" in text
    assert text.count("Incomplete: 8 points open") == 2


def test_advice_is_not_counted(result: Result):
    """The terminal counts the same: one endpoint is pending, the tidying up is advice."""
    assert "1 pending" in words(Page(render(result)).text)


def test_an_index_of_nobody_is_a_page():
    """The demo writes one before anybody is graded."""
    assert Page(index([])).open == []


def test_a_price_that_is_not_known_is_never_shown_as_zero(result: Result):
    """Neither in the report nor on the page that leads to it."""
    unknown = tuple(one for one in result.leftovers if one.hourly_usd is None)
    costly = msgspec.structs.replace(result, leftovers=unknown, hourly_usd=Decimal(0), unpriced=1)

    for text in (render(costly), index([("ada", "left a job running", "ada.html", costly)])):
        assert "1 thing whose price is not known" in words(Page(text).text)
        assert "$0" not in text


def test_a_blocked_criterion_links_to_what_comes_first(result: Result):
    """One click, not a search."""
    page = Page(render(result))

    assert "#endpoint.in_service" in page.values("href")
    assert "First: An endpoint served the model." in words(page.text)


def test_what_is_left_says_since_when_and_how_much_it_cost(result: Result):
    """Status, age, price by the hour, about how much so far, and what its disk costs."""
    text = words(Page(render(result)).text)

    assert "us-east-1 · InService · for 3 days $0.23 per hour, about $16.79 so far aws sagemaker" in text
    assert "us-east-1 · InService $0.0464 per hour, $0.70 a month for being kept aws" in text


def test_what_counts_against_nobody_stands_apart_with_the_reason(result: Result):
    """Without a command; the sum at the top says what of it that is."""
    page = Page(render(result))
    _, _, apart = words(page.text).partition("Also there, and counted against nobody")

    assert "Counted against nobody, and told of below: about $0.005 per hour" in words(page.text)
    assert apart.startswith(" Not part of the lesson: Address eipalloc-1 us-east-1 · there $0.005 per hour Key my-key")
    assert "#apart" in page.values("href")


def test_what_may_be_tidied_away_is_a_line_for_each_kind(result: Result):
    """With every name, and without the commands."""
    text = words(Page(render(result)).text)

    assert "Models model-1, model-2, model-3, model-4 Log group /aws/sagemaker/TrainingJobs" in text
    assert "aws sagemaker delete-model" not in text


def test_a_page_without_leftovers_has_no_empty_lists(finished: Result):
    """Nothing apart, nothing to tidy away."""
    text = Page(render(finished)).text

    assert "counted against nobody" not in text
    assert "tidied away" not in text
