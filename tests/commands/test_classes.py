"""`grade.py class`, as it is typed: what it ends with, what it says, and what stays when it is stopped."""

import contextlib
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
from msgspec.structs import replace

from simulator.account import SimulatedAccount
from simulator.pytest_fixtures import practice_cloud  # noqa: F401
from skymark.cohort.task import TOLD_APART
from skymark.evidence import Survey
from skymark.gradebook.book import Gradebook
from skymark.gradebook.schema import VERSION
from skymark.granting.grant import trust_policy
from skymark.permissions import read_only_policy
from skymark.samples import read_samples
from skymark.survey_file import save

ROOT = Path(__file__).parents[2]
FIRST = 100_000_000_000
GRADER = "999999999999"
WIDE = {"COLUMNS": "200"}
"""A terminal on which nothing has to be folded."""


class Ended(NamedTuple):
    """How a command ended."""

    status: int
    out: str
    err: str


class Class:
    """A folder with a roster, the surveys that students handed in, and the gradebook."""

    def __init__(self, folder: Path, good: Survey) -> None:
        self.folder, self.good = folder, good
        self.book = folder / "book.sqlite3"
        self.environment: dict[str, str] = dict(os.environ) | WIDE
        self.started: list[subprocess.Popen[str]] = []

    def roster(self, text: str, name: str = "class.csv", encoding: str = "utf-8") -> None:
        """Write one."""
        (self.folder / name).write_bytes(text.encode(encoding))

    def hand_in(self, student: str, survey: Survey | None = None, account: int = FIRST) -> None:
        """A student's survey, of an account of this number."""
        text = msgspec.json.encode(survey or self.good).decode().replace("123456789012", str(account))
        save(msgspec.json.decode(text, type=Survey), self.folder / f"{student}.json")

    def enrol(self, *students: str) -> None:
        """Students who handed in the good survey, each of an account of their own; and their roster."""
        for number, student in enumerate(students):
            self.hand_in(student, account=FIRST + number)
        rows = (f"{student},{student.title()},{student}.json\n" for student in students)
        self.roster("student,name,survey\n" + "".join(rows))

    def begin(self, *options: str, roster: str = "class.csv", **more) -> "subprocess.Popen[str]":
        """Type the command, and don't wait for it."""
        command = [sys.executable, str(ROOT / "grade.py"), "class", roster, "--gradebook", str(self.book), *options]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        self.started.append(
            subprocess.Popen(command, cwd=self.folder, env=self.environment, text=True, **pipes, **more)
        )
        return self.started[-1]

    def __call__(self, *options: str, **more) -> Ended:
        """Type the command."""
        return ended(self.begin(*options, **more))

    def recorded(self) -> Counter[str]:
        """How often each student was graded by now."""
        if not self.book.exists():
            return Counter()
        with Gradebook(self.book) as book:
            return Counter(one.student for one in book.attempts())

    def met(self) -> dict[str, str]:
        """Who could not be graded, and what stood in the way."""
        with Gradebook(self.book) as book:
            return {one.student: str(one.cause) for one in book.troubles()}

    def wait_for(self, graded: int, process: "subprocess.Popen[str]") -> None:
        """Until so many are written down."""
        while self.recorded().total() < graded:
            assert process.poll() is None, "it ended by itself"
            time.sleep(0.05)


def ended(process: "subprocess.Popen[str]") -> Ended:
    """Wait for the end."""
    out, err = process.communicate(timeout=120)
    return Ended(process.returncode, out, err)


@pytest.fixture
def grade(tmp_path, good) -> Iterator[Class]:
    """An empty class."""
    made = Class(tmp_path, good)
    yield made
    for one in made.started:
        one.kill()
        one.communicate()


def test_all_who_passed_all_end_it_with_0(grade, good, torn_down):
    """Seen with their endpoints, and later without."""
    grade.enrol("ana", "bo")
    assert grade("--quiet").status == 1
    later = replace(torn_down, surveyed_at=good.surveyed_at.replace(hour=20))
    grade.hand_in("ana", later, FIRST)
    grade.hand_in("bo", later, FIRST + 1)

    assert grade("--quiet") == (0, "2 students: 2 passed all; mean 100.0\n", "")


