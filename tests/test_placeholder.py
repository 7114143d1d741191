"""Filling a rubric's links and commands."""

import shlex
import urllib.parse

from hypothesis import given
from hypothesis import strategies as st

from skymark.placeholder import fill, placeholders


def test_names_are_filled_in():
    """Each as often as it stands there."""
    template = "https://{region}.console.aws.amazon.com/x?region={region}#/{instance}"

    assert placeholders(template) == {"region", "instance"}
    assert fill(template, {"region": "us-east-1", "instance": "sm-test"}) == (
        "https://us-east-1.console.aws.amazon.com/x?region=us-east-1#/sm-test"
    )


def test_a_template_that_cannot_be_filled_is_left_out():
    """No link with a hole in it is shown."""
    assert fill("https://{region}/{bucket}", {"region": "us-east-1"}) is None


@given(st.text(min_size=1))
def test_a_value_is_one_word_of_a_command_and_one_part_of_a_url(value):
    """Whatever a student called it."""
    command = fill("aws s3 ls {bucket}", {"bucket": value})
    url = fill("https://example.com/{bucket}", {"bucket": value.encode("utf-8", "ignore").decode()})

    assert command is not None
    assert shlex.split(command)[3:] == [value]
    assert url is not None
    assert urllib.parse.urlsplit(url).path.count("/") == 1


def test_braces_of_other_kinds_are_no_code():
    """Only plain names are understood."""
    assert fill("{0.__class__} {region!r}", {}) == "{0.__class__} {region!r}"
