"""What a day sheet says beside what is done: rules, what they could not look at, what still runs, notes, changes."""

from collections.abc import Mapping, Sequence

from planner.exports.sheets.changes_part import Key, key_of
from planner.exports.sheets.sheet import Line
from planner.exports.wording.clock_words import clock_words
from planner.exports.wording.doses import NOT_TO_BE_GIVEN, STATES, dose_words, route_words, window_words
from planner.exports.wording.order_words import once_a_week_words, own_notes
from planner.exports.wording.runs import open_ends
from planner.exports.wording.text import day_name, weekdays_named
from planner.model.civil import clinical_date, clock, weekday_date
from planner.model.cycle_content import State
from planner.model.finding import SEVERITIES, UNCHECKED, Finding, FindingStatus
from planner.model.language import glued
from planner.model.schedule import Event
from planner.model.site import Site

HOURS_OF_A_DAY = 24
PARTLY = "partly given"
"""How the note of a dose begins of which less was given: it says that it was."""


def still_running(events: Sequence[Event]) -> dict[int, tuple[Event, ...]]:
    """For each day the infusions of a day before that still run then; a continuous one has rows of its own.

    One of 24 h or more without a clock time runs into the next day, nobody knows until when, and so does a continuous
    one after its last day.
    """
    found: dict[int, tuple[Event, ...]] = {off: tuple(last) for off, last in open_ends(events).items()}
    for event in events:
        if event.placed.kind != "administration" or event.state in NOT_TO_BE_GIVEN or event.placed.duration_h is None:
            continue
        last = event.end_day if event.end_minute > 0 else event.end_day - 1
        if event.minute < 0 and event.placed.duration_h >= HOURS_OF_A_DAY:
            last = event.day + 1
        for day in range(event.day + 1, last + 1):
            found[day] = (*found.get(day, ()), event)
    return found


def running_line(event: Event, day: int, site: Site) -> Line:
    """An infusion begun before that day: what, how much, since when, until when."""
    began = f"{weekday_date(event.day)} {clock(event.minute)}".rstrip()
    ends = "end not known, no time is planned"
    if event.end_minute >= 0:
        later = f"{weekday_date(event.end_day)} " if event.end_day != day else ""
        ends = f"ends {glued(later + clock(event.end_minute))}"
    ends = ". ".join((ends, *clock_words(event, {}, site.clock_changes)))
    parts = (
        event.label,
        dose_words(event, site.micrograms),
        route_words(event.placed.route),
        f"begun {glued(began)}",
        ends,
    )
    return Line(f"Still running: {', '.join(filter(None, parts))}", "strong")


def ending_line(event: Event, site: Site) -> Line:
    """A continuous infusion that runs out on the day after its last dose began: when, what, how much."""
    parts = (event.placed.agent_name, f"{dose_words(event, site.micrograms)} a day", route_words(event.placed.route))
    last = f"last day {glued(f'C{event.placed.cycle} D{day_name(event.cycle_day)}')}"
    told = ", ".join(filter(None, (*parts, last, state_words(event))))
    return Line(f"Infusion ends at {clock(event.minute)}: {told}", "strong")


def going_line(event: Event, site: Site) -> Line:
    """A drug that may go on: what, how much, since when, until what."""
    until = getattr(event.placed.order, "until", "")
    parts = (event.label, dose_words(event, site.micrograms), route_words(event.placed.route))
    begun = f"since {glued(weekday_date(event.day))}"
    return Line(f"May still go on, until {until}: {', '.join(filter(None, (*parts, begun)))}", "strong")


def said(findings: Sequence[Finding], day: int = 0) -> tuple[Line, ...]:
    """What the rules say of a day, and first in one line what they could not look at: silence would read as fine.

    Advice that could not be checked, and what a site has not set, are left to the roadmap. On the sheet of one `day`
    what names only other days of its series says that it is about this one too.
    """
    lacking: dict[str, dict[str, None]] = {}
    for one in findings:
        if one.missing and not one.missing.endswith("(not set)") and one.severity != SEVERITIES[-1]:
            lacking.setdefault(one.missing, {})[glued(one.rule)] = None
    told = "; ".join(f"{missing} ({', '.join(rules)})" for missing, rules in lacking.items())
    unknown = (Line(f"{UNCHECKED}, not recorded: {told}", "strong"),) if lacking else ()
    known = [one for one in findings if one.status is not FindingStatus.CANNOT_CHECK]
    return (*unknown, *dict.fromkeys(_line(one, day) for one in known))


def _line(finding: Finding, day: int) -> Line:
    status = " (acknowledged)" if finding.status is FindingStatus.ACKNOWLEDGED else ""
    named = [one for one in finding.days if clinical_date(one) in finding.message]
    too = ", this day too" if day and named and day not in named else ""
    return Line(f"{finding.severity} {glued(finding.rule)}{status}{too}: {weekdays_named(finding.message)}")


def mark_of(event: Event, marks: Mapping[Key, str]) -> list[Line]:
    """What is different from the issue before."""
    return [Line(marks[key_of(event)], "strong")] if key_of(event) in marks else []


def notes_of(event: Event) -> list[str]:
    """State, old date, window, notes and what has to be confirmed."""
    texts = [state_words(event), moved_words(event), once_a_week_words(event)]
    window = window_words(event.placed.order.window) if hasattr(event.placed.order, "window") else ""
    if window:
        texts.append(f"window: {window}")
    texts += [*own_notes(event), event.placed.note]
    if event.placed.evidence.needs_confirmation:
        texts.append(f"{event.placed.evidence.value}: CHECK")
    return [text for text in texts if text]


def moved_words(event: Event) -> str:
    """The day it was due on, where it moved since."""
    return "" if event.moved_from is None else f"moved from {glued(weekday_date(event.moved_from))}"


def state_words(event: Event) -> str:
    """The state where it is to be told; a note says itself that less was given."""
    partly = event.state is State.GIVEN and event.notes[:1] and event.notes[0].startswith(PARTLY)
    return "" if partly else STATES.get(event.state, "")
