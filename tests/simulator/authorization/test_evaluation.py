"""AWS's decisions, a written-out table for each element and each kind of policy."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.authorization.callers import ANONYMOUS, Caller, root, service
from simulator.authorization.conditions import Values
from simulator.authorization.documents import Document, parse
from simulator.authorization.evaluation import Decision, Policies, Request, evaluate

HERE, THERE = "111122223333", "444455556666"
ADA = Caller(HERE, f"arn:aws:iam::{HERE}:user/ada", "IAMUser", "AIDAADA", "ada", None, "AKIAADA")
LAB = f"arn:aws:iam::{HERE}:role/service-role/Lab"
SESSION_ARN = f"arn:aws:sts::{HERE}:assumed-role/Lab/SageMaker"
SESSION = Caller(HERE, SESSION_ARN, "AssumedRole", "AROALAB:SageMaker", "SageMaker", LAB, "ASIALAB")
BASIL = Caller(THERE, f"arn:aws:iam::{THERE}:user/basil", "IAMUser", "AIDABASIL", "basil", None, "AKIABASIL")
SAGEMAKER = service("sagemaker.amazonaws.com", HERE)
OBJECT = "arn:aws:s3:::lesson/digits.csv"
CONTEXT: dict[str, Values] = {"aws:username": "ada", "aws:ResourceAccount": HERE}

NO_IDENTITY = "because no identity-based policy allows the s3:GetObject action"
NO_RESOURCE = "because no resource-based policy allows the s3:GetObject action"


def _document(*statements: dict[str, Any], source: str = "") -> Document:
    filled = [{"Effect": "Allow", "Resource": "*"} | each for each in statements]
    return parse({"Version": "2012-10-17", "Statement": filled}, source)


def _resource(principal: Any, **more: Any) -> Document:
    """A bucket's policy that lets the principal read."""
    return _document({"Action": "s3:GetObject", "Principal": principal} | more)


READ = _document({"Action": "s3:GetObject"})
EVERYTHING = _document({"Action": "*"})
DENY = {"Effect": "Deny", "Action": "s3:*"}


def _decide(policies: Policies, caller: Caller = ADA, action: str = "s3:GetObject", resource: str = OBJECT) -> Decision:
    return evaluate(Request(action, resource, caller, CONTEXT), policies)


def _allowed(*documents: Document, action: str = "s3:GetObject", resource: str = OBJECT) -> bool:
    return _decide(Policies(documents), action=action, resource=resource).allowed


# -- one policy's elements ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ({"Action": "s3:GetObject"}, True),
        ({"Action": "S3:getobject"}, True),
        ({"Action": "s3:Get*"}, True),
        ({"Action": "*"}, True),
        ({"Action": ["s3:PutObject", "s3:Get?bject"]}, True),
        ({"Action": "s3:PutObject"}, False),
        ({"Action": "ec2:*"}, False),
        ({"NotAction": "s3:PutObject"}, True),
        ({"NotAction": "s3:*"}, False),
        ({"NotAction": ["ec2:*", "s3:GetObject"]}, False),
        ({"Action": "*", "Resource": OBJECT}, True),
        ({"Action": "*", "Resource": "arn:aws:s3:::lesson/*"}, True),
        ({"Action": "*", "Resource": "arn:aws:s3:::Lesson/*"}, False),
        ({"Action": "*", "Resource": "arn:aws:s3:::lesson"}, False),
        ({"Action": "*", "Resource": ["arn:aws:s3:::other/*", "arn:aws:s3:::les*"]}, True),
        ({"Action": "*", "Resource": "arn:aws:s3:::lesson/${aws:username}.csv"}, False),
        ({"Action": "*", "Condition": {"StringEquals": {"aws:username": "ada"}}}, True),
        ({"Action": "*", "Condition": {"StringEquals": {"aws:username": "basil"}}}, False),
    ],
)
def test_statement(statement: dict[str, Any], *, expected: bool) -> None:
    """Action and Condition: what the user guide says of each element."""
    assert _allowed(_document(statement)) is expected


