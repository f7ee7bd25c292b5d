"""The planner's dates and doses against a second computation that shares no code with it (promise C3)."""

from datetime import date, time
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.assembly.assemble import assemble
from planner.content.protocol_file import build_protocol, make_pin
from planner.model.library import ShelvedProtocol
from planner.model.patient import Measurement, Patient
from planner.model.plan import BlockStart
from planner.model.quantity import plain
from planner.model.site import Site
from planner.services.verbs.placing import add_protocol, new_plan
from tests.assembly.random_protocols import protocols
from tests.assembly.second_opinion import Row, SecondOpinion, read
from tests.assembly.second_person import Person

NINE = 9 * 60
PEOPLE = 5
"""Patients that each random protocol is compared for."""


class Files(NamedTuple):
    """One protocol as each side reads it; read once for all the people it is compared for."""

    shelved: ShelvedProtocol
    raw: dict


def files(text: str) -> Files:
    return Files(ShelvedProtocol(make_pin(text), build_protocol(text), "test"), read(text))


def by_planner(shelved: ShelvedProtocol, patient: Patient, start: date, day_starts: int = NINE) -> list[Row]:
    """The planner's doses as the second opinion writes them."""
    plan = add_protocol(new_plan("p", patient), shelved, BlockStart(on=start))
    schedule = assemble(plan, {shelved.pin.sha256: shelved.protocol}, {}, Site(treatment_day_starts=day_starts))
    return [
        (
            event.date.isoformat(),
            event.placed.block.id,
            event.placed.cycle,
            event.cycle_day,
            event.placed.agent,
            f"{plain(event.dose.value)} {event.dose.unit}" if event.dose.value is not None else "",
        )
        for event in schedule.events
        if event.dose is not None
    ]


def compare(both: Files, patient: Patient, start: date, day_starts: int = NINE) -> int:
    """Both computations give the same doses on the same days; returns how many."""
    person = Person(
        patient.birth_date,
        patient.sex,
        [(one.date, Fraction(one.height_cm), Fraction(one.weight_kg)) for one in patient.measurements],
        dict(patient.markers),
    )
    ours = sorted(by_planner(both.shelved, patient, start, day_starts))
    second = SecondOpinion(both.raw, person, start)
    second.day_starts = time(*divmod(day_starts, 60))
    theirs = sorted(second.rows())
    assert ours == theirs
    return len(ours)


@st.composite
def patients(draw: st.DrawFn) -> Patient:
    """Anybody from infant to old age, measured never, once or often, with or without markers."""
    days = draw(st.lists(st.dates(date(2025, 6, 1), date(2027, 12, 31)), max_size=3, unique=True))
    return Patient(
        id="1",
        family_name="Test",
        given_name="",
        birth_date=draw(st.dates(date(1940, 1, 1), date(2024, 12, 31))),
        sex=draw(st.sampled_from(["female", "male"])),
        measurements=tuple(
            Measurement(
                day,
                draw(st.decimals("60", "210", places=1, allow_nan=False)),
                draw(st.decimals("5", "180", places=1, allow_nan=False)),
            )
            for day in days
        ),
        markers=draw(st.sampled_from([(), (("cns", "CNS1"),), (("cns", "CNS3"),)])),
    )


courses = st.tuples(
    patients(),
    st.dates(date(2026, 1, 1), date(2028, 3, 1)),
    st.sampled_from([NINE, NINE, 20, 5 * 60, 13 * 60, 23 * 60 + 45]),
)


@settings(deadline=None)
@given(protocols(timed=True), courses)
def test_random_protocols_agree(text: str, course: tuple[Patient, date, int]) -> None:
    compare(files(text), *course)


@pytest.mark.slow
@pytest.mark.timeout(7200)
@settings(deadline=None, max_examples=100_000 // PEOPLE)
@given(protocols(timed=True), st.lists(courses, min_size=PEOPLE, max_size=PEOPLE))
def test_a_hundred_thousand_random_protocols_and_patients_agree(
    text: str, people: list[tuple[Patient, date, int]]
) -> None:
    both = files(text)
    for one in people:
        compare(both, *one)


def test_a_wrong_day_would_be_seen() -> None:
    """The comparison bites: a schedule with one day moved is not equal."""
    text = (
        'id = "one"\ntitle = "One"\nversion = "1"\nstatus = "draft"\ndisease = "none"\npopulation = "anybody"\n'
        '[references]\nX1 = { text = "invented" }\n[[phases]]\nid = "a"\ntitle = "A"\ncycle_days = 21\n'
        'start = "protocol start"\n[[phases.orders]]\nid = "o"\nagent = "vincristine"\nrole = "antineoplastic"\n'
        'route = "IV"\ndose = "1.5 mg/m2"\ncap = "2 mg"\ndays = "1, 8"\nevidence = "label"\nreferences = ["X1"]\n'
    )
    patient = Patient(
        "1", "Test", "", date(1980, 1, 1), "male", (Measurement(date(2026, 1, 1), Decimal(170), Decimal(70)),)
    )
    assert compare(files(text), patient, date(2026, 3, 2)) == 2
    moved = text.replace('days = "1, 8"', 'days = "1, 9"')
    one, other = files(text).shelved, files(moved).shelved
    assert by_planner(one, patient, date(2026, 3, 2)) != by_planner(other, patient, date(2026, 3, 2))


OVERLAPPING = """
id = "one"
title = "One"
version = "1"
status = "draft"
disease = "none"
population = "anybody"
[references]
X1 = { text = "invented" }
[[phases]]
id = "a"
title = "A"
cycle_days = 28
start = "protocol start"
[[phases.orders]]
id = "first"
agent = "methotrexate"
role = "antineoplastic"
route = "IV"
dose = "5 mg"
days = "1:4"
frequency = "every 30 h x 2"
duration = "1 min"
evidence = "label"
references = ["X1"]
[[phases.orders]]
id = "then"
agent = "leucovorin"
role = "rescue"
route = "IV"
dose = "5 mg"
days = "5:8"
timing = "90 h after end of first"
evidence = "label"
references = ["X1"]
"""


@pytest.mark.parametrize(("day_starts", "clocks"), [(NINE, [181, 541, 541, 541]), (13 * 60, [421, 781, 781, 781])])
def test_of_runs_that_overlap_the_dose_last_in_time_leads(day_starts: int, clocks: list[int]) -> None:
    patient = Patient("1", "Test", "", date(1980, 1, 1), "male")
    both = files(OVERLAPPING)
    assert compare(both, patient, date(2026, 3, 2), day_starts) == 12
    plan = add_protocol(new_plan("p", patient), both.shelved, BlockStart(on=date(2026, 3, 2)))
    schedule = assemble(
        plan, {both.shelved.pin.sha256: both.shelved.protocol}, {}, Site(treatment_day_starts=day_starts)
    )
    assert [event.minute for event in schedule.events if event.placed.agent == "leucovorin"] == clocks
