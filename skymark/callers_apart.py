"""One student's part of an account that several share: what CloudTrail says that they made.

Code in a notebook acts in a role, so what it made is whoever's whose notebook instances alone use that role.
Source: CloudTrail user guide, "CloudTrail userIdentity element".
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from skymark.caller import ROLE, mark_of, role_mark
from skymark.cause import NOT_TOLD
from skymark.evidence import Event, Gap, Struct, Survey
from skymark.lives import ABOUT, Life, lives

ADVICE: Final = "CloudTrail does not tell which student made this. An assistant can decide it."
LISTED_BY: Final = {
    "CreateNotebookInstance": ("sagemaker", "ListNotebookInstances"),
    "CreateTrainingJob": ("sagemaker", "ListTrainingJobs"),
    "CreateEndpoint": ("sagemaker", "ListEndpoints"),
    "CreateBucket": ("s3", "ListBuckets"),
    "CreateApp": ("sagemaker", "ListApps"),
    "CreateCluster": ("sagemaker", "ListClusters"),
    "CreateMlflowTrackingServer": ("sagemaker", "ListMlflowTrackingServers"),
    "CreateMonitoringSchedule": ("sagemaker", "ListMonitoringSchedules"),
}
"""By the call that makes a thing, the one whose answer cannot be believed where nobody tells whose the thing is."""
BY_TYPE: Final = {"cluster": "CreateCluster", "mlflow-tracking-server": "CreateMlflowTrackingServer"}
OTHERS: Final = ("sagemaker", "ListProcessingJobs")
"""The call that stands for what else bills, and of which no event is read."""

Place = tuple[str, str, str]
"""What made it, its region, its name."""


class _Parts(Struct, frozen=True):
    """Whose everything is: `mine`, and what nobody tells."""

    mine: frozenset[Life]
    untold: tuple[Life, ...]

    def has(self, making: str, region: str | None, name: str) -> bool:
        """Whether one of this name is mine, there or gone."""
        return (making, region or "", name) in {(one.making, one.region, one.name) for one in self.mine}

    def has_there(self, making: str, region: str | None, name: str) -> bool:
        """Whether the one that is there now is mine."""
        return any(
            (one.making, one.region, one.name) == (making, region or "", name) for one in self.mine if one.is_there
        )


def of_caller(survey: Survey, caller: str) -> Survey:
    """The survey with only what the user or session of this name made.

    What nobody can be said to have made is left out, and is a gap: its absence proves nothing. So is everything where
    CloudTrail shows nothing by this caller at all, whose name may be another one.
    """
    mark = mark_of(survey.identity.account, caller)
    parts = _parts(survey, mark)
    is_seen = any(event.by == mark for event in survey.events)
    return replace(
        survey,
        gaps=(*survey.gaps, *(_gaps(survey, parts) if is_seen else _all_gaps(caller))),
        history=survey.history if is_seen else (),
        notebook_instances=tuple(
            one for one in survey.notebook_instances if parts.has_there("CreateNotebookInstance", one.region, one.name)
        ),
        training_jobs=tuple(
            one for one in survey.training_jobs if parts.has_there("CreateTrainingJob", one.region, one.name)
        ),
        endpoints=tuple(one for one in survey.endpoints if parts.has_there("CreateEndpoint", one.region, one.name)),
        apps=tuple(one for one in survey.apps if parts.has_there("CreateApp", one.region, one.path)),
        buckets=tuple(one for one in survey.buckets if parts.has_there("CreateBucket", one.region, one.name)),
        resources=tuple(
            one for one in survey.resources if parts.has_there(BY_TYPE.get(one.type, ""), one.region, one.id)
        ),
        jupyter_logs=tuple(
            one for one in survey.jupyter_logs if parts.has("CreateNotebookInstance", one.region, one.instance)
        ),
        endpoint_logs=tuple(
            one for one in survey.endpoint_logs if parts.has("CreateEndpoint", one.region, one.endpoint)
        ),
        training_logs=tuple(one for one in survey.training_logs if parts.has("CreateTrainingJob", one.region, one.job)),
        invocations=tuple(one for one in survey.invocations if parts.has("CreateEndpoint", one.region, one.endpoint)),
        endpoint_metrics=tuple(
            one for one in survey.endpoint_metrics if parts.has("CreateEndpoint", one.region, one.endpoint)
        ),
        events=tuple(_events(survey, parts, mark)),
    )


def _parts(survey: Survey, mark: str) -> _Parts:
    found = lives(survey)
    owner_of = _owners(survey, found)
    owners = [(life, owner_of(_made_by(life))) for life in found]
    mine = frozenset(life for life, owner in owners if owner == mark)
    return _Parts(mine, tuple(life for life, owner in owners if owner is None))


def _made_by(life: Life) -> str | None:
    return next((event.by for event in life.events if event.name == life.making), None)


def _owners(survey: Survey, found: Iterable[Life]) -> Callable[[str | None], str | None]:
    """From the mark of a caller to that of the person behind it, None where that is not told."""
    users: dict[str, set[str | None]] = {}
    for role, maker in _role_users(survey, found):
        users.setdefault(role_mark(role), set()).add(maker)
    people: Mapping[str, str | None] = {
        role: next(iter(makers)) if len(makers) == 1 else None for role, makers in users.items()
    }

    def owner_of(by: str | None) -> str | None:
        return people.get(by) if by is not None and by.startswith(ROLE) else by

    return owner_of


def _role_users(survey: Survey, found: Iterable[Life]) -> Iterator[tuple[str, str | None]]:
    """Each role of a notebook instance, there or gone, and who made the instance."""
    there = {(one.region, one.name): one.role_arn for one in survey.notebook_instances}
    for life in found:
        if life.making == "CreateNotebookInstance":
            arns = {event.role_arn for event in life.events}
            arns |= {there.get((life.region, life.name))} if life.is_there else set()
            yield from ((arn.rpartition("/")[2], _made_by(life)) for arn in arns if arn)


def _gaps(survey: Survey, parts: _Parts) -> Iterator[Gap]:
    places = dict.fromkeys((*LISTED_BY[one.making], one.region or None) for one in parts.untold)
    for service, call, region in places:
        yield Gap(service, call, region, NOT_TOLD, ADVICE)
    if any(one.type not in BY_TYPE and one.type != "monitoring-schedule" for one in survey.resources):
        yield Gap(*OTHERS, None, NOT_TOLD, ADVICE)


def _all_gaps(caller: str) -> Iterator[Gap]:
    advice = f'CloudTrail shows nothing that "{caller}" did. Check the roster\'s column caller, or decide by hand.'
    for service, call in (*LISTED_BY.values(), OTHERS):
        yield Gap(service, call, None, NOT_TOLD, advice)


def _events(survey: Survey, parts: _Parts, mark: str) -> Iterator[Event]:
    """Mine, those about what is mine, and those about what belongs to nobody, such as roles and models."""
    mine = {event for life in parts.mine for event in (*life.events, *life.refused)}
    theirs = {event for life in lives(survey) for event in (*life.events, *life.refused)} - mine
    for one in survey.events:
        is_refused_making = one.error is not None and one.name in ABOUT
        if one not in theirs and (not is_refused_making or one.by in (None, mark)):
            yield one
