"""Every call that a survey makes in a student's account: the printed policy is generated from this table.

Names of IAM actions that differ from the call's own come from the Service Authorization Reference.
"""

from skymark.evidence import Struct

ROLES = "arn:aws:iam::*:role/*"
POLICIES = "arn:aws:iam::*:policy/*"
BUCKETS = "arn:aws:s3:::*"


class Call(Struct, frozen=True):
    """One call: AWS's names, the IAM action that allows it, the statement it is granted in, and why it is made."""

    service: str
    operation: str
    action: str
    sid: str
    why: str
    resource: str = "*"


CALLS = (
    Call("sts", "GetCallerIdentity", "sts:GetCallerIdentity", "Identity", "whose account this is"),
    Call("ec2", "DescribeRegions", "ec2:DescribeRegions", "Regions", "which regions are enabled"),
    Call("account", "ListRegions", "account:ListRegions", "Regions", "the same, where EC2 does not say"),
    Call(
        "sagemaker", "ListNotebookInstances", "sagemaker:ListNotebookInstances", "SageMaker", "instances and leftovers"
    ),
    Call(
        "sagemaker", "DescribeNotebookInstance", "sagemaker:DescribeNotebookInstance", "SageMaker", "role, root access"
    ),
    Call("sagemaker", "ListTrainingJobs", "sagemaker:ListTrainingJobs", "SageMaker", "which jobs ran or still run"),
    Call("sagemaker", "DescribeTrainingJob", "sagemaker:DescribeTrainingJob", "SageMaker", "algorithm and artifact"),
    Call("sagemaker", "ListEndpoints", "sagemaker:ListEndpoints", "SageMaker", "endpoints and leftovers"),
    Call(
        "sagemaker", "DescribeEndpoint", "sagemaker:DescribeEndpoint", "SageMaker", "its configuration, instance count"
    ),
    Call("sagemaker", "ListEndpointConfigs", "sagemaker:ListEndpointConfigs", "SageMaker", "what can be tidied away"),
    Call(
        "sagemaker",
        "DescribeEndpointConfig",
        "sagemaker:DescribeEndpointConfig",
        "SageMaker",
        "model and instance type",
    ),
    Call("sagemaker", "ListModels", "sagemaker:ListModels", "SageMaker", "what can be tidied away"),
    Call("sagemaker", "DescribeModel", "sagemaker:DescribeModel", "SageMaker", "which artifact the endpoint serves"),
    Call("sagemaker", "ListDomains", "sagemaker:ListDomains", "SageMaker", "whether there can be Studio apps"),
    Call("sagemaker", "ListApps", "sagemaker:ListApps", "SageMaker", "Studio apps bill by the hour"),
    Call("s3", "ListBuckets", "s3:ListAllMyBuckets", "Buckets", "names and regions"),
    Call(
        "s3",
        "GetBucketLocation",
        "s3:GetBucketLocation",
        "BucketDefaults",
        "the region, where the list does not say",
        BUCKETS,
    ),
    Call(
        "s3",
        "GetPublicAccessBlock",
        "s3:GetBucketPublicAccessBlock",
        "BucketDefaults",
        "whether it is private",
        BUCKETS,
    ),
    Call("s3", "GetBucketPolicyStatus", "s3:GetBucketPolicyStatus", "BucketDefaults", "whether it is private", BUCKETS),
    Call("s3", "GetBucketAcl", "s3:GetBucketAcl", "BucketDefaults", "whether it is private", BUCKETS),
    Call("s3", "ListObjectsV2", "s3:ListBucket", "BucketDefaults", "whether there is something to tidy away", BUCKETS),
    Call(
        "s3control", "GetPublicAccessBlock", "s3:GetAccountPublicAccessBlock", "Buckets", "the account's own switches"
    ),
    Call("iam", "GetRole", "iam:GetRole", "Roles", "who may assume the role", ROLES),
    Call("iam", "ListAttachedRolePolicies", "iam:ListAttachedRolePolicies", "Roles", "what the role reaches", ROLES),
    Call("iam", "ListRolePolicies", "iam:ListRolePolicies", "Roles", "what the role reaches", ROLES),
    Call("iam", "GetRolePolicy", "iam:GetRolePolicy", "Roles", "what the role reaches", ROLES),
    Call("iam", "GetPolicy", "iam:GetPolicy", "RolePolicies", "the policy's default version", POLICIES),
    Call("iam", "GetPolicyVersion", "iam:GetPolicyVersion", "RolePolicies", "what the policy says", POLICIES),
    Call("logs", "DescribeLogGroups", "logs:DescribeLogGroups", "Logs", "which logs there are"),
    Call("logs", "DescribeLogStreams", "logs:DescribeLogStreams", "Logs", "Jupyter's log of which instance"),
    Call(
        "logs",
        "FilterLogEvents",
        "logs:FilterLogEvents",
        "Logs",
        "what was done in Jupyter; how often an endpoint was asked",
    ),
    Call("cloudtrail", "LookupEvents", "cloudtrail:LookupEvents", "Trail", "what was done, even where it is gone"),
    Call("cloudwatch", "GetMetricData", "cloudwatch:GetMetricData", "Metrics", "how often an endpoint was asked"),
    Call(
        "sagemaker-runtime",
        "InvokeEndpoint",
        "sagemaker:InvokeEndpoint",
        "Prediction",
        "what the endpoint says of digits",
    ),
)


def action_of(service: str, operation: str) -> str:
    """The IAM action that allows a call.

    Raises:
        KeyError: the call is not in the table, so it must not be made.
    """
    return {(call.service, call.operation): call.action for call in CALLS}[service, operation]
