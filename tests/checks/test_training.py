"""The training job and where it put the model."""

import msgspec
import pytest

from skymark.evidence import Event, TrainingLog

XGBOOST = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
AFTER_TRAINING = ["training.output", "endpoint.in_service", "endpoint.prediction"]


@pytest.fixture
def untrained(good):
    """The good account before anything was trained."""
    nothing = dict.fromkeys(
        ("training_jobs", "models", "endpoint_configs", "endpoints", "endpoint_logs", "invocations"), ()
    )
    return msgspec.structs.replace(good, **nothing)


@pytest.mark.criterion("training.completed")
def test_no_training_job_is_pending_and_blocks_what_follows(untrained, verdicts):
    """The model, the endpoint and its predictions wait for it."""
    found = verdicts(untrained)

    assert found["training.completed"].outcome == "pending"
    assert {found[id].blocked_by for id in AFTER_TRAINING} == {"training.completed"}


@pytest.mark.criterion("training.completed")
@pytest.mark.parametrize(
    ("change", "plain", "final"),
    [
        ({"status": "InProgress", "secondary_status": "Downloading"}, "pending", "unverified"),
        ({"status": "Stopping"}, "pending", "unverified"),
        ({"status": "Stopped"}, "failed", "failed"),
        ({"status": "Failed", "failure_reason": "ClientError: No S3 objects found under S3 URL"}, "failed", "failed"),
        ({"status": "Failed", "failure_reason": "AlgorithmError: feature_dim"}, "failed", "failed"),
        ({"status": "Failed", "failure_reason": "CapacityError: Unable to provision"}, "pending", "unverified"),
        ({"status": "Failed", "failure_reason": "InternalServerError: We encountered"}, "pending", "unverified"),
        ({"image": XGBOOST}, "failed", "failed"),
    ],
)
def test_a_job_that_did_not_complete(change, plain, final, good, untrained, changed, outcomes):
    """Its own mistakes fail; AWS at work or refusing never does."""
    job = msgspec.structs.replace(good.training_jobs[0], artifact_uri=None, **change)
    survey = msgspec.structs.replace(untrained, training_jobs=(job,))

    assert outcomes(survey)["training.completed"] == plain
    assert outcomes(survey, final=True)["training.completed"] == final


@pytest.mark.criterion("training.completed")
@pytest.mark.parametrize(
    ("status", "expected"),
    [("Failed", {}), ("Stopped", {}), ("InProgress", {"teardown.everywhere": "pending"})],
)
def test_a_later_job_takes_nothing_away(status, expected, good, difference):
    """Any completed one counts; one that still runs bills."""
    later = msgspec.structs.replace(
        good.training_jobs[0], name="later", status=status, artifact_uri=None, created_at=good.surveyed_at
    )

    assert difference(msgspec.structs.replace(good, training_jobs=(later, *good.training_jobs))) == expected


@pytest.mark.criterion("training.completed")
def test_a_tuning_jobs_child_counts(good, changed, difference):
    """It is a training job with the lesson's algorithm; its name does not matter."""
    survey = changed(good, "training_jobs", name="DEMO-ll-mni-001-0a1b2c3d", tuning_job_arn="arn:aws:sagemaker:tuning")

    assert difference(survey) == {}


@pytest.mark.criterion("training.completed")
def test_a_job_of_another_algorithm_from_before_the_lesson_is_no_mistake(good, untrained, outcomes):
    """It is older than the notebook instance."""
    old = msgspec.structs.replace(good.training_jobs[0], image=XGBOOST, created_at=good.surveyed_at.replace(year=2018))

    assert outcomes(msgspec.structs.replace(untrained, training_jobs=(old,)))["training.completed"] == "pending"


@pytest.mark.criterion("training.completed")
@pytest.mark.parametrize("call", ["ListTrainingJobs", "DescribeTrainingJob"])
def test_jobs_that_could_not_be_read_are_unverified(call, untrained, denied, outcomes):
    """So is everything that hangs on them."""
    found = outcomes(denied(untrained, "sagemaker", call, "us-west-2"))

    assert {found[id] for id in ("training.completed", *AFTER_TRAINING)} == {"unverified"}


