"""Students in the middle of the lesson: nothing of theirs is a mistake, and some only wait for AWS."""

from dataclasses import replace

from simulator.account import SimulatedAccount
from simulator.students.steps import (
    delete_endpoints,
    follow,
    instances_of,
    make_bucket,
    make_instance,
    order_endpoint,
    order_instance,
    prepare,
    refused,
    start_training,
    stop_instances,
    then,
    train,
)
from simulator.students.student import Student
from simulator.students.verdicts import (
    NO_LOG,
    NOT_DEPLOYED,
    NOT_DEPLOYED_IN_THE_END,
    NOT_IN_SERVICE,
    NOT_IN_SERVICE_IN_THE_END,
    NOT_SERVING,
    NOT_TRAINED,
    NOT_TRAINED_IN_THE_END,
    TRAINED_LATER_IN_THE_END,
    WELL,
    blocked,
    fails,
    outcomes,
    pending,
    unverified,
)

MADE_BUCKET = ("account.access", "bucket.name", "bucket.private")
NO_INSTANCE = blocked(*WELL) | pending("instance.name", "training.completed")
NOT_BEGUN = NO_INSTANCE | pending("bucket.name") | outcomes(("account.access",), "passed")
NOTHING_IN_THE_END = blocked(*WELL) | fails("instance.name", "training.completed")
NOT_BEGUN_IN_THE_END = NOTHING_IN_THE_END | fails("bucket.name") | outcomes(("account.access",), "passed")
ONLY_BUCKET = NO_INSTANCE | outcomes(MADE_BUCKET, "passed")
ONLY_BUCKET_IN_THE_END = NOTHING_IN_THE_END | outcomes(MADE_BUCKET, "passed")


def does_nothing(account: SimulatedAccount) -> None:
    """The account is as AWS hands it out."""


def begin_training(account: SimulatedAccount) -> None:
    """The training job has just been started."""
    start_training(account, prepare(account))


def begin_deploying(account: SimulatedAccount) -> None:
    """The endpoint has just been ordered."""
    order_endpoint(account, train(account, prepare(account)))


def configure_endpoint(account: SimulatedAccount) -> None:
    """Model and configuration are made, the endpoint is not."""
    job = train(account, prepare(account))
    notebook = account.as_role(job.role_arn)
    notebook.make_endpoint_config(notebook.make_model(job))


def run_up_to_training(account: SimulatedAccount) -> None:
    """Everything up to the training job, which is done."""
    train(account, prepare(account))


def begin_stopping(account: SimulatedAccount) -> None:
    """The instance has just been told to stop."""
    for instance in instances_of(account):
        account.stop_instance(instance)


def begin_deleting(account: SimulatedAccount) -> None:
    """AWS deletes the instance and the endpoint, and is not done yet."""
    follow(account)
    stop_instances(account)
    account.delete_instance()
    account.delete_endpoint()


def delete_too_soon(account: SimulatedAccount) -> None:
    """Delete was pressed on an instance that runs, which AWS refuses."""
    refused(account.delete_instance, "ValidationException")


HALF_WAY: tuple[Student, ...] = tuple(
    replace(one, kind="half-way")
    for one in (
        Student("not-begun", "has not begun", does_nothing, NOT_BEGUN, NOT_BEGUN_IN_THE_END),
        Student("bucket-only", "has made the bucket", make_bucket, ONLY_BUCKET, ONLY_BUCKET_IN_THE_END),
        Student(
            "pending",
            "has just pressed Create: the notebook instance is still Pending",
            order_instance,
            NOT_IN_SERVICE,
            NOT_IN_SERVICE_IN_THE_END,
            waits=True,
        ),
        Student(
            "instance-only",
            "has made the instance, and did not open Jupyter yet",
            make_instance,
            NOT_TRAINED | NO_LOG,
            NOT_TRAINED_IN_THE_END | NO_LOG,
        ),
        Student("jupyter-only", "has used Jupyter, and not trained yet", prepare, NOT_TRAINED, NOT_TRAINED_IN_THE_END),
        Student(
            "training",
            "waits for the training job",
            begin_training,
            NOT_TRAINED | pending("teardown.everywhere"),
            TRAINED_LATER_IN_THE_END | unverified("teardown.everywhere"),
            waits=True,
        ),
        Student("trained", "has trained and not deployed", run_up_to_training, NOT_DEPLOYED, NOT_DEPLOYED_IN_THE_END),
        Student(
            "configured",
            "has made the model and the configuration, and no endpoint",
            configure_endpoint,
            NOT_DEPLOYED,
            NOT_DEPLOYED_IN_THE_END,
        ),
        Student(
            "creating",
            "waits for the endpoint",
            begin_deploying,
            NOT_SERVING,
            unverified("endpoint.in_service", "endpoint.prediction"),
            waits=True,
        ),
        Student(
            "stopping",
            "has just pressed Stop",
            then(begin_stopping),
            in_the_end=unverified("teardown.instance"),
            waits=True,
        ),
        Student(
            "deleted-too-soon",
            "pressed Delete on an instance that was not stopped yet, which AWS refused",
            then(delete_too_soon),
        ),
        Student("stopped", "has stopped the instance, and is about to delete it", then(stop_instances)),
        Student(
            "endpoint-deleted",
            "has deleted the endpoint, and is about to stop the instance",
            then(delete_endpoints),
            outcomes(("teardown.endpoint",), "passed"),
        ),
        Student(
            "deleting",
            "has just deleted everything: AWS is still at work",
            begin_deleting,
            in_the_end=unverified("teardown.instance", "teardown.endpoint"),
            waits=True,
        ),
    )
)
