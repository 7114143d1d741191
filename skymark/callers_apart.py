"""One student's part of an account that several share: what CloudTrail says that they made.

Code in a notebook acts in a role, so what it made is whoever's alone used the notebook instances of that role.
Source: CloudTrail user guide, "CloudTrail userIdentity element".
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from skymark.caller import ROLE, mark_of, role_mark
from skymark.cause import NOT_TOLD
from skymark.cost.kinds import HOURLY
from skymark.evidence import EndpointConfig, Event, Gap, JupyterLog, LogLine, Model, Resource, Survey, bucket_of
from skymark.lives import ABOUT, MAKING, Life, lives, of
from skymark.refusal import is_aws_refusal

ADVICE: Final = "CloudTrail does not tell which student made this. An assistant can decide it."
USED_BY_SEVERAL: Final = "Several people opened this notebook instance. An assistant can decide it."
OF_ANOTHER: Final = "Another student made this bucket, or CloudTrail does not tell who did. An assistant can decide it."
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
OTHERS: Final = ("sagemaker", "ListProcessingJobs")
"""The call that stands for what else bills, and of which no event is read."""
REST: Final = ("sagemaker", "ListExperiments")
"""The call that stands for what bills nothing, and of which no event is read."""
LOGS: Final = ("logs", "DescribeLogStreams")
NOTEBOOK: Final = "CreateNotebookInstance"
OPENING: Final = "CreatePresignedNotebookInstanceUrl"
ENDPOINT: Final = "CreateEndpoint"
KEPT_FOR: Final = dt.timedelta(days=90)
"""How long CloudTrail keeps events: of what is older it never tells."""


@dataclass(frozen=True)
class _Parts:
    """Whose everything is: all things, there or gone, the person's by their mark, and who is behind each role."""

    found: tuple[Life, ...]
    mark: str
    people: dict[str, str | None]

    def owner(self, by: str | None) -> str | None:
        """From the mark of a caller to that of the person behind it, None where that is not told."""
        return self.people.get(by) if by is not None and by.startswith(ROLE) else by

    def maker(self, life: Life) -> str | None:
        """Who made it. Code in a notebook opens no Studio app: that is somebody in Studio, in the same role maybe."""
        by = _made_by(life)
        return None if life.making == "CreateApp" and (by or ROLE).startswith(ROLE) else self.owner(by)

    @property
    def mine(self) -> tuple[Life, ...]:
        """What the person made."""
        return tuple(one for one in self.found if self.maker(one) == self.mark)

    @property
    def untold(self) -> tuple[Life, ...]:
        """What nobody can be said to have made."""
        return tuple(one for one in self.found if self.maker(one) is None)

    def of_name(self, making: str, region: str | None, name: str) -> tuple[Life, ...]:
        """All that had this name, one after the other."""
        return tuple(one for one in self.found if (one.making, one.region, one.name) == (making, region or "", name))

    def has(self, making: str, region: str | None, name: str) -> bool:
        """Whether everything that ever had this name is mine, and there was something."""
        named = self.of_name(making, region, name)
        return bool(named) and all(self.maker(one) == self.mark for one in named)

    def has_there(self, making: str, region: str | None, name: str) -> bool:
        """Whether the one that is there now is mine."""
        return any(one.is_there and self.maker(one) == self.mark for one in self.of_name(making, region, name))


