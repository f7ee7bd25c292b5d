"""Print: choose a sheet, look at the real pages, save them as a file to print or hand on."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import QSignalBlocker, QStandardPaths, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from planner.files import write_output
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.wish import Wish
from planner.services.sheet_titles import PATIENT_SHEETS, UPRIGHT
from ui.dialogs.choice_box import StillBox
from ui.dialogs.date_field import DateField
from ui.dialogs.form import room_on
from ui.dialogs.pdf_pages import PdfPages
from ui.rows.words import FieldLabel, plain_label
from ui.tongue import ENGLISH, language, say
from ui.workers import Workers

Make = Callable[[str, str, Wish, EvaluatedPlan | None], bytes]
"""Makes the PDF of a sheet (its id) on a paper (its name) for a span of days, with what changed since a plan marked;
runs beside the window."""
Before = Callable[[str], EvaluatedPlan | None]
"""The plan as that sheet was handed out last, where it was another one."""


class SheetDoors(Struct, frozen=True):
    """What a sheet is made with: the titles by id, the site's paper, the way to a PDF, the languages there are.

    `doubts` are what somebody has to know of a sheet before it is handed on, a line each.
    """

    titles: Mapping[str, str]
    paper: str
    languages: Sequence[str]
    make: Make
    before: Before
    doubts: Callable[[str, Wish], Sequence[str]]


GAP = 8
"""Px between two parts of a row."""
READABLE = 0.4
"""Share of its size from which the words of a page can be read."""
LOW = 480
"""Px of a screen's height below which the rows of choices are filled, because each takes of the page."""
PAPERS = ("A4", "Letter", "A3")
LANGUAGE_NAMES = {"de": "German", "en": "English", "es": "Spanish", "fr": "French", "ru": "Russian"}


def language_name(code: str) -> str:
    """The English name of a sheet's language; the code of one that has none here."""
    return LANGUAGE_NAMES.get(code, code)


def choose_spoken(box: QComboBox) -> None:
    """Begin with the language of the window, where sheets are written in it; it can be chosen anew."""
    box.setCurrentIndex(max(0, box.findData(language())))


class PagePicture(QScrollArea):
    """One page, as wide as there is room."""

    resized = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setAccessibleName("Page")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.label = QLabel("Making the pages …")
        self.label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWidget(self.label)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def show_page(self, pages: PdfPages, number: int, *, grey: bool = False) -> None:
        """Draw the page so that all of it is seen; where it could not be read so, as wide as there is room."""
        width, height = pages.size(number)
        room = self.viewport().size()
        across = (room.width() - 16) / width
        fit = min(across, (room.height() - 16) / height)
        fit = min(across, 1.0) if fit < READABLE else fit
        ratio = self.devicePixelRatioF()
        picture = pages.picture(number, max(fit, 0.2) * ratio)
        pixmap = QPixmap.fromImage(picture.convertToFormat(QImage.Format.Format_Grayscale8) if grey else picture)
        pixmap.setDevicePixelRatio(ratio)
        self.label.setPixmap(pixmap)


