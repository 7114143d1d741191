"""SageMaker's API: which backend answers which call."""

from collections.abc import Callable
from typing import Any

from moto.core.common_types import TYPE_RESPONSE
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import camelcase_to_underscores, get_service_model
from moto.sagemaker.responses import SageMakerResponse

from simulator.jupyter import sign
from simulator.sagemaker import answered, validation
from simulator.sagemaker.kinds import OPERATIONS
from simulator.sagemaker.models import PracticeSageMakerBackend
from simulator.sagemaker.refusals import ValidationError


class PracticeSageMakerResponse(SageMakerResponse):
    """moto's answers, and what it lacks."""

    @property
    def backend(self) -> PracticeSageMakerBackend:
        """The account's SageMaker in the region that is asked."""
        backend: Any = self.sagemaker_backend
        assert isinstance(backend, PracticeSageMakerBackend)  # noqa: S101 - `install` saw to that
        return backend

    @property
    def asked(self) -> dict[str, Any]:
        """The parameters, as boto3 was given them."""
        return {name: value for name, value in self._get_params().items() if value is not None}

    def call_action(self) -> TYPE_RESPONSE:
        """Refuse what AWS's own description of the operation rules out; a list of what nobody has is empty."""
        model = get_service_model("sagemaker")
        action = self._get_action()
        if action not in model.operation_names:
            return super().call_action()
        operation = model.operation_model(action)
        found = validation.complaints(operation, self.asked)
        if found:
            return self.serialized(ActionResult(ValidationError(validation.message(found))))
        nothing = None if is_simulated(action) else answered.empty_list(operation)
        return super().call_action() if nothing is None else self.serialized(ActionResult(nothing))

    # -- notebook instances -------------------------------------------------------------------------------------

    def create_notebook_instance(self) -> ActionResult:
        """CreateNotebookInstance."""
        return ActionResult({"NotebookInstanceArn": self.backend.make_notebook_instance(self.asked).arn})

    def update_notebook_instance(self) -> ActionResult:
        """UpdateNotebookInstance."""
        self.backend.change_notebook_instance(self.asked)
        return EmptyResult()

    def list_notebook_instances(self) -> ActionResult:
        """ListNotebookInstances."""
        return ActionResult(self.backend.list_notebook_instance_page(self.asked))

    def create_presigned_notebook_instance_url(self) -> ActionResult:
        """CreatePresignedNotebookInstanceUrl."""
        jupyter = self.backend.jupyter_of(self.asked["NotebookInstanceName"])
        return ActionResult({"AuthorizedUrl": sign(jupyter, self.normalized_request.host_url)})

    # -- training -----------------------------------------------------------------------------------------------

    def create_training_job(self) -> ActionResult:
        """CreateTrainingJob."""
        return ActionResult({"TrainingJobArn": self.backend.start_training_job(self.asked).arn})

    def stop_training_job(self) -> ActionResult:
        """StopTrainingJob."""
        self.backend.stop_training_job(self.asked["TrainingJobName"])
        return EmptyResult()

    def update_training_job(self) -> ActionResult:
        """UpdateTrainingJob."""
        return ActionResult({"TrainingJobArn": self.backend.change_training_job(self.asked).arn})

    def delete_training_job(self) -> ActionResult:
        """DeleteTrainingJob."""
        self.backend.delete_training_job(self.asked["TrainingJobName"])
        return EmptyResult()

    def list_training_jobs(self) -> ActionResult:
        """ListTrainingJobs."""
        return ActionResult(self.backend.list_training_job_page(self.asked))

    # -- tuning -------------------------------------------------------------------------------------------------

    def create_hyper_parameter_tuning_job(self) -> ActionResult:
        """CreateHyperParameterTuningJob."""
        return ActionResult({"HyperParameterTuningJobArn": self.backend.start_tuning_job(self.asked).arn})

    def stop_hyper_parameter_tuning_job(self) -> ActionResult:
        """StopHyperParameterTuningJob."""
        self.backend.stop_tuning_job(self.asked["HyperParameterTuningJobName"])
        return EmptyResult()

    def describe_hyper_parameter_tuning_job(self) -> ActionResult:
        """DescribeHyperParameterTuningJob."""
        return ActionResult(self.backend.describe_tuning_job(self.asked["HyperParameterTuningJobName"]))

    def list_hyper_parameter_tuning_jobs(self) -> ActionResult:
        """ListHyperParameterTuningJobs."""
        return ActionResult(self.backend.list_tuning_job_page(self.asked))

    def list_training_jobs_for_hyper_parameter_tuning_job(self) -> ActionResult:
        """ListTrainingJobsForHyperParameterTuningJob."""
        return ActionResult(self.backend.list_tuned_job_page(self.asked))

    # -- models, endpoint configurations, endpoints -------------------------------------------------------------

    def create_model(self) -> ActionResult:
        """CreateModel."""
        return ActionResult({"ModelArn": self.backend.make_model(self.asked).arn})

    def list_models(self) -> ActionResult:
        """ListModels."""
        return ActionResult(self.backend.list_model_page(self.asked))

    def create_endpoint_config(self) -> ActionResult:
        """CreateEndpointConfig."""
        return ActionResult({"EndpointConfigArn": self.backend.make_endpoint_config(self.asked).arn})

    def list_endpoint_configs(self) -> ActionResult:
        """ListEndpointConfigs."""
        return ActionResult(self.backend.list_endpoint_config_page(self.asked))

    def create_endpoint(self) -> ActionResult:
        """CreateEndpoint."""
        return ActionResult({"EndpointArn": self.backend.make_endpoint(self.asked).arn})

    def update_endpoint(self) -> ActionResult:
        """UpdateEndpoint."""
        return ActionResult({"EndpointArn": self.backend.change_endpoint(self.asked).arn})

    def list_endpoints(self) -> ActionResult:
        """ListEndpoints."""
        return ActionResult(self.backend.list_endpoint_page(self.asked))

    # -- Studio -------------------------------------------------------------------------------------------------

    def create_user_profile(self) -> ActionResult:
        """CreateUserProfile."""
        return ActionResult({"UserProfileArn": self.backend.make_studio("UserProfile", self.asked).arn})

    def create_space(self) -> ActionResult:
        """CreateSpace."""
        return ActionResult({"SpaceArn": self.backend.make_studio("Space", self.asked).arn})

    def create_app(self) -> ActionResult:
        """CreateApp."""
        return ActionResult({"AppArn": self.backend.make_studio("App", self.asked).arn})

    def describe_user_profile(self) -> ActionResult:
        """DescribeUserProfile."""
        return ActionResult(self.backend.find_studio("UserProfile", self.asked).described())

    def describe_space(self) -> ActionResult:
        """DescribeSpace."""
        return ActionResult(self.backend.find_studio("Space", self.asked).described())

    def describe_app(self) -> ActionResult:
        """DescribeApp."""
        return ActionResult(self.backend.find_studio("App", self.asked).described())

    def delete_user_profile(self) -> ActionResult:
        """DeleteUserProfile."""
        self.backend.delete_studio("UserProfile", self.asked)
        return EmptyResult()

    def delete_space(self) -> ActionResult:
        """DeleteSpace."""
        self.backend.delete_studio("Space", self.asked)
        return EmptyResult()

    def delete_app(self) -> ActionResult:
        """DeleteApp."""
        self.backend.delete_studio("App", self.asked)
        return EmptyResult()

    def list_user_profiles(self) -> ActionResult:
        """ListUserProfiles."""
        return ActionResult(self.backend.list_studio_page("UserProfile", self.asked))

    def list_spaces(self) -> ActionResult:
        """ListSpaces."""
        return ActionResult(self.backend.list_studio_page("Space", self.asked))

    def list_apps(self) -> ActionResult:
        """ListApps."""
        return ActionResult(self.backend.list_studio_page("App", self.asked))

    # -- what moto keeps, and lists or deletes otherwise than AWS --------------------------------------------------

    def list_notebook_instance_lifecycle_configs(self) -> ActionResult:
        """ListNotebookInstanceLifecycleConfigs."""
        return ActionResult(self.backend.list_lifecycle_config_page(self.asked))

    def delete_model_package_group(self) -> ActionResult:
        """DeleteModelPackageGroup."""
        self.backend.delete_model_package_group(self.asked["ModelPackageGroupName"])
        return EmptyResult()

    def list_pipeline_executions(self) -> ActionResult:
        """ListPipelineExecutions."""
        return ActionResult(self.backend.list_pipeline_execution_page(self.asked))

    def stop_pipeline_execution(self) -> ActionResult:
        """StopPipelineExecution."""
        arn = self.asked["PipelineExecutionArn"]
        self.backend.stop_pipeline_execution(arn)
        return ActionResult({"PipelineExecutionArn": arn})

    def list_cluster_nodes(self) -> ActionResult:
        """ListClusterNodes."""
        return ActionResult(self.backend.list_cluster_node_page(self.asked))

    def describe_cluster_node(self) -> ActionResult:
        """DescribeClusterNode."""
        return ActionResult(self.backend.find_cluster_node(self.asked))


def _kept(operation: str) -> Callable[[PracticeSageMakerResponse], ActionResult]:
    """The answer to an operation of `kinds`."""

    def answer(response: PracticeSageMakerResponse) -> ActionResult:
        answered = response.backend.answer(operation, response.asked)
        has_output = get_service_model("sagemaker").operation_model(operation).output_shape is not None
        return ActionResult(answered) if has_output else EmptyResult()

    return answer


# As methods, since moto looks for an operation's answer among them.
for _operation in OPERATIONS:
    setattr(PracticeSageMakerResponse, camelcase_to_underscores(_operation), _kept(_operation))


def is_simulated(operation: str) -> bool:
    """Whether there is an answer that depends on what was done before."""
    return hasattr(PracticeSageMakerResponse, camelcase_to_underscores(operation))
