"""The few errors that callers treat differently; the command line turns each into words and an exit status."""

from typing import TYPE_CHECKING

from skymark.fault import Fault

if TYPE_CHECKING:
    from skymark.cause import Cause


class SkymarkError(Exception):
    """Something that Skymark's user can act on; `str()` is the sentence to show."""


class UsageError(SkymarkError):
    """The command line asks for something that cannot be done."""


class MendableError(SkymarkError):
    """Something between this computer and an account, and how it is mended.

    Attributes:
        found, advice: what is wrong, and what to do about it; `str()` is both.
        fault: what it is.
    """

    def __init__(self, found: str, advice: str = "", fault: Fault = Fault.OTHER) -> None:
        super().__init__(f"{found} {advice}".strip())
        self.found, self.advice, self.fault = found, advice, fault


class ConfigurationError(MendableError, UsageError):
    """AWS's configuration on this computer cannot be used."""


class CredentialsError(MendableError):
    """AWS did not say whose account this is: no, wrong or expired credentials, or no way to STS."""


class AccessError(CredentialsError):
    """A student's account cannot be entered.

    Attributes:
        cause: what stands in the way, a `Cause`.
    """

    def __init__(self, text: str, cause: "Cause") -> None:
        super().__init__(text)
        self.cause = cause


class SurveyFileError(SkymarkError):
    """A saved survey is missing, truncated, of another version, or no survey at all."""


class GradebookError(SkymarkError):
    """The gradebook cannot be opened, read or written; a grade can still be shown."""


class NotebookFileError(SkymarkError):
    """A notebook that was handed in cannot be read as a notebook."""


class JudgingError(SkymarkError):
    """The checks could not be run at all: a fault of the lesson's own files."""


class RubricError(SkymarkError):
    """A rubric is not valid.

    Attributes:
        mistakes: every mistake that was found, each one line: `file:line: what was found. What to do.`
    """

    def __init__(self, mistakes: tuple[str, ...]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class RosterError(SkymarkError):
    """A roster cannot be read at all, or is not to be used while it has mistakes.

    Attributes:
        mistakes: each one line: `file: what was found. What to do.`, or `file: line, column: what was found.`
    """

    def __init__(self, *mistakes: str) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes
