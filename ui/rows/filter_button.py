"""A button over a list that opens what the list can be narrowed by."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from ui.tongue import say

TITLES = {
    "disease": "Disease",
    "phase": "Phase",
    "evidence": "Weakest evidence",
    "status": "Status",
    "origin": "Origin",
}
"""What each facet is called in the menu."""
ORIGINS = {"shipped": "shipped with the program", "site": "this site's own"}


class FilterButton(QPushButton):
    """Says how many filters are on; `changed` comes when another choice is made. All of it works with keys."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoDefault(False)
        self._actions: dict[tuple[str, str], QAction] = {}
        self.setMenu(QMenu(self))
        self._name()

    def offer(self, values: Mapping[str, Sequence[str]]) -> None:
        """Take these values of each facet; what was chosen and is still there stays chosen."""
        wanted = [(facet, value) for facet in values for value in values[facet] if len(values[facet]) > 1]
        if wanted == list(self._actions):
            return
        chosen = self.chosen()
        menu = self.menu()
        menu.clear()
        self._actions = {}
        off = menu.addAction(say("No filter"))
        off.triggered.connect(self.clear)
        for facet in dict.fromkeys(facet for facet, _ in wanted):
            menu.addSeparator()
            menu.addAction(say(TITLES.get(facet, facet))).setEnabled(False)
            for value in values[facet]:
                action = menu.addAction(say(ORIGINS.get(value, value) if facet == "origin" else value))
                action.setCheckable(True)
                action.setChecked(value in chosen.get(facet, ()))
                action.toggled.connect(self._change)
                self._actions[facet, value] = action
        self._name()

    def chosen(self) -> dict[str, frozenset[str]]:
        """The chosen values by their facet."""
        found: dict[str, set[str]] = {}
        for (facet, value), action in self._actions.items():
            if action.isChecked():
                found.setdefault(facet, set()).add(value)
        return {facet: frozenset(values) for facet, values in found.items()}

    def choose(self, facet: str, value: str, *, on: bool = True) -> None:
        """Switch one value on or off."""
        self._actions[facet, value].setChecked(on)

    def clear(self) -> None:
        """Switch every filter off."""
        for action in self._actions.values():
            action.setChecked(False)

    def _change(self) -> None:
        self._name()
        self.changed.emit()

    def _name(self) -> None:
        count = sum(action.isChecked() for action in self._actions.values())
        self.setText(f"{say('Filter')} ({count})" if count else say("Filter"))
        self.setAccessibleName(say("Filter the protocols"))
