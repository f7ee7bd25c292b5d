"""The bag plan: each bag of a continuous infusion with hours, pump rate and change, and the final disconnect."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from math import ceil

from msgspec.structs import replace

from planner.exports.sheets.changes import ON_THESE_DAYS, changes_section
from planner.exports.sheets.day_numbers import numbered_days, place_of
from planner.exports.sheets.frame import clinician_frame, extract_of
from planner.exports.sheets.job import Job
from planner.exports.sheets.notes import HOURS_OF_A_DAY, given_lines, is_known, restarts, said
from planner.exports.sheets.sheet import Cell, Column, Line, Paragraphs, Part, Row, Section, Sheet, Table
from planner.exports.sheets.signing import signatures
from planner.exports.wording.checks import Checks, check_words, checks_of
from planner.exports.wording.doses import NOT_TO_BE_GIVEN, STATES, dose_words, planned_value, route_words, state_told
from planner.exports.wording.order_words import event_name
from planner.exports.wording.pumps import pumps_off
from planner.exports.wording.runs import split_runs
from planner.exports.wording.text import NO_DAY, continued, counted, day_name, listed
from planner.model.agent import Strength
from planner.model.civil import clinical_date, clock, weekday_date
from planner.model.clock_change import clock_changes
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.finding import SEVERITIES
from planner.model.language import glued
from planner.model.plan import Plan
from planner.model.schedule import Event, PlacedBlock
from planner.model.site import Site
from planner.model.wish import Wish

TITLE = "Bag plan"
NO_INFUSION = "No continuous infusion lies in the time asked for."
DRIPS = "Drips of 24 h or more, not in bags of this sheet; the day sheet has them:"
VIALS = (
    "Vials: the number for each bag depends on the volume to fill and the overfill for the line, for which no source "
    "was found. Take it from the label's table and write it in."
)
LEAST = "Where a least number stands, so many vials hold the dose alone; what fills the line comes on top."
RATES = (
    "Rates are those of the source that is kept with the drug. A bag that was made by another country's label may need "
    "another one: the rate on the label of the bag decides."
)
NO_CLOCKS = (
    "Clock changes are not looked at, because nobody chose in the settings how the clinic's clocks change: a bag that "
    "runs over the night on which they go back is empty an hour before its change."
)
EARLY = re.compile(r"a (\d+) h bag taken down early")
"""In the note of a bag: for how many hours it is filled."""
HANGS = "hung before these days"
CLOSED_DAY = "a closed day"
HOUR, DAY = 60, 24 * 60
"""Minutes."""
UNPLANNED = "Infusions without planned bags"
NO_BAGS = (
    "No bags are planned for these infusions. Choose bag lengths and weekdays first; then this sheet names each bag."
)


def bag_plan(evaluated: EvaluatedPlan, job: Job) -> Sheet:
    """The blocks with continuous infusions: each infusion by dose, then its bags."""
    events = [event for event in evaluated.schedule.events if _is_shown(event, job.wish)]
    first = job.wish.first.toordinal() if job.wish.first else 0
    sections: list[Section] = []
    bare: list[tuple[PlacedBlock, Sequence[Event]]] = []
    for block in evaluated.schedule.blocks:
        here = [event for event in events if event.placed.block.id == block.id]
        bags = [event for event in here if _is_about_bags(event)]
        infusions = [event for event in here if event.placed.kind == "infusion" and job.wish.covers(event.day)]
        if infusions:  # else a pump that comes off: the bag before a change is of no use
            bags = [one for one in bags if job.wish.covers(one.day) or one.end_day > first]
        infusions = infusions or [event for event in here if event.placed.kind == "infusion"]
        if infusions and bags:
            sections += _block(evaluated, block, infusions, bags, job)
        elif infusions:
            bare.append((block, infusions))
    sections += _without_bags(evaluated, bare, job.site)
    if not sections:
        told = (*_off(evaluated.schedule.events, job), *_drips(evaluated, job))
        sections = [Section("No continuous infusion", (Paragraphs((Line(NO_INFUSION), *told)),))]
    extract = extract_of(evaluated, job.wish)
    sections += changes_section(
        job.changes,
        lambda one: job.wish.covers(one.day) and (one.placed.kind == "infusion" or _is_about_bags(one)),
        ON_THESE_DAYS if extract else "",
    )
    return Sheet("bags", TITLE, "clinician", clinician_frame(evaluated, TITLE, job, extract), tuple(sections))


def _is_shown(event: Event, wish: Wish) -> bool:
    """Whether it lies in the time asked for, or is a bag that runs into it: the one that hangs was not on the sheet."""
    first = wish.first.toordinal() if wish.first else 0
    last_hours = event.minute > 0 and wish.covers(event.day + 1)  # until the pump comes off
    if event.placed.kind == "infusion":
        return wish.covers(event.day) or last_hours
    return wish.covers(event.day) or (event.placed.kind == "bag" and event.day < first <= event.end_day)


def _off(events: Iterable[Event], job: Job) -> tuple[Line, ...]:
    """The pumps that stand still in the time asked for and go on behind it: nothing else of it says so."""
    return tuple(
        Line(one.words(job.site.micrograms), "strong")
        for one in pumps_off(events)
        if any(map(job.wish.covers, one.days)) and not job.wish.covers(one.after.day)
    )


def _drips(evaluated: EvaluatedPlan, job: Job) -> tuple[Line, ...]:
    """The drips of a day's length by name: "no continuous infusion" stood over two days of mesna."""
    names = {
        one.placed.agent_name: None
        for one in evaluated.schedule.events
        if one.placed.kind == "administration" and job.wish.covers(one.day) and one.state not in NOT_TO_BE_GIVEN
        if one.placed.duration_h is not None and one.placed.duration_h >= HOURS_OF_A_DAY
    }
    return (Line(f"{DRIPS} {listed([*names])}", "strong"),) if names else ()


