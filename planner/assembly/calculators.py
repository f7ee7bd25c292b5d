"""Bedside formulas: body surface, kidney function, carboplatin dose, body weights. Exact decimals, rounded once.

Every function raises ValueError, in words for the user, where an input lies outside the range it can be meant for.
The ranges are this program's own and are there to catch typing errors; the formulas are those of facts sheet part C.
"""

from collections.abc import Mapping
from decimal import Decimal

from planner.model.body import SURFACES, Weight, adjusted, clearance_weight, devine, rounded, surface
from planner.model.calculation import Calculation
from planner.model.quantity import plain
from planner.model.results import cockcroft_gault

MICROMOL_PER_MG_DL = Decimal("88.4")
"""Creatinine: mg/dL = micromol/L ÷ 88.4 (secondary sources; one tool uses 88.42)."""
CARBOPLATIN_GFR_CAP = Decimal(125)
"""mL/min; the largest estimated clearance used for carboplatin (NCCN order templates, appendix B)."""
LOW = Decimal("0.7")
"""Creatinine in mg/dL that carboplatin dosing does not go below (same source; some centres use 0.6 or 0.8)."""

LOW_CREATININE = "a low creatinine overestimates: for carboplatin take at least 0.7 mg/dL"

_RANGES = {
    "height": (Decimal(40), Decimal(250), "cm"),
    "weight": (Decimal(1), Decimal(400), "kg"),
    "creatinine": (Decimal("0.1"), Decimal(25), "mg/dL"),
    "clearance": (Decimal(1), Decimal(250), "mL/min"),
    "AUC": (Decimal("0.5"), Decimal(10), "mg/mL × min"),
    "body surface": (Decimal("0.2"), Decimal("3.5"), "m2"),
}


SURFACE_FORMULAS = tuple(SURFACES)


def body_surface(height_cm: Decimal, weight_kg: Decimal, formula: str = "mosteller") -> Calculation:
    """Body surface area in m2 by one of SURFACE_FORMULAS, to three decimals."""
    _within("height", height_cm)
    _within("weight", weight_kg)
    by = SURFACES[formula]
    text = by.words.format(h=plain(height_cm), w=plain(weight_kg))
    notes = ("the formulas differ by up to 12 % in obesity: keep one formula for the whole course",)
    return Calculation(surface(formula, height_cm, weight_kg), "m2", text, by.source, notes)


def creatinine_clearance(
    age: int, weight_kg: Decimal, creatinine: Decimal, sex: str, height_cm: Decimal | None = None
) -> Calculation:
    """Cockcroft-Gault clearance in mL/min, not indexed to body surface, to one decimal. Creatinine in mg/dL, adults.

    With a height it is by the adjusted weight from a body mass index of 30 on, as plans compute it.
    """
    _adult(age)
    _within("weight", weight_kg)
    _within("creatinine", creatinine)
    female = _is_female(sex)
    by = _weight_of_clearance(height_cm, weight_kg, sex)
    kg = weight_kg if by.kg is None else by.kg
    value = cockcroft_gault(age, kg, creatinine, female)
    text = f"(140 - {age}) × {plain(kg)} kg / (72 × {plain(creatinine)} mg/dL){' × 0.85' if female else ''}"
    notes = (by.words, *((LOW_CREATININE,) if creatinine < LOW else ()))
    return Calculation(value, "mL/min", text, "Cockcroft and Gault, as in NCCN appendix B", notes)


def _weight_of_clearance(height_cm: Decimal | None, weight_kg: Decimal, sex: str) -> Weight:
    if height_cm is None:
        return Weight(weight_kg, "by the actual weight; with the height, obesity is taken into account")
    _within("height", height_cm)
    return clearance_weight(height_cm, weight_kg, sex)


def ckd_epi_2021(age: int, creatinine: Decimal, sex: str) -> Calculation:
    """CKD-EPI 2021 creatinine equation in mL/min/1.73 m2, to one decimal. Creatinine in mg/dL, adults."""
    _adult(age)
    _within("creatinine", creatinine)
    female = _is_female(sex)
    kappa, alpha = (Decimal("0.7"), Decimal("-0.241")) if female else (Decimal("0.9"), Decimal("-0.302"))
    ratio = creatinine / kappa
    value = 142 * min(ratio, Decimal(1)) ** alpha * max(ratio, Decimal(1)) ** Decimal("-1.2") * Decimal("0.9938") ** age
    text = (
        f"142 × min({plain(creatinine)} / {kappa}, 1) ^ {alpha} × max({plain(creatinine)} / {kappa}, 1) ^ -1.2"
        f" × 0.9938 ^ {age}{' × 1.012' if female else ''}"
    )
    notes = ("indexed to 1.73 m2: for drug doses multiply by the patient's body surface / 1.73",)
    source = "CKD-EPI 2021 creatinine equation, National Kidney Foundation"
    return Calculation(
        rounded(value * (Decimal("1.012") if female else 1), "0.1"), "mL/min/1.73 m2", text, source, notes
    )


