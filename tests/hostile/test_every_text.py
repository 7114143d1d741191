"""Whatever stands in any text of a survey or a result, it is text in everything that is made from it."""

import functools
import itertools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skymark import survey_file
from skymark.errors import SurveyFileError
from skymark.evidence import Survey
from skymark.grading import grade
from skymark.handed_in import read_handed_in
from skymark.lesson import Lesson
from skymark.outcome import Outcome
from skymark.result import Result
from skymark.rubric_file import load_rubric
from skymark.samples import samples_at_hand
from tests.conftest import GOOD
from tests.render.conftest import RESULT

from .everything import assert_result
from .everywhere import JSON, Way, put, text_fields, ways
from .texts import ALL, HOSTILE, SHELLS, texts
from .whole import whole

ROOT = Path(__file__).parents[2]
WHOLE = whole(GOOD)
WAYS = tuple(ways(WHOLE, Survey))
OWN = ("cleanup", "criterion", "blocked_by", "schema", "sent", "said", "account")
"""What of a result Skymark itself, or its rubric's schema, has chosen: ids and whole commands."""
IDS = (("criteria", "id"), ("rubric", "id"))
RESULTS_WAYS = tuple(way for way in ways(RESULT, Result) if way[-1] not in OWN and (way[0], way[-1]) not in IDS)

changes = st.lists(
    st.tuples(st.sampled_from(WAYS), texts, st.sampled_from(["instead", "before", "behind"])), min_size=1, max_size=12
)
slow = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=10)


def spoiled(value: Any, chosen: list[tuple[Way, str, str]]) -> Any:
    """The value with these texts in these places."""
    for way, text, where in chosen:
        if _is_there(value, way):
            value = put(value, way, functools.partial(_new, text, where))
    return value


def _new(text: str, where: str, old: str | None) -> str:
    match where:
        case "before":
            return text + (old or "")
        case "behind":
            return (old or "") + text
        case _:
            return text


def _is_there(value: Any, way: Way) -> bool:
    """Whether the way is still one: a text that was JSON may be none any more."""
    try:
        put(value, way, lambda old: old)
    except (ValueError, LookupError, TypeError):
        return False
    return True


def test_the_walk_reaches_every_text_of_a_survey() -> None:
    """Found by type: a text that is added to the evidence is hostile here from that day on."""
    reached = {(_holder(WHOLE, way), _field(way)) for way in WAYS if JSON not in way}

    assert reached == text_fields(Survey)
    assert len(reached) > 100
    assert any(JSON in way for way in WAYS)


def _holder(value: Any, way: Way) -> str:
    holder = value
    for key in way:
        if isinstance(key, str):
            holder, last = (getattr(holder, key), holder)
        else:
            holder = holder[key]
    return type(last).__name__


def _field(way: Way) -> str:
    return str(next(key for key in reversed(way) if isinstance(key, str)))


@slow
@given(chosen=changes, final=st.booleans())
def test_a_survey_with_any_texts_is_graded_and_told(
    tmp_path_factory: pytest.TempPathFactory, lesson: Lesson, chosen: list[tuple[Way, str, str]], final: bool
) -> None:
    """Read from its file, as it was handed in; no check goes wrong over it, and all that is written is text."""
    folder = tmp_path_factory.mktemp("hostile")
    graded = _graded(spoiled(WHOLE, chosen), lesson, folder, final=final)

    if graded is not None:
        assert_result(graded, folder / "ran", samples_at_hand(ROOT, "fixtures/digits.csv"))


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS, ids=lambda way: ".".join(map(str, way)))
def test_each_text_of_a_survey_can_be_anything(tmp_path: Path, lesson: Lesson, way: Way) -> None:
    """One at a time, so that nothing hides behind another: instead of what was there, and behind it."""
    for where, text in (("instead", ALL), ("behind", ALL), ("instead", SHELLS[0]), ("behind", SHELLS[2])):
        graded = _graded(spoiled(WHOLE, [(way, text, where)]), lesson, tmp_path, final=where == "instead")
        if graded is not None:
            assert_result(graded, tmp_path / "ran")


def _graded(survey: Survey, lesson: Lesson, folder: Path, *, final: bool) -> Result | None:
    """How the file is graded; None where it is refused in words."""
    file = folder / "ada.json"
    try:
        survey_file.save(survey, file)
        read = read_handed_in(file).survey
    except UnicodeEncodeError:
        read = survey  # half a character can be in no file
    except SurveyFileError:
        return None
    finally:
        file.unlink(missing_ok=True)
    found = grade(read, load_rubric(lesson, "sagemaker-intro"), lesson, final=final)
    assert [one.message for one in found.criteria if "Skymark itself" in one.message] == []
    return found


@slow
@given(chosen=st.lists(st.tuples(st.sampled_from(RESULTS_WAYS), texts, st.just("instead")), min_size=5, max_size=60))
def test_a_result_with_any_texts_is_told(
    tmp_path_factory: pytest.TempPathFactory, chosen: list[tuple[Way, str, str]]
) -> None:
    """Those of a rubric, too: titles, hints, stages and links of a stranger's."""
    assert_result(spoiled(RESULT, chosen), tmp_path_factory.mktemp("told"))


@pytest.mark.parametrize("first", range(0, len(HOSTILE), 10))
def test_a_result_in_which_every_text_is_hostile_is_told(tmp_path: Path, first: int) -> None:
    """Each of them another one."""
    others = itertools.cycle((*HOSTILE[first:], *HOSTILE[:first]))
    assert_result(spoiled(RESULT, [(way, next(others), "instead") for way in RESULTS_WAYS]), tmp_path)


def test_there_is_something_to_tell() -> None:
    """What is spoiled above has every outcome, and something left of each kind that a command is known for."""
    assert {one.outcome for one in RESULT.criteria} == set(Outcome)
    assert len({one.type for one in WHOLE.resources}) > 30
