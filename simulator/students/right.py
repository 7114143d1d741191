"""Ways of doing the lesson right, however unlike each other they look in the account."""

from dataclasses import replace

from simulator.account import JOB_NAME, SimulatedAccount, TrainedJob
from simulator.students import learner_lab
from simulator.students.choices import SDK_1, SDK_1_EARLY, WRONG_DIMENSION, Choices, own_bucket
from simulator.students.permissions import (
    ROLE,
    SAGEMAKER,
    allow,
    block_account_instead,
    bounded,
    nowhere_else,
    policy,
    rewrite_inline,
    role_by_hand,
    scoped,
    trust,
)
from simulator.students.steps import (
    ask,
    choose,
    create_instance,
    delete_endpoints,
    delete_instances,
    deploy,
    endpoints_of,
    follow,
    make_bucket,
    make_instance,
    make_role,
    order_endpoint,
    order_instance,
    predict,
    prepare,
    start_training,
    tear_down,
    then,
    train,
    use_jupyter,
)
from simulator.students.student import LEARNER_LAB, Student
from simulator.students.studio import make_domain
from simulator.students.verdicts import TORN_DOWN

TUNED = "DEMO-ll-mni-2019-07-01-19-12-00-345"
SECOND_JOB = "linear-learner-2019-07-01-19-00-00-000"
NO_CAPACITY = "Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error."


def in_account_regional_bucket(account: SimulatedAccount) -> None:
    """The bucket's name ends in account and region, so that it is nobody else's."""
    follow(account, Choices(bucket=f"{own_bucket(account)}-{account.number}-{account.region}-an"))


def with_own_role(account: SimulatedAccount) -> None:
    """The role was made by hand in IAM."""
    bucket = make_bucket(account)
    role = role_by_hand(account, "my-role", *scoped(bucket))
    account.attach_aws_policy("my-role", "AmazonSageMakerFullAccess")
    create_instance(account, role)
    account.wait_for("notebook-instance", "sm-test", "InService")
    use_jupyter(account)
    predict(account, train(account, role))


def two_instances(account: SimulatedAccount) -> None:
    """The first was called wrongly, so a second one was made, in which everything was done."""
    role = make_instance(account, Choices(instance="smtest"))
    create_instance(account, role)
    account.wait_for("notebook-instance", "sm-test", "InService")
    use_jupyter(account)
    predict(account, train(account, role))


def two_buckets(account: SimulatedAccount) -> None:
    """A bucket that was called wrongly is left; the right one was made after it."""
    account.make_bucket(f"sagemaker-my-first-bucket-{account.number}")
    follow(account)


def made_again(account: SimulatedAccount) -> None:
    """AWS had no machine for the first instance, so it was deleted and made again."""
    role = order_instance(account, fails="Insufficient capacity for ml.t2.medium.")
    account.wait_for("notebook-instance", "sm-test", "Failed")
    account.delete_instance()
    account.wait_for("notebook-instance", "sm-test", None)
    create_instance(account, role)
    account.wait_for("notebook-instance", "sm-test", "InService")
    use_jupyter(account)
    predict(account, train(account, role))


def tuned(account: SimulatedAccount) -> None:
    """After the training job a tuning job, whose best model is the one that is deployed: the notebook of today."""
    role = prepare(account, Choices(trains_in="default"))
    job = train(account, role, Choices(trains_in="default"))
    notebook = account.as_role(role)
    tuning = notebook.tune(job.artifact_uri.split("/")[2], role)
    best: TrainedJob | None = None
    while best is None:
        account.let_pass(60)
        best = notebook.best_of(tuning)
    notebook.deploy(best, TUNED)
    account.wait_for("endpoint", TUNED, "InService")
    ask(account, role, TUNED)


def deployed_again(account: SimulatedAccount) -> None:
    """The first endpoint got no machine, so a second one was made."""
    job = train(account, prepare(account))
    first = order_endpoint(account, job, Choices(names=SDK_1), fails=NO_CAPACITY)
    account.wait_for("endpoint", first, "Failed")
    predict(account, job)


def trained_again(account: SimulatedAccount) -> None:
    """The notebook was run twice, the second time with something else, which failed."""
    follow(account)
    role = account.iam.get_role(RoleName=ROLE)["Role"]["Arn"]
    account.as_role(role).train(own_bucket(account), role, SECOND_JOB, data=WRONG_DIMENSION)
    account.wait_for("training-job", SECOND_JOB, "Failed")


def trained_at_second_try(account: SimulatedAccount) -> None:
    """The first training job was stopped, and started again."""
    role = prepare(account)
    start_training(account, role)
    account.stop_training()
    account.wait_for("training-job", JOB_NAME, "Stopped")
    job = account.as_role(role).train(own_bucket(account), role, SECOND_JOB)
    account.wait_for("training-job", SECOND_JOB, "Completed")
    predict(account, job)


def in_other_region(account: SimulatedAccount) -> None:
    """Everything is in us-west-2."""
    follow(replace(account, region="us-west-2"))


