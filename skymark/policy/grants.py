"""What a role's policies allow together, three-valued: granted, within the boundary, and not denied.

Source: IAM user guide, "Policy evaluation logic".
"""

from collections.abc import Iterable

from skymark.evidence import Policy, Role, Struct
from skymark.policy.conditions import Context, applies
from skymark.policy.document import PolicyDocumentError, Selection, Statement, parse_policy
from skymark.policy.logic import every, negate, some
from skymark.policy.pattern import Tokens, bucket_tokens, is_exact, matches, tokens_of

# The AWS-managed policies that count as granting, with what they say of S3 where their text was not read.
_EVERYTHING = '{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'
_ALL_OF_S3 = '{"Statement": {"Effect": "Allow", "Action": ["s3:*", "s3-object-lambda:*"], "Resource": "*"}}'
ADMINISTRATOR = "AdministratorAccess"
S3_FULL = "AmazonS3FullAccess"
_COUNTED = {ADMINISTRATOR: _EVERYTHING, S3_FULL: _ALL_OF_S3}
# AWS's own policies for SageMaker have no Deny: unread, they take nothing away.
_WITHOUT_DENY = "AmazonSageMaker"


class Rule(Struct, frozen=True):
    """A statement with what is known of it: whether it applies, and which patterns (a bit each) are its resources."""

    statement: Statement
    applies: bool | None
    patterns: int


class Unread(Struct, frozen=True):
    """The policies whose text is not known, by what they could do."""

    grants: tuple[str, ...] = ()
    denies: tuple[str, ...] = ()
    boundary: tuple[str, ...] = ()


class Selected(Struct, frozen=True):
    """The rules that speak of one action, by their index. `boundary` is None when the role has none."""

    allows: tuple[int, ...]
    denies: tuple[int, ...]
    boundary: tuple[int, ...] | None


class Grants(Struct, frozen=True):
    """All rules of a role that can apply.

    `boundary` is None, and its name empty, when the role has none or it is unread. Bit i of a match stands for
    `patterns[i]`; `exact` has the bits of those without an unknown text.
    """

    allows: tuple[Rule, ...]
    denies: tuple[Rule, ...]
    boundary: tuple[Rule, ...] | None
    boundary_name: str
    unread: Unread
    patterns: tuple[Tokens, ...]
    exact: int

    def selected(self, action: str) -> Selected:
        """The rules that speak of `action`."""
        boundary = None if self.boundary is None else _speaking_of(action, self.boundary)
        return Selected(_speaking_of(action, self.allows), _speaking_of(action, self.denies), boundary)

    def covers(self, rule: Rule, matched: int) -> bool | None:
        """Whether a rule applies to a resource that matches these patterns."""
        return every((rule.applies, self._names(rule, matched)))

    def _names(self, rule: Rule, matched: int) -> bool | None:
        hit = matched & rule.patterns
        named = True if hit & self.exact else (None if hit else False)
        return negate(named) if rule.statement.resources.inverted else named

    def granted(self, selected: Selected, matched: int) -> bool | None:
        """Whether some counted policy grants it, whatever takes it away again."""
        rules = (self.covers(self.allows[index], matched) for index in selected.allows)
        return some((*rules, None if self.unread.grants else False))

    def within_boundary(self, selected: Selected, matched: int) -> bool | None:
        """Whether the boundary lets it through; its Deny statements stand among the others."""
        if self.unread.boundary:
            return None
        if selected.boundary is None or self.boundary is None:
            return True
        return some(self.covers(self.boundary[index], matched) for index in selected.boundary)

    def denied(self, selected: Selected, matched: int) -> bool | None:
        """Whether a Deny takes it away."""
        rules = (self.covers(self.denies[index], matched) for index in selected.denies)
        return some((*rules, None if self.unread.denies else False))

    def allowed(self, selected: Selected, matched: int) -> bool | None:
        """Whether it is allowed in the end."""
        return every(
            (
                self.granted(selected, matched),
                self.within_boundary(selected, matched),
                negate(self.denied(selected, matched)),
            )
        )


def grants_of(role: Role, partition: str, context: Context) -> Grants:
    """Read the policies of a role; a text that is missing or is no policy is unread, never empty."""
    reader = _Reader(partition, context)
    if role.policies is None:
        reader.unread_list(f"the list of the policies of {role.name}")
    for policy in role.policies or ():
        reader.read(policy)
    if role.boundary is not None:
        reader.read_boundary(role.boundary)
    return reader.grants()


