"""The lesson with one mistake each: most frequent first within each part of it."""

from dataclasses import replace

from simulator.account import ENDPOINT_NAME, JOB_NAME, SimulatedAccount, TrainedJob
from simulator.students.choices import WRONG_DIMENSION, Choices, own_bucket
from simulator.students.permissions import (
    OBJECTS,
    ROLE,
    SAGEMAKER,
    allow,
    attach,
    bounded,
    half_open_bucket,
    let_everybody_read,
    make_public_read,
    open_bucket,
    policy,
    role_by_hand,
    scoped,
    trust,
)
from simulator.students.steps import (
    bucket_of,
    choose,
    create_instance,
    delete_endpoints,
    delete_instances,
    follow,
    make_bucket,
    make_instance,
    order_endpoint,
    order_instance,
    predict,
    prepare,
    refused,
    start_training,
    stop_instances,
    tear_down,
    then,
    train,
    use_jupyter,
)
from simulator.students.student import Student
from simulator.students.studio import open_studio
from simulator.students.verdicts import (
    BADLY_TRAINED,
    DEPLOYED,
    JUPYTER,
    NO_LOG,
    NOT_IN_SERVICE,
    NOT_SERVING,
    NOT_TRAINED,
    NOT_TRAINED_IN_THE_END,
    ON_INSTANCE,
    TORN_DOWN,
    blocked,
    fails,
    outcomes,
    pending,
    unverified,
)
from simulator.training_data import HALF_THE_PIXELS, ZEROS_AS_OTHERS, TrainingData

XGBOOST = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
SCRIPT_FAILED = "Lifecycle Configuration script failed with exit code 1."
ABROAD = "eu-west-1"

# -- the bucket ---------------------------------------------------------------------------------------------------


def train_in_another_region(account: SimulatedAccount) -> None:
    """The bucket is in another region than everything else, so no job can read what is in it."""
    role = prepare(account, Choices(bucket_region="us-west-2"))
    refused(lambda: start_training(account, role), "ValidationException")


BUCKET_MISTAKES = (
    Student("no-prefix", "left the prefix out of the bucket's name", choose(bucket="my-first-bucket")),
    Student("placeholder", "kept the placeholder in the bucket's name", choose(bucket="sagemaker-current-date-time")),
    Student("no-date", "left date and time out of the bucket's name", choose(bucket="sagemaker-my-first-bucket")),
    Student("no-time", "left the time out of the bucket's name", choose(bucket="sagemaker-20190701")),
    Student("unreal-date", "typed a month that there is not", choose(bucket="sagemaker-20191301-1820")),
    Student("unreal-time", "typed a time that there is not", choose(bucket="sagemaker-20190701-1870")),
)
BUCKET_NAMES = tuple(replace(one, verdicts=fails("bucket.name")) for one in BUCKET_MISTAKES)
OTHER_BUCKETS = (
    Student(
        "bucket-elsewhere",
        "made the bucket in us-west-2 and the instance in us-east-1, so that nothing can be trained",
        train_in_another_region,
        fails("bucket.region") | NOT_TRAINED,
        fails("bucket.region") | NOT_TRAINED_IN_THE_END,
    ),
    Student(
        "bucket-elsewhere-unused",
        "made the bucket in us-west-2, and trained into the bucket that the SDK makes",
        choose(bucket_region="us-west-2", trains_in="default"),
        fails("bucket.region"),
    ),
    Student("blocks-off", "switched Block Public Access off", then(open_bucket), fails("bucket.private")),
    Student(
        "one-block-off",
        "switched one of the four public-access blocks off",
        then(half_open_bucket),
        fails("bucket.private"),
    ),
    Student("public-policy", "let everybody read the bucket", then(let_everybody_read), fails("bucket.private")),
    Student("public-acl", "made the bucket public-read", then(make_public_read), fails("bucket.private")),
)

# -- the role -----------------------------------------------------------------------------------------------------

