"""Who this is about: one band over the whole window, on every plan, never scrolled away."""

from datetime import date

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from planner.model.civil import clinical_date
from planner.model.plan import Plan
from planner.model.quantity import plain
from ui.rows.one_line import OneLine
from ui.theme import FONT_FAMILY, RADIUS_BAR, SIZE_BASE, SIZE_HEADING, SIZE_SMALL, SIZE_TITLE, Theme, qcolor
from ui.tongue import say

SEXES = {"female": "Female", "male": "Male", "other": "Other"}


class PatientBanner(QFrame):
    """Name, birth date with age, id, sex; weight and body surface with their day; DEMO where it is one."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName("Patient")
        # Fonts and colours are set here and not by the style sheet, which comes after the first paint.
        self.setAutoFillBackground(True)
        self.name = _Name()
        self.born, self.id, self.sex = _part(), _part(), _part()
        self.body = OneLine(keeps=True)
        _dress(self.body)
        self.stage = _part()
        self.stage.setAccessibleName(say("How far this version is on its way to the ward"))
        self.demo = Chip("DEMO", theme)
        self.demo.setAccessibleName(say("DEMO: not a real patient"))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(16)
        for part in (self.name, self.born, self.id, self.sex):
            row.addWidget(part)
        row.addWidget(self.body, 1)  # who it is stays whole; of the measures the surface stays, all stand in their tip
        row.addWidget(self.stage)
        row.addWidget(self.demo)
        self.name.lines.connect(lambda height: self.setFixedHeight(max(height + 2 * LINE_GAP, LEAST)))
        self.show_patient(None, date.min)

    def set_theme(self, theme: Theme) -> None:
        """Draw in that theme from now on."""
        self._theme = self.demo.theme = theme
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, qcolor(self._theme.line))

    def show_patient(self, plan: Plan | None, today: date) -> None:
        """Everything at once, so that no part of an earlier patient can stay."""
        self.demo.setVisible(bool(plan and plan.demo))
        if plan is None:
            self.name.setText(say("No patient"))
            for part in (self.born, self.id, self.sex, self.body, self.stage):
                part.setText("")
            return
        patient = plan.patient
        self.name.setText(patient.display_name)
        self.born.setText(
            say("Born {day} ({years} y)", day=clinical_date(patient.birth_date), years=patient.age_on(today))
        )
        self.id.setText(f"ID {patient.id}" if patient.id else say("ID not recorded"))
        self.sex.setText(say(SEXES.get(patient.sex, "Sex not known")))
        words, *shorter = _body_texts(plan, today)
        self.body.setText(words, shorter=shorter)


LEAST, LINE_GAP = 36, 3
"""Height of the band in px, and what is free above and below a name that needs more of it."""
NAME_LEAST = 160
"""Pixels that a name has at least, on the narrowest window too, where it needs them."""


class _Name(QLabel):
    """A name that is shown whole and makes no window wider: with little room in smaller letters, then in lines.

    `lines` tells how high it is then, in px; 0 where it has one line.
    """

    lines = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        _dress(self, SIZE_TITLE, bold=True)

    def sizeHint(self) -> QSize:
        return QSize(self._needs(SIZE_TITLE), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self._needs(SIZE_TITLE), NAME_LEAST), 0)

    def setText(self, words: str) -> None:
        super().setText(words)
        self.setToolTip(words)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _needs(self, size: int) -> int:
        return QFontMetrics(_font(size, bold=True)).horizontalAdvance(self.text()) + 2

    def _fit(self) -> None:
        sizes = (SIZE_TITLE, SIZE_HEADING, SIZE_BASE, SIZE_SMALL)
        fits = next((size for size in sizes if self._needs(size) <= self.width()), 0)
        self.setFont(_font(fits or SIZE_SMALL, bold=True))
        self.setWordWrap(not fits)
        self.lines.emit(0 if fits else self.heightForWidth(self.width()))


class Chip(QLabel):
    """A short word on a filled ground."""

    def __init__(self, word: str, theme: Theme) -> None:
        super().__init__(word)
        self.theme = theme
        self.setFont(_font(SIZE_BASE, bold=True))
        self.setContentsMargins(10, 2, 10, 2)
        self.setFixedHeight(20)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(qcolor(self.theme.warning))
        painter.drawRoundedRect(self.rect(), RADIUS_BAR, RADIUS_BAR)
        painter.setPen(qcolor(self.theme.ground))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.text())


def _font(size: int, *, bold: bool) -> QFont:
    font = QFont(FONT_FAMILY)
    font.setPixelSize(size)
    font.setBold(bold)
    return font


def _part(size: int = SIZE_BASE, *, bold: bool = False) -> QLabel:
    label = QLabel()
    _dress(label, size, bold=bold)
    return label


def _dress(label: QLabel, size: int = SIZE_BASE, *, bold: bool = False) -> None:
    label.setFont(_font(size, bold=bold))
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)


def _body_texts(plan: Plan, today: date) -> tuple[str, ...]:
    """The measures that doses go by; then with less of them, for a narrow window: the surface last."""
    measured = plan.patient.measurement_on(today)
    if measured is None:
        return (say("No height and weight recorded"),)
    values = {
        "surface": f"{measured.surface(plan.bsa_formula):.2f}",
        "height": plain(measured.height_cm),
        "weight": plain(measured.weight_kg),
        "day": clinical_date(measured.date),
    }
    sentences = (
        "{height} cm · {weight} kg · BSA {surface} m² ({day})",
        "{height} cm · {weight} kg · BSA {surface} m²",
        "{weight} kg · {surface} m²",
        "{surface} m²",
    )
    return tuple(say(one, **values) for one in sentences)
