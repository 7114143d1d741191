"""What a command grades: an account as it is now, or as it was saved."""

from pathlib import Path
from typing import TYPE_CHECKING

from skymark.commands.console import waiting
from skymark.errors import UsageError

if TYPE_CHECKING:
    from skymark.evidence import Survey
    from skymark.lesson import Lesson
    from skymark.rubric import Rubric
    from skymark.window import Times


def refuse_aws_offline(survey: Path | None, profile: str | None, region: str | None) -> None:
    """Make sure that nobody who names a saved survey says how to enter AWS.

    Raises:
        UsageError: somebody does.
    """
    if survey and (profile or region):
        raise UsageError("A saved survey is graded without AWS: leave --profile and --region out, or --survey.")


def survey_of(
    saved: Path | None,
    lesson: "Lesson",
    rubric: "Rubric",
    times: "Times",
    *,
    profile: str | None,
    region: str | None,
    account: str | None = None,
    predict: bool = False,
    leftovers: bool = True,
    quiet: bool = False,
) -> "Survey":
    """The survey that was saved there; None: that of the account itself. What is done with it is logged.

    Raises:
        UsageError: it is another account than this one, or cannot be entered.
        SurveyFileError: the file is no survey.
    """
    from skymark import survey_file
    from skymark.log import log_to_file
    from skymark.look import expect, look

    if saved:
        found = survey_file.load(saved)
        expect(found.identity, account)
    else:
        with waiting("Looking into the account", quiet):
            found = look(
                lesson,
                rubric,
                profile=profile,
                region=region,
                account=account,
                predict=predict,
                leftovers=leftovers,
                times=times,
            )
    log_to_file()
    return found
