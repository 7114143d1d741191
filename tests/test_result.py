"""What a result says of itself."""

import datetime as dt

from msgspec.structs import replace

from skymark.grading import grade
from skymark.moment import moment
from skymark.rubric_file import load_rubric
from skymark.window import Times, Window

SINCE, UNTIL, DUE = (dt.datetime(2019, 7, 1, hour, 30, 15, tzinfo=dt.UTC) for hour in (18, 19, 20))


def test_its_terms_are_options_by_which_the_same_is_judged(good, lesson):
    """As a command reads them: the very same times, whatever the zone of this computer."""
    result = grade(
        good, load_rubric(lesson, "sagemaker-intro"), lesson, final=True, window=Window(SINCE, UNTIL), due=DUE
    )

    final, *named = result.terms

    read = dict(zip(named[::2], map(moment, named[1::2]), strict=True))
    times = Times(since=read["--since"], until=read["--until"], due=read["--due"])
    assert final == "--final"
    assert times.at(good.surveyed_at) == (Window(SINCE, UNTIL), DUE)
    assert replace(result, final=False, window=Window(), due=None).terms == ()