def bedside_schwartz(age: int, height_cm: Decimal, creatinine: Decimal) -> Calculation:
    """Bedside Schwartz 2009 for 1 to 18 years in mL/min/1.73 m2, to one decimal. Creatinine in mg/dL."""
    if not 1 <= age <= 18:
        raise ValueError(f"the bedside Schwartz equation holds from 1 to 18 years, not at {age}")
    _within("height", height_cm)
    _within("creatinine", creatinine)
    value = Decimal("0.413") * height_cm / creatinine
    text = f"0.413 × {plain(height_cm)} cm / {plain(creatinine)} mg/dL"
    source = "Bedside Schwartz 2009, National Kidney Foundation"
    return Calculation(rounded(value, "0.1"), "mL/min/1.73 m2", text, source)


def without_index(rate: Decimal, area: Decimal) -> Calculation:
    """A rate per 1.73 m2 as the patient's own, in mL/min, to one decimal."""
    _within("clearance", rate)
    _within("body surface", area)
    text = f"{plain(rate)} × {plain(area)} m2 / 1.73"
    return Calculation(rounded(rate * area / Decimal("1.73"), "0.1"), "mL/min", text, "definition; unverified")


def calvert(auc: Decimal, clearance: Decimal) -> Calculation:
    """Carboplatin in mg: AUC × (clearance + 25), the estimated clearance capped at 125 mL/min. Whole mg."""
    _within("AUC", auc)
    _within("clearance", clearance)
    used = min(clearance, CARBOPLATIN_GFR_CAP)
    notes = ["mg, not mg/m2"]
    if used < clearance:
        notes.append(f"clearance {plain(clearance)} mL/min capped at {CARBOPLATIN_GFR_CAP} mL/min")
    if auc > 6:
        notes.append("above AUC 6 use a measured clearance, not an estimate")
    text = f"AUC {plain(auc)} × ({plain(used)} mL/min + 25)"
    return Calculation(rounded(auc * (used + 25), "1"), "mg", text, "Calvert, as in NCCN appendix B", tuple(notes))


def ideal_weight(height_cm: Decimal, sex: str) -> Calculation:
    """Devine 1974 ideal body weight in kg, to one decimal; from 60 inches (152.4 cm) on, where it is defined."""
    value, text = _devine(height_cm, sex)
    return Calculation(rounded(value, "0.1"), "kg", text, "Devine 1974")


def adjusted_weight(height_cm: Decimal, weight_kg: Decimal, sex: str) -> Calculation:
    """Ideal weight plus 0.4 of what lies above it, in kg, to one decimal; meant from 120 % of the ideal weight on."""
    ideal, _text = _devine(height_cm, sex)
    _within("weight", weight_kg)
    if weight_kg < ideal:
        raise ValueError(f"{plain(weight_kg)} kg is below the ideal weight: use the actual weight")
    notes = (
        () if weight_kg > ideal * Decimal("1.2") else ("below 120 % of the ideal weight it is not usually adjusted",)
    )
    shown = plain(rounded(ideal, "0.1"))
    text = f"{shown} kg + 0.4 × ({plain(weight_kg)} kg - {shown} kg)"
    return Calculation(adjusted(ideal, weight_kg, "0.4"), "kg", text, "Devine 1974", notes)


def doxorubicin_equivalent(
    doses: Mapping[str, Decimal], factors: Mapping[str, tuple[Decimal, str]], scheme: str
) -> Calculation:
    """The sum in mg/m2 of doxorubicin of doses in mg/m2 by agent, with the factor and source of each agent.

    ValueError where the scheme has no factor for an agent: a sum that leaves one out would look too small.
    """
    lacking = [agent for agent in doses if agent not in factors]
    if lacking:
        raise ValueError(f"the scheme {scheme} has no factor for {', '.join(lacking)}; it has {', '.join(factors)}")
    total = sum((dose * factors[agent][0] for agent, dose in doses.items()), Decimal(0))
    text = " + ".join(f"{agent} {plain(dose)} × {plain(factors[agent][0])}" for agent, dose in doses.items())
    notes = (f"scheme {scheme}; for late cardiomyopathy in children's cohorts, not for acute toxicity",)
    source = "; ".join(f"{agent}: {factors[agent][1]}" for agent in doses)
    return Calculation(rounded(total, "0.1"), "mg/m2 doxorubicin", text, source, notes)


def _devine(height_cm: Decimal, sex: str) -> tuple[Decimal, str]:
    _within("height", height_cm)
    base = Decimal("45.5") if _is_female(sex) else Decimal(50)
    return devine(height_cm, sex), f"{base} + 2.3 × ({plain(height_cm)} cm / 2.54 - 60)"


def _is_female(sex: str) -> bool:
    if sex not in ("female", "male"):
        raise ValueError(f'sex must be "female" or "male" for this formula, not "{sex}"')
    return sex == "female"


def _adult(age: int) -> None:
    if not 18 <= age <= 120:
        raise ValueError(f"this equation is for adults of 18 to 120 years, not {age}")


def _within(name: str, value: Decimal) -> None:
    low, high, unit = _RANGES[name]
    if not low <= value <= high:
        raise ValueError(f"{name} {plain(value)} {unit} is outside {plain(low)} to {plain(high)} {unit}")
