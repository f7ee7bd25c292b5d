"""Everything that a window says: the words of its widgets and rows, and what screen readers are told of them."""

from collections.abc import Iterator

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLabel, QLineEdit, QTextEdit, QWidget

ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
)


def of_model(model: QAbstractItemModel) -> Iterator[str]:
    """The texts of a flat table."""
    for row in range(model.rowCount()):
        for column in range(model.columnCount()):
            texts = (model.data(model.index(row, column), role) for role in ROLES)
            yield from (str(text) for text in texts if text)


def of_widget(widget: QWidget) -> Iterator[str]:
    """The texts of one widget."""
    yield from filter(None, (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()))
    if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
        yield widget.text()
    elif isinstance(widget, QTextEdit):
        yield widget.toPlainText()
    elif isinstance(widget, QAbstractItemView) and widget.model() is not None:
        yield from of_model(widget.model())


def of_window(window: QWidget, *, but: tuple[QWidget, ...] = ()) -> list[str]:
    """All texts of a window, shown or kept ready, without those of the widgets in `but` and what is in them."""
    found = []
    for widget in (window, *window.findChildren(QWidget)):
        if not any(one is widget or one.isAncestorOf(widget) for one in but):
            found += [text for text in of_widget(widget) if text.strip()]
    return found
