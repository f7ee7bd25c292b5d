"""Amounts and protocol doses: exact decimals, a closed set of units, and the one way to write them as text.

Text follows the ISMP list and the NHS CUI medication-line rules (promises C4): leading zero, no trailing zero,
comma from 1,000, a space before the unit, "units" spelled out, never U, IU or the micro sign.
"""

import re
from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct

from planner.model.sentence import Sentence

UNITS = ("mg", "mcg", "g", "units", "mL", "cells", "Gy", "drop")
"""Units a dose may be given in. Grams in a protocol are computed in mg (see DoseRule.base_amount).

A drop is no volume: how much it holds depends on the bottle.
"""
UNIT = "|".join((*UNITS, "drops"))
"""The same as they may be written, for patterns."""
IN_MG = {"mcg": Decimal("0.001"), "mg": Decimal(1), "g": Decimal(1000)}
"""What one of each unit of mass is."""


_NUMBER = r"\d+(?:\.\d+)?(?:e\d+)?"
# Texts, which `re` compiles and keeps when they are first used: a start must not wait for them.
_DOSE = (
    r"^(?:(?P<auc>AUC) (?P<target>\d+(?:\.\d+)?)"
    rf"|(?P<amount>{_NUMBER})(?:-(?P<most>{_NUMBER}))? (?P<unit>{UNIT})(?:/(?P<per>m2|kg))?(?P<day>/day)?)$"
)
_ZERO_AT_END = r"\.\d*0(?!\d)"
_EXPONENT = r"\d+e\d+"
_AMOUNT = rf"^({_NUMBER}) ({UNIT})$"


_WRITTEN = {
    **{one.casefold(): one for one in UNITS},
    **dict.fromkeys(("µg", "μg", "ug", "mcgs", "microgram", "micrograms"), "mcg"),
    **dict.fromkeys(("iu", "u", "ie", "ui", "unit"), "units"),
    **dict.fromkeys(("gram", "grams"), "g"),
    "cc": "mL",
    "drops": "drops",
}
"""Units as people write them, in small letters, and as they are written here."""

_TO_HUNDREDTHS, _TO_TENTHS, _TO_ONES = Decimal("0.01"), Decimal("0.1"), Decimal(1)


class Amount(Struct, frozen=True):
    """A number with its unit, for example 2 mg. Never negative."""

    value: Decimal
    unit: str

    def __str__(self) -> str:
        return format_amount(self.value, self.unit)


class DoseRule(Struct, frozen=True):
    """A dose as the protocol says it: 1.4 mg/m2, 28 mcg/day, 60 mg/m2/day, AUC 5.

    `per_day` means the figure is the total of a day; a single dose is that divided by the doses of the day.
    It is a field of its own so that a daily total can never be read as a single dose.
    `most` makes it a range, "10-15 mg/kg": somebody chooses a dose within it, nothing is computed.
    """

    amount: Decimal
    unit: str
    per: str = ""
    per_day: bool = False
    most: Decimal | None = None

    def __str__(self) -> str:
        if self.per == "AUC":
            return f"AUC {format_number(self.amount)}"
        per = f"/{self.per}" if self.per else ""
        most = f" to {format_number(self.most)}" if self.most is not None else ""
        unit = unit_word(self.most or self.amount, self.unit)
        return f"{format_number(self.amount)}{most} {unit}{per}{'/day' if self.per_day else ''}"

    @property
    def base_amount(self) -> Amount:
        """The amount in the unit it is computed in: grams become mg, everything else stays."""
        if self.unit == "g":
            return Amount(self.amount * 1000, "mg")
        return Amount(self.amount, self.unit)


def parse_dose(text: str) -> DoseRule:
    """Read a protocol dose such as "1.4 mg/m2" or "28 mcg/day"; ValueError says what is allowed."""
    found = re.match(_DOSE, text.strip())
    if not found and (meant := _as_meant(text.strip())):
        raise ValueError(Sentence('"{dose}" is not written as a dose is here; write "{meant}"', dose=text, meant=meant))
    if not found:
        raise ValueError(
            Sentence(
                '"{dose}" is not a dose; write for example "1.4 mg/m2", "28 mcg/day", "2 mg", "10-15 mg/kg" or "AUC 5"',
                dose=text,
            )
        )
    if found["auc"]:
        return DoseRule(Decimal(found["target"]), "mg", "AUC")
    least, most = Decimal(found["amount"]), Decimal(found["most"]) if found["most"] else None
    if most is not None and most <= least:
        raise ValueError(Sentence('"{dose}": a range runs from a smaller to a larger dose', dose=text))
    return DoseRule(least, unit_of(found["unit"]), found["per"] or "", bool(found["day"]), most)


