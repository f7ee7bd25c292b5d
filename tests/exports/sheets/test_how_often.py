"""How often and how long: what a sheet may say of it, and what nobody has said yet."""

import re
from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from planner.exports.sheets.sheet import Table
from planner.exports.wording.doses import dose_words
from planner.model.language import glued
from planner.model.plan import BlockStart, Replacement, Scope
from planner.model.quantity import format_amount
from planner.model.wish import Wish
from planner.services.evaluation import evaluate
from planner.services.printing import BUILDERS, words_of
from planner.services.verbs.placing import add_protocol, new_plan
from tests.courses import PATIENT
from tests.exports.papers import job, library, lines_of, make, shipped, worded
from tests.exports.papers import words_of as words_of_cell
from tests.exports.sheets.calendars import months, said_on
from tests.exports.sheets.test_after_edits import START, placed, printed_sheet, rows, seen, text
from tests.schedules import with_events


def test_a_part_called_as_a_medicine_that_is_only_taken_on_does_not_start_it() -> None:
    """PTCy: sirolimus from day 5; the part "Sirolimus" a month later read as if it began then."""
    evaluated = shipped("ptcy-gvhd")
    first, part = evaluated.schedule.blocks
    part = replace(part, title="Sirolimus")
    evaluated = replace(evaluated, schedule=replace(evaluated.schedule, blocks=(first, part)))
    told = said_on(make(evaluated, "calendar"))
    assert not any("Start: Sirolimus" in lines for lines in told.values())
    assert any("Start: Protection after transplant" in lines for lines in told.values())
    rest = [one for one in evaluated.schedule.events if one.day >= part.begins]
    alone = replace(evaluated, schedule=with_events(evaluated.schedule, rest))
    assert "Start: Sirolimus" in said_on(make(alone, "calendar"))[date.fromordinal(part.begins)]


@pytest.mark.parametrize("language", ["en", "de"])
def test_nobody_is_told_how_often_to_take_a_dose_that_is_still_to_be_entered(language: str) -> None:
    """Seizure prophylaxis before busulfan: drawn once a day without a dose, where its source gives it every 8 hours."""
    evaluated = shipped("hsct-bu-cy")
    sheet = BUILDERS["calendar"](evaluated, job(wish=Wish(language=language)))
    words = words_of(language)
    once = words.say("once_a_day")
    texts = [line.text.replace("\u00a0", " ") for line in lines_of(sheet)]
    weeks = [week for month in months(sheet).values() for week in month.weeks]
    bars = [bar.line.text.replace("\u00a0", " ") for week in weeks for bar in week.bars]
    assert any(bar.endswith(words.say("amount_told")) for bar in bars)
    assert not any(once.casefold() in text.casefold() for text in (*texts, *bars))


@pytest.mark.parametrize(("kind", "words"), [("handover", "once a day"), ("supply", "not set")])
def test_clinicians_read_that_it_is_only_drawn_so(kind: str, words: str) -> None:
    sheet = BUILDERS[kind](shipped("hsct-bu-cy"), job(wish=Wish(first=date(2026, 3, 1))))
    texts = [line.text.replace("\u00a0", " ") for line in lines_of(sheet)]
    assert (words in texts) == (kind == "supply")
    assert not any(text.endswith(", once a day") for text in texts)


@pytest.mark.parametrize("kind", ["handover", "daysheet", "roadmap"])
@pytest.mark.parametrize(("protocol", "agent"), [("ptcy-gvhd", "mesna"), ("hsct-bu-flu", "busulfan")])
def test_a_total_of_the_day_is_never_told_as_a_single_dose(protocol: str, agent: str, kind: str) -> None:
    """Mesna 50 mg/kg/day, drawn once because no source read divides it, stood as "2,600 mg, intravenous"."""
    evaluated = shipped(protocol)
    first = next(one for one in evaluated.schedule.events if one.placed.agent == agent)
    figure = format_amount(first.dose.value, first.dose.unit)
    wish = Wish(first=first.date, last=first.date + timedelta(9))
    texts = [line.text.replace("\u00a0", " ") for line in lines_of(BUILDERS[kind](evaluated, job(wish=wish)))]
    assert any(f"{figure} a day" in text for text in texts)
    alone = [text for text in texts if re.search(rf"(?<![\d,.]){figure}(?! a day)", text)]
    spared = [one for one in evaluated.schedule.events if one.placed.agent == "cyclophosphamide"]  # as much, but a dose
    assert bool(alone) == bool(spared) or kind == "roadmap"  # which has the arithmetic


