"""Before the window: the first questions on a new computer, and the passphrase of a locked store."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication, QDialog

from planner.errors import KnownError
from planner.model.store import Protection, StoreKey
from planner.model.store_words import PUT_BACK
from planner.services.store import keeping, protection
from planner.services.store.archive import Archive
from planner.settings import LANGUAGES, Settings, save_settings
from ui.dialogs.backups import put_back_words
from ui.dialogs.described import DescribedDialog, Form
from ui.dialogs.fields import Answers, Field
from ui.dialogs.form import sentence
from ui.dialogs.protecting import KEEP_WORDS, passphrase_fields, passphrase_problems, ways
from ui.dialogs.settings import settings_fields, with_answers
from ui.problem_words import problem_words
from ui.style import dress, register_fonts
from ui.theme import Theme
from ui.tongue import say, use_language
from ui.translated import translate

OTHER_LANGUAGE = 2
"""How the first questions end when they are to be asked again in another language."""
FIRST_ASKED = ("who", "name", "paper", "micrograms", "drug_names", "week_starts")
WELCOME = (
    "Regimap plans one patient's whole treatment course and checks the order of its parts.",
    "It is a planning aid for trained staff, not an order system. Everything stays on this computer.",
)
PLACE = "Plans are kept in {folder}. To keep them elsewhere, leave and start with --data and the other folder."

SOUND = "{backup} (the newest sound one)"
MEND_WORDS = (
    "A backup can take the place of the plans. What is there now, if anything, is kept in the folder of backups.",
    "Edits made after that backup are not in it.",
)
COPY_THEM = (
    "There is no backup beside the plans. If you keep a second folder of backups, copy its files into the folder of "
    "backups and start again."
)
NO_BACKUP_WORDS = (COPY_THEM, "Nothing was changed.")


Chosen = tuple[Settings, StoreKey | None, bool]
"""The settings, the key of the new store, and whether the demo is wanted instead of one."""


def welcome(app: QApplication, folder: Path, settings: Settings, theme: Theme) -> Chosen | None:
    """Ask a new user and make the store. None where they leave. Raises KnownError where it cannot be made.

    Who looks at the demo first has said nothing yet of how plans are kept, and is asked again at the next start.
    """
    register_fonts()
    dress(app, theme)
    kinds = ways(keyring=protection.keyring_works())
    answers, settings = _first_answers(folder, kinds, _in_the_systems_language(settings))
    if answers is None:
        return None
    chosen = replace(settings, welcomed=not answers["demo"])
    save_settings(folder / "settings.json", chosen)
    if answers["demo"]:
        return chosen, None, True
    return chosen, protection.create(folder, answers["protection"], answers["passphrase"]), False


def _in_the_systems_language(settings: Settings) -> Settings:
    """What a computer speaks, its user most likely reads."""
    spoken = QLocale.system().name()[:2]
    return replace(settings, language=spoken) if spoken in LANGUAGES else settings


def _first_answers(folder: Path, kinds: Sequence[Protection], settings: Settings) -> tuple[Answers | None, Settings]:
    """The first questions until they are answered, None where somebody leaves, and the settings that follow.

    Another language is spoken as soon as it is chosen; what was answered before stays, but for the passphrase.
    """
    while True:
        use_language(settings.language)
        fields = {field.id: field for field in settings_fields(settings)}
        asked = [fields[name] for name in FIRST_ASKED]
        form = Form(
            "Welcome to Regimap",
            "Start",
            (fields["language"], *_start_fields(kinds), *asked),
            (*WELCOME, say(PLACE, folder=folder)),
            problems=_problems,
        )
        dialog = DescribedDialog(form)
        dialog.editors["language"].changed.connect(partial(dialog.done, OTHER_LANGUAGE))
        answer = _answer(dialog)
        if answer == QDialog.DialogCode.Rejected:
            return None, settings
        settings = with_answers(settings, dialog.answers())
        if answer != OTHER_LANGUAGE:
            return dialog.answers(), settings


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


class Broken(Struct, frozen=True):
    """A store that cannot be opened: where, why, who works here, when."""

    folder: Path
    problem: KnownError
    who: str
    now: datetime


def mended(
    app: QApplication, broken: Broken, theme: Theme, key: StoreKey | None, tell: Callable[[str], None]
) -> Archive:
    """The store after a backup took its place; `tell` is told which. Raises the problem where none did."""
    found = mend(app, broken, theme, key, tell)
    if found is None:
        raise broken.problem
    return Archive.open(broken.folder, found)


def mend(
    app: QApplication, broken: Broken, theme: Theme, key: StoreKey | None, tell: Callable[[str], None]
) -> StoreKey | None:
    """Say that the plans cannot be opened, and offer to put a backup in their place; None where that was not done.

    A backup is offered only where it is what helps: not over a store that is newer, in use or on a full disk. Without
    the key the passphrase is asked for, where the backups need one.
    """
    register_fonts()
    dress(app, theme)
    helps = any(PUT_BACK in line for line in broken.problem.lines)
    made = tuple(reversed(keeping.backups(broken.folder))) if helps else ()
    key = key or (_key_beside(broken.folder, made[0].path) if made else None)
    lost = bool(made) and key is None and protection.is_key_lost(broken.folder, made[0].path.parent)
    if lost:
        made = ()
    sound = keeping.newest_sound_backup(broken.folder, key) if key else None
    used: list[StoreKey] = []

    def put_back(answers: Answers) -> Sequence[str]:
        used.clear()
        try:
            found = key or protection.key_for_backup(broken.folder, answers["backup"].path, answers["passphrase"])
            before = keeping.restore(broken.folder, found, answers["backup"], broken.who, broken.now)
        except KnownError as error:
            return error.lines
        used.append(found)
        tell(put_back_words(answers["backup"], before))
        return ()

    listed = [(one, say(SOUND, backup=one.label) if one == sound else one.label) for one in made]
    secret = () if key else (Field("passphrase", "&Passphrase", "secret"),)
    fields = (*secret, Field("backup", "&Backup", "choice", sound or made[0], listed)) if made else ()
    told = tuple(sentence(problem_words(line)) for line in broken.problem.lines)
    advice = MEND_WORDS if made else NO_BACKUP_WORDS if helps and not lost else ()
    form = Form("The plans cannot be opened", "Put it back", fields, advice, problems=put_back, told=told)
    dialog = DescribedDialog(form)
    dialog.ok.setVisible(bool(made))
    if not made:
        dialog.cancel.setText("Close")
    return used[-1] if _accepted(dialog) and used else None


def _key_beside(folder: Path, backup: Path) -> StoreKey | None:
    try:
        return protection.key_for_backup(folder, backup, "")
    except KnownError:
        return None


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
    return _answer(dialog) == QDialog.DialogCode.Accepted


def _answer(dialog: DescribedDialog) -> int:
    translate(dialog)
    answer = dialog.exec()
    dialog.deleteLater()
    return answer
