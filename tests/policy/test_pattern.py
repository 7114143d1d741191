"""Patterns, and the search for a resource that they match."""

import itertools
import re
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skymark.policy.pattern import (
    Automaton,
    Level,
    Search,
    bucket_tokens,
    find_resource,
    matches,
    tokens_of,
)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("*", "", True),
        ("", "", True),
        ("", "a", False),
        ("a*", "a/b/c", True),
        ("a?c", "a/c", True),
        ("a?c", "ac", False),
        ("?b?", "abc", True),
        ("?b?", "bbc", True),
        ("?b?", "ab", False),
        ("*a*b*", "xxaxxbxx", True),
        ("*a*b*", "xxbxxaxx", False),
        ("a**b", "ab", True),
        ("A", "a", False),
        ("a.c", "abc", False),
        ("[a]", "a", False),
    ],
)
def test_wildcards_match_like_in_iam(pattern: str, text: str, expected: bool) -> None:
    """A star is any text, slashes too; a question mark is one character; nothing else is special."""
    assert matches(tokens_of(pattern), text) is expected


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("home/${aws:username}/x", "home/ann/x", None),
        ("home/${aws:username}/x", "work/ann/x", False),
        ("home/${known}/x", "home/me/x", True),
        ("home/${known}/x", "home/you/x", False),
        ("home/${gone, 'me'}/x", "home/me/x", None),
        ("home/${ known , 'you'}/x", "home/me/x", True),
        ("a${*}c", "a*c", True),
        ("a${*}c", "abc", False),
        ("a${?}c", "abc", False),
        ("a${$}c", "a$c", True),
        ("${gone}${gone}c", "c", None),
        ("*${gone}c", "c", None),
    ],
)
def test_an_unknown_variable_may_match_and_a_known_one_does(pattern: str, text: str, expected: bool | None) -> None:
    """Nobody guesses what a variable stands for."""
    tokens = tokens_of(pattern, lookup={"known": "me"}.get)

    assert matches(tokens, text) is expected


def test_without_a_version_a_variable_is_plain_text() -> None:
    """Policies of before 2012-10-17 know no variables."""
    assert matches(tokens_of("${aws:username}"), "${aws:username}") is True
    assert matches(tokens_of("${aws:username}"), "ann") is False


@pytest.mark.parametrize("text", ["*", "arn:*", "arn:aws:s3", "arn:aws:s3:*", "arn:aws:s3:::*", "arn:*:s3:*:*:*"])
def test_an_incomplete_arn_is_completed(text: str) -> None:
    """AWS completes an ARN that has too few fields with stars."""
    assert bucket_tokens(text, "aws") == tokens_of("*")


@pytest.mark.parametrize(
    "text",
    ["arn:aws-cn:s3:::*", "arn:aws:sqs:*", "arn:aws:s3:us-east-1::b", "arn:aws:s3::1:b", "b", "s3://b", "", "arn"],
)
def test_what_is_not_about_buckets_matches_none(text: str) -> None:
    """Other services, other partitions and what is no ARN name no bucket."""
    assert bucket_tokens(text, "aws") is None


def test_a_variable_in_an_arn_leaves_open_what_it_names() -> None:
    """Where nobody knows the account, nobody knows whether a bucket is meant."""
    tokens = bucket_tokens("arn:aws:s3::${aws:PrincipalTag/home}:b", "aws", {}.get)

    assert tokens is not None
    assert matches(tokens, "b") is None


def find(*patterns: str, level: Level = "object", target: int, bucket: str | None = None) -> Search:
    """A resource that matches exactly the patterns of which `target` has the bits."""
    automaton = Automaton([tokens_of(pattern) for pattern in patterns])
    return find_resource(automaton, lambda accepted: accepted == target, level=level, bucket=bucket, max_states=10_000)


@pytest.mark.parametrize(
    ("patterns", "level", "target", "expected"),
    [
        (("*",), "bucket", 0b1, "aaa"),
        (("*",), "bucket", 0b0, None),
        (("mine", "mine*"), "bucket", 0b10, "minea"),
        (("mine", "mine/*"), "object", 0b10, "mine/a"),
        (("mine/*", "*/*"), "object", 0b01, None),
        (("*/secret/*", "mine/*"), "object", 0b01, "aaa/secret/"),
        (("SageMaker",), "bucket", 0b1, None),
        (("a" * 63,), "bucket", 0b1, "a" * 63),
        (("a" * 64,), "bucket", 0b1, None),
        (("a" * 63 + "/a-key",), "object", 0b1, "a" * 63 + "/a-key"),
        (("a" * 64 + "/*",), "object", 0b1, None),
        (("s3://mine",), "bucket", 0b1, None),
        (("mine/",), "bucket", 0b1, None),
        (("ab",), "bucket", 0b1, None),
        (("a..b",), "bucket", 0b1, None),
        (("-abc",), "bucket", 0b1, None),
        (("abc-",), "bucket", 0b1, None),
        ((f"{'a' * 63}",), "bucket", 0b1, "a" * 63),
        ((f"{'a' * 64}",), "bucket", 0b1, None),
        ((f"{'a' * 64}/*",), "object", 0b1, None),
        (("a.b",), "bucket", 0b1, "a.b"),
        (("a.-b",), "bucket", 0b1, "a.-b"),
        (("a-.b",), "bucket", 0b1, "a-.b"),
        (("a--b",), "bucket", 0b1, "a--b"),
        (("[a-c]*",), "bucket", 0b1, None),
        (("mine/\N{SNOWMAN}",), "object", 0b1, "mine/\N{SNOWMAN}"),
    ],
)
def test_a_witness_is_found_just_where_there_is_one(
    patterns: tuple[str, ...], level: Level, target: int, expected: str | None
) -> None:
    """The search names a resource that can exist, or proves that there is none."""
    assert find(*patterns, level=level, target=target) == Search(expected, None)


