"""What erasing a patient means, and what is asked before it."""

from collections.abc import Sequence

from planner.model.patient import Patient
from planner.model.words import names_any
from ui.dialogs.fields import Answers, Field
from ui.tongue import say

ERASE_WORDS = (
    "Erased are all plans of this patient with every saved state, deleted plans too. This cannot be taken back.",
    "The patient is also erased from every backup beside the store and in the second folder.",
    "The audit trail keeps that plans were erased, when, by whom and why; neither the patient nor what was done.",
    "Not reached: files you exported or printed, copies made by other programs, what a disk keeps of old bytes.",
    "To take a plan off the list and keep it, delete it instead.",
)
ERASE_SEVERAL = (
    "CAUTION: plans of several persons stand under this ID, and all of them would be erased: {persons}. Correct the ID "
    "in the plans that are somebody else's first."
)


def erase_fields(who: str) -> tuple[Field, ...]:
    """Why, who, and the patient's number once more."""
    return (
        Field("reason", "&Reason", hint="for example the number of the request; not the patient's name"),
        Field("by", "&Name", value=who),
        Field("again", "The patient's &ID again", hint="because this cannot be taken back"),
    )


def erase_problems(patient: Patient, answers: Answers) -> Sequence[str]:
    """What keeps the answers from being used."""
    found = []
    if answers["again"] != patient.id:
        found.append(say("The ID is not the one of this patient."))
    if names_any(answers["reason"], (patient.id, patient.family_name, patient.given_name)):
        found.append(say("The reason names the patient, and it would stay in the audit trail."))
    return found
