"""Amazon's own algorithms, by the address of their image."""

import re

from simulator.registries import REGISTRIES
from simulator.sagemaker.refusals import ValidationError

_IMAGE = re.compile(r"(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/([a-z0-9._/-]+)(?:[:@](.+))?")
LINEAR_LEARNER = "linear-learner"
TAGS = ("1", "latest", None)
# These run and end well in the practice cloud, but learn nothing.
ONLY_ANSWERED = frozenset(
    {"factorization-machines", "kmeans", "knn", "ntm", "pca", "randomcutforest", "sagemaker-xgboost", "xgboost"}
)


def algorithm(image: str | None) -> str | None:
    """The name of the repository, the last part of its path: `linear-learner`."""
    found = _IMAGE.fullmatch(image or "")
    return found[3].rpartition("/")[2] if found else None


def is_linear_learner(image: str | None) -> bool:
    """Whether it is the lesson's algorithm."""
    return algorithm(image) == LINEAR_LEARNER


def demand(image: str | None, region: str) -> None:
    """See that the practice cloud has the image in this region.

    Raises:
        ValidationError: it has not; AWS says so of one that is in no registry.
    """
    name, found = algorithm(image), _IMAGE.fullmatch(image or "")
    known = name in ONLY_ANSWERED or (
        name == LINEAR_LEARNER and found is not None and found[1] == REGISTRIES.get(region) and found[4] in TAGS
    )
    if found is None or found[2] != region or not known:
        raise ValidationError(f"Requested image {image} not found.")
