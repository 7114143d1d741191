"""What bills around SageMaker."""

import datetime as dt

import pytest
from botocore.stub import Stubber

from skymark.evidence import Resource
from skymark.survey.reading import Reading
from skymark.survey.surroundings import (
    READ,
    VPC_ENDPOINT,
    read_file_systems,
    read_instances,
    read_keys,
    read_kind,
    read_network,
    read_snapshots,
)

MADE = dt.datetime(2026, 7, 1, 18, 40, tzinfo=dt.UTC)
REGION = "us-east-1"
DOMAIN = "arn:aws:sagemaker:us-east-1:123456789012:domain/d-1"


def read(client, service, reader, *answers):
    """Read with these answers: operation, response or error code, and what must have been asked."""
    asked = client(service)
    with Stubber(asked) as aws:
        for operation, answer, *parameters in answers:
            if isinstance(answer, str):
                aws.add_client_error(operation, answer)
            else:
                aws.add_response(operation, answer, *parameters)
        reading = reader(asked, REGION)
        aws.assert_no_pending_responses()
    return reading


def gateway(name, state, address):
    return {
        "NatGatewayId": name,
        "State": state,
        "CreateTime": MADE,
        "NatGatewayAddresses": [{"AllocationId": address}],
    }


PRIVATE = {"NatGatewayId": "nat-2", "State": "available", "NatGatewayAddresses": [{"PrivateIp": "10.0.0.7"}]}


def test_an_address_lies_in_what_it_hangs_on(client):
    """An instance, a NAT gateway, something else, nothing; a gateway that is gone holds none."""
    gateways = [gateway("nat-1", "available", "eipalloc-nat"), gateway("nat-0", "deleted", "eipalloc-free"), PRIVATE]
    addresses = [
        {"AllocationId": "eipalloc-i", "InstanceId": "i-1", "NetworkInterfaceId": "eni-1"},
        {"AllocationId": "eipalloc-nat", "NetworkInterfaceId": "eni-2"},
        {"AllocationId": "eipalloc-lb", "NetworkInterfaceId": "eni-3", "ServiceManaged": "alb"},
        {"AllocationId": "eipalloc-free"},
        {"PublicIp": "198.51.100.7", "InstanceId": ""},
    ]
    reading = read(
        client,
        "ec2",
        read_network,
        ("describe_nat_gateways", {"NatGateways": gateways}),
        ("describe_addresses", {"Addresses": addresses}),
    )

    assert reading.items == (
        Resource("ec2", "nat-gateway", "nat-1", REGION, "available", MADE),
        Resource("ec2", "nat-gateway", "nat-2", REGION, "available"),
        Resource("ec2", "address", "eipalloc-i", REGION, within=("i-1",)),
        Resource("ec2", "address", "eipalloc-nat", REGION, within=("nat-1",)),
        Resource("ec2", "address", "eipalloc-lb", REGION, within=("eni-3",), note="alb"),
        Resource("ec2", "address", "eipalloc-free", REGION),
        Resource("ec2", "address", "198.51.100.7", REGION),
    )


def test_refused_gateways_hide_no_address(client):
    """Each call by itself is a gap."""
    denied = "UnauthorizedOperation"
    address = {"Addresses": [{"AllocationId": "eipalloc-1"}]}
    half = read(client, "ec2", read_network, ("describe_nat_gateways", denied), ("describe_addresses", address))
    none = read(client, "ec2", read_network, ("describe_nat_gateways", denied), ("describe_addresses", denied))

    assert [one.id for one in half.items] == ["eipalloc-1"]
    assert [one.call for one in half.gaps] == ["DescribeNatGateways"]
    assert [one.call for one in none.gaps] == ["DescribeNatGateways", "DescribeAddresses"]


