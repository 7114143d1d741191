"""What is known of an account that nobody could enter: nothing, but what was handed in."""

import datetime as dt
from typing import Final

from skymark.cause import NO_WAY_IN
from skymark.evidence import Gap, HandedInNotebook, Identity, Regions, Survey
from skymark.survey.calls import CALLS

NOBODY: Final = Identity("", "arn:aws:sts:::")
"""Whose account it is, is not known either."""
ADVICE: Final = "Nobody could look into the account. Give the grader a way in: `grade.py policy` prints it."


def unentered(notebooks: tuple[HandedInNotebook, ...], region: str, at: dt.datetime) -> Survey:
    """The survey of such an account: no call was answered, so that only the notebooks can show anything."""
    gaps = tuple(Gap(call.service, call.operation, None, NO_WAY_IN, ADVICE) for call in CALLS)
    return Survey(at, NOBODY, region, Regions(()), gaps, notebooks=notebooks)
