"""Several students in one account: nobody is marked by what another did, nor for what nobody is known to have done."""

import itertools
from collections.abc import Callable

import msgspec
import pytest
from msgspec.structs import replace

from skymark.caller import mark_of, role_mark
from skymark.callers_apart import LISTED_BY, of_caller
from skymark.cause import NOT_TOLD, Cause
from skymark.evidence import (
    Bucket,
    Domain,
    Endpoint,
    EndpointConfig,
    EndpointLog,
    Event,
    Gap,
    HistoryRead,
    JupyterLog,
    LogLine,
    Model,
    NotebookInstance,
    Resource,
    Survey,
    TrainingJob,
)
from skymark.lives import ABOUT, MAKING
from skymark.outcome import Outcome, Verdict
from skymark.survey.history import OF_ENDPOINTS, OF_INSTANCES, OF_MAKING
from tests.conftest import ACCOUNT, BUCKET, ENDPOINT, JOB, ROLE, at

Judge = Callable[..., dict[str, Verdict]]

ANA, BO = mark_of(ACCOUNT, "ana"), mark_of(ACCOUNT, "bo")
CODE = role_mark(ROLE.rpartition("/")[2])
BOS_ROLE = ROLE.replace("182197", "183000")
BOS_CODE = role_mark(BOS_ROLE.rpartition("/")[2])
ALWAYS = {"account.access"}
"""What passes for everybody who has an account."""

MADE = (
    Event("CreateBucket", at("18:20"), "us-east-1", BUCKET, by=ANA),
    Event("CreateNotebookInstance", at("18:22"), "us-east-1", "sm-test", role_arn=ROLE, by=ANA),
    Event("CreatePresignedNotebookInstanceUrl", at("18:30"), "us-east-1", "sm-test", by=ANA),
    Event("CreateTrainingJob", at("18:40"), "us-east-1", JOB, role_arn=ROLE, by=CODE),
    Event("CreateEndpoint", at("18:46"), "us-east-1", ENDPOINT, refers_to=("config-of-its-own-name",), by=CODE),
)
BOS = (
    Event("CreateBucket", at("18:10"), "us-east-1", "sagemaker-20190701-1810", by=BO),
    Event("CreateNotebookInstance", at("18:11"), "us-east-1", "sm-bo", role_arn=BOS_ROLE, by=BO),
    Event("CreateTrainingJob", at("18:15"), "us-east-1", "linear-learner-bo", role_arn=BOS_ROLE, by=BOS_CODE),
    Event("CreateEndpoint", at("18:16"), "us-east-1", "bos", refers_to=("bos",), by=BOS_CODE),
)


def told(survey: Survey, *events: Event) -> Survey:
    """The survey with these events, oldest first, and nothing of the history that was not read."""
    names = dict.fromkeys((*OF_MAKING, *OF_INSTANCES, *OF_ENDPOINTS, *ABOUT["CreateBucket"]))
    read = tuple(HistoryRead(name, region, at("00:00")) for name in names for region in survey.regions.answered)
    return replace(survey, events=tuple(sorted(events, key=lambda one: one.at)), history=read)


def with_bos(survey: Survey) -> Survey:
    """The survey with what another student made beside it, and left."""
    instance, job, endpoint = survey.notebook_instances[:1], survey.training_jobs[:1], survey.endpoints[:1]
    return replace(
        survey,
        notebook_instances=(
            *instance,
            NotebookInstance("sm-bo", "us-east-1", "InService", "ml.p3.2xlarge", at("18:11"), role_arn=BOS_ROLE),
        ),
        training_jobs=(
            *job,
            TrainingJob("linear-learner-bo", "us-east-1", "Failed", at("18:15"), image="x/linear-learner:1"),
        ),
        endpoints=(*endpoint, Endpoint("bos", "us-east-1", "InService", at("18:16"), config_name="bos")),
        endpoint_configs=(*survey.endpoint_configs, EndpointConfig("bos", "us-east-1", at("18:16"), ())),
        models=(*survey.models, Model("bos", "us-east-1", at("18:16"), None, None, BOS_ROLE)),
        buckets=(Bucket("sagemaker-20190701-1810", at("18:10"), "us-east-1", looked_into=True), *survey.buckets),
    )


