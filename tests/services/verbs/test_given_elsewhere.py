"""What hangs on a dose goes to the day on which that was given, whatever the plan said before."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from planner.errors import Refusal
from planner.model.cycle_content import State
from planner.model.plan import Deferral, Given, GivenRecord, Plan, Scope
from planner.services.verbs import editing, recording
from tests.services.courses_at_hand import events, plan_of, scheduled

TODAY = date(2028, 1, 1)
PARTS = ("methotrexate-2-h", "methotrexate-22-h")
BLOCK = "part-b"


def recorded(plan: Plan, orders: tuple[str, ...], late: int, status: Given = Given.GIVEN) -> Plan:
    """The first doses of these orders given so many days late, one after the other, and nothing else moved."""
    first = events(plan, BLOCK, "methotrexate")[0].date
    for order in orders:
        dose = next(one for one in scheduled(plan).events if one.placed.id == f"{BLOCK}/2/{order}")
        assert dose.dose
        missed = status is Given.NOT_GIVEN
        on, amount = (None, None) if missed else (first + timedelta(late), dose.dose.value)
        why = "infection" if missed else ""
        record = GivenRecord(BLOCK, 2, dose.cycle_day, order, 0, status, on, amount, "" if missed else "mg", "A.", why)
        plan = recording.record_given(plan, scheduled(plan), record, TODAY)
    return plan


def hours(plan: Plan, agent: str) -> list[tuple[int, int]]:
    return [(one.day, one.minute) for one in events(plan, BLOCK, agent, 2)]


def later(found: list[tuple[int, int]], days: int) -> list[tuple[int, int]]:
    return [(day + days, minute) for day, minute in found]


def test_rescue_fluids_and_levels_follow_methotrexate_that_was_given_late() -> None:
    """Leucovorin "12 h after the end" stood within the infusion, on the hours of the day before."""
    plan = plan_of("hyper-cvad")
    for late in (1, 2, -1):
        after = recorded(plan, PARTS, late)
        for agent in ("leucovorin", "alkaline-fluids"):
            assert hours(after, agent) == later(hours(plan, agent), late)
        levels = [one.day for one in scheduled(after).events if one.placed.id == f"{BLOCK}/2/methotrexate-level"]
        assert levels == [
            one.day + late for one in scheduled(plan).events if one.placed.id == f"{BLOCK}/2/methotrexate-level"
        ]
        assert hours(after, "cytarabine") == hours(plan, "cytarabine"), "only what hangs on it"


@pytest.mark.parametrize("late", [-3, -1, 1, 2])
def test_fluids_and_levels_of_a_block_that_was_put_off_follow_too(late: int) -> None:
    """Only leucovorin did: the "level at 24 h" of a deferred course stood on the day of the infusion, unsaid."""
    plan = plan_of("hyper-cvad")
    moved = editing.defer(plan, scheduled(plan), Deferral(BLOCK, 2, 1, 3, Scope.ALL, "counts"))
    after = recorded(moved, PARTS, late)
    for line in ("leucovorin-first", "fluids", "methotrexate-level"):
        before, now = (
            [one.day for one in scheduled(at).events if one.placed.id == f"{BLOCK}/2/{line}"] for at in (moved, after)
        )
        assert before
        assert now == [day + late for day in before]
    assert hours(after, "cytarabine") == hours(moved, "cytarabine"), "only what hangs on it"


def test_the_second_part_is_planned_behind_the_first() -> None:
    after = recorded(plan_of("hyper-cvad"), PARTS[:1], 1)
    second = next(one for one in scheduled(after).events if one.placed.order.id == PARTS[1])
    assert (second.state, second.day - second.due_day) == (State.DEFERRED, 1)


def test_what_was_not_given_takes_nothing_along() -> None:
    plan = plan_of("hyper-cvad")
    assert hours(recorded(plan, PARTS, 0, Given.NOT_GIVEN), "leucovorin") == hours(plan, "leucovorin")


def test_a_deferral_beside_the_record_moves_nothing_twice() -> None:
    """With "follow" the rest of the cycle moves by those days, and what hangs on the dose with it once."""
    plan = plan_of("hyper-cvad")
    dose = next(one for one in scheduled(plan).events if one.placed.id == f"{BLOCK}/2/{PARTS[0]}")
    assert dose.dose
    on = dose.date + timedelta(1)
    record = GivenRecord(BLOCK, 2, 1, PARTS[0], 0, Given.GIVEN, on, dose.dose.value, "mg", "A.")
    moved = recording.shift_by_given(plan, scheduled(plan), record, Scope.CYCLE)
    moved = recording.record_given(moved, scheduled(plan), record, TODAY)
    assert hours(moved, "leucovorin") == later(hours(plan, "leucovorin"), 1)


def test_a_rescue_that_was_given_stays_where_it_was() -> None:
    plan = plan_of("hyper-cvad")
    rescue = next(one for one in scheduled(plan).events if one.placed.id == f"{BLOCK}/2/leucovorin-first")
    assert rescue.dose
    record = GivenRecord(
        BLOCK, 2, rescue.cycle_day, "leucovorin-first", 0, Given.GIVEN, rescue.date, rescue.dose.value, "mg", "A."
    )
    after = recorded(replace(plan, given=(record,)), PARTS, 1)
    first = next(one for one in scheduled(after).events if one.placed.id == f"{BLOCK}/2/leucovorin-first")
    assert (first.state, first.day) == (State.GIVEN, rescue.day)


def test_what_goes_with_a_day_stays_while_one_of_its_doses_was_given_then() -> None:
    """A second dose of cyclophosphamide given after midnight took the mesna of the first one along."""
    plan = plan_of("graaph-2005", arm="b")
    doses = [one for one in scheduled(plan).events if one.placed.order.id == "cyclophosphamide"][:2]
    mesna = next(one for one in scheduled(plan).events if one.placed.order.id == "mesna")
    assert doses[0].day == doses[1].day == mesna.day, "two on one day"
    for number, late in ((1, 0), (0, 1)):
        dose = doses[number]
        assert dose.dose
        assert dose.dose.value
        where = dose.placed.block.id, dose.placed.cycle, dose.cycle_day, "cyclophosphamide", number
        on = dose.date + timedelta(1)
        record = GivenRecord(*where, Given.GIVEN, on, dose.dose.value, dose.dose.unit, "A.")
        plan = recording.record_given(plan, scheduled(plan), record, TODAY)
        now = next(one for one in scheduled(plan).events if one.placed.order.id == "mesna")
        assert now.day == mesna.day + late


def test_what_was_given_of_a_dose_that_nobody_entered_is_asked_for_by_name() -> None:
    plan = plan_of("hyper-cvad")
    fluids = events(plan, "part-b", "alkaline-fluids")[0]
    record = GivenRecord("part-b", 2, 1, fluids.placed.order.id, 0, Given.GIVEN, fluids.date, None, "", "A.")
    with pytest.raises(Refusal, match=f"no dose of {fluids.placed.agent_name} is planned on that day: say the dose"):
        recording.record_given(plan, scheduled(plan), record, TODAY)
