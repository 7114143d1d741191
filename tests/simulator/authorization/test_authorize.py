"""What the practice cloud allows, in the words of each service when it does not."""

import json
from typing import Any

import pytest

from simulator.account import SimulatedAccount
from simulator.authorization import Denied, authorize
from simulator.authorization.callers import ANONYMOUS, root
from simulator.call import Call


def _why(action: str) -> str:
    return f"because no identity-based policy allows the {action} action"


# -- the services' words ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("service", "operation", "params", "code", "status", "rest"),
    [
        (
            "sagemaker",
            "DescribeNotebookInstance",
            {"NotebookInstanceName": "sm-test"},
            "AccessDeniedException",
            400,
            "sagemaker:DescribeNotebookInstance on resource: "
            "arn:aws:sagemaker:us-east-1:{account}:notebook-instance/sm-test "
            + _why("sagemaker:DescribeNotebookInstance"),
        ),
        (
            "sagemaker",
            "ListNotebookInstances",
            {},
            "AccessDeniedException",
            400,
            "sagemaker:ListNotebookInstances on resource: arn:aws:sagemaker:us-east-1:{account}:notebook-instance/* "
            + _why("sagemaker:ListNotebookInstances"),
        ),
        (
            "sagemaker-runtime",
            "InvokeEndpoint",
            {"EndpointName": "e"},
            "AccessDeniedException",
            403,
            "sagemaker:InvokeEndpoint on resource: arn:aws:sagemaker:us-east-1:{account}:endpoint/e "
            + _why("sagemaker:InvokeEndpoint"),
        ),
        (
            "logs",
            "DescribeLogGroups",
            {},
            "AccessDeniedException",
            400,
            "logs:DescribeLogGroups on resource: arn:aws:logs:us-east-1:{account}:log-group::log-stream: "
            + _why("logs:DescribeLogGroups"),
        ),
        (
            "cloudtrail",
            "LookupEvents",
            {},
            "AccessDeniedException",
            400,
            "cloudtrail:LookupEvents " + _why("cloudtrail:LookupEvents"),
        ),
        (
            "cloudwatch",
            "GetMetricData",
            {},
            "AccessDenied",
            403,
            "cloudwatch:GetMetricData " + _why("cloudwatch:GetMetricData"),
        ),
        (
            "iam",
            "ListRoles",
            {},
            "AccessDenied",
            403,
            "iam:ListRoles on resource: arn:aws:iam::{account}:role/ " + _why("iam:ListRoles"),
        ),
        (
            "iam",
            "GetRole",
            {"RoleName": "voclabs"},
            "AccessDenied",
            403,
            "iam:GetRole on resource: role voclabs " + _why("iam:GetRole"),
        ),
        (
            "s3",
            "ListBuckets",
            {},
            "AccessDenied",
            403,
            "s3:ListAllMyBuckets " + _why("s3:ListAllMyBuckets"),
        ),
        (
            "s3",
            "GetObject",
            {"Bucket": "nowhere-at-all", "Key": "a/b"},
            "AccessDenied",
            403,
            's3:GetObject on resource: "arn:aws:s3:::nowhere-at-all/a/b" ' + _why("s3:GetObject"),
        ),
    ],
)
def test_a_user_without_policies(
    assistant: Any, service: str, operation: str, params: dict[str, Any], code: str, status: int, rest: str
) -> None:
    """Code, status and sentence are those of the service."""
    arn, account = assistant.caller.arn, assistant.caller.account
    message = f"User: {arn} is not authorized to perform: {rest.format(account=account)}"

    assert assistant.asks(service, operation, **params) == Denied(code, message, status)


def test_ec2_has_a_sentence_before(assistant: Any) -> None:
    """EC2 says twice that one is not authorized."""
    assert assistant.asks("ec2", "DescribeRegions") == Denied(
        "UnauthorizedOperation",
        f"You are not authorized to perform this operation. User: {assistant.caller.arn} is not authorized to perform: "
        f"ec2:DescribeRegions {_why('ec2:DescribeRegions')}",
        403,
    )


