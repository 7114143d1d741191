"""AWS's decision about one request.

Source: IAM user guide, "Policy evaluation logic" with "Cross-account policy evaluation logic", and the pages on the
Principal and NotPrincipal elements.
"""

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from simulator.authorization.callers import Caller
from simulator.authorization.conditions import Values
from simulator.authorization.documents import Document, Principals, Statement


@dataclass(frozen=True)
class Request:
    """What is asked for: `sagemaker:CreateModel`, the ARN or `*`, by whom.

    `context` has AWS's condition keys in any case. The account that the resource is of is `aws:ResourceAccount`, or
    stands in the ARN, or else is the caller's.
    """

    action: str
    resource: str
    caller: Caller
    context: Mapping[str, Values]
    folded: Mapping[str, Values] = field(init=False, repr=False, compare=False)
    folded_action: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "folded", {key.lower(): value for key, value in self.context.items()})
        object.__setattr__(self, "folded_action", self.action.lower())

    def value(self, key: str) -> str | None:
        """What a policy's variable of this name stands for; keys with several values are no variables."""
        value = self.folded.get(key.lower())
        return value if isinstance(value, str) else None

    @property
    def resource_account(self) -> str:
        """The 12-digit account that the resource is of; what is AWS's own, as its policies are, counts as near."""
        parts = self.resource.split(":", 5)
        named = parts[4] if len(parts) == 6 and parts[4].isdecimal() else None
        return self.value("aws:ResourceAccount") or named or self.caller.account


@dataclass(frozen=True)
class Policies:
    """What is judged by; `session` is what came with AssumeRole, `resource` a bucket's or role's own policy."""

    identity: tuple[Document, ...] = ()
    boundary: Document | None = None
    resource: Document | None = None
    session: Document | None = None


@dataclass(frozen=True)
class Decision:
    """Whether the request is allowed, and by what; for a refusal `by` is the reason in AWS's words."""

    allowed: bool
    explicit_deny: bool
    by: str


class Named(enum.IntEnum):
    """How a Principal element names a caller; what is higher grants more by itself.

    ACCOUNT leaves the rest to the caller's own policies. WIDELY, by a role's ARN or as everybody, is still limited by
    a boundary and a session policy. ITSELF, by the ARN of the user or session, is not.
    """

    NOT = 0
    ACCOUNT = 1
    WIDELY = 2
    ITSELF = 3


# Nobody's users: what the resource's policy says is all there is.
_WITHOUT_POLICIES = ("Anonymous", "AWSService")
_ALLOWED_BY_RESOURCE = Decision(True, False, "a resource-based policy")


def evaluate(request: Request, policies: Policies, *, trust: bool = False) -> Decision:
    """Whether these policies allow the request.

    With `trust`, the resource's policy is a role's trust policy, without which nothing goes even in one's own account.
    """
    denied = _explicit_deny(request, policies)
    if denied is not None:
        return denied
    named = _granted(request, policies.resource)
    near = request.caller.account == request.resource_account or request.caller.kind in _WITHOUT_POLICIES
    if near and named is Named.ITSELF:
        return _ALLOWED_BY_RESOURCE
    own = _allowing(request, policies.identity)
    if (trust or not near) and named is Named.NOT and (own or trust):
        return _refused(request, "role trust policy" if trust else "resource-based policy")
    if own is None and not (near and named is Named.WIDELY):
        return _refused(request, "identity-based policy")
    limits = (("permissions boundary", policies.boundary), ("session policy", policies.session))
    for limit, document in limits:
        if document is not None and _allowing(request, (document,)) is None:
            return _refused(request, limit)
    return _ALLOWED_BY_RESOURCE if own is None else Decision(True, False, _called("an identity-based policy", own))


def _refused(request: Request, kind: str) -> Decision:
    return Decision(False, False, f"because no {kind} allows the {request.action} action")


def _called(kind: str, document: Document) -> str:
    return f"{kind}: {document.source}" if document.source else kind


def _explicit_deny(request: Request, policies: Policies) -> Decision | None:
    for kind, document in _all_documents(policies):
        for statement in document.statements:
            if statement.effect == "Deny" and applies(statement, request, bounded=policies.boundary is not None):
                return Decision(False, True, f"with an explicit deny in {_called(kind, document)}")
    return None


def _all_documents(policies: Policies) -> Iterator[tuple[str, Document]]:
    for document in policies.identity:
        yield "an identity-based policy", document
    if policies.resource is not None:
        yield "a resource-based policy", policies.resource
    if policies.boundary is not None:
        yield "a permissions boundary", policies.boundary
    if policies.session is not None:
        yield "a session policy", policies.session


def _allowing(request: Request, documents: tuple[Document, ...]) -> Document | None:
    """The first of the documents that allows the request."""
    for document in documents:
        for statement in document.statements:
            if statement.effect == "Allow" and applies(statement, request):
                return document
    return None


def _granted(request: Request, document: Document | None) -> Named:
    """The best that a resource's policy does for the caller."""
    if document is None:
        return Named.NOT
    granting = (each for each in document.statements if each.effect == "Allow" and applies(each, request))
    return max((_named(each, request.caller) for each in granting), default=Named.NOT)


def applies(statement: Statement, request: Request, *, bounded: bool = False) -> bool:
    """Whether the statement is about the request: its action, resource, caller and conditions.

    A caller who has a permissions boundary (`bounded`) is never excepted by NotPrincipal.
    """
    return (
        statement.actions.match(request.folded_action, request.value) is not statement.not_actions
        and _has_resource(statement, request)
        and (statement.principals is None or (bounded and statement.not_principals) or _has_caller(statement, request))
        and all(condition.holds(request.folded, request.value) for condition in statement.conditions)
    )


def _has_resource(statement: Statement, request: Request) -> bool:
    if statement.resources is None:
        return True
    return statement.resources.match(request.resource, request.value) is not statement.not_resources


def _has_caller(statement: Statement, request: Request) -> bool:
    if statement.not_principals:
        return not _excepted(statement.principals or Principals(), request.caller)
    return _named(statement, request.caller) is not Named.NOT


def _named(statement: Statement, caller: Caller) -> Named:
    principals = statement.principals
    if principals is None:
        return Named.NOT
    if statement.not_principals:
        return Named.NOT if _excepted(principals, caller) else Named.WIDELY
    user_or_role_id, _, session = caller.principal_id.partition(":")
    if caller.arn in principals.named | principals.services or (not session and user_or_role_id in principals.named):
        return Named.ITSELF
    if principals.everybody or caller.role_arn in principals.named or user_or_role_id in principals.named:
        return Named.WIDELY
    return Named.ACCOUNT if caller.kind != "AWSService" and caller.account in principals.accounts else Named.NOT


def _excepted(principals: Principals, caller: Caller) -> bool:
    """Whether NotPrincipal leaves the caller out: the account must be named, and the role, and the user or session."""
    if principals.everybody:
        return True
    if caller.kind == "AWSService":
        return caller.arn in principals.services
    if caller.account not in principals.accounts:
        return False
    if caller.kind == "Root":
        return True
    return caller.arn in principals.named and (caller.role_arn is None or caller.role_arn in principals.named)
