"""What Classroom 50 says of a submission: taken from its environment, copied as it is."""

import datetime as dt
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from skymark.errors import UsageError
from skymark.evidence import Struct

NEEDED: Final = ("CLASSROOM", "ASSIGNMENT", "ASSIGNMENT_TYPE", "OWNER", "SUBMISSION_TAG", "COMMIT_URL", "RELEASE_URL")
TYPES: Final = ("individual", "group", "team")
TAG: Final = re.compile(r"submit/.")


class Submission(Struct, frozen=True):
    """Whose submission was graded, and which. `committed_at` is the commit's time, not that of grading.

    Source: foundation50/classroom50, wiki, "Advanced Autograding", and `schemas/result-v1.schema.json`.
    """

    classroom: str
    assignment: str
    assignment_type: str
    owner: str
    submission: str
    commit: str
    release: str
    review: str
    committed_at: dt.datetime
    username: str | None = None


def submission_of(environment: Mapping[str, str], repository: Path) -> Submission:
    """The submission that Classroom 50's runner names; `repository` is the student's checkout, asked for its time.

    Raises:
        UsageError: this is no run of Classroom 50, or it says something that its collector would reject.
    """
    missing = [name for name in NEEDED if not environment.get(name)]
    if missing:
        raise UsageError(
            f"--classroom50 works where Classroom 50 runs it: {', '.join(missing)} must be set. "
            "See docs/exports.md for its autograder.py."
        )
    kind, tag = environment["ASSIGNMENT_TYPE"], environment["SUBMISSION_TAG"]
    if kind not in TYPES:
        raise UsageError(f'ASSIGNMENT_TYPE is "{kind}"; Classroom 50 knows {", ".join(TYPES)}.')
    if not TAG.match(tag):
        raise UsageError(f'SUBMISSION_TAG is "{tag}"; Classroom 50\'s begin with "submit/".')
    return Submission(
        classroom=environment["CLASSROOM"],
        assignment=environment["ASSIGNMENT"],
        assignment_type=kind,
        owner=environment["OWNER"],
        submission=tag,
        commit=environment["COMMIT_URL"],
        release=environment["RELEASE_URL"],
        review=environment.get("REVIEW_URL") or environment["COMMIT_URL"],
        committed_at=_committed_at(repository),
        username=environment.get("USERNAME") or None,
    )


def _committed_at(repository: Path) -> dt.datetime:
    command = ["git", "-C", str(repository), "log", "-1", "--format=%cI"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)  # noqa: S603 - our words
        return dt.datetime.fromisoformat(said.stdout.strip()).astimezone(dt.UTC)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise UsageError(
            f"{repository.resolve()}: git does not tell the time of its last commit, which Classroom 50 wants. "
            "Run it in the student's checkout."
        ) from error
