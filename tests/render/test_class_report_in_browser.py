"""The page of a class in a real browser, from a file: sorted, filtered, read, and deaf to what names say."""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from skymark.render.alike import Alike
from skymark.render.class_report import write, write_anonymous
from skymark.roster.entry import Files
from tests.render.unfolding import unfolded

from .classes import Book, Student, kinds
from .opened import Opened as AnyPage

WIDTHS = (360, 390, 768, 1440)
FIRES = "document.documentElement.dataset.fired = 1"
HOSTILE = (
    f"<script>{FIRES}</script>",
    f'" onmouseover="{FIRES}" x="',
    f"</script><img src=x onerror='{FIRES}'>",
    f"javascript:{FIRES}",
    "\u202egnirts\u202c {{7*7}}",
)
CLASS = (
    Student("s1", "Zoë Árnadóttir", "good", "700000000001", "bucket-1"),
    Student("s2", "Grace Hopper", "done", "700000000002", "bucket-2"),
    Student("s3", "Alan Turing", "moved", "700000000003", "bucket-3"),
    Student("s4", "Ada Lovelace", "large", "700000000004", "bucket-4"),
    Student("s5", "Student 10", "nothing", "700000000005", "bucket-5"),
    Student("s6", "Student 9", None, "700000000006", "bucket-6"),
    *(
        Student(f"h{at}{text}", text, "moved", f"70000000001{at}", f"b-{text}", text if at == 0 else None)
        for at, text in enumerate(HOSTILE)
    ),
)
MANY = 200


class Opened:
    """A report in the browser, and what it asked for and complained of."""

    def __init__(self, browser: Browser, file: Path, **options) -> None:
        self.wrong: list[str] = []
        self.requests: list[str] = []
        self.page: Page = browser.new_page(viewport={"width": 1440, "height": 900}, **options)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", lambda said: self.wrong.append(said.text))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(file.as_uri())

    @property
    def names(self) -> list[str]:
        """Whom the table shows, from top to bottom."""
        return self.page.locator("#class tbody tr:visible th > :first-child").all_text_contents()

    def press(self, heading: str) -> None:
        """Press a column's button."""
        self.page.get_by_role("columnheader").get_by_role("button", name=heading, exact=True).click()

    def sorted_by(self, heading: str) -> str | None:
        """Which way, as a screen reader is told."""
        return self.page.get_by_role("columnheader", name=heading, exact=True).get_attribute("aria-sort")


@pytest.fixture
def folder(tmp_path, good, empty, torn_down) -> Path:
    """A class's report, in which half of the names are hostile."""
    with Book(tmp_path / "book.sqlite3", kinds(good, empty, torn_down)) as book:
        book.enter(CLASS)
        write(book.recorded.view, tmp_path / "class", files=Files("class.csv"), survey=book.survey)
    return tmp_path / "class"


@pytest.fixture
def opened(browser, folder) -> Iterator[Opened]:
    """The page, which makes no mistake and asks nobody for anything."""
    one = Opened(browser, folder / "class.html")
    yield one
    assert one.wrong == []
    assert one.requests == [(folder / "class.html").as_uri()]
    one.page.close()


def test_a_column_sorts_either_way_and_says_so(opened):
    """Numbers as numbers; whoever has none stands last both times."""
    opened.press("Score")
    down = opened.page.locator("#class tbody tr td:nth-child(2)").all_text_contents()
    assert opened.sorted_by("Score") == "descending"
    known = [float(one.split()[0]) for one in down if " of " in one]
    assert known == sorted(known, reverse=True)
    assert all(" of " in one for one in down[: len(known)])

    opened.press("Score")
    up = opened.page.locator("#class tbody tr td:nth-child(2)").all_text_contents()
    assert opened.sorted_by("Score") == "ascending"
    assert [float(one.split()[0]) for one in up[: len(known)]] == sorted(known)


