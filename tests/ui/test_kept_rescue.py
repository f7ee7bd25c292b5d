"""Rescue of what is begun, where the rest of its block is stopped or on hold: due in every view of the window."""

from datetime import date

import pytest
from msgspec.structs import replace

from planner.model.cycle_content import State
from planner.model.plan import Hold, Plan, Scope, Stop
from planner.model.position import Position
from planner.services.evaluation import evaluate
from planner.services.telling.position import you_are_here
from planner.services.verbs import pausing
from tests.exports.papers import SITE, library
from tests.exports.sheets.test_after_edits import doses_of, placed, recorded, seen
from ui.calendar.weeks import days_of
from ui.models.schedule_table import _note
from ui.models.subject import subject_of
from ui.panels.course_text import describe_course
from ui.panels.inspector_text import describe
from ui.plan_words import plan_words
from ui.tongue import use_language

PAUSES = (Stop("part-b", 2, 2, Scope.FOLLOWING, "toxicity"), Hold("part-b", 2, 2, "toxicity"))
ASKS = "NOT to be left out, ask now"


def paused(pause: Stop | Hold, *, begun: bool = True) -> Plan:
    """Hyper-CVAD whose part B is paused the day after methotrexate began, or before."""
    plan = placed("hyper-cvad")
    given = [one for one in doses_of(plan, "Methotrexate") if one.placed.block.id == "part-b" and one.cycle_day == 1]
    if begun:
        plan = recorded(plan, given[:1])
    else:
        pause = replace(pause, day=1)
    act = pausing.stop if isinstance(pause, Stop) else pausing.hold
    return act(plan, seen(plan).schedule, pause)


@pytest.mark.parametrize("pause", PAUSES, ids=["stop", "hold"])
def test_it_stands_first_and_unstruck_on_its_days(pause: Stop | Hold) -> None:
    shown = seen(paused(pause))
    days = days_of(shown)
    rescue = [one for one in shown.schedule.events if one.placed.agent == "leucovorin" and one.placed.cycle == 2]
    for event in rescue:
        entries = days[event.day].entries
        assert entries[0].event.placed.agent == "leucovorin"
        assert entries[0].state is State.PLANNED
    cytarabine = next(one for one in doses_of(paused(pause), "Cytarabine") if one.placed.block.id == "part-b")
    last = [one.state for one in days[cytarabine.day].entries if one.name == "Cytarabine"]
    assert last == [cytarabine.state]
    assert cytarabine.state in (State.STOPPED, State.HELD)


@pytest.mark.parametrize("pause", PAUSES, ids=["stop", "hold"])
@pytest.mark.parametrize("begun", [True, False])
def test_its_bar_is_struck_only_where_its_dose_is_not_begun(pause: Stop | Hold, *, begun: bool) -> None:
    shown = evaluate(paused(pause, begun=begun), library(), SITE)
    lane = next(one for one in shown.timeline.lanes if one.title.startswith("Leucovorin"))
    drawn = {bar.state for bar in lane.bars if any("part-b/2/" in order for order in bar.orders)}
    as_paused = State.STOPPED if isinstance(pause, Stop) else State.HELD
    assert (as_paused in drawn) != begun


def test_it_is_due_next_and_the_inspector_says_with_what_it_goes() -> None:
    shown = seen(paused(PAUSES[0]))
    event = next(one for one in shown.due if one.placed.agent == "leucovorin" and one.placed.cycle == 2)
    here = you_are_here(shown, event.day - 1)
    assert isinstance(here, Position)
    assert "Leucovorin" in "".join(dict(told(shown, here))["Coming"])
    bar = next(bar for lane in shown.timeline.lanes for bar in lane.bars if event.placed.id in bar.orders)
    words = describe(shown, subject_of(shown, bar.id))
    lines = [line for section in words.sections for line in section.lines]
    assert any(ASKS in line for line in lines)
    assert not any(line.startswith("Status") for line in lines)
    assert ASKS in _note(event)


def test_what_is_held_by_name_stays_so() -> None:
    plan = paused(PAUSES[1])
    order = next(one for one in doses_of(plan, "Leucovorin")).placed.order.id
    named = pausing.hold(plan, seen(plan).schedule, Hold("part-b", 2, 2, "other", order=order))
    shown = seen(named)
    held = {one.state for one in shown.due if one.placed.order.id == order and one.placed.cycle == 2}
    assert held == {State.HELD}
    lane = next(one for one in shown.timeline.lanes if one.title.startswith("Leucovorin"))
    bars = [bar for bar in lane.bars if any(f"part-b/2/{order}" == one for one in bar.orders)]
    assert bars
    assert {bar.state for bar in bars} == {State.HELD}


def test_it_is_said_in_spanish() -> None:
    use_language("es")
    line = plan_words(f"goes with Methotrexate of Mon\u00a030-Nov-2026: {ASKS}")
    use_language("en")
    assert line == "va con Methotrexate del lun\u00a030-Nov-2026: NO dejar de dar, preguntar ya"


def told(shown, here):
    return [(one.heading, one.lines) for one in describe_course(shown, here).sections]


def test_a_day_of_nothing_paused_costs_no_second_list() -> None:
    shown = seen(placed("hyper-cvad"))
    assert shown.due is shown.schedule.events
    assert date.fromordinal(shown.due[0].day)


def test_two_doses_of_one_drug_stand_in_one_line_of_their_day() -> None:
    """The larger part of methotrexate was hidden behind "+ 4 more"."""
    shown = seen(placed("hyper-cvad"))
    parts = [one for one in shown.due if one.placed.agent == "methotrexate" and one.placed.route == "IV"][:2]
    assert parts[0].day == parts[1].day
    entries = days_of(shown)[parts[0].day].entries
    (entry,) = (one for one in entries if parts[0].placed.id in one.orders)
    assert entry.orders == tuple(one.placed.id for one in parts)
    assert entry.dose == " + ".join(f"{one.dose.value:,} mg" for one in parts) + " IV"
    sure = [one.state is not State.PROVISIONAL for one in entries]
    assert sure == sorted(sure, reverse=True), "what is sure before what hangs on an answer"
