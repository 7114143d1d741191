"""What a rubric's plan asks about a bucket: what is not set is an answer, what is not answered is a gap."""

import json

import pytest
from botocore.stub import Stubber

from skymark.evidence import Bucket, LifecycleRule, Tag, Website
from skymark.rubric import SurveyPlan
from skymark.survey.bucket_settings import BucketGone, Settings
from skymark.survey.buckets import look_into
from skymark.survey.waves import in_turn

NAME = "website-20261124-otter"
# By the setting: the client's operation, AWS's name of the call, and how S3 says that nothing is set.
ASKED = {
    "encryption": ("get_bucket_encryption", "GetBucketEncryption", "ServerSideEncryptionConfigurationNotFoundError"),
    "lifecycle": (
        "get_bucket_lifecycle_configuration",
        "GetBucketLifecycleConfiguration",
        "NoSuchLifecycleConfiguration",
    ),
    "ownership": ("get_bucket_ownership_controls", "GetBucketOwnershipControls", "OwnershipControlsNotFoundError"),
    "policy": ("get_bucket_policy", "GetBucketPolicy", "NoSuchBucketPolicy"),
    "tags": ("get_bucket_tagging", "GetBucketTagging", "NoSuchTagSet"),
    "website": ("get_bucket_website", "GetBucketWebsite", "NoSuchWebsiteConfiguration"),
}
NOTHING = {"encryption": "", "lifecycle": (), "ownership": "", "policy": "", "tags": (), "website": Website()}


@pytest.fixture
def asked(client):
    """Ask about one setting; the answer is a response, or an error code. Returns what was read, and the gaps."""

    def ask(setting, answer):
        s3 = client("s3")
        settings = Settings(s3, NAME)
        with Stubber(s3) as aws:
            if isinstance(answer, str):
                aws.add_client_error(ASKED[setting][0], answer)
            else:
                aws.add_response(ASKED[setting][0], answer)
            return getattr(settings, setting)(), settings.gaps

    return ask


@pytest.mark.parametrize(
    ("answer", "website"),
    [
        (
            {"IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "error.html"}},
            Website("index.html", "error.html"),
        ),
        ({"IndexDocument": {"Suffix": "home.html"}}, Website("home.html")),
        ({"RedirectAllRequestsTo": {"HostName": "example.com"}}, Website(redirects_to="example.com")),
    ],
)
def test_a_website_is_on_by_its_documents_or_by_where_it_leads(asked, answer, website):
    """As S3 has it."""
    assert asked("website", answer) == (website, [])
    assert website.is_on


def test_what_is_set_is_told_in_awss_words(asked):
    """Tags by their keys, a policy as it was written."""
    policy = json.dumps({"Version": "2012-10-17", "Statement": []})
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    tags = [{"Key": "owner", "Value": "otter"}, {"Key": "course", "Value": "7"}]

    assert asked("policy", {"Policy": policy}) == (policy, [])
    assert asked("encryption", {"ServerSideEncryptionConfiguration": {"Rules": [rule]}}) == ("aws:kms", [])
    assert asked("ownership", {"OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}}) == (
        "ObjectWriter",
        [],
    )
    assert asked("tags", {"TagSet": tags}) == ((Tag("course", "7"), Tag("owner", "otter")), [])


def test_rules_of_what_becomes_of_old_objects(asked):
    """A prefix stands beside the filter, in it, or among its conditions."""
    rules = [
        {
            "ID": "logs",
            "Status": "Enabled",
            "Filter": {"Prefix": "logs/"},
            "Expiration": {"Days": 30},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
            "Transitions": [{"Days": 10, "StorageClass": "STANDARD_IA"}, {"Days": 20, "StorageClass": "GLACIER"}],
        },
        {"ID": "old", "Status": "Disabled", "Prefix": "old/"},
        {"Status": "Enabled", "Filter": {"And": {"Prefix": "tmp/", "Tags": []}}},
    ]

    assert asked("lifecycle", {"Rules": rules}) == (
        (
            LifecycleRule("logs", True, "logs/", 30, 7, ("STANDARD_IA", "GLACIER")),
            LifecycleRule("old", False, "old/"),
            LifecycleRule("", True, "tmp/"),
        ),
        [],
    )


@pytest.mark.parametrize("setting", ASKED)
def test_what_is_not_set_is_an_answer(asked, setting):
    """S3 says so by an error code of its own."""
    assert asked(setting, ASKED[setting][2]) == (NOTHING[setting], [])


@pytest.mark.parametrize("setting", ASKED)
def test_what_was_refused_is_unknown_and_a_gap(asked, setting):
    """With the permission that is missing, and the command that prints it for this lesson."""
    found, (gap,) = asked(setting, "AccessDenied")

    assert (found, gap.call, gap.resource) == (None, ASKED[setting][1], NAME)
    assert "`grade.py policy --lesson DIR`" in gap.advice


@pytest.mark.parametrize("setting", ASKED)
def test_a_bucket_that_is_gone_has_no_settings(asked, setting):
    """Whichever was asked for first shows it."""
    with pytest.raises(BucketGone):
        asked(setting, "NoSuchBucket")


def test_all_of_them_are_read_of_a_bucket_over_http(account, connection):
    """As a student set them, and the practice cloud tells."""
    bucket, s3 = account.make_bucket(NAME), account.s3()
    site = {"IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "error.html"}}
    expires = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 30}}
    s3.put_bucket_website(Bucket=bucket, WebsiteConfiguration=site)
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "course", "Value": "7"}]})
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [expires]})
    plan = SurveyPlan(about=("s3",), settings=tuple(ASKED), objects=("index.html",))

    reading = in_turn(look_into(connection.client("s3"), Bucket(NAME, created_at=_made(s3)), plan))

    (found,) = reading.items
    assert reading.gaps == ()
    assert found.website == Website("index.html", "error.html")
    assert (found.tags, found.policy, found.objects) == ((Tag("course", "7"),), "", ())
    assert (found.encryption, found.ownership, found.versioning) == ("AES256", "BucketOwnerEnforced", "Off")
    assert found.lifecycle == (LifecycleRule("old", True, "", 30),)


def _made(s3):
    """When the one bucket of the account was made."""
    (row,) = s3.list_buckets()["Buckets"]
    return row["CreationDate"]
