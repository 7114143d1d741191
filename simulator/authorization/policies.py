"""The policies that a caller is judged by, out of moto's IAM."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from simulator.authorization.buckets import bucket_policy
from simulator.authorization.callers import FREE_SESSIONS, Caller, role_by_arn, session_of
from simulator.authorization.documents import Document, MalformedPolicy, parse
from simulator.authorization.evaluation import Policies
from simulator.authorization.resources import iam_backend

if TYPE_CHECKING:
    from moto.iam.models import Group, IAMBackend, ManagedPolicy, Role, User

__all__ = ["bucket_policy", "policies_of"]

_NOTHING = Document(())
_EVERYTHING = parse({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})


def policies_of(caller: Caller) -> Policies:
    """A user's policies and those of its groups, or a role's and its session's, with the boundary.

    A root user may do everything. So may the session of a role that does not exist, since moto lets one be assumed:
    that is how the practice cloud makes an account's first keys, and a Learner Lab's `voclabs`.
    """
    backend = iam_backend(caller.account, _partition(caller))
    if caller.kind == "Root":
        return Policies((_EVERYTHING,))
    if backend is None or caller.kind in ("Anonymous", "AWSService"):
        return Policies()
    return _of_user(caller, backend) if caller.kind == "IAMUser" else _of_session(caller, backend)


def _partition(caller: Caller) -> str:
    return caller.arn.split(":")[1] if caller.arn.startswith("arn:") else "aws"


def _of_user(caller: Caller, backend: "IAMBackend") -> Policies:
    user = backend.users.get(caller.name or "")
    if user is None:
        return Policies()
    own = [*_documents(user)]
    for group in list(backend.groups.values()):
        if user in group.users:
            own += _documents(group)
    # moto gives users no boundary; whoever adds it will call it as the role's is called.
    return Policies(tuple(own), _boundary(getattr(user, "permissions_boundary_arn", None), backend))


def _of_session(caller: Caller, backend: "IAMBackend") -> Policies:
    role = role_by_arn(caller.role_arn or "", backend)
    free = role is None and caller.access_key in FREE_SESSIONS
    own = (_EVERYTHING,) if free else () if role is None else tuple(_documents(role))
    boundary = _boundary(role.permissions_boundary_arn, backend) if role else None
    session = session_of(caller.access_key, backend)
    return Policies(own, boundary, session=_read(session.policy) if session and session.policy else None)


def _documents(holder: "User | Group | Role") -> Iterator[Document]:
    yield from map(_read, list(holder.policies.values()))
    yield from _managed(list(holder.managed_policies.values()))


def _managed(policies: Iterable["ManagedPolicy"]) -> Iterator[Document]:
    for policy in policies:
        for version in policy.versions:
            if version.is_default:
                yield _read(version.document, policy.arn)


def _boundary(arn: str | None, backend: "IAMBackend") -> Document | None:
    if not arn:
        return None
    policy = backend.managed_policies.get(arn)
    return next(_managed([policy]), _NOTHING) if policy else _NOTHING


def _read(text: str, source: str = "") -> Document:
    try:
        return parse(text, source)
    except MalformedPolicy:
        return _NOTHING  # moto took what IAM would not have
