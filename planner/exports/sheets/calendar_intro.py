"""The first pages of the calendar: whom to call, how to use it, its signs, the parts of the plan, the medicines."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from msgspec.structs import replace

from planner.exports.sheets.calendar_medicines import ALWAYS, Shown, medicines
from planner.exports.sheets.job import Job
from planner.exports.sheets.sheet import Cell, Column, Line, Month, Paragraphs, Part, Row, Section, Table
from planner.exports.wording.calls import calls_in
from planner.exports.wording.doses import (
    NOT_TO_BE_GIVEN,
    is_drug,
)
from planner.exports.wording.plain_words import (
    STATES,
    home_dose,
    home_tablets,
    is_untranslated,
    medicine_name,
)
from planner.exports.wording.runs import FirstDays
from planner.exports.wording.text import sentence
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.going_on import FOR_DAYS, goes_beyond, may_go_on
from planner.model.language import Words, glued
from planner.model.protocol import TemplateOrder
from planner.model.schedule import Event, PlacedBlock
from planner.model.site import Site

HOW_TO_USE = ("use_bring", "use_ask", "use_tick", "use_missed")


def intro(evaluated: EvaluatedPlan, job: Job, legend: Sequence[str], shown: Shown = ALWAYS) -> list[Section]:
    """Everything that is said once; `legend` are the signs that are used, `shown` the days."""
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
    taken, steps = medicines(evaluated, words, site.micrograms, shown), _steps(evaluated, words)
    if job.wish.large:
        taken = _stacked(taken, ((0, 1, 2), 220), ((3,), 200))
        steps = _stacked(steps, ((0,), 150), ((1, 2), 170), ((3,), 140))
    listed = words.say("medicines")
    again = words.say("continued", month=listed)
    return [
        Section(title, tuple(parts)),
        *((Section(words.say("signs"), (_legend(words, legend),), level=1),) if legend else ()),
        Section(words.say("parts"), (steps,), level=1),
        *((Section(listed, (taken,), level=1, again=again),) if taken.rows else ()),
    ]


def _stacked(table: Table, *groups: tuple[tuple[int, ...], float]) -> Table:
    """The columns of each group one under the other in a column of that width: upright paper has no room beside it.

    Large print broke "Dexamethasone" inside the word there.
    """
    columns = tuple(
        Column(tuple(line for place in places for line in table.columns[place].heading), least)
        for places, least in groups
    )
    rows = tuple(
        Row(tuple(Cell(tuple(line for place in places for line in row.cells[place].lines)) for places, _ in groups))
        for row in table.rows
    )
    return replace(table, columns=columns, rows=rows)


def _lacks_tablets(evaluated: EvaluatedPlan, words: Words, micrograms: str) -> bool:
    """Whether something is taken by mouth of which nobody has said how many tablets it is."""
    return any(
        home_dose(event, words, micrograms) and not home_tablets(event, words, micrograms)
        for event in evaluated.schedule.events
        if is_drug(event.placed) and event.placed.route == "PO" and event.state not in NOT_TO_BE_GIVEN
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
    states: dict[str, set[State]] = defaultdict(set)
    for event in evaluated.schedule.events:
        if is_drug(event.placed):
            states[event.placed.block.id].add(event.state)
    begins, beyond = FirstDays(evaluated.schedule), goes_on_after(evaluated, words)
    for block in evaluated.schedule.blocks:
        count = len(block.cycles)
        cycles = f", {words.say('cycles', count=count)}" if count > 1 else ""
        texts = (
            f"{words.title(block.title)}{cycles}",
            words.say("ask_day") if block.waits else words.day(begins.of(block)),
            words.say("ask_day") if block.waits else words.day(block.end - 1),
            _how_sure(block, states.get(block.id, set()), words),
        )
        more: dict[int, tuple[Line, ...]] = {2: beyond.get(block.end - 1, ())}
        rows.append(Row(tuple(Cell((Line(text), *more.get(number, ()))) for number, text in enumerate(texts))))
    return Table(columns, tuple(rows), together=True)


def _how_sure(block: PlacedBlock, states: Collection[State], words: Words) -> str:
    """Planned, or only if somebody confirms; of a part of which nothing is given, that: it read as planned."""
    if states and all(state in STATES for state in states):
        key = "state_held" if State.HELD in states else "state_stopped" if State.STOPPED in states else "left_out"
        return sentence(words.say(key))
    return words.say("sure_provisional" if block.provisional else "sure_planned")


def goes_on_after(evaluated: EvaluatedPlan, words: Words) -> dict[int, tuple[Line, ...]]:
    """By the last day of a part, and of the plan, what is not over then: the page that ends read as its end.

    That nobody stops it, and of what goes on until somebody enters its last day, but for what is a matter of days.
    """
    events = [event for event in evaluated.schedule.events if not event.placed.block.waits]
    going, ends = may_go_on(evaluated.plan, events), max((event.placed.block.end for event in events), default=0)
    last = {event.placed.agent: event.day for event in events if event.state not in NOT_TO_BE_GIVEN}
    found: dict[int, dict[str, None]] = defaultdict(dict)
    for event in events:
        if goes_beyond(event) and event.day == last.get(event.placed.agent):
            found[event.day][medicine_name(event.placed, words)] = None
    for block in evaluated.schedule.blocks:
        for first in going.get(block.end if block.end < ends else block.end - 1, ()):
            own = first.placed.block.id == block.id or block.end == ends
            if own and first.placed.role not in FOR_DAYS:
                found[block.end - 1][medicine_name(first.placed, words)] = None
    told = {day: [words.say("until_we_say", name=name) for name in names] for day, names in found.items()}
    names = {
        medicine_name(event.placed, words): None
        for event in events
        if event.day == ends - 1 and _is_kept_on(event) and not goes_beyond(event)
    }
    told[ends - 1] = [*told.get(ends - 1, ()), *(words.say("ask_stop", name=name) for name in names)]
    return {day: tuple(Line(text, "strong") for text in texts) for day, texts in told.items() if texts}


def _is_kept_on(event: Event) -> bool:
    """Whether it is a treatment by mouth that goes on its days whatever is put off: no plan's last page stops it."""
    order, placed = event.placed.order, event.placed
    stays = isinstance(order, TemplateOrder) and order.stays
    return stays and placed.role == "antineoplastic" and placed.route == "PO" and event.state not in NOT_TO_BE_GIVEN


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
        or any(line.unsure for line in lines)
        or any(cell.edge == "dashed" for cell in cells),
        "legend_grey": any(day.outside for day in days),
        "legend_past": any(day.past for day in days) or any(_is_past(part) for part in parts),
        "legend_ask": any(line.text.startswith(words.say("ask_day")) for line in lines),
    }
    return tuple(key for key, used in found.items() if used)


def _is_past(part: Part) -> bool:
    """Whether a day in large print is past."""
    rows = part.rows if isinstance(part, Table) else ()
    return any(line.style == "struck" for row in rows for line in row.cells[0].lines)


def _legend(words: Words, legend: Sequence[str]) -> Paragraphs:
    """What each sign means, in one piece."""
    return Paragraphs(tuple(Line(words.say(key), tick=key == "legend_tick") for key in legend), columns=2)
