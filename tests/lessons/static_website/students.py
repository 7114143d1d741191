"""Students of the lesson *A static website in S3*: what they did, and what is the right verdict on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.lessons.static_website.doing import ACL_SWITCHES_ON, ALL_OFF, PAGE, SITE, Doing, begun, readable

Outcomes = Mapping[str, str]

BUCKET = ("bucket.name", "bucket.region")
WEBSITE = ("website.enabled", "website.index_document", "website.error_document")
PAGES = ("page.index", "page.error", "page.type")
ACCESS = ("access.open", "access.only_reading", "access.block")

WELL: Outcomes = dict.fromkeys((*BUCKET, *WEBSITE, *PAGES, *ACCESS), "passed") | {"teardown.bucket": "pending"}
WELL_IN_THE_END: Outcomes = dict(WELL) | {"teardown.bucket": "failed"}
GONE: Outcomes = dict(WELL) | dict.fromkeys(PAGES, "unverified") | {"teardown.bucket": "passed"}
"""With `--final`, once the bucket is deleted: what was in it left no trace."""


def outcomes(outcome: str, *ids: str) -> dict[str, str]:
    """One outcome for all of them."""
    return dict.fromkeys(ids, outcome)


@dataclass(frozen=True)
class Student:
    """A student. `verdicts` are what differs from the lesson done well, `in_the_end` with `--final` (None: the same),
    `gone` with `--final` after they deleted their bucket (None: as in the end, but for what leaves no trace).
    """

    name: str
    build: Doing
    verdicts: Outcomes = field(default_factory=dict)
    in_the_end: Outcomes | None = None
    gone: Outcomes | None = None

    def expected(self) -> Outcomes:
        """The right outcome of every criterion."""
        return dict(WELL) | dict(self.verdicts)

    def expected_in_the_end(self) -> Outcomes:
        """The same with `--final`."""
        return dict(WELL_IN_THE_END) | dict(self.verdicts if self.in_the_end is None else self.in_the_end)

    def expected_when_gone(self) -> Outcomes:
        """The same once the bucket is deleted."""
        final = self.verdicts if self.in_the_end is None else self.in_the_end
        kept = {id: outcome for id, outcome in final.items() if id not in PAGES}
        return dict(GONE) | dict(kept if self.gone is None else self.gone)


def fails(*ids: str) -> dict[str, str]:
    """These are mistakes."""
    return outcomes("failed", *ids)


def pending(*ids: str) -> dict[str, str]:
    """These are still to do."""
    return outcomes("pending", *ids)


def blocked(*ids: str) -> dict[str, str]:
    """These hang on something that is not done."""
    return outcomes("blocked", *ids)


RIGHT = (
    Student("done-well", Doing()),
    Student("more-words", Doing(name="website-20261124-the-otter-2")),
    Student("day-first", Doing(name="website-24112026-otter")),
    Student("anybody-of-aws", Doing(policy=(readable(Principal={"AWS": "*"}),))),
    Student(
        "page-by-page",
        Doing(
            policy=tuple(
                readable(Resource=f"arn:aws:s3:::website-20261124-otter/{key}") for key in ("index.html", "error.html")
            )
        ),
    ),
    Student(
        "says-charset", Doing(pages=dict.fromkeys(("index.html", "error.html"), (b"<p>", "text/html; charset=utf-8")))
    ),
    Student(
        "more-files", Doing(pages={"index.html": PAGE, "error.html": PAGE, "css/style.css": (b"p {}", "text/css")})
    ),
    Student("shut-the-door-again", Doing(afterwards=ACL_SWITCHES_ON | {"BlockPublicPolicy": True})),
)

MISTAKES = (
    Student("no-date", Doing(name="my-first-website"), fails("bucket.name")),
    Student("impossible-date", Doing(name="website-20261399-otter"), fails("bucket.name")),
    Student("elsewhere", Doing(region="eu-west-1"), fails("bucket.region")),
    Student(
        "home-page",
        Doing(site=SITE | {"IndexDocument": {"Suffix": "home.html"}}, pages={"home.html": PAGE, "error.html": PAGE}),
        fails("website.index_document"),
    ),
    Student(
        "another-error-page",
        Doing(site=SITE | {"ErrorDocument": {"Key": "404.html"}}, pages={"index.html": PAGE, "404.html": PAGE}),
        fails("website.error_document"),
    ),
    Student(
        "no-error-document",
        Doing(site={"IndexDocument": {"Suffix": "index.html"}}),
        pending("website.error_document"),
        fails("website.error_document"),
    ),
    Student(
        "leads-away",
        Doing(site={"RedirectAllRequestsTo": {"HostName": "example.com"}}),
        fails("website.enabled") | blocked("website.index_document", "website.error_document"),
    ),
    Student(
        "hidden-ending",
        Doing(pages={"index.html.txt": (b"<p>", "text/plain"), "error.html": PAGE}),
        pending("page.index"),
        fails("page.index"),
    ),
    Student(
        "in-a-folder",
        Doing(pages={"site/index.html": PAGE, "site/error.html": PAGE}),
        pending("page.index", "page.error") | blocked("page.type"),
        fails("page.index", "page.error") | blocked("page.type"),
    ),
    Student(
        "no-error-page",
        Doing(pages={"index.html": PAGE}),
        pending("page.error"),
        fails("page.error"),
    ),
    Student("empty-page", Doing(pages={"index.html": (b"", "text/html"), "error.html": PAGE}), fails("page.index")),
    Student(
        "sent-as-a-download",
        Doing(pages={"index.html": (b"<p>", None), "error.html": PAGE}),
        fails("page.type"),
    ),
    Student(
        "for-oneself-alone",
        Doing(policy=(readable(Principal={"AWS": "arn:aws:iam::123456789012:root"}),)),
        fails("access.open"),
    ),
    Student(
        "photos-only",
        Doing(policy=(readable(Resource="arn:aws:s3:::website-20261124-otter/photos/*"),)),
        fails("access.open"),
    ),
    Student(
        "closed-by-the-bucket",
        Doing(afterwards=ACL_SWITCHES_ON | {"RestrictPublicBuckets": True}),
        fails("access.open"),
    ),
    Student("closed-by-the-account", Doing(account_blocks=True), fails("access.open")),
    Student("every-action", Doing(policy=(readable(Action="s3:*"),)), fails("access.only_reading")),
    Student(
        "writable", Doing(policy=(readable(Action=["s3:GetObject", "s3:PutObject"]),)), fails("access.only_reading")
    ),
    Student(
        "listable",
        Doing(
            policy=(
                readable(),
                readable(Action="s3:ListBucket", Resource="arn:aws:s3:::website-20261124-otter"),
            )
        ),
        fails("access.only_reading"),
    ),
    Student("all-switches-off", Doing(switches=ALL_OFF), fails("access.block")),
    Student(
        "by-access-list",
        Doing(switches=ALL_OFF, owner="ObjectWriter", acl="public-read"),
        fails("access.only_reading", "access.block"),
        gone=outcomes("unverified", "access.only_reading") | fails("access.block"),
    ),
)

UNSURE = (
    Student(
        "from-home-alone",
        Doing(policy=(readable(Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}),)),
        outcomes("unverified", "access.open"),
    ),
)

NO_POLICY = pending("access.open") | blocked("access.only_reading")
CLOSED = NO_POLICY | blocked("access.block")
NO_SITE = pending("website.enabled") | blocked("website.index_document", "website.error_document")
NO_PAGES = pending("page.index", "page.error") | blocked("page.type")
NO_POLICY_IN_THE_END = fails("access.open") | blocked("access.only_reading")
CLOSED_IN_THE_END = NO_POLICY_IN_THE_END | blocked("access.block")
NO_SITE_IN_THE_END = fails("website.enabled") | blocked("website.index_document", "website.error_document")
NO_PAGES_IN_THE_END = fails("page.index", "page.error") | blocked("page.type")

HALF_WAY = (
    Student(
        "bucket-only",
        begun(),
        NO_SITE | NO_PAGES | CLOSED,
        NO_SITE_IN_THE_END | NO_PAGES_IN_THE_END | CLOSED_IN_THE_END,
    ),
    Student("empty-website", begun(site=SITE), NO_PAGES | CLOSED, NO_PAGES_IN_THE_END | CLOSED_IN_THE_END),
    Student(
        "pages-first",
        begun(pages={"index.html": PAGE, "error.html": PAGE}),
        NO_SITE | CLOSED,
        NO_SITE_IN_THE_END | CLOSED_IN_THE_END,
    ),
    Student("no-policy-yet", Doing(has_policy=False), NO_POLICY, NO_POLICY_IN_THE_END),
    Student("still-blocked", Doing(switches=None, has_policy=False), CLOSED, CLOSED_IN_THE_END),
)

CATALOGUE = (*RIGHT, *MISTAKES, *UNSURE, *HALF_WAY)
