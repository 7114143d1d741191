"""Whatever valid pieces a rubric is made of, it is read as written; whatever is changed in it, the line is named."""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skymark.errors import RubricError
from skymark.lesson import Lesson
from skymark.rubric import LinkTemplate, Rubric, RubricCriterion, SurveyPlan, Warning
from skymark.rubric_file import PLACES, load_rubric
from skymark.window import NO_TIMES, written_times

IDS = tuple(f"{module}.{name}" for module in ("bucket", "role") for name in ("name", "region", "trust", "scoped"))
PRINTABLE = st.characters(exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp"), exclude_characters="\ufeff\ufffe\uffff")
LINE = st.text(PRINTABLE, min_size=1, max_size=30).filter(str.strip)
TEXT = st.lists(LINE, min_size=1, max_size=3).map("\n".join)
POINTS = st.decimals(0, 1000, places=2).map(lambda points: points + 0)
SCALAR = st.one_of(LINE, st.booleans(), st.integers(-(10**11), 10**11), st.decimals(-1000, 1000, places=3))
PARAMETERS = st.dictionaries(
    st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True), SCALAR | st.lists(SCALAR, max_size=3), max_size=3
)
URLS = st.lists(st.sampled_from(PLACES), max_size=3).map(
    lambda places: "https://{region}.example.com/" + "/".join(f"{{{place}}}" for place in places)
)
MOMENTS = st.sampled_from(("2026-11-24 09:00 Europe/Berlin", "2026-11-24T09:00Z", "2026-11-24 +01:00", "3h", "1w2d"))
COMMANDS = st.sampled_from(PLACES).map(lambda place: f"aws s3 ls {{{place}}} --query '{{a: b}}' # x")


@st.composite
def rubrics(draw: st.DrawFn) -> Rubric:
    """A rubric that extends none."""
    ids = draw(st.lists(st.sampled_from(IDS), min_size=1, max_size=4, unique=True))
    unless = st.lists(st.sampled_from(ids), min_size=1, unique=True).map(tuple)
    return Rubric(
        id=draw(st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8})?", fullmatch=True)),
        version=draw(LINE),
        title=draw(LINE),
        regions=draw(st.none() | st.just(("us-east-1", "ap-southeast-2"))),
        learner_lab=draw(st.booleans()),
        times=written_times(draw(st.none() | MOMENTS), draw(st.none() | MOMENTS), None),
        survey=SurveyPlan(
            draw(st.lists(LINE, max_size=2).map(tuple)),
            draw(st.none() | LINE),
            about=draw(st.sampled_from((("sagemaker",), ("s3",), ("s3", "sagemaker")))),
            bucket=draw(st.none() | LINE),
            settings=draw(st.sampled_from(((), ("website",), ("tags", "policy")))),
            objects=draw(st.sampled_from(((), ("index.html", "photos/*")))),
        ),
        criteria=tuple(
            RubricCriterion(
                id=id,
                title=draw(LINE),
                stage=draw(LINE),
                points=draw(POINTS),
                hint=draw(TEXT),
                parameters=draw(PARAMETERS),
                links=tuple(draw(st.lists(st.builds(LinkTemplate, LINE, URLS), max_size=2))),
                command=draw(st.none() | COMMANDS),
                warning=draw(st.none() | st.builds(Warning, unless, TEXT)),
            )
            for id in ids
        ),
    )


def data_of(rubric: Rubric) -> dict[str, Any]:
    """A rubric as a teacher would write it: what is empty is left out."""
    whole = msgspec.to_builtins(msgspec.structs.replace(rubric, times=NO_TIMES), builtin_types=(Decimal,))
    del whole["times"]
    whole["window"] = {
        key: one and one.text for key, one in (("since", rubric.times.since), ("until", rubric.times.until))
    }
    return {"schema": "skymark/rubric/v1", **_without_empty(_without_empty(whole))}


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_empty(item) for key, item in value.items() if item not in (None, (), {})}
    return [_without_empty(item) for item in value] if isinstance(value, list | tuple) else value


def written(value: Any, indent: int = 0) -> list[str]:
    """YAML, a line for each key and each item."""
    pairs = value.items() if isinstance(value, dict) else ((None, item) for item in value)
    lines = []
    for key, item in pairs:
        start = " " * indent + ("-" if key is None else f"{key}:")
        if isinstance(item, dict | list) and item:
            lines += [start, *written(item, indent + 2)]
        else:
            lines.append(f"{start} {scalar(item)}")
    return lines


