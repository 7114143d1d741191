"""Reads a rubric file: YAML to a valid `Rubric`, or every mistake of it with file and line.

A file goes through four steps: strict YAML (`located_yaml`), the JSON schema (`rubric_schema`), what no schema can
say (ids that need a check, places in links, what the other rubric has), and the merge into what it extends.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from skymark import located_yaml
from skymark.errors import RubricError, UsageError
from skymark.lesson import Lesson, is_path, shown
from skymark.located_yaml import Document, Where, quoted
from skymark.moment import moment
from skymark.rubric import QuotaNeed, Rubric, RubricCriterion, SurveyPlan, TimetableStep
from skymark.rubric_schema import Mistake, schema_mistakes
from skymark.suggest import did_you_mean, one_of
from skymark.window import NO_TIMES, Times, written_times

PLACES = ("region", "account", "bucket", "role", "instance", "job", "model", "endpoint")
"""What may stand in braces in a link or a command."""

_PLACE = re.compile(r"\{([^{}\s:\"']*)\}")
_NEEDED = ("title", "stage", "points", "hint")


def load_rubric(lesson: Lesson, name_or_file: str | Path) -> Rubric:
    """Read a rubric by its name in the lesson, or from a file, with what it extends merged in.

    Raises:
        UsageError: there is no such rubric.
        RubricError: it has mistakes; all of them are listed, those of the rubrics that it extends too.
    """
    rubric = _load(lesson, lesson.rubric_file(name_or_file), ())
    other = None if rubric.learner_lab else lesson.for_learner_labs
    return msgspec.structs.replace(rubric, for_learner_labs=other)


def load_rubrics(lesson: Lesson, names_or_files: Iterable[str | Path]) -> tuple[Rubric, ...]:
    """Read several rubrics.

    Raises:
        RubricError: some have mistakes, or are not there; all mistakes of all of them are listed, each once.
    """
    rubrics: list[Rubric] = []
    mistakes: list[str] = []
    for name_or_file in names_or_files:
        try:
            rubrics.append(load_rubric(lesson, name_or_file))
        except RubricError as error:
            mistakes += error.mistakes
        except UsageError as error:
            mistakes.append(str(error))
    if mistakes:
        raise RubricError(tuple(dict.fromkeys(mistakes)))
    return tuple(rubrics)


def _load(lesson: Lesson, file: Path, above: tuple[Path, ...]) -> Rubric:
    """`above`: the files that extend this one, outermost first."""
    document = _read(file)
    mistakes: list[Mistake] = []
    elsewhere: list[str] = []
    base: Rubric | None = None
    if isinstance(document.data, dict):
        mistakes += schema_mistakes(document)
        sound = _Sound(document.data, document.refused | {path for path, _ in mistakes})
        checks = _known_checks(lesson, elsewhere)
        try:
            base = _base(lesson, file, sound.text("extends"), above)
        except _ExtendsError as error:
            mistakes.append((("extends",), str(error)))
        except RubricError as error:
            elsewhere += error.mistakes
        mistakes += _beyond_schema(sound, document, lesson, checks, base)
    elif not document.mistakes:
        what = "is empty" if document.data is None else f"holds {quoted(document.data)}"
        mistakes.append(((), f"the file {what}. A rubric begins with: schema: skymark/rubric/v1."))
    here = document.mistakes + [(document.line(path), text) for path, text in mistakes]
    if here or elsewhere:
        lines = [f"{shown(file)}:{line}: {text}" for line, text in sorted(here)]
        raise RubricError(tuple(dict.fromkeys(lines + elsewhere)))
    return _merged(document.data, base)


def _read(file: Path) -> Document:
    try:
        with file.open("rb") as stream:
            return located_yaml.read(stream.read(located_yaml.MAX_BYTES + 1))
    except OSError as error:
        raise UsageError(f"{shown(file)}: cannot be read ({error.strerror}).") from error


def _known_checks(lesson: Lesson, elsewhere: list[str]) -> Mapping[str, object] | None:
    """The lesson's checks; None where they have mistakes of their own, which are then added to `elsewhere`."""
    try:
        return lesson.checks
    except RubricError as error:
        elsewhere += error.mistakes
        return None


class _ExtendsError(Exception):
    """What `extends` names cannot be read."""


def _base(lesson: Lesson, file: Path, extends: str | None, above: tuple[Path, ...]) -> Rubric | None:
    """The rubric that this file extends, None if it extends none.

    Raises:
        RubricError: that rubric has mistakes.
        _ExtendsError: it is not there, or the files extend each other in a circle.
    """
    if extends is None:
        return None
    try:
        base = lesson.rubric_file(file.parent / extends if is_path(extends) else extends)
        chain = (*above, file.resolve())
        if base.resolve() in chain:
            circle = " → ".join(one.name for one in (*chain[chain.index(base.resolve()) :], base))
            raise _ExtendsError(f"the rubrics extend each other in a circle ({circle}). One of them must extend none.")
        return _load(lesson, base, chain)
    except UsageError as error:
        raise _ExtendsError(f"extends is {quoted(extends)}. {error}") from error


