"""The folder of a class report: what is in it, for whose eyes, and what does not stay."""

import base64
import hashlib
import html
import re
import stat
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from skymark.cohort.pseudonyms import pseudonyms
from skymark.errors import GradebookError, UsageError
from skymark.outcome import Outcome
from skymark.render.class_page import Links, render
from skymark.render.class_report import ClassReport, write, write_anonymous
from skymark.render.words import SYMBOL, WORD
from skymark.roster.entry import Files, Mistake, Roster

from .classes import Book, Student, crowd, kinds, shared, six, words_of
from .page import Page

KEY = b"k" * 32
EVERYBODY = (*six(), *shared(), *crowd())
CELL = r'<td class="?(\w+)[^>]*>(?:<a [^>]*>)?([^<]*)'
"""A cell of a criterion: its kind, and its word."""
FILES = (("students", "html"), ("messages", "txt"))
HOSTILE_IDS = (
    "../../x",
    "/etc/x",
    "CON",
    " ",
    "Ada",
    "ada",
    "a" * 500,
    "a\x00b",
    "..",
    "ada-0123456789abcdef",
    "Ädä",
    "💣",
)


@pytest.fixture
def book(tmp_path, good, empty, torn_down):
    """A class of everybody."""
    with Book(tmp_path / "book.sqlite3", kinds(good, empty, torn_down)) as opened:
        opened.enter(EVERYBODY, (Mistake(14, "student", "canary-mistake is empty"),))
        yield opened


@pytest.fixture
def folder(tmp_path) -> Path:
    """Where the report goes."""
    return tmp_path / "reports" / "class"


def written(book: Book, folder: Path) -> ClassReport:
    """Write the report with names."""
    return write(book.recorded.view, folder, files=Files("class.csv"), survey=book.survey)


def files(folder: Path) -> set[str]:
    """Everything that is there, relative."""
    return {str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()}


def text_of(file: Path) -> str:
    """What a browser or an editor would show of it."""
    return html.unescape(file.read_text("utf-8"))


def test_everybody_has_a_page_and_a_comment_and_who_is_spending_has_a_message(book, folder):
    """And the report says how many."""
    report = written(book, folder)

    spending = {"canary-id-beta", "canary-id-gamma", "canary-id-zeta", *(one.id for one in crowd())}
    messages = {f"messages/{one}.txt" for one in (*spending, "canary-id-delta")}
    pages = {f"students/{one.id}.html" for one in EVERYBODY}
    assert files(folder) == pages | messages | {"class.html", "comments.csv", "messages.csv", ".class-report.json"}
    assert report == ClassReport(folder / "class.html", len(EVERYBODY), len(messages), ())


def test_only_the_owner_can_read_any_of_it(book, folder):
    """Files and new folders."""
    written(book, folder)

    assert {stat.S_IMODE(one.stat().st_mode) for one in folder.rglob("*") if one.is_file()} == {0o600}
    assert {stat.S_IMODE(one.stat().st_mode) for one in (folder, folder / "students", folder / "messages")} == {0o700}


@pytest.mark.parametrize("student", EVERYBODY, ids=lambda one: one.id)
def test_a_student_s_own_files_have_nothing_of_anybody_else(book, folder, student: Student):
    """Not a name, not an account, nor what somebody called a thing, nor a way back to the class."""
    written(book, folder)
    own = [folder / "students" / f"{student.id}.html", folder / "messages" / f"{student.id}.txt"]
    texts = [text_of(one) for one in own if one.exists()]

    theirs = words_of(student)
    others = {word for one in EVERYBODY for word in words_of(one)} - theirs
    for text in texts:
        assert student.name in text
        assert [word for word in others if word in text] == []
        assert "class.html" not in text


def test_a_student_in_an_account_of_two_is_told_kindly_and_no_more(book, folder):
    """Nobody knows whose the work is; nobody is named."""
    written(book, folder)
    text = text_of(folder / "students" / "canary-id-eta.html")

    assert "nobody can say yet whose work it holds" in text
    assert "canary-bucket" not in text
    assert "canary-id-theta" not in text
    assert "passed" not in text.partition("</style>")[2]


