"""What a sheet says of a day beside what is done: rules, what nobody could look at, what still runs, notes, changes."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from planner.exports.sheets.changes import Key, key_of
from planner.exports.sheets.day_numbers import Numbered
from planner.exports.sheets.sheet import Line
from planner.exports.wording.answers import Answers
from planner.exports.wording.checks import Checks, check_words
from planner.exports.wording.clock_words import Timed, clock_words
from planner.exports.wording.doses import (
    DONE,
    GIVEN,
    NOT_TO_BE_GIVEN,
    dose_of_day,
    dose_words,
    doses_a_day,
    is_drug,
    is_unsure,
    left_that_day,
    no_tablets,
    often_words,
    planned_value,
    route_words,
    says_how_often,
    state_told,
    window_told,
)
from planner.exports.wording.levels import newest_level
from planner.exports.wording.not_given import goes_without, guards_of, not_tolerated
from planner.exports.wording.order_words import once_a_week_words, own_notes, until_words
from planner.exports.wording.pumps import Pumps
from planner.exports.wording.runs import open_ends
from planner.exports.wording.text import day_name, listed, weekdays_named, with_minus
from planner.model.civil import clinical_date, clock, weekday_date
from planner.model.cycle_content import State
from planner.model.day_words import is_part
from planner.model.finding import SEVERITIES, UNCHECKED, Finding, FindingStatus
from planner.model.flow import duration_words
from planner.model.kept import NOT_OUT, Doses, kept_words
from planner.model.language import glued
from planner.model.patient import LabResult
from planner.model.protocol import TemplateOrder
from planner.model.schedule import Event, PlacedOrder
from planner.model.site import Site

HOURS_OF_A_DAY = 24
RESTART = re.compile(r"restart after a stop of (\d+) h")
"""The note of what is given again before a pump goes on, with the hours that it stood still."""
MOST_LINES = 6
"""Doses of a day that have a line each to sign on; of more, several are written on one."""
OFF = Line("Pump off at, by", blank=True)
CHANGED = Line("Old bag taken down, new rate set at, by", blank=True)
SAME_RATE = Line("Old bag taken down, new one hung at the same rate at, by", blank=True)
OFTEN_UNSAID = "(how often is not entered: ask the pharmacist)"
SEVERAL = 4
"""Lines for the doses of a day that nobody said the number of."""
SEVERAL_MARKS = 2
"""Changes of one row from which on only the list of all is named."""
SEE_CHANGES = "CHANGED, see the list of changes"
GOING = Line("Given at, by", blank=True)
SEEN = Line("Done at, result, by", blank=True)


class Beside(Struct, frozen=True):
    """What is said beside the events of a day: the clinic's ways, what runs on or ends, changes, hours, answers.

    `doses` are all events by their order, `pumps` the continuous infusions, `steps` those of
    them that go on with another dose, `checks` say who confirmed which order.
    """

    site: Site
    running: Mapping[int, Sequence[Event]]
    ending: Mapping[int, Sequence[Event]]
    going: Mapping[int, Sequence[Event]]
    marks: Mapping[Key, str]
    clocks: Timed
    answers: Answers
    doses: Doses
    pumps: Pumps
    checks: Checks
    steps: Mapping[int, Sequence[tuple[Event, Event]]]
    numbered: Numbered = field(default_factory=dict)
    apart: Mapping[int, Sequence[Event]] = field(default_factory=dict)
    """By day the medicines of every day, and the pumps, that are not drawn then, put off or on hold."""
    off: Mapping[tuple[str, int], str] = field(default_factory=dict)
    """By order and day of such a one what is said of it, of those that are told once for all of its days."""
    unset: Sequence[tuple[Event, range]] = ()
    """What is still to be entered."""
    labs: Sequence[LabResult] = ()
    """What was recorded of the patient, for the level until which something goes on."""


def still_running(events: Sequence[Event]) -> dict[int, tuple[Event, ...]]:
    """For each day the infusions of a day before that still run then; a continuous one has rows of its own.

    One of 24 h or more without a clock time runs into the next day, nobody knows until when; so does the last day of a
    continuous one, and no line was left to write down when mesna was taken down.
    """
    found = open_ends(events)
    for event in events:
        if event.placed.kind != "administration" or event.state in NOT_TO_BE_GIVEN or event.placed.duration_h is None:
            continue
        for day in range(event.day + 1, _last_day(event) + 1):
            found[day] = (*found.get(day, ()), event)
    return found


def _last_day(event: Event) -> int:
    """The day on which it is taken down, as far as it is known."""
    if event.minute < 0 and event.placed.duration_h is not None and event.placed.duration_h >= HOURS_OF_A_DAY:
        return event.day + 1
    return event.end_day if event.end_minute > 0 else event.end_day - 1


def running_lines(event: Event, day: int, site: Site) -> tuple[Line, ...]:
    """That it still runs, and on the day on which it ends a line for who took it down: rescue counts from then."""
    ends = event.placed.kind == "infusion" or day == _last_day(event)
    return running_line(event, day, site), *((OFF,) if ends else ())


def running_line(event: Event, day: int, site: Site) -> Line:
    """An infusion begun before that day: what, how much, since when, until when."""
    infusion = event.placed.kind == "infusion"
    unsure = _unsure_word(event)
    began = f"{weekday_date(event.day)} {clock(event.minute)}".rstrip()
    ends = "end not known, no time is planned"
    if event.end_minute >= 0:
        later = f"{weekday_date(event.end_day)} " if event.end_day != day else ""
        ends = f"ends {glued(later + clock(event.end_minute))}"
    elif event.placed.duration_h is not None and not infusion:
        ends = f"ends {glued(duration_words(event.placed.duration_h))} after it was begun"
    ends = ". ".join((ends, *clock_words(event, {}, site.clock_changes)))
    dose = dose_of_day(event, site.micrograms)
    begun = f"{'its last day ' if infusion else ''}begun {glued(began)}"
    parts = event.label, dose, route_words(event.placed.route), unsure, begun, ends
    return Line(f"Still running: {', '.join(filter(None, parts))}", "strong", unsure=bool(unsure))


def ending_line(event: Event, site: Site) -> Line:
    """A continuous infusion that runs out on the day after its last dose began: when, what, how much."""
    parts = (event.placed.agent_name, dose_of_day(event, site.micrograms), route_words(event.placed.route))
    last = f"last day {glued(f'C{event.placed.cycle} D{day_name(event.cycle_day)}')}"
    told = ", ".join(filter(None, (*parts, last, state_words(event))))
    return Line(f"Infusion ends at {clock(event.minute)}: {told}", "strong")


def step_line(last: Event, first: Event, site: Site) -> Line:
    """A continuous infusion that goes on with another dose: when, what ends, what begins."""
    ends = ", ".join((last.placed.agent_name, dose_of_day(last, site.micrograms), route_words(last.placed.route)))
    day = glued(f"C{last.placed.cycle} D{day_name(last.cycle_day)}")
    hour = f" at {clock(first.minute)}" if first.minute >= 0 else ""
    told = f"{ends}, ends, last day {day}; {dose_of_day(first, site.micrograms)} begins"
    return Line(f"Step in dose{hour}: {told}", "strong")


def step_lines(last: Event, first: Event, beside: Beside) -> tuple[Line, Line]:
    """The step in dose and a line to sign: another bag may run at the rate of the old one, and none is set."""
    before, then = beside.pumps.rate(last), beside.pumps.rate(first)
    return step_line(last, first, beside.site), SAME_RATE if before and before == then else CHANGED


def still_going(beside: Beside, day: int, today: Sequence[Event]) -> list[Event]:
    """The drugs that may go on that day, each as its first dose; not what the day gives again itself."""
    here = {(one.placed.agent, one.placed.route) for one in today}
    return [one for one in beside.going.get(day, ()) if (one.placed.agent, one.placed.route) not in here]


def rest_of_day(beside: Beside, day: int, today: Sequence[Event]) -> tuple[Line, ...]:
    """Of what may go on behind this day its doses of the same day that are not drawn, with a line for each.

    Leucovorin every 6 h was drawn at 03:00, 09:00 and 15:00: the next line stood 12 h later, on the sheet of the next
    day.
    """
    on = {one.placed.id for one in beside.going.get(day + 1, ())}
    drawn: dict[str, list[Event]] = {}
    for event in today:
        if event.placed.id in on and event.state not in NOT_TO_BE_GIVEN:
            drawn.setdefault(event.placed.id, []).append(event)
    lines: list[Line] = []
    for events in drawn.values():
        if left := left_that_day(events):
            lines += [going_line(events[0], beside), *(GOING,) * min(left, MOST_LINES)]
    return tuple(lines)


def _is_often_unsaid(placed: PlacedOrder) -> bool:
    """Whether no source gives a dose or how often: the dose that a site enters says nothing of the second either."""
    order = placed.order
    if not isinstance(order, TemplateOrder) or says_how_often(order):
        return False
    return not any(band.dose for band in order.bands)


def going_dose(event: Event, micrograms: str) -> str:
    """How much and how often of a drug that may go on: as it was planned, whatever of its first day is recorded.

    Recorded, ciclosporin of "204 mg a day" went on as "204 mg".
    """
    often = OFTEN_UNSAID if _is_often_unsaid(event.placed) else often_words(event.placed)
    dose = event.dose and replace(event.dose, value=planned_value(event.dose), origin="")
    return " ".join(filter(None, (dose_words(event._replace(dose=dose), micrograms), often)))


def going_doses(placed: PlacedOrder) -> int:
    """Lines to sign on for a day of a drug that may go on: one would say that it is given once."""
    return SEVERAL if _is_often_unsaid(placed) else min(doses_a_day(placed), MOST_LINES)


def going_line(event: Event, beside: Beside) -> Line:
    """A drug that may go on: what, how much, how often, since when, until what, and the newest level of that."""
    dose = going_dose(event, beside.site.micrograms)
    begun = f"since {glued(weekday_date(event.day))}"
    unsure = _unsure_word(event)
    level = newest_level(event, beside.labs)
    told = ", ".join(filter(None, (event.label, dose, route_words(event.placed.route), begun, level, unsure)))
    return Line(f"May still go on, {until_words(event.placed)}: {told}", "strong", unsure=bool(unsure))


def going_lines(event: Event, beside: Beside) -> tuple[Line, ...]:
    """The same with a line to sign for each dose.

    Of leucovorin every 6 h, told as "27.2 mg" over one line, a ward would have given a quarter.
    """
    return going_line(event, beside), *(GOING,) * going_doses(event.placed)


def restarts(events: Iterable[Event]) -> Iterator[tuple[Event, str]]:
    """What is given before a pump goes on again, with its words of how long it stood still."""
    for event in events:
        for text in event.notes:
            if found := RESTART.search(text):
                yield event, found[0]


def restart_lines(today: Sequence[Event]) -> Iterator[Line]:
    """Lines for the hours at which a pump stood still and went on: "runs on" was all that its day said of five hours.

    Of a stop of days it came off on a sheet before.
    """
    for note in dict.fromkeys(note for _, note in restarts(today)):
        told, found = f"{note[0].upper()}{note[1:]}", RESTART.fullmatch(note)
        if found and int(found[1]) < HOURS_OF_A_DAY:
            yield Line(f"{told}: pump off at, by", "strong", blank=True)
        yield Line(f"{told}: pump on again, under watch, at, by", "strong", blank=True)


def begun_line(first: Event) -> Line:
    """When it was begun, as recorded; else its first dose is planned: "begun" stood beside days that lie ahead."""
    words = "begun" if first.state is State.GIVEN else "first dose planned"
    return Line(f"{words} {glued(weekday_date(first.day))}")


def as_it_goes_on(first: Event) -> Event:
    """What may go on, as planned where its drawn dose is recorded: of the days behind that nobody recorded anything.

    "given", and the amount of one record without "a day", stood beside days that lie ahead.
    """
    dose = first.dose
    if first.state is not State.GIVEN or dose is None:
        return first
    planned = replace(dose, origin="", value=planned_value(dose), full=None)
    return first._replace(state=State.PLANNED, dose=planned)


def guard_lines(first: Event, today: Sequence[Event], beside: Beside, day: int) -> Iterator[Line]:
    """What goes on with a rescue, each with a line to sign; not what is told to go on itself: fluids stood twice."""
    going = beside.going.get(day, ())
    here = {event.placed.id for event in (*today, *going)}
    for one in guards_of(first, beside.doses, going):
        if one.placed.id not in here:
            yield Line(f"As long as {first.placed.agent_name} goes on, also: {one.placed.agent_name}", "strong")
            yield GOING if is_drug(one.placed) else SEEN


def _unsure_word(event: Event) -> str:
    """That it hangs on an answer whether it was begun at all, as its own row said; empty of what is sure."""
    return state_words(event) if is_unsure(event) else ""


def said(findings: Sequence[Finding], today: Sequence[Event] = ()) -> tuple[Line, ...]:
    """What the rules say of a day, and first in one line what they could not look at: silence would read as fine.

    Advice that could not be checked, and what a site has not set, are left to the roadmap. What is found of a whole
    series is worded by its first dose: of the events of `today` it names the one it is about before that, or says that
    it is about this day too.
    """
    lacking: dict[str, dict[str, None]] = {}
    for one in findings:
        if one.missing and not one.missing.endswith("(not set)") and one.severity != SEVERITIES[-1]:
            lacking.setdefault(one.missing, {})[glued(one.rule)] = None
    told = "; ".join(f"{missing} ({', '.join(rules)})" for missing, rules in lacking.items())
    unknown = (Line(f"{UNCHECKED}, not recorded: {told}", "strong"),) if lacking else ()
    return (*unknown, *dict.fromkeys(_line(one, today) for one in findings if is_known(one)))


def is_known(finding: Finding) -> bool:
    """Whether the rule could be looked at."""
    return finding.status is not FindingStatus.CANNOT_CHECK


def _line(finding: Finding, today: Sequence[Event]) -> Line:
    status = " (acknowledged)" if finding.status is FindingStatus.ACKNOWLEDGED else ""
    named = [day for day in finding.days if clinical_date(day) in finding.message]
    text, too = weekdays_named(finding.message), ""
    if today and named and today[0].day not in named:
        here = dict.fromkeys(with_minus(glued(one.label)) for one in today if one.placed.id in finding.orders)
        text, too = (f"{listed(list(here))}. First of them: {text}", "") if here else (text, ", this day too")
    return Line(f"{finding.severity} {glued(finding.rule)}{status}{too}: {text}")


def mark_of(event: Event, marks: Mapping[Key, str]) -> list[Line]:
    """What is different from the issue before."""
    return [Line(marks[key_of(event)], "strong")] if key_of(event) in marks else []


def marks_of(events: Iterable[Event], marks: Mapping[Key, str]) -> list[Line]:
    """What is different of the doses of several days; where that differs from day to day, that it does."""
    found = dict.fromkeys(line for event in events for line in mark_of(event, marks))
    return [*found] if len(found) < SEVERAL_MARKS else [Line(SEE_CHANGES, "strong")]


def given_lines(event: Event) -> tuple[Line, ...]:
    """The sign that it is done, in place of lines to write on: those invited a second dose. Empty where it is not."""
    if event.state is not State.GIVEN:
        return ()
    return Line(given_word(event), "strong", tick=True, ticked=True), Line(glued(clinical_date(event.day)))


def given_word(event: Event) -> str:
    """What is said of an event that is done, or of a dose that is given."""
    given = is_drug(event.placed) or event.placed.kind == "bag"
    return DONE if not given else f"{GIVEN} IN PART" if is_part(event) else GIVEN


def without_words(event: Event, doses: Doses) -> list[Line]:
    """Of what goes with a dose that is not given: that it does; of a dose that rises, that one before was not borne."""
    return [Line(told, "strong") for told in (goes_without(event, doses), not_tolerated(event, doses)) if told]


def kept_lines(event: Event, *, again: bool = False) -> tuple[Line, ...]:
    """That a rescue is not on hold with the rest of its block; `again` what it goes with was said above."""
    words = kept_words(event)
    return (Line(NOT_OUT if again else words, "strong"),) if words else ()


def notes_of(event: Event, beside: Beside) -> list[str]:
    """State, old date, window, notes and what is still to be confirmed; that it was given has a sign of its own.

    Of what is left out or stopped the reason alone: nobody prepares it.
    """
    state = "" if event.state is State.GIVEN else state_words(event)
    if event.state in (State.OMITTED, State.STOPPED):
        return [text for text in (state, moved_words(event), *own_notes(event)[:1]) if text]
    texts = [state, moved_words(event), once_a_week_words(event), no_tablets(event), window_told(event)]
    texts += [*own_notes(event), event.placed.note, check_words(event.placed, beside.checks)]
    return [text for text in texts if text]


def moved_words(event: Event) -> str:
    """The day it was due on, where it moved since."""
    return "" if event.moved_from is None else f"moved from {glued(weekday_date(event.moved_from))}"


def state_words(event: Event) -> str:
    """The state where it is to be told; a note says itself that less was given."""
    return "" if is_part(event) else state_told(event)