def of_caller(survey: Survey, caller: str) -> Survey:
    """The survey with only what the user or session of this name made.

    What nobody can be said to have made is left out, and is a gap: its absence proves nothing. So is everything where
    CloudTrail shows nothing by this caller at all, whose name may be another one.
    """
    mark = mark_of(survey.identity.account, caller)
    found = lives(survey)
    parts = _Parts(found, mark, _people(survey, found))
    is_seen = any(event.by == mark for event in survey.events)
    own = replace(
        survey,
        history=survey.history if is_seen else (),
        notebook_instances=tuple(
            one for one in survey.notebook_instances if parts.has_there(NOTEBOOK, one.region, one.name)
        ),
        training_jobs=tuple(
            one for one in survey.training_jobs if parts.has_there("CreateTrainingJob", one.region, one.name)
        ),
        endpoints=tuple(one for one in survey.endpoints if parts.has_there(ENDPOINT, one.region, one.name)),
        domains=(),
        apps=tuple(one for one in survey.apps if parts.has_there("CreateApp", one.region, one.path)),
        buckets=tuple(one for one in survey.buckets if parts.has_there("CreateBucket", one.region, one.name)),
        resources=tuple(
            one for one in survey.resources if parts.has_there(MAKING.get(one.type, ""), one.region, one.id)
        ),
        jupyter_logs=tuple(own for one in survey.jupyter_logs if (own := _own_log(one, parts)) is not None),
        endpoint_logs=tuple(one for one in survey.endpoint_logs if parts.has(ENDPOINT, one.region, one.endpoint)),
        training_logs=tuple(one for one in survey.training_logs if parts.has("CreateTrainingJob", one.region, one.job)),
        invocations=tuple(one for one in survey.invocations if parts.has_there(ENDPOINT, one.region, one.endpoint)),
        endpoint_metrics=tuple(one for one in survey.endpoint_metrics if parts.has(ENDPOINT, one.region, one.endpoint)),
        events=tuple(_events(survey, parts)),
    )
    configs = tuple(_configs(own, parts))
    own = replace(own, endpoint_configs=configs, models=tuple(_models(own, configs, mark)))
    gaps = _gaps(survey, own, parts) if is_seen else _all_gaps(caller)
    return replace(own, gaps=(*survey.gaps, *dict.fromkeys(gaps)))


def _made_by(life: Life) -> str | None:
    return next((event.by for event in life.events if event.name == life.making), None)


def _people(survey: Survey, found: Iterable[Life]) -> dict[str, str | None]:
    """By the mark of a role, the one person who used notebook instances that have it, None where there are several.

    Where the role of any instance is not known, that may be each role.
    """
    there = {(one.region, one.name): one.role_arn for one in survey.notebook_instances}
    users: dict[str, set[str | None]] = {}
    for life in of(found, NOTEBOOK):
        arns = {event.role_arn for event in life.events if event.role_arn}
        arns |= {there.get((life.region, life.name)) or ""} if life.is_there else set()
        if not arns or "" in arns:
            return {}
        for arn in arns:
            users.setdefault(role_mark(arn.rpartition("/")[2]), set()).update(_users(life))
    return {role: next(iter(people)) if len(people) == 1 else None for role, people in users.items()}


def _users(life: Life) -> frozenset[str | None]:
    """Who made a notebook instance and who opened it; None for code that did, and for whoever is not told."""
    marks = (_made_by(life), *(event.by for event in life.events if event.name == OPENING))
    return frozenset(None if mark is None or mark.startswith(ROLE) else mark for mark in marks)


def _own_log(log: JupyterLog, parts: _Parts) -> JupyterLog | None:
    """What of a log my instances of its name wrote, None if none did: it goes on with the next one, another's maybe.

    Of an instance that others have opened, too, it does not tell who did what.
    """
    named = parts.of_name(NOTEBOOK, log.region, log.instance)

    def is_mine(moment: dt.datetime) -> bool:
        life = _living(named, moment)
        return life is not None and _users(life) == {parts.mark}

    if not any(_users(life) == {parts.mark} for life in named):
        return None
    if log.lines is None:
        return log if all(_users(life) == {parts.mark} for life in named) else None
    lines: tuple[LogLine, ...] = tuple(line for line in log.lines if is_mine(line.at))
    times = [moment for moment in (log.began_at, log.ended_at) if moment is not None and is_mine(moment)]
    times += [line.at for line in lines]
    return replace(log, began_at=min(times), ended_at=max(times), lines=lines) if times else None


def _living(named: Iterable[Life], moment: dt.datetime) -> Life | None:
    """The one that was there then: the newest that was made before."""
    made = [life for life in named if life.made_at is None or life.made_at <= moment]
    return made[-1] if made else None


def _events(survey: Survey, parts: _Parts) -> Iterator[Event]:
    """Mine, those about what is mine, and those about what belongs to nobody, such as roles and models.

    A refusal that nobody is told to have met stays only if it excuses.
    """
    mine = {event for life in parts.mine for event in (*life.events, *life.refused)}
    theirs = {event for life in parts.found for event in (*life.events, *life.refused)} - mine
    for one in survey.events:
        if one.error is not None and one.name in ABOUT:
            owner = parts.owner(one.by)
            excuses = is_aws_refusal(f"{one.error}: {one.message}")
            if owner == parts.mark or (owner is None and excuses):
                yield one
        elif one not in theirs:
            yield one


