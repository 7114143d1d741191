"""The lesson done well, and done with one mistake each: every verdict on every criterion."""

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.account import (
    ALL_BLOCKED,
    ENDPOINT_NAME,
    JOB_NAME,
    ROLE_STAMP,
    TRUST,
    SimulatedAccount,
    TrainedJob,
    jupyter_lines,
)
from simulator.students import Choices, follow, make_instance, predict, sample_digits, tear_down, train, use_jupyter

BUCKET = "sagemaker-20190701-1820"
ROLE = f"AmazonSageMaker-ExecutionRole-{ROLE_STAMP}"
POLICY = f"arn:aws:iam::123456789012:policy/service-role/AmazonSageMaker-ExecutionPolicy-{ROLE_STAMP}"
ROLE_ARN = f"arn:aws:iam::123456789012:role/service-role/{ROLE}"
ARTIFACT = f"s3://{BUCKET}/sagemaker/DEMO-linear-mnist/output/{JOB_NAME}/output/model.tar.gz"
XGBOOST = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
MODEL_STEPS = ("training.output", "endpoint.in_service", "endpoint.prediction")
JUPYTER = ("notebook.created", "notebook.executed", "notebook.uploaded")

WELL = dict.fromkeys(
    (
        *("account.access", "bucket.name", "bucket.region", "bucket.private", "role.trust", "role.scoped"),
        *("instance.name", "instance.type", "instance.accelerator", "instance.root_access", "instance.role"),
        *("instance.in_service", *JUPYTER, "training.completed", *MODEL_STEPS),
    ),
    "passed",
) | {
    "teardown.instance": "pending",
    "teardown.endpoint": "pending",
    "teardown.everywhere": "passed",
    "teardown.tidy": "pending",
}
WELL_AT_THE_END = WELL | {"teardown.instance": "failed", "teardown.endpoint": "failed"}

Build = Callable[[SimulatedAccount], Any]
Outcomes = dict[str, str]


@dataclass(frozen=True)
class Variant:
    """One way to do the lesson. `differs`: the outcomes that are not those of the lesson done well, before the end;
    `in_the_end`: the same with --final, where it is something else.
    """

    story: str
    build: Build
    differs: Outcomes = field(default_factory=dict)
    in_the_end: Outcomes | None = None


@dataclass(frozen=True)
class Doing:
    """The whole lesson with something else typed or ticked, and something more done afterwards. Two of these can be
    one: steps find the bucket's and the instance's names, and a `scope` may be made from the bucket's.
    """

    choices: dict[str, Any] = field(default_factory=dict)
    steps: tuple[Build, ...] = ()

    def __call__(self, account: SimulatedAccount) -> None:
        typed = dict(self.choices)
        if callable(typed.get("scope")):
            typed["scope"] = typed["scope"](typed.get("bucket", BUCKET))
        follow(account, Choices(**typed))
        for step in self.steps:
            step(account)

    def __and__(self, other: "Doing") -> "Doing":
        return Doing(self.choices | other.choices, (*self.steps, *other.steps))


def choose(**choices: Any) -> Doing:
    """The whole lesson with something else typed or ticked."""
    return Doing(choices)


def then(*steps: Build) -> Doing:
    """The whole lesson done well, then this."""
    return Doing(steps=steps)


def bucket_of(account: SimulatedAccount) -> str:
    return account.s3().list_buckets()["Buckets"][0]["Name"]


def instance_of(account: SimulatedAccount) -> str:
    return account.sagemaker().list_notebook_instances()["NotebookInstances"][0]["NotebookInstanceName"]


def before(*steps: Build) -> Build:
    """Only these steps."""

    def build(account: SimulatedAccount) -> None:
        for step in steps:
            step(account)

    return build


