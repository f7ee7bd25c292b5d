"""The patient's calendar where nothing is given: rest is promised only where the plan knows of it."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from planner.exports.sheets.sheet import Month, Sheet, Table
from planner.model.plan import BagPlan, BlockStart
from planner.model.site import Site
from planner.model.wish import Wish
from planner.services.evaluation import evaluate
from planner.services.printing import BUILDERS, words_of
from planner.services.verbs.placing import add_protocol
from tests.exports.papers import (
    course,
    job,
    library,
    lines_of,
    made_before,
    make,
    page_texts,
    printed,
    shipped,
    squashed,
)
from tests.exports.sheets.calendars import days_told, framed_on, months, said_on
from tests.schedules import with_events

ENGLISH = words_of("en")

GOES_ON = "Filgrastim, shot under the skin: until we tell you to stop"


def test_days_outside_the_plan_say_so() -> None:
    month = months(make(course(), "calendar"))["January 2026"]
    days = {day.number: day for week in month.weeks for day in week.days if not day.month}
    assert "1" not in days, "a week before the plan is left out"
    assert not days["5"].outside
    month = months(make(course(), "calendar", Site(week_starts=6)))["January 2026"]
    day = month.weeks[0].days[0]
    assert (day.number, day.outside, [line.text for line in day.lines]) == ("4", True, [ENGLISH.say("not_in_plan")])


def test_a_rest_day_is_named() -> None:
    month = months(make(course(), "calendar"))["February 2026"]
    days = {day.number: day for week in month.weeks for day in week.days if day.number}
    assert [line.text for line in days["5"].lines] == [ENGLISH.say("no_treatment")]
    assert days["5"].label.replace("\u00a0", " ") == "Day 32"


def test_what_hangs_on_a_decision_looks_different_and_says_so() -> None:
    sheet = make(shipped("calgb-10403"), "calendar")
    found = months(sheet)
    sure, unsure = found["March 2026"], found["May 2026"]
    assert not sure.notice
    assert not any(day.dashed for week in sure.weeks for day in week.days)
    assert unsure.notice == ENGLISH.say("confirms_month")
    with_items = [day for week in unsure.weeks for day in week.days if any(line.tick for line in day.lines)]
    assert with_items
    assert all(day.dashed for day in with_items)
    assert all(bar.dashed for week in unsure.weeks for bar in week.bars)


def test_a_month_with_both_says_it_at_each_item() -> None:
    evaluated = course()
    month = months(make(evaluated, "calendar"))["July 2026"]
    assert not month.notice
    days = {day.number: day for week in month.weeks for day in week.days if day.number}
    assert not days["5"].dashed, "5 July still belongs to the part that is sure"
    assert days["6"].dashed
    assert ENGLISH.say("confirms") in [line.text for line in days["6"].lines]


def test_no_rest_is_promised_where_treatment_is_still_to_be_entered() -> None:
    """Of induction 2 of E1910 no source gives drugs and days: a family must not read that nothing is given."""
    evaluated = shipped("e1910")
    said = said_on(make(evaluated, "calendar"))
    block = next(block for block in evaluated.schedule.blocks if block.phase.id == "induction-2")
    here = [texts for day, texts in said.items() if block.start <= day.toordinal() < block.end]
    assert len(here) > 40
    assert not any("No treatment" in texts for texts in here)
    assert ["Ask us"] in here
    kept_up = next(block for block in evaluated.schedule.blocks if block.phase.id == "maintenance")
    assert not any("No treatment" in texts for day, texts in said.items() if day.toordinal() >= kept_up.start)
    before = [texts for day, texts in said.items() if day.toordinal() < block.start]
    assert ["No treatment"] in before
    large = BUILDERS["calendar"](evaluated, job(wish=Wish(large=True)))
    for sheet in (make(evaluated, "calendar"), large):
        assert any(line.text.startswith("Ask us: your team") for line in lines_of(sheet))


def test_no_rest_is_promised_between_what_comes_next_and_the_treatment_placed_later() -> None:
    """It asked for 28 days; the ten up to a treatment placed later read "No treatment"."""
    plan = shipped("gmall-07-03").plan
    asked = shipped("gmall-07-03").schedule.blocks[-1]
    assert asked.phase.only_asks
    begins = date.fromordinal(asked.end + 10)
    plan = add_protocol(plan, library().protocols["pomp"], BlockStart(on=begins))
    said = said_on(make(evaluate(plan, library()), "calendar"))
    assert [said[begins - timedelta(back)] for back in range(1, 11)] == [[ENGLISH.say("ask_day")]] * 10


def test_no_rest_is_promised_after_the_first_day_of_a_drug_of_unknown_length() -> None:
    evaluated = shipped("hyper-cvad")
    filgrastim = next(event for event in evaluated.schedule.events if event.placed.agent == "filgrastim")
    cycle = filgrastim.placed.block.cycles[0]
    said, framed = said_on(make(evaluated, "calendar")), framed_on(make(evaluated, "calendar"))
    after = [day for day in said if filgrastim.day < day.toordinal() < cycle.end]
    assert all(GOES_ON in framed[day] for day in after)
    assert [day for day in after if not said[day]], "nothing but the frame on it"
    assert not any("No treatment" in said[day] for day in after)
    assert not any(GOES_ON in framed[day] for day in said if cycle.start <= day.toordinal() <= filgrastim.day)


def test_a_drug_of_unknown_length_is_told_on_days_with_other_treatment() -> None:
    """Filgrastim stood on its first day alone; on days with a frame of dexamethasone it read as over.

    Then it was asked about for a week, and the frame behind that read as another medicine.
    """
    evaluated = shipped("hyper-cvad")
    filgrastim = next(event for event in evaluated.schedule.events if event.placed.agent == "filgrastim")
    cycle = filgrastim.placed.block.cycles[0]
    said, framed = said_on(make(evaluated, "calendar")), framed_on(make(evaluated, "calendar"))
    for day, texts in said.items():
        if filgrastim.day < day.toordinal() < cycle.end:
            assert not [text for text in texts if text.startswith("Ask us")], day
            assert GOES_ON in framed[day], day
        elif cycle.start <= day.toordinal() <= filgrastim.day:
            assert GOES_ON not in framed[day], day
    large = BUILDERS["calendar"](evaluated, job(wish=Wish(large=True)))
    assert GOES_ON in [line.text for line in lines_of(large)]


@pytest.mark.parametrize("large", [False, True])
def test_whole_months_without_treatment_are_one_line_below_the_month_before(large: bool) -> None:
    evaluated = shipped("blinatumomab-rr")
    sheet = BUILDERS["calendar"](evaluated, job(wish=Wish(large=large)))
    titles = [section.title for section in sheet.sections]
    said = [line.text.replace("\u00a0", " ") for line in lines_of(sheet) if "is planned" in line.text]
    assert said[0] == "From 2 November 2026 to 29 November 2026: no treatment is planned."
    assert "October 2026" in titles
    assert "November 2026" not in titles
    assert "December 2026" in titles
    taken = {event.date for event in evaluated.schedule.events}
    assert len(said) == 4
    assert not taken & {day for text in said for day in days_told(text)}


def test_a_month_of_which_the_plan_does_not_know_keeps_its_page() -> None:
    found = months(make(shipped("e1910"), "calendar"))
    assert "April 2026" in found
    days = [day for week in found["April 2026"].weeks for day in week.days if not day.month]
    assert {line.text for day in days for line in day.lines} == {"Ask us"}


@pytest.mark.parametrize("large", [False, True])
def test_many_months_of_which_the_plan_does_not_know_are_one_line(large: bool) -> None:
    """E1910: twenty pages of which every day said "Ask us" and nothing else, then twenty lines."""
    sheet = BUILDERS["calendar"](shipped("e1910"), job(wish=Wish(large=large)))
    (text,) = (one.text.replace("\u00a0", " ") for one in lines_of(sheet) if "may fall on any day" in one.text)
    assert text == "From 29 March 2027 to 16 November 2028: treatment may fall on any day. Ask us."
    titles = [one.title for one in sheet.sections]
    assert titles[-1] == "March 2027"


def test_rest_months_alone_have_a_page() -> None:
    wish = Wish(first=date(2026, 11, 8), last=date(2026, 11, 20))
    sheet = BUILDERS["calendar"](shipped("blinatumomab-rr"), job(wish=wish))
    (month,) = months(sheet).values()
    assert (month.title, month.after) == ("November 2026", ())
    days = [day for week in month.weeks for day in week.days]
    assert [day.number for day in days if not day.month] == [str(number) for number in range(1, 31)]
    assert [day.month for day in days if day.month] == ["October"] * 6 + ["December"] * 6


@pytest.mark.parametrize(("first", "last", "titles"), [
    (date(2026, 2, 1), date(2026, 2, 20), []),
    (date(2020, 2, 1), date(2026, 3, 8), ["March 2026"]),
    (date(2026, 5, 2), date(2040, 5, 3), ["May 2026", "June 2026", "July 2026"]),
])  # fmt: skip
def test_of_a_time_asked_for_the_months_are_whole(first: date, last: date, titles: list[str]) -> None:
    sheet = BUILDERS["calendar"](shipped("gmall-07-03"), job(wish=Wish(first=first, last=last)))
    assert list(months(sheet)) == titles


def test_the_line_of_the_rest_stays_with_the_last_week() -> None:
    pages = page_texts(printed(shipped("blinatumomab-rr"), "calendar"))
    told = [squashed(page) for page in pages if "notreatmentisplanned" in squashed(page)]
    assert len(told) == 4
    assert all("Monday" in page for page in told)


def test_before_the_first_part_of_a_plan_no_rest_is_promised() -> None:
    """Weeks before cells are collected other treatment goes on, of which this plan knows nothing."""
    evaluated = shipped("leukapheresis")
    begins = min(block.start for block in evaluated.schedule.blocks)
    said = said_on(make(evaluated, "calendar"))
    before = [texts for day, texts in said.items() if day.toordinal() < begins]
    assert ["Not in this plan"] in before
    assert not any("No treatment" in texts or "Ask us" in texts for texts in before)


def test_the_sign_for_days_to_ask_about_is_explained_only_where_it_stands() -> None:
    """The day before the first block of this one has a medicine on it."""
    evaluated = shipped("hsct-bu-flu")
    assert min(event.day for event in evaluated.schedule.events) < evaluated.schedule.blocks[0].start
    minded = shipped("ptcy-gvhd")  # "Ask us before any other medicine" is no such day
    for sheet in (make(evaluated, "calendar"), make(minded, "calendar")):
        assert ENGLISH.say("legend_ask") not in [line.text for line in lines_of(sheet)]


@pytest.mark.parametrize("large", [False, True])
def test_the_legend_explains_the_signs_of_the_months_that_are_printed_and_no_others(large: bool) -> None:
    """Ponatinib with blinatumomab: sure until day 42, everything later hangs on a decision."""
    evaluated = shipped("ponatinib-blinatumomab")
    first, later = (
        {line.text for line in lines_of(BUILDERS["calendar"](evaluated, job(wish=Wish(day, day, large=large))))}
        for day in (date(2026, 3, 10), date(2026, 10, 10))
    )
    dashed, bar = ENGLISH.say("legend_dashed"), ENGLISH.say("legend_bar")
    assert dashed not in first
    assert dashed in later
    assert (bar in first, bar in later) == (not large, not large)
    assert ENGLISH.say("legend_tick") in first & later
    assert ENGLISH.say("legend_ask") not in first | later


def test_a_part_begins_with_its_first_medicine() -> None:
    """Busulfan: the medicine against seizures begins the evening before Day -7; its part began a day after it."""
    sheet = make(shipped("hsct-bu-cy"), "calendar")
    texts = [line.text.replace("\u00a0", " ") for line in lines_of(sheet)]
    assert texts[texts.index("Conditioning") + 1] == "1 March 2026"
    assert "Conditioning: 1 March 2026 to 9 March 2026" in texts
    told = said_on(sheet)
    assert [day for day, lines in told.items() if "Start: Conditioning" in lines] == [date(2026, 3, 1)]


def test_blocks_of_one_phase_start_under_their_numbers() -> None:
    told = said_on(make(shipped("graaph-2014"), "calendar"))
    starts = [line for lines in told.values() for line in lines if line.startswith("Start: ")]
    assert starts == [
        *(f"Start: {name}" for name in ("Cycle 1", "Cycle 2", "Interphase 1", "Cycle 3", "Cycle 4", "Interphase 2")),
        "Start: What comes next",
    ]


def labels_of(sheet: Sheet) -> list[str]:
    months = (part for section in sheet.sections for part in section.parts if isinstance(part, Month))
    return [day.label for month in months for week in month.weeks for day in week.days]


def test_a_day_of_a_numbered_block_counts_no_cycle_beside_it() -> None:
    """GRAAPH-2014: the days of "Interphase 2" were those of a "Cycle 2", after "Cycle 4"."""
    assert not any("Cycle" in label for label in labels_of(make(shipped("graaph-2014"), "calendar")))
    assert "Cycle\u00a02\u00a0Day\u00a01" in labels_of(make(shipped("blinatumomab-mrd"), "calendar"))


@pytest.mark.parametrize("language", ["de", "es", "fr", "ru"])
def test_a_note_that_nobody_translated_is_owned_up_to(language: str) -> None:
    """A site's own words stood in English between the others, and the sheet did not say why."""
    evaluated = shipped("pomp")
    told = words_of(language).say("untranslated")
    wish = job(wish=Wish(language=language))
    assert told not in [line.text for line in lines_of(BUILDERS["calendar"](evaluated, wish))]
    strange = replace(wish.words, terms={one: text for one, text in wish.words.terms.items() if "." not in one})
    own = BUILDERS["calendar"](evaluated, replace(wish, words=strange))
    assert told in [line.text for line in lines_of(own)]


