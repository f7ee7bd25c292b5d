"""How far a change of one drug goes, as the window asks and tells it."""

from planner.model.plan import Scope
from planner.services.evaluation import evaluate
from tests.golden.cases import library
from tests.services.courses_at_hand import AGENTS, plan_of
from ui.dialogs.verb_place import Place
from ui.dialogs.verb_reach import orders_field
from ui.dialogs.verbs import VERBS

REASON = {"reason": "other", "grade": 0, "note": "", "scope": Scope.CYCLE}


def place_of(order):
    shown = evaluate(plan_of("hyper-cvad"), library())
    dose = next(one for one in shown.schedule.events if one.placed.order.id == order)
    here = dose.placed.block, dose.placed.cycle, dose.cycle_day
    return Place(shown, AGENTS, *here, dose, dose.date, "Ph. One", (dose,))


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
