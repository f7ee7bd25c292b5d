"""Plans held small for undo: each comes back equal, in whatever order it is asked for."""

import gc
import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from planner.errors import InputProblem
from planner.services.store import past_plans
from planner.services.store.past_plans import PastPlans
from tests.storage.plans import later, plans, small_plan


@given(st.lists(plans(), min_size=1, max_size=6), st.lists(st.integers(0, 400), max_size=80), st.randoms())
def test_each_plan_comes_back_equal_in_any_order(others, days, chance):
    kept = PastPlans()
    course = [*others, *(later(small_plan(), day) for day in days), *others[::-1]]
    held = [(plan, kept.keep(plan)) for plan in course]
    chance.shuffle(held)
    assert all(past.read() == plan for plan, past in held)


def test_one_of_many_takes_little_and_none_keeps_the_plan(monkeypatch):
    """Ten thousand states may take a tenth of the memory of a window (promise R14)."""
    kept, read = PastPlans(), []
    monkeypatch.setattr(past_plans, "apply_difference", lambda *both: read.append(1) or _apply(*both))
    held = [kept.keep(later(small_plan(), day % 300)) for day in range(1000)]
    assert held[999].read() == later(small_plan(), 999 % 300)
    assert 1 <= len(read) <= 32
    runs = {id(past._run): past._run for past in held}
    assert len(runs) == 1000 // 32 + 1
    size = sum(
        sys.getsizeof(run._packed) + sum(map(sys.getsizeof, run._kept)) + sys.getsizeof(run._last)
        for run in runs.values()
    )
    assert size / 1000 < 100
    gc.collect()


_apply = past_plans.apply_difference


def test_plan_that_no_file_holds_is_refused():
    plan = small_plan()
    wrong = replace(plan.patient.measurements[0], weight_kg=Decimal("NaN"))
    with pytest.raises(InputProblem):
        PastPlans().keep(replace(plan, patient=replace(plan.patient, measurements=(wrong,))))
