"""The account answers."""

import re


def check_access(account):
    """The credentials work and name an account."""
    assert re.fullmatch(r"\d{12}", account.id), f"{account.id} is not the number of an AWS account"