@pytest.fixture
def shared(good: Survey) -> Survey:
    """Two students in one account: Ana has done all well, Bo has done half of it."""
    return told(with_bos(good), *MADE, *BOS)


def outcomes_of(verdicts: dict[str, Verdict]) -> dict[str, str]:
    """Outcomes by criterion, as words, but for what costs nothing and no point."""
    return {id: str(one.outcome) for id, one in verdicts.items() if id != "teardown.tidy"}


@pytest.mark.parametrize("final", [False, True])
def test_in_a_shared_account_a_student_has_the_verdicts_of_one_alone(
    good: Survey, shared: Survey, verdicts: Judge, final: bool
) -> None:
    """Whatever another made, did wrong or left."""
    alone = verdicts(told(good, *MADE), final=final)

    assert outcomes_of(verdicts(of_caller(shared, "ana"), final=final)) == outcomes_of(alone)


@pytest.mark.parametrize("final", [False, True])
def test_another_student_s_leftovers_are_not_this_one_s(torn_down: Survey, verdicts: Judge, final: bool) -> None:
    """A GPU that Bo left takes nothing from Ana."""
    deleted = (
        Event("DeleteNotebookInstance", at("18:58"), "us-east-1", "sm-test", by=ANA),
        Event("DeleteEndpoint", at("18:58"), "us-east-1", ENDPOINT, by=CODE),
    )
    bos = with_bos(torn_down)
    seen = replace(
        bos,
        notebook_instances=bos.notebook_instances[-1:],
        endpoints=bos.endpoints[-1:],
    )

    found = outcomes_of(verdicts(of_caller(told(seen, *MADE, *deleted, *BOS), "ana"), final=final))

    assert {id: one for id, one in found.items() if id.startswith("teardown.")} == {
        "teardown.instance": "passed",
        "teardown.endpoint": "passed",
        "teardown.everywhere": "passed",
    }


@pytest.mark.parametrize("final", [False, True])
def test_nobody_passes_by_what_another_did(good: Survey, verdicts: Judge, final: bool) -> None:
    """Bo has made a role and nothing else."""
    seen = told(good, *MADE, Event("CreateRole", at("18:00"), "us-east-1", "mine", by=BO))

    found = outcomes_of(verdicts(of_caller(seen, "bo"), final=final))

    assert {id for id, one in found.items() if one == "passed"} == ALWAYS


@pytest.mark.parametrize("final", [False, True])
@pytest.mark.parametrize("name", ["anna", "", "student"])
def test_a_name_by_which_nothing_was_done_is_unverified_everywhere(
    shared: Survey, verdicts: Judge, name: str, final: bool
) -> None:
    """It may be misspelt: neither failed nor passed, and the gap says where to look."""
    seen = of_caller(shared, name)
    found = verdicts(seen, final=final)

    wrong = {id: one.outcome for id, one in found.items() if one.outcome in (Outcome.FAILED, Outcome.PASSED)}
    assert set(wrong) == ALWAYS
    assert {one.cause for one in found.values() if one.outcome is Outcome.UNVERIFIED} == {Cause.RECORDS}
    assert not {str(one.outcome) for one in found.values()} & {"pending", "failed"}
    assert all("roster" in gap.advice for gap in seen.gaps)


def test_case_and_blanks_of_a_name_do_not_matter(shared: Survey) -> None:
    """As IAM's own."""
    assert of_caller(shared, " Ana ") == of_caller(shared, "ana")


def untold(event: Event) -> Event:
    """The same, and nobody tells who did it."""
    return replace(event, by=None)


@pytest.mark.parametrize("which", [*itertools.combinations(range(len(MADE)), 1), tuple(range(1, len(MADE)))])
@pytest.mark.parametrize("change", ["by nobody", "not recorded"])
def test_what_nobody_can_be_said_to_have_made_fails_nobody(
    good: Survey, verdicts: Judge, which: tuple[int, ...], change: str
) -> None:
    """With the deadline over, too: whatever passed either still does or is unverified (or waits for that)."""
    before = verdicts(told(good, *MADE), final=True)
    events = [untold(one) if at_ in which else one for at_, one in enumerate(MADE)]
    if change == "not recorded":
        events = [one for one in events if one.by is not None]
    seen = of_caller(told(good, *events, Event("CreateRole", at("18:00"), "us-east-1", "mine", by=ANA)), "ana")

    found = verdicts(seen, final=True)

    worse = {id: str(one.outcome) for id, one in found.items() if one.outcome is Outcome.FAILED}
    assert worse.keys() <= {id for id, one in before.items() if one.outcome is Outcome.FAILED}


