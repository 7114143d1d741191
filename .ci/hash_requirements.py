"""Writes requirements.txt: what a plain install of Skymark needs, each release with the hashes of its wheels.

python .ci/hash_requirements.py

To be run where Skymark is installed, after constraints.txt has changed. Whatever index pip is set up
to ask is asked, through pip itself (its own parts, which are not public: of pip 23.2); nothing is downloaded.
"""

import re
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from pip._internal.commands.install import InstallCommand
from pip._internal.index.collector import parse_links
from pip._internal.models.link import Link

ROOT: Final = Path(__file__).parents[1]
FILE: Final = ROOT / "requirements.txt"
PYTHONS: Final = ("3.11", "3.12", "3.13")
SYSTEMS: Final = {
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    "darwin": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    "win32": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
}
"""What markers may ask, by system."""
HEAD: Final = """\
# What a plain install of Skymark needs, each with the SHA-256 of all its wheels that CPython {pythons} may take,
# on Linux, macOS and Windows, on any kind of machine. No address: any index can serve them.
#     pip install --require-hashes --only-binary :all: -r requirements.txt
#     pip install --no-deps skymark-*.whl
# Written by .ci/hash_requirements.py; the versions are those of constraints.txt.
"""


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


def wheels(name: str, version: str, index: InstallCommand) -> dict[str, str]:
    """The SHA-256 of each wheel of a release that one of these Pythons may take, by the wheel's name."""
    options, _ = index.parse_args([])
    finder = index._build_package_finder(options, index.get_default_session(options))
    collector = finder._link_collector
    pages = (collector.fetch_response(Link(one)) for one in finder.search_scope.get_index_urls_locations(name))
    links = (link for page in pages if page for link in parse_links(page))
    return {
        link.filename: link.hash
        for link in links
        if link.is_wheel and link.hash_name == "sha256" and link.hash and _fits(link.filename, version)
    }


def _fits(file: str, version: str) -> bool:
    try:
        _, of, _, tags = parse_wheel_filename(file)
    except InvalidWheelFilename:  # as some were called long ago
        return False
    return str(of) == version and any(_is_taken(one.interpreter, one.abi) for one in tags)


def _is_taken(interpreter: str, abi: str) -> bool:
    own = {f"cp{python.replace('.', '')}" for python in PYTHONS}
    minor = re.fullmatch(r"cp3(\d+)", interpreter)
    is_stable = abi in ("abi3", "none") and minor is not None and int(minor[1]) <= int(PYTHONS[-1].split(".")[1])
    return interpreter == "py3" or (interpreter in own and abi == interpreter) or is_stable


def main() -> None:
    """Ask the index about each release, and write the file."""
    versions = pins()
    names = {system: frozenset().union(*(needed(system, python) for python in PYTHONS)) for system in SYSTEMS}
    everything = sorted(frozenset().union(*names.values()))
    index = InstallCommand("install", "")
    entries = []
    with index.main_context():
        for name in everything:
            found = wheels(name, versions[name], index)
            if not found:
                sys.exit(f"{name}=={versions[name]}: the index tells of no wheel with its SHA-256.")
            entries.append(
                _lines(name, versions[name], set(found.values()), {one for one in names if name in names[one]})
            )
    FILE.write_text(HEAD.format(pythons=f"{PYTHONS[0]} to {PYTHONS[-1]}") + "".join(entries), "utf-8")


def _lines(name: str, version: str, hashes: Iterable[str], systems: set[str]) -> str:
    only = " or ".join(f'sys_platform == "{one}"' for one in sorted(systems)) if systems != set(SYSTEMS) else ""
    lines = [
        f"{name}=={version}{f' ; {only}' if only else ''}",
        *(f"    --hash=sha256:{one}" for one in sorted(hashes)),
    ]
    return " \\\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
