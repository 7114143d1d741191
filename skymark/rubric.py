"""A rubric: what is asked for, and what it is worth. Only data: nothing in it is executed."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Literal

import msgspec

from skymark.errors import UsageError
from skymark.evidence import Struct
from skymark.suggest import did_you_mean, one_of
from skymark.window import NO_TIMES, Times

Service = Literal["s3", "sagemaker"]
Setting = Literal["encryption", "lifecycle", "ownership", "policy", "tags", "website"]


class LinkTemplate(Struct, frozen=True):
    """A console page; `{region}`, `{bucket}`, … in `url` are filled from the judgement's places."""

    title: str
    url: str


class Warning(Struct, frozen=True):
    """What to say before the student does it, unless these criteria have passed."""

    unless: tuple[str, ...]
    text: str


class RubricCriterion(Struct, frozen=True):
    """One criterion.

    `expected` says what has to be there, `why` why that matters, `hint` what to do. `parameters` are handed to the
    check's fixtures as they are. `calls` are those of AWS that it is judged by, as `service:Operation`.
    """

    id: str
    title: str
    stage: str
    points: Decimal
    hint: str
    parameters: dict[str, Any] = msgspec.field(default_factory=dict)
    links: tuple[LinkTemplate, ...] = ()
    command: str | None = None
    warning: Warning | None = None
    calls: tuple[str, ...] = ()
    expected: str | None = None
    why: str | None = None

    @property
    def is_advice(self) -> bool:
        """Whether it is worth no points and so never changes the exit status."""
        return self.points == 0


class TimetableStep(Struct, frozen=True):
    """One step of the lesson: how long it takes, and the criteria that show who has done it, if anything does."""

    step: str
    minutes: int
    shown_by: tuple[str, ...] = ()


class SurveyPlan(Struct, frozen=True):
    """What the survey looks into more closely.

    `about`: the services that the lesson is about. What of the others is there is listed among what bills, and not
    followed any further; of a lesson about S3, buckets have to be gone in the end.
    `buckets`: shell patterns of bucket names that may belong to the lesson (whatever a role or a job of SageMaker's
    names is looked into anyway). `bucket`: the pattern of a right name, None for any of `buckets`: while one is there,
    nobody asks what became of others. `settings`: what is read of each besides the usual, `objects`: patterns of the
    keys of objects that are looked for, `*` and `?` being as in a policy.
    `algorithm`: the repository name of the training image, `samples`: the file of sample digits, relative to the
    lesson; without them no endpoint is invoked. `instance`: the name of the lesson's notebook instance: while that is
    there, nobody asks what became of others.
    """

    buckets: tuple[str, ...] = ()
    algorithm: str | None = None
    samples: str | None = None
    instance: str | None = None
    about: tuple[Service, ...] = ("sagemaker",)
    bucket: str | None = None
    settings: tuple[Setting, ...] = ()
    objects: tuple[str, ...] = ()

    def is_about(self, service: Service) -> bool:
        """Whether the lesson is about this service."""
        return service in self.about


class Quota(Struct, frozen=True):
    """One of AWS's quotas, by its name in Service Quotas and its code there; None: it has to be looked up."""

    name: str
    code: str | None = None


class QuotaNeed(Struct, frozen=True):
    """What the lesson needs of a service's quotas.

    `purpose` ends a sentence that begins "for". Any one of the quotas will do, if it is `at_least` so much; the first
    is the lesson's own.
    """

    service: str
    purpose: str = msgspec.field(name="for")
    any_of: tuple[Quota, ...]
    at_least: int = 1


class Rubric(Struct, frozen=True):
    """A valid rubric, with what it extends already merged in. `regions` None means every region.

    `learner_lab` says that it fits accounts of AWS Academy Learner Lab; `for_learner_labs` is another rubric of the
    lesson that does, by its name, None if this one does or there is none.
    """

    id: str
    version: str
    title: str
    criteria: tuple[RubricCriterion, ...]
    regions: tuple[str, ...] | None = None
    survey: SurveyPlan = SurveyPlan()
    timetable: tuple[TimetableStep, ...] = ()
    times: Times = NO_TIMES
    learner_lab: bool = False
    for_learner_labs: str | None = None
    quotas: tuple[QuotaNeed, ...] = ()

    def criterion(self, id: str) -> RubricCriterion | None:
        """The criterion of this id, None if the rubric has none."""
        return next((criterion for criterion in self.criteria if criterion.id == id), None)

    def refuse_unknown(self, ids: Iterable[str]) -> None:
        """Make sure that the rubric has these criteria.

        Raises:
            UsageError: it lacks some of them; all are named.
        """
        known = [criterion.id for criterion in self.criteria]
        sentences = (
            f'No criterion is called "{id}". {did_you_mean(id, known) or f"There are: {one_of(known)}."}'
            for id in ids
            if id not in known
        )
        if text := "\n".join(sentences):
            raise UsageError(text)
