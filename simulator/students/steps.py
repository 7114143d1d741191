"""The lesson's steps, each as a student's clicks and the cells of the notebook do it; and ways to put them together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from simulator.account import SimulatedAccount, TrainedJob
from simulator.students.choices import Choices, default_bucket

Build = Callable[[SimulatedAccount], object]
LESSONS_OWN = Choices()
CELLS = 51  # one digit, then fifty batches: half as many as in the notebook, and enough to be told from Skymark's own


# -- the lesson, in order -----------------------------------------------------------------------------------------


def make_bucket(account: SimulatedAccount, choices: Choices = LESSONS_OWN) -> str:
    """Step 4, first half: the bucket, with everything left at its default. Returns its name."""
    return account.make_bucket(choices.bucket_of(account), choices.bucket_region)


def make_role(account: SimulatedAccount, choices: Choices = LESSONS_OWN) -> str:
    """Step 4: what the wizard makes for *Create a new role*. Returns its ARN."""
    return account.make_execution_role(choices.scope_for(choices.bucket_of(account)), choices.role_stamp)


def order_instance(account: SimulatedAccount, choices: Choices = LESSONS_OWN, fails: str | None = None) -> str:
    """Step 4: bucket, role, and *Create notebook instance*; it is not there yet. Returns the role's ARN."""
    make_bucket(account, choices)
    role = make_role(account, choices)
    create_instance(account, role, choices, fails)
    return role


def create_instance(
    account: SimulatedAccount, role_arn: str, choices: Choices = LESSONS_OWN, fails: str | None = None
) -> None:
    """Press *Create notebook instance*."""
    account.make_notebook_instance(
        role_arn,
        choices.instance,
        instance_type=choices.instance_type,
        root_access=choices.root_access,
        accelerators=choices.accelerators,
        fails=fails,
    )


def make_instance(account: SimulatedAccount, choices: Choices = LESSONS_OWN) -> str:
    """Step 4, and the wait until the instance is InService. Returns the role's ARN."""
    role = order_instance(account, choices)
    account.wait_for("notebook-instance", choices.instance, "InService")
    return role


def use_jupyter(account: SimulatedAccount, choices: Choices = LESSONS_OWN) -> None:
    """Steps 5 and 6: a new notebook is made and run, an existing one uploaded and run."""
    jupyter = account.open_jupyter(choices.instance)
    for click in (jupyter.new_notebook, jupyter.run):
        account.let_pass(5)
        click()
    if choices.uploaded is not None:
        account.let_pass(60)
        jupyter.upload(choices.uploaded)
        account.let_pass(5)
        jupyter.run()


def prepare(account: SimulatedAccount, choices: Choices = LESSONS_OWN) -> str:
    """Steps 4 to 6. Returns the role's ARN."""
    role = make_instance(account, choices)
    use_jupyter(account, choices)
    return role


def start_training(account: SimulatedAccount, role_arn: str, choices: Choices = LESSONS_OWN) -> TrainedJob:
    """Step 7: the notebook uploads the digits and starts the training job, with the instance's role."""
    notebook = account.as_role(role_arn)
    if choices.trains_in == "default":
        notebook.make_bucket(default_bucket(account))
    bucket = default_bucket(account) if choices.trains_in == "default" else choices.bucket_of(account)
    return notebook.train(bucket, role_arn, choices.names.job, data=choices.data)


def train(account: SimulatedAccount, role_arn: str, choices: Choices = LESSONS_OWN) -> TrainedJob:
    """Step 7, first half: the training job, and the wait until it is Completed."""
    job = start_training(account, role_arn, choices)
    account.wait_for("training-job", job.name, "Completed")
    return job


def order_endpoint(
    account: SimulatedAccount, job: TrainedJob, choices: Choices = LESSONS_OWN, fails: str | None = None
) -> str:
    """Step 7: model, configuration and endpoint, as `deploy()` makes them; it is not there yet. Returns its name."""
    notebook, names = account.as_role(job.role_arn), choices.names
    notebook.make_model(job, names.model)
    notebook.make_endpoint_config(names.model, names.config)
    return notebook.make_endpoint(names.config, names.endpoint, fails=fails)


