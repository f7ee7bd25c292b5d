"""The care for the store: backups, audit trail, plans deleted and taken back, a patient erased, protection."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from planner.errors import KnownError
from planner.files import Backup
from planner.model.plan import Plan
from planner.model.revision import PlanSummary, TrailLine
from planner.model.store import Protection
from planner.services.store import protection
from planner.services.store.keeping import BackedUp, Verified, backup_at
from ui.dialogs.backups import BackupsDialog, put_back_words
from ui.dialogs.described import DescribedDialog, Form
from ui.dialogs.erasing import ERASE_SEVERAL, ERASE_WORDS, erase_fields, erase_problems
from ui.dialogs.fields import Field
from ui.dialogs.protecting import PROTECT_WORDS, protection_fields, protection_problems
from ui.dialogs.trail import TrailDialog, TrailDoors
from ui.dialogs.waiting import WaitingDialog
from ui.intents.asking import Asking
from ui.models.catalogue_list import short_titles
from ui.models.plan_list import DEMO, plan_name, protocol_names
from ui.problem_words import error_words, problem_words
from ui.surroundings import Doors
from ui.tongue import say
from ui.workers import Workers

DELETE_WORDS = (
    "The plan leaves the list. Nothing of it is lost: Store, Deleted plans takes it back.",
    "To remove a patient for good, erase them instead.",
)


class StoreIntents(Asking):
    """What a person asks about the store as a whole. Every method takes the doors it needs."""

    def back_up(self, doors: Doors, workers: Workers) -> None:
        """Write a backup now and read it again."""

        def told(done: BackedUp) -> None:
            if done.problem:
                self.failed.emit(done.problem)
            else:
                self.said.emit(say("Backup made and read again: {name}", name=done.backup.path.name))

        workers.run(doors.vault().back_up(), told, self.failed.emit)

    def show_backups(self, doors: Doors, workers: Workers) -> None:
        """List the backups; one can be put in the store's place."""
        vault = doors.vault()
        second = str(vault.second_folder or "")
        dialog = BackupsDialog(vault.backups(), backup_at, second, self.window)

        def put_back() -> None:
            backup = dialog.backup()
            if backup:
                self._put_back(doors, workers, backup)

        self.ask(dialog, put_back)

    def _put_back(self, doors: Doors, workers: Workers, backup: Backup) -> None:
        def told(before: Path | None) -> None:
            self.said.emit(put_back_words(backup, before))

        job = doors.vault().put_back(backup)
        self._alone(doors, workers, "Putting the backup back …", job, told)

    def show_trail(self, doors: Doors, workers: Workers) -> None:
        """The audit trail, with the comparison of everything and an export."""
        vault, records = doors.vault(), doors.vault().records
        plan_id = self.shown.plan.id if self.shown else ""

        def export(file: str, only: bool) -> str:
            try:
                count = records.export_trail(Path(file), plan_id if only else "")
            except KnownError as error:
                return error_words(error)
            return say("{count} lines written to {file}", count=count, file=Path(file).name)

        def check(then: Callable[..., None]) -> None:
            def found(result: Verified) -> None:
                problems = records.names(result.problems)
                fine = say(
                    "{plans} plans agree with their checksums; {lines} lines of the trail hold together.",
                    plans=result.plans,
                    lines=result.lines,
                )
                then("\n".join(problems) or fine, wrong=bool(problems))

            workers.run(vault.verify(), found, lambda words: then(words, wrong=True))

        def lines(only: bool) -> tuple[TrailLine, ...]:
            return records.trail(plan_id if only else "")

        self.ask(
            TrailDialog(TrailDoors(lines, check, export), has_plan=bool(plan_id), parent=self.window), lambda: None
        )

    def delete_plan(self, doors: Doors) -> None:
        """Take the open plan off the list, with a reason."""
        evaluated = self.shown
        if evaluated is None:
            return
        plan = evaluated.plan
        fields = (Field("reason", "&Reason"), Field("by", "&Name", value=self.around.who))
        intro = (_patient_words(plan), *DELETE_WORDS)
        dialog = DescribedDialog(Form("Delete this plan", "Delete", fields, intro), self.window)

        def delete() -> None:
            given = dialog.answers()
            try:
                doors.vault().records.delete(plan.id, given["reason"], given["by"])
            except KnownError as error:
                self.failed.emit(error_words(error))
                return
            self._forget(say("Plan deleted. Store, Deleted plans takes it back."))

        self.ask(dialog, delete)

    def show_deleted(self, doors: Doors) -> None:
        """Offer the deleted plans to be taken back."""
        deleted = doors.vault().records.deleted()
        if not deleted:
            self.failed.emit(say("No plan is deleted."))
            return
        titles = short_titles(self.document.library)
        fields = (
            Field("plan", "&Plan", "choice", deleted[0], [(one, _deleted_words(one, titles)) for one in deleted]),
            Field("reason", "&Reason", optional=True, hint="may stay empty"),
            Field("by", "&Name", value=self.around.who),
        )
        dialog = DescribedDialog(Form("Deleted plans", "Take back", fields), self.window)

        def take_back() -> None:
            given = dialog.answers()
            try:
                doors.vault().records.take_back(given["plan"].plan_id, given["reason"], given["by"])
            except KnownError as error:
                self.failed.emit(error_words(error))
                return
            self.listed.emit()
            self.said.emit(say("The plan stands on the list again."))

        self.ask(dialog, take_back)

    def erase(self, doors: Doors, workers: Workers) -> None:
        """Explain and ask, then erase the open plan's patient from the store and its backups."""
        evaluated = self.shown
        if evaluated is None:
            return
        patient, records = evaluated.plan.patient, doors.vault().records
        count = records.plans_of(patient.id)
        plans = say("1 plan") if count == 1 else say("{count} plans", count=count)
        persons = records.persons_under(patient.id)
        several = (say(ERASE_SEVERAL, persons="; ".join(persons)),) if len(persons) > 1 else ()
        intro = (f"{_patient_words(evaluated.plan)}: {plans}", *several, *ERASE_WORDS)
        form = Form("Erase this patient", "Erase for good", erase_fields(self.around.who), intro)
        asked = DescribedDialog(
            Form(form.title, form.accept, form.fields, intro, problems=partial(erase_problems, patient)), self.window
        )

        def erase() -> None:
            given = asked.answers()
            job = records.erase(patient.id, given["reason"], given["by"])
            self._alone(doors, workers, "Erasing the patient …", job, self._tell_erased)

        self.ask(asked, erase)

    def _tell_erased(self, done: tuple[int, tuple[str, ...]]) -> None:
        count, left = done
        if left:
            self.failed.emit("\n".join(left))
        else:
            told = (
                "1 plan erased, also from the backups."
                if count == 1
                else "{count} plans erased, also from the backups."
            )
            self.said.emit(say(told, count=count))

    def protect(self, doors: Doors, workers: Workers) -> None:
        """Ask how the store's key is kept from now on."""
        vault = doors.vault()
        now = vault.protection
        form = Form(
            "Protection of the plans",
            "Change",
            protection_fields(now, keyring=protection.keyring_works()),
            PROTECT_WORDS,
            problems=partial(protection_problems, vault.opens, now),
        )
        dialog = DescribedDialog(form, self.window)

        def change() -> None:
            given = dialog.answers()
            kind: Protection = given["kind"]
            try:
                vault.protect(kind, given["passphrase"] if kind is Protection.PASSPHRASE else "")
            except KnownError as error:
                self.failed.emit(error_words(error))
                return
            self.said.emit(say("The plans are protected anew. The key beside the backups follows now."))
            # Each backup folder holds a copy of the key file; the old one would want the old passphrase.
            workers.run(vault.follow_protection(), told, self.failed.emit)

        def told(amiss: str) -> None:
            if amiss:
                self.failed.emit(problem_words(amiss))

        self.ask(dialog, change)

    def _alone(
        self, doors: Doors, workers: Workers, words: str, job: Callable[[], Any], told: Callable[[Any], None]
    ) -> None:
        """Do what replaces the store's file: no plan open, nobody at the file, the window waiting."""
        vault = doors.vault()
        self._forget("")
        vault.step_aside()
        waiting = WaitingDialog(say(words), self.window)
        waiting.finished.connect(waiting.deleteLater)
        waiting.open()

        def end(tell: Callable[[], None]) -> None:
            waiting.end()
            try:
                vault.come_back()
            except KnownError as error:
                self.failed.emit(error_words(error))
                return
            self.listed.emit()
            tell()

        workers.run(
            job,
            lambda value: end(partial(told, value)),
            lambda problem: end(partial(self.failed.emit, problem)),
        )

    def _forget(self, words: str) -> None:
        """Close the open plan."""
        self.document.close()
        self.listed.emit()
        if words:
            self.said.emit(words)


def _patient_words(plan: Plan) -> str:
    """The patient by name and id."""
    return f"{DEMO if plan.demo else ''}{plan.patient.display_name} ({plan.patient.id})"


def _deleted_words(one: PlanSummary, titles: Mapping[str, str]) -> str:
    name = f"{plan_name(one)} ({one.patient_id})"
    return f"{', '.join(filter(None, (name, protocol_names(one, titles))))}: {one.void}"