@pytest.mark.parametrize("start", ["mine/", "mine/k"])
def test_a_key_may_go_on_with_what_no_pattern_names(start: str) -> None:
    """Where every letter and digit leads elsewhere, another character is left; in a bucket's name none is."""
    ordinary = "abcdefghijklmnopqrstuvwxyz0123456789-."

    assert (
        find(f"{start}?*", *(f"{start}{one}*" for one in ordinary), target=1).certain
        == f"{start}\N{REPLACEMENT CHARACTER}"
    )
    assert find("a?*", *(f"a{one}*" for one in ordinary), level="bucket", target=1) == Search(None, None)


def test_a_search_can_be_kept_to_one_bucket() -> None:
    """With a bucket given, only its objects count."""
    assert find("*/x?", target=1, bucket="mine") == Search("mine/xa", None)
    assert find("yours/*", target=1, bucket="mine") == Search(None, None)
    assert find("mine", level="bucket", target=1, bucket="mine") == Search("mine", None)


def test_a_bucket_of_which_it_is_undecided_is_possible() -> None:
    """Nobody knows is neither yes nor no."""
    automaton = Automaton([tokens_of("mine")])

    search = find_resource(automaton, lambda _: None, level="bucket", bucket="mine", max_states=100)

    assert search == Search(None, "mine")


def test_a_search_that_grows_too_large_says_so() -> None:
    """Above the cap nothing is claimed."""
    automaton = Automaton([tokens_of(f"*{letter}*{letter}*{letter}*") for letter in "abcdefg"])

    search = find_resource(automaton, lambda _: False, level="bucket", max_states=100)
    undecided = find_resource(automaton, lambda _: None, level="bucket", max_states=1_000)

    assert search == Search(None, None, complete=False)
    assert undecided == Search(None, "hhh", complete=False)


def test_a_search_gives_up_sooner_where_there_is_more_to_look_through() -> None:
    """Ten times the text that AWS takes in a policy must not hold up a class."""

    class Counting(Automaton):
        steps = 0

        def step(self, state: int, character: str) -> int:
            self.steps += 1
            return super().step(state, character)

    def steps(*more: str) -> int:
        automaton = Counting([tokens_of(text) for text in (*(f"*{one}*{one}*{one}*" for one in "abcdefg"), *more)])
        search = find_resource(automaton, lambda _: False, level="bucket", max_states=2_000)
        assert search == Search(None, None, complete=False)
        return automaton.steps

    assert 0 < steps("x" * 50_000) < steps() / 5


def test_an_undecided_resource_is_kept_beside_a_certain_one() -> None:
    """The first undecided name is reported even when a certain one is found later."""
    automaton = Automaton([tokens_of("abc"), tokens_of("abcd")])
    verdicts: dict[int, bool | None] = {0b00: False, 0b01: None, 0b10: True}

    assert find_resource(automaton, verdicts.get, level="bucket", max_states=100) == Search("abcd", "abc")


SYMBOLS = "ab-./"
BUCKETS = [
    "".join(letters)
    for length in (3, 4)
    for letters in itertools.product("abx-.", repeat=length)
    if re.fullmatch(r"(?!.*\.\.)[abx][abx.-]*[abx]", "".join(letters))
]
KEYS = ["".join(letters) for length in (1, 2) for letters in itertools.product("abx/", repeat=length)]


@cache
def resources(level: Level) -> list[str]:
    """Every small resource of the level; objects only in buckets of three characters."""
    if level == "bucket":
        return BUCKETS
    return [f"{bucket}/{key}" for bucket in BUCKETS if len(bucket) == 3 for key in KEYS]


def reference(pattern: str) -> re.Pattern[str]:
    """The same pattern, as a regular expression of Python's."""
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)


@settings(max_examples=150, deadline=None)
@given(
    texts=st.lists(st.text(alphabet=SYMBOLS + "*?", max_size=5), min_size=1, max_size=3, unique=True),
    level=st.sampled_from(["bucket", "object"]),
    target=st.integers(min_value=0, max_value=7),
)
def test_the_search_agrees_with_trying_every_small_name(texts: list[str], level: Level, target: int) -> None:
    """What trying out finds, the search finds; and what the search finds is right."""
    expressions = [reference(text) for text in texts]

    def accepted(resource: str) -> int:
        return sum(1 << index for index, one in enumerate(expressions) if one.fullmatch(resource))

    search = find(*texts, level=level, target=target)

    assert search.complete
    if search.certain is None:
        assert not any(accepted(resource) == target for resource in resources(level))
    else:
        assert accepted(search.certain) == target
        bucket, slash, key = search.certain.partition("/")
        assert re.fullmatch(r"(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", bucket)
        assert (bool(slash), bool(key)) == ((level == "object"),) * 2


@settings(max_examples=300, deadline=None)
@given(pattern=st.text(alphabet="ab*?", max_size=8), text=st.text(alphabet="abc", max_size=8))
def test_matching_agrees_with_regular_expressions(pattern: str, text: str) -> None:
    """Two ways to match, one answer."""
    assert matches(tokens_of(pattern), text) is bool(reference(pattern).fullmatch(text))
