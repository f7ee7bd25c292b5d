"""One lane: its name at the left, its bars, windows, findings and the labels that have room."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from math import inf

from msgspec import Struct
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from planner.model.civil import clinical_date
from planner.model.cycle_content import State
from planner.model.finding import SEVERITIES
from planner.model.timeline import Bar, free_bar, redrawn
from ui.plan_words import event_name
from ui.theme import qcolor
from ui.timeline.crowds import CROWDED, is_plain, paint_crowd, paint_plain
from ui.timeline.geometry import DayScale, clusters, day_runs
from ui.timeline.labels import Drawn, lane_labels
from ui.timeline.marks import MARK, paint_dot, paint_mark
from ui.timeline.paint import Kit, pen
from ui.timeline.places import Row
from ui.timeline.scene import LANE, POINTS, SECOND_LINE
from ui.timeline.signs import ARROW, HOLLOW, LEAST, SIGN, box_of, look_of, paint_sign

DIMMED = 0.3
"""Opacity of a block's bars at their place while the block is dragged."""
ABOVE = 9
"""Px from the upper edge of a span to the middle of its label: the signs of findings on the span need their room."""
CLEAR = 215
"""How much of the ground, of 255, lies under a label that crosses a line."""
LEAST_WORDS = 56.0
"""Width in px from which a shortened question or title still says something."""


class Focus(Struct, frozen=True):
    """What is selected and what is under the pointer: ids of bars, blocks and a lane, "" for none.

    `dragged` are the blocks that are being moved: they are dimmed at their places.
    """

    bar: str = ""
    block: str = ""
    hovered: str = ""
    hovered_block: str = ""
    lane: str = ""
    dragged: frozenset[str] = frozenset()
    unseen: frozenset[str] = frozenset()
    """Ids of bars that an edit moved and nobody has looked at since."""
    picked: frozenset[str] = frozenset()
    """Ids of the bars of a selection of several."""

    @property
    def chosen(self) -> frozenset[str]:
        """Ids of all bars that are outlined as selected."""
        return self.picked or frozenset((self.bar,))

    def shows_old_places(self, bar: Bar) -> bool:
        """Whether the place a deferred bar came from is shown."""
        return bool(bar.block) and bar.block in (self.block, self.hovered_block)