@pytest.mark.parametrize(
    ("others", "expected"),
    [("arn:aws:s3:::secret/*", True), ("arn:aws:s3:::lesson/*", False), (["arn:aws:s3:::secret/*", OBJECT], False)],
)
def test_not_resource(others: Any, *, expected: bool) -> None:
    """NotResource is about every resource but those."""
    statement = {"Effect": "Allow", "Action": "s3:*", "NotResource": others}

    assert _allowed(parse({"Version": "2012-10-17", "Statement": statement})) is expected


def test_a_variable_in_a_resource_is_the_callers() -> None:
    """One policy for everybody's own folder."""
    own = _document({"Action": "s3:*", "Resource": "arn:aws:s3:::lesson/${aws:username}/*"})

    assert _allowed(own, resource="arn:aws:s3:::lesson/ada/notes")
    assert not _allowed(own, resource="arn:aws:s3:::lesson/basil/notes")


def test_what_has_no_resources_needs_a_star() -> None:
    """An action without resource-level permissions is allowed on `*` only."""
    listed = _document({"Action": "s3:*", "Resource": "arn:aws:s3:::*"})

    assert not _allowed(listed, action="s3:ListAllMyBuckets", resource="*")
    assert _allowed(EVERYTHING, action="s3:ListAllMyBuckets", resource="*")


# -- identity-based policies --------------------------------------------------------------------------------------


def test_nothing_allows_nothing() -> None:
    """Without a policy everything is refused, implicitly."""
    assert _decide(Policies()) == Decision(False, False, NO_IDENTITY)


def test_one_of_several_is_enough() -> None:
    """The policy that allows is told, if it has a name."""
    named = _document({"Action": "s3:Get*"}, source="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
    by = "an identity-based policy: arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"

    assert _decide(Policies((_document(DENY | {"Action": "ec2:*"}), named))) == Decision(True, False, by)


def test_an_explicit_deny_wins_and_is_named() -> None:
    """Wherever it stands, and whatever else allows."""
    cancelled = _document({"Effect": "Deny", "Action": "*"}, source=f"arn:aws:iam::{HERE}:policy/voc-cancel-cred")
    why = f"with an explicit deny in an identity-based policy: arn:aws:iam::{HERE}:policy/voc-cancel-cred"

    assert _decide(Policies((EVERYTHING, cancelled), resource=_resource({"AWS": ADA.arn}))) == Decision(
        False, True, why
    )


def test_a_deny_whose_condition_fails_denies_nothing() -> None:
    """Conditions limit denials too."""
    elsewhere = DENY | {"Condition": {"StringNotEquals": {"aws:username": "ada"}}}

    assert _allowed(EVERYTHING, _document(elsewhere))


# -- boundary and session policy ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policies", "expected"),
    [
        (Policies((READ,), boundary=EVERYTHING), Decision(True, False, "an identity-based policy")),
        (
            Policies((EVERYTHING,), boundary=_document({"Action": "ec2:*"})),
            Decision(False, False, "because no permissions boundary allows the s3:GetObject action"),
        ),
        (
            Policies((EVERYTHING,), boundary=_document({"Action": "*"}, DENY)),
            Decision(False, True, "with an explicit deny in a permissions boundary"),
        ),
        (Policies((), boundary=EVERYTHING), Decision(False, False, NO_IDENTITY)),
        (Policies((READ,), session=EVERYTHING), Decision(True, False, "an identity-based policy")),
        (
            Policies((EVERYTHING,), session=_document({"Action": "ec2:*"})),
            Decision(False, False, "because no session policy allows the s3:GetObject action"),
        ),
        (
            Policies((EVERYTHING,), session=_document({"Action": "*"}, DENY)),
            Decision(False, True, "with an explicit deny in a session policy"),
        ),
        (Policies((), session=EVERYTHING), Decision(False, False, NO_IDENTITY)),
    ],
)
def test_limits_take_away_and_never_give(policies: Policies, expected: Decision) -> None:
    """Boundary and session policy intersect with the caller's own."""
    assert _decide(policies, SESSION) == expected


