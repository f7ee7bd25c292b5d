"""The table of a family's medicines: how each is given, how much, how often, what is good to know, and where."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct, field

from planner.exports.sheets.calendar.making import first_stops
from planner.exports.sheets.calendar.often import Medicine, how_often
from planner.exports.sheets.sheet import Cell, Column, Line, Row, Table
from planner.exports.wording.doses import (
    AT_HOME,
    NEVER,
    is_day_total,
    is_drug,
    is_intrathecal,
    is_recorded,
    is_recorded_total,
    is_unsure,
)
from planner.exports.wording.plain_words import (
    home_dose,
    home_tablets,
    how_given,
    medicine_name,
    note_without_often,
    patient_note,
)
from planner.exports.wording.text import sentence
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.going_on import goes_beyond, lasts_unsaid, may_go_on, paused_behind, stands_in
from planner.model.language import Words
from planner.model.open_dose import is_dose_open
from planner.model.schedule import Event

Shown = tuple[int, int]
"""The first and the last day that a calendar shows."""
ALWAYS: Shown = (0, 0)
MOST_PARTS = 3
"""Parts in a row whose days are told part by part."""
MOST_STRETCHES = 4
"""Times at which an amount is taken that are named; of more its calendar says which."""


class _Use(Struct):
    """What is told of a medicine: its notes, its tablets, where it is sure and where it hangs on a decision.

    `orders` of the protocols give it; another medicine or amount of the same order is given in its place.

    What is taken at `home` and dropped in or put on (`own`) nobody of the team gives, and it has no tablets. A dose
    `of_day` is that of the whole day, unless the same is taken `each_time` on other days. What is `lasting` goes on in
    later parts until somebody stops it. What is `past` is recorded as given, all of it.
    """

    notes: dict[str, int] = field(default_factory=dict)
    """With the first day of a dose that says so."""
    sure: dict[str, set[int]] = field(default_factory=dict)
    unsure: dict[str, set[int]] = field(default_factory=dict)
    unsaid: dict[str, str] = field(default_factory=dict)
    """The notes as they stand where nobody said how often."""
    days: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """By block the days it is given on."""
    orders: set[tuple[str, str]] = field(default_factory=set)
    tablets: str = ""
    home: bool = False
    own: bool = False
    of_day: bool = False
    each_time: bool = False
    lasting: bool = False
    past: bool = True
    due: set[int] = field(default_factory=set)
    """The days of its doses that nobody recorded and that are not on hold (`held`)."""
    held: set[int] = field(default_factory=set)
    open: int = 0
    """The last drawn day of what goes on behind it, because its part has no end."""
    stands_in: bool = False
    """Whether somebody put it in the place of another medicine, whose notes say nothing of it."""


def _uses(evaluated: EvaluatedPlan, words: Words, micrograms: str) -> dict[Medicine, _Use]:
    """Every medicine once for each way and amount it is given.

    What is recorded as given says of no other dose how often it is taken or of how many tablets, and makes no row where
    there is more of the medicine to come.
    """
    found: dict[Medicine, _Use] = defaultdict(_Use)
    told: dict[tuple[object, ...], _Use] = {}
    ways: set[tuple[str, str]] = set()
    known = evaluated.due
    drugs = [one for one in known if is_drug(one.placed) and one.state not in NEVER]
    for event in sorted(drugs, key=is_recorded):
        placed, unsure = event.placed, is_unsure(event)
        same = placed.id, placed.agent, event.dose.value if event.dose else None, unsure
        if same in told:
            _count(told[same], event)
            told[same].tablets = told[same].tablets or home_tablets(event, words, micrograms)
            continue
        how = words.say("intrathecal_explained") if is_intrathecal(placed) else how_given(placed, words)
        name, dose = medicine_name(placed, words), home_dose(event, words, micrograms)
        if is_recorded(event) and (name, how) in ways and (name, how, dose) not in found:
            continue
        ways.add((name, how))
        told[same] = found[name, how, dose]
        _add(told[same], event, words, micrograms)
    return found


def _add(use: _Use, event: Event, words: Words, micrograms: str) -> None:
    placed, recorded = event.placed, is_recorded(event)
    _count(use, event)
    use.unsaid[patient_note(placed, words)] = note_without_often(placed, words)
    for note in (patient_note(placed, words), words.say("dose_open") if is_dose_open(event) else ""):
        use.notes[note] = min(event.day, use.notes.get(note, event.day))
    use.orders.add((placed.block.protocol_id, placed.order.id))
    use.of_day |= is_day_total(event) or is_recorded_total(event)
    use.each_time |= not is_day_total(event) and not recorded
    use.past &= recorded
    use.lasting |= lasts_unsaid(placed)
    use.stands_in |= stands_in(placed)
    use.home |= placed.route in AT_HOME
    use.own |= placed.route in AT_HOME and placed.route != "PO"
    use.tablets = use.tablets or home_tablets(event, words, micrograms)
    (use.unsure if is_unsure(event) else use.sure).setdefault(placed.block.id, set()).add(placed.cycle)


def _count(use: _Use, event: Event) -> None:
    use.days[event.placed.block.id].add(event.day)
    if not is_recorded(event):
        (use.held if event.state is State.HELD else use.due).add(event.day)
    use.open = event.day if goes_beyond(event) else use.open


def medicines(evaluated: EvaluatedPlan, words: Words, micrograms: str, shown: Shown = ALWAYS, today: int = 0) -> Table:
    """Every medicine with how often it is taken, what is good to know of it, and where it is not the same.

    Only what has a day among those that are `shown`: allopurinol of May read in November as if it was to be taken.
    """
    found = _uses(evaluated, words, micrograms)
    found = found if shown == ALWAYS else _shown_alone(found, evaluated, shown)
    found = {key: use for key, use in found.items() if not _is_over(use, today)}
    often = how_often(evaluated, words, micrograms, today)
    several = Counter(name for name, _, _ in found)
    shared = Counter(order for use in found.values() for order in use.orders)
    treated: dict[str, set[int]] = defaultdict(set)
    """The cycles of each part in which anything is given."""
    for use in found.values():
        for block, cycles in (*use.sure.items(), *use.unsure.items()):
            treated[block] |= cycles
    titles = {block.id: words.title(block.title) for block in evaluated.schedule.blocks}
    stopped, left_out = first_stops(evaluated, words), _left_out(evaluated, words)
    rows = []
    places = {key[:2]: place for place, key in reversed([*enumerate(found)])}
    for (name, how, dose), use in sorted(found.items(), key=lambda one: places[one[0][:2]]):  # amounts of one together
        lines = [Line(sentence(text)) for text in often.get((name, how, dose), ())]
        notes = sorted(use.notes, key=lambda note: use.notes[note])
        if words.say("often_ask") in often.get((name, how, dose), ()):
            notes = [use.unsaid.get(note, note) for note in notes]
        lines += [Line(note) for note in notes if note and not any(note in other for other in notes if other != note)]
        differs = several[name] > 1 or any(shared[order] > 1 for order in use.orders)
        # What a family takes itself: "every day" without its part was for today, though it begins in half a year.
        differs |= bool(dose) and {*use.sure, *use.unsure} != treated.keys()
        lines += _where(use, differs, treated, titles, words)
        same = [one for key, one in found.items() if dose and (key[:2] == (name, how) or one.orders & use.orders)]
        dated = _when(use, same, titles, today, words)
        lines += dated
        if dose or use.lasting:
            lines += _pauses(use, left_out.get((name, how), set()), same, today, words)
        if dose and use.open and use.stands_in and not dated:
            lines.append(Line(words.say("ask_stop", name=name), "strong"))
        stops = stopped.get((name, how), {})
        since = min((day for one in (use, *same) for day in one.held), default=0) if use.held else 0
        lines = _halted(lines, use, dose, stops, words, titles=titles, today=today, since=since)
        ended = use.home and not stops and not since and _is_behind(use, today)
        if ended:
            lines = [Line(words.say("told", name=words.say("column_last"), text=words.day(_last(use))), "strong")]
        amount = _amount(dose, use, words)[: 1 if use.own or ended else None]
        rows.append(Row((Cell((Line(name, "strong"),)), Cell((Line(how),)), Cell(amount), Cell(tuple(lines)))))
    columns = tuple(
        Column((Line(words.say(f"column_{key}"), "strong"),), least, share)
        for key, least, share in (("medicine", 130, 1), ("how", 120, 1), ("amount", 160, 0.5), ("notes", 200, 2))
    )
    return Table(columns, tuple(rows), begins=3)


def _left_out(evaluated: EvaluatedPlan, words: Words) -> dict[tuple[str, str], set[int]]:
    """By name and way the days on which a medicine is left out."""
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    for event in evaluated.schedule.events:
        if is_drug(event.placed) and event.state is State.OMITTED:
            found[medicine_name(event.placed, words), how_given(event.placed, words)].add(event.day)
    for one in (one for one in paused_behind(evaluated.plan, evaluated.due) if one.again):
        placed = one.held.placed
        found[medicine_name(placed, words), how_given(placed, words)].update(range(one.held.day, one.days.stop))
    return found


def _pauses(use: _Use, left_out: set[int], amounts: Sequence[_Use], today: int, words: Words) -> list[Line]:
    """The first and last days, to come or under way, of several on which it is not taken before those on which it is.

    Also where the amount is another one behind them: "3 times a day, every day" held from today on, a fortnight early.
    """
    taken = {day for one in (use, *amounts) for days in one.days.values() for day in days}
    own = [day for days in use.days.values() for day in days]
    runs = [(begin, end) for begin, end in _between(left_out - taken, taken) if begin < end]
    told = [
        (first, last)
        for first, last in runs
        if last >= today and first < max(own) and _is_beside((first, last), taken, own)
    ]
    if len(told) > MOST_STRETCHES:
        return []
    days = [(words.day(first), words.day(last)) for first, last in told]
    return [Line(words.say("not_from", first=first, last=last), "strong") for first, last in days]


def _is_beside(pause: tuple[int, int], taken: set[int], own: Collection[int]) -> bool:
    """Whether the last dose before a pause, or the next one after it, is of this amount: another one's is not its."""
    before, after = (day for day in taken if day < pause[0]), (day for day in taken if day > pause[1])
    return max(before, default=0) in own or min(after, default=0) in own


