"""The three criteria of the bucket."""

import datetime as dt

import msgspec
import pytest

from skymark.evidence import Event, Gap, HistoryRead, PublicAccessBlock
from skymark.survey import history

OPEN = PublicAccessBlock()


@pytest.mark.criterion("bucket.name")
@pytest.mark.parametrize(
    "name",
    [
        "sagemaker-current-date-time",
        "sagemaker-20191301-1820",
        "sagemaker-20190701-2561",
        "my-bucket",
        "bucket-20190701-1820",
    ],
)
def test_a_misnamed_bucket_fails_only_its_name(name, good, changed, difference):
    """One mistake costs one criterion: everything else is judged on the misnamed bucket."""
    survey = renamed(good, changed, name)

    assert difference(survey) == {"bucket.name": "failed"}


def renamed(good, changed, name):
    """The good account in which the bucket always had another name."""
    survey = changed(good, "buckets", name=name)
    job = good.training_jobs[0]
    uri = job.artifact_uri.replace(good.buckets[0].name, name)
    survey = changed(survey, "training_jobs", input_uris=(), output_uri=None, artifact_uri=uri)
    survey = changed(survey, "models", artifact_uri=uri)
    own, *others = good.roles[0].policies
    own = msgspec.structs.replace(own, document=own.document.replace(good.buckets[0].name, name))
    return changed(survey, "roles", policies=(own, *others))


@pytest.mark.criterion("bucket.name")
@pytest.mark.parametrize("name", ["sagemaker-20190701-182059", "sagemaker-01072019-1820-ada", "sagemaker-201907011820"])
def test_other_ways_to_write_date_and_time_are_right(name, good, changed, difference):
    """Seconds, another order of the date, no dash and a short suffix are accepted."""
    assert difference(renamed(good, changed, name)) == {}


@pytest.mark.criterion("bucket.name")
def test_unrelated_buckets_are_not_taken_for_a_misnamed_one(empty, good, outcomes, changed):
    """A bucket that nothing of the lesson uses is nobody's mistake."""
    other = msgspec.structs.replace(good.buckets[0], name="my-website")
    survey = msgspec.structs.replace(empty, buckets=(other,))

    assert outcomes(survey)["bucket.name"] == "pending"


@pytest.mark.criterion("bucket.name")
def test_sagemakers_own_bucket_is_not_the_lessons(empty, good, outcomes):
    """The SDK makes sagemaker-<region>-<account> by itself."""
    other = msgspec.structs.replace(good.buckets[0], name="sagemaker-us-east-1-123456789012")
    survey = msgspec.structs.replace(empty, buckets=(other,))

    assert outcomes(survey)["bucket.name"] == "pending"


@pytest.mark.criterion("bucket.name")
def test_buckets_that_could_not_be_listed_are_unverified(empty, denied, outcomes):
    """A refusal is never an absence; what hangs on it is unverified, too."""
    found = outcomes(denied(empty, "s3", "ListBuckets"))

    assert {found[id] for id in ("bucket.name", "bucket.region", "bucket.private")} == {"unverified"}


@pytest.mark.criterion("bucket.name")
def test_a_bucket_that_is_gone_is_judged_by_what_the_job_wrote_into_it(good, verdicts):
    """Cleaning up too well costs nothing."""
    found = verdicts(msgspec.structs.replace(good, buckets=()), final=True)

    assert (found["bucket.name"].outcome, found["bucket.name"].source) == ("passed", "trace")
    assert found["bucket.region"].outcome == "unverified"
    assert found["bucket.private"].outcome == "unverified"
    assert found["training.output"].outcome == "passed"


@pytest.mark.criterion("bucket.name")
def test_of_several_buckets_the_exact_name_is_taken_then_the_used_one(good, verdicts, changed):
    """A second bucket with a right name that nothing uses changes nothing, though it is newer."""
    newer = msgspec.structs.replace(
        good.buckets[0], name="sagemaker-20190701-1830", region="us-west-2", created_at=good.surveyed_at
    )
    found = verdicts(msgspec.structs.replace(good, buckets=(*good.buckets, newer)))

    assert found["bucket.name"].message == "sagemaker-20190701-1820"
    assert found["bucket.region"].outcome == "passed"


