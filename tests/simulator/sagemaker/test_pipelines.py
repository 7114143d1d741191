"""Pipelines' executions: they run, end, and are stopped."""

from typing import Any

import pytest

from simulator.staying import staying

TOKEN = "x" * 32


@pytest.fixture
def start(account, role) -> Any:
    """Start a new pipeline, which may be told to stay; the execution's ARN."""

    def run(stays: str | None = None) -> str:
        account.sagemaker().create_pipeline(
            PipelineName="mine",
            ClientRequestToken=TOKEN,
            RoleArn=role,
            PipelineDefinition="{}",
            Tags=staying(stays),
        )
        started: Any = account.sagemaker().start_pipeline_execution(PipelineName="mine", ClientRequestToken=TOKEN)
        arn: str = started["PipelineExecutionArn"]
        return arn

    return run


def _status(account) -> list[str]:
    rows = account.sagemaker().list_pipeline_executions(PipelineName="mine")["PipelineExecutionSummaries"]
    return [row["PipelineExecutionStatus"] for row in rows]


def test_an_execution_runs_for_an_hour(account, start, standing) -> None:
    """Executing, then Succeeded."""
    start()
    before = _status(account)
    standing.advance(3_600)

    assert (before, _status(account)) == (["Executing"], ["Succeeded"])


def test_an_execution_is_stopped(account, start, refused) -> None:
    """It stays Executing until then; a pipeline that runs is not deleted, and what has ended is not stopped."""
    arn, sagemaker = start("Executing"), account.sagemaker()
    before = _status(account)
    held = refused(lambda: sagemaker.delete_pipeline(PipelineName="mine", ClientRequestToken=TOKEN))
    sagemaker.stop_pipeline_execution(PipelineExecutionArn=arn, ClientRequestToken=TOKEN)
    after = _status(account)
    again = refused(lambda: sagemaker.stop_pipeline_execution(PipelineExecutionArn=arn, ClientRequestToken=TOKEN))
    sagemaker.delete_pipeline(PipelineName="mine", ClientRequestToken=TOKEN)

    assert (before, after) == (["Executing"], ["Stopped"])
    assert held[0] == again[0] == "ConflictException"
    assert sagemaker.list_pipelines()["PipelineSummaries"] == []
