"""What happened when to the things that were judged: made, used, stopped, deleted, as far as the evidence tells."""

import datetime as dt
import enum
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from skymark.evidence import Bucket, Event, JupyterLog, Model, Role, Struct, Survey, TrainingJob
from skymark.lives import Life, lives, of
from skymark.outcome import ChainLink, Source, Step
from skymark.window import Window


class What(enum.StrEnum):
    """What happened to a thing."""

    MADE = "made"
    MADE_OR_CHANGED = "made or changed"
    STARTED = "started"
    CHANGED = "changed"
    OPENED = "opened"
    CREATED = "notebook created"
    RUN = "code run"
    UPLOADED = "notebook uploaded"
    ANSWERING = "first log line"
    ENDED = "ended"
    STOPPED = "stopped"
    DELETED = "deleted"
    STEP = "step"


class Happened(Struct, frozen=True):
    """One thing that happened, and how it is known.

    `kind` and `name` are a chain's; what was done in Jupyter is told of its notebook instance. `detail` is the file of
    a notebook, or the status in which a job ended, None where there is none to tell. A `step` is told in the lesson's
    own words, as `detail`, and has no name. `late` is whether something was torn down after everything had to be gone.
    """

    at: dt.datetime
    kind: str
    name: str
    what: What
    source: Source
    detail: str | None = None
    late: bool = False


MAKING: Final = {
    "bucket": "CreateBucket",
    "instance": "CreateNotebookInstance",
    "job": "CreateTrainingJob",
    "endpoint": "CreateEndpoint",
}
"""By the kind of a chain's link, the call that makes such a thing."""
VERBS: Final = {
    "Create": What.MADE,
    "Update": What.CHANGED,
    "Start": What.STARTED,
    "Stop": What.STOPPED,
    "Delete": What.DELETED,
}
"""By how the name of a call about a thing begins, what it did."""
OPENING: Final = "CreatePresignedNotebookInstanceUrl"
LINES: Final = {"created": What.CREATED, "kernel": What.RUN, "uploaded": What.UPLOADED}
"""By the kind of a line of Jupyter's log, what it tells. That a file was saved says nothing that these don't."""
STEP: Final = "step"
"""The kind of what the lesson tells in words of its own."""
OF_NO_ONE: Final = ("role", "model")
"""The kinds of which nobody can be told to have made them where several people share an account."""


def timeline(survey: Survey, chain: Iterable[ChainLink], steps: Sequence[Step], made: Window) -> tuple[Happened, ...]:
    """What happened to the things of a chain that may be the lesson's own: those that were `made` then, oldest first.

    What a thing lives through counts whenever it happened, its deletion a day later, too. Of several that bore the
    name one after the other, all are told. Where nothing tells of a time, it is left out. Of the `steps`, which are the
    lesson's own, those are added of whose second nothing else tells; they say what came too late, too.
    """
    found = lives(survey)
    told = tuple(dict.fromkeys(one for link in chain for one in _of(link, survey, found, made)))
    own = (one for one in dict.fromkeys(steps) if not _is_told(one, told) and (one.ends or made.holds(one.at)))
    return tuple(sorted((*(_marked(one, steps) for one in told), *map(_step, own)), key=_turn))


def of_one_alone(found: Iterable[Happened]) -> tuple[Happened, ...]:
    """The same in an account that several people share: only what somebody is told to have done."""
    return tuple(one for one in found if one.kind not in OF_NO_ONE)


def _of(link: ChainLink, survey: Survey, found: Iterable[Life], made: Window) -> Iterator[Happened]:
    match link.kind:
        case "bucket":
            yield from _of_bucket(link, survey.buckets, _lived(link, found, made), made)
        case "role":
            roles = (one for one in survey.roles if one.name == link.id)
            yield from _of_role(link, roles, survey.happened("DeleteRole", resource=link.id), made)
        case "instance":
            yield from _of_lives(link, _lived(link, found, made))
            logs = (one for one in survey.jupyter_logs if (one.instance, one.region) == (link.id, link.region))
            yield from _of_logs(link, logs, made)
        case "job":
            yield from _of_lives(link, _lived(link, found, made))
            yield from _of_jobs(link, survey.training_jobs, made)
        case "model":
            yield from _of_model(link, survey.models, survey, made)
        case "endpoint":
            lived = _lived(link, found, made)
            yield from _of_lives(link, lived)
            yield from _of_endpoint_logs(link, survey, lived)


def _lived(link: ChainLink, found: Iterable[Life], made: Window) -> tuple[Life, ...]:
    """Those of the link's name that were made then, or of which it is not known when.

    Buckets are named once in the world, and where one is gone its region may not be known.
    """
    return tuple(
        one
        for one in of(found, MAKING[link.kind])
        if one.name == link.id
        and (one.region == link.region or link.kind == "bucket")
        and (one.made_at is None or made.holds(one.made_at))
    )


