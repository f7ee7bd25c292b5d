"""Drugs whose last day nobody knows: every sheet says on the days behind the drawn ones that they may go on."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.exports.sheets.sheet import Paragraphs, Table
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.going_on import asked_once, drawn_stretches, ends_unsaid, is_ended, may_go_on
from planner.model.patient import LabResult
from planner.model.plan import Deferral, Hold, Repetition, Replacement, Scope, Stop
from planner.model.wish import Wish
from planner.services.evaluation import evaluate
from planner.services.printing import BUILDERS
from planner.services.verbs.repeating import repeat_cycle
from tests.exports.papers import job, library, lines_of, make, shipped, words_of
from tests.exports.sheets.calendars import framed_on, months, said_on
from tests.exports.sheets.test_day_bag_supply import moment
from tests.services.courses_at_hand import plan_of, scheduled


def test_a_drug_that_goes_on_until_nobody_knows_when_is_named_on_the_days_that_follow() -> None:
    """Drawn on its first day alone, a shot of every day read as over: GMALL, filgrastim from day 6 of induction I."""
    evaluated = shipped("gmall-07-03")
    (first, *_) = (one for one in evaluated.schedule.events if one.placed.agent == "filgrastim")
    cycle = first.placed.block.cycles[0]
    told: dict[int, list[str]] = {}
    for section in make(evaluated, "daysheet").sections:
        if section.level == 0:
            lines = [line.text for part in section.parts if isinstance(part, Paragraphs) for line in part.lines]
            told[moment(section.title.split(" to ")[0])] = [one for one in lines if one.startswith("May still go on")]
    behind = [day for day in told if first.day < day < cycle.end]
    assert len(behind) > 2
    for day in behind:
        (line,) = told[day]
        assert "until neutrophils have recovered past their low point: Filgrastim C1 D6" in line.replace("\u00a0", " ")
    assert not told[first.day]
    assert not any("C1 D6," in line for day, lines in told.items() if day >= cycle.end for line in lines)


def test_of_what_may_go_on_the_day_sheet_says_how_often_and_has_a_line_for_each_dose() -> None:
    """Leucovorin every 6 h read as "27.2 mg" with one line to sign on: a quarter of the day's rescue."""
    found = []
    for section in make(shipped("aall0232-hr"), "daysheet").sections:
        lines = [line for part in section.parts if isinstance(part, Paragraphs) and part.boxed for line in part.lines]
        for number, line in enumerate(lines):
            if line.text.startswith("May still go on") and ": Leucovorin" in line.text:
                assert ", 27.2 mg every 6 h, intravenous, since " in line.text.replace("\u00a0", " ")
                signed = [one for one in lines[number + 1 :] if one.text == "Given at, by"]
                assert all(one.blank for one in signed)
                found.append(len(signed))
    assert found == [1, 4] * 4, "the rest of the last drawn day, then the whole of the next"


def test_the_newest_level_stands_beside_what_goes_on_until_a_drug_has_cleared() -> None:
    """Leucovorin and fluids went on for two weeks on every sheet, and no level that was recorded stood on one."""
    made = shipped("aall0232-hr")
    rescue = next(one for one in made.schedule.events if one.placed.agent == "leucovorin")
    days = [rescue.date + timedelta(number) for number in (-1, 1, 2)]
    levels = (Decimal(9), Decimal("0.5"), Decimal("0.2"))  # at 0.04 it has an end
    labs = tuple(LabResult(*one, "umol/L") for one in zip(days, ["methotrexate-level"] * 3, levels, strict=True))

    def told(count: int, kind: str) -> set[str]:
        patient = replace(made.plan.patient, labs=labs[:count])
        seen = evaluate(replace(made.plan, patient=patient), library())
        span = Wish(rescue.date + timedelta(3), rescue.date + timedelta(4))
        plain = [line.text.replace("\u00a0", " ") for line in lines_of(BUILDERS[kind](seen, job(wish=span)))]
        return {found for line in plain for found in re.findall(r"newest methotrexate level [^,]*", line)}

    newest = f"newest methotrexate level 0.2 micromol/L on {days[2]:%a %d-%b-%Y}"
    assert told(3, "daysheet") == told(3, "handover") == {newest}
    high = newest.replace("0.2 ", "9 ").replace(f"{days[2]:%a %d-%b-%Y}", f"{days[0]:%a %d-%b-%Y}")
    assert told(1, "daysheet") == {high}, "beside the fluids, which began before it"
    assert told(0, "daysheet") == set()


