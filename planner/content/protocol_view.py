"""A protocol file that may have problems, seen so far as it can be understood.

An item with a problem of shape is left out here, but its name stays known: nothing is reported twice, and one mistake
does not hide the others.
"""

from collections.abc import Iterator

from msgspec import Struct

from planner.content.broken import BrokenParts, Table, tables
from planner.content.intake import Located
from planner.content.names import ids_of
from planner.content.notation import parse_days
from planner.content.protocol_parts import build_assessment, build_order, build_phase, course_steps, default_starts
from planner.content.toml_lines import Path
from planner.model.protocol import Phase, StartRule, TemplateAssessment, TemplateOrder

_FALLBACK = {"id": "?", "title": "?", "cycle_days": 3660, "cycles": 999, "max_cycles": 999, "first_day": -999}


class SeenPhase(Struct, frozen=True):
    """A phase without its own orders, and those of its orders and assessments that can be read, each with its path."""

    path: Path
    phase: Phase
    order_ids: frozenset[str]
    orders: tuple[tuple[Path, TemplateOrder], ...]
    assessments: tuple[tuple[Path, TemplateAssessment], ...]

    @property
    def last_cycle(self) -> int:
        """The highest cycle number the protocol allows."""
        return max(self.phase.max_cycles or 0, self.phase.cycles)

    def cycles_of(self, item: TemplateOrder | TemplateAssessment) -> tuple[int, ...]:
        """The cycles in which that order or assessment is due."""
        return item.cycles or tuple(range(1, self.last_cycle + 1))


def see_phases(data: Table, broken: BrokenParts) -> tuple[tuple[SeenPhase, ...], tuple[Located, ...]]:
    """All phases, and the days of their items that cannot be in the numbering of their phase."""
    starts = {} if broken or _has_strange_steps(data) else default_starts(data)
    seen: list[SeenPhase] = []
    problems: list[Located] = []
    for path, table in tables(data, "phases") if ("phases",) not in broken else ():
        own = _readable_keys(path, table, broken)
        phase = build_phase(own, starts.get(own["id"], StartRule()))
        orders: list[tuple[Path, TemplateOrder]] = []
        assessments: list[tuple[Path, TemplateAssessment]] = []
        for inner, item, day_problem in _items(path, table, phase.first_day, broken):
            if day_problem:
                problems.append((inner, day_problem))
            elif inner[2] == "orders":
                orders.append((inner, build_order(item, phase.first_day)))
            else:
                assessments.append((inner, build_assessment(item, phase.first_day)))
        seen.append(SeenPhase(path, phase, ids_of(table.get("orders")), tuple(orders), tuple(assessments)))
    return tuple(seen), tuple(problems)


def _has_strange_steps(data: Table) -> bool:
    phase_ids = ids_of(data["phases"])
    return any(phase not in phase_ids for phase, _ in course_steps(data))


def _readable_keys(path: Path, table: Table, broken: BrokenParts) -> Table:
    """The phase's own keys; a broken or missing one is replaced by the value that raises no further question."""
    lost = broken.below(path)
    own = {key: value for key, value in table.items() if key not in lost and key not in ("orders", "assessments")}
    return {**own, **{key: value for key, value in _FALLBACK.items() if key in lost}}


def _items(path: Path, table: Table, first_day: int, broken: BrokenParts) -> Iterator[tuple[Path, Table, str]]:
    """The sound orders and assessments of a phase; with a sentence where the phase does not know their days."""
    for key in ("orders", "assessments"):
        for inner, item in tables(table, key):
            place = (*path, *inner)
            if not broken.spares(place):
                continue
            try:
                parse_days(item["days"], first_day)
            except ValueError as error:
                yield (*place, "days"), item, str(error)
            else:
                yield place, item, ""
