"""The column `account` of a roster, which tells where a role will be before it is there."""

import re
from pathlib import Path

from skymark.granting.grant import ACCOUNT
from skymark.roster.columns import STUDENT, find_columns, header
from skymark.roster.table import read_table

COLUMN = "account"


def accounts_in(file: Path) -> dict[str, str]:
    """The accounts' 12 digits by student; without dashes, and only where all 12 are there.

    Raises:
        RosterError: the file is no roster.
    """
    table = read_table(file)
    student = find_columns(table).at[STUDENT]
    found = [at for at in range(len(table.header.cells)) if header(table.header, at).casefold() == COLUMN]
    pairs = ((row.value(student).strip(), row.value(at).strip().replace("-", "")) for row in table.rows for at in found)
    return {name: number for name, number in pairs if re.fullmatch(ACCOUNT, number)}
