"""A label for words that somebody else wrote: shown as they are."""

import re
from functools import cache

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QWidget

from planner.model.protocol import ROUTES
from planner.model.quantity import UNIT
from ui.tongue import UNIT_WORDS, language, say


class PlainLabel(QLabel):
    """Shows its text as it is, wrapped, with no line ending within a date or between a number and its unit."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self._text = ""
        self.setText(text)

    def text(self) -> str:
        """The text as it was set, without the signs that forbid to break."""
        return self._text

    def setText(self, text: str) -> None:
        self._text = text
        super().setText(unbroken(text) if any(map(str.isdecimal, text)) else text)


def plain_label(text: str = "", tone: str = "") -> QLabel:
    """A label that shows its text as it is: no markup, wrapped, selectable by mouse."""
    label = PlainLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if tone:
        label.setProperty("tone", tone)
    return label


class FieldLabel(QLabel):
    """The label of a field, with room for its access key.

    The letter of the key is drawn apart from the next one, and Qt measures them together ("Te") and cuts what is over.
    """

    def __init__(self, text: str, field: QWidget | None = None) -> None:
        super().__init__(text)
        if field is not None:
            self.setBuddy(field)

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(2, 0)

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint() + QSize(2, 0)


def unbroken(text: str) -> str:
    """The text with dates and amounts that stay on one line: an invisible sign after hyphen or slash forbids to break.

    A weekday before the date stays with it, a number with its unit, a route with what is given that way, a number with
    the words that end before it; and a short word with a hyphen is one word ("anti-HBs", "AS-10b").
    """
    text = _ENDS.sub("\u00a0", text)
    text = _amounts(language()).sub(lambda found: f"\u00a0{found[1]}" + ("/\u2060" if found[2] else ""), text)
    joined = re.sub(r"(\b\d\d)-([A-Z][a-z]{2})-(\d{4}\b)", "\\1-\u2060\\2-\u2060\\3", text)
    joined = re.sub(r"\b([^\W\d]{3}) (?=\d\d-\u2060)", "\\1\u00a0", joined)
    joined = re.sub(r"(?<=\d) × (10[⁰-⁹])/", "\u00a0×\u00a0\\1/\u2060", joined)
    return _HYPHENED.sub("\\1-\u2060", joined)


_ENDS = re.compile(rf" (?=(?:{'|'.join(ROUTES)})(?:$|[,;)]))|(?<=:) (?=\d[\d,.]*$)", re.MULTILINE)
"""The space before a route, or before a number, that ends what is said."""
_HYPHENED = re.compile(r"\b([^\W\d]{1,5})-(?=\w{1,5}\b)")
"""The hyphen between two short parts of a word, the first of letters."""


@cache
def _amounts(_language: str) -> re.Pattern[str]:
    """The space between a number and its unit, and the unit, with the slash behind it."""
    units = "|".join((UNIT, "%", "h", "days?", "weeks?", *map(re.escape, map(say, UNIT_WORDS))))
    return re.compile(rf"(?<=\d) ({units})(?!\w)(/?)")
