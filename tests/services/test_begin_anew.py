"""What is remembered of days on which a block stood before is let go of, and nothing is answered otherwise after it."""

import gc
from weakref import ref

from planner.assembly.cycle import with_bags
from planner.checking import memory
from planner.checking.kinds.protocol_days import keeps_off
from planner.paths import resources
from planner.services.catalogue import load_for_plans
from planner.services.demo import demo_plan, demo_site
from planner.services.evaluation import begin_anew, evaluate
from planner.services.verbs.editing import move_block
from planner.timeline.block_bars import lay_out_block

LIBRARY, SITE = load_for_plans(resources(), resources()), demo_site(resources())
REMEMBERED = (with_bags, keeps_off, lay_out_block)


def moved(plan, days):
    """The plan with every block that many days later, and what became of it."""
    for block in plan.blocks:
        plan = move_block(plan, block.id, days)
    return evaluate(plan, LIBRARY, SITE)


def with_bags_in(evaluated):
    """The contents that have bags: their texts name days, so that each day has another one."""
    contents = [piece.content for piece in evaluated.schedule.pieces]
    return [one for one in contents if any(run.line.kind == "bag" for run in one.runs)]


def kept():
    """How much is remembered now."""
    return [remembered.cache_info().currsize for remembered in REMEMBERED]


def test_what_stands_is_remembered_and_what_stood_is_not():
    for remembered in REMEMBERED:
        remembered.cache_clear()
    memory.forget()
    plan = demo_plan(resources())
    begin_anew(plan, LIBRARY, SITE)
    alone = kept()
    assert all(alone)
    old = [ref(content) for days in range(1, 6) for content in with_bags_in(moved(plan, days))]
    now = moved(plan, 6)
    assert now.timeline.lanes, "made when it is asked for"
    assert all(some > few for some, few in zip(kept(), alone, strict=True))
    again = begin_anew(now.plan, LIBRARY, SITE)
    assert again == now.timeline
    assert evaluate(now.plan, LIBRARY, SITE) == now
    assert kept() == alone
    gc.collect()
    assert len(old) >= 5
    assert all(one() is None for one in old)


def test_the_memory_of_the_checks_ends(monkeypatch):
    ended, end = [], memory.Memory.end
    monkeypatch.setattr(memory.Memory, "end", lambda one: (ended.append(one), end(one)))
    plan = demo_plan(resources())
    evaluate(plan, LIBRARY, SITE)
    begin_anew(plan, LIBRARY, SITE)
    (one,) = ended
    assert one.checks
    assert all(kept is not one for kept in memory._memories)
