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
        "s3",
        "GetBucketVersioning",
        "s3:GetBucketVersioning",
        "BucketDefaults",
        "whether it keeps what is deleted",
        BUCKETS,
    ),
    Call(
        "s3",
        "ListMultipartUploads",
        "s3:ListBucketMultipartUploads",
        "BucketDefaults",
        "what bills and is not shown",
        BUCKETS,
    ),
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
        "what was done in Jupyter; how often an endpoint was asked; whether a job that is gone came to its end",
    ),
    Call("cloudtrail", "LookupEvents", "cloudtrail:LookupEvents", "Trail", "what was done, even where it is gone"),
    Call("cloudwatch", "GetMetricData", "cloudwatch:GetMetricData", "Metrics", "how often an endpoint was asked"),
    Call(
        "sagemaker",
        "ListHyperParameterTuningJobs",
        "sagemaker:ListHyperParameterTuningJobs",
        "Leftovers",
        "what bills by the hour",
    ),
    Call("sagemaker", "ListProcessingJobs", "sagemaker:ListProcessingJobs", "Leftovers", "what bills by the hour"),
    Call(
        "sagemaker",
        "DescribeProcessingJob",
        "sagemaker:DescribeProcessingJob",
        "Leftovers",
        "on how many machines of which type",
    ),
    Call("sagemaker", "ListTransformJobs", "sagemaker:ListTransformJobs", "Leftovers", "what bills by the hour"),
    Call(
        "sagemaker",
        "DescribeTransformJob",
        "sagemaker:DescribeTransformJob",
        "Leftovers",
        "on how many machines of which type",
    ),
    Call("sagemaker", "ListAutoMLJobs", "sagemaker:ListAutoMLJobs", "Leftovers", "what bills by the hour"),
    Call(
        "sagemaker",
        "ListMonitoringSchedules",
        "sagemaker:ListMonitoringSchedules",
        "Leftovers",
        "what bills by the hour",
    ),
    Call(
        "sagemaker",
        "ListInferenceRecommendationsJobs",
        "sagemaker:ListInferenceRecommendationsJobs",
        "Leftovers",
        "what bills by the hour",
    ),
    Call("sagemaker", "ListOptimizationJobs", "sagemaker:ListOptimizationJobs", "Leftovers", "what bills by the hour"),
    Call("sagemaker", "ListClusters", "sagemaker:ListClusters", "Leftovers", "what bills by the hour"),
    Call(
        "sagemaker", "DescribeCluster", "sagemaker:DescribeCluster", "Leftovers", "of how many machines of which type"
    ),
    Call(
        "sagemaker",
        "ListMlflowTrackingServers",
        "sagemaker:ListMlflowTrackingServers",
        "Leftovers",
        "what bills by the hour",
    ),
    Call(
        "sagemaker",
        "DescribeMlflowTrackingServer",
        "sagemaker:DescribeMlflowTrackingServer",
        "Leftovers",
        "of which size it is",
    ),
    Call("sagemaker", "ListPipelines", "sagemaker:ListPipelines", "Leftovers", "whether there can be executions"),
    Call(
        "sagemaker", "ListPipelineExecutions", "sagemaker:ListPipelineExecutions", "Leftovers", "what bills by the hour"
    ),
    Call(
        "sagemaker",
        "DescribeApp",
        "sagemaker:DescribeApp",
        "Leftovers",
        "on which machine, where the list does not say",
    ),
    Call("ec2", "DescribeNatGateways", "ec2:DescribeNatGateways", "Leftovers", "what bills by the hour"),
    Call("ec2", "DescribeAddresses", "ec2:DescribeAddresses", "Leftovers", "what bills by the hour"),
    Call("ec2", "DescribeVpcEndpoints", "ec2:DescribeVpcEndpoints", "Leftovers", "what bills by the hour"),
    Call("sagemaker", "ListLabelingJobs", "sagemaker:ListLabelingJobs", "Leftovers", "what bills by use"),
    Call("sagemaker", "ListCompilationJobs", "sagemaker:ListCompilationJobs", "Leftovers", "what can be tidied away"),
    Call("sagemaker", "ListSpaces", "sagemaker:ListSpaces", "Leftovers", "disks of Studio"),
    Call("sagemaker", "ListUserProfiles", "sagemaker:ListUserProfiles", "Leftovers", "what has to go before a domain"),
    Call("sagemaker", "ListFeatureGroups", "sagemaker:ListFeatureGroups", "Leftovers", "what bills for being kept"),
    Call(
        "sagemaker",
        "ListInferenceComponents",
        "sagemaker:ListInferenceComponents",
        "Leftovers",
        "what has to go before an endpoint",
    ),
    Call("sagemaker", "ListMlflowApps", "sagemaker:ListMlflowApps", "Leftovers", "what can be tidied away"),
    Call("sagemaker", "ListPartnerApps", "sagemaker:ListPartnerApps", "Leftovers", "what bills for being kept"),
    Call(
        "sagemaker",
        "ListNotebookInstanceLifecycleConfigs",
        "sagemaker:ListNotebookInstanceLifecycleConfigs",
        "Leftovers",
        "what can be tidied away",
    ),
    Call("sagemaker", "ListCodeRepositories", "sagemaker:ListCodeRepositories", "Leftovers", "what can be tidied away"),
    Call("sagemaker", "ListImages", "sagemaker:ListImages", "Leftovers", "what can be tidied away"),
    Call(
        "sagemaker",
        "ListModelPackageGroups",
        "sagemaker:ListModelPackageGroups",
        "Leftovers",
        "what can be tidied away",
    ),
    Call("sagemaker", "ListExperiments", "sagemaker:ListExperiments", "Leftovers", "what can be tidied away"),
    Call("sagemaker", "ListTrials", "sagemaker:ListTrials", "Leftovers", "what can be tidied away"),
    Call("efs", "DescribeFileSystems", "elasticfilesystem:DescribeFileSystems", "Leftovers", "Studio's files"),
    Call(
        "efs",
        "DescribeMountTargets",
        "elasticfilesystem:DescribeMountTargets",
        "Leftovers",
        "what has to go before them",
    ),
    Call(
        "sagemaker",
        "ListTrainingPlans",
        "sagemaker:ListTrainingPlans",
        "Leftovers",
        "what was paid for, beside the lesson",
    ),
    Call("ec2", "DescribeInstances", "ec2:DescribeInstances", "Leftovers", "what bills beside the lesson"),
    Call("ec2", "DescribeVolumes", "ec2:DescribeVolumes", "Leftovers", "what bills beside the lesson"),
    Call("ec2", "DescribeSnapshots", "ec2:DescribeSnapshots", "Leftovers", "what bills beside the lesson"),
    Call("ecr", "DescribeRepositories", "ecr:DescribeRepositories", "Leftovers", "what bills beside the lesson"),
    Call("kms", "ListKeys", "kms:ListKeys", "Leftovers", "what bills beside the lesson"),
    Call("kms", "DescribeKey", "kms:DescribeKey", "Leftovers", "whether a key is the account's own"),
    Call("secretsmanager", "ListSecrets", "secretsmanager:ListSecrets", "Leftovers", "what bills beside the lesson"),
    Call(
        "sagemaker-runtime",
        "InvokeEndpoint",
        "sagemaker:InvokeEndpoint",
        "Prediction",
        "what the endpoint says of digits",
    ),
)

