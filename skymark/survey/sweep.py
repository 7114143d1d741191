"""One whole survey: waves of concurrent calls, each asking only what the one before made worth asking."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import msgspec

from skymark.evidence import App, Identity, Resource, Role, Survey
from skymark.rubric import SurveyPlan
from skymark.samples import Samples
from skymark.survey import history, inventory, role_history, roles, traces
from skymark.survey.clients import THREADS, asking
from skymark.survey.connection import Connection
from skymark.survey.lists import closed, log_groups, read_lists, regions_of, unread_after_all
from skymark.survey.past import History, as_listed, jobs_gone, look_up, whole_history
from skymark.survey.reading import Reading
from skymark.survey.regions import RegionPlan, plan_regions
from skymark.survey.scope import Pools, Scope
from skymark.survey.things import (
    Things,
    account_switches,
    invocations,
    looked_into,
    own_roles,
    read_roles,
    read_things,
    roles_in_use,
    serving,
)
from skymark.window import ALWAYS, Window


def services_asked(*, leftovers: bool) -> tuple[str, ...]:
    """The services that are asked, for whose account it is and by a survey, in the order in which that begins."""
    more = (reader.service for reader in inventory.EVERYWHERE) if leftovers else ()
    return tuple(dict.fromkeys(("sts", "ec2", "sagemaker", "logs", "s3", "iam", "cloudtrail", "cloudwatch", *more)))


def take_survey(
    connection: Connection,
    identity: Identity,
    plan: SurveyPlan,
    samples: Samples | None,
    regions: tuple[str, ...] | None,
    *,
    window: Window = ALWAYS,
    ends: bool = False,
    callers: bool = False,
    leftovers: bool = True,
    pools: Pools | None = None,
) -> Survey:
    """Look at everything in the account that a rubric can ask for.

    Args:
        samples: the digits to ask endpoints about; None asks none.
        regions: the only regions in which the lesson may be done; None for all.
        window: when the lesson was; what was made outside it is read, too, but does not show what became of the rest.
        ends: whether to read in every region when things were deleted, whatever is there.
        callers: whether to read who made what is there, too.
        leftovers: whether to look for what else bills or can be tidied away; without it each call is a gap.
        pools: the threads that ask; None: some for this survey alone.

    Nothing that AWS answers is raised, but for a Learner Lab that has ended (CredentialsError): what was refused is
    among the survey's gaps.

    A dead network ends it: two calls about regions, then one of SageMaker and one of the logs in each region, 32 at a
    time, none of which takes longer than is written beside `CONNECT_TIMEOUT_S`; everything else that bills is asked for
    only where SageMaker answered at all. For 17 regions that is 2 minutes at most where no connection is made, 6½
    where each is made and never answered.
    """
    own = pools or Pools.made(THREADS)
    try:
        with asking(connection.asking):
            planned = plan_regions(connection, identity, regions)
            now = dt.datetime.now(dt.UTC).replace(microsecond=0)
            scope = Scope(connection, identity, plan, own, now, window, ends, callers, leftovers)
            found = _surveyed(scope, planned, samples)
        return msgspec.structs.replace(found, calls=connection.asking.taken())
    finally:
        if pools is None:
            own.shutdown()


def _surveyed(scope: Scope, planned: RegionPlan, samples: Samples | None) -> Survey:
    """What is begun early is waited for late: each wave costs an answer's way there and back."""
    asked = read_lists(scope, planned.open)
    shut = tuple(closed(asked, scope.identity, planned.unsure, scope.plan))
    lists = [one for one in asked if one.region not in {region.region for region in shut}]
    there = read_things(scope, lists)
    jobs = there.jobs.items
    past = whole_history(scope, there.lookups, lists, jobs, there.listed.items, serving(scope, there))
    past = as_listed(scope, past, lists, there.listed)
    training_logs = traces.training_logs(scope, jobs_gone(scope, lists, past.events, jobs))
    endpoint_logs = there.endpoint_logs.done()
    begun_metrics = traces.endpoint_metrics(scope, endpoint_logs.items, past.events)
    told_of = own_roles(scope, (one.role_arn for one in past.events if one.error is None))
    more_roles = read_roles(scope, told_of - roles_in_use(scope, there.instances.items, jobs))
    jupyter_logs, metrics = there.jupyter_logs.done(), begun_metrics.done()
    # Asked after the logs were read, so that no trace of a student's own doing is ours.
    asked_now = invocations(scope, there, samples)
    found_roles = Reading.merged((there.roles.done(), more_roles.done()))
    past = _with_roles(scope, past, found_roles.items)
    found_roles = _rebuilt(scope, found_roles, past, there)
    looked, uploads = looked_into(scope, there, found_roles, past.events)
    switches = account_switches(scope, looked.items, past.events)
    apps, kept = there.apps.done(), there.kept.done()
    readings: tuple[Reading[Any], ...] = (
        *(reading for one in lists for reading in one.readings),
        *(there.instances, there.jobs, there.served, apps, there.configs, there.models),
        *(jupyter_logs, endpoint_logs, found_roles, looked, switches, asked_now.done(), metrics),
        *(past.reading, kept, uploads, training_logs.done()),
    )
    gaps = (*planned.gaps, *Reading.merged(readings).gaps)
    unread = unread_after_all(asked, shut, gaps, planned.unsure)
    still_shut = [one for one in shut if one.region not in {each.region for each in unread}]
    return Survey(
        surveyed_at=scope.now,
        identity=scope.identity,
        region=scope.connection.region,
        regions=regions_of([*lists, *unread], (*planned.closed, *still_shut)),
        gaps=(*gaps, *(gap for one in unread for gap in Reading.merged(one.readings).gaps)),
        notebook_instances=_in_order(there.instances.items),
        training_jobs=tuple(sorted(_in_order(jobs), key=lambda one: one.created_at, reverse=True)),
        endpoints=_in_order(there.served.items),
        endpoint_configs=_in_order(there.configs.items),
        models=_in_order(there.models.items),
        domains=_in_order(domain for one in lists for domain in one.domains.items),
        apps=tuple(sorted(apps.items, key=_place_of_app)),
        resources=tuple(sorted((*kept.items, *uploads.items, *log_groups(lists)), key=_place_of_resource)),
        buckets=tuple(sorted(looked.items, key=lambda one: one.name)),
        account_public_access_block=next(iter(switches.items), None),
        roles=tuple(sorted((one for one in found_roles.items if isinstance(one, Role)), key=lambda one: one.name)),
        missing_roles=tuple(sorted(str(one) for one in found_roles.items if isinstance(one, roles.Missing))),
        jupyter_logs=tuple(sorted(jupyter_logs.items, key=lambda one: (one.region, one.instance))),
        endpoint_logs=tuple(sorted(endpoint_logs.items, key=lambda one: (one.region, one.endpoint))),
        training_logs=tuple(sorted(training_logs.done().items, key=lambda one: (one.region, one.job))),
        invocations=tuple(sorted(asked_now.done().items, key=lambda one: (one.region, one.endpoint))),
        events=past.events,
        history=past.read,
        endpoint_metrics=tuple(sorted(metrics.items, key=lambda one: (one.region, one.endpoint))),
    )


