"""The endpoint, and what it predicts."""


def check_in_service(endpoint):
    """An endpoint serves the model that was trained."""
    assert endpoint.served & endpoint.artifacts, (
        f"endpoint {endpoint.name} serves {', '.join(endpoint.served)}, which no training job made"
    )


def check_prediction(prediction):
    """The endpoint tells zeros from other digits."""
    assert prediction.is_good, f"{prediction.label}, {prediction.wanted}"
