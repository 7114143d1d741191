"""`grade.py doctor` as people run it, against the practice cloud or something in between."""

import itertools
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from simulator.account import SimulatedAccount
from simulator.pytest_fixtures import practice_cloud  # noqa: F401 - a fixture
from simulator.server import Credentials, PracticeServer
from tests.between import Between, between

ROOT = Path(__file__).parents[2]
NUMBERS = itertools.count(700_000_000_001)


@dataclass(frozen=True)
class Ended:
    """How it ended: the exit status, what was printed, and the diagnosis as JSON."""

    status: int
    text: str
    diagnosis: dict[str, Any]

    def states(self) -> dict[str, str]:
        """The worst state of each topic."""
        worst = ("ok", "unknown", "to-mend")
        found: dict[str, str] = {}
        for one in self.diagnosis["findings"]:
            found[one["topic"]] = max(found.get(one["topic"], "ok"), one["state"], key=worst.index)
        return found

    def of(self, topic: str) -> list[dict[str, Any]]:
        """The findings of a topic."""
        return [one for one in self.diagnosis["findings"] if one["topic"] == topic]

    def the(self, topic: str) -> dict[str, Any]:
        """The one finding of a topic."""
        (one,) = self.of(topic)
        return one


Doctor = Callable[..., Ended]


@pytest.fixture
def account(practice_cloud: PracticeServer) -> SimulatedAccount:  # noqa: F811 - the fixture
    """An empty account, new for each test."""
    return SimulatedAccount(practice_cloud, str(next(NUMBERS)))


@pytest.fixture
def way(practice_cloud: PracticeServer) -> Iterator[Between]:  # noqa: F811 - the fixture
    """Something that stands between Skymark and the practice cloud."""
    with between(practice_cloud.url) as found:
        yield found


def environment_of(account: SimulatedAccount, home: Path, keys: Credentials | None = None) -> dict[str, str]:
    """In which a command asks the practice cloud with the account's keys, at home in a folder of its own."""
    found = account.server.environment(keys or account.server.credentials(account.number))
    found = {name: value for name, value in found.items() if not name.startswith("PYTHON")}
    return found | {"HOME": str(home), "USERPROFILE": str(home), "COLUMNS": "80", "PYTHONPATH": str(ROOT)}


@pytest.fixture
def doctor(account: SimulatedAccount, tmp_path: Path) -> Doctor:
    """Run it with the account's keys and a home of its own; variables that are None are taken away."""

    def run(*options: str, keys: Credentials | None = None, **changed: str | None) -> Ended:
        wanted: dict[str, str | None] = {**environment_of(account, tmp_path, keys), **changed}
        file = tmp_path / "doctor.json"
        ended = subprocess.run(
            [sys.executable, str(ROOT / "grade.py"), "doctor", "--json", str(file), *options],
            cwd=tmp_path,
            env={name: value for name, value in wanted.items() if value is not None},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert "Traceback" not in ended.stdout + ended.stderr
        assert not (tmp_path / "reports" / "skymark.log").exists()
        return Ended(ended.returncode, ended.stdout, json.loads(file.read_text()))

    return run


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str | None]:
    """An environment without keys, in which AWS's files are those of the test's own home."""
    (tmp_path / ".aws").mkdir()
    keys = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION")
    return {
        **dict.fromkeys(keys),
        "AWS_CONFIG_FILE": str(tmp_path / ".aws" / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / ".aws" / "credentials"),
    }
