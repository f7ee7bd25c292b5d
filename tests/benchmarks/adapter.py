"""Puts the project into the benchmark kit: translates the kit's invented template and calls what the application calls.

The kit's orders stand at given clock times. The planner's protocols say hours only relative to another order, so each
phase gets one order on every day at the start of the treatment day (midnight here), and the others hang on it.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from msgspec.structs import replace

from planner.assembly.assemble import assemble
from planner.checking.check import check
from planner.model.condition import ALWAYS
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.evidence import Evidence, Status
from planner.model.patient import Measurement, Patient
from planner.model.plan import Block, BlockStart, Plan
from planner.model.protocol import Days, DoseBand, Phase, Protocol, StartRule, TemplateOrder, TimeAnchor
from planner.model.quantity import Amount, DoseRule
from planner.model.schedule import Schedule
from planner.model.site import Site
from planner.timeline.lay_out import lay_out

START = date(2026, 1, 5)
CLOCK = "clock"
PIN = "0" * 64
UNITS = {"m2": ("mg", "m2"), "kg": ("mcg", "kg"), "flat": ("mg", "")}
THOUSAND = Decimal(1000)


def expand(template: dict, bsa: float, kg: float) -> Iterator[tuple[int, int, int]]:
    """The kit's template as (minutes from the first day's midnight, drug, dose in thousandths)."""
    from workload import DRUG_ID

    schedule = _assemble(*_translate(template, bsa, kg))
    first = START.toordinal()
    return [
        ((event.day - first) * 1440 + event.minute, DRUG_ID[event.placed.agent], _thousandths(event))
        for event in schedule.events
        if event.placed.agent != CLOCK
    ]


def open_plan(template: dict, bsa: float, kg: float) -> EvaluatedPlan:
    """What the application holds for one open plan: the plan and all that was derived from it."""
    plan, protocol = _translate(template, bsa, kg)
    schedule = _assemble(plan, protocol)
    findings, checked = check(plan, schedule, (), {})
    return EvaluatedPlan(plan, schedule, findings, lay_out(plan, schedule, findings, {}), checked)


def _assemble(plan: Plan, protocol: Protocol) -> Schedule:
    return assemble(plan, {PIN: protocol}, {}, Site(treatment_day_starts=0))


def _thousandths(event) -> int:
    dose = event.dose.value if event.dose else None
    return int(dose * THOUSAND) if dose is not None else 0


def _translate(template: dict, bsa: float, kg: float) -> tuple[Plan, Protocol]:
    sequence = template["sequence"]
    phases = tuple(_phase(name, spec, sequence.count(name)) for name, spec in template["types"].items())
    protocol = Protocol(template["id"], template["id"], "1", Status.DRAFT, "", "", (), phases, ())
    blocks, day, seen = [], START, {}
    for number, name in enumerate(sequence):
        seen[name] = seen.get(name, 0) + 1
        start = BlockStart(on=day)
        blocks.append(Block(f"b{number}", name, PIN, name, (seen[name],), start, "g"))
        day += timedelta(days=template["types"][name]["len"])
    height = Decimal(str(round(bsa * bsa * 3600 / kg, 1)))
    measured = Measurement(START, height, Decimal(str(kg)))
    patient = Patient("1", "Example", "", date(1980, 1, 1), "female", (measured,))
    return Plan("p", patient, (), tuple(blocks)), protocol


def _phase(name: str, spec: dict, cycles: int) -> Phase:
    clock = TemplateOrder(CLOCK, CLOCK, "supportive", "PO", (), Days((1,), to_end=True), Evidence.LOCAL, ())
    orders = [order for number, line in enumerate(spec["lines"]) for order in _orders(number, line, cycles)]
    return Phase(name, name, spec["len"], StartRule(), (clock, *orders), cycles=cycles, max_cycles=cycles)


def _orders(number: int, line: dict, cycles: int) -> Iterator[TemplateOrder]:
    unit, per = UNITS[line["basis"]]
    cap = Amount(Decimal(line["cap"]) / THOUSAND, unit) if line["cap"] is not None else None
    band = DoseBand(ALWAYS, DoseRule(Decimal(line["dose"]) / THOUSAND, unit, per), cap)
    order = TemplateOrder(
        "", line["drug"], "antineoplastic", line["route"], (band,), Days(tuple(line["days"])), Evidence.LOCAL, (),
        cycles=tuple(range(line["first"], cycles + 1, line["every"])),
    )  # fmt: skip
    for clock in line["times"]:
        minutes = int(clock[:2]) * 60 + int(clock[3:])
        yield replace(order, id=f"{number}-{clock}", anchor=TimeAnchor(CLOCK, minutes))
