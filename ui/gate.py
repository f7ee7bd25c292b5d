"""Before the window: the first questions on a new computer, and the passphrase of a locked store."""

from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtWidgets import QApplication, QDialog

from planner.errors import KnownError
from planner.model.store import Protection, StoreKey
from planner.services import protection
from planner.settings import Settings, save_settings
from ui.dialogs.described import DescribedDialog, Form
from ui.dialogs.fields import Answers, Field
from ui.dialogs.protecting import KEEP_WORDS, passphrase_fields, passphrase_problems, ways
from ui.dialogs.settings import settings_fields, with_answers
from ui.style import dress, register_fonts
from ui.theme import Theme
from ui.translated import translate

FIRST_ASKED = ("who", "name", "paper", "micrograms", "week_starts", "language")
WELCOME = (
    "Regimap plans one patient's whole treatment course and checks the order of its parts.",
    "It is a planning aid for trained staff, not an order system. Everything stays on this computer.",
)


Chosen = tuple[Settings, StoreKey | None, bool]
"""The settings, the key of the new store, and whether the demo is wanted instead of one."""


def welcome(app: QApplication, folder: Path, settings: Settings, theme: Theme) -> Chosen | None:
    """Ask a new user and make the store. None where they leave. Raises KnownError where it cannot be made."""
    register_fonts()
    dress(app, theme)
    kinds = ways(keyring=protection.keyring_works())
    asked = [field for field in settings_fields(settings) if field.id in FIRST_ASKED]
    form = Form("Welcome to Regimap", "Start", (*_start_fields(kinds), *asked), WELCOME, problems=_problems)
    dialog = DescribedDialog(form)
    if not _accepted(dialog):
        return None
    answers = dialog.answers()
    chosen = replace(with_answers(settings, answers), welcomed=True)
    save_settings(folder / "settings.json", chosen)
    if answers["demo"]:
        return chosen, None, True
    return chosen, protection.create(folder, answers["protection"], answers["passphrase"]), False


def unlock(app: QApplication, folder: Path, theme: Theme) -> StoreKey | None:
    """Ask for the passphrase until it is right; None where they leave. Raises KnownError for a damaged key file."""
    register_fonts()
    dress(app, theme)
    opened: list[StoreKey] = []

    def try_it(answers: Answers) -> Sequence[str]:
        opened.clear()
        try:
            opened.append(protection.unlock(folder, answers["passphrase"]))
        except KnownError as error:
            return error.lines
        return ()

    fields = (Field("passphrase", "&Passphrase", "secret"),)
    form = Form(
        "Open the plans", "Open", fields, ("The plans of this folder are locked.", str(folder)), problems=try_it
    )
    return opened[-1] if _accepted(DescribedDialog(form)) and opened else None


def _start_fields(kinds: Sequence[Protection]) -> tuple[Field, ...]:
    def asked(answers: Answers) -> bool:
        return not answers["demo"]

    def sealed(answers: Answers) -> bool:
        return asked(answers) and answers["protection"] is Protection.PASSPHRASE

    begin = ((False, "Plans of my own"), (True, "The invented demo patient"))
    kept = [(way, KEEP_WORDS[way]) for way in kinds]
    return (
        Field("demo", "&Begin with", "choice", value=False, choices=begin),
        Field("protection", "Plans are &kept", "choice", kinds[0], kept, shown_if=asked),
        *passphrase_fields(sealed),
    )


def _problems(answers: Answers) -> Sequence[str]:
    if answers["demo"] or answers["protection"] is not Protection.PASSPHRASE:
        return ()
    return passphrase_problems(answers)


def _accepted(dialog: DescribedDialog) -> bool:
    """Whether the question that stands alone was answered."""
    translate(dialog)
    answer = dialog.exec()
    dialog.deleteLater()
    return answer == QDialog.DialogCode.Accepted
