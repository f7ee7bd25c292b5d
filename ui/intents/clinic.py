"""What a person and a clinic choose, and the pages that explain the program and its content."""

from collections.abc import Sequence

from PySide6.QtGui import QAction, QKeySequence

from planner.model.library import ShelvedProtocol
from ui.actions import ACTIONS, MENUS, plain_text
from ui.dialogs.described import DescribedDialog, Form
from ui.dialogs.page import PageDialog
from ui.dialogs.protocol_text import protocol_page
from ui.dialogs.settings import LANGUAGE_HINT, setting_problems, settings_fields, with_answers
from ui.intents.asking import Asking
from ui.models.description import Section
from ui.surroundings import Doors
from ui.tongue import say

POINTER = (
    "Drag a block's ribbon: move the block by whole days; Esc gives up, letting go outside the timeline too.",
    "Wheel: scroll the lanes. Shift and wheel: scroll the days. Ctrl and wheel: zoom about the pointer.",
    "Right click, or the menu key: what can be done with the thing.",
    "Ctrl and click: one more thing selected, or one less. Shift and click: everything up to it.",
    "Drag over free ground between the lanes: select everything in the field. Drag a selected block: all of them move.",
    "Signs under a dragged block: what the rules say of each day. With Shift it lands on days without a new warning.",
    "Drag a protocol from the list onto a day of the timeline: add it with that start.",
    "Drag the box in the overview strip: go to other days. Click beside the box: bring those days into sight.",
)
ON_THE_TIMELINE = (
    "Left, Right, Up, Down, Home, End: from bar to bar",
    "Shift and arrows: select everything on the way. Ctrl and arrows, then Ctrl+Space: select here and there",
    "+ and −: zoom about the selection",
    "F: show the whole course. T: go to today",
    "Esc: give up a drag; one thing selected instead of several",
)


class ClinicIntents(Asking):
    """Settings, shortcuts, protocols to read."""

    def settings(self, doors: Doors) -> None:
        """Ask for everything a person and a clinic choose."""
        form = Form("Settings", "Save", settings_fields(doors.settings()), (LANGUAGE_HINT,), problems=setting_problems)
        dialog = DescribedDialog(form, self.window)

        def use() -> None:
            self.around.who = dialog.answers()["who"] or self.around.who
            doors.use_settings(with_answers(doors.settings(), dialog.answers()))

        self.ask(dialog, use)

    def show_shortcuts(self, actions: Sequence[QAction]) -> None:
        """Every key and what it does."""
        keys = {action.objectName(): _keys_of(action) for action in actions}
        sections = [
            Section(
                say(menu).replace("&", ""),
                tuple(
                    f"{plain_text(spec).rstrip('…')}\t{keys[spec.id]}"
                    for spec in ACTIONS
                    if spec.menu == menu and keys[spec.id]
                ),
            )
            for menu in MENUS
        ]
        sections += [Section("On the timeline, by keys", tuple(map(say, ON_THE_TIMELINE)))]
        sections += [Section("By pointer", tuple(map(say, POINTER)))]
        self.ask(PageDialog("Keys and pointer", "", sections, self.window), lambda: None)

    def show_protocol(self, shelved: ShelvedProtocol | None) -> None:
        """A protocol of the library as a page."""
        if shelved is None:
            self.failed.emit("Choose a protocol in the list on the left first.")
            return
        page = protocol_page(shelved, self.document.library.agents, self.window)
        self.ask(page, lambda: None)


def _keys_of(action: QAction) -> str:
    texts = [key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts()]
    return ", ".join(text for text in texts if text)
