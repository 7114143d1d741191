"""Both pages in a real browser: a lesson from the start to the end."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from .conftest import Served

SCREENS = ((1920, 1080), (1280, 720))


class Pages:
    """The projector's page and the assistants', side by side."""

    def __init__(self, browser: Browser, served: Served) -> None:
        self.served = served
        self.wrong: list[str] = []
        self.projector = self._opened(browser, "/")
        self.assistant = self._opened(browser, "/assistant")

    def press(self, button: str) -> None:
        """Press a button on the assistants' page."""
        self.assistant.get_by_role("button", name=button, exact=True).click()

    def step(self, name: str) -> Locator:
        """A step's line on the projector."""
        return self.projector.locator("#steps li", has=self.projector.get_by_text(name, exact=True))

    def student(self, name: str) -> Locator:
        """A student's row on the assistants' page."""
        return self.assistant.get_by_role("row", name=name)

    def _opened(self, browser: Browser, path: str) -> Page:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)
        page.goto(f"{self.served.address}{path}")
        return page


@pytest.fixture
def pages(browser, serve) -> Iterator[Pages]:
    """Both pages of a board before the lesson. No page has made a mistake, or was refused anything."""
    opened = Pages(browser, serve())
    yield opened
    opened.projector.close()
    opened.assistant.close()
    assert opened.wrong == []


def test_nothing_is_looked_at_before_somebody_starts(pages):
    """And what can be done is to start."""
    expect(pages.projector.locator("#step-of")).to_have_text("Not started yet")
    expect(pages.assistant.locator("#buttons button:visible")).to_have_text(["Start"])
    expect(pages.student("Ada Lovelace")).to_contain_text("not looked at yet")
    expect(pages.student("<b>Mallory</b>")).to_be_visible()


def test_a_started_clock_runs_and_a_student_s_step_appears_when_their_account_changes(pages, good):
    """Without anybody loading anything."""
    pages.press("Start")

    expect(pages.projector.locator("#step-name")).to_have_text("Welcome")
    expect(pages.projector.locator("#timer")).to_have_text(re.compile("4:5[0-9]"))
    expect(pages.step("Explore")).to_contain_text("4 of 4 done")
    expect(pages.step("Notebook instance")).to_contain_text("0 of 4 done")

    pages.served.move("s1", good)

    expect(pages.step("Notebook instance")).to_contain_text("1 of 4 done")
    expect(pages.step("Delete the notebook instance")).to_contain_text("1 here")
    expect(pages.student("Ada Lovelace")).to_contain_text("Delete the notebook instance")


def test_the_class_comes_to_the_end(pages, good, torn_down):
    """Once done stays done, though the endpoint is gone."""
    pages.press("Start")
    pages.served.move("s1", good)
    expect(pages.student("Ada Lovelace")).to_contain_text("Delete the notebook instance")

    pages.served.move("s1", torn_down)

    expect(pages.student("Ada Lovelace")).to_contain_text("has done it all")
    expect(pages.step("Create and deploy a model")).to_contain_text("1 of 4 done")
    expect(pages.projector.locator("#class")).to_contain_text("1 at the end")


def test_a_pause_stops_the_clock_and_the_looks(pages, good):
    """Until it goes on."""
    pages.press("Start")
    expect(pages.step("Explore")).to_contain_text("4 of 4 done")
    pages.press("Pause")
    expect(pages.projector.locator("#step-of")).to_have_text("Step 1 of 8, paused")
    shown = pages.projector.locator("#timer").text_content()

    pages.served.move("s1", good)
    pages.projector.wait_for_timeout(1500)

    expect(pages.projector.locator("#timer")).to_have_text(shown)
    expect(pages.step("Notebook instance")).to_contain_text("0 of 4 done")
    pages.press("Go on")
    expect(pages.step("Notebook instance")).to_contain_text("1 of 4 done")


def test_steps_go_on_and_back_and_the_lesson_ends(pages):
    """Each is written down."""
    pages.press("Start")
    pages.press("Next step")
    expect(pages.projector.locator("[aria-current=step] .name")).to_have_text("Introduction")
    expect(pages.projector.locator("#behind")).to_have_text("5 min ahead")
    expect(pages.projector.locator("#said")).to_have_text("Step 2 of 8: Introduction.")
    pages.press("Step back")
    expect(pages.projector.locator("[aria-current=step] .name")).to_have_text("Welcome")
    pages.press("End the lesson")
    expect(pages.projector.locator("#step-name")).to_have_text("The lesson is over")

    with pages.assistant.expect_download() as download:
        pages.assistant.get_by_role("link", name="Time log (CSV)").click()
    events = [line.split(",")[1] for line in download.value.path().read_text("utf-8-sig").splitlines()]
    assert events == ["event", "start", "skip", "back", "end"]


