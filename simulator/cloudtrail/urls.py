"""Where CloudTrail is reached."""

from moto.cloudtrail.urls import url_bases

from simulator.cloudtrail.responses import PracticeCloudTrailResponse

__all__ = ["url_bases", "url_paths"]

url_paths = {"{0}/$": PracticeCloudTrailResponse.dispatch}