def _with_roles(scope: Scope, past: History, known: Iterable[Role | roles.Missing]) -> History:
    """What was done to roles, too, where one of them is gone."""
    if not any(isinstance(one, roles.Missing) for one in known):
        return past
    return past + look_up(scope, {history.IAM_REGION: history.OF_ROLES}).done()


def _rebuilt(
    scope: Scope, found: Reading[Role | roles.Missing], past: History, there: Things
) -> Reading[Role | roles.Missing]:
    """Roles that are gone, as they were when nobody had begun to take them apart."""
    events = past.events
    used = [(one.role_arn, one.created_at) for one in there.jobs.items]
    used += [(one.role_arn, one.created_at) for one in there.instances.items]
    used += [(one.role_arn, one.at) for one in events if one.error is None]
    rebuilt = scope.begin_waves(
        role_history.rebuild(scope.client("iam"), one, events, max(at for arn, at in used if arn == str(one)))
        for one in found.items
        if isinstance(one, roles.Missing)
    ).done()
    there_still = (one for one in found.items if isinstance(one, Role))
    return Reading((*there_still, *rebuilt.items), (*found.gaps, *rebuilt.gaps))


def _place_of_resource(one: Resource) -> tuple[Any, ...]:
    return (one.region, one.service, one.type, one.within, one.id)


def _place_of_app(app: App) -> tuple[str, ...]:
    """Most apps of a domain have one name, `default`."""
    return (app.region, app.domain_id, app.user_profile or "", app.space or "", app.app_type, app.name)


def _in_order(things: Iterable[Any]) -> tuple[Any, ...]:
    def name_of(thing: Any) -> str:
        return str(getattr(thing, "name", None) or getattr(thing, "domain_id", ""))

    return tuple(sorted(things, key=lambda one: (one.region, name_of(one))))
