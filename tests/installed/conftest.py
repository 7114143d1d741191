"""A wheel in an environment that knows nothing of this repository, and whoever uses it."""

import os
import subprocess
import sys
import sysconfig
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from simulator.pytest_fixtures import practice_account, practice_cloud  # noqa: F401 - they are fixtures

ROOT = Path(__file__).parents[2]

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source distribution that was built here."""
    out = tmp_path_factory.mktemp("built")
    hatch = [sys.executable, "-m", "hatchling", "build", "--directory", str(out)]
    subprocess.run([*hatch, "--target", "sdist"], cwd=ROOT, check=True)
    (source,) = out.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        archive.extractall(out, filter="data")
    subprocess.run([*hatch, "--target", "wheel"], cwd=out / source.name.removesuffix(".tar.gz"), check=True)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the wheel. What it needs is taken from where these tests run: nothing is fetched."""
    folder = tmp_path_factory.mktemp("environment") / "of a student"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(python(folder)), "install", "--quiet"]
    subprocess.run([*pip, "--no-index", "--no-deps", str(wheel)], check=True)
    own = next(folder.rglob("site-packages"))
    # A plain path: what is installed in editable mode there stays unknown.
    (own / "needed.pth").write_text(f"{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n")
    return folder


def python(environment: Path) -> Path:
    """The interpreter of a virtual environment."""
    return environment / ("Scripts" if os.name == "nt" else "bin") / "python"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A student's folder, with everything in it that may get in a grader's way."""
    here = tmp_path / "my folder"
    for name in ("checks", "fixtures", "rubrics", "skymark"):
        (here / name).mkdir(parents=True)
        (here / name / "__init__.py").write_text("raise SystemExit('imported')")
    (here / "conftest.py").write_text("raise SystemExit('imported')")
    (here / "random.py").write_text("raise SystemExit('imported')")
    (here / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    return here


@pytest.fixture
def skymark(environment: Path, folder: Path) -> Run:
    """Run the command `skymark` in the student's folder."""

    def ran(*arguments: str | Path, env: Mapping[str, str] = os.environ) -> subprocess.CompletedProcess[str]:
        return run([python(environment).with_name("skymark"), *arguments], folder, env)

    return ran


@pytest.fixture
def grade(folder: Path) -> Run:
    """Run the checkout's `grade.py` there."""

    def ran(*arguments: str | Path, env: Mapping[str, str] = os.environ) -> subprocess.CompletedProcess[str]:
        return run([sys.executable, ROOT / "grade.py", *arguments], folder, env)

    return ran


def run(command: list[Any], folder: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command with no path to modules in its environment."""
    clean = {name: value for name, value in env.items() if not name.startswith(("PYTHON", "PYTEST"))}
    return subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=clean | {"PYTEST_ADDOPTS": "--no-such-option"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