def test_all_who_are_graded_and_have_not_passed_all_end_it_with_1(grade):
    """The table says how each stands."""
    grade.enrol("ana", "bo")

    status, out, err = grade()

    assert status == 1
    assert [line.split() for line in out.splitlines()[1:3]] == [["ana", "90/100"], ["bo", "90/100"]]
    assert out.endswith("2 students: 2 not all; mean 90.0\n")
    assert err.startswith("2/2: 0 passed all, 2 not all, 0 unverified, 0 in trouble;")


def test_somebody_without_a_whole_mark_ends_it_with_3(grade, denied, good):
    """Whether something is unverified or nothing could be looked at; the others have their marks."""
    grade.enrol("ana", "bo", "cy")
    grade.hand_in("bo", denied(replace(good, buckets=()), "s3", "ListBuckets"), FIRST + 1)
    (grade.folder / "cy.json").write_text("{")

    status, out, _ = grade()

    assert status == 3
    ana, bo, cy = (line.split(maxsplit=3) for line in out.splitlines()[1:4])
    assert ana == ["ana", "90/100"]
    assert bo[0] == "bo"
    assert int(bo[2]) > 0
    assert cy[:2] == ["cy", "none"]
    assert "cy.json: is truncated" in out
    assert grade.recorded() == {"ana": 1, "bo": 1}
    assert grade.met() == {"cy": "access"}


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--only", "bucket.name"), "with --students"),
        (("--only", "bucket.nam", "--students", "ana"), "bucket.name"),
        (("--students", "anna"), 'Did you mean "ana"'),
        (("--max-age", "14:30"), '--max-age "14:30": is no age'),
        (("--max-age", "soon"), '--max-age "soon": is no age'),
        (("--rubric", "nothing"), "nothing"),
        (("--executor", "thread"), "There are: threads, processes, or dask://HOST:PORT"),
        (("--executor", "dask://127.0.0.1"), "No Dask scheduler answers at 127.0.0.1 (missing port"),
        (("--shared-account", "12"), "is no account"),
        (("--since", "2026-11-24", "--until", "2026-11-23"), "2026-11-2"),
        (("--access", "none.csv"), "none.csv: there is no such file"),
        (("--at-once", "0"), "--at-once"),
    ],
)
def test_what_cannot_be_done_ends_it_with_2_and_grades_nobody(grade, options, told):
    """Words, and nothing written down."""
    grade.enrol("ana", "bo")

    status, out, err = grade(*options)

    assert (status, out) == (2, "")
    assert told in " ".join(err.split())
    assert "Traceback" not in err
    assert grade.recorded() == {}


def test_a_roster_that_is_none_ends_it_with_2(grade):
    """It is named."""
    grade.roster("PK\x03\x04", "class.xlsx")

    for name in ("none.csv", "class.xlsx"):
        status, out, err = grade(roster=name)
        assert (status, out) == (2, "")
        assert err.startswith(f"{name}: ")


def test_a_dry_run_shows_who_would_be_graded_with_what_and_writes_nothing(grade):
    """Not even a gradebook."""
    grade.enrol("ana", "bo")
    role = "arn:aws:iam::123456789012:role/SkymarkGrader"
    grade.roster(
        "student,name,survey,role arn,external id,rubric,due\n"
        f"ana,Ana,ana.json,,,,\ncy,Cy,,{role},id-of-cy,learner-lab,2026-12-01 12:00\ndi,Di,,,,,\n"
    )
    before = sorted(one.name for one in grade.folder.iterdir())

    status, out, err = grade("--dry-run", "--due", "2026-11-24 12:00")

    rows = [line.split("  ") for line in out.splitlines()]
    ana, cy, di = ([cell.strip() for cell in row if cell.strip()] for row in rows[1:4])
    assert (status, err) == (0, "")
    assert ana == ["ana", "Ana", "yes: not graded yet", "survey ana.json", "sagemaker-intro", "2026-11-24 12:00"]
    assert cy[2:] == ["yes: not graded yet", "role SkymarkGrader", "123456789012", "learner-lab", "2026-12-01 12:00"]
    assert di[2:4] == ["yes: not graded yet", "nothing: no way in is known"]
    assert out.endswith("3 students, 3 would be graded\n")
    assert sorted(one.name for one in grade.folder.iterdir()) == before