def _is_about_bags(event: Event) -> bool:
    return event.placed.kind == "bag" or (event.placed.role == "procedure" and event.placed.id.endswith("-disconnect"))


def _block(
    evaluated: EvaluatedPlan, block: PlacedBlock, infusions: Sequence[Event], bags: Sequence[Event], job: Job
) -> list[Section]:
    site = job.site
    own = [
        one for one in evaluated.schedule.events if one.placed.block.id == block.id and one.placed.kind == "infusion"
    ]
    rows = Table(_BAG_COLUMNS, tuple(_bag_rows(evaluated, block, bags, own, job)), bands_together=True)
    known = [event for event in infusions if event.state is not State.HELD] or infusions
    ends = max(known[-1].day, *(event.day for event in bags))  # the pump comes off on the day after the last
    dates = NO_DAY if block.waits else f"{weekday_date(known[0].day)} to {weekday_date(ends)}"
    title = f"{block.title}: {dates}"
    told = Table(_INFUSION_COLUMNS, tuple(_infusion_rows(infusions, site, checks_of(evaluated.plan))))
    warned = _boxed((*_off(own, job), *_warned(evaluated, block, (*infusions, *bags))))
    return [
        Section(title, (told, *warned), new_page=True, again=continued(title)),
        Section("Bags", (rows, Paragraphs(tuple(map(Line, _notes(site))))), level=1),
        Section("Signatures", signatures(), level=1, follows=True),
    ]


def _warned(evaluated: EvaluatedPlan, block: PlacedBlock, events: Sequence[Event]) -> tuple[Line, ...]:
    """What the rules say of these infusions but advice, and where the pump stood still: bags are made from this."""
    orders = {event.placed.id for event in events}
    about = (one for one in evaluated.findings if orders.intersection(one.orders) and is_known(one))
    found = [one for one in about if one.severity != SEVERITIES[-1]]
    days = {event.day for event in events}
    beside = (one for one in evaluated.schedule.events if one.placed.block.id == block.id and one.day in days)
    stops = (
        Line(f"{weekday_date(event.day)}: {note}. The pump went on at", "strong", blank=True)
        for event, note in restarts(beside)
    )
    return (*said(found), *dict.fromkeys(stops))


def _boxed(lines: Sequence[Line]) -> tuple[Part, ...]:
    return (Paragraphs(tuple(lines), boxed=True),) if lines else ()


def _notes(site: Site) -> tuple[str, ...]:
    told = RATES, f"{VIALS} {LEAST}"
    return told if site.clock_changes else (*told, NO_CLOCKS)


def _without_bags(
    evaluated: EvaluatedPlan, found: Sequence[tuple[PlacedBlock, Sequence[Event]]], site: Site
) -> list[Section]:
    """All blocks of which no bag is planned, on one page: there is nothing to write on yet."""
    if not found:
        return []
    rows: list[Row] = []
    warned: dict[Line, None] = {}
    for block, infusions in found:
        rows.append(Row((Cell((Line(block.title, "strong"),)),), band=True))
        rows += _infusion_rows(infusions, site, checks_of(evaluated.plan))
        warned |= dict.fromkeys(_warned(evaluated, block, infusions))
    table = Table(_INFUSION_COLUMNS, tuple(rows))
    parts = (Paragraphs((Line(NO_BAGS, "strong"),), boxed=True), *_boxed([*warned]), table)
    return [Section(UNPLANNED, parts, new_page=True, again=continued(UNPLANNED))]