def test_a_leftover_of_nobody_known_makes_the_teardown_unverified(torn_down: Survey, verdicts: Judge) -> None:
    """It is somebody's, and may be this student's."""
    left = with_bos(torn_down)
    seen = replace(left, notebook_instances=left.notebook_instances[-1:], endpoints=left.endpoints[-1:])
    deleted = Event("DeleteNotebookInstance", at("18:58"), "us-east-1", "sm-test", by=ANA)

    found = verdicts(of_caller(told(seen, *MADE, deleted, *map(untold, BOS)), "ana"), final=True)

    both = (found["teardown.instance"], found["teardown.endpoint"])
    assert [(one.outcome, one.cause) for one in both] == [(Outcome.UNVERIFIED, Cause.RECORDS)] * 2


def test_what_the_student_left_counts_though_somebody_else_s_is_untold(shared: Survey, verdicts: Judge) -> None:
    """A leftover that is known decides."""
    events = (*MADE, *map(untold, BOS))

    found = verdicts(of_caller(replace(shared, events=events), "ana"), final=True)

    assert found["teardown.instance"].outcome is Outcome.FAILED


@pytest.mark.parametrize(("type", "making"), MAKING.items())
def test_whatever_bills_and_was_made_by_the_student_counts(good: Survey, type: str, making: str) -> None:
    """And of nobody else."""
    resources = (Resource("sagemaker", type, "mine", "us-east-1"), Resource("sagemaker", type, "bos", "us-east-1"))
    made = (
        Event(making, at("18:50"), "us-east-1", "mine", by=ANA),
        Event(making, at("18:50"), "us-east-1", "bos", by=BO),
    )

    seen = of_caller(told(replace(good, resources=resources), *MADE, *made), "ana")

    assert [one.id for one in seen.resources] == ["mine"]
    assert seen.gaps == ()


@pytest.mark.parametrize(
    ("type", "service", "calls"),
    [
        ("nat-gateway", "ec2", ["ListProcessingJobs", "ListExperiments"]),
        ("log-group", "logs", ["ListExperiments"]),
        ("instance", "ec2", ["ListExperiments"]),
    ],
)
def test_of_what_no_event_is_read_only_what_bills_for_the_lesson_is_doubtful(
    good: Survey, type: str, service: str, calls: list[str]
) -> None:
    """Log groups are in every account: they must not hold up a teardown's points."""
    thing = Resource(service, type, "x", "us-east-1", status="available")

    seen = of_caller(told(replace(good, resources=(thing,)), *MADE), "ana")

    assert seen.resources == ()
    assert [gap.call for gap in seen.gaps] == calls


def test_others_models_configurations_and_domains_are_left_out(shared: Survey) -> None:
    """They are nothing for this student to tidy away."""
    domain = Domain("d-1", "bos", "us-east-1", "InService")

    seen = of_caller(replace(shared, domains=(domain,)), "ana")

    assert [one.name for one in seen.endpoint_configs] == ["config-of-its-own-name"]
    assert [one.name for one in seen.models] == ["model-of-its-own-name"]
    assert seen.domains == ()
    assert "ListExperiments" in {gap.call for gap in seen.gaps}


def refused(by: str | None, minute: int, code: str = "ResourceLimitExceeded") -> Event:
    """A making of an endpoint that AWS refused."""
    return Event("CreateEndpoint", at(f"18:{minute}"), "us-east-1", "e", error=code, message=code, by=by)


@pytest.mark.parametrize(
    ("by", "stays"),
    [(ANA, True), (CODE, True), (None, True), (BO, False), (BOS_CODE, False), (role_mark("nobodys"), True)],
)
def test_a_quota_excuses_whoever_it_refused(shared: Survey, by: str | None, stays: bool) -> None:
    """Code in the student's own notebook is the student; of who is not told, it may be."""
    one = refused(by, 45)

    seen = of_caller(replace(shared, events=(*shared.events, one)), "ana")

    assert (one in seen.events) is stays


