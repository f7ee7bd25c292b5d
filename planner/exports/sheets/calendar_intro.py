"""The first pages of the calendar: whom to call, how to use it, its signs, the parts of the plan, the medicines."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from planner.exports.sheets.job import Job
from planner.exports.sheets.sheet import Cell, Column, Line, Month, Paragraphs, Part, Row, Section, Table
from planner.exports.wording.calls import calls_in
from planner.exports.wording.doses import AT_HOME, NOT_TO_BE_GIVEN, PREMEDICATION, is_drug, is_intrathecal
from planner.exports.wording.plain_words import (
    home_dose,
    home_tablets,
    how_given,
    is_untranslated,
    medicine_name,
    once_a_week,
    patient_note,
    times_a_day,
)
from planner.exports.wording.runs import first_days, is_weekly, split_runs
from planner.exports.wording.text import sentence
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.going_on import lasts_unsaid
from planner.model.language import Words, glued
from planner.model.schedule import Event
from planner.model.site import Site

HOW_TO_USE = ("use_bring", "use_ask", "use_tick", "use_missed")


def intro(evaluated: EvaluatedPlan, job: Job, legend: Sequence[str]) -> list[Section]:
    """Everything that is said once; `legend` are the signs that are used."""
    words, site = job.words, job.site
    parts: list[Part] = [Paragraphs(_calls(site, words), boxed=True)]
    if job.changes:
        parts.append(Paragraphs((Line(words.say("new_plan"), "strong"),), boxed=True))
    where = Line(words.say("where_blank"), "strong", blank=True)
    keys = (*HOW_TO_USE, *(("use_tablets",) if _lacks_tablets(evaluated, words, site.micrograms) else ()))
    parts += [Paragraphs(tuple(Line(words.say(key)) for key in keys), columns=2), Paragraphs((where,))]
    foreign = any(is_untranslated(event.placed, words) for event in evaluated.schedule.events)
    doubts = [key for key, holds in (("translated", not words.reviewed), ("untranslated", foreign)) if holds]
    if doubts:
        parts.append(Paragraphs(tuple(Line(words.say(key), "strong") for key in doubts), boxed=True))
    title = words.say("your_plan")
    if not evaluated.schedule.blocks:
        return [Section(title, (*parts, Paragraphs((Line(words.say("nothing_planned")),))))]
    medicines = _medicines(evaluated, words, site.micrograms)
    listed = words.say("medicines")
    again = words.say("continued", month=listed)
    return [
        Section(title, tuple(parts)),
        *((Section(words.say("signs"), (_legend(words, legend),), level=1),) if legend else ()),
        Section(words.say("parts"), (_steps(evaluated, words),), level=1),
        *((Section(listed, (medicines,), level=1, again=again),) if medicines.rows else ()),
    ]


def _lacks_tablets(evaluated: EvaluatedPlan, words: Words, micrograms: str) -> bool:
    """Whether something is taken by mouth of which nobody has said how many tablets it is."""
    return any(
        home_dose(event, words, micrograms) and not home_tablets(event, words, micrograms)
        for event in evaluated.schedule.events
        if is_drug(event.placed) and event.state not in NOT_TO_BE_GIVEN
    )


def _calls(site: Site, words: Words) -> tuple[Line, ...]:
    """The phone box is never blank in silence: an empty one says what to write in (promises P12)."""
    phone = (
        Line(words.say("call", phone=glued(site.phone_24h)), "heading")
        if site.phone_24h
        else Line(words.say("phone_blank"), "heading", blank=True)
    )
    calls = calls_in(site.when_to_call, words.id)
    when = Line(calls) if calls else Line(words.say("when_to_call_blank"), blank=True)
    return phone, when


def _steps(evaluated: EvaluatedPlan, words: Words) -> Table:
    columns = tuple(
        Column((Line(words.say(f"column_{key}"), "strong"),), least, share)
        for key, least, share in (("part", 170, 2), ("first", 160, 0), ("last", 160, 0), ("sure", 150, 1))
    )
    rows = []
    begins = first_days(evaluated)
    for block in evaluated.schedule.blocks:
        count = len(block.cycles)
        cycles = f", {words.say('cycles', count=count)}" if count > 1 else ""
        texts = (
            f"{words.title(block.title)}{cycles}",
            words.say("ask_day") if block.waits else words.day(begins[block.id]),
            words.say("ask_day") if block.waits else words.day(block.end - 1),
            words.say("sure_provisional" if block.provisional else "sure_planned"),
        )
        rows.append(Row(tuple(Cell((Line(text),)) for text in texts)))
    return Table(columns, tuple(rows), together=True)


def _medicines(evaluated: EvaluatedPlan, words: Words, micrograms: str) -> Table:
    """Every medicine once for each way and amount it is given."""
    found: dict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
    parts: dict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
    tablets: dict[tuple[str, str, str], str] = {}
    own: set[tuple[str, str, str]] = set()
    """What is dropped in or put on at home: nobody of the team gives it, and it has no tablets."""
    told: set[tuple[object, ...]] = set()
    for event in evaluated.schedule.events:
        same = event.placed.id, event.placed.agent, event.dose.value if event.dose else None
        if is_drug(event.placed) and event.state is not State.OMITTED and same not in told:
            told.add(same)
            intrathecal = is_intrathecal(event.placed)
            how = words.say("intrathecal_explained") if intrathecal else how_given(event.placed, words)
            key = (medicine_name(event.placed, words), how, home_dose(event, words, micrograms))
            found[key][patient_note(event.placed, words)] = None
            parts[key][words.title(event.placed.block.title)] = None
            own |= {key} if event.placed.route in AT_HOME and event.placed.route != "PO" else set()
            tablets[key] = tablets.get(key) or home_tablets(event, words, micrograms)
    often = _how_often(evaluated, words, micrograms)
    several = Counter(name for name, _, _ in found)
    rows = []
    for (name, how, dose), notes in found.items():
        lines = [Line(sentence(text)) for text in often.get((name, how, dose), ())]
        lines += [Line(note) for note in notes if note and not any(note in other for other in notes if other != note)]
        if several[name] > 1:
            lines.append(Line(words.say("in_parts", parts=", ".join(parts[name, how, dose]))))
        amount = _amount(dose, tablets.get((name, how, dose), ""), words)
        amount = (Line(sentence(words.say("amount_told"))),) if (name, how, dose) in own else amount
        rows.append(Row((Cell((Line(name, "strong"),)), Cell((Line(how),)), Cell(amount), Cell(tuple(lines)))))
    columns = tuple(
        Column((Line(words.say(f"column_{key}"), "strong"),), least, share)
        for key, least, share in (("medicine", 130, 1), ("how", 120, 1), ("amount", 160, 0.5), ("notes", 200, 2))
    )
    return Table(columns, tuple(rows), together=True)


def _amount(dose: str, tablets: str, words: Words) -> tuple[Line, ...]:
    """How much each time: the dose and its tablets, or a rule to write their number on."""
    if not dose:
        return (Line(words.say("given_by_team")),)
    told = sentence(dose) if dose == words.say("amount_told") else words.say("each_time", dose=dose)
    blank = Line(words.say("tablets_blank"), blank=True)
    return Line(told), Line(tablets, "strong") if tablets else blank


def _how_often(evaluated: EvaluatedPlan, words: Words, micrograms: str) -> dict[tuple[str, str, str], dict[str, None]]:
    """For what is taken by mouth: how often, in words. Weekly medicines name their weekdays.

    What is not taken on every day of its part says so: "Once a day" alone made dexamethasone of two days a week daily.
    """
    by_order: dict[str, list[Event]] = defaultdict(list)
    for event in evaluated.schedule.events:
        if is_drug(event.placed) and event.placed.route == "PO":
            by_order[event.placed.id].append(event)
    found: dict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
    counts: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    firsts: dict[tuple[str, str, str], Event] = {}
    weekdays: dict[tuple[str, str, str], dict[int, None]] = defaultdict(dict)
    partly: dict[tuple[str, str, str], None] = {}
    for events in by_order.values():
        placed = events[0].placed
        key = (medicine_name(placed, words), how_given(placed, words), home_dose(events[0], words, micrograms))
        if is_weekly(placed):
            for event in events:
                weekdays[key][event.date.weekday()] = None
        else:
            counts[key] |= _doses_a_day(events)
            firsts[key] = events[0]
            partly |= {key: None} if _has_days_without(events) else {}
    for key, several in counts.items():
        if several:  # "once a day" above "2 times a day" would leave the choice to the family
            often = words.say("times_differ") if len(several) > 1 else times_a_day(firsts[key], min(several), words)
            found[key] |= {often: None} if often else {}
    for key in partly:
        found[key][words.say("only_days")] = None
    for key, days in weekdays.items():
        found[key][once_a_week(sorted(days), words)] = None
    return found


def _doses_a_day(events: Sequence[Event]) -> set[int]:
    """How many there are on a day, whichever day; of what is taken before an infusion that is no habit to be told."""
    if events[0].placed.role == PREMEDICATION:
        return set()
    runs, single = split_runs(events)
    return {run.doses_a_day for run in runs} | {len(day.events) for day in single}


def _has_days_without(events: Sequence[Event]) -> bool:
    """Whether there are days of its cycle on which it is surely not taken."""
    placed = events[0].placed
    days = next((cycle.end - cycle.begins for cycle in placed.block.cycles if cycle.number == placed.cycle), 0)
    return not lasts_unsaid(placed) and len({event.day for event in events}) < days


def signs_used(months: Sequence[Section], words: Words) -> tuple[str, ...]:
    """The signs on these pages, as keys of the texts that explain them (promises P6)."""
    parts = [part for month in months for part in month.parts]
    grids = [part for part in parts if isinstance(part, Month)]
    cells = [cell for part in parts if isinstance(part, Table) for row in part.rows for cell in row.cells]
    days = [day for grid in grids for week in grid.weeks for day in week.days]
    bars = [bar for grid in grids for week in grid.weeks for bar in week.bars]
    lines = [line for day in days for line in day.lines] + [line for cell in cells for line in cell.lines]
    found = {
        "legend_tick": any(line.tick or line.boxes for line in lines) or any(bar.ticks for bar in bars),
        "legend_bar": bool(bars),
        "legend_dashed": any(grid.notice for grid in grids)
        or any(day.dashed for day in days)
        or any(bar.dashed for bar in bars)
        or any(cell.edge == "dashed" for cell in cells),
        "legend_grey": any(day.outside or day.past for day in days),
        "legend_ask": any(line.text.split(":")[0] == words.say("ask_day") for line in lines),
    }
    return tuple(key for key, used in found.items() if used)


def _legend(words: Words, legend: Sequence[str]) -> Paragraphs:
    """What each sign means, in one piece."""
    return Paragraphs(tuple(Line(words.say(key), tick=key == "legend_tick") for key in legend), columns=2)
