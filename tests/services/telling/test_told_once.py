"""What a change brings about that no list shows is told once, for the command line and for the window."""

from datetime import date

from msgspec.structs import replace

from planner.model.plan import Addition, BlockStart, Deferral, DoseChange, Hold, Scope, Skip
from planner.services.catalogue import shelved
from planner.services.evaluation import evaluate
from planner.services.telling.unlisted import unlisted
from planner.services.verbs.editing import defer
from planner.services.verbs.pausing import hold, skip
from planner.services.verbs.placing import add_protocol
from planner.services.verbs.redosing import add_order, reduce
from tests.golden.cases import library
from tests.services.courses_at_hand import AGENTS, plan_of
from tests.services.telling.test_put_off import AWAY


def shown(plan):
    return evaluate(plan, library())


def skipped_cycle():
    """A plan with a deferral that goes with a skipped cycle, and the plan after."""
    before = shown(replace(plan_of("pomp"), modifications=(AWAY,)))
    return before, shown(skip(before.plan, before.schedule, Skip("first-year", 2, "other", closes=True)))


def test_what_a_skipped_cycle_takes_along_is_told_and_only_by_the_edit_that_does_it():
    before, after = skipped_cycle()
    (told,) = unlisted(before, after)
    assert told.startswith("the deferral by +9 days goes with the cycle")
    assert unlisted(after, after) == ()
    assert unlisted(after, before) == ()


def test_what_a_deferral_leaves_before_day_one_is_told():
    before = shown(plan_of("flag-ida", version="children"))
    early = next(one for one in before.schedule.events if one.cycle_day < 0 and one.dose)
    change = Deferral(early.placed.block.id, early.placed.cycle, 1, 7, Scope.FOLLOWING, "infection")
    told = unlisted(before, shown(defer(before.plan, before.schedule, change)))
    assert any(f" of D{early.cycle_day} stays on " in one for one in told)


def test_an_earlier_change_that_reaches_what_is_placed_now_is_told():
    plan = plan_of("pomp")
    half = DoseChange("first-year", 1, 1, "vincristine", Scope.ALL, "toxicity", percent=50)
    before = shown(reduce(plan, shown(plan).schedule, half))
    told = unlisted(before, shown(_with_more(before)))
    assert any(one.startswith("Vincristine: ") and "reaches what is placed now" in one for one in told)
    assert unlisted(shown(plan), shown(_with_more(shown(plan)))) == ()


def _with_more(before):
    """The plan with another course behind its last day."""
    last = max(block.end for block in before.schedule.blocks)
    return add_protocol(before.plan, shelved(library(), "pomp"), BlockStart(on=date.fromordinal(last)), {})


def test_an_order_that_an_earlier_hold_reaches_is_told():
    plan = plan_of("pomp")
    before = shown(hold(plan, shown(plan).schedule, Hold("first-year", 1, 1, "toxicity", order="vincristine")))
    extra = Addition(
        "first-year", 1, "extra", "vincristine", "antineoplastic", "IV", (9,), "other", dose="1 mg", doses_per_day=1
    )
    (told,) = unlisted(before, shown(add_order(before.plan, before.schedule, AGENTS, extra)))
    assert told.startswith("Vincristine is not given as ordered: on hold")


def test_that_doses_go_by_an_older_weight_is_told_where_more_is_placed():
    plan = plan_of("pomp")
    newer = replace(plan.patient.measurements[-1], date=date(2027, 1, 1), for_doses=False)
    patient = replace(plan.patient, measurements=(*plan.patient.measurements, newer))
    before = shown(replace(plan, patient=patient))
    (told,) = unlisted(before, shown(_with_more(before)))
    assert told.endswith("is newer, and doses do not follow it")
