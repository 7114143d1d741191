"""What was done in Jupyter, by its log or as handed in."""

import msgspec
import pytest

from skymark.evidence import HandedInNotebook, LogLine

NOTEBOOK = ["notebook.created", "notebook.executed", "notebook.uploaded"]
RUN = HandedInNotebook("mine.ipynb", "conda_python3", 3, 2)
NEVER_RUN = HandedInNotebook("mine.ipynb", "conda_python3", 3, 0)


@pytest.fixture
def without_log(good):
    """The good account in which Jupyter's log never arrived."""
    return msgspec.structs.replace(good, jupyter_logs=())


@pytest.mark.criterion("notebook.created")
def test_no_log_at_all_is_unverified(without_log, difference):
    """A log may be switched off or never arrive: that is no absence."""
    for final in (False, True):
        assert difference(without_log, final=final) == dict.fromkeys(NOTEBOOK, "unverified")


@pytest.mark.criterion("notebook.executed")
def test_a_log_that_covers_the_instances_life_proves_an_absence(good, changed, difference):
    """Pending while the lesson lasts, a failure in the end."""
    survey = changed(good, "jupyter_logs", lines=())

    assert difference(survey) == dict.fromkeys(NOTEBOOK, "pending")
    assert difference(survey, final=True) == dict.fromkeys(NOTEBOOK, "failed")


@pytest.mark.criterion("notebook.executed")
def test_a_log_that_began_late_proves_nothing(good, changed, difference):
    """What happened before it began cannot be known."""
    survey = changed(good, "jupyter_logs", lines=(), began_at=good.surveyed_at)

    assert difference(survey, final=True) == dict.fromkeys(NOTEBOOK, "unverified")


@pytest.mark.criterion("notebook.executed")
def test_a_log_that_was_refused_is_unverified(good, changed, denied, difference):
    """The permission that is missing is named."""
    survey = denied(changed(good, "jupyter_logs", lines=None), "logs", "FilterLogEvents", "us-east-1")

    assert difference(survey) == dict.fromkeys(NOTEBOOK, "unverified")


@pytest.mark.criterion("notebook.executed")
def test_a_notebook_that_is_handed_in_shows_that_it_was_made_and_run(without_log, verdicts):
    """It is marked as self-reported, and says nothing of an upload."""
    found = verdicts(msgspec.structs.replace(without_log, notebooks=(RUN,)))

    assert {(str(found[id].outcome), found[id].source) for id in NOTEBOOK[:2]} == {("passed", "handed-in")}
    assert found["notebook.uploaded"].outcome == "unverified"


@pytest.mark.criterion("notebook.executed")
def test_a_notebook_that_was_never_run_is_pending(without_log, outcomes):
    """There is something to do, no mistake."""
    found = outcomes(msgspec.structs.replace(without_log, notebooks=(NEVER_RUN,)))

    assert (found["notebook.created"], found["notebook.executed"]) == ("passed", "pending")


@pytest.mark.criterion("notebook.created")
def test_the_wrong_kernel_fails_where_the_file_is_the_evidence(without_log, good, outcomes):
    """Jupyter's log names no kernel, and the file may be of another notebook than the log's."""
    wrong = msgspec.structs.replace(RUN, kernel="conda_mxnet_p36")

    for survey, outcome in ((without_log, "failed"), (good, "passed")):
        found = outcomes(msgspec.structs.replace(survey, notebooks=(wrong,)))
        assert (found["notebook.created"], found["notebook.executed"]) == (outcome, "passed")


@pytest.mark.criterion("notebook.created")
@pytest.mark.parametrize("turned", [False, True])
def test_of_several_notebooks_the_one_with_the_wanted_kernel_is_judged(turned, without_log, verdicts):
    """In whatever order they are handed in; the report says which, and why."""
    wrong = HandedInNotebook("other.ipynb", "conda_mxnet_p36", 9, 9)
    both = (RUN, wrong) if turned else (wrong, RUN)

    created = verdicts(msgspec.structs.replace(without_log, notebooks=both))["notebook.created"]

    assert (str(created.outcome), created.message, created.source) == ("passed", "mine.ipynb", "handed-in")
    assert created.evidence == (
        "handed in: mine.ipynb, kernel conda_python3, 2 of 3 code cells were run; this one is judged: its kernel is "
        "conda_python3",
        "handed in: other.ipynb, kernel conda_mxnet_p36, 9 of 9 code cells were run",
    )


