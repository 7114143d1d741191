"""Looks in the background: whose turn it is, and how fast; then the threads themselves."""

import msgspec
import pytest

from skymark.board.progress import nothing_seen
from skymark.board.watching import EVERYWHERE, Rounds, accounts, is_throttled, narrowed
from skymark.cause import Cause
from skymark.evidence import Gap
from skymark.roster.entry import Entry, ProfileAccess, RoleAccess, SurveyAccess
from skymark.window import written_times

from .conftest import STEPS


@pytest.fixture
def rounds() -> Rounds:
    """Three students in three accounts, each once a minute; it has begun at 0."""
    begun = Rounds({"a": "1", "b": "2", "c": "3"}, 60)
    begun.begin(0)
    return begun


def taken(rounds: Rounds, now: float) -> list[str]:
    """Whose turn it is at one time, in their order."""
    return list(iter(lambda: rounds.take(now), None))


def looked(rounds: Rounds, student: str, now: float, *, throttled: bool = False, account: str | None = None) -> float:
    """After how long a student is looked at again who has just been looked at."""
    rounds.due.pop(student, None)
    rounds.put_back(student, now, throttled=throttled, account=account)
    return rounds.due[student] - now


def test_the_first_looks_are_spread_over_one_round(rounds):
    """A class of hundreds does not begin all at once."""
    assert {now: taken(rounds, now) for now in (0, 19, 20, 39, 40)} == {0: ["a"], 19: [], 20: ["b"], 39: [], 40: ["c"]}


def test_nobody_is_looked_at_twice_at_a_time(rounds):
    """Whoever is taken is not there until they are put back."""
    assert taken(rounds, 1000) == ["a", "b", "c"]
    assert rounds.next_at() is None

    rounds.put_back("b", 1000, throttled=False)

    assert (taken(rounds, 1059), taken(rounds, 1060)) == ([], ["b"])


def test_an_account_that_is_throttled_is_left_alone_twice_as_long_and_recovers_slowly(rounds):
    """Up to ten minutes, and never faster than asked for."""
    waits = [looked(rounds, "a", now * 1000, throttled=True) for now in range(5)]
    after = [looked(rounds, "a", (10 + now) * 1000) for now in range(10)]

    assert waits == [120, 240, 480, 600, 600]
    assert [round(wait) for wait in after] == [450, 338, 253, 190, 142, 107, 80, 60, 60, 60]


def test_a_throttled_account_slows_nobody_else_down(rounds):
    """Throttles are per account."""
    looked(rounds, "a", 0, throttled=True)

    assert looked(rounds, "b", 0) == 60


def test_students_of_one_account_slow_down_together(rounds):
    """Once a look has told that it is one."""
    looked(rounds, "b", 0, account="1")
    looked(rounds, "a", 10, throttled=True, account="1")

    assert rounds.due["b"] == 130
    assert looked(rounds, "b", 130, account="1") == 90


def test_a_pace_slower_than_ten_minutes_is_kept():
    """A back-off never makes it faster."""
    begun = Rounds({"a": "1"}, 1200)
    begun.begin(0)

    assert looked(begun, "a", 0, throttled=True) == 1200


def test_until_a_look_tells_accounts_are_known_by_the_roster():
    """A role names its account; two of one profile share it."""
    entries = (
        Entry("a", "", RoleAccess("arn:aws:iam::111111111111:role/Grader")),
        Entry("b", "", ProfileAccess("class")),
        Entry("c", "", SurveyAccess("c.json")),
    )

    assert accounts(entries) == {"a": "111111111111", "b": "profile class", "c": "student c"}


def test_throttled_is_who_aws_asked_to_go_slower(graded, trouble, good):
    """Whether a criterion hangs on it or not."""
    throttled = Gap("sagemaker", "ListApps", "us-east-1", "ThrottlingException", "Wait a minute.")
    denied = Gap("sagemaker", "ListApps", "us-east-1", "AccessDeniedException", "Grant it.")

    assert is_throttled(graded("a", msgspec.structs.replace(good, gaps=(throttled,))))
    assert is_throttled(trouble("a", Cause.THROTTLED))
    assert not is_throttled(graded("a", msgspec.structs.replace(good, gaps=(denied,))))
    assert not is_throttled(trouble("a"))


def test_a_look_goes_into_one_region(rubric):
    """The class's, or the student's own."""
    nothing = nothing_seen(STEPS)

    assert narrowed(rubric, Entry("a", ""), nothing, "us-east-1", 0).regions == ("us-east-1",)
    assert narrowed(rubric, Entry("a", "", region="eu-west-1"), nothing, "us-east-1", 0).regions == ("eu-west-1",)


def test_a_look_follows_what_was_found(rubric):
    """A bucket in one region, the instance in another."""
    seen = msgspec.structs.replace(nothing_seen(STEPS), regions=("us-west-2", "eu-west-1"))

    assert narrowed(rubric, Entry("a", ""), seen, "us-east-1", 4).regions == ("us-west-2", "eu-west-1")


def test_who_is_found_nowhere_is_looked_for_everywhere_once_in_a_while(rubric):
    """Each fifth look."""
    looks = [narrowed(rubric, Entry("a", ""), nothing_seen(STEPS), "us-east-1", looks).regions for looks in range(10)]

    assert [number for number, regions in enumerate(looks) if regions is None] == [EVERYWHERE - 1, 2 * EVERYWHERE - 1]


def test_a_rubric_s_own_regions_are_not_left(rubric):
    """Where the class may not work nobody looks."""
    own = msgspec.structs.replace(rubric, regions=("us-west-2",))

    assert narrowed(own, Entry("a", ""), nothing_seen(STEPS), "us-east-1", 0).regions == ("us-west-2",)


def test_nothing_is_judged_as_of_when_it_was_due(rubric):
    """That would be a whole history at each look."""
    due = msgspec.structs.replace(rubric, times=written_times("2026-11-24T10:00Z", None, "2026-11-24T18:00Z"))

    times = narrowed(due, Entry("a", ""), nothing_seen(STEPS), "us-east-1", 0).times

    assert (times.due, times.since) == (None, due.times.since)
