"""The doses of the second opinion, computed in fractions from the format's description alone."""

import math
import re
from datetime import date
from fractions import Fraction

from tests.assembly.second_person import Person
from tests.assembly.second_reading import kilograms, square_metres, true_of, written


class SecondDoses:
    """The doses of one person. What was computed for the same facts is kept."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.singles: dict[tuple, tuple[tuple[Fraction | None, str], dict, dict]] = {}
        self.left: dict[tuple, list[Fraction]] = {}

    def dose(
        self, order: dict, first: date, known: dict, doses_a_day: int, number: int, round_steps: dict[str, Fraction]
    ) -> str:
        """One dose as text; the most of a course is kept by giving every dose before it first."""
        if "course_cap" not in order:
            value, unit = self.single(order, first, known, doses_a_day, number, round_steps)
            return "" if value is None else f"{written(value)} {unit}"
        unit = self.single(order, first, known, doses_a_day, number, round_steps)[1]
        most, cap_unit = order["course_cap"].split()
        # What is left of the most before each dose. `single` keeps the order and the facts whose ids these are.
        left = self.left.setdefault(
            (id(order), id(known), doses_a_day), [Fraction(most) * (1000 if cap_unit == "g" else 1)]
        )
        while len(left) <= number + 1:
            value = self.single(order, first, known, doses_a_day, len(left) - 1, round_steps)[0]
            if value is None:
                return ""
            left.append(left[-1] - min(value, left[-1]))
        given = left[number] - left[number + 1]
        return f"{written(given)} {unit}" if given else ""

    def single(
        self, order: dict, first: date, known: dict, doses_a_day: int, number: int, round_steps: dict[str, Fraction]
    ) -> tuple[Fraction | None, str]:
        """A dose as if no other had been given. What was computed for the same facts is not computed again."""
        key = (id(order), id(known), doses_a_day, number if "escalation" in order else 0)
        if key not in self.singles:
            # The order and the facts are kept with their dose, so that nothing else can get their ids.
            found = self.compute(order, first, known, doses_a_day, number, round_steps)
            self.singles[key] = (found, order, known)
        return self.singles[key][0]

    def band(self, order: dict, known: dict) -> dict | None:
        for band in order.get("bands") or [order]:
            answer = true_of(band.get("when", "") if band is not order else "", known)
            if answer is None:
                return None
            if answer:
                return band
        return None

    def compute(
        self, order: dict, first: date, known: dict, doses_a_day: int, number: int, round_steps: dict[str, Fraction]
    ) -> tuple[Fraction | None, str]:
        band = self.band(order, known)
        if band is None:
            return None, ""
        found = re.fullmatch(r"(\S+) (mg|mcg|g|units|mL|cells|Gy|drop)(?:/(m2|kg))?(/day)?", band.get("dose", ""))
        if not found or "-" in found[1]:
            return None, ""
        value, unit = Fraction(found[1]), found[2]
        if "escalation" in order:
            value += number * Fraction(order["escalation"].split()[0])
        if unit == "g":
            value, unit = value * 1000, "mg"
        sizes = self.person.size(first)
        computed = False
        if found[3]:
            if sizes is None:
                return None, ""
            kilos = kilograms(order.get("weight", "actual"), *sizes, self.person.sex)
            if found[3] == "kg" and kilos is None:
                return None, ""
            value *= square_metres(*sizes) if found[3] == "m2" else kilos
            computed = True
        if found[4] and doses_a_day > 1:
            value /= doses_a_day
            computed = True
        limit = None
        if "cap" in band:
            most, cap_unit = band["cap"].split()
            limit = Fraction(most) * (1000 if cap_unit == "g" else 1)
            if value > limit:
                value, computed = limit, False
        if computed and order["route"] == "PO":
            # The least that its tablets come in, where they make it within a tenth.
            tablet = round_steps.get(f"{order['agent']} by mouth in {unit}")
            whole = math.floor(value / tablet + Fraction(1, 2)) * tablet if tablet else Fraction(0)
            if whole and abs(whole - value) <= value / 10:
                value, computed = whole, False
        if computed:
            step = round_steps.get(order["agent"]) or (
                Fraction(1, 100) if value < 10 else Fraction(1, 10) if value < 100 else Fraction(1)
            )
            value = math.floor(value / step + Fraction(1, 2)) * step
        return value if limit is None else min(value, limit), unit


def drug(order: dict) -> tuple[str, str, str]:
    """The same drug by the same route for the same purpose."""
    return str(order["agent"]), str(order["route"]), str(order["role"])


def smaller(dose: str, percent: int) -> str:
    """So many percent of a dose as text, rounded to three figures; "" where that leaves nothing."""
    found = re.fullmatch(r"(\S+) (\S+)", dose)
    assert found
    value = Fraction(found[1]) * percent / 100
    step = Fraction(1, 100) if value < 10 else Fraction(1, 10) if value < 100 else Fraction(1)
    value = math.floor(value / step + Fraction(1, 2)) * step
    return f"{written(value)} {found[2]}" if value else ""
