"""Whom the second way computes for."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from tests.assembly.second_reading import square_metres


@dataclass
class Person:
    """What the second opinion needs of a patient: dated (height, weight) pairs and facts by name."""

    born: date
    sex: str
    measured: list[tuple[date, Fraction, Fraction]]
    facts: dict[str, str] = field(default_factory=dict)

    def age(self, day: date) -> Fraction:
        before_birthday = (day.month, day.day) < (self.born.month, self.born.day)
        return Fraction(day.year - self.born.year - (1 if before_birthday else 0))

    def at(self, day: date) -> dict[str, object]:
        known: dict[str, object] = dict(self.facts)
        known |= {"age": self.age(day), "sex": self.sex}
        pair = self.size(day)
        if pair:
            known |= {"weight": pair[1], "bsa": square_metres(*pair)}
        return known

    def size(self, day: date) -> tuple[Fraction, Fraction] | None:
        best = None
        for when, height, weight in sorted(self.measured):
            if best is None or when <= day:
                best = (height, weight)
        return best
