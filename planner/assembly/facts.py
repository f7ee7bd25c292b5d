"""The patient's facts by day, looked up once for days on which they are the same."""

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date

from planner.assembly.memo import Memo
from planner.model.body import MOSTELLER
from planner.model.condition import Fact
from planner.model.patient import Measurement, Patient


class KnownByDay:
    """What is known of a patient on each day. Kept, because it changes only on birthdays and on days of a record."""

    def __init__(self, patient: Patient, formula: str) -> None:
        self._patient, self._formula = patient, formula
        self._measurements = sorted(patient.dosed_by, key=lambda one: one.date)
        self._measured = [one.date.toordinal() for one in self._measurements]
        self._recorded = sorted(one.toordinal() for one in _dates(patient))
        self._found: dict[tuple[int, int], Mapping[str, Fact]] = {}

    def measurement(self, day: int) -> Measurement | None:
        """The measurement that doses follow: the newest on or before that ordinal, else the earliest there is."""
        measured = self._measured
        if len(measured) < 2:
            return self._measurements[0] if measured else None
        return self._measurements[max(bisect_right(measured, day) - 1, 0)]

    def age(self, day: int) -> int:
        """Completed years on that day."""
        return self._patient.age_on(date.fromordinal(max(day, 1)))

    def facts(self, day: int) -> Mapping[str, Fact]:
        """The facts of that day."""
        on = date.fromordinal(max(day, 1))
        key = (self._patient.age_on(on), bisect_right(self._recorded, day))
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._patient.facts_on(on, self._formula)
        return found


_kept: Memo[tuple[int, str], KnownByDay] = Memo(16)


def known_by_day(patient: Patient, formula: str = MOSTELLER) -> KnownByDay:
    """The days of that patient, by this formula of body surface; the same ones for the same patient."""
    return _kept.get((id(patient), formula), lambda: KnownByDay(patient, formula))


def _dates(patient: Patient) -> list[date]:
    """The days on which anything was recorded."""
    return [one.date for one in patient.measurements] + [one.date for one in patient.labs]
