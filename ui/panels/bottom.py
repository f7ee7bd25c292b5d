"""The tabs below the timeline: findings, the schedule as a table, counters, the history of edits."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtWidgets import QLabel, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from planner.model.counter import Totals
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.finding import FindingStatus
from ui.models.counter_table import COUNTER_COLUMNS, lines_of
from ui.models.finding_table import FINDING_COLUMNS, Place, by_severity, in_order, severity_words
from ui.models.history_table import HISTORY_COLUMNS, steps
from ui.models.rows_model import RowsModel
from ui.models.schedule_table import SCHEDULE_COLUMNS, EventKey, event_key
from ui.rows.table import LEAST_REST, RowTable
from ui.rows.word_table import AFTER_SIGN, PAD, WordTable
from ui.theme import Theme
from ui.tongue import say

NO_PLAN = "Findings stand here once a plan is open."
NOT_JUDGED = "Not checked yet: the rules are being read …"
NO_FINDING = "No rule speaks about this plan. What was checked, and what could not be, stands in the status line."
NO_EVENT = "Every dose and examination of the plan stands here, once it holds a protocol."
NO_COUNTER = "What the course adds up to stands here, once the plan holds a protocol."


SIGN_ROOM = AFTER_SIGN + PAD + 1
"""Px of the first column for the sign and the margins of the word beside it, whose width is rounded."""


MOST_COUNTED = (220, 112, 112, 112, 112, 160)
"""Px that the columns of the counters take at the most before what they are made of."""
LEAST_PARTS, LEAST_NOTE = 120, 320
"""Px that are left for what a counter is made of, whose whole words stand beside the pointer, and for a dose's note."""
HEAD_ROOM = 20
"""Px beside the title of a column."""


