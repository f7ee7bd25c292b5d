"""F1 in a form: how forms are answered."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from ui.dialogs.form import Question
from ui.dialogs.help_words import HELP
from ui.dialogs.page import PageDialog
from ui.models.description import Section
from ui.tongue import say
from ui.translated import translate


def offer_help(dialog: QDialog) -> None:
    """From now on F1 opens the page over the form, which stays as it is."""
    if isinstance(dialog, Question):
        dialog.helpRequested.connect(partial(_show, dialog))


def _show(form: Question) -> None:
    title, lines = HELP["forms"]
    page = PageDialog(form.windowTitle(), "", (Section(say(title), tuple(say(one) for one in lines)),), form)
    translate(page)
    page.finished.connect(page.deleteLater)
    page.setWindowModality(Qt.WindowModality.WindowModal)
    page.open()
