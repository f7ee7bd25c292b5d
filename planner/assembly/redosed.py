"""Another drug or another dose in place of the protocol's, as the last changes to reach a dose give them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from planner.assembly.dosing import USED_UP, DosingBasis, at_dose, compute_dose
from planner.assembly.marks import Mark, reaches
from planner.assembly.often import given_as_often
from planner.assembly.rounding import Habits, round_dose, with_pieces
from planner.assembly.template import order_line
from planner.assembly.times import USUAL_START, Notes, filled
from planner.model.agent import Agent
from planner.model.condition import ALWAYS
from planner.model.cycle_content import ComputedDose, CycleEvent, OrderLine, State
from planner.model.evidence import Evidence
from planner.model.plan import DoseChange, Hold, Omission, Replacement, Skip, Stop
from planner.model.protocol import DoseBand, Phase, TemplateOrder
from planner.model.quantity import format_amount, parse_dose, rewritten


class Dosing(Struct, frozen=True):
    """What doses of the cycle are computed from; `length` are its days as they are now, `state` that of a new event.

    `weekday` is that of its first day, 0 for Monday; -1 where no line asks for it. `day_starts` is the minute at which
    a treatment day begins. `own` are other facts that single orders are dosed by, by their ids.
    """

    phase: Phase
    basis: DosingBasis
    agents: Mapping[str, Agent | None]
    length: int
    state: State
    weekday: int = -1
    day_starts: int = USUAL_START
    own: Mapping[str, DosingBasis] = {}

    def basis_of(self, order: TemplateOrder) -> DosingBasis:
        """What doses of that order are computed from."""
        return self.own.get(order.id, self.basis)


def because(what: str, change: Omission | Skip | Stop | Hold | DoseChange | Replacement) -> str:
    """What was done and why, for the note of an event: "stopped: toxicity grade 3, liver"."""
    grade = f" grade {change.grade}" if change.grade else ""
    return f"{what}: {change.reason}{grade}" + (f", {change.note}" if change.note else "")


class Drugs:
    """Agents and doses of one line as its changes make them. Made for one line and then dropped."""

    def __init__(self, dosing: Dosing) -> None:
        self._dosing = dosing
        self._lines: dict[tuple[Replacement, str], tuple[TemplateOrder, OrderLine]] = {}
        """By replacement, and the drug in whose place it comes."""

    def changed(self, event: CycleEvent, offset: int, marks: Sequence[Mark]) -> CycleEvent:
        """The event, moving to `offset`, with the agent and the dose that the last changes to reach it give."""
        order = event.line.order
        if event.dose is None or not isinstance(order, TemplateOrder):
            return event
        swap: Mark | None = None
        instead_of = event.line.agent_name
        wanted: list[DoseChange] = []
        for mark in marks:
            change = mark.change
            if not reaches(mark, event, offset):
                continue
            if isinstance(change, Replacement):
                if swap is not None and swap.agent is not None:  # the drug that was toxic is the one before, and not
                    instead_of = swap.agent.name  # the protocol's, which had gone for a reason of its own
                swap, wanted = mark, []
            elif isinstance(change, DoseChange):
                wanted.append(change)
        line, dose, notes = event.line, event.dose, event.notes
        if swap is not None and isinstance(swap.change, Replacement):
            line, order, dose, notes = self._replaced((order, instead_of), swap, swap.change)
        for one in _counting(wanted, dose):
            dose, notes = self._dosed(line, order, dose, notes, one)
        return event._replace(line=line, dose=dose, notes=notes)

    def _replaced(
        self, old: tuple[TemplateOrder, str], mark: Mark, change: Replacement
    ) -> tuple[OrderLine, TemplateOrder, ComputedDose, Notes]:
        """Another agent's line, order, dose and notes in place of a drug's, its order and name."""
        order, name = old
        if (change, name) not in self._lines:
            other = replace(
                given_as_often(order, change),
                agent=change.agent,
                route=change.route or order.route,
                bands=(_band(change.dose, "dose of the replacement not entered yet"),),
                escalation=None,
                course_cap=None,
                volume_ml=None,
                per_ml=None,
                rate_ml_h=None,
                weight="actual",
                evidence=Evidence.LOCAL,
                note=because(f"in place of {name}", change),
            )
            self._lines[change, name] = other, order_line(other, mark.agent)
        other, line = self._lines[change, name]
        dose = compute_dose(other, self._dosing.basis, mark.agent)
        return line, other, replace(dose, origin="replaced"), filled(dose.missing, other.note)

    def _dosed(
        self, line: OrderLine, order: TemplateOrder, dose: ComputedDose, notes: Notes, change: DoseChange
    ) -> tuple[ComputedDose, Notes]:
        """Another dose, typed or so many percent of the one it has, and its notes."""
        agent = self._dosing.agents.get(order.agent)
        if not change.dose:
            scaled = _scaled(dose, change, agent, self._dosing.basis.size.habits, line.route)
            scaled = scaled if order.continuous else with_pieces(scaled, line.route, agent)
            return replace(scaled, full=own_dose(dose)), (_words(change), *notes)
        basis = self._dosing.basis_of(order)
        typed = compute_dose(at_dose(order, change.dose, basis), basis, agent)
        own = dose.protocol_dose
        if dose.missing.startswith(USED_UP):
            return dose, notes
        if own and dose.value and typed.value and typed.unit == dose.unit and typed.value >= dose.value:
            step = f"{rewritten(change.dose)} would be no reduction here: the dose of {own} stays"
            return replace(dose, how=replace(dose.working, steps=(*dose.steps, step))), notes
        origin = "reduced" if own and dose.least is None else "typed"  # within a range no dose is the less
        step = f"{origin} to {rewritten(change.dose)}" + (f" from {own}" if own else "")
        plain = tuple(note for note in notes if note != dose.missing)
        meant = dose.meant_by(typed.value) if typed.value and typed.unit == dose.unit else None
        meant = typed.meant_per_m2 if meant is None else meant
        working = replace(typed.working, steps=(step, *typed.steps), meant_per_m2=meant)
        told = replace(typed, protocol_dose=own, origin=origin, full=own_dose(dose), how=working)
        return told, (*filled(_words(change), typed.missing), *plain)


def _counting(changes: Sequence[DoseChange], dose: ComputedDose) -> list[DoseChange]:
    """Of several changes of a dose the last one counts. A share is one of the protocol's dose.

    Where the protocol leaves the dose to the site, it is a share of the dose that was entered, so both count.
    """
    if not changes:
        return []
    last = changes[-1]
    if last.dose:
        return [last]
    entered = [] if dose.protocol_dose else [one for one in changes if one.dose][-1:]
    return entered + ([last] if last.percent != 100 else [])


def _band(dose: str, missing: str) -> DoseBand:
    return DoseBand(ALWAYS, parse_dose(dose) if dose else None, note="" if dose else missing)


def _words(change: DoseChange) -> str:
    amount = rewritten(change.dose) if change.dose else f"{change.percent} %"
    level = f" ({change.level})" if change.level else ""
    return because(f"dose {amount}{level}", change)


def _scaled(dose: ComputedDose, change: DoseChange, agent: Agent | None, habits: Habits, route: str) -> ComputedDose:
    """So many percent of the dose as computed and capped, rounded as the agent's doses are."""
    if dose.value is None:
        return replace(dose, origin="reduced")
    value = dose.value * change.percent / 100
    rounded, words = round_dose(value, dose.unit, agent, habits, route)
    if change.percent <= 100 and rounded > dose.value:
        rounded, words = dose.value, (*words, f"never more than {format_amount(dose.value, dose.unit)}")
    line = f"{change.percent} % of {format_amount(dose.value, dose.unit)} = {format_amount(value, dose.unit)}"
    line = ", ".join((line, *words))
    steps = (*dose.steps, line)
    changed = replace(dose, capped=False, origin="reduced", full=full_dose(dose))
    if not rounded:
        return replace(changed, value=None, missing="rounds to nothing", how=replace(dose.working, steps=steps))
    per_m2 = dose.per_m2 * rounded / dose.value if dose.per_m2 is not None and dose.value else None
    meant = dose.meant_per_m2 * change.percent / 100 if dose.meant_per_m2 is not None else None
    working = replace(dose.working, steps=steps, per_m2=per_m2, meant_per_m2=meant)
    return replace(changed, value=rounded, how=working)


def own_dose(dose: ComputedDose) -> Decimal | None:
    """What a dose stood at before a change of it: where the site typed it, that stands in the protocol's place."""
    return dose.value if dose.origin == "typed" else full_dose(dose)


def full_dose(dose: ComputedDose) -> Decimal | None:
    """The protocol's own dose here; None where another agent or a typed dose has none to compare with."""
    if dose.origin in ("replaced", "typed"):
        return None
    return dose.value if dose.full is None else dose.full
