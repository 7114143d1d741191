"""Service Quotas' refusals, in its own words."""

from moto.core.exceptions import JsonRESTError


class NoSuchResource(JsonRESTError):
    """There is no such service, quota or request."""

    code = 404

    def __init__(self) -> None:
        super().__init__("NoSuchResourceException", "The request failed because the specified resource does not exist.")


class IllegalArgument(JsonRESTError):
    """What was asked for cannot be."""

    def __init__(self, message: str) -> None:
        super().__init__("IllegalArgumentException", message)


class InvalidPaginationToken(JsonRESTError):
    """A token that is none of ours."""

    def __init__(self) -> None:
        super().__init__("InvalidPaginationTokenException", "The pagination token is invalid.")


class RequestIsOpen(JsonRESTError):
    """One request at a time for each quota."""

    def __init__(self) -> None:
        super().__init__(
            "ResourceAlreadyExistsException", "Only one open service quota increase request is allowed per quota."
        )