@dataclass(frozen=True)
class _Sound:
    """A rubric's data without the parts that are wrong already: what is looked at further needs no more care."""

    data: Mapping[str, Any]
    wrong: frozenset[Where] | set[Where]

    def text(self, *path: str | int) -> str | None:
        """The text at this place, None where there is none or a wrong one."""
        value = self._at(path)
        return value if isinstance(value, str) else None

    def items(self, *path: str | int) -> Iterator[tuple[Where, Any]]:
        """What is in the list at this place, with the way to each item; nothing where it is no list."""
        value = self._at(path)
        for position, item in enumerate(value if isinstance(value, list) else ()):
            if (*path, position) not in self.wrong:
                yield (*path, position), item

    def criteria(self) -> Iterator[tuple[Where, str, Mapping[str, Any]]]:
        """The criteria that have an id: the way to each, its id, and what it gives."""
        for path, entry in self.items("criteria"):
            id = self.text(*path, "id")
            if id is not None:
                yield path, id, entry

    def _at(self, path: Where) -> Any:
        value: Any = self.data
        for end, step in enumerate(path, start=1):
            is_there = isinstance(value, dict | list) and (isinstance(value, list) or step in value)
            if not is_there or path[:end] in self.wrong:
                return None
            value = value[step]
        return value


def _beyond_schema(
    sound: _Sound, document: Document, lesson: Lesson, checks: Mapping[str, object] | None, base: Rubric | None
) -> Iterator[Mistake]:
    yield from _duplicates(sound, document)
    yield from _places(sound)
    yield from _samples(sound, lesson)
    yield from _times(sound)
    if checks is not None:
        yield from _without_check(sound, checks)
        # Where the checks have mistakes there is no other rubric either: it has the same checks.
        if base is not None:
            yield from _additions(sound, base, checks)
    if base is not None:
        yield from _left_out(sound, document, base)
    if base is not None or "extends" not in sound.data:
        yield from _unknown_ids(sound, base)


def _duplicates(sound: _Sound, document: Document) -> Iterator[Mistake]:
    first: dict[str, Where] = {}
    for path, id, _ in sound.criteria():
        earlier = first.setdefault(id, path)
        if earlier is not path:
            line = document.line((*earlier, "id"))
            yield (*path, "id"), f"the id {quoted(id)} is already in line {line}. Each id stands once."


def _without_check(sound: _Sound, checks: Mapping[str, object]) -> Iterator[Mistake]:
    for path, id, _ in sound.criteria():
        if id not in checks:
            advice = did_you_mean(id, checks) or f"There are: {one_of(checks)}."
            yield (*path, "id"), f"no check is called {quoted(id)}. {advice}"


def _places(sound: _Sound) -> Iterator[Mistake]:
    for path, _, _ in sound.criteria():
        command = (*path, "command")
        yield from ((command, mistake) for mistake in _wrong_places(sound.text(*command) or "", "command"))
        for link, _ in sound.items(*path, "links"):
            url = (*link, "url")
            yield from ((url, mistake) for mistake in _wrong_places(sound.text(*url) or "", "url"))


def _wrong_places(template: str, key: str) -> Iterator[str]:
    allowed = one_of("{" + place + "}" for place in PLACES)
    for place in _PLACE.findall(template):
        if place not in PLACES:
            advice = did_you_mean(place, PLACES)
            yield f"{key} has a place {{{place}}} that is not known. {advice} Allowed: {allowed}.".replace("  ", " ")
    # A command may hold braces of its own (JSON, a query); a URL may not.
    if key == "url" and set(_PLACE.sub("", template)) & set("{}"):
        yield f"url has a brace that belongs to no place. Allowed: {allowed}."


def _samples(sound: _Sound, lesson: Lesson) -> Iterator[Mistake]:
    samples = sound.text("survey", "samples")
    if samples is not None and not (lesson.root / samples).is_file():
        text = f"samples is {quoted(samples)}, and there is no such file in the lesson's folder {shown(lesson.root)}."
        yield ("survey", "samples"), f"{text} Write its path as seen from there."


def _times(sound: _Sound) -> Iterator[Mistake]:
    """A rubric is read in many places, so its times must be the same in all of them."""
    for key in ("since", "until"):
        text = sound.text("window", key)
        if text is None:
            continue
        try:
            written = moment(text)
        except UsageError as error:
            yield ("window", key), f"{key}: {error}"
        else:
            if not written.is_absolute:
                advice = 'Write such as "2026-11-24 09:00 Europe/Berlin".'
                yield ("window", key), f"{key} is {quoted(text)}, which has no date or no time zone. {advice}"


