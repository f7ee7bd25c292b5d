"""What somebody confirmed by name is no longer drawn as a value to check."""

from msgspec.structs import replace

from planner.assembly.assemble import assemble
from planner.model.evidence import Evidence
from planner.model.release import confirmed_as
from planner.model.signing import Confirmation
from planner.model.site import Site
from planner.timeline.lay_out import lay_out
from tests.courses import AGENTS, MARROW, MRD, PIN, course_plan, course_protocol, course_schedule
from tests.timeline.test_lay_out import lane, lay


def test_what_somebody_confirmed_asks_for_no_check_any_more():
    plan = course_plan()
    order = "trimethoprim-sulfamethoxazole"
    (event, *_) = [one for one in course_schedule(plan).events if order in one.placed.agent]
    block = next(one for one in plan.blocks if one.id == event.placed.block.id)
    made = Confirmation(block.pin, confirmed_as(event.placed), "A. Pharmacist", "2026-01-01T08:00:00Z", "")
    before, after = lay(plan), lay(replace(plan, confirmations=(made,)))
    (was, *_), (bar, *_) = (lane(one, "Trimethoprim-sulfamethoxazole PO").bars for one in (before, after))
    assert was.needs_check
    assert "Check: " in was.detail
    assert not bar.needs_check
    assert "Check: " not in bar.detail
    assert "Confirmed: " in bar.detail
    assert lane(after, "Sodium chloride 0.9% IV").bars[0].needs_check, "its dose is still to be entered"
    other = replace(made, pin="0" * 64)
    assert lane(lay(replace(plan, confirmations=(other,))), "Trimethoprim-sulfamethoxazole PO").bars[0].needs_check


def test_a_day_of_several_orders_is_checked_once_all_of_them_are():
    protocol, plan = course_protocol(), course_plan()
    first, *rest = protocol.phases
    doubted = tuple(replace(one, evidence=Evidence.UNVERIFIED) for one in first.assessments)
    protocol = replace(protocol, phases=(replace(first, assessments=doubted), *rest))
    schedule = assemble(plan, {PIN: protocol}, AGENTS, Site())
    names = (MARROW.id, MRD.id)
    made = [Confirmation(PIN, name, "A. Pharmacist", "2026-01-01T08:00:00Z", "") for name in names]

    def asks(count):
        now = replace(plan, confirmations=tuple(made[:count]))
        drawn = lane(lay_out(now, schedule, (), AGENTS), "Assessments").bars
        bar = next(one for one in drawn if len(one.orders) == len(names))
        assert {order.split("/")[-1] for order in bar.orders} == {*names}
        return bar.needs_check

    assert [asks(count) for count in range(3)] == [True, True, False]
