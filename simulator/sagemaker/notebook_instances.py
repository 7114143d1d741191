"""Notebook instances: the states that they go through, and what of them is refused.

Source: SageMaker API reference, CreateNotebookInstance, DescribeNotebookInstance; messages as in aws-facts.
"""

import secrets
from typing import Any

from moto.sagemaker.models import SageMakerModelBackend
from moto.sagemaker.utils import arn_formatter

from simulator.clock import clock
from simulator.failing import failure_on_demand
from simulator.jupyter import Jupyter
from simulator.sagemaker import quotas, timing
from simulator.sagemaker.course import Course
from simulator.sagemaker.listing import Kind, page
from simulator.sagemaker.refusals import ValidationError
from simulator.sagemaker.roles import demand_role

PLATFORM = "notebook-al2023-v1"  # the default for new instances since 2026-05
_LISTED = Kind("NotebookInstances", "NotebookInstanceName", "NotebookInstanceStatus", "Name", ascending=True)
_CAPITALISED = {"LifecycleConfigName": "NotebookInstanceLifecycleConfigName", "SecurityGroupIds": "SecurityGroups"}


class NotebookInstance:
    """One notebook instance; `asked` are the parameters of CreateNotebookInstance."""

    def __init__(self, account: str, region: str, asked: dict[str, Any]) -> None:
        self.asked: dict[str, Any] = {
            "DirectInternetAccess": "Enabled",
            "VolumeSizeInGB": 5,
            "RootAccess": "Enabled",
        } | asked
        self.notebook_instance_name: str = asked["NotebookInstanceName"]
        self.instance_type: str = asked["InstanceType"]
        self.role_arn: str = asked["RoleArn"]
        self.region_name = region
        self.tags = list(asked.get("Tags") or [])
        self.arn = arn_formatter("notebook-instance", self.notebook_instance_name.lower(), account, region)
        self.creation_time = self.last_modified_time = clock.utcnow()
        self.failure_reason: str | None = None
        self.status = "Pending"
        self.course = Course()
        # Newer addresses have four characters that tell instances of one name apart.
        self._address = f"{self.notebook_instance_name}-{secrets.token_hex(2)}.notebook.{region}.sagemaker.aws"

    @property
    def url(self) -> str:
        """Where its Jupyter is."""
        return self._address

    def start(self) -> None:
        """`Pending`, and later `InService`, or `Failed` if that was asked for."""
        self.enter("Pending")
        self.course.go((timing.STARTING_INSTANCE_S, self._started))

    def stop(self) -> None:
        """`Stopping`, and later `Stopped`."""
        self.enter("Stopping")
        self.course.go((timing.STOPPING_INSTANCE_S, lambda: self.enter("Stopped")))

    def enter(self, status: str, reason: str | None = None) -> None:
        """Be in this state from now on."""
        self.status, self.failure_reason = status, reason
        self.last_modified_time = clock.utcnow()

    def _started(self) -> None:
        reason = failure_on_demand(self.tags)
        self.enter("Failed" if reason else "InService", reason)

    def to_dict(self) -> dict[str, Any]:
        """What DescribeNotebookInstance answers: what was not given is not there."""
        given = {_CAPITALISED.get(name, name): value for name, value in self.asked.items() if name != "Tags"}
        defaults = {"PlatformIdentifier": PLATFORM, "NetworkInterfaceId": None}
        state = {
            "NotebookInstanceArn": self.arn,
            "NotebookInstanceStatus": self.status,
            "FailureReason": self.failure_reason,
            "Url": self.url,
            "CreationTime": self.creation_time,
            "LastModifiedTime": self.last_modified_time,
        }
        return {name: value for name, value in (defaults | given | state).items() if value not in (None, [])}

    def summary(self) -> dict[str, Any]:
        """What ListNotebookInstances shows of it."""
        described = self.to_dict()
        shown = ("NotebookInstanceName", "NotebookInstanceArn", "NotebookInstanceStatus", "Url", "InstanceType")
        times = ("CreationTime", "LastModifiedTime")
        more = ("NotebookInstanceLifecycleConfigName", "DefaultCodeRepository", "AdditionalCodeRepositories")
        return {name: described[name] for name in (*shown, *times, *more) if name in described}