# -- the resource's policy ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("principal", "caller", "identity", "expected"),
    [
        # The same account: either is enough, but an account only hands the question on.
        ({"AWS": ADA.arn}, ADA, (), True),
        ({"AWS": "AIDAADA"}, ADA, (), True),
        ("*", ADA, (), True),
        ({"AWS": "*"}, ADA, (), True),
        ({"AWS": HERE}, ADA, (), False),
        ({"AWS": f"arn:aws:iam::{HERE}:root"}, ADA, (), False),
        ({"AWS": f"arn:aws:iam::{HERE}:root"}, ADA, (READ,), True),
        ({"AWS": BASIL.arn}, ADA, (), False),
        ({"AWS": BASIL.arn}, ADA, (READ,), True),
        ({"AWS": ["AIDAOTHER", ADA.arn]}, ADA, (), True),
        ({"AWS": LAB}, SESSION, (), True),
        ({"AWS": SESSION_ARN}, SESSION, (), True),
        ({"AWS": "AROALAB"}, SESSION, (), True),
        ({"AWS": f"arn:aws:iam::{HERE}:role/Lab"}, SESSION, (), False),
        ({"AWS": f"arn:aws:sts::{HERE}:assumed-role/Lab/other"}, SESSION, (), False),
        ({"Service": "sagemaker.amazonaws.com"}, SAGEMAKER, (), True),
        ({"Service": "lambda.amazonaws.com"}, SAGEMAKER, (), False),
        ({"AWS": HERE}, SAGEMAKER, (), False),
        ({"Service": "sagemaker.amazonaws.com"}, ADA, (), False),
        # Another account: both must allow.
        ({"AWS": BASIL.arn}, BASIL, (), False),
        ({"AWS": BASIL.arn}, BASIL, (READ,), True),
        ({"AWS": THERE}, BASIL, (READ,), True),
        ({"AWS": THERE}, BASIL, (), False),
        ("*", BASIL, (READ,), True),
        ("*", BASIL, (), False),
        ({"AWS": HERE}, BASIL, (READ,), False),
        ({"AWS": THERE}, root(THERE), (EVERYTHING,), True),
        # Who did not sign is nobody's user, and has what everybody has.
        ("*", ANONYMOUS, (), True),
        ({"AWS": HERE}, ANONYMOUS, (), False),
    ],
)
def test_principal(principal: Any, caller: Caller, identity: tuple[Document, ...], *, expected: bool) -> None:
    """Whom a bucket's policy names, and what that is worth to callers near and far."""
    assert _decide(Policies(identity, resource=_resource(principal)), caller).allowed is expected


@pytest.mark.parametrize(
    ("principal", "expected"),
    [("*", False), ({"AWS": THERE}, False), ({"AWS": BASIL.arn}, False), ({"AWS": HERE}, True)],
)
def test_a_deny_reaches_whom_it_names(principal: Any, *, expected: bool) -> None:
    """An account's number denies everybody of the account."""
    both = _document({"Action": "s3:*", "Principal": "*"}, DENY | {"Principal": principal})

    assert _decide(Policies((READ,), resource=both), BASIL).allowed is expected


@pytest.mark.parametrize(
    ("excepted", "caller", "expected"),
    [
        ([ADA.arn, HERE], ADA, True),
        # The account alone, or the user alone, is not enough.
        ([ADA.arn], ADA, False),
        ([HERE], ADA, False),
        ([HERE], root(HERE), True),
        ([SESSION_ARN, LAB, f"arn:aws:iam::{HERE}:root"], SESSION, True),
        ([LAB, HERE], SESSION, False),
        ([ADA.arn, HERE], SESSION, False),
    ],
)
def test_not_principal(excepted: list[str], caller: Caller, *, expected: bool) -> None:
    """A denial of all but these leaves out only whom it names with the role and the account."""
    denial = {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "NotPrincipal": {"AWS": excepted}}
    bucket = parse({"Version": "2012-10-17", "Statement": denial})

    assert _decide(Policies((EVERYTHING,), resource=bucket), caller).allowed is expected
    # Who has a boundary is never left out.
    assert not _decide(Policies((EVERYTHING,), EVERYTHING, bucket), caller).allowed


def test_not_principal_leaves_out_a_service_by_its_name() -> None:
    """AWS's services have no account to be named with."""
    denial = {"Effect": "Deny", "Action": "*", "Resource": "*", "NotPrincipal": {"Service": SAGEMAKER.arn}}
    allowing = {"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": {"Service": SAGEMAKER.arn}}
    bucket = parse({"Version": "2012-10-17", "Statement": [denial, allowing]})

    assert _decide(Policies(resource=bucket), SAGEMAKER).allowed
    assert not _decide(Policies((EVERYTHING,), resource=bucket)).allowed


