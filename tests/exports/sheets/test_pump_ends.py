"""The day on which a continuous infusion runs out is told on every sheet: somebody has to take the pump off."""

from datetime import date
from functools import cache
from itertools import pairwise

import pytest
from msgspec.structs import replace

from planner.content.protocol_file import build_protocol, pin_of
from planner.exports.sheets.sheet import Line, Paragraphs
from planner.exports.wording.runs import dose_steps, pump_ends, pump_starts
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.library import ShelvedProtocol
from planner.model.plan import BagPlan, BlockStart
from planner.model.wish import Wish
from planner.services.evaluation import evaluate
from planner.services.printing import BUILDERS
from planner.services.verbs.placing import add_protocol, new_plan
from tests.courses import PATIENT
from tests.exports.papers import job, library, lines_of, make, shipped
from tests.exports.sheets.calendars import said_on

OFF = "The pump comes off, at\u00a009:00"


def days(evaluated: EvaluatedPlan, agent: str = "blinatumomab") -> list[int]:
    return [one.day for one in evaluated.schedule.events if (one.placed.agent, one.placed.kind) == (agent, "infusion")]


def ends(evaluated: EvaluatedPlan) -> list[int]:
    """The days after which no dose of blinatumomab begins, each a day on."""
    running = days(evaluated)
    return [day + 1 for day in running if day + 1 not in running]


def with_bags() -> EvaluatedPlan:
    plan = shipped("blinatumomab-mrd").plan
    return evaluate(replace(plan, bag_plans=tuple(BagPlan(block.id, (96, 72)) for block in plan.blocks)), library())


@cache
def label() -> EvaluatedPlan:
    return shipped("blinatumomab-mrd")


def test_a_family_reads_that_the_pump_comes_off_and_not_no_treatment() -> None:
    """Cycle 2 day 29: the calendar promised no treatment on the day they come in to be disconnected."""
    told = said_on(make(label(), "calendar"))
    assert len(ends(label())) == 4
    for day in ends(label()):
        assert OFF in told[date.fromordinal(day)]
        assert "No treatment" not in told[date.fromordinal(day)]
    assert sum(OFF in lines for lines in told.values()) == 4


def test_the_end_of_a_step_in_dose_is_no_end_of_the_pump() -> None:
    """Relapse, cycle 1: 9 mcg up to day 7, 28 mcg from day 8 on, from another order."""
    evaluated = shipped("blinatumomab-rr")
    begins = evaluated.schedule.blocks[0].start
    found = pump_ends(evaluated.schedule.events)
    assert begins + 7 not in found
    assert begins + 28 in found
    assert sorted(found) == ends(evaluated)


def test_a_pump_that_comes_off_behind_the_last_day_of_the_plan_is_on_the_calendar() -> None:
    text = library().protocols["blinatumomab-mrd"].pin.text.replace("cycle_days = 42", "cycle_days = 28")
    protocol = build_protocol(text)
    shelved = ShelvedProtocol(pin_of(protocol, text), protocol, "test")
    made = evaluate(add_protocol(new_plan("p", PATIENT), shelved, BlockStart(on=date(2026, 3, 2))), library())
    over = max(block.end for block in made.schedule.blocks)
    assert max(one.day for one in made.schedule.events) == over - 1
    assert OFF in said_on(make(made, "calendar"))[date.fromordinal(over)]


def test_the_day_sheet_has_a_page_to_sign_the_end_on() -> None:
    off = ends(label())
    sheet = BUILDERS["daysheet"](label(), job(wish=Wish(date.fromordinal(off[1]), date.fromordinal(off[1]))))
    (section,) = sheet.sections
    lines = [line for part in section.parts if isinstance(part, Paragraphs) for line in part.lines]
    texts = [line.text.replace("\u00a0", " ") for line in lines]
    assert "Infusion ends at 09:00: Blinatumomab, 28 mcg a day, intravenous, last day C2 D28, provisional" in texts
    assert Line("Pump off at, by", blank=True) in lines
    assert "Blinatumomab 2 to 4 C2 D29" in str(section.parts).replace("\\xa0", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("kind", "words"),
    [("roadmap", "last day, to 09:00 of the next day"), ("handover", "ends Mon 30-Mar-2026 09:00")],
)
def test_roadmap_and_hand_over_name_the_hour_of_the_end(kind: str, words: str) -> None:
    sheet = BUILDERS[kind](label(), job(wish=Wish(date(2026, 3, 2))))
    assert words in [line.text.replace("\u00a0", " ") for line in lines_of(sheet)]


def test_a_hand_over_says_that_an_infusion_without_an_hour_ends_the_day_after() -> None:
    """Mesna "To Wed 04-Mar", while its last day's infusion runs into Thursday."""
    sheet = BUILDERS["handover"](shipped("hyper-cvad"), job(wish=Wish(date(2026, 3, 2))))
    assert "ends Thu 05-Mar-2026 (no hour known)" in [line.text.replace("\u00a0", " ") for line in lines_of(sheet)]


