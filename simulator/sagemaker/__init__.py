"""SageMaker: moto's models and responses, with what they lack."""

import moto.sagemakerruntime.urls
from moto.sagemaker.models import sagemaker_backends

from simulator.sagemaker.models import PracticeSageMakerBackend
from simulator.sagemaker.runtime import PracticeSageMakerRuntimeResponse


def install() -> None:
    """Put backend and responses into moto's places; before moto has made any.

    moto looks for a backend's addresses in `urls` beside its `models`, and so finds the responses. The runtime keeps
    moto's backend, so its addresses are changed in place.
    """
    sagemaker_backends.backend = PracticeSageMakerBackend
    paths = moto.sagemakerruntime.urls.url_paths
    paths.update(dict.fromkeys(paths, PracticeSageMakerRuntimeResponse.dispatch))
