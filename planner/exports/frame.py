"""What stands on every page of every sheet (promises P7, P11, P19): patient, sheet, versions, names, the disclaimer."""

from datetime import date, datetime

from msgspec import Struct

from planner.exports.sheet import Frame, Line
from planner.exports.text import GLUE, clinical_moment, glued, spoken_date, spoken_moment
from planner.model.civil import clinical_date
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.patient import Patient
from planner.model.release import Release, open_items
from planner.model.site import Site

DISCLAIMER = "Plan, may change. Not a prescription or an order."
NOT_RECORDED = "not recorded"
BLANK = "Write in: 24-hour phone number"


class Stamp(Struct, frozen=True):
    """Which copy this is: of which version of the plan, of which sheet; `printed_at` is local.

    The version is a short code of the plan's content, without patient data. Signatures that do not hold for this
    version print as lines to sign on.
    """

    release: Release
    sheet: str
    printed_at: datetime

    @property
    def version(self) -> str:
        return self.release.version

    @property
    def issue(self) -> str:
        """Whether this copy was issued, and what it replaces."""
        last = self.release.last(self.sheet)
        if last is None:
            return "Working copy, not issued"
        if last.version != self.version:
            return f"Working copy, not issued. Issue {last.number} of {_utc_day(last.at)} no longer holds"
        before = f", replaces issue {last.number - 1}" if last.number > 1 else ""
        again = ", reprint" if last.reprint else ""
        return f"Issue {last.number} of {_utc_day(last.at)}{before}{again}"


def clinician_frame(evaluated: EvaluatedPlan, title: str, stamp: Stamp, site: Site) -> Frame:
    """Header and footer of a pharmacist's sheet, with clinical dates."""
    patient = evaluated.plan.patient
    born, sex = clinical_date(patient.birth_date), patient.sex or NOT_RECORDED
    return Frame(
        patient=patient.display_name or NOT_RECORDED,
        identity=f"born {glued(born)} · {sex} · id {patient.id or NOT_RECORDED}",
        title=f"{title} · {site.name}" if site.name else title,
        protocols=_protocols(evaluated),
        marks=marks(evaluated, stamp),
        footer=(
            (Line(DISCLAIMER, "strong"), Line(stamp.issue)),
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
        marks=marks(evaluated, stamp),
        footer=(
            (Line(f"{DISCLAIMER} Bring it to each visit.", "strong"), Line(stamp.issue)),
            (Line(f"Plan version {stamp.version} · printed {spoken_moment(stamp.printed_at)}"), *_signed(stamp)),
        ),
        phone=Line(phone, "strong", blank=not site.phone_24h),
    )


def marks(evaluated: EvaluatedPlan, stamp: Stamp) -> tuple[str, ...]:
    """DEMO for the demo patient; DRAFT as long as there is any reason for it (see `draft_reasons`)."""
    demo = ("DEMO",) if evaluated.plan.demo else ()
    return (*demo, "DRAFT") if draft_reasons(evaluated, stamp) else demo


def draft_reasons(evaluated: EvaluatedPlan, stamp: Stamp) -> tuple[str, ...]:
    """Why the plan is a draft: nobody verified this version, protocols nobody signed, values nobody confirmed."""
    found = open_items(evaluated.plan, evaluated.schedule)
    reasons = [item.words for item in found if not item.order]
    values = [item.words for item in found if item.order]
    if values:
        reasons.append(f"unverified or to be entered by the site: {'; '.join(values)}")
    if stamp.release.verified is None:
        reasons.append("this version was not verified by a second person")
    return tuple(reasons)


def _protocols(evaluated: EvaluatedPlan) -> str:
    names: dict[str, None] = {}
    for block in evaluated.schedule.blocks:
        status = f" ({block.protocol.status.value})" if block.protocol else ""
        names[glued(f"{block.protocol_id} version {block.protocol_version}{status}")] = None
    return f"Protocol {', '.join(names)}" if names else f"Protocol {NOT_RECORDED}"


def _signed(stamp: Stamp) -> tuple[Line, ...]:
    """Name, date and meaning of each signature of this version (promises S17), or a line to sign on."""
    lines = []
    for label, held in (("Prepared by", stamp.release.prepared), ("Verified by", stamp.release.verified)):
        words = f"{label}{GLUE}{held.by}, {_utc_day(held.at)}" if held else label
        lines.append(Line(words, blank=held is None))
    return tuple(lines)


def _utc_day(at: str) -> str:
    """The day of a moment in ISO form: 28-Nov-2026."""
    return glued(clinical_date(date.fromisoformat(at[:10])))


def _spoken_identity(patient: Patient) -> str:
    born = f"born {spoken_date(patient.birth_date)}"
    return f"{glued(born)} · number {patient.id or NOT_RECORDED}"
