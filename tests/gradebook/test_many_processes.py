"""Many processes at once, and processes that are killed: nothing that was recorded is lost."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from skymark.gradebook.book import Gradebook
from skymark.render import json as result_json
from skymark.survey_file import save

ROOT = Path(__file__).parents[2]
WRITERS = 50
BEGINNING = """
    import sys, time
    from decimal import Decimal
    from pathlib import Path
    from skymark.gradebook import opening
    from skymark.gradebook.asking import override
    from skymark.gradebook.book import Gradebook, NewDecision
    from skymark.outcome import Outcome
    from skymark.render.json import loads
    from skymark.survey_file import load

    file, name = Path(sys.argv[1]), sys.argv[4]
    survey, result = load(Path(sys.argv[2])), loads(Path(sys.argv[3]).read_text())

    def tell(words):
        print(words, flush=True)
"""
WRITES = """
    tell("ready")
    sys.stdin.readline()
    for _ in range(2):
        with Gradebook(file, begin=True) as book:
            book.record(result, survey, student=name)
            override(book, name, "bucket.name", points="3", reason=name, by=name)
"""
WRITES_ON = """
    with Gradebook(file, begin=True) as book:
        while True:
            tell(book.record(result, survey, student=name))
"""
STOPS_INSIDE = """
    with Gradebook(file, begin=True) as book, book.writing():
        book.decide(
            NewDecision("1", "r", "c", "why", "who", Outcome.FAILED, Decimal(0), points=Decimal(1))
        )
        # More than fits into memory, so that some of it is in the journal already.
        book._connection.execute("PRAGMA cache_size = 2")
        for _ in range(50):
            book._insert("attempt", dict.fromkeys(
                ("account", "rubric", "rubric_version", "surveyed_at", "recorded_at", "result"), "x"
            ) | {"final": 0, "survey": b"y" * 9000})
        tell("inside")
        time.sleep(120)
"""
STOPS_BEGINNING = """
    def migrate(connection):
        connection.execute("CREATE TABLE half (done)")
        tell("inside")
        time.sleep(120)

    opening.migrate = migrate
    Gradebook(file, begin=True)
"""

Started = Callable[[str, str], "subprocess.Popen[str]"]


@pytest.fixture
def start(file, tmp_path, good, graded) -> Started:
    """Start a process that has a survey and its result; it is killed in the end, if it still runs."""
    save(good, tmp_path / "survey.json")
    (tmp_path / "result.json").write_text(result_json.render(graded(good)))
    running = []

    def run(code: str, name: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", textwrap.dedent(BEGINNING) + textwrap.dedent(code)]
        command += [str(file), str(tmp_path / "survey.json"), str(tmp_path / "result.json"), name]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        process = subprocess.Popen(command, cwd=ROOT, text=True, **pipes)
        running.append(process)
        return process

    yield run
    for process in running:
        process.kill()
        process.communicate()


def kill(process) -> None:
    """As a power cut would: it has no chance to tidy up."""
    os.kill(process.pid, signal.SIGKILL)
    process.wait(30)


def integrity(book: Gradebook) -> str:
    """`ok`, or what is wrong with it."""
    return book._connection.execute("PRAGMA integrity_check").fetchone()[0]


def test_fifty_processes_write_at_once_and_nothing_is_lost(start, file, good, graded):
    """They begin the book together, and each records two checks and two overrides."""
    processes = [start(WRITES, f"student {number}") for number in range(WRITERS)]
    assert [process.stdout.readline() for process in processes] == ["ready\n"] * WRITERS
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=120) for process in processes]

    assert [(process.returncode, out, err) for process, (out, err) in zip(processes, said, strict=True)] == [
        (0, "", "")
    ] * WRITERS
    result = graded(good)
    twice = sorted(f"student {number}" for number in range(WRITERS) for _ in range(2))
    with Gradebook(file) as book:
        attempts, decisions = book.attempts(), book.decisions()
        assert (book.note, integrity(book)) == (None, "ok")
        assert sorted(one.student for one in attempts) == twice
        assert sorted(one.reason for one in decisions) == twice
        assert {one.result == result and book.survey(one.id) == good for one in attempts} == {True}
    before = sorted((one.replaced_outcome, one.replaced_points) for one in decisions)
    assert before == [("passed", 6)] * WRITERS + [("waived", 3)] * WRITERS


def test_a_process_killed_in_the_middle_of_writing_leaves_the_book_whole(start, file, good, graded):
    """Nothing of what it did not finish is there, nobody has to wait, and all before is as it was."""
    with Gradebook(file, begin=True) as book:
        book.record(graded(good), good)
    process = start(STOPS_INSIDE, "half")
    assert process.stdout.readline() == "inside\n"
    assert file.with_name(f"{file.name}-wal").stat().st_size > 100_000

    kill(process)

    with Gradebook(file) as book:
        assert (book.note, integrity(book)) == (None, "ok")
        assert ([one.id for one in book.attempts()], book.decisions()) == ([1], ())
        assert book.record(graded(good), good) == 2


def test_what_was_said_to_be_recorded_survives_a_kill(start, file, good):
    """Whenever it comes."""
    processes = [start(WRITES_ON, f"student {number}") for number in range(3)]
    said = {process: [process.stdout.readline() for _ in range(7)] for process in processes}

    for process in processes:
        kill(process)
        said[process] += process.stdout.readlines()

    with Gradebook(file) as book:
        assert (book.note, integrity(book)) == (None, "ok")
        there = {one.id for one in book.attempts()}
        assert {int(number) for numbers in said.values() for number in numbers if number.endswith("\n")} <= there
        assert {book.survey(id) == good for id in there} == {True}


def test_a_process_killed_while_it_begins_the_book_is_in_nobodys_way(start, file, good, graded):
    """A half-made book is never in the book's place."""
    process = start(STOPS_BEGINNING, "half")
    assert process.stdout.readline() == "inside\n"
    assert not file.exists()

    kill(process)

    with Gradebook(file, begin=True) as book:
        assert book.record(graded(good), good) == 1


def test_a_reader_is_not_held_up_by_a_writer(start, file, good, graded):
    """What is shown is what was recorded whole."""
    with Gradebook(file, begin=True) as book:
        book.record(graded(good), good)
    process = start(STOPS_INSIDE, "half")
    assert process.stdout.readline() == "inside\n"

    with Gradebook(file) as book:
        assert [one.id for one in book.attempts()] == [1]
