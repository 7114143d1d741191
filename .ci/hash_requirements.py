"""Writes requirements.txt: what a plain install of Skymark needs, each release with the hashes of its wheels.

python .ci/hash_requirements.py

To be run in an environment in which Skymark is installed, after constraints.txt has changed. Which wheel fits where is
asked of pip, which asks whatever index it is set up to ask; nothing is installed.
"""

import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, Final, NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).parents[1]
FILE: Final = ROOT / "requirements.txt"
PYTHONS: Final = ("3.11", "3.12", "3.13")
SYSTEMS: Final = {
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    "darwin": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    "win32": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
}
"""What markers may ask, by system."""
GLIBC: Final = (17, 28, 34, 39)
"""Releases 2.x from which on other wheels are chosen, oldest first."""
HEAD: Final = """\
# What a plain install of Skymark needs, each with the SHA-256 of the wheels that pip may choose: CPython {pythons}
# on Linux (glibc and musl), macOS and Windows, x86-64 and ARM. No address: any index can serve them.
#     pip install --require-hashes --only-binary :all: -r requirements.txt
#     pip install --no-deps --no-build-isolation .    (or a wheel of Skymark's)
# Written by .ci/hash_requirements.py; the versions are those of constraints.txt.
"""


def platforms() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each kind of machine: what markers call its system, and what wheels may be called that run on it."""
    for machine in ("x86_64", "aarch64"):
        for newest in GLIBC:
            glibc = (f"manylinux_2_{minor}_{machine}" for minor in range(newest, 4, -1))
            yield "linux", (*glibc, f"manylinux2014_{machine}", f"manylinux2010_{machine}", f"manylinux1_{machine}")
        yield "linux", (f"musllinux_1_2_{machine}", f"musllinux_1_1_{machine}")
    for machine in ("x86_64", "arm64"):
        for release in ("11_0", "15_0"):
            yield "darwin", (f"macosx_{release}_{machine}",)
    yield "win32", ("win_amd64",)
    yield "win32", ("win_arm64",)


def pins() -> dict[str, str]:
    """constraints.txt: name to version."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    rows = (line.split("==") for line in lines if not line.startswith("#"))
    return {canonicalize_name(name): version for name, version in rows}


def needed(system: str, python: str) -> frozenset[str]:
    """The names of everything that a plain install brings with it there."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = SYSTEMS[system] | {"python_version": python, "python_full_version": f"{python}.0"}
    found: set[tuple[str, str]] = set()
    waiting = [(Requirement(text), "") for text in project["dependencies"]]
    while waiting:
        requirement, of = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({**asked, "extra": of}):
            continue
        name = canonicalize_name(requirement.name)
        for extra in {"", *requirement.extras} - {known for one, known in found if one == name}:
            found.add((name, extra))
            waiting += [(Requirement(text), extra) for text in _requires(name)]
    return frozenset(name for name, _ in found)


def _requires(name: str) -> Iterable[str]:
    try:
        return distribution(name).requires or ()
    except PackageNotFoundError:  # only another system needs it
        return ()


class Wheel(NamedTuple):
    """The wheel that is chosen of a release: its SHA-256, and whether it fits any machine of any kind."""

    digest: str
    fits_all: bool


def chosen(names: Iterable[str], versions: Mapping[str, str], python: str, tags: Iterable[str]) -> dict[str, Wheel]:
    """The wheel that pip takes of each of these on such a machine; without those of which there is none."""
    wanted = [f"{name}=={versions[name]}" for name in sorted(names)]
    found = _reported(wanted, python, tags)
    if found is None and len(wanted) > 1:
        parts = (_reported([one], python, tags) or {} for one in wanted)
        return {name: wheel for part in parts for name, wheel in part.items()}
    return found or {}


def _reported(wanted: list[str], python: str, tags: Iterable[str]) -> dict[str, Wheel] | None:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--ignore-installed", "--no-deps"]
        command += ["--only-binary", ":all:", "--implementation", "cp", "--python-version", python]
        command += [word for tag in tags for word in ("--platform", tag)]
        command += ["--target", folder, "--report", f"{folder}/report.json", *wanted]
        if subprocess.run(command, capture_output=True, check=False).returncode:  # noqa: S603 - pip, with what stands above
            return None
        report = json.loads(Path(folder, "report.json").read_text("utf-8"))
    return {canonicalize_name(one["metadata"]["name"]): _wheel(one["download_info"]) for one in report["install"]}


def _wheel(download: dict[str, Any]) -> Wheel:
    return Wheel(download["archive_info"]["hashes"]["sha256"], download["url"].endswith("-none-any.whl"))


def main() -> None:
    """Ask about each Python on each kind of machine, and write the file.

    A wheel that fits all machines is asked for once in each system.
    """
    versions = pins()
    hashes: dict[str, set[str]] = {}
    systems: dict[str, set[str]] = {}
    missing: list[str] = []
    fit_all: dict[str, dict[str, Wheel]] = {system: {} for system in SYSTEMS}
    for system, tags in platforms():
        for python in PYTHONS:
            names = needed(system, python)
            if unpinned := sorted(names - versions.keys()):
                sys.exit(f"constraints.txt has no pin for what {system} needs: {', '.join(unpinned)}.")
            found = fit_all[system] | chosen(names - fit_all[system].keys(), versions, python, tags)
            fit_all[system] |= {name: wheel for name, wheel in found.items() if wheel.fits_all}
            for name in names:
                systems.setdefault(name, set()).add(system)
                hashes.setdefault(name, set()).update({found[name].digest} if name in found else ())
            missing += [f"{name} for {tags[0]}, Python {python}" for name in sorted(names - found.keys())]
            sys.stderr.write(f"{tags[0]}, Python {python}: {len(found)} of {len(names)}\n")
    text = HEAD.format(pythons=f"{PYTHONS[0]} to {PYTHONS[-1]}")
    text += "".join(f"# No wheel: {one}.\n" for one in missing)
    FILE.write_text(
        text + "".join(_lines(name, versions[name], hashes[name], systems[name]) for name in sorted(hashes))
    )


def _lines(name: str, version: str, hashes: Iterable[str], systems: set[str]) -> str:
    only = " or ".join(f'sys_platform == "{one}"' for one in sorted(systems)) if systems != set(SYSTEMS) else ""
    lines = [
        f"{name}=={version}{f' ; {only}' if only else ''}",
        *(f"    --hash=sha256:{one}" for one in sorted(hashes)),
    ]
    return " \\\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