def test_three_sheets_say_alike_how_often_a_dose_of_a_day_is_taken() -> None:
    """Supply "Each time: 40 mg a day, once a day", hand-over "40 mg a day", calendar "once a day"."""
    evaluated = shipped("hyper-cvad")
    drug = [one for one in evaluated.schedule.events if one.placed.agent == "dexamethasone"]
    wish = Wish(drug[0].date, drug[0].date + timedelta(3))
    texts = {
        kind: [line.text.replace("\u00a0", " ") for line in lines_of(BUILDERS[kind](evaluated, job(wish=wish)))]
        for kind in ("supply", "handover", "calendar", "daysheet")
    }
    assert "40 mg a day" in texts["supply"]
    assert "times a day: ask the prescriber" in texts["supply"]
    assert "4 days" in texts["supply"]
    assert "40 mg a day, by mouth, times a day: ask the prescriber" in texts["handover"]
    bars = [text for text in texts["calendar"] if text.startswith("Dexamethasone: by mouth, 40 mg")]
    assert bars
    assert all(text.endswith(", for the whole day") for text in bars)
    assert "40 mg for the whole day" in texts["calendar"]
    assert "not said" in texts["daysheet"]
    assert "Each time" not in texts["supply"]
    assert not any("once a day" in text.casefold() for text in texts["supply"])
    rows = [text for text in texts["calendar"] if "Dexamethasone" in text]
    assert not any("once a day" in text for text in rows)


def test_a_dose_that_is_told_by_the_dose_is_so_on_the_supply_sheet() -> None:
    texts = [line.text.replace("\u00a0", " ") for line in lines_of(make(shipped("graaph-2005"), "supply"))]
    assert "400 mg each time" in texts
    assert "2 times a day" in texts


def test_what_is_told_by_the_dose_has_no_day_beside_it() -> None:
    """Given twice a day, over some hours, or recorded: then the figure is a dose."""
    events = [
        one for name in ("calgb-10403", "flag-ida", "graaph-2005", "phallcon") for one in shipped(name).schedule.events
    ]
    divided = next(one for one in events if one.placed.agent == "imatinib")
    timed = next(one for one in events if one.placed.agent == "cytarabine" and one.placed.duration_h)
    once = next(one for one in events if one.placed.agent == "mercaptopurine")
    whole = next(
        one for one in events if one.placed.agent == "dexamethasone" and dose_words(one, "mcg").endswith("day")
    )
    assert dose_words(divided, "mcg") == glued("400 mg")
    assert dose_words(once, "mcg") == glued("100 mg")
    assert not dose_words(timed, "mcg").endswith(" a day".replace(" ", "\u00a0"))
    assert dose_words(whole, "mcg").endswith(" " + glued("a day"))
    given = whole._replace(dose=replace(whole.dose, origin="given"))
    assert dose_words(given, "mcg") + " " + glued("a day") == dose_words(whole, "mcg")


