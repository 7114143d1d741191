"""Linear Learner, Amazon's built-in algorithm, for the practice cloud: it trains and it answers.

Pure functions of bytes: nothing here knows AWS, files or the time. Source: SageMaker developer guide,
"Linear learner algorithm".
"""

from simulator.linear_learner.channels import Channel
from simulator.linear_learner.failure import TrainingFailed
from simulator.linear_learner.inference import Answer, InvocationRefused, predict
from simulator.linear_learner.model import ArtifactError, LinearModel, load
from simulator.linear_learner.training import Trained, train
from simulator.linear_learner.training_log import METRIC_DEFINITIONS

__all__ = [
    "METRIC_DEFINITIONS",
    "Answer",
    "ArtifactError",
    "Channel",
    "InvocationRefused",
    "LinearModel",
    "Trained",
    "TrainingFailed",
    "load",
    "predict",
    "train",
]