def test_a_dry_run_says_who_is_left_alone(grade):
    """Because they are graded; the book is as it was."""
    grade.enrol("ana", "bo")
    grade("--students", "ana", "--quiet")

    status, out, _ = grade("--dry-run")

    assert status == 0
    assert "no: is graded" in out
    assert out.endswith("2 students, 1 would be graded\n")
    assert grade.recorded() == {"ana": 1}


def test_a_bad_row_is_told_by_line_and_column_and_the_rest_goes_on(grade):
    """What is wrong ends it with 3, for somebody has no mark; with --strict nobody is graded."""
    grade.enrol("ana", "bo")
    grade.roster("student,name,survey,due\nana,Ana,ana.json,\n,Nobody,,\nana,Ana,bo.json,\nbo,Bo,bo.json,whenever\n")

    strict = grade("--strict", "--quiet")
    between = grade.recorded()
    status, out, err = grade("--quiet")

    assert (strict.status, strict.out, between) == (2, "", {})
    assert (status, out) == (3, "1 student: 1 not all; mean 90.0\n")
    assert [line.split(":")[:2] for line in err.splitlines()] == [
        ["class.csv", " line 3, student"],
        ["class.csv", " line 4, student"],
        ["class.csv", " line 5, due"],
    ]
    assert strict.err == err
    assert grade.recorded() == {"ana": 1}


def test_a_rubric_that_cannot_be_read_is_the_trouble_of_whose_it_is(grade):
    """By line and column, as any other mistake of a row."""
    grade.enrol("ana", "bo")
    grade.roster("student,name,survey,rubric\nana,Ana,ana.json,\nbo,Bo,bo.json,nothing\n")

    status, _, err = grade("--quiet")

    assert status == 3
    assert err.startswith("class.csv: line 3, rubric: ")
    assert grade.recorded() == {"ana": 1}


def test_students_are_chosen_by_id_and_by_pattern(grade):
    """In any number."""
    grade.enrol("ana", "lab-1", "lab-2", "zoe")

    status, out, _ = grade("--students", "lab-*", "--students", "zoe", "--quiet")

    assert (status, out) == (1, "3 students: 3 not all; mean 90.0\n")
    assert grade.recorded() == {"lab-1": 1, "lab-2": 1, "zoe": 1}


def test_run_again_only_who_is_unverified_or_missing_is_graded(grade, denied, good):
    """With --only-unverified, not who is missing."""
    grade.enrol("ana", "bo")
    unseen = denied(replace(good, buckets=()), "s3", "ListBuckets")
    grade.hand_in("bo", unseen, FIRST + 1)
    grade("--quiet")
    grade.hand_in("cy", account=FIRST + 2)
    grade.roster("student,name,survey\nana,Ana,ana.json\nbo,Bo,bo.json\ncy,Cy,cy.json\n")

    grade("--only-unverified", "--quiet")
    first = grade.recorded()
    grade.hand_in("bo", good, FIRST + 1)
    status = grade("--quiet").status

    assert first == {"ana": 1, "bo": 2}
    assert (status, grade.recorded()) == (1, {"ana": 1, "bo": 3, "cy": 1})


def test_what_is_older_than_asked_for_is_graded_again(grade):
    """Saved surveys are as old as their grading."""
    grade.enrol("ana")
    grade("--quiet")

    grade("--max-age", "1h", "--quiet")
    young = grade.recorded()
    grade("--max-age", "0m", "--quiet")

    assert (young, grade.recorded()) == ({"ana": 1}, {"ana": 2})