@pytest.mark.criterion("training.output")
def test_the_default_bucket_is_as_good(good, changed, difference):
    """Newer versions of the notebook use it."""
    uri = "s3://sagemaker-us-east-1-123456789012/sagemaker/DEMO-linear-mnist/output/x/output/model.tar.gz"
    survey = changed(changed(good, "training_jobs", artifact_uri=uri), "models", artifact_uri=uri)

    assert difference(survey) == {}


@pytest.mark.criterion("training.output")
def test_a_bucket_that_is_not_the_lessons_fails(good, changed, difference):
    """The bucket with the right name is there, and the model is elsewhere."""
    uri = "s3://somewhere-else/output/model.tar.gz"
    survey = changed(changed(good, "training_jobs", artifact_uri=uri), "models", artifact_uri=uri)

    assert difference(survey) == {"training.output": "failed"}


@pytest.mark.criterion("training.output")
def test_the_object_itself_need_not_be_there_any_more(good, changed, difference):
    """The artifact counts by its URI."""
    assert difference(changed(good, "buckets", has_objects=False)) == {}


@pytest.mark.criterion("training.output")
def test_an_unknown_place_is_unverified(good, changed, outcomes):
    """Nobody knows where the model is."""
    assert outcomes(changed(good, "training_jobs", artifact_uri=None))["training.output"] == "unverified"


@pytest.mark.criterion("training.output")
def test_a_model_elsewhere_beside_an_unread_job_is_unverified(good, changed, denied, difference):
    """The job that was not read may have put its model where it belongs."""
    uri = "s3://somewhere-else/output/model.tar.gz"
    survey = changed(changed(good, "training_jobs", artifact_uri=uri), "models", artifact_uri=uri)
    survey = denied(survey, "sagemaker", "DescribeTrainingJob", "us-east-1", resource="another")

    assert difference(survey) == {"training.output": "unverified"}


@pytest.mark.criterion("training.completed")
def test_a_job_of_another_algorithm_in_a_lesson_that_has_not_begun_is_no_mistake(empty, good, outcomes):
    """It belongs to something else."""
    other = msgspec.structs.replace(good.training_jobs[0], image=XGBOOST)

    assert outcomes(msgspec.structs.replace(empty, training_jobs=(other,)))["training.completed"] == "pending"


@pytest.mark.criterion("training.completed")
def test_a_job_that_is_being_deleted_counts_by_its_artifact(good, untrained, changed, difference, outcomes):
    """Without one, AWS is at work."""
    assert difference(changed(good, "training_jobs", status="Deleting")) == {}
    job = msgspec.structs.replace(good.training_jobs[0], status="Deleting", artifact_uri=None)

    assert outcomes(msgspec.structs.replace(untrained, training_jobs=(job,)))["training.completed"] == "pending"


@pytest.mark.criterion("training.completed")
@pytest.mark.parametrize("gone", [False, True], ids=["instance there", "known by its log"])
def test_a_failure_from_before_the_lesson_is_no_mistake(gone, good, untrained, outcomes):
    """The lesson began with the instance."""
    old = msgspec.structs.replace(
        good.training_jobs[0], status="Failed", failure_reason="ClientError: x", artifact_uri=None,
        created_at=good.surveyed_at.replace(year=2017),
    )  # fmt: skip
    survey = msgspec.structs.replace(untrained, training_jobs=(old,))
    if gone:
        survey = msgspec.structs.replace(survey, notebook_instances=())

    assert outcomes(survey)["training.completed"] == "pending"


@pytest.fixture
def deleted_job(good):
    """The good account whose job is gone; the event of its making tells what it would write."""
    (job,) = good.training_jobs
    made = Event(
        *("CreateTrainingJob", job.created_at, job.region, job.name),
        refers_to=(job.image, job.output_uri),
        role_arn=job.role_arn,
    )
    log = TrainingLog(job.name, job.region, has_ended=True)
    return msgspec.structs.replace(good, training_jobs=(), events=(made,), training_logs=(log,))


@pytest.mark.criterion("training.completed")
def test_a_job_that_is_gone_passes_by_its_log_and_what_an_endpoint_served(deleted_job, difference, verdicts):
    """Together they show that it came to its end, and that its artifact was there."""
    found = verdicts(deleted_job)

    assert difference(deleted_job) == {}
    assert {found[id].source for id in ("training.completed", "training.output")} == {"trace"}
    assert found["training.output"].outcome == "passed"