def _configs(own: Survey, parts: _Parts) -> Iterator[EndpointConfig]:
    """Those that my endpoints use or used, and those that I made."""
    used = {(one.region, one.config_name) for one in own.endpoints}
    deploying = (event for life in parts.mine if life.making == ENDPOINT for event in life.events)
    used |= {(event.region, name) for event in deploying for name in event.refers_to}
    used |= {(one.region, one.resource) for one in own.happened("CreateEndpointConfig") if one.by == parts.mark}
    return (one for one in own.endpoint_configs if (one.region, one.name) in used)


def _models(own: Survey, configs: Iterable[EndpointConfig], mark: str) -> Iterator[Model]:
    """Those of my configurations, of my jobs' artifacts, and those that I made."""
    used = {(one.region, variant.model_name) for one in configs for variant in one.variants or ()}
    used |= {(one.region, one.resource) for one in own.happened("CreateModel") if one.by == mark}
    artifacts = {one.artifact_uri for one in own.training_jobs} - {None}
    return (one for one in own.models if (one.region, one.name) in used or one.artifact_uri in artifacts)


def _gaps(survey: Survey, own: Survey, parts: _Parts) -> Iterator[Gap]:
    for one in parts.untold:
        yield _gap(LISTED_BY[one.making], one.region or None)
    for life in parts.mine:
        if life.making == NOTEBOOK and _users(life) != {parts.mark}:
            yield _gap(LOGS, life.region, USED_BY_SEVERAL)
    yield from _gaps_of_logs(survey, parts)
    yield from _gaps_of_buckets(own)
    left_out = [one for one in survey.resources if one.type not in MAKING]
    if any(_bills_for_the_lesson(one) for one in left_out):
        yield _gap(OTHERS, None)
    if left_out or survey.domains or len(own.models) < len(survey.models):
        yield _gap(REST, None)


def _gaps_of_logs(survey: Survey, parts: _Parts) -> Iterator[Gap]:
    """Logs of things of which nothing else tells (yet), and those of a name that another's thing had, too."""
    since = survey.surveyed_at - KEPT_FOR
    for log in survey.jupyter_logs:
        is_young = log.ended_at is None or log.ended_at >= since
        if is_young and not parts.of_name(NOTEBOOK, log.region, log.instance):
            yield _gap(LISTED_BY[NOTEBOOK], log.region)
    for of_endpoint in survey.endpoint_logs:
        named = parts.of_name(ENDPOINT, of_endpoint.region, of_endpoint.endpoint)
        if not named and (of_endpoint.began_at is None or of_endpoint.began_at >= since):
            yield _gap(LISTED_BY[ENDPOINT], of_endpoint.region)
        makers = {parts.maker(one) for one in named}
        if parts.mark in makers and len(makers) > 1:
            yield _gap(("logs", "FilterLogEvents"), of_endpoint.region)


def _gaps_of_buckets(own: Survey) -> Iterator[Gap]:
    """A bucket that a job of mine wrote into, and that is not known to be mine, is none that I made."""
    mine = {one.name for one in own.buckets} | {one.resource for one in own.happened("CreateBucket")}
    written = {bucket_of(one.artifact_uri) for one in own.training_jobs} - {None}
    written |= {bucket_of(uri) for one in own.happened("CreateTrainingJob") for uri in one.refers_to[1:]} - {None}
    for name in sorted(str(one) for one in written - mine):
        yield replace(_gap(LISTED_BY["CreateBucket"], None, OF_ANOTHER), resource=name)


def _bills_for_the_lesson(one: Resource) -> bool:
    return any(kind.has(one) and kind.is_the_lessons(one) for kind in HOURLY)


def _gap(of: tuple[str, str], region: str | None, advice: str = ADVICE) -> Gap:
    service, call = of
    return Gap(service, call, region, NOT_TOLD, advice)


def _all_gaps(caller: str) -> Iterator[Gap]:
    advice = f'CloudTrail shows nothing that "{caller}" did. Check the roster\'s column caller, or decide by hand.'
    for of_kind in (*LISTED_BY.values(), LOGS, OTHERS, REST):
        yield _gap(of_kind, None, advice)
