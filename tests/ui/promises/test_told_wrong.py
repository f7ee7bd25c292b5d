"""Promise U33: what people are told when something fails: what happened, what is safe, what to do; nobody's data."""

import re
import sqlite3
import sys

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from planner.model import store_words
from tests.ui.desks import open_desk, open_dialog
from ui.dialogs.mistake import WORDS, ErrorDialog

SECRET = "Demo, Ana, HC-204417, 67.2 kg"
UNEXPECTED = (
    ValueError(SECRET),
    KeyError(SECRET),
    TypeError(SECRET),
    MemoryError(SECRET),
    RecursionError(SECRET),
    OSError(28, SECRET, f"/plans/{SECRET}"),
    UnicodeEncodeError("ascii", SECRET, 0, 1, SECRET),
    sqlite3.DatabaseError(SECRET),
    RuntimeError(SECRET),
    AssertionError(SECRET),
)
TO_DO = re.compile(
    r"\b(put|name|update|open|bring|plug|save|make room|do this step|take the protection|start again|quit|check|copy|"
    r"look for|ask|give|try|choose|use another|move the folder|close|set the clock|load|plan anew|take it back|"
    r"read here once|delete it|connect the drive|erase the patient|make a backup|nothing was changed|not changed)\b",
    re.IGNORECASE,
)
"""What a person can do next, or that nothing has to be done because nothing changed."""
WITHIN_OTHERS = {"HOLDER", "CLOSE_FIRST", "SHORT", "UNSOUND", "NOT_READ", "NO_FOLDER", "STAYS", "PUT_BACK", "HOW_BACK"}
"""Parts of other sentences, and what stands beside the field or the name that it is about."""


def sentences() -> dict[str, str]:
    """Every sentence about the store by its name."""
    return {name: text for name, text in vars(store_words).items() if name.isupper() and isinstance(text, str)}


def test_every_sentence_about_the_store_says_what_happened_and_what_to_do():
    """Against the template: something has happened, and there is a next step or nothing was changed."""
    told = {name: text for name, text in sentences().items() if name not in WITHIN_OTHERS}
    assert len(told) > 40
    assert [name for name, text in told.items() if not TO_DO.search(text)] == []
    assert [name for name, text in told.items() if len(text.split()) < 6] == []
    jargon = re.compile(r"traceback|exception|errno|sqlite|null|0x", re.IGNORECASE)
    assert [name for name, text in sentences().items() if jargon.search(text)] == []


def test_a_step_that_could_not_be_written_says_that_what_was_saved_is_safe():
    """What fails while something is being written tells of what is there already."""
    while_writing = ("GONE", "NO_ANSWER", "FAILED", "FULL", "FULL_BY", "READ_ONLY", "BUSY", "NOT_ALLOWED", "TRAIL_END")
    for name in while_writing:
        assert store_words.STAYS in getattr(store_words, name), name


@pytest.mark.parametrize("error", UNEXPECTED, ids=lambda error: type(error).__name__)
def test_a_mistake_is_told_by_the_template_and_its_place_can_be_copied(qtbot, tmp_path, capsys, error):
    with open_desk(qtbot, tmp_path / "data", demo=True, library=False) as desk:
        try:
            raise error
        except Exception as caught:
            desk.show_mistake(type(caught), caught, caught.__traceback__)
        dialog = open_dialog(qtbot, desk, ErrorDialog)
        shown = "\n".join(label.text() for label in dialog.findChildren(QLabel))
        what, safe, do = WORDS.split("\n\n")
        assert what in shown
        assert safe in shown
        assert do in shown
        for label in dialog.findChildren(QLabel):
            assert label.height() >= label.heightForWidth(label.width()), label.text()
        copy = next(one for one in dialog.findChildren(QPushButton) if one.text() == "Copy the place")
        copy.click()
        copied = QApplication.clipboard().text()
        assert copied == dialog.place
        assert copied.splitlines()[0] == type(error).__name__
        assert "test_told_wrong.py" in copied
        everything = shown + copied + dialog.windowTitle() + capsys.readouterr().err
        assert not any(word in everything for word in ("Ana", "204417", "67.2"))
        assert "Traceback" not in everything
        dialog.reject()
    assert sys.exc_info() == (None, None, None)
