"""What a change brings about that no list of moved dates, other doses and findings shows."""

from collections.abc import Iterator

from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import Addition, Deferral, DoseChange, Examination, Hold, Skip, Stop
from planner.services.telling.cleared import ended_by_it, low_too_early
from planner.services.telling.daily import of_daily_drugs
from planner.services.telling.day_zero import beside_the_cells, left_at_day_zero
from planner.services.telling.elsewhere import in_every_cycle, not_as_ordered, reached_when_placed, weekly_elsewhere
from planner.services.telling.made_cells import cells_follow_weight
from planner.services.telling.placed_after import behind_day_zero, ends_otherwise
from planner.services.telling.pump import pump_stood_still
from planner.services.telling.put_off import before_its_answer, lost_with_it, stays_before
from planner.services.telling.run_into import runs_into
from planner.services.telling.running import begins_alone, runs_on
from planner.services.telling.steps import left_by_a_step
from planner.services.telling.weights import is_older_than_known


def unlisted(before: EvaluatedPlan, after: EvaluatedPlan) -> tuple[str, ...]:
    """One line for each: what stays behind, what goes with it, which earlier change or older weight holds for it too.

    Command line and window tell the same, whichever way the change was made.
    """
    records = (
        *pump_stood_still(before, after),
        *cells_follow_weight(before, after),
        *ended_by_it(before, after),
        *low_too_early(before, after),
    )
    return tuple(dict.fromkeys((*_of_changes(before, after), *_of_blocks(before, after), *records)))


def _of_changes(before: EvaluatedPlan, after: EvaluatedPlan) -> Iterator[str]:
    """Of the changes of treatment that are new."""
    known = set(before.plan.modifications)
    for one in after.plan.modifications:
        if one in known:
            continue
        if isinstance(one, Deferral):
            yield from stays_before(before.schedule, one)
            yield from begins_alone(after.schedule, one)
            yield from of_daily_drugs(before.schedule, after.schedule, one)
            yield from weekly_elsewhere(after.schedule, one) if one.order else ()
        elif isinstance(one, Skip):
            yield from lost_with_it(before.plan, one)
        if isinstance(one, Hold | Skip | Stop):
            yield from runs_on(before.schedule, after.schedule, one)
        elif isinstance(one, DoseChange):
            yield from left_by_a_step(after.schedule, one)
        elif isinstance(one, Addition):
            yield from not_as_ordered(after.schedule, one.block, one.order)
        if isinstance(one, Addition | Examination) and not one.cycle:
            yield from in_every_cycle(after.schedule, one)


def _of_blocks(before: EvaluatedPlan, after: EvaluatedPlan) -> Iterator[str]:
    """Of blocks that are placed or moved."""
    known = {block.id for block in before.plan.blocks}
    if any(block.id not in known for block in after.plan.blocks):
        yield from filter(None, [is_older_than_known(after.plan.patient)])
        yield from reached_when_placed(after.schedule, before.plan)
        yield from ends_otherwise(before.schedule, after.schedule)
    yield from left_at_day_zero(before.schedule, after.schedule)
    yield from beside_the_cells(before.schedule, after.schedule)
    yield from behind_day_zero(before, after)
    yield from runs_into(before, after)
    early = before_its_answer(before.schedule)
    yield from (line for line in before_its_answer(after.schedule) if line not in early)
