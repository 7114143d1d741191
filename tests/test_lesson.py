"""A lesson's checks and rubrics are found without running anything of it."""

from pathlib import Path

import pytest

from skymark.errors import RubricError, UsageError
from skymark.lesson import CheckSource, Lesson, shown

ROOT = Path(__file__).parents[1]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An empty lesson."""
    for name in ("checks", "rubrics", "fixtures"):
        (tmp_path / name).mkdir()
    return tmp_path


def test_a_check_is_module_dot_function(root: Path) -> None:
    """The id is the module and the function without `check_`; only what begins so is a check."""
    file = root / "checks" / "bucket.py"
    file.write_text(
        'def helper(): ...\n\n\n@mark\ndef check_region(bucket):\n    """It is here."""\n\n\ncheck_name = 1\n'
    )

    assert dict(Lesson(root).checks) == {"bucket.region": CheckSource("It is here.", file, 5)}


def test_checks_are_read_and_not_run(root: Path) -> None:
    """Looking at somebody's lesson executes nothing of it."""
    (root / "checks" / "bucket.py").write_text("raise SystemExit('run')\ndef check_name(): ...\n")

    assert list(Lesson(root).checks) == ["bucket.name"]


def test_a_check_written_twice_names_both_lines(root: Path) -> None:
    """Python would silently drop the first of the two; Skymark says so."""
    file = root / "checks" / "bucket.py"
    file.write_text("def check_name(): ...\ndef check_name(): ...\n")

    with pytest.raises(RubricError) as caught:
        _ = Lesson(root).checks

    assert caught.value.mistakes == (
        f'{file}:2: the check "bucket.name" is already in line 1. Give one of the two another name.',
    )


def test_broken_checks_name_file_and_line(root: Path) -> None:
    """Files that are no Python are all named; no traceback."""
    (root / "checks" / "bucket.py").write_text("def check_name():\n    return (\n")
    (root / "checks" / "role.py").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(RubricError) as caught:
        _ = Lesson(root).checks

    assert [mistake.split(": not valid Python")[0] for mistake in caught.value.mistakes] == [
        f"{root}/checks/bucket.py:2",
        f"{root}/checks/role.py:1",
    ]


def test_this_repository_is_the_first_lesson() -> None:
    """Without a folder, the lesson that Skymark comes with is meant."""
    assert Lesson() == Lesson(ROOT)
    assert Lesson.at(None) == Lesson(ROOT)


def test_a_folder_without_rubrics_and_checks_is_no_lesson(tmp_path: Path) -> None:
    """What is missing is named."""
    with pytest.raises(UsageError, match="no folder rubrics and none called checks"):
        Lesson.at(tmp_path)


def test_a_name_is_looked_for_in_the_lesson_and_a_path_is_taken_as_it_is(root: Path) -> None:
    """`week` is the lesson's, `./week.yaml` whatever lies there."""
    inside = root / "rubrics" / "week.yaml"
    outside = root / "week.yaml"
    inside.touch()
    outside.touch()

    assert Lesson(root).rubric_file("week") == inside
    assert Lesson(root).rubric_file(outside) == outside


@pytest.mark.parametrize("name", ["wek", "elsewhere/wek.yaml"])
def test_an_unknown_rubric_lists_the_known_ones(root: Path, name: str) -> None:
    """A slip of the pen gets the right name."""
    (root / "rubrics" / "week.yaml").touch()

    with pytest.raises(UsageError) as caught:
        Lesson(root).rubric_file(name)

    assert str(caught.value).endswith('Did you mean "week"? The lesson\'s rubrics: week.')


def test_the_default_rubric_is_the_only_one_that_extends_none(root: Path) -> None:
    """Variants of it stand beside it without being meant."""
    (root / "rubrics" / "week.yaml").write_text("id: week\n")
    (root / "rubrics" / "lab.yaml").write_text("id: lab\nextends: week\n")

    assert Lesson(root).default_rubric == "week"


def test_two_rubrics_of_their_own_need_a_name(root: Path) -> None:
    """Skymark does not guess by which one a student is graded."""
    for name in ("a", "b"):
        (root / "rubrics" / f"{name}.yaml").write_text(f"id: {name}\n")

    with pytest.raises(UsageError, match="Name one with --rubric; there are: a, b"):
        _ = Lesson(root).default_rubric


@pytest.mark.parametrize(("line", "name"), [("learner_lab: true", "lab"), ("learner_lab: false", None), ("", None)])
def test_the_rubric_for_learner_labs_says_so(root: Path, line: str, name: str | None) -> None:
    """Whatever it is called; a lesson may have none."""
    (root / "rubrics" / "lab.yaml").write_text(f"id: lab\n{line}\n")

    assert Lesson(root).for_learner_labs == name


def test_paths_are_shown_from_where_people_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below the current folder they are short, elsewhere whole."""
    monkeypatch.chdir(tmp_path)

    assert shown(tmp_path / "a" / "b.yaml") == "a/b.yaml"
    assert shown(Path("/elsewhere/b.yaml")) == "/elsewhere/b.yaml"