def test_a_new_lesson_is_asked_about_first(pages):
    """It forgets how far everybody was."""
    pages.press("Start")
    pages.press("End the lesson")
    pages.assistant.once("dialog", lambda dialog: dialog.dismiss())
    pages.press("Start a new lesson")
    expect(pages.projector.locator("#step-name")).to_have_text("The lesson is over")

    pages.assistant.once("dialog", lambda dialog: dialog.accept())
    pages.press("Start a new lesson")

    expect(pages.projector.locator("#step-name")).to_have_text("Welcome")


def test_who_cannot_log_in_is_ticked_off_and_named_to_assistants_alone(pages):
    """By the keyboard, too; and it can be taken back."""
    tick = pages.assistant.get_by_role("checkbox", name="Grace Hopper cannot log in")
    tick.focus()
    tick.press("Space")

    expect(pages.projector.locator("#class")).to_have_text("4 in the class1 cannot log in")
    expect(pages.assistant.locator("tbody tr").first).to_contain_text("Grace Hopper")
    expect(tick).to_be_focused()
    expect(pages.projector.locator("body")).not_to_contain_text("Grace")

    tick.press("Space")
    expect(pages.projector.locator("#class")).to_have_text("4 in the class")


def test_an_account_that_cannot_be_entered_is_said_to_be_unseen(pages):
    """To assistants with the reason."""
    (pages.served.folder / "s3.json").write_text("{}")
    pages.press("Start")

    expect(pages.student("Alan Turing")).to_contain_text("not seen: The role cannot be assumed.")
    expect(pages.projector.locator("#class")).to_contain_text("1 not seen")


def test_a_student_is_found_by_name(pages):
    """In a class of hundreds."""
    pages.assistant.get_by_label("Find").fill("hop")

    expect(pages.assistant.locator("tbody tr:visible th")).to_have_text(["Grace Hopper"])


def test_a_board_that_is_gone_is_missed_and_found_again(pages):
    """Both pages say that they are on their own."""
    pages.press("Start")
    expect(pages.projector.locator("#step-name")).to_have_text("Welcome")

    pages.served.end()

    expect(pages.projector.locator("#offline")).to_be_visible()
    expect(pages.assistant.locator("#offline")).to_be_visible()
    pages.wrong.clear()  # the browser's own words for it


def test_the_projector_needs_no_scrolling_and_can_be_read(browser, serve, good):
    """Nothing is cut off, no two texts overlap, and each is big and stands out from what is behind it."""
    pages = Pages(browser, serve("--names"))
    pages.press("Start")
    pages.served.move("s1", good)
    expect(pages.step("Notebook instance")).to_contain_text("1 of 4 done")
    for width, height in SCREENS:
        for scheme in ("light", "dark"):
            pages.projector.set_viewport_size({"width": width, "height": height})
            pages.projector.emulate_media(color_scheme=scheme)

            assert pages.projector.evaluate(WHOLE) == [width, height]
            assert pages.projector.evaluate(OVERLAPS) == []
            assert pages.projector.evaluate(SMALLEST) >= height / 50
            assert pages.projector.evaluate(FAINT) == []


TEXTS = """
const texts = [...document.querySelectorAll("body *")].filter((one) => !one.closest(".unseen-words, noscript")
  && [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()) && one.getClientRects().length);
"""
WHOLE = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
OVERLAPS = f"""() => {{ {TEXTS}
  const boxes = texts.map((one) => {{ const range = document.createRange(); range.selectNodeContents(one);
    return [one.textContent, range.getBoundingClientRect(), one]; }});
  return boxes.flatMap(([text, a, one], at) => boxes.slice(at + 1).filter(([, b, other]) =>
    !one.contains(other) && !other.contains(one) && a.left < b.right - 1 && b.left < a.right - 1
    && a.top < b.bottom - 1 && b.top < a.bottom - 1).map(([other]) => [text, other])); }}"""
SMALLEST = f"() => {{ {TEXTS} return Math.min(...texts.map((one) => parseFloat(getComputedStyle(one).fontSize))); }}"
FAINT = f"""() => {{ {TEXTS}
  const rgb = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = (color) => {{ const [r, g, b] = rgb(color).map((part) => part / 255)
    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; }};
  const behind = (one) => {{ while (one && rgb(getComputedStyle(one).backgroundColor)[3] === 0) one = one.parentElement;
    return getComputedStyle(one ?? document.body).backgroundColor; }};
  return texts.map((one) => {{ const [a, b] = [light(getComputedStyle(one).color), light(behind(one))];
    return [one.textContent, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)]; }})
    .filter(([, ratio]) => ratio < 4.5); }}"""
