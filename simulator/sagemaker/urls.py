"""Where SageMaker is reached."""

from moto.sagemaker.urls import url_bases

from simulator.sagemaker.responses import PracticeSageMakerResponse

__all__ = ["url_bases", "url_paths"]

url_paths = {"{0}/$": PracticeSageMakerResponse.dispatch}
