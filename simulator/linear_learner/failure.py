"""Why a training job fails, in the words that DescribeTrainingJob gives as its FailureReason."""

TOO_LARGE = (
    "Please use an instance type with more memory, or reduce the size of training data processed on an instance."
)


class TrainingFailed(Exception):
    """The training job ends as `Failed`.

    `reason` is the FailureReason: `ClientError: …` where the customer's input is at fault, else
    `AlgorithmError: …`. `log` has the lines that the container wrote until then.
    """

    def __init__(self, reason: str, log: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.log = log


def client_error(message: str, cause: str | None = None, detail: str | None = None) -> TrainingFailed:
    """A fault of the customer's. The container adds `cause`, the exception behind it, and `detail`, what that says."""
    behind = f" (caused by {cause})" if cause else ""
    said = f"\n\nCaused by: {detail}" if detail else ""
    return TrainingFailed(f"ClientError: {message}{behind}{said}")
