"""How fast what was recorded of a class is graded again, and made into the report of the class.

Run: python bench/gradebook_speed.py [STUDENTS]. A gradebook is filled with the sample's survey under accounts of
their own; then the commands themselves are timed, from the shell to their end: `gradebook regrade`, and what
`class --report` writes when nobody is looked at, by its own function. The page is opened in Chromium, if there is one.
By CPU, regrading is held against judging alone, and the page against reading the gradebook.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parent
sys.path[:0] = [str(ROOT), str(BENCH)]

import judging_speed  # noqa: E402 - after the path is set
from class_speed import RUBRIC, accounts, environment  # noqa: E402

SAMPLE = ROOT / "reports" / "sample" / "survey.json"


def fill(file: Path, students: int) -> None:
    """Write down what a look at each student found."""
    from msgspec.structs import replace

    from skymark import survey_file
    from skymark.gradebook.book import Gradebook
    from skymark.grading import grade
    from skymark.lesson import Lesson
    from skymark.rubric_file import load_rubric

    lesson = Lesson.at(ROOT)
    survey = survey_file.load(SAMPLE)
    result = grade(survey, load_rubric(lesson, RUBRIC), lesson)
    with Gradebook(file, begin=True) as book, book.writing():
        for number, account in enumerate(accounts(students, 0)):
            own = replace(survey, identity=replace(survey.identity, account=account))
            subject = replace(result.subject, account=account, student=f"student{number}")
            book.record(replace(result, subject=subject), own, student=subject.student)


def regrade(file: Path) -> tuple[float, float]:
    """Seconds of the clock and of the CPU for everybody, the command's start included."""
    command = [sys.executable, str(ROOT / "grade.py"), "gradebook", "regrade", "--gradebook", str(file)]
    began, cpu = time.perf_counter(), _cpu_of_children()
    subprocess.run(command, check=True, capture_output=True, env=environment("http://127.0.0.1:9"))  # noqa: S603 - our own
    return time.perf_counter() - began, _cpu_of_children() - cpu


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def report(file: Path, folder: Path, students: int) -> dict[str, float]:
    """Seconds for the page of the class alone, and for it with everybody's own; its size."""
    from skymark.cohort.recorded import recorded_class
    from skymark.gradebook.book import Gradebook
    from skymark.lesson import Lesson
    from skymark.render import class_page, class_report
    from skymark.roster.entry import Entry, Files, Roster
    from skymark.rubric_file import load_rubric

    roster = Roster(Path("class.csv"), tuple(Entry(f"student{one}", f"Student {one}") for one in range(students)))
    rubric = load_rubric(Lesson.at(ROOT), RUBRIC)
    began, cpu = time.perf_counter(), time.process_time()
    with Gradebook(file) as book:
        recorded = recorded_class(book, roster, {rubric.id: rubric})
        read_cpu = time.process_time() - cpu
        text = class_page.render(recorded.view, class_page.Links({}, {}))
        page_s, page_cpu = time.perf_counter() - began, time.process_time() - cpu
        began = time.perf_counter()
        done = class_report.write(
            recorded.view, folder, files=Files("class.csv", None), survey=partial(recorded.survey, book=book)
        )
    told = {"page_s": page_s, "page_ratio": page_cpu / read_cpu, "page_mb": len(text.encode()) / 1e6}
    return told | {"all_s": time.perf_counter() - began} | _painted(done.page)


def _painted(page: Path) -> dict[str, float]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return {}
    chromium = Path("/usr/bin/chromium")
    if not chromium.exists():
        return {}
    asked: Any = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        shown = browser.new_page()
        shown.goto(page.resolve().as_uri())
        shown.wait_for_function("performance.getEntriesByName('first-contentful-paint').length > 0")
        paint = shown.evaluate(asked) / 1000
        browser.close()
    return {"paint_s": paint}


def measured(students: int) -> dict[str, float]:
    """All of it."""
    with tempfile.TemporaryDirectory() as name:
        file, folder = Path(name) / "book.sqlite3", Path(name) / "report"
        fill(file, students)
        judged_s = judging_speed.measured(10)["open_ms"] / 1000
        seconds, cpu_s = regrade(file)
        regraded = {"regraded_per_s": students / seconds, "regrade_ratio": cpu_s / students / judged_s}
        return {"students": students, **regraded, **report(file, folder, students)}


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]) if len(sys.argv) > 1 else 1000), indent=2))