def _of_lives(link: ChainLink, lived: Iterable[Life]) -> Iterator[Happened]:
    """What the event history tells, and when what is there was made."""
    for life in lived:
        is_dated = life.is_there and life.made_at is not None and life.making != MAKING["bucket"]
        if is_dated and life.made_at:
            yield _happened(link, life.made_at, What.MADE, Source.LIVE)
        opened = next((one for one in life.events if one.name == OPENING), None)
        for one in life.events:
            # Each look at Jupyter asks for a new address, so only the first is told.
            is_again = one.name == OPENING and one is not opened
            if not is_again and not (is_dated and one.name == life.making):
                yield _happened(link, one.at, _verb(one, life), Source.TRACE)


def _verb(event: Event, life: Life) -> What:
    """What a call about a thing did."""
    verb = event.name.removesuffix(life.making.removeprefix("Create"))
    return VERBS.get(verb, What.OPENED if event.name == OPENING else What.CHANGED)


def _of_bucket(link: ChainLink, buckets: Iterable[Bucket], lived: tuple[Life, ...], made: Window) -> Iterator[Happened]:
    """A bucket's own date moves on when it is changed. Source: S3 API, ListBuckets."""
    yield from _of_lives(link, (one for one in lived if one.events))
    is_told = any(one.making == event.name for one in lived for event in one.events)
    for one in buckets:
        if one.name == link.id and not is_told and made.holds(one.created_at):
            yield _happened(link, one.created_at, What.MADE_OR_CHANGED, Source.LIVE)


def _of_role(link: ChainLink, roles: Iterable[Role], deletions: Iterable[Event], made: Window) -> Iterator[Happened]:
    for one in roles:
        if made.holds(one.created_at):
            yield _happened(link, one.created_at, What.MADE, Source.LIVE if one.as_of is None else Source.TRACE)
            for event in deletions:
                if event.at >= one.created_at:  # before, it was another one of the name
                    yield _happened(link, event.at, What.DELETED, Source.TRACE)


def _of_logs(link: ChainLink, logs: Iterable[JupyterLog], made: Window) -> Iterator[Happened]:
    """The first line of each kind about each file: kernels start again and again."""
    told: set[tuple[What, str | None]] = set()
    for log in logs:
        for line in log.lines or ():
            what = LINES.get(line.kind)
            if what and made.holds(line.at) and (what, line.file) not in told:
                told.add((what, line.file))
                yield _happened(link, line.at, what, Source.TRACE, line.file)


def _of_jobs(link: ChainLink, jobs: Iterable[TrainingJob], made: Window) -> Iterator[Happened]:
    for one in jobs:
        is_meant = (one.name, one.region) == (link.id, link.region) and made.holds(one.created_at)
        if is_meant and one.ended_at:
            yield _happened(link, one.ended_at, What.ENDED, Source.LIVE, one.status)


def _of_model(link: ChainLink, models: Iterable[Model], survey: Survey, made: Window) -> Iterator[Happened]:
    there = [one for one in models if (one.name, one.region) == (link.id, link.region)]
    for one in there:
        if made.holds(one.created_at):
            yield _happened(link, one.created_at, What.MADE, Source.LIVE)
    for event in () if there else survey.happened("CreateModel", region=link.region, resource=link.id):
        if made.holds(event.at):
            yield _happened(link, event.at, What.MADE, Source.TRACE)


def _of_endpoint_logs(link: ChainLink, survey: Survey, lived: tuple[Life, ...]) -> Iterator[Happened]:
    """A log goes on under its name: it began with the endpoint that was there then."""
    made = [one.made_at for one in lived if one.made_at]
    for log in survey.endpoint_logs:
        is_its_own = (log.endpoint, log.region) == (link.id, link.region)
        if is_its_own and log.began_at and made and min(made) <= log.began_at:
            yield _happened(link, log.began_at, What.ANSWERING, Source.TRACE)


def _happened(link: ChainLink, at: dt.datetime, what: What, source: Source, detail: str | None = None) -> Happened:
    return Happened(at, link.kind, link.id, what, source, detail)


def _turn(one: Happened) -> tuple[dt.datetime, bool]:
    """CloudTrail records whole seconds, other dates are finer: in one second things go by the chain, deletions last."""
    return _second(one.at), one.what is What.DELETED


def _second(at: dt.datetime) -> dt.datetime:
    return at.replace(microsecond=0)


def _step(one: Step) -> Happened:
    return Happened(one.at, STEP, "", What.STEP, one.source, one.what, one.late)


def _is_told(step: Step, told: Iterable[Happened]) -> bool:
    """Whether something else tells of its second; of what came too late, of just that."""
    same = [one for one in told if _second(one.at) == _second(step.at)]
    return any(_is_of(step, one) for one in same) if step.late else bool(same)


def _marked(one: Happened, steps: Iterable[Step]) -> Happened:
    is_late = any(step.late and _second(step.at) == _second(one.at) and _is_of(step, one) for step in steps)
    return replace(one, late=True) if is_late else one


def _is_of(step: Step, one: Happened) -> bool:
    """Whether a step tells of the end of just this: in the same second, a script may delete what was not due, too."""
    return one.what in (What.STOPPED, What.DELETED) and one.kind in step.what
