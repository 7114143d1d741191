"""What a bucket's policy lets everybody do."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skymark.policy.document import PolicyDocumentError
from skymark.policy.public import public_access
from skymark.policy.s3_actions import DATA_ACTIONS, NO_DATA, actions_by_level
from tests.policy.referee import Documents, allows

BUCKET = "website-20261124-otter"
KEYS = ("index.html", "error.html")
ARN = f"arn:aws:s3:::{BUCKET}"
READ = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"{ARN}/*"}


def of(*statements, keys=KEYS, version="2012-10-17"):
    """What everybody may do by a policy of these statements."""
    return public_access(json.dumps({"Version": version, "Statement": list(statements)}), BUCKET, keys)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"Principal": {"AWS": "*"}},
        {"Principal": {"AWS": ["*"]}},
        {"Action": ["s3:getobject"]},
        {"Action": ["s3:GetObject", "s3:GetObjectVersion"]},
        {"Resource": [f"{ARN}/index.html", f"{ARN}/error.html"]},
        {"Resource": f"{ARN}*/*.html"},
        {"Resource": "arn:aws:s3:::website-*/*"},
        {"Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        {"Condition": {"StringEquals": {"aws:SecureTransport": "false"}}},
        {"Condition": {"StringEquals": {"aws:PrincipalType": "Anonymous"}}},
        {"Condition": {"StringEquals": {"aws:PrincipalIsAWSService": "false"}}},
        {"Condition": {"Null": {"aws:PrincipalAccount": "true"}}},
        {"Condition": {"Null": {"aws:PrincipalArn": "true"}}},
        {"Condition": {"Null": {"aws:PrincipalOrgID": "true"}}},
        {"Condition": {"Null": {"aws:PrincipalOrgPaths": "true"}}},
        {"Condition": {"Null": {"aws:username": "true"}}},
        {"NotResource": "arn:aws:s3:::another/*", "Resource": None},
    ],
)
def test_reading_objects_is_all_that_it_takes(changed):
    """However it is written."""
    found = of({name: value for name, value in (READ | changed).items() if value})

    assert (found.unread, found.undecided, found.more, found.perhaps_more) == ((), (), (), ())


@pytest.mark.parametrize(
    "changed",
    [
        {"Principal": {"AWS": "arn:aws:iam::123456789012:root"}},
        {"Principal": {"Service": "cloudfront.amazonaws.com"}},
        {"Action": "s3:ListBucket"},
        {"Resource": ARN},
        {"Resource": f"{ARN}/"},
        {"Resource": "arn:aws:s3:::website-20261124-beaver/*"},
        {"Effect": "Deny"},
        {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}},
        {"Condition": {"Bool": {"aws:SecureTransport": "true"}}},
    ],
)
def test_what_does_not_open_the_pages_to_everybody(changed):
    """A website sends no keys, and nothing that is encrypted on the way."""
    assert of(READ | changed).unread == KEYS


def test_one_page_may_be_closed_while_the_other_is_open():
    """Each key is asked about."""
    assert of(READ | {"Resource": f"{ARN}/index.html"}).unread == ("error.html",)
    assert of(READ, READ | {"Effect": "Deny", "Resource": f"{ARN}/error.html"}).unread == ("error.html",)


def test_no_policy_opens_nothing():
    """A new bucket has none."""
    found = public_access("", BUCKET, KEYS)

    assert (found.unread, found.more) == (KEYS, ())


@pytest.mark.parametrize(
    ("statement", "more"),
    [
        (READ | {"Action": ["s3:GetObject", "s3:PutObject"]}, ("s3:PutObject",)),
        (READ | {"Action": "s3:DeleteObject", "Resource": f"{ARN}/uploads/*"}, ("s3:DeleteObject",)),
        (READ | {"Action": "s3:PutObject", "Resource": f"{ARN}/upload?"}, ("s3:PutObject",)),
        (READ | {"Action": ["s3:GetObject", "s3:ListBucket"], "Resource": [ARN, f"{ARN}/*"]}, ("s3:ListBucket",)),
        (READ | {"Action": "s3:PutBucketPolicy", "Resource": ARN}, ("s3:PutBucketPolicy",)),
        (
            READ | {"Action": "s3:PutObject", "Condition": {"Bool": {"aws:SecureTransport": "true"}}},
            ("s3:PutObject",),
        ),
        (
            READ | {"Action": "s3:PutObject", "Condition": {"StringEquals": {"aws:SecureTransport": "true"}}},
            ("s3:PutObject",),
        ),
        (READ | {"Action": "s3:PutObject", "Resource": f"{ARN}/"}, ()),
        (READ | {"Action": "s3:PutObject", "Resource": f"{ARN}*.png"}, ("s3:PutObject",)),
        (READ | {"Action": "s3:PutObject", "Resource": f"{ARN}?new"}, ("s3:PutObject",)),
        (READ | {"Action": "s3:PutObject", "Resource": "arn:aws:s3:::*a*/*b*"}, ("s3:PutObject",)),
        (READ | {"Action": "s3:PutObject", "Resource": "arn:aws:s3:::*-beaver/*"}, ("s3:PutObject",)),
        (READ | {"Action": "s3:PutObject", "Resource": "arn:aws:s3:::another/*"}, ()),
    ],
)
def test_more_than_reading_is_told_by_its_action(statement, more):
    """Wherever in the bucket it is allowed, and whichever way one comes."""
    assert of(READ, statement).more == more


def test_everything_is_told_with_what_reaches_data_first():
    """`s3:*` is the usual mistake."""
    found = of(READ | {"Action": "s3:*", "Resource": [ARN, f"{ARN}/*"]})

    assert found.unread == ()
    assert found.more[:2] == ("s3:ListBucket", "s3:ListBucketVersions")
    assert {"s3:PutObject", "s3:DeleteObject", "s3:PutBucketPolicy", "s3:PutObjectAcl"} <= set(found.more)
    assert of(READ | {"Action": "s3:*"}).more == tuple(one for one in found.more if one in actions_by_level()["object"])


def test_what_is_denied_again_is_not_allowed():
    """Everything but reading is taken away."""
    deny = {"Effect": "Deny", "Principal": "*", "NotAction": "s3:GetObject", "Resource": [ARN, f"{ARN}/*"]}

    found = of(READ | {"Action": "s3:*", "Resource": [ARN, f"{ARN}/*"]}, deny)

    assert (found.unread, found.more, found.perhaps_more) == ((), (), ())


def test_what_is_denied_by_name_leaves_all_other_names():
    """Whatever the names are that somebody has thought of."""
    put = READ | {"Action": "s3:PutObject"}
    named = [f"{ARN}/{key}" for key in (*KEYS, "example", "e*", "i*", "?")]

    assert of(READ, put, put | {"Resource": named, "Effect": "Deny"}).more == ("s3:PutObject",)


TANGLED = [f"{ARN}/*{one}*{two}*{one}*" for one in "abcd" for two in "wxyz"]


def test_a_policy_that_is_too_tangled_to_compare_is_undecided():
    """But only for actions that it allows somewhere."""
    put = READ | {"Action": "s3:PutObject", "Resource": TANGLED}

    found = of(READ | {"Resource": TANGLED}, put, put | {"Effect": "Deny"}, READ)

    assert (found.unread, found.more, found.perhaps_more, found.conditions) == ((), (), ("s3:PutObject",), ())


def test_a_policy_that_names_each_of_many_pages_is_read_at_once():
    """As many as S3 takes in a policy of 20 kilobytes: nobody holds up a class with it."""
    pages = [f"{ARN}/{number:04}.html" for number in range(400)]
    before = time.monotonic()

    found = of(READ | {"Action": "s3:*", "Resource": pages}, keys=("0007.html", "index.html"))

    assert found.unread == ("index.html",)
    assert "s3:PutObject" in found.more
    assert time.monotonic() - before < 20


def test_everybody_but_one_is_everybody():
    """`NotPrincipal` opens and closes to strangers."""
    everybody_but = {"NotPrincipal": {"AWS": "arn:aws:iam::123456789012:user/x"}}
    without = {key: value for key, value in READ.items() if key != "Principal"}

    assert of(without | everybody_but).unread == ()
    assert of(READ, without | everybody_but | {"Effect": "Deny"}).unread == KEYS


@pytest.mark.parametrize("key", ["aws:SourceIp", "aws:Referer"])
def test_what_hangs_on_where_one_comes_from_is_undecided(key):
    """Nobody can tell from outside."""
    operator = "IpAddress" if key == "aws:SourceIp" else "StringLike"
    condition = {"Condition": {operator: {key: "203.0.113.0/24"}}}

    assert of(READ | condition).undecided == KEYS
    assert of(READ, READ | {"Action": "s3:PutObject"} | condition).perhaps_more == ("s3:PutObject",)
    assert of(READ | condition).conditions == (key,)


def test_an_object_that_only_aws_can_name_is_undecided():
    """Unless it is plain text, as in policies of before 2012-10-17."""
    to_whom_it_concerns = READ | {"Resource": f"{ARN}/${{aws:PrincipalTag/page}}"}

    assert of(to_whom_it_concerns).undecided == KEYS
    assert of(to_whom_it_concerns, version="2008-10-17").unread == KEYS
    assert of(READ | {"Resource": f"{ARN}/${{aws:PrincipalType}}"}, keys=("Anonymous",)).unread == ()


def test_what_is_no_policy_is_told():
    """S3 takes none of these, but a trace may be cut off."""
    with pytest.raises(PolicyDocumentError, match=f"^{BUCKET}: it is not JSON$"):
        public_access("{", BUCKET, KEYS)


def test_each_action_that_names_a_bucket_or_its_objects_has_one_level():
    """Those of access points, jobs and the whole account stand in no bucket's policy."""
    levels = actions_by_level()
    bucket, objects = levels["bucket"], levels["object"]
    every = {f"s3:{name}" for names in NO_DATA.values() for name in names} | {one.name for one in DATA_ACTIONS}
    left_out = {name.removeprefix("s3:") for name in every - {*bucket, *objects}}

    assert set(bucket) & set(objects) == set()
    assert {"s3:PutBucketObjectLockConfiguration", "s3:GetBucketObjectLockConfiguration"} <= set(bucket)
    assert {"s3:PutObjectAcl", "s3:ReplicateTags", "s3:AbortMultipartUpload"} <= set(objects)
    assert {name for name in left_out if not any(word in name for word in ("Access", "Job", "StorageLens"))} == {
        *("CreateBucket", "ListAllMyBuckets"),
    }


