"""The catalogue of students, put into the practice cloud and graded: every verdict on every criterion."""

import urllib.error
import urllib.request

import pytest

from tests.lessons.static_website.doing import Doing, begun, readable
from tests.lessons.static_website.students import CATALOGUE, GONE, WELL, WELL_IN_THE_END, fails


@pytest.fixture
def stranger(account):
    """Ask for a page without any keys, as a visitor's browser does; the status of the answer."""

    def ask(bucket, key):
        try:
            with urllib.request.urlopen(f"{account.server.url}/{bucket}/{key}") as answer:  # noqa: S310 - 127.0.0.1
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    return ask


@pytest.mark.parametrize("one", CATALOGUE, ids=lambda one: one.name)
def test_every_verdict_is_right(one, account, survey, outcomes, stranger):
    """Before the end, in the end, and once the bucket is deleted; and a visitor meets what is said of them."""
    one.build(account)
    found = survey()

    assert outcomes(found) == one.expected()
    assert outcomes(found, final=True) == one.expected_in_the_end()
    is_open = one.expected()["access.open"] == "passed"
    pages = [key for key in one.build.pages if key.endswith(".html") and "/" not in key]
    assert {stranger(one.build.name, key) for key in pages} <= ({200} if is_open else {403})

    one.build.tear_down(account)

    assert outcomes(survey(), final=True) == one.expected_when_gone()


def test_nobody_who_has_not_begun_fails_anything(survey, outcomes, account):
    """And in the end only for what is not there."""
    found = survey()

    rest = dict.fromkeys((id for id in WELL if id != "bucket.name"), "blocked")
    assert outcomes(found) == rest | {"bucket.name": "pending"}
    assert outcomes(found, final=True) == rest | {"bucket.name": "failed"}


def test_another_bucket_of_the_lesson_that_is_left_is_told_of(account, survey, outcomes):
    """The furthest one is judged; none may be left."""
    Doing()(account)
    begun(name="website-20261124-beaver")(account)

    before = outcomes(survey())
    Doing().tear_down(account)
    after = outcomes(survey(), final=True)

    assert before == WELL
    assert after["teardown.bucket"] == "failed"


def test_one_that_is_made_anew_is_judged_as_it_is_now(account, survey, outcomes):
    """A bucket of the same name is another one."""
    Doing(policy=(readable(Action="s3:*"),))(account)
    Doing().tear_down(account)
    Doing()(account)

    assert outcomes(survey()) == WELL
    assert outcomes(survey(), final=True) == WELL_IN_THE_END


def test_what_is_taken_away_to_tear_down_was_there(account, survey, outcomes):
    """Whoever closes the bucket before deleting it is not marked down for cleaning up too well."""
    Doing()(account)
    s3 = account.s3()
    s3.delete_bucket_policy(Bucket=Doing().name)
    s3.delete_bucket_website(Bucket=Doing().name)
    s3.put_public_access_block(Bucket=Doing().name, PublicAccessBlockConfiguration=_all_on())
    Doing().tear_down(account)

    assert outcomes(survey(), final=True) == GONE


@pytest.mark.parametrize(
    ("policy", "criterion", "whether"),
    [
        (
            (readable(Resource="arn:aws:s3:::website-20261124-otter/${aws:PrincipalTag/page}"),),
            "access.open",
            "read the pages",
        ),
        (
            (
                readable(),
                readable(Action="s3:PutObject", Resource="arn:aws:s3:::website-20261124-otter/${aws:PrincipalTag/me}"),
            ),
            "access.only_reading",
            "s3:PutObject",
        ),
    ],
)
def test_what_hangs_on_no_condition_is_not_said_to(account, survey, verdicts, policy, criterion, whether):
    """A variable is another thing that nobody can tell from outside."""
    Doing(policy=policy)(account)

    verdict = verdicts(survey())[criterion]

    assert str(verdict.outcome) == "unverified"
    assert verdict.message == (
        f"whether everybody may {whether} cannot be told: the bucket policy has variables, or too many wildcards"
    )


def test_all_switches_off_and_none_set_are_the_same_mistake(account, survey, outcomes):
    """A bucket without a configuration of its own is open, too."""
    Doing()(account)
    account.s3().delete_public_access_block(Bucket=Doing().name)

    assert outcomes(survey()) == dict(WELL) | fails("access.block")
    Doing().tear_down(account)
    assert outcomes(survey(), final=True) == dict(GONE) | fails("access.block")


def _all_on():
    return dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
