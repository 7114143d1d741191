"""Whatever SageMaker keeps besides the lesson's own things: made, changed, stopped and deleted as `kinds` says."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from moto.core.resource_tagging import TaggedResource
from moto.sagemaker.utils import arn_formatter

from simulator.clock import clock
from simulator.failing import failure_on_demand
from simulator.sagemaker import shown
from simulator.sagemaker.course import Course
from simulator.sagemaker.endpoints import Endpoints
from simulator.sagemaker.kinds import OPERATIONS, Act, KeptKind, Path, Words
from simulator.sagemaker.listing import page
from simulator.sagemaker.refusals import ValidationError
from simulator.sagemaker.roles import demand_role
from simulator.staying import stays_in

_RUNNING = ("INPROGRESS", "IN_PROGRESS")
_ENDED = ("COMPLETED", "FAILED", "STOPPED")
# Other names of what `listing` knows, and filters that do not end in `Equals`.
_FILTERS = {"CreatedAfter": "CreationTimeAfter", "CreatedBefore": "CreationTimeBefore"}
_ORDERS = {
    "CREATION_TIME": "CreationTime",
    "LAST_MODIFIED_TIME": "LastModifiedTime",
    "NAME": "Name",
    "IMAGE_NAME": "Name",
    "TrainingPlanName": "Name",
    "FeatureGroupStatus": "Status",
}
_EXACT = ("EndpointName", "MlflowVersion", "AccountDefaultStatus", "MonitoringJobDefinitionName")


class Kept:
    """One thing; `asked` are the parameters that it was made with."""

    def __init__(self, kind: KeptKind, asked: Mapping[str, Any], arn: str) -> None:
        self.kind, self.asked, self.arn = kind, dict(asked), arn
        self.name: str = asked[kind.name_field]
        self.tags = list(asked.get("Tags") or [])
        self.status = ""
        self.failure_reason: str | None = None
        self.created_at = self.modified_at = clock.utcnow()
        self.started_at: dt.datetime | None = None
        self.ended_at: dt.datetime | None = None
        self.course = Course()

    @property
    def is_there(self) -> bool:
        """Whether it is not only listed on."""
        return self.status != self.kind.gone

    @property
    def is_busy(self) -> bool:
        """Whether it is at work, or on its way."""
        return self.status in self.kind.busy

    def enter(self, status: str) -> None:
        """Be in this state from now on."""
        self.status, self.modified_at = status, clock.utcnow()
        if status.upper() in _RUNNING and self.started_at is None:
            self.started_at = self.modified_at
        if status.upper() in _ENDED:
            self.ended_at = self.modified_at
        if status == self.kind.failed:
            self.failure_reason = failure_on_demand(self.tags)

    def follow(self, path: Path, then: Callable[[], None] | None = None) -> None:
        """Go through these states from now on, then do this; a state to stay in is the last."""
        if not path:
            if then is not None:
                then()
            return
        (status, seconds), *rest = path
        self.enter(status)
        self.course.end()
        if not stays_in(self.tags, status) and (rest or then is not None):
            self.course.go((seconds, lambda: self.follow(tuple(rest), then)))

    def described(self) -> dict[str, Any]:
        """What is told of it, more than any one call tells: the answer has what AWS's description of it has."""
        given = {name: value for name, value in self.asked.items() if name != "Tags"}
        word = self.kind.noun.removesuffix("Job")
        state = {
            self.kind.arn_field: self.arn,
            self.kind.status_field: self.status,
            "CreationTime": self.created_at,
            "LastModifiedTime": self.modified_at,
            "FailureReason": self.failure_reason,
            f"{word}StartTime": self.started_at,
            f"{word}EndTime": self.ended_at,
            "EndTime": self.ended_at,
            "CompletionTime": self.ended_at,
        }
        told = {name: value for name, value in state.items() if value is not None}
        whole = {**self.kind.defaults, **given, **told}
        return whole | shown.more(self.kind.noun, whole)


