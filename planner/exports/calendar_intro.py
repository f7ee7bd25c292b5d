"""The first page of the patient's calendar: whom to call, how to use it, the parts of the plan, the medicines."""

from collections import defaultdict
from datetime import date

from planner.exports.doses import is_drug, is_intrathecal
from planner.exports.plain_words import (
    HOW_TO_USE,
    INTRATHECAL_EXPLAINED,
    LEGEND_BAR,
    LEGEND_DASHED,
    LEGEND_GREY,
    LEGEND_TICK,
    WHEN_TO_CALL_BLANK,
    home_dose,
    how_given,
    medicine_name,
    once_a_week,
    patient_note,
    times_a_day,
)
from planner.exports.runs import is_weekly, split_runs
from planner.exports.sheet import Cell, Column, Line, Paragraphs, Part, Row, Section, Table
from planner.exports.text import glued, sentence, spoken_date
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.schedule import Event
from planner.model.site import Site

TITLE = "Your plan"


def intro(evaluated: EvaluatedPlan, site: Site, has_spans: bool) -> list[Section]:
    """Everything that is said once."""
    parts: list[Part] = [
        Paragraphs(_calls(site), boxed=True),
        Paragraphs(tuple(Line(text) for text in HOW_TO_USE)),
    ]
    if not evaluated.schedule.blocks:
        return [Section(TITLE, (*parts, Paragraphs((Line("Nothing is planned yet."),))))]
    return [
        Section(TITLE, tuple(parts)),
        Section("Parts of your plan", (_steps(evaluated),), level=1),
        Section("Signs in this calendar", (Paragraphs(_legend(evaluated, has_spans)),), level=1),
        Section("Your medicines", (_medicines(evaluated, site.micrograms),), level=1),
    ]


def _calls(site: Site) -> tuple[Line, ...]:
    """The phone box is never blank in silence: an empty one says what to write in (promises P12)."""
    phone = (
        Line(f"Call us at any time, day or night: {glued(site.phone_24h)}", "heading")
        if site.phone_24h
        else Line("Write in: 24-hour phone number", "heading", blank=True)
    )
    when = Line(site.when_to_call) if site.when_to_call else Line(WHEN_TO_CALL_BLANK, blank=True)
    return phone, when


def _steps(evaluated: EvaluatedPlan) -> Table:
    columns = (
        Column((Line("Part", "strong"),), 200, 2),
        Column((Line("First day", "strong"),), 130, 0),
        Column((Line("Last day", "strong"),), 130, 0),
        Column((Line("How sure", "strong"),), 150, 1),
    )
    rows = []
    for block in evaluated.schedule.blocks:
        cycles = f", {len(block.cycles)} cycles" if len(block.cycles) > 1 else ""
        sure = "Only if your doctor confirms" if block.provisional else "Planned"
        texts = (
            f"{block.title}{cycles}",
            glued(spoken_date(date.fromordinal(block.start))),
            glued(spoken_date(date.fromordinal(block.end - 1))),
            sure,
        )
        rows.append(Row(tuple(Cell((Line(text),)) for text in texts)))
    return Table(columns, tuple(rows))


def _medicines(evaluated: EvaluatedPlan, micrograms: str) -> Table:
    """Every medicine once for each way and amount it is given."""
    found: dict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
    for event in evaluated.schedule.events:
        if is_drug(event.placed) and event.state is not State.OMITTED:
            how = INTRATHECAL_EXPLAINED if is_intrathecal(event.placed) else how_given(event.placed)
            key = (medicine_name(event.placed), how, home_dose(event, micrograms))
            found[key][patient_note(event.placed)] = None
    often = _how_often(evaluated, micrograms)
    rows = []
    for (name, how, dose), notes in found.items():
        lines = [Line(sentence(text)) for text in often.get((name, how, dose), ())]
        lines += [Line(note) for note in notes if note]
        amount = (
            [Line(f"{dose} each time"), Line("Number of tablets", blank=True)] if dose else [Line("Given by your team")]
        )
        rows.append(Row((Cell((Line(name, "strong"),)), Cell((Line(how),)), Cell(tuple(amount)), Cell(tuple(lines)))))
    columns = (
        Column((Line("Medicine", "strong"),), 130, 1),
        Column((Line("How", "strong"),), 120, 1),
        Column((Line("How much", "strong"),), 160, 0.5),
        Column((Line("Good to know", "strong"),), 200, 2),
    )
    return Table(columns, tuple(rows))


def _how_often(evaluated: EvaluatedPlan, micrograms: str) -> dict[tuple[str, str, str], dict[str, None]]:
    """For what is taken by mouth: how often, in words. Weekly medicines name their weekdays."""
    by_order: dict[str, list[Event]] = defaultdict(list)
    for event in evaluated.schedule.events:
        if is_drug(event.placed) and event.placed.route == "PO":
            by_order[event.placed.id].append(event)
    found: dict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
    weekdays: dict[tuple[str, str, str], dict[int, None]] = defaultdict(dict)
    for events in by_order.values():
        placed = events[0].placed
        key = (medicine_name(placed), how_given(placed), home_dose(events[0], micrograms))
        if is_weekly(placed):
            for event in events:
                weekdays[key][event.date.weekday()] = None
        else:
            runs, single = split_runs(events)
            counts = {run.doses_a_day for run in runs} | {len(day.events) for day in single}
            found[key] |= {times_a_day(count): None for count in sorted(counts)}
    for key, days in weekdays.items():
        found[key][once_a_week(sorted(days))] = None
    return found


def _legend(evaluated: EvaluatedPlan, has_spans: bool) -> tuple[Line, ...]:
    """Only the signs that the calendar uses."""
    events = evaluated.schedule.events
    lines = [Line(LEGEND_TICK, tick=True)]
    if has_spans:
        lines.append(Line(LEGEND_BAR))
    if any(event.state is State.PROVISIONAL for event in events):
        lines.append(Line(LEGEND_DASHED))
    return (*lines, Line(LEGEND_GREY))
