"""What the practice cloud has of AWS, as the document says."""

from simulator.coverage import DOCUMENT, coverage, written_into


def test_the_document_tells_todays_coverage() -> None:
    """The table in docs/practice-cloud.md is the one that the code gives; `python -m simulator.coverage` writes it."""
    text = DOCUMENT.read_text("utf-8")

    assert written_into(text) == text


def test_the_lesson_is_simulated() -> None:
    """Nothing that the lesson or its teardown does is only answered, or missing."""
    sagemaker = next(one for one in coverage() if one.service == "sagemaker")
    kinds = ("NotebookInstance", "TrainingJob", "Model", "EndpointConfig", "Endpoint")

    needed = {f"{act}{kind}" for kind in kinds for act in ("Create", "Describe", "Delete")}

    assert needed <= set(sagemaker.simulated)


def test_everything_that_bills_can_be_there() -> None:
    """Each kind of aws-facts' table of billable things can be there: none is only answered, with an empty list."""
    sagemaker = next(one for one in coverage() if one.service == "sagemaker")
    known = {*sagemaker.simulated, *sagemaker.motos}

    swept = {
        *("ListNotebookInstances", "ListEndpoints", "ListInferenceComponents", "ListTrainingJobs", "ListApps"),
        *("ListHyperParameterTuningJobs", "ListProcessingJobs", "ListTransformJobs", "ListAutoMLJobs", "ListSpaces"),
        *("ListMonitoringSchedules", "ListLabelingJobs", "ListInferenceRecommendationsJobs", "ListDomains"),
        *("ListOptimizationJobs", "ListCompilationJobs", "ListFeatureGroups", "ListClusters", "ListPartnerApps"),
        *("ListMlflowTrackingServers", "ListMlflowApps", "ListUserProfiles", "ListTrainingPlans", "ListPipelines"),
        *("ListPipelineExecutions", "ListModels", "ListEndpointConfigs", "ListImages", "ListCodeRepositories"),
        *("ListNotebookInstanceLifecycleConfigs", "ListModelPackageGroups", "ListExperiments", "ListTrials"),
    }

    assert swept - known == set()
