"""Patients and protocols: who the plan is for and what is placed on it."""

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtWidgets import QDialog

from planner.errors import KnownError
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.patient import Patient
from planner.model.plan import Plan
from planner.services.telling.dose_moves import dose_moves, moves_to_ask
from planner.services.telling.weights import goes_on_by
from planner.services.verbs import editing, placing, recording
from planner.services.verbs.reasons import Why, because
from ui.dialogs.dose_moves import doses_form
from ui.dialogs.fields import Answers
from ui.dialogs.markers import asked_markers
from ui.dialogs.patient import PatientDialog
from ui.dialogs.protocol_choice import Placement, ProtocolDialog
from ui.document import is_barred
from ui.edit_names import named, with_reason
from ui.intents.asking import Asking
from ui.models.catalogue_list import short_title
from ui.models.missing_facts import lacks_facts, page_for
from ui.plan_words import plan_words
from ui.problem_words import error_words
from ui.surroundings import Doors
from ui.tongue import say

ALL_DEMO = (
    "This is the demo: whatever is made here is marked DEMO. For plans of your own, close it and start Regimap without "
    "the demo."
)


class CourseIntents(Asking):
    """New patients and plans, changes of the patient, protocols placed."""

    def new_patient(self) -> None:
        """A new patient with an empty plan, then the question which protocol."""
        if is_barred(self.document):
            return
        dialog = PatientDialog(
            None,
            today=self.around.today(),
            agents=self.document.library.agents,
            asked=asked_markers(self.document.library),
            listed=self.around.all_plans(),
            parent=self.window,
        )

        def create() -> None:
            # The store of the demo has its key beside it, so no plan in it may pass for one of a real patient.
            if not self._created(placing.new_plan(self.around.new_id(), dialog.patient(), self.around.demo)):
                return
            self.add_protocol()
            if self.around.demo:
                self.said.emit(say(ALL_DEMO))

        self.ask(dialog, create)

    def new_plan(self) -> None:
        """Another plan for the open patient, made once its first protocol is chosen: no is no plan."""
        evaluated = self.document.evaluated
        if evaluated and not is_barred(self.document):
            plan = placing.new_plan(self.around.new_id(), evaluated.plan.patient, evaluated.plan.demo)
            self._ask_protocol(self.document.look_at(plan), lambda placement: self._create(plan, placement))

    def open_demo(self, doors: Doors) -> None:
        """Show the invented patient as it was left in this store."""
        try:
            self.document.open(*doors.load_demo())
        except KnownError as error:
            self.failed.emit(error_words(error))
            return
        self.listed.emit()
        self.said.emit(say("This patient is invented. The list, every view and every sheet of this plan say DEMO."))

    def edit_patient(self) -> None:
        """Change what is recorded about the open patient; what the selected finding asks for is in front."""
        evaluated = self.document.evaluated
        if not evaluated:
            return
        dialog = PatientDialog(
            evaluated.plan.patient,
            today=self.around.today(),
            agents=self.document.library.agents,
            asked=asked_markers(self.document.library),
            parent=self.window,
        )
        finding = self.subject.finding if self.subject else None
        if finding and lacks_facts(finding):
            dialog.pages.setCurrentIndex(page_for(finding))
        dialog.further = lambda: self._replace_patient(evaluated, dialog.patient(), dialog.why(), dialog)
        self.ask(dialog, lambda: None)

    def add_protocol(self, chosen: str = "", day: int = 0) -> None:
        """Ask which protocol goes on the plan; `chosen` is selected at first, `day` (ordinal) is the start offered."""
        evaluated = self.document.evaluated
        if not evaluated:
            self.failed.emit("Open a plan or make one for a new patient first.")
            return
        self._ask_protocol(evaluated, self._place, chosen, day)

    def _ask_protocol(
        self, evaluated: EvaluatedPlan, place: Callable[[Placement | None], None], chosen: str = "", day: int = 0
    ) -> None:
        if is_barred(self.document):
            return
        if not self.document.library.protocols:
            self.failed.emit("The protocols are still being read; try again in a moment.")
            return
        today, theme, course = self.around.today(), self.around.theme(), evaluated.schedule
        library, patient = self.document.library, evaluated.plan.patient
        dialog = ProtocolDialog(library, chosen, patient, course, today=today, theme=theme, parent=self.window)
        if day:
            dialog.day.set_day(date.fromordinal(day))
        self.ask(dialog, lambda: place(dialog.placement()))

    def _replace_patient(
        self, before: EvaluatedPlan, patient: Patient, why: Why | None, form: QDialog | None = None
    ) -> bool:
        """Keep what was entered. True where doses would move by much: that is asked over the form, and closes it."""
        name = with_reason("Edit patient", why and why.reason)

        def replaced(plan: Plan, by: Patient = patient) -> Plan:
            return because(plan, editing.replace_patient(plan, by), why)

        after = self.document.preview(replaced)
        moves = () if isinstance(after, str) else dose_moves(before.schedule, after.schedule)
        stays = _not_reached(before, patient)
        if not moves_to_ask(moves, patient, self.around.today()):
            self.edit(name, replaced)
            if stays and self.document.evaluated is not before:
                self.said.emit(" ".join(stays))
            return False
        can_stay = recording.with_doses_kept(before.plan.patient, patient) is not None
        asked = self.ask_change(
            doses_form(moves, can_stay=can_stay, stays=stays),
            name,
            lambda answers, plan: replaced(plan, _as_asked(before.plan.patient, patient, answers)),
            over=form,
        )
        if form:
            asked.accepted.connect(partial(form.done, QDialog.DialogCode.Accepted))
        return True

    def _created(self, plan: Plan) -> bool:
        try:
            self.document.create(plan, "New plan")
        except KnownError as error:
            self.failed.emit(error_words(error))
        shown = self.shown  # where nothing may be changed, the plan before: nothing of the new one must reach that
        return shown is not None and shown.plan.id == plan.id

    def _create(self, plan: Plan, placement: Placement | None) -> None:
        if placement is not None and self._created(plan):
            self._place(placement)
            self.created.emit()

    def _place(self, placement: Placement | None) -> None:
        if placement is None:
            return
        shelved, start, choices = placement.shelved, placement.start, placement.choices

        def placed(plan: Plan) -> Plan:
            if placement.phase:
                more = placing.add_phase(plan, shelved, placement.phase, start, choices)
            else:
                more = placing.add_protocol(plan, shelved, start, choices)
            return because(plan, more, placement.why)

        before = self.document.evaluated
        known = {block.id for block in before.schedule.blocks} if before else set()
        name = with_reason(named("Add {what}", what=short_title(shelved)), placement.why and placement.why.reason)
        self.edit(name, placed)
        after = self.document.evaluated
        new = [block.id for block in after.schedule.blocks if block.id not in known] if after else []
        if known and new:
            self.placed.emit(new[0])  # beside what stood there already it may begin years away


def _not_reached(before: EvaluatedPlan, patient: Patient) -> list[str]:
    """What goes on by another height and weight than those that were entered now."""
    new = (one for one in patient.measurements if one not in before.plan.patient.measurements)
    lines = (plan_words(line) for found in new for line in goes_on_by(before.schedule, patient, found))
    return [f"{line[:1].upper()}{line[1:]}." for line in lines]


def _as_asked(before: Patient, after: Patient, answers: Answers) -> Patient:
    """The patient as entered, with doses that stay where that was the answer."""
    kept = recording.with_doses_kept(before, after) if answers["doses"] == "stay" else None
    return kept or after
