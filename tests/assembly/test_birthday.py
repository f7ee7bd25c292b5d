"""A birthday within a cycle: the dose goes by the age on its first day, and from the birthday on it says so."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.assembly.assemble import assemble
from planner.model.patient import Measurement, Patient
from planner.model.plan import BlockStart
from planner.model.schedule import Event
from planner.model.site import Site
from planner.services.verbs.placing import add_protocol, new_plan
from tests.golden.cases import PATIENTS, library
from tests.services.courses_at_hand import plan_of, scheduled

START = date(2026, 3, 2)


def intrathecal(born: date) -> list[Event]:
    """The intrathecal methotrexate of the first block that has any, for a child born on that day."""
    size = Measurement(date(2026, 3, 1), Decimal(86), Decimal(12))
    child = Patient("C", "Child", "", born, "female", (size,), markers=(("cns", "CNS1"),))
    shelf = library().protocols["aall0232-hr"]
    plan = add_protocol(new_plan("p", child), shelf, BlockStart(on=START), {})
    events = assemble(plan, {shelf.pin.sha256: shelf.protocol}, library().agents, Site()).events
    found = [one for one in events if (one.placed.agent, one.placed.route) == ("methotrexate", "IT")]
    return [one for one in found if one.placed.block.id == found[0].placed.block.id]


def amounts(events: list[Event]) -> list[tuple[Decimal | None, bool]]:
    return [(one.dose.value if one.dose else None, "years old from Day" in one.note) for one in events]


def test_a_child_who_turns_two_after_day_1_keeps_the_dose_and_every_later_one_says_so() -> None:
    plain = intrathecal(date(2024, 1, 1))
    assert {told for _, told in amounts(plain)} == {False}
    days = [one.day for one in plain]
    assert len(days) > 1
    turns = date.fromordinal(days[0] + 1)
    born = turns.replace(year=turns.year - 2)
    found = intrathecal(born)
    assert amounts(found) == [(Decimal(8), number > 0) for number in range(len(days))]
    assert f"2 years old from Day {found[0].cycle_day + 1}, at which age the protocol gives 10 mg" in found[1].note


@pytest.mark.parametrize("years", [5, 12])
def test_a_birthday_that_changes_no_dose_says_nothing(years: int) -> None:
    first = intrathecal(date(2024, 1, 1))[0].date
    found = intrathecal(date(first.year - years, first.month, first.day + 1))
    assert {told for _, told in amounts(found)} == {False}


def test_a_birthday_on_the_first_day_of_the_cycle_counts_from_it() -> None:
    start = date.fromordinal(intrathecal(date(2024, 1, 1))[0].placed.block.start)
    found = intrathecal(start.replace(year=start.year - 2))
    assert {told for _, told in amounts(found)} == {False}
    assert found[0].dose
    assert found[0].dose.value == Decimal(10)


def phallcon(born: date) -> list[Event]:
    """The methotrexate into a vein of PhALLCON, cycles 4, 6 and 8, and the steroid of cycles 1 to 3."""
    size = Measurement(date(2026, 3, 1), Decimal(170), Decimal(70))
    who = Patient("P", "Person", "", born, "female", (size,), markers=(("ph", "positive"),))
    shelf = library().protocols["phallcon"]
    plan = add_protocol(new_plan("p", who), shelf, BlockStart(on=START), {})
    events = assemble(plan, {shelf.pin.sha256: shelf.protocol}, library().agents, Site()).events
    return [one for one in events if one.placed.agent in ("methotrexate", "dexamethasone") and one.dose]


def test_a_birthday_between_two_cycles_that_changes_a_dose_is_told_on_each_dose() -> None:
    """Methotrexate of 250 mg/m2 stood beside dexamethasone of 40 mg, and nothing said that a birthday lay between."""
    turned = phallcon(date(START.year - 60, 4, 20))
    told = "by the age of 60 years; at 59, the age on the first day of the course, the protocol gives "
    cycles = {one.placed.cycle: one.note.partition(told)[2] for one in turned if told in one.note}
    assert set(cycles) == {3, 4, 6, 8}
    assert cycles[3].startswith("40 mg/day")
    assert cycles[4].startswith("1,000 mg/m2")
    for born in (date(START.year - 40, 4, 20), date(START.year - 60, 3, 2), date(START.year - 61, 4, 20)):
        assert not any("on the first day of the course" in one.note for one in phallcon(born))


def test_an_order_that_a_birthday_brought_is_told_on_each_dose() -> None:
    """Dexamethasone of 21 days became one of 7 and 7 on the 13th birthday of a child, and no dose said so."""
    plan = plan_of("aall0232-hr", replace(PATIENTS["child"], birth_date=date(START.year - 13, START.month, 20)))
    told = "by the age of 13 years; at 12, the age on the first day of the course, the protocol gives another order"
    taken = [one for one in scheduled(plan).events if one.placed.order.id.startswith("dexamethasone-")]
    late = {one.placed.order.id for one in taken if told in one.note}
    assert late == {"dexamethasone-split-from-13"}
    assert all(told in one.note for one in taken if one.placed.order.id in late)
    assert not any("another order" in one.note for one in scheduled(plan_of("aall0232-hr", PATIENTS["child"])).events)


def test_an_intrathecal_dose_goes_by_the_age_of_its_day() -> None:
    found = intrathecal(date(START.year - 2, START.month, START.day + 1))
    assert not any("on the first day of the course" in one.note for one in found)
