"""What is too large, too deep, too much or no number: refused in words or read, in bounded memory and time."""

import contextlib
import json
import re
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from skymark import survey_file
from skymark.answer import UnreadableAnswer, positives
from skymark.errors import NotebookFileError, RosterError, SkymarkError, SurveyFileError
from skymark.evidence import Domain, Survey, Tag
from skymark.grading import grade
from skymark.handed_in import LONGEST_POLICIES, MOST, read_handed_in
from skymark.lesson import Lesson
from skymark.notebook_file import read_notebook
from skymark.outcome import Outcome
from skymark.policy.document import PolicyDocumentError, parse_policy
from skymark.render import github, gradescope, html, junit
from skymark.roster.reading import read_roster
from skymark.rubric_file import load_rubric
from skymark.survey import logs
from tests.conftest import GOOD

from .everything import assert_result
from .everywhere import number_ways, put
from .test_every_text import WHOLE

MIB = 2**20
READ = (
    "from pathlib import Path; import sys; from skymark.notebook_file import read_notebook;"
    "read_notebook(Path(sys.argv[1]))"
)
HEAD = '{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": ['
CELL = '{"cell_type": "code", "execution_count": 1, "metadata": {"x": [%s]}, "outputs": [%s], "source": ""}'
DEEP = 100_000
NO_TEXT = (b"\xff\xfe\x00", b"\x00", b"\xed\xa0\x80", b"\xc3\x28", b"PK\x03\x04")


class Ended:
    """A process that read a notebook: what it said, and the most memory that it took."""

    def __init__(self, file: Path) -> None:
        child = (
            f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({1024 * MIB}, {1024 * MIB}));"
            f"\ntry:\n  exec({READ!r})\nfinally:\n  print(open('/proc/self/status').read())"
        )
        done = subprocess.run([sys.executable, "-c", child, str(file)], capture_output=True, text=True, check=False)
        self.said = done.stderr.strip().splitlines()[-1:]
        self.mib = int(re.findall(r"VmHWM:\s*(\d+) kB", done.stdout)[0]) / 1024


def test_a_notebook_of_200_mb_is_refused_unread(tmp_path: Path) -> None:
    """Its beginning is a notebook's; the file is sparse, so that only whoever reads it takes the memory."""
    file, small = tmp_path / "large.ipynb", tmp_path / "small.ipynb"
    small.write_text(HEAD + "]}")
    with file.open("wb") as large:
        large.write(HEAD.encode())
        large.truncate(200 * 10**6)

    refused, read = Ended(file), Ended(small)

    assert "larger than 50 MiB. Clear its outputs, or hand in another notebook." in refused.said[0]
    assert read.said == []
    assert refused.mib < read.mib + 20


