"""What stands on each day of the calendar. No Qt types."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from msgspec import Struct

from planner.model.cycle_content import ComputedDose, State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.finding import SEVERITIES, FindingStatus
from planner.model.kept import kept_words
from planner.model.schedule import Event
from planner.model.timeline import UNSETTLED
from ui.plan_words import event_name
from ui.timeline.dates import LONG_MONTHS
from ui.tongue import amount_words, say, weekday_date

WEEK = 7
RANKS = ("cell therapy", "intrathecal", "infusion", "antineoplastic", "rescue", "oral", "procedure", "assessment")
"""Roles that come first on a day; the others follow in the order of the schedule."""
GONE = (State.OMITTED, State.STOPPED)


class Entry(Struct, frozen=True):
    """What one drug or one examination does on a day: its name and doses, and the first of its events.

    `role` decides its sign. `orders` are the ids of all that it stands for: a loading dose and the infusion behind it
    are two orders of one drug, and the second was hidden where there was room for one.
    """

    name: str
    dose: str
    role: str
    state: State
    event: Event
    orders: tuple[str, ...]

    @property
    def text(self) -> str:
        """Name and dose."""
        return f"{self.name} {self.dose}".strip()

    def beside(self, drugs: Collection[str]) -> str:
        """Its words beside those drugs: of "Blinatumomab: bag" the bag alone, whose drug stands there already."""
        drug, _, rest = self.text.partition(": ")
        return rest if rest and drug in drugs else self.text

    def lines(self, fits: bool) -> list[str]:
        """Its doses in one line where that `fits`, else each on a line of its own: none is cut."""
        first, *more = self.dose.split(" + ")
        return [self.dose] if fits else [first, *(f"+ {one}" for one in more)]


class Day(Struct, frozen=True):
    """One day: its entries, the block's name for it, the worst open finding that speaks about it."""

    entries: tuple[Entry, ...]
    place: str = ""
    severity: str = ""


def days_of(evaluated: EvaluatedPlan) -> Mapping[int, Day]:
    """Every day on which something stands, by its ordinal."""
    events: dict[int, list[Event]] = defaultdict(list)
    for event in evaluated.due:
        events[event.day].append(event)
    severities = _severities(evaluated)
    return {day: Day(_entries(found), _place(found), severities.get(day, "")) for day, found in events.items()}


def is_unrecorded(entry: Entry, today: int) -> bool:
    """Whether its day is over and nobody has said what became of the dose."""
    return entry.event.day < today and entry.event.dose is not None and entry.state in UNSETTLED


def spoken(day: int, what: Day | None, today: int) -> str:
    """The day in one sentence, for screen readers."""
    if what is None:
        return say("{day}: nothing planned", day=weekday_date(day))
    said = "; ".join(_with_state(entry, today) for entry in what.entries)
    finding = f" {say('Open finding')}: {say(what.severity.capitalize())}." if what.severity else ""
    block = what.entries[0].event.placed.block.title
    return f"{weekday_date(day)}, {block} {what.place}: {said}.{finding}"


def _with_state(entry: Entry, today: int) -> str:
    if is_unrecorded(entry, today):
        return f"{entry.text} ({say('not recorded')})"
    return entry.text if entry.state is State.PLANNED else f"{entry.text} ({say(entry.state.value)})"


def months_text(first: date, last: date) -> str:
    """The months from one day to another: "November 2026", "November – December 2026"."""
    begins, ends = (say(LONG_MONTHS[day.month - 1]) for day in (first, last))
    if (first.year, first.month) == (last.year, last.month):
        return f"{begins} {first.year}"
    begins = begins if first.year == last.year else f"{begins} {first.year}"
    return f"{begins} – {ends} {last.year}"


def first_day(day: int, week_starts: int) -> int:
    """The first day of that day's week; `week_starts` is 0 for Monday, 6 for Sunday."""
    return day - (day - 1 - week_starts) % WEEK


def _entries(events: Sequence[Event]) -> tuple[Entry, ...]:
    """One entry a drug, by route and state: several doses of a day are counted, different ones stand side by side."""
    alike: dict[tuple[str, ...], list[Event]] = {}
    for event in events:
        placed = event.placed
        what = (placed.agent_name, placed.route, _sign_role(event)) if event.dose is not None else (placed.id,)
        alike.setdefault((placed.block.id, event.state, *what), []).append(event)
    entries = [_entry(found) for found in alike.values()]
    return tuple(sorted(entries, key=_place_in_cell))


def _place_in_cell(entry: Entry) -> tuple[bool, bool, bool, int]:
    """First what must not be left out, then what is sure, last what is not given: a cell may have room for little."""
    rank = RANKS.index(entry.role) if entry.role in RANKS else len(RANKS)
    return entry.state in GONE, not kept_words(entry.event), entry.state is State.PROVISIONAL, rank


def _entry(events: list[Event]) -> Entry:
    first = events[0]
    placed = first.placed
    counted = Counter(_dose(event.dose) for event in events if event.dose is not None)
    doses = " + ".join(f"{dose} × {count}" if count > 1 else dose for dose, count in counted.items())
    route = placed.route if doses and placed.route != "PO" else ""
    orders = tuple(dict.fromkeys(event.placed.id for event in events))
    words = f"{doses} {route}".strip()
    return Entry(event_name(placed.agent_name), words, _sign_role(first), first.state, first, orders)


def _dose(dose: ComputedDose) -> str:
    return say("dose?") if dose.value is None else amount_words(dose.value, dose.unit)


def _sign_role(event: Event) -> str:
    """The role that decides the sign: infusions and drugs by mouth have signs of their own."""
    placed = event.placed
    if placed.role != "antineoplastic":
        return placed.role
    return "infusion" if placed.kind == "infusion" else "oral" if placed.route == "PO" else placed.role


def _place(events: Sequence[Event]) -> str:
    """Cycle and day of the day's first event."""
    return f"C{events[0].placed.cycle} D{events[0].cycle_day}"


def _severities(evaluated: EvaluatedPlan) -> dict[int, str]:
    found: dict[int, str] = {}
    for severity in reversed(SEVERITIES):
        for finding in evaluated.findings:
            if finding.severity == severity and finding.status is FindingStatus.OPEN:
                found.update(dict.fromkeys(finding.days, severity))
    return found
