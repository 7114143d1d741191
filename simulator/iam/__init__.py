"""IAM: moto's, in AWS's words."""

from moto.iam.models import iam_backends

from simulator.iam.models import PracticeIAMBackend


def install() -> None:
    """Put the backend into moto's place; before moto has made any."""
    iam_backends.backend = PracticeIAMBackend
