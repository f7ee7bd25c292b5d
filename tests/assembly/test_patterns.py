"""What is made once for every patient never shows: the next one gets what a cold computation gives."""

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from planner.assembly.assemble import assemble
from planner.assembly.dosing import Question, Size, plain_question, single_dose
from planner.assembly.rounding import Habits
from planner.model.agent import Agent, DoseRange, Strength
from planner.model.condition import ALWAYS
from planner.model.evidence import Evidence
from planner.model.patient import Measurement, Patient
from planner.model.protocol import Days, DoseBand, TemplateOrder
from planner.model.quantity import Amount, DoseRule
from planner.model.schedule import Schedule
from planner.model.site import Site
from tests.assembly.cold import forget_everything
from tests.assembly.random_protocols import protocols
from tests.assembly.test_contents import told
from tests.assembly.test_second_opinion import patients
from tests.builders import placed

AGENT = Agent(
    "vincristine",
    "Vincristine",
    round_to=Decimal("2.5"),
    tablets=(Strength(Decimal(20), "mg"), Strength(Decimal(50), "mg")),
    vials=(Strength(Decimal(50), "mg"),),
    dose_bands=(DoseRange(Decimal(50), Decimal(130), Decimal(120)),),
    bands_reference="a table",
)
numbers = st.decimals("0.01", "3000", places=2, allow_nan=False)
measured = st.builds(
    Measurement,
    st.just(date(2026, 1, 1)),
    st.decimals("60", "210", places=1, allow_nan=False),
    st.decimals("5", "180", places=1, allow_nan=False),
)
habits = st.builds(
    Habits,
    st.sampled_from(["mosteller", "dubois", "boyd"]),
    st.sampled_from(["step", "vials", "bands"]),
    st.sampled_from([5, 10]),
)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    unit, per = draw(st.sampled_from(["mg", "mcg", "g"])), draw(st.sampled_from(["", "m2", "kg"]))
    rule = DoseRule(draw(numbers), unit, per, draw(st.booleans()))
    cap = draw(st.none() | st.builds(Amount, numbers, st.just(rule.base_amount.unit)))
    band = DoseBand(ALWAYS, rule, cap)
    escalation = draw(st.none() | st.builds(DoseRule, numbers, st.just(unit), st.just(per)))
    order = TemplateOrder(
        "o",
        "vincristine",
        "antineoplastic",
        draw(st.sampled_from(["IV", "PO"])),
        (band,),
        Days((1,)),
        Evidence.LABEL,
        (),
        doses_per_day=draw(st.integers(1, 4)),
        escalation=escalation,
    )
    number = draw(st.integers(0, 4)) if escalation else 0
    return Question(order, band, rule, draw(st.sampled_from([None, AGENT])), number=number)


@settings(deadline=None, max_examples=300)
@given(questions(), measured, habits)
def test_the_short_way_to_a_dose_gives_what_the_whole_computation_gives(
    asked: Question, measurement: Measurement, site: Habits
) -> None:
    size = Size(measurement, site)
    whole, plain = single_dose(asked, size), plain_question(asked)
    assert plain
    short = plain.dose(size)
    if short is None:
        assert whole.value is None
        return
    assert (short.value, short.unit, short.protocol_dose) == (whole.value, whole.unit, whole.protocol_dose)
    assert (short.capped, short.missing, short.working) == (whole.capped, whole.missing, whole.working)
    assert str(short.value) == str(whole.value)


def scheduled(text: str, patient: Patient) -> Schedule:
    return assemble(*placed(text, patient, date(2026, 3, 2)), {}, Site())


def worked(schedule: Schedule) -> list[object]:
    return [*told(schedule), *(event.dose.working for event in schedule.events if event.dose)]


@settings(deadline=None, max_examples=30)
@given(protocols(timed=True), patients(), patients())
def test_the_next_patient_gets_nothing_of_the_one_before(text: str, one: Patient, other: Patient) -> None:
    forget_everything()
    scheduled(text, one)
    after = worked(scheduled(text, other))
    forget_everything()
    assert worked(scheduled(text, other)) == after
