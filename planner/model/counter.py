"""Counts over a whole course: what is counted, and what came of it."""

from decimal import Decimal

from msgspec import Struct


class CounterRule(Struct, frozen=True):
    """What one counter counts: administrations that fit all of its non-empty `agents`, `classes`, `routes`, `kinds`.

    `count` is days, occasions, doses, cycles or sum (see resources/counters). `earlier` is the unit in which earlier
    treatment has to be recorded to be added. `factors` turn mg/m2 of an agent into the sum's unit.
    """

    id: str
    title: str
    count: str
    earlier: str
    agents: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    factors: tuple[tuple[str, Decimal], ...] = ()
    reference: str = ""
    evidence: str = ""


class Counter(Struct, frozen=True):
    """One count: before this plan, given, still planned. `held` is on hold and in none of them.

    `limit` is the most that a rule allows, with the rule's id; None where no rule speaks. `parts` say what was added,
    `unknown` what could not be. `agent` is set where the counter counts each agent by itself.
    """

    rule: CounterRule
    agent: str
    before: Decimal
    given: Decimal
    planned: Decimal
    held: Decimal
    parts: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    limit: Decimal | None = None
    limit_rule: str = ""

    @property
    def total(self) -> Decimal:
        """Before, given and planned together: where the course ends as it stands."""
        return self.before + self.given + self.planned


class Intensity(Struct, frozen=True):
    """Dose intensity of one drug in one block: as the protocol planned it, and as it stands now.

    Amounts are in `unit` over the whole block, `weeks` its length; both None where a dose is not known. `missing` are
    the administrations that have no dose as the course stands.
    """

    block: str
    drug: str
    unit: str
    planned: Decimal | None
    planned_weeks: Decimal
    present: Decimal | None
    present_weeks: Decimal
    missing: tuple[str, ...] = ()

    @property
    def relative(self) -> Decimal | None:
        """Relative dose intensity in percent: amount a week as it stands over amount a week as planned."""
        if not self.planned or self.present is None or not self.planned_weeks or not self.present_weeks:
            return None
        return (self.present / self.present_weeks) / (self.planned / self.planned_weeks) * 100

    @property
    def unknown(self) -> str:
        """Why nothing can be compared; empty where it can."""
        if self.relative is not None:
            return ""
        if self.missing:
            return f"no dose of {', '.join(self.missing)}"
        return "the unchanged protocol gives no dose to compare with" if not self.planned else "nothing is left to give"


INTENSITY_DEFINITION = (
    "Dose intensity is the total dose divided by the length of the block in weeks, from its first day to the first day "
    "after it, so the last cycle counts whole. Relative dose intensity is the dose intensity as it stands (given doses "
    "as given, the rest as planned) divided by that of the unchanged protocol, in percent (Hryniuk, as used in "
    "PMC8114545)."
)


class Totals(Struct, frozen=True):
    """All counters of a plan, the dose intensities, and the last planned day (an ordinal, 0 for an empty plan).

    `vials` count what has to be opened, each drug by itself.
    """

    counters: tuple[Counter, ...]
    intensities: tuple[Intensity, ...]
    ends: int
    vials: tuple[Counter, ...] = ()
