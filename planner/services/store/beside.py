"""What else the store has of a plan's patient: other plans of the same one, and somebody else under the same number."""

from typing import NamedTuple

from planner.model.civil import clinical_date
from planner.model.patient import Patient
from planner.model.plan import Plan
from planner.model.revision import PlanSummary
from planner.model.words import fold
from planner.services.store.archive import Archive

ONE_PLAN = "Rules, sums and sheets look at one plan at a time: what stands in the other is in none of them"


class Beside(NamedTuple):
    """The plans of the patient beside one, and those of whoever has the same number without being the same person."""

    plans: tuple[PlanSummary, ...] = ()
    numbers: tuple[PlanSummary, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the patient's other plans."""
        return tuple(one.plan_id for one in self.plans)


def beside(archive: Archive, plan: Plan) -> Beside:
    """The other plans that concern this one's patient.

    Of number, name and birth date two that agree are the same person: a slip in one of them must not hide the other
    plan. The number alone is somebody else's, or two slips: no sheet may call that a plan of this patient. A plan
    without a protocol is none of them: nothing stands in it that anybody could overlook.
    """
    listed = (one for one in listed_around(archive, plan.patient) if one.plan_id != plan.id)
    known = [(one, *_agreeing(plan.patient, one)) for one in listed]
    return Beside(
        tuple(one for one, *agreeing in known if sum(agreeing) > 1 and one.protocols),
        tuple(one for one, number, *others in known if number and not any(others)),
    )


def listed_around(archive: Archive, patient: Patient) -> tuple[PlanSummary, ...]:
    """The plans of the store that the patient's number or family name finds."""
    words = (one for one in (patient.id, patient.family_name) if one.strip())
    return tuple({one.plan_id: one for some in words for one in archive.list(some, limit=-1)}.values())


def beside_lines(archive: Archive, plan: Plan) -> tuple[str, ...]:
    """The same as sentences, none where the store has nothing else."""
    known = beside(archive, plan)
    plans = ", ".join(_plan_words(one, plan.patient) for one in known.plans)
    told = (f"the store has another plan of this patient: {plans}. {ONE_PLAN}",) if plans else ()
    persons = dict.fromkeys(map(person_words, known.numbers))
    return *told, *(f"the number {plan.patient.id} is also that of {one}: one of them is a slip" for one in persons)


def _agreeing(patient: Patient, one: PlanSummary) -> tuple[bool, bool, bool]:
    """Whether number, name and birth date agree; accents and capitals make no difference."""
    return (
        fold(patient.id) == fold(one.patient_id),
        [*map(fold, (patient.family_name, patient.given_name))] == [*map(fold, (one.family_name, one.given_name))],
        patient.birth_date == one.birth_date,
    )


def _plan_words(one: PlanSummary, patient: Patient) -> str:
    """A plan with its protocols and, where it has other ones, its number, name or birth date: one of them is a slip."""
    number, name, birth = _agreeing(patient, one)
    told = (
        one.protocols,
        "" if number else f"number {one.patient_id}",
        "" if name else f"{one.family_name}, {one.given_name}",
        "" if birth or not one.birth_date else f"born {clinical_date(one.birth_date)}",
    )
    return f"{one.plan_id} ({', '.join(filter(None, told))})"


def person_words(one: PlanSummary) -> str:
    """A person of the list: name and birth date."""
    born = f", born {clinical_date(one.birth_date)}" if one.birth_date else ""
    return f"{one.family_name}, {one.given_name}{born}"
