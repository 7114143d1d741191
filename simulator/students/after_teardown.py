"""A complete teardown, and how the verdicts in the end differ once everything is gone: which, and why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from simulator.account import ENDPOINT_NAME, JOB_NAME, SimulatedAccount
from simulator.students.steps import delete_endpoints, instances_of
from simulator.students.verdicts import DEPLOYED, JUPYTER

REGIONS = ("eu-west-1", "us-east-1", "us-west-2")  # where students of the catalogue have something
SERVICE_ROLES = "/aws-service-role/"
A_WHILE_S = 300.0


@dataclass(frozen=True, slots=True)
class Change:
    """The outcome in the end of a criterion that had another one while things were there, and why, in a sentence."""

    outcome: str
    reason: str


Changes = Mapping[str, Change]


@dataclass(frozen=True, slots=True)
class Loss:
    """Something more that can be deleted once everything is gone; `what` goes on from "deleted also".

    `changes` are the outcomes that are not those of the lesson done well, torn down.
    """

    what: str
    delete: Callable[[SimulatedAccount], object]
    changes: Changes = field(default_factory=dict, hash=False)


# -- the teardown -------------------------------------------------------------------------------------------------


def tear_down_everywhere(account: SimulatedAccount) -> None:
    """The lesson's step 8 in all regions: endpoints and notebook instances, in whatever state they are."""
    for there in (replace(account, region=region) for region in REGIONS):
        delete_endpoints(there)
        for instance in instances_of(there):
            if there.status("notebook-instance", instance) == "InService":
                there.stop_instance(instance)
                there.let_pass(A_WHILE_S)
            there.delete_instance(instance)
            there.let_pass(A_WHILE_S)


def delete_the_rest(account: SimulatedAccount) -> None:
    """Everything of the lesson that is left but the training jobs and logs, which nobody need delete."""
    for there in (replace(account, region=region) for region in REGIONS):
        _delete_deployments(there)
    for bucket in account.s3().list_buckets()["Buckets"]:
        place = account.s3().get_bucket_location(Bucket=bucket["Name"])["LocationConstraint"]
        account.empty_and_delete_bucket(bucket["Name"], place or "us-east-1")
    for role in account.iam.list_roles()["Roles"]:
        if not role["Path"].startswith(SERVICE_ROLES):
            _delete_role(account, role["RoleName"])


def _delete_deployments(account: SimulatedAccount) -> None:
    for config in account.sagemaker().list_endpoint_configs()["EndpointConfigs"]:
        account.delete_endpoint_config(config["EndpointConfigName"])
    for model in account.sagemaker().list_models()["Models"]:
        account.delete_model(model["ModelName"])


def _delete_role(account: SimulatedAccount, name: str) -> None:
    """As the console does it: first everything that is on it."""
    iam = account.iam
    for inline in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=inline)
    for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
    iam.delete_role(RoleName=name)


def delete_job(account: SimulatedAccount) -> None:
    """The training job, out of the list in the console."""
    account.sagemaker().delete_training_job(TrainingJobName=JOB_NAME)
    account.let_pass(A_WHILE_S)


def delete_log(group: str) -> Callable[[SimulatedAccount], object]:
    """One of SageMaker's log groups, by the last part of its name."""
    return lambda account: account.logs().delete_log_group(logGroupName=f"/aws/sagemaker/{group}")


def delete_job_with_log(account: SimulatedAccount) -> None:
    """The training job, and what it wrote."""
    delete_job(account)
    delete_log("TrainingJobs")(account)


# -- what differs afterwards --------------------------------------------------------------------------------------


def _all(ids: tuple[str, ...], outcome: str, reason: str) -> dict[str, Change]:
    return dict.fromkeys(ids, Change(outcome, reason))


_INSTANCE_FAILED = (
    "Why an instance failed, and whether that was the student's doing or AWS's, stood in its `FailureReason`, which is "
    "gone with it. The event history tells only that it was deleted without having been stopped."
)
_ENDPOINT_FAILED = (
    "Why an endpoint failed stood in its `FailureReason`, which is gone with it. The event history tells that it was "
    "made, and neither its log nor CloudWatch that it was ever asked."
)
_ANSWERS = (
    "What an endpoint answers is kept nowhere: `InvokeEndpoint` is not in the event history. That the student asked it "
    "often is all that is left to see, and enough by the contract."
)
_FEW_ANSWERS = (
    "What an endpoint answers is kept nowhere: `InvokeEndpoint` is not in the event history. It was asked so seldom "
    "that it may have been Skymark itself, and it is not there to be asked again."
)
_NOW_FOLLOWED = (
    "While an endpoint is there, what it serves is read from its configuration and model, which are gone. Once nothing "
    "is there, the event history is read, and it tells what they were."
)

AFTER_TEARDOWN: Mapping[str, Changes] = {
    "script-failed": _all(("instance.in_service", *JUPYTER), "unverified", _INSTANCE_FAILED),
    "artifact-deleted": _all(DEPLOYED, "unverified", _ENDPOINT_FAILED),
    "wrong-answers": _all(("endpoint.prediction",), "passed", _ANSWERS),
    "always-zero": _all(("endpoint.prediction",), "passed", _ANSWERS),
    "half-the-pixels": _all(("endpoint.prediction",), "unverified", _FEW_ANSWERS),
    "config-deleted": _all(DEPLOYED, "passed", _NOW_FOLLOWED),
    "model-deleted": _all(DEPLOYED, "passed", _NOW_FOLLOWED),
}
"""By a student of the catalogue with a mistake, the criteria that are judged otherwise after a complete teardown.

Every other criterion, but for those of `teardown.*`, has the outcome that it had before.
"""

_NO_JOB = (
    "Only the log tells that the algorithm came to its end, and was neither stopped nor out of time. The events tell "
    "that the job was made, and a stopped one leaves a model that can be deployed, too."
)
_NO_JUPYTER = "What was done in Jupyter stands in its log alone. The events tell that it was opened, and no more."

LOSSES = (
    Loss("the training job", delete_job),
    Loss(
        "the training job with its log",
        delete_job_with_log,
        _all(("training.completed", "training.output", *DEPLOYED), "unverified", _NO_JOB),
    ),
    Loss("Jupyter's log", delete_log("NotebookInstances"), _all(JUPYTER, "unverified", _NO_JUPYTER)),
    Loss("the endpoint's log", delete_log(f"Endpoints/{ENDPOINT_NAME}")),
)
"""What else a student can delete who has done everything well and torn it down, and what is unverified then."""