@pytest.mark.parametrize(
    ("principal", "caller", "expected"),
    [({"AWS": ADA.arn}, ADA, True), ({"AWS": SESSION_ARN}, SESSION, True), ({"AWS": LAB}, SESSION, False)],
)
def test_what_is_granted_to_a_user_or_session_itself_has_no_limits(
    principal: Any, caller: Caller, *, expected: bool
) -> None:
    """A boundary that is silent limits what a role has, not what a user or a session was given by its ARN."""
    nothing = _document({"Action": "ec2:*"})

    assert _decide(Policies((), nothing, _resource(principal), nothing), caller).allowed is expected


def test_another_accounts_refusal_says_which_side_it_is() -> None:
    """Where one's own policy allows, it is the bucket's that does not."""
    assert _decide(Policies((READ,)), BASIL) == Decision(False, False, NO_RESOURCE)
    assert _decide(Policies(), BASIL) == Decision(False, False, NO_IDENTITY)


def test_the_resources_account_stands_in_its_arn() -> None:
    """Where nothing else says whose it is."""
    theirs = f"arn:aws:sagemaker:us-east-1:{THERE}:model/x"
    request = Request("sagemaker:DescribeModel", theirs, ADA, {})

    assert evaluate(request, Policies((EVERYTHING,))).allowed is False


def test_what_is_aws_own_is_near() -> None:
    """AWS's managed policies are in nobody's account, and whoever is allowed to may read them."""
    theirs = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
    reading = _document({"Action": "iam:GetPolicy", "Resource": "arn:aws:iam::*:policy/*"})

    assert evaluate(Request("iam:GetPolicy", theirs, ADA, {}), Policies((reading,))).allowed


# -- trust policies -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("principal", "caller", "identity", "expected"),
    [
        ({"AWS": ADA.arn}, ADA, (), True),
        ({"AWS": f"arn:aws:iam::{HERE}:root"}, ADA, (), False),
        ({"AWS": f"arn:aws:iam::{HERE}:root"}, ADA, (EVERYTHING,), True),
        ({"AWS": BASIL.arn}, ADA, (EVERYTHING,), False),
        ({"AWS": BASIL.arn}, BASIL, (EVERYTHING,), True),
        ({"AWS": BASIL.arn}, BASIL, (), False),
        ({"Service": SAGEMAKER.arn}, ADA, (EVERYTHING,), False),
        ({"Service": SAGEMAKER.arn}, SAGEMAKER, (), True),
    ],
)
def test_trust(principal: Any, caller: Caller, identity: tuple[Document, ...], *, expected: bool) -> None:
    """A role's trust policy must allow even its own account's administrators."""
    trust = parse({"Statement": {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}})
    request = Request("sts:AssumeRole", LAB, caller, {})

    assert evaluate(request, Policies(identity, resource=trust), trust=True).allowed is expected


# -- in general ---------------------------------------------------------------------------------------------------

_ACTIONS = st.sampled_from(["s3:GetObject", "s3:Get*", "s3:*", "*", "s3:PutObject", "ec2:*"])
_STATEMENTS = st.lists(
    st.fixed_dictionaries({"Effect": st.sampled_from(["Allow", "Deny"]), "Action": _ACTIONS}), max_size=4
)


@given(_STATEMENTS, _STATEMENTS)
def test_another_policy_never_lifts_a_deny(first: list[dict[str, Any]], second: list[dict[str, Any]]) -> None:
    """What was explicitly denied stays denied, and what is added can only deny more of what was allowed explicitly."""
    alone = _decide(Policies((_document(*first),)))
    together = _decide(Policies((_document(*first), _document(*second))))

    if alone.explicit_deny:
        assert together == alone
    if together.allowed and not alone.allowed:
        assert _decide(Policies((_document(*second),))).allowed


@given(_STATEMENTS, _STATEMENTS)
def test_a_boundary_never_gives(own: list[dict[str, Any]], boundary: list[dict[str, Any]]) -> None:
    """Allowed with a boundary means allowed by both."""
    with_it = _decide(Policies((_document(*own),), boundary=_document(*boundary))).allowed

    assert with_it is (_allowed(_document(*own)) and _allowed(_document(*boundary)))