def torn_down_by_newer_notebook(account: SimulatedAccount) -> None:
    """The last cells of the newer notebooks: model, configuration and endpoint are deleted."""
    follow(account)
    endpoint = endpoints_of(account)[0]
    account.delete_model(endpoint)
    account.delete_endpoint_config(endpoint)
    delete_endpoints(account)
    delete_instances(account)


def everything_gone(account: SimulatedAccount) -> None:
    """Bucket, role, model and configuration were deleted, too."""
    torn_down_by_newer_notebook(account)
    account.empty_and_delete_bucket(own_bucket(account))
    account.delete_role(ROLE)


def in_learner_lab(account: SimulatedAccount) -> None:
    """The instance runs under LabRole, which reaches every bucket and which no student can change."""
    entered, role = learner_lab.enter(account)
    make_bucket(entered)
    create_instance(entered, role)
    entered.wait_for("notebook-instance", "sm-test", "InService")
    use_jupyter(entered)
    predict(entered, train(entered, role))


def with_role_of_last_week(account: SimulatedAccount) -> None:
    """The role was made by the wizard for an earlier instance, and chosen again."""
    make_bucket(account)
    role = make_role(account)
    create_instance(account, role, Choices(instance="practice"))
    account.wait_for("notebook-instance", "practice", "InService")
    delete_instances(account)
    create_instance(account, role)
    account.wait_for("notebook-instance", "sm-test", "InService")
    use_jupyter(account)
    ask(account, role, deploy(account, train(account, role)))


RIGHT: tuple[Student, ...] = tuple(
    replace(one, kind="right")
    for one in (
        Student("done-well", "did everything right and is about to clean up", follow),
        Student("with-seconds", "wrote seconds into the bucket's name", choose(bucket="sagemaker-20190701-182059")),
        Student("day-first", "wrote the day first in the bucket's name", choose(bucket="sagemaker-01072019-1820")),
        Student(
            "with-suffix",
            "put initials after the time, since a classmate had the same minute",
            choose(bucket="sagemaker-20190701-1820-ab"),
        ),
        Student("account-regional", "took a bucket of the account's own namespace", in_account_regional_bucket),
        Student("t3-medium", "took the stand-in type ml.t3.medium", choose(instance_type="ml.t3.medium")),
        Student("inline-policy", "wrote the policy into the role itself", then(rewrite_inline)),
        Student("deny-elsewhere", "allowed all of S3 and denied all but the bucket", then(policy(nowhere_else))),
        Student(
            "may-list-names",
            "let the role list the names of all buckets, too",
            then(policy(lambda own: (*scoped(own), allow(["s3:ListAllMyBuckets", "s3:GetBucketLocation"], "*")))),
        ),
        Student("default-bucket", "trained into the bucket that the SDK makes", choose(trains_in="default")),
        Student("role-by-hand", "made the role in IAM, and called it my-role", with_own_role),
        Student("role-of-last-week", "chose the role that the wizard had made before", with_role_of_last_week),
        Student(
            "boundary-with-room",
            "put a boundary around the role that leaves what it needs",
            then(bounded("s3:*", "sagemaker:*", "logs:*")),
        ),
        Student(
            "trusts-a-service-too",
            "let AWS Glue assume the role, too",
            then(trust(SAGEMAKER, {"Service": "glue.amazonaws.com"})),
        ),
        Student("accounts-blocks", "blocked the account instead of the bucket", then(block_account_instead)),
        Student("two-instances", "made a second instance, rightly called", two_instances),
        Student("made-again", "made the instance again when AWS had had no machine", made_again),
        Student("two-buckets", "made a second bucket, rightly called", two_buckets),
        Student("sdk-1-early", "used the SDK of 2018, which names the model anew", choose(names=SDK_1_EARLY)),
        Student("sdk-1", "used the SDK of 2019, which names everything like the job", choose(names=SDK_1)),
        Student("tuned", "used today's notebook, and deployed the best model of a tuning job", tuned),
        Student("trained-again", "trained again, and that failed", trained_again),
        Student("second-try", "stopped the first training job and started another", trained_at_second_try),
        Student("deployed-again", "deployed again when AWS had had no machine", deployed_again),
        Student("other-region", "did everything in us-west-2", in_other_region),
        Student("studio-domain", "opened Studio, and left a domain in which nothing runs", then(make_domain)),
        Student("role-gone", "deleted the role too early", then(lambda account: account.delete_role(ROLE))),
        Student("torn-down", "cleaned up as the lesson says", then(tear_down), TORN_DOWN),
        Student(
            "torn-down-newer", "cleaned up by the newer notebook's last cells", torn_down_by_newer_notebook, TORN_DOWN
        ),
        Student(
            "everything-gone",
            "deleted bucket and role, too",
            everything_gone,
            TORN_DOWN,
        ),
        Student("learner-lab", "works in AWS Academy's Learner Lab", in_learner_lab, rubric=LEARNER_LAB),
    )
)