@pytest.mark.parametrize(
    ("row", "note", "count"),
    [
        ({"VpcEndpointType": "Interface", "SubnetIds": ["subnet-1", "subnet-2"]}, "Interface", 2),
        ({"VpcEndpointType": "Interface", "RequesterManaged": True}, "Interface, requester-managed", None),
        ({"VpcEndpointType": "Gateway"}, "Gateway", None),
        ({}, "Gateway", None),
    ],
)
def test_a_vpc_endpoint_with_its_type_and_the_number_of_its_subnets(client, row, note, count):
    """Only interfaces bill, each subnet's zone by itself."""
    rows = {"VpcEndpoints": [row | {"VpcEndpointId": "vpce-1", "State": "available", "CreationTimestamp": MADE}]}
    (found,) = read(
        client, "ec2", lambda ec2, region: read_kind(VPC_ENDPOINT, ec2, region), ("describe_vpc_endpoints", rows)
    ).items

    assert (found.status, found.created_at, found.note, found.instance_count) == ("available", MADE, note, count)


def test_machines_are_read_out_of_their_reservations(client):
    """Those that are terminated are listed for an hour."""
    rows = [
        {"InstanceId": f"i-{state}", "InstanceType": "t3.micro", "LaunchTime": MADE, "State": {"Name": state}}
        for state in ("running", "terminated")
    ]
    answer = {"Reservations": [{"Instances": [row]} for row in rows]}

    assert read(client, "ec2", read_instances, ("describe_instances", answer)).items == (
        Resource("ec2", "instance", "i-running", REGION, "running", MADE, (), "t3.micro", 1),
    )


def test_only_ones_own_snapshots_are_asked_for(client):
    """There are tens of thousands of public ones."""
    row = {"SnapshotId": "snap-1", "State": "completed", "StartTime": MADE, "VolumeSize": 8}
    asked = {"MaxResults": 100, "OwnerIds": ["self"]}

    assert read(client, "ec2", read_snapshots, ("describe_snapshots", {"Snapshots": [row]}, asked)).items == (
        Resource("ec2", "snapshot", "snap-1", REGION, "completed", MADE, size_gib=8),
    )


def system(name, **tags):
    return {
        "OwnerId": "123456789012",
        "CreationToken": name,
        "FileSystemId": name,
        "CreationTime": MADE,
        "LifeCycleState": "available",
        "NumberOfMountTargets": 1,
        "SizeInBytes": {"Value": 3 * 2**29},
        "PerformanceMode": "generalPurpose",
        "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
    }


def test_only_studios_file_systems_are_told_with_their_mount_targets(client):
    """SageMaker marks its own with the domain that they are of."""
    target = {
        "MountTargetId": "fsmt-12345678",
        "FileSystemId": "fs-12345678",
        "SubnetId": "subnet-12345678",
        "LifeCycleState": "available",
    }
    ours = system("fs-12345678", ManagedByAmazonSageMakerResource=DOMAIN)
    reading = read(
        client,
        "efs",
        read_file_systems,
        ("describe_file_systems", {"FileSystems": [system("fs-00000000", Name="homework"), ours]}),
        ("describe_mount_targets", {"MountTargets": [target]}, {"FileSystemId": "fs-12345678", "MaxItems": 100}),
    )

    assert reading.items == (
        Resource("efs", "file-system", "fs-12345678", REGION, "available", MADE, size_gib=1.5, note=DOMAIN),
        Resource("efs", "mount-target", "fsmt-12345678", REGION, "available", within=("fs-12345678",)),
    )


def test_keys_of_awss_own_are_left_out(client):
    """They are free. What may not be described is no key of the account's for all that is known: one gap, no key."""
    keys = {"Keys": [{"KeyId": name} for name in ("aws", "own", "secret", "secret-2")]}
    own = {"KeyId": "own", "KeyManager": "CUSTOMER", "KeyState": "PendingDeletion", "CreationDate": MADE}
    reading = read(
        client,
        "kms",
        read_keys,
        ("list_keys", keys),
        ("describe_key", {"KeyMetadata": {"KeyId": "aws", "KeyManager": "AWS"}}),
        ("describe_key", {"KeyMetadata": own}),
        ("describe_key", "AccessDeniedException"),
        ("describe_key", "AccessDeniedException"),
    )

    assert reading.items == (Resource("kms", "key", "own", REGION, "PendingDeletion", MADE),)
    assert [(gap.call, gap.resource) for gap in reading.gaps] == [("DescribeKey", None)]


@pytest.mark.parametrize("number", range(len(READ)))
def test_an_account_without_any_has_none(account, connection, number):
    """Every call is understood by who answers it."""
    service, reader = READ[number]

    assert reader(connection.client(service, REGION), REGION) == Reading()
