"""The grid of a block: a row a treatment day, a column a drug, INTRATHECAL in a column of its own."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import groupby

from msgspec import Struct, field

from planner.exports.sheets.changes import Key, key_of
from planner.exports.sheets.day_numbers import Numbered, days_of_run, place_of
from planner.exports.sheets.ends import Days
from planner.exports.sheets.notes import kept_lines, without_words
from planner.exports.sheets.roadmap.bands import cycle_band, next_band, outside_band
from planner.exports.sheets.roadmap.columns import (
    DrugKey,
    Marks,
    by_drug,
    checked_in_part,
    columns_of,
    drug_key,
    fitting,
    heading_words,
)
from planner.exports.sheets.roadmap.comments import changes, comment_lines, decision_words, notes
from planner.exports.sheets.roadmap.doses import dose_lines, intrathecal_lines, run_lines
from planner.exports.sheets.roadmap.findings import all_days
from planner.exports.sheets.roadmap.parts import study_letters
from planner.exports.sheets.roadmap.studies import named, study_lines
from planner.exports.sheets.sheet import Cell, Line, Row, Table
from planner.exports.wording.answers import Answers
from planner.exports.wording.checks import Checks, check_words
from planner.exports.wording.doses import (
    NOT_TO_BE_GIVEN,
    PREMEDICATION,
    STATES,
    in_order_of_day,
    is_drug,
    is_intrathecal,
    is_unsure,
)
from planner.exports.wording.holds import Ends
from planner.exports.wording.order_words import event_name, once_a_week_words
from planner.exports.wording.runs import FirstDays, Run, split_runs
from planner.exports.wording.text import NO_DAY, counted
from planner.model.civil import WEEKDAYS, clinical_date
from planner.model.cycle_content import State
from planner.model.finding import Finding
from planner.model.kept import doses_by_order
from planner.model.language import glued
from planner.model.protocol import ROLES
from planner.model.schedule import Event, PlacedBlock, PlacedOrder
from planner.model.site import Site
from planner.model.wish import WHOLE_PLAN, Wish

GOES_ON, GOES_ON_GIVEN, MAY_GO_ON = "goes on", "goes on, GIVEN", "may still go on"
ONE_LINE = (GOES_ON, GOES_ON_GIVEN, MAY_GO_ON)
"""What is said in one line with the name of a drug that shares its column."""

WHAT_GOES_ON = (24 * 60, 0, 0)
"""Where it stands in a day: behind what is given at an hour."""
ONCE_A_WEEK = "once a week"
HEADED = 2
"""Lines that the name and route of a drug take in such a column."""
ADVICE = "advice"
"""The severity that is told once."""
INTRATHECAL_KEY: DrugKey = ("", "IT", "intrathecal")


class Beside(Struct, frozen=True):
    """What is told beside the doses: findings, changes and answers in the comments of their days, and in the cells of a
    drug by day what may be `going` on there, nobody knows how long; empty they read as over.
    """

    findings: Sequence[Finding]
    changes: Mapping[Key, str]
    going: Mapping[int, Sequence[Event]]
    answers: Answers
    daily: Days
    begins: FirstDays
    ends: Ends
    checks: Checks
    numbered: Numbered
    wish: Wish = WHOLE_PLAN


class _Day(Struct):
    """What stands in one row of the grid while it is put together."""

    day: int
    cycle: int
    place: str
    """Its cycle and day in words."""
    drugs: dict[DrugKey, list[Line]] = field(default_factory=lambda: defaultdict(list))
    times: dict[DrugKey, tuple[int, int, int]] = field(default_factory=dict)
    """Where what is given on the day stands in it; nothing of what only goes on."""
    intrathecal: list[Line] = field(default_factory=list)
    studies: list[Line] = field(default_factory=list)
    named: list[Line] = field(default_factory=list)
    """The names of studies whose letter says nothing."""
    changes: dict[str, dict[str, None]] = field(default_factory=dict)
    """By what changed, the drugs it says that of; none where it is said of the day."""
    comments: dict[str, None] = field(default_factory=dict)
    notes: dict[str, dict[str, None]] = field(default_factory=dict)
    """By what is noted, the drugs of which it is."""
    provisional: set[DrugKey] = field(default_factory=set)
    given: bool = False
    to_give: bool = False
    """Whether anything of the day is not left out, so that there is a date to write."""


def grid(
    block: PlacedBlock,
    events: Sequence[Event],
    blocks: Sequence[PlacedBlock],
    site: Site,
    beside: Beside,
) -> Table:
    """All events of the block: single days in rows of their own, daily drugs on their first and last day.

    In the rows between they go on in one word: an empty cell reads as a pause.
    """
    shown = [cycle for cycle in block.cycles if beside.wish.meets(cycle.start, cycle.end)]
    here = {cycle.number for cycle in shown}  # a drug of the other cycles alone was an empty column
    work = _Grid(block, [one for one in events if one.placed.cycle in here], study_letters(events), site, beside)
    own, other = fitting(work.drug_keys(), work.lines(), has_intrathecal=work.has_intrathecal)
    rows: list[Row] = []
    for empty, cycles in groupby(shown, key=lambda cycle: not work.days_of(cycle.number)):
        several = tuple(cycles)
        for first, last in [(several[0], several[-1])] if empty else [(one, one) for one in several]:
            out = {first.number, last.number}.issubset(beside.ends.cycles_left_out(block))
            rows.append(cycle_band(block, first, last, beside.begins, left_out=out))
            days = work.days_of(first.number)
            rows += [_row(day, own, other, work, dated=not block.waits) for day in days]
    rows += [outside_band(len(block.cycles) - len(shown))] if len(shown) < len(block.cycles) else []
    rows.append(next_band(block, blocks, beside.begins, beside.ends))
    columns = columns_of(own, other, work.marks, has_intrathecal=work.has_intrathecal)
    return Table(columns, tuple(rows), begins=2)


class _Grid:
    """Sorts the events of one block into days."""

    def __init__(
        self,
        block: PlacedBlock,
        events: Sequence[Event],
        letters: Mapping[str, str],
        site: Site,
        beside: Beside,
    ) -> None:
        self._block = block
        self._changed = beside.changes
        self._answers = beside.answers
        self._daily = beside.daily
        self._site = site
        self._letters = letters
        self._days: dict[tuple[int, int, str], _Day] = {}
        self.has_intrathecal = any(is_intrathecal(event.placed) for event in events)
        self._keys: dict[DrugKey, None] = {}
        self._checks = beside.checks
        self._numbered = beside.numbered
        self.marks: Marks = {}
        self._runs: list[tuple[DrugKey, Run]] = []
        self._noted: set[tuple[str, str]] = set()
        self._doses = doses_by_order(events)
        self._unlike = checked_in_part(events, beside.checks)
        for found in self._doses.values():
            for alike in by_drug(found):
                self._sort(alike)
        self._go_on(beside.going)
        self._mark(beside.findings)

    def drug_keys(self) -> list[DrugKey]:
        """The drugs in order of their role, then of their first day: premedication first, as it is given."""
        roles = (PREMEDICATION, *ROLES)
        return sorted(self._keys, key=lambda key: roles.index(key[2]) if key[2] in roles else len(roles))

    def lines(self) -> dict[DrugKey, int]:
        """How many lines each drug would have in all rows of a shared column, its name and route in about two."""
        found = dict.fromkeys(self._keys, 0)
        for day in self._days.values():
            for key, told in day.drugs.items():
                found[key] += len(told) if _is_one_line(told) else HEADED + len(told)
        return found

    def days_of(self, cycle: int) -> list[_Day]:
        """The rows of one cycle, by date."""
        return [day for key, day in sorted(self._days.items()) if day.cycle == cycle]

    def _at(self, event: Event) -> _Day:
        key = (event.day, event.placed.cycle, place_of(event, self._numbered))
        if key not in self._days:
            self._days[key] = _Day(*key)
        day = self._days[key]
        day.given = day.given or event.state is State.GIVEN
        day.to_give = day.to_give or event.state not in NOT_TO_BE_GIVEN
        for words, name in changes(event, self._block, self._changed.get(key_of(event), "")):
            day.changes.setdefault(words, {}).update({name: None} if name else {})
        for note in notes(event):
            # A note that all events of an order share is told once.
            if (event.placed.id, note) not in self._noted:
                self._noted.add((event.placed.id, note))
                day.notes.setdefault(note, {})[event_name(event.placed)] = None
        return day

    def _sort(self, events: Sequence[Event]) -> None:
        placed = events[0].placed
        if is_intrathecal(placed):
            for event in events:
                row = self._at(event)
                row.intrathecal += intrathecal_lines(event, self._site.micrograms, check_words(placed, self._checks))
                row.provisional |= _if_provisional(event, INTRATHECAL_KEY)
        elif is_drug(placed):
            self._sort_drug(placed, events)
        elif placed.kind == "decision":
            for event in events:
                self._at(event).comments[decision_words(event, self._block, self._answers)] = None
        else:
            letter = self._letters[placed.order.id]
            for event in events:
                self._at(event).studies += study_lines(event, letter)
            for event, words in named(events, letter):
                self._at(event).named.append(words)

    def _sort_drug(self, placed: PlacedOrder, events: Sequence[Event]) -> None:
        key = drug_key(placed)
        self._keys[key] = None
        check = check_words(placed, self._checks)
        checked = [Line(check, "strong")] if check and key in self._unlike else []
        marks = "" if checked else check, ONCE_A_WEEK if once_a_week_words(events[0]) else ""
        self.marks.setdefault(key, {}).update(dict.fromkeys(filter(None, marks)))
        runs, single = split_runs(events)
        for day in single:
            lines = [*dose_lines(day, self._site.micrograms), *checked]
            self._tell(key, day.first, [*lines, *without_words(day.first, self._doses), *kept_lines(day.first)])
        self._runs += [(key, run) for run in runs]
        for run in runs:
            begun = not self._daily.goes_on_from(run)
            days = days_of_run(run, self._numbered)
            self._tell(key, run.first, [*run_lines(run, self._site.micrograms, days, begun=begun), *checked])
            self._tell(key, run.last, self._daily.last_lines(run, self._site.micrograms))

    def _tell(self, key: DrugKey, event: Event, lines: Sequence[Line]) -> None:
        """Put into the row of the event what is said of its drug, at the event's place in the day."""
        row, place = self._at(event), in_order_of_day(event)
        row.drugs[key] += lines
        row.times[key] = min(place, row.times.get(key, place))
        row.provisional |= _if_provisional(event, key)

    def _go_on(self, going: Mapping[int, Sequence[Event]]) -> None:
        """What is given, or may be, on the day of a row and is drawn elsewhere: here its cell would be empty."""
        for row in self._days.values():
            for key, run in self._runs:
                if run.first.day < row.day < run.last.day:
                    self._add(row, key, run.first, _between(run))
                    row.given = row.given or run.first.state is State.GIVEN
            for first in going.get(row.day, ()):
                if first.placed.block.id == self._block.id or first.placed.block.end <= row.day:
                    self._keys.setdefault(drug_key(first.placed))
                    self._add(row, drug_key(first.placed), first, MAY_GO_ON)

    @staticmethod
    def _add(row: _Day, key: DrugKey, first: Event, words: str) -> None:
        if not row.drugs.get(key):
            row.drugs[key].append(Line(words))
            row.provisional |= _if_provisional(first, key)

    def _mark(self, findings: Sequence[Finding]) -> None:
        """Findings stand in the comments of their days, where those have a row; an advice at the first of them.

        One about two drugs that the protocol gives together stood on each of 125 rows, and on those of what matters.
        """
        told: dict[str, set[tuple[int, int, str]]] = defaultdict(set)
        days: dict[str, set[int]] = defaultdict(set)
        for finding in findings:
            if finding.status != "cannot_check":
                words = f"{finding.severity} {glued(finding.rule)}"
                told[words] |= {key for key in self._days if key[0] in finding.days}
                days[words] |= {day for day in all_days(finding) if self._block.start <= day < self._block.end}
        for words, keys in told.items():
            if words.startswith(ADVICE) and len(keys) > 1:
                self._days[min(keys)].comments[f"{words}, on {counted(len(days[words]), 'day')} of this block"] = None
                continue
            for key in keys:
                self._days[key].comments[words] = None