class LanePainter(Struct, frozen=True):
    """Paints lanes at one scale; the painter's origin is the left edge of the days."""

    kit: Kit
    scale: DayScale
    focus: Focus
    findings: Mapping[str, tuple[tuple[int, str], ...]]
    lines: tuple[int, ...] = ()
    """Days, in order, on which a line runs through the lanes: a label that crosses one gets a clear ground."""
    outlined: frozenset[int] = frozenset()
    """The bars, as `id`, chosen or under the pointer: asking a bar for its name takes longer than painting it."""
    unseen: frozenset[int] = frozenset()
    """The bars, as `id`, that an edit moved and nobody has looked at since."""
    hints: bool = True
    """Whether a lane with nothing in sight tells where its bars are."""
    today: int = 0

    def paint(self, painter: QPainter, row: Row, y: float) -> None:
        """The row's bars with everything that belongs to them. The painter is clipped to the plot."""
        middle = y + row.height / 2
        if row.lane.kind == "intrathecal":
            area = QRectF(0, y, self.scale.width, row.height)
            painter.fillRect(area, qcolor(self.kit.theme.intrathecal, 20))
        shown = [row.bars[index] for index in row.seen(self.scale.left, self.scale.right)]
        if row.shifted:
            self._old_places(painter, row, shown, middle)
        if row.lane.kind == "assessments" or (row.has_points and any(bar.form in POINTS for bar in shown)):
            self._points(painter, row, shown, middle)
        elif len(shown) > CROWDED and self.scale.per_day < LEAST + 1:
            apart = (self.outlined | self.unseen, self.focus.dragged)
            special = paint_crowd(painter, self.kit, self.scale, (row, shown), middle, apart)
            if special:
                self._bars(painter, row, special, middle, crowded=True)
        else:
            self._bars(painter, row, shown, middle)
        if self.hints and not any(bar.end > self.scale.left and bar.start < self.scale.right for bar in shown):
            self._where(painter, row, middle)

    def _where(self, painter: QPainter, row: Row, middle: float) -> None:
        """For a lane with nothing in sight: the day of its next bar at the right edge, else of its last at the left."""
        kit, width = self.kit, self.scale.width
        following = bisect_left(row.starts, self.scale.right)
        if following < len(row.bars):
            words = f"{clinical_date(row.starts[following])} →"
            x = width - kit.width(words) - 8
        else:
            words, x = f"← {clinical_date(row.reached[-1] - 1)}", 8.0
        self._clear(painter, x, kit.width(words), middle)
        kit.write(painter, (x, middle), words, kit.theme.muted)

    def _bars(self, painter: QPainter, row: Row, shown: list[Bar], middle: float, *, crowded: bool = False) -> None:
        """Bars one by one. Where others of the row are `crowded`, painted together, no label stands on those."""
        patterned = self.kit.is_patterned(row.lane.role)
        boxes = [box_of(bar, self.scale, middle, patterned) for bar in shown]
        before, dragged = -ARROW, self.focus.dragged
        for bar, box in zip(shown, boxes, strict=True):
            if dragged or not is_plain(bar.figure):
                self._bar(painter, row, bar, box, box.left() - before >= ARROW)
            else:
                paint_plain(painter, self.kit, row.lane.role, box)
                self._mark_bar(painter, bar, box)
            before = box.right()
        taken: dict[str, float] = {}
        for bar, box in zip(shown, boxes, strict=True):
            if bar.finding:
                self._finding(painter, bar, box, taken)
        until = [_next_of(row, bar, self.scale) if crowded and bar.form == "dose" else inf for bar in shown]
        self._labels(painter, row, shown, boxes, until)

    def _bar(self, painter: QPainter, row: Row, bar: Bar, box: QRectF, has_room: bool = True) -> None:
        """One bar with its whiskers, its outline and the dot of what was moved."""
        painter.setOpacity(self._opacity(bar))
        self._whiskers(painter, row, bar, box)
        paint_sign(painter, look_of(self.kit, bar, row.lane.role, box, self.scale), has_room)
        painter.setOpacity(1.0)
        self._mark_bar(painter, bar, box)

    def _mark_bar(self, painter: QPainter, bar: Bar, box: QRectF) -> None:
        """The outline of what is chosen or under the pointer, and a dot at what an edit moved."""
        if id(bar) in self.outlined:
            self._outline(painter, bar, bar.id, box)
        if id(bar) in self.unseen:
            paint_dot(painter, self.kit, QPointF(box.left() + 1, box.bottom()))

    def _opacity(self, bar: Bar) -> float:
        return DIMMED if self.focus.dragged and bar.block in self.focus.dragged else 1.0

    def _points(self, painter: QPainter, row: Row, shown: list[Bar], middle: float) -> None:
        """Signs of one day; those that would touch become one with their number."""
        patterned = self.kit.is_patterned(row.lane.role)
        before, boxes = -ARROW, [box_of(bar, self.scale, middle, patterned) for bar in shown]
        runs = clusters([box.center().x() for box in boxes], SIGN + 3)
        reached = 0.0
        for run in runs:
            bar, box = shown[run.start], boxes[run.start]
            free, before = box.center().x() - SIGN / 2 - before, boxes[run.stop - 1].center().x() + SIGN / 2
            if len(run) > 1:
                _cluster(painter, self.kit, self.scale.width, (boxes[run.start], boxes[run.stop - 1]), len(run))
                if any(id(shown[at]) in self.outlined and shown[at].id in self.focus.chosen for at in run):
                    _outline_box(painter, self.kit, boxes[run.start].united(boxes[run.stop - 1]).adjusted(-9, -2, 9, 2))
                continue
            self._bar(painter, row, bar, box, free >= ARROW)
            following = self.scale.width
            for later in shown[run.stop : run.stop + 1]:
                following = min(following, boxes[run.stop].left() - SIGN, self.scale.x(later.start - later.window[0]))
            reached = max(reached, self._whisker_tip(bar))
            if self._opacity(bar) == 1.0:
                self._title(painter, bar, box, (reached, following), whole=row.lane.kind == "drug")
            if bar.finding:
                self._finding(painter, bar, box, {})

    def _whisker_tip(self, bar: Bar) -> float:
        """How far to the right its whisker goes: no words stand on it."""
        return self.scale.x(bar.end + bar.window[1]) + 2 if bar.window[1] else 0.0

    def _title(self, painter: QPainter, bar: Bar, box: QRectF, free: tuple[float, float], *, whole: bool) -> None:
        """What is examined or asked, in the room behind all whiskers; shortened there unless `whole`, as cells are."""
        room = free[1]
        begin = max(box.center().x() + SIGN / 2 + 2, free[0])
        if bar.branches:
            _branches(painter, self.kit, bar, box.center())
            begin += 9
        label = event_name(bar.label)
        words = self.kit.elided(label, room - begin - 10)
        if box.right() < 0 or room - begin - 10 < min(LEAST_WORDS, self.kit.width(label)) or (whole and words != label):
            return
        color = self.kit.theme.text if bar.branches else self.kit.theme.muted
        self._clear(painter, begin + 3, self.kit.width(words), box.center().y())
        self.kit.write(painter, (begin + 3, box.center().y()), words, color)

    def _whiskers(self, painter: QPainter, row: Row, bar: Bar, box: QRectF) -> None:
        earlier, later = bar.window
        if not (earlier or later) or self.scale.per_day < 3:
            return
        middle = box.center().y() + (0.5 if bar.form not in POINTS else 0.0)
        painter.setPen(pen(self.kit.theme.role(row.lane.role), 1.0))
        for days, tip in ((earlier, self.scale.x(bar.start - earlier)), (later, self.scale.x(bar.end + later))):
            if days:
                at = round(tip) + (0.5 if days is earlier else -0.5)
                painter.drawLine(QLineF(at, middle, box.center().x(), middle))
                painter.drawLine(QLineF(at, middle - 3, at, middle + 3))

    def _old_places(self, painter: QPainter, row: Row, shown: list[Bar], middle: float) -> None:
        """Where the deferred bars of the block in question came from, as far as nothing stands there now."""
        taken = [(bar.start, bar.end) for bar in shown]
        painter.setPen(pen(self.kit.theme.muted, dashed=True))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for bar in shown:
            start, end = bar.start - bar.shift, bar.end - bar.shift
            if not bar.shift or bar.form in POINTS or not self.focus.shows_old_places(bar):
                continue
            if bar.form == "span" or not any(first < end and start < after for first, after in taken):
                old = redrawn(bar, start=start, end=end)
                box = box_of(old, self.scale, middle, self.kit.is_patterned(row.lane.role))
                painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)

    def paint_ghost(self, painter: QPainter, row: Row, y: float, delta: int) -> None:
        """The bars of the dragged blocks where they would land, without labels."""
        middle, dragged, patterned = y + row.height / 2, self.focus.dragged, self.kit.is_patterned(row.lane.role)
        scale = self.scale.moved(-round(delta * self.scale.per_day))
        for index in row.seen(scale.left, scale.right):
            bar = row.bars[index]
            if bar.block in dragged and bar.form != "mark":
                box = box_of(bar, scale, middle, patterned)
                if is_plain(bar.figure):
                    paint_plain(painter, self.kit, row.lane.role, box)
                else:
                    paint_sign(painter, look_of(self.kit, bar, row.lane.role, box, scale), has_room=False)

    def _outline(self, painter: QPainter, bar: Bar, name: str, box: QRectF) -> None:
        if name in (self.focus.picked or (self.focus.bar,)):
            around = 4.0 if bar.form in (*POINTS, "intrathecal") and box.width() < SIGN else 1.0
            wide = max((SIGN - box.width()) / 2, 0) if around > 1 else 0
            _outline_box(painter, self.kit, box.adjusted(-wide - 2, -2, wide + 2, 2))
        elif name in (self.focus.hovered, self.focus.bar):
            painter.setPen(pen(self.kit.theme.text, 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(-1.5, -1.5, 1.5, 1.5), 3, 3)

    def _finding(self, painter: QPainter, bar: Bar, box: QRectF, taken: dict[str, float]) -> None:
        """The sign of each severity at the first of the days in a row it speaks about; a line runs on over the rest.

        Signs of one severity that would lie on each other are one: `taken` are the last places in this lane.
        """
        top = box.top() - 1 if box.height() > 6 else box.center().y()
        if bar.end - bar.start == 1:
            self._mark(painter, QPointF(box.center().x(), top), bar.finding, taken)
            return
        days: dict[str, set[int]] = {}
        for day, severity in (found for order in bar.orders for found in self.findings.get(order, ())):
            if bar.start <= day < bar.end:
                days.setdefault(severity, set()).add(day)
        for severity in reversed(SEVERITIES):
            for first, last in day_runs(days.get(severity, ())):
                x = self.scale.x(first + 0.5)
                if last > first:
                    painter.setPen(pen(self.kit.theme.severity(severity), 2.0))
                    painter.drawLine(QLineF(x, box.bottom() + 2, self.scale.x(last + 1), box.bottom() + 2))
                self._mark(painter, QPointF(x, top), severity, taken)

    def _mark(self, painter: QPainter, at: QPointF, severity: str, taken: dict[str, float]) -> None:
        if at.x() - taken.get(severity, -MARK) >= MARK:
            paint_mark(painter, self.kit, at, severity)
            taken[severity] = at.x()

    def _extent(self, bar: Bar, box: QRectF) -> tuple[float, float]:
        """Left and right edge of all that is painted for a bar."""
        form = bar.form
        if form in ("span", "infusion"):
            return box.left(), box.right()
        if not bar.finding and is_plain(bar.figure):
            return min(box.left(), self.scale.x(bar.start)), max(box.right(), self.scale.x(bar.end))
        grows = 7.0 - box.width() / 2 if form == "intrathecal" and box.width() < SIGN else 0.0
        if bar.finding:
            grows = max(grows, (MARK - box.width()) / 2 + 1)
        left = min(box.left() - grows - (6 if bar.shift > 0 else 0), self.scale.x(bar.start - bar.window[0]))
        return left, max(box.right() + grows, self.scale.x(bar.end + bar.window[1]))

    def _labels(self, painter: QPainter, row: Row, shown: list[Bar], boxes: list[QRectF], until: list[float]) -> None:
        """Doses, each whole or not at all; what has no room is told by the readout."""
        kit, patterned = self.kit, self.kit.is_patterned(row.lane.role)
        drawn = [
            Drawn(bar, (box.left(), box.right()), self._extent(bar, box), end)
            for bar, box, end in zip(shown, boxes, until, strict=True)
        ]

        def spots(bar: Bar) -> list[float]:
            return [self.scale.x(day + 0.5) for day in bar.ticks]

        at = self.scale.width, kit.width, spots, self.scale.x(self.today)
        for label in lane_labels(drawn, *at, patterned=patterned):
            bar, box = shown[label.index], boxes[label.index]
            if self._opacity(bar) < 1.0:
                continue
            light = label.where == "inside" and bar.state not in HOLLOW
            rise = box.top() - ABOVE if label.where == "above" else box.center().y()
            if not light:
                self._clear(painter, label.x, label.width, rise)
            elif bar.form == "infusion" and bar.ticks:  # keep its ticks out of the text
                under = QRectF(label.x - 2, rise - 6, label.width + 4, 12)
                painter.fillRect(under, qcolor(kit.theme.role(row.lane.role)))
            kit.write(painter, (label.x, rise), label.text, kit.theme.on_bar if light else kit.theme.text)

    def _clear(self, painter: QPainter, x: float, width: float, middle: float) -> None:
        """Keep lines out of a text."""
        following = bisect_right(self.lines, self.scale.day(x - 1))
        if following < len(self.lines) and self.scale.x(self.lines[following]) < x + width + 1:
            painter.fillRect(QRectF(x - 1, middle - 6, width + 2, 13), qcolor(self.kit.theme.ground, CLEAR))


def _next_of(row: Row, bar: Bar, scale: DayScale) -> float:
    """Where the next bar of the row begins."""
    following = bisect_right(row.starts, bar.start)
    return scale.x(row.starts[following]) if following < len(row.starts) else inf


def _outline_box(painter: QPainter, kit: Kit, box: QRectF) -> None:
    painter.setPen(pen(kit.theme.accent, 2.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, 4, 4)


def _cluster(painter: QPainter, kit: Kit, width: float, ends: tuple[QRectF, QRectF], count: int) -> None:
    """A rounded field from the first to the last of the signs it stands for, with their number."""
    left, right = ends[0].center().x() - SIGN / 2, ends[1].center().x() + SIGN / 2
    field = QRectF(left, ends[0].center().y() - 7.5, right - left, 15)
    painter.setPen(pen(kit.theme.text, 1.2))
    painter.setBrush(qcolor(kit.theme.ground))
    painter.drawRoundedRect(field, 7.5, 7.5)
    inside = field.intersected(QRectF(0, field.top(), width, field.height()))
    if inside.width() > kit.width(str(count)) + 6:
        kit.write_centred(painter, inside, str(count), kit.theme.text, "small bold")


def _branches(painter: QPainter, kit: Kit, bar: Bar, centre: QPointF) -> None:
    """Lines that leave a decision: one for each answer while it is open, one once it is taken."""
    painter.setPen(pen(kit.theme.text, 1.2))
    start = centre + QPointF(SIGN / 2 + 1, 0)
    spread = [0.0] if not bar.letter else [-5.0, 5.0] if len(bar.branches) == 2 else [-5.0, 0.0, 5.0]
    for rise in spread:
        painter.drawLine(QLineF(start, start + QPointF(8, rise)))


def paint_header(painter: QPainter, kit: Kit, row: Row, y: float, width: float, lane_under_pointer: bool) -> None:
    """The lane's name with the sign its bars have."""
    theme = kit.theme
    if lane_under_pointer:
        painter.fillRect(QRectF(0, y, width, row.height), qcolor(theme.hover))
    lane = row.lane
    sample = free_bar("", 0, 1, _SAMPLES.get(lane.role, "dose"), lane.role, State.PLANNED, "", "", "", ticks=(0,))
    middle = y + LANE / 2
    scale = DayScale(0, 12, 12)
    painter.save()
    painter.translate(12, 0)
    if lane.kind == "drug" or lane.kind in ("intrathecal", "assessments", "co-medications"):
        box = box_of(sample, scale, middle, kit.is_patterned(lane.role))
        box = QRectF(0, middle - box.height() / 2, 12, box.height())
        paint_sign(painter, look_of(kit, sample, lane.role, box, scale))
    painter.restore()
    strong = lane.kind == "intrathecal"
    for number, line in enumerate(row.title):
        x, at = 32.0, middle + number * SECOND_LINE
        name, space, route = (
            line.rpartition(" ") if lane.kind == "drug" and number + 1 == len(row.title) else (line, "", "")
        )
        face = "label bold" if strong else "label"
        kit.write(painter, (x, at), name or route, theme.intrathecal if strong else theme.text, face)
        if space:
            kit.write(painter, (x + kit.width(name + space, face), at), route, theme.muted, face)


_SAMPLES = {
    "infusion": "infusion",
    "oral": "span",
    "intrathecal": "intrathecal",
    "cell therapy": "disc",
    "assessment": "diamond",
    "procedure": "triangle",
    "decision": "hexagon",
    "co-medication": "span",
}
