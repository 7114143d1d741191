"""Who may assume a role."""

import json
from typing import Any

import pytest

from skymark.policy.trust import Outsider, Trust, TrustFound, explain, trust_of

ACCOUNT = "111122223333"
OTHER = "999988887777"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/service-role/Mine"

Raw = dict[str, Any]


def let_in(principal: Any, action: Any = "sts:AssumeRole", effect: str = "Allow", **more: Any) -> Raw:
    """One statement."""
    return {"Effect": effect, "Principal": principal, "Action": action, **more}


SAGEMAKER = let_in({"Service": "sagemaker.amazonaws.com"})
PINNED = {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}
FOREIGN = {"StringNotEquals": {"aws:PrincipalAccount": ACCOUNT}}
NOT_OURS = {**FOREIGN, "Bool": {"aws:PrincipalIsAWSService": "false"}}


def judge(*statements: Raw) -> Trust:
    """The verdict on a trust policy of these statements."""
    return trust_of(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}), ACCOUNT, "aws", ROLE)


def test_the_console_s_trust_policy_is_right() -> None:
    """SageMaker may, and nobody else (aws-facts 2.1)."""
    trust = judge(SAGEMAKER)

    assert trust == Trust(TrustFound.OK, "Mine", sagemaker=True)
    assert trust.is_right is True
    assert explain(trust) == "SageMaker can assume Mine, and nobody outside the account can"


RIGHT = {
    "several services": [let_in({"Service": ["ec2.amazonaws.com", "sagemaker.amazonaws.com", "lambda.amazonaws.com"]})],
    "this account": [SAGEMAKER, let_in({"AWS": [ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root", ROLE]})],
    "a session of this account": [SAGEMAKER, let_in({"AWS": f"arn:aws:sts::{ACCOUNT}:assumed-role/Mine/me"})],
    "actions by wildcard": [let_in({"Service": "sagemaker.amazonaws.com"}, ["sts:tagsession", "STS:Assume*"])],
    "another action for others": [SAGEMAKER, let_in({"AWS": OTHER}, "sts:TagSession")],
    "everybody of this account": [SAGEMAKER, let_in("*", Condition=PINNED)],
    "everybody by role of this account": [
        SAGEMAKER,
        let_in({"AWS": "*"}, Condition={"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/*"}}),
    ],
    "everybody that a service speaks for": [
        SAGEMAKER,
        let_in("*", Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}}),
    ],
    "outsiders denied": [SAGEMAKER, let_in({"AWS": "*"}), let_in("*", effect="Deny", Condition=NOT_OURS)],
    "an outside account denied": [
        SAGEMAKER,
        let_in({"AWS": OTHER}),
        let_in({"AWS": f"arn:aws:iam::{OTHER}:root"}, "sts:*", "Deny"),
    ],
    "everybody that a service of AWS speaks for, by what it does": [
        SAGEMAKER,
        let_in("*", Condition={"ArnLike": {"aws:SourceArn": f"arn:aws:s3:*:{ACCOUNT}:*"}}),
    ],
    "a role by condition, its account denied": [
        SAGEMAKER,
        let_in("*", Condition={"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{OTHER}:role/team/*"}}),
        let_in({"AWS": OTHER}, effect="Deny"),
    ],
    "only on behalf of this account": [
        let_in({"Service": "sagemaker.amazonaws.com"}, Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}})
    ],
    "only on behalf of any of this account's resources, each field open": [
        let_in(
            {"Service": "sagemaker.amazonaws.com"},
            Condition={"ArnLike": {"aws:SourceArn": f"arn:*:sagemaker:*:{ACCOUNT}:*"}},
        )
    ],
    "only by a service": [
        let_in({"Service": "sagemaker.amazonaws.com"}, Condition={"Bool": {"aws:PrincipalIsAWSService": "true"}})
    ],
    "only by that service": [
        let_in(
            {"Service": "sagemaker.amazonaws.com"},
            Condition={"StringEquals": {"aws:PrincipalServiceName": "sagemaker.amazonaws.com"}},
        )
    ],
    "only with encryption on the way": [
        let_in({"Service": "sagemaker.amazonaws.com"}, Condition={"Bool": {"aws:SecureTransport": "true"}})
    ],
    "only by a service, and with encryption, as texts": [
        let_in(
            {"Service": "sagemaker.amazonaws.com"},
            Condition={"StringEquals": {"aws:PrincipalIsAWSService": "true", "aws:SecureTransport": "true"}},
        )
    ],
    "only without a password": [
        let_in({"Service": "sagemaker.amazonaws.com"}, Condition={"Null": {"sts:ExternalId": "true"}})
    ],
    "only on behalf of this account's resources": [
        let_in(
            {"Service": "sagemaker.amazonaws.com"},
            Condition={"ArnLike": {"aws:SourceArn": f"arn:aws:sagemaker:*:{ACCOUNT}:*"}},
        )
    ],
    "somebody who was deleted": [SAGEMAKER, let_in({"AWS": "AROAEXAMPLEEXAMPLE123"})],
    "federation without its action": [SAGEMAKER, let_in({"Federated": "accounts.google.com"})],
    "every service": [let_in({"Service": "*"})],
    "a second statement for SageMaker": [let_in({"Service": "ec2.amazonaws.com"}), SAGEMAKER],
}