def test_a_hand_over_names_an_end_that_lies_behind_its_time_as_such() -> None:
    """Its last day was the edge of the sheet, as if the pump came off that day."""
    sheet = BUILDERS["handover"](label(), job(wish=Wish(date(2026, 3, 2), date(2026, 3, 20))))
    texts = [line.text.replace("\u00a0", " ").replace("\u2011", "-") for line in lines_of(sheet)]
    place = texts.index("goes on after Fri 20-Mar-2026")
    assert texts[place + 1 : place + 3] == ["to Sun 29-Mar-2026", "ends Mon 30-Mar-2026 09:00"]


def test_where_bags_are_planned_the_end_is_told_once() -> None:
    evaluated = with_bags()
    assert not pump_ends(evaluated.schedule.events)
    told = said_on(make(evaluated, "calendar"))
    assert all(told[date.fromordinal(day)].count(OFF) == 1 for day in ends(evaluated))
    assert not any(line.text.startswith("Infusion ends") for line in lines_of(make(evaluated, "daysheet")))


def test_no_pump_comes_off_where_nothing_ran_or_no_hour_is_known() -> None:
    events = label().schedule.events
    final = max(days(label()))
    (last,) = [one for one in events if one.day == final and one.placed.kind == "infusion"]
    assert final + 1 in pump_ends(events)
    assert not pump_ends([last._replace(state=State.STOPPED)])
    assert not pump_ends([last._replace(minute=-1)])


def test_every_language_has_words_for_it() -> None:
    for language, words in (("es", "Se quita la bomba, a las 09:00"), ("ru", "Насос снимают, в 09:00")):
        sheet = BUILDERS["calendar"](label(), job(wish=Wish(language=language)))
        assert sum(line.text.replace("\u00a0", " ") == words for line in lines_of(sheet)) == 4


def test_the_day_of_a_step_in_dose_says_what_ends_and_what_begins() -> None:
    """The sheet of the first 28 mcg had no word that the bag of 9 mcg a day comes down."""
    evaluated = shipped("blinatumomab-rr")
    sections = make(evaluated, "daysheet").sections
    told = {
        one.title: [after for line, after in pairwise(part.lines) if line.text.startswith("Step in dose")]
        for one in sections
        for part in one.parts
        if isinstance(part, Paragraphs) and any(line.text.startswith("Step in dose") for line in part.lines)
    }
    first = evaluated.schedule.blocks[0].start
    assert list(told) == [f"{date.fromordinal(first + 7):%a %d-%b-%Y}"]
    ((after,),) = told.values()
    assert (after.text, after.blank) == ("Old bag taken down, new rate set at, by", True)
    texts = [line.text.replace("\u00a0", " ") for line in lines_of(make(evaluated, "daysheet"))]
    wanted = "Step in dose at 09:00: Blinatumomab, 9 mcg a day, intravenous, ends, last day C1 D7; 28 mcg a day begins"
    assert texts.count(wanted) == 1


def test_a_dose_that_is_known_of_no_day_makes_no_step() -> None:
    nine, twenty_eight = (
        next(
            one
            for one in shipped("blinatumomab-rr").schedule.events
            if one.placed.kind == "infusion" and one.cycle_day == day
        )
        for day in (7, 8)
    )
    assert list(dose_steps([nine, twenty_eight])) == [twenty_eight.day]
    assert dose_steps([nine._replace(dose=None), twenty_eight]) == {}
    assert dose_steps([nine, twenty_eight._replace(dose=None)]) == {}
    assert dose_steps([nine._replace(state=State.HELD), twenty_eight]) == {}


def test_a_family_reads_at_which_hour_the_pump_starts() -> None:
    """The hour it comes off stood there, that at which they come in to be connected did not."""
    start = "The pump starts, at\u00a009:00"
    told = said_on(make(label(), "calendar"))
    running = days(label())
    first = [day for day in running if day - 1 not in running]
    assert [day.toordinal() for day, texts in sorted(told.items()) if start in texts] == first
    bagged = said_on(make(with_bags(), "calendar"))
    assert [day.toordinal() for day, texts in sorted(bagged.items()) if start in texts] == first, "not a new bag"
    relapse = shipped("blinatumomab-rr").schedule
    assert [one.cycle_day for one in pump_starts(relapse.events)][:2] == [1, 1], "not the step on day 8"
    held = [one._replace(state=State.HELD) for one in relapse.events]
    assert pump_starts(held) == ()


def test_a_family_reads_on_which_day_and_at_which_hour_the_pump_gets_a_new_dose() -> None:
    """From 9 to 28 mcg on day 8 only the dexamethasone before it stood there."""
    evaluated = shipped("blinatumomab-rr")
    steps = sorted(dose_steps(evaluated.schedule.events))
    assert len(steps) == 1
    told = said_on(make(evaluated, "calendar"))
    wanted = "The pump gets a new dose, at\u00a009:00"
    assert [day.toordinal() for day, texts in sorted(told.items()) if wanted in texts] == steps
