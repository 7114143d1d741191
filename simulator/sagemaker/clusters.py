"""A cluster's machines. Source: SageMaker API reference, ListClusterNodes, DescribeClusterNode."""

import hashlib
from collections.abc import Mapping
from typing import Any

from simulator.sagemaker.kept import Kept, KeptThings
from simulator.sagemaker.kinds import OPERATIONS
from simulator.sagemaker.listing import Kind, page
from simulator.sagemaker.refusals import ResourceNotFound

_LISTED = Kind("ClusterNodeSummaries", "InstanceId", order="CreationTime")


class Clusters(KeptThings):
    """The clusters of an account in a region, which are kept, and their machines."""

    def list_cluster_node_page(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """ListClusterNodes."""
        group = asked.get("InstanceGroupNameContains") or ""
        nodes = [node for node in self._nodes(asked) if group in node["InstanceGroupName"]]
        return page(_LISTED, nodes, asked)

    def find_cluster_node(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """DescribeClusterNode."""
        for node in self._nodes(asked):
            if node["InstanceId"] == asked.get("NodeId"):
                return {"NodeDetails": node}
        raise ResourceNotFound(f"Node {asked.get('NodeId')} does not exist.")

    def _nodes(self, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
        cluster = self.find_kept(OPERATIONS["DescribeCluster"][1], asked)
        groups = cluster.described()["InstanceGroups"]
        return [_node(cluster, group, number) for group in groups for number in range(group["CurrentCount"])]


def _node(cluster: Kept, group: Mapping[str, Any], number: int) -> dict[str, Any]:
    seed = f"{cluster.arn} {group['InstanceGroupName']} {number}"
    return {
        "InstanceGroupName": group["InstanceGroupName"],
        "InstanceId": f"i-{hashlib.sha256(seed.encode()).hexdigest()[:17]}",
        "InstanceType": group.get("InstanceType"),
        "InstanceStatus": {"Status": "Running", "Message": ""},
        "LaunchTime": cluster.created_at,
        "CreationTime": cluster.created_at,
        "LifeCycleConfig": group.get("LifeCycleConfig"),
        "ThreadsPerCore": group.get("ThreadsPerCore", 1),
    }