def test_a_few_criteria_are_shown_again_and_not_written_down(grade):
    """Of whoever is named; it ends as those criteria do."""
    grade.enrol("ana", "bo")

    status, out, err = grade("--only", "bucket.name", "--only", "teardown.endpoint", "--students", "ana")
    passed = grade("--only", "bucket.name", "--students", "*")

    rows = [line.split() for line in out.splitlines()[1:]]
    assert [row[:3] for row in rows] == [["ana", "bucket.name", "passed"], ["ana", "teardown.endpoint", "pending"]]
    assert (status, err, passed.status) == (1, "", 0)
    assert [line.split()[0] for line in passed.out.splitlines()[1:]] == ["ana", "bo"]
    assert not grade.book.exists()


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "utf-8-sig"])
def test_a_roster_may_be_saved_in_any_encoding(grade, encoding):
    """Names and ids are whole, in the table and in the book."""
    grade.enrol("ana")
    grade.roster("student,name,survey\nnúñez,María Núñez,ana.json\n", encoding=encoding)

    plan, ended = grade("--dry-run"), grade("--quiet")

    assert "María Núñez" in plan.out
    assert ended.status == 1
    assert grade.recorded() == {"núñez": 1}


def test_a_canvas_export_is_a_roster_and_the_ways_in_stand_beside_it(grade):
    """Neither the points possible nor the test student is anybody."""
    grade.enrol("ada", "grace")
    grade.roster(
        "Student,ID,SIS User ID,SIS Login ID,Section,Introduction to SageMaker (4711)\n"
        "    Points Possible,,,,,100\n"
        '"Lovelace, Ada",1001,S-1001,ada,Cloud 101,\n'
        '"Hopper, Grace",1002,S-1002,grace,Cloud 101,\n'
        '"Student, Test",1003,,0123456789abcdef,Cloud 101,\n'
    )
    grade.roster("student,survey\nada,ada.json\ngrace,grace.json\nalan,ada.json\n", "access.csv")

    status, out, err = grade("--access", "access.csv", "--quiet")

    assert (status, out) == (3, "2 students: 2 not all; mean 90.0\n")
    assert err.startswith("class.csv: line 4, student: in access.csv: alan is not in the roster.")
    assert grade.recorded() == {"ada": 1, "grace": 1}


def test_the_report_of_the_class_is_written_with_a_page_for_each(grade, good, answer):
    """With the digits as pictures; anonymously with nothing that tells who anybody is; none of what is not recorded."""
    grade.enrol("ada", "grace")
    digits = read_samples(ROOT / "fixtures" / "digits.csv").labels
    asked = replace(good.invocations[0], labels=digits, body=answer(tuple(int(one == 0) for one in digits)))
    grade.hand_in("ada", replace(good, invocations=(asked,)), FIRST)

    named = grade("--report", "report", roster=str(grade.folder / "class.csv"))
    nameless = grade("--report", "nameless", "--anonymous")
    refused = [
        grade("--anonymous"),
        grade("--report", "x", "--dry-run"),
        grade("--report", "x", "--only", "bucket.name"),
    ]

    assert {named.status, nameless.status} == {1}
    assert "The report: report/class.html" in named.err
    assert sorted(file.name for file in (grade.folder / "report" / "students").iterdir()) == ["ada.html", "grace.html"]
    page = (grade.folder / "report" / "students" / "ada.html").read_text("utf-8")
    assert "grade.py class class.csv --students ada --only bucket.name" in page
    assert str(grade.folder) not in page
    assert page.count('<img src="data:') == len(digits)
    text = (grade.folder / "nameless" / "class.html").read_text("utf-8").lower()
    assert not any(word in text for word in ("ada", "grace", str(FIRST)))
    assert [one.status for one in refused] == [2, 2, 2]
    assert not (grade.folder / "x").exists()


def test_two_students_in_one_account_are_flagged_and_neither_is_marked(grade):
    """Until somebody decides; the third one has a mark."""
    grade.enrol("ana", "bo", "cy")
    grade.hand_in("bo", account=FIRST)

    status, out, err = grade()

    ana, bo, cy = (line.split(maxsplit=2) for line in out.splitlines()[1:4])
    assert status == 3
    assert ana[2] == f"account {FIRST} is also that of bo"
    assert bo[2] == f"account {FIRST} is also that of ana"
    assert cy == ["cy", "90/100"]
    assert f"ana, bo are in one account ({FIRST}): neither is marked until that is decided." in err
    assert "--shared-account" in err


