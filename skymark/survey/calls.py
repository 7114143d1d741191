"""Every call that a survey makes in a student's account: the printed policy is generated from this table.

Names of IAM actions that differ from the call's own come from the Service Authorization Reference.
"""

from collections.abc import Iterable
from typing import Literal

from skymark.evidence import Struct
from skymark.rubric import Rubric, Setting, SurveyPlan

ROLES = "arn:aws:iam::*:role/*"
POLICIES = "arn:aws:iam::*:policy/*"
BUCKETS = "arn:aws:s3:::*"


class Call(Struct, frozen=True):
    """One call: AWS's names, the IAM action that allows it, the statement it is granted in, and why it is made.

    `needed_for` is what a rubric's plan must ask for to have it made, None where every survey makes it: a lesson about
    SageMaker, a setting of buckets, or objects, which are granted key by key.
    """

    service: str
    operation: str
    action: str
    sid: str
    why: str
    resource: str = "*"
    needed_for: Literal["sagemaker", "objects"] | Setting | None = None

    def is_made_for(self, plan: SurveyPlan) -> bool:
        """Whether a survey by this plan may make it."""
        match self.needed_for:
            case None:
                return True
            case "sagemaker":
                return plan.is_about("sagemaker")
            case "objects":
                return bool(plan.objects)
            case setting:
                return setting in plan.settings

    def resources(self, plan: SurveyPlan) -> tuple[str, ...]:
        """The ARNs of what a survey by this plan asks about."""
        is_by_key = self.needed_for == "objects"
        return tuple(f"{self.resource}/{key}" for key in plan.objects) if is_by_key else (self.resource,)


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
        "s3",
        "GetBucketWebsite",
        "s3:GetBucketWebsite",
        "BucketSettings",
        "whether it is a website",
        BUCKETS,
        "website",
    ),
    Call("s3", "GetBucketPolicy", "s3:GetBucketPolicy", "BucketSettings", "what anybody may do", BUCKETS, "policy"),
    Call("s3", "GetBucketTagging", "s3:GetBucketTagging", "BucketSettings", "its tags", BUCKETS, "tags"),
    Call(
        "s3",
        "GetBucketEncryption",
        "s3:GetEncryptionConfiguration",
        "BucketSettings",
        "how objects are encrypted",
        BUCKETS,
        "encryption",
    ),
    Call(
        "s3",
        "GetBucketOwnershipControls",
        "s3:GetBucketOwnershipControls",
        "BucketSettings",
        "who owns objects",
        BUCKETS,
        "ownership",
    ),
    Call(
        "s3",
        "GetBucketLifecycleConfiguration",
        "s3:GetLifecycleConfiguration",
        "BucketSettings",
        "what becomes of old objects",
        BUCKETS,
        "lifecycle",
    ),
    Call("s3", "HeadObject", "s3:GetObject", "Objects", "as what an object is sent", BUCKETS, "objects"),
    Call(
        "s3control", "GetPublicAccessBlock", "s3:GetAccountPublicAccessBlock", "Buckets", "the account's own switches"
    ),
    Call("iam", "GetRole", "iam:GetRole", "Roles", "who may assume the role", ROLES, "sagemaker"),
    Call(
        "iam",
        "ListAttachedRolePolicies",
        "iam:ListAttachedRolePolicies",
        "Roles",
        "what the role reaches",
        ROLES,
        "sagemaker",
    ),
    Call("iam", "ListRolePolicies", "iam:ListRolePolicies", "Roles", "what the role reaches", ROLES, "sagemaker"),
    Call("iam", "GetRolePolicy", "iam:GetRolePolicy", "Roles", "what the role reaches", ROLES, "sagemaker"),
    Call("iam", "GetPolicy", "iam:GetPolicy", "RolePolicies", "the policy's default version", POLICIES, "sagemaker"),
    Call(
        "iam", "GetPolicyVersion", "iam:GetPolicyVersion", "RolePolicies", "what the policy says", POLICIES, "sagemaker"
    ),
    Call("logs", "DescribeLogGroups", "logs:DescribeLogGroups", "Logs", "which logs there are"),
    Call(
        "logs",
        "DescribeLogStreams",
        "logs:DescribeLogStreams",
        "Logs",
        "Jupyter's log of which instance",
        "*",
        "sagemaker",
    ),
    Call(
        "logs",
        "FilterLogEvents",
        "logs:FilterLogEvents",
        "Logs",
        "what was done in Jupyter; how often an endpoint was asked; whether a job that is gone came to its end",
        "*",
        "sagemaker",
    ),
    Call("cloudtrail", "LookupEvents", "cloudtrail:LookupEvents", "Trail", "what was done, even where it is gone"),
    Call(
        "cloudwatch",
        "GetMetricData",
        "cloudwatch:GetMetricData",
        "Metrics",
        "how often an endpoint was asked",
        "*",
        "sagemaker",
    ),
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
        "*",
        "sagemaker",
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


LEFTOVERS = tuple(call for call in CALLS if call.sid == "Leftovers")
"""Of all calls these are most, since they are made in every region."""


def needs_leftovers(rubric: Rubric, only: Iterable[str]) -> bool:
    """Whether any of these criteria is judged by what else is there; without any all are meant, and so is the bill.

    One that does not say what it is judged by may be judged by anything.
    """
    chosen, named = frozenset(only), {f"{call.service}:{call.operation}" for call in LEFTOVERS}
    told = [one.calls for one in rubric.criteria if one.id in chosen]
    return not chosen or any(not calls or named & set(calls) for calls in told)


def is_usual(service: str, operation: str) -> bool:
    """Whether a survey makes this call whatever the lesson; False where only some lessons ask for it.

    Raises:
        KeyError: the call is not in the table, so it must not be made.
    """
    needed_for = {(call.service, call.operation): call.needed_for for call in (*CALLS, *QUOTA_CALLS)}[
        service, operation
    ]
    return needed_for in (None, "sagemaker")


def actions_of(calls: Iterable[str]) -> tuple[str, ...]:
    """The IAM actions that allow calls, as rubrics name them: `service:Operation`. Unknown ones stay as they are."""
    known = {f"{call.service}:{call.operation}": call.action for call in CALLS}
    return tuple(sorted({known.get(call, call) for call in calls}))


def action_of(service: str, operation: str) -> str:
    """The IAM action that allows a call.

    Raises:
        KeyError: the call is not in the table, so it must not be made.
    """
    return {(call.service, call.operation): call.action for call in (*CALLS, *QUOTA_CALLS)}[service, operation]
