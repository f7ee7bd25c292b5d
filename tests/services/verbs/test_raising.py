"""A rescue given otherwise from an hour on: what it takes the place of, how long, what is refused, what is told."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from planner.errors import Refusal
from planner.exports.wording.stops import told_once
from planner.model.civil import clock
from planner.model.cycle_content import State
from planner.model.going_on import may_go_on
from planner.model.kept import kept
from planner.model.plan import DecisionTaken, Deferral, DoseChange, Given, GivenRecord, Plan, Scope, Stop
from planner.model.schedule import Event
from planner.model.site import Site
from planner.services.evaluation import evaluate
from planner.services.telling.change_words import change_words
from planner.services.verbs.editing import defer, take_back
from planner.services.verbs.pausing import stop
from planner.services.verbs.raising import Otherwise, give_otherwise
from planner.services.verbs.reasons import Why
from planner.services.verbs.recording import record_given
from planner.services.verbs.redosing import enter_dose
from tests.golden.cases import START, library
from tests.services.courses_at_hand import AGENTS, events, plan_of, scheduled

HIGH, LEV = "interim-high-dose", "leucovorin"
LATER = 5
WHY = Why("toxicity", "level 8", 3)


def child() -> Plan:
    """Methotrexate on Days 1, 15, 29 and 43 at 09:00, leucovorin of 15 mg/m2 every 6 h x 3 from 42 h after each."""
    plan = plan_of("aall0232-hr")
    answers = {"response": "cr", "early-response": "rapid"}
    taken = (DecisionTaken(plan.blocks[0].group, *one, START, "A. P.") for one in answers.items())
    return replace(plan, decisions=tuple(taken))


def day_of(plan: Plan, number: int, block: str = HIGH) -> date:
    start = next(one for one in scheduled(plan).blocks if one.id == block).cycles[0].start
    return date.fromordinal(start + number - 1)


def raised(plan: Plan, number: int, hour: str = "18:00", dose: str = "150 mg", every: int = 3, **more) -> Plan:
    order, block = more.pop("order", LEV), more.pop("block", HIGH)
    cycle = next(one for one in scheduled(plan).blocks if one.id == block).cycles[0].number
    minute = int(hour[:2]) * 60 + int(hour[3:])
    wish = Otherwise(block, cycle, order, day_of(plan, number, block), minute, dose, every, WHY, **more)
    return give_otherwise(plan, scheduled(plan), AGENTS, wish)


def rescue(plan: Plan, first: int, last: int, block: str = HIGH) -> list[Event]:
    return [one for one in events(plan, block) if one.placed.role == "rescue" and first <= one.cycle_day <= last]


def told(plan: Plan, first: int, last: int, block: str = HIGH) -> list[str]:
    """Day, clock, amount and state of the rescue on these days."""
    return [
        f"{one.cycle_day} {clock(one.minute)} {one.dose.value if one.dose else ''} {one.state}"
        for one in rescue(plan, first, last, block)
    ]


def test_the_doses_from_that_hour_on_are_replaced_and_those_before_it_stay() -> None:
    after = raised(child(), 3, "10:00")
    assert [one for one in told(after, 1, 14) if one.endswith("stopped")] == ["3 15:00 27.3 stopped"]
    kept = [one for one in told(after, 1, 14) if " 27.3 planned" in one]
    assert kept == ["3 03:00 27.3 planned", "3 09:00 27.3 planned"]
    new = [one for one in told(after, 1, 14) if " 150 " in one]
    assert new[:5] == [f"3 {hour}:00 150 planned" for hour in (10, 13, 16, 19, 22)]
    assert len(new) == 5 + 8
    assert {one.split()[0] for one in new} == {"3", "4"}
    struck = next(one for one in rescue(after, 3, 3) if one.state is State.STOPPED)
    assert struck.notes[0] == "stopped: Leucovorin 150 mg every 3 h in its place"


def test_the_rescue_of_the_other_doses_of_the_cycle_stays() -> None:
    plan = child()
    assert told(raised(plan, 3), 15, 60) == told(plan, 15, 60)
    second = raised(plan, 17, "15:00")
    assert told(second, 1, 14) == told(plan, 1, 14)
    assert told(second, 29, 60) == told(plan, 29, 60)


def test_behind_the_drawn_doses_it_is_drawn_up_to_the_hour_and_then_goes_on_at_the_new_dose() -> None:
    plan = child()
    after = raised(plan, 5, "12:00")
    assert told(after, 4, 5)[:3] == ["5 03:00 27.3 planned", "5 09:00 27.3 planned", "5 12:00 150 planned"]
    assert not [one for one in rescue(after, 1, 14) if one.state is State.STOPPED]
    on = {day_of(plan, number).toordinal(): number for number in range(1, 15)}
    going = {on[day]: some for day, some in may_go_on(after, scheduled(after).events).items() if day in on}
    amounts = {
        number: [str(one.dose.value) for one in some if one.placed.agent == LEV and one.dose]
        for number, some in going.items()
    }
    assert amounts[4] == ["27.3"]
    assert [amounts.get(number, []) for number in (5, 6)] == [[], []]
    assert amounts[7] == amounts[14] == ["150"]


def test_a_second_step_takes_the_place_of_the_first_and_taking_back_brings_the_one_before_again() -> None:
    plan = child()
    first = raised(plan, 3, "10:00", until=day_of(plan, 6))
    second = raised(first, 5, "13:30", "15 mg")
    on_five = [one for one in told(second, 5, 5) if one.endswith("planned")]
    assert on_five[:6] == [*(f"5 {hour:02}:00 150 planned" for hour in (1, 4, 7, 10, 13)), "5 13:30 15 planned"]
    assert {one.split()[2] for one in told(second, 6, 6) if one.endswith("planned")} == {"15"}
    assert take_back(second, 2) == first
    assert take_back(first, 1) == plan


def test_the_change_is_told_with_its_interval_and_from_when_on() -> None:
    after = raised(child(), 3, "10:00")
    assert change_words(after.modifications[-1]) == (
        "Planned leucovorin-every-3-h: leucovorin 150 mg IV every 3 h on D3, 4 of C1 of interim-high-dose, from 49 h "
        "after the start of methotrexate on, in place of the rescue drawn (toxicity grade 3, level 8)"
    )


def test_where_methotrexate_has_no_hour_it_counts_from_the_start_of_the_treatment_day() -> None:
    plan = plan_of("graaph-2014")
    block = next(one.placed.block.id for one in scheduled(plan).events if one.placed.order.id == LEV)
    after = raised(plan, 3, "15:00", block=block)
    new = [one for one in rescue(after, 1, 9, block) if one.minute >= 0]
    assert [(one.cycle_day, clock(one.minute)) for one in new[:4]] == [
        (3, "15:00"),
        (3, "18:00"),
        (3, "21:00"),
        (4, "00:00"),
    ]


def test_a_methotrexate_given_a_day_late_takes_the_new_rescue_along() -> None:
    plan = child()
    lead = next(one for one in events(plan, HIGH, "methotrexate") if one.placed.route == "IV")
    assert lead.dose is not None
    late = lead.date + timedelta(1)
    record = GivenRecord(
        HIGH, 1, 1, lead.placed.order.id, 0, Given.GIVEN, late, lead.dose.value, lead.dose.unit, "A. P."
    )
    late_plan = record_given(plan, scheduled(plan), record, late)
    after = raised(late_plan, 4, "10:00")
    new = [one for one in rescue(after, 1, 14) if one.dose and str(one.dose.value) == "150"]
    assert (new[0].date, clock(new[0].minute)) == (day_of(plan, 4), "10:00")
    first = raised(plan, 3, "10:00")
    moved = record_given(first, scheduled(first), record, late)
    new = [one for one in rescue(moved, 1, 14) if one.dose and str(one.dose.value) == "150"]
    assert (new[0].date, clock(new[0].minute)) == (day_of(plan, 4), "10:00")


def test_what_a_stop_of_the_block_must_not_take_along_are_the_doses_that_count() -> None:
    """A whole block stopped keeps the rescue of what was given; the doses that were replaced do not come back."""
    after = raised(child(), 3, "10:00")
    stopped = stop(after, scheduled(after), Stop(HIGH, 1, 3, Scope.FOLLOWING, "other"))
    due = [
        one
        for one in kept(stopped, scheduled(stopped).events)
        if one.placed.role == "rescue" and one.placed.block.id == HIGH and one.state is State.PLANNED
    ]
    assert {str(one.dose.value) for one in due if one.dose and one.cycle_day == 4} == {"150"}
    assert not [one for one in due if one.cycle_day == 3 and clock(one.minute) == "15:00"]


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ({"every": 5}, "every 5 h does not come out even in a day; take 1, 2, 3, 4, 6, 8, 12, 24"),
        ({"order": "vincristine"}, "has no rescue vincristine; it has leucovorin"),
        ({"agent": "mesna"}, "Mesna is no drug of the class of Leucovorin"),
        ({"until": 2}, "before it begins on"),
        ({"until": 15}, "is planned on"),
        ({"dose": "much"}, "much"),
    ],
)
def test_what_makes_no_sense_is_refused(what, says) -> None:
    plan = child()
    more = {key: day_of(plan, value) if key == "until" else value for key, value in what.items()}
    with pytest.raises(Refusal) as refused:
        raised(plan, 3, **more)
    assert says in str(refused.value)


def test_before_any_methotrexate_there_is_nothing_to_rescue_from() -> None:
    with pytest.raises(Refusal, match="no dose that leucovorin rescues from comes before 08:00"):
        raised(child(), 1, "08:00")


def test_what_was_given_from_that_hour_on_is_no_longer_replaced() -> None:
    plan = child()
    for number, one in enumerate(rescue(plan, 3, 3)):
        assert one.dose is not None
        given = GivenRecord(HIGH, 1, 3, LEV, number, Given.GIVEN, one.date, one.dose.value, one.dose.unit, "A. P.")
        plan = record_given(plan, scheduled(plan), given, one.date)
    with pytest.raises(Refusal, match=r"at 15:00 on .* is recorded as given"):
        raised(plan, 3, "12:00")
    after = raised(plan, 3, "18:00")
    assert told(after, 3, 3)[-2:] == ["3 18:00 150 planned", "3 21:00 150 planned"]


def test_a_name_in_use_is_refused_and_another_drug_of_its_class_may_stand_in() -> None:
    plan = child()
    with pytest.raises(Refusal, match="cannot name a new order"):
        raised(plan, 3, name=LEV)
    after = raised(plan, 3, "18:00", "75 mg", agent="levoleucovorin", route="IV", name="levo")
    assert {one.placed.agent_name for one in rescue(after, 4, 4)} == {"Levoleucovorin"}


def test_the_hours_count_from_the_first_part_of_methotrexate_and_a_sheet_says_no_whole_day() -> None:
    plan = plan_of("hyper-cvad")
    block = next(one.placed.block.id for one in scheduled(plan).events if one.placed.order.id == "leucovorin-next")
    after = raised(plan, 3, "15:00", block=block, order="leucovorin-next")
    assert (after.modifications[-1].timed_by, after.modifications[-1].minutes) == ("methotrexate-2-h", 54 * 60)
    evaluated = evaluate(after, library(), Site())
    struck = [one for one in told_once(evaluated, evaluated.schedule.events) if one.state is State.STOPPED]
    assert struck[0].notes[0] == "stopped: Leucovorin 150 mg every 3 h in its place"


def test_a_rescue_drawn_without_dose_and_hour_makes_way_on_that_very_day() -> None:
    block = "methotrexate-cycle"
    after = raised(plan_of("graaph-2014"), 2, "09:00", "15 mg", 6, block=block)
    first = rescue(after, 2, 2, block)
    assert [(one.placed.order.id, one.state) for one in first if one.dose is None or one.dose.value is None] == [
        (LEV, State.STOPPED)
    ]
    assert [clock(one.minute) for one in first if one.state is State.PLANNED] == ["09:00", "15:00", "21:00"]


def test_one_from_midnight_on_leaves_nothing_of_that_day_to_a_dose_without_an_hour() -> None:
    block, day = "consolidation", 2
    plan = plan_of("ponalfil")
    dosed = enter_dose(plan, scheduled(plan), DoseChange(block, 1, day, LEV, Scope.CYCLE, "other", dose="15 mg"))
    (undosed,) = rescue(raised(dosed, day, "09:00", "30 mg", 6, block=block), day, day, block)[:1]
    assert (undosed.minute, undosed.state) == (-1, State.PLANNED)
    (undosed,) = rescue(raised(dosed, day, "00:00", "30 mg", 6, block=block), day, day, block)[:1]
    assert (undosed.minute, undosed.state) == (-1, State.STOPPED)


def test_each_dose_says_up_to_when_it_is_given_where_the_next_step_is_planned() -> None:
    """150 mg every 3 h said "until methotrexate is below 0.1 micromol/L", and 15 mg every 6 h went on from 06:00."""
    plan = deferred(plan_of("hyper-cvad"))
    block, order = "part-b", "leucovorin-next"
    more = raised(plan, 3 + LATER, "21:00", block=block, order=order)
    less = raised(more, 5 + LATER, "06:00", "15 mg", 6, block=block, order=order)
    notes: dict[str, set[str]] = {}
    for one in rescue(less, 3, 6, block):
        if one.state is not State.STOPPED:
            notes.setdefault(f"{one.cycle_day} {one.placed.order.id}", set()).add(one.notes[0])
    assert notes[f"3 {order}"] == {"up to 21:00, then Leucovorin 150 mg every 3 h"}
    assert notes["3 leucovorin-every-3-h"] == {"up to 06:00 on D5, then Leucovorin 15 mg every 6 h"}
    assert notes["5 leucovorin-every-3-h"] == {"up to 06:00, then Leucovorin 15 mg every 6 h"}
    (last,) = notes["5 leucovorin-every-6-h"]
    assert last == "until methotrexate is below 0.1 micromol/L: how long is not known"


def deferred(plan: Plan) -> Plan:
    """Part B five days later: the days of its cycle keep their numbers."""
    wish = Deferral("part-b", 2, 1, LATER, Scope.FOLLOWING, "counts")
    return defer(plan, scheduled(plan), wish)
