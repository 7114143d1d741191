"""Surveys as files."""

import datetime as dt
import json
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import msgspec.inspect
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import skymark
from skymark.errors import SurveyFileError, UsageError
from skymark.evidence import Survey
from skymark.survey_file import load, save, schema

TIMES = st.datetimes(timezones=st.just(dt.UTC) | st.just(dt.timezone(dt.timedelta(hours=-5))))


def strategy(type_: msgspec.inspect.Type) -> st.SearchStrategy[Any]:
    """Any value of a type of the survey, by msgspec's own description of it."""
    match type_:
        case msgspec.inspect.StructType():
            fields = {field.name: strategy(field.type) for field in type_.fields}
            return st.builds(type_.cls, **fields)
        case msgspec.inspect.VarTupleType():
            return st.lists(strategy(type_.item_type), max_size=2).map(tuple)
        case msgspec.inspect.UnionType():
            return st.one_of(*(strategy(one) for one in type_.types))
        case msgspec.inspect.LiteralType():
            return st.sampled_from(type_.values)
        case _:
            return SIMPLE[type(type_)]


SIMPLE: dict[type, st.SearchStrategy[Any]] = {
    msgspec.inspect.StrType: st.text(max_size=20),
    msgspec.inspect.IntType: st.integers(-(2**63), 2**63 - 1),
    msgspec.inspect.FloatType: st.floats(allow_nan=False, allow_infinity=False),
    msgspec.inspect.BoolType: st.booleans(),
    msgspec.inspect.NoneType: st.none(),
    msgspec.inspect.DateTimeType: TIMES,
}
SURVEYS = strategy(msgspec.inspect.type_info(Survey))


def test_a_survey_comes_back_as_it_was(good, tmp_path):
    """Every kind of evidence."""
    save(good, tmp_path / "survey.json")

    assert load(tmp_path / "survey.json") == good


@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(survey=SURVEYS)
def test_nothing_is_lost_whatever_it_holds_and_it_fits_its_schema(validator, tmp_path, survey):
    """Any text, any time, anything unknown, in every field that there is."""
    save(survey, tmp_path / "survey.json")

    assert load(tmp_path / "survey.json") == survey
    validator.validate(json.loads((tmp_path / "survey.json").read_text()))


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    """Of the committed schema."""
    committed = json.loads((Path(skymark.__file__).parent / "survey.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(committed)
    return jsonschema.Draft202012Validator(committed)


def test_only_its_owner_can_read_it(good, tmp_path):
    """It names what is in somebody's account."""
    save(good, tmp_path / "survey.json")

    assert stat.S_IMODE((tmp_path / "survey.json").stat().st_mode) == 0o600


def test_the_committed_schema_is_the_types_own_and_surveys_are_valid_against_it(good, tmp_path):
    """Others can check a survey file without Skymark."""
    committed = json.loads((Path(skymark.__file__).parent / "survey.schema.json").read_text())
    save(good, tmp_path / "survey.json")

    assert committed == schema()
    jsonschema.validate(json.loads((tmp_path / "survey.json").read_text()), committed)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "truncated"),
        (b"not json", "truncated"),
        (b"\xff\xfe\x00", "truncated"),
        (b"[" * 100_000, "no survey"),
        (b"{}", "no survey"),
        (b"[]", "no survey"),
        (b'{"schema": 3}', "no survey"),
        (b'{"schema": "skymark/survey/v2"}', "version 'skymark/survey/v2'"),
        (b'{"schema": "skymark/result/v1"}', "skymark/result/v1"),
        (b'{"schema": "skymark/survey/v1"}', "not a valid one"),
        (b'{"schema": "skymark/survey/v1", "surprise": 1}', "not a valid one"),
        (b'{"schema": "skymark/survey/v1", "sur\\nprise": 1}', "not a valid one"),
        (b'{"schema": "skymark/survey/v1", "gaps": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "one"),
        (b'{"schema": "skymark/survey/v1", "region": "\\ud800"}', "truncated"),
        (b'{"schema": "skymark/survey/v1", "region": "\xff"}', "not a valid one"),
        (b'{"schema": "' + b"x" * 10_000 + b'"}', "version"),
        (b"\xef\xbb\xbf{}", "truncated"),
    ],
)
def test_what_is_no_survey_is_one_clear_line(content, words, tmp_path):
    """It names the file and says what to do."""
    path = tmp_path / "survey.json"
    path.write_bytes(content)

    with pytest.raises(SurveyFileError) as error:
        load(path)

    assert words in str(error.value)
    assert str(error.value).startswith(f"{path}: ")
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < len(str(path)) + 400


def test_a_survey_cut_at_any_byte_is_no_survey(good, tmp_path):
    """Never half of one; what is cut in the middle of a letter, too."""
    path = tmp_path / "survey.json"
    save(msgspec.structs.replace(good, region="us-éast-1"), path)
    whole = path.read_bytes()
    for length in range(len(whole) - 2):
        path.write_bytes(whole[:length])
        with pytest.raises(SurveyFileError):
            load(path)


def test_a_time_without_a_time_zone_is_refused(good, tmp_path):
    """It could be compared with no other: a check would stumble over it."""
    path = tmp_path / "survey.json"
    save(good, path)
    path.write_text(path.read_text().replace("2019-07-01T18:22:00Z", "2019-07-01T18:22:00"))

    with pytest.raises(SurveyFileError, match="without a time zone"):
        load(path)


def test_a_missing_file_and_a_folder(tmp_path):
    """The system's own words are in it."""
    with pytest.raises(SurveyFileError, match="No such file"):
        load(tmp_path / "missing.json")
    with pytest.raises(SurveyFileError, match="cannot be read"):
        load(tmp_path)


def test_threads_may_be_the_first_to_read_one(good, tmp_path):
    """As in a class whose students all handed one in. It was a crash of the whole program, one time in six."""
    save(good, tmp_path / "survey.json")
    code = (
        "import sys, threading; from pathlib import Path; from skymark.survey_file import load\n"
        "sys.setswitchinterval(1e-6)\n"
        "all_there = threading.Barrier(8)\n"
        "read = lambda: (all_there.wait(), load(Path(sys.argv[1])))\n"
        "threads = [threading.Thread(target=read) for _ in range(8)]\n"
        "[one.start() for one in threads]; [one.join() for one in threads]"
    )

    command = [sys.executable, "-c", code, str(tmp_path / "survey.json")]
    ended = [subprocess.run(command, cwd=Path(skymark.__file__).parents[1], check=False).returncode for _ in range(12)]

    assert set(ended) == {0}


def test_a_place_that_cannot_be_written_is_refused_and_left_clean(good, tmp_path):
    """Nothing half-written stays behind."""
    (tmp_path / "file").write_text("")

    with pytest.raises(UsageError, match="cannot be written"):
        save(good, tmp_path / "file" / "survey.json")

    assert [path.name for path in tmp_path.iterdir()] == ["file"]