def test_what_is_taken_before_a_drip_stands_above_it_and_is_not_weekly() -> None:
    """Inotuzumab on Mondays: "Paracetamol 1,000 mg, once a week, on Mondays, not every day" stood below the drip."""
    told = said_on(make(shipped("inotuzumab-rr"), "calendar"))
    lines = [text.replace("\u00a0", " ") for text in told[date(2026, 3, 9)]]
    assert lines[lines.index("Drip into a vein:") :] == [
        "Drip into a vein:",
        "Dexamethasone",
        "By mouth:",
        "Paracetamol 1,000 mg",
        "Loratadine 10 mg",
        "Drip into a vein:",
        "Inotuzumab ozogamicin",
    ]


def test_one_heading_is_enough_for_what_is_given_in_the_same_way_before_and_after() -> None:
    lines = said_on(make(shipped("obe-cel"), "calendar"))
    lists = [texts for texts in lines.values() if "By mouth:" in texts]
    assert lists
    assert all(texts.count("By mouth:") == 1 for texts in lists)


@pytest.mark.parametrize(
    ("protocol", "medicine", "wanted"),
    [
        ("graaph-2005", "Dexamethasone", ["Only on its days in this calendar"]),
        ("graaph-2005", "Imatinib", ["2 times a day"]),
        ("inotuzumab-rr", "Paracetamol", ["Only on its days in this calendar"]),
        ("pomp", "Methotrexate", ["Once a week, on Mondays, not\u00a0every\u00a0day"]),
        (
            "calgb-10403",
            "Allopurinol",
            ["Protects your kidneys. Ask us how long to take it. It has to be stopped before mercaptopurine begins."],
        ),
    ],
)
def test_a_medicine_of_some_days_is_told_as_no_daily_one(protocol: str, medicine: str, wanted: list[str]) -> None:
    """ "Once a day" alone beside dexamethasone 40 mg, which is for two days a week."""
    tables = [part for one in made_before(shipped(protocol), "calendar").sections for part in one.parts]
    rows = [row for part in tables if isinstance(part, Table) and len(part.columns) == 4 for row in part.rows]
    notes = next(row.cells[3].lines for row in rows if row.cells[0].lines[0].text == medicine)
    assert [line.text for line in notes][: len(wanted)] == wanted
    assert "Only on" not in " ".join(line.text for line in notes[len(wanted) :])