def test_names_sort_as_people_do(opened):
    """Student 9 before Student 10; only one column is sorted by at a time."""
    opened.press("Score")
    opened.press("Student")

    assert opened.sorted_by("Score") is None
    assert opened.sorted_by("Student") == "ascending"
    people = [one for one in opened.names if one in {student.name for student in CLASS[:6]}]
    assert people == [
        "Ada Lovelace",
        "Alan Turing",
        "Grace Hopper",
        "Student 9",
        "Student 10",
        "Zoë Árnadóttir",
    ]


def test_sorting_keeps_the_order_of_equals(opened):
    """By name first, then by a criterion: those of one outcome stay in the order of names."""
    opened.press("Student")
    by_name = opened.names
    opened.press("bucket.region")

    failed = opened.page.locator("#class tbody tr", has=opened.page.locator("td:nth-child(7).failed"))
    assert failed.count() == 6
    first = opened.names[:6]
    assert first == [one for one in by_name if one in first]


def test_a_criterion_sorts_what_needs_somebody_to_the_top(opened):
    """Failed first; what nobody looked at last."""
    opened.press("instance.type")

    assert opened.names[0] == "Ada Lovelace"
    assert opened.names[-1] == "Student 9"


def test_the_keyboard_sorts(opened):
    """A heading's button is a button."""
    button = opened.page.get_by_role("columnheader").get_by_role("button", name="$ per hour")
    button.focus()
    button.press("Enter")

    assert opened.sorted_by("$ per hour") == "descending"
    assert opened.names[0] == "Ada Lovelace"
    expect(button).to_be_focused()


def test_somebody_is_found_by_name_or_id_whatever_the_keyboard(opened):
    """And the count is said."""
    shown = opened.page.locator("#shown")
    expect(shown).to_have_text("11 of 11 students shown")
    assert shown.get_attribute("aria-live") == "polite"

    opened.page.get_by_label("Find").fill("arnad")
    assert opened.names == ["Zoë Árnadóttir"]
    expect(shown).to_have_text("1 of 11 students shown")

    opened.page.get_by_label("Find").fill("S3")
    assert opened.names == ["Alan Turing"]


def test_filters_narrow_each_other_and_are_taken_back(opened):
    """By outcome, by criterion, by who is spending, and by who has no whole mark."""
    page = opened.page
    page.get_by_label("Who has").select_option("failed")
    assert len(opened.names) == 2 + len(HOSTILE)
    page.get_by_label("in which criterion").select_option(label="instance.type")
    assert opened.names == ["Ada Lovelace"]
    page.get_by_label("Who has").select_option("")
    assert "Student 9" not in opened.names

    page.get_by_role("button", name="Show all").click()
    expect(page.locator("#shown")).to_have_text("11 of 11 students shown")
    page.get_by_role("checkbox", name="still spending").check()
    assert opened.names[:3] == ["Zoë Árnadóttir", "Alan Turing", "Ada Lovelace"]
    assert len(opened.names) == 3 + len(HOSTILE)
    page.get_by_role("checkbox", name="no whole mark").check()
    assert opened.names == []
    page.get_by_role("checkbox", name="still spending").uncheck()
    assert opened.names == ["Grace Hopper", "Student 10", "Student 9"]


def test_what_is_filtered_stays_filtered_when_it_is_sorted(opened):
    """And comes back in the new order."""
    opened.page.get_by_label("Find").fill("student")
    assert opened.names == ["Student 10", "Student 9"]

    opened.press("Student")

    assert opened.names == ["Student 9", "Student 10"]
    expect(opened.page.locator("#shown")).to_have_text("2 of 11 students shown")


def test_no_name_is_run_whatever_is_done_with_it(browser, folder):
    """On no page: not opened, pointed at, sorted, nor searched for."""
    opened = Opened(browser, folder / "class.html")
    for row in opened.page.locator("#class tbody tr").all():
        row.locator("th").hover()
        row.locator("td").nth(8).hover()
    opened.press("Student")
    opened.page.get_by_label("Find").fill(HOSTILE[0])
    assert opened.names == [HOSTILE[0]]
    for file in (folder / "class.html", *sorted((folder / "students").iterdir())):
        opened.page.goto(file.as_uri())
        opened.page.mouse.move(400, 300)

        assert opened.page.evaluate("document.documentElement.dataset.fired") is None
        assert opened.page.locator("img").count() == 0
        assert opened.page.evaluate("document.querySelectorAll('[onmouseover], [onerror]').length") == 0
    assert opened.wrong == []
    opened.page.close()


