"""Golden schedules: a change here is a clinical change and has to name the reference that justifies it.

REGIMAP_WRITE_GOLDEN=1 writes the files anew; the difference is then read line by line against the source sheet.
"""

import os
import tomllib
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import pytest

from planner.model.cycle_content import BY_TIME
from tests.assembly.second_opinion import Row, SecondOpinion
from tests.assembly.second_person import Person
from tests.golden.cases import PATIENTS, START, Case, cases, library, schedule_of
from tests.golden.text import schedule_text

FOLDER = Path(__file__).parent / "schedules"
AGENTS = Path(__file__).parents[2] / "resources" / "agents"
CASES = list(cases())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_schedule_is_as_reviewed(case: Case) -> None:
    text = schedule_text(schedule_of(case))
    file = FOLDER / f"{case.name}.txt"
    if os.environ.get("REGIMAP_WRITE_GOLDEN"):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_every_golden_file_has_a_case() -> None:
    assert {file.stem for file in FOLDER.glob("*.txt")} == {case.name for case in CASES}


DRAWS_NOTHING = "tki-after-pre-emptive"
"""A choice that by its own words draws nothing: the TKI waits for the first MRD."""


@pytest.mark.parametrize("case", [case for case in CASES if case.choices], ids=lambda case: case.name)
def test_a_choice_shows_in_its_schedule(case: Case) -> None:
    """A golden file of a choice that is the same without it would prove nothing."""
    without = schedule_text(schedule_of(replace(case, choices=case.choices[1:])))
    assert (schedule_text(schedule_of(case)) == without) == case.name.endswith(DRAWS_NOTHING)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_second_opinion_agrees(case: Case) -> None:
    """The same doses on the same days by the second computation, for every shipped protocol and choice."""
    patient = PATIENTS[case.patient]
    sizes = [(one.date, Fraction(one.height_cm), Fraction(one.weight_kg)) for one in patient.measurements]
    person = Person(patient.birth_date, patient.sex, sizes, dict(patient.markers))
    answers = {f"variant.{variant}": choice for variant, choice in case.choices}
    text = library().protocols[case.protocol].pin.text
    steps = {agent.id: Fraction(agent.round_to) for agent in library().agents.values() if agent.round_to}
    theirs = sorted(SecondOpinion(text, person, START, answers).rows(steps | least_tablets()))
    assert rows(case) == theirs


@lru_cache
def least_tablets() -> dict[str, Fraction]:
    """The least dose that an agent's tablets make, halved where they may be, read from the agent files themselves."""
    found: dict[str, Fraction] = {}
    for file in sorted(AGENTS.glob("*.toml")):
        for agent in tomllib.loads(file.read_text(encoding="utf-8"))["agents"]:
            for amount, unit in (tablet.split() for tablet in agent.get("tablets", ())):
                name, size = f"{agent['id']} by mouth in {unit}", Fraction(amount) / (2 if agent.get("halves") else 1)
                found[name] = min(size, found.get(name, size))
    return found


def rows(case: Case) -> list[Row]:
    """The planner's doses as the second opinion writes them, without orders timed by another order."""
    return sorted(
        (
            event.date.isoformat(),
            event.placed.block.id,
            event.placed.cycle,
            event.cycle_day,
            event.placed.agent,
            f"{event.dose.value.normalize():f} {event.dose.unit}" if event.dose.value is not None else "",
        )
        for event in schedule_of(case).events
        if event.dose is not None
    )


@pytest.mark.parametrize("case", CASES[::7], ids=lambda case: case.name)
def test_events_stand_by_time_and_once_in_their_orders(case: Case) -> None:
    schedule = schedule_of(case)
    assert list(schedule.events) == sorted(schedule.events, key=BY_TIME)
    by_order = [event for events in schedule.by_order() for event in events]
    assert sorted(map(id, by_order)) == sorted(map(id, schedule.events))
    assert len({id(events[0].placed) for events in schedule.by_order()}) == len(schedule.by_order())
