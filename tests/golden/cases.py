"""The golden cases: every shipped protocol with every choice of its variants, for reference patients."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from planner.assembly.assemble import assemble
from planner.content.library import read_library
from planner.model.library import Library, ShelvedProtocol
from planner.model.patient import Measurement, Patient
from planner.model.plan import BlockStart
from planner.model.schedule import Schedule
from planner.model.site import Site
from planner.paths import resources
from planner.services.verbs.placing import add_protocol, new_plan

START = date(2026, 1, 5)
MEASURED = date(2026, 1, 2)


def person(born: int, height: str, weight: str, sex: str, **markers: str) -> Patient:
    """An invented patient measured three days before the start."""
    measured = Measurement(MEASURED, Decimal(height), Decimal(weight))
    return Patient("G", "Golden", "", date(born, 6, 15), sex, (measured,), markers=tuple(sorted(markers.items())))


PATIENTS = {
    "adult": person(1990, "170", "70", "female", cns="CNS1", cd19="positive", cd20="negative", cd22="positive"),
    "older": person(1955, "178", "110", "male", cns="CNS3", cd19="positive", cd20="positive", cd22="positive"),
    "child": person(2014, "138", "30", "female", cns="CNS1", cd19="positive", cd20="negative", cd22="positive"),
}


SHOWN_BY = {
    "premedication-child": "child",
    "steroid-child": "child",
    "rituximab": "older",
    "anti-cd20": "older",
    "duration": "older",
    "flag-ida.version-adult": "child",
}
"""Variants, or one choice of one, that change nothing for the adult, and the patient for whom they do (below 18;
CD20-positive and male)."""

SHOWN_WITH = {
    ("aall0232-hr", "it-interim"): ("interim", "capizzi"),
    ("nelarabine-t-all", "interim"): ("setting", "first-line"),
    ("nelarabine-t-all", "pegaspargase-cap"): ("setting", "first-line"),
}
"""Variants of a phase that only another variant's choice brings into the plan."""


@dataclass(frozen=True)
class Case:
    """One golden file: `name` is its file name without ending."""

    name: str
    protocol: str
    patient: str
    choices: tuple[tuple[str, str], ...] = ()
    answers: tuple[tuple[str, str], ...] = ()


@cache
def library() -> Library:
    """The shipped library, read once for all cases."""
    return read_library(resources(), None)


def cases() -> Iterator[Case]:
    """The default of every protocol for each patient; each other choice of a variant for one for whom it counts."""
    for protocol_id, shelved in sorted(library().protocols.items()):
        for patient in PATIENTS:
            yield Case(f"{protocol_id}.{patient}", protocol_id, patient)
        for variant in shelved.protocol.variants:
            usual = SHOWN_BY.get(variant.id, "adult")
            beside = SHOWN_WITH.get((protocol_id, variant.id))
            for choice in variant.choices:
                if choice.id != variant.default:
                    patient = SHOWN_BY.get(f"{protocol_id}.{variant.id}-{choice.id}", usual)
                    name = f"{protocol_id}.{patient}.{variant.id}-{choice.id}"
                    yield Case(name, protocol_id, patient, ((variant.id, choice.id), *([beside] if beside else [])))


def schedule_of(case: Case) -> Schedule:
    """The schedule of a case as the product makes it."""
    shelved: ShelvedProtocol = library().protocols[case.protocol]
    plan = add_protocol(new_plan("golden", PATIENTS[case.patient]), shelved, BlockStart(on=START), dict(case.choices))
    return assemble(plan, {shelved.pin.sha256: shelved.protocol}, library().agents, Site())
