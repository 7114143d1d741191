"""Who may assume a role: whether SageMaker can, and who outside the account could.

Source: IAM user guide, "AWS JSON policy elements: Principal"; SageMaker guide, "Cross-service confused deputy
prevention" (SageMaker sends aws:SourceAccount and aws:SourceArn).
"""

import enum
import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from skymark.evidence import Struct
from skymark.policy.conditions import Context, applies, undecided_keys
from skymark.policy.document import Condition, PolicyDocumentError, Principal, Principals, Statement, parse_trust
from skymark.policy.grants import covers_action
from skymark.policy.logic import every, negate, some
from skymark.policy.pattern import matches, tokens_of

_SAGEMAKER = "sagemaker.amazonaws.com"
_ASSUME = "sts:AssumeRole"
_FEDERATED = ("sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity")
_ACCOUNT = re.compile(r"\d{12}")
_ARN_ACCOUNT = re.compile(r"arn:[^:]*:(?:iam|sts)::(\d{12}):")
# IAM shows a deleted user or role by its unique id; nobody can be it any more.
_DELETED = re.compile(r"A[A-Z]{3}[A-Z0-9]{12,}")
# Whoever assumes a role chooses these, or brings them along from an outside identity provider.
_CALLERS_OWN = ("sts:externalid", "sts:rolesessionname", "sts:sourceidentity", "saml:", "token.actions.")
_POSITIVE = ("stringequals", "stringlike", "stringequalsignorecase")


class TrustFound(enum.StrEnum):
    """What is to be said of a trust policy, in one word."""

    OK = "ok"
    OUTSIDERS = "outsiders"
    NO_SAGEMAKER = "SageMaker cannot assume it"
    UNKNOWN = "unknown"


class Outsider(Struct, frozen=True):
    """Somebody outside the account who can assume the role, and the statement (`statement 1`) that lets them."""

    name: str
    label: str


