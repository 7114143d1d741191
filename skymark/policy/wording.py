"""What was found out about a role's reach, as a sentence for the student: what was found, then what was wanted."""

from collections.abc import Callable, Iterable, Mapping

from skymark.policy.distance import edit_distance
from skymark.policy.findings import Excess, Found, Need, Opening, S3Access


def explain(access: S3Access) -> str:
    """One or two plain sentences."""
    if access.found is Found.OK:
        return f"the role can list, read, write and delete in {access.bucket}, and reaches no other bucket"
    if access.found is Found.UNKNOWN:
        return _unknown(access)
    return f"{_fault(access)}; {_wanted(access)}"


def _fault(access: S3Access) -> str:
    if access.excess is not None and access.found in _TOO_MUCH:
        return _TOO_MUCH[access.found](access, access.excess)
    return _TOO_LITTLE[access.found](access)


def _wanted(access: S3Access) -> str:
    return (
        f"wanted: the role can list {access.bucket} (s3:ListBucket), can read, write and delete objects in it "
        "(s3:GetObject, s3:PutObject, s3:DeleteObject), and reaches no other bucket"
    )


def _unknown(access: S3Access) -> str:
    reasons = "; ".join(access.reasons) or "its policies could not be evaluated"
    return f"whether the role reaches {access.bucket} and no other bucket cannot be told: {reasons}"


def _administrator(_access: S3Access, excess: Excess) -> str:
    return f"the role may do everything, in every S3 bucket too, like an administrator: {_opened_by(excess)}"


def _s3_full_access(_access: S3Access, excess: Excess) -> str:
    return f"the role has full access to every S3 bucket{_such_as(excess)}: {_opened_by(excess)}"


def _any_bucket(_access: S3Access, excess: Excess) -> str:
    return f"the role reaches any S3 bucket{_such_as(excess)}: {_opened_by(excess)}"


def _second_bucket(access: S3Access, excess: Excess) -> str:
    names = access.others or (excess.bucket,)
    besides = "" if _lacking(access) else f" besides {access.bucket}"
    return f"the role reaches {_enumerated(names)}{besides}: {_opened_by(excess)}{_but_not(access)}"


def _wider(access: S3Access, excess: Excess) -> str:
    name = excess.bucket if excess.exists else f"a bucket called {excess.bucket}"
    return f"the role reaches further than {access.bucket}, also {name}: {_opened_by(excess)}{_but_not(access)}"


def _mistyped(access: S3Access) -> str:
    if set(access.typed) == {"SageMaker"}:
        return (
            'the role\'s policy names a bucket "SageMaker", and no bucket can be called that: '
            "the console writes this when no bucket's name was typed in, as a rule"
        )
    nearest = access.typed[0]
    others = f" and {len(access.typed) - 1} more" if len(access.typed) > 1 else ""
    return (
        f'the role\'s policies name "{nearest}"{others}, not "{access.bucket}"{_what_happened(nearest, access.bucket)}'
    )


def _none(_access: S3Access) -> str:
    return (
        "none of the role's own policies opens an S3 bucket (AWS's general ones, such as AmazonSageMakerFullAccess, "
        "do not count here)"
    )


def _denied(access: S3Access) -> str:
    taken = [need for need in access.needs if need.taken_by is not None]
    by = taken[0].taken_by
    if isinstance(by, Opening):
        return f"{by} denies {_actions(taken)} on {access.bucket}, and a Deny wins over every Allow"
    return f"the permissions boundary {by} does not let {_actions(taken)} on {access.bucket} through"


def _missing(access: S3Access) -> str:
    lacking = _lacking(access)
    only_list = [need.resource for need in lacking] == [access.bucket]
    hint = " (for that a statement has to name the bucket itself, without /*)" if only_list else ""
    return f"the role's policies do not allow {_actions(lacking)} on {access.bucket}{hint}"


_TOO_MUCH: Mapping[Found, Callable[[S3Access, Excess], str]] = {
    Found.ADMINISTRATOR: _administrator,
    Found.S3_FULL_ACCESS: _s3_full_access,
    Found.ANY_BUCKET: _any_bucket,
    Found.SECOND_BUCKET: _second_bucket,
    Found.WIDER: _wider,
}
_TOO_LITTLE: Mapping[Found, Callable[[S3Access], str]] = {
    Found.MISTYPED: _mistyped,
    Found.NONE: _none,
    Found.DENIED: _denied,
    Found.MISSING: _missing,
}


def _opened_by(excess: Excess) -> str:
    shown = tuple(f"{opening} ({_enumerated(opening.resources)})" for opening in excess.opened_by)
    return f"opened by {_enumerated(shown)}"


def _such_as(excess: Excess) -> str:
    return f", {excess.bucket} for example" if excess.exists else ""


def _lacking(access: S3Access) -> tuple[Need, ...]:
    return tuple(need for need in access.needs if need.allowed is False)


def _but_not(access: S3Access) -> str:
    lacking = _lacking(access)
    are = "is" if len({need.action for need in lacking}) == 1 else "are"
    return f"; and {_actions(lacking)} on {access.bucket} {are} not allowed" if lacking else ""


def _actions(needs: Iterable[Need]) -> str:
    return _enumerated(tuple(dict.fromkeys(need.action for need in needs)), most=4)


def _enumerated(names: tuple[str, ...], most: int = 3) -> str:
    shown = list(names[:most])
    if len(names) > most:
        shown.append(f"{len(names) - most} more")
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))


def _what_happened(typed: str, wanted: str) -> str:
    bare = typed.lower().removeprefix("s3://").rpartition(":::")[2].strip("/ ")
    if bare == wanted:
        return " (right bucket, but only its bare name belongs there)"
    return " (it looks like a typing slip)" if edit_distance(bare, wanted) <= 3 else ""