def test_a_sign_leads_to_how_it_was_decided(opened, folder):
    """On the student's own page, which leads nowhere else of the class."""
    page = opened.page
    page.locator("#class tbody tr", has_text="Ada Lovelace").locator("td.failed a").first.click()
    own = page.locator("li[id='instance.type']")
    expect(own).to_contain_text("ml.t3.large")
    expect(own.get_by_text("grade.py class class.csv")).to_be_hidden()

    own.get_by_text("How this was decided").click()

    expect(own).to_contain_text("sagemaker ListNotebookInstances")
    expect(own).to_contain_text("in 3 regions")
    expect(own.get_by_text("grade.py class class.csv --students s4 --only instance.type")).to_be_visible()
    links = page.locator("a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert links
    assert all(link.startswith(("#", "https://")) for link in links)
    page.go_back()
    opened.requests[:] = [(folder / "class.html").as_uri()]


def test_a_cell_tells_its_verdict_to_those_who_hear_it_and_to_those_who_point_at_it(opened):
    """By Chromium's own tree: a word for a name, without the sign; what was found, and of how many points, besides."""
    row = opened.page.locator("#class tbody tr", has_text="Ada Lovelace")
    cell = row.locator("td.failed").first
    expect(cell).to_have_attribute(
        "title", "It is an ml.t2.medium: failed, 0 of 4 points: sm-test is an ml.t3.large, it should be an ml.t2.medium"
    )
    tree = opened.page.context.new_cdp_session(opened.page)
    place = "[...document.querySelectorAll('#class tbody tr')].find((row) => row.innerText.includes('Ada'))"
    failed, name = (f"{place}.querySelector('{which}')" for which in ("td.failed", "th"))
    told = [heard(tree, which) for which in (failed, f"{failed}.firstChild", name)]

    assert told[0] == ("cell", "failed", cell.get_attribute("title"))
    assert told[1][:2] == ("link", "failed")
    assert told[2][:2] == ("rowheader", "Ada Lovelace s4")
    assert cell.locator("a").evaluate("one => getComputedStyle(one, '::before').content") == '"✗" / ""'
    assert row.locator("td.passed").first.evaluate("one => getComputedStyle(one, '::before').content") == '"✓" / ""'


def heard(tree: CDPSession, element: str) -> tuple[str, str, str]:
    """The role, name and description of an element."""
    found = tree.send("Runtime.evaluate", {"expression": element})["result"]["objectId"]
    (node,) = tree.send("Accessibility.getPartialAXTree", {"objectId": found, "fetchRelatives": False})["nodes"]
    return tuple(node.get(one, {}).get("value", "") for one in ("role", "name", "description"))


def test_the_script_puts_together_what_was_taken_apart(opened, folder):
    """Of each cell, whatever a student wrote."""
    expect(opened.page.locator("td.failed").first).to_have_attribute("title", re.compile("."))
    titles = opened.page.evaluate("[...document.querySelectorAll('#class tbody tr')].map(TOLD)".replace("TOLD", TOLD))

    found = re.search(r'id="said">(.*?)</script>', (folder / "class.html").read_text("utf-8"))
    assert found
    assert tuple(map(tuple, titles)) == unfolded(msgspec.json.decode(found[1], type=Alike))
    assert any(HOSTILE[0] in title for title in titles[6])


def test_axe_finds_no_barrier(browser, folder):
    """Nor in the dark."""
    for scheme in ("light", "dark"):
        with AnyPage(browser, folder / "class.html", color_scheme=scheme) as one:
            assert one.barriers() == []


def test_without_a_script_everything_is_there_but_the_buttons(browser, folder):
    """And what a sign says when it is pointed at, which is on the page that it leads to. In the roster's order."""
    opened = Opened(browser, folder / "class.html", java_script_enabled=False)

    assert len(opened.names) == len(CLASS)
    assert opened.names[0] == "Zoë Árnadóttir"
    expect(opened.page.locator("#filters")).to_be_hidden()
    expect(opened.page.get_by_role("button", name="Score")).to_be_disabled()
    row = opened.page.locator("#class tbody tr", has_text="Ada Lovelace")
    expect(row.get_by_role("cell", name="failed")).to_have_count(1)
    expect(row.get_by_role("link", name="failed")).to_have_attribute("href", "students/s4.html#instance.type")
    opened.page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_on_every_screen(browser, folder, scheme):
    """Nothing is cut off at the side, and each text stands out from what is behind it; students' pages, too."""
    for file in (folder / "class.html", *sorted((folder / "students").glob("s*.html"))):
        opened = Opened(browser, file, color_scheme=scheme)
        opened.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        for width in WIDTHS:
            opened.page.set_viewport_size({"width": width, "height": 900})
            assert opened.page.evaluate("document.documentElement.scrollWidth") <= width, (file.name, width)
        assert opened.page.evaluate(FAINT) == []
        opened.page.close()


def test_a_class_of_two_hundred_keeps_names_and_headings_in_sight(browser, tmp_path, good, empty, torn_down):
    """Wherever the table is scrolled to, on a big screen and on a small one."""
    ways = ("good", "done", "moved", "large", "refused", "nothing", "bucket")
    students = [
        Student(f"s{at}", f"Student {at}", ways[at % 7], str(700_000_000_000 + at), f"b-{at}") for at in range(MANY)
    ]
    with Book(tmp_path / "book.sqlite3", kinds(good, empty, torn_down)) as book:
        book.enter(students)
        report = write_anonymous(book.recorded.view, tmp_path / "class", b"k" * 32)
    opened = Opened(browser, report.page)
    for width in WIDTHS:
        opened.page.set_viewport_size({"width": width, "height": 900})
        opened.page.evaluate("const box = document.querySelector('.scroll'); box.scrollTo(400, 2000)")
        assert opened.page.evaluate(STUCK) == [0, 0], width
    opened.page.get_by_role("checkbox", name="still spending").check()
    spending = sum(one.kind in ("good", "moved", "large", "refused") for one in students)
    expect(opened.page.locator("#shown")).to_have_text(f"{spending} of {MANY} students shown")
    assert opened.wrong == []
    opened.page.close()


TOLD = "(row) => [...row.cells].slice(3, -1).map((cell) => cell.title)"
STUCK = """() => { const box = document.querySelector(".scroll").getBoundingClientRect();
  const head = document.querySelector("#class thead th:last-child").getBoundingClientRect();
  const name = document.querySelector("#class tbody tr:last-child th").getBoundingClientRect();
  return [Math.round(head.top - box.top - 1), Math.round(name.left - box.left - 1)]; }"""
FAINT = """() => {
  const texts = [...document.querySelectorAll("body *")].filter((one) => !one.closest(".unseen, svg, script, style")
    && [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())
    && one.getClientRects().length);
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (color) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const over = ([r, g, b, a], under) => [r, g, b].map((part, at) => (part * a + under[at] * (255 - a)) / 255);
  const behind = (one) => { if (!one) return [255, 255, 255];
    const own = rgba(getComputedStyle(one).backgroundColor);
    return own[3] === 255 ? own.slice(0, 3) : over(own, behind(one.parentElement)); };
  const light = (color) => { const [r, g, b] = color.map((part) => part / 255)
    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  return texts.map((one) => { const [a, b] = [light(rgba(getComputedStyle(one).color).slice(0, 3)), light(behind(one))];
    return [one.textContent.slice(0, 60), one.className, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)]; })
    .filter(([, , ratio]) => ratio < 4.5); }"""
