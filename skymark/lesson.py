"""A lesson: a folder with its own `rubrics/`, `checks/` and `fixtures/`. The first one comes with Skymark."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import skymark
from skymark.errors import RubricError, UsageError
from skymark.suggest import did_you_mean, one_of

_EXTENDS = re.compile(r"^extends\s*:", re.MULTILINE)
_LEARNER_LAB = re.compile(r"^learner_lab\s*:\s*true\b", re.MULTILINE)


class CheckSource(NamedTuple):
    """Where a check is written. `docstring` is what is true when it passes, `""` where it has none."""

    docstring: str
    file: Path
    line: int


@dataclass(frozen=True)
class Lesson:
    """Where a lesson's files are. Nothing in the folder is imported or run by this class."""

    root: Path = field(default_factory=lambda: _first_lesson())

    @classmethod
    def at(cls, root: Path | None) -> "Lesson":
        """The lesson in this folder; None: the one that Skymark comes with.

        Raises:
            UsageError: there is no such folder, or no `rubrics` and `checks` in it.
        """
        lesson = cls(root) if root else cls()
        missing = [name for name in ("rubrics", "checks") if not (lesson.root / name).is_dir()]
        if missing:
            raise UsageError(
                f"{lesson.root}: not a lesson, it has no folder {' and none called '.join(missing)}. "
                "A lesson's folder holds rubrics/, checks/ and fixtures/."
            )
        return lesson

    @cached_property
    def checks(self) -> Mapping[str, CheckSource]:
        """Every check by its id (`bucket.region`), ordered by file name, then line. Files are parsed, not imported.

        Raises:
            RubricError: an id stands twice, or a file is no valid Python.
        """
        found: dict[str, CheckSource] = {}
        mistakes: list[str] = []
        for file in sorted((self.root / "checks").glob("*.py")):
            try:
                functions = list(_functions(file))
            except (SyntaxError, ValueError) as error:
                mistakes.append(f"{shown(file)}:{getattr(error, 'lineno', None) or 1}: not valid Python ({error}).")
                continue
            for id, check in functions:
                earlier = found.setdefault(id, check)
                if earlier is not check:
                    mistakes.append(
                        f'{shown(file)}:{check.line}: the check "{id}" is already in line {earlier.line}. '
                        "Give one of the two another name."
                    )
        if mistakes:
            raise RubricError(tuple(mistakes))
        return MappingProxyType(found)

    @cached_property
    def rubrics(self) -> tuple[str, ...]:
        """The names of the lesson's rubrics, in the order of the alphabet."""
        return tuple(sorted(file.stem for file in (self.root / "rubrics").glob("*.yaml")))

    @property
    def default_rubric(self) -> str:
        """The name of the rubric that is meant when none is named: the only one that extends no other.

        Raises:
            UsageError: there is none, or more than one.
        """
        names = [name for name in self.rubrics if not _EXTENDS.search(self._text(name))]
        if len(names) != 1:
            raise UsageError(
                f"{shown(self.root / 'rubrics')}: it is not clear which rubric is meant. "
                f"Name one with --rubric; there are: {one_of(self.rubrics)}."
            )
        return names[0]

    @property
    def for_learner_labs(self) -> str | None:
        """The name of the lesson's rubric for accounts of AWS Academy Learner Lab, None if it has none of its own."""
        return next((name for name in self.rubrics if _LEARNER_LAB.search(self._text(name))), None)

    def rubric_file(self, name_or_path: str | Path) -> Path:
        """The file of a rubric: a name is looked for in `rubrics/`, a path is taken as it is.

        What has a slash or ends in `.yaml` or `.yml` is a path.

        Raises:
            UsageError: there is no such rubric.
        """
        text = str(name_or_path)
        if is_path(text):
            path = Path(text)
            if not path.is_file():
                raise UsageError(f"{text}: there is no such file. {self._known(path.stem)}")
            return path
        if text not in self.rubrics:
            raise UsageError(f'No rubric is called "{text}". {self._known(text)}')
        return self.root / "rubrics" / f"{text}.yaml"

    def _known(self, name: str) -> str:
        return f"{did_you_mean(name, self.rubrics)} The lesson's rubrics: {one_of(self.rubrics)}.".strip()

    def _text(self, name: str) -> str:
        try:
            return (self.root / "rubrics" / f"{name}.yaml").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""  # whoever loads this rubric is told why


def _first_lesson() -> Path:
    """In the package, where a wheel was installed; in a checkout the repository's root (see `pyproject.toml`)."""
    package = Path(skymark.__file__).resolve().parent
    carried = package / "first_lesson"
    return carried if carried.is_dir() else package.parent


def shown(path: Path) -> str:
    """A path as people want to read it: relative to where they are, if it lies below."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def is_path(text: str) -> bool:
    """Whether this is meant as the path of a rubric's file rather than its name."""
    return "/" in text or "\\" in text or text.endswith((".yaml", ".yml"))


def _functions(file: Path) -> Iterator[tuple[str, CheckSource]]:
    """The checks of one file, with their ids.

    Raises:
        SyntaxError, ValueError: it is no valid Python, or no text.
    """
    for node in ast.parse(file.read_bytes(), filename=str(file)).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("check_"):
            id = f"{file.stem}.{node.name.removeprefix('check_')}"
            yield id, CheckSource(ast.get_docstring(node) or "", file, node.lineno)
