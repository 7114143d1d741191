"""Names that tell nobody who is meant."""

import stat

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from skymark.cohort.pseudonyms import BYTES, key_beside, pseudonyms, unguessable
from skymark.errors import UsageError

KEYS = st.binary(min_size=BYTES, max_size=BYTES)
IDS = st.lists(st.text(), unique=True, max_size=120)


@given(IDS, KEYS)
def test_everybody_has_a_name_of_their_own_that_is_the_same_next_time(ids, key):
    """In whichever order they stand."""
    found = pseudonyms(ids, key)

    assert set(found) == set(ids)
    assert sorted(found.values()) == [
        f"student {number:0{max(2, len(str(len(ids))))}}" for number in range(1, len(ids) + 1)
    ]
    assert pseudonyms(reversed(ids), key) == found


@given(st.text(min_size=1), KEYS, KEYS)
def test_what_stands_for_a_student_needs_the_key(student, key, other):
    """Always the same with it, another one with another; nothing of the id is in it."""
    assume(key != other)
    found = unguessable(student, key)

    assert found == unguessable(student, key) != unguessable(student, other)
    assert len(found) == 32
    assert int(found, 16) >= 0


def test_the_order_is_that_of_the_key_and_not_of_the_roster():
    """Who knows all ids and their order learns nothing from the numbers."""
    ids = [f"s{number:02}" for number in range(20)]

    orders = {tuple(sorted(ids, key=pseudonyms(ids, bytes([key]) * BYTES).get)) for key in range(10)}

    assert len(orders) == 10
    assert tuple(ids) not in orders


def test_a_student_whose_id_is_no_character_has_one_too():
    """Arguments of a command line may hold such."""
    assert pseudonyms(["\ud800"], bytes(BYTES)) == {"\ud800": "student 01"}


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    """Beside the gradebook, whose name it has."""
    book = tmp_path / "deep" / "book.sqlite3"

    first, again = key_beside(book), key_beside(book)

    file = tmp_path / "deep" / "book.sqlite3.key"
    assert first == again
    assert len(first) == BYTES
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert key_beside(tmp_path / "other.sqlite3") != first


@pytest.mark.parametrize("text", ["", "ab", "no key", "é" * 64, "00" * (BYTES + 1)])
def test_a_file_that_is_no_key_is_refused(tmp_path, text):
    """A new one would give everybody another name, so that is left to who knows."""
    (tmp_path / "book.sqlite3.key").write_text(text)

    with pytest.raises(UsageError, match=r"book\.sqlite3\.key: is no key"):
        key_beside(tmp_path / "book.sqlite3")
    assert (tmp_path / "book.sqlite3.key").read_text() == text
