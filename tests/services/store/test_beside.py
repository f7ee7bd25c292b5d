"""Which other plans of the store concern a plan's patient, on whatever way they came there."""

from datetime import date

import pytest
from msgspec.structs import replace

from planner.paths import resources
from planner.services.demo import demo_plan
from planner.services.store.archive import Archive
from planner.services.store.beside import beside, beside_lines
from tests.storage.plans import AT

OTHERS = {"id": "X9", "family_name": "Torres", "birth_date": date(1959, 3, 7)}


@pytest.mark.parametrize("differs", [(), ("id",), ("family_name",), ("birth_date",)])
def test_two_of_number_name_and_birth_date_that_agree_are_one_patient(tmp_path, differs):
    """A slip in one of the three hid that there is another plan."""
    with Archive.open(tmp_path) as archive:
        first, second = _two(archive, differs)
        assert beside(archive, first).ids == (second.id,)
        assert beside(archive, second).ids == (first.id,)
        (line,) = beside_lines(archive, first)
    assert line.startswith("the store has another plan of this patient: second (")
    for name, told in (("id", ", number X9)"), ("family_name", ", Torres, "), ("birth_date", ", born 07-Mar-1959)")):
        assert (told in line) == (name in differs), "what differs is a slip in one of the two"


@pytest.mark.parametrize("differs", [("id", "family_name"), ("id", "birth_date"), tuple(OTHERS)])
def test_one_that_agrees_is_another_patient(tmp_path, differs):
    with Archive.open(tmp_path) as archive:
        first, second = _two(archive, differs)
        assert beside(archive, first) == beside(archive, second) == ((), ())
        assert beside_lines(archive, first) == ()


def test_a_number_alone_is_somebody_elses_and_is_told(tmp_path):
    """Every sheet of each of two people said that the other's plan is in the store."""
    with Archive.open(tmp_path) as archive:
        first, second = _two(archive, ("family_name", "birth_date"))
        assert beside(archive, first) == ((), archive.list("second"))
        (line,) = beside_lines(archive, first)
    told = f"Torres, {second.patient.given_name}, born 07-Mar-1959"
    assert line == f"the number {first.patient.id} is also that of {told}: one of them is a slip"


def test_capitals_and_accents_make_nobody_another(tmp_path):
    with Archive.open(tmp_path) as archive:
        first, second = _two(archive, ("birth_date",), id="démo-0001", family_name="DEMO")
        assert beside(archive, first).ids == (second.id,)


def test_a_plan_without_a_protocol_hides_nothing(tmp_path):
    """Window and sheets said "another plan here ()" of one that nobody had placed anything on."""
    with Archive.open(tmp_path) as archive:
        first, second = _two(archive, ())
        empty = replace(first, id="empty", blocks=(), pins=())
        archive.save(empty, "New plan", "w", AT)
        assert beside(archive, first).ids == (second.id,)
        assert set(beside(archive, empty).ids) == {first.id, second.id}


def _two(archive, differs, **spelled):
    """The demo patient's plan, and a second one whose patient differs in these, both saved."""
    first = demo_plan(resources())
    patient = replace(first.patient, **{name: OTHERS[name] for name in differs}, **spelled)
    second = replace(first, id="second", patient=patient)
    for plan in (first, second):
        archive.save(plan, "New plan", "w", AT)
    return first, second