@pytest.mark.criterion("bucket.region")
def test_another_region_than_the_instance_fails_only_the_region(good, changed, difference, verdicts):
    """The message names both places."""
    survey = changed(good, "buckets", region="us-west-2")

    assert difference(survey) == {"bucket.region": "failed"}
    assert verdicts(survey)["bucket.region"].message == (
        "bucket sagemaker-20190701-1820 is in us-west-2, notebook instance sm-test in us-east-1"
    )


@pytest.mark.criterion("bucket.region")
def test_a_region_that_was_not_read_is_unverified(good, changed, denied, difference):
    """No answer from GetBucketLocation is no wrong region."""
    survey = denied(changed(good, "buckets", region=None), "s3", "GetBucketLocation", resource=good.buckets[0].name)

    assert difference(survey) == {"bucket.region": "unverified"}


@pytest.mark.criterion("bucket.private")
@pytest.mark.parametrize(
    "change",
    [
        {"public_access_block": PublicAccessBlock(True, True, True, False)},
        {"public_access_block": OPEN},
        {"policy_is_public": True},
        {"acl_is_public": True},
    ],
)
def test_whatever_opens_the_bucket_fails(change, good, changed, difference):
    """All four switches, the policy and the access control list count."""
    survey = msgspec.structs.replace(good, account_public_access_block=OPEN)

    assert difference(changed(survey, "buckets", **change)) == {"bucket.private": "failed"}


@pytest.mark.criterion("bucket.private")
def test_the_accounts_switches_count_for_the_bucket(good, changed, difference):
    """S3 applies the stricter of the two."""
    survey = msgspec.structs.replace(
        changed(good, "buckets", public_access_block=PublicAccessBlock(True, False, True, False)),
        account_public_access_block=PublicAccessBlock(False, True, False, True),
    )

    assert difference(survey) == {}


@pytest.mark.criterion("bucket.private")
@pytest.mark.parametrize("unread", ["public_access_block", "policy_is_public", "acl_is_public"])
def test_settings_that_were_not_read_are_unverified(unread, good, changed, difference):
    """What could not be looked at is not open."""
    assert difference(changed(good, "buckets", **{unread: None})) == {"bucket.private": "unverified"}


@pytest.mark.criterion("bucket.private")
def test_an_unread_account_does_not_make_a_bucket_public(good, changed, difference):
    """The bucket's own switches are off, and the account's could be on."""
    assert difference(changed(good, "buckets", public_access_block=OPEN)) == {"bucket.private": "unverified"}


@pytest.mark.criterion("bucket.name")
@pytest.mark.parametrize(("days", "outcome"), [(0, "failed"), (30, "pending")])
def test_a_bucket_much_like_it_is_a_mistake_only_if_it_is_new(days, outcome, empty, good, outcomes):
    """An old bucket of another course is no red in a lesson that has not begun."""
    made = good.surveyed_at - dt.timedelta(days=days)
    other = msgspec.structs.replace(good.buckets[0], name="sagemaker-my-first-bucket", created_at=made)

    assert outcomes(msgspec.structs.replace(empty, buckets=(other,)))["bucket.name"] == outcome


@pytest.mark.criterion("bucket.name")
def test_the_right_bucket_may_be_gone_and_another_there(good, changed, outcomes):
    """The role's policy still names it: nobody loses 14 points for cleaning up."""
    uri = "s3://ml-course-data/output/model.tar.gz"
    survey = changed(changed(good, "buckets", name="ml-course-data"), "models", artifact_uri=uri)
    survey = changed(survey, "training_jobs", artifact_uri=uri, input_uris=(), output_uri=None)

    found = outcomes(survey, final=True)

    assert {found[id] for id in ("bucket.name", "role.scoped", "bucket.region")} == {"unverified"}


@pytest.mark.criterion("bucket.name")
def test_an_account_number_for_a_suffix_is_right(good, changed, difference):
    """The obvious way to be unique."""
    assert difference(renamed(good, changed, "sagemaker-20190701-1820-123456789012")) == {}


