"""An account of the practice cloud, watched while its lesson is done."""

import itertools
from dataclasses import replace
from unittest.mock import Mock

import pytest

from simulator.students.steps import (
    create_instance,
    deploy,
    make_bucket,
    make_instance,
    make_role,
    tear_down,
    train,
    use_jupyter,
)
from skymark.errors import UsageError
from skymark.gradebook.book import Gradebook
from skymark.watch.steps import is_done
from skymark.watch.watching import watching


def outcomes(seen) -> dict[str, str]:
    """Outcomes by criterion."""
    return {one.id: str(one.outcome) for one in seen.result.criteria}


def newly(seen) -> set[str]:
    """What is shown as passed by this poll, and was not before."""
    return {one.criterion.id for one in seen.changes if one.criterion.outcome == "passed"}


def test_each_step_is_shown_by_the_first_poll_after_it_is_done(watched, practice_account, clock, tmp_path):
    """From nothing to a clean end; then it ends by itself, and all that was seen is written down."""
    role, job, endpoint = [], [], []
    lesson = (
        (lambda: make_bucket(practice_account), {"bucket.name", "bucket.private"}),
        (lambda: role.append(make_instance(practice_account)), {"instance.name", "instance.in_service", "role.scoped"}),
        (lambda: use_jupyter(practice_account), {"notebook.created", "notebook.executed", "notebook.uploaded"}),
        (lambda: job.append(train(practice_account, role[0])), {"training.completed", "training.output"}),
        (lambda: endpoint.append(deploy(practice_account, job[0])), {"endpoint.in_service", "endpoint.prediction"}),
        (lambda: tear_down(practice_account), {"teardown.instance", "teardown.endpoint"}),
    )
    book = tmp_path / "book.sqlite3"
    polls = watching(watched(book=book), every_s=5, rest=clock.rest, clock=clock)
    assert outcomes(next(polls))["bucket.name"] == "pending"

    for step, shown in lesson:
        clock.meanwhile.append(step)
        assert shown <= newly(next(polls))
    rest = list(itertools.islice(polls, 20))

    assert rest[-1].is_done
    assert is_done(rest[-1].result)
    with Gradebook(book) as written:
        number = practice_account.number
        proved = {one.criterion for one in written.known(number, "sagemaker-intro").proofs}
    assert proved >= {"endpoint.in_service", "endpoint.prediction", "notebook.uploaded", "training.output"}


def test_ten_idle_minutes_stay_far_under_what_aws_throttles(watched, practice_account, clock, calls):
    """An instance that nobody uses; AWS answers two lookups a second, and some five of the others, in each region."""
    make_instance(practice_account)
    account = watched()
    calls.clear()

    polls = watching(account, every_s=5, rest=clock.rest, clock=clock)
    list(itertools.takewhile(lambda _: clock.now < 600, polls))

    a_second = {key: count / 600 for key, count in calls.items()}
    assert max(a_second.values()) < 0.5
    assert max(rate for (call, _), rate in a_second.items() if call == "cloudtrail:LookupEvents") < 0.1
    assert sum(calls.values()) / 600 < 3
    assert {one.id: one.outcome for one in account.result.criteria}["instance.name"] == "passed"


def test_what_is_met_is_not_glanced_at_any_more(watched, practice_account, calls):
    """The log is asked only while something is to be seen in it."""
    account = watched()
    account.glance()
    before = calls["logs:FilterLogEvents", "us-east-1"]
    make_instance(practice_account)
    use_jupyter(practice_account)
    account.look_near(predict=False)
    calls.clear()

    account.glance()

    assert before > 0
    assert calls["logs:FilterLogEvents", "us-east-1"] == 0
    assert calls["sagemaker:ListEndpoints", "us-east-1"] == 1


def test_what_is_done_in_another_region_is_followed_there(watched, practice_account, clock):
    """Buckets are listed for all regions at once, so the next look goes to where the bucket is."""
    elsewhere = replace(practice_account, region="us-west-2")
    polls = watching(watched(), every_s=5, rest=clock.rest, clock=clock)
    next(polls)

    clock.meanwhile.append(lambda: make_bucket(elsewhere))
    next(polls)
    clock.meanwhile.append(lambda: create_instance(elsewhere, make_role(elsewhere)))
    seen = next(polls)

    assert "instance.name" in newly(seen)
    assert seen.result.region == "us-west-2"


def test_an_endpoint_that_was_seen_to_be_right_is_asked_no_more(watched, practice_account, calls):
    """Each time costs a little; it stays passed."""
    job = train(practice_account, make_instance(practice_account))
    deploy(practice_account, job)
    account = watched()
    asked = sum(count for (call, _), count in calls.items() if call.endswith(":InvokeEndpoint"))
    calls.clear()

    account.look_near(predict=True)
    account.look_everywhere()

    assert asked > 0
    assert not any(call.endswith(":InvokeEndpoint") for call, _ in calls)
    assert {one.id: one.outcome for one in account.result.criteria}["endpoint.prediction"] == "passed"


def test_what_is_newly_met_is_written_down_at_once(watched, practice_account, tmp_path):
    """Once; it may be deleted before the next look everywhere."""
    book = tmp_path / "book.sqlite3"
    account = watched(book=book)
    make_bucket(practice_account)
    account.look_near(predict=False)

    account.keep()

    with Gradebook(book) as written:
        assert len(written.attempts()) == 2
        assert "bucket.name" in {
            one.criterion for one in written.known(practice_account.number, "sagemaker-intro").proofs
        }


def test_what_ctrl_c_kept_from_being_written_down_is_written_down_at_the_end(
    watched, practice_account, tmp_path, monkeypatch
):
    """Grading takes a second or two; whoever ends it then has seen what was found."""
    book = tmp_path / "book.sqlite3"
    account = watched(book=book)
    make_bucket(practice_account)
    with monkeypatch.context() as interrupted:
        interrupted.setattr(Gradebook, "record", Mock(side_effect=KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            account.look_everywhere()

    account.keep()

    with Gradebook(book) as written:
        known = written.known(practice_account.number, "sagemaker-intro")
    assert "bucket.name" in {one.criterion for one in known.proofs}
    assert {one.id: one.outcome for one in account.result.criteria}["bucket.name"] == "passed"


def test_another_account_than_the_one_that_is_meant_is_not_watched(watched):
    """Nothing is asked of it."""
    with pytest.raises(UsageError, match="not 111122223333"):
        watched(expected="111122223333")