SCOPES = (
    Student("any-bucket", "chose Any S3 bucket for the role", choose(scope="any")),
    Student("no-bucket", "chose None for the role's buckets", choose(scope="none")),
    Student("mistyped", "mistyped the bucket's name in the role", choose(scope=lambda own: (own[:-2] + own[:-3:-1],))),
    Student(
        "uri-typed", "typed s3:// before the bucket's name in the role", choose(scope=lambda own: (f"s3://{own}",))
    ),
    Student("nothing-typed", "left in the role what the console proposes", choose(scope=("SageMaker",))),
    Student(
        "second-bucket", "entered a second bucket in the role", choose(scope=lambda own: (own, "grades-of-everybody"))
    ),
    Student(
        "wildcard",
        "let the role reach every bucket that begins with sagemaker",
        then(policy(lambda _: [allow("s3:*", "arn:aws:s3:::sagemaker*")])),
    ),
    Student(
        "not-action",
        "allowed the role everything but IAM",
        then(policy(lambda _: [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}])),
    ),
    Student("administrator", "made the role an administrator", then(attach("AdministratorAccess"))),
    Student("s3-full-access", "gave the role all of S3", then(attach("AmazonS3FullAccess"))),
    Student(
        "no-delete",
        "forgot DeleteObject in the role",
        then(policy(lambda own: scoped(own, objects=OBJECTS[:2]))),
    ),
    Student("no-listing", "forgot ListBucket in the role", then(policy(lambda own: scoped(own)[1:]))),
    Student("boundary", "put a boundary around the role that leaves no S3", then(bounded("ec2:*"))),
)
ROLES = (
    *(replace(one, verdicts=fails("role.scoped")) for one in SCOPES),
    Student(
        "trusts-everybody", "let everybody assume the role", then(trust(SAGEMAKER, {"AWS": "*"})), fails("role.trust")
    ),
    Student(
        "trusts-another-account",
        "let another account assume the role",
        then(trust(SAGEMAKER, {"AWS": "arn:aws:iam::999988887777:root"})),
        fails("role.trust"),
    ),
    Student(
        "trusts-ec2-only",
        "changed the role so that EC2 may assume it, and not SageMaker",
        then(trust({"Service": "ec2.amazonaws.com"})),
        fails("role.trust"),
    ),
)

# -- the notebook instance ----------------------------------------------------------------------------------------


def with_failing_script(account: SimulatedAccount) -> None:
    """A lifecycle script ends the instance before it has begun."""
    order_instance(account, fails=SCRIPT_FAILED)
    account.wait_for("notebook-instance", "sm-test", "Failed")


def use_studio(account: SimulatedAccount) -> None:
    """Everything was done in Studio, with the role that the wizard makes; nobody made a notebook instance."""
    bucket = make_bucket(account)
    role = account.make_execution_role((bucket,))
    open_studio(account)
    predict(account, train(account, role))


INSTANCES = (
    Student("smtest", "called the instance smtest", choose(instance="smtest"), fails("instance.name")),
    Student("capitals", "called the instance SM-Test", choose(instance="SM-Test"), fails("instance.name")),
    Student("numbered", "called the instance sm-test-1", choose(instance="sm-test-1"), fails("instance.name")),
    Student("m5-xlarge", "took an ml.m5.xlarge", choose(instance_type="ml.m5.xlarge"), fails("instance.type")),
    Student("t2-xlarge", "took an ml.t2.xlarge", choose(instance_type="ml.t2.xlarge"), fails("instance.type")),
    Student("no-root", "disabled root access", choose(root_access=False), fails("instance.root_access")),
    Student(
        "accelerator",
        "added Elastic Inference",
        choose(accelerators=("ml.eia2.medium",)),
        fails("instance.accelerator"),
    ),
    Student(
        "script-failed",
        "gave the instance a script that fails",
        with_failing_script,
        NOT_IN_SERVICE | fails("instance.in_service"),
        NOT_TRAINED_IN_THE_END | fails("instance.in_service") | blocked(*JUPYTER),
    ),
    Student(
        "studio-instead",
        "did everything in SageMaker Studio",
        use_studio,
        fails("instance.name")
        | blocked(*ON_INSTANCE, "instance.in_service", *JUPYTER, "teardown.instance")
        | pending("teardown.everywhere"),
        fails("instance.name", "teardown.everywhere")
        | blocked(*ON_INSTANCE, "instance.in_service", *JUPYTER, "teardown.instance"),
    ),
)

# -- Jupyter ------------------------------------------------------------------------------------------------------


