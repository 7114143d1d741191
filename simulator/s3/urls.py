"""Where S3 is reached: as in moto."""

from moto.s3.urls import url_bases
from moto.s3.urls import url_paths as motos

from simulator.s3.responses import PracticeS3Response

__all__ = ["url_bases", "url_paths"]

url_paths = {path: getattr(PracticeS3Response, dispatch.__name__) for path, dispatch in motos.items()}
