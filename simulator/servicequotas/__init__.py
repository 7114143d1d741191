"""Service Quotas: what an account may have of SageMaker's machines, and how to ask for more."""

from moto.servicequotas.models import servicequotas_backends

from simulator.servicequotas.models import PracticeServiceQuotasBackend


def install() -> None:
    """Put the backend into moto's place; before moto has made any."""
    servicequotas_backends.backend = PracticeServiceQuotasBackend
