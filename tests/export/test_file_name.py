"""A file's name of any id."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skymark.export.file_name import file_name


@given(st.lists(st.text(max_size=90), unique=True, min_size=2, max_size=8))
def test_names_are_safe_and_no_two_students_have_the_same(students):
    """Whatever an id holds, on a file system that does not tell cases apart, too."""
    names = [file_name(one) for one in students]

    assert all(re.fullmatch(r"[a-z0-9_-]{1,77}", name) for name in names)
    assert len(set(names)) == len(students)


@pytest.mark.parametrize("student", ["../../etc/passwd", "CON", "con", "Ada", "", "a" * 200, "ada-0123456789abcdef"])
def test_what_is_no_safe_name_gets_a_digest(student):
    """It cannot be another student's."""
    assert re.search(r"[0-9a-f]{16}$", file_name(student))
    assert file_name(student) != student


def test_a_safe_id_is_its_own_name():
    """So that files can be found."""
    assert file_name("s_1001-x") == "s_1001-x"