def test_where_how_often_is_not_set_no_number_of_doses_is_told() -> None:
    """Mycophenolate of a range a day: "Times this day 1", and a range that read as a single dose."""
    divided = 'dose = "15 mg/kg"\ncap = "1 g"\ndays = "5:35"\nfrequency = "three times daily"\n'
    undivided = 'dose = "30-45 mg/kg/day"\ndays = "5"\nuntil = "the last day that the site enters"\n'
    when = 'when = "variant.partner = ciclosporin"'
    shelved = worded("ptcy-gvhd", divided + when, undivided + when)
    start = BlockStart(on=date(2026, 3, 2))
    evaluated = evaluate(add_protocol(new_plan("p", PATIENT), shelved, start, {"partner": "ciclosporin"}), library())
    (drug,) = (one for one in evaluated.schedule.events if one.placed.agent == "mycophenolate")
    assert drug.dose.missing.endswith("mg a day")
    sheets = {kind: BUILDERS[kind](evaluated, job()) for kind in ("daysheet", "supply")}
    told = {
        kind: [row for one in sheet.sections for part in one.parts if isinstance(part, Table) for row in part.rows]
        for kind, sheet in sheets.items()
    }
    (on_ward, handed_out) = (
        next(row for row in told[kind] if words_of_cell(row.cells[0]).startswith("Mycophenolate")) for kind in sheets
    )
    assert (words_of_cell(on_ward.cells[2]), on_ward.cells[2].lines[0].blank) == ("", True)
    assert [words_of_cell(handed_out.cells[place]) for place in (2, 4)] == [
        "not set",
        "1 day drawn, how many follow is open",
    ]


def test_the_other_hospital_reads_over_how_long_an_infusion_runs() -> None:
    """Mesna 4,000 mg over 24 h stood there as "intravenous" alone."""
    sheet = BUILDERS["handover"](shipped("hsct-bu-cy"), job(wish=Wish(first=date(2026, 3, 1))))
    texts = [line.text.replace("\u00a0", " ") for line in lines_of(sheet)]
    assert sum(text.endswith("mg, intravenous, over 24 h") for text in texts) == 2


@pytest.mark.parametrize("kind", ["handover", "daysheet", "roadmap", "supply"])
@pytest.mark.parametrize("protocol", ["pomp", "aall0232-hr"])
def test_every_sheet_for_clinicians_says_of_a_weekly_drug_that_it_is_not_daily(protocol: str, kind: str) -> None:
    """Methotrexate by mouth in maintenance: the hand-over had "35 mg, by mouth" beside its date alone."""
    evaluated = shipped(protocol)
    named = [one for one in evaluated.schedule.events if one.placed.agent == "methotrexate"]
    first = next(one.day for one in named if one.placed.route == "PO")
    wish = Wish(first=date.fromordinal(first)) if kind == "handover" else Wish()
    texts = [line.text.replace("\u00a0", " ") for line in lines_of(BUILDERS[kind](evaluated, job(wish=wish)))]
    told = sum("once a week, on " in text and text.endswith("not every day") for text in texts)
    assert told >= (5 if kind == "handover" else 1)


def test_eye_drops_are_not_given_by_the_team() -> None:
    """FLAG-Ida: drops every 4 hours, day and night, on the supply sheet to hand out, stood as "Given by your team"."""
    sheet = make(shipped("flag-ida"), "calendar")
    rows = [row for one in sheet.sections for part in one.parts if isinstance(part, Table) for row in part.rows]
    rows = [row for row in rows if len(row.cells) == 4]
    told = {row.cells[0].lines[0].text: [line.text for line in row.cells[2].lines] for row in rows}
    assert told["Prednisolone eye drops"] == ["1\u00a0drop each time"]
    assert told["Idarubicin"] == ["Given by your team"]


def test_what_stands_in_for_a_drug_is_given_as_often_as_that_was_asked() -> None:
    """ "Is twice a day meant?" is asked when dasatinib takes the place of nilotinib (usual_doses.inherited_from)."""
    first = next(one for one in seen(placed("graaph-2014")).schedule.events if one.placed.agent == "nilotinib")
    where = first.placed.block.id, 1, 1, first.placed.order.id
    change = Replacement(*where, Scope.FOLLOWING, "dasatinib", "toxicity", grade=3, dose="100 mg")
    plan = replace(placed("graaph-2014"), modifications=(change,))
    handed = [
        text(row[1])
        for row in rows(printed_sheet(plan, "handover", Wish(START, START + timedelta(40))))
        if text(row[0]) == "Dasatinib"
    ]
    assert handed
    assert all(one.startswith("100 mg, by mouth, 2 times a day") for one in handed)
    supplied = [[text(cell) for cell in row] for row in rows(printed_sheet(plan, "supply"))]
    (row,) = [row for row in supplied if row[0].startswith("Dasatinib")]
    assert row[2].startswith("2 times a day")
