"""A role's rules held against buckets: what is allowed in one, and whether any other is open."""

import itertools
import re
from collections.abc import Iterable, Iterator

from skymark.evidence import Struct
from skymark.policy.findings import Excess, Need, Opening
from skymark.policy.grants import Grants, Rule, Selected
from skymark.policy.pattern import Automaton, Level, Pruning, Search, Tokens, find_resource, tokens_of
from skymark.policy.s3_actions import DATA_ACTIONS, DataAction

_BUCKET_NAME = re.compile(r"(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
# Two names that have nothing in common: where both are open, every bucket is.
_ELSEWHERE = ("some-other-bucket", "zq7.9kfj")
_MOST_CANDIDATES = 60
_MOST_STATES = 10_000
_FEW_STATES = 1_000


class Case(Struct, frozen=True):
    """What the rules are held against: the bucket, others that are allowed too, and what the account has."""

    partition: str
    bucket: str
    also_allowed: tuple[str, ...]
    known_buckets: tuple[str, ...]

    @property
    def allowed_buckets(self) -> tuple[str, ...]:
        """All buckets that may be open."""
        return (self.bucket, *self.also_allowed)

    @property
    def prefix(self) -> str:
        """What the ARN of every bucket begins with."""
        return f"arn:{self.partition}:s3:::"


class _Group:
    """Actions of which the same rules speak, with an automaton of just those rules' patterns."""

    def __init__(self, grants: Grants, case: Case, level: Level, selected: Selected) -> None:
        self.level = level
        self._grants = grants
        self._selected = selected
        used = _patterns_of(_rules(grants, selected))
        indices = [index for index in range(len(grants.patterns)) if used & (1 << index)]
        buckets = tuple(_tokens_of_buckets(case, level))
        self._bits = tuple(1 << index for index in indices)
        self._automaton = Automaton([*(grants.patterns[index] for index in indices), *buckets])
        self._pruning = Pruning(self._needed(), self._settled(len(buckets)))

    def search(self, bucket: str | None, *, max_states: int) -> Search:
        """A bucket or object outside the allowed ones that is open; with `bucket`, in this one."""
        return find_resource(
            self._automaton,
            self._is_open,
            level=self.level,
            bucket=bucket,
            pruning=self._pruning,
            max_states=max_states,
        )

    def openers(self, resource: str) -> Iterator[Rule]:
        """The granting rules that cover a resource, or may."""
        state = self._automaton.run(self._automaton.start, resource)
        matched = self._matched(self._automaton.accepted(state))
        for index in self._selected.allows:
            rule = self._grants.allows[index]
            if self._grants.covers(rule, matched) is not False:
                yield rule

    def _is_open(self, accepted: int) -> bool | None:
        if accepted >> len(self._bits):  # it is in one of the allowed buckets
            return False
        return self._grants.allowed(self._selected, self._matched(accepted))

    def _matched(self, accepted: int) -> int:
        return sum(bit for index, bit in enumerate(self._bits) if accepted & (1 << index))

    def _needed(self) -> tuple[int, ...]:
        """What has to be live for anything to be open: some grant, the boundary, each Deny's exceptions."""
        rules = [self._grants.allows[index] for index in self._selected.allows]
        needed = () if self._grants.unread.grants else self._needed_of(rules)
        if self._selected.boundary is not None:
            needed += self._needed_of((self._grants.boundary or ())[index] for index in self._selected.boundary)
        exceptions = (rule.patterns for rule in self._sure_denies() if rule.statement.resources.inverted)
        return needed + tuple(map(self._positions, exceptions))

    def _needed_of(self, rules: Iterable[Rule]) -> tuple[int, ...]:
        listed = tuple(rules)
        if any(rule.statement.resources.inverted for rule in listed):
            return ()
        return (self._positions(_patterns_of(listed)),)

    def _sure_denies(self) -> Iterator[Rule]:
        denies = (self._grants.denies[index] for index in self._selected.denies)
        return (rule for rule in denies if rule.applies)

    def _positions(self, patterns: int) -> int:
        positions = 0
        for index, bit in enumerate(self._bits):
            if patterns & bit:
                positions |= self._automaton.positions(index)
        return positions

    def _settled(self, buckets: int) -> int:
        plain = (rule for rule in self._sure_denies() if not rule.statement.resources.inverted)
        denied = _patterns_of(plain) & self._grants.exact
        settled = 0
        for index, bit in enumerate(self._bits):
            settled |= self._automaton.settled(index) if denied & bit else 0
        for index in range(len(self._bits), len(self._bits) + buckets):
            settled |= self._automaton.settled(index)
        return settled


class Scope:
    """The rules of one role, asked about buckets."""

    def __init__(self, grants: Grants, case: Case) -> None:
        self._grants = grants
        self._case = case
        self._automaton = Automaton(grants.patterns)
        self._groups: dict[tuple[Level, Selected], tuple[_Group, list[DataAction]]] = {}
        for action in DATA_ACTIONS:
            selected = grants.selected(action.name)
            key = (action.level, selected)
            if key not in self._groups:
                self._groups[key] = (_Group(grants, case, action.level, selected), [])
            self._groups[key][1].append(action)

    def need(self, action: str, resource: str) -> Need:
        """Whether an action is allowed on `bucket` or `bucket/key`, and if not, what takes it away."""
        selected = self._grants.selected(action)
        matched = self._matched(resource)
        allowed = self._grants.allowed(selected, matched)
        if allowed is not False or self._grants.granted(selected, matched) is False:
            return Need(action, resource, allowed)
        return Need(action, resource, allowed, self._taken_by(selected, matched))

    def _matched(self, resource: str) -> int:
        state = self._automaton.run(self._automaton.start, resource)
        return self._automaton.accepted(state)

    def _taken_by(self, selected: Selected, matched: int) -> Opening | str:
        for index in selected.denies:
            if self._grants.covers(self._grants.denies[index], matched):
                return opening(self._grants.denies[index])
        return self._grants.boundary_name

    def excess(self) -> tuple[Excess | None, bool]:
        """The plainest bucket that is open and should not be, and whether every search was complete."""
        searches = [group.search(None, max_states=_MOST_STATES) for group, _ in self._groups.values()]
        complete = all(search.complete for search in searches)
        # A search that was too large may still have an answer that is easy to name.
        certain = [search.certain for search in searches if search.certain is not None]
        if certain or not complete:
            bucket = self._plainest(certain, certainly=True)
            if bucket is not None:
                return self._excess_in(bucket, certainly=True), complete
        possible = [search.possible for search in searches if search.possible is not None]
        bucket = self._plainest(possible, certainly=False) if possible else None
        return (None if bucket is None else self._excess_in(bucket, certainly=False)), complete

    def others(self) -> tuple[str, ...]:
        """The buckets that the policies spell out or that the account has, and that are open and should not be."""
        names = dict.fromkeys((*self._spelled_out(), *self._case.known_buckets[:_MOST_CANDIDATES]))
        return tuple(name for name in names if self._is_other(name) and self._open_actions(name, certainly=True))

    def _plainest(self, witnesses: list[str], *, certainly: bool) -> str | None:
        open_names = (name for name in self._candidates() if self._open_actions(name, certainly=certainly))
        return next(open_names, witnesses[0].partition("/")[0] if witnesses else None)

    def _excess_in(self, bucket: str, certainly: bool) -> Excess:
        found = self._open_actions(bucket, certainly=certainly)
        rules = {(rule.statement.policy, rule.statement.number): rule for rules in found.values() for rule in rules}
        return Excess(
            bucket=bucket,
            actions=tuple(action.name for action in DATA_ACTIONS if action in found),
            opened_by=tuple(map(opening, rules.values())),
            exists=bucket in self._case.known_buckets or bucket in self._spelled_out(),
            certain=certainly,
            anywhere=all(self._open_actions(name, certainly=certainly) for name in _ELSEWHERE),
        )

    def _open_actions(self, bucket: str, *, certainly: bool) -> dict[DataAction, list[Rule]]:
        found: dict[DataAction, list[Rule]] = {}
        for group, actions in self._groups.values():
            search = group.search(bucket, max_states=_FEW_STATES)
            witness = search.certain or (None if certainly else search.possible)
            if witness is not None:
                rules = list(group.openers(witness))
                found |= dict.fromkeys(actions, rules)
        return found

    def _candidates(self) -> Iterator[str]:
        """Names that say more than a made-up one: real ones, ones that a policy spells out, and alike ones."""
        spelled = self._spelled_out()
        alike = (name for rule in self._grants.allows for name in _alike(rule, self._case))
        few = (
            spelled[:_MOST_CANDIDATES],
            self._case.known_buckets[:_MOST_CANDIDATES],
            itertools.islice(alike, _MOST_CANDIDATES),
        )
        names = dict.fromkeys((*itertools.chain(*few), *_ELSEWHERE))
        yield from filter(self._is_other, names)

    def _is_other(self, name: str) -> bool:
        return name not in self._case.allowed_buckets and _BUCKET_NAME.fullmatch(name) is not None

    def _spelled_out(self) -> tuple[str, ...]:
        return tuple(
            name for rule in self._grants.allows for name in typed_buckets(rule, self._case) if name is not None
        )


def opening(rule: Rule) -> Opening:
    """A rule's statement, as it is shown to people."""
    statement = rule.statement
    resources = statement.resources.values
    if statement.resources.inverted:
        resources = tuple(f"everything but {value}" for value in resources)
    return Opening(statement.policy, statement.label, resources)


def typed_buckets(rule: Rule, case: Case) -> Iterator[str | None]:
    """What a rule's resources spell out where a bucket's name belongs; None for one with a wildcard.

    What is malformed comes as it was typed, without the `/*` at its end: `s3://name`, `name/`, `SageMaker`.
    Resources of other services are left out.
    """
    if rule.statement.resources.inverted:
        yield None
        return
    for value in rule.statement.resources.values:
        fields = value.split(":", 5)
        if len(fields) == 6 and fields[0] == "arn" and fields[2] not in ("s3", "*"):
            continue
        is_ours = len(fields) == 6 and fields[1] in (case.partition, "*") and fields[3:5] == ["", ""]
        typed = (fields[5] if is_ours else value).removesuffix("/*")
        yield None if _has_wildcard(typed) else typed


def _alike(rule: Rule, case: Case) -> Iterator[str]:
    """Bucket names that a rule's patterns match, with something readable where the wildcard is."""
    for value in rule.statement.resources.values:
        name = value.removeprefix(case.prefix).partition("/")[0]
        if _has_wildcard(name):
            for text in ("-other", "other"):
                yield name.replace("*", text).replace("?", "x")


def _has_wildcard(text: str) -> bool:
    return "*" in text or "?" in text or "${" in text


def _rules(grants: Grants, selected: Selected) -> Iterator[Rule]:
    yield from (grants.allows[index] for index in selected.allows)
    yield from (grants.denies[index] for index in selected.denies)
    yield from ((grants.boundary or ())[index] for index in selected.boundary or ())


def _patterns_of(rules: Iterable[Rule]) -> int:
    patterns = 0
    for rule in rules:
        patterns |= rule.patterns
    return patterns


def _tokens_of_buckets(case: Case, level: Level) -> Iterator[Tokens]:
    for name in case.allowed_buckets:
        yield (*name, *tokens_of("/*")) if level == "object" else tuple(name)
