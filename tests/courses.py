"""A made-up course that holds every form the timeline draws. Its doses and days serve tests, nobody's care."""

from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from planner.assembly.assemble import assemble
from planner.model.agent import Agent
from planner.model.condition import ALWAYS, Condition, parse_condition
from planner.model.evidence import Evidence, Status
from planner.model.finding import Finding, FindingStatus
from planner.model.patient import CoMedication, Measurement, Patient
from planner.model.plan import Block, BlockStart, DecisionTaken, Deferral, Omission, Plan, ProtocolPin, Scope
from planner.model.protocol import (
    Choice,
    CourseStep,
    Days,
    DoseBand,
    Phase,
    Protocol,
    StartRule,
    TemplateAssessment,
    TemplateDecision,
    TemplateOrder,
    Window,
)
from planner.model.quantity import parse_amount, parse_dose
from planner.model.schedule import Schedule
from planner.model.site import Site

COURSE_START = date(2026, 1, 5)
PIN = "course"

_NAMES = (
    "Vincristine",
    "Daunorubicin",
    "Pegaspargase",
    "Cyclophosphamide",
    "Cytarabine",
    "Methotrexate",
    "Blinatumomab",
    "Prednisone",
    "Dexamethasone",
    "Mercaptopurine",
    "Leucovorin",
    "Filgrastim",
    "Hydrocortisone",
    "Trimethoprim-sulfamethoxazole",
    "Posaconazole",
    "Levetiracetam",
    "Sodium chloride 0.9%",
    "Obecabtagene autoleucel",
)
AGENTS = {name.split()[0].casefold(): Agent(name.split()[0].casefold(), name) for name in _NAMES}


def order(
    agent: str, route: str, dose: str, days: tuple[int, ...], role: str = "antineoplastic", **more
) -> TemplateOrder:
    """One order; `dose` "" means that the site has to enter it, `cap` is an amount as text."""
    cap = parse_amount(more.pop("cap")) if "cap" in more else None
    when: Condition = parse_condition(more.pop("when")) if "when" in more else ALWAYS
    band = DoseBand(ALWAYS, parse_dose(dose) if dose else None, cap)
    evidence = more.pop("evidence", Evidence.TRIAL if dose else Evidence.LOCAL)
    return TemplateOrder(
        id=more.pop("id", f"{agent}-{route}".casefold()),
        agent=agent,
        role=role,
        route=route,
        bands=(band,),
        days=Days(days, more.pop("to_end", False)),
        evidence=evidence,
        references=("T1",),
        when=when,
        **more,
    )


def assess(title: str, topic: str, days: tuple[int, ...], window: Window | None = None, kind: str = "assessment"):
    """One assessment or procedure."""
    name = title.casefold().replace(" ", "-")
    return TemplateAssessment(
        name, title, kind, Days(days), Evidence.TRIAL, ("T1",), topic=topic, window=window or Window()
    )


def _span(first: int, last: int, step: int = 1) -> tuple[int, ...]:
    return tuple(range(first, last + 1, step))


MARROW = assess("Bone marrow", "marrow", (29,), Window(1, 3))
MRD = assess("MRD by flow, marrow", "mrd", (29,), Window(1, 3))
PUNCTURE = assess("Lumbar puncture", "lumbar puncture", (1, 8), kind="procedure")
SEPTRIN = order(
    "trimethoprim-sulfamethoxazole",
    "PO",
    "160 mg",
    _span(1, 28, 7),
    "supportive",
    doses_per_day=2,
    evidence=Evidence.UNVERIFIED,
)

