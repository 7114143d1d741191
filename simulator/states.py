"""The state of everything in SageMaker that has one, and what has changed in it since the last look."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from botocore import xform_name
from moto.sagemaker.models import sagemaker_backends

from simulator.clock import clock
from simulator.sagemaker.kept import KeptThings

GONE = "gone"
# moto's collections, by the AWS CLI's noun, with the attribute that holds the state.
_KINDS = {
    "notebook-instance": ("notebook_instances", "status"),
    "training-job": ("training_jobs", "secondary_status"),
    "hyper-parameter-tuning-job": ("hyper_parameter_tuning_jobs", "hyper_parameter_tuning_job_status"),
    "endpoint": ("endpoints", "endpoint_status"),
}


@dataclass(frozen=True, slots=True, order=True)
class Thing:
    """Something with a state: where it is and what it is called."""

    account: str
    region: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Change:
    """Something was in one state, and is in another; `before` is None for what is new."""

    thing: Thing
    before: str | None
    after: str

    def __str__(self) -> str:
        what = f"{self.thing.region}  {self.thing.kind} {self.thing.name}"
        return f"{what}: {self.before} → {self.after}" if self.before else f"{what}: {self.after}"


class Watch:
    """Tells of each change of state, as the clock lets it happen."""

    def __init__(self, tell: Callable[[Change], None]) -> None:
        self._tell = tell
        self._before = states()

    def look(self) -> None:
        """Tell what has changed since the last look."""
        now = states()
        for change in changes(self._before, now):
            self._tell(change)
        self._before = now


@contextmanager
def watched(tell: Callable[[Change], None]) -> Iterator[None]:
    """Meanwhile tell of each change of state, the last ones included."""
    watch = Watch(tell)
    with clock.observed(watch.look):
        yield
    watch.look()


def states() -> dict[Thing, str]:
    """The state of everything, in every account and region."""
    found: dict[Thing, str] = {}
    for account, regions in list(sagemaker_backends.items()):
        for region, backend in list(regions.items()):
            for kind, (collection, attribute) in _KINDS.items():
                for name, record in list(getattr(backend, collection).items()):
                    found[Thing(account, region, kind, name)] = getattr(record, attribute)
            if isinstance(backend, KeptThings):
                for one in backend.all_kept():
                    found[Thing(account, region, xform_name(one.kind.noun, "-"), one.name)] = one.status
    return found


def changes(before: Mapping[Thing, str], after: Mapping[Thing, str]) -> list[Change]:
    """What is new, different or gone, in the order of the things."""
    moved = [thing for thing in before.keys() | after.keys() if before.get(thing) != after.get(thing)]
    return [Change(thing, before.get(thing), after.get(thing, GONE)) for thing in sorted(moved)]
