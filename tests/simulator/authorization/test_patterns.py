"""Wildcards and variables of policies."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.authorization.patterns import matches, patterns, template

_VALUES = {"aws:username": "ada", "aws:userid": "AIDA*", "aws:principaltag/team": "red?"}


def _lookup(key: str) -> str | None:
    return _VALUES.get(key.lower())


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("*", "anything:at/all", True),
        ("*", "", True),
        ("s3:*", "s3:getobject", True),
        ("s3:get*", "s3:putobject", False),
        ("s3:*object", "s3:getobject", True),
        ("s3:*object", "s3:getobjectacl", False),
        ("arn:aws:s3:::b?cket/*", "arn:aws:s3:::bucket/a/b", True),
        ("arn:aws:s3:::b?cket", "arn:aws:s3:::bcket", False),
        ("arn:aws:s3:::a*b*c", "arn:aws:s3:::a-b-b-c", True),
        ("arn:aws:s3:::a*b*c", "arn:aws:s3:::a-c-b", False),
        ("arn:aws:s3:::*sagemaker*", "arn:aws:s3:::my-sagemaker-bucket", True),
        ("a.c", "abc", False),
        ("a*", "a\nb", True),
        ("Bucket", "bucket", False),
    ],
)
def test_stars_and_question_marks(pattern: str, text: str, *, expected: bool) -> None:
    """A star is any number of characters, a question mark exactly one, all others are themselves."""
    assert patterns([pattern]).match(text, _lookup) is expected


@given(st.text("ab*?", max_size=12), st.text("ab", max_size=12))
def test_matching_is_that_of_a_plain_regular_expression(pattern: str, text: str) -> None:
    """The expression without backtracking decides as the obvious one does."""
    obvious = re.compile("".join({"*": ".*", "?": "."}.get(sign, sign) for sign in pattern), re.DOTALL)

    assert patterns([pattern]).match(text, _lookup) is bool(obvious.fullmatch(text))


def test_many_stars_take_no_time() -> None:
    """A policy written to keep the practice cloud busy does not."""
    hopeless = "*a" * 60 + "*b"

    assert patterns([hopeless]).match("a" * 3000, _lookup) is False


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("home/${aws:username}/*", "home/ada/notes", True),
        ("home/${AWS:UserName}/*", "home/ada/notes", True),
        ("home/${aws:username}/*", "home/basil/notes", False),
        ("home/${aws:PrincipalTag/missing}/*", "home//notes", False),
        ("home/${aws:PrincipalTag/missing, 'guest'}/*", "home/guest/notes", True),
        ("${*}", "*", True),
        ("${*}", "star", False),
        ("a${?}", "a?", True),
        ("a${?}", "ab", False),
        ("${$}{aws:username}", "${aws:username}", True),
        # A star that comes with a value is a star.
        ("${aws:userid}", "AIDA*", True),
        ("${aws:userid}", "AIDAEXAMPLE", False),
        ("${aws:PrincipalTag/team}", "reds", False),
        ("${nonsense", "${nonsense", True),
    ],
)
def test_variables(pattern: str, text: str, *, expected: bool) -> None:
    """A variable is what the request says; without a value, and without a default, it matches nothing."""
    assert patterns([pattern], variables=True).match(text, _lookup) is expected


def test_variables_are_letters_in_the_old_language() -> None:
    """Before version 2012-10-17 there were no variables."""
    old = patterns(["home/${aws:username}"], variables=False)

    assert old.match("home/${aws:username}", _lookup)
    assert not old.match("home/ada", _lookup)


def test_literal_text_has_no_wildcards() -> None:
    """Where no wildcards count, as in StringEquals, a star is a star and `${*}` is one too."""
    assert template("a*${*}-${aws:username}", variables=True).literal(_lookup) == "a**-ada"


def test_marked_text_matches() -> None:
    """A marked text has the policy's wildcards only."""
    marked = template("${aws:userid}/*", variables=True).marked(_lookup)

    assert marked is not None
    assert matches("AIDA*/x", marked)
    assert not matches("AIDAX/x", marked)
