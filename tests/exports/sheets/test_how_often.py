"""How often and how long: what a sheet may say of it, and what nobody has said yet."""

from datetime import date

import pytest
from msgspec.structs import replace

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
