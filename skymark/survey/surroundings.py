"""What bills around SageMaker: EC2's network and machines, Studio's files, images, keys and secrets.

Source: the API reference of EC2, EFS, ECR, KMS and Secrets Manager.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from msgspec.structs import replace

from skymark.evidence import Resource
from skymark.survey.kinds import Kind, Row, list_rows, read_kind, read_rows, read_within
from skymark.survey.reading import Reading, described

GIB = 2**30
# SageMaker's own mark on the file system that it makes for a Studio domain; its value is the domain's ARN.
STUDIOS_OWN = "ManagedByAmazonSageMakerResource"


def _endpoint(row: Row) -> Row:
    """An interface endpoint is billed in each availability zone, that is, for each of its subnets."""
    type_, subnets = row.get("VpcEndpointType", "Gateway"), row.get("SubnetIds", ())
    return {
        "note": f"{type_}, requester-managed" if row.get("RequesterManaged") else type_,
        "instance_count": len(subnets) or None,
    }


def _instance(row: Row) -> Row:
    return {
        "status": row.get("State", {}).get("Name"),
        "instance_type": row.get("InstanceType"),
        "instance_count": 1,
    }


def _volume(row: Row) -> Row:
    attached = (one.get("InstanceId") for one in row.get("Attachments", ()))
    return {"size_gib": row.get("Size"), "within": tuple(name for name in attached if name)}


def _snapshot(row: Row) -> Row:
    return {"size_gib": row.get("VolumeSize")}


def _file_system(row: Row) -> Row:
    size = row.get("SizeInBytes", {}).get("Value")
    return {"size_gib": None if size is None else size / GIB, "note": _tags(row).get(STUDIOS_OWN)}


NAT_GATEWAY = Kind(
    service="ec2",
    type="nat-gateway",
    call="DescribeNatGateways",
    key="NatGateways",
    id="NatGatewayId",
    status="State",
    created="CreateTime",
    gone=("deleted",),
)
ADDRESS = Kind(service="ec2", type="address", call="DescribeAddresses", key="Addresses", id="AllocationId")
VPC_ENDPOINT = Kind(
    service="ec2",
    type="vpc-endpoint",
    call="DescribeVpcEndpoints",
    key="VpcEndpoints",
    id="VpcEndpointId",
    status="State",
    created="CreationTimestamp",
    more=_endpoint,
    gone=("deleted", "Deleted"),
)
# When it was last started: EC2 does not tell when it was made.
INSTANCE = Kind(
    service="ec2",
    type="instance",
    call="DescribeInstances",
    key="Reservations",
    id="InstanceId",
    created="LaunchTime",
    more=_instance,
    gone=("terminated",),
)
VOLUME = Kind(
    service="ec2",
    type="volume",
    call="DescribeVolumes",
    key="Volumes",
    id="VolumeId",
    status="State",
    created="CreateTime",
    more=_volume,
    gone=("deleted",),
)
SNAPSHOT = Kind(
    service="ec2",
    type="snapshot",
    call="DescribeSnapshots",
    key="Snapshots",
    id="SnapshotId",
    status="State",
    created="StartTime",
    more=_snapshot,
)
FILE_SYSTEM = Kind(
    service="efs",
    type="file-system",
    call="DescribeFileSystems",
    key="FileSystems",
    id="FileSystemId",
    status="LifeCycleState",
    more=_file_system,
    gone=("deleted",),
)
MOUNT_TARGET = Kind(
    service="efs",
    type="mount-target",
    call="DescribeMountTargets",
    key="MountTargets",
    id="MountTargetId",
    status="LifeCycleState",
    gone=("deleted",),
)
REPOSITORY = Kind(
    service="ecr",
    type="repository",
    call="DescribeRepositories",
    key="repositories",
    id="repositoryName",
    created="createdAt",
)
KEY = Kind(
    service="kms", type="key", call="ListKeys", key="Keys", id="KeyId", status="KeyState", created="CreationDate"
)
SECRET = Kind(
    service="secretsmanager", type="secret", call="ListSecrets", key="SecretList", id="Name", created="CreatedDate"
)


def read_network(client: Any, region: str) -> Reading[Resource]:
    """NAT gateways and public addresses; an address lies in what it hangs on.

    Source: EC2 API, DescribeNatGateways, DescribeAddresses.
    """
    rows = list_rows(NAT_GATEWAY, client, region)
    gateways = read_rows(NAT_GATEWAY, client, region, rows)
    holders = {
        address["AllocationId"]: row["NatGatewayId"]
        for row in rows.items
        if row.get("State") not in ("deleted", "failed")
        for address in row.get("NatGatewayAddresses", ())
        if "AllocationId" in address
    }
    addresses = list_rows(ADDRESS, client, region)
    found = tuple(_address(row, region, holders.get(row.get("AllocationId", ""))) for row in addresses.items)
    return Reading((*gateways.items, *found), (*gateways.gaps, *addresses.gaps))


def read_instances(client: Any, region: str) -> Reading[Resource]:
    """Machines of EC2's own. Source: EC2 API, DescribeInstances."""
    reservations = list_rows(INSTANCE, client, region)
    rows = tuple(row for one in reservations.items for row in one.get("Instances", ()))
    return read_rows(INSTANCE, client, region, Reading(rows, reservations.gaps))


