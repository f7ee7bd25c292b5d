"""The menus of a right click: what the inspector offers of the thing, and all else that can be done with it."""

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QMenu, QWidget

from ui.actions import ACTIONS, MENUS
from ui.panels.menus import OF_ONE, ActionSet
from ui.rows.searched_list import SearchedList
from ui.tongue import say

OF_THE_COURSE = (
    *("add_protocol", "edit_patient", "print", ""),
    *("fit_all", "span_cycle", "span_quarter", "span_year", "today", "", "axis", "fold_lanes"),
)
"""Actions where nothing is selected; "" stands for a line."""
TREATMENT = MENUS[2]


class ThingMenus(QObject):
    """Opens the menu over each view that it serves, whatever was selected in it by the click that asks for it.

    `offered` gives the ids of the actions that the inspector offers now, none where nothing is selected.
    """

    def __init__(
        self,
        actions: ActionSet,
        offered: Callable[[], tuple[str, ...]],
        window: QWidget,
        *views: QAbstractScrollArea,
    ) -> None:
        super().__init__(window)
        self._actions, self._offered, self._window = actions, offered, window
        for view in views:
            self.serve(view)

    def serve(self, view: QAbstractScrollArea) -> None:
        """Open the menu over that view as well, by the pointer or by the menu key."""
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(partial(self._open, view))

    def serve_list(self, one: SearchedList, *ids: str) -> None:
        """Open a menu over the rows of that list: what its button does, then those actions."""
        one.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

        def show(at: QPoint) -> None:
            if one.table.row() is None:
                return
            menu = self._menu()
            menu.addAction(one.button.text(), one.button.click)
            self._fill(menu, ids)
            menu.popup(one.table.viewport().mapToGlobal(at))

        one.table.customContextMenuRequested.connect(show)

    def _menu(self) -> QMenu:
        """An empty menu that goes once it is closed."""
        menu = QMenu(self._window)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _open(self, view: QAbstractScrollArea, at: QPoint) -> None:
        menu, offered = self._menu(), self._offered()
        self._fill(menu, offered or OF_THE_COURSE)
        treatment = [one.id for one in ACTIONS if one.menu == TREATMENT and one.need in OF_ONE]
        if any(self._actions[one].isEnabled() for one in treatment):
            self._actions.fill_menu(menu.addMenu(say(TREATMENT)), TREATMENT)
            self._fill(menu, ("pick_cycle",))
        self._fill(menu, ("", "help"))
        menu.popup(view.viewport().mapToGlobal(at))

    def _fill(self, menu: QMenu, ids: Iterable[str]) -> None:
        for action in ids:
            if action:
                menu.addAction(self._actions[action])
            else:
                menu.addSeparator()
