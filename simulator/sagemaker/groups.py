"""What holds others, and is deleted only when empty: experiments their trials, groups their model packages.

Source: SageMaker API reference, DeleteExperiment, DeleteModelPackageGroup.
"""

from moto.sagemaker.models import SageMakerModelBackend

from simulator.sagemaker.refusals import ConflictException, ValidationError


class Groups(SageMakerModelBackend):
    """moto's experiments and model package groups of an account in a region."""

    def delete_experiment(self, experiment_name: str) -> None:
        """DeleteExperiment."""
        trials = [trial.trial_name for trial in self.trials.values() if trial.experiment_name == experiment_name]
        if trials:
            raise ValidationError(f"Experiment {experiment_name} cannot be deleted: it has trials: {trials}.")
        super().delete_experiment(experiment_name)

    def delete_model_package_group(self, name: str) -> None:
        """DeleteModelPackageGroup."""
        if name not in self.model_package_groups:
            raise ValidationError(f"Model Package Group {name} does not exist.")
        if any(package.model_package_group_name == name for package in self.model_packages.values()):
            raise ConflictException(f"Model Package Group {name} cannot be deleted: it has model packages.")
        del self.model_package_groups[name]