def test_a_pair_is_meant_to_be_in_one_account(grade):
    """Both have its mark; nothing is flagged."""
    grade.enrol("ana", "bo")
    grade.hand_in("bo", account=FIRST)
    grade.roster("student,name,survey,pair\nana,Ana,ana.json,1\nbo,Bo,bo.json,1\n")

    status, out, err = grade("--quiet")

    assert (status, out, err) == (1, "2 students: 2 not all; mean 90.0\n", "")


def test_a_student_of_another_roster_in_the_same_account_is_told(grade):
    """Both keep their marks: the account may have been handed on."""
    grade.enrol("ana")
    grade("--quiet")
    grade.enrol("bo")
    grade.hand_in("bo", account=FIRST)

    status, out, err = grade("--quiet")

    assert (status, out) == (1, "1 student: 1 not all; mean 90.0\n")
    assert err.splitlines()[1:] == [f"  account {FIRST} of bo is also that of ana, not in this roster"]


@pytest.mark.parametrize("account", ["all", str(FIRST), "1000-0000-0000"])
def test_an_account_for_all_is_told_apart_by_caller(grade, account):
    """Nothing is flagged. Of whom CloudTrail tells nothing, nothing is said: no criterion is failed."""
    grade.enrol("ana", "bo")
    grade.hand_in("bo", account=FIRST)

    status, _, err = grade("--shared-account", account, "--quiet")

    assert (status, err) == (3, "")
    with Gradebook(grade.book) as book:
        results = {one.student: one.result for one in book.attempts()}
    for student, result in results.items():
        assert f"{TOLD_APART} {student} counts." in result.warnings
        assert "failed" not in {str(one.outcome) for one in result.criteria}


def interrupt(grade: Class, number: signal.Signals, *options: str) -> Ended:
    """Send a signal once a few are written down."""
    process = grade.begin("--at-once", "2", *options, start_new_session=True)
    grade.wait_for(3, process)
    if number is signal.SIGINT:
        os.killpg(process.pid, number)  # as a terminal does: to all that it started, too
    else:
        process.send_signal(number)
    return ended(process)


@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_ctrl_c_ends_it_with_130_and_what_is_done_stays_done(grade, executor):
    """It says how many are left, and they alone are graded the next time."""
    students = [f"s{number:02}" for number in range(60)]
    grade.enrol(*students)

    status, out, err = interrupt(grade, signal.SIGINT, "--executor", executor)
    done = grade.recorded()
    again = grade("--quiet", "--at-once", "2")

    assert (status, out) == (130, "")
    assert 3 <= done.total() < 60
    assert err.endswith(f"Stopped. {done.total()} of 60 are written down; {60 - done.total()} are left.\n")
    assert "Traceback" not in err
    assert (again.status, again.out) == (1, "60 students: 60 not all; mean 90.0\n")
    assert grade.recorded() == dict.fromkeys(students, 1)


def test_killed_and_started_again_nothing_is_lost_and_nothing_done_twice(grade):
    """Twice."""
    students = [f"s{number:02}" for number in range(60)]
    grade.enrol(*students)

    first = interrupt(grade, signal.SIGKILL)
    between = grade.recorded()
    process = grade.begin("--at-once", "2")
    grade.wait_for(between.total() + 3, process)
    process.kill()
    ended(process)
    after = grade.recorded()
    last = grade("--quiet")

    assert first.status == -signal.SIGKILL
    assert between.total() < after.total() < 60
    assert set(between) < set(after)
    assert (last.status, grade.recorded()) == (1, dict.fromkeys(students, 1))


