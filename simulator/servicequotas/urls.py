"""Where Service Quotas is reached."""

from moto.servicequotas.urls import url_bases
from moto.servicequotas.urls import url_paths as motos

from simulator.servicequotas.responses import PracticeServiceQuotasResponse

__all__ = ["url_bases", "url_paths"]

url_paths = dict.fromkeys(motos, PracticeServiceQuotasResponse.dispatch)
