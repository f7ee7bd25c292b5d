"""The patient of the random chains, for the planner and for the second opinion."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from planner.model.patient import Measurement, Patient
from tests.assembly.second_changes import ChangedOpinion
from tests.assembly.second_going import begun_before
from tests.assembly.second_person import Person

PATIENT = Patient(
    "1",
    "Test",
    "",
    date(1985, 5, 5),
    "female",
    (
        Measurement(date(2026, 1, 1), Decimal(168), Decimal("70.4")),
        Measurement(date(2026, 3, 12), Decimal(168), Decimal("60.1")),
    ),
    markers=(("cns", "CNS1"),),
)
START = date(2026, 3, 2)
PERSON = Person(
    PATIENT.birth_date,
    "female",
    [(one.date, Fraction(one.height_cm), Fraction(one.weight_kg)) for one in PATIENT.measurements],
    dict(PATIENT.markers),
)


def with_reach(text: str, change: dict[str, object], told: list[dict[str, object]]) -> dict[str, object]:
    """A deferral of everything with the blocks that begin before its day by then, as the second opinion finds them."""
    if change["kind"] != "defer" or change["scope"] != "all" or not any(one["kind"] == "start" for one in told):
        return change
    return {**change, "before": begun_before(ChangedOpinion(text, PERSON, START, told), change)}
