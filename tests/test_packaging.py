"""What is installed, and that README, CI and tox say the same."""

import re
import tomllib
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
TOO_BIG = {"moto", "sagemaker", "pandas", "numpy", "scipy", "scikit-learn", "awscli", "policy-sentry", "mypy", "ruff"}


def closure(requirements: list[str]) -> set[str]:
    """The names of everything that these requirements bring with them, by what is installed here."""
    found: set[tuple[str, str]] = set()
    waiting = [(Requirement(text), "") for text in requirements]
    while waiting:
        requirement, of = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": of}):
            continue
        name = canonicalize_name(requirement.name)
        for extra in {"", *requirement.extras}:
            if (name, extra) not in found:
                found.add((name, extra))
                waiting += [(Requirement(text), extra) for text in distribution(name).requires or ()]
    return {name for name, _ in found}


def pins() -> dict[str, str]:
    """constraints.txt: name to version."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    rows = [line.split("==") for line in lines if not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in rows}


def commands(text: str) -> list[str]:
    """The lines that set up an environment."""
    return [line.strip() for line in text.splitlines() if line.strip().startswith("python3 -m venv")]


def test_a_students_install_has_no_simulator_and_no_sdk() -> None:
    """What a student installs stays small: the practice cloud and the SageMaker SDK are extras."""
    installed = closure(PYPROJECT["project"]["dependencies"])

    assert installed & TOO_BIG == set()


def test_everything_that_runs_is_pinned() -> None:
    """No version changes from one machine to the next: whatever the base install brings has its pin."""
    installed = closure(PYPROJECT["project"]["dependencies"])

    assert installed - pins().keys() == set()


def test_constraints_are_names_and_versions_only() -> None:
    """No address, no path, no option: any index can serve them."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()

    odd = [line for line in lines if not line.startswith("#") and not re.fullmatch(r"[\w.-]+==[\w.]+", line)]

    assert odd == []


def test_ci_runs_the_readmes_own_command() -> None:
    """What the README promises is what CI proves."""
    readme = commands((ROOT / "README.md").read_text("utf-8"))
    ci = commands((ROOT / ".ci" / "run").read_text("utf-8"))

    assert ci == ["python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt tox && .venv/bin/tox"]
    assert ci[0] in readme
    assert len(readme) == 2
