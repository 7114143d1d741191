"""The six criteria of the notebook instance, and which instance is taken."""

import datetime as dt

import msgspec
import pytest

from skymark.evidence import App, Event, HistoryRead, LogLine
from skymark.grading import grade
from skymark.rubric_file import load_rubric
from skymark.survey.history import OF_INSTANCES
from skymark.window import ALWAYS, Window

REGIONS = ("eu-west-1", "us-east-1", "us-west-2")
ROLE = "arn:aws:iam::123456789012:role/service-role/AmazonSageMaker-ExecutionRole-20190701T182197"


def at(clock):
    """A time of the lesson's day."""
    return dt.datetime.fromisoformat(f"2019-07-01T{clock}:00+00:00")


@pytest.fixture
def by_time(lesson):
    """Grade a survey as of when everything had to be gone, or by a window; the criteria by id."""

    def run(survey, due=None, window=ALWAYS):
        result = grade(survey, load_rubric(lesson, "sagemaker-intro"), lesson, final=True, due=due, window=window)
        return {one.id: one for one in result.criteria}

    return run


@pytest.mark.criterion("instance.name")
def test_a_misnamed_instance_fails_only_its_name(good, changed, difference, verdicts):
    """Every other criterion is judged on the one that is there."""
    survey = changed(changed(good, "notebook_instances", name="smtest"), "jupyter_logs", instance="smtest")

    assert difference(survey) == {"instance.name": "failed"}
    assert verdicts(survey)["instance.name"].message == (
        "the notebook instance is called smtest, it should be called sm-test"
    )


@pytest.mark.criterion("instance.name")
def test_no_instance_in_a_readable_account_is_pending_and_blocks(good, outcomes):
    """Not there yet: nothing red, and what hangs on it waits."""
    found = outcomes(msgspec.structs.replace(good, notebook_instances=(), jupyter_logs=()))

    assert found["instance.name"] == "pending"
    assert {found[id] for id in ("instance.type", "instance.in_service", "notebook.created")} == {"blocked"}


@pytest.mark.criterion("instance.name")
def test_no_instance_but_an_unread_region_is_unverified(good, denied, outcomes):
    """It may be there."""
    survey = msgspec.structs.replace(good, notebook_instances=(), jupyter_logs=())
    found = outcomes(denied(survey, "sagemaker", "ListNotebookInstances", "eu-west-1"))

    assert {found[id] for id in ("instance.name", "instance.type", "notebook.created", "teardown.instance")} == {
        "unverified"
    }


@pytest.mark.criterion("instance.name")
def test_a_misnamed_instance_beside_an_unread_region_is_unverified(good, changed, denied, difference):
    """The one with the right name may be where nobody could look."""
    survey = changed(changed(good, "notebook_instances", name="smtest"), "jupyter_logs", instance="smtest")
    survey = denied(survey, "sagemaker", "ListNotebookInstances", "eu-west-1")

    assert difference(survey) == {"instance.name": "unverified"}


@pytest.mark.criterion("instance.name")
def test_the_exact_name_wins_over_a_newer_one(good, verdicts):
    """Fields of two instances are never mixed."""
    newer = msgspec.structs.replace(
        good.notebook_instances[0], name="sm-test-2", instance_type="ml.m5.xlarge", created_at=good.surveyed_at
    )
    found = verdicts(msgspec.structs.replace(good, notebook_instances=(newer, *good.notebook_instances)))

    assert found["instance.name"].message == "sm-test"
    assert found["instance.type"].outcome == "passed"


@pytest.mark.criterion("instance.name")
def test_of_two_misnamed_instances_the_connected_one_is_taken(good, changed, verdicts):
    """The training job ran under its role."""
    survey = changed(changed(good, "notebook_instances", name="smtest"), "jupyter_logs", instance="smtest")
    other = msgspec.structs.replace(
        survey.notebook_instances[0], name="another", role_arn="arn:aws:iam::123456789012:role/Other",
        created_at=good.surveyed_at,
    )  # fmt: skip
    found = verdicts(msgspec.structs.replace(survey, notebook_instances=(other, *survey.notebook_instances)))

    assert "smtest" in found["instance.name"].message


@pytest.mark.criterion("instance.name")
def test_somebody_who_used_studio_is_told_so_at_once(good, verdicts):
    """The name fails; role and region are judged from the training job."""
    app = App("d-1", "JupyterLab", "default", "us-east-1", "InService", space="mine", instance_type="ml.t3.medium")
    survey = msgspec.structs.replace(good, notebook_instances=(), jupyter_logs=(), apps=(app,))
    found = verdicts(survey)

    assert found["instance.name"].outcome == "failed"
    assert "Studio" in found["instance.name"].message
    assert {str(found[id].outcome) for id in ("bucket.region", "role.trust", "role.scoped")} == {"passed"}
    assert {str(found[id].outcome) for id in ("instance.type", "instance.in_service")} == {"blocked"}