@pytest.fixture
def deleted_bucket(torn_down):
    """Its bucket is gone, and the event history, read wholly, tells this of it."""

    def tell(*changes):
        name, at = torn_down.buckets[0].name, torn_down.buckets[0].created_at
        read = tuple(HistoryRead(one, "us-east-1", at - dt.timedelta(days=60)) for one in history.OF_BUCKETS)
        made = Event("CreateBucket", at, "us-east-1", name, refers_to=(None,))
        events = (made, *(msgspec.structs.replace(one, resource=name, at=at) for one in changes))
        return msgspec.structs.replace(
            torn_down, buckets=(), events=events, history=read, account_public_access_block=PublicAccessBlock()
        )

    return tell


def told(name, switches=None):
    """An event about a bucket."""
    return Event(name, dt.datetime(2019, 7, 1, tzinfo=dt.UTC), "us-east-1", "", switches=switches)


@pytest.mark.criterion("bucket.private")
@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ((), "passed"),
        ((told("PutBucketPublicAccessBlock", PublicAccessBlock(True, True, True, True)),), "passed"),
        ((told("PutBucketPublicAccessBlock", PublicAccessBlock(True, True, True, False)),), "failed"),
        ((told("DeleteBucketPublicAccessBlock"),), "failed"),
        ((told("PutBucketPublicAccessBlock"),), "unverified"),
        ((told("DeleteBucketPublicAccessBlock"), told("PutBucketPublicAccessBlock")), "unverified"),
        ((told("PutBucketPublicAccessBlock"), told("DeleteBucketPublicAccessBlock")), "failed"),
        ((told("PutBucketPolicy"),), "unverified"),
        ((told("PutBucketAcl"),), "unverified"),
    ],
)
def test_a_bucket_that_is_gone_is_as_private_as_its_events_tell(changes, outcome, deleted_bucket, outcomes):
    """New ones are closed. What an event does not tell is not known: neither closed nor open."""
    survey = deleted_bucket(*changes)

    assert outcomes(survey)["bucket.private"] == outcome
    assert outcomes(survey, final=True)["bucket.private"] == outcome


@pytest.mark.criterion("bucket.private")
def test_switches_that_the_event_does_not_tell_are_said_to_be_unknown(deleted_bucket, verdicts):
    """The last one counts, whatever the ones before it told."""
    known = told("PutBucketPublicAccessBlock", PublicAccessBlock(True, True, True, True))

    found = verdicts(deleted_bucket(known, told("PutBucketPublicAccessBlock")))["bucket.private"]

    assert found.outcome == "unverified"
    assert "how its Block Public Access was set cannot be seen" in found.message


@pytest.mark.criterion("bucket.private")
@pytest.mark.parametrize("opened", [told("DeleteBucketPublicAccessBlock"), told("PutBucketPublicAccessBlock", OPEN)])
def test_a_bucket_that_may_be_there_is_not_open_by_its_events_alone(opened, deleted_bucket, verdicts):
    """The buckets could not be listed: the account's own switches, which a look at it would have told, may close it."""
    gap = Gap("s3", "ListBuckets", None, "SlowDown", "Check again.")

    found = verdicts(msgspec.structs.replace(deleted_bucket(opened), gaps=(gap,)))["bucket.private"]

    assert (found.outcome, found.gaps) == ("unverified", (gap,))


@pytest.mark.criterion("bucket.private")
@pytest.mark.parametrize("account", [None, PublicAccessBlock(True, True, True, True)])
@pytest.mark.parametrize("final", [False, True])
def test_a_bucket_that_is_gone_may_have_been_closed_by_the_account(account, final, deleted_bucket, outcomes):
    """Its own switches were off; whether the account's were on then, nobody can see."""
    opened = deleted_bucket(told("DeleteBucketPublicAccessBlock"))

    survey = msgspec.structs.replace(opened, account_public_access_block=account)

    assert outcomes(survey, final=final)["bucket.private"] == "unverified"


@pytest.mark.criterion("bucket.name")
def test_nobody_says_that_a_bucket_is_gone_where_none_could_be_listed(deleted_bucket, verdicts):
    """It was made, which is enough for its name."""
    gap = Gap("s3", "ListBuckets", None, "SlowDown", "Check again.")

    listed = verdicts(deleted_bucket())["bucket.name"]
    unlisted = verdicts(msgspec.structs.replace(deleted_bucket(), gaps=(gap,)))["bucket.name"]

    assert (listed.outcome, unlisted.outcome) == ("passed", "passed")
    assert listed.evidence[0].endswith("; it was not found any more")
    assert unlisted.evidence[0].endswith("; whether it is there could not be seen")