def test_the_box_of_what_hangs_on_an_answer_says_so_in_a_broken_frame() -> None:
    """All else of these days was provisional; methotrexate "still running" and its rescue read as sure."""
    told = [
        line
        for section in make(shipped("aall0232-hr"), "daysheet").sections
        for part in section.parts
        if isinstance(part, Paragraphs)
        for line in part.lines
        if line.text.startswith(("Still running: Methotrexate", "May still go on"))
    ]
    unsure = [line for line in told if line.unsure]
    assert len(unsure) == 12, "four of them of the rest of a day; above lists the rows have the frame"
    assert all("provisional" in line.text for line in told)
    assert {line.style for line in told if not line.unsure} == {"body"}
    sure = [line for line in lines_of(make(shipped("gmall-07-03"), "daysheet")) if line.text.startswith("May still")]
    assert sure
    assert not any(line.unsure or "provisional" in line.text for line in sure)


def test_a_drug_that_was_left_out_does_not_go_on() -> None:
    evaluated = shipped("gmall-07-03")
    events = evaluated.schedule.events
    (first, *_) = (one for one in events if one.placed.agent == "filgrastim")
    left_out = first._replace(state=State.OMITTED)
    plan = evaluated.plan
    assert first.day + 1 in may_go_on(plan, events)
    assert first.day + 1 not in may_go_on(plan, [left_out])


def test_a_drug_that_is_drawn_on_several_days_may_go_on_behind_them() -> None:
    """FLAG-Ida: filgrastim on days 1 to 6 and on until counts recover. Day 7 promised a family no treatment."""
    evaluated = shipped("flag-ida")
    drawn = [one for one in evaluated.schedule.events if one.placed.agent == "filgrastim"]
    cycle = drawn[0].placed.block.cycles[0]
    going = may_go_on(evaluated.plan, evaluated.schedule.events)
    assert sorted(going) == list(range(drawn[-1].day + 1, cycle.end))
    assert set(going.values()) == {(drawn[0],)}
    told, framed = said_on(make(evaluated, "calendar")), framed_on(make(evaluated, "calendar"))
    days = [date.fromordinal(day) for day in sorted(going)]
    assert not [day for day in days if "Ask us: Filgrastim" in told[day]]
    assert [day for day in days if "Filgrastim, shot under the skin: until we tell you to stop" in framed[day]] == days
    assert not any("No treatment" in told[date.fromordinal(day)] for day in going)


def test_a_rescue_may_go_on_up_to_the_next_dose_of_what_it_rescues_from() -> None:
    """It was still asked about, and may still have been given, beside the next methotrexate."""
    evaluated = shipped("aall0232-hr")
    events = evaluated.schedule.events
    drawn = [one for one in events if one.placed.order.id == "leucovorin"]
    methotrexate = {
        one.day for one in events if one.placed.id == drawn[0].placed.id.replace("leucovorin", "methotrexate")
    }
    going = may_go_on(evaluated.plan, events)
    first, start = drawn[0], drawn[0].placed.block.start
    assert first.cycle_day == 3
    assert {day for day, firsts in going.items() if first in firsts} == set(range(start + 3, start + 14))
    assert len(methotrexate) == 4
    assert not {day for day, firsts in going.items() if set(firsts) & set(drawn)} & {
        *methotrexate,
        *(day + 1 for day in methotrexate),
        *(one.day for one in drawn),
    }
    held = [one._replace(state=State.HELD) if one.day in methotrexate else one for one in events]
    assert start + 14 in may_go_on(evaluated.plan, held)


def test_a_drug_begun_in_course_1_alone_may_go_on_through_the_courses_counted_on_from_it() -> None:
    """Ursodiol against liver veno-occlusive disease: with the end of course 1 the family was told of no treatment."""
    evaluated = shipped("mini-hyper-cvd-inotuzumab")
    blocks = {block.id: block for block in evaluated.schedule.blocks}
    (first,) = (one for one in evaluated.schedule.events if one.placed.agent == "ursodiol")
    going = may_go_on(evaluated.plan, evaluated.schedule.events)
    days = [day for day, firsts in going.items() if first in firsts]
    assert days == list(range(first.day + 1, blocks["blinatumomab"].end))
    told = said_on(make(evaluated, "calendar"))
    assert not [day for day in days if "No treatment" in told[date.fromordinal(day)]]
    cells = column(grids("mini-hyper-cvd-inotuzumab")[1], "Other drugs")
    assert all("may still go on" in text for text in cells.values())
    stopped = Stop("odd", 1, 9, Scope.ALL, "over", order="ursodiol")
    plan = replace(evaluated.plan, modifications=(stopped,))
    going = may_go_on(plan, evaluated.schedule.events)
    assert max(day for day, firsts in going.items() if first in firsts) < first.day + 9


