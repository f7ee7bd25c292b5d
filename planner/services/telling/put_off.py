"""What a change of dates leaves or loses without a word: a dose before Day 1, a deferral, the wait for an answer."""

from planner.model.civil import weekday_date
from planner.model.cycle_content import State
from planner.model.plan import Deferral, Plan, Scope, Skip
from planner.model.schedule import Schedule
from planner.model.sentence import Sentence, with_count

TO_COME = (State.PLANNED, State.PROVISIONAL, State.DEFERRED)
REACHING_ON = (Scope.FOLLOWING, Scope.ALL)
BEFORE = "{drug} of D{cycle_day} stays on {day}: defer from D{cycle_day} on where it is to move too"
LOST = "the deferral by {days} days goes with the cycle: what follows is not put off by it any more"
TOO_EARLY = '{block} begins on {day}, {early} before the question it waits for is asked: "{question}"'


def stays_before(schedule: Schedule, deferral: Deferral) -> tuple[str, ...]:
    """What a deferral of a cycle from its first day leaves on the day numbers before it.

    Filgrastim of Day -1 stayed a week before the course that was put off for an infection.
    """
    here = [
        one
        for one in schedule.events
        if (one.placed.block.id, one.placed.cycle) == (deferral.block, deferral.cycle) and one.state in TO_COME
    ]
    if deferral.order or deferral.scope is Scope.DAY or not here:
        return ()
    phase = here[0].placed.block.phase
    if phase.offset(deferral.day):
        return ()
    before = {one.placed.order.id: one for one in reversed(here) if phase.offset(one.cycle_day) < 0 and one.dose}
    return tuple(
        Sentence(BEFORE, drug=one.placed.agent_name, cycle_day=one.cycle_day, day=weekday_date(one.day))
        for one in before.values()
    )


def lost_with_it(plan: Plan, skip: Skip) -> tuple[str, ...]:
    """The deferrals of what follows that go with a skipped cycle which closes up: a holiday is kept free no longer."""
    lost = [
        one
        for one in plan.modifications
        if isinstance(one, Deferral)
        and (one.block, one.cycle) == (skip.block, skip.cycle)
        and one.scope in REACHING_ON
        and not one.order
    ]
    return tuple(Sentence(LOST, days=f"{one.days:+d}") for one in lost if skip.closes)


def before_its_answer(schedule: Schedule) -> tuple[str, ...]:
    """The blocks that begin before the day on which the open question they hang on is asked."""
    asked = {(one.group, f"decision.{one.decision.id}"): one for one in schedule.decisions if one.choice is None}
    found: dict[str, str] = {}
    for block in schedule.blocks:
        for clause in block.phase.only_if.clauses:
            question = asked.get((block.group, clause.subject))
            if question is not None and block.begins < question.day and not block.waits:
                found[block.id] = Sentence(
                    TOO_EARLY,
                    block=block.title,
                    day=weekday_date(block.begins),
                    early=with_count(question.day - block.begins, "{count} day", "{count} days"),
                    question=question.decision.question,
                )
    return tuple(found.values())
