"""NAT gateways, addresses and VPC endpoints: their states, and what holds what."""

import pytest
from botocore.exceptions import ClientError

from simulator.students.leftovers import leave_attached_address, leave_nat_gateway, leave_vpc_endpoint


def test_a_nat_gateway_comes_and_goes(account, standing) -> None:
    """Pending, available, deleting, deleted: it is listed on, and its address is free again."""
    ec2, seen = account.ec2(), []
    leave_nat_gateway(account)
    gateway = ec2.describe_nat_gateways()["NatGateways"][0]["NatGatewayId"]
    seen.append(ec2.describe_nat_gateways()["NatGateways"][0]["State"])
    standing.advance(120)
    seen.append(ec2.describe_nat_gateways()["NatGateways"][0]["State"])
    ec2.delete_nat_gateway(NatGatewayId=gateway)
    seen.append(ec2.describe_nat_gateways()["NatGateways"][0]["State"])
    held = "AssociationId" in ec2.describe_addresses()["Addresses"][0]
    standing.advance(60)
    seen.append(ec2.describe_nat_gateways()["NatGateways"][0]["State"])

    assert seen == ["pending", "available", "deleting", "deleted"]
    assert (held, "AssociationId" in ec2.describe_addresses()["Addresses"][0]) == (True, False)


def test_the_clis_wait_for_a_deleted_nat_gateway_ends(account) -> None:
    """`aws ec2 wait nat-gateway-deleted`."""
    ec2 = account.ec2()
    leave_nat_gateway(account)
    gateway = ec2.describe_nat_gateways()["NatGateways"][0]["NatGatewayId"]
    ec2.delete_nat_gateway(NatGatewayId=gateway)

    ec2.get_waiter("nat_gateway_deleted").wait(NatGatewayIds=[gateway], WaiterConfig={"MaxAttempts": 1})


@pytest.mark.parametrize("leave", [leave_nat_gateway, leave_attached_address])
def test_an_address_in_use_is_not_released(account, leave) -> None:
    """First what it hangs on, then the address."""
    leave(account)
    address = account.ec2().describe_addresses()["Addresses"][0]["AllocationId"]

    with pytest.raises(ClientError, match=r"InvalidIPAddress\.InUse"):
        account.ec2().release_address(AllocationId=address)


def test_an_interface_endpoint_comes_and_goes(account, standing) -> None:
    """Pending, available, deleting, gone."""
    ec2, seen = account.ec2(), []
    leave_vpc_endpoint(account)
    (endpoint,) = ec2.describe_vpc_endpoints()["VpcEndpoints"]
    seen.append(endpoint["State"])
    standing.advance(60)
    seen.append(ec2.describe_vpc_endpoints()["VpcEndpoints"][0]["State"])
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint["VpcEndpointId"]])
    seen.append(ec2.describe_vpc_endpoints()["VpcEndpoints"][0]["State"])
    standing.advance(60)

    assert seen == ["pending", "available", "deleting"]
    assert ec2.describe_vpc_endpoints()["VpcEndpoints"] == []