@pytest.mark.criterion("training.output")
def test_a_job_that_is_gone_and_wrote_into_a_third_bucket_fails_as_it_did(good, deleted_job, changed, outcomes):
    """The event names the place, and the model that was served the artifact."""
    job, (made,) = good.training_jobs[0], deleted_job.events
    output = "s3://sagemaker-models/output"
    made = msgspec.structs.replace(made, refers_to=(job.image, output))
    survey = msgspec.structs.replace(deleted_job, events=(made,))
    survey = changed(survey, "models", artifact_uri=f"{output}/{job.name}/output/model.tar.gz")

    found = outcomes(survey, final=True)

    assert (found["training.completed"], found["training.output"]) == ("passed", "failed")


@pytest.mark.criterion("training.completed")
@pytest.mark.parametrize(
    ("lacking", "words"),
    [
        ({"training_logs": ()}, "it left no log"),
        (
            {"training_logs": (TrainingLog("linear-learner-2019-07-01-18-40-12-345", "us-east-1", False),)},
            "its log does not tell that it came to its end",
        ),
        (
            {"models": (), "endpoint_configs": (), "endpoints": (), "endpoint_logs": ()},
            "nothing that an endpoint served",
        ),
    ],
)
def test_neither_alone_tells_how_a_job_that_is_gone_ended(lacking, words, deleted_job, verdicts):
    """A stopped job leaves a model, too; and one that came to its end may not have been allowed to write it."""
    survey = msgspec.structs.replace(deleted_job, **lacking)

    found = verdicts(survey, final=True)

    assert found["training.completed"].outcome == "unverified"
    assert words in found["training.completed"].message
    assert {found[id].outcome for id in AFTER_TRAINING} == {"unverified"}


@pytest.mark.criterion("training.completed")
def test_a_job_that_is_gone_whose_log_may_not_be_read_is_unverified(deleted_job, denied, verdicts):
    """The advice names the permission."""
    (log,) = deleted_job.training_logs
    survey = msgspec.structs.replace(deleted_job, training_logs=(msgspec.structs.replace(log, has_ended=None),))
    survey = denied(survey, "logs", "FilterLogEvents", log.region, resource=log.job)

    found = verdicts(survey, final=True)["training.completed"]

    assert found.outcome == "unverified"
    assert "FilterLogEvents (AccessDeniedException)" in found.message


@pytest.mark.criterion("training.completed")
@pytest.mark.parametrize("status", ["Creating", "Failed"])
def test_an_endpoint_that_never_served_shows_nothing_of_a_job_that_is_gone(status, deleted_job, changed, outcomes):
    """Its model may name an artifact that was not there."""
    survey = changed(deleted_job, "endpoints", status=status)
    survey = msgspec.structs.replace(survey, endpoint_logs=())

    assert outcomes(survey, final=True)["training.completed"] == "unverified"


@pytest.mark.criterion("training.completed")
def test_a_job_is_not_gone_where_the_jobs_could_not_be_listed(deleted_job, denied, outcomes):
    """It may be there, and say itself how it ended."""
    survey = denied(deleted_job, "sagemaker", "ListTrainingJobs", "us-east-1")

    assert outcomes(survey, final=True)["training.completed"] == "unverified"


@pytest.mark.criterion("training.completed")
@pytest.mark.parametrize("change", [{"status": "Failed"}, {"status": "Stopped"}, {"image": XGBOOST}])
def test_what_is_left_is_no_mistake_where_another_job_is_gone(change, good, deleted_job, outcomes):
    """Nothing shows how that one ended: it may have completed."""
    left = msgspec.structs.replace(
        good.training_jobs[0], name="left", artifact_uri=None, failure_reason="AlgorithmError: feature_dim", **change
    )
    survey = msgspec.structs.replace(deleted_job, training_jobs=(left,), endpoints=(), endpoint_logs=())

    assert outcomes(survey, final=True)["training.completed"] == "unverified"


@pytest.mark.criterion("training.completed")
def test_the_making_of_a_job_that_is_there_excuses_nothing(good, untrained, deleted_job, outcomes):
    """It says itself how it ended."""
    failed = msgspec.structs.replace(
        good.training_jobs[0], status="Failed", artifact_uri=None, failure_reason="AlgorithmError: feature_dim"
    )
    survey = msgspec.structs.replace(untrained, training_jobs=(failed,), events=deleted_job.events)

    assert outcomes(survey, final=True)["training.completed"] == "failed"
