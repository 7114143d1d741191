"""The report and the page that leads to many, in a real browser: on screens, on paper, for eyes, ears and keyboards."""

import base64
import hashlib
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Browser, expect

from skymark.evidence import Gap, Survey
from skymark.grading import grade
from skymark.lesson import Lesson
from skymark.outcome import Outcome
from skymark.render import html
from skymark.render import json as result_json
from skymark.render.class_report import write
from skymark.result import Result
from skymark.roster.entry import Files
from skymark.rubric_file import load_rubric
from skymark.samples import samples_at_hand
from skymark.timeline import What

from .classes import Book, kinds, six
from .opened import WIDTHS, Opened

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "reports" / "sample"
PAGES = ("sample", "passed", "empty", "unverified", "late", "hostile", "index")
SCHEMES = ("light", "dark")
A4_MM = (210, 297)
POINTS_PER_MM = 72 / 25.4


@pytest.fixture
def sample() -> Result:
    """The committed sample: one mistake, and everything still to be torn down."""
    return result_json.loads((SAMPLE / "result.json").read_text(encoding="utf-8"))


@pytest.fixture
def passed(sample: Result) -> Result:
    """The same, all passed and nothing left."""
    criteria = tuple(
        msgspec.structs.replace(one, outcome=Outcome.PASSED, points=one.possible, hint=None) for one in sample.criteria
    )
    score = msgspec.structs.replace(sample.score, earned=sample.score.possible)
    return msgspec.structs.replace(
        sample,
        criteria=criteria,
        score=score,
        next=None,
        leftovers=(),
        tidy=(),
        hourly_usd=Decimal(0),
        unpriced=0,
    )


@pytest.fixture
def page_of(
    request: pytest.FixtureRequest, tmp_path: Path, lesson: Lesson, good: Survey, empty: Survey
) -> Callable[[str], Path]:
    """A page by its name, as a file."""
    rubric = load_rubric(lesson, "sagemaker-intro")
    samples = samples_at_hand(lesson.root, rubric.survey.samples)

    def result(name: str) -> Result:
        match name:
            case "empty":
                return grade(empty, rubric, lesson)
            case "unverified":
                calls = ("ListNotebookInstances", "ListTrainingJobs", "ListEndpoints", "ListApps", "ListDomains")
                gaps = tuple(
                    Gap("sagemaker", call, region, "AccessDeniedException", f"Grant sagemaker:{call}.")
                    for call in calls
                    for region in good.regions.answered
                )
                return grade(
                    msgspec.structs.replace(empty, buckets=good.buckets, gaps=gaps), rubric, lesson, final=True
                )
            case "late":
                sample = request.getfixturevalue("sample")
                last = msgspec.structs.replace(sample.timeline[-1], what=What.DELETED, late=True)
                return msgspec.structs.replace(sample, timeline=(*sample.timeline, last), due=sample.timeline[2].at)
            case _:
                found: Result = request.getfixturevalue(name)
                return found

    def page(name: str) -> Path:
        file = tmp_path / f"{name}.html"
        if name == "index":
            names = ("sample", "passed", "empty", "unverified", "hostile")
            text = html.index([(one, f"the story of {one}", f"{one}.html", result(one)) for one in names])
        else:
            text = html.render(result(name), samples)
        file.write_text(text, encoding="utf-8")
        return file

    return page


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_barrier(browser: Browser, page_of: Callable[[str], Path], name: str, scheme: str) -> None:
    """For whoever cannot see it, cannot see it well, or has no mouse: folded and unfolded, on a phone and on a desk."""
    with Opened(browser, page_of(name), color_scheme=scheme) as opened:
        opened.unfold()
        assert opened.barriers() == []
    with Opened(browser, page_of(name), width=360, color_scheme=scheme) as opened:
        assert opened.barriers() == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_no_barrier_on_the_pages_of_a_class(
    browser: Browser, tmp_path: Path, good: Survey, empty: Survey, torn_down: Survey, scheme: str
) -> None:
    """A student's own page, where it is told how everything was decided; and one without verdicts."""
    with Book(tmp_path / "book.sqlite3", kinds(good, empty, torn_down)) as book:
        book.enter((*six()[3:5],))
        write(book.recorded.view, tmp_path / "class", files=Files("class.csv"), survey=book.survey)

    for file in (tmp_path / "class" / "students").iterdir():
        with Opened(browser, file, color_scheme=scheme) as opened:
            opened.unfold()
            assert opened.barriers() == [], file.name
            assert opened.complaints == []


def test_axe_would_find_a_barrier(browser: Browser, page_of: Callable[[str], Path], tmp_path: Path) -> None:
    """That it finds none is no accident: a picture without words is one."""
    file = tmp_path / "broken.html"
    file.write_text(re.sub(r' alt="[^"]*"', "", page_of("sample").read_text("utf-8")), encoding="utf-8")

    with Opened(browser, file) as opened:
        assert "image-alt" in [rule for rule, _ in opened.barriers()]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", PAGES)
def test_it_fits_every_screen(browser: Browser, page_of: Callable[[str], Path], name: str, scheme: str) -> None:
    """Nothing is cut off at the side, whatever somebody has called something; nothing is asked of anybody."""
    file = page_of(name)
    with Opened(browser, file, color_scheme=scheme) as opened:
        for width in WIDTHS:
            opened.page.set_viewport_size({"width": width, "height": 900})
            assert opened.overflow <= 0, width
        opened.unfold()
        assert opened.overflow <= 0
        assert opened.asked == [file.as_uri()]
        assert opened.complaints == []


