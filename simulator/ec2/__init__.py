"""EC2: moto's, with what takes time and what is refused around the things that bill by the hour."""

from moto.ec2.models import ec2_backends

from simulator.ec2.models import PracticeEC2Backend


def install() -> None:
    """Put the backend into moto's place; before moto has made any."""
    ec2_backends.backend = PracticeEC2Backend