def test_a_repeated_course_does_not_end_it() -> None:
    plan = plan_of("mini-hyper-cvd-inotuzumab")
    repeated = repeat_cycle(plan, scheduled(plan), Repetition("", "even", 2, "other"))
    events = scheduled(repeated).events
    (first,) = (one for one in events if one.placed.agent == "ursodiol")
    days = [day for day, firsts in may_go_on(repeated, events).items() if first in firsts]
    assert days == list(range(first.day + 1, scheduled(repeated).block("blinatumomab").end))


@pytest.mark.parametrize(
    ("scope", "order", "ends"),
    [(Scope.CYCLE, "filgrastim", 9), (Scope.FOLLOWING, "", 9), (Scope.ALL, "", 9), (Scope.CYCLE, "vincristine", 22)],
)
def test_what_somebody_stopped_does_not_go_on(scope: Scope, order: str, ends: int) -> None:
    evaluated = shipped("hyper-cvad")
    first = next(one for one in evaluated.schedule.events if one.placed.agent == "filgrastim")
    block = first.placed.block
    change = Stop(block.id, 1, 9, scope, "recovery", order=order)
    plan = replace(evaluated.plan, modifications=(change,))
    here = [one for one in evaluated.schedule.events if one.placed.block.id == block.id]
    assert max(may_go_on(plan, here)) == block.start + ends - 2
    later = replace(plan, modifications=(Deferral(block.id, 1, 8, 3, Scope.FOLLOWING, "counts"), change))
    assert max(may_go_on(later, here)) == block.start + (ends + 1 if ends == 9 else ends - 2)


def test_a_drug_whose_later_days_are_stopped_does_not_go_on() -> None:
    evaluated = shipped("flag-ida")
    drawn = [one for one in evaluated.schedule.events if one.placed.agent == "filgrastim"]
    stopped = [one._replace(state=State.STOPPED) if one.cycle_day > 4 else one for one in drawn]
    assert may_go_on(evaluated.plan, stopped) == {}


def stood_in(cycle_day: int, scope: Scope, *more: object) -> EvaluatedPlan:
    """FLAG-Ida with pegfilgrastim in place of filgrastim, which is drawn on days 1 to 6, from that day on."""
    plan = shipped("flag-ida").plan
    change = Replacement(plan.blocks[0].id, 1, cycle_day, "filgrastim", scope, "pegfilgrastim", "capacity", dose="6 mg")
    return evaluate(replace(plan, modifications=(change, *more)), library())


def test_what_stands_in_for_a_drug_does_not_take_its_open_end() -> None:
    """Pegfilgrastim, one shot, was asked about on every day and told a family to have a shot every day."""
    evaluated = stood_in(6, Scope.CYCLE)
    (shot,) = (one for one in evaluated.schedule.events if one.placed.agent == "pegfilgrastim")
    assert may_go_on(evaluated.plan, evaluated.schedule.events) == {}
    assert list(asked_once(evaluated.schedule.events)) == [(shot.day + 1, shot)]
    sheet = make(evaluated, "calendar")
    asked = [day for day, texts in said_on(sheet).items() if "Ask us: Pegfilgrastim" in texts]
    assert [day.toordinal() for day in asked] == [shot.day + 1]
    (medicine,) = (
        row
        for section in sheet.sections
        for part in section.parts
        if isinstance(part, Table)
        for row in part.rows
        if words_of(row.cells[0]) == "Pegfilgrastim"
    )
    assert "every day" not in words_of(medicine.cells[3])
    for kind in ("daysheet", "roadmap"):
        texts = [line.text for line in lines_of(make(evaluated, kind))]
        assert any("whether it is given again is not said" in text for text in texts)
        assert not any("go on" in text and "Pegfilgrastim" in text for text in texts)