def small_files() -> None:
    """No file grows over this size any more, as on a disk that is full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))


@pytest.mark.usefixtures("unmeasured")
def test_a_disk_that_is_full_is_told_of_whom_it_hits_and_they_are_graded_later(grade):
    """Each with the reason; what was written before it was full is whole."""
    students = [f"s{number:02}" for number in range(30)]
    grade.enrol(*students)

    status, out, err = grade("--at-once", "2", preexec_fn=small_files)
    done = grade.recorded()
    again = grade("--quiet")

    assert status == 3
    assert 0 < done.total() < 30
    assert f"{30 - done.total()} in trouble" in err
    assert "Traceback" not in err
    assert "Not written down." in out
    assert again.status == 1
    assert grade.recorded() == dict.fromkeys(students, 1)


def test_a_gradebook_of_a_newer_version_is_refused_untouched(grade):
    """With words about what to do."""
    grade.enrol("ana")
    with Gradebook(grade.book, begin=True):
        pass
    with contextlib.closing(sqlite3.connect(grade.book)) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    before = grade.book.read_bytes()

    for options in ((), ("--dry-run",)):
        status, out, err = grade(*options)
        assert (status, out) == (2, "")
        assert "was written by a newer Skymark" in err
        assert "Update Skymark. Nothing was changed." in err
    assert grade.book.read_bytes() == before


def test_a_class_of_a_hundred_thousand_can_be_planned(grade):
    """Each of them with their role."""
    many = 100_000
    rows = (f"s{n:06},Student {n},arn:aws:iam::{FIRST + n}:role/SkymarkGrader,id-of-{n}\n" for n in range(many))
    grade.roster("student,name,role arn,external id\n" + "".join(rows) + "s000000,Student 0,,\n")

    status, out, err = grade("--dry-run")

    lines = out.splitlines()
    assert status == 0
    assert lines[-1] == f"{many} students, {many} would be graded"
    assert len(lines) == many + 3
    assert lines[many].split("  ")[0] == "s099999"
    assert str(FIRST + many - 1) in lines[many]
    assert err == f"class.csv: line {many + 2}, student: s000000 is in line 2 already. Take one of the lines out.\n"


@pytest.fixture
def let_in(practice_cloud) -> Callable[[str, str | None], SimulatedAccount]:  # noqa: F811
    """An account of this number, in which the grader has a role for whoever knows the external id; None: no role."""

    def make(number: str, external_id: str | None) -> SimulatedAccount:
        account = SimulatedAccount(practice_cloud, number)
        account.make_bucket(f"sagemaker-20190701-{number[-4:]}")
        if external_id:
            trust = json.dumps(trust_policy(f"arn:aws:iam::{GRADER}:root", external_id))
            account.iam.create_role(RoleName="SkymarkGrader", AssumeRolePolicyDocument=trust)
            policy = json.dumps(read_only_policy())
            account.iam.put_role_policy(RoleName="SkymarkGrader", PolicyName="Read", PolicyDocument=policy)
        return account

    return make


def test_a_role_that_cannot_be_assumed_is_that_student_s_trouble_alone(grade, let_in, practice_cloud):  # noqa: F811
    """And so is an external id that does not match: nothing is said about them, and nobody else waits."""
    for number, external_id in (("500000000001", "id-of-ana"), ("500000000002", "id-of-bo"), ("500000000003", None)):
        let_in(number, external_id)
    arn = "arn:aws:iam::50000000000{}:role/SkymarkGrader"
    rows = (("ana", 1, "id-of-ana"), ("bo", 2, "id-of-ana"), ("cy", 3, "id-of-cy"), ("di", 2, ""))
    grade.roster(
        "student,name,role arn,external id,rubric\n"
        + "".join(f"{who},{who},{arn.format(number)},{id},few.yaml\n" for who, number, id in rows)
    )
    base = ROOT / "rubrics" / "sagemaker-intro.yaml"
    (grade.folder / "few.yaml").write_text(
        f'schema: skymark/rubric/v1\nid: few\nversion: "1"\ntitle: Few regions\nextends: {base}\nregions: [us-east-1]\n'
    )
    grade.environment = practice_cloud.environment(practice_cloud.credentials(GRADER)) | WIDE

    status, out, err = grade("--no-predict")

    with Gradebook(grade.book) as book:
        (ana,) = book.attempts()
        reasons = {one.student: one.reason for one in book.troubles()}
    found = {one.id: str(one.outcome) for one in ana.result.criteria}
    assert status == 3
    assert (ana.student, ana.result.subject.account) == ("ana", "500000000001")
    assert (found["account.access"], found["bucket.name"]) == ("passed", "passed")
    assert grade.met() == {"bo": "access", "cy": "access", "di": "access"}
    assert all("cannot be assumed" in one or "external id" in one for one in reasons.values())
    assert {line.split()[0] for line in out.splitlines() if " none " in line} == {"bo", "cy", "di"}
    assert "1 not graded" not in out
    assert "3 in trouble" in err
