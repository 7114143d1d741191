"""What is installed, and that README, CI and tox say the same."""

import re
import tomllib
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
TOO_BIG = {"moto", "sagemaker", "pandas", "numpy", "scipy", "scikit-learn", "awscli", "policy-sentry", "mypy", "ruff"}


def closure(requirements: list[str], where: Mapping[str, str] | None = None) -> set[str]:
    """The names of everything that these requirements bring with them, here or where markers say so.

    It is known of what is installed here; what only another system needs brings nothing else.
    """
    found: set[tuple[str, str]] = set()
    waiting = [(Requirement(text), "") for text in requirements]
    while waiting:
        requirement, of = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({**(where or {}), "extra": of}):
            continue
        name = canonicalize_name(requirement.name)
        for extra in {"", *requirement.extras}:
            if (name, extra) not in found:
                found.add((name, extra))
                waiting += [(Requirement(text), extra) for text in requires(name)]
    return {name for name, _ in found}


def requires(name: str) -> list[str]:
    """What a distribution asks for."""
    try:
        return distribution(name).requires or []
    except PackageNotFoundError:
        return []


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


def hashed() -> dict[str, tuple[str, str, list[str]]]:
    """requirements.txt: by name the version, the marker if there is one, and the hashes."""
    lines = [line for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
    found = {}
    for entry in "\n".join(lines).replace(" \\\n", " ").splitlines():
        parts = re.fullmatch(
            r'([\w.-]+)==([\w.]+)(?: ; (sys_platform == "\w+"))?((?: +--hash=sha256:[0-9a-f]{64})+)', entry
        )
        assert parts, entry
        assert parts[1] not in found
        found[parts[1]] = (parts[2], parts[3] or "", parts[4].split())
    return found


def test_hashed_requirements_are_the_pinned_releases() -> None:
    """One release of each, the one that is tested; each hash once."""
    assert {name: version for name, (version, _, _) in hashed().items()}.items() <= pins().items()
    for _, _, hashes in hashed().values():
        assert len(set(hashes)) == len(hashes)


def test_hashed_requirements_hold_no_address() -> None:
    """Nor a path, nor an option: any index can serve them."""
    text = (ROOT / "requirements.txt").read_text("utf-8")

    assert "://" not in text
    assert set(re.findall(r"^ *-[\w-]+|(?<= )--[\w-]+", re.sub("^#.*", "", text, flags=re.M))) == {"--hash"}


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
def test_hashed_requirements_are_all_that_a_plain_install_brings(system: str, python: str) -> None:
    """Everywhere: without one of them pip installs nothing; what only one system needs is of that system."""
    asked = {
        "sys_platform": system,
        "platform_system": {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}[system],
    }
    asked |= {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "os_name": "nt" if system == "win32" else "posix",
    }
    given = {name for name, (_, marker, _) in hashed().items() if not marker or Marker(marker).evaluate(asked)}

    assert given == closure(PYPROJECT["project"]["dependencies"], asked)


def test_each_kind_of_machine_has_wheels_of_its_own() -> None:
    """Of what is compiled there are as many as Pythons and kinds of machines want, of the rest one."""
    compiled = {name for name, (_, _, hashes) in hashed().items() if len(hashes) > 1}

    assert {"awscrt", "markupsafe", "msgspec", "pydantic-core", "pyyaml", "rpds-py"} <= compiled
    assert {name for name in compiled if len(hashed()[name][2]) < 6} == set()


def test_ci_runs_the_readmes_own_command() -> None:
    """What the README promises is what CI proves."""
    readme = commands((ROOT / "README.md").read_text("utf-8"))
    ci = commands((ROOT / ".ci" / "run").read_text("utf-8"))

    assert ci == ["python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt tox && .venv/bin/tox"]
    assert ci[0] in readme
    assert len(readme) == 2
