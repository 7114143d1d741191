"""Texts with `*`, `?` and `${variables}`: whether they match, and whether some resource exists that they match.

Source: IAM user guide, "IAM JSON policy elements: Resource" (an ARN with fewer than six fields is completed
with `*`) and "IAM policy elements: Variables and tags".
"""

import enum
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Final, Literal

from skymark.evidence import Struct


class Wild(enum.Enum):
    """What is not an ordinary character."""

    ANY_TEXT = "*"
    ANY_CHARACTER = "?"
    UNKNOWN_TEXT = "${…}"


Token = str | Wild
Tokens = tuple[Token, ...]
# Of a policy variable's name: its value; None where nobody knows it.
Lookup = Callable[[str], str | None]

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_WILD = {"*": Wild.ANY_TEXT, "?": Wild.ANY_CHARACTER}
_ALPHANUMERIC = "abcdefghijklmnopqrstuvwxyz0123456789"


def tokens_of(text: str, *, lookup: Lookup | None = None, wildcards: bool = True) -> Tokens:
    """Read `text` as a pattern.

    Without a `lookup`, `${…}` are ordinary characters, as in policies without a Version. `${*}`, `${?}` and
    `${$}` are the characters themselves. Without `wildcards`, so are `*` and `?`.
    """
    tokens: list[Token] = []
    end = 0
    if lookup is not None:
        for variable in _VARIABLE.finditer(text):
            tokens.extend(_plain(text[end : variable.start()], wildcards))
            tokens.extend(_value(variable[1], lookup))
            end = variable.end()
    tokens.extend(_plain(text[end:], wildcards))
    return tuple(tokens)


def fields_of(tokens: Tokens) -> tuple[Tokens, ...]:
    """The fields of an ARN, at most six: they are compared one by one, so that a wildcard stays within its own."""
    fields: list[list[Token]] = [[]]
    for part in tokens:
        if part == ":" and len(fields) < 6:
            fields.append([])
        else:
            fields[-1].append(part)
    return tuple(map(tuple, fields))


def bucket_tokens(text: str, partition: str, lookup: Lookup | None = None) -> Tokens | None:
    """What an entry of Resource says of S3: a pattern of `bucket` and `bucket/key`.

    None when it is about something else, or no ARN.
    """
    tokens = tokens_of(text, lookup=lookup)
    if set(tokens) == {Wild.ANY_TEXT}:
        return tokens
    fields = fields_of(tokens)
    if len(fields) == 1 or fields[0] != ("a", "r", "n"):
        return None
    fields += ((Wild.ANY_TEXT,),) * (6 - len(fields))
    about = list(map(matches, fields[1:], (partition, "s3", "", "")))
    if False in about:
        return None
    return (Wild.UNKNOWN_TEXT,) if None in about else fields[5]


def is_exact(tokens: Tokens) -> bool:
    """Whether no unknown text is in it."""
    return Wild.UNKNOWN_TEXT not in tokens


def matches(tokens: Tokens, text: str) -> bool | None:
    """Whether the pattern matches all of `text`; None: it may, with an unknown variable's right value."""
    automaton = Automaton((tokens,))
    matched = bool(automaton.accepted(automaton.run(automaton.start, text)))
    return None if matched and not is_exact(tokens) else matched


def _plain(text: str, wildcards: bool) -> Iterator[Token]:
    for character in text:
        yield _WILD.get(character, character) if wildcards else character


def _value(variable: str, lookup: Lookup) -> Iterator[Token]:
    name = variable.partition(",")[0]
    if name in ("*", "?", "$"):
        yield name
        return
    value = lookup(name.strip())
    if value is None:
        yield Wild.UNKNOWN_TEXT  # the default too: nobody knows whether the key is there
    else:
        yield from value


