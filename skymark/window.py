"""The time of a lesson: what was made in it counts, for and against; what was there before is nobody's fault."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec.structs import replace

from skymark.errors import UsageError
from skymark.evidence import Bucket, Event, JupyterLog, Struct, Survey, bucket_of
from skymark.lives import ABOUT, Life, lives
from skymark.moment import Moment, moment

NOTEBOOK: Final = "CreateNotebookInstance"


class Window(Struct, frozen=True):
    """From `since` to `until`, both included; None is without a bound."""

    since: dt.datetime | None = None
    until: dt.datetime | None = None

    def holds(self, made_at: dt.datetime | None) -> bool:
        """Whether something that was made then is the lesson's; of unknown age it is only where there are no bounds."""
        if made_at is None:
            return self == ALWAYS
        return (self.since is None or made_at >= self.since) and (self.until is None or made_at <= self.until)

    def why_not(self, made_at: dt.datetime | None) -> str | None:
        """Why something counts for and against nobody, None if it counts."""
        if self.holds(made_at):
            return None
        if made_at is None:
            return "when it was made is not known"
        is_before = self.since is not None and made_at < self.since
        return "made before the lesson" if is_before else "made after the lesson"


ALWAYS: Final = Window()


class Times(Struct, frozen=True):
    """The times of a lesson as a rubric or the command line has them."""

    since: Moment | None = None
    until: Moment | None = None
    due: Moment | None = None

    def __or__(self, other: "Times") -> "Times":
        """These times, with the other's where they have none."""
        return Times(self.since or other.since, self.until or other.until, self.due or other.due)

    def at(self, now: dt.datetime) -> tuple[Window, dt.datetime | None]:
        """The window, and when all had to be deleted, as seen from `now`, when the account was looked at.

        Raises:
            UsageError: there is no such time, or nothing can lie in the window.
        """
        since = self.since.beginning(now) if self.since else None
        until = self.until.end(now, since) if self.until else None
        if since and until and since > until:
            raise UsageError(f"Nothing can lie between {since:%Y-%m-%d %H:%M} and {until:%Y-%m-%d %H:%M} UTC.")
        if since and since > now:
            raise UsageError(f"Nothing can have been made since {since:%Y-%m-%d %H:%M} UTC: that is still to come.")
        return Window(since, until), self.due.end(now, since) if self.due else None


NO_TIMES: Final = Times()


def written_times(since: str | None, until: str | None, due: str | None) -> Times:
    """Read times as somebody wrote them; None is none.

    Raises:
        UsageError: one of them is no point in time.
    """
    return Times(*(None if text is None else moment(text) for text in (since, until, due)))


class Outsider(Struct, frozen=True):
    """A thing in the account that counts for and against nobody, and why. `kind` is as in a chain."""

    kind: str
    id: str
    region: str | None
    made_at: dt.datetime | None
    why: str


def within(survey: Survey, window: Window) -> Survey:
    """The survey with only what was made in the window, and what nobody knows the age of.

    Roles stay, since an older one may be used; so do models and configurations, which only what uses them leads to, and
    a bucket that a training job of the window names. Of the events, those stay that are about something that was made
    in the window, whenever they happened. A bucket's date of making moves on when its policy is changed (S3 API,
    ListBuckets), so none is too young.
    """
    if window == ALWAYS:
        return survey
    found = lives(survey)
    endpoints = tuple(one for one in survey.endpoints if window.holds(one.created_at))
    kept = {(one.region, one.name) for one in endpoints}
    known = {(one.region, one.name) for one in survey.endpoints}
    return replace(
        survey,
        notebook_instances=tuple(one for one in survey.notebook_instances if window.holds(one.created_at)),
        training_jobs=tuple(one for one in survey.training_jobs if window.holds(one.created_at)),
        endpoints=endpoints,
        apps=tuple(one for one in survey.apps if one.created_at is None or window.holds(one.created_at)),
        resources=tuple(one for one in survey.resources if one.created_at is None or window.holds(one.created_at)),
        buckets=tuple(one for one in survey.buckets if _is_the_lessons(one, survey, window)),
        jupyter_logs=tuple(_logs(survey, found, window)),
        endpoint_logs=tuple(
            one
            for one in survey.endpoint_logs
            if (one.region, one.endpoint) in kept
            or ((one.region, one.endpoint) not in known and window.holds(one.began_at))
        ),
        invocations=tuple(one for one in survey.invocations if (one.region, one.endpoint) in kept),
        events=tuple(_events(survey, found, window)),
    )


def outsiders(survey: Survey, window: Window) -> tuple[Outsider, ...]:
    """What `within` leaves out of the things that a lesson is made of, oldest first."""
    things: Iterable[tuple[str, str, str | None, dt.datetime | None]] = (
        *(("instance", one.name, one.region, one.created_at) for one in survey.notebook_instances),
        *(("job", one.name, one.region, one.created_at) for one in survey.training_jobs),
        *(("endpoint", one.name, one.region, one.created_at) for one in survey.endpoints),
        *(
            ("bucket", one.name, one.region, one.created_at)
            for one in survey.buckets
            if one.looked_into and not _is_the_lessons(one, survey, window)
        ),
    )
    found = (Outsider(*thing, why) for thing in things if (why := window.why_not(thing[3])))
    return tuple(sorted(found, key=lambda one: (str(one.made_at), one.kind, one.id)))


def _is_the_lessons(one: Bucket, survey: Survey, window: Window) -> bool:
    if window.since is None or one.created_at >= window.since:
        return True
    jobs = (job for job in survey.training_jobs if window.holds(job.created_at))
    return any(one.name in map(bucket_of, (*job.input_uris, job.output_uri, job.artifact_uri)) for job in jobs)


def _logs(survey: Survey, found: Iterable[Life], window: Window) -> Iterator[JupyterLog]:
    """The logs of instances that were made in the window, with its lines alone.

    Where nothing else tells of an instance, it was made when its log began.
    """
    instances = [life for life in found if life.making == NOTEBOOK]
    known = {(life.region, life.name) for life in instances}
    ours = {(life.region, life.name) for life in instances if window.holds(life.made_at)}
    for log in survey.jupyter_logs:
        key = (log.region, log.instance)
        if key in ours or (key not in known and window.holds(log.began_at)):
            yield replace(log, lines=log.lines and tuple(line for line in log.lines if window.holds(line.at)))


def _events(survey: Survey, found: Iterable[Life], window: Window) -> Iterator[Event]:
    """All but those about things that were not made in the window. Where nothing tells when, they are older."""
    foreign = {
        event
        for life in found
        if not (window.since is None if life.made_at is None else window.holds(life.made_at))
        for event in life.events
    }
    for one in survey.events:
        is_refused_making = one.error is not None and one.name in ABOUT
        if one not in foreign and (not is_refused_making or window.holds(one.at)):
            yield one
