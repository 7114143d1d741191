"""The account that is watched: as AWS is asked about it, and as what was seen is graded."""

import datetime as dt
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Final

from skymark.checking import checked
from skymark.cost import PriceTable
from skymark.evidence import Bucket, Survey
from skymark.gradebook.merge import carried
from skymark.grading import grade
from skymark.lesson import Lesson
from skymark.look import expect
from skymark.result import Result
from skymark.rubric import Rubric
from skymark.samples import read_samples
from skymark.survey.clients import THREADS
from skymark.survey.connection import connect, identify
from skymark.survey.glimpse import Glimpse, Where, take_glimpse
from skymark.survey.scope import Pools
from skymark.survey.sweep import take_survey
from skymark.watch.refreshing import refreshed
from skymark.watch.steps import is_met, unmet_calls
from skymark.window import NO_TIMES, Times

INVOKES: Final = "sagemaker-runtime:InvokeEndpoint"
LATE: Final = dt.timedelta(minutes=15)
"""Lines of a log that are older were there at the first look."""


class Account:
    """One account while its lesson is done. Not safe for threads.

    Attributes:
        result: how it stands by the last look.
    """

    def __init__(
        self,
        lesson: Lesson,
        rubric: Rubric,
        *,
        profile: str | None = None,
        region: str | None = None,
        expected: str | None = None,
        predict: bool = True,
        times: Times = NO_TIMES,
        prices: PriceTable | None = None,
        book: Path | None = None,
        warn: Callable[[str], object],
    ) -> None:
        """Sign in, look into all regions, and write that down in `book`, None for nowhere.

        Raises:
            CredentialsError: AWS does not say whose account it is.
            UsageError: there is no such profile or region, or it is another account than the one that is expected.
        """
        self._rubric, self._times, self._book, self._warn = rubric, times, book, warn
        self._grade = functools.partial(grade, rubric=rubric, lesson=lesson, prices=prices)
        plan = rubric.survey
        self._samples = read_samples(lesson.root / plan.samples) if predict and plan.samples else None
        self._connection = connect(profile, region)
        self._identity = identify(self._connection)
        expect(self._identity, expected)
        self._calls = {one.id: one.calls for one in rubric.criteria}
        self._since = dt.datetime.now(dt.UTC) - LATE
        self._pools = Pools.made(THREADS)
        self._seen = self._survey(rubric.regions, predict=True)
        self._is_kept = True
        self.result = self._checked()

    def glance(self) -> Glimpse:
        """What a few calls tell of whatever is not met yet."""
        return take_glimpse(self._connection, self._where(), unmet_calls(self.result, self._calls))

    def identify(self) -> None:
        """Find out whether the credentials still work.

        Raises:
            CredentialsError: they do not, or STS cannot be reached (`Fault.UNREACHABLE`).
        """
        identify(self._connection)

    def look_everywhere(self) -> None:
        """Look into all regions, and write that down."""
        self._seen, self._is_kept = self._survey(self._rubric.regions, predict=self._is_still_to_predict()), False
        self.keep()

    def look_near(self, *, predict: bool) -> None:
        """Look only where the lesson is done; of all other regions what was seen last stands.

        What is newly met is written down at once: it may be deleted before all regions are looked into.
        """
        wanted = self._regions()
        allowed = tuple(one for one in wanted if self._rubric.regions is None or one in self._rubric.regions)
        near = self._survey(allowed or self._rubric.regions, predict=predict and self._is_still_to_predict())
        self._seen, self._is_kept = refreshed(self._seen, near), False
        met = self._met()
        self.result = carried(self._graded(self._seen, proved=met), self.result, self._rubric)
        if self._met() - met:
            self.keep()

    def keep(self) -> None:
        """Write down what was seen last, as a check, so that it still counts when it is deleted; once is enough."""
        if self._is_kept:
            return
        self.result = carried(self._checked(), self.result, self._rubric)
        self._is_kept = True  # not before: Ctrl-C may come in between

    def _survey(self, regions: tuple[str, ...] | None, *, predict: bool) -> Survey:
        window, _ = self._times.at(dt.datetime.now(dt.UTC))
        samples = self._samples if predict else None
        ends = self._times.due is not None
        return take_survey(
            self._connection,
            self._identity,
            self._rubric.survey,
            samples,
            regions,
            window=window,
            ends=ends,
            pools=self._pools,
        )

    def _checked(self) -> Result:
        window, _ = self._times.at(self._seen.surveyed_at)
        graded = self._graded
        return checked(self._seen, graded, graded, self._rubric, window, book=self._book, warn=self._warn)

    def _graded(self, survey: Survey, *, proved: frozenset[str] = frozenset()) -> Result:
        window, due = self._times.at(self._seen.surveyed_at)
        return self._grade(survey, window=window, due=due, proved=proved)

    def _is_still_to_predict(self) -> bool:
        """An endpoint is asked no more once it was seen to be right: each time costs a little."""
        return INVOKES in unmet_calls(self.result, self._calls)

    def _met(self) -> frozenset[str]:
        return frozenset(one.id for one in self.result.criteria if is_met(one))

    def _regions(self) -> tuple[str, ...]:
        """Where the lesson is done, where most of it is last; where nothing of it was found, at home."""
        found = tuple(dict.fromkeys(link.region for link in self.result.chain if link.region))
        return found or (self._connection.region,)

    def _where(self) -> Where:
        chain = {link.kind: link.id for link in self.result.chain}
        arns = (one.arn for one in self._seen.roles if one.name == chain.get("role"))
        bucket = self._bucket(chain.get("bucket"))
        return Where(self._regions()[-1], self._since, bucket, next(arns, None), self._rubric.survey)

    def _bucket(self, name: str | None) -> Bucket | None:
        return next((one for one in self._seen.buckets if one.name == name), None)
