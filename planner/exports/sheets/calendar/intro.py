"""The first pages of the calendar: whom to call, how to use it, its signs, the parts of the plan, the medicines."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from planner.exports.sheets.calendar.making import first_stops
from planner.exports.sheets.calendar.medicines import ALWAYS, Shown, medicines
from planner.exports.sheets.job import Job
from planner.exports.sheets.sheet import Cell, Column, Line, Month, Paragraphs, Part, Row, Section, Table
from planner.exports.sheets.unsaid import parts_off, to_enter
from planner.exports.wording.calls import calls_in
from planner.exports.wording.doses import (
    NOT_TO_BE_GIVEN,
    is_drug,
)
from planner.exports.wording.holds import Ends, last_days
from planner.exports.wording.plain_words import (
    is_untranslated,
    medicine_name,
)
from planner.exports.wording.runs import FirstDays
from planner.exports.wording.stops import goes_on_otherwise, told_once
from planner.exports.wording.text import sentence
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.going_on import FOR_DAYS, goes_beyond, may_go_on
from planner.model.language import Words, glued
from planner.model.protocol import TREATING, TemplateOrder
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
    keys = (*HOW_TO_USE, *(("use_tablets",) if _lacks_tablets(evaluated) else ()))
    # In large print two languages in two columns were one piece of half a page: pages 1 to 3 stood half empty.
    columns = 1 if job.wish.large and job.wish.alongside else 2
    parts += [Paragraphs(tuple(Line(words.say(key)) for key in keys), columns=columns), Paragraphs((where,))]
    foreign = any(is_untranslated(event.placed, words) for event in evaluated.schedule.events)
    doubts = [key for key, holds in (("translated", not words.reviewed), ("untranslated", foreign)) if holds]
    if doubts:
        parts.append(Paragraphs(tuple(Line(words.say(key), "strong") for key in doubts), boxed=True))
    title = words.say("your_plan")
    if not evaluated.schedule.blocks:
        return [Section(title, (*parts, Paragraphs((Line(words.say("nothing_planned")),))))]
    today = job.stamp.printed_at.date().toordinal()
    taken, steps = medicines(evaluated, words, site.micrograms, shown, today), _steps(evaluated, today, words)
    if job.wish.large:
        taken = _stacked(taken, ((0, 1, 2), 220, 1), ((3,), 200, 1))
        steps = _stacked(steps, ((0,), 150, 1), ((1, 2), 170, 2), ((3,), 140, 1))
    listed = words.say("medicines")
    again = words.say("continued", month=listed)
    return [
        Section(title, tuple(parts)),
        *((Section(words.say("signs"), (_legend(words, legend, columns),), level=1),) if legend else ()),
        Section(words.say("parts"), (steps,), level=1),
        *((Section(listed, (taken,), level=1, again=again),) if taken.rows else ()),
    ]


def _stacked(table: Table, *groups: tuple[tuple[int, ...], float, int]) -> Table:
    """The columns of each group one under the other in a column of that width: upright paper has no room beside it.

    Large print broke "Dexamethasone" inside the word there. As many of a group are named as are told apart by nothing
    else: on each page two languages of "How" and "How much" left room for half a medicine.
    """
    columns = tuple(
        Column(tuple(line for place in places[:named] for line in table.columns[place].heading), least)
        for places, least, named in groups
    )
    rows = tuple(
        Row(tuple(Cell(tuple(line for place in places for line in row.cells[place].lines)) for places, *_ in groups))
        for row in table.rows
    )
    return replace(table, columns=columns, rows=rows)


def _lacks_tablets(evaluated: EvaluatedPlan) -> bool:
    """Whether something is taken by mouth of which nobody has said how many tablets it is."""
    return any(
        event.dose and (event.dose.value is None or not event.dose.tablets)
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


def _steps(evaluated: EvaluatedPlan, today: int, words: Words) -> Table:
    columns = tuple(
        Column((Line(words.say(f"column_{key}"), "strong"),), least, share)
        for key, least, share in (("part", 170, 2), ("first", 160, 0), ("last", 160, 0), ("sure", 150, 1))
    )
    rows = []
    open_marks = _only_to_enter(evaluated)
    begins, ends, beyond = FirstDays(evaluated.schedule), evaluated.once(Ends), _goes_on_behind(evaluated, today, words)
    off, stopped, last = evaluated.once(parts_off), _stopped_in(evaluated, words), evaluated.once(last_days)
    for block in evaluated.schedule.blocks:
        count = len(block.cycles)
        cycles = f", {words.say('cycles', count=count)}" if count > 1 else ""
        texts = (
            f"{words.title(block.title)}{cycles}",
            words.say("ask_day") if block.waits else words.day(begins.of(block)),
            words.say("ask_day") if block.waits or block.id in (*open_marks, *ends.held) else words.day(last[block.id]),
            _how_sure(block, off, ends, today, words),
        )
        whole = block.id in off or ends.is_stopped(block)
        more: dict[int, tuple[Line, ...]] = {2: beyond.get(block.id, ())}
        more[3] = () if whole else stopped.get(block.id, ())
        rows.append(Row(tuple(Cell((Line(text), *more.get(number, ()))) for number, text in enumerate(texts))))
    return Table(columns, tuple(rows), together=True)


def _only_to_enter(evaluated: EvaluatedPlan) -> set[str]:
    """The blocks that only say that something begins there which nobody entered: its last day is not theirs."""
    marks: dict[bool, set[str]] = {True: set(), False: set()}
    for event in evaluated.schedule.events:
        marks[bool(to_enter(event))].add(event.placed.block.id)
    return marks[True] - marks[False]


def _how_sure(block: PlacedBlock, off: Mapping[str, str], ends: Ends, today: int, words: Words) -> str:
    """Planned, or only if somebody confirms; of a part that is stopped, on hold or left out, that."""
    since = ends.held.get(block.id, 0)
    if since > today:
        return sentence(words.say("held_from", day=words.day(since)))
    if since:
        return sentence(words.say("state_held"))
    if stopped := ends.stopped_from(block):
        return sentence(words.say("stopped_part", day=words.day(stopped)))
    if block.id in off:
        return sentence(words.say(off[block.id]))
    if ends.is_stopped(block):
        return sentence(words.say("state_stopped"))
    return words.say("sure_provisional" if block.provisional else "sure_planned")


def _stopped_in(evaluated: EvaluatedPlan, words: Words) -> dict[str, tuple[Line, ...]]:
    """By block the treatments that are stopped in it for good: of a part with the name of one, "planned" is not all."""
    orders: dict[tuple[str, str], list[Event]] = defaultdict(list)
    for event in (one for one in evaluated.schedule.events if one.placed.role in TREATING):
        orders[event.placed.block.id, event.placed.order.id].append(event)
    otherwise = goes_on_otherwise(evaluated.schedule.events)
    found: dict[str, dict[Line, None]] = defaultdict(dict)
    for (block, _), events in orders.items():
        first = next((one for one in events if one.state is State.STOPPED), None)
        if first and events[-1].state is State.STOPPED and not otherwise(first):
            name = medicine_name(first.placed, words)
            found[block][Line(words.say("told", name=name, text=words.say("state_stopped")), "strong")] = None
    return {block: tuple(lines) for block, lines in found.items()}


def _goes_on_behind(evaluated: EvaluatedPlan, today: int, words: Words) -> dict[str, tuple[Line, ...]]:
    """By block what of it is not over on its last day: that nobody stops it.

    Of a block that is past only what may go on today: allopurinol of May stood beside mercaptopurine in November.
    Where somebody said from when it is stopped, that day.
    """
    stops = first_stops(evaluated, words)
    events = [event for event in evaluated.schedule.events if not event.placed.block.waits]
    going = may_go_on(evaluated.plan, events)
    still = {first.placed.id for first in going.get(today, ())}
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for event in events:
        if goes_beyond(event):
            found[event.placed.block.id][medicine_name(event.placed, words)] = None
    for block in evaluated.schedule.blocks:
        for first in (one for day in (block.end - 1, block.end) for one in going.get(day, ())):
            own = first.placed.block.id == block.id and first.placed.role not in FOR_DAYS
            if own and (block.end > today or first.placed.id in still):
                found[block.id][medicine_name(first.placed, words)] = None
    ended = {(block, name): day for (name, _), days in stops.items() for block, day in days.items()}

    def told(block: str, name: str) -> str:
        if (block, name) not in ended:
            return words.say("until_we_say", name=name)
        since = words.say("stopped_part", day=words.day(ended[block, name]))
        return words.say("told", name=name, text=since)

    return {block: tuple(Line(told(block, name), "strong") for name in names) for block, names in found.items()}


def goes_on_after(evaluated: EvaluatedPlan, words: Words) -> dict[int, tuple[Line, ...]]:
    """By the last day of the last part with a medicine what is not over then: the page that ends read as its end.

    That nobody stops it, of what goes on until somebody enters its last day as well, but for what is a matter of days;
    and that nobody stops treatment by mouth without asking.
    """
    known = told_once(evaluated, evaluated.schedule.events)
    events = [event for event in known if not event.placed.block.waits]
    ends = max((event.placed.block.end for event in events if is_drug(event.placed)), default=0)
    lasting = (one for one in may_go_on(evaluated.plan, events).get(ends - 1, ()) if one.placed.role not in FOR_DAYS)
    drawn = [event for event in events if event.day == ends - 1]
    names = dict.fromkeys(medicine_name(one.placed, words) for one in (*lasting, *filter(goes_beyond, drawn)))
    asked = dict.fromkeys(medicine_name(one.placed, words) for one in drawn if _is_kept_on(one))
    told = [words.say("until_we_say", name=name) for name in names]
    told += [words.say("ask_stop", name=name) for name in asked if name not in names]
    return {ends - 1: tuple(Line(text, "strong") for text in told)} if told else {}


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
        "legend_ask": any(
            line.text == words.say("ask_day") or line.text.startswith(words.say("ask_about", name="")) for line in lines
        ),
    }
    return tuple(key for key, used in found.items() if used)


def _is_past(part: Part) -> bool:
    """Whether a day in large print is past."""
    rows = part.rows if isinstance(part, Table) else ()
    return any(line.style == "struck" for row in rows for line in row.cells[0].lines)


def _legend(words: Words, legend: Sequence[str], columns: int) -> Paragraphs:
    """What each sign means; in columns it is one piece."""
    return Paragraphs(tuple(Line(words.say(key), tick=key == "legend_tick") for key in legend), columns=columns)