class Automaton:
    """All patterns at once: one bit for each position in each pattern, so that a step is four operations.

    An unknown text counts as any text: the automaton tells what may match.
    """

    def __init__(self, patterns: Sequence[Tokens]) -> None:
        self._literal: dict[str, int] = {}
        self._any_character = 0
        self._any_text = 0
        self._ends: list[int] = []
        self._spans: list[int] = []
        self._endless: list[bool] = []
        self.start = 0
        self._place(patterns)
        self.start = self._closed(self.start)

    def _place(self, patterns: Sequence[Tokens]) -> None:
        bit = 1
        for pattern in patterns:
            first = bit
            self.start |= first
            merged = tuple(_merged(pattern))
            for token in merged:
                self._mark(token, bit)
                bit <<= 1
            self._ends.append(bit)
            bit <<= 1
            self._spans.append(bit - first)
            self._endless.append(merged[-1:] == (Wild.ANY_TEXT,))

    def _mark(self, token: Token, bit: int) -> None:
        if isinstance(token, str):
            self._literal[token] = self._literal.get(token, 0) | bit
        elif token is Wild.ANY_CHARACTER:
            self._any_character |= bit
        else:
            self._any_text |= bit

    def _closed(self, state: int) -> int:
        # Two any-texts never follow each other (`_merged`), so one round is enough.
        return state | ((state & self._any_text) << 1)

    def step(self, state: int, character: str) -> int:
        """The state after one more character."""
        moved = (state & (self._literal.get(character, 0) | self._any_character)) << 1
        return self._closed(moved | (state & self._any_text))

    def run(self, state: int, text: str) -> int:
        """The state after all of `text`."""
        for character in text:
            state = self.step(state, character)
        return state

    def live(self, state: int) -> set[str]:
        """The characters that one of the patterns waits for; all others do the same to this state."""
        return {character for character, places in self._literal.items() if state & places}

    @property
    def size(self) -> int:
        """How many positions there are in all patterns."""
        return sum(map(int.bit_count, self._spans))

    def positions(self, pattern: int) -> int:
        """All positions in pattern i; where none of them is live, it matches nothing that begins like this."""
        return self._spans[pattern]

    def settled(self, pattern: int) -> int:
        """The position at which pattern i matches whatever follows; 0 where it has none."""
        return self._ends[pattern] if self._endless[pattern] else 0

    def accepted(self, state: int) -> int:
        """Which patterns match: bit i for pattern i."""
        return sum(1 << index for index, end in enumerate(self._ends) if state & end)


def _merged(pattern: Tokens) -> Iterator[Token]:
    previous: Token | None = None
    for token in pattern:
        widened = Wild.ANY_TEXT if token is Wild.UNKNOWN_TEXT else token
        if not (widened is Wild.ANY_TEXT and previous is Wild.ANY_TEXT):
            yield widened
        previous = widened


Level = Literal["bucket", "object"]


class Search(Struct, frozen=True):
    """How a search ended.

    `certain` is a name that is wanted, `possible` one of which that is undecided. Where both are None,
    `complete` tells whether that proves that there is none.
    """

    certain: str | None
    possible: str | None
    complete: bool = True


class Pruning(Struct, frozen=True):
    """Positions by which a search sees early that nothing wanted can follow.

    Nothing is wanted where none of the positions of one of `needed` is live, or where one of `settled` is.
    """

    needed: tuple[int, ...] = ()
    settled: int = 0

    def cuts(self, state: int) -> bool:
        """Whether nothing wanted can follow."""
        return bool(state & self.settled) or not all(state & positions for positions in self.needed)


# Where in a resource's name one is: how many characters (3 means "enough"), and of which sort the last one was.
_Phase = tuple[int, Literal["", "alphanumeric", "-", ".", "/", "key"]]
_Place = tuple[_Phase, int]
# Past its end, how long a bucket's name is does not matter any more.
_OPENED: _Phase = (3, "/")
_IN_KEY: _Phase = (3, "key")
_NO_PRUNING = Pruning()
_ROOM: Final = 5_000
"""Positions in the longest policies that AWS takes in one piece; where a role has more, each state costs more."""


