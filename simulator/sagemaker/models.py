"""SageMaker in one region of one account: moto's backend with what it lacks."""

from simulator.sagemaker.endpoints import Endpoints
from simulator.sagemaker.lists import Lists
from simulator.sagemaker.notebook_instances import NotebookInstances
from simulator.sagemaker.studio import Studio
from simulator.sagemaker.tuning_jobs import TuningJobs


class PracticeSageMakerBackend(NotebookInstances, TuningJobs, Endpoints, Studio, Lists):
    """Everything that SageMaker keeps."""
