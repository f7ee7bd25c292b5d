"""Body formulas: surface by five authors, ideal and adjusted weight. Exact, rounded once, with their sources.

Facts sheet parts C1 and C4; the weights of busulfan's label stand apart, because they are not Devine's.
"""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

from planner.model.quantity import plain
from planner.model.sentence import Sentence


class Surface(NamedTuple):
    """A formula of body surface: in m2 from cm and kg, in words with places for {h} and {w}, and who says so."""

    compute: Callable[[Decimal, Decimal], Decimal]
    name: str
    words: str
    source: str


def _mosteller(height: Decimal, weight: Decimal) -> Decimal:
    return (height * weight / 3600).sqrt()


def _dubois(height: Decimal, weight: Decimal) -> Decimal:
    return Decimal("0.007184") * height ** Decimal("0.725") * weight ** Decimal("0.425")


def _haycock(height: Decimal, weight: Decimal) -> Decimal:
    return Decimal("0.024265") * height ** Decimal("0.3964") * weight ** Decimal("0.5378")


def _gehan_george(height: Decimal, weight: Decimal) -> Decimal:
    return Decimal("0.0235") * height ** Decimal("0.42246") * weight ** Decimal("0.51456")


def _boyd(height: Decimal, weight: Decimal) -> Decimal:
    grams = weight * 1000
    exponent = Decimal("0.7285") - Decimal("0.0188") * grams.log10()
    return Decimal("0.0003207") * height ** Decimal("0.3") * grams**exponent


MOSTELLER = "mosteller"
SURFACES: Mapping[str, Surface] = {
    MOSTELLER: Surface(
        _mosteller, "Mosteller", "square root of ({h} cm × {w} kg / 3600)", "Mosteller, N Engl J Med 1987;317:1098"
    ),
    "dubois": Surface(
        _dubois,
        "DuBois",
        "0.007184 × {h} cm ^ 0.725 × {w} kg ^ 0.425",
        "DuBois and DuBois, Arch Intern Med 1916;17:863",
    ),
    "haycock": Surface(
        _haycock, "Haycock", "0.024265 × {h} cm ^ 0.3964 × {w} kg ^ 0.5378", "Haycock, J Pediatr 1978;93:62"
    ),
    "gehan-george": Surface(
        _gehan_george,
        "Gehan and George",
        "0.0235 × {h} cm ^ 0.42246 × {w} kg ^ 0.51456",
        "Gehan and George, Cancer Chemother Rep 1970;54:225",
    ),
    "boyd": Surface(
        _boyd,
        "Boyd",
        "0.0003207 × {h} cm ^ 0.3 × g ^ (0.7285 - 0.0188 × log10 g), where g = {w} kg × 1000",
        "Boyd 1935, as given by a secondary source",
    ),
}


@lru_cache(maxsize=512)
def surface(formula: str, height_cm: Decimal, weight_kg: Decimal) -> Decimal:
    """Body surface in m2 by one of SURFACES, to three decimals."""
    return rounded(SURFACES[formula].compute(height_cm, weight_kg), "0.001")


WEIGHTS = ("actual", "ideal", "adjusted", "lower of ideal and actual", "busulfan label")
"""Which weight a dose by kg is computed on, as protocol files name it."""

OBESE = Decimal(30)
"""kg/m2; the usual bound of obesity, which busulfan's label does not define itself."""
_DEVINE_FROM = Decimal("152.4")
_LABEL_FROM = Decimal(152)


class Weight(NamedTuple):
    """A dosing weight in kg with how it came about; `kg` is None where it cannot be told, and `words` say why."""

    kg: Decimal | None
    words: str


