"""The role that the notebook instance runs under."""


def check_trust(trust):
    """SageMaker may assume the role, and nobody outside the account."""
    assert trust.is_right, trust.explanation


def check_scoped(scope):
    """The role reaches the lesson's bucket, and no other."""
    assert scope.is_right, scope.explanation