def _as_meant(text: str) -> str:
    """The dose that was typed in another way of writing: "1,5 mg", "1.5mg", "5 µg", "3 L"; empty where none is sure.

    Three figures behind one sign are two numbers (see `two_readings`), and no one of them is offered.
    """
    found = re.match(r"^(\d+)(?:[.,](\d+))?\s*([^\d\s/]+)((?:/(?:m2|kg|day))*)$", text.replace("m²", "m2"))
    if not found or len(found[2] or "") == 3:
        return ""
    number = Decimal(f"{found[1]}.{found[2] or 0}")
    written = found[3].casefold()
    if written == "l":
        number, written = number * 1000, "ml"
    unit = _WRITTEN.get(written, "")
    meant = f"{plain(number)} {unit}{found[4]}"
    return meant if meant != text and re.match(_DOSE, meant) else ""


def parse_amount(text: str) -> Amount:
    """Read an amount such as "2 mg"; grams become mg; ValueError says what is allowed."""
    found = re.match(_AMOUNT, text.strip())
    if not found:
        raise ValueError(f'"{text}" is not an amount; write for example "2 mg" or "3750 units"')
    value, unit = Decimal(found[1]), unit_of(found[2])
    return Amount(value * 1000, "mg") if unit == "g" else Amount(value, unit)


def converted(value: Decimal, unit: str, to: str) -> Decimal | None:
    """The same amount in another unit: 2,000 mcg are 2 mg; None where one is no mass and they are not the same."""
    if unit == to:
        return value
    return value * IN_MG[unit] / IN_MG[to] if unit in IN_MG and to in IN_MG else None


def rewritten(text: str) -> str:
    """A dose that somebody typed as people have to read it: "8187 mcg" becomes "8,187 mcg"; what is none stays."""
    try:
        return str(parse_dose(text))
    except ValueError:
        return text


def two_readings(text: str) -> str:
    """Why a typed dose cannot be taken although it can be read; empty where it can.

    "2.500 units" is 2.5 here and 2,500 where the point parts thousands, "1.0 mg" is read as 10 mg: the ISMP list bars
    zeros at the end. "5e2 mg" is a slip on the keys: cells alone are counted so.
    """
    if re.search(_EXPONENT, text) and "cell" not in text:
        return Sentence('"{dose}": write the number out; only cells are written with e', dose=text)
    if not re.search(_ZERO_AT_END, text):
        return ""
    return Sentence(
        '"{dose}" can be read in two ways; write no zero at the end behind the point, and no point in thousands',
        dose=text,
    )


def plain(value: Decimal) -> str:
    """The number without exponent, grouping or trailing zeros: 2.50 becomes 2.5, 1E+2 becomes 100."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_number(value: Decimal) -> str:
    """The number for people: leading zero, no trailing zero, comma from 1,000."""
    whole, _, fraction = plain(value).partition(".")
    grouped = f"{int(whole):,}"
    return f"{grouped}.{fraction}" if fraction else grouped


def format_amount(value: Decimal, unit: str, micrograms: str = "mcg") -> str:
    """Number, space, unit. `micrograms` is the site's word for mcg ("mcg" or "micrograms")."""
    return f"{format_number(value)} {unit_word(value, unit, micrograms)}"


def unit_word(value: Decimal, unit: str, micrograms: str = "mcg") -> str:
    """The unit as it stands behind this number: 1 drop, 2 drops."""
    if unit == "drop":
        return unit if value == 1 else "drops"
    return micrograms if unit == "mcg" else unit


def unit_of(written: str) -> str:
    """The unit that was written: "drops" are counted in drop."""
    return "drop" if written == "drops" else written


def round_to(value: Decimal, step: Decimal) -> Decimal:
    """Nearest multiple of step (> 0), halves away from zero."""
    return (value / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step


def default_step(value: Decimal) -> Decimal:
    """Rounding step where an agent has none of its own: 0.01 below 10, 0.1 below 100, 1 from 100.

    A house default of three figures, not a clinical source; DECISIONS.md keeps the reason.
    """
    digits = value.adjusted()  # of its first figure: 0 from 1 to below 10
    return _TO_HUNDREDTHS if digits < 1 else _TO_TENTHS if digits == 1 else _TO_ONES


def round_by_default(value: Decimal) -> Decimal:
    """What `round_to` gives with the default step, at once: all these steps are powers of ten."""
    digits = value.adjusted()
    step = _TO_HUNDREDTHS if digits < 1 else _TO_TENTHS if digits == 1 else _TO_ONES
    return value.quantize(step, ROUND_HALF_UP)
