"""One examination, from this computer to the account's quotas; where one step fails, the later ones wait for it."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from skymark.doctor import steps
from skymark.doctor.finding import Diagnosis, Finding, State, Topic
from skymark.doctor.observed import Configured
from skymark.doctor.steps import Asked, Entered, Step, Way
from skymark.errors import SkymarkError
from skymark.log import FILE, LOG
from skymark.result import RubricName
from skymark.rubric import Rubric

T = TypeVar("T")
ORDER: Final = tuple(Topic)


def examine(
    rubric: Rubric, *, profile: str | None = None, region: str | None = None, named: str | None = None
) -> Diagnosis:
    """Look at everything that stands between this computer and the lesson. Nothing is changed, and nothing costs.

    `named` is how the rubric was named by whoever asks, so that the commands to paste name it, too.

    Nothing is raised: whatever goes wrong is a finding. So are Skymark's own mistakes, with the traceback in the log.
    """
    from skymark.survey.configuration import read_configuration

    asked = Asked(rubric, profile, region, named)
    read = _guarded(Topic.CONFIGURATION, lambda: Step((), read_configuration(profile, region)))
    configured = read.result or Configured()
    way = _guarded(Topic.CONFIGURATION, lambda: steps.find_way(asked, configured))
    entered = _entered(asked, way)
    rest = _of_account(asked, way.result, entered.result) if way.result and entered.result else ()
    findings = (*read.findings, *way.findings, *entered.findings, *rest)
    identity = entered.result.identity if entered.result else None
    return Diagnosis(
        rubric=RubricName(rubric.id, rubric.version, rubric.title),
        examined_at=dt.datetime.now(dt.UTC).replace(microsecond=0),
        profile=configured.profile.value if configured.profile else None,
        region=way.result.region if way.result else configured.region.value if configured.region else None,
        account=identity.account if identity else None,
        caller=identity.arn if identity else None,
        findings=_in_order((*findings, *_waiting(findings))),
    )


def _entered(asked: Asked, way: Step[Way]) -> Step[Entered]:
    found = way.result
    if found is None or not found.leads:
        return Step(())
    return _guarded(Topic.CREDENTIALS, lambda: steps.enter(asked, found))


def _of_account(asked: Asked, way: Way, entered: Entered) -> tuple[Finding, ...]:
    place = _guarded(Topic.REGION, lambda: steps.look_at_region(asked, way, entered))
    at = place.result or entered.connection
    tried = _guarded(Topic.PERMISSIONS, lambda: steps.try_permissions(asked, entered, at))
    allowed = _guarded(Topic.QUOTAS, lambda: steps.look_at_quotas(asked, at))
    return (*place.findings, *tried.findings, *allowed.findings)


def _guarded(topic: Topic, step: Callable[[], Step[T]]) -> Step[T]:
    """A step, or a finding that says that it broke."""
    try:
        return step()
    except SkymarkError as error:
        return Step((Finding(topic, State.TO_MEND, str(error)),))
    except Exception:  # noqa: BLE001 - the tool for what is broken must not break; the traceback is logged
        LOG.exception("looking at the %s", topic)
        advice = "That is no fault of yours. Send that file to whoever looks after Skymark, and go on with the others."
        return Step((Finding(topic, State.UNKNOWN, f"Skymark made a mistake here; {FILE} has the details.", advice),))


def _waiting(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """A finding for each topic that nobody could look at, since something before it has to be mended."""
    told = {one.topic for one in findings}
    states = {one.topic: one.state for one in findings if one.state is not State.OK}
    first = [topic for topic in states if states[topic] is State.TO_MEND] or list(states)
    found = f"Not looked at yet: mend {_and(first)} first, then run this again."
    return tuple(Finding(topic, State.UNKNOWN, found) for topic in ORDER if topic not in told)


def _and(topics: Sequence[Topic]) -> str:
    return " and ".join(f"the {topic}" for topic in topics)


def _in_order(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda one: ORDER.index(one.topic)))