def allow(action: Any, resource: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


ARN = f"arn:aws:s3:::{BUCKET}"
OBJECTS = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
SCOPED = (allow("s3:ListBucket", ARN), allow(OBJECTS, f"{ARN}/*"))
DENY_ELSEWHERE = {"Effect": "Deny", "Action": "s3:*", "NotResource": [ARN, f"{ARN}/*"]}


def policy(*statements: dict[str, Any]) -> Build:
    """The wizard's policy gets another default version; BUCKET stands for the student's own bucket."""

    def edit(account: SimulatedAccount) -> None:
        text = json.dumps(document(*statements)).replace(BUCKET, bucket_of(account))
        account.iam.create_policy_version(PolicyArn=POLICY, PolicyDocument=text, SetAsDefault=True)

    return edit


def detached(account: SimulatedAccount) -> None:
    account.iam.detach_role_policy(RoleName=ROLE, PolicyArn=POLICY)


def inline(account: SimulatedAccount) -> None:
    detached(account)
    text = json.dumps(document(*SCOPED))
    account.iam.put_role_policy(RoleName=ROLE, PolicyName="mine", PolicyDocument=text)


def bounded(*actions: str) -> Build:
    """A permissions boundary that leaves only these."""

    def bound(account: SimulatedAccount) -> None:
        text = json.dumps(document(allow(list(actions), "*")))
        boundary = account.iam.create_policy(PolicyName="limits", PolicyDocument=text)
        account.iam.put_role_permissions_boundary(RoleName=ROLE, PermissionsBoundary=boundary["Policy"]["Arn"])

    return bound


def trust(*principals: Any) -> Build:
    statements = ({"Effect": "Allow", "Principal": one, "Action": "sts:AssumeRole"} for one in principals)
    text = json.dumps(document(*statements))
    return lambda account: account.iam.update_assume_role_policy(RoleName=ROLE, PolicyDocument=text)


SAGEMAKER = {"Service": "sagemaker.amazonaws.com"}


def opened(account: SimulatedAccount) -> None:
    account.s3().delete_public_access_block(Bucket=bucket_of(account))


def half_opened(account: SimulatedAccount) -> None:
    switches = ALL_BLOCKED | {"BlockPublicPolicy": False}
    account.s3().put_public_access_block(Bucket=bucket_of(account), PublicAccessBlockConfiguration=switches)


def public_policy(account: SimulatedAccount) -> None:
    opened(account)
    bucket = bucket_of(account)
    statement = allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*", Principal="*")
    account.s3().put_bucket_policy(Bucket=bucket, Policy=json.dumps(document(statement)))


def public_acl(account: SimulatedAccount) -> None:
    account.s3().put_bucket_acl(Bucket=bucket_of(account), ACL="public-read")


def status(kind: Any, name: str, state: str, reason: str | None = None) -> Build:
    return lambda account: account.set_status(kind, name, state, failure_reason=reason)


def without_log(account: SimulatedAccount) -> None:
    account.logs().delete_log_group(logGroupName="/aws/sagemaker/NotebookInstances")


def only_lines(*lines: str) -> Build:
    def rewrite(account: SimulatedAccount) -> None:
        without_log(account)
        account.write_jupyter_log(("[I ServerApp] Jupyter Server is running", *lines), instance_of(account))

    return rewrite


def instance(state: str, reason: str | None = None) -> Build:
    """The instance is in this state, and Jupyter never wrote."""
    return before(make_instance, status("notebook-instance", "sm-test", state, reason))


def trained(account: SimulatedAccount, **options: Any) -> None:
    """Everything up to the training job."""
    role = make_instance(account)
    use_jupyter(account)
    account.train(BUCKET, role, **options)


def job(state: str, reason: str | None = None) -> Build:
    return before(trained, status("training-job", JOB_NAME, state, reason))


def endpoint(state: str, reason: str | None = None) -> Build:
    return then(status("endpoint", ENDPOINT_NAME, state, reason), without_endpoint_log)


def without_endpoint_log(account: SimulatedAccount) -> None:
    account.logs().delete_log_group(logGroupName=f"/aws/sagemaker/Endpoints/{ENDPOINT_NAME}")


def answers(body: str | None) -> Build:
    """The endpoint answers this, and the student asked it nothing that its log would show."""

    def build(account: SimulatedAccount) -> None:
        account.deploy(train(account, prepared(account)))
        if body is not None:
            account.answer(body)

    return build


def prepared(account: SimulatedAccount) -> str:
    role = make_instance(account)
    use_jupyter(account)
    return role


def predictions(*labels: int) -> str:
    return json.dumps({"predictions": [{"score": float(label), "predicted_label": label} for label in labels]})


def trained_elsewhere(bucket: str) -> Build:
    def build(account: SimulatedAccount) -> None:
        role = prepared(account)
        account.make_bucket(bucket)
        predict(account, account.train(bucket, role))

    return build


def trained_twice(account: SimulatedAccount) -> None:
    role = account.iam.get_role(RoleName=ROLE)["Role"]["Arn"]
    account.train(BUCKET, role, "linear-learner-2019-07-01-19-00-00-000")
    account.set_status(
        "training-job", "linear-learner-2019-07-01-19-00-00-000", "Failed", failure_reason="ClientError: no data"
    )


def serving_another_model(account: SimulatedAccount) -> None:
    job = train(account, prepared(account))
    account.deploy(replace(job, artifact_uri="s3://somebody-elses/model.tar.gz"))


def in_region(region: str) -> Build:
    def build(account: SimulatedAccount) -> None:
        there = replace(account, region=region)
        follow(there)

    return build


def second_instance_abroad(account: SimulatedAccount) -> None:
    tear_down(account)
    role = account.iam.get_role(RoleName=ROLE)["Role"]["Arn"]
    account.make_notebook_instance(role, "forgotten", region="eu-west-1")


def at_work(account: SimulatedAccount) -> None:
    """AWS deletes the instance and the endpoint, and is not done yet."""
    account.set_status("notebook-instance", "sm-test", "Deleting")
    account.set_status("endpoint", ENDPOINT_NAME, "Deleting")


def own_role(account: SimulatedAccount) -> None:
    """A role made by hand in IAM, used for everything."""
    account.make_bucket(BUCKET)
    role = account.iam.create_role(RoleName="my-role", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    account.attach_own_policy("my-role", document(*SCOPED), "my-policy")
    account.attach_aws_policy("my-role", "AmazonSageMakerFullAccess")
    account.make_notebook_instance(role)
    use_jupyter(account)
    predict(account, train(account, role))


def others_role(account: SimulatedAccount) -> None:
    """The instance runs under a role of another account; everything else is as it should be."""
    account.make_bucket(BUCKET)
    account.make_execution_role((BUCKET,))
    role = "arn:aws:iam::999988887777:role/service-role/AmazonSageMaker-ExecutionRole-20190701T182197"
    account.make_notebook_instance(role)
    use_jupyter(account)
    predict(account, train(account, role))


def two_instances(account: SimulatedAccount) -> None:
    """The first was called wrongly, so a second one was made, in which everything was done."""
    role = make_instance(account)
    account.make_notebook_instance(role, "smtest")
    use_jupyter(account)
    predict(account, train(account, role))


def unused_bucket(account: SimulatedAccount) -> None:
    """A bucket that was called wrongly is left; the right one was made after it."""
    account.make_bucket("sagemaker-my-first-bucket")
    follow(account)


def deployed_abroad(account: SimulatedAccount) -> None:
    endpoint = account.deploy(train(account, prepared(account)), region="us-west-2")
    account.write_endpoint_log(endpoint, region="us-west-2")
    account.answer_digits(sample_digits(), region="us-west-2")


def deployed_twice(account: SimulatedAccount) -> None:
    """The first time there was no capacity."""
    first = "linear-learner-2019-07-01-18-45-00-000"
    account.make_endpoint(ENDPOINT_NAME, first)
    account.set_status("endpoint", first, "Failed", failure_reason="Unable to provision requested ML compute capacity")


def tuned(account: SimulatedAccount) -> None:
    """The training job is a child of a tuning job, whose name does not tell the algorithm."""
    role = prepared(account)
    predict(account, account.train(BUCKET, role, "DEMO-ll-mni-001-0123abcd"))


def refusing(code: str, status: int, **fields: Any) -> Build:
    """The endpoint answers with an error, and its log does not show that the student asked it."""

    def build(account: SimulatedAccount) -> None:
        account.deploy(train(account, prepared(account)))
        account.refuse_digits(code, status, **fields)

    return build


def studio(account: SimulatedAccount) -> None:
    account.make_studio_domain(account.iam.get_role(RoleName=ROLE)["Role"]["Arn"])


def misspelt(bucket: str) -> tuple[str, ...]:
    """The last two characters the wrong way round."""
    return (bucket[:-2] + bucket[-1] + bucket[-2],)


def everything_gone(account: SimulatedAccount) -> None:
    tear_down(account)
    account.delete_endpoint_config()
    account.delete_model()
    account.empty_and_delete_bucket(BUCKET)
    account.delete_role(ROLE)


def all_of(ids: tuple[str, ...], outcome: str, **more: str) -> Outcomes:
    return dict.fromkeys(ids, outcome) | {name.replace("__", "."): value for name, value in more.items()}


def fails(*ids: str) -> Outcomes:
    return all_of(ids, "failed")


# Whose model an endpoint served that is gone, nothing tells.
UNJOINED = ("endpoint.in_service", "endpoint.prediction")
ON_INSTANCE = ("instance.type", "instance.accelerator", "instance.root_access")
ALL_ON_INSTANCE = (*ON_INSTANCE, "instance.role", "instance.in_service")
NOT_DEPLOYED = {"endpoint.in_service": "pending", "endpoint.prediction": "blocked", "teardown.endpoint": "blocked"}
NOT_DEPLOYED_IN_THE_END = all_of(("endpoint.in_service", "endpoint.prediction", "teardown.endpoint"), "unverified")
NOT_TRAINED = {"training.completed": "pending"} | all_of((*MODEL_STEPS, "teardown.endpoint"), "blocked")
NOT_TRAINED_IN_THE_END = all_of(("training.completed", *MODEL_STEPS, "teardown.endpoint"), "unverified")
NO_JUPYTER = all_of(JUPYTER, "unverified")
TORN_DOWN = {"teardown.instance": "passed", "teardown.endpoint": "passed"}

VARIANTS = {
    # Right, though done in another way.
    "done well": Variant("did everything right and is about to clean up", follow),
    "with seconds": Variant("wrote seconds into the bucket's name", choose(bucket="sagemaker-20190701-182059")),
    "t3.medium": Variant("took the stand-in type", choose(instance_type="ml.t3.medium")),
    "inline policy": Variant("wrote the policy into the role itself", then(inline)),
    "deny elsewhere": Variant(
        "allowed all of S3 and denied all but the bucket", then(policy(allow("s3:*", "*"), DENY_ELSEWHERE))
    ),
    "listing allowed": Variant(
        "may also list all buckets' names",
        then(policy(*SCOPED, allow(["s3:ListAllMyBuckets", "s3:GetBucketLocation"], "*"))),
    ),
    "default bucket": Variant(
        "trained into SageMaker's own bucket", trained_elsewhere("sagemaker-us-east-1-123456789012")
    ),
    "role by hand": Variant("made the role in IAM, and called it my-role", own_role),
    "boundary with room": Variant(
        "put a boundary around the role that leaves what it needs", then(bounded("s3:*", "sagemaker:*", "logs:*"))
    ),
    "account's blocks": Variant(
        "switched the bucket's blocks off and the account's on",
        then(opened, lambda account: account.block_public_access()),
    ),
    "two instances": Variant("made a second instance, rightly called", two_instances),
    "unused bucket": Variant("made a second bucket, rightly called", unused_bucket),
    "tuned": Variant("trained by a tuning job", tuned),
    "deployed twice": Variant("deployed again, when there was no capacity", then(deployed_twice)),
    "deployed abroad": Variant("deployed the model in us-west-2", deployed_abroad),
    "trained twice": Variant("trained again, and that failed", then(trained_twice)),
    "other region": Variant("did everything in us-west-2", in_region("us-west-2")),
    "stopped already": Variant("stopped the instance", then(lambda account: account.stop_instance())),
    "stopping": Variant(
        "has just pressed Stop",
        then(status("notebook-instance", "sm-test", "Stopping")),
        in_the_end={"teardown.instance": "unverified"},
    ),
    "deleting": Variant(
        "has just deleted everything",
        then(at_work),
        in_the_end={"teardown.instance": "unverified", "teardown.endpoint": "unverified"},
    ),
    # One mistake each.
    "no prefix": Variant("left the prefix out", choose(bucket="my-first-bucket"), fails("bucket.name")),
    "placeholder": Variant("kept the placeholder", choose(bucket="sagemaker-current-date-time"), fails("bucket.name")),
    "no date": Variant("left the date out", choose(bucket="sagemaker-my-first-bucket"), fails("bucket.name")),
    "unreal date": Variant(
        "typed a month that there is not", choose(bucket="sagemaker-20191301-1820"), fails("bucket.name")
    ),
    "bucket elsewhere": Variant(
        "made the bucket in us-west-2", choose(bucket_region="us-west-2"), fails("bucket.region")
    ),
    "one block off": Variant("switched one of the blocks off", then(half_opened), fails("bucket.private")),
    "blocks off": Variant("switched Block Public Access off", then(opened), fails("bucket.private")),
    "public policy": Variant("let everybody read", then(public_policy), fails("bucket.private")),
    "public acl": Variant("made the bucket public-read", then(public_acl), fails("bucket.private")),
    "any bucket": Variant("chose Any S3 bucket", choose(scope="any"), fails("role.scoped")),
    "none": Variant("chose None", choose(scope="none"), fails("role.scoped")),
    "mistyped": Variant("mistyped the bucket's name", choose(scope=misspelt), fails("role.scoped")),
    "second bucket": Variant(
        "entered a second bucket",
        choose(scope=lambda bucket: (bucket, "grades-of-everybody")),
        fails("role.scoped"),
    ),
    "wildcard": Variant(
        "let the role reach every sagemaker bucket",
        then(policy(allow("s3:*", ["arn:aws:s3:::sagemaker*"]))),
        fails("role.scoped"),
    ),
    "not action": Variant(
        "allowed all but IAM",
        then(policy({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"})),
        fails("role.scoped"),
    ),
    "administrator": Variant(
        "made the role an administrator",
        then(lambda account: account.attach_aws_policy(ROLE, "AdministratorAccess")),
        fails("role.scoped"),
    ),
    "s3 full access": Variant(
        "gave the role all of S3",
        then(lambda account: account.attach_aws_policy(ROLE, "AmazonS3FullAccess")),
        fails("role.scoped"),
    ),
    "no delete": Variant(
        "forgot DeleteObject",
        then(policy(allow("s3:ListBucket", ARN), allow(OBJECTS[:2], f"{ARN}/*"))),
        fails("role.scoped"),
    ),
    "boundary": Variant("put a boundary around the role that has no S3", then(bounded("ec2:*")), fails("role.scoped")),
    "trusts everybody": Variant(
        "let everybody assume the role", then(trust(SAGEMAKER, {"AWS": "*"})), fails("role.trust")
    ),
    "trusts another": Variant(
        "let another account assume the role",
        then(trust(SAGEMAKER, {"AWS": "arn:aws:iam::999988887777:root"})),
        fails("role.trust"),
    ),
    "trusts ec2 only": Variant(
        "made the role for EC2", then(trust({"Service": "ec2.amazonaws.com"})), fails("role.trust")
    ),
    "role of another account": Variant(
        "took a role of another account",
        others_role,
        fails("instance.role") | all_of(("role.trust", "role.scoped"), "unverified"),
    ),
    "role gone": Variant(
        "deleted the role too early",
        then(lambda account: account.delete_role(ROLE)),
        all_of(("role.trust", "role.scoped", "instance.role"), "unverified"),
    ),
    "smtest": Variant("called the instance smtest", choose(instance="smtest"), fails("instance.name")),
    "m5.xlarge": Variant("took a big instance", choose(instance_type="ml.m5.xlarge"), fails("instance.type")),
    "no root": Variant("disabled root access", choose(root_access=False), fails("instance.root_access")),
    "accelerator": Variant(
        "took Elastic Inference", choose(accelerators=("ml.eia2.medium",)), fails("instance.accelerator")
    ),
    "no log": Variant("did it all, and Jupyter's log never came", then(without_log), NO_JUPYTER),
    "nothing in jupyter": Variant(
        "opened Jupyter and did nothing", then(only_lines()), all_of(JUPYTER, "pending"), fails(*JUPYTER)
    ),
    "created only": Variant(
        "made a notebook and ran nothing",
        then(only_lines("Creating new notebook in", "Saving file at /Untitled.ipynb")),
        all_of(JUPYTER[1:], "pending"),
        fails(*JUPYTER[1:]),
    ),
    "nothing uploaded": Variant(
        "uploaded nothing", choose(uploaded=None), {"notebook.uploaded": "pending"}, fails("notebook.uploaded")
    ),
    "upload unused": Variant(
        "uploaded a notebook and left it there",
        then(only_lines(*jupyter_lines(None), "Uploading file to /portfolio_planner_part_2.ipynb")),
        {"notebook.uploaded": "pending"},
        {"notebook.uploaded": "unverified"},
    ),
    "pending": Variant(
        "has just pressed Create",
        instance("Pending"),
        NOT_TRAINED | {"instance.in_service": "pending"} | all_of(JUPYTER, "blocked"),
        NOT_TRAINED_IN_THE_END | {"instance.in_service": "unverified"} | all_of(JUPYTER, "unverified"),
    ),
    "no capacity": Variant(
        "got no instance because AWS had none",
        instance("Failed", "Insufficient capacity for ml.t2.medium."),
        NOT_TRAINED | {"instance.in_service": "pending"} | all_of(JUPYTER, "blocked"),
        NOT_TRAINED_IN_THE_END | {"instance.in_service": "unverified"} | all_of(JUPYTER, "unverified"),
    ),
    "script failed": Variant(
        "gave the instance a script that fails",
        instance("Failed", "Lifecycle Configuration script failed with exit code 1."),
        NOT_TRAINED | {"instance.in_service": "failed"} | all_of(JUPYTER, "blocked"),
        NOT_TRAINED_IN_THE_END | {"instance.in_service": "failed"} | all_of(JUPYTER, "blocked"),
    ),
    "training": Variant(
        "waits for the training job",
        job("InProgress"),
        NOT_TRAINED | {"teardown.everywhere": "pending"},
        NOT_TRAINED_IN_THE_END | {"teardown.everywhere": "unverified"},
    ),
    "training failed": Variant(
        "never typed the bucket into the notebook",
        job("Failed", "ClientError: No S3 objects found under S3 URL"),
        NOT_TRAINED | {"training.completed": "failed"},
        {"training.completed": "failed"} | all_of((*MODEL_STEPS, "teardown.endpoint"), "blocked"),
    ),
    "no training capacity": Variant(
        "got no machine to train on",
        job("Failed", "CapacityError: Unable to provision"),
        NOT_TRAINED,
        NOT_TRAINED_IN_THE_END,
    ),
    "training stopped": Variant(
        "stopped the training job",
        job("Stopped"),
        NOT_TRAINED | {"training.completed": "failed"},
        {"training.completed": "failed"} | all_of((*MODEL_STEPS, "teardown.endpoint"), "blocked"),
    ),
    "xgboost": Variant(
        "ran another example",
        partial(trained, image=XGBOOST),
        NOT_TRAINED | {"training.completed": "failed"},
        {"training.completed": "failed"} | all_of((*MODEL_STEPS, "teardown.endpoint"), "blocked"),
    ),
    "model elsewhere": Variant(
        "trained into a third bucket", trained_elsewhere("somewhere-else-entirely"), fails("training.output")
    ),
    "not deployed": Variant("has trained and not deployed", trained, NOT_DEPLOYED, NOT_DEPLOYED_IN_THE_END),
    "creating": Variant(
        "waits for the endpoint",
        endpoint("Creating"),
        {"endpoint.in_service": "pending", "endpoint.prediction": "blocked"},
        all_of(("endpoint.in_service", "endpoint.prediction"), "unverified"),
    ),
    "no endpoint capacity": Variant(
        "got no machine for the endpoint",
        endpoint("Failed", "Unable to provision requested ML compute capacity"),
        {"endpoint.in_service": "pending", "endpoint.prediction": "blocked"},
        all_of(("endpoint.in_service", "endpoint.prediction"), "unverified"),
    ),
    "endpoint failed": Variant(
        "deployed a model that does not start",
        endpoint(
            "Failed", "The primary container for production variant AllTraffic did not pass the ping health check."
        ),
        {"endpoint.in_service": "failed", "endpoint.prediction": "blocked"},
    ),
    "another model": Variant(
        "deployed somebody else's model",
        serving_another_model,
        {"endpoint.in_service": "pending", "endpoint.prediction": "blocked"},
        all_of(("endpoint.in_service", "endpoint.prediction"), "unverified"),
    ),
    "wrong answers": Variant(
        "trained on labels the wrong way round",
        answers(predictions(*(int(digit != 0) for digit in sample_digits()))),
        fails("endpoint.prediction"),
    ),
    "always zero": Variant(
        "trained on nothing but zeros", answers(predictions(*[1] * len(sample_digits()))), fails("endpoint.prediction")
    ),
    # moto answers this for whatever it has no answer for, even for endpoints that are not there.
    "just a body": Variant("has an endpoint that answers `body`", answers(None), {"endpoint.prediction": "unverified"}),
    "one answer": Variant("has an endpoint that answers once", answers(predictions(1)), fails("endpoint.prediction")),
    "refuses digits": Variant(
        "trained on something else than 784 pixels",
        refusing("ModelError", 424, OriginalStatusCode=400, OriginalMessage="Unable to evaluate payload"),
        fails("endpoint.prediction"),
    ),
    "out of order": Variant(
        "has an endpoint whose container stumbles",
        refusing("ModelError", 424, OriginalStatusCode=500, OriginalMessage="Internal error"),
        {"endpoint.prediction": "unverified"},
    ),
    "config deleted": Variant(
        "deleted the configuration and left the endpoint",
        then(lambda account: account.delete_endpoint_config()),
        all_of(UNJOINED, "unverified"),
    ),
    # moto lacks ListApps, so nobody knows what runs in the domain.
    "studio domain": Variant("opened Studio, too", then(studio), {"teardown.everywhere": "unverified"}),
    # After the lesson. What is gone is judged by its traces, or not at all.
    "smtest torn down": Variant(
        "called the instance smtest, and cleaned up",
        Doing({"instance": "smtest"}, (partial(tear_down, instance="smtest"),)),
        TORN_DOWN | fails("instance.name") | all_of((*ON_INSTANCE, *UNJOINED), "unverified"),
    ),
    "any bucket torn down": Variant(
        "chose Any S3 bucket, and cleaned up",
        Doing({"scope": "any"}, (tear_down,)),
        TORN_DOWN | fails("role.scoped") | all_of((*ON_INSTANCE, *UNJOINED), "unverified"),
    ),
    "endpoint left abroad": Variant(
        "cleaned up, but for an endpoint in Ireland",
        then(tear_down, lambda account: account.deploy(TrainedJob(JOB_NAME, ARTIFACT, ROLE_ARN), region="eu-west-1")),
        TORN_DOWN
        | {"teardown.endpoint": "pending", "endpoint.prediction": "unverified"}
        | all_of(ON_INSTANCE, "unverified"),
        TORN_DOWN
        | {"teardown.endpoint": "failed", "endpoint.prediction": "unverified"}
        | all_of(ON_INSTANCE, "unverified"),
    ),
    "endpoint left": Variant(
        "deleted the instance and left the endpoint",
        then(partial(tear_down, endpoint=None)),
        all_of(ON_INSTANCE, "unverified") | {"teardown.instance": "passed"},
    ),
    "instance left": Variant(
        "deleted the endpoint and left the instance",
        then(lambda account: account.delete_endpoint()),
        all_of(UNJOINED, "unverified", teardown__endpoint="passed"),
    ),
    "torn down": Variant(
        "cleaned up as the lesson says",
        then(tear_down),
        TORN_DOWN | all_of((*ON_INSTANCE, *UNJOINED), "unverified"),
    ),
    "everything gone": Variant(
        "deleted bucket and role, too",
        then(everything_gone),
        TORN_DOWN
        | {"teardown.tidy": "passed"}
        | all_of(("bucket.region", "bucket.private", "role.trust", "role.scoped", "instance.role"), "unverified")
        | all_of((*ON_INSTANCE, *UNJOINED), "unverified"),
    ),
    "forgotten abroad": Variant(
        "cleaned up, but for an instance in Ireland",
        then(second_instance_abroad),
        {
            "instance.name": "passed",
            "teardown.endpoint": "passed",
        }
        | all_of((*ON_INSTANCE, *UNJOINED), "unverified"),
    ),
    # Half-way.
    "not begun": Variant(
        "has not begun",
        lambda account: None,
        dict.fromkeys(WELL, "blocked")
        | {
            "account.access": "passed",
            "bucket.name": "pending",
            "instance.name": "pending",
            "training.completed": "pending",
        },
        dict.fromkeys(WELL, "unverified") | {"account.access": "passed"},
    ),
    "bucket only": Variant(
        "has made the bucket",
        lambda account: account.make_bucket(BUCKET),
        dict.fromkeys(WELL, "blocked")
        | {"instance.name": "pending", "training.completed": "pending"}
        | all_of(("account.access", "bucket.name", "bucket.private"), "passed"),
        dict.fromkeys(WELL, "unverified") | all_of(("account.access", "bucket.name", "bucket.private"), "passed"),
    ),
    "instance only": Variant(
        "has made the instance", make_instance, NOT_TRAINED | NO_JUPYTER, NOT_TRAINED_IN_THE_END | NO_JUPYTER
    ),
    "jupyter only": Variant("has used Jupyter", prepared, NOT_TRAINED, NOT_TRAINED_IN_THE_END),
}


# Without those that clean up: what is judged once things are gone hangs on traces that another mistake may take away.
MISTAKES = {
    name: variant
    for name, variant in VARIANTS.items()
    if isinstance(variant.build, Doing)
    and variant.differs
    and not any(id.startswith("teardown.") for id in variant.differs)
}


def are_independent(pair: tuple[str, str]) -> bool:
    """Whether two mistakes are about different criteria, and made at different places."""
    one, other = (MISTAKES[name] for name in pair)
    return not (one.differs.keys() & other.differs.keys() or one.build.choices.keys() & other.build.choices.keys())


PAIRS = [pair for pair in itertools.combinations(MISTAKES, 2) if are_independent(pair)]


@pytest.mark.parametrize("name", VARIANTS)
def test_every_verdict_is_right(name, account, survey, judged):
    """Of all 23 criteria, before the end and in the end."""
    variant = VARIANTS[name]
    variant.build(account)

    found = survey()

    assert judged(found) == WELL | variant.differs
    assert judged(found, final=True) == WELL_AT_THE_END | (variant.in_the_end or variant.differs)


# The examples are the same each time, and a slow machine is no mistake. Each begins with an account of its own.
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(pair=st.sampled_from(PAIRS))
def test_two_mistakes_cost_what_each_costs(pair, anew, survey, judged):
    """No more, no less, and no other criterion."""
    one, other = (MISTAKES[name] for name in pair)
    (one.build & other.build)(anew())

    found = survey()

    in_the_end = (one.in_the_end or one.differs) | (other.in_the_end or other.differs)
    assert judged(found) == WELL | one.differs | other.differs
    assert judged(found, final=True) == WELL_AT_THE_END | in_the_end


def test_there_are_enough_of_them():
    """At least 25 with one mistake each, and many pairs of them."""
    assert sum(bool(variant.differs) for variant in VARIANTS.values()) >= 25
    assert len(PAIRS) >= 200


def test_none_expects_what_cannot_be(possible):
    """Every outcome in the table above is one that the criterion can have."""
    expected = {id: {WELL[id], WELL_AT_THE_END[id]} for id in WELL}
    for variant in VARIANTS.values():
        for outcomes in (variant.differs, variant.in_the_end or {}):
            for id, outcome in outcomes.items():
                expected[id].add(outcome)

    assert {id: outcomes - possible[id] for id, outcomes in expected.items()} == {id: set() for id in possible}


def test_without_a_prediction_only_the_students_own_count(account, survey, judged):
    """With --no-predict the endpoint's log decides: 101 invocations, or none yet."""
    account.deploy(train(account, prepared(account)))
    not_asked = survey(predict=False)
    account.write_endpoint_log()
    asked = survey(predict=False)

    assert judged(not_asked) == WELL | {"endpoint.prediction": "pending"}
    assert judged(not_asked, final=True) == WELL_AT_THE_END | {"endpoint.prediction": "unverified"}
    assert judged(asked) == WELL


def test_the_whole_account_in_all_regions(account, survey, judged):
    """As a student runs it: every region that is enabled."""
    follow(account)

    found = survey(None)

    assert judged(found) == WELL
    assert len(found.regions.answered) >= 17
    assert found.gaps == ()
