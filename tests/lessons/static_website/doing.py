"""What a student of the lesson *A static website in S3* does, with every choice that can be made otherwise."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator.account import ALL_BLOCKED, SimulatedAccount

NAME = "website-20261124-otter"
SITE = {"IndexDocument": {"Suffix": "index.html"}, "ErrorDocument": {"Key": "error.html"}}
PAGE = (b"<!doctype html><h1>Hello</h1>", "text/html")
PAGES = {"index.html": PAGE, "error.html": PAGE}
ACL_SWITCHES_ON = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": False,
    "RestrictPublicBuckets": False,
}
ALL_OFF = dict.fromkeys(ACL_SWITCHES_ON, False)


def readable(bucket: str = NAME, **different: Any) -> dict[str, Any]:
    """The statement of the lesson's page, but for what is written differently."""
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    return everybody | different


@dataclass(frozen=True)
class Doing:
    """The steps of the lesson; None leaves one out.

    `policy` are the statements of the bucket's policy; None for the lesson's own. `switches` are Block Public Access as
    the student sets it first, `afterwards` as it is set at the end. `owner` is who owns objects, if that is changed.
    """

    name: str = NAME
    region: str = "us-east-1"
    site: Mapping[str, Any] | None = field(default_factory=lambda: SITE)
    pages: Mapping[str, tuple[bytes, str | None]] = field(default_factory=lambda: PAGES)
    switches: Mapping[str, bool] | None = field(default_factory=lambda: ACL_SWITCHES_ON)
    policy: tuple[Mapping[str, Any], ...] | None = None
    has_policy: bool = True
    afterwards: Mapping[str, bool] | None = None
    owner: str | None = None
    acl: str | None = None
    account_blocks: bool = False

    def __call__(self, account: SimulatedAccount) -> None:
        """Do it in this account."""
        s3: Any = account.s3(self.region)
        account.make_bucket(self.name, self.region)
        if self.site is not None:
            s3.put_bucket_website(Bucket=self.name, WebsiteConfiguration=self.site)
        for key, (body, kind) in self.pages.items():
            s3.put_object(Bucket=self.name, Key=key, Body=body, **({"ContentType": kind} if kind else {}))
        if self.switches is not None:
            s3.put_public_access_block(Bucket=self.name, PublicAccessBlockConfiguration=self.switches)
        if self.owner:
            rules = {"Rules": [{"ObjectOwnership": self.owner}]}
            s3.put_bucket_ownership_controls(Bucket=self.name, OwnershipControls=rules)
        if self.acl:
            s3.put_bucket_acl(Bucket=self.name, ACL=self.acl)
        if self.has_policy:
            statements = [readable(self.name)] if self.policy is None else list(self.policy)
            document = {"Version": "2012-10-17", "Statement": statements}
            s3.put_bucket_policy(Bucket=self.name, Policy=json.dumps(document))
        if self.afterwards is not None:
            s3.put_public_access_block(Bucket=self.name, PublicAccessBlockConfiguration=self.afterwards)
        if self.account_blocks:
            account.block_public_access()

    def tear_down(self, account: SimulatedAccount) -> None:
        """Empty the bucket and delete it."""
        account.empty_and_delete_bucket(self.name, self.region)


def begun(**choices: Any) -> Doing:
    """A bucket as it is made, and what else was done."""
    nothing: dict[str, Any] = {"site": None, "pages": {}, "switches": None, "has_policy": False}
    return Doing(**(nothing | choices))


__all__ = ["ACL_SWITCHES_ON", "ALL_BLOCKED", "ALL_OFF", "NAME", "PAGE", "SITE", "Doing", "begun", "readable"]