def open_jupyter_only(account: SimulatedAccount) -> None:
    """Jupyter was opened and closed again; the notebook of step 7 was run from a terminal elsewhere."""
    role = make_instance(account)
    account.open_jupyter()
    predict(account, train(account, role))


def create_notebook_only(account: SimulatedAccount) -> None:
    """A notebook was made, and no cell of it run."""
    role = make_instance(account)
    account.open_jupyter().new_notebook()
    predict(account, train(account, role))


def leave_upload_alone(account: SimulatedAccount) -> None:
    """A notebook was uploaded as the last thing, and never opened."""
    role = prepare(account, Choices(uploaded=None))
    account.let_pass(60)
    account.write_jupyter_log(["Uploading file to /portfolio_planner_part_2.ipynb"])
    predict(account, train(account, role))


def never_open_jupyter(account: SimulatedAccount) -> None:
    """The notebook of step 7 was run from a terminal elsewhere."""
    predict(account, train(account, make_instance(account)))


def without_leave_to_log(account: SimulatedAccount) -> None:
    """A role by hand that may do all that the notebook needs, but write no logs."""
    bucket = make_bucket(account)
    pass_role = allow("iam:PassRole", "arn:aws:iam::*:role/my-role")
    role = role_by_hand(account, "my-role", *scoped(bucket), allow("sagemaker:*", "*"), pass_role)
    create_instance(account, role)
    account.wait_for("notebook-instance", "sm-test", "InService")
    use_jupyter(account)
    predict(account, train(account, role))


NOTEBOOKS = (
    Student(
        "nothing-in-jupyter",
        "opened Jupyter and did nothing in it",
        open_jupyter_only,
        pending(*JUPYTER),
        fails(*JUPYTER),
    ),
    Student(
        "created-only",
        "made a notebook and ran nothing",
        create_notebook_only,
        pending(*JUPYTER[1:]),
        fails(*JUPYTER[1:]),
    ),
    Student(
        "nothing-uploaded",
        "uploaded nothing",
        choose(uploaded=None),
        pending("notebook.uploaded"),
        fails("notebook.uploaded"),
    ),
    Student(
        "table-uploaded",
        "uploaded only the table that the notebook reads",
        choose(uploaded="portfolio.csv"),
        pending("notebook.uploaded"),
        fails("notebook.uploaded"),
    ),
    Student(
        "upload-unused",
        "uploaded a notebook and never opened it",
        leave_upload_alone,
        pending("notebook.uploaded"),
        unverified("notebook.uploaded"),
    ),
    Student("never-opened", "never opened Jupyter", never_open_jupyter, NO_LOG),
    Student("may-not-log", "made a role by hand that may not write logs", without_leave_to_log, NO_LOG),
)

# -- training -----------------------------------------------------------------------------------------------------


def keep_placeholder(account: SimulatedAccount) -> None:
    """The notebook's first cell still holds the placeholder, and nobody has a bucket of that name."""
    role = prepare(account)
    notebook = account.as_role(role)
    refused(lambda: notebook.train("your-s3-bucket-name-here", role), "NoSuchBucket")


def upgrade_sdk(account: SimulatedAccount) -> None:
    """The newest SDK fails at the notebook's first import, so that nothing else of it is run."""
    prepare(account)


def train_badly(account: SimulatedAccount) -> None:
    """The notebook says that digits have 28 pixels."""
    start_training(account, prepare(account), Choices(data=WRONG_DIMENSION))
    account.wait_for("training-job", JOB_NAME, "Failed")


def stop_training(account: SimulatedAccount) -> None:
    """The job was stopped while it ran."""
    start_training(account, prepare(account))
    account.let_pass(60)
    account.stop_training()
    account.wait_for("training-job", JOB_NAME, "Stopped")


def give_no_time(account: SimulatedAccount) -> None:
    """The job may train for a second only."""
    role = prepare(account)
    account.as_role(role).train(own_bucket(account), role, max_runtime_s=1)
    account.wait_for("training-job", JOB_NAME, "Stopped")


def run_another_example(account: SimulatedAccount) -> None:
    """XGBoost instead of Linear Learner."""
    role = prepare(account)
    account.as_role(role).train(own_bucket(account), role, image=XGBOOST)
    account.wait_for("training-job", JOB_NAME, "Completed")


