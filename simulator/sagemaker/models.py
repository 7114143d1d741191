"""SageMaker in one region of one account: moto's backend with what it lacks."""

from simulator.sagemaker.clusters import Clusters
from simulator.sagemaker.domains import Domains
from simulator.sagemaker.groups import Groups
from simulator.sagemaker.lists import Lists
from simulator.sagemaker.notebook_instances import NotebookInstances
from simulator.sagemaker.pipelines import Pipelines
from simulator.sagemaker.tuning_jobs import TuningJobs


class PracticeSageMakerBackend(NotebookInstances, TuningJobs, Clusters, Domains, Pipelines, Groups, Lists):
    """Everything that SageMaker keeps."""
