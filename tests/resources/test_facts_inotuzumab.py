"""Inotuzumab for relapsed or refractory disease against section 2 of its label."""

from decimal import Decimal

import pytest

from tests.resources.reading import given, patient, plan_of, schedule_of

ID = "inotuzumab-rr"
BEST = {"week_4": "no", "response_1": "cr", "response_2": "cr", "response_3": "continue"}


def course(age=40, **answers):
    return schedule_of(plan_of(ID, patient(age=age), **{**BEST, **answers}))


def doses(schedule, cycle):
    """(day, mg/m2) of the inotuzumab doses of a cycle."""
    return [
        (event.cycle_day, Decimal(event.dose.protocol_dose.removesuffix(" mg/m2")))
        for event in given(schedule, "inotuzumab")
        if event.placed.cycle == cycle
    ]


FULL = [(1, Decimal("0.8")), (8, Decimal("0.5")), (15, Decimal("0.5"))]
LESS = [(1, Decimal("0.5")), (8, Decimal("0.5")), (15, Decimal("0.5"))]


def test_cycle_1_is_1_8_mg_per_m2_in_21_days_and_later_cycles_in_remission_1_5_in_28():
    found = course()
    assert doses(found, 1) == FULL
    assert all(doses(found, cycle) == LESS for cycle in (2, 3, 4, 5, 6))
    assert sum(dose for _, dose in FULL) == Decimal("1.8")
    assert sum(dose for _, dose in LESS) == Decimal("1.5")
    starts = [cycle.start for block in found.blocks for cycle in block.cycles]
    assert [start - starts[0] for start in starts] == [0, 21, 49, 77, 105, 133]
    assert not any(block.provisional for block in found.blocks)


def test_without_remission_day_1_stays_at_0_8_mg_per_m2_and_cycle_3_is_the_last():
    assert doses(course(response_1="no-cr"), 2) == FULL
    found = course(response_1="no-cr", response_2="no-cr", response_3="stop")
    assert doses(found, 3) == FULL
    assert {event.placed.cycle for event in given(found, "inotuzumab")} == {1, 2, 3}


def test_six_cycles_are_the_most_and_two_go_before_a_transplant():
    assert {event.placed.cycle for event in given(course(), "inotuzumab")} == {1, 2, 3, 4, 5, 6}
    assert {event.placed.cycle for event in given(course(response_2="transplant"), "inotuzumab")} == {1, 2}
    assert {event.placed.cycle for event in given(course(response_3="transplant"), "inotuzumab")} == {1, 2, 3}


def test_cycle_1_may_take_28_days():
    starts = [block.start for block in course(week_4="extend").blocks]
    assert starts[2] - starts[0] == 28


def test_day_8_and_15_may_move_by_two_days():
    found = [event.placed.order for event in given(course(), "inotuzumab") if event.cycle_day == 8]
    assert {(order.window.earlier, order.window.later) for order in found} == {(2, 2)}


@pytest.mark.parametrize(
    ("age", "steroid", "dosed"), [(40, ("dexamethasone", 12), True), (12, ("methylprednisolone", 50), False)]
)
def test_every_dose_has_steroid_antipyretic_and_antihistamine(age, steroid, dosed):
    """Adults as the New Zealand library gives them; of children no text gives how, so all is the site's to enter."""
    found = course(age=age)
    days = [(event.placed.cycle, event.cycle_day) for event in given(found, "inotuzumab")]
    medicines = ((*steroid, dosed), ("paracetamol", 1000, dosed), ("loratadine", 10, dosed))
    for agent, dose, known in medicines:
        taken = given(found, agent)
        assert [(event.placed.cycle, event.cycle_day) for event in taken] == days
        assert {event.dose.value for event in taken} == {Decimal(dose) if known else None}


@pytest.mark.parametrize(("choice", "route"), [("iv", "IV"), ("po", "PO")])
def test_the_route_of_the_childrens_steroid_is_chosen_and_its_dose_is_that_of_the_study(choice, route):
    found = schedule_of(plan_of(ID, patient(age=12), {"steroid-child": choice}, **BEST))
    taken = given(found, "methylprednisolone")
    assert {(event.placed.route, event.dose.value) for event in taken} == {(route, Decimal(50))}
    assert len(taken) == len(given(found, "inotuzumab"))


def test_the_medicine_against_liver_disease_that_the_panel_advises_is_a_mark():
    """The table of the panel was cited for its liver tests; what it says first, to protect the liver, stood nowhere."""
    (mark,) = (event for event in course().events if event.placed.order.id == "liver-protection")
    assert (mark.cycle_day, mark.placed.block.phase.id) == (1, "cycle-1")
    assert mark.placed.order.references == ("S2",)
