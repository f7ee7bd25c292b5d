"""Plans as files: handed over, kept elsewhere where the store cannot be written, taken in. Nothing goes over a plan."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from planner.errors import KeyNeeded, KnownError
from planner.model.plan import Plan
from planner.services.store.exchange import Incoming
from ui.dialogs.described import DescribedDialog, Form
from ui.dialogs.fields import Answers, Field
from ui.dialogs.protecting import passphrase_fields, passphrase_problems
from ui.intents.asking import Asking
from ui.problem_words import error_words
from ui.surroundings import Doors
from ui.tongue import say
from ui.workers import Workers

SAVE_WORDS = ("The file holds the plan as it stands, whether it is saved in the store or not.",)
OPEN_FILE, SEALED_FILE = "Open: whoever has the file can read it", "Sealed: opens with a passphrase only"
FILTER = "Plan (*.json)"


class FileIntents(Asking):
    """Plan files out and in."""

    def save_plan(self, doors: Doors) -> None:
        """Ask whether the file is sealed, then where it goes."""
        plan = self.shown.plan if self.shown else None
        if plan is None:
            return
        fields = (
            Field("sealed", "&File", "choice", value=False, choices=((False, OPEN_FILE), (True, SEALED_FILE))),
            *passphrase_fields(_is_sealed),
        )
        form = Form("Save the plan as a file", "Choose the file…", fields, SAVE_WORDS, problems=_sealing_problems)
        dialog = DescribedDialog(form, self.window)

        def choose() -> None:
            given = dialog.answers()
            words = given["passphrase"] if given["sealed"] else ""
            files = QFileDialog(self.window, say("Save the plan as a file"), f"plan-{plan.id[:12]}.json", FILTER)
            files.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            files.setDefaultSuffix("json")
            files.fileSelected.connect(partial(self.write_plan, doors, plan, words))
            files.finished.connect(files.deleteLater)
            files.open()

        self.ask(dialog, choose)

    def write_plan(self, doors: Doors, plan: Plan, passphrase: str, file: str) -> None:
        """Write the file, then note it in the trail."""
        records = doors.vault().records
        try:
            records.save_plan(plan, Path(file), passphrase)
        except KnownError as error:
            self.failed.emit(error_words(error))
            return
        try:
            records.note_export(plan.id)
        except KnownError as error:
            self.failed.emit(say("Saved as {file}, but: {words}", file=Path(file).name, words=error))
            return
        self.said.emit(say("Saved as {file}", file=Path(file).name))

    def take_in(self, doors: Doors, workers: Workers) -> None:
        """Ask which files."""
        files = QFileDialog(self.window, say("Take in plan files"), "", FILTER)
        files.setFileMode(QFileDialog.FileMode.ExistingFiles)
        files.filesSelected.connect(partial(self.read_plans, doors, workers))
        files.finished.connect(files.deleteLater)
        files.open()

    def read_plans(self, doors: Doors, workers: Workers, files: Sequence[str]) -> None:
        """Read the files, show what would change, and take in what is new."""
        records, agents = doors.vault().records, self.document.library.agents
        try:
            self._show_incoming(doors, workers, records.read_files(files, agents, ""))
        except KeyNeeded:
            self._ask_passphrase(lambda words: records.read_files(files, agents, words), doors, workers)
        except KnownError as error:
            self.failed.emit(error_words(error))

    def _ask_passphrase(self, read: Callable[[str], tuple[Incoming, ...]], doors: Doors, workers: Workers) -> None:
        found: list[tuple[Incoming, ...]] = []

        def try_it(answers: Answers) -> Sequence[str]:
            found.clear()
            try:
                found.append(read(answers["passphrase"]))
            except KnownError as error:
                return error.lines
            return ()

        fields = (Field("passphrase", "&Passphrase", "secret"),)
        form = Form("A plan file is sealed", "Open", fields, problems=try_it)
        dialog = DescribedDialog(form, self.window)
        self.ask(dialog, lambda: self._show_incoming(doors, workers, found[-1]))

    def _show_incoming(self, doors: Doors, workers: Workers, incoming: tuple[Incoming, ...]) -> None:
        new = [one for one in incoming if one.verdict == "new"]
        lines = tuple(one.told(say) for one in incoming)
        if not new:
            self.failed.emit("\n".join((say("Nothing in these files is new:"), *lines)))
            return
        form = Form("Take in plan files", "Take in what is new", (), lines)
        dialog = DescribedDialog(form, self.window)

        def after(_: object) -> None:
            try:
                taken = doors.vault().records.take_in(incoming)
            except KnownError as error:
                self.failed.emit(error_words(error))
                return
            self.listed.emit()
            self.said.emit(say("{count} plans taken in.", count=len(taken)))

        # A backup first, as before everything that changes many plans at once.
        self.ask(dialog, lambda: workers.run(doors.vault().back_up("before import"), after, self.failed.emit))


def _is_sealed(answers: Answers) -> bool:
    return bool(answers["sealed"])


def _sealing_problems(answers: Answers) -> Sequence[str]:
    return passphrase_problems(answers) if answers["sealed"] else ()