@pytest.mark.parametrize("inside", ["{}", "[]", "1", '""'])
def test_a_notebook_of_many_small_things_takes_little_more_memory_than_its_size(tmp_path: Path, inside: str) -> None:
    """In outputs and in what only a program of theirs reads: as objects they would take twenty times as much."""
    file = tmp_path / "many.ipynb"
    many = ",".join([inside] * (8 * MIB // (len(inside) + 1)))
    file.write_text(HEAD + CELL % (many, many) + "]}")

    ended = Ended(file)

    assert ended.said == []
    assert ended.mib < 150
    assert (read_notebook(file).code_cells, read_notebook(file).executed_cells) == (1, 1)


def test_a_notebook_of_many_cells_is_read(tmp_path: Path) -> None:
    """Each of them counts."""
    file = tmp_path / "cells.ipynb"
    file.write_text(HEAD + ",".join([CELL % ("", "")] * 50_000) + "]}")

    ended = Ended(file)

    assert (ended.said, ended.mib < 150) == ([], True)
    assert read_notebook(file).executed_cells == 50_000


OUTPUTS = st.lists(st.builds(nbformat.v4.new_output, st.just("stream"), text=st.text(max_size=5)), max_size=2)
CODE = st.builds(
    nbformat.v4.new_code_cell, st.text(max_size=9), execution_count=st.none() | st.integers(0, 99), outputs=OUTPUTS
)
CELLS = st.lists(CODE | st.builds(nbformat.v4.new_markdown_cell, st.text(max_size=9)), max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(cells=CELLS, kernel=st.none() | st.text(min_size=1, max_size=9), version=st.sampled_from([3, 4]))
def test_a_notebook_is_read_as_jupyter_reads_it(tmp_path: Path, cells: list, kernel: str | None, version: int) -> None:
    """By nbformat, which shares nothing with it."""
    made = nbformat.v4.new_notebook(cells=cells)
    if kernel:
        made.metadata["kernelspec"] = {"name": kernel, "display_name": kernel}
    file = tmp_path / "mine.ipynb"
    file.write_text(nbformat.writes(made, version=version), encoding="utf-8")

    found = read_notebook(file)

    theirs = nbformat.read(file, as_version=4)
    code = [cell for cell in theirs.cells if cell.cell_type == "code"]
    executed = [cell for cell in code if cell.execution_count or cell.outputs]
    assert (found.code_cells, found.executed_cells) == (len(code), len(executed))
    assert found.kernel == theirs.metadata.get("kernelspec", {}).get("name")


@pytest.mark.parametrize("part", ["[", '{"a":', '[{"b":['])
def test_deep_json_is_no_fault_of_skymark(tmp_path: Path, part: str) -> None:
    """As notebook, survey, answer of an endpoint, policy and log line: refused in a line, or nothing that counts."""
    deep = part * DEEP
    file = tmp_path / "deep.json"
    for whole in (deep, f'{{"schema": "skymark/survey/v1", "x": {deep}', f"{HEAD}{deep}"):
        file.write_text(whole)
        for read, error in ((read_notebook, NotebookFileError), (survey_file.load, SurveyFileError)):
            with pytest.raises(error) as raised:
                read(file)
            assert len(str(raised.value).splitlines()) == 1

    for body in (deep, f'{{"predictions": {deep}', f'{{"predictions": [{{"score": {deep}'):
        with pytest.raises(UnreadableAnswer):
            positives(body)
    with pytest.raises(PolicyDocumentError):
        parse_policy(f'{{"Statement": {deep}', "mine")
    assert logs._invocations(f'#metrics {{"Metrics": {deep}') == 0


@pytest.mark.parametrize(
    "body",
    [
        '{"predictions": [{"score": NaN, "predicted_label": NaN}]}',
        '{"predictions": [{"predicted_label": -Infinity}]}',
        '{"predictions": [{"predicted_label": 1e999}]}',
        '{"predictions": [{"predicted_label": "nan"}]}',
        f'{{"predictions": [{{"predicted_label": {"9" * 5000}}}]}}',
        '{"predictions": [{"predicted_label": [1]}]}',
        "nan\ninf\n",
        f'"{"1" * 200_000}"\n',
        "\x00\x00",
        "\ufeff\ud800",
    ],
)
def test_what_is_no_number_is_no_prediction(lesson: Lesson, body: str) -> None:
    """Nobody is marked down for what cannot be read, and nothing goes wrong over it."""
    with pytest.raises(UnreadableAnswer):
        positives(body)
    survey = replace(GOOD, invocations=(replace(GOOD.invocations[0], body=body),))
    found = {one.id: one for one in grade(survey, load_rubric(lesson, "sagemaker-intro"), lesson).criteria}
    assert found["endpoint.prediction"].outcome is Outcome.UNVERIFIED
    assert "Skymark itself" not in found["endpoint.prediction"].message


@pytest.mark.parametrize("number", [-1, 0, 10**6, 2**63 - 1, 1e300, -1e300, 1e-300])
def test_any_number_in_a_survey_is_graded_and_told(tmp_path: Path, lesson: Lesson, number: float) -> None:
    """Sizes, counts and milliseconds that nothing can have."""
    survey = WHOLE
    for way in number_ways(WHOLE, Survey):
        survey = put(survey, way, lambda old: number if type(old) is type(number) else old)
    if isinstance(number, int):
        resources = tuple(replace(one, size_gib=float(number)) for one in survey.resources)
        survey = replace(survey, resources=resources)
    file = tmp_path / "numbers.json"
    survey_file.save(survey, file)

    found = grade(read_handed_in(file).survey, load_rubric(lesson, "sagemaker-intro"), lesson)

    assert [one.message for one in found.criteria if "Skymark itself" in one.message] == []
    assert_result(found, tmp_path / "ran")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 5000, '"6"', "6.5", "null"])
def test_what_is_no_whole_number_makes_no_survey(tmp_path: Path, number: str) -> None:
    """JSON of today's standard has none of them, and the schema takes no other."""
    file = tmp_path / "numbers.json"
    survey_file.save(GOOD, file)
    text = file.read_text()
    assert '"took_ms"' not in text
    file.write_text(text.replace('"invocations": 101', f'"invocations": {number}'))

    if number == "null":
        assert survey_file.load(file).endpoint_logs[0].invocations is None
    else:
        with pytest.raises(SurveyFileError):
            survey_file.load(file)


@pytest.mark.parametrize("content", NO_TEXT)
def test_bytes_that_are_no_text_are_one_line(tmp_path: Path, content: bytes) -> None:
    """In every file that is handed in, at its beginning and within a text."""
    for make in (
        lambda: content * 10,
        lambda: b'{"nbformat": 4, "schema": "skymark/survey/v1", "x": "' + content + b'"}',
    ):
        file = tmp_path / "bytes"
        file.write_bytes(make())
        for read in (read_notebook, survey_file.load, read_handed_in):
            with pytest.raises(SkymarkError) as raised:
                read(file)
            assert len(str(raised.value).splitlines()) == 1


@pytest.mark.parametrize("content", NO_TEXT)
def test_a_roster_of_bytes_that_are_no_text_is_refused_or_all_text(tmp_path: Path, content: bytes) -> None:
    """Whatever it reads of it can be written down."""
    file = tmp_path / "class.csv"
    file.write_bytes(b"student,name\nada,Ada " + content + b"\ngrace,Grace\n")
    with contextlib.suppress(RosterError):
        for one in read_roster(file).entries:
            (one.student + one.name).encode()


def test_a_survey_with_more_things_than_an_account_has_is_refused(tmp_path: Path) -> None:
    """What each thing is held against all others for would take hours."""
    file = tmp_path / "many.json"
    domains = tuple(Domain(f"d-{at}", "x", "us-east-1", "InService") for at in range(MOST + 1))

    survey_file.save(replace(GOOD, domains=domains[:-1]), file)
    assert len(read_handed_in(file).survey.domains) == MOST
    survey_file.save(replace(GOOD, domains=domains), file)
    with pytest.raises(SurveyFileError, match="more domains, or more in one of them, than an account of a lesson has"):
        read_handed_in(file)

    survey_file.save(replace(GOOD, buckets=(replace(GOOD.buckets[0], tags=(Tag("k", "v"),) * (MOST + 1)),)), file)
    with pytest.raises(SurveyFileError, match="more buckets, or more in one of them"):
        read_handed_in(file)


def test_a_survey_with_longer_policies_than_aws_takes_is_refused(tmp_path: Path) -> None:
    """Of the role's own; AWS's are as long as AWS wants."""
    file = tmp_path / "long.json"
    role = GOOD.roles[0]
    own, aws = role.policies or ()

    survey_file.save(replace(GOOD, roles=(replace(role, policies=(own, replace(aws, document="x" * 10**6))),)), file)
    assert read_handed_in(file).survey.roles[0].name == role.name
    long = replace(own, document=json.dumps({"Statement": ["x" * LONGEST_POLICIES]}))
    survey_file.save(replace(GOOD, roles=(replace(role, policies=(long, aws)),)), file)
    with pytest.raises(SurveyFileError, match="a role with longer policies than AWS takes"):
        read_handed_in(file)


def test_as_many_domains_as_are_taken_are_graded_in_seconds(lesson: Lesson) -> None:
    """Each was once held against each: of two thousand that took minutes."""
    rubric = load_rubric(lesson, "sagemaker-intro")

    def took(number: int) -> float:
        domains = tuple(Domain(f"d-{at}", "x", "us-east-1", "InService") for at in range(number))
        began = time.process_time()
        grade(replace(GOOD, domains=domains), rubric, lesson)
        return time.process_time() - began

    took(1)
    assert took(MOST) < 20


def test_a_name_of_a_megabyte_is_told_in_little(lesson: Lesson) -> None:
    """The page stays one that a browser opens, and no other program is given more than it takes."""
    name = "n" * MIB
    survey = replace(GOOD, notebook_instances=(replace(GOOD.notebook_instances[0], name=name),))
    found = grade(survey, load_rubric(lesson, "sagemaker-intro"), lesson)

    assert name in {one.id for one in found.leftovers}
    assert len(html.render(found)) < MIB
    assert len(github.summary(found)) + len(github.annotations(found)) < MIB / 10
    assert len(junit.render(found)) + len(gradescope.interim(found) or "") < 10 * MIB