@pytest.mark.parametrize("protocol", ["hyper-cvad", "hsct-bu-cy"])
def test_the_day_after_a_drip_began_says_how_long_it_goes_on(protocol: str) -> None:
    """Methotrexate from 09:00 to 09:00: the next day's cell said nothing of it; mesna left "No treatment"."""
    evaluated = shipped(protocol)
    told = said_on(make(evaluated, "calendar"))
    long = [
        one for one in evaluated.schedule.events if one.placed.kind == "administration" and one.placed.route == "IV"
    ]
    over = [one for one in long if one.end_day > one.day and one.end_minute > 0]
    untimed = [one for one in long if one.minute < 0 and (one.placed.duration_h or 0) >= 24]
    assert over if protocol == "hyper-cvad" else untimed
    for one in over:
        hour = f"{one.end_minute // 60:02d}:{one.end_minute % 60:02d}"
        told_name = one.placed.plain_words or one.placed.agent_name
        assert f"{told_name}: the drip goes on until {hour}" in told[date.fromordinal(one.end_day)]
    for one in untimed:
        after = told[date.fromordinal(one.day + 1)]
        assert f"{one.placed.plain_words or one.placed.agent_name}: the drip may still go on" in after
        assert "No treatment" not in after


def test_a_drip_of_several_days_goes_on_on_those_between() -> None:
    evaluated = shipped("hyper-cvad")
    events = evaluated.schedule.events
    drip = next(one for one in events if one.placed.agent == "methotrexate" and one.end_day > one.day)
    longer = drip._replace(end_day=drip.end_day + 1)
    events = tuple(longer if one is drip else one for one in events)
    told = said_on(make(replace(evaluated, schedule=with_events(evaluated.schedule, events)), "calendar"))
    assert "Methotrexate: the drip goes on" in told[date.fromordinal(drip.day + 1)]
    assert "Methotrexate: the drip goes on until 09:00" in told[date.fromordinal(drip.day + 2)]


