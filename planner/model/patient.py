"""The patient as the plan keeps them: a snapshot of what was recorded, and the facts derived from it for one day."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct

from planner.model.body import MOSTELLER, Weight, clearance_weight, surface
from planner.model.condition import Fact
from planner.model.quantity import format_amount
from planner.model.results import ADULT, cockcroft_gault, in_its_unit, latest

Results = Mapping[str, tuple[Decimal, date]]
"""The newest number of each code of `results.RESULTS`, with its own day."""

AGE = "age"
"""The fact that holds completed years on a day."""

AGE_AT_ENTRY = "age_at_entry"
"""The fact of a placement that holds the age on its first day: choices by it stay as they were made on entry."""

CLEARANCE_BY = "crcl_by"
"""The fact that names the weight of a computed clearance, in words; no condition asks for it."""


class Measurement(Struct, frozen=True):
    """Height in cm and weight in kg on one day.

    Without `for_doses` somebody decided that doses stay as an earlier measurement made them.
    """

    date: date
    height_cm: Decimal
    weight_kg: Decimal
    for_doses: bool = True

    @property
    def bsa(self) -> Decimal:
        """Body surface area in m2 by Mosteller, to three decimals."""
        return self.surface(MOSTELLER)

    def surface(self, formula: str) -> Decimal:
        """Body surface area in m2 by one of body.SURFACES, to three decimals."""
        return surface(formula, self.height_cm, self.weight_kg)


class LabResult(Struct, frozen=True):
    """One laboratory value with the unit it was reported in."""

    date: date
    code: str
    value: Decimal
    unit: str


ANTHRACYCLINES = ("daunorubicin", "doxorubicin", "epirubicin", "idarubicin", "mitoxantrone")
MOST_OF_THEM = {"mg/m2": Decimal(2_000), "mg": Decimal(5_000)}
"""Total doses of an anthracycline that can be meant: more than twice any lifetime limit. Regimap's own bound."""
MOST = {"mg/m2": Decimal(250_000), "mg": Decimal(500_000)}
"""Total doses of any drug that can be meant: twelve courses of 12 g/m2 of methotrexate are 144,000. Regimap's own."""


class PriorExposure(Struct, frozen=True):
    """What was given before this plan: agent, total dose and its unit (mg/m2, mg, units, doses), until which day."""

    agent: str
    dose: Decimal
    unit: str
    until: date | None = None

    @property
    def problem(self) -> str:
        """Why the total dose cannot be meant; empty where it can. Sums over a lifetime count from it."""
        most = (MOST_OF_THEM if self.agent.strip().lower() in ANTHRACYCLINES else MOST).get(self.unit)
        if most is None or self.dose <= most:
            return ""
        told, limit = format_amount(self.dose, self.unit), format_amount(most, self.unit)
        return f"{told} of {self.agent} cannot be meant; at most {limit} are taken: check number and unit"


class CoMedication(Struct, frozen=True):
    """Another medicine as a span of days; no end means it is still taken."""

    agent: str
    start: date
    end: date | None = None


class Patient(Struct, frozen=True):
    """One person. `id` is text, so leading zeros stay; markers are pairs such as ("ph", "positive")."""

    id: str
    family_name: str
    given_name: str
    birth_date: date
    sex: str
    measurements: tuple[Measurement, ...] = ()
    labs: tuple[LabResult, ...] = ()
    diagnosis: str = ""
    markers: tuple[tuple[str, str], ...] = ()
    allergies: tuple[str, ...] = ()
    prior_exposures: tuple[PriorExposure, ...] = ()
    co_medications: tuple[CoMedication, ...] = ()

    @property
    def display_name(self) -> str:
        return f"{self.family_name}, {self.given_name}" if self.given_name else self.family_name

    def age_on(self, day: date) -> int:
        """Completed years on that day; somebody born on 29 February turns a year older on 1 March."""
        before_birthday = (day.month, day.day) < (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - before_birthday

    def measurement_on(self, day: date) -> Measurement | None:
        """The measurement that doses of that day follow: the newest on or before it, else the earliest there is."""
        return _newest(self.dosed_by, day)

    @property
    def dosed_by(self) -> tuple[Measurement, ...]:
        """The measurements that doses follow; all of them where none is marked so."""
        return tuple(one for one in self.measurements if one.for_doses) or self.measurements

    def results_on(self, day: date) -> Results:
        """The newest result of each code of `results.RESULTS` on or before that day, in its unit, with its own day.

        A clearance (`crcl`) that nobody measured since is computed from the creatinine by Cockcroft-Gault, for adults;
        `clearance_weight_on` says by which weight.
        """
        return self._results_on(day)[0]

    def clearance_weight_on(self, day: date) -> Weight | None:
        """The weight by which that day's clearance is computed; None where it was measured or cannot be told."""
        return self._results_on(day)[1]

    def _results_on(self, day: date) -> tuple[Results, Weight | None]:
        found = dict(latest(self.labs, day)) if self.labs else {}
        creatinine = self._not_measured(found)
        weight = self._clearance_weight(day) if creatinine else None
        if creatinine and weight and weight.kg is not None:
            value = cockcroft_gault(self.age_on(day), weight.kg, creatinine[0], self.sex == "female")
            found["crcl"] = value, creatinine[1]
        return found, weight

    def _not_measured(self, known: Results) -> tuple[Decimal, date] | None:
        """The creatinine from which a clearance has to be computed, because none was measured on its day or since."""
        creatinine = known.get("creatinine")
        if creatinine is None and "crcl" not in known:
            creatinine = self._first_creatinine()
        if not creatinine or not creatinine[0] or ("crcl" in known and known["crcl"][1] >= creatinine[1]):
            return None
        return creatinine

    def _clearance_weight(self, day: date) -> Weight | None:
        measured = _newest(self.measurements, day)
        if measured is None or self.age_on(day) < ADULT or self.sex not in ("female", "male"):
            return None
        return clearance_weight(measured.height_cm, measured.weight_kg, self.sex)

    def _first_creatinine(self) -> tuple[Decimal, date] | None:
        """The earliest creatinine: a plan may start on a day before its first one."""
        read = [(lab.date, read[1]) for lab in self.labs if (read := in_its_unit(lab)) and read[0] == "creatinine"]
        first = min(read, default=None)
        return (first[1], first[0]) if first else None

    def facts_on(self, day: date, formula: str = MOSTELLER) -> Mapping[str, Fact]:
        """What conditions may ask about on that day: age in years, sex, weight (kg), bsa (m2), markers, results.

        `formula` is the one of body surface.
        A sex that is neither female nor male is no fact: "sex = male" then cannot be told.
        """
        facts: dict[str, Fact] = {**dict(self.markers), "age": Decimal(self.age_on(day))}
        if self.sex in ("female", "male"):
            facts["sex"] = self.sex
        measurement = self.measurement_on(day)
        if measurement:
            facts["weight"] = measurement.weight_kg
            facts["bsa"] = measurement.surface(formula)
        if self.labs:
            results, weight = self._results_on(day)
            facts.update((code, value) for code, (value, _) in results.items())
            if weight:
                facts[CLEARANCE_BY] = weight.words
        return facts


def _newest(measurements: Sequence[Measurement], day: date) -> Measurement | None:
    """The newest on or before that day, else the earliest."""
    ordered = sorted(measurements, key=lambda one: one.date)
    earlier = [one for one in ordered if one.date <= day]
    return next(iter(earlier[-1:] or ordered[:1]), None)
