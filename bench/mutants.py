"""Changes the code that marks hang on, one small change at a time, and counts how often a test notices.

Run: python bench/mutants.py [--all] [--seed N] [--share S] [MODULE …], in an environment with the extra `mutants`.
Without `--all` a share of the functions is changed, drawn by the seed. What is changed and which tests look at it
stands in pyproject.toml, [tool.mutmut]; what no test notices stands in docs/mutants.md, each with its reason.

Exit status: 0 if of each subject at least nine in ten are noticed, and docs/mutants.md has exactly the others.
"""

import argparse
import ast
import contextlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "build" / "mutants"
LISTED = ROOT / "docs" / "mutants.md"
WANTED = 0.9
SURVIVED, UNTESTED, NOT_RUN = 0, 33, None
EXAMPLES = 10
ENTRY = re.compile(r"- `(?P<function>[\w.]+)`: `(?P<was>.*?)` → `(?P<became>.*)`")


@dataclass(frozen=True)
class Mutant:
    """One change. `function` is its full name, `was` and `became` are the lines that differ, joined."""

    function: str
    was: str
    became: str

    def __str__(self) -> str:
        return f"- `{self.function}`: `{self.was}` → `{self.became}`"

    @property
    def subject(self) -> str:
        """What its module is a part of: policy, outcome, score, rubric or evidence."""
        return self.function.split(".")[1].partition("_")[0]


def listed(text: str) -> set[Mutant]:
    """The mutants that docs/mutants.md lists."""
    return {Mutant(**found.groupdict()) for found in map(ENTRY.fullmatch, text.splitlines()) if found}


def patterns(files: Sequence[Path], root: Path) -> list[str]:
    """What mutmut calls the mutants of each function of these files."""
    found = []
    for file in files:
        module = ".".join(file.relative_to(root).with_suffix("").parts)
        for node in ast.parse(file.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                found.append(f"{module}.x_{node.name}__mutmut_*")
            elif isinstance(node, ast.ClassDef):
                methods = (one.name for one in node.body if isinstance(one, ast.FunctionDef))
                found += [f"{module}.xǁ{node.name}ǁ{name}__mutmut_*" for name in methods]
    return found


def undecorated(source: str) -> str:
    """The same module with `name = property(name)` for `@property`, and nothing cached.

    mutmut leaves alone what is decorated; and what one run has cached, the next would not change.
    """
    lines = source.splitlines()
    decorated = (
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef) and node.decorator_list
    )
    for node in sorted(decorated, key=lambda node: -node.lineno):
        (decorator,) = node.decorator_list
        if ast.unparse(decorator) == "property":
            lines.insert(node.end_lineno or 0, f"{' ' * node.col_offset}{node.name} = property({node.name})")
        del lines[decorator.lineno - 1]
    return "\n".join(lines) + "\n"


def copy(settings: dict[str, list[str]]) -> list[Path]:
    """Lay the tree into build/mutants, with fewer examples where a test draws them: the files to change."""
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    for name in (*settings["source_paths"], *settings["also_copy"], "tests", "pyproject.toml"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, WORK / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, WORK / name)
    for test in (WORK / "tests").rglob("*.py"):
        test.write_text(re.sub(r"max_examples=\d+", f"max_examples={EXAMPLES}", test.read_text("utf-8")), "utf-8")
    files = sorted(file for pattern in settings["only_mutate"] for file in WORK.glob(pattern))
    for file in files:
        file.write_text(undecorated(file.read_text("utf-8")), "utf-8")
    return files


def results() -> Iterator[tuple[Mutant | None, str, int | None]]:
    """Each mutant's subject and exit status; what differs only where no test noticed."""
    for meta in sorted((WORK / "mutants" / "skymark").rglob("*.meta")):
        file = meta.relative_to(WORK / "mutants").with_suffix("")
        for name, status in json.loads(meta.read_text("utf-8"))["exit_code_by_key"].items():
            survivor = _mutant(name, file) if status in (SURVIVED, UNTESTED) else None
            yield survivor, Mutant(name, "", "").subject, status


def _mutant(name: str, file: Path) -> Mutant:
    # Only the extra `mutants` has it; the tests of this file need it not.
    from mutmut.mutation.diff_apply import get_diff_for_mutant
    from mutmut.utils.format_utils import orig_function_and_class_names_from_key

    with contextlib.chdir(WORK):
        lines = get_diff_for_mutant(name, path=file).splitlines()[2:]
    was, became = (" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
    function, of_class = orig_function_and_class_names_from_key(name)
    whole = (*file.with_suffix("").parts, *([of_class] if of_class else []), function)
    return Mutant(".".join(whole), was, became)


def report(seconds: float, whole: bool, modules: Sequence[str]) -> bool:
    """Print what was found; whether all is as it should be."""
    counts: dict[str, list[int]] = {}
    survivors: set[Mutant] = set()
    for survivor, subject, status in results():
        if status is not NOT_RUN:
            count = counts.setdefault(subject, [0, 0])
            count[0] += 1
            count[1] += survivor is None
            survivors |= {survivor} if survivor else set()
    for subject, (number, noticed) in sorted(counts.items()):
        print(f"{subject:<10} {noticed:>5} of {number:>5} noticed, {noticed / number:.1%}")
    print(f"in {seconds / 60:.1f} minutes")
    known = listed(LISTED.read_text("utf-8")) if LISTED.exists() else set()
    new, gone = survivors - known, known - survivors if whole else set()
    gone = {one for one in gone if not modules or one.function.startswith(tuple(modules))}
    for title, some in (("No test notices, and docs/mutants.md does not say why:", new), ("Noticed by now:", gone)):
        if some:
            print(title, *sorted(map(str, some)), sep="\n")
    return not new and not gone and all(noticed >= WANTED * number for number, noticed in counts.values())


def main(arguments: Sequence[str] | None = None) -> int:
    """Change, test, count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="such as skymark.score; otherwise all")
    parser.add_argument("--all", action="store_true", help="every function, not a share of them")
    parser.add_argument("--seed", type=int, default=1, help="what draws the functions")
    parser.add_argument("--share", type=float, default=0.25, help="how many of the functions are drawn")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="how many at a time")
    options = parser.parse_args(arguments)
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mutmut"]
    asked = tuple(f"{module}." for module in options.modules)
    names = [one for one in patterns(copy(settings), WORK) if one.startswith(asked or "")]
    if not options.all:
        names = random.Random(options.seed).sample(names, max(1, round(options.share * len(names))))  # noqa: S311
    start = time.monotonic()
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(options.processes), *names]
    environment = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    with (WORK / "mutmut.log").open("w") as log:
        done = subprocess.run(command, cwd=WORK, env=environment, stdout=log, stderr=subprocess.STDOUT, check=False)  # noqa: S603
    if done.returncode:
        print((WORK / "mutmut.log").read_text("utf-8")[-5000:])
        return done.returncode
    return 0 if report(time.monotonic() - start, options.all, asked) else 1


if __name__ == "__main__":
    sys.exit(main())
