"""Who may do what with the bucket."""


def check_open(readers):
    """Everybody may read the pages."""
    assert not readers.kept_out_by, f"visitors cannot read {' and '.join(readers.pages)}: {readers.kept_out_by}"


def check_only_reading(strangers):
    """Nobody else may do anything but read."""
    assert not strangers.more, f"everybody may also {strangers.more}, and should only be able to read objects"


def check_block(block):
    """Block Public Access is off only as far as it must be."""
    assert not block.off_for_nothing, (
        f"Block Public Access is off for access control lists, too ({', '.join(block.off_for_nothing)}): "
        "a bucket policy does not need that"
    )
