"""Writing files whole or not at all."""

import os
import stat
import threading
import time
from pathlib import Path

import pytest

from skymark.errors import UsageError
from skymark.files import write_whole


def test_a_file_is_replaced_whole_and_its_folder_made(tmp_path):
    """Nothing else is left in the folder."""
    file = tmp_path / "new" / "report.html"
    write_whole(file, "first")
    write_whole(file, "second\n")

    assert file.read_text() == "second\n"
    assert [path.name for path in file.parent.iterdir()] == ["report.html"]


def test_a_private_file_is_its_owners(tmp_path):
    """0600, and 0700 the folder that is made for it; one that was there is left alone."""
    new = tmp_path / "new" / "survey.json"
    was = stat.S_IMODE(tmp_path.stat().st_mode)

    write_whole(new, "x", private=True)

    assert [stat.S_IMODE(path.stat().st_mode) for path in (new, new.parent, tmp_path)] == [0o600, 0o700, was]


def test_what_a_link_leads_to_is_written_not_the_link(tmp_path):
    """The link stays one."""
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    link.symlink_to(target)

    write_whole(link, "new")

    assert link.is_symlink()
    assert target.read_text() == "new"


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path):
    """Its reader gets the text."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()

    write_whole(pipe, "through")
    reader.join(timeout=10)

    assert read == ["through"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_what_is_interrupted_leaves_nothing_beside(tmp_path, monkeypatch):
    """Neither by Ctrl-C."""

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "report.html", "x")

    assert list(tmp_path.iterdir()) == []


def test_what_a_kill_left_is_removed_when_it_is_old_and_nothing_else_is(tmp_path):
    """What is young may be somebody's who writes just now; what is called otherwise is somebody else's."""
    old, young, strange = (
        tmp_path / name
        for name in (".report.html.abcd1234.skymark", ".ada.json.abcd_234.skymark", ".report.html.abcd1234")
    )
    for one in (old, young, strange):
        one.write_text("half")
    for one in (old, strange):
        os.utime(one, (time.time() - 3700,) * 2)

    write_whole(tmp_path / "another.json", "x")

    assert sorted(tmp_path.iterdir()) == sorted((young, strange, tmp_path / "another.json"))


def test_a_place_that_cannot_be_written_is_told_in_one_line(tmp_path):
    """With the system's own words."""
    (tmp_path / "file").write_text("")

    with pytest.raises(UsageError, match="cannot be written"):
        write_whole(tmp_path / "file" / "below.html", "x")
    with pytest.raises(UsageError, match="cannot be written"):
        write_whole(tmp_path, "x")
