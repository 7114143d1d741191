"""The runner of GitHub Actions."""

import io
import re

import pytest

from skymark.workflow import unheard

ON_GITHUB = {"GITHUB_ACTIONS": "true"}


def test_what_others_wrote_is_no_command_for_the_runner():
    """It stands between a stop and its end, by a token that nobody can guess."""
    tokens = set()
    for _ in range(2):
        stream = io.StringIO()
        with unheard(stream, ON_GITHUB):
            stream.write("::error::x")

        found = re.fullmatch(r"::stop-commands::([0-9a-f]{32})\n::error::x\n::\1::\n", stream.getvalue())
        assert found
        tokens.add(found[1])

    assert len(tokens) == 2


def test_the_runner_listens_again_whatever_happens():
    """Or it would obey nothing for the rest of the step."""
    stream = io.StringIO()

    with pytest.raises(KeyError), unheard(stream, ON_GITHUB):
        raise KeyError

    assert re.search(r"\n::[0-9a-f]{32}::\n$", stream.getvalue())


def test_elsewhere_nothing_is_added():
    """A terminal shows what it always showed."""
    stream = io.StringIO()

    with unheard(stream, {}):
        stream.write("text")

    assert stream.getvalue() == "text"
