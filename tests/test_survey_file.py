"""Surveys as files."""

import datetime as dt
import json
import stat
from pathlib import Path

import jsonschema
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import skymark
from skymark.errors import SurveyFileError, UsageError
from skymark.evidence import Bucket, Gap, JupyterLog, LogLine, Survey
from skymark.survey_file import load, save, schema

TEXT = st.text(max_size=20)
TIMES = st.datetimes(timezones=st.just(dt.UTC))
GAPS = st.builds(Gap, TEXT, TEXT, st.none() | TEXT, TEXT, TEXT, st.none() | TEXT)
BUCKETS = st.builds(Bucket, TEXT, TIMES, st.none() | TEXT, st.booleans())
LINES = st.builds(LogLine, TIMES, st.sampled_from(["created", "kernel", "uploaded", "saved"]), st.none() | TEXT)
LOGS = st.builds(JupyterLog, TEXT, TEXT, st.none() | TIMES, st.none() | TIMES, st.none() | st.tuples(LINES, LINES))


def test_a_survey_comes_back_as_it_was(good, tmp_path):
    """Every kind of evidence."""
    save(good, tmp_path / "survey.json")

    assert load(tmp_path / "survey.json") == good


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(gaps=st.tuples(GAPS, GAPS), buckets=st.tuples(BUCKETS), logs=st.tuples(LOGS), when=TIMES)
def test_nothing_is_lost_whatever_it_holds(good, tmp_path, gaps, buckets, logs, when):
    """Any text, any time, anything unknown."""
    survey = msgspec.structs.replace(good, gaps=gaps, buckets=buckets, jupyter_logs=logs, surveyed_at=when)
    save(survey, tmp_path / "survey.json")

    assert load(tmp_path / "survey.json") == survey


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


def test_a_survey_cut_anywhere_is_no_survey(good, tmp_path):
    """Never half of one."""
    path = tmp_path / "survey.json"
    save(good, path)
    whole = path.read_bytes()
    for length in range(0, len(whole) - 2, 97):
        path.write_bytes(whole[:length])
        with pytest.raises(SurveyFileError):
            load(path)


def test_a_missing_file_and_a_folder(tmp_path):
    """The system's own words are in it."""
    with pytest.raises(SurveyFileError, match="No such file"):
        load(tmp_path / "missing.json")
    with pytest.raises(SurveyFileError, match="cannot be read"):
        load(tmp_path)


def test_a_place_that_cannot_be_written_is_refused_and_left_clean(good, tmp_path):
    """Nothing half-written stays behind."""
    (tmp_path / "file").write_text("")

    with pytest.raises(UsageError, match="cannot be written"):
        save(good, tmp_path / "file" / "survey.json")

    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_types_and_strictness_agree(good):
    """A field that is not known is refused, so that no version is misread."""
    assert msgspec.json.decode(msgspec.json.encode(good), type=Survey) == good
