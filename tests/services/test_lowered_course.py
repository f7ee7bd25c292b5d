"""A dose lowered for as long as another medicine is taken: one change where that is to the end of the block."""

from datetime import date

from msgspec.structs import replace

from planner.model.patient import CoMedication
from planner.model.plan import DoseChange, Scope
from planner.services import fixing
from planner.services.evaluation import evaluate
from tests.golden.cases import library
from tests.services.courses_at_hand import plan_of


def lowered(until: date | None) -> list[tuple[int, int, Scope]]:
    """Cycle, day and reach of each change of the fix for mercaptopurine beside allopurinol."""
    plan, shelf = plan_of("pomp"), library()
    # Of the protocol's 50 mg no tablets make a third: where none are known, a third it is.
    bare = replace(shelf.agents["mercaptopurine"], tablets=())
    shelf = replace(shelf, agents={**shelf.agents, bare.id: bare})
    taken = (CoMedication("allopurinol", date(2026, 4, 10), until),)
    shown = evaluate(replace(plan, patient=replace(plan.patient, co_medications=taken)), shelf)
    finding = next(one for one in shown.findings if one.rule == "MP-01")
    (fix,) = (one for one in fixing.offered_fixes(shown, finding.id, shelf) if one.id == "lower-dose")
    return [(one.cycle, one.day, one.scope) for one in fix.changes if isinstance(one, DoseChange)]


def test_to_the_end_of_the_block_it_is_one_change() -> None:
    """There was one for each cycle, ten and more lines for a single decision."""
    assert lowered(None) == [(4, 12, Scope.FOLLOWING)]


def test_up_to_the_end_of_a_cycle_on_the_way_it_is_one_for_each_cycle() -> None:
    assert lowered(date(2026, 5, 24)) == [(4, 12, Scope.CYCLE), (5, 1, Scope.CYCLE)]