def train_into_third_bucket(account: SimulatedAccount) -> None:
    """A bucket of its own for the models, which SageMaker's own policy opens to every role."""
    role = prepare(account)
    models = account.make_bucket(f"sagemaker-models-{account.number}")
    job = account.as_role(role).train(models, role)
    account.wait_for("training-job", JOB_NAME, "Completed")
    predict(account, job)


TRAININGS = (
    Student(
        "notebook-placeholder",
        "never typed the bucket into the notebook",
        keep_placeholder,
        NOT_TRAINED,
        NOT_TRAINED_IN_THE_END,
    ),
    Student(
        "newest-sdk",
        "installed the newest SDK, which cannot run the notebook",
        upgrade_sdk,
        NOT_TRAINED,
        NOT_TRAINED_IN_THE_END,
    ),
    Student("training-failed", "told the algorithm a wrong number of pixels", train_badly, BADLY_TRAINED),
    Student("training-stopped", "stopped the training job", stop_training, BADLY_TRAINED),
    Student("no-time-to-train", "gave the training job one second", give_no_time, BADLY_TRAINED),
    Student("another-example", "ran the example of another algorithm", run_another_example, BADLY_TRAINED),
    Student("model-elsewhere", "trained into a third bucket", train_into_third_bucket, fails("training.output")),
)

# -- the endpoint -------------------------------------------------------------------------------------------------


def delete_artifact(account: SimulatedAccount) -> None:
    """The model's file was tidied away before the endpoint had fetched it."""
    job = train(account, prepare(account))
    endpoint = order_endpoint(account, job)
    bucket, _, key = job.artifact_uri.removeprefix("s3://").partition("/")
    account.s3().delete_object(Bucket=bucket, Key=key)
    account.wait_for("endpoint", endpoint, "Failed")


def copied_model(account: SimulatedAccount, job: TrainedJob, bucket: str, region: str | None = None) -> TrainedJob:
    """Download the model's file and upload it somewhere else, under a name of one's own."""
    source, _, key = job.artifact_uri.removeprefix("s3://").partition("/")
    body = account.s3().get_object(Bucket=source, Key=key)["Body"].read()
    account.s3(region).put_object(Bucket=bucket, Key="model.tar.gz", Body=body)
    return replace(job, artifact_uri=f"s3://{bucket}/model.tar.gz")


def deploy_copy(account: SimulatedAccount) -> None:
    """What is deployed is a file that was handed round, and not what the training job made."""
    job = train(account, prepare(account))
    predict(account, copied_model(account, job, own_bucket(account)))


def delete_model(account: SimulatedAccount) -> None:
    """The model was deleted, and the endpoint left."""
    account.delete_model()


def delete_config(account: SimulatedAccount) -> None:
    """The configuration was deleted, and the endpoint left."""
    account.delete_endpoint_config()


ENDPOINTS = (
    Student(
        "artifact-deleted",
        "deleted the model's file while it was being deployed",
        delete_artifact,
        fails("endpoint.in_service") | blocked("endpoint.prediction"),
    ),
    Student(
        "another-model",
        "deployed a model that was handed round",
        deploy_copy,
        NOT_SERVING,
        fails("endpoint.in_service") | blocked("endpoint.prediction"),
    ),
    Student(
        "wrong-answers",
        "trained on labels the wrong way round",
        choose(data=ZEROS_AS_OTHERS),
        fails("endpoint.prediction"),
    ),
    Student(
        "always-zero",
        "trained on labels that call every digit a zero",
        choose(data=TrainingData("all")),
        fails("endpoint.prediction"),
    ),
    Student(
        "half-the-pixels",
        "trained on the upper half of each picture, so that the model refuses whole ones",
        choose(data=HALF_THE_PIXELS),
        fails("endpoint.prediction"),
    ),
    Student(
        "config-deleted", "deleted the configuration and left the endpoint", then(delete_config), unverified(*DEPLOYED)
    ),
    Student("model-deleted", "deleted the model and left the endpoint", then(delete_model), unverified(*DEPLOYED)),
)

# -- cleaning up --------------------------------------------------------------------------------------------------