def find_resource(
    automaton: Automaton,
    wanted: Callable[[int], bool | None],
    *,
    level: Level,
    bucket: str | None = None,
    pruning: Pruning = _NO_PRUNING,
    max_states: int,
) -> Search:
    """Search the shortest bucket (or object in a bucket) that matches just the patterns that are wanted.

    Exact: a breadth-first search over the positions in all patterns, with the characters that occur in
    them and one other. `wanted` gets bit i for each pattern i that matches all of `bucket` or `bucket/key`.
    With `bucket`, only there. It gives up after `max_states`, and sooner where there is more than `_ROOM` to look
    through in each: whoever writes such a role must not hold up a class.

    Source: S3 user guide, "Bucket naming rules": 3 to 63 lower-case letters, digits, `.` and `-`, a letter or
    digit at both ends, no two periods in a row.
    """
    state = automaton.start
    if bucket is not None and level == "bucket":
        verdict = wanted(automaton.accepted(automaton.run(state, bucket)))
        return Search(bucket if verdict else None, bucket if verdict is None else None)
    opened = f"{bucket}/" if bucket is not None else ""
    first: _Place = (_OPENED if opened else (0, ""), automaton.run(state, opened))
    most = max_states * _ROOM // max(automaton.size, _ROOM)
    return _search(automaton, cache(wanted), level, first, opened, pruning, most)


def _search(
    automaton: Automaton,
    wanted: Callable[[int], bool | None],
    level: Level,
    first: _Place,
    opened: str,
    pruning: Pruning,
    max_states: int,
) -> Search:
    words = {first: opened}
    queue = deque([first])
    possible: str | None = None
    while queue:
        place = queue.popleft()
        verdict = wanted(automaton.accepted(place[1])) if _is_whole(place[0], level) else False
        if verdict:
            return Search(words[place], possible)
        if verdict is None and possible is None:
            possible = words[place]
        for following, word in _followers(automaton, place, words[place], level):
            if following not in words and not pruning.cuts(following[1]):
                words[following] = word
                queue.append(following)
        if len(words) > max_states:
            return Search(None, possible, complete=False)
    return Search(None, possible)


def _followers(automaton: Automaton, place: _Place, word: str, level: Level) -> Iterator[tuple[_Place, str]]:
    phase, state = place
    for character in _choices(phase, automaton.live(state)):
        following = _advance(phase, character, level)
        # The search is breadth-first, so that a bucket's name is the shortest that leads to its place.
        if following and (following[1] in ("/", "key") or len(word) < 63):
            yield (following, automaton.step(state, character)), word + character


def _is_whole(phase: _Phase, level: Level) -> bool:
    return phase[1] == "key" if level == "object" else phase == (3, "alphanumeric")


def _choices(phase: _Phase, live: set[str]) -> list[str]:
    """The characters that matter here: the awaited ones, one that nobody awaits, and the end of the bucket's name."""
    if phase[1] in ("/", "key"):
        other = next((char for char in _ALPHANUMERIC if char not in live), "\N{REPLACEMENT CHARACTER}")
        return [other, *sorted(live)]
    # "-" and "." can stand for "any other" too, but only where no letter or digit is left to do so.
    other = next((char for char in f"{_ALPHANUMERIC}-." if char not in live), "")
    return [*other, *sorted(live | {"/"})]


def _advance(phase: _Phase, character: str, level: Level) -> _Phase | None:
    """Where one is after this character; None where no resource's name goes on like that."""
    length, last = phase
    if last in ("/", "key"):
        return _IN_KEY
    if character == "/":
        return _OPENED if level == "object" and phase == (3, "alphanumeric") else None
    longer = min(length + 1, 3)
    if character in _ALPHANUMERIC:
        return (longer, "alphanumeric")
    if character == "-" and last:
        return (longer, "-")
    return (longer, ".") if character == "." and last in ("alphanumeric", "-") else None
