"""Which S3 actions reach the data in a bucket, and which do not.

The actions are those that the library policyuniverse 1.5.1.20231109 knows of S3 (its service data of 2023-11-09);
which of them reach data is decided here, one by one. A test compares this table with the library, so that
neither can drift: an action that the library adds must be put on one side or the other.
"""

import enum
import re
from typing import Literal

from skymark.evidence import Struct


class Kind(enum.StrEnum):
    """What can be done to data."""

    LIST = "list"
    READ = "read"
    WRITE = "write"
    DELETE = "delete"


class DataAction(Struct, frozen=True):
    """An action that reaches data. `level`: which resource a policy has to name for it."""

    name: str
    kind: Kind
    level: Literal["bucket", "object"]


DATA_ACTIONS = (
    DataAction("s3:ListBucket", Kind.LIST, "bucket"),
    DataAction("s3:ListBucketVersions", Kind.LIST, "bucket"),
    DataAction("s3:GetObject", Kind.READ, "object"),
    DataAction("s3:GetObjectVersion", Kind.READ, "object"),
    # Gives whoever has the torrent file the object's contents.
    DataAction("s3:GetObjectTorrent", Kind.READ, "object"),
    DataAction("s3:GetObjectVersionTorrent", Kind.READ, "object"),
    # Hands the contents over to a copy.
    DataAction("s3:GetObjectVersionForReplication", Kind.READ, "object"),
    DataAction("s3:PutObject", Kind.WRITE, "object"),
    # Writes contents, by the way of a replication.
    DataAction("s3:ReplicateObject", Kind.WRITE, "object"),
    # Puts a readable copy of an archived object into the bucket.
    DataAction("s3:RestoreObject", Kind.WRITE, "object"),
    DataAction("s3:DeleteObject", Kind.DELETE, "object"),
    DataAction("s3:DeleteObjectVersion", Kind.DELETE, "object"),
    # Puts delete markers on objects.
    DataAction("s3:ReplicateDelete", Kind.DELETE, "object"),
    # A rule that lets everything expire empties a bucket. AWS's documentation of PutBucketLifecycle names it
    # with the two deletes above as what has to be denied, if nothing is to be deleted.
    DataAction("s3:PutLifecycleConfiguration", Kind.DELETE, "bucket"),
)

