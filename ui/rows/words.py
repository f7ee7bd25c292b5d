"""A label for words that somebody else wrote: shown as they are."""

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel


def plain_label(text: str = "", tone: str = "") -> QLabel:
    """A label that shows its text as it is: no markup, wrapped, selectable by mouse."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if tone:
        label.setProperty("tone", tone)
    return label


def unbroken(text: str) -> str:
    """The text with dates and rates that stay on one line: an invisible sign after hyphen or slash forbids to break.

    A weekday before the date stays with it, and the number with its rate.
    """
    text = re.sub(r"(\d) mL/h\b", "\\1\u00a0mL/\u2060h", text)
    joined = re.sub(r"(\b\d\d)-([A-Z][a-z]{2})-(\d{4}\b)", "\\1-\u2060\\2-\u2060\\3", text)
    return re.sub(r"\b([A-Z][a-z]{2}) (?=\d\d-\u2060)", "\\1\u00a0", joined)