class BottomTabs(QTabWidget):
    """`findingChosen` and `eventChosen` come when a person selects a row, `stepChosen` when one asks for a state.

    `add_up` makes the counters, `past` gives the named edits and the place the plan stands at; each is asked only while
    its tab is in front.
    """

    findingChosen = Signal(object)
    eventChosen = Signal(object)
    stepChosen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName(say("Findings, table and history"))
        self._evaluated: EvaluatedPlan | None = None
        self._event: EventKey | None = None
        self._left: Place | None = None
        findings = RowsModel(FINDING_COLUMNS, lambda one: one.id, self)
        self.findings = WordTable(findings, "Findings", theme, signed=True)
        self.schedule = WordTable(RowsModel(SCHEDULE_COLUMNS, event_key, self), "Schedule", theme)
        self.history = WordTable(RowsModel(HISTORY_COLUMNS, lambda one: one.number, self), "History of edits", theme)
        self.counters = WordTable(RowsModel(COUNTER_COLUMNS, lambda one: one.key, self), "Counters", theme)
        self.add_up: Callable[[EvaluatedPlan], Totals] | None = None
        self.today = 0
        """The day from which on the table is shown at first, an ordinal; 0 until it is known."""
        self.past: Callable[[], tuple[tuple[str, ...], int]] | None = None
        self._no_finding, self._no_event, self._no_counter = map(
            _Emptiness, (self.findings, self.schedule, self.counters)
        )
        self.addTab(self._no_finding, "Findings")
        self.addTab(self._no_event, "Table")
        self.addTab(self._no_counter, "Counters")
        self.addTab(self.history, "History")
        self._set_widths()
        self.findings.chosen.connect(self.findingChosen)
        self.schedule.chosen.connect(self.eventChosen)
        self.history.opened.connect(lambda step: self.stepChosen.emit(step.number))
        self.currentChanged.connect(self._show_current)
        self.currentChanged.connect(self._begin_today)

    def sizeHint(self) -> QSize:
        return QSize(600, 176)

    def show_plan(self, evaluated: EvaluatedPlan | None, *, judged: bool) -> None:
        """Show findings now, the long table only while its tab is in front. `judged` is false until rules are read."""
        before, self._evaluated = self._evaluated, evaluated
        findings = by_severity(evaluated.findings) if evaluated else ()
        self.findings.show_rows(findings)
        empty = NO_FINDING if judged else NOT_JUDGED
        opened = sum(finding.status is FindingStatus.OPEN for finding in findings)
        title = f"{say('Findings')} ({opened})" if opened else say("Findings")
        if title != self.tabText(0):  # the same again would lay out and paint all tabs with their tables
            self.setTabText(0, title)
        self._no_finding.tell("" if findings else say(empty if evaluated else NO_PLAN))
        self._show_current()
        if evaluated and (before is None or before.plan.id != evaluated.plan.id):
            self.findings.scrollToTop()  # however far the findings of another patient were read, the gravest come first
            QTimer.singleShot(0, self, self.bring_today)  # the row of another patient's course says nothing of this one

    def show_history(self) -> None:
        """Show the named edits and the place the plan stands at: after a long day there are thousands of them."""
        if self.past and self.currentWidget() is self.history:
            self.history.show_rows(steps(*self.past()) if self._evaluated else ())

    def mark(self, finding: str, event: EventKey | None) -> None:
        """Select the rows of what is selected elsewhere; the long table's once it is in front."""
        self._event = event
        row = self.findings.row()
        if row is not None and not finding:
            self._left = in_order(row)
        elif finding or event:
            self._left = None
        self.findings.select_key(finding)
        self.schedule.select_key(event)

    def next_finding(self, step: int, day: int = 0) -> None:
        """Go to the next (+1) or previous (-1) finding in order of time, around at the ends.

        Where no finding is selected it is the next one from that day on, or the last before it.
        """
        rows = by_severity(self._evaluated.findings) if self._evaluated else ()
        opened = [one for one in rows if one.status is FindingStatus.OPEN] or list(rows)
        if not opened:
            return
        self.setCurrentIndex(0)
        in_time = sorted(opened, key=in_order)
        places = [in_order(one) for one in in_time]
        current = self.findings.row()
        # What was fixed or let stand is gone from among them; the way goes on from where it stood.
        place = in_order(current) if current else self._left or (day, -1, "", "")
        at = bisect_right(places, place) if step > 0 else bisect_left(places, place) - 1
        self.findings.selectRow(rows.index(in_time[at % len(in_time)]))

    def go_to(self, table: RowTable) -> None:
        """Bring that table to the front and the keys to it."""
        pages = (self._no_finding, self._no_event, self._no_counter)
        self.setCurrentWidget(next((page for page in pages if page.table is table), table))
        table.setFocus()

    def _begin_today(self) -> None:
        if not self._event:
            QTimer.singleShot(0, self, self.bring_today)  # after the tab came to its size

    def bring_today(self) -> None:
        """Let the table, where it is in front, begin with the first event of today or after it."""
        if not self.today or self._evaluated is None or self.currentWidget() is not self._no_event:
            return
        rows = self._evaluated.due
        first = bisect_left(rows, self.today, key=lambda event: event.day)
        if first < len(rows):
            self.schedule.doItemsLayout()  # rows that are new have no height yet to scroll over
            self.schedule.scrollTo(self.schedule.model().index(first, 0), RowTable.ScrollHint.PositionAtTop)

    def set_theme(self, theme: Theme) -> None:
        """Draw in that theme from now on."""
        for table in (self.findings, self.schedule, self.history, self.counters):
            table.set_theme(theme)

    def _show_current(self) -> None:
        if self.currentWidget() is self._no_event:
            events = self._evaluated.due if self._evaluated else ()
            self.schedule.show_rows(events)
            self.schedule.select_key(self._event)
            self._no_event.tell("" if events else say(NO_EVENT))
        if self.currentWidget() is self._no_counter and self.add_up:
            lines = lines_of(self.add_up(self._evaluated)) if self._evaluated else ()
            self.counters.show_rows(lines)
            self.counters.fit_columns(MOST_COUNTED)
            self._no_counter.tell("" if lines else say(NO_COUNTER))
        self.show_history()

    def _set_widths(self) -> None:
        # The gravest word is the longest, and it is the one that must not be cut.
        severity = SIGN_ROOM + max(self.fontMetrics().horizontalAdvance(word) for word in severity_words())
        # Nor is a rule's id, whose last letter parts MT-06 from MT-06b.
        rule = self.fontMetrics().horizontalAdvance("MM-00M") + HEAD_ROOM
        # Nor is a dose: what stands in its place is longer in some languages.
        dose = max(100, self.fontMetrics().horizontalAdvance(say("dose to enter")) + HEAD_ROOM)
        for table, widths, least in (
            (self.findings, (severity, rule, 0, 208), LEAST_REST),
            (self.schedule, (132, 52, 156, dose, 56, 68, 136, 88, 120, 130, 180, 84, 0), LEAST_NOTE),
            (self.counters, (240, 72, 72, 80, 80, 160, 0), LEAST_PARTS),
            (self.history, (72, 0), LEAST_REST),
        ):
            for column, width in enumerate(widths):
                title = self.fontMetrics().horizontalAdvance(table.title(column))
                if width:
                    table.setColumnWidth(column, max(width, title + HEAD_ROOM))
                else:
                    table.give_rest(column, least)


class _Emptiness(QStackedWidget):
    """A table, or one sentence in its place."""

    def __init__(self, table: QWidget) -> None:
        super().__init__()
        self.table = table
        self._label = QLabel()
        self._label.setProperty("tone", "muted")
        self._label.setWordWrap(True)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(12, 12, 12, 12)
        column.addWidget(self._label)
        column.addStretch(1)
        self.addWidget(table)
        self.addWidget(page)

    def tell(self, words: str) -> None:
        """Show the sentence; the table where there is none."""
        self._label.setText(words)
        self.setCurrentIndex(1 if words else 0)
