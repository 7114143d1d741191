"""What the lists of each region tell, and which regions are closed by them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from skymark.cause import INVALID
from skymark.evidence import ClosedRegion, Domain, Gap, Identity, Regions, Resource
from skymark.rubric import SurveyPlan
from skymark.survey import endpoints, logs, notebooks, studio, training
from skymark.survey.reading import Reading
from skymark.survey.regions import closed_because
from skymark.survey.scope import Scope, task

LISTS = ("ListNotebookInstances", "ListTrainingJobs", "ListEndpoints", "ListDomains")
LOGS = "DescribeLogGroups"


@dataclass(frozen=True)
class Listing:
    """How things of one kind are listed, where in `Lists` the rows are, and what in a row is the name."""

    read: Callable[[Any, str], Reading[dict[str, Any]]]
    kind: str
    name: str

    def names(self, rows: Reading[dict[str, Any]]) -> Reading[str]:
        """The names alone."""
        return Reading(tuple(str(row[self.name]) for row in rows.items), rows.gaps)


LISTINGS: Mapping[str, Listing] = {
    "CreateNotebookInstance": Listing(notebooks.list_notebook_instances, "instances", "NotebookInstanceName"),
    "CreateTrainingJob": Listing(training.list_training_jobs, "jobs", "TrainingJobName"),
    "CreateEndpoint": Listing(endpoints.list_endpoints, "endpoints", "EndpointName"),
}
"""By the call that makes such a thing."""


@dataclass(frozen=True)
class Lists:
    """What the list calls of one region told; the first four are SageMaker's own."""

    region: str
    instances: Reading[dict[str, Any]]
    jobs: Reading[dict[str, Any]]
    endpoints: Reading[dict[str, Any]]
    domains: Reading[Domain]
    groups: Reading[dict[str, Any]]

    @property
    def names(self) -> Mapping[tuple[str, str], Reading[str]]:
        """What is there, by the call that makes such a thing and the region."""
        return {
            (making, self.region): listing.names(getattr(self, listing.kind)) for making, listing in LISTINGS.items()
        }

    @property
    def readings(self) -> tuple[Reading[Any], ...]:
        """All five."""
        return (self.instances, self.jobs, self.endpoints, self.domains, self.groups)

    @property
    def sagemaker_gaps(self) -> tuple[Gap, ...]:
        """The gaps of SageMaker's lists."""
        return Reading.merged(self.readings[:4]).gaps

    def gaps_of(self, plan: SurveyPlan) -> tuple[Gap, ...]:
        """The gaps of the lists by which a region is judged to be closed: of SageMaker's alone, if it is about that.

        Where only SageMaker is forbidden, anything else may still have been done.
        """
        return self.sagemaker_gaps if plan.is_about("sagemaker") else Reading.merged(self.readings).gaps

    @property
    def is_active(self) -> bool:
        """Whether anything of SageMaker is, or ever was, in the region."""
        return any(reading.items for reading in self.readings)

    @property
    def has_answered(self) -> bool:
        """Whether any of SageMaker's lists was read."""
        return any(not reading.gaps for reading in self.readings[:4])


def read_lists(scope: Scope, regions: Sequence[str]) -> list[Lists]:
    """The lists of these regions."""
    readers: tuple[tuple[str, Callable[[Any, str], Reading[Any]]], ...] = (
        ("sagemaker", notebooks.list_notebook_instances),
        ("sagemaker", training.list_training_jobs),
        ("sagemaker", endpoints.list_endpoints),
        ("sagemaker", studio.list_domains),
        ("logs", logs.list_log_groups),
    )
    # One list of every region, then the next: where all are silent, they are waited for together, not in turn.
    tasks = [task(read, scope.client(service, name), name) for service, read in readers for name in regions]
    answers = scope.begin(tasks).each()
    return [Lists(name, *answers[at :: len(regions)]) for at, name in enumerate(regions)]


def log_groups(lists: Iterable[Lists]) -> Iterator[Resource]:
    """Logs bill for being kept."""
    for one in lists:
        yield from (logs.log_group(row, one.region) for row in one.groups.items)


def closed(
    lists: Iterable[Lists], identity: Identity, unsure: frozenset[str], plan: SurveyPlan
) -> Iterator[ClosedRegion]:
    """The regions whose every list was refused as a closed region refuses.

    None where no region has answered at all: then it may be this caller who is shut out, and not the account. Where a
    region that is surely enabled takes the keys for bad, they went bad meanwhile, and no other is closed by that.
    """
    kept = list(lists)
    went_bad = any(gap.code in INVALID for one in kept if one.region not in unsure for gap in one.sagemaker_gaps)
    for one in kept if any(one.has_answered for one in kept) else ():
        gaps = one.gaps_of(plan)
        if {gap.call for gap in gaps} == _decisive(plan) and not one.is_active:
            reason = closed_because(gaps, identity, is_unsure=one.region in unsure and not went_bad)
            if reason is not None:
                yield ClosedRegion(one.region, reason)


def unread_after_all(
    asked: Sequence[Lists], shut: Iterable[ClosedRegion], gaps: Iterable[Gap], unsure: frozenset[str]
) -> list[Lists]:
    """The regions that seemed not to be enabled, where it turns out that the keys are not taken elsewhere either.

    They may have gone bad just after the other regions had answered.
    """
    if not any(gap.code in INVALID and gap.region not in unsure for gap in gaps):
        return []
    doubtful = {one.region for one in shut if one.reason == "not opted in"}
    return [one for one in asked if one.region in doubtful]


def _decisive(plan: SurveyPlan) -> set[str]:
    """The calls of which a closed region refuses every one."""
    return {*LISTS, *(() if plan.is_about("sagemaker") else (LOGS,))}


def regions_of(lists: Sequence[Lists], shut: Iterable[ClosedRegion]) -> Regions:
    """How far each region was read."""
    return Regions(
        answered=tuple(sorted(one.region for one in lists if not one.sagemaker_gaps)),
        closed=tuple(sorted(shut, key=lambda one: one.region)),
        unread=tuple(sorted(one.region for one in lists if one.sagemaker_gaps)),
    )