def _bag_rows(
    evaluated: EvaluatedPlan, block: PlacedBlock, bags: Sequence[Event], infusions: Sequence[Event], job: Job
) -> Iterator[Row]:
    """The bags cycle by cycle, each cycle under a band of its own where there are several."""
    for cycle, found in groupby(bags, key=lambda event: event.placed.cycle):
        if len(block.cycles) > 1:
            yield Row((Cell((Line(f"Cycle {cycle}", "strong"),)),), band=True)
        yield from (_bag_row(event, infusions, job, evaluated) for event in found)


_INFUSION_COLUMNS = (
    Column((Line("Infusion", "strong"),), 120, 1),
    Column((Line("Dose of one day", "strong"),), 100, 0.4),
    Column((Line("Route", "strong"),), 80, 0),
    Column((Line("Days", "strong"),), 120, 0.6),
    Column((Line("First day", "strong"),), 100, 0),
    Column((Line("Last day begins", "strong"),), 100, 0),
)


def _infusion_rows(infusions: Sequence[Event], site: Site, checks: Checks) -> list[Row]:
    """The infusion's stretches of one dose: from which day to which, how many days."""
    by_order: dict[str, list[Event]] = {}
    for event in infusions:
        by_order.setdefault(event.placed.id, []).append(event)
    return [row for found in by_order.values() for row in _stretch_rows(found, site.micrograms, checks)]


def _stretch_rows(events: Sequence[Event], micrograms: str, checks: Checks) -> list[Row]:
    runs, single = split_runs(events, shortest=1)
    stretches = [(run.first, run.last, len(run.days)) for run in runs] + [(day.first, day.first, 1) for day in single]
    rows = []
    for first, last, count in stretches:
        edge = "dashed" if first.state is State.PROVISIONAL else ""
        to = f" to D{day_name(last.cycle_day)}" if count > 1 else ""
        days = f"C{first.placed.cycle} D{day_name(first.cycle_day)}{to}"
        texts = (
            (dose_words(first, micrograms), "strong"),
            (route_words(first.placed.route), "body"),
            (f"{glued(days)}, {counted(count, 'day')}", "body"),
            *((text, "body") for text in _dates(first, last)),
        )
        word = state_told(first)
        state = (Line(word, "body" if edge else "strong"),) if word else ()
        check = (Line(words),) if (words := check_words(first.placed, checks)) else ()
        name = Cell((Line(first.placed.agent_name, "strong"), *state, *check), edge)
        rows.append(Row((name, *(Cell((Line(text, style),)) for text, style in texts))))
    return rows


def _dates(first: Event, last: Event) -> tuple[str, str]:
    """The first and the last day of a stretch; what is on hold or put off has none."""
    if first.placed.block.waits:
        return NO_DAY, NO_DAY
    if first.state is State.HELD:
        return "on hold", "not known"
    return weekday_date(first.day), weekday_date(last.day)


_BAG_COLUMNS = (
    Column((Line("To hang", "strong"),), 108, 0.2),  # upright paper has room for a date and hour in a broken frame
    Column((Line("Cycle, day", "strong"),), 46, 0.1),
    Column((Line("Bag, length, rate", "strong"),), 98, 2),
    Column((Line("Dose a day", "strong"),), 48, 0.2),
    Column((Line("Next change", "strong"),), 100, 0.2),
    Column((Line("Vials", "strong"), Line("write in")), 46, 0.1),
    Column((Line("Hung at", "strong"),), 62, 0.3),  # and for the date on which a bag was hung
    Column((Line("Pump set, by", "strong"),), 50, 0.5),
    Column((Line("Checked by", "strong"),), 50, 0.5),
)


