"""How often an account is asked."""

from hypothesis import given
from hypothesis import strategies as st

from skymark.watch.pace import IDLE_LONGEST_S, IDLE_S, LONGEST_S, NEWS_S, SEARCH_S, Pace, Turn

BEGUN = Pace.begun(5, 0)


def test_a_change_calls_for_a_look_at_once():
    """Without one there is a look after a while."""
    assert BEGUN.turn(5, has_changed=True) is Turn.NEAR
    assert BEGUN.turn(IDLE_S - 1, has_changed=False) is Turn.GLIMPSE
    assert BEGUN.turn(IDLE_S, has_changed=False) is Turn.NEAR


def test_looks_that_show_nothing_new_come_more_and_more_rarely():
    """Up to a limit; news brings them back."""
    pace = BEGUN
    for _ in range(9):
        pace = pace.after_near(0, has_news=False)

    assert pace.idle_s == IDLE_LONGEST_S
    assert pace.after_near(0, has_news=True).idle_s == IDLE_S


def test_after_news_all_regions_are_looked_into_but_not_too_often():
    """While more is changing, that comes first."""
    pace = BEGUN.after_near(10, has_news=True)

    assert pace.turn(NEWS_S - 1, has_changed=False) is Turn.GLIMPSE
    assert pace.turn(NEWS_S, has_changed=True) is Turn.NEAR
    assert pace.turn(NEWS_S, has_changed=False) is Turn.EVERYWHERE
    assert pace.after_everywhere(NEWS_S).turn(NEWS_S + 5, has_changed=False) is Turn.GLIMPSE


def test_all_regions_are_looked_into_now_and_then_whatever_happens():
    """Something may be where nobody looks for it."""
    for has_changed in (False, True):
        assert BEGUN.after_near(SEARCH_S, has_news=False).turn(SEARCH_S, has_changed=has_changed) is Turn.EVERYWHERE


@given(st.lists(st.booleans()), st.floats(2, 600))
def test_waits_stay_within_bounds_and_recover(hindered, every_s):
    """Never shorter than asked for, never longer than a minute, unless more was asked for."""
    pace = Pace.begun(every_s, 0)
    for one in hindered:
        pace = pace.after_glimpse(is_hindered=one)
        assert every_s <= pace.wait_s <= max(LONGEST_S, every_s)
    for _ in range(20):
        pace = pace.after_glimpse(is_hindered=False)
    assert pace.wait_s == every_s
