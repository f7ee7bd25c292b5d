"""The first pages of the calendar: whom to call, how to use it, its signs, the parts of the plan, the medicines."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from planner.exports.sheets.job import Job
from planner.exports.sheets.sheet import Cell, Column, Line, Month, Paragraphs, Part, Row, Section, Table
from planner.exports.wording.calls import calls_in
from planner.exports.wording.doses import (
    AT_HOME,
    NOT_TO_BE_GIVEN,
    PREMEDICATION,
    is_day_total,
    is_drug,
    is_intrathecal,
    is_unsure,
)
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
from planner.exports.wording.runs import FirstDays, is_weekly, split_runs
from planner.exports.wording.text import sentence
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.going_on import ends_unsaid, goes_beyond, lasts_unsaid, stays_unsaid
from planner.model.language import Words, glued
from planner.model.open_dose import is_dose_open
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
    medicines, steps = _medicines(evaluated, words, site.micrograms), _steps(evaluated, words)
    if job.wish.large:
        medicines = _stacked(medicines, ((0, 1, 2), 220), ((3,), 200))
        steps = _stacked(steps, ((0,), 150), ((1, 2), 170), ((3,), 140))
    listed = words.say("medicines")
    again = words.say("continued", month=listed)
    return [
        Section(title, tuple(parts)),
        *((Section(words.say("signs"), (_legend(words, legend),), level=1),) if legend else ()),
        Section(words.say("parts"), (steps,), level=1),
        *((Section(listed, (medicines,), level=1, again=again),) if medicines.rows else ()),
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
    begins, beyond = FirstDays(evaluated.schedule), goes_on_after(evaluated, words)
    for block in evaluated.schedule.blocks:
        count = len(block.cycles)
        cycles = f", {words.say('cycles', count=count)}" if count > 1 else ""
        texts = (
            f"{words.title(block.title)}{cycles}",
            words.say("ask_day") if block.waits else words.day(begins.of(block)),
            words.say("ask_day") if block.waits else words.day(block.end - 1),
            words.say("sure_provisional" if block.provisional else "sure_planned"),
        )
        more: dict[int, tuple[Line, ...]] = {2: beyond.get(block.end - 1, ())}
        rows.append(Row(tuple(Cell((Line(text), *more.get(number, ()))) for number, text in enumerate(texts))))
    return Table(columns, tuple(rows), together=True)


def goes_on_after(evaluated: EvaluatedPlan, words: Words) -> dict[int, tuple[Line, ...]]:
    """By its last drawn day what is not over then, and that nobody stops it: the page that ends read as its end.

    Where the plan ends, that is also said of what goes on until somebody enters its last day, but for a rescue: that is
    a matter of days, and lies weeks back.
    """
    events = [event for event in evaluated.schedule.events if event.state not in NOT_TO_BE_GIVEN]
    last = {event.placed.agent: event.day for event in events}
    found: dict[int, dict[str, None]] = defaultdict(dict)
    for event in events:
        if event.day == last[event.placed.agent] and not event.placed.block.waits and goes_beyond(event):
            found[event.day][words.say("until_we_say", name=medicine_name(event.placed, words))] = None
    ends = max((block.end for block in evaluated.schedule.blocks if not block.waits), default=0)
    for day, event in ends_unsaid(evaluated.plan, events):
        if day >= ends and event.placed.role != "rescue" and not event.placed.block.waits:
            found[day - 1][words.say("until_we_say", name=medicine_name(event.placed, words))] = None
    return {day: tuple(Line(text, "strong") for text in texts) for day, texts in found.items()}


Medicine = tuple[str, str, str]
"""A medicine by its name, how it is given, and how much by mouth each time."""


class _Use(Struct):
    """What is told of a medicine: its notes, its tablets, where it is sure and where it hangs on a decision.

    `orders` of the protocols give it; another medicine or amount of the same order is given in its place.

    What is dropped in or put on at home (`own`) nobody of the team gives, and it has no tablets. A dose `of_day` is
    that of the whole day, unless the same is taken `each_time` on other days. What is `lasting` goes on in later parts
    until somebody stops it.
    """

    notes: dict[str, None] = field(default_factory=dict)
    sure: dict[str, set[int]] = field(default_factory=dict)
    unsure: dict[str, set[int]] = field(default_factory=dict)
    days: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """By block the days it is given on."""
    orders: set[tuple[str, str]] = field(default_factory=set)
    tablets: str = ""
    own: bool = False
    of_day: bool = False
    each_time: bool = False
    lasting: bool = False


def _uses(evaluated: EvaluatedPlan, words: Words, micrograms: str) -> dict[Medicine, _Use]:
    """Every medicine once for each way and amount it is given."""
    found: dict[Medicine, _Use] = defaultdict(_Use)
    told: dict[tuple[object, ...], _Use] = {}
    for event in evaluated.schedule.events:
        placed, unsure = event.placed, is_unsure(event)
        same = placed.id, placed.agent, event.dose.value if event.dose else None, unsure
        if same in told and event.state is not State.OMITTED:
            told[same].days[placed.block.id].add(event.day)
            told[same].tablets = told[same].tablets or home_tablets(event, words, micrograms)
        if not is_drug(placed) or event.state is State.OMITTED or same in told:
            continue
        how = words.say("intrathecal_explained") if is_intrathecal(placed) else how_given(placed, words)
        use = found[medicine_name(placed, words), how, home_dose(event, words, micrograms)]
        told[same] = use
        use.days[placed.block.id].add(event.day)
        use.notes[patient_note(placed, words)] = None
        use.notes |= {words.say("dose_open"): None} if is_dose_open(event) else {}
        use.orders.add((placed.block.protocol_id, placed.order.id))
        use.of_day |= is_day_total(event)
        use.each_time |= not is_day_total(event)
        use.lasting |= lasts_unsaid(placed)
        use.own |= placed.route in AT_HOME and placed.route != "PO"
        use.tablets = use.tablets or home_tablets(event, words, micrograms)
        (use.unsure if unsure else use.sure).setdefault(placed.block.id, set()).add(placed.cycle)
    return found


def _medicines(evaluated: EvaluatedPlan, words: Words, micrograms: str) -> Table:
    """Every medicine with how often it is taken, what is good to know of it, and where it is not the same."""
    found = _uses(evaluated, words, micrograms)
    often = _how_often(evaluated, words, micrograms)
    several = Counter(name for name, _, _ in found)
    shared = Counter(order for use in found.values() for order in use.orders)
    treated: dict[str, set[int]] = defaultdict(set)
    """The cycles of each part in which anything is given."""
    for use in found.values():
        for block, cycles in (*use.sure.items(), *use.unsure.items()):
            treated[block] |= cycles
    titles = {block.id: words.title(block.title) for block in evaluated.schedule.blocks}
    rows = []
    for (name, how, dose), use in found.items():
        lines = [Line(sentence(text)) for text in often.get((name, how, dose), ())]
        notes = use.notes
        lines += [Line(note) for note in notes if note and not any(note in other for other in notes if other != note)]
        differs = several[name] > 1 or any(shared[order] > 1 for order in use.orders)
        # What a family takes itself: "every day" without its part was for today, though it begins in half a year.
        differs |= bool(dose) and {*use.sure, *use.unsure} != treated.keys()
        lines += _where(use, differs, treated, titles, words)
        lines += _when(use, [one for key, one in found.items() if dose and key[:2] == (name, how)], titles, words)
        amount = _amount(dose, use, words)[: 1 if use.own else None]
        rows.append(Row((Cell((Line(name, "strong"),)), Cell((Line(how),)), Cell(amount), Cell(tuple(lines)))))
    columns = tuple(
        Column((Line(words.say(f"column_{key}"), "strong"),), least, share)
        for key, least, share in (("medicine", 130, 1), ("how", 120, 1), ("amount", 160, 0.5), ("notes", 200, 2))
    )
    return Table(columns, tuple(rows), begins=3)


def _where(
    use: _Use, differs: bool, treated: Mapping[str, set[int]], titles: Mapping[str, str], words: Words
) -> list[Line]:
    """Where it is given, if not in each cycle of its parts or not alike everywhere; and where it is not sure."""
    both = {block: use.sure.get(block, set()) | use.unsure.get(block, set()) for block in (*use.sure, *use.unsure)}
    differs |= any(cycles != treated[block] for block, cycles in both.items())
    lines = [] if use.sure else [Line(words.say("sure_provisional"), "strong")]
    if use.lasting and not use.unsure:
        return lines
    # Where some of its days are sure, "if your doctor confirms, also in" the same part was no other part.
    unsure = {block: cycles for block, cycles in use.unsure.items() if not cycles <= use.sure.get(block, set())}
    if differs or use.sure:
        keys = (("in_parts", use.sure if differs else {}), ("in_parts_unsure" if use.sure else "in_parts", unsure))
        for key, where in keys:
            told = [
                _part_cycles(titles[block], where[block], treated[block], words) for block in titles if block in where
            ]
            lines += [Line(words.say(key, parts=", ".join(told)))] if told else []
    return lines


def _when(use: _Use, amounts: Sequence[_Use], titles: Mapping[str, str], words: Words) -> list[Line]:
    """From when to when one amount of a medicine is taken, in a part that has another amount of it before or after.

    Two amounts of ponatinib "in: Induction", without their days, could both be taken.
    """
    lines, until = [], 0
    for block, days in use.days.items():
        others = [one.days[block] for one in amounts if one is not use and block in one.days]
        apart = all(max(days) < min(other) or max(other) < min(days) for other in others)
        # What goes on in the next part on the day after says so: sirolimus read as over with its first one.
        if (others and apart) or min(days) == until + 1:
            until = max(days)
            first, last = words.day(min(days)), words.day(max(days))
            key, last_day = ("part_day", {"day": first}) if first == last else ("span", {"first": first, "last": last})
            lines.append(Line(words.say(key, part=titles[block], **last_day), "strong"))
    return lines


def _part_cycles(title: str, cycles: set[int], all_cycles: set[int], words: Words) -> str:
    """ "Maintenance" where it is in all cycles, else "Maintenance (cycles 1 and 3)"."""
    if cycles == all_cycles:
        return title
    numbers = sorted(cycles)
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        told = f"{numbers[0]} {words.say('to')} {numbers[-1]}"
    else:
        told = words.listed([str(number) for number in numbers])
    return words.say("in_cycle" if len(numbers) == 1 else "in_cycles", part=title, cycles=told)


def _amount(dose: str, use: _Use, words: Words) -> tuple[Line, ...]:
    """How much each time: the dose and its tablets, or a rule to write their number on."""
    if not dose:
        return (Line(words.say("given_by_team")),)
    of_day = use.of_day and not use.each_time
    told = f"{dose} {words.say('whole_day')}" if of_day else words.say("each_time", dose=dose)
    told = sentence(dose) if dose == words.say("amount_told") else told
    blank = Line(words.say("tablets_blank"), blank=True)
    return Line(told), Line(use.tablets, "strong") if use.tablets else blank


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
            often = "" if often == words.say("whole_day") else often  # beside the dose
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
    unsaid = lasts_unsaid(placed) or stays_unsaid(placed)
    return not unsaid and len({event.day for event in events}) < days


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
