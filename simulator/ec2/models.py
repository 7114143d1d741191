"""NAT gateways, addresses and VPC endpoints as they come and go.

Source: EC2 API reference, CreateNatGateway, DeleteNatGateway, ReleaseAddress, DeleteVpcEndpoints; Amazon VPC user
guide, "Work with NAT gateways" (a deleted one is listed on, and its address is free again).
"""

import functools
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.nat_gateways import NatGateway
from moto.ec2.models.vpcs import VPCEndPoint

from simulator.sagemaker.course import Course

MAKING_NAT_GATEWAY_S = 120.0
DELETING_NAT_GATEWAY_S = 60.0
MAKING_VPC_ENDPOINT_S = 60.0
DELETING_VPC_ENDPOINT_S = 60.0


class AddressInUse(EC2ClientError):
    """An address that hangs on something cannot be released."""

    def __init__(self, address: str) -> None:
        super().__init__("InvalidIPAddress.InUse", f"Address {address} is in use.")


class NatGatewayNotFound(EC2ClientError):
    """There is no such NAT gateway."""

    def __init__(self, gateway: str) -> None:
        super().__init__("NatGatewayNotFound", f"The Nat Gateway {gateway} was not found")


class PracticeEC2Backend(EC2Backend):
    """moto's EC2 in one region of one account."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self._courses: dict[str, Course] = {}

    def create_nat_gateway(self, *args: Any, **kwargs: Any) -> NatGateway:
        """CreateNatGateway."""
        gateway = super().create_nat_gateway(*args, **kwargs)
        gateway.state = "pending"
        self._course_of(gateway.id).go((MAKING_NAT_GATEWAY_S, lambda: _enter(gateway, "available")))
        return gateway

    def delete_nat_gateway(self, nat_gateway_id: str) -> NatGateway:
        """DeleteNatGateway."""
        if nat_gateway_id not in self.nat_gateways:
            raise NatGatewayNotFound(nat_gateway_id)
        gateway = super().delete_nat_gateway(nat_gateway_id)
        gateway.state = "deleting"
        self._course_of(gateway.id).go((DELETING_NAT_GATEWAY_S, lambda: self._deleted(gateway)))
        return gateway

    def release_address(self, address: str | None = None, allocation_id: str | None = None) -> None:
        """ReleaseAddress: only of an address that hangs on nothing."""
        for one in self.addresses:
            if one.association_id and (one.public_ip == address or one.allocation_id == allocation_id):
                raise AddressInUse(one.public_ip)
        super().release_address(address, allocation_id)

    def create_vpc_endpoint(self, *args: Any, **kwargs: Any) -> VPCEndPoint:
        """CreateVpcEndpoint; a gateway endpoint is there at once."""
        endpoint = super().create_vpc_endpoint(*args, **kwargs)
        if (endpoint.vpc_endpoint_type or "").lower() == "interface":
            endpoint.state = "pending"
            self._course_of(endpoint.id).go((MAKING_VPC_ENDPOINT_S, lambda: _enter(endpoint, "available")))
        return endpoint

    def delete_vpc_endpoints(self, vpce_ids: list[str] | None = None) -> None:
        """DeleteVpcEndpoints; what is deleted is not listed on."""
        there = [self.vpc_end_points[one] for one in vpce_ids or [] if one in self.vpc_end_points]
        super().delete_vpc_endpoints(vpce_ids)
        for endpoint in there:
            endpoint.state = "deleting"
            self._course_of(endpoint.id).go((DELETING_VPC_ENDPOINT_S, functools.partial(self._forget, endpoint)))

    def _course_of(self, id: str) -> Course:
        return self._courses.setdefault(id, Course())

    def _deleted(self, gateway: NatGateway) -> None:
        gateway.state = "deleted"
        for address in self.addresses:
            if address.network_interface_id == gateway._eni.id:
                self.disassociate_address(address=address.public_ip)
        self.enis.pop(gateway._eni.id, None)

    def _forget(self, endpoint: VPCEndPoint) -> None:
        self.vpc_end_points.pop(endpoint.id, None)


def _enter(thing: NatGateway | VPCEndPoint, state: str) -> None:
    thing.state = state