@pytest.mark.parametrize("statements", RIGHT.values(), ids=RIGHT.keys())
def test_sagemaker_and_nobody_outside_is_right(statements: list[Raw]) -> None:
    """AWS's own services and this account are tolerated, however it is written."""
    trust = judge(*statements)

    assert (trust.found, trust.outsiders, trust.reasons) == (TrustFound.OK, (), ())


OUTSIDERS = {
    "everybody": ([SAGEMAKER, let_in("*")], "everybody in the world"),
    "everybody of AWS": ([SAGEMAKER, let_in({"AWS": "*"})], "everybody in the world"),
    "an account": ([SAGEMAKER, let_in({"AWS": OTHER})], f"account {OTHER}"),
    "an account's root": ([SAGEMAKER, let_in({"AWS": f"arn:aws:iam::{OTHER}:root"})], f"account {OTHER}"),
    "a user": ([SAGEMAKER, let_in({"AWS": f"arn:aws:iam::{OTHER}:user/ann"})], f"arn:aws:iam::{OTHER}:user/ann"),
    "an account with a password": (
        [SAGEMAKER, let_in({"AWS": OTHER}, Condition={"StringEquals": {"sts:ExternalId": "secret"}})],
        f"account {OTHER}",
    ),
    "a provider": (
        [SAGEMAKER, let_in({"Federated": "accounts.google.com"}, "sts:AssumeRoleWithWebIdentity")],
        "the outside identities of accounts.google.com",
    ),
    "a provider with conditions": (
        [
            SAGEMAKER,
            let_in(
                {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.example.org"},
                "sts:AssumeRoleWithWebIdentity",
                Condition={"StringLike": {"token.example.org:sub": "repo:me/*"}},
            ),
        ],
        f"the outside identities of arn:aws:iam::{ACCOUNT}:oidc-provider/token.example.org",
    ),
    "a bare provider with conditions": (
        [
            SAGEMAKER,
            let_in(
                {"Federated": "accounts.google.com"},
                "sts:AssumeRoleWithWebIdentity",
                Condition={"StringEquals": {"accounts.google.com:aud": "me"}},
            ),
        ],
        "the outside identities of accounts.google.com",
    ),
    "a provider of SAML": (
        [
            SAGEMAKER,
            let_in(
                {"Federated": f"arn:aws:iam::{ACCOUNT}:saml-provider/School"},
                "sts:AssumeRoleWithSAML",
                Condition={"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
            ),
        ],
        f"the outside identities of arn:aws:iam::{ACCOUNT}:saml-provider/School",
    ),
    "an account with a password, if any": (
        [SAGEMAKER, let_in({"AWS": OTHER}, Condition={"StringEqualsIfExists": {"sts:ExternalId": "secret"}})],
        f"account {OTHER}",
    ),
    "an account with any name": (
        [SAGEMAKER, let_in({"AWS": OTHER}, Condition={"ForAnyValue:StringLike": {"sts:RoleSessionName": "a*"}})],
        f"account {OTHER}",
    ),
    "an account with encryption on the way": (
        [SAGEMAKER, let_in({"AWS": OTHER}, Condition={"Bool": {"aws:SecureTransport": "true"}})],
        f"account {OTHER}",
    ),
    "an account, by no service and with encryption, as texts": (
        [
            SAGEMAKER,
            let_in(
                {"AWS": OTHER},
                Condition={"StringEquals": {"aws:PrincipalIsAWSService": "false", "aws:SecureTransport": "true"}},
            ),
        ],
        f"account {OTHER}",
    ),
    "an account, after what is denied": (
        [
            let_in({"Service": "ec2.amazonaws.com"}, effect="Deny"),
            let_in({"Service": "sagemaker.amazonaws.com", "AWS": OTHER}),
        ],
        f"account {OTHER}",
    ),
    "an account by condition": (
        [SAGEMAKER, let_in("*", Condition={"StringEquals": {"aws:PrincipalAccount": [ACCOUNT, OTHER]}})],
        f"account {OTHER}",
    ),
    "a role by condition": (
        [SAGEMAKER, let_in("*", Condition={"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{OTHER}:role/team/*"}})],
        f"arn:aws:iam::{OTHER}:role/team/x",
    ),
    "one of many roles by condition": (
        [SAGEMAKER, let_in("*", Condition={"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{OTHER}:role/tea?"}})],
        f"arn:aws:iam::{OTHER}:role/teax",
    ),
    "every role there is": (
        [SAGEMAKER, let_in("*", Condition={"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}})],
        "everybody in the world",
    ),
    "every role of an account": (
        [
            SAGEMAKER,
            let_in(
                "*",
                Condition={
                    "StringEquals": {"aws:PrincipalAccount": OTHER},
                    "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"},
                },
            ),
        ],
        f"account {OTHER}",
    ),
    "everybody but one": (
        [SAGEMAKER, {"Effect": "Allow", "NotPrincipal": {"AWS": OTHER}, "Action": "sts:AssumeRole"}],
        "everybody but those it excepts",
    ),
}


@pytest.mark.parametrize(("statements", "name"), OUTSIDERS.values(), ids=OUTSIDERS.keys())
def test_whoever_may_from_outside_is_named(statements: list[Raw], name: str) -> None:
    """The message says who gets in, and by which statement."""
    trust = judge(*statements)

    assert (trust.found, trust.is_right) == (TrustFound.OUTSIDERS, False)
    assert trust.outsiders == (Outsider(name, "statement 2"),)
    assert explain(trust) == (
        f"statement 2 of the trust policy of Mine lets in {name}; wanted is a role that SageMaker "
        "(sagemaker.amazonaws.com) can assume, and nobody outside the account"
    )


NOT_SAGEMAKER = {
    "another service": [let_in({"Service": "ec2.amazonaws.com"})],
    "another action": [let_in({"Service": "sagemaker.amazonaws.com"}, "sts:TagSession")],
    "denied": [SAGEMAKER, let_in({"Service": "sagemaker.amazonaws.com"}, effect="Deny")],
    "denied with all but another": [
        SAGEMAKER,
        {"Effect": "Deny", "NotPrincipal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
    "everybody denied": [SAGEMAKER, let_in({"AWS": "*"}, effect="Deny")],
    "only with a password, which services have not": [
        let_in({"Service": "sagemaker.amazonaws.com"}, Condition={"StringEquals": {"sts:ExternalId": "secret"}})
    ],
    "on behalf of another account": [
        let_in({"Service": "sagemaker.amazonaws.com"}, Condition={"StringEquals": {"aws:SourceAccount": OTHER}})
    ],
    "only this account": [let_in({"AWS": ACCOUNT})],
    "no statement": [],
}


@pytest.mark.parametrize("statements", NOT_SAGEMAKER.values(), ids=NOT_SAGEMAKER.keys())
def test_a_role_that_sagemaker_cannot_assume_is_found(statements: list[Raw]) -> None:
    """Without SageMaker the role is of no use."""
    trust = judge(*statements)

    assert (trust.found, trust.is_right, trust.sagemaker) == (TrustFound.NO_SAGEMAKER, False, False)
    assert explain(trust) == (
        "the trust policy of Mine does not let SageMaker in; wanted is a role that SageMaker "
        "(sagemaker.amazonaws.com) can assume, and nobody outside the account"
    )


def test_two_faults_are_both_named() -> None:
    """Nobody has to come back for the second fault."""
    trust = judge(let_in({"AWS": OTHER}))

    assert explain(trust).startswith(
        f"statement 1 of the trust policy of Mine lets in account {OTHER}, "
        "and the trust policy of Mine does not let SageMaker in; wanted"
    )


OPEN = "{} of the trust policy has a condition that cannot be decided from outside ({})"
UNKNOWN = {
    "an organisation": (
        [SAGEMAKER, let_in("*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}})],
        OPEN.format("statement 2", "aws:PrincipalOrgID"),
    ),
    "an account from one address": (
        [SAGEMAKER, let_in({"AWS": OTHER}, Condition={"IpAddress": {"aws:SourceIp": "192.0.2.1"}})],
        OPEN.format("statement 2", "aws:SourceIp"),
    ),
    "an account in one region from one address": (
        [
            SAGEMAKER,
            let_in(
                {"AWS": OTHER},
                Condition={
                    "StringEquals": {"aws:RequestedRegion": "eu-west-1"},
                    "IpAddress": {"aws:SourceIp": "192.0.2.1"},
                },
            ),
        ],
        OPEN.format("statement 2", "aws:RequestedRegion, aws:SourceIp"),
    ),
    "a provider in one region": (
        [
            SAGEMAKER,
            let_in(
                {"Federated": "accounts.google.com"},
                "sts:AssumeRoleWithWebIdentity",
                Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
            ),
        ],
        OPEN.format("statement 2", "aws:RequestedRegion"),
    ),
    "one role of a whole account": (
        [
            SAGEMAKER,
            let_in(
                {"AWS": f"arn:aws:iam::{OTHER}:root"},
                Condition={"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{OTHER}:role/team"}},
            ),
        ],
        OPEN.format("statement 2", "aws:PrincipalArn"),
    ),
    "one role of an account by its number": (
        [
            SAGEMAKER,
            let_in({"AWS": OTHER}, Condition={"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{OTHER}:role/team"}}),
        ],
        OPEN.format("statement 2", "aws:PrincipalArn"),
    ),
    "an account without a password": (
        [SAGEMAKER, let_in({"AWS": OTHER}, Condition={"Null": {"sts:ExternalId": "true"}})],
        OPEN.format("statement 2", "sts:ExternalId"),
    ),
    "an account, perhaps denied": (
        [SAGEMAKER, let_in({"AWS": OTHER}), let_in("*", effect="Deny", Condition={"Bool": {"aws:Odd": "true"}})],
        OPEN.format("statement 3", "aws:Odd"),
    ),
    "SageMaker, perhaps denied": (
        [
            SAGEMAKER,
            let_in({"Service": "sagemaker.amazonaws.com"}, effect="Deny", Condition={"Null": {"aws:Odd": "true"}}),
        ],
        OPEN.format("statement 2", "aws:Odd"),
    ),
    # AWS's services have no PrincipalAccount: this may well shut SageMaker out too.
    "outsiders denied, and perhaps services": (
        [SAGEMAKER, let_in("*", effect="Deny", Condition=FOREIGN)],
        OPEN.format("statement 2", "aws:PrincipalAccount"),
    ),
    "a canonical id": (
        [SAGEMAKER, let_in({"CanonicalUser": "79a59df9"})],
        "nobody can tell who the account with the canonical id 79a59df9 is",
    ),
    "on behalf of one region": (
        [
            let_in(
                {"Service": "sagemaker.amazonaws.com"},
                Condition={"ArnLike": {"aws:SourceArn": f"arn:aws:sagemaker:eu-north-1:{ACCOUNT}:*"}},
            )
        ],
        "it lets SageMaker in for some of its work only (aws:SourceArn)",
    ),
    "on behalf of all notebook instances": (
        [
            let_in(
                {"Service": "sagemaker.amazonaws.com"},
                Condition={"ArnLike": {"aws:SourceArn": f"arn:aws:sagemaker:*:{ACCOUNT}:notebook-instance/*"}},
            )
        ],
        "it lets SageMaker in for some of its work only (aws:SourceArn)",
    ),
    "on behalf of one model of any account": (
        [
            let_in(
                {"Service": "sagemaker.amazonaws.com"},
                Condition={"ArnLike": {"aws:SourceArn": "arn:aws:sagemaker:us-east-?:*:model/a:b*"}},
            )
        ],
        "it lets SageMaker in for some of its work only (aws:SourceArn)",
    ),
    "on behalf of accounts that are like this one": (
        [
            let_in(
                {"Service": "sagemaker.amazonaws.com"},
                Condition={"ArnLike": {"aws:SourceArn": f"arn:aws:sagemaker:eu-*-1:{ACCOUNT[:-1]}?:model/m?"}},
            )
        ],
        "it lets SageMaker in for some of its work only (aws:SourceArn)",
    ),
    "on behalf of a service that begins like it": (
        [
            let_in(
                {"Service": "sagemaker.amazonaws.com"},
                Condition={"ArnLike": {"aws:SourceArn": f"arn:aws:sage*:*-1:{ACCOUNT}:*"}},
            )
        ],
        "it lets SageMaker in for some of its work only (aws:SourceArn)",
    ),
    "on behalf of one notebook instance": (
        [
            let_in(
                {"Service": "sagemaker.amazonaws.com"},
                Condition={
                    "ArnEquals": {"aws:SourceArn": f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:notebook-instance/sm-tes?"}
                },
            )
        ],
        "it lets SageMaker in for some of its work only (aws:SourceArn)",
    ),
}


@pytest.mark.parametrize(("statements", "reason"), UNKNOWN.values(), ids=UNKNOWN.keys())
def test_what_hangs_on_an_unknown_is_not_decided(statements: list[Raw], reason: str) -> None:
    """Nothing is guessed, and the reason is named."""
    trust = judge(*statements)

    assert (trust.found, trust.is_right, trust.outsiders) == (TrustFound.UNKNOWN, None, ())
    assert trust.reasons == (reason,)
    assert explain(trust) == f"who may assume Mine cannot be told: {reason}"


def test_all_reasons_are_named() -> None:
    """Each statement's, in its order."""
    trust = judge(
        SAGEMAKER,
        let_in({"AWS": OTHER}, Condition={"IpAddress": {"aws:SourceIp": "192.0.2.1"}}),
        let_in({"CanonicalUser": "79a59df9"}),
        let_in("*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}),
    )

    assert explain(trust) == (
        "who may assume Mine cannot be told: nobody can tell who the account with the canonical id 79a59df9 is; "
        + OPEN.format("statement 2", "aws:SourceIp")
        + "; "
        + OPEN.format("statement 4", "aws:PrincipalOrgID")
    )


def test_a_document_that_is_none_is_unknown() -> None:
    """What cannot be understood is never read as "nobody"."""
    trust = trust_of("{", ACCOUNT, "aws", ROLE)

    assert trust == Trust(TrustFound.UNKNOWN, "Mine", None, reasons=("the trust policy: it is not JSON",))
    assert explain(trust) == "who may assume Mine cannot be told: the trust policy: it is not JSON"
