"""A student of the practice cloud: what they did, and what is the right verdict on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from simulator.account import SimulatedAccount
from simulator.server import Credentials
from simulator.students.learner_lab import keys_of
from simulator.students.verdicts import WELL, WELL_IN_THE_END, Outcomes

Kind = Literal["right", "mistake", "half-way", "bad luck"]
LEARNER_LAB = "learner-lab"


@dataclass(frozen=True, slots=True)
class Student:
    """A student.

    `name` can be part of a file's name; `story` is one line that goes on from the name. `build` is what they did,
    through AWS's API. `verdicts` are the outcomes that are not those of the lesson done well and not cleaned up yet;
    `in_the_end` the same with `--final`, None where that makes no difference. `kind` says whose doing the difference
    is; `rubric` by which rubric they are graded; `waits` whether AWS is still at work for them when they are.
    """

    name: str
    story: str
    build: Callable[[SimulatedAccount], object]
    verdicts: Outcomes = field(default_factory=dict, hash=False)
    in_the_end: Outcomes | None = field(default=None, hash=False)
    kind: Kind = "mistake"
    rubric: str = "sagemaker-intro"
    waits: bool = False

    def expected(self, *, final: bool = False) -> Mapping[str, str]:
        """The right outcome of every criterion of the lesson; some rubrics leave a few out."""
        if final:
            return dict(WELL_IN_THE_END) | dict(self.verdicts if self.in_the_end is None else self.in_the_end)
        return dict(WELL) | dict(self.verdicts)

    def keys(self, account: SimulatedAccount) -> Credentials:
        """The keys that this student has of their account."""
        return keys_of(account) if self.rubric == LEARNER_LAB else account.server.credentials(account.number)
