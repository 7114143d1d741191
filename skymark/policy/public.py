"""What a bucket's policy lets everybody do: whoever asks, signed in or not.

Source: S3 user guide, "Bucket policies for Amazon S3" and "Setting permissions for website access"; IAM user guide,
"AWS JSON policy elements: Principal" and "Policy evaluation logic".
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Literal

from skymark.evidence import Struct
from skymark.policy.conditions import Context, applies, undecided_keys
from skymark.policy.document import Principals, Statement, parse_bucket_policy
from skymark.policy.grants import covers_action
from skymark.policy.logic import every, negate, some
from skymark.policy.pattern import bucket_tokens, matches
from skymark.policy.s3_actions import actions_by_level

_READ = "s3:GetObject"
READING = (_READ, "s3:GetObjectVersion")
_EXAMPLE = "example"


class PublicAccess(Struct, frozen=True):
    """What everybody may do by a bucket's policy.

    `unread` are the keys, of those that were asked about, that cannot be read; `undecided` those of which it hangs on a
    condition. `more` are the actions besides reading objects that are allowed, those that reach data first;
    `perhaps_more` those of which it hangs on one. `conditions` are the keys of such conditions.
    """

    unread: tuple[str, ...]
    undecided: tuple[str, ...]
    more: tuple[str, ...]
    perhaps_more: tuple[str, ...]
    conditions: tuple[str, ...]


def public_access(policy: str, bucket: str, keys: Sequence[str], partition: str = "aws") -> PublicAccess:
    """What the text of a bucket's policy, empty for none, lets everybody do with the bucket and with these objects.

    Objects are read as a website is: without encryption on the way, since S3's websites know no other. Whoever wants to
    do more may come either way. Block Public Access is another matter.

    Raises:
        PolicyDocumentError: the text is no bucket policy.
    """
    statements = parse_bucket_policy(policy, bucket)
    plain, encrypted = _anybody(encrypted=False), _anybody(encrypted=True)
    reads = {key: _allowed(statements, _READ, f"{bucket}/{key}", plain, partition) for key in keys}
    places = {"bucket": (bucket,), "object": tuple(_objects(statements, bucket, keys))}
    more = {
        action: some(
            _allowed(statements, action, place, context, partition)
            for place in places[level]
            for context in (plain, encrypted)
        )
        for level, actions in actions_by_level().items()
        for action in actions
        if action not in READING
    }
    return PublicAccess(
        unread=tuple(key for key, allowed in reads.items() if allowed is False),
        undecided=tuple(key for key, allowed in reads.items() if allowed is None),
        more=tuple(action for action, allowed in more.items() if allowed),
        perhaps_more=tuple(action for action, allowed in more.items() if allowed is None),
        conditions=tuple(dict.fromkeys(key for one in statements for key in undecided_keys(one, plain))),
    )


@cache
def _anybody(*, encrypted: bool) -> Context:
    """What is known of a request that nobody has signed. Where it comes from, and from which page, is not."""
    return Context(
        {
            "aws:securetransport": ("true" if encrypted else "false",),
            "aws:principaltype": ("Anonymous",),
            "aws:principalisawsservice": ("false",),
            "aws:principalaccount": None,
            "aws:principalarn": None,
            "aws:principalorgid": None,
            "aws:principalorgpaths": None,
            "aws:username": None,
        }
    )


def _allowed(
    statements: Iterable[Statement], action: str, resource: str, context: Context, partition: str
) -> bool | None:
    said: dict[Literal["Allow", "Deny"], list[bool | None]] = {"Allow": [], "Deny": []}
    for one in statements:
        if covers_action(one.actions, action) and _is_everybody(one.principals):
            said[one.effect].append(every((_is_about(one, resource, context, partition), applies(one, context))))
    return every((some(said["Allow"]), negate(some(said["Deny"]))))


def _is_everybody(principals: Principals) -> bool:
    """Whether it speaks of a stranger; everybody but some is one, too."""
    named = any(one.name == "*" and one.kind in ("*", "AWS") for one in principals.values)
    return named is not principals.inverted


def _is_about(one: Statement, resource: str, context: Context, partition: str) -> bool | None:
    lookup = context.lookup if one.variables else None
    patterns = [bucket_tokens(text, partition, lookup) for text in one.resources.values]
    found = some(matches(tokens, resource) for tokens in patterns if tokens is not None)
    return negate(found) if one.resources.inverted else found


def _objects(statements: Iterable[Statement], bucket: str, keys: Iterable[str]) -> Iterable[str]:
    """The objects that were asked about, any other, and one of each kind that the policy speaks of."""
    yield from (f"{bucket}/{key}" for key in (*keys, _EXAMPLE))
    for text in dict.fromkeys(text for one in statements for text in one.resources.values):
        # A star and a question mark may stand in a key too, so that a pattern is one of the keys that it matches.
        key = text.partition("/")[2]
        if key:
            yield f"{bucket}/{key}"
