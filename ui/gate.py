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
from planner.paths import choose_data, may_choose_data, user_data
from planner.services.store import keeping, protection
from planner.services.store.archive import Archive
from planner.services.store.folders import keeps_plans, refuse_folder
from planner.settings import LANGUAGES, SETTINGS_FILE, Settings, save_settings
from ui.dialogs.backups import put_back_words
from ui.dialogs.described import DescribedDialog, Form
from ui.dialogs.fields import Answers, Field
from ui.dialogs.form import sentence
from ui.dialogs.protecting import KEEP_WORDS, passphrase_fields, passphrase_problems, ways
from ui.dialogs.settings import settings_fields, with_answers
from ui.problem_words import problem_words
from ui.style import dress, register_fonts, theme_named
from ui.surroundings import Entry
from ui.theme import Theme
from ui.tongue import say, use_language
from ui.translated import translate

OTHER_LANGUAGE = 2
"""How the first questions end when they are to be asked again in another language."""
Shown = Callable[[Answers], bool]
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


def welcome(app: QApplication, folder: Path, settings: Settings, theme: Theme) -> Entry | None:
    """Ask a new user and make the store. None where they leave. Raises KnownError where it cannot be made.

    Who looks at the demo first has said nothing yet of how plans are kept, and is asked again at the next start. Of a
    folder that keeps plans already only the place is given back, without a key: they are opened and not made.
    """
    register_fonts()
    dress(app, theme)
    kinds = ways(keyring=protection.keyring_works())
    answers, settings = _first_answers(folder, kinds, _in_the_systems_language(settings))
    if answers is None:
        return None
    chosen = replace(settings, welcomed=not answers["demo"])
    if answers["demo"]:
        save_settings(folder / SETTINGS_FILE, chosen)
        return Entry(folder, chosen, demo=True)
    home = _home(folder, answers)
    key = None
    if home == folder or not keeps_plans(home):
        save_settings(home / SETTINGS_FILE, chosen)
        key = protection.create(home, answers["protection"], answers["passphrase"])
    if home != folder:
        choose_data(home)
    return Entry(home, chosen, key)


def _home(folder: Path, answers: Answers) -> Path:
    """The folder that was chosen; the one at hand where none could be."""
    typed = answers.get("folder")
    return Path(typed).expanduser() if typed else folder


def _in_the_systems_language(settings: Settings) -> Settings:
    """What a computer speaks, its user most likely reads."""
    spoken = QLocale.system().name()[:2]
    return replace(settings, language=spoken) if spoken in LANGUAGES else settings


def _first_answers(folder: Path, kinds: Sequence[Protection], settings: Settings) -> tuple[Answers | None, Settings]:
    """The first questions until they are answered, None where somebody leaves, and the settings that follow.

    Another language is spoken as soon as it is chosen; what was answered before stays, but for the passphrase.
    """
    home = str(folder) if may_choose_data(folder) else ""
    while True:
        use_language(settings.language)
        form = first_form(folder, home, kinds, settings)
        dialog = DescribedDialog(form)
        dialog.editors["language"].changed.connect(partial(dialog.done, OTHER_LANGUAGE))
        answer = _answer(dialog)
        if answer == QDialog.DialogCode.Rejected:
            return None, settings
        answers = dialog.answers()
        settings, home = with_answers(settings, answers), answers.get("folder", "")
        if answer != OTHER_LANGUAGE:
            return answers, settings


def first_form(folder: Path, home: str, kinds: Sequence[Protection], settings: Settings) -> Form:
    """The first questions; `home` is what stands in the field for the folder, empty where that is no question."""

    def asked(answers: Answers) -> bool:
        return not answers["demo"]

    def fresh(answers: Answers) -> bool:
        return bool(answers["demo"]) or _home(folder, answers) == folder or not keeps_plans(_home(folder, answers))

    fields = {field.id: field for field in settings_fields(settings)}
    begin = ((False, "Plans of my own"), (True, "The invented demo patient"))
    places = (Field("folder", "F&older of the plans", "folder", home, shown_if=asked, tells=_told_of),) if home else ()
    return Form(
        "Welcome to Regimap",
        "Start",
        (
            fields["language"],
            Field("demo", "&Begin with", "choice", value=False, choices=begin),
            *places,
            *_protection_fields(kinds, lambda answers: asked(answers) and fresh(answers)),
            *(replace(fields[name], shown_if=fresh) for name in FIRST_ASKED),
        ),
        WELCOME if home else (*WELCOME, say(PLACE, folder=folder)),
        problems=partial(_problems, folder),
    )


def _told_of(typed: str) -> str:
    """What is said under a folder that keeps plans already."""
    return say("Plans are kept here already; they are opened.") if keeps_plans(Path(typed).expanduser()) else ""


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
    sound = keeping.newest_sound_backup(broken.folder, key, broken.now) if key else None
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


def _protection_fields(kinds: Sequence[Protection], asked: Shown) -> tuple[Field, ...]:
    def sealed(answers: Answers) -> bool:
        return asked(answers) and answers["protection"] is Protection.PASSPHRASE

    kept = [(way, KEEP_WORDS[way]) for way in kinds]
    return (
        Field("protection", "Plans are &kept", "choice", kinds[0], kept, shown_if=asked),
        *passphrase_fields(sealed),
    )


def _problems(folder: Path, answers: Answers) -> Sequence[str]:
    if answers["demo"]:
        return ()
    home = _home(folder, answers)
    if "folder" in answers:
        try:
            refuse_folder(home, own=home == folder)
        except KnownError as error:
            return error.lines
    if (home != folder and keeps_plans(home)) or answers["protection"] is not Protection.PASSPHRASE:
        return ()
    return passphrase_problems(answers)


def wait_for_data(app: QApplication, gone: KnownError) -> Path | None:
    """Say that the folder chosen for the plans is not there, until it is; None where the person leaves."""
    use_language(_in_the_systems_language(Settings()).language)
    register_fonts()
    dress(app, theme_named(Settings().theme))

    def still_gone(_: Answers) -> Sequence[str]:
        try:
            user_data()
        except KnownError as error:
            return error.lines
        return ()

    told = tuple(sentence(problem_words(line)) for line in gone.lines)
    form = Form("The plans are not there", "Try again", (), problems=still_gone, told=told)
    return user_data() if _accepted(DescribedDialog(form)) else None


def _accepted(dialog: DescribedDialog) -> bool:
    """Whether the question that stands alone was answered."""
    return _answer(dialog) == QDialog.DialogCode.Accepted


def _answer(dialog: DescribedDialog) -> int:
    translate(dialog)
    answer = dialog.exec()
    dialog.deleteLater()
    return answer
