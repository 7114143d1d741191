"""An account of the practice cloud that is watched, and a clock that moves when somebody rests."""

from collections import Counter
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from simulator.account import SimulatedAccount
from simulator.pytest_fixtures import practice_account, practice_clock, practice_cloud  # noqa: F401 - fixtures
from skymark.evidence import CallMade
from skymark.lesson import Lesson
from skymark.rubric import Rubric
from skymark.rubric_file import load_rubric
from skymark.survey.clients import Asking
from skymark.watch.account import Account

REGIONS = ("us-east-1", "us-west-2")


class HandSetClock:
    """Seconds that pass when somebody rests, and only then; each rest may have something done meanwhile."""

    def __init__(self) -> None:
        self.now = 0.0
        self.meanwhile: list[Callable[[], object]] = []

    def __call__(self) -> float:
        return self.now

    def rest(self, seconds: float) -> None:
        """Let time pass, and whatever is planned next be done."""
        self.now += seconds
        if self.meanwhile:
            self.meanwhile.pop(0)()


@pytest.fixture
def clock() -> HandSetClock:
    """It stands at 0."""
    return HandSetClock()


@pytest.fixture
def rubric() -> Rubric:
    """The lesson's own, in two regions: a look is quicker."""
    return replace(load_rubric(Lesson.at(None), "sagemaker-intro"), regions=REGIONS)


@pytest.fixture
def watched(
    practice_account: SimulatedAccount,  # noqa: F811 - the fixture
    rubric: Rubric,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Account]:
    """Begin to watch the account with the student's own keys."""
    cloud = practice_account.server
    for name, value in cloud.environment(cloud.credentials(practice_account.number)).items():
        monkeypatch.setenv(name, value)
    return lambda **more: Account(Lesson.at(None), rubric, warn=pytest.fail, **more)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[str, str | None]]:
    """How often each call was made in each region."""
    made: Counter[tuple[str, str | None]] = Counter()
    note = Asking.note

    def counted(self: Asking, call: CallMade) -> None:
        made[f"{call.service}:{call.call}", call.region] += 1
        note(self, call)

    monkeypatch.setattr(Asking, "note", counted)
    return made