class KeptThings(Endpoints):
    """What an account has of all these kinds in a region."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.kept: dict[str, dict[str, Kept]] = {}

    def answer(self, operation: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to one of `kinds.OPERATIONS`."""
        act, kind = OPERATIONS[operation]
        answers: dict[Act, Callable[[KeptKind, Mapping[str, Any]], dict[str, Any]]] = {
            "Create": self._create,
            "Describe": self._describe,
            "List": self._list,
            "Update": self._update,
            "Start": self._start,
            "Stop": self._stop,
            "Delete": self._delete,
        }
        return answers[act](kind, asked)

    def find_kept(self, kind: KeptKind, asked: Mapping[str, Any]) -> Kept:
        """The thing that is asked for by its name, or its ARN."""
        wanted = asked[kind.key]
        for thing in self._all(kind):
            if wanted in (thing.name, thing.arn) and thing.is_there:
                return thing
        arn = wanted if wanted.startswith("arn:") else self._kept_arn(kind, wanted)
        raise _refusal(kind.unknown, kind, wanted, arn)

    def all_kept(self) -> list[Kept]:
        """Everything of all these kinds."""
        return [thing for things in list(self.kept.values()) for thing in list(things.values())]

    def delete_endpoint(self, endpoint_name: str) -> None:
        """DeleteEndpoint: not while there are inference components on it."""
        on_it = [one for one in self.kept.get("InferenceComponent", {}).values() if _is_on(one, endpoint_name)]
        if on_it:
            arn = self._endpoint(endpoint_name).arn
            raise ValidationError(f'Cannot delete endpoint "{arn}" that has inference components.')
        super().delete_endpoint(endpoint_name)

    # -- the calls ----------------------------------------------------------------------------------------------

    def _create(self, kind: KeptKind, asked: Mapping[str, Any]) -> dict[str, Any]:
        name = asked[kind.name_field]
        arn, there = self._kept_arn(kind, name), self.kept.get(kind.noun, {}).get(name)
        if there is not None and there.is_there:
            raise _refusal(kind.taken, kind, name, arn)
        self._demand(kind, asked, arn)
        thing = Kept(kind, asked, arn)
        self.kept.setdefault(kind.noun, {})[name] = thing
        fails = failure_on_demand(thing.tags)
        thing.follow((*kind.born[:-1], (kind.failed, 0)) if fails else kind.born)
        return {kind.arn_field: arn}

    def _describe(self, kind: KeptKind, asked: Mapping[str, Any]) -> dict[str, Any]:
        return self.find_kept(kind, asked).described()

    def _list(self, kind: KeptKind, asked: Mapping[str, Any]) -> dict[str, Any]:
        exact = {name.removesuffix("Equals"): value for name, value in asked.items() if _is_exact(kind, name)}
        rows = [thing.described() for thing in self._all(kind)]
        wanted = [row for row in rows if all(row.get(name) == value for name, value in exact.items())]
        return page(kind.listed, wanted, _usual(kind, asked))

    def _update(self, kind: KeptKind, asked: Mapping[str, Any]) -> dict[str, Any]:
        thing = self._idle(kind, asked, "update")
        thing.asked.update({name: value for name, value in asked.items() if name != kind.key})
        thing.follow(kind.updated)
        return {kind.arn_field: thing.arn}

    def _start(self, kind: KeptKind, asked: Mapping[str, Any]) -> dict[str, Any]:
        thing = self._idle(kind, asked, "start")
        thing.follow(kind.started)
        return {kind.arn_field: thing.arn}

    def _stop(self, kind: KeptKind, asked: Mapping[str, Any]) -> dict[str, Any]:
        thing = self.find_kept(kind, asked) if kind.is_job else self._idle(kind, asked, "stop")
        if kind.is_job and not thing.is_busy:
            raise ValidationError(f"The request was rejected because the job is in status {thing.status}.")
        thing.follow(kind.stopped)
        return {kind.arn_field: thing.arn}

    def _delete(self, kind: KeptKind, asked: Mapping[str, Any]) -> dict[str, Any]:
        thing = self._idle(kind, asked, "delete")
        thing.follow(kind.deleted, lambda: self._forget_kept(thing))
        return {kind.arn_field: thing.arn}

    # -- what is refused ----------------------------------------------------------------------------------------

    def _idle(self, kind: KeptKind, asked: Mapping[str, Any], act: str) -> Kept:
        """The thing, which is neither at work nor being deleted."""
        thing = self.find_kept(kind, asked)
        if thing.is_busy or thing.status.upper() == "DELETING":
            raise kind.at_work(f"Cannot {act} {kind.noun} {thing.arn}: it is in status {thing.status}.")
        return thing

    def _demand(self, kind: KeptKind, asked: Mapping[str, Any], arn: str) -> None:
        """What it is made of must be there."""
        role = asked.get("RoleArn") or asked.get("ExecutionRoleArn")
        if role:
            demand_role(role, self.account_id, arn)
        if kind.noun == "TransformJob":
            self.describe_model(asked["ModelName"])
        if kind.noun == "InferenceComponent":
            self._endpoint(asked["EndpointName"])

    # -- where they are -----------------------------------------------------------------------------------------

    def _all(self, kind: KeptKind) -> list[Kept]:
        return list(self.kept.get(kind.noun, {}).values())

    def _forget_kept(self, thing: Kept) -> None:
        if thing.kind.gone is None:
            del self.kept[thing.kind.noun][thing.name]
        else:
            thing.enter(thing.kind.gone)

    def _kept_arn(self, kind: KeptKind, name: str) -> str:
        return arn_formatter(kind.arn_type, kind.ids(name), self.account_id, self.region_name)

    def _get_resource_from_arn(self, arn: str) -> Any:
        """What AddTags, ListTags and DeleteTags are about."""
        for thing in self.all_kept():
            if thing.arn == arn:
                return thing
        return super()._get_resource_from_arn(arn)

    def iter_tagged_resources(self) -> Iterator[TaggedResource]:
        """What the resource groups' tagging API tells of."""
        yield from super().iter_tagged_resources()
        for thing in self.all_kept():
            tags = {tag["Key"]: tag["Value"] for tag in thing.tags}
            yield TaggedResource(arn=thing.arn, tags=tags, resource_type=f"sagemaker:{thing.kind.arn_type}")


def _refusal(words: Words, kind: KeptKind, name: str, arn: str) -> Exception:
    make, text = words
    return make(text.format(noun=kind.noun, name=name, arn=arn))


def _is_on(component: Kept, endpoint: str) -> bool:
    return bool(component.asked["EndpointName"] == endpoint)


def _is_exact(kind: KeptKind, name: str) -> bool:
    """Whether it filters by one value of a field; a filter by state is `listing`'s."""
    status = ("StatusEquals", f"{kind.status_field}Equals")
    return name in _EXACT or (name.endswith("Equals") and name not in status)


def _usual(kind: KeptKind, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a list by the names that most lists have."""
    status = {kind.status_field: "StatusEquals", f"{kind.status_field}Equals": "StatusEquals"}
    usual = {(_FILTERS | status).get(name, name): value for name, value in asked.items()}
    if "SortBy" in usual:
        usual["SortBy"] = _ORDERS.get(usual["SortBy"], usual["SortBy"])
    if "SortOrder" in usual:
        usual["SortOrder"] = usual["SortOrder"].capitalize()
    return usual