def dosing_weight(rule: str, height_cm: Decimal, weight_kg: Decimal, sex: str) -> Weight:
    """The weight of one of WEIGHTS, to one decimal. Sex is "female", "male" or anything else for not known.

    Ideal: Devine 1974, from 152.4 cm on. Adjusted: ideal + 0.4 × what lies above it, where the actual weight is more
    than 120 % of the ideal (facts sheet C4). Busulfan label: ideal by its own formula from 152 cm on, the lower of
    ideal and actual, in obesity ideal + 0.25 × what lies above it (Busulfex, US label text at rxlist.com).
    """
    if rule == "actual":
        return Weight(weight_kg, "actual weight")
    if sex not in ("female", "male"):
        return Weight(None, "sex not recorded, so the ideal weight is not known")
    lowest = _LABEL_FROM if rule == "busulfan label" else _DEVINE_FROM
    if height_cm < lowest:
        return Weight(None, f"the ideal weight is not defined below {lowest} cm")
    if rule == "busulfan label":
        return _busulfan(height_cm, weight_kg, sex)
    ideal = devine(height_cm, sex)
    if rule == "ideal":
        return Weight(rounded(ideal, "0.1"), "ideal weight, Devine")
    if rule == "adjusted":
        if weight_kg <= ideal * Decimal("1.2"):
            return Weight(weight_kg, "actual weight, not above 120 % of the ideal")
        return Weight(adjusted(ideal, weight_kg, "0.4"), "adjusted weight: ideal + 0.4 × the rest")
    return _lower(rounded(ideal, "0.1"), weight_kg, "Devine")


def clearance_weight(height_cm: Decimal, weight_kg: Decimal, sex: str) -> Weight:
    """The weight in kg that Cockcroft-Gault's clearance is computed on, to one decimal. Sex is "female" or "male".

    From a body mass index of 30 the adjusted weight: by the actual one the kidneys of somebody very heavy look twice as
    good as they are (facts sheet C4: one protocol set adjusts from 30, NCCN's appendix B allows it from 25 on; both
    agree from 30). Below 152.4 cm, where Devine's formula ends, its least ideal weight stands in.
    """
    index = rounded(weight_kg / (height_cm / 100) ** 2, "0.1")
    if index < OBESE:
        return Weight(weight_kg, Sentence("actual weight {kg} kg", kg=plain(weight_kg)))
    kg = adjusted(devine(max(height_cm, _DEVINE_FROM), sex), weight_kg, "0.4")
    words = Sentence("adjusted weight {kg} kg, body mass index {index}", kg=plain(kg), index=plain(index))
    return Weight(kg, words)


def devine(height_cm: Decimal, sex: str) -> Decimal:
    """Devine's ideal weight in kg, not rounded; ValueError below 60 inches, where it is not defined."""
    over = height_cm / Decimal("2.54") - 60
    if over < 0:
        raise ValueError(f"Devine's formula starts at {_DEVINE_FROM} cm (60 inches)")
    return (Decimal("45.5") if sex == "female" else Decimal(50)) + Decimal("2.3") * over


def adjusted(ideal: Decimal, weight_kg: Decimal, share: str) -> Decimal:
    """The ideal weight and a share of what lies above it, in kg, to one decimal."""
    return rounded(ideal + Decimal(share) * (weight_kg - ideal), "0.1")


def rounded(value: Decimal, step: str) -> Decimal:
    """To the decimals of `step`, halves away from zero."""
    return value.quantize(Decimal(step), rounding=ROUND_HALF_UP)


def _busulfan(height_cm: Decimal, weight_kg: Decimal, sex: str) -> Weight:
    ideal = (Decimal(45) if sex == "female" else Decimal(50)) + Decimal("0.91") * (height_cm - 152)
    index = rounded(weight_kg / (height_cm / 100) ** 2, "0.1")
    if index >= OBESE:
        words = f"adjusted ideal weight: ideal + 0.25 × the rest, body mass index {index} is {OBESE} or more"
        return Weight(adjusted(ideal, weight_kg, "0.25"), words)
    return _lower(rounded(ideal, "0.1"), weight_kg, "busulfan label")


def _lower(ideal: Decimal, weight_kg: Decimal, by: str) -> Weight:
    if ideal < weight_kg:
        return Weight(ideal, f"ideal weight, {by}, lower than the actual {weight_kg} kg")
    return Weight(weight_kg, f"actual weight, not above the ideal {ideal} kg ({by})")
