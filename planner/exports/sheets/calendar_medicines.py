"""The table of a family's medicines: how each is given, how much, how often, what is good to know, and where."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct, field

from planner.exports.sheets.calendar_making import first_stops
from planner.exports.sheets.sheet import Cell, Column, Line, Row, Table
from planner.exports.wording.doses import (
    AT_HOME,
    PREMEDICATION,
    is_day_total,
    is_drug,
    is_intrathecal,
    is_recorded,
    is_unsure,
)
from planner.exports.wording.plain_words import (
    home_dose,
    home_tablets,
    how_given,
    medicine_name,
    once_a_week,
    patient_note,
    times_a_day,
)
from planner.exports.wording.runs import is_weekly, split_runs
from planner.exports.wording.text import sentence
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.going_on import lasts_unsaid, may_go_on, stays_unsaid
from planner.model.language import Words
from planner.model.open_dose import is_dose_open
from planner.model.schedule import Event

Shown = tuple[int, int]
"""The first and the last day that a calendar shows."""
ALWAYS: Shown = (0, 0)
NEVER = (State.OMITTED, State.STOPPED)
Medicine = tuple[str, str, str]
"""A medicine by its name, how it is given, and how much by mouth each time."""


class _Use(Struct):
    """What is told of a medicine: its notes, its tablets, where it is sure and where it hangs on a decision.

    `orders` of the protocols give it; another medicine or amount of the same order is given in its place.

    What is dropped in or put on at home (`own`) nobody of the team gives, and it has no tablets. A dose `of_day` is
    that of the whole day, unless the same is taken `each_time` on other days. What is `lasting` goes on in later parts
    until somebody stops it. What is `past` is recorded as given, all of it.
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
    past: bool = True
    to_come: set[State] = field(default_factory=set)
    """The states of its doses that nobody recorded."""


def _uses(evaluated: EvaluatedPlan, words: Words, micrograms: str) -> dict[Medicine, _Use]:
    """Every medicine once for each way and amount it is given.

    What is recorded as given says of no other dose how often it is taken or of how many tablets, and makes no row where
    there is more of the medicine to come.
    """
    found: dict[Medicine, _Use] = defaultdict(_Use)
    told: dict[tuple[object, ...], _Use] = {}
    ways: set[tuple[str, str]] = set()
    drugs = [one for one in evaluated.schedule.events if is_drug(one.placed) and one.state not in NEVER]
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
    use.notes[patient_note(placed, words)] = None
    use.notes |= {words.say("dose_open"): None} if is_dose_open(event) else {}
    use.orders.add((placed.block.protocol_id, placed.order.id))
    use.of_day |= is_day_total(event)
    use.each_time |= not is_day_total(event) and not recorded
    use.past &= recorded
    use.lasting |= lasts_unsaid(placed)
    use.own |= placed.route in AT_HOME and placed.route != "PO"
    use.tablets = use.tablets or home_tablets(event, words, micrograms)
    (use.unsure if is_unsure(event) else use.sure).setdefault(placed.block.id, set()).add(placed.cycle)


def _count(use: _Use, event: Event) -> None:
    use.days[event.placed.block.id].add(event.day)
    use.to_come |= set() if is_recorded(event) else {event.state}


def medicines(evaluated: EvaluatedPlan, words: Words, micrograms: str, shown: Shown = ALWAYS, today: int = 0) -> Table:
    """Every medicine with how often it is taken, what is good to know of it, and where it is not the same.

    Only what has a day among those that are `shown`: allopurinol of May read in November as if it was to be taken.
    """
    found = _uses(evaluated, words, micrograms)
    found = found if shown == ALWAYS else _shown_alone(found, evaluated, shown)
    often = _how_often(evaluated, words, micrograms)
    several = Counter(name for name, _, _ in found)
    shared = Counter(order for use in found.values() for order in use.orders)
    treated: dict[str, set[int]] = defaultdict(set)
    """The cycles of each part in which anything is given."""
    for use in found.values():
        for block, cycles in (*use.sure.items(), *use.unsure.items()):
            treated[block] |= cycles
    titles = {block.id: words.title(block.title) for block in evaluated.schedule.blocks}
    stopped = first_stops(evaluated.schedule.events, words)
    rows = []
    for (name, how, dose), use in found.items():
        lines = [Line(sentence(text)) for text in often.get((name, how, dose), ())]
        notes = use.notes
        lines += [Line(note) for note in notes if note and not any(note in other for other in notes if other != note)]
        differs = several[name] > 1 or any(shared[order] > 1 for order in use.orders)
        # What a family takes itself: "every day" without its part was for today, though it begins in half a year.
        differs |= bool(dose) and {*use.sure, *use.unsure} != treated.keys()
        lines += _where(use, differs, treated, titles, words)
        same = [one for key, one in found.items() if dose and (key[:2] == (name, how) or one.orders & use.orders)]
        lines += _when(use, same, titles, words)
        lines = _halted(lines, use, dose, stopped.get((name, how), 0), today, words)
        amount = _amount(dose, use, words)[: 1 if use.own else None]
        rows.append(Row((Cell((Line(name, "strong"),)), Cell((Line(how),)), Cell(amount), Cell(tuple(lines)))))
    columns = tuple(
        Column((Line(words.say(f"column_{key}"), "strong"),), least, share)
        for key, least, share in (("medicine", 130, 1), ("how", 120, 1), ("amount", 160, 0.5), ("notes", 200, 2))
    )
    return Table(columns, tuple(rows), begins=3)


