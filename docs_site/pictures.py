"""Pictures of what Skymark shows, taken of a class that works in the practice cloud: never older than the program."""

import base64
import csv
import datetime as dt
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console, RenderableType
from rich.terminal_theme import DEFAULT_TERMINAL_THEME
from rich.text import Text

from simulator.account import SimulatedAccount
from simulator.server import PracticeServer
from simulator.students import CLASS

if TYPE_CHECKING:
    from playwright.sync_api import Page

FOLDER = "pictures"
NAMES = ("board.png", "check.svg", "class.png", "favicon.svg", "jupyter.png", "report.png", "watch.svg")
STUDENTS = ("ada", "basil", "chiara", "dmitri", "hana", "jonas")
DONE, HALF_WAY = "ada", "basil"  # whose report is shown; whom `watch` looks at
AT_ONCE = 2
FIRST_ACCOUNT = 300_000_000_001
COLUMNS = 88
HEAD_LINES = 34  # of what `check` prints: the rest is more of the same
GRADED = (0, 1, 3)
BOARDS_LOG = "board.csv"
SEEN_MS = 60_000
BOARDS_STEPS = (42, 37, 26, 21, 15, 10, 5)  # so many minutes ago the lesson began, and each step was over
QUIET = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
FAVICON = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">
<circle cx="12" cy="12" r="12" fill="#3f51b5"/>
<path d="m6 12.5 4 4 8-9" fill="none" stroke="#fff" stroke-width="2.5"/></svg>
"""
NO_PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)


def take(root: Path, target: Path) -> None:
    """Take every picture anew. Without Chromium those of web pages are left blank; in CI that is an error."""
    target.mkdir(parents=True, exist_ok=True)
    (target / "favicon.svg").write_text(FAVICON, "utf-8")
    with tempfile.TemporaryDirectory() as name, PracticeServer() as server:
        studio = _Studio(root, Path(name), server)
        studio.work()
        _terminal(studio.watched(), target / "watch.svg", "grade.py watch")
        printed = studio.run(HALF_WAY, "check", "--no-gradebook").splitlines()[:HEAD_LINES]
        _terminal(Text.from_ansi("\n".join(printed)), target / "check.svg", "grade.py check")
        with _browser() as page:
            if page is None:
                for one in NAMES:
                    (target / one).write_bytes(NO_PICTURE) if one.endswith(".png") else None
                return
            studio.web_pages(page, target)


class _Studio:
    """A class in the practice cloud, each with keys and files of their own."""

    def __init__(self, root: Path, folder: Path, server: PracticeServer) -> None:
        self._root, self._folder, self._server = root, folder, server
        self._accounts = {
            name: SimulatedAccount(server, str(FIRST_ACCOUNT + number)) for number, name in enumerate(STUDENTS)
        }

    def work(self) -> None:
        """Let everybody do what their story says."""
        for student in CLASS:
            if student.name in self._accounts:
                student.build(self._accounts[student.name])

    def run(self, name: str, *words: str) -> str:
        """What `grade.py` prints for a student, with its colours."""
        done = subprocess.run(  # noqa: S603 - our own command
            self._command(*words),
            env=self._environment(name),
            cwd=self._folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if done.returncode not in GRADED:
            raise RuntimeError(f"grade.py {' '.join(words)}: {done.stderr}")
        return done.stdout

    def watched(self) -> RenderableType:
        """The page of `watch`, as it stands at its first look."""
        from skymark.lesson import Lesson
        from skymark.render import watching as rendering
        from skymark.rubric_file import load_rubric
        from skymark.watch.account import Account
        from skymark.watch.watching import watching

        lesson = Lesson(self._root)
        with _environment(self._environment(HALF_WAY)):
            account = Account(lesson, load_rubric(lesson, lesson.default_rubric), warn=print)
            seen = next(iter(watching(account, every_s=5)))
        return rendering.page(seen, (), Console(width=COLUMNS, height=24, force_terminal=True))

    def web_pages(self, page: "Page", target: Path) -> None:
        """Report, Jupyter, the class's page and the board."""
        self.run(DONE, "check", "--no-gradebook", "--html", "report.html")
        _shot(page, (self._folder / "report.html").as_uri(), target / "report.png")
        sagemaker = self._server.client("sagemaker", self._accounts[DONE].number, "us-east-1")
        signed = sagemaker.create_presigned_notebook_instance_url(NotebookInstanceName="sm-test")["AuthorizedUrl"]
        _shot(page, signed, target / "jupyter.png", height=460)
        self._enrol()
        self.run(DONE, "class", "roster.csv", "--final", "--report", "class", "--quiet")
        _shot(page, (self._folder / "class" / "class.html").as_uri(), target / "class.png")
        with self._board() as address:
            _shot(page, address, target / "board.png", lambda: _everybody_is_seen(page), height=720)

    def _enrol(self) -> None:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for done in [pool.submit(self._hand_in, name) for name in STUDENTS]:
                done.result()
        with open(self._folder / "roster.csv", "w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(("student", "name", "survey"))
            rows.writerows((name, name.title(), f"{name}.json") for name in STUDENTS)

    def _hand_in(self, name: str) -> None:
        self.run(name, "check", "--no-gradebook", "--quiet", "--save-survey", f"{name}.json")

    def _be_in_the_middle(self) -> None:
        """Write the time log of a lesson that began a while ago: a board that is started finds it, and goes on."""
        from skymark.board.timelog import Event, TimeLog
        from skymark.board.timetable import Action
        from skymark.lesson import Lesson
        from skymark.rubric_file import load_rubric

        lesson = Lesson(self._root)
        log = TimeLog(self._folder / BOARDS_LOG)
        course = log.read(load_rubric(lesson, lesson.default_rubric).timetable, ())
        now = dt.datetime.now(dt.UTC)
        for ago_minutes in BOARDS_STEPS:
            event = Event(now - dt.timedelta(minutes=ago_minutes), Action.SKIP if course.latest else Action.START)
            log.append(event, course)
            course = course.followed(event)

    @contextmanager
    def _board(self) -> Iterator[str]:
        self._be_in_the_middle()
        command = self._command("board", "roster.csv", "--port", "0", "--names", "--every", "10", "--log", BOARDS_LOG)
        with subprocess.Popen(  # noqa: S603 - our own command
            command, env=self._environment(DONE), cwd=self._folder, stdout=subprocess.PIPE, text=True
        ) as board:
            try:
                assert board.stdout is not None
                yield next(found[0] for line in board.stdout if (found := re.search(r"http://\S+", line)))
            finally:
                board.terminate()

    def _command(self, *words: str) -> list[str]:
        return [sys.executable, str(self._root / "grade.py"), *words]

    def _environment(self, name: str) -> dict[str, str]:
        keys = self._server.environment(self._server.credentials(self._accounts[name].number))
        own = {"XDG_DATA_HOME": str(self._folder / "data"), "FORCE_COLOR": "1", "COLUMNS": str(COLUMNS)}
        return keys | own | {"PYTHONUNBUFFERED": "1"}


@contextmanager
def _environment(wanted: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(wanted)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _terminal(shown: RenderableType, file: Path, title: str) -> None:
    """A terminal with this in it. Rich names a font of another server; what it falls back to is good enough."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=COLUMNS, force_terminal=True, file=nowhere, highlight=False)
        console.print(shown)
    svg = console.export_svg(title=title, theme=DEFAULT_TERMINAL_THEME)
    file.write_text(re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL), "utf-8")


@contextmanager
def _browser() -> Iterator["Page | None"]:
    chromium = shutil.which("chromium")
    if chromium is None:
        if "CI" in os.environ:
            raise SystemExit("The pictures need Chromium, and there is none.")
        print("No Chromium: pictures of web pages are left blank.", file=sys.stderr)
        yield None
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        yield browser.new_page(color_scheme="light")
        browser.close()


def _everybody_is_seen(page: "Page") -> None:
    page.get_by_text("in the class").wait_for()
    page.get_by_text("not seen").wait_for(state="hidden", timeout=SEEN_MS)


def _shot(page: "Page", address: str, file: Path, wait: Callable[[], object] = lambda: None, height: int = 900) -> None:
    page.set_viewport_size({"width": 1000, "height": height})
    page.goto(address)
    wait()
    page.screenshot(path=file, animations="disabled")
