"""The patient's facts by day, looked up once for days on which they are the same."""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from datetime import date

from planner.assembly.memo import Memo
from planner.model.body import MOSTELLER
from planner.model.condition import Fact
from planner.model.patient import Patient


def known_by_day(patient: Patient, formula: str = MOSTELLER) -> Callable[[int], Mapping[str, Fact]]:
    """`Patient.facts_on` for ordinals; kept, because facts change only on birthdays and on days of a record."""
    return _kept.get((id(patient), formula), lambda: _KnownByDay(patient, formula))


class _KnownByDay:
    def __init__(self, patient: Patient, formula: str) -> None:
        self._patient, self._formula = patient, formula
        dates = [one.date for one in patient.measurements] + [one.date for one in patient.labs]
        self._recorded = sorted(on.toordinal() for on in dates)
        self._found: dict[tuple[int, int], Mapping[str, Fact]] = {}

    def __call__(self, day: int) -> Mapping[str, Fact]:
        on = date.fromordinal(max(day, 1))
        key = (self._patient.age_on(on), bisect_right(self._recorded, day))
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._patient.facts_on(on, self._formula)
        return found


_kept: Memo[tuple[int, str], _KnownByDay] = Memo(16)