class PrintDialog(QDialog):
    """Shows the pages of one sheet at a time. `saved` carries the file's path, `issued` the sheet to hand out."""

    saved = Signal(str)
    issued = Signal(str)

    def __init__(self, doors: SheetDoors, name: str, workers: Workers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Print")
        self._make, self._name, self._workers, self._before = doors.make, name, workers, doors.before
        self._doubts = doors.doubts
        self._content, self._saved = b"", Path()
        self._pages: PdfPages | None = None
        self._number = self._asked = 0
        self.sheet, self.paper = StillBox(), StillBox()
        self.sheet.setAccessibleName("Sheet")
        self.paper.setAccessibleName("Paper")
        for sheet, title in doors.titles.items():
            self.sheet.addItem(title, sheet)
        self.paper.addItems(PAPERS)
        self.paper.setCurrentText(doors.paper)
        self.first = DateField("From", optional=True)
        self.last = DateField("Until", optional=True)
        _hint(self.first, "from the start")
        _hint(self.last, "to the end")
        self.language, self.alongside = StillBox(), StillBox()
        self.language.setAccessibleName(say("Language of the sheet"))
        self.alongside.setAccessibleName(say("Second language beside it"))
        self._tongues = (ENGLISH, "")
        self._offer(doors.languages)
        self.large, self.portrait = QCheckBox("&Large print"), QCheckBox("P&ortrait")
        self.portrait.setToolTip(say("Upright paper, for sheets that are plain tables"))
        self.grey = QCheckBox("&Grey")
        self.grey.setToolTip(say("Look at the page as a printer without colour prints it; the file keeps its colours"))
        self.changes = _ticked("Mark &changes")
        self.page = PagePicture()
        self.place = plain_label(tone="muted")
        self.place.setWordWrap(False)
        self.place.setMinimumWidth(self.place.fontMetrics().horizontalAdvance(_place_words(100, 100)))
        self.back, self.on = QPushButton("Previous page"), QPushButton("Next page")
        self.save, self.view = QPushButton("&Save PDF…"), QPushButton("Open the &file")
        self.issue = QPushButton("&Issue…")
        self.issue.setToolTip(say("Record that copies of this sheet are handed out"))
        self.told, self.doubted = plain_label(), plain_label(tone="doubt")
        self.doubted.setAccessibleName(say("To know before it is handed on"))
        self._lay_out()
        self._connect()
        self.resize(860, 680)
        self._start()

    @property
    def content(self) -> bytes:
        """The PDF that is shown; empty while it is made."""
        return self._content

    def make_again(self) -> None:
        """Make the pages anew, because the plan is another one now: a sheet was issued, an edit taken back."""
        self._start()

    def save_to(self, file: str) -> None:
        """Write the shown PDF to that file, beside the window's own work."""
        if not file or not self._content:
            return
        path, content = Path(file), self._content
        self._workers.run(lambda: write_output(path, content), lambda _: self._tell_saved(path), self._tell_wrong)

    def done(self, result: int) -> None:
        self._asked += 1
        if self._pages:
            self._pages.close()
            self._pages = None
        super().done(result)

    def _offer(self, languages: Sequence[str]) -> None:
        self.alongside.addItem(say("one language"), "")
        for one in languages:
            name = say(language_name(one))
            self.language.addItem(name, one)
            self.alongside.addItem(say("and {language}", language=name), one)
        choose_spoken(self.language)

    def _lay_out(self) -> None:
        bottom, fields = QHBoxLayout(), (self.sheet, self.paper, self.first, self.last)
        for day in (self.first, self.last):
            day.answer.setVisible(False)
        words = ("S&heet", "&Paper", "fro&m", "&until")
        top = [(plain_word(word, field), field) for word, field in zip(words, fields, strict=True)]
        spoken = (plain_word("i&n", self.language), self.language, self.alongside)
        ticks = ((one,) for one in (self.large, self.portrait, self.changes, self.grey))
        more = [spoken, *ticks, (self.back, self.place, self.on)]
        close = QPushButton("Close")
        close.clicked.connect(self.reject)
        self.save.setProperty("main", "true")
        self.save.setDefault(True)
        self.view.hide()
        bottom.addWidget(self.told, 1)
        for button in (self.view, self.issue, self.save, close):
            bottom.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        screen = room_on(self.screen())
        groups = (top, more) if screen.height() >= LOW else ([*top, *more],)
        for row in (one for group in groups for one in _packed(group, screen.width() - 48, turns=group is not top)):
            column.addLayout(row)
        column.addWidget(self.doubted)
        column.addWidget(self.page, 1)
        column.addLayout(bottom)

    def _connect(self) -> None:
        self.sheet.currentIndexChanged.connect(self._start)
        self.paper.currentIndexChanged.connect(self._start)
        self.first.changed.connect(self._start)
        self.last.changed.connect(self._start)
        self.grey.toggled.connect(self._show_page)
        self.large.toggled.connect(self._start)
        self.portrait.toggled.connect(self._start)
        self.changes.toggled.connect(self._start)
        self.language.currentIndexChanged.connect(self._start)
        self.alongside.currentIndexChanged.connect(self._start)
        self.issue.clicked.connect(lambda: self.issued.emit(self.sheet.currentData()))
        self.back.setShortcut("PgUp")
        self.on.setShortcut("PgDown")
        self.back.clicked.connect(lambda: self._turn(-1))
        self.on.clicked.connect(lambda: self._turn(1))
        self.page.resized.connect(self._show_page)
        self.save.clicked.connect(self._ask_file)
        self.view.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._saved))))

    def _start(self) -> None:
        self._asked += 1
        asked, sheet, paper = self._asked, self.sheet.currentData(), self.paper.currentText()
        self.save.setEnabled(False)
        self.view.hide()
        self._doubt(())
        if self.first.problem or self.last.problem:
            self._tell_wrong(self.first.problem or self.last.problem)
            return
        self.portrait.setEnabled(sheet in UPRIGHT)
        self._speak(freely=sheet in PATIENT_SHEETS)
        second, language = self.alongside.currentData(), self.language.currentData()
        upright = sheet in UPRIGHT and self.portrait.isChecked()
        others, large = second if second != language else "", self.large.isChecked()
        wish = Wish(self.first.day, self.last.day, language, others, large, upright)
        self._doubt(self._doubts(sheet, wish))
        self.told.setText(say("Making the pages …") if self._pages else "")
        before = self._earlier(sheet)
        self._workers.run(
            lambda: self._make(sheet, paper, wish, before),
            lambda content: self._show(asked, content, sheet, wish),
            self._tell_wrong,
        )

    def _speak(self, *, freely: bool) -> None:
        """Let the languages of a family's sheet be chosen; a clinic's shows its own, and what was chosen comes back."""
        if freely == self.language.isEnabled():
            return
        boxes = (self.language, self.alongside)
        before, self._tongues = self._tongues, tuple(box.currentData() for box in boxes)
        for box, tongue in zip(boxes, before, strict=True):
            with QSignalBlocker(box):
                box.setCurrentIndex(box.findData(tongue))
            box.setEnabled(freely)
            box.setToolTip("" if freely else say("Sheets for the clinic are written in English"))

    def _doubt(self, lines: Sequence[str]) -> None:
        self.doubted.setText("\n".join(lines))
        self.doubted.setVisible(bool(lines))

    def _earlier(self, sheet: str) -> EvaluatedPlan | None:
        """What the marks compare with, if they are wanted."""
        before = self._before(sheet)
        self.changes.setEnabled(before is not None)
        tip = "Against the plan as this sheet was handed out last" if before else "This sheet was not handed out before"
        self.changes.setToolTip(say(tip))
        return before if self.changes.isChecked() else None

    def _show(self, asked: int, content: bytes, sheet: str, wish: Wish) -> None:
        if asked != self._asked:
            return
        # Once more: an issue that was just recorded is kept only after the pages were asked for.
        self._doubt(self._doubts(sheet, wish))
        if self._pages:
            self._pages.close()
        self._content, self._pages, self._number = content, PdfPages(content), 0
        self.told.setText("")
        self.save.setEnabled(True)
        self._show_page()

    def _turn(self, step: int) -> None:
        if self._pages:
            self._number = max(0, min(self._pages.count - 1, self._number + step))
            self._show_page()

    def _show_page(self) -> None:
        if not self._pages:
            return
        self.page.show_page(self._pages, self._number, grey=self.grey.isChecked())
        self.place.setText(_place_words(self._number + 1, self._pages.count))
        self.back.setEnabled(self._number > 0)
        self.on.setEnabled(self._number < self._pages.count - 1)

    def _ask_file(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = f"{self.sheet.currentData()}-{self._name}.pdf"
        dialog = QFileDialog(self, say("Save the sheet"), str(Path(folder) / name), "PDF (*.pdf)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("pdf")
        dialog.fileSelected.connect(self.save_to)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _tell_saved(self, path: Path) -> None:
        self.told.setText(say("Saved as {file}", file=path.name))
        self.told.setProperty("tone", "")
        self.told.style().polish(self.told)
        self.view.show()
        self._saved = path
        self.saved.emit(str(path))

    def _tell_wrong(self, words: str) -> None:
        self.told.setText(words)
        self.told.setProperty("tone", "wrong")
        self.told.style().polish(self.told)


def _packed(parts: Sequence[Sequence[QWidget]], room: int, *, turns: bool = False) -> Iterator[QHBoxLayout]:
    """Parts side by side in rows no wider than `room` px, none torn apart; with `turns` the last one at the end."""
    row, used = QHBoxLayout(), 0
    for part in parts:
        for one in part:
            one.ensurePolished()
        wide = sum(max(one.sizeHint().width(), one.minimumWidth()) + GAP for one in part)
        if used and used + wide > room:
            row.addStretch(1)
            yield row
            row, used = QHBoxLayout(), 0
        if turns and part is parts[-1]:
            row.addStretch(1)
        for one in part:
            row.addWidget(one)
        used += wide
    if not turns:
        row.addStretch(1)
    yield row


def _place_words(number: int, count: int) -> str:
    return say("Page {number} of {count}", number=number, count=count)


def plain_word(text: str, field: QWidget, tone: str = "muted") -> QLabel:
    """A word before a field, which its access key goes to."""
    label = FieldLabel(text, field)
    label.setProperty("tone", tone)
    return label


def _ticked(words: str) -> QCheckBox:
    box = QCheckBox(words)
    box.setChecked(True)
    return box


def _hint(field: DateField, words: str) -> None:
    field.line.setPlaceholderText(words)
    field.line.setMinimumWidth(104)
