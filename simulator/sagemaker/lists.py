"""List calls for what moto keeps and does not list: notebook instances' lifecycle configurations."""

from collections.abc import Mapping
from typing import Any

from moto.sagemaker.models import SageMakerModelBackend

from simulator.sagemaker.listing import Kind, page

_LIFECYCLE_CONFIGS = Kind("NotebookInstanceLifecycleConfigs", "NotebookInstanceLifecycleConfigName")


class Lists(SageMakerModelBackend):
    """More lists of an account in a region."""

    def list_lifecycle_config_page(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """ListNotebookInstanceLifecycleConfigs."""
        rows = [
            {
                "NotebookInstanceLifecycleConfigName": one.notebook_instance_lifecycle_config_name,
                "NotebookInstanceLifecycleConfigArn": one.arn,
                "CreationTime": one.creation_time,
                "LastModifiedTime": one.last_modified_time,
            }
            for one in self.notebook_instance_lifecycle_configurations.values()
        ]
        return page(_LIFECYCLE_CONFIGS, rows, asked)
