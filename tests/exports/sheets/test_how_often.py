"""How often and how long: what a sheet may say of it, and what nobody has said yet."""

from datetime import date

import pytest
from msgspec.structs import replace

from planner.exports.sheets.sheet import Table
from planner.model.wish import Wish
from planner.services.printing import BUILDERS, words_of
from tests.exports.papers import job, lines_of, make, shipped
from tests.exports.sheets.calendars import months, said_on
from tests.schedules import with_events


def test_a_part_called_as_a_medicine_that_is_only_taken_on_does_not_start_it() -> None:
    """PTCy: sirolimus from day 5; the part "Sirolimus" a month later read as if it began then."""
    evaluated = shipped("ptcy-gvhd")
    part = evaluated.schedule.blocks[1]
    assert part.title == "Sirolimus"
    told = said_on(make(evaluated, "calendar"))
    assert not any("Sirolimus starts" in lines for lines in told.values())
    assert any("After transplant starts" in lines for lines in told.values())
    rest = [one for one in evaluated.schedule.events if one.day >= part.begins]
    alone = replace(evaluated, schedule=with_events(evaluated.schedule, rest))
    assert "Sirolimus starts" in said_on(make(alone, "calendar"))[date.fromordinal(part.begins)]


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


@pytest.mark.parametrize(("kind", "words"), [("handover", "once a day"), ("supply", "not set; drawn once a day")])
def test_clinicians_read_that_it_is_only_drawn_so(kind: str, words: str) -> None:
    sheet = BUILDERS[kind](shipped("hsct-bu-cy"), job(wish=Wish(first=date(2026, 3, 1))))
    texts = [line.text for line in lines_of(sheet)]
    assert (words in texts) == (kind == "supply")
    assert not any(text.endswith(", once a day") for text in texts)


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
    assert told["Prednisolone eye drops"] == ["The amount we tell you"]
    assert told["Idarubicin"] == ["Given by your team"]