STRANGERS = tuple(
    {"aws:securetransport": (encrypted,), "aws:principaltype": ("Anonymous",)} for encrypted in ("false", "true")
)
drawn = st.lists(
    st.builds(
        lambda effect, actions, kind, resources, condition: {
            "Effect": effect,
            "Principal": "*",
            "Action": actions,
            kind: resources,
            **condition,
        },
        st.sampled_from(["Allow", "Allow", "Deny"]),
        st.sampled_from(["s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:*"]),
        st.sampled_from(["Resource", "Resource", "Resource", "NotResource"]),
        st.lists(
            st.sampled_from(
                [
                    *("*", ARN, f"{ARN}/*", f"{ARN}*.png", f"{ARN}*g", f"{ARN}?k", f"{ARN}/k*", f"{ARN}/?"),
                    *(
                        f"{ARN}/index.html",
                        "arn:aws:s3:::*o*/k",
                        "arn:aws:s3",
                        "arn:aws:sqs:*:*:a/k",
                        "arn:aws:s3:::b/*",
                    ),
                ]
            ),
            min_size=1,
            max_size=2,
        ),
        st.sampled_from(
            [{}, {}, *({"Condition": {"Bool": {"aws:SecureTransport": one}}} for one in ("true", "false"))]
        ),
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=150)
@given(drawn)
def test_a_second_opinion_agrees(statements):
    """On each page; and what is not said to be allowed is allowed on no object that could be tried."""
    documents = Documents(({"Version": "2012-10-17", "Statement": statements},))
    tried = {
        "s3:ListBucket": [ARN],
        "s3:PutObject": [f"{ARN}/{key}" for key in ("k", "k/k", "x.png", "1", "other", *KEYS)],
    }

    found = of(*statements)

    assert found.unread == tuple(
        key for key in KEYS if not allows(documents, "s3:GetObject", f"{ARN}/{key}", STRANGERS[0])
    )
    for action, resources in tried.items():
        is_open = any(allows(documents, action, one, world) for one in resources for world in STRANGERS)
        assert action in found.more or not is_open
