"""How much liquid a dose is given in and how fast it runs: volume, duration, rate.

Two of the three make the third: rate = volume / duration. A dose that is itself measured in mL is its own volume; one
that is given at a stated concentration makes its volume, dose / concentration.
"""

from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct

from planner.model.cycle_content import ComputedDose
from planner.model.protocol import TemplateAssessment, TemplateDecision, TemplateOrder
from planner.model.quantity import format_amount, format_number

PUMPED = ("IV", "SC")
"""Routes by which something runs in over time."""

_DAY = Decimal(24)
_TENTH = Decimal("0.1")
_MINUTE = Decimal(1)
_TO_HUNDREDTHS = Decimal("0.01")


class Flow(Struct, frozen=True):
    """Volume of one dose in mL and its rate in mL/h, None where not known; of a continuous infusion those of a day.

    `working` are the steps by which what no source states follows from the rest.
    """

    volume_ml: Decimal | None = None
    rate_ml_h: Decimal | None = None
    working: tuple[str, ...] = ()

    def words(self) -> str:
        """ "50 mL at 50 mL/h"; empty where nothing is known."""
        volume = f"{format_number(self.volume_ml)} mL" if self.volume_ml is not None else ""
        rate = f"at {format_number(self.rate_ml_h)} mL/h" if self.rate_ml_h is not None else ""
        return " ".join(filter(None, (volume, rate)))


def flow_of(order: TemplateOrder | TemplateAssessment | TemplateDecision, dose: ComputedDose | None = None) -> Flow:
    """Volume and rate of one dose of the order; `dose` is what is given, which some volumes are computed from."""
    if not isinstance(order, TemplateOrder):
        return Flow()
    volume, steps = _volume(order, dose)
    rate = order.rate_ml_h
    hours = _DAY if order.continuous else order.duration_h
    if hours is None or order.route not in PUMPED or (volume is None and rate is None):
        return Flow(volume, rate, steps)
    length = duration_words(hours)
    if rate is None and volume is not None:
        rate = rate_of(volume, hours)
        steps += (f"{format_number(volume)} mL / {length} = {format_number(rate)} mL/h",)
    elif volume is None and rate is not None:
        volume = _tenths(rate * hours)
        steps += (f"{format_number(rate)} mL/h × {length} = {format_number(volume)} mL",)
    return Flow(volume, rate, steps)


def stated_words(order: TemplateOrder) -> str:
    """What the protocol itself says of volume and rate, before any dose: "50 mL at 50 mL/h", "5 mg/mL"."""
    return f"{order.per_ml}/mL" if order.per_ml else flow_of(order).words()


def _volume(order: TemplateOrder, dose: ComputedDose | None) -> tuple[Decimal | None, tuple[str, ...]]:
    """The volume that the order states or its dose makes, and how."""
    if order.volume_ml is not None or dose is None or dose.value is None:
        return order.volume_ml, ()
    if dose.unit == "mL":
        return dose.value, ()
    per = order.per_ml
    if per is None or per.unit != dose.unit:
        return None, ()
    volume = _tenths(dose.value / per.value)
    return volume, (f"{format_amount(dose.value, dose.unit)} / {per}/mL = {format_number(volume)} mL",)


def _tenths(value: Decimal) -> Decimal:
    return value.quantize(_TENTH, ROUND_HALF_UP)


def rate_of(volume_ml: Decimal, hours: Decimal) -> Decimal:
    """The rate in mL/h that empties the volume in these hours (> 0), to the tenth that pumps are set in."""
    return _tenths(volume_ml / hours)


def hours_of(volume_ml: Decimal, rate_ml_h: Decimal) -> Decimal:
    """How long the volume runs at that rate (> 0), in hours, to the nearest minute but at least one."""
    minutes = (volume_ml * 60 / rate_ml_h).quantize(_MINUTE, ROUND_HALF_UP)
    return max(minutes, _MINUTE) / 60


def duration_words(hours: Decimal) -> str:
    """ "15 min" below an hour and where hours would need more than two decimals, else "24 h" or "1.5 h"."""
    short = hours.quantize(_TO_HUNDREDTHS)
    if hours < 1 or short != hours:
        return f"{format_number(_tenths(hours * 60))} min"
    return f"{format_number(short)} h"