def test_an_ended_learner_lab(account: SimulatedAccount, assistant: Any, grant: Any) -> None:
    """The policy that denies is named."""
    grant({"Effect": "Allow", "Action": "*", "Resource": "*"})
    cancel = {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}
    made = account.iam.create_policy(PolicyName="voc-cancel-cred", PolicyDocument=json.dumps(cancel))
    account.iam.attach_user_policy(UserName="assistant", PolicyArn=made["Policy"]["Arn"])

    assert assistant.asks("sagemaker", "ListModels") == Denied(
        "AccessDeniedException",
        f"User: {assistant.caller.arn} is not authorized to perform: sagemaker:ListModels on resource: "
        f"arn:aws:sagemaker:us-east-1:{account.number}:model/* with an explicit deny in an identity-based policy: "
        f"arn:aws:iam::{account.number}:policy/voc-cancel-cred",
        400,
    )


def test_nobody_signed(assistant: Any) -> None:
    """Services other than S3 want to know who calls."""
    iam = authorize(Call("iam", "ListRoles", "us-east-1", None), ANONYMOUS, assistant.now)
    sagemaker = authorize(Call("sagemaker", "ListModels", "us-east-1", None), ANONYMOUS, assistant.now)

    assert iam == Denied("MissingAuthenticationToken", "Request is missing Authentication Token", 403)
    assert sagemaker == Denied("MissingAuthenticationTokenException", "Missing Authentication Token", 403)


# -- what is always allowed, or not judged ------------------------------------------------------------------------


def test_everybody_may_ask_who_they_are(assistant: Any, grant: Any) -> None:
    """GetCallerIdentity cannot be denied."""
    grant({"Effect": "Deny", "Action": "*", "Resource": "*"})

    assert assistant.asks("sts", "GetCallerIdentity") is None


def test_the_student_may_do_everything(student: Any) -> None:
    """AdministratorAccess."""
    role = f"arn:aws:iam::{student.caller.account}:role/any"

    assert student.asks("sagemaker", "CreateModel", ModelName="m", ExecutionRoleArn=role) is None
    assert student.asks("s3", "ListBuckets") is None
    assert student.asks("ec2", "DescribeRegions") is None


def test_root_may_do_everything(account: SimulatedAccount, student: Any) -> None:
    """A root user needs no policy."""
    call = Call("iam", "ListRoles", "us-east-1", "AKIAROOT")

    assert authorize(call, root(account.number), student.now) is None


def test_assuming_a_role_is_for_the_trust_policy(account: SimulatedAccount, student: Any) -> None:
    """An administrator is refused by a role that trusts only SageMaker."""
    role = account.make_execution_role("none")
    sentence = f"User: {student.caller.arn} is not authorized to perform: sts:AssumeRole on resource: {role}"

    denied = student.asks("sts", "AssumeRole", RoleArn=role, RoleSessionName="s")

    assert denied == Denied("AccessDenied", sentence, 403)


def test_no_operation_is_no_question() -> None:
    """What the service does not know, others answer."""
    assert authorize(Call("sagemaker", None, "us-east-1", "AKIA"), ANONYMOUS, None) is None  # type: ignore[arg-type]


# -- conditions, in context ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"StringEquals": {"aws:RequestedRegion": "us-east-1"}}, True),
        ({"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}, False),
        ({"IpAddress": {"aws:SourceIp": "127.0.0.1/32"}}, True),
        ({"Bool": {"aws:SecureTransport": "true"}}, True),
        ({"StringEquals": {"aws:username": "assistant"}}, True),
        ({"StringEquals": {"aws:PrincipalType": "User"}}, True),
        ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/assist*"}}, True),
        ({"DateLessThan": {"aws:CurrentTime": "2026-07-01T18:20:01Z"}}, True),
        ({"DateLessThan": {"aws:CurrentTime": "2026-07-01T18:20:00Z"}}, False),
        ({"NumericLessThan": {"aws:EpochTime": "1782930001"}}, True),
        ({"Null": {"aws:TokenIssueTime": "true"}}, True),
        ({"ForAnyValue:StringEquals": {"sagemaker:InstanceTypes": "ml.t2.medium"}}, True),
        ({"ForAllValues:StringLike": {"sagemaker:InstanceTypes": "ml.t3.*"}}, False),
        ({"StringEquals": {"sagemaker:RootAccess": "Disabled"}}, False),
        ({"StringEquals": {"aws:RequestTag/team": "red"}, "ForAllValues:StringEquals": {"aws:TagKeys": "team"}}, True),
    ],
)
def test_conditions(assistant: Any, grant: Any, condition: dict[str, Any], *, expected: bool) -> None:
    """What a request to make a notebook instance says of itself."""
    role = f"arn:aws:iam::{assistant.caller.account}:role/any"
    grant(
        {"Effect": "Allow", "Action": ["iam:PassRole", "sagemaker:AddTags"], "Resource": "*"},
        {"Effect": "Allow", "Action": "sagemaker:*", "Resource": "*", "Condition": condition},
    )

    denied = assistant.asks(
        "sagemaker",
        "CreateNotebookInstance",
        NotebookInstanceName="sm-test",
        InstanceType="ml.t2.medium",
        RoleArn=role,
        RootAccess="Enabled",
        Tags=[{"Key": "team", "Value": "red"}],
    )

    assert (denied is None) is expected