def test_somebody_else_s_mistake_hides_no_excuse(shared: Survey) -> None:
    """The newest refusal of a kind decides: one of nobody known that excuses nothing is none of this student's."""
    events = (*shared.events, refused(CODE, 45), refused(None, 46, "ValidationException: role"))

    seen = of_caller(replace(shared, events=events), "ana")

    assert [one for one in seen.events if one.error] == [refused(CODE, 45)]


def test_code_in_a_role_that_two_students_notebooks_have_is_nobodys(shared: Survey) -> None:
    """The jobs and endpoints of such code are left out and unverified."""
    events = [replace(one, role_arn=ROLE) if one.resource == "sm-bo" else one for one in shared.events]

    for name in ("ana", "bo"):
        seen = of_caller(replace(shared, events=tuple(events)), name)

        assert not any(one.name in (JOB, ENDPOINT) for one in (*seen.training_jobs, *seen.endpoints))
        assert {"ListTrainingJobs", "ListEndpoints"} <= {gap.call for gap in seen.gaps if gap.code == NOT_TOLD}


def test_where_an_instances_role_is_not_known_no_role_tells_anything(shared: Survey) -> None:
    """It may be any."""
    instances = [replace(one, role_arn=None) if one.name == "sm-bo" else one for one in shared.notebook_instances]
    events = [replace(one, role_arn=None) if one.resource == "sm-bo" else one for one in shared.events]

    seen = of_caller(replace(shared, notebook_instances=tuple(instances), events=tuple(events)), "ana")

    assert (seen.training_jobs, seen.endpoints) == ((), ())
    assert "ListTrainingJobs" in {gap.call for gap in seen.gaps}


@pytest.mark.parametrize("by", [BO, None, BOS_CODE])
def test_a_notebook_that_somebody_else_opened_tells_of_nobody(shared: Survey, verdicts: Judge, by: str | None) -> None:
    """Its instance is still the student's; what was done in it is unverified."""
    opened = Event("CreatePresignedNotebookInstanceUrl", at("18:33"), "us-east-1", "sm-test", by=by)

    found = verdicts(of_caller(replace(shared, events=(*shared.events, opened)), "ana"), final=True)

    assert found["instance.name"].outcome is Outcome.PASSED
    doubtful = ("notebook.created", "notebook.executed", "notebook.uploaded", "training.completed")
    assert {str(found[id].outcome) for id in doubtful} == {"unverified"}


def test_an_instance_that_code_made_is_nobodys(shared: Survey) -> None:
    """A role is no person."""
    events = tuple(replace(one, by=BOS_CODE) if one.resource == "sm-test" else one for one in shared.events)

    for name in ("ana", "bo"):
        seen = of_caller(replace(shared, events=events), name)

        assert "sm-test" not in {one.name for one in seen.notebook_instances} or name == "bo"
        assert not seen.training_jobs or name == "bo"


@pytest.mark.parametrize("deletion_is_told", [True, False])
def test_a_log_of_two_instances_of_a_name_is_cut_in_two(good: Survey, deletion_is_told: bool) -> None:
    """Jupyter's log goes on under the name; each student has the lines of their own, whoever deleted what."""
    lines = tuple(LogLine(at(clock), "kernel") for clock in ("18:05", "18:31"))
    log = JupyterLog("sm-test", "us-east-1", at("18:04"), at("18:31"), lines)
    deleted = Event("DeleteNotebookInstance", at("18:15"), "us-east-1", "sm-test", by=BO)
    made = Event("CreateNotebookInstance", at("18:00"), "us-east-1", "sm-test", role_arn=BOS_ROLE, by=BO)
    events = (made, *((deleted,) if deletion_is_told else ()), *MADE)
    seen = told(replace(good, jupyter_logs=(log,)), *events)

    (bos,), (anas,) = of_caller(seen, "bo").jupyter_logs, of_caller(seen, "ana").jupyter_logs

    assert (bos.lines, bos.began_at, bos.ended_at) == (lines[:1], at("18:04"), at("18:05"))
    assert (anas.lines, anas.began_at, anas.ended_at) == (lines[1:], at("18:31"), at("18:31"))