class NotebookInstances(SageMakerModelBackend):
    """The notebook instances of an account in a region."""

    notebook_instances: dict[str, NotebookInstance]  # type: ignore[assignment]

    def make_notebook_instance(self, asked: dict[str, Any]) -> NotebookInstance:
        """CreateNotebookInstance."""
        made = NotebookInstance(self.account_id, self.region_name, asked)
        if made.notebook_instance_name in self.notebook_instances:
            raise ValidationError(f"Cannot create a duplicate Notebook Instance ({made.arn})")
        demand_role(made.role_arn, self.account_id, made.arn)
        self._demand_instance(made.instance_type)
        self.notebook_instances[made.notebook_instance_name] = made
        made.start()
        return made

    def change_notebook_instance(self, asked: dict[str, Any]) -> None:
        """UpdateNotebookInstance: only while it is stopped, and it is `Stopped` again afterwards."""
        instance = self._in_state(asked["NotebookInstanceName"], "Updating", "Stopped", "Failed")
        changed = {name: value for name, value in asked.items() if not name.startswith("Disassociate")}
        instance.asked.update(changed)
        instance.instance_type = instance.asked["InstanceType"]
        instance.role_arn = instance.asked["RoleArn"]
        instance.enter("Updating")
        instance.course.go((timing.UPDATING_INSTANCE_S, lambda: instance.enter("Stopped")))

    def start_notebook_instance(self, notebook_instance_name: str) -> None:
        """StartNotebookInstance."""
        instance = self._in_state(notebook_instance_name, "Pending", "Stopped", "Failed")
        self._demand_instance(instance.instance_type)
        instance.start()

    def stop_notebook_instance(self, notebook_instance_name: str) -> None:
        """StopNotebookInstance."""
        self._in_state(notebook_instance_name, "Stopping", "InService").stop()

    def delete_notebook_instance(self, notebook_instance_name: str) -> None:
        """DeleteNotebookInstance."""
        instance = self._in_state(notebook_instance_name, "Deleting", "Stopped", "Failed")
        instance.enter("Deleting")
        instance.course.go((timing.DELETING_INSTANCE_S, lambda: self._forget_instance(notebook_instance_name)))

    def list_notebook_instance_page(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListNotebookInstances."""
        return page(_LISTED, [instance.summary() for instance in self.notebook_instances.values()], asked)

    def jupyter_of(self, name: str) -> Jupyter:
        """CreatePresignedNotebookInstanceUrl: of an instance that is in service."""
        instance = self.get_notebook_instance(name)
        if instance.status != "InService":
            raise ValidationError(f"Notebook Instance {name} is not in the correct state: {instance.status}")
        return Jupyter(
            self.account_id, self.region_name, name, instance.role_arn, lambda: instance.status == "InService"
        )

    def _forget_instance(self, name: str) -> None:
        del self.notebook_instances[name]

    def _in_state(self, name: str, wanted: str, *allowed: str) -> NotebookInstance:
        instance: Any = self.get_notebook_instance(name)
        if instance.status not in allowed:
            raise ValidationError(
                f"Status ({instance.status}) not in ([{', '.join(allowed)}]). Unable to transition to ({wanted}) "
                f"for Notebook Instance ({instance.arn})"
            )
        found: NotebookInstance = instance
        return found

    def _demand_instance(self, instance_type: str) -> None:
        running = ("Pending", "InService", "Updating", "Stopping")
        in_use = [
            1
            for one in self.notebook_instances.values()
            if one.status in running and one.instance_type == instance_type
        ]
        quotas.demand(self.account_id, instance_type, "notebook instance usage", 1, in_use)
