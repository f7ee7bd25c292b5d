"""Patients and protocols: who the plan is for and what is placed on it."""

from planner.errors import KnownError
from planner.model.plan import Plan
from planner.services import editing, placing
from ui.dialogs.markers import asked_markers
from ui.dialogs.patient import PatientDialog
from ui.dialogs.protocol_choice import Placement, ProtocolDialog
from ui.intents.asking import Asking


class CourseIntents(Asking):
    """New patients and plans, changes of the patient, protocols placed."""

    def new_patient(self) -> None:
        """A new patient with an empty plan, then the question which protocol."""
        dialog = PatientDialog(
            None,
            today=self.around.today(),
            agents=self.document.library.agents,
            asked=asked_markers(self.document.library),
            taken=self.around.known_patients(),
            parent=self.window,
        )
        self.ask(dialog, lambda: self._create(placing.new_plan(self.around.new_id(), dialog.patient())))

    def new_plan(self) -> None:
        """Another empty plan for the open patient."""
        evaluated = self.document.evaluated
        if evaluated:
            self._create(placing.new_plan(self.around.new_id(), evaluated.plan.patient, evaluated.plan.demo))

    def edit_patient(self) -> None:
        """Change what is recorded about the open patient."""
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
        self.ask(
            dialog, lambda: self.edit("Edit patient", lambda plan: editing.replace_patient(plan, dialog.patient()))
        )

    def add_protocol(self, chosen: str = "") -> None:
        """Ask which protocol goes on the plan; `chosen` is selected at first."""
        evaluated = self.document.evaluated
        if not evaluated:
            self.failed.emit("Open a plan or make one for a new patient first.")
            return
        if not self.document.library.protocols:
            self.failed.emit("The protocols are still being read; try again in a moment.")
            return
        blocks = [(block.id, block.title) for block in reversed(evaluated.schedule.blocks)]
        today, theme = self.around.today(), self.around.theme()
        library, patient = self.document.library, evaluated.plan.patient
        dialog = ProtocolDialog(library, chosen, patient, blocks, today=today, theme=theme, parent=self.window)
        self.ask(dialog, lambda: self._place(dialog.placement()))

    def _create(self, plan: Plan) -> None:
        try:
            self.document.create(plan, "New plan")
        except KnownError as error:
            self.failed.emit(str(error))
            return
        self.add_protocol()

    def _place(self, placement: Placement | None) -> None:
        if placement is None:
            return
        shelved, start, choices = placement.shelved, placement.start, placement.choices

        def placed(plan: Plan) -> Plan:
            if placement.phase:
                return placing.add_phase(plan, shelved, placement.phase, start, choices)
            return placing.add_protocol(plan, shelved, start, choices)

        self.edit(f"Add {shelved.protocol.id}", placed)
