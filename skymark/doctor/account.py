"""Whether the account is active: an account that was only just opened, or is suspended, refuses its services."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from skymark.cause import INVALID, NOT_ACTIVE, SUSPENDED
from skymark.doctor.finding import Finding, State, Topic
from skymark.doctor.observed import Tried
from skymark.evidence import Identity
from skymark.result import Link

NAMES: Final = {
    "account": "Account Management",
    "cloudtrail": "CloudTrail",
    "ec2": "EC2",
    "iam": "IAM",
    "logs": "CloudWatch Logs",
    "s3": "S3",
    "s3control": "S3",
    "sagemaker": "SageMaker",
}
ACCOUNT = Link(
    "The account, its payment and its state", "https://us-east-1.console.aws.amazon.com/billing/home#/account"
)
SUPPORT = Link(
    "Ask AWS (accounts and billing, free)", "https://support.console.aws.amazon.com/support/home#/case/create"
)
ACTIVATION = Link(
    "Why an account is not active yet", "https://repost.aws/knowledge-center/create-and-activate-aws-account"
)


def account(identity: Identity, tried: Sequence[Tried]) -> Finding:
    """By what its services answered, in a region that is enabled for it."""
    refused = {_service(one): one.code for one in tried if one.code in (*NOT_ACTIVE, *SUSPENDED, *INVALID)}
    codes = set(refused.values())
    if codes & set(SUSPENDED):
        found = f"AWS says that account {identity.account} is suspended or has a problem: {_listed(refused)}."
        advice = "Look into the account's e-mail for AWS's message; most often a payment is open. Then ask AWS."
        return _to_mend(found, advice, ACCOUNT, SUPPORT)
    if codes:
        found = f"AWS has not activated all of account {identity.account} yet: {_listed(refused)}."
        advice = (
            "A new account is active when e-mail, telephone and payment are verified, and that can take a day. Finish "
            "signing up, then run this again; after more than a day, ask AWS."
        )
        return _to_mend(found, advice, ACTIVATION, ACCOUNT, SUPPORT)
    services = _answering(tried)
    if not services:
        found = f"Account {identity.account}: no service of the lesson has answered, so nothing tells if it is active."
        advice = "Mend the permissions first, then run this again."
        return Finding(Topic.ACCOUNT, State.UNKNOWN, found, advice, (), (ACCOUNT,))
    found = f"Account {identity.account} is active: {_and(services)} answered."
    return Finding(Topic.ACCOUNT, State.OK, found)


def _answering(tried: Iterable[Tried]) -> list[str]:
    return list(dict.fromkeys(_service(one) for one in tried if one.is_answered))


def _service(one: Tried) -> str:
    name = one.call.partition(":")[0]
    return NAMES.get(name, name)


def _listed(refused: Mapping[str, str | None]) -> str:
    return ", ".join(f"{service} says {code}" for service, code in refused.items())


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _to_mend(found: str, advice: str, *links: Link) -> Finding:
    return Finding(Topic.ACCOUNT, State.TO_MEND, found, advice, (), links)
