"""What a survey found: typed, immutable, and the same after a trip through JSON.

Names are AWS's own, in Python's spelling. Times are aware and UTC. `None` always means "not known",
never "none": the reason then stands among the survey's gaps.
"""

import datetime as dt
import re
from typing import Final, Literal

import msgspec

SCHEMA: Final = "skymark/survey/v1"
BUCKET_IN_POLICY: Final = re.compile(r'"arn:[a-z-]+:s3:::([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/[^"]*)?"')
BUCKET_IN_URI: Final = re.compile(r"s3://([^/]+)")


def bucket_of(uri: str | None) -> str | None:
    """The bucket of an `s3://` URI, None if it is none."""
    match = BUCKET_IN_URI.match(uri) if uri else None
    return match[1] if match else None


class Struct(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An immutable value; unknown JSON keys are refused."""


class Gap(Struct, frozen=True):
    """One call that was made and not answered: what cannot be known because of it is unverified.

    `service` and `call` are AWS's names (`sagemaker`, `ListEndpoints`); `region` is None for a global
    service; `resource` names the one thing that was asked about, None for a list.
    """

    service: str
    call: str
    region: str | None
    code: str
    advice: str
    resource: str | None = None


class CallMade(Struct, frozen=True):
    """One call that the survey made: AWS's names, when, and how long the answer took, in milliseconds.

    `code` is AWS's error code, None where it was answered.
    """

    service: str
    call: str
    region: str | None
    at: dt.datetime
    took_ms: int
    code: str | None = None


class Identity(Struct, frozen=True):
    """Who the credentials belong to. `arn` carries no session name: it may be an e-mail address.

    Source: STS API, GetCallerIdentity.
    """

    account: str
    arn: str

    @property
    def partition(self) -> str:
        """`aws`, `aws-cn` or `aws-us-gov`."""
        return self.arn.split(":")[1]

    @property
    def is_root(self) -> bool:
        """Whether these are the account's root user's keys."""
        return self.arn.endswith(":root")

    @property
    def is_learner_lab(self) -> bool:
        """Whether the caller is AWS Academy Learner Lab's `voclabs` role."""
        return ":assumed-role/voclabs/" in self.arn


class ClosedRegion(Struct, frozen=True):
    """A region in which this account can run nothing, so that nobody need look there."""

    region: str
    reason: Literal["not opted in", "denied by the organisation", "outside the rubric"]


class Regions(Struct, frozen=True):
    """Where was looked. Each region that has SageMaker stands in exactly one of the three."""

    answered: tuple[str, ...]
    closed: tuple[ClosedRegion, ...] = ()
    unread: tuple[str, ...] = ()


class NotebookInstance(Struct, frozen=True):
    """Source: SageMaker API, DescribeNotebookInstance; what only Describe tells is None when it was refused."""

    name: str
    region: str
    status: str
    instance_type: str
    created_at: dt.datetime
    modified_at: dt.datetime | None = None
    failure_reason: str | None = None
    role_arn: str | None = None
    root_access: bool | None = None
    accelerator_types: tuple[str, ...] | None = None
    volume_gib: int | None = None
    lifecycle_config: str | None = None


class TrainingJob(Struct, frozen=True):
    """Source: SageMaker API, DescribeTrainingJob; `image` is None when Describe was refused.

    `warm_pool` is AWS's word for its machines after it has ended, None where none were to be kept.
    """

    name: str
    region: str
    status: str
    created_at: dt.datetime
    secondary_status: str | None = None
    failure_reason: str | None = None
    image: str | None = None
    role_arn: str | None = None
    input_uris: tuple[str, ...] = ()
    output_uri: str | None = None
    artifact_uri: str | None = None
    instance_type: str | None = None
    instance_count: int | None = None
    tuning_job_arn: str | None = None
    ended_at: dt.datetime | None = None
    warm_pool: str | None = None

    @property
    def has_completed(self) -> bool:
        """Whether it ended well: by its status, or while it is being deleted by the artifact that it left."""
        return self.status == "Completed" or (self.status == "Deleting" and self.artifact_uri is not None)


class EndpointVariant(Struct, frozen=True):
    """One production variant as it runs now.

    `serverless` ones bill by use, unless `provisioned` concurrency keeps them warm by the hour.
    """

    name: str
    instance_count: int | None = None
    serverless: bool = False
    provisioned: bool = False


class Endpoint(Struct, frozen=True):
    """Source: SageMaker API, DescribeEndpoint; `config_name` is None when Describe was refused."""

    name: str
    region: str
    status: str
    created_at: dt.datetime
    modified_at: dt.datetime | None = None
    failure_reason: str | None = None
    config_name: str | None = None
    variants: tuple[EndpointVariant, ...] = ()


class ConfigVariant(Struct, frozen=True):
    """One production variant as an endpoint configuration asks for it."""

    name: str
    model_name: str | None
    instance_type: str | None = None
    serverless: bool = False


class EndpointConfig(Struct, frozen=True):
    """Source: SageMaker API, DescribeEndpointConfig; `variants` is None when it was not described."""

    name: str
    region: str
    created_at: dt.datetime
    variants: tuple[ConfigVariant, ...] | None = None


class Model(Struct, frozen=True):
    """Source: SageMaker API, DescribeModel; `image` and `artifact_uri` are None when it was not described."""

    name: str
    region: str
    created_at: dt.datetime
    image: str | None = None
    artifact_uri: str | None = None
    role_arn: str | None = None


class Domain(Struct, frozen=True):
    """A SageMaker Studio domain. Source: SageMaker API, ListDomains."""

    domain_id: str
    name: str
    region: str
    status: str
    created_at: dt.datetime | None = None


def is_free_app(app_type: str, instance_type: str | None) -> bool:
    """Whether a Studio app costs nothing: on `system`, or a JupyterServer, which runs on nothing else.

    A Canvas session bills by itself. Source: SageMaker API, ResourceSpec; Studio's pricing.
    """
    return app_type != "Canvas" and (instance_type == "system" or app_type == "JupyterServer")


class App(Struct, frozen=True):
    """A SageMaker Studio app; exactly one of `user_profile` and `space` is set.

    Source: SageMaker API, ListApps, DescribeApp. Deleted apps are listed for a day, with the status `Deleted`.
    """

    domain_id: str
    app_type: str
    name: str
    region: str
    status: str
    user_profile: str | None = None
    space: str | None = None
    instance_type: str | None = None
    created_at: dt.datetime | None = None

    @property
    def path(self) -> str:
        """What tells it from other apps: domain, owner, type and name, since most apps are called `default`."""
        return "/".join((self.domain_id, self.space or self.user_profile or "", self.app_type, self.name))


class Resource(Struct, frozen=True):
    """Anything else in an account that bills or may be tidied away: one row of a list call.

    `service` and `type` are the AWS CLI's own words (`sagemaker` and `cluster`, `ec2` and `nat-gateway`), `id` is what
    its command takes: a name, an id or an ARN. `within` is what it lies in or hangs on, outermost first: a space's
    domain, an upload's bucket and key, an address's NAT gateway. `status` is AWS's own word. `instance_count` counts
    what `instance_type` names, for a VPC endpoint its subnets. `note` is what else tells whether it bills, and whose it
    is: a VPC endpoint's type, whether an MLflow server is active, the domain of a file system.
    Source: the API of each service, its List and Describe calls; see `skymark.survey.inventory`.
    """

    service: str
    type: str
    id: str
    region: str
    status: str | None = None
    created_at: dt.datetime | None = None
    within: tuple[str, ...] = ()
    instance_type: str | None = None
    instance_count: int | None = None
    size_gib: float | None = None
    note: str | None = None


class PublicAccessBlock(Struct, frozen=True):
    """The four switches. A configuration that is not there is all four off.

    Source: S3 API, GetPublicAccessBlock; S3 Control API, GetPublicAccessBlock.
    """

    block_public_acls: bool = False
    ignore_public_acls: bool = False
    block_public_policy: bool = False
    restrict_public_buckets: bool = False

    def __or__(self, other: "PublicAccessBlock") -> "PublicAccessBlock":
        """What is in force: S3 applies the stricter of bucket's and account's switch by switch."""
        return PublicAccessBlock(*(getattr(self, name) or getattr(other, name) for name in self.__struct_fields__))

    @property
    def off(self) -> tuple[str, ...]:
        """The switches that are off, by AWS's names."""
        names = {
            "block_public_acls": "BlockPublicAcls",
            "ignore_public_acls": "IgnorePublicAcls",
            "block_public_policy": "BlockPublicPolicy",
            "restrict_public_buckets": "RestrictPublicBuckets",
        }
        return tuple(aws for field, aws in names.items() if not getattr(self, field))


class Website(Struct, frozen=True):
    """Static website hosting; without an index document and without a host to lead to it is off.

    `index_document` is the name that an address of a folder ends in, `error_document` a key, `redirects_to` the host
    that every request is sent to instead. Source: S3 API, GetBucketWebsite; CloudTrail, PutBucketWebsite.
    """

    index_document: str | None = None
    error_document: str | None = None
    redirects_to: str | None = None

    @property
    def is_on(self) -> bool:
        """Whether the bucket answers as a website."""
        return bool(self.index_document or self.redirects_to)


class Tag(Struct, frozen=True):
    """A key and its value. Source: S3 API, GetBucketTagging."""

    key: str
    value: str


class LifecycleRule(Struct, frozen=True):
    """One rule of what becomes of old objects.

    `prefix` is what keys must begin with, empty for all. `expires_after_days` and `old_versions_expire_after_days` are
    None where nothing expires; `moves_to` are the storage classes that objects are put into, in the rule's order.
    Source: S3 API, GetBucketLifecycleConfiguration.
    """

    id: str
    is_enabled: bool
    prefix: str = ""
    expires_after_days: int | None = None
    old_versions_expire_after_days: int | None = None
    moves_to: tuple[str, ...] = ()


class BucketObject(Struct, frozen=True):
    """An object of a bucket. `content_type` is as a browser is told it, None where that was not asked or not answered.

    Source: S3 API, ListObjectsV2; HeadObject.
    """

    key: str
    size_bytes: int
    modified_at: dt.datetime
    content_type: str | None = None


class Bucket(Struct, frozen=True):
    """A bucket; only those that may belong to the lesson were looked into (`looked_into`).

    `created_at` moves when a bucket's policy is edited: weak evidence. `versioned` is whether it keeps versions of what
    is deleted, or once kept some. What stands below `versioning` is only read where the rubric's plan asks for it.
    `policy` is its JSON text, empty where there is none; `encryption` AWS's word (`AES256`, `aws:kms`), `ownership` who
    owns objects and whether access lists count (`BucketOwnerEnforced`: they do not), both empty where nothing is set.
    `objects` are those whose keys the plan's patterns match, those in the fewest folders
    first, at most a hundred; then those whose name is like one of them (in another folder, with another ending, in
    other letters), of which no content type is asked.
    Source: S3 API, ListBuckets, GetBucketLocation, GetPublicAccessBlock, GetBucketPolicyStatus, GetBucketAcl,
    ListObjectsV2, GetBucketVersioning, GetBucketWebsite, GetBucketPolicy, GetBucketTagging, GetBucketEncryption,
    GetBucketOwnershipControls, GetBucketLifecycleConfiguration, HeadObject.
    """

    name: str
    created_at: dt.datetime
    region: str | None = None
    looked_into: bool = False
    public_access_block: PublicAccessBlock | None = None
    policy_is_public: bool | None = None
    acl_is_public: bool | None = None
    has_objects: bool | None = None
    versioned: bool | None = None
    versioning: Literal["Off", "Enabled", "Suspended"] | None = None
    website: Website | None = None
    policy: str | None = None
    tags: tuple[Tag, ...] | None = None
    encryption: str | None = None
    ownership: str | None = None
    lifecycle: tuple[LifecycleRule, ...] | None = None
    objects: tuple[BucketObject, ...] | None = None


class Policy(Struct, frozen=True):
    """One policy of a role. `document` is its JSON text, None when it could not be read.

    `kind`: `customer` (default version), `aws` (AWS-managed), `inline`, or `boundary`.
    """

    name: str
    kind: Literal["customer", "aws", "inline", "boundary"]
    document: str | None
    arn: str | None = None


class Role(Struct, frozen=True):
    """An IAM role and every policy on it.

    `trust` is the JSON text of its trust policy. `policies` is None when they could not be listed. `as_of` is None for
    a role that is there; one that is gone is as the event history tells that it was at that time.
    Source: IAM API, GetRole, ListAttachedRolePolicies, GetPolicyVersion, ListRolePolicies, GetRolePolicy.
    """

    name: str
    arn: str
    created_at: dt.datetime
    trust: str
    policies: tuple[Policy, ...] | None = None
    boundary: Policy | None = None
    as_of: dt.datetime | None = None

    @property
    def named_buckets(self) -> frozenset[str]:
        """The buckets that its own policies spell out, whether they exist or not."""
        own = (policy.document for policy in self.policies or () if policy.kind in ("customer", "inline"))
        return frozenset(name for document in own if document for name in BUCKET_IN_POLICY.findall(document))


class LogLine(Struct, frozen=True):
    """One line of Jupyter's log that is known to mean something; no other line is kept."""

    at: dt.datetime
    kind: Literal["created", "kernel", "uploaded", "saved"]
    file: str | None = None


class JupyterLog(Struct, frozen=True):
    """What Jupyter on one notebook instance wrote. `lines` is None when they could not be read.

    `began_at` and `ended_at` are the times of the stream's first and newest event.
    Source: CloudWatch Logs, group /aws/sagemaker/NotebookInstances, stream `<instance>/jupyter.log`.
    """

    instance: str
    region: str
    began_at: dt.datetime | None
    ended_at: dt.datetime | None
    lines: tuple[LogLine, ...] | None


class EndpointLog(Struct, frozen=True):
    """What an endpoint's containers wrote; the group outlives the endpoint.

    `invocations` is the sum of the algorithm's own `invocations.count`, None when it could not be read.
    Source: CloudWatch Logs, group /aws/sagemaker/Endpoints/<endpoint>.
    """

    endpoint: str
    region: str
    began_at: dt.datetime | None
    invocations: int | None


class TrainingLog(Struct, frozen=True):
    """What the container of a training job wrote that is gone; the log outlives the job.

    `has_ended` says whether the algorithm wrote that it came to its end by itself, None when it could not be read.
    Source: CloudWatch Logs, group /aws/sagemaker/TrainingJobs, streams `<job>/algo-1-…`.
    """

    job: str
    region: str
    has_ended: bool | None


class Invocation(Struct, frozen=True):
    """What an endpoint answered when the sample digits were sent to it.

    `labels` are the digits that were sent, in order. `body` is the answer's text, at most 64 KiB, None when
    there was none; then `error` is AWS's code and `original_status` the container's own HTTP status.
    Source: SageMaker Runtime API, InvokeEndpoint.
    """

    endpoint: str
    region: str
    labels: tuple[int, ...]
    content_type: str | None = None
    body: str | None = None
    error: str | None = None
    original_status: int | None = None
    message: str | None = None


class Event(Struct, frozen=True):
    """One call that CloudTrail's event history keeps: that something was made, changed or deleted, or was refused.

    `name` is AWS's name of the call, `resource` the name of what it was about, `region` where it is recorded. A call
    that was refused has AWS's code as `error`, and nothing came of it. `refers_to` are what else it names: an
    endpoint's configuration, a configuration's models, a model's artifacts, a training job's image and output path, a
    bucket's region, a policy's ARN or name, a role's path, a cluster's ARN. What the call did not say is None.
    `document` is a policy's JSON text, or that of another setting of a bucket, in the spelling of its event.
    `by` says who called, without naming a person: see `skymark.caller`.
    Source: CloudTrail API, LookupEvents.
    """

    name: str
    at: dt.datetime
    region: str
    resource: str
    error: str | None = None
    message: str | None = None
    refers_to: tuple[str | None, ...] = ()
    instance_type: str | None = None
    role_arn: str | None = None
    root_access: bool | None = None
    accelerator_types: tuple[str, ...] | None = None
    switches: PublicAccessBlock | None = None
    document: str | None = None
    by: str | None = None
    website: Website | None = None


class HistoryRead(Struct, frozen=True):
    """That all events of one name in one region were read, back to `since`: those that are not there were not."""

    name: str
    region: str
    since: dt.datetime


class EndpointMetric(Struct, frozen=True):
    """How often an endpoint was asked, as CloudWatch counted; it outlives the endpoint.

    Source: CloudWatch API, GetMetricData, namespace AWS/SageMaker, metric Invocations.
    """

    endpoint: str
    region: str
    invocations: int


class HandedInNotebook(Struct, frozen=True):
    """A notebook file that a student handed in: self-reported evidence."""

    file: str
    kernel: str | None
    code_cells: int
    executed_cells: int


class Survey(Struct, frozen=True):
    """Everything that was seen in one account at one time, and everything that could not be seen.

    Tuples are ordered by region, then name; jobs newest first, events oldest first. `missing_roles` are the ARNs of
    roles that something in the account names and that IAM says are not there (any more). `calls` are all those made.
    """

    surveyed_at: dt.datetime
    identity: Identity
    region: str
    regions: Regions
    gaps: tuple[Gap, ...] = ()
    notebook_instances: tuple[NotebookInstance, ...] = ()
    training_jobs: tuple[TrainingJob, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()
    endpoint_configs: tuple[EndpointConfig, ...] = ()
    models: tuple[Model, ...] = ()
    domains: tuple[Domain, ...] = ()
    apps: tuple[App, ...] = ()
    resources: tuple[Resource, ...] = ()
    buckets: tuple[Bucket, ...] = ()
    account_public_access_block: PublicAccessBlock | None = None
    roles: tuple[Role, ...] = ()
    missing_roles: tuple[str, ...] = ()
    jupyter_logs: tuple[JupyterLog, ...] = ()
    endpoint_logs: tuple[EndpointLog, ...] = ()
    training_logs: tuple[TrainingLog, ...] = ()
    invocations: tuple[Invocation, ...] = ()
    events: tuple[Event, ...] = ()
    history: tuple[HistoryRead, ...] = ()
    endpoint_metrics: tuple[EndpointMetric, ...] = ()
    notebooks: tuple[HandedInNotebook, ...] = ()
    calls: tuple[CallMade, ...] = ()
    schema: Literal["skymark/survey/v1"] = SCHEMA

    def gaps_of(self, *calls: str, region: str | None = None, resource: str | None = None) -> tuple[Gap, ...]:
        """The gaps of these calls; with `region` or `resource`, only those that concern it.

        A gap without a region (a global service) or without a resource (a whole list) concerns all of them.
        """
        return tuple(
            gap
            for gap in self.gaps
            if gap.call in calls
            and (region is None or gap.region in (None, region))
            and (resource is None or gap.resource in (None, resource))
        )

    def happened(self, *names: str, region: str | None = None, resource: str | None = None) -> tuple[Event, ...]:
        """The calls of these names that were not refused, oldest first."""
        return tuple(
            event
            for event in self.events
            if event.name in names
            and event.error is None
            and (region is None or event.region == region)
            and (resource is None or event.resource == resource)
        )

    def has_history(self, *names: str, region: str | None = None) -> bool:
        """Whether all events of these names were read, in this region or wherever the account can have something."""
        read = {(one.name, one.region) for one in self.history}
        regions = (region,) if region else (*self.regions.answered, *self.regions.unread)
        return bool(regions) and all((name, one) in read for name in names for one in regions)