def test_a_drug_ends_where_another_stands_in_for_it() -> None:
    between = stood_in(3, Scope.DAY).schedule.events
    drawn = [one for one in between if one.placed.order.id == "filgrastim"]
    first, second = drawn_stretches(drawn)
    assert [one.cycle_day for one in (*first, *second)] == [1, 2, 4, 5, 6]
    assert is_ended(first, drawn)
    assert not is_ended(second, drawn)
    assert not list(asked_once(between)), "filgrastim is given after it"


@pytest.mark.parametrize(
    ("change", "asked"), [(Stop("", 1, 6, Scope.CYCLE, "over", order="filgrastim"), 0), (Hold("", 1, 6, "other"), 1)]
)
def test_what_stands_in_and_was_stopped_is_not_asked_about(change: Stop | Hold, asked: int) -> None:
    block = shipped("flag-ida").plan.blocks[0].id
    evaluated = stood_in(4, Scope.CYCLE, replace(change, block=block))
    assert len(list(asked_once(evaluated.schedule.events))) == asked


def test_a_supply_of_what_stands_in_does_not_say_that_it_goes_on() -> None:
    plan = shipped("calgb-10403").plan
    block = plan.blocks[0].id
    change = Replacement(block, 1, 1, "allopurinol", Scope.CYCLE, "ursodiol", "toxicity", dose="300 mg")
    evaluated = evaluate(replace(plan, modifications=(change,)), library())
    tables = [part for one in make(evaluated, "supply").sections for part in one.parts if isinstance(part, Table)]
    (row,) = (row for part in tables for row in part.rows if words_of(row.cells[0]).startswith("Ursodiol"))
    assert "and on" not in words_of(row.cells[3])
    assert words_of(row.cells[3]).endswith("whether it is given again is not said")
    assert words_of(row.cells[5]) == "300 mg"


def grids(protocol: str) -> list[Table]:
    sections = make(shipped(protocol), "roadmap").sections
    return [part for one in sections if one.title == "Days" for part in one.parts if isinstance(part, Table)]


def column(table: Table, name: str) -> dict[int, str]:
    """What stands in the column of that drug, by the ordinal of the row."""
    (number,) = (place for place, one in enumerate(table.columns) if one.heading[0].text == name)
    rows = (row for row in table.rows if not row.band)
    return {moment(words_of(row.cells[0])): words_of(row.cells[number]) for row in rows}


def test_the_roadmap_says_on_later_rows_what_may_go_on() -> None:
    """The note stood with the first day alone; a reader of the next page took filgrastim for over."""
    going = may_go_on(shipped("flag-ida").plan, shipped("flag-ida").schedule.events)
    table, _ = grids("flag-ida")
    cells = column(table, "Filgrastim")
    assert {day for day, text in cells.items() if text == "may still go on"} == {day for day in cells if day in going}
    assert len({day for day in cells if day in going}) > 1


def test_a_daily_drug_goes_on_in_the_rows_between_its_first_and_last_day() -> None:
    """An empty cell under imatinib on the day of vincristine read as a pause."""
    first, *_ = grids("graaph-2005")[1:]
    texts = list(column(first, "Imatinib").values())
    assert "begun" in texts[0]
    assert texts[-1] == "goes on into Cycle 2, dose to be entered"
    assert {*texts[1:-1]} == {"goes on"}


def test_a_supply_of_unknown_length_has_no_total_that_ends_it() -> None:
    tables = [part for one in make(shipped("calgb-10403"), "supply").sections for part in one.parts]
    rows = [row for part in tables if isinstance(part, Table) for row in part.rows if not row.band]
    (allopurinol,) = (row for row in rows if words_of(row.cells[0]).startswith("Allopurinol"))
    assert words_of(allopurinol.cells[3]).endswith("and on, last day not entered")
    assert words_of(allopurinol.cells[5]) == "300 mg for the day drawn"


def test_the_hand_over_names_what_was_begun_before_and_may_go_on() -> None:
    """The hospital that shares the care was told of the marrow on day 14 and not of filgrastim since day 5."""
    evaluated = shipped("hyper-cvad")
    drawn = next(one for one in evaluated.schedule.events if one.placed.agent == "filgrastim")
    first, last = date.fromordinal(drawn.day + 3), date.fromordinal(drawn.day + 6)
    sheet = BUILDERS["handover"](evaluated, job(wish=Wish(first, last)))
    (section,) = (one for one in sheet.sections if one.title == "Daily medicines, infusions and checks")
    rows = [row for part in section.parts if isinstance(part, Table) for row in part.rows]
    (told,) = ([words_of(cell) for cell in row.cells] for row in rows if "Filgrastim" in words_of(row.cells[0]))
    assert told == [
        "Filgrastim first dose planned Fri 06-Mar-2026",
        "352 mcg a day, subcutaneous, the whole of the day: ask whether and how it is divided",
        "Mon 09-Mar-2026",
        f"may still go on, until {drawn.placed.order.until} in this plan at the latest to Sun 22-Mar-2026",
    ]


