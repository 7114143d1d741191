"""Commands to paste, for the shell of the computer that they are pasted on."""

from collections.abc import Sequence
from typing import Final

WINDOWS: Final = "win32"
_CLOCK: Final = {"darwin": "sudo sntp -sS time.apple.com", WINDOWS: "w32tm /resync"}


def unset(name: str, platform: str) -> str:
    """What removes a variable of the environment; `platform` is Python's `sys.platform`."""
    return f"Remove-Item Env:{name}" if platform == WINDOWS else f"unset {name}"


def assign(name: str, value: str, platform: str) -> str:
    """What sets a variable of the environment."""
    return f'$Env:{name} = "{value}"' if platform == WINDOWS else f"export {name}={value}"


def set_clock(platform: str) -> str:
    """What sets the clock by the network."""
    return _CLOCK.get(platform, "sudo timedatectl set-ntp true")


def aws(*words: str, profile: str | None = None, region: str | None = None) -> str:
    """A command of the AWS CLI, for a profile and a region where they are given."""
    more: Sequence[str] = (
        *(("--region", region) if region else ()),
        *(("--profile", profile) if profile else ()),
    )
    return " ".join(("aws", *words, *more))
