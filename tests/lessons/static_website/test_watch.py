"""The lesson watched: each step is shown by the first poll after it is done."""

import itertools
import json

import pytest
from msgspec.structs import replace

from skymark.watch.account import Account
from skymark.watch.steps import is_done
from skymark.watch.watching import watching
from tests.lessons.static_website.conftest import NUMBER, REGIONS
from tests.lessons.static_website.doing import ACL_SWITCHES_ON, NAME, PAGE, SITE, Doing, readable


class HandSetClock:
    """Seconds that pass when somebody rests, and only then; each rest may have something done meanwhile."""

    def __init__(self):
        self.now = 0.0
        self.meanwhile = []

    def __call__(self):
        return self.now

    def rest(self, seconds):
        """Let time pass, and whatever is planned next be done."""
        self.now += seconds
        if self.meanwhile:
            self.meanwhile.pop(0)()


@pytest.fixture
def watched(account, lesson, rubric, monkeypatch):
    """Begin to watch the account with the student's own keys."""
    cloud = account.server
    for name, value in cloud.environment(cloud.credentials(NUMBER)).items():
        monkeypatch.setenv(name, value)
    return lambda **more: Account(lesson, replace(rubric, regions=REGIONS), warn=pytest.fail, **more)


def test_each_step_is_shown_by_the_first_poll_after_it_is_done(account, watched, tmp_path):
    """From nothing to a clean end, though no notebook instance is anywhere; then it ends by itself."""
    s3, clock = account.s3(), HandSetClock()
    lesson = (
        (lambda: account.make_bucket(NAME), {"bucket.name", "bucket.region"}),
        (
            lambda: s3.put_bucket_website(Bucket=NAME, WebsiteConfiguration=SITE),
            {"website.enabled", "website.index_document", "website.error_document"},
        ),
        (lambda: _upload(s3), {"page.index", "page.error", "page.type"}),
        (lambda: _open(s3), {"access.open", "access.only_reading", "access.block"}),
        (lambda: Doing().tear_down(account), {"teardown.bucket"}),
    )
    polls = watching(watched(book=tmp_path / "book.sqlite3"), every_s=5, rest=clock.rest, clock=clock)
    next(polls)

    for step, shown in lesson:
        clock.meanwhile.append(step)
        seen = next(polls)
        assert shown <= {one.criterion.id for one in seen.changes if one.criterion.outcome == "passed"}
    rest = list(itertools.islice(polls, 20))

    assert is_done([seen, *rest][-1].result)


def _upload(s3):
    for key in ("index.html", "error.html"):
        s3.put_object(Bucket=NAME, Key=key, Body=PAGE[0], ContentType=PAGE[1])


def _open(s3):
    s3.put_public_access_block(Bucket=NAME, PublicAccessBlockConfiguration=ACL_SWITCHES_ON)
    s3.put_bucket_policy(Bucket=NAME, Policy=json.dumps({"Version": "2012-10-17", "Statement": [readable()]}))
