"""Days of the day sheet on which nothing is begun: a row each to check and to sign on, instead of a page each."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise

from planner.exports.wording.doses import AT_HOME, NOT_TO_BE_GIVEN, PREMEDICATION, is_drug, planned_value
from planner.exports.wording.order_words import own_notes
from planner.model.cycle_content import State
from planner.model.finding import SEVERITIES, Finding, FindingStatus
from planner.model.going_on import stands_in
from planner.model.protocol import TO_ENTER, TemplateAssessment
from planner.model.schedule import Event

Day = tuple[int, tuple[Event, ...]]
"""A day with its events."""
WEEK = 7
"""Days in a row without the clinic that have lines to sign on; who stays away longer is at home."""
EXAMINED = ("assessment", "procedure")
OFF = "off"
"""What is with days on which nothing is to be given."""
RUNS, INTERRUPTED, ENDED, NOTHING = "runs", "interrupted", "ended", "nothing"
"""What is with the infusion of such days: it runs, it is on hold or left out, it is stopped, or there is none."""


BEGUN = "Nothing is begun"
LEADS = {
    RUNS: ("Today the infusion runs on.", "On each of these days the infusion runs on.", BEGUN),
    INTERRUPTED: (
        "The infusion is interrupted and is not given today.",
        "The infusion is interrupted and is not given on these days.",
        "Nothing is given",
    ),
    ENDED: (
        "The infusion is stopped and is not given today.",
        "The infusion is stopped and is not given on these days.",
        "Nothing is given",
    ),
    NOTHING: ("", "", "Nothing is given"),
}
"""What is said of one such day and of several."""


def asked_once(events: Sequence[Event]) -> tuple[Event, ...]:
    """The events of a day without what a part that hangs on an answer examines and another surely does then.

    The daily watch after two doses of cells had two boxes and one line to sign on.
    """
    sure = {_examined(one) for one in events if one.state not in (*NOT_TO_BE_GIVEN, State.PROVISIONAL)}
    return tuple(one for one in events if one.state is not State.PROVISIONAL or _examined(one) not in sure - {None})


def _examined(event: Event) -> object:
    return (event.placed.agent_name, event.minute) if event.placed.kind in EXAMINED else None


def listed_days(
    clinic: Collection[int], due: Mapping[int, Sequence[Event]], going: Mapping[int, Sequence[Event]]
) -> set[int]:
    """Of the days without the clinic those on which a ward has to sign.

    All on which something is `due` at home or may go on in a gap of a week at most (two years of tablets would be a
    book), and of each drug that may go on the first week behind its drawn days, with what is taken then to its end.
    """
    found = {
        day
        for before, after in pairwise(sorted(clinic))
        if after - before - 1 <= WEEK
        for day in range(before + 1, after)
        if day in due or day in going
    }
    behind: Counter[tuple[str, int]] = Counter()
    for day in sorted(going):
        for first in going[day]:
            behind[first.placed.id, first.day] += 1
            if behind[first.placed.id, first.day] <= WEEK and day not in clinic:
                found.add(day)
    for before, after in pairwise(sorted(clinic)):
        if any(day in found for day in range(before + 1, after)):
            last = _last_of_a_course(range(before + 1, after), due)
            found.update(day for day in range(before + 1, last + 1) if day in due)
    return found


def _last_of_a_course(gap: range, due: Mapping[int, Sequence[Event]]) -> int:
    """The last day of what is taken at home and ends in the first two weeks of a gap; else the day before it."""
    last = {event.placed.agent: day for day in gap for event in due.get(day, ())}
    ends = [day for day in last.values() if day < gap[-1] and day - gap[0] < 2 * WEEK]
    return max(ends, default=gap[0] - 1)


def stretches(
    days: Sequence[Day],
    by_day: Mapping[int, tuple[Event, ...]],
    earlier: Mapping[int, Sequence[Event]],
    findings: Mapping[int, Sequence[Finding]],
    going: Mapping[int, Sequence[Event]],
    listed: Collection[int] = (),
    *,
    off: Collection[int] = (),
) -> list[list[Day]]:
    """The days in order: each alone, or those together on which nothing is begun, with those without the clinic.

    Days stand together where they are of the same blocks, an infusion runs on all, is interrupted on all or is on none,
    no drug comes in the place of another, and
    nothing but what is taken at home lies between them. `by_day` are the events of all days, `earlier` the doses of
    a day before that run or end on a day, `listed` the days without the clinic, `going` what may go on. What the rules
    warn of stands over all the days of a page: a day with other warnings begins a new one. So do the days that are
    `off`, whatever they are: nothing is to be given on them.
    """
    found: list[list[Day]] = []
    shared: object = None
    for day, events in days:
        key: object = None
        clinic = [event for event in events if not is_home_medicine(event)]
        told = clinic or ((*events, *going.get(day, ())) if day in listed else ())
        if told and day not in earlier and _begins_nothing(events, by_day.get(day - 1, ())):
            blocks = frozenset(event.placed.block.id for event in told)
            key = blocks, infusion_on(events), _warned(findings.get(day, ())), _changed_drugs(events)
        # One such day among others of a list stays its row there.
        if day in off and (key is None or key != shared or day + 1 in off):
            key = OFF
        if key is not None and key == shared and (key != OFF or _is_next(found[-1][-1][0], day, by_day, going)):
            found[-1].append((day, events))
        else:
            found.append([(day, events)])
        shared = key
    return found


def _changed_drugs(events: Iterable[Event]) -> frozenset[str]:
    """The drugs that stand in for others: a list that went on over the change of tablets had no sign of it."""
    return frozenset(event.placed.agent for event in events if stands_in(event.placed))


def _is_next(before: int, day: int, by_day: Mapping[int, object], going: Mapping[int, object]) -> bool:
    """Whether nothing is due between two days."""
    return not any(one in by_day or one in going for one in range(before + 1, day))


def is_quiet(today: Day, by_day: Mapping[int, tuple[Event, ...]], earlier: Mapping[int, Sequence[Event]]) -> bool:
    """Whether a day alone has the list as well: an infusion runs on, or is interrupted, and nothing is begun."""
    day, events = today
    begins = day in earlier or not _begins_nothing(events, by_day.get(day - 1, ()))
    return not begins and infusion_on(events) != NOTHING


def infusion_on(events: Sequence[Event]) -> str:
    states = [event.state for event in events if event.placed.kind == "infusion"]
    if not states:
        return NOTHING
    if any(state not in NOT_TO_BE_GIVEN for state in states):
        return RUNS
    return ENDED if all(state is State.STOPPED for state in states) else INTERRUPTED


def is_home_medicine(event: Event) -> bool:
    """What has no hour and is swallowed or dropped in: it stands in a list of its own.

    Not a premedication: below, on the next page, paracetamol "before the infusion" came after the cells.
    """
    at_home = is_drug(event.placed) and event.placed.route in AT_HOME and event.minute < 0
    return at_home and event.placed.role != PREMEDICATION


def _begins_nothing(events: Sequence[Event], before: Sequence[Event]) -> bool:
    """Whether nothing is given but what is taken at home and infusions that ran the day before, in a new bag or not.

    Nothing is decided and nothing is to be entered either: both need room to write.
    """
    drugs = [event for event in events if is_drug(event.placed) and not is_home_medicine(event)]
    others = [event for event in events if not is_drug(event.placed)]
    return (
        all(event.placed.kind == "infusion" for event in drugs)
        and _doings(drugs) <= _doings(before)
        and all(_is_quiet_work(event, drugs) for event in others)
    )


def _is_quiet_work(event: Event, running: Sequence[Event]) -> bool:
    if event.placed.kind == "bag":
        return bool(running)
    # What is done on Day 0 is what the part is for: cells are collected.
    is_the_aim = event.placed.kind == "procedure" and event.day_number == 0
    return event.placed.kind in EXAMINED and not is_the_aim and not _is_to_enter(event.placed.order)


def _is_to_enter(order: object) -> bool:
    return isinstance(order, TemplateAssessment) and order.topic == TO_ENTER


def _doings(events: Iterable[Event]) -> frozenset[tuple[object, ...]]:
    """What is given, when and how much; as planned of what is recorded or moved: the next day begins nothing by that.

    The first day behind the recorded ones of a pump that had moved was a page of its own.
    """
    return frozenset(
        (
            event.placed.id,
            event.minute,
            planned_value(event.dose) if event.dose else None,
            State.PLANNED if event.state in (State.GIVEN, State.DEFERRED) else event.state,
            tuple(own_notes(event)),
        )
        for event in events
    )


def _warned(findings: Sequence[Finding]) -> frozenset[str]:
    """The findings that are more than advice and could be checked.

    What is about a course names its first and its last day: cut off for it, the last day of a pump had a page alone.
    """
    return frozenset(
        one.id
        for one in findings
        if one.severity != SEVERITIES[-1] and one.status is not FindingStatus.CANNOT_CHECK and not _is_of_a_course(one)
    )


def _is_of_a_course(finding: Finding) -> bool:
    return len(finding.days) == 2 and finding.days[-1] - finding.days[0] > 4 * WEEK
