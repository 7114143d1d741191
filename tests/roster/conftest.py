"""A roster as somebody saves it, and what is read from it."""

import pytest

from skymark.roster.reading import read_roster


@pytest.fixture
def write(tmp_path):
    """A file of this text; give its name to have another than the roster."""

    def file(text, name="roster.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return file


@pytest.fixture
def read(write):
    """The class that a roster and, if there is one, the file beside it make."""

    def roster(text, access=None):
        return read_roster(write(text), access=None if access is None else write(access, "access.csv"))

    return roster


@pytest.fixture
def told():
    """The mistakes of a class as they are shown."""
    return lambda roster: [str(mistake) for mistake in roster.mistakes]