@pytest.mark.criterion("instance.type")
@pytest.mark.parametrize(("type", "expected"), [("ml.t3.medium", {}), ("ml.m5.xlarge", {"instance.type": "failed"})])
def test_the_type_is_the_lessons_or_its_stand_in(type, expected, good, changed, difference):
    """ml.t3.medium is accepted where ml.t2.medium is not to be had."""
    assert difference(changed(good, "notebook_instances", instance_type=type)) == expected


@pytest.mark.criterion("instance.accelerator")
def test_elastic_inference_fails(good, changed, difference):
    """None is wanted."""
    survey = changed(good, "notebook_instances", accelerator_types=("ml.eia2.medium",))

    assert difference(survey) == {"instance.accelerator": "failed"}


@pytest.mark.criterion("instance.root_access")
def test_disabled_root_access_fails(good, changed, difference):
    """Enabled is wanted."""
    assert difference(changed(good, "notebook_instances", root_access=False)) == {"instance.root_access": "failed"}


@pytest.mark.criterion("instance.root_access")
def test_what_describe_did_not_tell_is_unverified(good, changed, denied, difference):
    """The list still tells name, type and status."""
    survey = changed(good, "notebook_instances", root_access=None, accelerator_types=None, role_arn=None)
    survey = denied(survey, "sagemaker", "DescribeNotebookInstance", "us-east-1", resource="sm-test")

    assert difference(survey) == dict.fromkeys(
        ["role.trust", "role.scoped", "instance.accelerator", "instance.root_access", "instance.role"], "unverified"
    )


@pytest.mark.criterion("instance.role")
def test_a_role_of_another_account_fails(good, changed, difference):
    """An execution role of this account is wanted; a foreign role's policies cannot be read."""
    foreign = "arn:aws:iam::999988887777:role/Elsewhere"

    found = difference(changed(good, "notebook_instances", role_arn=foreign))

    assert found == {"instance.role": "failed", "role.trust": "unverified", "role.scoped": "unverified"}


@pytest.mark.criterion("instance.role")
def test_a_role_that_was_deleted_is_unverified_never_failed(good, difference):
    """Nobody is marked down for cleaning up too well."""
    survey = msgspec.structs.replace(good, roles=(), missing_roles=(good.roles[0].arn,))

    assert difference(survey, final=True) == dict.fromkeys(["role.trust", "role.scoped", "instance.role"], "unverified")


@pytest.mark.criterion("instance.in_service")
@pytest.mark.parametrize("status", ["InService", "Updating", "Stopping", "Stopped", "Deleting"])
def test_a_status_that_follows_in_service_shows_it(status, good, changed, outcomes):
    """Stopping too early to look does not cost the points."""
    survey = msgspec.structs.replace(changed(good, "notebook_instances", status=status), jupyter_logs=())

    assert outcomes(survey)["instance.in_service"] == "passed"


@pytest.mark.criterion("instance.in_service")
@pytest.mark.parametrize(
    ("status", "reason", "plain", "final"),
    [
        ("Pending", None, "pending", "unverified"),
        ("Failed", "Insufficient capacity for ml.t2.medium.", "pending", "unverified"),
        ("Failed", "Lifecycle Configuration script failed.", "failed", "failed"),
        ("Failed", None, "pending", "unverified"),
        ("Stopped", "The lifecycle script failed.", "failed", "failed"),
    ],
)
def test_what_is_aws_own_doing_never_fails(status, reason, plain, final, good, changed, outcomes):
    """AWS at work and AWS refusing are pending, and unverified in the end; the student's own script is a mistake."""
    survey = changed(good, "notebook_instances", status=status, failure_reason=reason)
    survey = msgspec.structs.replace(survey, jupyter_logs=())

    assert outcomes(survey)["instance.in_service"] == plain
    assert outcomes(survey, final=True)["instance.in_service"] == final


@pytest.mark.criterion("instance.in_service")
def test_jupyter_waits_for_an_instance_that_is_starting(good, changed, verdicts):
    """Nothing can be done in Jupyter before."""
    survey = msgspec.structs.replace(changed(good, "notebook_instances", status="Pending"), jupyter_logs=())
    found = verdicts(survey)

    assert {found[id].blocked_by for id in ("notebook.created", "notebook.executed", "notebook.uploaded")} == {
        "instance.in_service"
    }


