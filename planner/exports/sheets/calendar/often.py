"""How often a family takes a medicine, in words, for each of its amounts."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from planner.exports.wording.doses import NEVER, PREMEDICATION, is_drug, is_recorded
from planner.exports.wording.order_words import MOST_WEEKDAYS
from planner.exports.wording.plain_words import home_dose, how_given, medicine_name, once_a_week, times_a_day
from planner.exports.wording.runs import is_weekly, split_runs
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.going_on import lasts_unsaid, stays_unsaid
from planner.model.language import Words
from planner.model.schedule import Event

Medicine = tuple[str, str, str]
"""A medicine by its name, how it is given, and how much by mouth each time."""


def how_often(
    evaluated: EvaluatedPlan, words: Words, micrograms: str, today: int = 0
) -> dict[Medicine, dict[str, None]]:
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
            for event in (one for one in events if one.state not in NEVER):
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
        found[key] |= dict.fromkeys(_weekly_words(days, words, today))
    return found


def _weekly_words(days: Mapping[int, set[int]], words: Words, today: int) -> list[str]:
    """On which weekday, and from when on which other: "on Mondays and Wednesdays" read as twice a week.

    A dose put off alone makes no weekday: it is one of the days in the calendar. So are weekdays that change too often.
    A weekday that another took over from before `today` is not told.
    """
    by_day = sorted((day, weekday) for weekday, taken in days.items() for day in taken)
    turns = [list(found) for _, found in groupby(by_day, key=itemgetter(1))]
    lasting = [turns[0], *(turn for turn in turns[1:] if len(turn) > 1)]
    habits = [next(found) for _, found in groupby((turn[0] for turn in lasting), key=itemgetter(1))]
    habits = habits[max(0, sum(day <= today for day, _ in habits) - 1) :]
    apart = [turn for turn in turns if turn not in lasting and turn[-1][0] >= today]
    if len(habits) > MOST_WEEKDAYS:
        coming = [(day, weekday) for day, weekday in by_day if day >= today] or by_day
        apart, habits = [coming], [(coming[0][0], Counter(weekday for _, weekday in coming).most_common(1)[0][0])]
    told = [once_a_week([habits[0][1]], words)]
    for day, weekday in habits[1:]:
        told.append(words.say("weekday_from", day=words.day(day), weekdays=once_a_week([weekday], words)))
    return [*told, words.say("only_days")] if apart else told


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
