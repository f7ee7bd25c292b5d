"""A delay re-flowed to the least change: against brute force, on real plans, and from a network that is kept."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.checking import waits as waiting
from planner.checking.repair import Conflict, Network, Wait
from planner.errors import Refusal
from planner.model.rule import RuleExample
from planner.services import evaluation, fixing, repairing
from planner.services.closed_days import Closed
from planner.services.evaluation import evaluate
from planner.services.repairing import Repair, delay, delay_fix, further, repair
from planner.services.verbs import editing
from tests.checking.test_repair import OPEN, REACH, WAITS, _fits, _shown
from tests.example_courses import plan_of_example
from tests.golden.cases import library

DELAYS = st.tuples(st.integers(0, 2), st.integers(1, 6))


@given(st.tuples(*[st.integers(0, 6)] * 3), WAITS, OPEN, st.frozensets(st.integers(0, 12), max_size=3), DELAYS)
def test_a_delay_moves_as_little_as_can_be_and_nothing_that_is_past(base, asked, allowed, closed, delayed):
    """From a plan in order: the least of all, and none where only what starts before it could give way."""
    settled = Network(base, [Wait(*one, "") for one in asked], allowed, closed).repaired()
    if isinstance(settled, Conflict):
        return
    order = sorted(range(3), key=lambda one: settled[one])
    starts = [settled[one] for one in order]
    allowed = [allowed[one] for one in order]
    pairs = [(order.index(one), order.index(two), days) for one, two, days in asked]
    network = Network(starts, [Wait(*pair, "") for pair in pairs], allowed, closed)
    number, days = delayed
    found = network.delayed(number, days)
    past = {one for one in range(3) if starts[one] < starts[number]}
    reach = [range(start, start + (1 if one in past else 2 * REACH)) for one, start in enumerate(starts)]
    fitting = [
        later
        for later in product(*reach)
        if later[number] >= starts[number] + days and _fits(later, pairs, allowed, closed)
    ]
    if isinstance(found, Conflict):
        assert not fitting
        return
    later = [found.get(one, start) for one, start in enumerate(starts)]
    assert _fits(later, pairs, allowed, closed)
    assert later[number] >= starts[number] + days
    assert past.isdisjoint(found)
    if fitting:
        assert sum(later) == min(map(sum, fitting))
    assert network.base == starts, "what is kept is not touched"
    assert network.delayed(number, days) == found


def test_what_is_past_and_would_have_to_move_is_a_conflict_by_name():
    network = Network([0, 10], [Wait(1, 0, -12, "at most 12 days apart")])
    assert network.delayed(1, 2) == {1: 12}
    assert network.delayed(1, 3) == Conflict(("at most 12 days apart",))


def _applied(shown, fix):
    return evaluate(fixing.apply(shown.plan, shown.schedule, fix, library().agents), library())


@pytest.mark.parametrize("course", [("calgb-10403 0", "pomp 400"), ("hyper-cvad 0", "blinatumomab-mrd 200")])
@pytest.mark.parametrize("days", [1, 9])
def test_after_a_delay_no_interval_is_broken_and_no_repair_moves_less(course, days):
    shown = _shown(*course)
    first = repair(shown, library()).fix
    shown = _applied(shown, first) if first else shown
    assert repair(shown, library()).fix is None
    block = shown.schedule.blocks[len(shown.schedule.blocks) // 3].id
    found = delay(shown, library(), block, days)
    assert found is not None
    assert not found.conflict
    after = _applied(shown, found.fix)
    assert repair(after, library()).fix is None
    assert after.schedule.block(block).start >= shown.schedule.block(block).start + days
    plain = evaluate(editing.move_block(shown.plan, block, days), library())
    mended = repair(plain, library())
    other = _applied(plain, mended.fix) if mended.fix else plain
    assert _total(after) <= _total(other)


def _total(evaluated):
    return sum(cycle.start for block in evaluated.schedule.blocks for cycle in block.cycles)


def test_a_delay_onto_closed_days_goes_on_to_the_next_open_one():
    shown = _shown("hyper-cvad 0")  # from a Thursday on
    weekend = Closed(frozenset({5, 6}))
    block = shown.schedule.blocks[0]
    two, three = (delay(shown, library(), block.id, 2, closed) for closed in (repairing.ALWAYS_OPEN, weekend))
    assert _applied(shown, two.fix).schedule.block(block.id).start == block.start + 2
    assert _applied(shown, three.fix).schedule.block(block.id).start == block.start + 4


def test_blocks_of_another_course_wait_too_and_a_plain_move_is_told_apart():
    """GC-02: pegfilgrastim within 14 days before chemotherapy, which stands on a date of its own."""
    lines = ("5 pegfilgrastim 6 mg SC role=growth-factor block=support", "30 cytarabine 100 mg/m2 IV block=chemo")
    plan, protocols = plan_of_example(RuleExample(1, lines))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluation, "pinned_protocol", protocols.__getitem__)
        shown = evaluate(plan, library())
        near = delay(shown, library(), "support", 3)
        assert [(one.block, one.days) for one in near.fix.moves] == [("support", 3)]
        assert further(shown, library(), "support", 3) is None
        far = delay(shown, library(), "support", 20)
        assert [(one.block, one.days) for one in far.fix.moves] == [("support", 20), ("chemo", 9)]
        assert further(shown, library(), "support", 20) == far.fix
        assert not [one for one in _applied(shown, far.fix).findings if one.rule == "GC-02"]


def test_what_is_no_delay_has_no_answer():
    shown = _shown("hyper-cvad 0")
    block = shown.schedule.blocks[0].id
    assert delay(shown, library(), "nothing", 3) is None
    assert delay(shown, library(), block, 0) is None
    assert delay(shown, library(), block, -3) is None


def test_a_delay_that_only_the_past_could_make_room_for_names_the_interval(monkeypatch):
    shown = _shown("hyper-cvad 0")
    monkeypatch.setattr(Network, "delayed", lambda *_: Conflict(("X-1",)))
    assert delay(shown, library(), shown.schedule.blocks[0].id, 3) == Repair(conflict=("X-1",))


@pytest.mark.parametrize("most", [0, 5])
def test_a_delay_that_is_refused_names_the_most_days_there_are(monkeypatch, most):
    shown, block = _shown("hyper-cvad 0"), "part-a"
    real = Network.delayed

    def delayed(self, number, days):
        return real(self, number, days) if days <= most else Conflict(("X-1",))

    monkeypatch.setattr(Network, "delayed", delayed)
    with pytest.raises(Refusal, match=rf"cannot start 30 days later .* at most {most}: X-1") as refused:
        delay_fix(shown, library(), block, 30)
    assert (refused.value.rule, refused.value.nearest) == ("past", str(most))
    if most:
        assert delay_fix(shown, library(), block, most).moves


def test_the_network_is_made_once_for_a_plan_and_anew_for_another(monkeypatch):
    made = []
    whole = waiting.task

    def counted(*arguments):
        made.append(arguments)
        return whole(*arguments)

    monkeypatch.setattr(waiting, "task", counted)
    shown = _shown("hyper-cvad 0")
    block = shown.plan.blocks[0].id
    for days in range(1, 6):
        delay(shown, library(), block, days)
    repair(shown, library(), reorder=True)
    assert len(made) == 1
    delay(shown, library(), block, 1, Closed(frozenset({6})))
    delay(evaluate(editing.move_block(shown.plan, block, 1), library()), library(), block, 1)
    assert len(made) == 3