def test_an_anonymous_report_has_nothing_that_tells_who_anybody_is(book, folder):
    """One page, with pseudonyms in their order."""
    report = write_anonymous(book.recorded.view, folder, KEY)

    assert report == ClassReport(folder / "class.html")
    assert files(folder) == {"class.html", ".class-report.json"}
    whole = "".join(text_of(folder / one) for one in files(folder))
    told = {word for one in EVERYBODY for word in words_of(one)} | {"canary", "arn:", "class.csv", "linear-learner-7"}
    assert [word for word in told if word.lower() in whole.lower()] == []
    assert re.findall(r"\d{12}", whole) == []
    assert re.findall(r"<span>(student \d+)</span>", whole) == sorted(
        pseudonyms((one.id for one in EVERYBODY), KEY).values()
    )
    assert "1 row, so not everybody is on this page" in whole


def test_an_anonymous_report_still_says_what_was_missed_and_what_it_costs(book, folder):
    """With the words that everybody's reports have."""
    write_anonymous(book.recorded.view, folder, KEY)
    whole = text_of(folder / "class.html")

    assert "is in eu-west-1" in whole
    assert "1 endpoint; 1 notebook instance" in whole
    assert "the account is also that of somebody else" in whole
    assert "nobody could look into the account" in whole


def test_what_an_earlier_report_wrote_of_somebody_who_left_is_gone(book, folder):
    """And nothing else: a note of the assistant's stays."""
    written(book, folder)
    (folder / "students" / "note.html").write_text("mine")
    left, *stay = book.roster.entries
    book.roster = replace(book.roster, entries=tuple(stay))

    written(book, folder)

    assert f"students/{left.student}.html" not in files(folder)
    assert "students/note.html" in files(folder)
    assert len(files(folder)) > len(stay)


def test_who_spends_no_more_has_no_message_left(book, folder):
    """The old one would be wrong."""
    written(book, folder)
    assert "messages/canary-id-beta.txt" in files(folder)

    (beta,) = [one for one in EVERYBODY if one.id == "canary-id-beta"]
    book.enter([replace(beta, kind="done")])
    written(book, folder)

    assert {one for one in files(folder) if one.startswith("messages/")} == set()


def test_a_report_that_was_cut_short_leaves_nothing_behind_for_ever(book, folder):
    """What it had written by then is known to the next one."""
    asked = []

    def cut(student):
        asked.append(student)
        if len(asked) == 3:
            raise KeyboardInterrupt
        return book.survey(student)

    with pytest.raises(KeyboardInterrupt):
        write(book.recorded.view, folder, files=Files("class.csv"), survey=cut)
    assert f"students/{asked[0]}.html" in files(folder)

    book.roster = Roster(book.roster.file, tuple(one for one in book.roster.entries if one.student not in asked))
    written(book, folder)

    assert not files(folder) & {f"students/{one}.html" for one in asked}


def test_an_anonymous_report_takes_the_place_of_one_with_names(book, folder):
    """Whoever gets the folder gets no names."""
    written(book, folder)

    write_anonymous(book.recorded.view, folder, KEY)

    assert files(folder) == {"class.html", ".class-report.json"}
    assert not (folder / "students").exists()


def test_an_anonymous_report_is_not_written_beside_what_may_name_students(book, folder):
    """Which is not ours to remove."""
    (folder / "messages").mkdir(parents=True)
    (folder / "messages" / "ada.txt").write_text("Dear Ada")

    with pytest.raises(UsageError, match="holds messages, which may name students"):
        write_anonymous(book.recorded.view, folder, KEY)

    assert (folder / "messages" / "ada.txt").read_text() == "Dear Ada"
    assert not (folder / "class.html").exists()


