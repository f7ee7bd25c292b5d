"""When the window locks itself: idle, asleep, clock set back, never."""

import pytest

from planner.services.store.idle import IdleWatch


@pytest.fixture
def watch():
    found = IdleWatch(limit=600)
    found.touch(100.0, 1000.0)
    return found


def test_locks_after_the_limit_and_no_earlier(watch):
    for seconds in range(5, 600, 5):
        assert not watch.due(100.0 + seconds, 1000.0 + seconds)
    assert watch.due(700.0, 1600.0)


def test_a_touch_starts_the_count_again(watch):
    watch.touch(600.0, 1500.0)
    assert not watch.due(1100.0, 2000.0)
    assert watch.due(1200.0, 2100.0)


def test_sleep_of_eight_hours_locks_at_once(watch):
    assert not watch.due(105.0, 1005.0)
    assert watch.due(110.0, 1010.0 + 8 * 3600)


def test_clock_set_back_delays_nothing(watch):
    assert not watch.due(400.0, 1300.0 - 3600)
    assert watch.due(701.0, 1601.0 - 3600)


def test_limit_of_zero_never_locks():
    watch = IdleWatch(limit=0)
    watch.touch(0.0, 0.0)
    assert not watch.due(10**6, 10**6)
