"""Where S3 is reached: as in moto."""

from moto.s3.urls import url_bases, url_paths

__all__ = ["url_bases", "url_paths"]