def deploy(account: SimulatedAccount, job: TrainedJob, choices: Choices = LESSONS_OWN) -> str:
    """Step 7: the endpoint, and the wait until it is InService. Returns its name."""
    endpoint = order_endpoint(account, job, choices)
    account.wait_for("endpoint", endpoint, "InService")
    return endpoint


def predict(account: SimulatedAccount, job: TrainedJob, choices: Choices = LESSONS_OWN) -> str:
    """Step 7, second half: deploy, and ask the endpoint about digits. Returns its name.

    Answers or not: a model of something else refuses them.
    """
    endpoint = deploy(account, job, choices)
    ask(account, job.role_arn, endpoint)
    return endpoint


def ask(account: SimulatedAccount, role_arn: str, endpoint: str) -> None:
    """Run the cells that ask the endpoint; an error ends them, as it does in a notebook."""
    try:
        account.as_role(role_arn).invoke(endpoint, CELLS)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ModelError":
            raise


def follow(account: SimulatedAccount, choices: Choices = LESSONS_OWN) -> None:
    """The whole lesson but for the cleaning up."""
    predict(account, train(account, prepare(account, choices), choices), choices)


def delete_endpoints(account: SimulatedAccount) -> None:
    """Delete each endpoint of the student's region, and wait until it is gone."""
    for endpoint in endpoints_of(account):
        account.delete_endpoint(endpoint)
        account.wait_for("endpoint", endpoint, None)


def stop_instances(account: SimulatedAccount) -> None:
    """Stop each notebook instance of the student's region, and wait until it is Stopped."""
    for instance in instances_of(account):
        account.stop_instance(instance)
        account.wait_for("notebook-instance", instance, "Stopped")


def delete_instances(account: SimulatedAccount) -> None:
    """Step 8: stop and delete each notebook instance of the student's region, and wait until it is gone."""
    stop_instances(account)
    for instance in instances_of(account):
        account.delete_instance(instance)
        account.wait_for("notebook-instance", instance, None)


def tear_down(account: SimulatedAccount) -> None:
    """Step 8, and the notebook's last cell: the endpoint and the notebook instance are deleted."""
    delete_endpoints(account)
    delete_instances(account)


# -- what is there ------------------------------------------------------------------------------------------------


def bucket_of(account: SimulatedAccount) -> str:
    """The student's own bucket, made by hand."""
    names = [row["Name"] for row in account.s3().list_buckets()["Buckets"]]
    return next(name for name in names if name != default_bucket(account))


def instances_of(account: SimulatedAccount) -> list[str]:
    """The notebook instances of the student's region."""
    return [row["NotebookInstanceName"] for row in account.sagemaker().list_notebook_instances()["NotebookInstances"]]


def endpoints_of(account: SimulatedAccount) -> list[str]:
    """The endpoints of the student's region."""
    return [row["EndpointName"] for row in account.sagemaker().list_endpoints()["Endpoints"]]


# -- several steps as one -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Doing:
    """The whole lesson with something else typed or ticked, and something more done afterwards.

    Two of these can be one, since the steps find what is there by themselves.
    """

    choices: Mapping[str, Any] = field(default_factory=dict, hash=False)
    steps: tuple[Build, ...] = ()

    def __call__(self, account: SimulatedAccount) -> None:
        follow(account, Choices(**self.choices))
        for step in self.steps:
            step(account)

    def __and__(self, other: "Doing") -> "Doing":
        return Doing({**self.choices, **other.choices}, (*self.steps, *other.steps))


def choose(**choices: Any) -> Doing:
    """The whole lesson with something else typed or ticked."""
    return Doing(choices)


def then(*steps: Build) -> Doing:
    """The whole lesson done well, then this."""
    return Doing(steps=steps)


def refused(act: Callable[[], object], code: str) -> None:
    """Do something that AWS refuses with this code, as the student found out.

    Raises:
        AssertionError: AWS did not refuse it, so the story is not true.
    """
    try:
        act()
    except ClientError as error:
        if error.response["Error"]["Code"] == code:
            return
        raise
    raise AssertionError(f"AWS did not refuse this with {code}")