def test_a_log_that_could_not_be_read_of_two_students_is_neither_s(good: Survey) -> None:
    """That it is there shows that one of the two worked in it."""
    made = Event("CreateNotebookInstance", at("18:00"), "us-east-1", "sm-test", role_arn=BOS_ROLE, by=BO)
    log = JupyterLog("sm-test", "us-east-1", at("18:04"), at("18:31"), None)

    seen = told(replace(good, jupyter_logs=(log,)), made, *MADE)

    assert of_caller(seen, "ana").jupyter_logs == of_caller(seen, "bo").jupyter_logs == ()


def test_an_endpoints_log_of_two_students_is_unverified(shared: Survey) -> None:
    """Its sum cannot be cut in two."""
    before = Event("CreateEndpoint", at("18:12"), "us-east-1", ENDPOINT, by=BOS_CODE)
    gone = Event("DeleteEndpoint", at("18:14"), "us-east-1", ENDPOINT, by=BOS_CODE)
    events = tuple(sorted((*shared.events, before, gone), key=lambda one: one.at))

    seen = of_caller(replace(shared, events=events), "ana")

    assert seen.endpoint_logs == ()
    assert ("FilterLogEvents", NOT_TOLD) in {(gap.call, gap.code) for gap in seen.gaps}


@pytest.mark.parametrize(("began", "calls"), [(at("18:50"), ["ListEndpoints"]), (at("18:50").replace(year=2018), [])])
def test_a_log_of_which_nothing_tells_yet_leaves_the_endpoint_open(good: Survey, began, calls: list[str]) -> None:
    """CloudTrail is up to 15 minutes late; of what is older than all it keeps it will never tell."""
    log = EndpointLog("new", "us-east-1", began, 50)

    seen = of_caller(told(replace(good, endpoint_logs=(*good.endpoint_logs, log)), *MADE), "ana")

    assert [gap.call for gap in seen.gaps] == calls


def test_a_bucket_that_another_made_is_not_this_student_s_by_a_job_s_output(good: Survey, verdicts: Judge) -> None:
    """Nor is the student failed: AWS's records do not show what was agreed."""
    events = (replace(MADE[0], by=BO), *MADE[1:])
    seen = of_caller(told(good, *events), "ana")

    found = verdicts(seen, final=True)

    assert [(gap.call, gap.resource) for gap in seen.gaps] == [("ListBuckets", BUCKET)]
    assert {str(found[id].outcome) for id in ("bucket.name", "bucket.region", "bucket.private")} <= {
        "unverified",
        "blocked",
    }
    assert found["training.completed"].outcome is Outcome.PASSED


def test_a_studio_app_that_a_role_made_is_nobodys(good: Survey) -> None:
    """Studio acts in a role, which a notebook may have, too."""
    from skymark.evidence import App

    app = App("default", "us-east-1", "d-1", "JupyterLab", "InService", user_profile="x")
    made = Event("CreateApp", at("18:50"), "us-east-1", app.path, by=CODE)

    seen = of_caller(told(replace(good, apps=(app,)), *MADE, made), "ana")

    assert seen.apps == ()
    assert "ListApps" in {gap.call for gap in seen.gaps}


def test_a_survey_without_callers_tells_of_nobody(good: Survey, verdicts: Judge) -> None:
    """One that was saved before callers were read."""
    seen = told(good, *map(untold, MADE))

    assert set(LISTED_BY)
    assert {gap.code for gap in of_caller(seen, "ana").gaps} == {NOT_TOLD}
    assert {
        str(one.outcome) for id, one in verdicts(of_caller(seen, "ana"), final=True).items() if id not in ALWAYS
    } <= {
        "unverified",
        "blocked",
    }


def test_gaps_that_were_there_stay(shared: Survey) -> None:
    """A refusal of CloudTrail's is one for everybody."""
    gap = Gap("cloudtrail", "LookupEvents", "us-east-1", "AccessDeniedException", "Grant it.")

    assert gap in of_caller(replace(shared, gaps=(gap,)), "ana").gaps


def test_what_is_told_apart_is_a_survey_like_any_other(shared: Survey) -> None:
    """It can be saved and read again."""
    seen = of_caller(shared, "ana")

    assert msgspec.json.decode(msgspec.json.encode(seen), type=Survey) == seen