def _additions(sound: _Sound, base: Rubric, checks: Mapping[str, object]) -> Iterator[Mistake]:
    """What the other rubric has not is new, and must then be whole. An id without a check is said already."""
    ids = [criterion.id for criterion in base.criteria]
    for path, id, entry in sound.criteria():
        missing = " and no ".join(key for key in _NEEDED if key not in entry)
        if id not in ids and missing and id in checks:
            what = f"{quoted(id)} is not in the rubric {base.id}, so it is new, and it has no {missing}."
            advice = f"A new criterion needs title, stage, points and hint. {did_you_mean(id, ids)}"
            yield (*path, "id"), f"{what} {advice}".strip()


def _left_out(sound: _Sound, document: Document, base: Rubric) -> Iterator[Mistake]:
    ids = [criterion.id for criterion in base.criteria]
    own = {id: path for path, id, _ in sound.criteria()}
    left_out = {id: path for path, id in sound.items("without")}
    for id, path in left_out.items():
        if id not in ids:
            advice = did_you_mean(id, ids) or f"It has: {one_of(ids)}."
            yield path, f"without names {quoted(id)}, which is not in the rubric {base.id}. {advice}"
        elif id in own:
            line = document.line((*own[id], "id"))
            yield path, f"{quoted(id)} is left out here and changed in line {line}. Do one of the two."
    if set(ids) <= left_out.keys() and not own.keys() - left_out.keys():
        yield ("without",), "nothing is left of the rubric. It needs at least one criterion."


def _unknown_ids(sound: _Sound, base: Rubric | None) -> Iterator[Mistake]:
    """Of warnings and of the timetable."""
    inherited = [criterion.id for criterion in base.criteria] if base else []
    left_out = {id for _, id in sound.items("without")}
    ids = [id for id in inherited if id not in left_out] + [id for _, id, _ in sound.criteria()]
    named = [("unless", one) for path, _, _ in sound.criteria() for one in sound.items(*path, "warning", "unless")]
    named += [("shown_by", one) for path, _ in sound.items("timetable") for one in sound.items(*path, "shown_by")]
    for key, (place, id) in named:
        if id not in ids:
            yield place, f"{key} names {quoted(id)}, which is not in this rubric. {did_you_mean(id, ids)}".strip()


def _merged(data: Mapping[str, Any], base: Rubric | None) -> Rubric:
    """A valid rubric's data laid over the one that it extends. Keys replace keys; parameters and survey key by key."""
    left_out = frozenset(data.get("without", ()))
    own = {entry["id"]: entry for entry in data.get("criteria", ())}
    inherited = [criterion for criterion in (base.criteria if base else ()) if criterion.id not in left_out]
    kept = [_changed(criterion, own.pop(criterion.id, {}), left_out) for criterion in inherited]
    regions = data.get("regions", base.regions if base else None)
    steps = msgspec.convert(data["timetable"], tuple[TimetableStep, ...]) if "timetable" in data else None
    quotas = msgspec.convert(data["quotas"], tuple[QuotaNeed, ...]) if "quotas" in data else None
    plan = (msgspec.structs.asdict(base.survey) if base else {}) | data.get("survey", {})
    return Rubric(
        id=data["id"],
        version=data["version"],
        title=data["title"],
        criteria=(*kept, *(_criterion(entry) for entry in own.values())),
        regions=None if regions is None else tuple(regions),
        survey=msgspec.convert(plan, SurveyPlan),
        timetable=steps if steps is not None else _without(base.timetable if base else (), left_out),
        times=_window(data["window"]) if "window" in data else base.times if base else NO_TIMES,
        learner_lab=data.get("learner_lab", bool(base and base.learner_lab)),
        quotas=quotas if quotas is not None else base.quotas if base else (),
    )


def _without(steps: tuple[TimetableStep, ...], left_out: frozenset[str]) -> tuple[TimetableStep, ...]:
    """The other rubric's steps; what is left out shows none of them."""
    return tuple(
        msgspec.structs.replace(one, shown_by=tuple(id for id in one.shown_by if id not in left_out)) for one in steps
    )


def _window(data: Mapping[str, str]) -> Times:
    return written_times(data.get("since"), data.get("until"), None)


def _criterion(entry: Mapping[str, Any]) -> RubricCriterion:
    return msgspec.convert({**entry, "points": Decimal(entry["points"])}, RubricCriterion)


def _changed(criterion: RubricCriterion, entry: Mapping[str, Any], left_out: frozenset[str]) -> RubricCriterion:
    """One of the other rubric's criteria with what this rubric gives; its warning forgets what is left out."""
    whole = msgspec.to_builtins(criterion) | entry
    whole["parameters"] = criterion.parameters | entry.get("parameters", {})
    changed = _criterion(whole)
    if changed.warning is None:
        return changed
    unless = tuple(id for id in changed.warning.unless if id not in left_out)
    warning = msgspec.structs.replace(changed.warning, unless=unless) if unless else None
    return msgspec.structs.replace(changed, warning=warning)