def test_no_frame_says_of_a_sure_drug_that_it_may_be_left_out() -> None:
    """Rituximab waits for CD20; cyclophosphamide and mesna stood in the same broken frame."""
    (table,) = grids("hyper-cvad-ponatinib")[:1]
    (number,) = (place for place, one in enumerate(table.columns) if one.heading[0].text == "Other drugs")
    first = next(row for row in table.rows if not row.band).cells[number]
    texts = [line.text for line in first.lines if line.style == "strong"]
    assert "Rituximab, intravenous, provisional" in texts
    assert any(", " in text and not text.endswith("provisional") for text in texts), "a sure one beside it"
    assert first.edge == ""
    edges = {cell.edge for one in grids("aall0232-hr")[1:2] for row in one.rows if not row.band for cell in row.cells}
    assert "dashed" in edges


def test_a_rescue_that_nobody_ended_is_one_frame_behind_its_drawn_days() -> None:
    """ "Ask us: Leucovorin" filled 50 cells, weeks behind the last methotrexate: the days that count were lost."""
    sheet = make(shipped("aall0232-hr"), "calendar")
    told, framed = said_on(sheet), framed_on(sheet)
    quiet = [day for day, texts in framed.items() if "Leucovorin, drip into a vein: until we tell you to stop" in texts]
    assert len(quiet) > 20
    assert not any("No treatment" in told[day] or "Ask us: Leucovorin" in told[day] for day in quiet)
    assert not [day for day, texts in told.items() if "Ask us: Leucovorin" in texts]
    ends = [day for day, texts in told.items() if any(text.startswith("Leucovorin") for text in texts)]
    assert any(day + timedelta(1) in quiet for day in ends), "from the day behind a drawn one on"
    bars = [bar for month in months(sheet).values() for week in month.weeks for bar in week.bars]
    assert not any(bar.ticks for bar in bars if bar.line.text.startswith("Leucovorin, drip into a vein: until"))


def test_a_frame_of_what_hangs_on_an_answer_is_broken() -> None:
    sheet = make(shipped("hyper-cvad-blinatumomab"), "calendar")
    bars = [bar for month in months(sheet).values() for week in month.weeks for bar in week.bars]
    quiet = {
        bar.dashed for bar in bars if bar.line.text == "Filgrastim, shot under the skin: until we tell you to stop"
    }
    assert quiet == {False, True}


def test_a_medicine_taken_at_home_that_nobody_ended_is_asked_about_once_where_the_plan_drops_it() -> None:
    """Ursodiol stood on each day to the end of blinatumomab and was then gone without a word: it read as over."""
    evaluated = shipped("mini-hyper-cvd-inotuzumab")
    (first,) = (one for one in evaluated.schedule.events if one.placed.agent == "ursodiol")
    ends = [day for day, one in ends_unsaid(evaluated.plan, evaluated.schedule.events) if one == first]
    end = next(block.end for block in evaluated.schedule.blocks if block.id == "blinatumomab")
    assert ends == [end]
    told = said_on(make(evaluated, "calendar"))
    asked = sorted(day.toordinal() for day, texts in told.items() if "Ask us: Ursodiol" in texts)
    assert asked == [end]
    stopped = replace(evaluated.plan, modifications=(Stop("odd", 1, 9, Scope.ALL, "over", order="ursodiol"),))
    assert first not in [one for _, one in ends_unsaid(stopped, evaluated.schedule.events)]
    hyper = shipped("hyper-cvad")
    shots = [day for day, one in ends_unsaid(hyper.plan, hyper.schedule.events) if one.placed.agent == "filgrastim"]
    told = said_on(make(hyper, "calendar"))
    assert len(shots) == 8
    assert not any("Ask us: Filgrastim" in told[date.fromordinal(day)] for day in shots), "the clinic gives it"