def _halted(
    lines: list[Line],
    use: _Use,
    dose: str,
    stops: Mapping[str, int],
    words: Words,
    *,
    titles: Mapping[str, str],
    today: int,
    since: int,
) -> list[Line]:
    """What is said of it where it is on hold (`since`), or stopped from a day behind all its days: that stands first.

    From that day on it stands alone: "once a day, every day" below it read as what is to be taken now. Stopped in one
    part and planned in a later one, it says so of that part.
    """
    stop = min(stops.values(), default=0)
    if stop > max(max(days) for days in use.days.values()):
        day = words.day(stop)
        told = words.say("stopped_from", day=day) if dose else sentence(words.say("stopped_part", day=day))
        lines = [Line(told, "strong"), *(lines if stop > today else ())]
    else:
        in_parts = {block: day for block, day in stops.items() if block in use.days and day > max(use.days[block])}
        told_of = ((titles[block], words.say("stopped_part", day=words.day(day))) for block, day in in_parts.items())
        lines = [*(Line(words.say("told", name=part, text=text), "strong") for part, text in told_of), *lines]
    if since:
        if since > today:  # till then it is taken: a family stopped a week early
            key, day = "hold_from" if dose else "held_from", words.day(since)
            return [Line(sentence(words.say(key, day=day)), "strong"), *lines]
        held = words.say("hold_medicine") if dose else sentence(words.say("state_held"))
        lines = [Line(held, "strong"), *(lines if any(day >= today for day in use.due) else ())]
    return lines


