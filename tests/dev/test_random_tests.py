"""Random tests judge what is drawn, never how long that takes: a busy machine is no fault of the program."""

import time
from itertools import count

from hypothesis import given
from hypothesis import strategies as st


def test_drawing_slowly_fails_no_random_test(monkeypatch):
    seen = []

    @given(st.lists(st.integers()))
    def judges(drawn):
        seen.append(drawn)

    ticks = count(step=10)
    monkeypatch.setattr(time, "perf_counter", lambda: float(next(ticks)))
    judges()
    assert len(seen) == 50