@pytest.mark.parametrize("name", ["../precious.html", "/etc/passwd", "students/../../precious.html", "precious.html"])
def test_no_list_of_files_makes_it_remove_what_is_not_its_own(book, folder, name):
    """Whoever wrote it."""
    precious = folder.parent / "precious.html"
    folder.mkdir(parents=True)
    for file in (precious, folder / "precious.html"):
        file.write_text("mine")
    (folder / ".class-report.json").write_bytes(msgspec.json.encode({"files": [name]}))

    written(book, folder)

    assert precious.read_text() == (folder / "precious.html").read_text() == "mine"


@pytest.mark.parametrize("content", [b"{", b'{"files": 1}', b"\xff"])
def test_a_list_of_files_that_cannot_be_read_is_named(book, folder, content):
    """Nobody guesses whose the files are."""
    folder.mkdir(parents=True)
    (folder / ".class-report.json").write_bytes(content)

    with pytest.raises(UsageError, match=r"\.class-report\.json: cannot be read"):
        written(book, folder)


def test_a_file_in_the_way_is_named(book, folder):
    """In words."""
    folder.parent.mkdir(parents=True)
    folder.write_text("a file")

    with pytest.raises(UsageError, match=r"class: (is no folder|cannot be made)"):
        written(book, folder)


def test_whatever_ids_hold_each_student_has_a_file_of_their_own_in_the_folder(book, folder, tmp_path):
    """On a file system that knows no case, too."""
    before = files(tmp_path)
    book.enter([Student(id, f"N{at}", "good", str(800_000_000_000 + at), "b") for at, id in enumerate(HOSTILE_IDS)])

    written(book, folder)

    new = files(tmp_path) - before
    pages = [one for one in new if one.startswith("reports/class/students/")]
    assert len({one.casefold() for one in pages}) == len(pages) == len(HOSTILE_IDS)
    assert all(one.startswith("reports/class/") for one in new)
    page = Page((folder / "class.html").read_text("utf-8"))
    links = {value for value in page.values("href") if value.startswith("students/")}
    assert {one.partition("#")[0] for one in links} == {one.removeprefix("reports/class/") for one in pages}


def test_a_survey_that_cannot_be_read_costs_nobody_their_page(book, folder):
    """The report says whose it was."""

    def damaged(student):
        if student == "canary-id-beta":
            raise GradebookError("damaged")
        return book.survey(student)

    report = write(book.recorded.view, folder, files=Files("class.csv"), survey=damaged)

    assert report.unread == ("canary-id-beta",)
    assert "The calls of this check were not kept" in text_of(folder / "students" / "canary-id-beta.html")
    assert "The calls of this check were not kept" not in text_of(folder / "students" / "canary-id-gamma.html")


