"""A computed dose to the dose that is given: by the site's table of bands, by whole vials, else by the agent's step."""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from planner.assembly.pieces import content, nearest_tablets, tablets, vials
from planner.model.agent import Agent, Piece, Strength
from planner.model.body import MOSTELLER
from planner.model.cycle_content import ComputedDose
from planner.model.quantity import default_step, format_amount, format_number, round_by_default, round_to


class Habits(Struct, frozen=True):
    """How doses are computed here: the formula of body surface and how they are rounded.

    `rounding` is one of site.ROUNDINGS. Whole vials are taken within `percent` of the computed dose only (facts sheet
    C5: HOPA within 10 %, other centres 5 %).
    """

    surface: str = MOSTELLER
    rounding: str = "step"
    percent: int = 5


def round_dose(amount: Decimal, unit: str, agent: Agent | None, habits: Habits) -> tuple[Decimal, tuple[str, ...]]:
    """The dose to give for a computed one, and what was done in words."""
    if agent and habits.rounding == "bands":
        for row in agent.dose_bands:
            if row.least <= amount < row.below:
                bounds = f"{format_number(row.least)} to below {format_amount(row.below, unit)}"
                return row.dose, (f"dose band {bounds}: {format_amount(row.dose, unit)} ({agent.bands_reference})",)
    if agent and habits.rounding == "vials":
        whole = _whole_vials(amount, _amounts(agent.vials, unit), habits.percent)
        if whole:
            change = format_number(((whole / amount - 1) * 100).quantize(Decimal("0.1")).copy_abs())
            side = "more" if whole > amount else "less"
            return whole, (f"rounded to whole vials: {format_amount(whole, unit)}, {change} % {side}",)
    step = agent.round_to if agent and agent.round_to else default_step(amount)
    rounded = round_to(amount, step)
    if rounded == amount:
        return rounded, ()
    return rounded, (f"rounded to {format_amount(step, unit)}: {format_amount(rounded, unit)}",)


def rounded_dose(amount: Decimal, unit: str, agent: Agent | None, habits: Habits) -> Decimal:
    """The dose that `round_dose` gives, without the words."""
    if agent is None:
        return round_by_default(amount)
    if habits.rounding == "step" or not (agent.vials or agent.dose_bands):
        return round_to(amount, agent.round_to or default_step(amount))
    return round_dose(amount, unit, agent, habits)[0]


def bound_dose(amount: Decimal, agent: Agent | None, direction: str) -> Decimal:
    """A bound of a range on the agent's step: up (ROUND_CEILING) or down (ROUND_FLOOR), so that it stays within."""
    step = agent.round_to if agent and agent.round_to else default_step(amount)
    return (amount / step).to_integral_value(direction) * step


def with_pieces(dose: ComputedDose, route: str, agent: Agent | None) -> ComputedDose:
    """The dose with the tablets that make it (by mouth) or the vials to open for it, as far as strengths are known.

    Overfill and losses of preparation are not counted.
    """
    tablets_of, vials_of, words = _pieces(dose, route, agent)
    return replace(dose, how=replace(dose.working, tablets=tablets_of, vials=vials_of, made_of=words))


def _pieces(dose: ComputedDose, route: str, agent: Agent | None) -> tuple[tuple[Piece, ...], tuple[Piece, ...], str]:
    """Tablets, vials, and both in words."""
    if not dose.value or agent is None:
        return (), (), ""
    if route == "PO":
        whole, words = _tablets(dose.value, dose.unit, agent)
        return whole, (), words
    opened = vials(dose.value, _amounts(agent.vials, dose.unit))
    return (), opened, f"vials: {pieces_words(opened, dose.unit)}" if opened else ""


def _tablets(dose: Decimal, unit: str, agent: Agent) -> tuple[tuple[Piece, ...], str]:
    kinds = [kind for kind in agent.tablets if kind.unit == unit]
    if not kinds:
        return (), ""
    strengths, halves = [kind.amount for kind in kinds], all(kind.halves for kind in kinds)
    found = tablets(dose, strengths, halves)
    if found:
        return found, f"tablets: {pieces_words(found, unit)}"
    sides = [side for side in nearest_tablets(dose, strengths, halves) if side]
    near = " or ".join(f"{format_amount(content(side), unit)} ({pieces_words(side, unit)})" for side in sides)
    return (), f"no tablets make it exactly; nearest are {near}"


def pieces_words(pieces: Sequence[Piece], unit: str) -> str:
    """ "1 × 70 mg + 2 × 20 mg"."""
    return " + ".join(f"{format_number(piece.number)} × {format_amount(piece.strength, unit)}" for piece in pieces)


def _amounts(kinds: Sequence[Strength], unit: str) -> list[Decimal]:
    return [kind.amount for kind in kinds if kind.unit == unit]


def _whole_vials(amount: Decimal, sizes: Sequence[Decimal], percent: int) -> Decimal | None:
    """The content of whole vials nearest to the amount, within `percent` of it; of two as near, the smaller."""
    sides = [content(side) for side in nearest_tablets(amount, sizes) if side]
    near = min(sides, key=lambda whole: (abs(whole - amount), whole), default=None)
    return near if near is not None and abs(near - amount) * 100 <= amount * percent else None
