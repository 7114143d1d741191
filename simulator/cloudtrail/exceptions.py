"""What `LookupEvents` refuses.

The words for a wrong number of results and for an attribute's unknown key or impossible value are those of a copy of
the service, those of throttling CloudTrail's own; the others follow the descriptions of the API reference.
"""

from moto.core.exceptions import JsonRESTError


class InvalidLookupAttributesException(JsonRESTError):
    """More than one attribute, an unknown key, or a value that is none."""

    code = 400

    def __init__(self, message: str):
        super().__init__("InvalidLookupAttributesException", message)


class InvalidMaxResultsException(JsonRESTError):
    """Fewer than 1 or more than 50 events wanted."""

    code = 400

    def __init__(self, wanted: int):
        message = f"A max results value of {wanted} is invalid. Specify max results between 1 and 50."
        super().__init__("InvalidMaxResultsException", message)


class InvalidTimeRangeException(JsonRESTError):
    """It ends before it starts."""

    code = 400

    def __init__(self) -> None:
        message = "The timestamp values are not valid. The start time occurs after the end time."
        super().__init__("InvalidTimeRangeException", message)


class InvalidNextTokenException(JsonRESTError):
    """A token of nobody's, or of another request."""

    code = 400

    def __init__(self) -> None:
        message = "The token is not valid, or was previously used in a request with different parameters."
        super().__init__("InvalidNextTokenException", message)


class InvalidEventCategoryException(JsonRESTError):
    """Another category than `insight`."""

    code = 400

    def __init__(self, category: object):
        message = f"The event category {category} is not valid. Specify insight, or no event category."
        super().__init__("InvalidEventCategoryException", message)


class SerializationException(JsonRESTError):
    """A value that is not of its parameter's type."""

    code = 400

    def __init__(self, name: str):
        super().__init__("SerializationException", f"{name} cannot be deserialized: it is not of the type expected.")


class ThrottlingException(JsonRESTError):
    """More than two calls in a second."""

    code = 400

    def __init__(self) -> None:
        super().__init__("ThrottlingException", "Rate exceeded")