@pytest.mark.criterion("notebook.created")
def test_a_second_notebook_never_makes_the_mark_worse(without_log, verdicts):
    """One that names no kernel passed alone, so it passes beside one with a wrong kernel."""
    wrong = msgspec.structs.replace(RUN, kernel="conda_mxnet_p36")
    unnamed = msgspec.structs.replace(RUN, kernel=None)

    created = verdicts(msgspec.structs.replace(without_log, notebooks=(wrong, unnamed)))["notebook.created"]
    wrong_twice = verdicts(msgspec.structs.replace(without_log, notebooks=(wrong, wrong)))["notebook.created"]

    assert (str(created.outcome), str(wrong_twice.outcome)) == ("passed", "failed")
    assert created.evidence[0].endswith("; this one is judged: it names no other kernel")


@pytest.mark.criterion("notebook.executed")
def test_of_several_notebooks_the_one_in_which_most_was_run_is_judged(without_log, verdicts):
    """The numbers are all of that one."""
    more = HandedInNotebook("more.ipynb", "conda_mxnet_p36", 8, 5)

    executed = verdicts(msgspec.structs.replace(without_log, notebooks=(NEVER_RUN, more, RUN)))["notebook.executed"]

    assert (str(executed.outcome), executed.message) == (
        "passed",
        "code cells of more.ipynb that were run: 5 of 8",
    )
    assert executed.evidence[0].endswith(
        "more.ipynb, kernel conda_mxnet_p36, 5 of 8 code cells were run; this one is judged: in it most cells were run"
    )


@pytest.mark.criterion("notebook.uploaded")
def test_no_notebook_that_is_handed_in_shows_an_upload(without_log, outcomes):
    """However many there are, and whatever they are called."""
    uploaded = msgspec.structs.replace(RUN, file="portfolio_planner_part_2.ipynb")

    assert outcomes(msgspec.structs.replace(without_log, notebooks=(RUN, uploaded)))["notebook.uploaded"] == (
        "unverified"
    )


@pytest.mark.criterion("notebook.created")
def test_a_notebook_without_a_kernels_name_is_not_held_against_anybody(without_log, outcomes):
    """No evidence names a kernel."""
    unnamed = msgspec.structs.replace(RUN, kernel=None)

    assert outcomes(msgspec.structs.replace(without_log, notebooks=(unnamed,)))["notebook.created"] == "passed"


@pytest.mark.criterion("notebook.uploaded")
def test_an_upload_that_was_not_used_is_pending(good, changed, outcomes, difference):
    """It must be opened or saved; an opening may leave no line, so that it never fails for that."""
    lines = good.jupyter_logs[0].lines[:3]
    survey = changed(good, "jupyter_logs", lines=lines)

    assert difference(survey) == {"notebook.uploaded": "pending"}
    assert outcomes(survey, final=True)["notebook.uploaded"] == "unverified"


@pytest.mark.criterion("notebook.uploaded")
def test_a_kernel_right_after_the_upload_shows_that_it_was_opened(good, changed, difference):
    """Opening a notebook starts its kernel."""
    created, kernel, uploaded, saved = good.jupyter_logs[0].lines
    again = LogLine(saved.at, "kernel")

    assert difference(changed(good, "jupyter_logs", lines=(created, kernel, uploaded, again))) == {}


@pytest.mark.criterion("notebook.created")
def test_without_an_instance_jupyter_is_blocked_unless_a_notebook_is_handed_in(empty, outcomes, verdicts):
    """The file shows what the account cannot."""
    assert verdicts(empty)["notebook.created"].blocked_by == "instance.name"
    assert outcomes(msgspec.structs.replace(empty, notebooks=(RUN,)))["notebook.executed"] == "passed"


@pytest.mark.criterion("notebook.executed")
def test_handing_in_a_notebook_never_makes_the_mark_worse(without_log, good, changed, outcomes):
    """One that was not run proves nothing where the log is not there; where the log is, the log does."""
    handed_in = msgspec.structs.replace(without_log, notebooks=(NEVER_RUN,))
    with_log = msgspec.structs.replace(changed(good, "jupyter_logs", lines=()), notebooks=(NEVER_RUN,))

    assert outcomes(handed_in, final=True)["notebook.executed"] == "unverified"
    assert outcomes(with_log, final=True)["notebook.executed"] == "failed"


@pytest.mark.criterion("notebook.created")
def test_a_log_that_began_before_the_instance_covers_it_not(good, changed, outcomes):
    """It is of an earlier one, at least in part."""
    earlier = good.surveyed_at.replace(hour=10)
    survey = changed(good, "jupyter_logs", lines=(), began_at=earlier)

    assert outcomes(survey, final=True)["notebook.created"] == "unverified"
