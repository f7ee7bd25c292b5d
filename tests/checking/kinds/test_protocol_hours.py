"""A dose that comes so many hours after another one goes with it, or somebody is told."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.assembly.assemble import assemble
from planner.checking.check import check
from planner.model.plan import Deferral, Given, GivenRecord, Omission, Plan, Scope
from planner.model.site import Site
from planner.services.evaluation import evaluate
from tests.assembly.texts import HEAD, assessment, order, phase
from tests.builders import example_patient, placed
from tests.checking.judging import rule
from tests.checking.shipped import library
from tests.services.courses_at_hand import events, plan_of

FIRST, LONG, RESCUE = "methotrexate-2-h", "methotrexate-22-h", "leucovorin-first"


def _found(plan: Plan) -> list[str]:
    return [one.message for one in evaluate(plan, library()).findings if one.rule == "ST-15"]


def _given(plan: Plan, order: str, days: int) -> Plan:
    """The same with the methotrexate of Part B recorded as given so many days late."""
    dose = next(one for one in events(plan, "part-b", "methotrexate", 2) if one.placed.order.id == order)
    assert dose.dose is not None
    on = dose.date + timedelta(days=days)
    record = GivenRecord(
        "part-b", 2, dose.cycle_day, order, 0, Given.GIVEN, on, dose.dose.value, dose.dose.unit, "A. P."
    )
    return replace(plan, given=(*plan.given, record))


def test_premedication_of_a_dose_that_is_left_out_goes_with_it():
    """Dexamethasone, paracetamol and an antihistamine stood there with boxes, and their inotuzumab was struck."""
    plan = plan_of("inotuzumab-rr")
    dose = next(one for one in events(plan, "cycle-1", "inotuzumab", 1) if one.cycle_day == 8)
    without = Omission("cycle-1", 1, 8, dose.placed.order.id, "toxicity")
    assert _found(replace(plan, modifications=(without,))) == []


def test_what_is_no_premedication_of_doses_that_are_left_out_is_told_once():
    text = order("o", days="1, 8") + order("g", days="2, 9", agent="filgrastim", role="growth factor", goes_with="o")
    plan, protocols = placed(HEAD + phase("a", text), example_patient(), date(2026, 1, 5))
    left_out = tuple(Omission("a", 1, day, "o", "toxicity") for day in (1, 8))

    def found(*changes):
        schedule = assemble(replace(plan, modifications=changes), protocols, {}, Site())
        return check(plan, schedule, [rule("protocol_days", agents=["any"])], library().agents)[0]

    assert found() == ()
    (one,) = found(*left_out)
    assert one.count == 2
    assert (
        "filgrastim C1 D2 (06-Jan-2026) goes with vincristine C1 D1, which is left out: it still stands." in one.message
    )


@pytest.mark.parametrize("days", [1, 2, -1])
def test_a_rescue_goes_with_its_infusion_and_is_told_where_it_is_moved_alone(days):
    """Methotrexate given a day late once left leucovorin 12 h after its start, in the middle of the infusion."""
    plan = plan_of("hyper-cvad")
    assert _found(plan) == []
    assert _found(_given(_given(plan, FIRST, days), LONG, days)) == []
    alone = Deferral("part-b", 2, 2, days, Scope.DAY, "other", order=RESCUE)
    (message,) = _found(replace(plan, modifications=(alone,)))
    assert message.startswith("Leucovorin C2 D2 (")
    assert "belongs 12 h after the end of Methotrexate C2 D1, which is on " in message


def test_another_drug_that_hangs_on_one_that_is_left_out_is_told():
    plan = plan_of("flag-ida")
    (message,) = _found(replace(plan, modifications=(Omission("flag-ida", 1, 2, "fludarabine", "toxicity"),)))
    assert "Fludarabine C1 D2, which is left out" in message
    both = tuple(Omission("flag-ida", 1, 2, name, "toxicity") for name in ("fludarabine", "cytarabine"))
    assert _found(replace(plan, modifications=both)) == []


def test_an_examination_among_the_doses_has_no_excluded_days():
    """A rule may mean examinations too: on a Saturday only the order that excludes Saturdays is told."""
    text = HEAD + phase("a", order("o", days="5", not_on="Sat"), assessment("marrow", days="6"))
    monday = date(2026, 1, 5)
    plan, protocols = placed(text, example_patient(), monday)
    record = GivenRecord("a", 1, 5, "o", 0, Given.GIVEN, monday + timedelta(days=5), Decimal(2), "mg", "A. P.")
    schedule = assemble(replace(plan, given=(record,)), protocols, {}, Site())
    days = rule("protocol_days", agents=["any", "assessment:marrow"])
    (found,) = check(plan, schedule, [days], library().agents)[0]
    assert "falls on a Saturday, which its protocol excludes" in found.message
    assert found.count == 1
