"""Plans to put into files and stores: one small and fixed, and any that the model allows."""

import hashlib
import json
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import get_args, get_origin, get_type_hints

from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import fields, replace

from planner.model.patient import CoMedication, LabResult, Measurement, Patient, PriorExposure
from planner.model.plan import (
    Acknowledgement,
    Addition,
    Block,
    BlockStart,
    DecisionTaken,
    Deferral,
    DoseChange,
    Given,
    GivenRecord,
    Hold,
    Omission,
    Plan,
    ProtocolPin,
    Reopening,
    Repetition,
    Replacement,
    Scope,
    Skip,
    Stop,
)
from planner.storage.database import connect

AT = "2026-11-22T10:00:00+00:00"
ROOT = Path(__file__).resolve().parents[2]


def pin_of(protocol_id, text):
    return ProtocolPin(protocol_id, "1", hashlib.sha256(text.encode()).hexdigest(), text)


def small_plan(plan_id="plan-1", given="Ana"):
    """One of everything a plan can hold."""
    pin = pin_of("d-alba", 'id = "d-alba"\n' + "# naïve ≥ ²\n" * 20)
    blocks = (
        Block("induction", "Induction", pin.sha256, "induction", (1,), BlockStart(on=date(2026, 3, 2)), "d-alba"),
        Block("blina", "Blina", pin.sha256, "blina", (1, 2), BlockStart(after="induction", gap_days=3), "d-alba"),
    )
    return Plan(
        id=plan_id,
        patient=Patient(
            id="00123",
            family_name="Exámple",
            given_name=given,
            birth_date=date(1981, 3, 14),
            sex="female",
            measurements=(Measurement(date(2026, 1, 2), Decimal("168"), Decimal("70.40")),),
            labs=(LabResult(date(2026, 1, 2), "creatinine", Decimal("0.8"), "mg/dL"),),
            diagnosis="B-ALL",
            markers=(("ph", "positive"), ("cns", "CNS1")),
            allergies=("Penicillin",),
            prior_exposures=(PriorExposure("daunorubicin", Decimal("180"), "mg/m2", date(2024, 5, 1)),),
            co_medications=(CoMedication("posaconazole", date(2026, 1, 10)),),
        ),
        pins=(pin,),
        blocks=blocks,
        decisions=(DecisionTaken("d-alba", "response", "cr", date(2026, 5, 30), "Ph. One", "by flow"),),
        modifications=(
            Deferral("blina", 2, 1, 7, Scope.FOLLOWING, "toxicity", "fever"),
            Omission("blina", 2, -1, "dexamethasone", "other"),
            Hold("blina", 2, 8, "toxicity", "CRS", 2, "blinatumomab", Scope.ALL, date(2026, 7, 1)),
            Skip("blina", 1, "capacity", closes=True),
            Stop("blina", 2, 15, Scope.FOLLOWING, "patient choice"),
            DoseChange("blina", 1, 1, "blinatumomab", Scope.CYCLE, "toxicity", "", 3, 100, "9 mcg/day", "-1"),
            Replacement(
                "induction", 1, 4, "pegaspargase", Scope.FOLLOWING, "erwinia", "toxicity", dose="25000 units/m2"
            ),
            Addition("induction", 0, "extra", "ondansetron", "supportive", "PO", (1, 8), "other", dose="8 mg"),
            Repetition("blina", "induction", 1, "other"),
        ),
        acknowledgements=(Acknowledgement("f1", "abc", "known", "Ph. One", "2026-03-01T10:00:00+00:00"),),
        demo=True,
        given=(
            GivenRecord(
                "blina", 1, 1, "blina", 0, Given.PARTLY, date(2026, 4, 7), Decimal("20.5"), "mcg", "N", "other"
            ),
        ),
        reopened=(Reopening("d-alba", "response", "no-chr", date(2026, 5, 29), "Ph. One", "mixed up"),),
    )


def layout_of(path, key):
    """The version of a store's layout; what a killed process left half done is taken back first."""
    with closing(connect(path, "rw", key)) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]


def later(plan, days):
    """The plan with one more deferral of so many days."""
    change = replace(plan.modifications[0], days=days, scope=Scope.ALL)
    return replace(plan, modifications=(*plan.modifications, change))


_PLAIN = {
    str: st.text(st.characters(exclude_categories=("Cs",)), max_size=12),
    int: st.integers(-100_000, 100_000),
    bool: st.booleans(),
    date: st.dates(date(1850, 1, 1), date(2300, 12, 31)),
    Decimal: st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=4),
    type(None): st.none(),
}


def any_of(hint):
    """Any value of a type that plans are made of."""
    if hint in _PLAIN:
        return _PLAIN[hint]
    inner = get_args(hint)
    if get_origin(hint) is tuple and inner[-1] is ...:
        return st.lists(any_of(inner[0]), max_size=3).map(tuple)
    if get_origin(hint) is tuple:
        return st.tuples(*map(any_of, inner))
    if inner:
        return st.one_of(*map(any_of, inner))
    if isinstance(hint, type) and issubclass(hint, Struct):
        hints = get_type_hints(hint)
        return st.builds(hint, **{field.name: any_of(hints[field.name]) for field in fields(hint)})
    return st.sampled_from(hint)


@st.composite
def plans(draw):
    """Any plan whose blocks rest on its pins and start on a date or after an earlier block."""
    plan = draw(any_of(Plan))
    pins = tuple(pin_of(pin.id, pin.text) for pin in plan.pins) or (pin_of("p", ""),)
    blocks = []
    for number, block in enumerate(plan.blocks):
        before = draw(st.sampled_from(blocks)).id if blocks and block.start.on is None else ""
        on = block.start.on if before or block.start.on else draw(any_of(date))
        start = replace(block.start, on=on, after=before)
        pin = draw(st.sampled_from(pins)).sha256
        blocks.append(replace(block, id=f"{number} {block.id}", pin=pin, start=start))
    return replace(plan, pins=pins, blocks=tuple(blocks))


def resealed(text, change):
    """A plan file in which somebody changed something and made the checksum fit again."""
    outer = json.loads(text)
    change(outer["plan"])
    bare = {**outer["plan"], "pins": [{k: v for k, v in pin.items() if k != "text"} for pin in outer["plan"]["pins"]]}
    canonical = json.dumps(bare, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    outer["checksum"] = hashlib.sha256(canonical.encode()).hexdigest()
    return json.dumps(outer, ensure_ascii=False)