# Every other action, by the reason why it reaches no data.
NO_DATA: dict[str, tuple[str, ...]] = {
    "names buckets and where they are, not what is in them": ("GetBucketLocation", "ListAllMyBuckets"),
    "makes a bucket, or removes one that is empty already": ("CreateBucket", "DeleteBucket"),
    "is about an upload under way: nothing that is stored is listed or lost": (
        "AbortMultipartUpload",
        "ListBucketMultipartUploads",
        "ListMultipartUploadParts",
    ),
    "is about an object's size, tags, locks or copies, not about its contents": (
        "DeleteObjectTagging",
        "DeleteObjectVersionTagging",
        "GetObjectAttributes",
        "GetObjectLegalHold",
        "GetObjectRetention",
        "GetObjectTagging",
        "GetObjectVersionAttributes",
        "GetObjectVersionTagging",
        "InitiateReplication",
        "PutObjectLegalHold",
        "PutObjectRetention",
        "PutObjectTagging",
        "PutObjectVersionTagging",
        "ReplicateTags",
    ),
    "changes or shows who may do what: data are reached with another action only": (
        "BypassGovernanceRetention",
        "DeleteAccessPointPolicy",
        "DeleteAccessPointPolicyForObjectLambda",
        "DeleteBucketPolicy",
        "GetAccessPointPolicy",
        "GetAccessPointPolicyForObjectLambda",
        "GetAccessPointPolicyStatus",
        "GetAccessPointPolicyStatusForObjectLambda",
        "GetAccountPublicAccessBlock",
        "GetBucketAcl",
        "GetBucketOwnershipControls",
        "GetBucketPolicy",
        "GetBucketPolicyStatus",
        "GetBucketPublicAccessBlock",
        "GetMultiRegionAccessPointPolicy",
        "GetMultiRegionAccessPointPolicyStatus",
        "GetObjectAcl",
        "GetObjectVersionAcl",
        "ObjectOwnerOverrideToBucketOwner",
        "PutAccessPointPolicy",
        "PutAccessPointPolicyForObjectLambda",
        "PutAccessPointPublicAccessBlock",
        "PutAccountPublicAccessBlock",
        "PutBucketAcl",
        "PutBucketOwnershipControls",
        "PutBucketPolicy",
        "PutBucketPublicAccessBlock",
        "PutMultiRegionAccessPointPolicy",
        "PutObjectAcl",
        "PutObjectVersionAcl",
    ),
    "is a bucket's configuration": (
        "DeleteBucketWebsite",
        "GetAccelerateConfiguration",
        "GetAnalyticsConfiguration",
        "GetBucketCORS",
        "GetBucketLogging",
        "GetBucketNotification",
        "GetBucketObjectLockConfiguration",
        "GetBucketRequestPayment",
        "GetBucketTagging",
        "GetBucketVersioning",
        "GetBucketWebsite",
        "GetEncryptionConfiguration",
        "GetIntelligentTieringConfiguration",
        "GetInventoryConfiguration",
        "GetLifecycleConfiguration",
        "GetMetricsConfiguration",
        "GetReplicationConfiguration",
        "PutAccelerateConfiguration",
        "PutAnalyticsConfiguration",
        "PutBucketCORS",
        "PutBucketLogging",
        "PutBucketNotification",
        "PutBucketObjectLockConfiguration",
        "PutBucketRequestPayment",
        "PutBucketTagging",
        "PutBucketVersioning",
        "PutBucketWebsite",
        "PutEncryptionConfiguration",
        "PutIntelligentTieringConfiguration",
        "PutInventoryConfiguration",
        "PutMetricsConfiguration",
        "PutReplicationConfiguration",
    ),
    "is about access points, batch jobs or statistics: a job reads with a role of its own": (
        "CreateAccessPoint",
        "CreateAccessPointForObjectLambda",
        "CreateJob",
        "CreateMultiRegionAccessPoint",
        "DeleteAccessPoint",
        "DeleteAccessPointForObjectLambda",
        "DeleteJobTagging",
        "DeleteMultiRegionAccessPoint",
        "DeleteStorageLensConfiguration",
        "DeleteStorageLensConfigurationTagging",
        "DescribeJob",
        "DescribeMultiRegionAccessPointOperation",
        "GetAccessPoint",
        "GetAccessPointConfigurationForObjectLambda",
        "GetAccessPointForObjectLambda",
        "GetJobTagging",
        "GetMultiRegionAccessPoint",
        "GetMultiRegionAccessPointRoutes",
        "GetStorageLensConfiguration",
        "GetStorageLensConfigurationTagging",
        "GetStorageLensDashboard",
        "ListAccessPoints",
        "ListAccessPointsForObjectLambda",
        "ListJobs",
        "ListMultiRegionAccessPoints",
        "ListStorageLensConfigurations",
        "PutAccessPointConfigurationForObjectLambda",
        "PutJobTagging",
        "PutStorageLensConfiguration",
        "PutStorageLensConfigurationTagging",
        "SubmitMultiRegionAccessPointRoutes",
        "UpdateJobPriority",
        "UpdateJobStatus",
    ),
}

_OF_OBJECTS = re.compile(
    r"(?:Delete|Get|Put|Restore|Replicate)Object(?!LockConfiguration)[A-Za-z]*|ObjectOwnerOverrideToBucketOwner|"
    r"AbortMultipartUpload|ListMultipartUploadParts|BypassGovernanceRetention|InitiateReplication|Replicate[A-Z][a-z]+"
)
_OF_NEITHER = re.compile(r".*(?:AccessPoint|AccountPublicAccessBlock|StorageLens|Job).*|CreateBucket|ListAllMyBuckets")


def actions_by_level() -> dict[Literal["bucket", "object"], tuple[str, ...]]:
    """Every action that a bucket's policy can allow, by what it has to name for it; those that reach data first.

    Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3".
    """
    known = [(one.name, one.level) for one in DATA_ACTIONS]
    others = (name for names in NO_DATA.values() for name in names)
    known += [
        (f"s3:{name}", "object" if _OF_OBJECTS.fullmatch(name) else "bucket")
        for name in others
        if not _OF_NEITHER.fullmatch(name)
    ]
    return {level: tuple(name for name, of in known if of == level) for level in ("bucket", "object")}