def read_snapshots(client: Any, region: str) -> Reading[Resource]:
    """The account's own snapshots, not all that are public. Source: EC2 API, DescribeSnapshots."""
    return read_rows(SNAPSHOT, client, region, list_rows(SNAPSHOT, client, region, OwnerIds=["self"]))


def read_file_systems(client: Any, region: str) -> Reading[Resource]:
    """File systems that Studio made, and how each is reached, which has to go first; others are nobody's business.

    Source: EFS API, DescribeFileSystems, DescribeMountTargets.
    """
    rows = list_rows(FILE_SYSTEM, client, region)
    ours = Reading(tuple(row for row in rows.items if STUDIOS_OWN in _tags(row)), rows.gaps)
    systems = read_rows(FILE_SYSTEM, client, region, ours)
    targets = Reading.merged(read_within(MOUNT_TARGET, client, region, one.id, "FileSystemId") for one in systems.items)
    return Reading((*systems.items, *targets.items), (*systems.gaps, *targets.gaps))


def read_keys(client: Any, region: str) -> Reading[Resource]:
    """The account's own keys: those that AWS keeps for its services are free, and only their description tells.

    Source: KMS API, ListKeys, DescribeKey.
    """
    listed = list_rows(KEY, client, region)
    asked = Reading.merged(_key(client, region, row["KeyId"]) for row in listed.items)
    own = tuple(KEY.resource(row, region) for row in asked.items if row.get("KeyManager") == "CUSTOMER")
    gaps = (replace(gap, resource=None) for gap in asked.gaps)
    return Reading(own, tuple(dict.fromkeys((*listed.gaps, *gaps))))


READ: tuple[tuple[str, Callable[[Any, str], Reading[Resource]]], ...] = (
    ("ec2", read_network),
    ("ec2", partial(read_kind, VPC_ENDPOINT)),
    ("ec2", read_instances),
    ("ec2", partial(read_kind, VOLUME)),
    ("ec2", read_snapshots),
    ("efs", read_file_systems),
    ("ecr", partial(read_kind, REPOSITORY)),
    ("kms", read_keys),
    ("secretsmanager", partial(read_kind, SECRET)),
)


def _address(row: Row, region: str, gateway: str | None) -> Resource:
    """One of the oldest kind has no id but itself."""
    holder = row.get("InstanceId") or gateway or row.get("NetworkInterfaceId")
    return Resource(
        "ec2",
        "address",
        row.get("AllocationId") or row.get("PublicIp", ""),
        region,
        within=(holder,) if holder else (),
        note=row.get("ServiceManaged"),
    )


def _key(client: Any, region: str, name: str) -> Reading[Row]:
    return described("kms", "DescribeKey", region, name, lambda: client.describe_key(KeyId=name)["KeyMetadata"])


def _tags(row: Row) -> dict[str, str]:
    return {tag["Key"]: tag.get("Value", "") for tag in row.get("Tags", ())}
