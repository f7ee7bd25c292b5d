"""Several sheets of several plans at once: chosen in two lists, made one after the other, stopped at any time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from planner.errors import KnownError
from planner.files import write_output
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.revision import PlanSummary
from planner.model.wish import Wish
from ui.dialogs.choice_box import StillBox
from ui.dialogs.form import form_layout, line
from ui.dialogs.printing import PAPERS, choose_spoken, language_name, plain_word
from ui.models.plan_list import plan_name, protocol_names
from ui.problem_words import error_words
from ui.rows.words import plain_label
from ui.tongue import say
from ui.workers import Workers

ROLE = int(Qt.ItemDataRole.UserRole)


class PrintDoors(NamedTuple):
    """What is asked for: plans that hold the words, one of them evaluated, a sheet of it as PDF (beside the window).

    `doubts` are what somebody has to know of a sheet before it is handed on, a line each.
    """

    plans: Callable[[str], Sequence[PlanSummary]]
    look: Callable[[str], EvaluatedPlan]
    make: Callable[[EvaluatedPlan, str, str, Wish], bytes]
    doubts: Callable[[EvaluatedPlan, str, Wish], Sequence[str]]


class Task(NamedTuple):
    """One sheet of one plan."""

    plan_id: str
    sheet: str


class PrintManyDialog(QDialog):
    """`ended` comes when all is made or somebody stopped; `printed` with plan and sheet of each file that was written.

    `titles` are the protocols' by their ids. One sheet that cannot be made stops nothing: it is told at the end.
    """

    ended = Signal()
    printed = Signal(str, str)

    def __init__(
        self,
        doors: PrintDoors,
        sheets: Mapping[str, str],
        paper: str,
        workers: Workers,
        *,
        titles: Mapping[str, str],
        languages: Sequence[str] = ("en",),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Print several")
        self._doors, self._workers = doors, workers
        self._titles, self._sheets = titles, sheets
        self._chosen: dict[str, PlanSummary] = {}
        self._tasks: list[Task] = []
        self._done, self._count, self._running = 0, 0, False
        self._folder = Path()
        self._problems: list[str] = []
        self._doubts: list[str] = []
        self.search = line("Search plans", hint="Search name, id or protocol")
        self.plans, self.sheets = QListWidget(), QListWidget()
        self.plans.setAccessibleName("Plans to print")
        self.sheets.setAccessibleName("Sheets to print")
        for sheet, title in sheets.items():
            _add(self.sheets, say(title), sheet, checked=False)
        self.paper, self.language = StillBox(), StillBox()
        self.paper.setAccessibleName("Paper")
        self.paper.addItems(PAPERS)
        self.paper.setCurrentText(paper)
        self.language.setAccessibleName("Language of the sheet")
        for one in languages:
            self.language.addItem(say(language_name(one)), one)
        choose_spoken(self.language)
        self.all = QPushButton("&Choose all that are listed")
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Sheets made")
        self.told = plain_label()
        self.start, self.stop = QPushButton("&Save PDFs into a folder…"), QPushButton("S&top")
        self.close_button = QPushButton("Close")
        self._lay_out()
        self._connect()
        self._list()
        self.resize(720, 560)

    def tasks(self) -> list[Task]:
        """What is chosen."""
        sheets = [item.data(ROLE) for item in _items(self.sheets) if item.checkState() is Qt.CheckState.Checked]
        return [Task(plan_id, sheet) for plan_id in self._chosen for sheet in sheets]

    def print_into(self, folder: str) -> None:
        """Make everything chosen into that folder."""
        self._tasks = self.tasks()
        if not self._tasks or self._running:
            self._tell(say("Choose at least one plan and one sheet."))
            return
        self._folder, self._problems, self._doubts = Path(folder), [], []
        self._done, self._count, self._running = 0, len(self._tasks), True
        self.bar.show()
        self.bar.setRange(0, self._count)
        self._next()

    def done(self, result: int) -> None:
        self._tasks = []
        super().done(result)

    def _next(self) -> None:
        self.bar.setValue(self._done)
        self._enable()
        if not self._tasks:
            self._end()
            return
        task = self._tasks.pop(0)
        self._tell(say("{done} of {count} …", done=self._done + 1, count=self._count))
        try:
            evaluated = self._doors.look(task.plan_id)
        except KnownError as problem:
            self._failed(task, error_words(problem))
            return
        if not evaluated.schedule.blocks:
            self._failed(task, say("the plan has no protocol yet"))
            return
        paper, wish = self.paper.currentText(), Wish(language=self.language.currentData())
        path = self._folder / file_name(task, evaluated.plan.patient.id)
        self._workers.run(
            lambda: write_output(path, self._doors.make(evaluated, task.sheet, paper, wish)),
            lambda _: self._made(task, self._doors.doubts(evaluated, task.sheet, wish)),
            lambda words: self._failed(task, words),
        )

    def _made(self, task: Task, doubts: Sequence[str]) -> None:
        if not isValid(self):
            return  # closed while the sheet was being made; it is whole
        self.printed.emit(task.plan_id, task.sheet)
        self._doubts += [f"{self._named(task)}: {doubt}" for doubt in doubts]
        self._done += 1
        self._next()

    def _failed(self, task: Task, words: str) -> None:
        if not isValid(self):
            return
        self._problems.append(f"{self._named(task)}: {words}")
        self._done += 1
        self._next()

    def _named(self, task: Task) -> str:
        summary = self._chosen.get(task.plan_id)
        name = plan_name(summary) if summary else task.plan_id
        return f"{name}, {say(self._sheets[task.sheet])}"

    def _end(self) -> None:
        self._running = False
        self._enable()
        made = self._done - len(self._problems)
        words = say("{made} of {count} sheets saved in {folder}", made=made, count=self._count, folder=self._folder)
        self._tell("\n".join((words, *self._problems, *self._doubts)))
        self.ended.emit()

    def _stop(self) -> None:
        self._tasks = []
        self._tell(say("Stopping after this sheet …"))

    def _tell(self, words: str) -> None:
        self.told.setText(words)
        self.told.setProperty("tone", "wrong" if self._problems and not self._running else "")
        self.told.style().polish(self.told)

    def _enable(self) -> None:
        for part in (self.search, self.plans, self.sheets, self.paper, self.language, self.all):
            part.setEnabled(not self._running)
        self.start.setEnabled(not self._running and bool(self.tasks()))
        self.stop.setEnabled(self._running)

    def _list(self) -> None:
        self.plans.blockSignals(True)  # noqa: FBT003 - Qt's own signature
        self.plans.clear()
        for summary in self._doors.plans(self.search.text()):
            if not summary.damaged:
                named = f"{plan_name(summary)} ({summary.patient_id})"
                words = (named, protocol_names(summary, self._titles))
                _add(self.plans, "\n".join(filter(None, words)), summary, checked=summary.plan_id in self._chosen)
        self.plans.blockSignals(False)  # noqa: FBT003
        self._count_chosen()

    def _choose(self, item: QListWidgetItem) -> None:
        summary: PlanSummary = item.data(ROLE)
        if item.checkState() is Qt.CheckState.Checked:
            self._chosen[summary.plan_id] = summary
        else:
            self._chosen.pop(summary.plan_id, None)
        self._count_chosen()

    def _count_chosen(self) -> None:
        self.number.setText(say("{count} plans chosen", count=len(self._chosen)))
        self._enable()

    def _choose_all(self) -> None:
        """All real patients, where there are any: among them the demo is printed only if somebody chooses it."""
        listed = list(_items(self.plans))
        for item in [one for one in listed if not one.data(ROLE).demo] or listed:
            item.setCheckState(Qt.CheckState.Checked)

    def _ask_folder(self) -> None:
        if not self.tasks():
            self._tell(say("Choose at least one plan and one sheet."))
            return
        dialog = QFileDialog(self, say("Folder for the PDFs"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.print_into)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _connect(self) -> None:
        self.search.textChanged.connect(self._list)
        self.plans.itemChanged.connect(self._choose)
        self.sheets.itemChanged.connect(self._enable)
        self.all.clicked.connect(self._choose_all)
        self.start.clicked.connect(self._ask_folder)
        self.stop.clicked.connect(self._stop)
        self.close_button.clicked.connect(self.reject)

    def _lay_out(self) -> None:
        self.number = QLabel()
        self.number.setProperty("tone", "muted")
        left, right, lists, bottom = QVBoxLayout(), QVBoxLayout(), QHBoxLayout(), QHBoxLayout()
        left_parts: tuple[QWidget, ...] = (
            plain_word("&Plans", self.plans, "heading"),
            self.search,
            self.plans,
            self.number,
            self.all,
        )
        right_parts: tuple[QWidget, ...] = (plain_word("S&heets", self.sheets, "heading"), self.sheets)
        form = form_layout()
        form.addRow("P&aper", self.paper)
        form.addRow("&Language of the calendar", self.language)
        for one in (self.plans, self.sheets):
            one.setSpacing(1)
            one.setWordWrap(True)
            one.setResizeMode(QListWidget.ResizeMode.Adjust)  # else rows keep the height they had before the style
        self.bar.hide()
        for column, parts in ((left, left_parts), (right, right_parts)):
            for part in parts:
                column.addWidget(part, 1 if isinstance(part, QListWidget) else 0)
        right.addLayout(form)
        lists.addLayout(left, 3)
        lists.addLayout(right, 2)
        self.start.setProperty("main", "true")
        self.stop.setEnabled(False)
        bottom.addWidget(self.bar, 1)
        bottom.addStretch(1)
        for button in (self.stop, self.start, self.close_button):
            bottom.addWidget(button)
        for button in (self.all, self.stop, self.start, self.close_button):
            button.setAutoDefault(False)  # Enter after some words to search by must choose, save or close nothing
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 16, 24, 16)
        whole.setSpacing(12)
        whole.addLayout(lists, 1)
        whole.addWidget(self.told)
        whole.addLayout(bottom)


def file_name(task: Task, patient_id: str) -> str:
    """Sheet, patient's number and the start of the plan's: no name of a person, nothing a disk cannot write."""
    plain = "".join(sign if sign.isalnum() else "-" for sign in patient_id)[:60]
    return f"{task.sheet}-{plain}-{''.join(sign for sign in task.plan_id if sign.isalnum())[:12]}.pdf"


def _add(to: QListWidget, words: str, data: object, *, checked: bool) -> None:
    item = QListWidgetItem(words, to)
    item.setData(ROLE, data)
    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
    item.setCheckState(Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked)


def _items(of: QListWidget) -> Iterator[QListWidgetItem]:
    return (of.item(number) for number in range(of.count()))
