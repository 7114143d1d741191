"""What Classroom 50 says of a submission."""

import datetime as dt
import subprocess

import pytest

from skymark.errors import UsageError
from skymark.submission import submission_of

SAID = {
    "CLASSROOM": "cloud-101",
    "ASSIGNMENT": "sagemaker-intro",
    "ASSIGNMENT_TYPE": "individual",
    "OWNER": "ada",
    "USERNAME": "ada-l",
    "SUBMISSION_TAG": "submit/2026-11-24T10-00-00Z-a1b2c3d",
    "COMMIT_URL": "https://github.com/o/r/commit/a1b2c3d",
    "RELEASE_URL": "https://github.com/o/r/releases/tag/x",
    "REVIEW_URL": "",
}


@pytest.fixture
def repository(tmp_path):
    """A student's checkout, with one commit of a known time."""
    identity = {
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@b",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@b",
    }
    times = {"GIT_AUTHOR_DATE": "2020-01-01T00:00:00Z", "GIT_COMMITTER_DATE": "2026-11-24T11:00:00+01:00"}
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    command = ["git", "-C", tmp_path, "commit", "-q", "--allow-empty", "-m", "x"]
    subprocess.run(command, check=True, env=identity | times | {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)})
    return tmp_path


def test_everything_is_copied_and_the_time_is_the_commits(repository):
    """An empty review address is that of the commit."""
    submission = submission_of(SAID, repository)

    assert submission.committed_at == dt.datetime(2026, 11, 24, 10, 0, tzinfo=dt.UTC)
    assert (submission.review, submission.commit) == (SAID["COMMIT_URL"], SAID["COMMIT_URL"])
    assert (submission.owner, submission.username, submission.submission) == ("ada", "ada-l", SAID["SUBMISSION_TAG"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"OWNER": "", "CLASSROOM": ""}, "CLASSROOM, OWNER must be set"),
        ({"ASSIGNMENT_TYPE": "solo"}, 'ASSIGNMENT_TYPE is "solo"'),
        ({"SUBMISSION_TAG": "v1"}, 'SUBMISSION_TAG is "v1"'),
    ],
)
def test_what_the_collector_would_reject_is_refused(repository, change, words):
    """Before anything is graded."""
    with pytest.raises(UsageError, match=words):
        submission_of(SAID | change, repository)


def test_a_folder_without_a_commit_is_refused(tmp_path):
    """The time of grading is not that of the commit."""
    with pytest.raises(UsageError, match="git does not tell the time"):
        submission_of(SAID, tmp_path)
