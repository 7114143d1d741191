"""Students whom AWS refused something, or whose doings left no trace: no fault of theirs."""

from dataclasses import replace

from simulator.account import JOB_NAME, SimulatedAccount
from simulator.students.choices import own_bucket
from simulator.students.half_way import MADE_BUCKET, ONLY_BUCKET
from simulator.students.right import NO_CAPACITY
from simulator.students.steps import (
    create_instance,
    make_bucket,
    make_role,
    order_endpoint,
    order_instance,
    prepare,
    refused,
    start_training,
    then,
    train,
)
from simulator.students.student import Student
from simulator.students.verdicts import (
    DEPLOYED_LATER_IN_THE_END,
    NO_LOG,
    NOT_DEPLOYED,
    NOT_IN_SERVICE,
    NOT_IN_SERVICE_IN_THE_END,
    NOT_SERVING,
    NOT_TRAINED,
    TRAINED_LATER_IN_THE_END,
    WELL,
    outcomes,
    unverified,
)

QUOTA = "ResourceLimitExceeded"
REFUSED_IN_THE_END = unverified(*WELL) | outcomes(MADE_BUCKET, "passed")


def without_instance(account: SimulatedAccount) -> None:
    """AWS had no machine for the notebook instance."""
    order_instance(account, fails="Insufficient capacity for ml.t2.medium.")
    account.wait_for("notebook-instance", "sm-test", "Failed")


def refused_instance(account: SimulatedAccount) -> None:
    """The account's quota allows no such instance."""
    account.set_quota("ml.t2.medium for notebook instance usage", 0)
    make_bucket(account)
    role = make_role(account)
    refused(lambda: create_instance(account, role), QUOTA)


def without_training_machine(account: SimulatedAccount) -> None:
    """AWS had no machine to train on."""
    role = prepare(account)
    account.as_role(role).train(
        own_bucket(account), role, fails="CapacityError: Unable to provision requested capacity"
    )
    account.wait_for("training-job", JOB_NAME, "Failed")


def refused_training(account: SimulatedAccount) -> None:
    """The account's quota allows no such machine to train on."""
    account.set_quota("ml.c4.xlarge for training job usage", 0)
    role = prepare(account)
    refused(lambda: start_training(account, role), QUOTA)


def without_endpoint_machine(account: SimulatedAccount) -> None:
    """AWS had no machine for the endpoint."""
    endpoint = order_endpoint(account, train(account, prepare(account)), fails=NO_CAPACITY)
    account.wait_for("endpoint", endpoint, "Failed")


def refused_endpoint(account: SimulatedAccount) -> None:
    """The account's quota allows no such machine for an endpoint."""
    account.set_quota("ml.m4.xlarge for endpoint usage", 0)
    job = train(account, prepare(account))
    refused(lambda: order_endpoint(account, job), QUOTA)


def lose_log(account: SimulatedAccount) -> None:
    """Jupyter's log is not there: on older platforms it never came."""
    account.logs().delete_log_group(logGroupName="/aws/sagemaker/NotebookInstances")


UNLUCKY: tuple[Student, ...] = tuple(
    replace(one, kind="bad luck")
    for one in (
        Student(
            "no-capacity",
            "got no instance because AWS had no machine",
            without_instance,
            NOT_IN_SERVICE,
            NOT_IN_SERVICE_IN_THE_END,
        ),
        Student(
            "instance-quota",
            "got no instance because the account's quota is 0",
            refused_instance,
            ONLY_BUCKET,
            REFUSED_IN_THE_END,
        ),
        Student(
            "no-training-capacity",
            "got no machine to train on",
            without_training_machine,
            NOT_TRAINED,
            TRAINED_LATER_IN_THE_END,
        ),
        Student(
            "training-quota",
            "may not train because the account's quota is 0",
            refused_training,
            NOT_TRAINED,
            TRAINED_LATER_IN_THE_END,
        ),
        Student(
            "no-endpoint-capacity",
            "got no machine for the endpoint",
            without_endpoint_machine,
            NOT_SERVING,
            unverified("endpoint.in_service", "endpoint.prediction"),
        ),
        Student(
            "endpoint-quota",
            "may not deploy because the account's quota is 0",
            refused_endpoint,
            NOT_DEPLOYED,
            DEPLOYED_LATER_IN_THE_END,
        ),
        Student("no-log", "did it all, and Jupyter's log never came", then(lose_log), NO_LOG),
    )
)
