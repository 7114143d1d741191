"""A rubric: what is asked for, and what it is worth. Only data: nothing in it is executed."""

from decimal import Decimal
from typing import Any

from skymark.evidence import Struct


class LinkTemplate(Struct):
    """A console page; `{region}`, `{bucket}`, … in `url` are filled from the judgement's places."""

    title: str
    url: str


class Warning(Struct):
    """What to say before the student does it, unless these criteria have passed."""

    unless: tuple[str, ...]
    text: str


class RubricCriterion(Struct):
    """One criterion. `parameters` are handed to the check's fixtures as they are."""

    id: str
    title: str
    stage: str
    points: Decimal
    hint: str
    parameters: dict[str, Any] = {}
    links: tuple[LinkTemplate, ...] = ()
    command: str | None = None
    warning: Warning | None = None

    @property
    def is_advice(self) -> bool:
        """Whether it is worth no points and so never changes the exit status."""
        return self.points == 0


class SurveyPlan(Struct):
    """What the survey looks into more closely.

    `buckets`: shell patterns of bucket names that may belong to the lesson (whatever a role or a job names is
    looked into anyway). `algorithm`: the repository name of the training image, `samples`: the file of sample
    digits, relative to the lesson; without them no endpoint is invoked.
    """

    buckets: tuple[str, ...] = ()
    algorithm: str | None = None
    samples: str | None = None


class Rubric(Struct):
    """A valid rubric, with what it extends already merged in. `regions` None means every region."""

    id: str
    version: str
    title: str
    criteria: tuple[RubricCriterion, ...]
    regions: tuple[str, ...] | None = None
    survey: SurveyPlan = SurveyPlan()
    learner_lab: bool = False

    def criterion(self, id: str) -> RubricCriterion | None:
        """The criterion of this id, None if the rubric has none."""
        return next((criterion for criterion in self.criteria if criterion.id == id), None)
