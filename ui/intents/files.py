"""Plans as files: handed over, kept elsewhere where the store cannot be written, taken in. Nothing goes over a plan."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtWidgets import QFileDialog

from planner.errors import KeyNeeded, KnownError
from planner.model.plan import Plan
from planner.services.store.coming_home import LATER
from planner.services.store.exchange import Incoming
from planner.services.verbs.bodies import newest_body_doubt
from ui.dialogs.described import DescribedDialog, Form
from ui.dialogs.fields import Answers, Field
from ui.dialogs.protecting import passphrase_fields, passphrase_problems
from ui.document import may_be_left
from ui.intents.asking import Asking
from ui.problem_words import error_words
from ui.surroundings import Doors
from ui.tongue import say
from ui.workers import Workers

SAVE_WORDS = ("The file holds the plan as it stands, whether it is saved in the store or not.",)
OPEN_FILE, SEALED_FILE = "Open: whoever has the file can read it", "Sealed: opens with a passphrase only"
CHANGED_ELSEWHERE = "Take in changes made elsewhere"
FILTER = "Plan (*.json)"
TAKEN_IN = "Plans and lists of patients (*.json *.csv)"
TAKEN = "{count} plan taken in.", "{count} plans taken in."
MOST = 12
"""Lines that are told of what is in the files; a list of patients may have thousands."""


class FileIntents(Asking):
    """Plan files out and in."""

    def save_plan(self, doors: Doors) -> None:
        """Ask whether the file is sealed, then where it goes."""
        plan = self.shown.plan if self.shown else None
        if plan is None:
            return
        fields = (
            Field("sealed", "&File", "choice", choices=((True, SEALED_FILE), (False, OPEN_FILE)), stand_in=False),
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
        files = QFileDialog(self.window, say("Take in plans or patients"), "", say(TAKEN_IN))
        files.setFileMode(QFileDialog.FileMode.ExistingFiles)
        files.filesSelected.connect(partial(self.read_plans, doors, workers))
        files.finished.connect(files.deleteLater)
        files.open()

    def read_plans(self, doors: Doors, workers: Workers, files: Sequence[str]) -> None:
        """Read the files, show what would change, and take in what is new; a later state of a plan after a question."""
        agents, new_id = self.document.library.agents, self.around.new_id
        self.document.save_now()  # so that what is compared with is what is shown

        def read(passphrase: str) -> tuple[Incoming, ...]:
            return doors.vault().records.read_files(files, agents, passphrase, new_id)

        try:
            self._show_incoming(doors, workers, read(""))
        except KeyNeeded:
            self._ask_passphrase(read, doors, workers)
        except KnownError as error:
            self.failed.emit(_shortened(error_words(error).splitlines()))

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
        later = [one for one in incoming if one.verdict == LATER]
        # What somebody should look at comes first.
        lines = [one.told(say) for one in sorted(incoming, key=lambda one: not (one.mistakable or one.twofold))]
        if any(one.verdict == "new" for one in incoming):
            doubts = tuple(_doubts(incoming))
            form = Form(
                "Take in plans or patients",
                "Take in what is new",
                (),
                _shortened(lines).splitlines(),
                doubts=lambda _: _shortened(doubts).splitlines(),
            )
            self.ask(DescribedDialog(form, self.window), lambda: self._take_in(doors, workers, incoming, later))
        elif later:
            self._ask_later(doors, workers, later)
        else:
            self.failed.emit("\n".join((say("Nothing in these files is new:"), _shortened(lines))))

    def _ask_later(self, doors: Doors, workers: Workers, later: Sequence[Incoming]) -> None:
        """Ask of each later state of a plan that is here, one after another, whether it follows what is here."""
        if not later:
            return
        one, *rest = later
        if self.shown and self.shown.plan.id == one.plan.id and not may_be_left(self.document):
            return
        try:
            here = self.document.look_at(doors.load_plan(one.plan.id)[0])
        except KnownError as error:
            self.failed.emit(error_words(error))
            return
        form = Form(CHANGED_ELSEWHERE, "Take in as the next revision", (), (one.told(say),), before=here)
        dialog = DescribedDialog(replace(form, preview=lambda _: self.document.look_at(one.plan)), self.window)
        dialog.rejected.connect(partial(self._ask_later, doors, workers, rest))
        self.ask(dialog, lambda: self._take_in(doors, workers, [one], rest, later=True))

    def _take_in(
        self,
        doors: Doors,
        workers: Workers,
        incoming: Sequence[Incoming],
        rest: Sequence[Incoming],
        *,
        later: bool = False,
    ) -> None:
        """Take plans in, after a backup as before everything that changes many plans; then ask for the rest."""

        def after(_: object) -> None:
            try:
                taken = doors.vault().records.take_in(incoming, later=later)
                if self.shown and self.shown.plan.id in taken:
                    self.document.open(*doors.load_plan(self.shown.plan.id))
            except KnownError as error:
                self.failed.emit(error_words(error))
                return
            self.listed.emit()
            self.said.emit(say(TAKEN[len(taken) != 1], count=len(taken)))
            self._ask_later(doors, workers, rest)

        workers.run(doors.vault().back_up("before import"), after, self.failed.emit)


def _doubts(incoming: Iterable[Incoming]) -> Iterator[str]:
    """What is asked about the height and weight of those who are new on a list."""
    for one in incoming:
        of_list = one.verdict == "new" and one.file.lower().endswith(".csv")
        if of_list and (doubt := newest_body_doubt(one.plan.patient, say)):
            yield f"{one.plan.patient.display_name}: {doubt}"


def _shortened(lines: Sequence[str]) -> str:
    """The first lines, and how many more there are."""
    more = [say("and {count} more", count=len(lines) - MOST)] if len(lines) > MOST else []
    return "\n".join((*lines[:MOST], *more))


def _is_sealed(answers: Answers) -> bool:
    return bool(answers["sealed"])


def _sealing_problems(answers: Answers) -> Sequence[str]:
    return passphrase_problems(answers) if answers["sealed"] else ()
