"""Faults by services: an account is looked into and judged while something in between breaks one service's calls."""

import contextlib
import datetime as dt
import math
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTime
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import botocore.endpoint
import botocore.loaders
import botocore.session

from simulator.account import SimulatedAccount
from simulator.call import Call
from simulator.clock import clock
from simulator.server import PracticeServer
from simulator.students.steps import follow, tear_down
from skymark.errors import CredentialsError
from skymark.evidence import Survey
from skymark.judge import judge
from skymark.lesson import Lesson
from skymark.outcome import Outcome
from skymark.rubric_file import load_rubric
from skymark.samples import read_samples
from skymark.survey import clients, history
from skymark.survey.calls import CALLS
from skymark.survey.connection import Connection, connect, identify
from skymark.survey.sweep import take_survey
from tests.between import Answer, Answers, Between, Fault, between
from tests.faults.kinds import KINDS, Kind, forbidden, refusing

ROOT = Path(__file__).parents[2]
NUMBER = "123456789012"
REGIONS = ("us-east-1",)
SERVICES = tuple(sorted({call.service for call in CALLS}))
# Where one service answers, another is not asked.
BESIDE: Mapping[str, tuple[str, str]] = {
    "account": ("ec2", "DescribeRegions"),
    "s3control": ("s3", "GetPublicAccessBlock"),
}
PATIENCE = 2  # requests for one call
SILENCE_S = 2
LIMIT_S = 60

NO_START = "no start"
NOT_ASKED = "-"

Outcomes = dict[str, str]


@dataclass(frozen=True)
class State:
    """What the student has done, and whether it is graded for good."""

    name: str
    steps: tuple[Callable[[SimulatedAccount], object], ...]
    final: bool


STATES = (
    State("The lesson is done, the endpoint in service", (follow,), final=False),
    State("Torn down, with `--final`", (follow, tear_down), final=True),
)
NOTHING_DONE = State("Nothing is done", (), final=True)


class Broken(Exception):
    """A survey or a judgement that did not end as it should."""


class Walk:
    """One account in one state, looked at through something in between."""

    def __init__(self, cloud: PracticeServer, way: Between, state: State) -> None:
        self.way = way
        self.state = state
        cloud.reset()
        clock.stand(dt.datetime.now(dt.UTC) - dt.timedelta(minutes=30))
        self.account = SimulatedAccount(cloud, NUMBER)
        for step in state.steps:
            step(self.account)
        self.lesson = Lesson(ROOT)
        self.rubric = load_rubric(self.lesson, "sagemaker-intro")
        self.samples = read_samples(self.lesson.root / str(self.rubric.survey.samples))
        os.environ.update(cloud.environment(cloud.credentials(NUMBER)) | {"AWS_ENDPOINT_URL": way.url})
        self.connection = connect()
        self.kept: dict[tuple[Any, ...], Answer] | None = {}

    def look(self, *faults: Fault, regions: tuple[str, ...] | None = REGIONS) -> Survey:
        """The survey while these go wrong.

        Raises:
            CredentialsError: it could not start.
            Broken: it did not end in time.
        """
        self.way.answers.__dict__.update(Answers(faults=faults, kept=self.kept).__dict__)
        with ThreadPoolExecutor(1) as one:
            future = one.submit(self._take, self.connection, regions)
            try:
                return future.result(LIMIT_S)
            except NotInTime as error:
                raise Broken(f"not over after {LIMIT_S} s") from error
            finally:
                self.way.answers.over.set()

    def cells(self, service: str, kinds: Sequence[Kind] = KINDS) -> dict[str, str]:
        """By the kind of fault that breaks every call to a service: how many criteria it leaves unverified.

        Raises:
            Broken: a look did not end in time, or something was judged otherwise than without the fault.
        """
        before = self.outcomes(self.look(*beside(service)))
        return {kind.name: self._cell(service, kind, before) for kind in kinds}

    def _cell(self, service: str, kind: Kind, before: Outcomes) -> str:
        fault = Fault(kind.does, of_service(service))
        try:
            now = self.outcomes(self.look(*beside(service), fault))
        except CredentialsError:
            return NO_START
        if wrong := wrongly(before, now):
            raise Broken(f"{service}, {kind.name}: {wrong}")
        return str(len(unverified(before, now))) if fault.met else NOT_ASKED

    def _take(self, connection: Connection, regions: tuple[str, ...] | None) -> Survey:
        identity = identify(connection)
        return take_survey(connection, identity, self.rubric.survey, self.samples, regions)

    def outcomes(self, survey: Survey) -> Outcomes:
        """How each criterion is judged."""
        verdicts = judge(survey, self.rubric, self.lesson, final=self.state.final).verdicts
        return {one.id: str(one.outcome) for one in verdicts}


def beside(service: str) -> tuple[Fault, ...]:
    """What has to be refused for a service to be asked at all."""
    if service not in BESIDE:
        return ()
    other, operation = BESIDE[service]
    denied = refusing(403, forbidden, "not authorized to perform: {0}:{1}")
    return (Fault(denied, lambda call: (call.service, call.operation) == (other, operation)),)


def of_service(service: str) -> Callable[[Call], bool]:
    """Calls of this service."""
    return lambda call: call.service == service


def wrongly(before: Outcomes, now: Outcomes) -> Outcomes:
    """The criteria that are neither as they were nor unverified."""
    return {id: now[id] for id in before if now[id] not in (before[id], str(Outcome.UNVERIFIED))}


def unverified(before: Outcomes, now: Outcomes) -> tuple[str, ...]:
    """The criteria that the fault left unverified."""
    return tuple(id for id in before if now[id] != before[id])


@contextlib.contextmanager
def practising() -> Iterator[tuple[PracticeServer, Between]]:
    """A practice cloud, something in between, and clients that lose patience soon."""
    with contextlib.ExitStack() as stack:
        cloud = stack.enter_context(PracticeServer())
        way = stack.enter_context(between(cloud.url))
        stack.enter_context(mock.patch.dict(os.environ))
        loader = botocore.loaders.create_loader()
        for target, name, value in (
            (botocore.session, "create_loader", lambda search_path_string=None: loader),
            (botocore.endpoint, "time", SimpleNamespace(sleep=lambda _: None, time=time.time)),
            (clients, "READ_TIMEOUT_S", SILENCE_S),
            (clients, "ANSWER_S", SILENCE_S),
            (history, "BETWEEN_CALLS_S", 0),
        ):
            stack.enter_context(mock.patch.object(target, name, value))
        stack.enter_context(mock.patch.dict(Connection.client.__kwdefaults__, attempts=PATIENCE))
        stack.callback(clock.run, math.inf)
        yield cloud, way