@pytest.mark.criterion("instance.name")
def test_a_studio_app_of_another_time_is_not_the_lessons(good, outcomes):
    """It was made long before: the instance may just be gone."""
    old = good.surveyed_at.replace(year=2018)
    app = App("d-1", "JupyterLab", "default", "us-east-1", "InService", space="mine", created_at=old)
    survey = msgspec.structs.replace(good, notebook_instances=(), jupyter_logs=(), apps=(app,))

    assert outcomes(survey)["instance.name"] == "pending"
    assert outcomes(survey, final=True)["instance.name"] == "unverified"


@pytest.mark.criterion("instance.name")
def test_after_the_teardown_unread_logs_are_no_absence(good, denied, outcomes):
    """Only they would tell where the instance was."""
    survey = msgspec.structs.replace(good, notebook_instances=(), jupyter_logs=(), endpoints=())
    found = outcomes(denied(survey, "logs", "DescribeLogGroups", "us-east-1"))

    assert {found[id] for id in ("instance.name", "teardown.instance", "endpoint.in_service")} == {"unverified"}


@pytest.mark.criterion("instance.in_service")
def test_the_log_of_an_earlier_instance_of_that_name_shows_nothing(good, changed, outcomes):
    """Two things are never mixed, though both are called sm-test."""
    later = good.surveyed_at.replace(hour=18, minute=50)
    survey = changed(good, "notebook_instances", created_at=later, status="Failed", failure_reason="lifecycle script")

    assert {outcomes(survey)[id] for id in ("instance.in_service",)} == {"failed"}
    assert outcomes(survey)["notebook.created"] == "blocked"


@pytest.mark.criterion("instance.in_service")
@pytest.mark.parametrize("status", ["Stopped", "Deleting", "Failed"])
def test_a_refused_describe_is_no_missing_reason(status, good, changed, denied, outcomes):
    """A reason may stand where nobody could look."""
    survey = changed(good, "notebook_instances", status=status, role_arn=None, root_access=None)
    survey = msgspec.structs.replace(survey, jupyter_logs=())
    survey = denied(survey, "sagemaker", "DescribeNotebookInstance", "us-east-1", resource="sm-test")

    assert outcomes(survey, final=True)["instance.in_service"] == "unverified"


@pytest.mark.criterion("instance.type")
def test_another_sm_test_may_be_in_a_region_that_was_not_read(good, changed, denied, outcomes):
    """Names are unique in a region only; the job ran elsewhere."""
    survey = changed(good, "notebook_instances", region="us-west-2", instance_type="ml.m5.xlarge")
    survey = denied(survey, "sagemaker", "ListNotebookInstances", "us-east-1")

    assert outcomes(survey)["instance.type"] == "unverified"


@pytest.fixture
def told():
    """A survey whose event history tells this: each event is a name and a time, and whatever else it says."""

    def tell(survey, *events):
        return msgspec.structs.replace(
            survey,
            surveyed_at=at("20:00"),
            events=tuple(Event(name, at(time), "us-east-1", "sm-test", **more) for name, time, more in events),
            history=tuple(HistoryRead(name, region, at("00:00")) for name in OF_INSTANCES for region in REGIONS),
        )

    return tell


RIGHT = {"instance_type": "ml.t2.medium", "root_access": True, "role_arn": ROLE}
WRONG = {"instance_type": "ml.m5.xlarge", "root_access": False, "role_arn": ROLE}
FIRST = (("CreateNotebookInstance", "18:22", RIGHT), ("StopNotebookInstance", "18:53", {}))
GONE = ("DeleteNotebookInstance", "18:56", {})
INSTANCE = ("name", "type", "accelerator", "root_access", "role", "in_service")
OF_INSTANCE = [f"instance.{one}" for one in INSTANCE] + ["notebook.created", "notebook.executed", "notebook.uploaded"]


@pytest.fixture
def remade(good, torn_down, told):
    """The lesson done and torn down, then another instance of that name, which is wrong."""

    def make(*events, **fields):
        other = msgspec.structs.replace(
            good.notebook_instances[0],
            created_at=at("19:30"), instance_type="ml.m5.xlarge", root_access=False, **fields,
        )  # fmt: skip
        survey = msgspec.structs.replace(torn_down, notebook_instances=(other,))
        return told(survey, *FIRST, GONE, ("CreateNotebookInstance", "19:30", WRONG), *events)

    return make


