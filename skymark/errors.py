"""The few errors that callers treat differently; `grade.py` turns each into words and an exit status."""


class SkymarkError(Exception):
    """Something that Skymark's user can act on; `str()` is the sentence to show."""


class UsageError(SkymarkError):
    """The command line asks for something that cannot be done."""


class CredentialsError(SkymarkError):
    """AWS did not say whose account this is: no, wrong or expired credentials, or no way to STS."""


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