PHASES = (
    Phase(
        "induction",
        "Induction",
        35,
        StartRule(),
        (
            order("vincristine", "IV", "1.5 mg/m2", (1, 8, 15, 22), cap="2 mg", window=Window(0, 2)),
            order("daunorubicin", "IV", "25 mg/m2", (1, 8, 15, 22)),
            order("pegaspargase", "IV", "2500 units/m2", (4,), cap="3750 units"),
            order("prednisone", "PO", "60 mg/m2/day", _span(1, 28), doses_per_day=2),
            order("cytarabine", "IT", "70 mg", (1,), "intrathecal"),
            order("methotrexate", "IT", "15 mg", (8, 29), "intrathecal"),
            order("dexamethasone", "IV", "12 mg", (4,), "premedication"),
            order("sodium", "IV", "", _span(1, 5), "hydration"),
            SEPTRIN,
        ),
        (
            MARROW,
            MRD,
            PUNCTURE,
            assess("Echocardiogram", "echo", (1,), Window(7, 0)),
            assess("Counts", "counts", (8, 15, 22)),
        ),
    ),
    Phase(
        "consolidation",
        "Consolidation",
        56,
        StartRule("induction"),
        (
            order("cyclophosphamide", "IV", "1000 mg/m2", (1, 29)),
            order("cytarabine", "IV", "75 mg/m2", (1, 2, 3, 4, 8, 9, 10, 11, 29, 30, 31, 32, 36, 37, 38, 39)),
            order("mercaptopurine", "PO", "60 mg/m2/day", (*_span(1, 14), *_span(29, 42))),
            order("vincristine", "IV", "1.5 mg/m2", (15, 22, 43, 50), cap="2 mg"),
            order("pegaspargase", "IV", "2500 units/m2", (15, 43), cap="3750 units"),
            order("methotrexate", "IT", "15 mg", (1, 8, 15, 22), "intrathecal"),
            order("filgrastim", "SC", "5 mcg/kg", _span(5, 12), "growth factor"),
            SEPTRIN,
        ),
        (assess("Counts", "counts", (1, 29)), PUNCTURE),
    ),
    Phase(
        "blinatumomab",
        "Blinatumomab",
        42,
        StartRule("consolidation"),
        (
            order("blinatumomab", "IV", "9 mcg/day", _span(1, 7), id="blina-step", cycles=(1,), continuous=True),
            order("blinatumomab", "IV", "28 mcg/day", _span(8, 28), id="blina-on", cycles=(1,), continuous=True),
            order("blinatumomab", "IV", "28 mcg/day", _span(1, 28), id="blina-full", cycles=(2, 3), continuous=True),
            order("dexamethasone", "IV", "16 mg", (1,), "premedication"),
            order("levetiracetam", "PO", "500 mg", _span(1, 28), "supportive", doses_per_day=2),
            order("methotrexate", "IT", "15 mg", (29,), "intrathecal", id="it-mtx"),
            order("cytarabine", "IT", "40 mg", (29,), "intrathecal", id="it-arac"),
            order("hydrocortisone", "IT", "50 mg", (29,), "intrathecal", id="it-hc"),
        ),
        (replace(MRD, days=Days((42,))),),
        cycles=2,
        max_cycles=4,
    ),
    Phase(
        "high-dose",
        "High-dose methotrexate",
        14,
        StartRule("blinatumomab"),
        (
            order("methotrexate", "IV", "3500 mg/m2", (1,), duration_h=Decimal(24)),
            order("leucovorin", "IV", "15 mg/m2", (3,), "rescue", every_hours=6, dose_count=8),
            order("sodium", "IV", "3 g", _span(1, 3), "hydration"),
        ),
        cycles=3,
        short="HD-MTX",
    ),
    Phase(
        "maintenance",
        "Maintenance",
        84,
        StartRule("high-dose"),
        (
            order("vincristine", "IV", "1.5 mg/m2", (1, 29, 57), cap="2 mg"),
            order("prednisone", "PO", "40 mg/m2/day", (*_span(1, 5), *_span(29, 33), *_span(57, 61)), doses_per_day=2),
            order("mercaptopurine", "PO", "75 mg/m2/day", (1,), to_end=True),
            order("methotrexate", "PO", "20 mg/m2", _span(8, 78, 7)),
            order("methotrexate", "IT", "15 mg", (1,), "intrathecal"),
        ),
        (assess("Counts", "counts", (1, 29, 57)),),
        cycles=6,
    ),
    Phase(
        "cells",
        "CAR-T",
        30,
        StartRule("induction", 20),
        (order("obecabtagene", "IV", "", (0, 9), "cell therapy"),),
        first_day=-6,
        only_if=parse_condition("decision.response = no-cr"),
    ),
)
PROTOCOL = Protocol(
    id="made-up",
    title="Made-up course for tests",
    version="1",
    status=Status.DRAFT,
    disease="B-ALL",
    population="",
    references=(),
    phases=PHASES,
    course=tuple(CourseStep(phase.id, tuple(range(1, phase.cycles + 1))) for phase in PHASES),
    decisions=(
        TemplateDecision(
            "response",
            "Complete remission at the end of induction?",
            "induction",
            1,
            29,
            (Choice("cr", "Complete remission: go on"), Choice("no-cr", "No remission: leave the protocol")),
            "cr",
            Evidence.TRIAL,
            ("T1",),
            ("Marrow blasts", "MRD by flow, marrow"),
        ),
        TemplateDecision(
            "mrd",
            "MRD negative after blinatumomab?",
            "blinatumomab",
            2,
            42,
            (Choice("negative", "MRD negative: maintenance"), Choice("positive", "MRD positive: transplant")),
            "negative",
            Evidence.TRIAL,
            ("T1",),
        ),
    ),
)
PATIENT = Patient(
    id="00123",
    family_name="Example",
    given_name="Ana",
    birth_date=date(1981, 3, 14),
    sex="female",
    measurements=(Measurement(date(2026, 1, 2), Decimal(168), Decimal("70.4")),),
    co_medications=(
        CoMedication("posaconazole", date(2026, 1, 20), date(2026, 2, 14)),
        CoMedication("levetiracetam", date(2025, 6, 1)),
    ),
)


