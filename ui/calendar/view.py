"""The calendar a person looks at: seven days across, weeks under each other, the same signs as the timeline."""

from collections.abc import Iterable, Mapping
from datetime import date

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from planner.model.civil import WEEKDAYS, clinical_date
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from ui.calendar.weeks import GONE, WEEK, Day, Entry, days_of, first_day, is_unrecorded, months_text, spoken
from ui.theme import Theme, qcolor
from ui.timeline.marks import paint_mark
from ui.timeline.paint import Kit, kit_for, pen
from ui.timeline.signs import HOLLOW, pause, tick
from ui.tongue import say

MONTH, HEAD, LINE, TOP, PAD, SIGN, GAP = 26, 48, 16, 22, 6, 10, 4
"""Px: the row of months, it with the weekdays, a line, room above lines, a margin, a sign, the space behind it."""
LEAST_WEEK, MOST_WEEK = TOP + 4 * LINE + PAD, TOP + 12 * LINE + PAD
"""Least and most height of a week in px: on a large screen there are more weeks, not emptier ones."""
LEAST_DAY = 104
"""Least width of a day in px: most drugs' names have room in it; a narrower view scrolls sideways."""
STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -WEEK,
    Qt.Key.Key_Down: WEEK,
    Qt.Key.Key_PageUp: -4 * WEEK,
    Qt.Key.Key_PageDown: 4 * WEEK,
}
"""Days by which keys move."""