def test_the_tags_of_a_user_and_a_role(account: SimulatedAccount, assistant: Any, grant: Any) -> None:
    """`aws:PrincipalTag` is what IAM has on the user."""
    grant(
        {
            "Effect": "Allow",
            "Action": "sagemaker:*",
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:PrincipalTag/team": "red"}},
        }
    )
    assert assistant.asks("sagemaker", "ListModels") is not None

    account.iam.tag_user(UserName="assistant", Tags=[{"Key": "team", "Value": "red"}])
    assert assistant.asks("sagemaker", "ListModels") is None


def test_a_prefix_of_ones_own(assistant: Any, grant: Any) -> None:
    """The classic policy for home folders."""
    grant(
        {
            "Effect": "Allow",
            "Action": "s3:ListBucket",
            "Resource": "arn:aws:s3:::*",
            "Condition": {"StringLike": {"s3:prefix": "${aws:username}/*"}},
        }
    )

    assert assistant.asks("s3", "ListObjectsV2", Bucket="nowhere-at-all", Prefix="assistant/data") is None
    assert assistant.asks("s3", "ListObjectsV2", Bucket="nowhere-at-all", Prefix="student/data") is not None
    assert assistant.asks("s3", "ListObjectsV2", Bucket="nowhere-at-all") is not None


# -- roles that are passed ----------------------------------------------------------------------------------------


def _passing(person: Any, operation: str, **params: Any) -> Denied | None:
    denied: Denied | None = person.asks("sagemaker", operation, **params)
    return denied


def test_a_role_must_be_allowed_to_be_passed(account: SimulatedAccount, assistant: Any, grant: Any) -> None:
    """Who may make models may not thereby make them with any role."""
    role = account.make_execution_role("none")
    grant({"Effect": "Allow", "Action": "sagemaker:*", "Resource": "*"})

    assert _passing(assistant, "CreateModel", ModelName="m", ExecutionRoleArn=role) == Denied(
        "AccessDeniedException",
        f"User: {assistant.caller.arn} is not authorized to perform: iam:PassRole on resource: {role} "
        + _why("iam:PassRole"),
        400,
    )


@pytest.mark.parametrize(("to", "expected"), [("sagemaker.amazonaws.com", True), ("lambda.amazonaws.com", False)])
def test_whom_a_role_is_passed_to(
    account: SimulatedAccount, assistant: Any, grant: Any, to: str, *, expected: bool
) -> None:
    """`iam:PassedToService` is SageMaker; a tuning job's role stands deep in the request."""
    role = account.make_execution_role("none")
    passing = {"Action": "iam:PassRole", "Resource": role, "Condition": {"StringEquals": {"iam:PassedToService": to}}}
    grant({"Effect": "Allow", "Action": "sagemaker:*", "Resource": "*"}, {"Effect": "Allow"} | passing)

    tuning = {"HyperParameterTuningJobName": "t", "TrainingJobDefinition": {"RoleArn": role}}
    assert (_passing(assistant, "CreateHyperParameterTuningJob", **tuning) is None) is expected
    assert (_passing(assistant, "CreateTrainingJob", TrainingJobName="j", RoleArn=role) is None) is expected
    # Looking passes nothing.
    assert _passing(assistant, "ListTrainingJobs") is None