class Trust(Struct, frozen=True):
    """Who may assume a role. `sagemaker` is None when it cannot be decided; `reasons` say why."""

    found: TrustFound
    role: str
    sagemaker: bool | None
    outsiders: tuple[Outsider, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def is_right(self) -> bool | None:
        """Whether SageMaker may and no outsider may; None when that could not be decided."""
        return None if self.found is TrustFound.UNKNOWN else self.found is TrustFound.OK


class _Caller(Struct, frozen=True):
    """Somebody who would assume the role. `account` is None for a service or a provider of outside identities."""

    principal: Principal
    name: str
    account: str | None
    context: Context


def trust_of(document: str, account: str, partition: str, role_arn: str) -> Trust:
    """Evaluate the trust policy of a role.

    AWS's own services are tolerated, and so are this account's principals and deleted ones. A document that
    is not a policy makes the result unknown.
    """
    role = role_arn.rpartition("/")[2]
    try:
        statements = parse_trust(document, "the trust policy")
    except PolicyDocumentError as error:
        return Trust(TrustFound.UNKNOWN, role, None, reasons=(str(error),))
    sagemaker = _sagemaker(statements, account, partition)
    verdicts = [(caller, label, may) for caller, label, may in _outside(statements, account, partition)]
    outsiders = tuple(dict.fromkeys(Outsider(caller.name, label) for caller, label, may in verdicts if may))
    doubts = tuple(caller for caller, _, may in verdicts if may is None)
    found = _found(sagemaker, outsiders, doubts)
    reasons = _reasons(statements, doubts, account, partition) if found is TrustFound.UNKNOWN else ()
    return Trust(found, role, sagemaker, outsiders, reasons)


def explain(trust: Trust) -> str:
    """One plain sentence: what was found, then what was wanted."""
    wanted = f"wanted is a role that SageMaker ({_SAGEMAKER}) can assume, and nobody outside the account"
    if trust.found is TrustFound.OK:
        return f"SageMaker can assume {trust.role}, and nobody outside the account can"
    if trust.found is TrustFound.UNKNOWN:
        return f"who may assume {trust.role} cannot be told: {'; '.join(trust.reasons)}"
    faults = [f"{one.label} of the trust policy of {trust.role} lets in {one.name}" for one in trust.outsiders]
    if trust.sagemaker is False:
        faults.append(f"the trust policy of {trust.role} does not let SageMaker in")
    return f"{', and '.join(faults)}; {wanted}"


def _found(sagemaker: bool | None, outsiders: tuple[Outsider, ...], doubts: tuple[_Caller, ...]) -> TrustFound:
    if outsiders:
        return TrustFound.OUTSIDERS
    if sagemaker is False:
        return TrustFound.NO_SAGEMAKER
    return TrustFound.UNKNOWN if doubts or sagemaker is None else TrustFound.OK


def _sagemaker(statements: tuple[Statement, ...], account: str, partition: str) -> bool | None:
    answers = {
        _may_assume(statements, caller, _ASSUME) for caller in _sagemaker_callers(statements, account, partition)
    }
    return answers.pop() if len(answers) == 1 else None


def _sagemaker_callers(statements: tuple[Statement, ...], account: str, partition: str) -> tuple[_Caller, ...]:
    """SageMaker on behalf of quite different things: what holds for all of these holds for all that it does."""
    prefix = f"arn:{partition}:sagemaker"
    sources = [f"{prefix}:us-east-1:{account}:notebook-instance/any", f"{prefix}:eu-west-3:{account}:training-job/x"]
    for text in _texts(statements):
        fields = text.split(":", 5)
        if len(fields) == 6 and _fits(fields[2], "sagemaker") and _fits(fields[4], account):
            region = fields[3].replace("*", "us-east-1").replace("?", "1")
            name = fields[5].replace("*", "x").replace("?", "x")
            sources.append(f"{prefix}:{region}:{account}:{name}")
    return tuple(
        _Caller(
            Principal("Service", _SAGEMAKER),
            _SAGEMAKER,
            None,
            Context(
                {
                    "aws:sourceaccount": (account,),
                    "aws:sourcearn": (source,),
                    "aws:principalisawsservice": ("true",),
                    "aws:principalservicename": (_SAGEMAKER,),
                    "aws:securetransport": ("true",),
                    "sts:externalid": None,
                }
            ),
        )
        for source in sources
    )


def _fits(pattern: str, text: str) -> bool:
    return bool(matches(tokens_of(pattern), text))


def _outside(
    statements: tuple[Statement, ...], account: str, partition: str
) -> Iterator[tuple[_Caller, str, bool | None]]:
    """Everybody outside whom some statement may let in, with that statement and whether they get in."""
    for statement in statements:
        if statement.effect != "Allow":
            continue
        for caller in _callers(statement, statements, account, partition):
            for action in _FEDERATED if caller.principal.kind == "Federated" else (_ASSUME,):
                may = every((_allows(statement, caller, action), negate(_denied(statements, caller, action))))
                if caller.principal.kind == "CanonicalUser" and may:
                    may = None  # a canonical id does not tell whose account it is
                if may is not False:
                    yield caller, statement.label, may


def _callers(
    statement: Statement, statements: tuple[Statement, ...], account: str, partition: str
) -> Iterator[_Caller]:
    """The outsiders to try on one statement: those that it names, and for "everybody" some of everybody."""
    everybody = statement.principals.inverted or any(one.name == "*" for one in statement.principals.values)
    if everybody:
        name = "everybody in the world" if not statement.principals.inverted else "everybody but those it excepts"
        yield from _strangers(name, statements, account, partition)
    if statement.principals.inverted:
        return
    for principal in statement.principals.values:
        if principal.kind in ("Federated", "CanonicalUser"):
            yield _Caller(principal, _named(principal), None, Context({}))
        elif principal.kind == "AWS" and principal.name != "*":
            other = _account_of(principal.name)
            if other != account and not _DELETED.fullmatch(principal.name):
                yield _outsider(principal, _named(principal), other or "")


def _strangers(name: str, statements: tuple[Statement, ...], account: str, partition: str) -> Iterator[_Caller]:
    """One account that nobody mentions, and each one that some condition or principal does.

    Conditions can only tell apart what they mention, so that these stand for everybody.
    """
    texts = _texts(statements)
    mentioned = {found for text in texts for found in _ACCOUNT.findall(text)} | {account}
    nobodys = next(number for number in map("{:012d}".format, range(999_999_999_999, 0, -1)) if number not in mentioned)
    yield _outsider(Principal("AWS", f"arn:{partition}:iam::{nobodys}:role/any"), name, nobodys)
    for other in sorted(mentioned - {account}):
        yield _outsider(Principal("AWS", f"arn:{partition}:iam::{other}:role/any"), f"account {other}", other)
    for text in texts:
        arn = text.replace("*", "x").replace("?", "x")
        other = _account_of(arn) or ""
        if text.startswith("arn:") and other in mentioned - {account}:
            yield _outsider(Principal("AWS", arn), arn, other)


def _texts(statements: tuple[Statement, ...]) -> list[str]:
    """Everything that conditions and principals mention."""
    texts = [value for one in statements for condition in one.conditions for value in condition.values]
    return texts + [principal.name for one in statements for principal in one.principals.values]


def _outsider(principal: Principal, name: str, account: str) -> _Caller:
    values: Mapping[str, tuple[str, ...] | None] = {
        "aws:principalaccount": (account,),
        "aws:principalarn": (principal.name,),
        "aws:principalisawsservice": ("false",),
        "aws:securetransport": ("true",),
        # Only services send these.
        "aws:sourceaccount": None,
        "aws:sourcearn": None,
    }
    if _is_whole_account(principal.name, account):
        # It stands for everybody of that account, whose ARNs differ.
        values = {key: value for key, value in values.items() if key != "aws:principalarn"}
    return _Caller(principal, name, account, Context(values))


def _account_of(principal: str) -> str | None:
    if _ACCOUNT.fullmatch(principal):
        return principal
    found = _ARN_ACCOUNT.match(principal)
    return found[1] if found else None


def _named(principal: Principal) -> str:
    if principal.kind == "Federated":
        return f"the outside identities of {principal.name}"
    if principal.kind == "CanonicalUser":
        return f"the account with the canonical id {principal.name}"
    account = _account_of(principal.name)
    whole = account is not None and _is_whole_account(principal.name, account)
    return f"account {account}" if whole else principal.name


def _is_whole_account(principal: str, account: str) -> bool:
    return principal == account or principal.endswith(f":{account}:root")


def _may_assume(statements: Iterable[Statement], caller: _Caller, action: str) -> bool | None:
    granted = some(_allows(one, caller, action) for one in statements if one.effect == "Allow")
    return every((granted, negate(_denied(statements, caller, action))))


def _denied(statements: Iterable[Statement], caller: _Caller, action: str) -> bool | None:
    return some(
        every((_speaks_of(one, caller, action), applies(one, caller.context)))
        for one in statements
        if one.effect == "Deny"
    )


def _allows(statement: Statement, caller: _Caller, action: str) -> bool | None:
    # What callers choose for themselves keeps no outsider away: somebody has the right value.
    conditions = statement.conditions
    if caller.principal.kind != "Service":
        conditions = tuple(one for one in conditions if not _is_callers_own(one, caller.principal))
    kept = replace(statement, conditions=conditions)
    return every((_speaks_of(statement, caller, action), applies(kept, caller.context)))


def _is_callers_own(condition: Condition, principal: Principal) -> bool:
    operator = condition.operator.lower().rpartition(":")[2].removesuffix("ifexists")
    key = condition.key.lower()
    provider = principal.name.lower().rpartition("provider/")[2]
    of_provider = principal.kind == "Federated" and key.startswith(f"{provider}:")
    return operator in _POSITIVE and (of_provider or key.startswith(_CALLERS_OWN))


def _speaks_of(statement: Statement, caller: _Caller, action: str) -> bool | None:
    return every((covers_action(statement.actions, action), _includes(statement.principals, caller)))


def _includes(principals: Principals, caller: _Caller) -> bool:
    return any(_is_meant(one, caller) for one in principals.values) is not principals.inverted


def _is_meant(principal: Principal, caller: _Caller) -> bool:
    if principal.kind == "*" or (principal.kind == "AWS" and principal.name == "*"):
        return True
    if principal.kind != caller.principal.kind:
        return False
    if principal.name in (caller.principal.name, "*"):
        return True
    return caller.account is not None and _is_whole_account(principal.name, caller.account)


def _reasons(
    statements: tuple[Statement, ...], doubts: tuple[_Caller, ...], account: str, partition: str
) -> tuple[str, ...]:
    reasons = [f"nobody can tell who {one.name} is" for one in doubts if one.principal.kind == "CanonicalUser"]
    callers = (*doubts, *_sagemaker_callers(statements, account, partition))
    for statement in statements:
        keys = dict.fromkeys(key for caller in callers for key in undecided_keys(statement, caller.context))
        if keys:
            reasons.append(
                f"{statement.label} of the trust policy has a condition that cannot be decided from outside "
                f"({', '.join(keys)})"
            )
    return tuple(reasons) or ("it lets SageMaker in for some of its work only (aws:SourceArn)",)
