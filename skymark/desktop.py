"""Showing a page to whoever sits at this computer: only where somebody does, and never in their terminal."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Final

REMOTE: Final = ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY")
"""What is set for whoever has come over the network. Source: OpenSSH, ssh(1), "Environment"."""
DISPLAYS: Final = ("DISPLAY", "WAYLAND_DISPLAY")
CLOUDSHELL: Final = "CloudShell"
"""What AWS CloudShell says of itself in AWS_EXECUTION_ENV."""
WITH_A_SCREEN: Final = ("darwin", "win32")
"""The platforms, as Python names them, whose terminals run on a desktop."""
OPENERS: Final = (
    ("xdg-open",),
    ("gio", "open"),
    *((name,) for name in ("x-www-browser", "firefox", "google-chrome", "chromium", "chromium-browser")),
)
"""What opens a page on other desktops, the first that is there. Text browsers are left out."""


def is_desktop(environ: Mapping[str, str], platform: str, *, terminal: bool) -> bool:
    """Whether a person sits at a graphical desktop of this machine, and reads what is printed.

    `platform` is Python's name of it; `terminal` is whether standard output and standard error both are one.
    """
    if not terminal or environ.get("CI") or any(environ.get(name) for name in REMOTE):
        return False
    if environ.get("AWS_EXECUTION_ENV") == CLOUDSHELL:
        return False
    return has_screen(environ, platform)


def shows_itself(wanted: bool | None, *, quiet: bool, json_is_printed: bool, desktop: bool) -> bool:
    """Whether the report is shown: as it is `wanted`; where nobody said (None), on a desktop, unless a script reads.

    `json_is_printed` is whether standard output holds the result as JSON.
    """
    return wanted if wanted is not None else desktop and not quiet and not json_is_printed


def has_screen(environ: Mapping[str, str], platform: str) -> bool:
    """Whether there is a screen on which a page can be shown."""
    return platform in WITH_A_SCREEN or any(environ.get(name) for name in DISPLAYS)


def somebody_is_there() -> bool:
    """Whether a person sits at the desktop of this machine."""
    return is_desktop(os.environ, sys.platform, terminal=sys.stdout.isatty() and sys.stderr.isatty())


def show(address: str) -> bool:
    """Show the page of this address in a browser that has a window; whether one was started.

    It gets no terminal, so that whatever the desktop takes for a browser can neither read nor write in it.
    """
    if sys.platform == "win32":
        return _start_on_windows(address)
    return has_screen(os.environ, sys.platform) and any(_start((*opener, address)) for opener in _openers())


def _openers() -> Iterator[tuple[str, ...]]:
    for opener in (("open",),) if sys.platform == "darwin" else OPENERS:
        if found := shutil.which(opener[0]):
            yield (found, *opener[1:])


def _start_on_windows(address: str) -> bool:
    if sys.platform == "win32":  # mypy knows `startfile` only there
        try:
            os.startfile(address)  # noqa: S606 - what Windows opens pages with
        except OSError:  # no program is set for pages
            return False
    return True


def _start(command: tuple[str, ...]) -> bool:
    silent = subprocess.DEVNULL
    try:
        subprocess.Popen(command, stdin=silent, stdout=silent, stderr=silent, start_new_session=True)  # noqa: S603
    except OSError:
        return False
    return True
