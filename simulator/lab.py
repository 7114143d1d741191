"""The practice cloud, run until it is stopped: what `grade.py lab` does."""

import math
import re
import secrets
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from simulator.clock import clock
from simulator.regions.enabled import ENABLED
from simulator.server import HOME_REGION, PracticeServer
from simulator.states import watched
from skymark.errors import UsageError

SHOWN = ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION")

LOOK_AGAIN_S = 0.1
QUOTA = re.compile(r"ml\.[a-z0-9.]+ for (?:notebook instance|training job|endpoint) usage")


def new_account() -> str:
    """A number that no practice cloud had before: what was once proved in one account stays proved."""
    return str(secrets.randbelow(9 * 10**11) + 10**11)


@dataclass(frozen=True, slots=True)
class Settings:
    """How the practice cloud is to be: `speed` divides AWS's waits; `quotas` are limits by AWS's names of them."""

    port: int = 0
    speed: float = 10.0
    region: str = HOME_REGION
    quotas: Mapping[str, int] | None = None
    account: str = field(default_factory=new_account)


def settings(port: int, speed: float, region: str, quotas: Sequence[str] = ()) -> Settings:
    """What was asked for, checked; a quota is text such as `ml.m4.xlarge for endpoint usage=0`.

    Raises:
        UsageError: a speed that is no positive number, a region without SageMaker, a quota that cannot be read.
    """
    if math.isnan(speed) or speed <= 0:
        raise UsageError(
            f"--speed {speed:g}: must be more than 0. 1 is AWS's own pace, 10 is ten times as fast, inf is at once."
        )
    if region not in ENABLED:
        raise UsageError(f"--region {region}: is none that a new account has. There are: {', '.join(ENABLED)}.")
    return Settings(port, speed, region, dict(_quota(text) for text in quotas))


def _quota(text: str) -> tuple[str, int]:
    name, _, number = text.rpartition("=")
    if not QUOTA.fullmatch(name) or not number.isdecimal():
        raise UsageError(f'--quota "{text}": is not like "ml.m4.xlarge for endpoint usage=0".')
    return name, int(number)


def run(wanted: Settings, say: Callable[[str], None] = print, stop: threading.Event | None = None) -> None:
    """Run until `stop` is set, or the process is interrupted or terminated; say what to paste, and what changes.

    Raises:
        PortError: the port cannot be used.
    """
    end = stop or _at_a_signal()
    with PracticeServer(wanted.port, speed=wanted.speed, region=wanted.region, moto_api=False) as server:
        _limit(wanted.quotas or {})
        say(welcome(server, wanted))
        with watched(lambda change: say(f"{clock.now():%H:%M:%S}  {change}")):
            while not end.wait(LOOK_AGAIN_S):
                clock.catch_up()
    say("The practice cloud has stopped; nothing of it is left.")


def welcome(server: PracticeServer, wanted: Settings) -> str:
    """What to paste into the terminal where the lesson is done."""
    environment = server.environment(server.credentials(wanted.account), wanted.region)
    exports = "\n".join(f"export {name}={environment[name]}" for name in SHOWN)
    pace = "at once" if math.isinf(wanted.speed) else f"{wanted.speed:g} times as fast as on AWS"
    return (
        f"The practice cloud is at {server.url}. What AWS takes time for is done {pace}.\n"
        "Nothing in it costs anything, and all is forgotten when it stops (Ctrl-C).\n"
        "Paste this into the terminal where you work:\n\n"
        f"unset AWS_PROFILE AWS_SESSION_TOKEN\n{exports}\n"
    )


def _limit(quotas: Mapping[str, int]) -> None:
    from simulator.sagemaker.quotas import EVERY_ACCOUNT, set_limit

    for name, limit in quotas.items():
        set_limit(EVERY_ACCOUNT, name, limit)


def _at_a_signal() -> threading.Event:
    end = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: end.set())
    return end
