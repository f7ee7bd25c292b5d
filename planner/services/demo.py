"""The demo: an invented patient in the middle of a real protocol, marked DEMO wherever it shows."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from planner.errors import EnvironmentProblem
from planner.model.library import ShelvedProtocol
from planner.model.plan import BagPlan, DecisionTaken, Deferral, Plan, Scope
from planner.model.site import Site


def demo_plan(resources: Path) -> Plan:
    """The demo plan, the same on every machine and day. EnvironmentProblem where a shipped file is missing."""
    # Imported here, as below, because a start mostly finds the demo kept already.
    from planner.content.patient_file import build_patient
    from planner.services.verbs.placing import add_protocol, new_plan, start_on, take_decision

    course = _course(resources)
    patient = build_patient(_text(resources / "demo" / "patient.json"))
    shelf = _shelved(resources, course["protocol"])
    start = start_on(date.fromisoformat(course["start"]))
    plan = add_protocol(new_plan(course["id"], patient, demo=True), shelf, start, course["choices"])
    group = plan.blocks[0].group
    for made in course["decisions"]:
        taken = DecisionTaken(group, made["decision"], made["choice"], date.fromisoformat(made["on"]), made["by"])
        plan = take_decision(plan, shelf.protocol, taken)
    moved = tuple(Deferral(**{**made, "scope": Scope(made["scope"])}) for made in course["deferrals"])
    bags = tuple(BagPlan(one["block"], tuple(one["hours"]), tuple(one["weekdays"])) for one in course["bag_plans"])
    return replace(plan, modifications=moved, bag_plans=bags)


def demo_id(resources: Path) -> str:
    """The id of the demo plan."""
    found: str = _course(resources)["id"]
    return found


def demo_site(resources: Path) -> Site:
    """The invented clinic of the demo."""
    return Site(**_course(resources)["site"])


def _course(resources: Path) -> dict[str, Any]:
    course: dict[str, Any] = json.loads(_text(resources / "demo" / "course.json"))
    return course


def _shelved(resources: Path, protocol_id: str) -> ShelvedProtocol:
    """One shipped protocol, without reading the others."""
    from planner.content.protocol_file import build_protocol, make_pin

    files = sorted((resources / "protocols").rglob(f"{protocol_id}.toml"))
    if not files:
        raise EnvironmentProblem(f"{resources}: the protocol {protocol_id} of the demo is missing; install again")
    text = files[0].read_bytes().decode()
    return ShelvedProtocol(make_pin(text), build_protocol(text), "shipped")


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except OSError as error:
        raise EnvironmentProblem(f"{file}: cannot be read ({error.strerror}); install the program again") from error