def _halted(lines: list[Line], use: _Use, dose: str, stop: int, today: int, words: Words) -> list[Line]:
    """What is said of it where it is on hold, or stopped from a day behind all its days: then that stands first.

    From that day on it stands alone: "once a day, every day" below it read as what is to be taken now.
    """
    if stop > max(max(days) for days in use.days.values()):
        day = words.day(stop)
        told = words.say("stopped_from", day=day) if dose else sentence(words.say("stopped_part", day=day))
        lines = [Line(told, "strong"), *(lines if stop > today else ())]
    if State.HELD in use.to_come:
        held = words.say("hold_medicine") if dose else sentence(words.say("state_held"))
        lines = [Line(held, "strong"), *(lines if len(use.to_come) > 1 else ())]
    return lines


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
    if use.past:
        return (Line(sentence(dose)),)
    of_day = use.of_day and not use.each_time
    told = f"{dose} {words.say('whole_day')}" if of_day else words.say("each_time", dose=dose)
    told = sentence(dose) if dose == words.say("amount_told") else told
    blank = Line(words.say("tablets_blank"), blank=True)
    return Line(told), Line(use.tablets, "strong") if use.tablets else blank


def _how_often(evaluated: EvaluatedPlan, words: Words, micrograms: str) -> dict[Medicine, dict[str, None]]:
    """For what is taken by mouth: how often, in words. Weekly medicines name their weekdays.

    What is not taken on every day of its part says so: "Once a day" alone made dexamethasone of two days a week daily.
    """
    found: dict[Medicine, dict[str, None]] = defaultdict(dict)
    counts: dict[Medicine, set[int]] = defaultdict(set)
    firsts: dict[Medicine, Event] = {}
    weekdays: dict[Medicine, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    partly: dict[Medicine, None] = {}
    for key, events, only in _by_dose(evaluated, words, micrograms):
        if is_weekly(events[0].placed):
            for event in events:
                weekdays[key][event.date.weekday()].add(event.day)
        else:
            counts[key] |= _doses_a_day(events)
            firsts[key] = events[0]
            partly |= {key: None} if only else {}
    for key, times in counts.items():
        if times:  # "once a day" above "2 times a day" would leave the choice to the family
            often = words.say("times_differ") if len(times) > 1 else times_a_day(firsts[key], min(times), words)
            often = "" if often == words.say("whole_day") else often  # beside the dose
            found[key] |= {often: None} if often else {}
    for key in partly:
        found[key][words.say("only_days")] = None
    for key, days in weekdays.items():
        found[key] |= dict.fromkeys(_weekly_words(days, words))
    return found


def _weekly_words(days: Mapping[int, set[int]], words: Words) -> list[str]:
    """On which weekdays, and from when where that changes: "on Mondays and Wednesdays" read as twice a week."""
    first, *later = sorted(days, key=lambda weekday: min(days[weekday]))
    in_turn = all(max(days[one]) < min(days[then]) for one, then in pairwise((first, *later)))
    if not in_turn:
        return [once_a_week(sorted(days), words)]
    return [
        once_a_week([first], words),
        *(
            words.say("weekday_from", day=words.day(min(days[one])), weekdays=once_a_week([one], words))
            for one in later
        ),
    ]


def _by_dose(
    evaluated: EvaluatedPlan, words: Words, micrograms: str
) -> Iterator[tuple[Medicine, Sequence[Event], bool]]:
    """What is to come of each order by mouth and each dose of it, and whether the order leaves days of its cycle out.

    A dose that was lowered under way had no word of how often.
    """
    found: dict[str, dict[str, list[Event]]] = defaultdict(lambda: defaultdict(list))
    for event in evaluated.schedule.events:
        if is_drug(event.placed) and event.placed.route == "PO":
            found[event.placed.id][home_dose(event, words, micrograms)].append(event)
    for doses in found.values():
        only = _has_days_without(_to_come([event for several in doses.values() for event in several]))
        for dose, several in doses.items():
            events = _to_come(several)
            yield (medicine_name(events[0].placed, words), how_given(events[0].placed, words), dose), events, only


def _to_come(events: Sequence[Event]) -> Sequence[Event]:
    """The doses that nobody recorded, of whole days where there are any; all of them where all are recorded."""
    begun = {event.day for event in events if is_recorded(event)}
    left = [event for event in events if not is_recorded(event)]
    return [event for event in left if event.day not in begun] or left or events


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
