"""The training job."""


def check_completed(training):
    """A Linear Learner training job ended well."""
    assert training.has_completed, f"training job {training.name} did not end well"


def check_output(artifact):
    """The model was put into a bucket of the lesson."""
    assert artifact.bucket in artifact.accepted, (
        f"the model is in bucket {artifact.bucket}, it should be in {' or '.join(artifact.accepted)}"
    )