# What `grade.py doctor` asks besides; `grade.py policy --quotas` prints them, too.
QUOTA_CALLS = tuple(
    Call("service-quotas", operation, f"servicequotas:{operation}", "Quotas", why)
    for operation, why in (
        ("GetServiceQuota", "how much the account may have"),
        ("GetAWSDefaultServiceQuota", "the same, where nothing else is applied"),
        ("ListServiceQuotas", "the same, by a name"),
        ("ListAWSDefaultServiceQuotas", "the same, by a name"),
        ("ListRequestedServiceQuotaChangeHistoryByQuota", "whether more was asked for"),
    )
)

# Without an answer to any of these nobody knows whether something is left that bills by the hour.
HOURLY_CALLS = (
    "DescribeAddresses",
    "DescribeNatGateways",
    "DescribeVpcEndpoints",
    "ListApps",
    "ListAutoMLJobs",
    "ListClusters",
    "ListDomains",
    "ListHyperParameterTuningJobs",
    "ListInferenceRecommendationsJobs",
    "ListMlflowTrackingServers",
    "ListMonitoringSchedules",
    "ListOptimizationJobs",
    "ListPipelineExecutions",
    "ListPipelines",
    "ListProcessingJobs",
    "ListTrainingJobs",
    "ListTransformJobs",
)
# Nor, without these, whether something may be tidied away. What is no part of the lesson decides nothing.
OTHER_CALLS = (
    "DescribeFileSystems",
    "DescribeLogGroups",
    "ListBuckets",
    "ListCodeRepositories",
    "ListCompilationJobs",
    "ListDomains",
    "ListEndpointConfigs",
    "ListExperiments",
    "ListFeatureGroups",
    "ListImages",
    "ListInferenceComponents",
    "ListLabelingJobs",
    "ListMlflowApps",
    "ListModelPackageGroups",
    "ListModels",
    "ListMultipartUploads",
    "ListNotebookInstanceLifecycleConfigs",
    "ListObjectsV2",
    "ListPartnerApps",
    "ListSpaces",
    "ListTrials",
    "ListUserProfiles",
)


def action_of(service: str, operation: str) -> str:
    """The IAM action that allows a call.

    Raises:
        KeyError: the call is not in the table, so it must not be made.
    """
    return {(call.service, call.operation): call.action for call in (*CALLS, *QUOTA_CALLS)}[service, operation]
