"""When to look, by what a glimpse tells."""

import dataclasses
import datetime as dt
import itertools

import pytest
from msgspec.structs import replace

from skymark.cause import Cause
from skymark.errors import CredentialsError
from skymark.evidence import Gap
from skymark.fault import Fault
from skymark.grading import grade
from skymark.lesson import Lesson
from skymark.outcome import Outcome
from skymark.rubric_file import load_rubric
from skymark.survey.glimpse import Glimpse, Told
from skymark.watch.watching import watching


@dataclasses.dataclass
class MadeUp:
    """An account that shows what a test wants, and notes how it was looked into."""

    result: object
    near: object = None
    everywhere: object = None
    glimpses: list = dataclasses.field(default_factory=list)
    looks: list = dataclasses.field(default_factory=list)
    works: bool = True
    fault: Fault = Fault.EXPIRED

    def glance(self):
        return self.glimpses.pop(0) if self.glimpses else Glimpse()

    def identify(self):
        if not self.works:
            raise CredentialsError("sign in again", fault=self.fault)

    def look_near(self, *, predict):
        self.looks.append(("near", predict))
        self.result = self.near or self.result

    def look_everywhere(self):
        self.looks.append("everywhere")
        self.result = self.everywhere or self.result


def told(*words, gaps=()):
    """A glimpse."""
    return Glimpse((Told("sagemaker:ListEndpoints", words),), gaps)


def refused(code):
    """A glimpse of which nothing was answered."""
    return Glimpse((), (Gap("sagemaker", "ListEndpoints", "us-east-1", code, "…"),))


@pytest.fixture
def graded(rubric, good, torn_down, empty):
    """Results by the name of the account's state."""
    by, lesson = load_rubric(Lesson.at(None), "sagemaker-intro"), Lesson.at(None)
    states = {"good": good, "torn_down": torn_down, "empty": empty}
    found = {name: grade(survey, by, lesson) for name, survey in states.items()}
    all_met = tuple(replace(one, outcome=Outcome.PASSED, cause=None) for one in found["torn_down"].criteria)
    return found | {"done": replace(found["torn_down"], criteria=all_met)}


@pytest.fixture
def polls(clock):
    """So many polls of an account."""
    return lambda account, many: list(
        itertools.islice(watching(account, every_s=5, rest=clock.rest, clock=clock), many)
    )


def test_while_nothing_changes_there_is_no_look(graded, polls, clock):
    """A minute long."""
    account = MadeUp(graded["empty"], glimpses=[told("a")] * 20)

    polls(account, 12)

    assert (account.looks, clock.now) == ([], 55)


def test_what_no_glimpse_can_tell_is_looked_for_now_and_then(graded, polls, clock):
    """Less and less often."""
    account = MadeUp(graded["empty"], glimpses=[told("a")] * 200)

    polls(account, 50)

    assert account.looks == [("near", False), ("near", False)]
    assert clock.now < 250


def test_a_change_is_looked_at_in_the_same_poll(graded, polls):
    """Then everywhere, but not at once again."""
    glimpses = [told("a"), told("a"), told("b"), *[told("b")] * 20]
    account = MadeUp(graded["empty"], near=graded["good"], glimpses=glimpses)

    _, idle, changed, *rest = polls(account, 12)

    assert account.looks[0] == ("near", True)
    assert not idle.changes
    assert "bucket.name" in {one.criterion.id for one in changed.changes}
    assert account.looks[1:] == ["everywhere"]
    assert [one.is_looking for one in rest].count(True) == 1


def test_that_all_is_done_is_only_said_of_all_regions(graded, polls):
    """A look near by is not enough; then it ends by itself."""
    account = MadeUp(graded["good"], near=graded["done"], everywhere=graded["good"], glimpses=[told("a"), told("b")])

    seen = polls(account, 4)
    account.everywhere = graded["done"]
    account.glimpses = [told("a"), told("b")]
    done = polls(account, 40)

    assert "everywhere" in account.looks
    assert not any(one.is_done for one in seen)
    assert [one.is_done for one in done] == [False] * (len(done) - 1) + [True]
    assert len(done) < 40


@pytest.mark.parametrize(
    ("code", "cause"), [("ThrottlingException", Cause.THROTTLED), ("ConnectTimeoutError", Cause.NETWORK)]
)
def test_where_aws_asks_to_go_slower_or_cannot_be_reached_it_is_left_alone_longer(graded, polls, clock, code, cause):
    """Twice as long each time, a minute at most; what was known before is compared when it answers again."""
    account = MadeUp(graded["empty"], glimpses=[told("a"), *[refused(code)] * 6, told("b")])

    seen = polls(account, 8)

    assert [one.hindered for one in seen] == [None, *[cause] * 6, None]
    assert clock.now == 5 + 10 + 20 + 40 + 60 + 60 + 60
    assert ("near", True) in account.looks


def test_credentials_that_are_over_end_it(graded, polls):
    """With what to do. As long as STS still knows them, it goes on."""
    account = MadeUp(graded["empty"], glimpses=[told("a"), refused("ExpiredToken")])
    polls(account, 3)
    account.glimpses, account.works = [told("a"), refused("ExpiredToken")], False

    with pytest.raises(CredentialsError, match="sign in again"):
        polls(account, 3)


def test_credentials_that_are_over_end_it_though_some_calls_need_not_be_made(graded, polls):
    """Nothing is asked about a bucket or a role that is not there yet, and so nothing is refused of it."""
    some = told("a", gaps=refused("ExpiredTokenException").gaps)
    account = MadeUp(graded["empty"], glimpses=[told("a"), some], works=False)

    with pytest.raises(CredentialsError, match="sign in again"):
        polls(account, 3)


def test_credentials_that_a_look_finds_to_be_over_end_it(graded, polls):
    """Where no glimpse asks for anything."""
    expired = replace(graded["empty"], gaps=refused("ExpiredToken").gaps)
    account = MadeUp(graded["empty"], near=expired, glimpses=[told("a"), told("b")], works=False)

    with pytest.raises(CredentialsError, match="sign in again"):
        polls(account, 3)


def test_where_not_even_sts_is_reached_it_goes_on(graded, polls):
    """Whether the keys are over is asked again then."""
    glimpses = [told("a"), refused("ExpiredToken"), told("a")]
    account = MadeUp(graded["empty"], glimpses=glimpses, works=False, fault=Fault.UNREACHABLE)

    assert len(polls(account, 3)) == 3


def test_what_a_look_did_not_reach_makes_no_glimpse_rarer(graded, polls, clock):
    """Nor does the page say so: a region that is out of order stays it."""
    unreached = replace(graded["good"], gaps=refused("ConnectTimeoutError").gaps)
    account = MadeUp(graded["empty"], near=unreached, glimpses=[told("a"), told("b"), *[told("b")] * 9])

    seen = polls(account, 4)

    assert ("near", True) in account.looks
    assert [one.hindered for one in seen] == [None] * 4
    assert clock.now == 15


def test_since_when_aws_is_at_work_is_kept(graded, polls):
    """As long as it is."""
    (first, *rest) = graded["good"].criteria
    waiting = replace(first, outcome=Outcome.PENDING, cause=Cause.AT_WORK)
    account = MadeUp(replace(graded["good"], criteria=(waiting, *rest)), glimpses=[told("a")] * 9)

    seen = polls(account, 3)

    assert {one.waiting[first.id] for one in seen} == {seen[0].at}
    assert seen[0].at <= dt.datetime.now(dt.UTC)
