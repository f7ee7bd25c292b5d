"""Boxes to tick, any number of them, in as many lines as a small screen needs."""

from collections.abc import Container, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from ui.dialogs.form import hand_keys_on
from ui.tongue import say

SHORT = 6
"""Letters up to which words are short."""
SHORT_IN_A_LINE, LONG_IN_A_LINE = 7, 3
"""Boxes beside each other: a week of days; with longer words as many as a screen has room for at 200 %."""


class SeveralBoxes(QWidget):
    """One box a choice. `changed` comes when one is ticked or not any more."""

    changed = Signal()

    def __init__(self, name: str, choices: Sequence[tuple[Any, str]], ticked: Container[Any]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        is_short = all(len(words) <= SHORT for _, words in choices)
        columns = SHORT_IN_A_LINE if is_short else LONG_IN_A_LINE
        self.boxes: list[tuple[Any, QCheckBox]] = []
        for number, (value, words) in enumerate(choices):
            box = QCheckBox(words)
            box.setAccessibleName(f"{say(name)}: {words}")
            box.setChecked(value in ticked)
            box.toggled.connect(self.changed)
            grid.addWidget(box, *divmod(number, columns))
            self.boxes.append((value, box))
        grid.setColumnStretch(columns, 1)
        if self.boxes:
            hand_keys_on(self, self.boxes[0][1])

    def ticked(self) -> tuple[Any, ...]:
        """The values of those that are ticked, in their order."""
        return tuple(value for value, box in self.boxes if box.isChecked())
