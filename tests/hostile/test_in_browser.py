"""Each kind of page, made of what hostile students wrote, in a browser: no script of theirs runs, nobody is asked.

The browser is told to leave the pages' own policies out: what is shown is that nothing becomes more than text. That the
policies would stop it once more is shown in tests/render/test_report_in_browser.py.
"""

import html as entities
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from skymark.render import html
from skymark.render.class_report import write, write_anonymous
from skymark.roster.entry import Files
from skymark.samples import samples_at_hand
from skymark.survey_file import save
from tests.conftest import GOOD
from tests.render.conftest import RESULT
from tests.render.opened import Opened

from .a_class import book_of, hostile
from .texts import FIRES, PAGES

ROOT = Path(__file__).parents[2]
SOON_S = 30
FIRED = "document.documentElement.dataset.fired === '1'"
TOUCH = """() => { for (const one of document.querySelectorAll('*')) {
  for (const what of ['mouseover', 'mouseenter', 'focus', 'error', 'load', 'click'])
    if (!one.closest('a:not([href^="javascript:"]), button, form'))
      one.dispatchEvent(new MouseEvent(what, { bubbles: false }));
  for (const details of document.querySelectorAll('details')) details.open = true;
} }"""
"""Whatever waits for somebody to point at it, or to open it, is given that."""
HANDLERS = """() => [...document.querySelectorAll('*')].filter((one) =>
  [...one.attributes].some((each) => each.name.startsWith('on')
    || (/href|src|action|data$/.test(each.name) && /^\\s*(javascript|vbscript):/i.test(each.value))))
  .map((one) => one.outerHTML.slice(0, 200))"""
FIRING = tuple(text for text in PAGES if FIRES in text and not text.startswith("javascript:"))
LEAVING = tuple(text for text in PAGES if "https://example.com" in text)


def opened(browser: Browser, file: Path) -> Opened:
    """The page without its own policy; whoever it asks does not answer."""
    return Opened(browser, file, bypass_csp=True, offline=True)


def has_fired(one: Page) -> bool:
    """Whether a script of somebody's ran, once everything was touched."""
    one.evaluate(TOUCH)
    return bool(one.evaluate(FIRED))