def test_an_answered_question_is_no_talk_any_more() -> None:
    """ "Talk with your doctor about the next step" stood on a day whose question somebody had answered."""
    evaluated = shipped("obe-cel")
    talk = ENGLISH.say("decision")
    days = {day for day, texts in said_on(make(evaluated, "calendar")).items() if talk in texts}
    assert days
    answered = tuple(replace(one, choice=one.decision.choices[0].id) for one in evaluated.schedule.decisions)
    told = said_on(make(replace(evaluated, schedule=replace(evaluated.schedule, decisions=answered)), "calendar"))
    assert not any(talk in texts for texts in told.values())


def test_the_day_is_told_in_the_order_of_its_hours() -> None:
    """The premedication of 08:00 stood below the bag of 09:00, and none of them named its hour."""
    plan = shipped("blinatumomab-mrd").plan
    bags = evaluate(replace(plan, bag_plans=tuple(BagPlan(block.id, (96, 72)) for block in plan.blocks)), library())
    day = [text.replace("\u00a0", " ") for text in said_on(make(bags, "calendar"))[date(2026, 3, 2)]]
    wanted = [text for text in day if ", at 0" in text]
    assert [text.rsplit(" ", 1)[1] for text in wanted] == ["08:00", "09:00"]
    assert wanted[1] == "The pump starts, at 09:00"


