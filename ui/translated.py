"""Words of widgets put into the chosen language, once, when they are made. Only whole texts are replaced."""

from collections.abc import Callable
from functools import cache
from typing import Any

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QTranslator
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QTabWidget, QWidget

from ui.tongue import ENGLISH, language, say, texts_of


class QtsOwn(QTranslator):
    """Qt's own words but for the names of keys, which read the same everywhere: Ctrl+L.

    What Qt's file lacks is looked for in ours; an empty answer would be shown as it is.
    """

    def translate(self, context: str, text: str, more: str | None = None, n: int = -1) -> str | None:
        return text if context == "QShortcut" else super().translate(context, text, more, n) or say(text)


_QTS_OWN: list[QTranslator] = []


def speak_qts_own() -> None:
    """Qt's own words, such as those of its dialog for files, in the chosen language, where Qt comes with it."""
    while _QTS_OWN:
        QCoreApplication.removeTranslator(_QTS_OWN.pop())
    if language() == ENGLISH:
        return
    words = QtsOwn()
    if words.load(f"qtbase_{language()}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        QCoreApplication.installTranslator(words)
        _QTS_OWN.append(words)


def translate(root: QWidget) -> None:
    """Every label, button, hint, tab and choice of `root` and below it. What no file holds stays as it is."""
    if language() == ENGLISH:
        return
    root.setWindowTitle(say(root.windowTitle()))
    for widget in (root, *root.findChildren(QWidget)):
        if widget.accessibleName():
            widget.setAccessibleName(name_words(widget.accessibleName()))
        for kind, change in _KINDS:
            if isinstance(widget, kind):
                change(widget)


def name_words(name: str) -> str:
    """The name of a field in the chosen language: as a text of its own, or as its label without the access key."""
    found = say(name)
    return found if found != name else _plain_labels(language()).get(name, name)


@cache
def _plain_labels(spoken: str) -> dict[str, str]:
    return {label.replace("&", ""): words.replace("&", "") for label, words in texts_of(spoken).items() if "&" in label}


def _text(widget: Any) -> None:
    widget.setText(say(widget.text()))


def _hint(widget: Any) -> None:
    widget.setPlaceholderText(say(widget.placeholderText()))


def _tabs(tabs: QTabWidget) -> None:
    for number in range(tabs.count()):
        tabs.setTabText(number, say(tabs.tabText(number)))


def _items(box: QComboBox) -> None:
    box.setPlaceholderText(say(box.placeholderText()))
    for number in range(0 if box.isEditable() else box.count()):
        box.setItemText(number, say(box.itemText(number)))


_KINDS: tuple[tuple[Any, Callable[[Any], None]], ...] = (
    ((QLabel, QAbstractButton), _text),
    ((QLineEdit, QPlainTextEdit), _hint),
    (QTabWidget, _tabs),
    (QComboBox, _items),
)