def assert_deaf(browser: Browser, file: Path) -> None:
    """Nothing ran, nothing was asked for, nobody was led away; no element has a handler."""
    with opened(browser, file) as one:
        assert not has_fired(one.page), file.name
        assert one.page.evaluate(HANDLERS) == []
        assert one.page.locator("iframe, object, embed, base, [srcdoc], link[rel=stylesheet]").count() == 0
        assert one.asked == [file.as_uri()]
        assert one.page.url == file.as_uri()
        assert [said for said in one.complaints if "script" in said.lower()] == []


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a class, every student of which wrote one of the texts wherever a student can."""
    folder = tmp_path_factory.mktemp("hostile")
    with book_of(folder / "book.sqlite3", PAGES) as book:
        write(book.recorded.view, folder / "class", files=Files("'\"><b>.csv"), survey=book.survey)
        write_anonymous(book.recorded.view, folder / "nameless", b"key")
    return folder / "class"


@pytest.mark.parametrize("text", FIRING)
def test_the_canary_fires_where_it_is_not_escaped(browser: Browser, tmp_path: Path, text: str) -> None:
    """That it does not anywhere else is no accident: each text does something once it is taken for more than text."""
    file = tmp_path / "raw.html"
    page = html.render(hostile(RESULT, text), None)
    marked = re.sub(r'(<title>|<h1>|title="|class="name">)', r"\1TEXT", page)
    file.write_text(marked.replace("TEXT", f"<i title=\"{text}\">{text}</i><i title='{text}'></i>"), encoding="utf-8")

    with opened(browser, file) as one:
        assert has_fired(one.page)


def test_the_escaped_page_fires_once_it_is_not_escaped(browser: Browser, tmp_path: Path) -> None:
    """The very page of the tests below, with its entities put back as what they stand for."""
    file = tmp_path / "raw.html"
    file.write_text(entities.unescape(html.render(hostile(RESULT, PAGES[3]))), encoding="utf-8")

    with opened(browser, file) as one:
        assert has_fired(one.page)


@pytest.mark.parametrize("text", LEAVING)
def test_a_request_would_be_seen(browser: Browser, tmp_path: Path, text: str) -> None:
    """That none leaves is no accident, either."""
    file = tmp_path / "raw.html"
    file.write_text(f"<!DOCTYPE html><html><head></head><body>{text}<script>document.forms[0]?.submit()</script>")

    with opened(browser, file) as one:
        one.page.wait_for_timeout(300)
        assert any("example.com" in url for url in one.requests)


@pytest.mark.parametrize("text", PAGES)
def test_a_report_of_a_hostile_account_is_deaf(browser: Browser, tmp_path: Path, text: str) -> None:
    """And shows what was written, letter by letter."""
    file = tmp_path / "report.html"
    file.write_text(html.render(hostile(RESULT, text), samples_at_hand(ROOT, "fixtures/digits.csv")), encoding="utf-8")

    assert_deaf(browser, file)
    with opened(browser, file) as one:
        assert text in (one.page.locator("main").text_content() or "")


def test_the_index_is_deaf(browser: Browser, tmp_path: Path) -> None:
    """Names, stories and addresses."""
    file = tmp_path / "index.html"
    file.write_text(html.index([(text, text, text, hostile(RESULT, text)) for text in PAGES]), encoding="utf-8")

    assert_deaf(browser, file)


def test_the_page_of_a_class_is_deaf(browser: Browser, report: Path) -> None:
    """With names, and without them."""
    for file in (report / "class.html", report.parent / "nameless" / "class.html"):
        assert_deaf(browser, file)
    with opened(browser, report / "class.html") as one:
        one.page.get_by_label("Find").fill(PAGES[0])
        for button in one.page.get_by_role("columnheader").get_by_role("button").all()[:4]:
            button.click()
        shown = one.page.locator("#class tbody tr:visible th > :first-child").all_text_contents()
        assert PAGES[0] in shown
        assert all(PAGES[0] in name for name in shown)
        assert not has_fired(one.page)


def test_the_pages_of_students_are_deaf(browser: Browser, report: Path) -> None:
    """With what they found, and without anything."""
    pages = sorted((report / "students").iterdir())

    assert len(pages) == len(PAGES) + 1
    for file in pages:
        assert_deaf(browser, file)


@pytest.fixture
def board(tmp_path: Path) -> Iterator[str]:
    """The address of a board with a student of each name."""
    folder = tmp_path / "class"
    folder.mkdir()
    for at, text in enumerate(PAGES):
        save(GOOD, folder / f"s{at:02}.json")
        (folder / f"s{at:02}.txt").write_text(text)
    served = ROOT / "tests" / "board" / "served.py"
    command = [sys.executable, str(served), str(folder), str(tmp_path / "board.csv"), "--names"]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path, env=env) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.kill()


def test_the_board_is_deaf(browser: Browser, board: str) -> None:
    """Both pages, whose scripts put names there from events."""
    for path, shown in (("/assistant", "#students tr"), ("/", "#steps li")):
        page = browser.new_page(bypass_csp=True)
        requests: list[str] = []
        page.on("request", lambda request, requests=requests: requests.append(request.url))
        page.goto(f"{board}{path}")
        expect(page.locator(shown).first).to_be_visible(timeout=SOON_S * 1000)
        if path == "/assistant":
            expect(page.locator(shown)).to_have_count(len(PAGES))
            names = page.locator(f"{shown} > :first-child").all_text_contents()
            assert all(any(text in name for name in names) for text in PAGES)
        assert not has_fired(page)
        assert page.evaluate(HANDLERS) == []
        assert all(url.startswith((board, "data:")) for url in requests)
        page.close()
