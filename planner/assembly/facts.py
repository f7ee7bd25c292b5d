"""The patient's facts by day, looked up once for days on which they are the same."""

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from planner.assembly.memo import Memo
from planner.model.body import MOSTELLER
from planner.model.condition import Fact
from planner.model.patient import Measurement, Patient


class Known(NamedTuple):
    """The facts of one day and the measurement in force on it."""

    facts: Mapping[str, Fact]
    measurement: Measurement | None


class KnownByDay:
    """What is known of a patient on each day. Kept, because it changes only on birthdays and on days of a record."""

    def __init__(self, patient: Patient, formula: str) -> None:
        self._patient, self._formula = patient, formula
        dates = [one.date for one in patient.measurements] + [one.date for one in patient.labs]
        self._recorded = sorted(on.toordinal() for on in dates)
        self._found: dict[tuple[int, int], Known] = {}

    def __call__(self, day: int) -> Known:
        """What is known on the day of that ordinal."""
        on = date.fromordinal(max(day, 1))
        key = (self._patient.age_on(on), bisect_right(self._recorded, day))
        found = self._found.get(key)
        if found is None:
            facts = self._patient.facts_on(on, self._formula)
            found = self._found[key] = Known(facts, self._patient.measurement_on(on))
        return found


_kept: Memo[tuple[int, str], KnownByDay] = Memo(16)


def known_by_day(patient: Patient, formula: str = MOSTELLER) -> KnownByDay:
    """The days of that patient, by this formula of body surface; the same ones for the same patient."""
    return _kept.get((id(patient), formula), lambda: KnownByDay(patient, formula))
