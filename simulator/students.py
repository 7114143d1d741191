"""Students to put into the practice cloud: each one's story, and how the account came to be that way."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from simulator.account import ENDPOINT_NAME, ROLE_STAMP, Scope, SimulatedAccount, TrainedJob, jupyter_lines
from skymark.samples import read_samples


@dataclass(frozen=True, slots=True)
class Choices:
    """What a student types and ticks in the console; the defaults are the lesson's own.

    `scope` is what goes into the wizard's box for S3 buckets, None for the bucket itself. `bucket_region` is
    None for the region of the notebook instance.
    """

    bucket: str = "sagemaker-20190701-1820"
    bucket_region: str | None = None
    scope: Scope | None = None
    instance: str = "sm-test"
    instance_type: str = "ml.t2.medium"
    root_access: bool = True
    accelerators: tuple[str, ...] = ()
    uploaded: str | None = "portfolio_planner_part_2.ipynb"
    role_stamp: str = ROLE_STAMP


@dataclass(frozen=True, slots=True)
class Student:
    """A student: a name that can be part of a file's name, a one-line story, and what they did."""

    name: str
    story: str
    build: Callable[[SimulatedAccount], None]


# -- the lesson's steps, in order ---------------------------------------------------------------------------------


def make_instance(account: SimulatedAccount, choices: Choices = Choices()) -> str:
    """Step 4: a bucket, then a notebook instance with a new role. Returns the role's ARN."""
    account.make_bucket(choices.bucket, choices.bucket_region)
    role = account.make_execution_role(choices.scope or (choices.bucket,), choices.role_stamp)
    account.make_notebook_instance(
        role,
        choices.instance,
        instance_type=choices.instance_type,
        root_access=choices.root_access,
        accelerators=choices.accelerators,
    )
    return role


def use_jupyter(account: SimulatedAccount, choices: Choices = Choices()) -> None:
    """Steps 5 and 6: a new notebook is made and run, an existing one uploaded and run."""
    account.write_jupyter_log(jupyter_lines(choices.uploaded), choices.instance)


def train(account: SimulatedAccount, role_arn: str, choices: Choices = Choices()) -> TrainedJob:
    """Step 7, first half: the training job."""
    return account.train(choices.bucket, role_arn)


def predict(account: SimulatedAccount, job: TrainedJob, *, right: bool = True) -> str:
    """Step 7, second half: deploy and predict. Returns the endpoint's name.

    The endpoint has its answer ready for the lesson's sample digits sent in one request.
    """
    endpoint = account.deploy(job)
    account.write_endpoint_log(endpoint)
    account.answer_digits(sample_digits(), right=right)
    return endpoint


def tear_down(account: SimulatedAccount, instance: str = "sm-test", endpoint: str | None = ENDPOINT_NAME) -> None:
    """Step 8: the endpoint, if any, and the notebook instance are deleted."""
    if endpoint is not None:
        account.delete_endpoint(endpoint)
    account.stop_instance(instance)
    account.delete_instance(instance)


def follow(account: SimulatedAccount, choices: Choices = Choices()) -> None:
    """The whole lesson but for the cleaning up."""
    role = make_instance(account, choices)
    use_jupyter(account, choices)
    predict(account, train(account, role, choices))


def sample_digits() -> tuple[int, ...]:
    """The digits that Skymark sends to an endpoint, in order."""
    return read_samples(Path(__file__).parents[1] / "fixtures" / "digits.csv").labels


# -- the class ----------------------------------------------------------------------------------------------------


def _ready_to_clean_up(account: SimulatedAccount) -> None:
    follow(account, Choices(bucket="sagemaker-20190701-1820"))


def _half_way(account: SimulatedAccount) -> None:
    choices = Choices(bucket="sagemaker-20190701-1821")
    make_instance(account, choices)
    account.write_jupyter_log(jupyter_lines(uploaded=None))


def _just_begun(account: SimulatedAccount) -> None:
    make_instance(account, Choices(bucket="sagemaker-20190701-1822"))
    account.set_status("notebook-instance", "sm-test", "Pending")


def _misnamed_bucket(account: SimulatedAccount) -> None:
    follow(account, Choices(bucket="sagemaker-my-first-bucket"))


def _any_bucket(account: SimulatedAccount) -> None:
    follow(account, Choices(bucket="sagemaker-20190701-1824", scope="any"))


def _large_instance(account: SimulatedAccount) -> None:
    follow(account, Choices(bucket="sagemaker-20190701-1825", instance_type="ml.m5.xlarge"))


def _bucket_elsewhere(account: SimulatedAccount) -> None:
    choices = Choices(bucket="sagemaker-20190701-1826", bucket_region="us-west-2")
    make_instance(account, choices)
    use_jupyter(account, choices)


def _endpoint_left(account: SimulatedAccount) -> None:
    follow(account, Choices(bucket="sagemaker-20190701-1827"))
    tear_down(account, endpoint=None)


def _all_gone(account: SimulatedAccount) -> None:
    choices = Choices(bucket="sagemaker-20190701-1828")
    follow(account, choices)
    tear_down(account)
    account.delete_endpoint_config()
    account.delete_model()
    account.empty_and_delete_bucket(choices.bucket)
    account.delete_role(f"AmazonSageMaker-ExecutionRole-{choices.role_stamp}")


def _nothing(account: SimulatedAccount) -> None:
    """The account is as AWS hands it out."""


# Bucket names are one space for all accounts, so everybody has a minute of their own.
CLASS: tuple[Student, ...] = (
    Student("ada", "did everything right and is about to clean up", _ready_to_clean_up),
    Student("basil", "is half-way: a notebook was made and run, nothing uploaded or trained yet", _half_way),
    Student("chiara", "has just pressed Create: the notebook instance is still Pending", _just_begun),
    Student("dmitri", "called the bucket sagemaker-my-first-bucket, without date and time", _misnamed_bucket),
    Student("emeka", "chose Any S3 bucket for the role", _any_bucket),
    Student("farah", "took an ml.m5.xlarge instead of an ml.t2.medium", _large_instance),
    Student("goro", "made the bucket in us-west-2 and the instance in us-east-1", _bucket_elsewhere),
    Student("hana", "deleted the notebook instance and left the endpoint running", _endpoint_left),
    Student("ines", "finished and deleted everything, role and bucket too", _all_gone),
    Student("jonas", "has not begun", _nothing),
)