def grants_of_statements(statements: Iterable[Statement], partition: str, context: Context) -> Grants:
    """The same of statements that stand by themselves, such as those of a bucket's policy."""
    reader = _Reader(partition, context)
    reader.take(tuple(statements))
    return reader.grants()


def is_counted(policy: Policy, partition: str) -> bool:
    """Whether what a policy allows counts: the student's own, and the two of AWS's that open all of S3."""
    return policy.kind in ("customer", "inline") or _managed_name(policy, partition) in _COUNTED


def covers_action(actions: Selection, action: str) -> bool:
    """Whether Action or NotAction covers `action`; upper and lower case are the same."""
    wanted = action.lower()
    named = any(
        value == wanted or (_is_wild(value) and matches(tokens_of(value), wanted))
        for value in map(str.lower, actions.values)
    )
    return named is not actions.inverted


def _is_wild(text: str) -> bool:
    return "*" in text or "?" in text


def _speaking_of(action: str, rules: Iterable[Rule]) -> tuple[int, ...]:
    return tuple(index for index, rule in enumerate(rules) if covers_action(rule.statement.actions, action))


def _managed_name(policy: Policy, partition: str) -> str | None:
    """The name of an AWS-managed policy, also of one that serves as boundary."""
    prefix = f"arn:{partition}:iam::aws:policy/"
    if policy.arn is None or not policy.arn.startswith(prefix):
        return None
    return policy.arn.removeprefix(prefix)


class _Reader:
    """Collects rules and gives every distinct resource pattern its bit."""

    def __init__(self, partition: str, context: Context) -> None:
        self._partition = partition
        self._context = context
        self._bits: dict[Tokens, int] = {}
        self._allows: list[Rule] = []
        self._denies: list[Rule] = []
        self._boundary: list[Rule] | None = None
        self._boundary_name = ""
        self._unread: dict[str, list[str]] = {"grants": [], "denies": [], "boundary": []}

    def unread_list(self, name: str) -> None:
        self._unread["grants"].append(name)
        self._unread["denies"].append(name)

    def read(self, policy: Policy) -> None:
        counted = is_counted(policy, self._partition)
        statements = self._statements(policy)
        if statements is None:
            if counted:
                self._unread["grants"].append(policy.name)
            managed = _managed_name(policy, self._partition)
            if managed is None or not managed.rpartition("/")[2].startswith(_WITHOUT_DENY):
                self._unread["denies"].append(policy.name)
            return
        if counted:
            self.take(statements)
        else:
            self._denies.extend(self._rules(statements, "Deny"))

    def take(self, statements: tuple[Statement, ...]) -> None:
        self._denies.extend(self._rules(statements, "Deny"))
        self._allows.extend(self._rules(statements, "Allow"))

    def read_boundary(self, policy: Policy) -> None:
        statements = self._statements(policy)
        if statements is None:
            self._unread["boundary"].append(policy.name)
            return
        self._denies.extend(self._rules(statements, "Deny"))
        self._boundary = list(self._rules(statements, "Allow"))
        self._boundary_name = policy.name

    def grants(self) -> Grants:
        patterns = tuple(self._bits)
        return Grants(
            allows=tuple(self._allows),
            denies=tuple(self._denies),
            boundary=None if self._boundary is None else tuple(self._boundary),
            boundary_name=self._boundary_name,
            unread=Unread(**{could: tuple(names) for could, names in self._unread.items()}),
            patterns=patterns,
            exact=sum(bit for tokens, bit in self._bits.items() if is_exact(tokens)),
        )

    def _statements(self, policy: Policy) -> tuple[Statement, ...] | None:
        text = policy.document
        if text is None:
            text = _COUNTED.get(_managed_name(policy, self._partition) or "")
        try:
            return None if text is None else parse_policy(text, policy.name)
        except PolicyDocumentError:
            return None

    def _rules(self, statements: Iterable[Statement], effect: str) -> Iterable[Rule]:
        for statement in statements:
            holds = applies(statement, self._context)
            if statement.effect == effect and holds is not False:
                yield Rule(statement, holds, self._mask(statement))

    def _mask(self, statement: Statement) -> int:
        lookup = self._context.lookup if statement.variables else None
        mask = 0
        for value in statement.resources.values:
            tokens = bucket_tokens(value, self._partition, lookup)
            mask |= 0 if tokens is None else self._bits.setdefault(tokens, 1 << len(self._bits))
        return mask
