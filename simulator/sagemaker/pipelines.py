"""Pipelines' executions: they run for a while, and can be stopped; moto has the pipelines.

Source: SageMaker API reference, StartPipelineExecution, StopPipelineExecution, DeletePipeline.
"""

from collections.abc import Mapping
from typing import Any

from moto.sagemaker.models import FakePipelineExecution, SageMakerModelBackend
from moto.sagemaker.utils import (
    get_pipeline_execution_from_arn,
    get_pipeline_from_name,
    get_pipeline_name_from_execution_arn,
)

from simulator.clock import clock
from simulator.sagemaker import timing
from simulator.sagemaker.course import Course
from simulator.sagemaker.listing import Kind, page
from simulator.sagemaker.refusals import ConflictException
from simulator.staying import stays_in

_RUNNING = ("Executing", "Stopping")
_LISTED = Kind("PipelineExecutionSummaries", "PipelineExecutionArn")


class Pipelines(SageMakerModelBackend):
    """The pipelines of an account in a region."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self._executions: dict[str, Course] = {}

    def start_pipeline_execution(self, *args: Any, **kwargs: Any) -> dict[str, str]:
        """StartPipelineExecution; an execution has no tags, so its pipeline's say how it is to go."""
        answer = super().start_pipeline_execution(*args, **kwargs)
        arn = answer["PipelineExecutionArn"]
        execution = get_pipeline_execution_from_arn(self.pipelines, arn)
        execution.creation_time = execution.start_time = clock.utcnow()
        _enter(execution, "Executing")
        course = self._executions[arn] = Course()
        if not stays_in(self.pipelines[get_pipeline_name_from_execution_arn(arn)].tags, "Executing"):
            course.go((timing.RUNNING_S, lambda: _enter(execution, "Succeeded")))
        return answer

    def stop_pipeline_execution(self, arn: str) -> None:
        """StopPipelineExecution."""
        execution = get_pipeline_execution_from_arn(self.pipelines, arn)
        if execution.pipeline_execution_status != "Executing":
            raise ConflictException(
                f"Only executions in Executing status can be stopped: {arn} is in status "
                f"{execution.pipeline_execution_status}."
            )
        _enter(execution, "Stopping")
        self._executions[arn].go((timing.STOPPING_JOB_S, lambda: _enter(execution, "Stopped")))

    def delete_pipeline(self, pipeline_name: str) -> str:
        """DeletePipeline: not while it runs."""
        executions = get_pipeline_from_name(self.pipelines, pipeline_name).pipeline_executions.values()
        if any(one.pipeline_execution_status in _RUNNING for one in executions):
            raise ConflictException(f"Cannot delete pipeline {pipeline_name}: it has running executions.")
        return super().delete_pipeline(pipeline_name)

    def list_pipeline_execution_page(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """ListPipelineExecutions."""
        executions = get_pipeline_from_name(self.pipelines, asked["PipelineName"]).pipeline_executions.values()
        bounds = {"CreatedAfter": "CreationTimeAfter", "CreatedBefore": "CreationTimeBefore"}
        return page(
            _LISTED, map(_summary, executions), {bounds.get(name, name): value for name, value in asked.items()}
        )


def _enter(execution: FakePipelineExecution, status: str) -> None:
    execution.pipeline_execution_status, execution.last_modified_time = status, clock.utcnow()


def _summary(execution: FakePipelineExecution) -> dict[str, Any]:
    shown = {
        "PipelineExecutionArn": execution.arn,
        "CreationTime": execution.creation_time,
        "StartTime": execution.start_time,
        "PipelineExecutionStatus": execution.pipeline_execution_status,
        "PipelineExecutionDisplayName": execution.pipeline_execution_display_name,
        "PipelineExecutionDescription": execution.pipeline_execution_description,
    }
    return {name: value for name, value in shown.items() if value is not None}