def test_a_part_that_begins_with_a_day_without_a_drug_says_more_than_that_it_starts() -> None:
    """ "After transplant starts" was all its first day said: the family came for a drug of five days later."""
    told = said_on(make(shipped("ptcy-gvhd"), "calendar"))
    assert [texts for texts in told.values() if texts[:1] == ["Start: Protection after transplant"]] == [
        ["Start: Protection after transplant", "Ask us before any other medicine"]
    ]


def test_what_is_still_to_be_entered_has_a_frame_where_a_daily_medicine_stands() -> None:
    """Radiation to the head was asked about on its first day; beside a shot of every day it then read as none."""
    evaluated = shipped("gmall-07-03")
    (asked,) = (one for one in evaluated.schedule.events if one.placed.order.id == "radiotherapy-to-enter")
    framed = framed_on(make(evaluated, "calendar"))
    found = [day for day, texts in framed.items() if "Radiation to the head: ask us for your days" in texts]
    cycle = asked.placed.block.cycles[0]
    assert found == [asked.date + timedelta(number) for number in range(1, cycle.end - asked.day)]
    assert not [texts for texts in framed_on(make(shipped("e1910"), "calendar")).values() if "Chemotherapy" in texts]


def test_a_part_that_may_begin_does_so_inside_the_broken_frame() -> None:
    """ "Start: Obe-cel 2" stood above the frame beside a sure daily check, as if the second dose were sure."""
    sheet = make(shipped("obe-cel"), "calendar")
    days = [day for month in months(sheet).values() for week in month.weeks for day in week.days]
    (second,) = (day for day in days if any(line.text == "Start: Obe-cel 2" for line in day.lines))
    (first,) = (day for day in days if any(line.text == "Start: Obe-cel 1" for line in day.lines))
    unsure = [line.text for line in second.lines if line.unsure]
    assert unsure[:2] == [ENGLISH.say("confirms"), "Start: Obe-cel 2"]
    assert not second.lines[0].unsure
    assert (first.lines[0].text, first.lines[0].unsure) == ("Start: Obe-cel 1", False)
