"""Everything that is read through at once says the same as whoever opens one state after another."""

from contextlib import closing

import pytest

from planner.errors import EnvironmentProblem
from planner.storage import database
from planner.storage.repository import Repository
from planner.storage.states import WHOLE_EVERY
from tests.storage.plans import AT, later, small_plan

PLANS, SAVES = ("plan-1", "plan-2"), WHOLE_EVERY + 3


@pytest.fixture
def filled(path):
    """Two plans saved in turn, so that no state lies beside the one it is the difference to."""
    with closing(Repository(path)) as store:
        for days in range(1, SAVES + 1):
            for plan_id in PLANS:
                store.append(later(small_plan(plan_id), days), "Edit", "Ph. One", AT)
    with closing(database.connect(path, "rw")) as raw:
        raw.execute("DROP TRIGGER act_unchanged")
        raw.execute("DROP TRIGGER act_kept")
    return path


def refused_in_turn(store):
    """The states that nobody can open, each asked for by itself."""
    found = set()
    for plan_id in PLANS:
        for counter in range(1, SAVES + 1):
            try:
                store.load(plan_id, counter)
            except EnvironmentProblem:
                found.add(f"plan {plan_id}, revision {counter}")
    return found


def told(store):
    return {one.partition(": ")[0] for one in store.verify() if one.startswith("plan ")}


def test_a_sound_store_is_told_as_sound(filled):
    with closing(Repository(filled)) as store:
        assert store.verify() == ()


@pytest.mark.parametrize("counter", [1, 2, 20, WHOLE_EVERY, WHOLE_EVERY + 1, SAVES])
def test_each_state_that_rests_on_a_changed_one_is_named_and_no_other(filled, counter):
    with closing(database.connect(filled, "rw")) as raw:
        raw.execute(
            "UPDATE act SET body = replace(body, 'fever', 'never') || ' ' WHERE plan = 'plan-2' AND counter = ?",
            (counter,),
        )
    with closing(Repository(filled)) as store:
        refused = refused_in_turn(store)
        assert told(store) == refused
        assert f"plan plan-2, revision {counter}" in refused
        assert not any("plan-1" in one for one in refused)


def test_a_changed_protocol_is_told_for_every_state_that_holds_it(filled):
    with closing(database.connect(filled, "rw")) as raw:
        raw.execute("UPDATE protocol_text SET text = text || ' '")
    with closing(Repository(filled)) as store:
        assert told(store) == refused_in_turn(store)
        assert len(told(store)) == len(PLANS) * SAVES


def test_a_state_after_which_a_line_is_missing_is_told(filled):
    with closing(database.connect(filled, "rw")) as raw:
        raw.execute("DELETE FROM act WHERE plan = 'plan-2' AND counter = 5")
    with closing(Repository(filled)) as store:
        lines = [one for one in store.verify() if "does not follow the revision" in one]
        assert lines == ["plan plan-2, revision 6: does not follow the revision before it"]
