"""Reductions, typed doses, other agents, added orders: which doses change, how they are labelled, what is refused."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.assembly.assemble import assemble
from planner.errors import Refusal
from planner.model.evidence import Evidence
from planner.model.patient import Measurement
from planner.model.plan import Addition, DoseChange, Given, GivenRecord, Hold, Omission, Plan, Replacement, Scope, Stop
from planner.model.site import Site
from planner.services.telling.differences import differences
from planner.services.telling.elsewhere import not_as_ordered
from planner.services.verbs import editing
from planner.services.verbs.drugs import read_days
from planner.services.verbs.pausing import hold, stop
from planner.services.verbs.recording import record_given
from planner.services.verbs.redosing import add_order, enter_dose, full_dose, reduce, replace_agent
from tests.golden.cases import START
from tests.services.courses_at_hand import AGENTS, doses, events, plan_of, protocols_of, scheduled, states
from tests.services.verbs.test_deferring import Course, drug

VCR, PEG = "vincristine", "pegaspargase"


def calgb() -> Plan:
    return plan_of("calgb-10403")


def change(order: str, day: int = 1, scope: Scope = Scope.FOLLOWING, block: str = "induction", **more) -> DoseChange:
    return DoseChange(block, 1, day, order, scope, "toxicity", "neuropathy", 2, **more)


def reduced(plan: Plan, order: str, day: int = 1, scope: Scope = Scope.FOLLOWING, **more) -> Plan:
    return reduce(plan, scheduled(plan), change(order, day, scope, **more))


def test_a_reduction_takes_percent_of_the_capped_dose_from_its_day_on() -> None:
    plan = calgb()
    assert doses(plan, "induction", VCR) == ["2", "2", "2", "2"]
    after = reduced(plan, VCR, 15, percent=50)
    assert doses(after, "induction", VCR) == ["2", "2", "1", "1"]
    assert set(doses(after, "delayed-intensification", VCR)) == {"2"}
    dose = events(after, "induction", VCR)[2].dose
    assert dose is not None
    assert (dose.origin, dose.protocol_dose) == ("reduced", "1.5 mg/m2")
    assert "50 % of 2 mg = 1 mg" in dose.steps
    assert events(after, "induction", VCR)[2].note.startswith("dose 50 %: toxicity grade 2, neuropathy")


def test_a_reduction_by_surface_stays_under_the_cap_of_the_protocol() -> None:
    """A child grows into the cap of 2 mg between the reduction and the dose: 1.4 mg/m2 would have been 2.39 mg."""
    plan = calgb()
    small, big = Measurement(START, Decimal(140), Decimal(45)), Measurement(START, Decimal(150), Decimal(70))
    child = replace(plan, patient=replace(plan.patient, measurements=(small,)))
    less = reduced(child, VCR, dose="1.4 mg/m2")
    assert doses(less, "induction", VCR) == ["1.85"] * 4
    grown = replace(less, patient=replace(less.patient, measurements=(big,)))
    assert doses(grown, "induction", VCR) == ["2"] * 4


def test_a_reduction_is_nowhere_more_than_the_protocol_gives() -> None:
    """10 mg/m2 a day in delayed intensification and 6 mg/m2 in maintenance, in two doses: 8 reduces the first only."""
    plan = calgb()
    order, late, last = "dexamethasone", "delayed-intensification", "maintenance"
    less = reduced(plan, order, block=late, scope=Scope.ALL, dose="8 mg/m2/day")
    assert float(doses(less, late, order)[0]) == pytest.approx(0.8 * float(doses(plan, late, order)[0]), rel=0.05)
    assert doses(less, last, order) == doses(plan, last, order)
    kept = events(less, last, order)[0]
    assert kept.dose is not None
    assert kept.dose.origin == ""
    assert "8 mg/m2/day would be no reduction here" in kept.dose.steps[-1]
    assert "toxicity" not in kept.note


def test_no_coarse_step_of_a_site_makes_a_reduced_dose_larger_than_the_whole() -> None:
    plan = reduced(calgb(), VCR, percent=90)
    coarse = AGENTS | {VCR: replace(AGENTS[VCR], usual_unit="mg", round_to=Decimal("1.1"))}
    found = next(one for one in assemble(plan, protocols_of(plan), coarse, Site()).events if one.placed.agent == VCR)
    assert found.dose is not None
    assert (found.dose.value, found.dose.steps[-1]) == (
        Decimal(2),
        "90 % of 2 mg = 1.8 mg, rounded to 1.1 mg: 2.2 mg, never more than 2 mg",
    )


def test_scopes_of_a_reduction() -> None:
    plan = calgb()
    assert doses(reduced(plan, VCR, 8, Scope.DAY, percent=50), "induction", VCR) == ["2", "1", "2", "2"]
    later = reduced(plan, VCR, 8, Scope.ALL, percent=50)
    assert set(doses(later, "delayed-intensification", VCR)) == {"1"}
    assert set(doses(later, "maintenance", VCR)) == {"1"}
    assert doses(later, "induction", VCR) == ["2", "1", "1", "1"]


def test_intrathecal_and_oral_methotrexate_are_two_drugs() -> None:
    plan = calgb()
    intrathecal = [one for one in events(plan, "maintenance", "methotrexate") if one.placed.route == "IT"]
    oral = [one for one in events(plan, "maintenance", "methotrexate") if one.placed.route == "PO"]
    order = oral[0].placed.order.id
    after = reduced(plan, order, 8, block="maintenance", percent=50)
    now = events(after, "maintenance", "methotrexate")
    assert [one.dose for one in now if one.placed.route == "IT"] == [one.dose for one in intrathecal]
    assert all(one.dose and one.dose.origin == "reduced" for one in now if one.placed.route == "PO")


def test_the_last_change_counts_and_the_full_dose_comes_back() -> None:
    plan = reduced(calgb(), VCR, 1, percent=50)
    less = reduced(plan, VCR, 8, percent=25)
    assert doses(less, "induction", VCR) == ["1", "0.5", "0.5", "0.5"]
    full = full_dose(less, scheduled(less), change(VCR, 15))
    assert doses(full, "induction", VCR) == ["1", "0.5", "2", "2"]
    assert [one.dose.origin for one in events(full, "induction", VCR) if one.dose] == ["reduced", "reduced", "", ""]


def test_a_dose_level_in_place_of_the_protocols_dose() -> None:
    plan = calgb()
    after = reduced(plan, "daunorubicin", 8, dose="20 mg/m2", level="level -1")
    dose = events(after, "induction", "daunorubicin")[1].dose
    assert dose is not None
    assert (str(dose.value), dose.origin, dose.protocol_dose) == ("36.4", "reduced", "25 mg/m2")
    assert "level -1" in events(after, "induction", "daunorubicin")[1].note
    assert events(after, "induction", "daunorubicin")[0].dose == events(plan, "induction", "daunorubicin")[0].dose


def test_a_dose_that_no_source_gives_is_entered() -> None:
    plan = plan_of("e1910")
    assert doses(plan, "induction-1", VCR) == ["none"] * 4
    entered = DoseChange("induction-1", 1, 1, VCR, Scope.FOLLOWING, "other", dose="1.5 mg/m2")
    after = enter_dose(plan, scheduled(plan), entered)
    event = events(after, "induction-1", VCR)[0]
    assert event.dose is not None
    assert (str(event.dose.value), event.dose.origin, event.dose.missing) == ("2.73", "typed", "")
    assert event.placed.evidence is Evidence.LOCAL
    assert "enter the site's own" not in event.note


def test_a_share_of_a_dose_that_was_entered_and_the_full_dose_again() -> None:
    plan = plan_of("e1910")

    def shown(of: Plan) -> list[str]:
        found = [one for one in events(of, "induction-1", VCR) if one.dose]
        return [f"{float(one.dose.value or 0):g} {one.dose.origin} {one.dose.full}" for one in found if one.dose]

    entered = DoseChange("induction-1", 1, 1, VCR, Scope.FOLLOWING, "other", dose="2 mg")
    plan = enter_dose(plan, scheduled(plan), entered)
    assert shown(plan) == ["2 typed None"] * 4
    half = DoseChange("induction-1", 1, 15, VCR, Scope.FOLLOWING, "toxicity", "neuropathy", 3, 50)
    smaller = reduce(plan, scheduled(plan), half)
    assert shown(smaller) == ["2 typed None"] * 2 + ["1 reduced 2"] * 2
    note = events(smaller, "induction-1", VCR)[-1].note
    assert "dose 50 %: toxicity grade 3, neuropathy" in note
    assert "dose 2 mg: other" in note
    again = full_dose(smaller, scheduled(smaller), replace(half, day=22, percent=100))
    assert shown(again) == ["2 typed None"] * 2 + ["1 reduced 2", "2 typed None"]
    other = enter_dose(smaller, scheduled(smaller), replace(half, day=22, percent=100, dose="1.5 mg"))
    assert shown(other)[-1] == "1.5 typed None"


def test_another_agent_takes_the_place_of_a_drug() -> None:
    plan = calgb()
    swap = Replacement("induction", 1, 4, PEG, Scope.FOLLOWING, "erwinia-asparaginase", "toxicity", dose="25 mg/m2")
    agent = next(one for one in AGENTS if "rwinia" in one or "crisantaspase" in one)
    after = replace_agent(plan, scheduled(plan), AGENTS, Replacement(*swap_fields(swap, agent), dose="25 mg/m2"))
    (event,) = [one for one in events(after, "induction") if one.placed.order.id == PEG]
    assert event.placed.agent == agent
    assert event.dose is not None
    assert (str(event.dose.value), event.dose.origin) == ("45.5", "replaced")
    assert event.placed.evidence is Evidence.LOCAL
    assert ("agent", f"{event.placed.agent_name} 45.5 mg") in {
        (one.what, one.after) for one in differences(scheduled(plan), scheduled(after))
    }
    without = replace_agent(plan, scheduled(plan), AGENTS, Replacement(*swap_fields(swap, agent)))
    (event,) = [one for one in events(without, "induction") if one.placed.order.id == PEG]
    assert event.dose is not None
    assert event.dose.value is None
    assert "not entered yet" in event.note


def swap_fields(swap: Replacement, agent: str) -> tuple[str, int, int, str, Scope, str, str]:
    return swap.block, swap.cycle, swap.day, swap.order, swap.scope, agent, swap.reason


def added(plan: Plan, order: str = "extra", agent: str = VCR, route: str = "IV", cycle: int = 1, **more) -> Plan:
    day_numbers = more.pop("days", (2, 9))
    role = more.pop("role", "antineoplastic")
    new = Addition("induction", cycle, order, agent, role, route, day_numbers, "other", **more)
    return add_order(plan, scheduled(plan), AGENTS, new)


def test_an_added_order_stands_on_its_days_and_can_be_changed_like_any_other() -> None:
    plan = calgb()
    after = added(plan, dose="1 mg", doses_per_day=2)
    extra = [one for one in events(after, "induction") if one.placed.order.id == "extra"]
    assert [(one.cycle_day, str(one.dose.value) if one.dose else "") for one in extra] == [
        (2, "1"),
        (2, "1"),
        (9, "1"),
        (9, "1"),
    ]
    assert {one.dose.origin for one in extra if one.dose} == {"typed"}
    assert len(scheduled(after).events) == len(scheduled(plan).events) + 4
    less = editing.omit(after, scheduled(after), Omission("induction", 1, 2, "extra", "other"))
    left_out = [one for one in events(less, "induction") if one.state == "omitted"]
    assert [(one.placed.order.id, one.cycle_day) for one in left_out] == [("extra", 2), ("extra", 2)]
    pomp = plan_of("pomp")
    block = pomp.blocks[0]
    each = Addition(block.id, 0, "extra", VCR, "antineoplastic", "IV", (2,), "other", dose="1 mg")
    every = add_order(pomp, scheduled(pomp), AGENTS, each)
    extra = [one for one in events(every, block.id) if one.placed.order.id == "extra"]
    assert [one.placed.cycle for one in extra] == list(block.cycles)


def test_an_order_added_after_a_stop_is_given_and_one_before_it_is_stopped() -> None:
    """Leucovorin stopped and ordered anew at ten times the dose stood as stopped beside methotrexate."""
    plan = calgb()
    for order, scope in ((VCR, Scope.CYCLE), ("", Scope.FOLLOWING), ("", Scope.ALL)):
        stopped = stop(plan, scheduled(plan), Stop("induction", 1, 8, scope, "other", order=order))
        after = added(stopped, dose="1 mg", days=(9, 15))
        assert [state for _, state in states(after, "induction", VCR) if state == "planned"] == ["planned"] * 3
        anew = {one.state for one in events(after, "induction") if one.placed.order.id == "extra"}
        assert {str(one) for one in anew} == {"planned"}
        of_old = replace(after, modifications=(stopped.modifications[-1], replace(after.modifications[-1], anew=False)))
        assert {str(one.state) for one in events(of_old, "induction") if one.placed.order.id == "extra"} == {"stopped"}
        again = stop(after, scheduled(after), Stop("induction", 1, 9, scope, "other", order="extra" if order else ""))
        assert {str(one.state) for one in events(again, "induction") if one.placed.order.id == "extra"} == {"stopped"}


def test_an_order_added_while_its_drug_is_on_hold_is_held_and_that_is_told() -> None:
    plan = calgb()
    held = hold(plan, scheduled(plan), Hold("induction", 1, 8, "toxicity", order=VCR))
    after = added(held, dose="1 mg", days=(9,))
    told = not_as_ordered(scheduled(after), "induction", "extra")
    assert told == ("Vincristine is not given as ordered: on hold: toxicity (an earlier change reaches it)",)
    assert not_as_ordered(scheduled(added(plan, dose="1 mg")), "induction", "extra") == ()


def test_a_rescue_every_three_hours_can_be_ordered() -> None:
    after = added(calgb(), dose="150 mg", doses_per_day=8, days=(3,))
    assert len([one for one in events(after, "induction") if one.placed.order.id == "extra"]) == 8


def test_an_order_added_after_a_swap_and_a_reduction_stands_as_it_was_ordered() -> None:
    """Ponatinib in place of dasatinib, and dasatinib ordered again by hand: not ponatinib twice a day."""
    first = plan_of("d-alba")
    swap = Replacement("induction", 1, 30, "dasatinib-to-day-85", Scope.ALL, "ponatinib", "toxicity", dose="45 mg")
    swapped = replace_agent(first, scheduled(first), AGENTS, swap)
    plan = added(swapped, agent="dasatinib", route="PO", days=(60, 61), dose="140 mg")
    again = [one for one in events(plan, "induction") if one.placed.order.id == "extra"]
    assert [(one.placed.agent, str(one.dose.value) if one.dose else "") for one in again] == [("dasatinib", "140")] * 2
    assert [one.placed.agent for one in events(plan, "induction", "ponatinib") if one.cycle_day == 60] == ["ponatinib"]
    less = added(reduced(calgb(), VCR, percent=50), days=(10,), dose="1 mg")
    assert doses(less, "induction", VCR) == ["1", "1", "1", "1", "1"]
    lesser = reduce(less, scheduled(less), change("extra", 10, percent=50))
    assert [
        float(one.dose.value or 0) for one in events(lesser, "induction") if one.placed.order.id == "extra" and one.dose
    ] == [0.5]


def test_a_dose_within_a_range_is_entered_as_one_that_no_source_gives() -> None:
    """The sheets asked for a dose from 0.5 to 2 mg, and refused it because the protocol had one."""
    course = Course(drug("x", "1:3").replace('"1 mg"', '"0.5-2 mg"'))
    typed = DoseChange("a", 1, 1, "x", Scope.FOLLOWING, "other", dose="1 mg")
    course.plan = enter_dose(course.plan, course.schedule(), typed)
    found = [one.dose for one in course.schedule().events if one.dose]
    assert {(one.value, one.origin) for one in found} == {(Decimal(1), "typed")}


def test_days_are_read_as_protocols_write_them() -> None:
    found = scheduled(calgb())
    assert read_days(found, "induction", "-1, 1:3, 8") == (-1, 1, 2, 3, 8)
    for wrong in ("1:end", "x", "3, 1", "0"):
        with pytest.raises(Refusal, match=r"\S"):
            read_days(found, "induction", wrong)


def _given_first(plan: Plan) -> Plan:
    dose = events(plan, "induction", VCR)[0].dose
    assert dose is not None
    record = GivenRecord("induction", 1, 1, VCR, 0, Given.GIVEN, START, dose.value, dose.unit, "A. P.")
    return record_given(plan, scheduled(plan), record, START)


def _given_all(plan: Plan) -> Plan:
    for one in events(plan, "induction", VCR):
        assert one.dose is not None
        taken = (Given.GIVEN, date.fromordinal(one.day), one.dose.value, one.dose.unit, "A. P.")
        record = GivenRecord("induction", 1, one.cycle_day, VCR, 0, *taken)
        plan = record_given(plan, scheduled(plan), record, date.fromordinal(one.day))
    return plan


@pytest.mark.parametrize(
    ("edit", "rule", "nearest"),
    [
        (lambda plan: reduced(plan, VCR, percent=120), "not a reduction", "99 %"),
        (lambda plan: reduced(plan, VCR, percent=0), "not a reduction", "1 %"),
        (lambda plan: reduced(plan, VCR, dose="3 mg"), "not less", "2 mg"),
        (lambda plan: reduced(plan, VCR, dose="1 g"), "not less", "2 mg"),
        (lambda plan: reduced(plan, VCR, dose="2 mg"), "not less", "2 mg"),
        (lambda plan: reduced(plan, VCR, dose="1.5 mg/kg"), "not less", "2 mg"),
        (lambda plan: reduced(plan, VCR, dose="0 mg"), "no amount", ""),
        (lambda plan: reduced(plan, VCR, dose="1 mcg"), "other unit", "mg"),
        (lambda plan: reduced(plan, VCR, dose="some"), "unreadable dose", ""),
        (lambda plan: reduced(plan, VCR, dose="1.0 mg"), "unreadable dose", ""),
        (lambda plan: reduced(plan, "vincristin", percent=50), "unknown name", VCR),
        (lambda plan: reduced(plan, VCR, 24, percent=50), "unknown day", "22"),
        (lambda plan: reduced(plan, VCR, 9, Scope.DAY, percent=50), "unknown name", "prednisone"),
        (lambda plan: reduced(_given_first(plan), VCR, percent=50), "already given", "2"),
        # the answer was that 1 mg is not less than 2 mg
        (lambda plan: reduced(_given_all(plan), VCR, dose="1 mg"), "already given", "23"),
        (lambda plan: reduced(plan_of("e1910"), VCR, block="induction-1", dose="1 mg"), "no dose", ""),
        (lambda plan: full_dose(plan, scheduled(plan), change(VCR)), "full already", ""),
        (lambda plan: enter_dose(plan, scheduled(plan), change(VCR, dose="1 mg")), "dose known", "1.5 mg/m2"),
        (lambda plan: added(plan, VCR), "name in use", "vincristine-2"),
        (lambda plan: added(plan, "a/b"), "name in use", "a-b"),
        (lambda plan: added(plan, ""), "name in use", "vincristine-2"),
        (lambda plan: added(plan, agent="vincristin"), "unknown agent", VCR),
        # By its letters alone Oncaspar is most like calaspargase, another drug at another interval.
        (lambda plan: added(plan, agent="oncaspar"), "unknown agent", PEG),
        (lambda plan: added(plan, agent="Blincyto"), "unknown agent", "blinatumomab"),
        (lambda plan: added(plan, agent="Calaspargase pegol"), "unknown agent", "calaspargase"),
        (lambda plan: added(plan, route="IT", role="intrathecal"), "fatal route", "IV"),
        (lambda plan: added(plan, agent="cytarabine", route="IT"), "role and route", ""),
        (lambda plan: added(plan, agent="cytarabine", role="intrathecal"), "role and route", "IT"),
        (lambda plan: added(plan, role="poison"), "unknown name", ""),
        (lambda plan: added(plan, route="oral"), "unknown name", ""),
        (lambda plan: added(plan, days=(99,)), "day outside", "35"),
        (lambda plan: added(plan, days=(-99,)), "day outside", "1"),
        (lambda plan: added(plan, days=(0,)), "no Day 0", "-1"),
        (lambda plan: added(plan, days=()), "no day", ""),
        (lambda plan: added(plan, doses_per_day=13), "doses a day", "12"),
        (lambda plan: added(plan, dose="much"), "unreadable dose", ""),
    ],
)
def test_what_must_not_be_is_refused_by_name(edit: Callable[[Plan], Plan], rule: str, nearest: str) -> None:
    with pytest.raises(Refusal) as caught:
        edit(calgb())
    assert (caught.value.rule, caught.value.nearest) == (rule, nearest)


@pytest.mark.parametrize(
    ("agent", "route", "rule"),
    [(PEG, "", "same agent"), ("nobody", "", "unknown agent"), (VCR, "XX", "unknown name"), (VCR, "IT", "fatal route")],
)
def test_a_replacement_that_must_not_be_is_refused(agent: str, route: str, rule: str) -> None:
    plan = calgb()
    swap = Replacement("induction", 1, 4, PEG, Scope.FOLLOWING, agent, "toxicity", route=route)
    with pytest.raises(Refusal) as caught:
        replace_agent(plan, scheduled(plan), AGENTS, swap)
    assert caught.value.rule == rule


def test_no_replacement_reaches_back_over_a_dose_that_was_given_later() -> None:
    plan = plan_of("calgb-10403")
    later = next(
        one for one in scheduled(plan).events if one.placed.agent == VCR and one.placed.block.id == "consolidation"
    )
    assert later.dose is not None
    where = (later.placed.block.id, later.placed.cycle, later.cycle_day, later.placed.order.id, 0)
    record = GivenRecord(*where, Given.GIVEN, later.date, later.dose.value, later.dose.unit, "A. P.")
    given = record_given(plan, scheduled(plan), record, later.date)

    def swapped(scope: Scope) -> Plan:
        swap = Replacement("induction", 1, 8, VCR, scope, "vinblastine", "other", dose="6 mg/m2")
        return replace_agent(given, scheduled(given), AGENTS, swap)

    with pytest.raises(Refusal, match=r"was given on .* and stays what it was"):
        swapped(Scope.ALL)
    assert {one.placed.agent_name for one in events(swapped(Scope.FOLLOWING), "consolidation", VCR)} == {"Vincristine"}


def test_a_dose_entered_for_another_drug_goes_to_no_drug_before_it() -> None:
    """25 mg/m2 of Erwinia asparaginase, and the replacement taken back: pegaspargase had 25 mg/m2."""
    plan = calgb()
    swap = Replacement("consolidation", 1, 15, PEG, Scope.FOLLOWING, "asparaginase-erwinia", "toxicity")
    swapped = replace_agent(plan, scheduled(plan), AGENTS, swap)
    entry = DoseChange("consolidation", 1, 15, PEG, Scope.FOLLOWING, "other", dose="25 mg/m2")
    entered = enter_dose(swapped, scheduled(swapped), entry)
    with pytest.raises(
        Refusal, match="pegaspargase C1 D15 would get a dose that was entered for the drug in its place"
    ):
        editing.take_back(entered, 1)
    assert editing.take_back(editing.take_back(entered, 2), 1) == plan
    other = reduced(swapped, VCR, block="consolidation", day=15, percent=50)
    assert doses(editing.take_back(other, 1), "consolidation", VCR)[0] == "1"
    first = reduced(plan, PEG, day=4, percent=50, scope=Scope.ALL)
    later = replace_agent(first, scheduled(first), AGENTS, swap)
    assert editing.take_back(later, 2) == first
