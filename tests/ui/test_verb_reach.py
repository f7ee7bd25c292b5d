"""How far a change of one drug goes, as the window asks and tells it."""

from functools import partial

from planner.model.plan import DoseChange, Scope
from planner.services.evaluation import evaluate
from planner.services.verbs.redosing import reduce
from tests.golden.cases import library
from tests.services.courses_at_hand import AGENTS, plan_of
from ui.dialogs.verb_place import Place
from ui.dialogs.verb_reach import orders_field
from ui.dialogs.verbs import VERBS

REASON = {"reason": "other", "grade": 0, "note": "", "scope": Scope.CYCLE}


def place_of(order, protocol="hyper-cvad", changes=lambda _plan, _schedule: None):
    """Where the first dose of an order stands, after the changes that those give."""
    plan = plan_of(protocol)
    plan = changes(plan, evaluate(plan, library()).schedule) or plan
    shown = evaluate(plan, library())
    dose = next(one for one in shown.schedule.events if one.placed.order.id == order)
    here = dose.placed.block, dose.placed.cycle, dose.cycle_day
    look_at = partial(evaluate, library=library())
    return Place(shown, AGENTS, *here, dose, dose.date, "Ph. One", (dose,), look_at=look_at)


def test_a_drug_with_several_orders_is_changed_as_a_whole_or_one_order_alone():
    place = place_of("leucovorin-first")
    (field,) = orders_field(place)
    assert [text for _, text in field.choices] == ["All orders of Leucovorin", "Only leucovorin-first"]
    assert field in VERBS["replace"].asks(place)
    answers = {"agent": "levoleucovorin", "dose": "25 mg", "route": "", **REASON}
    doubts = VERBS["replace"].doubts(place, answers)
    assert any(one.startswith("25 mg would stand in place of Leucovorin 15 mg") for one in doubts)
    assert any("Leucovorin 15 mg (leucovorin-next)" in one for one in VERBS["replace"].says(place, answers))
    alone = answers | {"alone": True}
    assert not any("would stand" in one for one in VERBS["replace"].doubts(place, alone))
    changed = VERBS["replace"].change(place, alone, place.evaluated.plan)
    assert changed.modifications[-1].alone
    assert orders_field(place_of("cyclophosphamide")) == ()


def test_what_goes_on_by_another_route_is_told_above_a_stop():
    place = place_of("methotrexate-22-h")
    told = VERBS["stop"].says(place, {"what": place.order, "closes": False, **REASON})
    assert "Does not reach: Methotrexate IT (intrathecal)." in told


def test_a_reduction_that_gives_more_than_now_is_asked_about():
    third = DoseChange("first-year", 1, 1, "mercaptopurine", Scope.ALL, "toxicity", percent=33)
    place = place_of("mercaptopurine", "pomp", lambda plan, schedule: reduce(plan, schedule, third))
    answers = {"how": "percent", "percent": 80, "level": "", **REASON}
    (doubt,) = VERBS["reduce"].doubts(place, answers)
    assert doubt.startswith("This raises Mercaptopurine from 16.5 mg to 40 mg from ")
    assert doubt.endswith(" Is it meant so?")
    assert VERBS["reduce"].doubts(place, answers | {"percent": 20}) == ()


def test_an_entered_dose_outside_the_range_of_its_order_is_asked_about():
    place = place_of("tisa-cel", "tisa-cel")
    dose = place.event.dose
    answers = {"dose": f"{dose.most * 2:f} {dose.unit}", **REASON}
    assert any("is outside the range of the protocol" in one for one in VERBS["enter_dose"].doubts(place, answers))
    inside = answers | {"dose": f"{dose.most:f} {dose.unit}"}
    assert not any("outside the range" in one for one in VERBS["enter_dose"].doubts(place, inside))


def test_the_full_dose_says_which_other_orders_it_reaches():
    place = place_of("leucovorin-first")
    told = VERBS["full_dose"].says(place, REASON)
    assert any("(leucovorin-next)" in one for one in told)
