"""What a student types and ticks in the console and in the lesson's notebook."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from simulator.account import ENDPOINT_NAME, JOB_NAME, ROLE_STAMP, Scope, SimulatedAccount
from simulator.training_data import LESSONS_OWN, ZEROS_FROM_OTHERS, TrainingData

# Pictures of 28 by 28 pixels, told in the wrong way.
WRONG_DIMENSION = TrainingData(hyperparameters=LESSONS_OWN | {"feature_dim": "28"})
DEPLOYMENT = "linear-learner-2019-07-01-18-45-59-012"


@dataclass(frozen=True, slots=True)
class Names:
    """What the notebook's SDK calls what it makes.

    Source: sagemaker-python-sdk, estimator.py and model.py at tags v1.32, v1.72 and v2.
    """

    job: str = JOB_NAME
    model: str = ENDPOINT_NAME
    config: str = ENDPOINT_NAME
    endpoint: str = ENDPOINT_NAME


SDK_2 = Names()
SDK_1 = Names(JOB_NAME, JOB_NAME, JOB_NAME, JOB_NAME)  # 1.33 to 1.72: everything is called like the job
SDK_1_EARLY = Names(JOB_NAME, DEPLOYMENT, JOB_NAME, JOB_NAME)  # before 1.33 the model had a stamp of its own


@dataclass(frozen=True, slots=True)
class Choices:
    """The defaults are the lesson's own.

    `bucket` is the bucket's name, None for the minute at which this student made it; `bucket_region` is None for the
    region of the notebook instance. `scope` is what goes into the wizard's box for S3 buckets, None for the bucket
    itself; it may be made from the bucket's name. `trains_in` says whose bucket stands in the notebook: one's own, or
    the one that the SDK makes. `uploaded` is None for nobody's notebook.
    """

    bucket: str | None = None
    bucket_region: str | None = None
    scope: Scope | Callable[[str], Scope] | None = None
    instance: str = "sm-test"
    instance_type: str = "ml.t2.medium"
    root_access: bool = True
    accelerators: tuple[str, ...] = ()
    role_stamp: str = ROLE_STAMP
    uploaded: str | None = "portfolio_planner_part_2.ipynb"
    trains_in: Literal["own", "default"] = "own"
    data: TrainingData = ZEROS_FROM_OTHERS
    names: Names = SDK_2

    def bucket_of(self, account: SimulatedAccount) -> str:
        """The bucket's name."""
        return self.bucket or own_bucket(account)

    def scope_for(self, bucket: str) -> Scope:
        """What is chosen for S3 buckets in the wizard."""
        if callable(self.scope):
            return self.scope(bucket)
        return self.scope or (bucket,)


def own_bucket(account: SimulatedAccount) -> str:
    """The lesson's name for a bucket: names are one space for all accounts, so each of 300 has a minute of its own."""
    hours, minute = divmod(int(account.number), 60)
    return f"sagemaker-20190701-{18 + hours % 5}{minute:02d}"


def default_bucket(account: SimulatedAccount) -> str:
    """The bucket that the SDK makes for an account in a region."""
    return f"sagemaker-{account.region}-{account.number}"