@pytest.mark.parametrize("anonymous", [False, True])
def test_the_page_is_whole_and_runs_only_what_is_its_own(book, folder, anonymous):
    """No request, no attribute that listens, and a policy that allows exactly its own style and script."""
    write_anonymous(book.recorded.view, folder, KEY) if anonymous else written(book, folder)
    text = (folder / "class.html").read_text("utf-8")
    page = Page(text)

    assert page.open == []
    names = {name for _, name, _ in page.attributes}
    assert not {name for name in names if name.startswith("on") or name in {"src", "srcset", "style", "action"}}
    assert not [value for value in page.values("href") if ":" in value]
    (policy,) = [value for value in page.values("content") if value.startswith("default-src")]
    own = {kind: re.findall(rf"<{kind}>(.*?)</{kind}>", text, re.DOTALL) for kind in ("style", "script")}
    for kind, (only,) in own.items():
        digest = base64.b64encode(hashlib.sha256(only.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")


def test_ids_on_the_page_are_unique_and_what_is_labelled_is_there(book, folder):
    """Whatever criteria are called."""
    written(book, folder)
    page = Page((folder / "class.html").read_text("utf-8"))

    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert set(page.values("aria-labelledby")) <= set(ids)


def test_every_sign_has_a_word(book, folder):
    """What colour says, and what a sign says, a word says too."""
    written(book, folder)
    text = (folder / "class.html").read_text("utf-8")

    cells = re.findall(CELL, text)
    assert len(cells) == len(EVERYBODY) * 23
    words = {one.value: WORD[one] for one in Outcome} | {"untold": "nothing to tell"}
    assert [word for kind, word in cells if word != words[kind]] == []
    signs = dict(re.findall(r'^\.(\w+) \{ --sign: "(.)"; \}$', text, re.MULTILINE))
    assert signs == {one.value: SYMBOL[one] for one in Outcome} | {"untold": "–"}  # noqa: RUF001 - as it is shown


@pytest.mark.parametrize(("kind", "most"), [("good", 2000), ("moved", 2000), ("large", 2000), ("bucket", 3000)])
def test_how_much_longer_a_student_more_makes_the_page(book, kind, most):
    """Bytes, under names of their own and with links. Two megabytes hold a thousand, who have most of it done."""
    sizes = []
    for students in (20, 60):
        names = [f"{kind}-of-its-own-{number:03}" for number in range(students)]
        book.enter([Student(one, one.title(), kind, str(800_000_000_000 + at), one) for at, one in enumerate(names)])
        links = Links(*({one: f"{kind}/{one}.{end}" for one in names} for kind, end in FILES))
        sizes.append(len(render(book.recorded.view, links).encode()))

    assert (sizes[1] - sizes[0]) / 40 < most


def test_money_is_summed_over_accounts_not_over_students(book, folder):
    """What two students of one account show costs once."""
    book.enter(shared())
    written(book, folder)
    text = text_of(folder / "class.html")

    assert "about $0.3264 per hour ($7.83 a day)" in text
    assert text.count("$0.3264 per hour</b>") == 2
    assert "<strong>2</strong> still spending" in text


def test_what_waits_for_somebody_is_said_with_what_settles_it(book, folder):
    """Troubles, shared accounts, unverified criteria; bad rows with line and column."""
    written(book, folder)
    text = text_of(folder / "class.html")

    assert "role/canary-epsilon cannot be assumed" in text
    assert "could not be looked at again on" in text
    assert "the keys of canary-zeta are over" in text
    assert "account 700000000007 is also that of canary-id-theta" in text
    assert "Grant sagemaker:ListNotebookInstances." in text
    assert "line 14, student: canary-mistake is empty" in text


def test_what_waits_for_the_same_is_said_once(book, folder):
    """All criteria that it is said of, and the points that these are worth."""
    book.enter([Student("new", "New", "nothing", "800000000000", "new")])
    written(book, folder)
    text = (folder / "class.html").read_text("utf-8")
    waiting = text.partition('<h2 id="waiting">')[2]
    told = re.findall(r"<li>((?:<code>[^<]*</code>(?:, )?)+) \((\d+) points?\): (.*?)</li>", waiting)

    reasons = [reason for _, _, reason in told]
    assert len(reasons) == len(set(reasons)) == 6
    assert sum(int(points) for _, points, _ in told) == 99
    names = [re.findall("<code>(.*?)</code>", names) for names, _, _ in told]
    assert names[1] == ["bucket.region", "bucket.private", "role.scoped"]
    assert sum(map(len, names)) == 21


def test_nothing_is_told_of_an_account_that_is_nobody_s_yet(book, folder):
    """No verdict, no score."""
    written(book, folder)
    row = re.search(
        r"<tr[^>]*>\s*<th[^>]*><a[^>]*>Canary Eta</a>.*?</tr>", (folder / "class.html").read_text(), re.DOTALL
    )

    assert row
    assert {kind for kind, _ in re.findall(CELL, row[0])} == {"untold"}
    assert "withheld" in row[0]


def test_a_class_of_nobody_has_a_report(book, folder):
    """An empty roster is no mistake of anybody's."""
    book.roster = Roster(book.roster.file, ())
    report = written(book, folder)

    assert report.students == 0
    assert "Nobody has a whole mark yet." in text_of(folder / "class.html")
