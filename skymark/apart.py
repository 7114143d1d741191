"""What is left alone: leftovers that count against nobody, and those that may be somebody's other work."""

import datetime as dt
from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from skymark.cost.kinds import NOT_OURS
from skymark.evidence import Survey
from skymark.outcome import ChainLink, Step
from skymark.result import Leftover
from skymark.rubric import SurveyPlan
from skymark.window import Window

A_DAY: Final = dt.timedelta(days=1)
PAUSE: Final = dt.timedelta(days=14)
"""A lesson that rests for longer is another one: a class may meet every other week."""
BEFORE_AWS: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)

OLDER: Final = "older than the lesson"
NOT_SURELY_OURS: Final = "may hold other work"
USED_ELSEWHERE: Final = "something else uses it, too"


def beginning(steps: Iterable[Step], now: dt.datetime) -> dt.datetime:
    """What was made before is older than the lesson: a day before the first of its steps, without any before `now`.

    A bucket, a role or an instance that was there long before and was used again is no beginning: steps count back
    from the newest one, as far as they follow each other. Tearing down may come at any time later.
    """
    times = sorted((one.at for one in steps if not one.ends), reverse=True) or [now]
    first = times[0]
    for at in times:
        if first - at > PAUSE:
            break
        first = at
    return max(first, BEFORE_AWS) - A_DAY


def lessons_own(steps: Iterable[Step], survey: Survey, window: Window, due: dt.datetime | None) -> Window:
    """When that was made which may be the lesson's own."""
    began = beginning(steps, survey.surveyed_at)
    ends = (window.until, _past(due, survey))
    return Window(max(began, window.since or began), min((end for end in ends if end), default=None))


def is_older(one: Leftover, began: dt.datetime) -> bool:
    """Whether it is known to have been made before then."""
    return one.created_at is not None and one.created_at < began


def outside(left: Iterable[Leftover], survey: Survey, window: Window, due: dt.datetime | None) -> tuple[Leftover, ...]:
    """The leftovers; apart is what was not made in the window, or after everything had to be gone."""
    end = _past(due, survey)
    return tuple(_apart(one, _why_not(one, window, end)) for one in left)


def of_other_lessons(left: Iterable[Leftover], plan: SurveyPlan) -> tuple[Leftover, ...]:
    """The leftovers; apart is what is of services that the lesson is not about. SageMaker's have buckets, too."""
    is_all = plan.is_about("sagemaker")
    return tuple(_apart(one, None if is_all or one.service == "s3" else NOT_OURS) for one in left)


def lessons_rest(
    rest: Iterable[Leftover],
    survey: Survey,
    window: Window,
    due: dt.datetime | None,
    *,
    chain: tuple[ChainLink, ...],
    steps: Iterable[Step],
    bucket: str | None,
) -> tuple[Leftover, ...]:
    """What may be tidied away; apart is what is not surely the lesson's. `bucket` has the lesson's name."""
    made = lessons_own(steps, survey, window, due)
    return not_surely_ours(outside(rest, survey, window, due), survey, chain, made, bucket)


def not_surely_ours(
    rest: Iterable[Leftover], survey: Survey, chain: tuple[ChainLink, ...], made: Window, bucket: str | None
) -> tuple[Leftover, ...]:
    """What may be tidied away; apart is what may be other work: what is the lesson's own was `made` then.

    `bucket` is the one whose name is the lesson's. A date proves nothing for a bucket: it moves on when its policy is
    changed.
    """
    return tuple(_apart(one, _why_not_ours(one, survey, chain, made, bucket)) for one in rest)


def _past(due: dt.datetime | None, survey: Survey) -> dt.datetime | None:
    return due if due and due < survey.surveyed_at else None


def _apart(one: Leftover, why: str | None) -> Leftover:
    """A reason that it has already stays; with any there is no command."""
    reason = one.apart or why
    return replace(one, apart=reason, cleanup="") if reason else one


def _why_not(one: Leftover, window: Window, end: dt.datetime | None) -> str | None:
    """A bucket's date moves on (S3 API, ListBuckets), so that none is too young."""
    if one.type == "bucket":
        return Window(window.since).why_not(one.created_at)
    is_later = end is not None and one.created_at is not None and one.created_at > end
    return window.why_not(one.created_at) or ("made after everything had to be gone" if is_later else None)


def _why_not_ours(
    one: Leftover, survey: Survey, chain: tuple[ChainLink, ...], made: Window, bucket: str | None
) -> str | None:
    if made.since and is_older(one, made.since):
        return OLDER
    if one.service == "s3" and one.id.partition("/")[0] != bucket:
        return NOT_SURELY_OURS
    if one.type == "role" and _is_used_elsewhere(one.id, survey, chain, made):
        return USED_ELSEWHERE
    return None


def _is_used_elsewhere(role: str, survey: Survey, chain: tuple[ChainLink, ...], made: Window) -> bool:
    """Whether an instance has it that was not judged, or something that is not the lesson's own.

    An instance whose role could not be read may have it. Endpoints have it by their models.
    """
    judged = {(link.id, link.region) for link in chain if link.kind == "instance"}
    others = (one for one in survey.notebook_instances if (one.name, one.region) not in judged)
    named = (
        *((one.created_at, one.role_arn) for one in survey.notebook_instances),
        *((one.created_at, one.role_arn) for one in survey.training_jobs),
        *((one.created_at, one.role_arn) for one in survey.models),
    )
    return any(one.role_arn is None or _is(one.role_arn, role) for one in others) or any(
        _is(arn, role) and not made.holds(at) for at, arn in named
    )


def _is(arn: str | None, role: str) -> bool:
    return (arn or "").rpartition("/")[2] == role