@pytest.mark.parametrize("name", ["sample", "index"])
def test_the_browser_keeps_to_the_policy(
    browser: Browser, page_of: Callable[[str], Path], tmp_path: Path, name: str
) -> None:
    """The page's own style applies; what somebody slips in does not: neither a style, nor a script, nor a picture."""
    file, evil = page_of(name), tmp_path / "evil.html"
    slipped = (
        "<style>body { display: none }</style><p style='color: red' id=styled>x</p>"
        "<script>document.title = 'run'</script><img src='https://example.com/x.png' onerror='document.title = 1'>"
    )
    evil.write_text(file.read_text("utf-8").replace("<main>", f"<main>{slipped}"), encoding="utf-8")

    with Opened(browser, file) as opened:
        assert opened.page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") == "1024px"
    with Opened(browser, evil) as opened:
        expect(opened.page.locator("h1")).to_be_visible()
        assert opened.page.title() not in ("run", "1")
        assert opened.page.evaluate("getComputedStyle(styled).color") != "rgb(255, 0, 0)"
        refused = [said for said in opened.complaints if "Content Security Policy" in said]
        assert len(refused) >= 4
        assert any("example.com" in said for said in refused)


def test_the_digest_in_the_policy_is_that_of_the_style(browser: Browser, page_of: Callable[[str], Path]) -> None:
    """As the browser reads it."""
    with Opened(browser, page_of("sample")) as opened:
        style = opened.page.evaluate("document.querySelector('style').textContent")
        policy = opened.page.locator("meta[http-equiv]").get_attribute("content") or ""

    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}';" in policy


@pytest.mark.parametrize("name", ["sample", "late"])
def test_the_report_is_two_sheets_of_paper(browser: Browser, page_of: Callable[[str], Path], name: str) -> None:
    """A4, whatever the screen's colours are; evidence that is folded away stays out."""
    with Opened(browser, page_of(name), color_scheme="dark") as opened:
        pdf = opened.page.pdf(prefer_css_page_size=True, print_background=True)
        opened.page.emulate_media(media="print")
        hidden = opened.page.locator("details, pre").evaluate_all("all => all.filter((one) => one.checkVisibility())")
        paper = opened.page.evaluate("getComputedStyle(document.body).backgroundColor")

    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    sheets = [tuple(round(float(side) / POINTS_PER_MM) for side in box) for box in boxes]
    assert sheets == [A4_MM, A4_MM]
    assert hidden == []
    assert paper == "rgb(255, 255, 255)"


def test_a_keyboard_gets_everywhere(browser: Browser, page_of: Callable[[str], Path]) -> None:
    """Links and what is folded away, in the order in which they stand; where one is, is seen."""
    with Opened(browser, page_of("sample")) as opened:
        page = opened.page
        wanted = page.locator("a, summary").evaluate_all(
            "all => all.filter((one) => one.checkVisibility()).map((one) => one.textContent.trim())"
        )
        assert len(wanted) > len(page.locator("summary").all()) > 20
        reached = []
        for _ in wanted:
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.activeElement.textContent.trim()"))
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        assert reached == wanted

        page.locator("li[id='role.scoped'] summary").focus()
        page.keyboard.press("Enter")
        expect(page.locator("li[id='role.scoped'] .meta")).to_be_visible()


def test_a_screen_reader_is_told_what_eyes_see(browser: Browser, page_of: Callable[[str], Path]) -> None:
    """Each stop with its state, each digit with what was said of it, each fold with what is in it."""
    with Opened(browser, page_of("sample")) as opened:
        page = opened.page
        main = page.get_by_role("main")
        expect(main.get_by_role("region", name="The lesson's path").get_by_role("listitem")).to_have_count(9)
        role = main.get_by_role("listitem").filter(has=page.get_by_role("link", name="Role", exact=True))
        assert "failed, 1 of 2 done" in role.inner_text()
        expect(page.get_by_role("img", name="A handwritten 0. The endpoint said: not a zero.")).to_have_count(2)
        expect(page.get_by_role("img")).to_have_count(40)
        fold = page.locator("li[id='bucket.name'] summary")
        assert fold.text_content() == "Evidence of: The bucket is named sagemaker-<date>-<time>"


def test_digits_stand_upright(browser: Browser, page_of: Callable[[str], Path]) -> None:
    """What the browser paints of the first seven is what was sent: a bar above, and a stem that leans to the left."""
    with Opened(browser, page_of("sample")) as opened:
        seven = opened.page.get_by_role("img", name="A handwritten 7.").first
        dark = seven.evaluate(PAINTED)

    rows = samples_at_hand(ROOT, "fixtures/digits.csv")
    assert rows is not None
    sent = [float(one) for one in rows.rows[rows.labels.index(7)].split(",")]
    assert len(dark) == len(sent) == 784
    assert max(abs(one - two) for one, two in zip(dark, sent, strict=True)) <= 1 / 30 + 0.001


PAINTED = """(image) => { const canvas = document.createElement("canvas"); canvas.width = canvas.height = 28;
  const pen = canvas.getContext("2d"); pen.drawImage(image, 0, 0);
  const pixels = pen.getImageData(0, 0, 28, 28).data;
  return [...Array(784).keys()].map((at) => 1 - pixels[at * 4] / 255); }"""
