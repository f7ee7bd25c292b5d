"""By which weight doses go on, where a measurement does not reach them."""

from datetime import timedelta
from decimal import Decimal

from msgspec.structs import replace

from planner.model.civil import clinical_date
from planner.model.patient import Measurement
from planner.model.plan import Plan
from planner.services.telling.weights import goes_on_by, is_older_than_known
from tests.golden.cases import PATIENTS, START
from tests.services.courses_at_hand import events, plan_of, scheduled

WRONG = Measurement(START - timedelta(1), Decimal(181), Decimal(92))
RIGHT = Measurement(START + timedelta(7), Decimal(181), Decimal(72))


def weighed(plan: Plan, *found: Measurement) -> Plan:
    kept = sorted((*plan.patient.measurements, *found), key=lambda one: one.date)
    return replace(plan, patient=replace(plan.patient, measurements=tuple(kept)))


def course() -> Plan:
    return weighed(plan_of("calgb-10403", replace(PATIENTS["adult"], measurements=())), WRONG)


def test_a_cycle_that_has_begun_is_told_to_keep_its_weight_with_its_next_dose() -> None:
    plan = course()
    after = weighed(plan, RIGHT)
    (told,) = goes_on_by(scheduled(plan), after.patient, RIGHT)
    first = next(
        one
        for one in events(after, "induction")
        if one.date >= RIGHT.date and one.dose and ("/m2" in one.dose.protocol_dose)
    )
    assert f"goes on by 92 kg of {clinical_date(WRONG.date)}: next {first.placed.agent_name} on" in told
    assert clinical_date(first.date) in told
    assert [one.dose.value for one in events(after, "induction") if one.dose] == [
        one.dose.value for one in events(plan, "induction") if one.dose
    ]


def test_nothing_is_told_where_it_follows_or_is_not_to_be_followed() -> None:
    plan = course()
    for found in (
        replace(RIGHT, weight_kg=Decimal(92)),
        replace(RIGHT, for_doses=False),
        replace(RIGHT, date=START),
        replace(RIGHT, date=START - timedelta(1)),
    ):
        others = tuple(one for one in plan.patient.measurements if one.date != found.date)
        patient = replace(plan.patient, measurements=(*others, found))
        assert [*goes_on_by(scheduled(plan), patient, found)] == []


def test_a_measurement_before_one_that_is_there_says_that_the_newer_one_counts() -> None:
    plan = weighed(course(), replace(RIGHT, weight_kg=Decimal(92)))
    earlier = replace(RIGHT, date=RIGHT.date - timedelta(1))
    told = [*goes_on_by(scheduled(plan), weighed(plan, earlier).patient, earlier)]
    assert told[0].startswith(f"from {clinical_date(RIGHT.date)} on doses go by 92 kg")


def test_what_is_placed_by_an_older_weight_than_the_newest_is_told() -> None:
    plan = course()
    assert is_older_than_known(plan.patient) == ""
    assert is_older_than_known(replace(plan.patient, measurements=())) == ""
    assert is_older_than_known(weighed(plan, RIGHT).patient) == ""
    told = is_older_than_known(weighed(plan, replace(RIGHT, for_doses=False)).patient)
    assert told.startswith(f"doses go by 92 kg of {clinical_date(WRONG.date)}; 72 kg of")