class CalendarView(QAbstractScrollArea):
    """`eventChosen` carries an event somebody clicked or chose with Enter."""

    eventChosen = Signal(object)

    def __init__(self, theme: Theme, week_starts: int = 0) -> None:
        super().__init__()
        self.kit = Kit(theme)
        self.days: Mapping[int, Day] = {}
        self.day = 0
        self.today = 0
        self._first = self._weeks = 0
        self._laid = LEAST_WEEK
        """Height of a week when the weeks were laid out last."""
        self._week_starts = week_starts
        self._chosen: str = ""
        self.months = ""
        """The months of the weeks in sight, as they were painted last."""
        self.setViewport(QWidget())
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Calendar")
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Draw in that theme from now on."""
        self.kit = kit_for(self.viewport(), theme)

    def show_plan(self, evaluated: EvaluatedPlan, today: int, week_starts: int) -> None:
        """Show the weeks of that plan; the day in focus stays where the plan still reaches it."""
        self.days = days_of(evaluated)
        self.today, self._week_starts = today, week_starts
        first, last = min(self.days, default=today), max(self.days, default=today)
        stays = first <= self.day <= last
        if not stays:
            self.day = min(max(today, first), last)
        self._first = first_day(first, week_starts)
        self._weeks = (last - self._first) // WEEK + 1
        self._fit()
        self.go_to(self.day, ahead=not (stays and self.months))

    def mark(self, order: str, day: int) -> None:
        """Show what is selected elsewhere."""
        self._chosen = order
        if order and day != self.day and day in self.days:
            self.go_to(day)
        self.viewport().update()

    def go_to(self, day: int, *, ahead: bool = False) -> None:
        """Bring that day into focus and into sight; `ahead` with the week before it above and what comes below."""
        self.day = min(max(day, self._first), self._first + self._weeks * WEEK - 1)
        top = (self.day - self._first) // WEEK * self._height
        bar = self.verticalScrollBar()
        room = self.viewport().height() - HEAD
        bar.setValue(top - self._height if ahead else min(max(bar.value(), top + self._height - room), top))
        aside, cell = self.horizontalScrollBar(), self._cell(self.day)
        left, past = cell.left() + aside.value(), cell.right() + 1 - self.viewport().width()
        aside.setValue(min(max(aside.value(), past + aside.value()), left))
        self.setAccessibleDescription(spoken(self.day, self.days.get(self.day), self.today))
        self.viewport().update()

    @property
    def _height(self) -> int:
        """Height of a week: about four fill the view of a usual screen."""
        return min(max((self.viewport().height() - HEAD) // 4, LEAST_WEEK), MOST_WEEK)

    @property
    def _width(self) -> int:
        """Width of a week."""
        return max(self.viewport().width(), WEEK * LEAST_DAY)

    def _fit(self) -> None:
        aside, bar, self._laid = self.horizontalScrollBar(), self.verticalScrollBar(), self._height
        aside.setRange(0, self._width - self.viewport().width())
        aside.setPageStep(self.viewport().width())
        aside.setSingleStep(LEAST_DAY)
        bar.setRange(0, max(self._weeks * self._height - (self.viewport().height() - HEAD), 0))
        bar.setPageStep(max(self.viewport().height() - HEAD, 1))
        bar.setSingleStep(self._height // 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The weeks in sight stay, though each is higher or lower now."""
        super().resizeEvent(event)
        bar = self.verticalScrollBar()
        above = bar.value() / self._laid
        self._fit()
        bar.setValue(round(above * self._laid))
        if not self.months:  # nobody has seen it yet: it is shown at the size it gets now
            self.go_to(self.day, ahead=True)

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if event.modifiers() & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier):
            event.ignore()
        elif key in STEPS:
            self.go_to(self.day + STEPS[key])
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.go_to(min(self.days, default=0) if key == Qt.Key.Key_Home else max(self.days, default=0))
        elif key == Qt.Key.Key_T:
            self.go_to(self.today, ahead=True)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.day in self.days:
            self._choose_next()
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        day = self.day_at(at)
        if day is None:
            return
        self.go_to(day)
        inside, cell = self.days.get(day), self._cell(day)
        lines = self._lines(inside, cell.width()) if inside else []
        number = (at.y() - cell.top() - TOP) // LINE
        entry = lines[number][0] if 0 <= number < len(lines) else None
        if entry:
            self.eventChosen.emit(entry.event)

    def day_at(self, at: QPoint) -> int | None:
        """The day at that point; None outside the weeks."""
        week = (at.y() - HEAD + self.verticalScrollBar().value()) // self._height
        column = (at.x() + self.horizontalScrollBar().value()) * WEEK // self._width
        if at.y() < HEAD or not (0 <= week < self._weeks and 0 <= column < WEEK):
            return None
        return self._first + week * WEEK + column

    def _choose_next(self) -> None:
        """The entry of the day after the chosen one, around at the end."""
        entries = self.days[self.day].entries
        at = next((place + 1 for place, entry in enumerate(entries) if self._chosen in entry.orders), 0)
        self.eventChosen.emit(entries[at % len(entries)].event)

    def _cell(self, day: int) -> QRect:
        week, column = divmod(day - self._first, WEEK)
        width, aside = self._width, self.horizontalScrollBar().value()
        left, right = width * column // WEEK - aside, width * (column + 1) // WEEK - aside
        top = HEAD + week * self._height - self.verticalScrollBar().value()
        return QRect(left, top, right - left, self._height)

    def _lines(self, day: Day, width: int) -> list[tuple[Entry | None, str]]:
        """What is written in a cell: an entry's name, under it its dose where both do not fit, at last what is left.

        A drug and its dose are never cut; a title of an examination may be, where its day has no line left for it.
        """
        room, most = width - 2 * PAD - SIGN - GAP, (self._height - TOP - PAD) // LINE
        found: list[tuple[Entry | None, str]] = []
        drugs = {one.name for one in day.entries if one.dose}
        for number, entry in enumerate(day.entries):
            fits = self.kit.width(entry.text) <= room
            title = entry.text if fits else entry.beside(drugs)
            texts = (
                [title]
                if fits or not entry.dose
                else [entry.name, *entry.lines(self.kit.width(entry.dose, "small") <= room)]
            )
            more = number + 1 < len(day.entries)
            if len(found) + len(texts) + more > most:
                return [*found, (None, say("+ {count} more", count=len(day.entries) - number))]
            found += [(entry, text) for text in texts]
        return _unfolded(self.kit, found, room, most - len(found))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.viewport().rect(), qcolor(self.kit.theme.ground))
        top = self.verticalScrollBar().value()
        first = top // self._height
        last = min((top + self.viewport().height()) // self._height + 1, self._weeks)
        painter.setClipRect(0, HEAD, self.viewport().width(), self.viewport().height() - HEAD)
        for week in range(first, last):
            for column in range(WEEK):
                day = self._first + week * WEEK + column
                self._paint_day(painter, day, self._cell(day), self.days.get(day))
        painter.setClipping(False)
        scrolled, room = self.verticalScrollBar().value(), self.viewport().height() - HEAD
        first = self._first + round(scrolled / self._height) * WEEK
        last = max(first, self._first + (scrolled + room - TOP) // self._height * WEEK + WEEK - 1)
        self.months = months_text(date.fromordinal(first), date.fromordinal(last))
        names = [say(WEEKDAYS[(self._week_starts + column) % WEEK])[:3] for column in range(WEEK)]
        lefts = [self._cell(self._first + column).left() for column in range(WEEK)]
        _paint_head(painter, self.kit, self.viewport().width(), self.months, zip(lefts, names, strict=True))

    def _paint_day(self, painter: QPainter, day: int, cell: QRect, inside: Day | None) -> None:
        theme, kit = self.kit.theme, self.kit
        civil = date.fromordinal(day)
        if civil.weekday() >= 5:
            painter.fillRect(cell, qcolor(theme.shade))
        painter.setPen(pen(theme.line))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawLine(QPointF(cell.left() + 0.5, cell.top()), QPointF(cell.left() + 0.5, cell.bottom() + 1))
        painter.drawLine(QPointF(cell.left(), cell.bottom() + 0.5), QPointF(cell.right() + 1, cell.bottom() + 0.5))
        middle = cell.top() + TOP / 2
        named = civil.day == 1 or day == self._first
        number = f"{civil.day} {clinical_date(day)[3:6]}" if named else str(civil.day)
        color = theme.accent if day == self.today else theme.text if inside else theme.muted
        kit.write(painter, (cell.left() + PAD, middle), number, color, "label bold")
        if inside:
            self._paint_inside(painter, cell, inside, kit.width(number, "label bold"))
        if day in (self.day, self.today):
            focus = day == self.day and self.hasFocus()
            painter.setPen(pen(theme.accent, 2.0 if focus else 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(cell).adjusted(1.5, 1, -1.5, -2))

    def _paint_inside(self, painter: QPainter, cell: QRect, inside: Day, taken: float) -> None:
        theme, kit = self.kit.theme, self.kit
        middle = cell.top() + TOP / 2
        right = cell.right() - PAD
        if inside.severity:
            paint_mark(painter, kit, QPointF(right - 6, middle), inside.severity)
            right -= 18
        room = right - cell.left() - PAD - taken - 10
        place = kit.elided(inside.place, room)
        if room > 30:
            kit.write(painter, (right - kit.width(place), middle), place, theme.muted)
        before: Entry | None = None
        lines = self._lines(inside, cell.width())
        for number, (entry, text) in enumerate(lines):
            y = cell.top() + TOP + LINE * (number + 0.5)
            if entry is None:
                kit.write(painter, (cell.left() + PAD, y), text, theme.muted, "small bold")
            else:
                tall = sum(one is entry for one, _ in lines) if entry is not before else 0
                self._paint_entry(painter, (cell, y), entry, text, tall)
            before = entry

    def _paint_entry(self, painter: QPainter, at: tuple[QRect, float], entry: Entry, text: str, tall: int) -> None:
        """One line of an entry; with the first of them, `tall` lines in all, what stands around and before it."""
        theme, kit = self.kit.theme, self.kit
        cell, middle = at
        chosen = self._chosen in entry.orders
        if chosen and tall:
            area = QRectF(cell.left() + 3, middle - LINE / 2, cell.width() - 6, LINE * tall)
            painter.setPen(pen(theme.accent))
            painter.setBrush(qcolor(theme.accent, 36))
            painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        unrecorded = is_unrecorded(entry, self.today)
        hollow = entry.state in HOLLOW or unrecorded
        if tall:
            box = QRectF(cell.left() + PAD, middle - SIGN / 2, SIGN, SIGN)
            _paint_sign(painter, kit, box, entry, unrecorded=unrecorded)
        x, room = cell.left() + PAD + SIGN + GAP, cell.width() - 2 * PAD - SIGN - GAP
        text = text if entry.dose else kit.elided(text, room)
        _write_within(painter, kit, (x, middle), (text, theme.muted if hollow else theme.text), room)
        if entry.state in GONE:
            painter.setPen(pen(theme.muted))
            painter.drawLine(QPointF(x, middle), QPointF(x + min(kit.width(text), room), middle))


def _unfolded(kit: Kit, lines: list[tuple[Entry | None, str]], room: int, spare: int) -> list[tuple[Entry | None, str]]:
    """The lines with titles that would be cut in two lines each, as long as some are to spare."""
    found: list[tuple[Entry | None, str]] = []
    for entry, text in lines:
        words = text.split(" ")
        fits = [at for at in range(1, len(words)) if kit.width(" ".join(words[:at]), "small") <= room]
        if entry and not entry.dose and fits and spare > 0 and kit.width(text, "small") > room:
            spare -= 1
            found += [(entry, " ".join(words[: fits[-1]])), (entry, " ".join(words[fits[-1] :]))]
        else:
            found.append((entry, text))
    return found


def _write_within(painter: QPainter, kit: Kit, at: tuple[float, float], told: tuple[str, str], room: float) -> None:
    """The words in their colour; a drug's name that is wider than a day is made narrower, and not shorter."""
    text, color = told
    if (wide := kit.width(text)) <= room:
        kit.write(painter, at, text, color, "small")
        return
    painter.save()
    painter.translate(*at)
    painter.scale(room / wide, 1.0)
    kit.write(painter, (0, 0), text, color, "small")
    painter.restore()


def _paint_head(painter: QPainter, kit: Kit, width: int, months: str, weekdays: Iterable[tuple[int, str]]) -> None:
    """The months in sight and, each at its left edge, the days of the week."""
    painter.fillRect(QRect(0, 0, width, HEAD), qcolor(kit.theme.panel))
    kit.write(painter, (PAD, MONTH / 2 + 2), months, kit.theme.text, "label bold")
    for left, name in weekdays:
        kit.write(painter, (left + PAD, (MONTH + HEAD) / 2), name, kit.theme.muted, "small bold")
    painter.setPen(pen(kit.theme.line))
    painter.drawLine(QPointF(0, HEAD - 0.5), QPointF(width, HEAD - 0.5))


def _paint_sign(painter: QPainter, kit: Kit, box: QRectF, entry: Entry, *, unrecorded: bool) -> None:
    """The square of an entry, as its bar is on the timeline: what was given has a tick, what is held a pause.

    A question mark stands in what lies behind today and was not recorded: nobody knows here whether it was given.
    """
    theme = kit.theme
    painter.setPen(pen(theme.role(entry.role), 1.2, dashed=entry.state is State.PROVISIONAL))
    painter.setBrush(qcolor(theme.ground) if entry.state in HOLLOW or unrecorded else kit.fill(entry.role))
    painter.drawRect(box)
    if unrecorded:
        kit.write_centred(painter, box, "?", theme.text, "letter")
    elif entry.state is State.GIVEN:
        tick(painter, box, theme.text if kit.is_patterned(entry.role) else theme.on_bar)
    elif entry.state is State.HELD:
        pause(painter, box, theme.text)
