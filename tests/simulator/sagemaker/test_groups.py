"""What holds others is deleted when it is empty."""


def test_an_experiment_goes_after_its_trials(account, refused) -> None:
    """First the trial, then the experiment."""
    sagemaker = account.sagemaker()
    sagemaker.create_experiment(ExperimentName="mine")
    sagemaker.create_trial(TrialName="first", ExperimentName="mine")

    held = refused(lambda: sagemaker.delete_experiment(ExperimentName="mine"))
    sagemaker.delete_trial(TrialName="first")
    sagemaker.delete_experiment(ExperimentName="mine")

    assert held[0] == "ValidationException"
    assert sagemaker.list_experiments()["ExperimentSummaries"] == []


def test_a_model_package_group_is_deleted(account, refused) -> None:
    """And then it is unknown."""
    sagemaker = account.sagemaker()
    sagemaker.create_model_package_group(ModelPackageGroupName="mine")
    sagemaker.delete_model_package_group(ModelPackageGroupName="mine")

    again = refused(lambda: sagemaker.delete_model_package_group(ModelPackageGroupName="mine"))
    assert again == ("ValidationException", "Model Package Group mine does not exist.")
    assert sagemaker.list_model_package_groups()["ModelPackageGroupSummaryList"] == []