def course_plan() -> Plan:
    """The course from 5 January 2026 with one decision taken, one deferral and one omission."""
    blocks = []
    for phase in PHASES[:-1]:
        before = blocks[-1].id if blocks else ""
        start = BlockStart(after=before) if before else BlockStart(on=COURSE_START)
        cycles = tuple(range(1, phase.cycles + 1))
        blocks.append(Block(phase.id, phase.title, PIN, phase.id, cycles, start, "g1"))
    blocks[-1] = replace(blocks[-1], title="Maintenance")
    return Plan(
        id="p1",
        patient=PATIENT,
        pins=(ProtocolPin("made-up", "1", PIN, ""),),
        blocks=tuple(blocks),
        decisions=(DecisionTaken("g1", "response", "cr", date(2026, 2, 4), "A. Pharmacist"),),
        modifications=(
            Deferral("consolidation", 1, 29, 7, Scope.FOLLOWING, "counts"),
            Omission("induction", 1, 22, "daunorubicin-iv", "toxicity"),
        ),
    )


def course_protocol() -> Protocol:
    """The made-up protocol, its last phases hanging on the second decision."""
    hangs = parse_condition("decision.mrd = negative")
    phases = tuple(
        replace(phase, only_if=hangs) if phase.id in ("maintenance", "high-dose") else phase for phase in PHASES
    )
    return replace(PROTOCOL, phases=phases)


def course_schedule(plan: Plan | None = None) -> Schedule:
    """The schedule of the course."""
    return assemble(plan or course_plan(), {PIN: course_protocol()}, AGENTS, Site())


def finding(number: int, severity: str, days: tuple[int, ...], orders: tuple[str, ...], **more) -> Finding:
    """A finding of that severity about those days and orders."""
    return Finding(
        id=f"f{number}",
        rule=more.pop("rule", f"VC-{number:02d}"),
        title=more.pop("title", "Vincristine with a strong CYP3A4 inhibitor"),
        severity=severity,
        status=more.pop("status", FindingStatus.OPEN),
        message=more.pop("message", "Vincristine 2 mg falls on a day with posaconazole."),
        days=days,
        orders=orders,
        inputs=(),
        arithmetic="",
        statement="",
        source="made up",
        url="",
        evidence="label",
        **more,
    )


def course_findings() -> tuple[Finding, ...]:
    """Four findings on the course: two warnings, a contraindication and an advice."""
    start = COURSE_START.toordinal()
    vincristine = "induction/1/vincristine-iv"
    return (
        finding(6, "contraindicated", (start + 21,), (vincristine,)),
        finding(7, "warning", (start + 28,), ("induction/1/methotrexate-it",), title="Same-day intrathecal and IV"),
        finding(
            8, "advice", (start + 3, start + 49), ("induction/1/pegaspargase-iv", "consolidation/1/pegaspargase-iv")
        ),
        finding(9, "warning", (start + 15,), ("induction/1/prednisone-po",), status=FindingStatus.ACKNOWLEDGED),
    )