def make_instance_abroad(account: SimulatedAccount) -> None:
    """A second instance, in another region."""
    role = account.iam.get_role(RoleName=ROLE)["Role"]["Arn"]
    account.make_notebook_instance(role, "forgotten", region=ABROAD)
    account.wait_for("notebook-instance", "forgotten", "InService", region=ABROAD)


def deploy_abroad(account: SimulatedAccount) -> None:
    """The model's file was copied to another region and deployed there, too."""
    role = account.iam.get_role(RoleName=ROLE)["Role"]["Arn"]
    bucket = account.make_bucket(f"sagemaker-abroad-{account.number}", ABROAD)
    trained = account.sagemaker().describe_training_job(TrainingJobName=JOB_NAME)
    job = TrainedJob(JOB_NAME, trained["ModelArtifacts"]["S3ModelArtifacts"], role)
    account.deploy(copied_model(account, job, bucket, ABROAD), region=ABROAD)
    account.wait_for("endpoint", ENDPOINT_NAME, "InService", region=ABROAD)


def deploy_twice(account: SimulatedAccount) -> None:
    """The cell that deploys was run twice; the cell that deletes knows only the second endpoint."""
    follow(account)
    first = account.make_endpoint(ENDPOINT_NAME, "linear-learner-2019-07-01-19-20-00-000")
    account.wait_for("endpoint", first, "InService")
    account.delete_endpoint(first)
    account.wait_for("endpoint", first, None)
    delete_instances(account)


def train_once_more(account: SimulatedAccount) -> None:
    """A second training job still runs when everything else is deleted."""
    role = account.iam.get_role(RoleName=ROLE)["Role"]["Arn"]
    tear_down(account)
    account.as_role(role).train(bucket_of(account), role, "linear-learner-2019-07-01-19-30-00-000")


TEARDOWNS = (
    Student(
        "endpoint-left",
        "deleted the notebook instance and left the endpoint running",
        then(delete_instances),
        outcomes(("teardown.instance",), "passed"),
    ),
    Student(
        "instance-left",
        "deleted the endpoint and left the notebook instance running",
        then(delete_endpoints),
        outcomes(("teardown.endpoint",), "passed"),
    ),
    Student(
        "only-stopped",
        "deleted the endpoint, and only stopped the notebook instance",
        then(delete_endpoints, stop_instances),
        outcomes(("teardown.endpoint",), "passed"),
    ),
    Student(
        "second-endpoint-left",
        "ran the cell that deploys twice, and deleted only the second endpoint",
        deploy_twice,
        outcomes(("teardown.instance",), "passed"),
    ),
    Student(
        "forgotten-abroad",
        "cleaned up, but for a second instance in Ireland",
        then(tear_down, make_instance_abroad),
        outcomes(("teardown.endpoint",), "passed"),
    ),
    Student(
        "endpoint-left-abroad",
        "cleaned up, but for an endpoint in Ireland",
        then(tear_down, deploy_abroad),
        TORN_DOWN | pending("teardown.endpoint"),
        TORN_DOWN | fails("teardown.endpoint"),
    ),
    Student(
        "studio-left-running",
        "opened Studio, too, and left JupyterLab running in it",
        then(open_studio),
        pending("teardown.everywhere"),
        fails("teardown.everywhere"),
    ),
    Student(
        "smtest-torn-down",
        "called the instance smtest, and cleaned up",
        choose(instance="smtest") & then(tear_down),
        TORN_DOWN | fails("instance.name"),
    ),
    Student(
        "any-bucket-torn-down",
        "chose Any S3 bucket, and cleaned up",
        choose(scope="any") & then(tear_down),
        TORN_DOWN | fails("role.scoped"),
    ),
    Student(
        "still-training",
        "cleaned up while a second training job was running",
        then(train_once_more),
        TORN_DOWN | pending("teardown.everywhere"),
        TORN_DOWN | unverified("teardown.everywhere"),
    ),
)

MISTAKES: tuple[Student, ...] = (
    *BUCKET_NAMES,
    *OTHER_BUCKETS,
    *ROLES,
    *INSTANCES,
    *NOTEBOOKS,
    *TRAININGS,
    *ENDPOINTS,
    *TEARDOWNS,
)
