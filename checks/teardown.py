"""What is left when the lesson is over."""


def check_instance(instances_left):
    """No notebook instance is left in any region."""
    assert not instances_left.left, f"still there: {', '.join(instances_left.left)}"


def check_endpoint(endpoints_left):
    """No endpoint is left in any region."""
    assert not endpoints_left.left, f"still there: {', '.join(endpoints_left.left)}"


def check_everywhere(others_left):
    """Nothing else that bills by the hour is left in any region."""
    assert not others_left.left, f"still there: {', '.join(others_left.left)}"


def check_tidy(untidy):
    """Nothing that costs nothing is left, either."""
    assert not untidy.left, f"still there: {', '.join(untidy.left)}"
