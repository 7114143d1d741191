"""What a student handed in as files."""

import pytest

from skymark import survey_file
from skymark.autograder.files import entry_of
from skymark.errors import UsageError
from skymark.roster.entry import NoAccess, RoleAccess, SurveyAccess

ROLE = "arn:aws:iam::123456789012:role/skymark/grader"


@pytest.fixture
def folder(tmp_path):
    """An empty submission."""
    (tmp_path / "submission").mkdir()
    return tmp_path / "submission"


@pytest.fixture
def external_ids(tmp_path):
    """The instructor's file, as a spreadsheet writes it."""
    file = tmp_path / "source" / "external-ids.csv"
    file.parent.mkdir()
    file.write_text("student,external_id\r\nADA@example.edu ,of-ada\r\ns-2,of-bob\r\neve,\r\n", "utf-8-sig")
    return file


def test_a_survey_is_known_by_what_it_says(folder, external_ids, good):
    """Whatever it is called; other JSON is passed over."""
    survey_file.save(good, folder / "week 3" / "mine.json")
    (folder / "package.json").write_text("{}")

    entry = entry_of(folder, ["ada", "7"], external_ids, name="Ada")

    assert (entry.student, entry.name, entry.access) == ("ada", "Ada", SurveyAccess(folder / "week 3" / "mine.json"))


def test_notebooks_are_found_anywhere_but_where_jupyter_keeps_its_copies(folder, external_ids):
    """Without anything else there is no way into the account."""
    for name in ("b.ipynb", "a/c.ipynb", "a/.ipynb_checkpoints/c-checkpoint.ipynb", "__MACOSX/._b.ipynb"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("{}")

    entry = entry_of(folder, ["ada"], external_ids)

    assert entry.access == NoAccess()
    assert entry.notebooks == (folder / "a" / "c.ipynb", folder / "b.ipynb")


@pytest.mark.parametrize(
    ("names", "external_id"), [(["ada@EXAMPLE.edu"], "of-ada"), (["bob@example.edu", "S-2"], "of-bob")]
)
def test_a_role_gets_the_external_id_of_the_student(folder, external_ids, names, external_id):
    """By any of their names, in any case."""
    (folder / "role.txt").write_text(f"\ufeff{ROLE}\r\n")

    assert entry_of(folder, names, external_ids).access == RoleAccess(ROLE, external_id)


def test_who_was_given_no_external_id_is_not_entered(folder, external_ids):
    """A blank one is none."""
    (folder / "role.txt").write_text(ROLE)

    with pytest.raises(UsageError, match="no external id for eve"):
        entry_of(folder, ["eve"], external_ids)


@pytest.mark.parametrize("text", ["", "x", f"{ROLE}\n{ROLE}", "arn:aws:iam::1:role/x", f"{ROLE} --profile admin"])
def test_what_is_no_role_is_refused(folder, external_ids, text):
    """It goes to AWS as it is, or not at all."""
    (folder / "role.txt").write_text(text)

    with pytest.raises(UsageError, match=r"role\.txt: holds no role's ARN"):
        entry_of(folder, ["ada@example.edu"], external_ids)


def test_what_the_instructor_put_into_the_same_folder_was_not_handed_in(folder, good):
    """Classroom 50 may unpack its files there."""
    survey_file.save(good, folder / "autograder" / "skymark" / "sample.json")

    with pytest.raises(UsageError, match="Nothing to grade was handed in"):
        entry_of(folder, ["ada"], folder / "autograder" / "external-ids.csv")
