"""Where the details of Skymark's own mistakes go."""

import logging
import stat

import pytest

from skymark.log import LOG, log_to_file


@pytest.fixture
def file(tmp_path):
    """A log that is put away again."""
    before, propagates = list(LOG.handlers), LOG.propagate
    yield tmp_path / "reports" / "skymark.log"
    for handler in set(LOG.handlers) - set(before):
        handler.close()
        LOG.removeHandler(handler)
    LOG.propagate = propagates


def test_a_log_is_made_when_there_is_something_to_write_and_is_its_owner_s(file):
    """A traceback may hold what a student called something."""
    log_to_file(file)
    before = file.exists()

    logging.getLogger("skymark").error("a fault")

    assert not before
    assert file.read_text("utf-8").endswith("ERROR a fault\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_where_no_log_can_be_made_the_details_are_on_standard_error(file, capsys):
    """Nothing is raised: a fault of one check must not take the others with it."""
    file.parent.write_text("a file where the folder should be")
    log_to_file(file)

    logging.getLogger("skymark").error("a fault")

    said = capsys.readouterr().err
    assert "skymark.log cannot be written" in said
    assert said.endswith("ERROR a fault\n")
