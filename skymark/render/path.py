"""The lesson's path: its stops in order, how far each is, and what was found there."""

from typing import Final

from skymark.evidence import Struct
from skymark.outcome import MET, ChainLink, Outcome
from skymark.result import Criterion, Result

LABEL: Final = {
    "account": "Account",
    "bucket": "Bucket",
    "role": "Role",
    "instance": "Notebook instance",
    "notebook": "Notebook",
    "job": "Training job",
    "model": "Model",
    "endpoint": "Endpoint",
    "teardown": "Clean up",
}
"""What a stop is called, by its key."""
KEY: Final = {"training": "job", "training.output": "model"}
"""By a criterion's id, or the topic before its dot, the stop that it is about, where that is called otherwise."""
WORST: Final = (Outcome.FAILED, Outcome.UNVERIFIED, Outcome.PENDING, Outcome.BLOCKED)
"""What a stop is like that has one criterion of these, the first that there is."""


class Stop(Struct, frozen=True):
    """One stop: its criteria, and the things that were found there.

    `is_looked_for` tells whether there is something to be found at all.
    """

    label: str
    criteria: tuple[Criterion, ...]
    found: tuple[ChainLink, ...]
    is_looked_for: bool

    @property
    def outcome(self) -> Outcome:
        """How it stands, by the worst of its criteria: advice counts only where there is nothing else."""
        outcomes = {one.outcome for one in self._counting}
        if outcomes <= {*MET}:
            return Outcome.PASSED if Outcome.PASSED in outcomes else Outcome.WAIVED
        worst = next(one for one in WORST if one in outcomes)
        return Outcome.PENDING if worst is Outcome.BLOCKED and self.done else worst

    @property
    def done(self) -> int:
        """How many of its criteria are done."""
        return sum(one.outcome in MET for one in self._counting)

    @property
    def asked(self) -> int:
        """How many criteria it has."""
        return len(self._counting)

    @property
    def open(self) -> Criterion:
        """The criterion to look at: the first that is not done, else the first."""
        return next((one for one in self._counting if one.outcome not in MET), self._counting[0])

    @property
    def _counting(self) -> tuple[Criterion, ...]:
        return tuple(one for one in self.criteria if one.possible > 0) or self.criteria


def path(result: Result) -> tuple[Stop, ...]:
    """The stops in the order of the criteria; what was found and has no criteria is at none.

    Criteria of one topic are one stop. It is called as the lesson's things are, else as its stage, if that has no
    other topic, else as its topic.
    """
    stops: dict[str, list[Criterion]] = {}
    stages: dict[str, set[str]] = {}
    for one in result.criteria:
        key = _key(one.id)
        stops.setdefault(key, []).append(one)
        stages.setdefault(one.stage, set()).add(key)
    return tuple(
        Stop(
            LABEL.get(key) or _named(key, criteria[0].stage, stages),
            tuple(criteria),
            tuple(link for link in result.chain if link.kind == key),
            key in LABEL and key not in ("account", "notebook", "teardown"),
        )
        for key, criteria in stops.items()
    )


def noun(kind: str) -> str:
    """`Notebook instance` for `notebook-instance`."""
    words = kind.replace("-", " ")
    return words[:1].upper() + words[1:]


def _key(id: str) -> str:
    """The stop that a criterion is about."""
    topic = id.partition(".")[0]
    return KEY.get(id) or KEY.get(topic) or topic


def _named(key: str, stage: str, stages: dict[str, set[str]]) -> str:
    return stage if stage and stages[stage] == {key} else noun(key)
