"""The accounts that a roster tells."""

import pytest

from skymark.errors import RosterError
from skymark.granting.accounts import accounts_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("student,account\nada,123456789012\nalan,\n", {"ada": "123456789012"}),
        ("Account;Student ID\n1234-5678-9012;ada\n", {"ada": "123456789012"}),
        ("student,name\nada,Ada\n", {}),
        # A spreadsheet took the zero away, or made a number of it: which account that was, nobody knows.
        ("student,account\nada,12345678901\nalan,1.23457E+11\n", {}),
    ],
)
def test_only_whole_numbers_are_taken(tmp_path, text, found):
    """An ARN of a wrong account would never open."""
    file = tmp_path / "roster.csv"
    file.write_text(text)

    assert accounts_in(file) == found


def test_what_is_no_roster_is_told(tmp_path):
    """By its name."""
    file = tmp_path / "roster.csv"
    file.write_text("a,b\n")

    with pytest.raises(RosterError, match=r"roster\.csv"):
        accounts_in(file)
