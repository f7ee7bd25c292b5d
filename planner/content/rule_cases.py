"""The cases of rule files as plans: lines of text to a patient, a schedule, and what was given or stopped.

Events, a day being counted from 1 January 2026:
    "8 vincristine 2 mg IV"                      one dose; "?" for a dose that is not known
    "1-28 blinatumomab 28 mcg/day IV cycle=2"    a dose a day; "1-22/7" every 7th day
    "1 09:00 dexamethasone 20 mg IV role=premedication block=b protocol=x state=omitted"
    "8 cytarabine 75 mg/m2 IV zero=8"            the block counts from a Day 0 on day 8 of the example
    "15 cytarabine 75 mg/m2 IV block=c follows=a:15" its block begins on day 15 of block a; "follows=a": after its end
    "12 obe-cel 400e6 cells IV due=10"           moved there from day 10 by a deferral
    "8 mercaptopurine 20 mg/m2 PO full=60"       the protocol's own dose was 60 mg/m2
    "1 busulfan 3.2 mg/kg IV kg=busulfan-label"  on that weight, as model.body names it
    "8 vincristine 2 mg IV entry=age<40"         the protocol is for patients below 40 years
    "8 etoposide 200 mg/m2 IV gives=300"         rounded (or cut, with capped=yes) to 300 mg
    "8 etoposide 60 mg/kg/day IV parts=2"        the protocol divides the dose of the day
    "8 blinatumomab 14 mcg/day IV state=given of=28" that much of 28 mcg was recorded as given
    "6 blinatumomab 28 mcg/day IV held=toxicity-3" goes on there after a stop for a toxicity of grade 3
    "4-28 blinatumomab 28 mcg/day IV stopped=toxicity-3" not given any more, after a stop of the rest of that cycle
    "4-28 dasatinib 140 mg PO id=tki dropped=toxicity-3" the same of that drug alone, to the end of its block
    "1-28 dasatinib 140 mg PO open=yes"          daily to the end of its cycle, in a block without an end of its own
    "1 allopurinol 300 mg PO until=the-site's-day" goes on behind that day, nobody said how long
    "11 methotrexate 150 mg/m2 IV raised=50"     of an order that rises by 50 mg/m2 with each dose
    "29 assessment mrd"    "29 procedure leukapheresis"    "1 facts cns"
    "29 assessment counts gate=ANC_≥_1_×_10⁹/L"  from that day on the cycle waits for it
    "29 decision MRD negative? choice=yes id=mrd" taken so; without a choice it is open, `id` where it is asked for
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from planner.model.condition import parse_condition
from planner.model.cycle_content import ComputedDose, CycleContent, CycleEvent, OrderLine, State, Working
from planner.model.evidence import Evidence, Status
from planner.model.gate import parse_gate
from planner.model.patient import CoMedication, LabResult, Measurement, Patient, PriorExposure
from planner.model.plan import Deferral, Given, GivenRecord, Plan, Scope, Stop
from planner.model.protocol import (
    ROUTES,
    Choice,
    Days,
    Phase,
    Protocol,
    StartRule,
    TemplateAssessment,
    TemplateDecision,
    TemplateOrder,
)
from planner.model.quantity import parse_dose
from planner.model.results import RESULTS
from planner.model.rule import RuleExample
from planner.model.schedule import Event, OpenDecision, PlacedBlock, PlacedContent, PlacedCycle, PlacedOrder, Schedule

Row = dict[str, Any]
UNREADABLE = (ValueError, ArithmeticError, LookupError, StopIteration, TypeError, AttributeError)
"""What lines raise that mean nothing."""

DAY_ONE = date(2026, 1, 1)
_DAYS = re.compile(r"\d+(-\d+)?(/\d+)?")
_SPAN = re.compile(r".+ \d+(-\d*)?")
_EARLIER = re.compile(r".+ [\d.]+ \S+( until -?\d+)?")


def day(number: int) -> int:
    """The ordinal of a day of the example."""
    return DAY_ONE.toordinal() + number - 1


def example_plan(example: RuleExample) -> Plan:
    """The plan of an example: a patient, nothing placed, and what its lines say was given, or was stopped and why."""
    patient = example_patient(example.patient, example.co_medications, example.prior)
    days = [int(line.split()[0]) for line in example.events if "state=given" in line]
    given = [GivenRecord("block", 1, number, "", 0, Given.GIVEN, _date(str(number)), None, "", "A") for number in days]
    return Plan("example", patient, modifications=tuple(example_holds(example.events)), given=tuple(given))


def example_holds(lines: Sequence[str]) -> Iterator[Deferral | Stop]:
    """The stops that lines name: of what goes on as deferrals that moved nothing, of what ended as stops of the cycle.

    The events of an example stand where they fall.
    """
    rows = [row for number, line in enumerate(lines) for row in _rows(line, number)]
    for line in dict.fromkeys(row["line"] for row in rows if row.keys() & {"held", "stopped", "dropped"}):
        row = next(row for row in rows if row["line"] == line)
        first = min(one["day"] for one in rows if (one["block"], one["cycle"]) == (row["block"], row["cycle"]))
        place = row["block"], row["cycle"], row["day"] - first + 1
        reason, _, grade = (row.get("held") or row.get("stopped") or row["dropped"]).rpartition("-")
        if "held" in row:
            yield Deferral(*place, 0, Scope.FOLLOWING, reason, grade=int(grade))
        elif "stopped" in row:
            yield Stop(*place, Scope.CYCLE, reason, grade=int(grade))
        else:
            yield Stop(*place, Scope.FOLLOWING, reason, grade=int(grade), order=row["id"])


def example_patient(
    facts: Iterable[tuple[str, str]] = (), co_medications: Iterable[str] = (), prior: Iterable[str] = ()
) -> Patient:
    """A patient of 40 years, 170 cm and 70 kg unless the facts say otherwise.

    "allergies" are texts with a comma between, "weight day 30" is a later weight ("63 stays": doses stay as they were),
    "anc" a result of day 1 and "anc day 30" one of day 30, each in its unit.
    """
    known = {"age": "40", "sex": "female", "height": "170", "weight": "70"} | dict(facts)
    dated = [(key, known.pop(key)) for key in list(known) if " day " in key or key in RESULTS]
    allergies = [text for text in known.pop("allergies", "").split(", ") if text]
    age, sex, height, weight = (known.pop(key) for key in ("age", "sex", "height", "weight"))
    measured = [Measurement(DAY_ONE, Decimal(height), Decimal(weight))] if weight else []
    labs = []
    for key, value in dated:
        what, _, number = key.partition(" day ")
        on = date.fromordinal(day(int(number or 1)))
        if what == "weight":
            weighed = Decimal(value.removesuffix(" stays"))
            measured.append(Measurement(on, Decimal(height), weighed, for_doses=not value.endswith(" stays")))
        else:
            labs.append(LabResult(on, what, Decimal(value), ""))
    return Patient(
        "00123",
        "Example",
        "Ana",
        DAY_ONE.replace(year=DAY_ONE.year - int(age)),
        sex,
        tuple(measured),
        tuple(labs),
        markers=tuple(known.items()),
        allergies=tuple(allergies),
        co_medications=tuple(map(_co_medication, co_medications)),
        prior_exposures=tuple(map(_exposure, prior)),
    )


def _co_medication(line: str) -> CoMedication:
    _ask(_SPAN, line, line, "posaconazole 5-20", "fluconazole 1-")
    agent, span = line.rsplit(" ", 1)
    first, _, last = span.partition("-")
    return CoMedication(agent, _date(first), _date(last) if last else None)


def _exposure(line: str) -> PriorExposure:
    """An agent, a sum and its unit, with "until" and a day of the example where the last day is known."""
    _ask(_EARLIER, line, line, "doxorubicin 300 mg/m2", "cytarabine 2000 mg/m2 until -10")
    what, _, until = line.partition(" until ")
    agent, amount, unit = what.rsplit(" ", 2)
    return PriorExposure(agent, Decimal(amount), unit, _date(until) if until else None)


def _ask(form: re.Pattern[str], text: str, line: str, *meant: str) -> None:
    """ValueError with what to write where a text of a line has another form."""
    if not form.fullmatch(text):
        raise ValueError(f'"{line}" is not understood; write for example ' + " or ".join(f'"{one}"' for one in meant))


def _date(number: str) -> date:
    return DAY_ONE + timedelta(days=int(number) - 1)


def example_schedule(lines: Sequence[str], patient: Patient, exemptions: Sequence[tuple[str, str]] = ()) -> Schedule:
    """The schedule of event lines. Each cycle starts on its first event; each block ends the day after its last."""
    rows = [row for number, line in enumerate(lines) for row in _rows(line, number)]
    blocks: dict[str, PlacedBlock] = {}
    for name in dict.fromkeys(row["block"] for row in rows):
        blocks[name] = _block(name, [row for row in rows if row["block"] == name], tuple(exemptions))
    events, decisions = [], []
    orders: dict[str, PlacedOrder] = {}
    for row in rows:
        if row["what"] == "facts":
            continue
        placed = _placed(row, blocks[row["block"]])
        events.append(_event(row, orders.setdefault(placed.id, placed), patient))
        if isinstance(placed.order, TemplateDecision):
            decisions.append(OpenDecision("group", placed.order, row["block"], day(row["day"]), row.get("choice")))
    return schedule_of(events, tuple(blocks.values()), tuple(decisions))


def _rows(line: str, number: int) -> Iterator[Row]:
    words = line.split()
    options = dict(word.split("=", 1) for word in words if "=" in word)
    days, *words = [word for word in words if "=" not in word] or [""]
    _ask(_DAYS, days, line, "8 vincristine 2 mg IV", "1-28 blinatumomab 28 mcg/day IV")
    minute = -1
    if ":" in words[0]:
        hours, _, minutes = words.pop(0).partition(":")
        minute = int(hours) * 60 + int(minutes)
    what, *rest = words
    state = "stopped" if options.keys() & {"stopped", "dropped"} else "planned"
    row: Row = {"block": "block", "protocol": "example", "cycle": 1, "state": state} | options
    row |= {"sequence": number, "minute": minute, "what": what, "text": " ".join(rest), "line": line}
    if what not in ("assessment", "procedure", "decision", "facts"):
        if not rest or rest[-1] not in ROUTES:
            raise ValueError(f'"{line}" names no route; write for example "8 vincristine 2 mg IV"')
        row |= {"route": rest[-1], "dose": " ".join(rest[:-1])}
    span, _, step = days.partition("/")
    first, _, last = span.partition("-")
    for one in range(int(first), int(last or first) + 1, int(step or 1)):
        yield row | {"day": one, "cycle": int(row["cycle"])}


def _block(name: str, rows: Sequence[Row], exemptions: tuple[tuple[str, str], ...]) -> PlacedBlock:
    cycles = []
    zeros = [int(row["zero"]) for row in rows if "zero" in row]
    for number in sorted({row["cycle"] for row in rows}):
        days = [row["day"] for row in rows if row["cycle"] == number]
        days += zeros[:1] if number == 1 else []
        cycles.append(PlacedCycle(number, day(min(days)), day(max(days)) + 1))
    protocol_id = rows[0]["protocol"]
    first_day = min(*(row["day"] for row in rows), zeros[0]) - zeros[0] if zeros else 1
    is_open = any("open" in row for row in rows)
    phase = Phase(name, name, 28, _start(rows), (), first_day=first_day, open_end=is_open)
    words = [re.sub(r"(<=?|>=?|!?=)", r" \1 ", row["entry"]) for row in rows if "entry" in row]
    entry = tuple((parse_condition(text), "") for text in dict.fromkeys(words))
    protocol = Protocol(
        protocol_id, protocol_id, "1", Status.DRAFT, "", "", (), (phase,), (), exemptions=exemptions, entry=entry
    )
    facts = tuple(word for row in rows if row["what"] == "facts" for word in row["text"].split())
    return PlacedBlock(
        id=name,
        title=name,
        group="group",
        protocol_id=protocol_id,
        protocol_title=protocol_id,
        protocol_version="1",
        phase=phase,
        cycles=tuple(cycles),
        start=cycles[0].start,
        end=max(cycle.end for cycle in cycles),
        provisional=False,
        reasons=(),
        facts_unknown=facts,
        protocol=protocol,
    )


def _start(rows: Sequence[Row]) -> StartRule:
    """After the block in "follows", or where a number stands behind it ("a:15") on that day of it."""
    other, _, number = next((row["follows"] for row in rows if "follows" in row), "").partition(":")
    return StartRule(other, int(number) if number else None)


def _placed(row: Row, block: PlacedBlock) -> PlacedOrder:
    name, text = row.get("id", f"{row['what']}-{row['sequence']}"), row["text"]
    kind, agent, route = row["what"], "", ""
    if kind not in ("assessment", "procedure", "decision"):
        kind, agent, route = "administration", row["what"], row["route"]
    usual = "intrathecal" if route == "IT" else "antineoplastic" if agent else kind.replace("decision", "assessment")
    role = row.get("role", usual).replace("-", " ")
    return PlacedOrder(
        id=f"{block.id}/{row['cycle']}/{name}",
        block=block,
        cycle=row["cycle"],
        order=_dosed_order(row, name, role) if agent else _question(row, name, text),
        kind=kind,
        agent=agent,
        agent_name=agent.capitalize() or text,
        role=role,
        route=route,
        evidence=Evidence.TRIAL,
    )


def _question(row: Row, name: str, text: str) -> TemplateAssessment | TemplateDecision:
    if row["what"] == "decision":
        return TemplateDecision(name, text, "", 1, 1, (Choice("yes", "Yes"),), "yes", Evidence.TRIAL, ())
    gate, topic = row.get("gate", "").replace("_", " "), text.split(maxsplit=1)[0]
    parse_gate(gate)  # one that nobody can read would ask nothing
    return TemplateAssessment(name, text, row["what"], Days((1,)), Evidence.TRIAL, (), topic=topic, gate=gate)


def _dosed_order(row: Row, name: str, role: str) -> TemplateOrder:
    other, _, least = row.get("apart", "").partition(":")
    return TemplateOrder(
        name,
        row["what"],
        role,
        row["route"],
        (),
        Days((1,), to_end="open" in row),
        Evidence.TRIAL,
        (),
        weight=row.get("kg", "actual").replace("-", " "),
        not_on=tuple(int(number) for number in row["not_on"].split(",")) if "not_on" in row else (),
        apart=((other, int(least)),) if other else (),
        until=row.get("until", "").replace("-", " "),
        escalation=parse_dose(f"{row['raised']} {row['dose'].split(' ')[1]}") if "raised" in row else None,
    )


def _event(row: Row, placed: PlacedOrder, patient: Patient) -> Event:
    on = day(row["day"])
    cycle = next(cycle for cycle in placed.block.cycles if cycle.number == row["cycle"])
    dose = _dose_of(row, patient, on) if "dose" in row else None
    state = State(row["state"])
    due = day(int(row["due"])) if "due" in row else on
    number = placed.block.phase.day_at(due - cycle.start)
    return Event(on, row["minute"], row["sequence"], placed, number, state, dose, due, -1, -1, ())


def _dose_of(row: Row, patient: Patient, on: int) -> ComputedDose:
    dose = _dose(row["dose"], patient, on)
    if "full" in row:
        full = _dose(f"{row['full']} {row['dose'].split(' ')[1]}", patient, on)
        dose = replace(dose, full=full.value)
    if "gives" in row:
        dose = replace(dose, value=Decimal(row["gives"]), capped="capped" in row)
    if "of" in row:
        dose = replace(dose, ordered=Decimal(row["of"]), origin="given")
    if "parts" in row:
        dose = replace(dose, protocol_dose=f"{dose.protocol_dose} in {row['parts']} doses")
    return dose


def _dose(text: str, patient: Patient, on: int) -> ComputedDose:
    if text == "?":
        return ComputedDose(None, "", "", missing="no sourced dose: enter the site's own")
    rule = parse_dose(text)
    measured = patient.measurement_on(date.fromordinal(on))
    amount, unit = rule.base_amount.value, rule.base_amount.unit
    if measured is None:
        if rule.per:
            return ComputedDose(None, unit, text, missing="height and weight not recorded")
        return ComputedDose(amount, unit, text, how=Working(per_m2=None))
    if rule.per == "m2":
        return ComputedDose((amount * measured.bsa).quantize(Decimal("0.01")), unit, text, how=Working(per_m2=amount))
    value = amount * measured.weight_kg if rule.per == "kg" else amount
    return ComputedDose(value, unit, text, how=Working(per_m2=value / measured.bsa))


def schedule_of(
    events: Iterable[Event], blocks: tuple[PlacedBlock, ...], decisions: tuple[OpenDecision, ...] = ()
) -> Schedule:
    """A schedule whose pieces give exactly these events."""
    cycles: dict[tuple[str, int], dict[int, list[Event]]] = {}
    for event in events:
        orders = cycles.setdefault((event.placed.block.id, event.placed.cycle), {})
        orders.setdefault(id(event.placed), []).append(event)
    return Schedule(tuple(_piece(list(orders.values())) for orders in cycles.values()), blocks, decisions)


def _piece(orders: list[list[Event]]) -> PlacedContent:
    first = orders[0][0].placed
    start = next((one.start for one in first.block.cycles if one.number == first.cycle), orders[0][0].day)
    content = CycleContent.of_events(_relative(events, start) for events in orders)
    return PlacedContent(content, start, first.block, first.cycle, 0)


def _relative(events: list[Event], start: int) -> list[CycleEvent]:
    line = _line(events[0].placed)
    return [
        CycleEvent(
            event.day - start,
            event.minute,
            event.sequence,
            line,
            event.cycle_day,
            event.state,
            event.dose,
            event.due_day - start,
            (event.end_day - event.day) * 1440 + event.end_minute - event.minute if event.end_day >= 0 else -1,
            event.notes,
        )
        for event in sorted(events, key=lambda event: event[:3])
    ]


def _line(placed: PlacedOrder) -> OrderLine:
    return OrderLine(*(getattr(placed, name) for name in OrderLine.__struct_fields__))