def scalar(value: Any) -> str:
    """One scalar, or an empty list or mapping, in YAML: plain where that is safe, else in quotes of either kind."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if not isinstance(value, str):
        return json.dumps(value)
    if re.fullmatch("[A-Z][a-z]{5,}( [a-z]+)*", value):
        return value
    if value.isascii() and "\n" not in value:
        return "'" + value.replace("'", "''") + "'"
    return json.dumps(value, ensure_ascii=False)


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    """A lesson that has the checks."""
    root = tmp_path_factory.mktemp("lesson")
    for name in ("checks", "rubrics"):
        (root / name).mkdir()
    for id in IDS:
        module, name = id.split(".")
        with (root / "checks" / f"{module}.py").open("a") as file:
            file.write(f"def check_{name}(): ...\n")
    return Lesson(root)


def load(lesson: Lesson, lines: list[str]) -> Rubric:
    """Write a rubric and read it."""
    file = file_of(lesson)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return load_rubric(lesson, file)


def file_of(lesson: Lesson) -> Path:
    """Where the rubric is written."""
    return lesson.root / "rubrics" / "drawn.yaml"


@settings(deadline=None, max_examples=60)
@given(rubric=rubrics())
def test_what_is_written_is_what_is_read(lesson: Lesson, rubric: Rubric) -> None:
    """Every valid rubric comes back equal, decimals to the digit."""
    assert load(lesson, written(data_of(rubric))) == rubric


@settings(deadline=None, max_examples=100)
@given(rubric=rubrics(), draw=st.data())
def test_a_mistyped_key_is_an_error_that_names_its_line(lesson: Lesson, rubric: Rubric, draw: st.DataObject) -> None:
    """Wherever in the file it is. (A parameter may have any name.)"""
    lines = written(data_of(rubric))
    keys = [
        number
        for number, line in enumerate(lines)
        if re.match(r" *[a-z_]+:", line) and not _in_parameters(lines, number)
    ]
    number = draw.draw(st.sampled_from(keys))
    lines[number] = lines[number].replace(":", "z:", 1)

    assert number + 1 in lines_named(lesson, lines)


@settings(deadline=None, max_examples=100)
@given(rubric=rubrics(), draw=st.data())
def test_a_value_of_the_wrong_type_is_an_error_that_names_its_line(
    lesson: Lesson, rubric: Rubric, draw: st.DataObject
) -> None:
    """Nothing takes a mapping with a list in it: neither a text, nor a number, nor a list."""
    lines = written(data_of(rubric))
    values = [number for number, line in enumerate(lines) if re.match(r" *[a-z_]+: |  +- ", line)]
    number = draw.draw(st.sampled_from(values))
    lines[number] = re.sub(r"^( *[a-z_]+:| *-) .*", r"\1 {z: [[]]}", lines[number], flags=re.DOTALL)

    assert number + 1 in lines_named(lesson, lines)


@settings(deadline=None, max_examples=200)
@given(rubric=rubrics(), draw=st.data())
def test_a_damaged_file_is_read_or_refused_in_words(lesson: Lesson, rubric: Rubric, draw: st.DataObject) -> None:
    """Whatever is cut out or put in: a rubric or a `RubricError` with lines, never another exception."""
    raw = "\n".join(written(data_of(rubric))).encode()
    start = draw.draw(st.integers(0, len(raw)))
    end = draw.draw(st.integers(start, min(start + 20, len(raw))))
    damage = draw.draw(
        st.binary(max_size=4) | st.sampled_from([b"&a ", b"*a", b"!!x ", b"- ", b": ", b"{", b"[", b"\n", b"<<: "])
    )
    file = file_of(lesson)
    file.write_bytes(raw[:start] + damage + raw[end:])

    mistakes: tuple[str, ...] = ()
    try:
        load_rubric(lesson, file)
    except RubricError as error:
        mistakes = error.mistakes

    assert [one for one in mistakes if not re.fullmatch(rf"{re.escape(str(file))}:\d+: \S[^\n]*", one)] == []


def lines_named(lesson: Lesson, lines: list[str]) -> set[int]:
    """The lines that the mistakes of this file name."""
    with pytest.raises(RubricError) as caught:
        load(lesson, lines)
    return {int(mistake.removeprefix(f"{file_of(lesson)}:").split(":")[0]) for mistake in caught.value.mistakes}


def _in_parameters(lines: list[str], number: int) -> bool:
    """Whether this line names a parameter: it is indented below `parameters:`."""
    indent = len(lines[number]) - len(lines[number].lstrip())
    above = next((line for line in reversed(lines[:number]) if len(line) - len(line.lstrip()) < indent), "")
    return above.strip() == "parameters:"