def _between(run: Run) -> str:
    """What is said of a daily drug between its first and its last day."""
    state = run.first.state
    return STATES[state] if state in NOT_TO_BE_GIVEN else GOES_ON_GIVEN if state is State.GIVEN else GOES_ON


def _if_provisional(event: Event, key: DrugKey) -> set[DrugKey]:
    return {key} if is_unsure(event) else set()


def _row(day: _Day, own: Sequence[DrugKey], other: Sequence[DrugKey], work: _Grid, *, dated: bool) -> Row:
    """One day; not `dated` is one that nobody has set yet: its date is written in by hand."""
    due = (Line(WEEKDAYS[(day.day - 1) % 7]), Line(glued(clinical_date(day.day)), "strong"))
    cells = [
        Cell(due if dated else (Line(NO_DAY), Line("", blank=True))),
        Cell((Line(""), Line(glued(clinical_date(day.day)), "strong") if day.given else Line("", blank=day.to_give))),
        Cell((Line(day.place, "strong"),)),
    ]
    cells += [_drug_cell(day, key) for key in own]
    if other:
        cells.append(_shared_cell(day, other, work.marks))
    if work.has_intrathecal:
        cells.append(Cell(tuple(day.intrathecal), "dashed" if INTRATHECAL_KEY in day.provisional else ""))
    cells.append(Cell(tuple(day.studies)))
    told = comment_lines({**day.changes, **day.notes})
    cells.append(Cell((*day.named, *(Line(comment) for comment in (*told, *day.comments)))))
    return Row(tuple(cells))


def _drug_cell(day: _Day, key: DrugKey) -> Cell:
    return Cell(tuple(day.drugs.get(key, ())), "dashed" if key in day.provisional else "")


def _is_one_line(told: Sequence[Line]) -> bool:
    return [line.text for line in told] in [[words] for words in ONE_LINE]


def _shared_cell(day: _Day, keys: Sequence[DrugKey], marks: Marks) -> Cell:
    """Several drugs in order of the day: inotuzumab stood above what is given before it.

    Framed where all are provisional: a frame round one that is not says that it may be left out.
    """
    shown = [key for key in keys if day.drugs.get(key)]
    shown.sort(key=lambda key: day.times.get(key, WHAT_GOES_ON))
    framed = bool(shown) and day.provisional.issuperset(shown)
    lines: list[Line] = []
    for key in shown:
        unsure = ", provisional" if key in day.provisional and not framed else ""
        if _is_one_line(day.drugs[key]):
            lines.append(Line(f"{key[0]} {day.drugs[key][0].text}{unsure}"))
        else:
            words = ", ".join((key[0], heading_words(key), *marks.get(key, ())))
            lines += [Line(f"{words}{unsure}", "strong"), *day.drugs[key]]
    return Cell(tuple(lines), "dashed" if framed else "")
