"""Whole accounts: done well, empty, torn down."""

TO_DO = {"teardown.instance": "pending", "teardown.endpoint": "pending", "teardown.tidy": "pending"}


def test_the_lesson_done_well_passes_everything_but_the_teardown(good, outcomes):
    """Before the teardown only the teardown is to do, and it is no mistake."""
    found = outcomes(good)

    assert len(found) == 23
    assert {id: outcome for id, outcome in found.items() if outcome != "passed"} == TO_DO


def test_final_fails_exactly_the_teardown_of_a_good_account(good, outcomes):
    """With --final the teardown that was not done is a mistake; tidying away is still only advice."""
    found = outcomes(good, final=True)

    assert {id: outcome for id, outcome in found.items() if outcome != "passed"} == {
        "teardown.instance": "failed",
        "teardown.endpoint": "failed",
        "teardown.tidy": "pending",
    }


def test_an_empty_account_passes_nothing_but_its_access_and_shows_no_red(empty, outcomes):
    """Nothing was done: something to do, or waiting for it, never a mistake and never a pass."""
    found = outcomes(empty)

    assert found.pop("account.access") == "passed"
    assert {id for id, outcome in found.items() if outcome == "pending"} == {
        "bucket.name",
        "instance.name",
        "training.completed",
    }
    assert set(found.values()) == {"pending", "blocked"}


def test_an_empty_account_is_blocked_by_the_first_unmet_criterion_in_rubric_order(empty, verdicts):
    """A region needs a bucket and an instance; the bucket comes first."""
    found = verdicts(empty)

    assert found["bucket.region"].blocked_by == "bucket.name"
    assert found["instance.type"].blocked_by == "instance.name"
    assert found["endpoint.prediction"].blocked_by == "training.completed"
    assert found["teardown.instance"].blocked_by == "instance.name"
    assert found["teardown.endpoint"].blocked_by == "training.completed"


def test_under_final_an_absence_is_unverified_while_a_trace_was_not_read(empty, verdicts):
    """CloudTrail's event history could show a bucket that is gone, and it was not read."""
    found = verdicts(empty, final=True)

    assert {str(verdict.outcome) for id, verdict in found.items() if id != "account.access"} == {"unverified"}
    assert "could still show in CloudTrail's event history" in found["bucket.name"].message


def test_nobody_is_marked_down_for_tearing_down(torn_down, outcomes):
    """What is gone is judged by its traces or is unverified; nothing turns red."""
    for final in (False, True):
        found = outcomes(torn_down, final=final)

        assert "failed" not in found.values()
        assert {found[id] for id in ("teardown.instance", "teardown.endpoint", "teardown.everywhere")} == {"passed"}
        assert {found[id] for id in ("instance.name", "instance.in_service", "notebook.executed")} == {"passed"}
        assert {found[id] for id in ("instance.type", "endpoint.in_service", "endpoint.prediction")} == {"unverified"}


def test_traces_are_named_as_the_source(torn_down, verdicts):
    """The report tells what was seen live and what only left a trace."""
    found = verdicts(torn_down)

    assert (found["instance.name"].source, found["bucket.name"].source) == ("trace", "live")
