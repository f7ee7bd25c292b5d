"""What stands on every page of every sheet (promises P7, P11, P19): patient, sheet, versions, names, the disclaimer."""

from datetime import datetime

from msgspec import Struct

from planner.exports.sheet import Frame, Line
from planner.exports.text import GLUE, clinical_moment, glued, spoken_date, spoken_moment
from planner.model.civil import clinical_date
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.evidence import Status
from planner.model.patient import Patient
from planner.model.schedule import PlacedBlock
from planner.model.site import Site

DISCLAIMER = "Plan, may change. Not a prescription or an order."
NOT_RECORDED = "not recorded"
BLANK = "Write in: 24-hour phone number"


class Stamp(Struct, frozen=True):
    """Which copy this is. `version` is a short code of the plan's content, without patient data; `printed_at` is local.

    Empty names of preparer and verifier print as lines to sign on.
    """

    version: str
    printed_at: datetime
    prepared_by: str = ""
    verified_by: str = ""


def clinician_frame(evaluated: EvaluatedPlan, title: str, stamp: Stamp, site: Site) -> Frame:
    """Header and footer of a pharmacist's sheet, with clinical dates."""
    patient = evaluated.plan.patient
    born, sex = clinical_date(patient.birth_date), patient.sex or NOT_RECORDED
    return Frame(
        patient=patient.display_name or NOT_RECORDED,
        identity=f"born {glued(born)} · {sex} · id {patient.id or NOT_RECORDED}",
        title=f"{title} · {site.name}" if site.name else title,
        protocols=_protocols(evaluated),
        marks=marks(evaluated),
        footer=(
            (Line(DISCLAIMER, "strong"),),
            (
                Line(
                    f"Plan {evaluated.plan.id} · version {stamp.version} · printed {clinical_moment(stamp.printed_at)}"
                ),
                *_signed(stamp),
            ),
        ),
    )


def patient_frame(evaluated: EvaluatedPlan, title: str, stamp: Stamp, site: Site) -> Frame:
    """Header and footer of a patient's sheet, with long dates and the 24-hour phone number."""
    patient = evaluated.plan.patient
    phone = f"24-hour phone: {glued(site.phone_24h)}" if site.phone_24h else BLANK
    return Frame(
        patient=patient.display_name or NOT_RECORDED,
        identity=_spoken_identity(patient),
        title=f"{title} · {site.name}" if site.name else title,
        protocols=_protocols(evaluated),
        marks=marks(evaluated),
        footer=(
            (Line(f"{DISCLAIMER} Bring it to each visit.", "strong"),),
            (Line(f"Plan version {stamp.version} · printed {spoken_moment(stamp.printed_at)}"), *_signed(stamp)),
        ),
        phone=Line(phone, "strong", blank=not site.phone_24h),
    )


def marks(evaluated: EvaluatedPlan) -> tuple[str, ...]:
    """DEMO for the demo patient; DRAFT as long as there is any reason for it (see `draft_reasons`)."""
    demo = ("DEMO",) if evaluated.plan.demo else ()
    return (*demo, "DRAFT") if draft_reasons(evaluated) else demo


def draft_reasons(evaluated: EvaluatedPlan) -> tuple[str, ...]:
    """Why the plan is a draft: protocols nobody signed, values nobody confirmed."""
    reasons = [f"{name} is not signed by this site ({status})" for name, status in _unsigned(evaluated.schedule.blocks)]
    open_items = {
        (event.placed.block.id, event.placed.order.id): f"{event.placed.block.title}: {event.placed.agent_name}"
        for event in evaluated.schedule.events
        if event.placed.evidence.needs_confirmation
    }
    names = list(dict.fromkeys(open_items.values()))
    if names:
        reasons.append(f"unverified or to be entered by the site: {'; '.join(names)}")
    return tuple(reasons)


def _unsigned(blocks: tuple[PlacedBlock, ...]) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for block in blocks:
        status = block.protocol.status if block.protocol else None
        if status is not Status.REVIEWED:
            found[f"{block.protocol_title} version {block.protocol_version}"] = (
                status.value if status else "status unknown"
            )
    return list(found.items())


def _protocols(evaluated: EvaluatedPlan) -> str:
    names: dict[str, None] = {}
    for block in evaluated.schedule.blocks:
        status = f" ({block.protocol.status.value})" if block.protocol else ""
        names[glued(f"{block.protocol_id} version {block.protocol_version}{status}")] = None
    return f"Protocol {', '.join(names)}" if names else f"Protocol {NOT_RECORDED}"


def _signed(stamp: Stamp) -> tuple[Line, ...]:
    lines = []
    for label, name in (("Prepared by", stamp.prepared_by), ("Verified by", stamp.verified_by)):
        lines.append(Line(f"{label}{GLUE}{name}" if name else label, blank=not name))
    return tuple(lines)


def _spoken_identity(patient: Patient) -> str:
    born = f"born {spoken_date(patient.birth_date)}"
    return f"{glued(born)} · number {patient.id or NOT_RECORDED}"
