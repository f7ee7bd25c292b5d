"""Patients, plans and dates: ages, the measurement in force, look-ups that say what they miss."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.model.civil import add_months, clinical_date, clock, weekday_date
from planner.model.cycle_content import State
from planner.model.evaluated_plan import CheckSummary
from planner.model.evidence import Evidence, Status
from planner.model.patient import Measurement, Patient
from planner.model.plan import Block, BlockStart, Plan, ProtocolPin
from planner.model.protocol import Days, Phase, Protocol, Reference, StartRule, TemplateAssessment
from planner.model.schedule import Schedule
from planner.model.timeline import free_bar

DATES = st.dates(date(1920, 1, 1), date(2100, 12, 31))


def phase(first_day: int) -> Phase:
    return Phase("a", "A", 42, StartRule(), (), first_day=first_day, cycle_lengths=((6, 84),))


@given(st.integers(-40, 80), st.sampled_from([1, 0, -7, 26]))
def test_day_numbers_and_offsets_are_inverse(offset: int, first_day: int) -> None:
    one = phase(first_day)
    assert one.offset(one.day_at(offset)) == offset


def test_there_is_no_day_zero_where_days_count_from_one() -> None:
    with pytest.raises(ValueError, match="no Day 0"):
        phase(1).offset(0)
    assert phase(0).offset(0) == 0
    assert (phase(1).length_of(1), phase(1).length_of(6)) == (42, 84)


def test_a_day_stands_alone_when_its_neighbours_are_free() -> None:
    assert Days((1, 8)).alone(8)
    assert not Days((1, 2, 8)).alone(2)
    assert not Days((1, 8), to_end=True).alone(30)


@given(DATES, DATES)
def test_age_counts_birthdays(born: date, day: date) -> None:
    if day < born:
        return
    patient = Patient("1", "A", "", born, "female")
    birthdays = sum(
        (year, born.month, born.day) <= (day.year, day.month, day.day) for year in range(born.year + 1, day.year + 1)
    )
    assert patient.age_on(day) == birthdays


def test_the_newest_measurement_on_the_day_is_in_force() -> None:
    one, two = (
        Measurement(date(2026, month, 1), Decimal(170), Decimal(weight)) for month, weight in ((1, 70), (3, 77))
    )
    patient = Patient("1", "Some", "Body", date(1980, 1, 1), "male", (two, one), markers=(("ph", "positive"),))
    assert patient.measurement_on(date(2026, 2, 1)) == one
    assert patient.measurement_on(date(2026, 3, 1)) == two
    assert patient.measurement_on(date(2025, 1, 1)) == one
    assert patient.facts_on(date(2026, 3, 1)) == {
        "age": Decimal(46),
        "sex": "male",
        "ph": "positive",
        "weight": Decimal(77),
        "bsa": two.bsa,
    }
    bare = Patient("1", "Only", "", date(1980, 1, 1), "male")
    assert bare.measurement_on(date(2026, 1, 1)) is None
    assert "weight" not in bare.facts_on(date(2026, 1, 1))
    assert (patient.display_name, bare.display_name) == ("Some, Body", "Only")


@given(DATES, st.integers(0, 60))
def test_months_are_added_within_the_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(1)).month != later.month


@given(DATES)
def test_dates_are_never_numbers_only(day: date) -> None:
    text = weekday_date(day)
    assert text == f"{day:%a} {clinical_date(day)}"
    assert weekday_date(day.toordinal()) == text
    assert any(letter.isalpha() for letter in clinical_date(day))


def test_clock_texts() -> None:
    assert [clock(minute) for minute in (-1, 0, 540, 1439)] == ["", "00:00", "09:00", "23:59"]


def test_look_ups_miss_loudly() -> None:
    pin = ProtocolPin("p", "1", "abc", "text")
    block = Block("b", "B", "abc", "a", (1,), BlockStart(on=date(2026, 1, 1)), "p")
    plan = Plan("1", Patient("1", "A", "", date(1980, 1, 1), "male"), (pin,), (block,))
    assert (plan.block("b"), plan.pin("abc")) == (block, pin)
    for look_up in (plan.block, plan.pin, Schedule((), (), ()).block):
        with pytest.raises(KeyError):
            look_up("missing")


def test_the_summary_of_checks_says_what_was_not_checked() -> None:
    assert str(CheckSummary(5, 0, ())) == "5 rules checked"
    assert str(CheckSummary(5, 1, ("creatinine",))) == "5 rules checked, 1 not checkable: creatinine"
    assert str(CheckSummary(5, 0, (), (), ("own.toml",))) == "5 rules checked; not read because of mistakes: own.toml"
    assert str(CheckSummary(5, 0, (), unasked=("A", "B"))) == "5 rules checked; no rule looks at A, B"


def test_weak_evidence_waits_for_a_person() -> None:
    assert [one.needs_confirmation for one in Evidence] == [False, False, False, True, True]


def test_a_sex_that_is_neither_is_no_fact() -> None:
    somebody = Patient("1", "A", "", date(1980, 1, 1), "unknown")
    assert "sex" not in somebody.facts_on(date(2026, 1, 1))


def test_a_bar_knows_the_day_numbers_of_its_protocol() -> None:
    """Day 5 was deferred by three days: the days between have no number."""
    bar = free_bar("b", 100, 112, "cycle", "", State.PLANNED, "", "", "b", numbering=((100, 1), (107, 5)))
    assert [bar.day_number(day) for day in (99, 100, 103, 104, 106, 107, 111, 112)] == [
        None,
        1,
        4,
        None,
        None,
        5,
        9,
        None,
    ]
    assert free_bar("b", 100, 112, "cycle", "", State.PLANNED, "", "", "b").day_number(100) is None
    late = free_bar("b", 100, 112, "cycle", "", State.PLANNED, "", "", "b", numbering=((105, 5),))
    assert late.day_number(101) is None


def test_a_protocol_finds_its_parts_and_its_weakest_support() -> None:
    source = Reference("R1", "A paper")
    examined = TemplateAssessment("m", "Marrow", "assessment", Days((1,)), Evidence.SECONDARY, ("R1",))
    only = Phase("a", "A", 42, StartRule(), (), (examined,))
    protocol = Protocol("p", "P", "1", Status.DRAFT, "ALL", "adults", (source,), (only,), ())
    assert (protocol.phase("a"), protocol.reference("R1"), protocol.weakest_evidence) == (
        only,
        source,
        Evidence.SECONDARY,
    )
    for look_up in (protocol.phase, protocol.reference):
        with pytest.raises(KeyError):
            look_up("missing")
