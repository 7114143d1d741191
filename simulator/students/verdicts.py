"""The verdicts on the lesson done well, and on its usual parts that are missing: what students' own start from."""

from collections.abc import Mapping

Outcomes = Mapping[str, str]

ON_BUCKET = ("bucket.region", "bucket.private")
ON_ROLE = ("role.trust", "role.scoped", "instance.role")
ON_INSTANCE = ("instance.type", "instance.accelerator", "instance.root_access")
JUPYTER = ("notebook.created", "notebook.executed", "notebook.uploaded")
DEPLOYED = ("endpoint.in_service", "endpoint.prediction")
MODEL_STEPS = ("training.output", *DEPLOYED)

WELL: Outcomes = dict.fromkeys(
    (
        *("account.access", "bucket.name", "bucket.region", "bucket.private", "role.trust", "role.scoped"),
        *("instance.name", "instance.type", "instance.accelerator", "instance.root_access", "instance.role"),
        *("instance.in_service", *JUPYTER, "training.completed", *MODEL_STEPS),
    ),
    "passed",
) | {
    "teardown.instance": "pending",
    "teardown.endpoint": "pending",
    "teardown.everywhere": "passed",
    "teardown.tidy": "pending",
}
WELL_IN_THE_END: Outcomes = dict(WELL) | {"teardown.instance": "failed", "teardown.endpoint": "failed"}


def outcomes(ids: tuple[str, ...], outcome: str) -> dict[str, str]:
    """One outcome for all of them."""
    return dict.fromkeys(ids, outcome)


def fails(*ids: str) -> dict[str, str]:
    """These are mistakes."""
    return dict.fromkeys(ids, "failed")


def pending(*ids: str) -> dict[str, str]:
    """These are not done, or not yet."""
    return dict.fromkeys(ids, "pending")


def blocked(*ids: str) -> dict[str, str]:
    """These hang on something that is not done."""
    return dict.fromkeys(ids, "blocked")


def unverified(*ids: str) -> dict[str, str]:
    """Nobody can tell these."""
    return dict.fromkeys(ids, "unverified")


NOT_DEPLOYED = pending("endpoint.in_service") | blocked("endpoint.prediction", "teardown.endpoint")
NOT_DEPLOYED_IN_THE_END = fails("endpoint.in_service") | blocked("endpoint.prediction", "teardown.endpoint")
NOT_SERVING = pending("endpoint.in_service") | blocked("endpoint.prediction")
NOT_TRAINED = pending("training.completed") | blocked(*MODEL_STEPS, "teardown.endpoint")
NOT_TRAINED_IN_THE_END = fails("training.completed") | blocked(*MODEL_STEPS, "teardown.endpoint")
BADLY_TRAINED = NOT_TRAINED_IN_THE_END
# AWS is at work, or has refused what comes before.
DEPLOYED_LATER_IN_THE_END = unverified(*DEPLOYED, "teardown.endpoint")
TRAINED_LATER_IN_THE_END = unverified("training.completed", *MODEL_STEPS, "teardown.endpoint")
NOT_IN_SERVICE = NOT_TRAINED | pending("instance.in_service") | blocked(*JUPYTER)
NOT_IN_SERVICE_IN_THE_END = TRAINED_LATER_IN_THE_END | unverified("instance.in_service", *JUPYTER)
NO_LOG = unverified(*JUPYTER)
# After the lesson: what is gone is judged by its traces.
TORN_DOWN = outcomes(("teardown.instance", "teardown.endpoint"), "passed")
