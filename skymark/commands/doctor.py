"""`grade.py doctor`: what stands in the way of the lesson, and how to mend it."""

import sys

import typer

from skymark import options
from skymark.commands.choosing import lesson_and_rubric
from skymark.commands.console import printing, waiting


def doctor(
    rubric: options.Rubric = None,
    lesson: options.Lesson = None,
    json: options.Json = None,
    quiet: options.Quiet = False,
    profile: options.Profile = None,
    region: options.Region = None,
) -> None:
    """Say what is wrong with credentials, clock, region, permissions and quotas, and how to mend it. Changes nothing.

    Ends with 0: all is well, 1: something to mend, 2: wrong usage, 3: something could not be told.
    """
    from skymark.cohort.stopping import INTERRUPTED, end_now
    from skymark.destinations import STDOUT, Destinations
    from skymark.doctor.examination import examine
    from skymark.doctor.finding import exit_status
    from skymark.files import write_whole
    from skymark.log import log_to_file
    from skymark.render import doctor as render

    _, by = lesson_and_rubric(lesson, rubric)
    Destinations(json=json).refuse_unwritable()
    log_to_file()
    try:
        with waiting("Looking at the way to AWS", quiet):
            diagnosis = examine(by, profile=profile, region=region, named=rubric)
    except KeyboardInterrupt:
        end_now(INTERRUPTED)
    if json == STDOUT:
        sys.stdout.write(render.to_json(diagnosis))
        sys.stdout.flush()
    elif json:
        write_whole(json, render.to_json(diagnosis), private=True)
    with printing(to_stderr=json == STDOUT) as console:
        if quiet:
            console.print(render.brief(diagnosis), markup=False, soft_wrap=True)
        else:
            render.render(diagnosis, console)
    raise typer.Exit(exit_status(diagnosis.findings))
