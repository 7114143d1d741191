"""Where Account Management is reached."""

from moto.account.urls import url_bases
from moto.account.urls import url_paths as motos

from simulator.regions.responses import PracticeAccountResponse

__all__ = ["url_bases", "url_paths"]

url_paths = dict.fromkeys((*motos, "{0}/listRegions$"), PracticeAccountResponse.dispatch)
