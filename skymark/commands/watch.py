"""`grade.py watch`: one account, live, while its lesson is done."""

import contextlib
import math
from typing import TYPE_CHECKING, Annotated

import typer

from skymark import options
from skymark.commands.choosing import lesson_and_rubric
from skymark.commands.console import printing, say, waiting
from skymark.errors import UsageError

if TYPE_CHECKING:
    from skymark.watch.account import Account

LEAST_S, MOST_S = 2.0, 3600.0
Every = Annotated[
    float,
    typer.Option(
        "--every", metavar="SECONDS", min=LEAST_S, max=MOST_S, help="How often to look whether anything changed."
    ),
]
Plain = Annotated[bool, typer.Option("--plain", help="A line for each change, for screen readers and logs.")]
NoBell = Annotated[bool, typer.Option("--no-bell", help="Do not ring when AWS is ready with something.")]


def watch(
    rubric: options.Rubric = None,
    lesson: options.Lesson = None,
    expect_account: options.ExpectAccount = None,
    since: options.Since = None,
    until: options.Until = None,
    every: Every = 5,
    plain: Plain = False,
    no_bell: NoBell = False,
    no_predict: options.NoPredict = False,
    prices: options.Prices = None,
    gradebook: options.Gradebook = None,
    no_gradebook: options.NoGradebook = False,
    profile: options.Profile = None,
    region: options.Region = None,
) -> None:
    """Watch one account while the lesson is done: what is done, what is next, what it costs. Ctrl-C ends it."""
    from skymark.cohort.stopping import INTERRUPTED, end_now
    from skymark.cost import load_prices
    from skymark.gradebook.recording import place
    from skymark.log import log_to_file
    from skymark.score import exit_status
    from skymark.watch.account import Account
    from skymark.window import written_times

    if math.isnan(every):
        raise UsageError("--every nan is no number of seconds.")
    of, by = lesson_and_rubric(lesson, rubric)
    log_to_file()
    try:
        with waiting("Looking into the account", quiet=plain):
            account = Account(
                of,
                by,
                profile=profile,
                region=region,
                expected=expect_account,
                predict=not no_predict,
                times=written_times(since, until, None) | by.times,
                prices=load_prices(prices) if prices else None,
                book=place(gradebook, off=no_gradebook, offline=False, only=False),
                warn=lambda text: say(text, err=True),
            )
        _follow(account, every_s=every, plain=plain, bell=not no_bell)
    except KeyboardInterrupt:
        end_now(INTERRUPTED)
    end_now(exit_status(account.result))


def _follow(account: "Account", *, every_s: float, plain: bool, bell: bool) -> None:
    """Show it until everything is done, or Ctrl-C; then a summary. A second Ctrl-C is raised."""
    from skymark.cohort.stopping import noted_ctrl_c
    from skymark.commands.screen import Screen
    from skymark.render import terminal
    from skymark.watch.watching import watching

    try:
        with (
            contextlib.suppress(KeyboardInterrupt),
            noted_ctrl_c() as is_over,
            Screen(plain=plain, bell=bell) as screen,
        ):
            for seen in watching(account, every_s=every_s):
                screen.show(seen)
                if is_over():
                    break
    finally:
        account.keep()
        with printing() as console:
            terminal.summary(account.result, console)
