"""The practice cloud, a student's account in it, and the way from there to verdicts: over HTTP, as on AWS."""

import contextlib
import functools
import gc
from collections.abc import Callable, Iterator

import botocore.loaders
import botocore.session
import pytest

from simulator.account import SimulatedAccount
from simulator.server import Credentials, PracticeServer
from skymark.evidence import Survey
from skymark.judge import judge
from skymark.rubric_file import load_rubric
from skymark.samples import read_samples
from skymark.survey import Connection, connect, identify, take_survey

NUMBER = "123456789012"
REGIONS = ("eu-west-1", "us-east-1", "us-west-2")

# What cannot be, and why.
IMPOSSIBLE = {
    # Without a working account there is no survey: that is exit status 2.
    "account.access": {"failed", "pending", "blocked", "unverified"},
    # The first step hangs on nothing.
    "bucket.name": {"blocked"},
    "instance.name": {"blocked"},
    "training.completed": {"blocked"},
    # There, or not there and then blocked by what it hangs on: nothing in between to wait for.
    "bucket.region": {"pending"},
    "bucket.private": {"pending"},
    "role.trust": {"pending"},
    "role.scoped": {"pending"},
    "instance.type": {"pending"},
    "instance.accelerator": {"pending"},
    "instance.root_access": {"pending"},
    "instance.role": {"pending"},
    "training.output": {"pending"},
    # Advice is never a mistake, not even in the end.
    "teardown.tidy": {"failed"},
}


@pytest.fixture
def possible(lesson) -> dict[str, set[str]]:
    """The outcomes that each criterion can have; a teaching assistant's `waived` apart."""
    every = {"passed", "failed", "pending", "blocked", "unverified"}
    criteria = load_rubric(lesson, "sagemaker-intro").criteria
    return {one.id: every - IMPOSSIBLE.get(one.id, set()) for one in criteria}


@pytest.fixture(scope="session")
def cloud() -> Iterator[PracticeServer]:
    """A running practice cloud."""
    with pytest.MonkeyPatch.context() as patch:
        # Two thirds of a student's time would go into what is the same for all: moto makes its virtual machines'
        # images anew in each account, and each session of botocore reads its descriptions of AWS's services.
        patch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
        loader = botocore.loaders.create_loader()
        patch.setattr(botocore.session, "create_loader", lambda search_path_string=None: loader)
        with PracticeServer() as server, _seldom_collected():
            yield server


@contextlib.contextmanager
def _seldom_collected() -> Iterator[None]:
    """Walking through all of AWS's policies in search of garbage would take a fifth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@pytest.fixture
def anew(cloud: PracticeServer) -> Callable[[], SimulatedAccount]:
    """Make an empty account in an empty cloud. The student's keys are the same each time, so clients can be, too."""

    def make() -> SimulatedAccount:
        cloud.reset()
        cloud.tell("/moto-api/seed?a=1820", b"")
        return SimulatedAccount(cloud, NUMBER)

    return make


@pytest.fixture
def account(anew: Callable[[], SimulatedAccount]) -> SimulatedAccount:
    """An empty account in an empty cloud."""
    return anew()


@pytest.fixture(scope="session")
def connected() -> Callable[[Credentials], Connection]:
    """Connect with keys that the environment holds; once for each."""
    return functools.cache(lambda _: connect())


@pytest.fixture
def survey(cloud, lesson, connected, monkeypatch) -> Callable[..., Survey]:
    """Survey the account as its student; three regions are enough for most."""

    def look(
        regions: tuple[str, ...] | None = REGIONS, predict: bool = True, credentials: Credentials | None = None
    ) -> Survey:
        keys = credentials or cloud.credentials(NUMBER)
        for name, value in cloud.environment(keys).items():
            monkeypatch.setenv(name, value)
        plan = load_rubric(lesson, "sagemaker-intro").survey
        samples = read_samples(lesson.root / plan.samples) if predict else None
        connection = connected(keys)
        return take_survey(connection, identify(connection), plan, samples, regions)

    return look


@pytest.fixture
def judged(lesson) -> Callable[..., dict[str, str]]:
    """Judge a survey; outcomes by criterion."""

    def run(found: Survey, *, final: bool = False, rubric: str = "sagemaker-intro") -> dict[str, str]:
        verdicts = judge(found, load_rubric(lesson, rubric), lesson, final=final).verdicts
        return {verdict.id: str(verdict.outcome) for verdict in verdicts}

    return run