# -- several permissions for one call -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("service", "operation", "params", "missing"),
    [
        ("s3", "CopyObject", {"Bucket": "to-b", "Key": "k", "CopySource": "from-b/a%20b"}, "s3:GetObject"),
        ("s3", "PutObject", {"Bucket": "to-b", "Key": "k", "ACL": "public-read"}, "s3:PutObjectAcl"),
        ("s3", "PutObject", {"Bucket": "to-b", "Key": "k", "Tagging": "a=b"}, "s3:PutObjectTagging"),
        ("s3", "CreateBucket", {"Bucket": "to-b", "ObjectOwnership": "ObjectWriter"}, "s3:PutBucketOwnershipControls"),
        ("iam", "CreateRole", {"RoleName": "r", "Tags": [{"Key": "a", "Value": "b"}]}, "iam:TagRole"),
        ("sagemaker", "CreateEndpoint", {"EndpointName": "e", "Tags": [{"Key": "a"}]}, "sagemaker:AddTags"),
    ],
)
def test_what_else_a_call_needs(
    assistant: Any, grant: Any, service: str, operation: str, params: dict[str, Any], missing: str
) -> None:
    """All but one permission is not enough, and the refusal names that one."""
    grant({"Effect": "Allow", "NotAction": missing, "Resource": "*"})

    denied = assistant.asks(service, operation, **params)

    assert f"not authorized to perform: {missing} on resource" in denied.message
    grant({"Effect": "Allow", "Action": "*", "Resource": "*"})
    assert assistant.asks(service, operation, **params) is None


def test_an_endpoint_is_made_of_a_configuration(assistant: Any, grant: Any) -> None:
    """CreateEndpoint must be allowed on both."""
    arn = f"arn:aws:sagemaker:us-east-1:{assistant.caller.account}:"
    grant({"Effect": "Allow", "Action": "sagemaker:CreateEndpoint", "Resource": arn + "endpoint/*"})
    asked = {"EndpointName": "e", "EndpointConfigName": "c"}

    assert assistant.asks("sagemaker", "CreateEndpoint", **asked) is not None

    grant({"Effect": "Allow", "Action": "sagemaker:CreateEndpoint", "Resource": [arn + "endpoint*/*"]})
    assert assistant.asks("sagemaker", "CreateEndpoint", **asked) is None


def test_all_keys_of_a_deletion(assistant: Any, grant: Any) -> None:
    """One key that may not be deleted refuses the whole call."""
    grant({"Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::to-b/mine/*"})

    def delete(*keys: str) -> Any:
        return assistant.asks("s3", "DeleteObjects", Bucket="to-b", Delete={"Objects": [{"Key": key} for key in keys]})

    assert delete("mine/a", "mine/b") is None
    assert '"arn:aws:s3:::to-b/yours/c"' in delete("mine/a", "yours/c").message


# -- paths --------------------------------------------------------------------------------------------------------


def test_a_roles_path_counts(account: SimulatedAccount, assistant: Any, grant: Any) -> None:
    """The wizard's roles are under /service-role/, which calls do not say and policies do."""
    name = account.make_execution_role("none").rpartition("/")[2]
    grant(
        {"Effect": "Allow", "Action": "iam:GetRole", "Resource": f"arn:aws:iam::{account.number}:role/service-role/*"}
    )
    assert assistant.asks("iam", "GetRole", RoleName=name) is None

    grant({"Effect": "Allow", "Action": "iam:GetRole", "Resource": f"arn:aws:iam::{account.number}:role/{name}"})
    assert assistant.asks("iam", "GetRole", RoleName=name) is not None


def test_oneself(assistant: Any, grant: Any) -> None:
    """GetUser without a name is about the caller."""
    grant({"Effect": "Allow", "Action": "iam:GetUser", "Resource": "arn:aws:iam::*:user/${aws:username}"})

    assert assistant.asks("iam", "GetUser") is None
    assert assistant.asks("iam", "GetUser", UserName="assistant") is None
    assert assistant.asks("iam", "GetUser", UserName="student") is not None