def _is_over(use: _Use, today: int) -> bool:
    """Whether all of it is given and nothing of it follows: pegaspargase, broken off, stood beside what replaced it."""
    return use.past and _is_behind(use, today)


def _is_behind(use: _Use, today: int) -> bool:
    """Whether all its days are past and it does not go on behind them.

    Steroid tablets of October that nobody recorded said "Take every day. Do not stop on your own." in November.
    """
    return not (use.open or use.lasting) and _last(use) < today


def _last(use: _Use) -> int:
    return max(max(days) for days in use.days.values())


def _shown_alone(found: Mapping[Medicine, _Use], evaluated: EvaluatedPlan, shown: Shown) -> dict[Medicine, _Use]:
    """Those of which a day, or one on which it may go on, is among the days that are shown."""
    first, last = shown
    going = may_go_on(evaluated.plan, evaluated.schedule.events)
    orders = {
        (one.placed.block.protocol_id, one.placed.order.id)
        for day in going
        if first <= day <= last
        for one in going[day]
    }
    return {
        key: use
        for key, use in found.items()
        if use.orders & orders or any(first <= day <= last for days in use.days.values() for day in days)
    }


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


def _when(use: _Use, amounts: Sequence[_Use], titles: Mapping[str, str], today: int, words: Words) -> list[Line]:
    """From when to when one amount of a medicine is taken, in a part that has another amount of it before or after.

    Two amounts of ponatinib "in: Induction", without their days, could both be taken. What goes on in the next part on
    the day after says so: sirolimus read as over with its first one; through many parts it is told once. Where one part
    is dated, so is a later one of every day: its amount read as that of now. What is over before `today` is not told.
    """
    spans: list[tuple[str, int, int]] = []
    until = 0
    for block, days in sorted(use.days.items(), key=lambda one: min(one[1])):
        others = {day for one in amounts if one is not use for day in one.days.get(block, ())}
        stretches = [] if others & days else _between(days, others)
        daily = max(days) - min(days) == len(days) - 1
        if (others and 0 < len(stretches) <= MOST_STRETCHES) or min(days) == until + 1 or (spans and daily):
            until = max(days)
            spans += [(titles[block], *ends) for ends in stretches or [(min(days), max(days))]]
    spans = [one for one in spans if one[2] >= today] or spans
    in_a_row = all(then[1] == before[2] + 1 for before, then in pairwise(spans))
    if in_a_row and len(spans) > MOST_PARTS:
        spans = [("", spans[0][1], spans[-1][2])]
    return [Line(_span(*span, use.open, words), "strong") for span in spans]


def _span(part: str, first: int, last: int, open_day: int, words: Words) -> str:
    """The days of a part: "Induction: 2 March 2026 to 8 March 2026"; until somebody stops what has no end."""
    begin, end = words.day(first), words.day(last)
    if last == open_day:
        told = words.say("from_open", first=begin)
    else:
        told = begin if first == last else words.say("days_span", first=begin, last=end)
    return words.say("told", name=part, text=told) if part else sentence(told)


def _between(days: set[int], others: set[int]) -> list[tuple[int, int]]:
    """The first and the last of days with none of the others between."""
    found: list[tuple[int, int]] = []
    for day in sorted(days):
        if found and not any(found[-1][1] < other < day for other in others):
            found[-1] = found[-1][0], day
        else:
            found.append((day, day))
    return found


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
    if use.past:
        return (Line(f"{sentence(dose)} {words.say('whole_day')}" if of_day else sentence(dose)),)
    told = f"{dose} {words.say('whole_day')}" if of_day else words.say("each_time", dose=dose)
    told = sentence(dose) if dose == words.say("amount_told") else told
    blank = Line(words.say("tablets_blank"), blank=True)
    return Line(told), Line(use.tablets, "strong") if use.tablets else blank