def _bag_row(event: Event, infusions: Sequence[Event], job: Job, evaluated: EvaluatedPlan) -> Row:
    placed, site = event.placed, job.site
    bag = placed.kind == "bag"
    day = Line(place_of(event, evaluated.once(numbered_days)))
    off = "DISCONNECT" if event.notes else "FINAL DISCONNECT"
    what = [Line(event_name(placed) if bag else off, "strong" if bag else "capital")]
    length, _, then = event.note.partition(", then ")  # the change has a column of its own
    what += [Line(length)] if length else []
    what += [Line(words, "strong") for words in _over_clock_changes(event, site.clock_changes)] if bag else []
    end = _moment(event, event.end_day, event.end_minute) if event.end_day >= 0 else []
    end += [Line(against) for against in then.split(", ")[1:]] if end else []  # a closed day, a weekday nobody chose
    written = Cell((Line("", blank=True),))
    unsure, done = event.state is State.PROVISIONAL, given_lines(event)
    hung = [*_moment(event, event.day, event.minute), *([Line(STATES[event.state])] if unsure else [])]
    hung += (
        [Line(CLOSED_DAY, "strong")] if _is_closed(event, evaluated.plan) else []
    )  # no bag before the first one says so
    hung += [] if job.wish.covers(event.day) else [Line(HANGS, "strong")]
    cells = (
        Cell(tuple(hung), "dashed" if unsure else ""),
        Cell((day,)),
        Cell(tuple(what)),
        Cell((Line(_dose_of(event, infusions, site.micrograms) if bag else "", "strong"),)),
        Cell(tuple(end)),
        _vials(event, infusions, job) if bag else Cell(),
        *((Cell(done), Cell(), Cell()) if done else (written, written, written)),
    )
    return Row(cells)


def _is_closed(event: Event, plan: Plan) -> bool:
    """Whether somebody told its day to be closed."""
    return any(one.block == event.placed.block.id and event.date in one.closed for one in plan.bag_plans)


def _over_clock_changes(bag: Event, rule: str) -> Iterator[str]:
    """What a change of the clocks does to a bag: it holds so many hours, whatever the wall clock says."""
    for change in clock_changes(rule, (bag.day, bag.minute), (bag.end_day, bag.end_minute)):
        moved = "forward" if change.minutes > 0 else "back"
        hours = ((bag.end_day - bag.day) * DAY + bag.end_minute - bag.minute) // HOUR
        real = hours - change.minutes // HOUR
        told = f"Clocks go {moved} on {weekday_date(change.day)}: {real} h pass until {clock(bag.end_minute)}"
        if EARLY.search(bag.note):
            yield told
        elif change.minutes < 0:
            day, minute = divmod(bag.end_day * DAY + bag.end_minute - HOUR, DAY)
            yield f"{told}; EMPTY AT {clock(minute)} on {weekday_date(day)}"
        else:
            yield f"{told}; an hour's rest stays in the bag"


def _moment(event: Event, day: int, minute: int) -> list[Line]:
    """Date and hour; the day is left to write in where nobody has set it."""
    if event.placed.block.waits:
        return [Line(NO_DAY), Line(clock(minute), "strong", blank=True)]
    return [Line(weekday_date(day)[:3]), Line(glued(f"{clinical_date(day)} {clock(minute)}".rstrip()), "strong")]


def _vials(bag: Event, infusions: Sequence[Event], job: Job) -> Cell:
    """Room for the number of vials, and the least it can be: what holds the dose while the bag runs."""
    least = least_vials(bag, infusions, job.vials.get(bag.placed.agent))
    told = (Line(glued(f"at least {least}")),) if least else ()
    return Cell((*told, Line("", blank=True)))


def least_vials(bag: Event, infusions: Sequence[Event], vial: Strength | None) -> int:
    """The fewest vials that hold the dose of a bag's days, overfill not counted: no bag needs fewer.

    One that is taken down early is filled for its whole length. 0 where a dose or the vial is not known, a day is not
    given, or one that is taken down early has more than one dose.
    """
    days = _while(bag, infusions)
    doses = [planned_value(event.dose) for event in days if event.dose and vial and event.dose.unit == vial.unit]
    known = [dose for dose in doses if dose]
    whole = len(known) == len(days) == bag.end_day - bag.day
    if vial is None or not whole or any(event.state in NOT_TO_BE_GIVEN for event in days):
        return 0
    early = EARLY.search(bag.note)
    if not early:
        return ceil(sum(known, start=Decimal(0)) / vial.amount)
    return ceil(known[0] * int(early[1]) / HOURS_OF_A_DAY / vial.amount) if len({*known}) == 1 else 0


def _while(bag: Event, infusions: Sequence[Event]) -> list[Event]:
    """The days of the bag's infusion that begin while it runs."""
    return [
        event
        for event in infusions
        if bag.day <= event.day < max(bag.end_day, bag.day + 1) and bag.placed.id.startswith(event.placed.id)
    ]


def _dose_of(bag: Event, infusions: Sequence[Event], micrograms: str) -> str:
    """The day's dose while the bag runs; several where it changes under way. What was given of it stands elsewhere."""
    runs = (replace(event.dose, value=planned_value(event.dose)) for event in _while(bag, infusions) if event.dose)
    found = [event._replace(dose=dose) for event, dose in zip(_while(bag, infusions), runs, strict=True)]
    return ", ".join(dict.fromkeys(dose_words(event, micrograms) for event in found))
