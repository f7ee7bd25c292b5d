"""A computed dose to the dose that is given: by the table of bands, by whole vials or tablets, else by a step."""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from planner.assembly.pieces import MOST_PIECES, content, nearest_tablets, tablets, vials
from planner.model.agent import Agent, Piece, Strength
from planner.model.body import MOSTELLER
from planner.model.cycle_content import ComputedDose
from planner.model.quantity import default_step, format_amount, format_number, round_by_default, round_to

ORAL = "PO"
"""The route of tablets."""


class Habits(Struct, frozen=True):
    """How doses are computed here: the formula of body surface and how they are rounded.

    `rounding` is one of site.ROUNDINGS. Whole vials are taken within `percent` of the computed dose only (facts sheet
    C5: HOPA within 10 %, other centres 5 %).
    """

    surface: str = MOSTELLER
    rounding: str = "step"
    percent: int = 5


TABLETS_WITHIN = 10
"""Per cent by which tablets may differ from the computed dose (facts sheet C5: HOPA rounds within 10 %)."""


def round_dose(
    amount: Decimal, unit: str, agent: Agent | None, habits: Habits, route: str
) -> tuple[Decimal, tuple[str, ...]]:
    """The dose to give for a computed one by that route, and what was done in words."""
    if agent and habits.rounding == "bands" and agent.usual_unit in ("", unit):
        for row in agent.dose_bands:
            if row.least <= amount < row.below:
                bounds = f"{format_number(row.least)} to below {format_amount(row.below, unit)}"
                return row.dose, (f"dose band {bounds}: {format_amount(row.dose, unit)} ({agent.bands_reference})",)
    if agent and habits.rounding == "vials" and route != ORAL:
        whole = _whole_vials(amount, _amounts(agent.vials, unit), habits.percent)
        if whole:
            told = f"rounded to whole vials: {format_amount(whole, unit)}, {_change(whole, amount)}"
            return whole, (told + _own(agent, "vials", agent.strengths_reference),)
    piece = smallest_piece(agent, unit, route)
    whole = _whole_pieces(amount, piece)
    if piece and whole:
        told = f"rounded to {piece_words(piece, unit)}: {format_amount(whole, unit)}, {_change(whole, amount)}"
        own = _own(agent, "tablets", agent.strengths_reference) if agent else ""
        return whole, (told + own,) if whole != amount else ()
    step = _step(amount, unit, agent)
    rounded = round_to(amount, step)
    if rounded == amount:
        return rounded, ()
    told = f"rounded to {format_amount(step, unit)}: {format_amount(rounded, unit)}"
    own = _own(agent, "round_to", agent.round_reference) if agent and step == agent.round_to else ""
    return rounded, (told + own + _why_no_tablets(piece, unit, agent, route),)


def _step(amount: Decimal, unit: str, agent: Agent | None) -> Decimal:
    """The agent's own step where it is in the unit of the dose, else the house step."""
    if agent and agent.round_to and agent.usual_unit in ("", unit):
        return agent.round_to
    return default_step(amount)


def _own(agent: Agent, field: str, reference: str) -> str:
    """That this site's own file says so, where it does."""
    return f" (this site's own: {reference})" if field in agent.changed else ""


def rounded_dose(amount: Decimal, unit: str, agent: Agent | None, habits: Habits, route: str) -> Decimal:
    """The dose that `round_dose` gives, without the words."""
    if agent is None:
        return round_by_default(amount)
    if habits.rounding == "step" or not (agent.vials or agent.dose_bands):
        whole = _whole_pieces(amount, smallest_piece(agent, unit, route))
        return whole or round_to(amount, _step(amount, unit, agent))
    return round_dose(amount, unit, agent, habits, route)[0]


def bound_dose(amount: Decimal, unit: str, agent: Agent | None, route: str, direction: str) -> Decimal:
    """A bound of a range on the agent's step: up (ROUND_CEILING) or down (ROUND_FLOOR), so that it stays within."""
    piece = smallest_piece(agent, unit, route)
    step = piece.amount if piece else _step(amount, unit, agent)
    return (amount / step).to_integral_value(direction) * step


def smallest_piece(agent: Agent | None, unit: str, route: str) -> Strength | None:
    """The least that tablets of the agent come in, in that unit; None by another route or where none are known.

    `halves` tells that it is half a tablet. Whole multiples of it need one strength only, which nobody mixes up.
    """
    kinds = [kind for kind in agent.tablets if kind.unit == unit] if agent and route == ORAL else []
    if not kinds:
        return None
    least, divided = min(kind.amount for kind in kinds), all(kind.halves for kind in kinds)
    return Strength(least / 2 if divided else least, unit, divided)


def piece_words(piece: Strength, unit: str) -> str:
    """ "halves of 50 mg tablets" or "2.5 mg tablets"."""
    if piece.halves:
        return f"halves of {format_amount(piece.amount * 2, unit)} tablets"
    return f"{format_amount(piece.amount, unit)} tablets"


def _whole_pieces(amount: Decimal, piece: Strength | None) -> Decimal | None:
    """The nearest multiple of the piece; None where there is no piece, or none within reach of the amount."""
    if piece is None:
        return None
    whole = round_to(amount, piece.amount)
    return whole if whole and abs(whole - amount) * 100 <= amount * TABLETS_WITHIN else None


def _change(given: Decimal, computed: Decimal) -> str:
    change = format_number(((given / computed - 1) * 100).quantize(Decimal("0.1")).copy_abs())
    return f"{change} % {'more' if given > computed else 'less'}"


def _why_no_tablets(piece: Strength | None, unit: str, agent: Agent | None, route: str) -> str:
    """Why an oral dose was not rounded to tablets."""
    if route != ORAL or agent is None:
        return ""
    if piece:
        return f", for {piece_words(piece, unit)} make nothing within {TABLETS_WITHIN} % of it"
    return "; no tablet strengths are known"


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
    if route == ORAL:
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
    if not sides:
        return (), f"more than {MOST_PIECES} tablets of one strength would make it"
    near = " or ".join(_near(side, dose, unit) for side in sides)
    return (), f"no tablets make it exactly; nearest are {near}"


def _near(side: Sequence[Piece], dose: Decimal, unit: str) -> str:
    """What tablets make instead, and how far that is from the dose: "nearest" alone offered half as much again."""
    made = content(side)
    percent = format_number((abs(made - dose) * 100 / dose).quantize(Decimal(1)))
    far = f"{percent} % {'more' if made > dose else 'less'}"
    return f"{format_amount(made, unit)} ({pieces_words(side, unit)}, {far})"


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
