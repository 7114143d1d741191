"""The account answers."""


def check_access(account):
    """The credentials work and name an account."""
    assert len(account.id) == 12 and account.id.isdigit(), f"{account.id} is not the number of an AWS account"
