"""A cycle that was put off from its first day is dosed by the weight and age of the day on which it begins."""

from datetime import date, timedelta
from decimal import Decimal

from planner.model.patient import Measurement
from planner.model.plan import Deferral, Plan, Scope
from planner.services.evaluation import evaluate
from planner.services.telling.weights import goes_on_by
from planner.services.verbs import editing
from planner.services.verbs.recording import measure
from planner.services.verbs.rest_of_day import rest_of
from tests.exports.papers import library
from tests.services.courses_at_hand import events, plan_of, scheduled
from tests.services.verbs.test_lasting import as_given

LATER = date(2100, 1, 1)
BLOCK = "consolidation"


def put_off(plan: Plan, days: int) -> Plan:
    first = events(plan, BLOCK)[0].cycle_day
    change = Deferral(BLOCK, 1, first, days, Scope.FOLLOWING, "counts")
    return editing.defer(plan, scheduled(plan), change)


def weighed(plan: Plan, on: date) -> Plan:
    return measure(plan, Measurement(on, Decimal(170), Decimal(52)), LATER)


def doses(plan: Plan) -> list[tuple[date, str, Decimal | None]]:
    found = events(plan, BLOCK, "cyclophosphamide")
    return [(one.date, one.placed.id, one.dose.value if one.dose else None) for one in found]


def test_a_course_that_waited_for_counts_is_dosed_by_the_weight_of_the_day_it_begins() -> None:
    plan = plan_of("calgb-10403")
    began = scheduled(plan).block(BLOCK).begins
    new = date.fromordinal(began + 7)
    late, moved = put_off(plan, 7), editing.move_block(plan, BLOCK, 7)
    assert doses(weighed(late, new)) == doses(weighed(moved, new)) != doses(late)
    assert doses(weighed(late, new + timedelta(1))) == doses(late), "it has begun then"
    found = Measurement(new, Decimal(170), Decimal(52))
    after = weighed(late, new)
    assert not any(line.startswith("Consolidation") for line in goes_on_by(scheduled(after), after.patient, found))
    day_two = Measurement(new + timedelta(1), Decimal(170), Decimal(52))
    after = weighed(late, day_two.date)
    (line,) = (one for one in goes_on_by(scheduled(after), after.patient, day_two) if one.startswith("Consolidation"))
    assert f"begun {new:%a %d-%b-%Y}" in line
    roadmap = [one.message for one in evaluate(weighed(late, new), library()).findings if one.rule == "GE-01"]
    assert roadmap == [one.message for one in evaluate(weighed(moved, new), library()).findings if one.rule == "GE-01"]


def test_where_a_dose_of_the_first_day_was_given_the_cycle_has_begun_and_keeps_its_weight() -> None:
    plan = plan_of("calgb-10403")
    first = next(one for one in events(plan, BLOCK) if one.dose and one.cycle_day == 1)
    done = as_given(plan, scheduled(plan), first)
    change = rest_of(done, Deferral(BLOCK, 1, 1, 7, Scope.FOLLOWING, "counts"))
    rest = editing.defer(done, scheduled(done), change)
    assert scheduled(rest).block(BLOCK).begins == first.day
    assert doses(weighed(rest, first.date + timedelta(7))) == doses(rest)