@pytest.mark.criterion("instance.type")
@pytest.mark.parametrize("status", ["Pending", "InService", "Failed"])
def test_another_one_of_that_name_made_afterwards_replaces_nothing(status, remade, verdicts):
    """The training job was made while the first one lived."""
    found = verdicts(remade(status=status), final=True)

    assert {id: found[id].outcome for id in OF_INSTANCE} == dict.fromkeys(OF_INSTANCE, "passed")
    assert found["instance.type"].source == "trace"


@pytest.mark.criterion("instance.type")
def test_one_that_was_made_after_all_had_to_be_gone_is_none_of_the_lessons(remade, by_time):
    """Even where nothing was trained."""
    untrained = msgspec.structs.replace(remade(), training_jobs=(), models=(), endpoint_configs=(), endpoint_logs=())

    found = by_time(untrained, due=at("19:00"))

    assert {id: found[id].outcome for id in OF_INSTANCE} == dict.fromkeys(OF_INSTANCE, "passed")


@pytest.mark.criterion("instance.type")
def test_an_earlier_log_shows_the_lessons_where_the_later_one_was_made_too_late(remade, by_time):
    """What the event history would tell is unverified, and not taken from the later one."""
    survey = msgspec.structs.replace(remade(), events=(), history=())

    found = by_time(survey, due=at("19:00"))

    assert (found["instance.in_service"].outcome, found["notebook.created"].outcome) == ("passed", "passed")
    assert found["instance.type"].outcome == "unverified"
    assert "CloudTrail's event history was not read" in found["instance.type"].message


@pytest.mark.criterion("notebook.created")
def test_what_was_done_in_an_earlier_one_of_that_name_is_not_the_later_ones(good, torn_down, told, verdicts):
    """Jupyter's log goes on under the name; the lesson's instance is the one in which it was trained."""
    (log,) = good.jupyter_logs
    lines = (LogLine(at("17:31"), "created"), LogLine(at("18:32"), "kernel"))
    log = msgspec.structs.replace(log, began_at=at("17:26"), lines=lines)
    survey = msgspec.structs.replace(torn_down, jupyter_logs=(log,))
    earlier = (("CreateNotebookInstance", "17:22", RIGHT), ("DeleteNotebookInstance", "18:00", {}))

    found = verdicts(told(survey, *earlier, *FIRST, GONE), final=True)

    assert found["notebook.created"].outcome == "unverified"
    assert found["notebook.executed"].outcome == "passed"


@pytest.mark.criterion("instance.root_access")
@pytest.mark.parametrize(("time", "outcome"), [("18:30", "failed"), ("19:40", "passed")])
def test_only_what_was_changed_on_the_lessons_own_counts(time, outcome, remade, outcomes):
    """Not what was changed on another of its name."""
    survey = remade()
    change = Event("UpdateNotebookInstance", at(time), "us-east-1", "sm-test", root_access=False)
    events = tuple(sorted((*survey.events, change), key=lambda one: one.at))

    assert outcomes(msgspec.structs.replace(survey, events=events))["instance.root_access"] == outcome


@pytest.mark.criterion("instance.in_service")
def test_an_earlier_log_that_could_not_be_read_shows_nothing(good, changed, outcomes):
    """That it ended before this one was made is known all the same."""
    survey = changed(good, "notebook_instances", status="Failed", failure_reason="The lifecycle script failed.")
    survey = changed(survey, "jupyter_logs", began_at=at("08:00"), ended_at=at("09:00"), lines=None)

    assert outcomes(survey)["instance.in_service"] == "failed"


@pytest.mark.criterion("instance.type")
@pytest.mark.parametrize(("was_read", "words"), [(False, "was not read"), (True, "left no trace")])
def test_what_was_not_asked_for_has_not_left_no_trace(was_read, words, torn_down, told, verdicts):
    """Nobody is told that the history has nothing who was not looked up there."""
    survey = told(torn_down) if was_read else torn_down

    assert words in verdicts(survey)["instance.type"].message


@pytest.mark.criterion("instance.name")
def test_who_trained_in_the_lesson_on_an_instance_from_a_minute_before_is_not_marked_down(good, by_time):
    """The window may have been set a little late: nobody can tell, and an assistant can decide."""
    (instance,) = good.notebook_instances
    history = tuple(HistoryRead(name, region, at("00:00")) for name in OF_INSTANCES for region in REGIONS)
    survey = msgspec.structs.replace(good, history=history)
    late = Window(since=instance.created_at + dt.timedelta(minutes=1))

    assert by_time(survey, window=late)["instance.name"].outcome == "unverified"
    assert "made before the lesson" in by_time(survey, window=late)["instance.name"].message
