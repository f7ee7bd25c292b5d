"""The actions of the table as menus, toolbar and keys."""

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QPushButton, QToolBar, QWidget

from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.finding import FindingStatus
from planner.services.verbs.deciding import unasked
from ui.actions import ACTIONS, LINES, MENUS, Need, plain_text
from ui.commands import Steps
from ui.edit_names import edit_words
from ui.icons import make_icon
from ui.models.rows_model import isolated
from ui.models.subject import Subject
from ui.theme import Theme
from ui.tongue import say

OF_ONE = (Need.BLOCK, Need.DOSE, Need.RESCUE, Need.OPEN_FINDING)
"""Needs of actions that work on one selected thing, unless the table says that they work on several."""
_NATIVE = QKeySequence.SequenceFormat.NativeText
TOOLBAR = ("new_patient", "add_protocol", "", "move", "undo", "redo", "", "print")


class ActionSet(QObject):
    """One QAction for each line of the table. `triggered` carries its id."""

    triggered = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._actions: dict[str, QAction] = {}
        self._met: set[Need] | None = None
        for spec in ACTIONS:
            action = QAction(isolated(say(spec.text)), window)
            action.setShortcuts([QKeySequence(keys) for keys in spec.keys.split("; ") if keys])
            keys = action.shortcut().toString(_NATIVE)
            words = say(spec.tip) if spec.tip else plain_text(spec).rstrip("…")
            action.setToolTip(f"{words} ({keys})" if keys else words)
            action.setObjectName(spec.id)
            action.triggered.connect(lambda _=False, name=spec.id: self.triggered.emit(name))
            window.addAction(action)
            self._actions[spec.id] = action

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def all(self) -> list[QAction]:
        """Every action, in the order of the table."""
        return list(self._actions.values())

    def enable(self, met: set[Need]) -> None:
        """Enable what has what it needs."""
        if met == self._met:
            return
        self._met = met
        for spec in ACTIONS:
            fits = spec.several or spec.need not in OF_ONE or Need.ONE in met
            self._actions[spec.id].setEnabled(spec.need in met and fits)

    def name_undo(self, stack: Steps) -> None:
        """Put the name of the edit after Undo and Redo."""
        for action_id, word, text in (("undo", "&Undo", stack.undo_text()), ("redo", "&Redo", stack.redo_text())):
            self._actions[action_id].setText(isolated(f"{say(word)} {edit_words(text)}".strip()))
            self._actions[action_id].setIconText(say(word).replace("&", ""))

    def fill_menus(self, bar: QMenuBar) -> None:
        """One menu for each name, its actions in the order of the table."""
        for name in MENUS:
            self.fill_menu(bar.addMenu(say(name)), name)

    def fill_menu(self, menu: QMenu, name: str) -> None:
        """The actions of the menu of that name (see `MENUS`), with its lines."""
        for spec in ACTIONS:
            if spec.menu == name:
                if spec.id in LINES:
                    menu.addSeparator()
                menu.addAction(self._actions[spec.id])

    def fill_toolbar(self, bar: QToolBar, theme: Theme) -> None:
        """The few actions of every day, icon and word."""
        bar.setIconSize(QSize(22, 18))  # two px free at both sides of an icon
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        for action_id in TOOLBAR:
            if action_id:
                bar.addAction(self._actions[action_id])
            else:
                bar.addSeparator()
        self.set_theme(theme)

    def keys_of(self, action_id: str) -> str:
        """The keys of an action as this system writes them."""
        return self._actions[action_id].shortcut().toString(_NATIVE)

    def finder(self) -> QPushButton:
        """Where every action is found by its words; it looks like the search line that it opens."""
        palette = self._actions["palette"]
        button = QPushButton(say("Find an action"))
        button.setAccessibleName(say("Find an action"))
        button.setProperty("field", "true")
        button.setToolTip(palette.toolTip())
        button.clicked.connect(palette.trigger)
        return button

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons in that theme."""
        for spec in ACTIONS:
            if spec.icon:
                self._actions[spec.id].setIcon(make_icon(spec.icon, theme, self._window.devicePixelRatioF()))


def met_needs(evaluated: EvaluatedPlan | None, subject: Subject | None, stack: Steps) -> set[Need]:
    """What is there for actions to work on."""
    met = {Need.NOTHING} if subject and subject.others else {Need.NOTHING, Need.ONE}
    if evaluated:
        met |= {Need.PLAN}
        met |= {Need.BLOCKS} if evaluated.schedule.blocks else set()
        asks = evaluated.schedule.decisions or evaluated.plan.decisions or any(unasked(evaluated))
        met |= {Need.DECISION} if asks else set()
        met |= {Need.FINDINGS} if evaluated.findings else set()
    if subject:
        met |= {Need.BLOCK} if subject.block else set()
        dosed = [event for event in subject.all_events if event.dose] if subject.block else []
        met |= {Need.DOSE} if dosed else set()
        met |= {Need.RESCUE} if any(event.placed.role == "rescue" for event in dosed) else set()
        opened = subject.finding is not None and subject.finding.status is FindingStatus.OPEN
        met |= {Need.OPEN_FINDING} if opened else set()
    met |= {Need.UNDO} if stack.index() else set()
    met |= {Need.REDO} if stack.index() < stack.count() else set()
    return met
