"""What a bucket's policy lets everybody do: whoever asks, signed in or not.

Source: S3 user guide, "Bucket policies for Amazon S3" and "Setting permissions for website access"; IAM user guide,
"AWS JSON policy elements: Principal" and "Policy evaluation logic".
"""

from collections.abc import Iterable, Sequence
from functools import cache

from skymark.evidence import Struct
from skymark.policy.conditions import Context, undecided_keys
from skymark.policy.document import Principals, Statement, parse_bucket_policy
from skymark.policy.grants import Selected, grants_of_statements
from skymark.policy.logic import some
from skymark.policy.pattern import Automaton, Level, find_resource
from skymark.policy.s3_actions import actions_by_level

_READ = "s3:GetObject"
READING = (_READ, "s3:GetObjectVersion")
# Enough for as many objects as can be named one by one in the 20 kilobytes of a bucket's policy.
_MOST_STATES = 30_000


class PublicAccess(Struct, frozen=True):
    """What everybody may do by a bucket's policy.

    `unread` are the keys, of those that were asked about, that cannot be read; `undecided` those of which it hangs on a
    condition. `more` are the actions besides reading objects that are allowed, those that reach data first;
    `perhaps_more` those of which it hangs on one. `conditions` are the keys of such conditions; without any it hangs on
    a variable, or there are too many wildcards to be compared.
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
    stranger = _anybody(encrypted=False)
    plain = _Reach(statements, bucket, stranger, partition)
    encrypted = _Reach(statements, bucket, _anybody(encrypted=True), partition)
    reads = {key: plain.allows(_READ, f"{bucket}/{key}") for key in keys}
    more = {
        action: some(reach.allows_somewhere(action, level) for reach in (plain, encrypted))
        for level, actions in actions_by_level().items()
        for action in actions
        if action not in READING
    }
    return PublicAccess(
        unread=tuple(key for key, allowed in reads.items() if allowed is False),
        undecided=tuple(key for key, allowed in reads.items() if allowed is None),
        more=tuple(action for action, allowed in more.items() if allowed),
        perhaps_more=tuple(action for action, allowed in more.items() if allowed is None),
        conditions=tuple(dict.fromkeys(key for one in statements for key in undecided_keys(one, stranger))),
    )


class _Reach:
    """What one stranger may do."""

    def __init__(self, statements: Iterable[Statement], bucket: str, context: Context, partition: str) -> None:
        everybodys = (one for one in statements if _is_everybody(one.principals))
        self._grants = grants_of_statements(everybodys, partition, context)
        self._bucket = bucket
        self._automaton = Automaton(self._grants.patterns)
        # Most actions are spoken of by the same statements.
        self._somewhere = cache(self._search)

    def allows(self, action: str, resource: str) -> bool | None:
        """Whether the action is allowed on `bucket` or `bucket/key`."""
        state = self._automaton.run(self._automaton.start, resource)
        return self._grants.allowed(self._grants.selected(action), self._automaton.accepted(state))

    def allows_somewhere(self, action: str, level: Level) -> bool | None:
        """Whether it is allowed on the bucket, or on any object that can be in it."""
        return self._somewhere(level, self._grants.selected(action))

    def _search(self, level: Level, selected: Selected) -> bool | None:
        if not selected.allows:
            return False
        search = find_resource(
            self._automaton,
            lambda accepted: self._grants.allowed(selected, accepted),
            level=level,
            bucket=self._bucket,
            max_states=_MOST_STATES,
        )
        if search.certain is not None:
            return True
        return None if search.possible is not None or not search.complete else False


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


def _is_everybody(principals: Principals) -> bool:
    """Whether it speaks of a stranger; everybody but some is one, too."""
    named = any(one.name == "*" and one.kind in ("*", "AWS") for one in principals.values)
    return named is not principals.inverted
