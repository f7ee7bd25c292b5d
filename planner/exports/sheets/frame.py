"""What stands on every page of every sheet (promises P7, P11, P19): patient, sheet, versions, names, the disclaimer."""

from collections.abc import Callable
from datetime import date

from planner.exports.sheets.job import Job, Stamp
from planner.exports.sheets.sheet import Frame, Line
from planner.model.civil import clinical_date, clinical_moment, recorded_day
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.language import GLUE, Words, glued
from planner.model.release import Release, open_items
from planner.model.wish import Wish

DISCLAIMER = "Plan, may change. Not a prescription or an order."
NOT_RECORDED = "not recorded"
ANOTHER_PLAN = "ANOTHER PLAN of this patient is in the store ({ids}): nothing of it is on this sheet"
"""By the id alone: what another plan says of the patient is not this sheet's to tell."""
UNKNOWN_SEX = {"": "sex not recorded", "unknown": "sex not known"}


def extract_of(evaluated: EvaluatedPlan, wish: Wish) -> str:
    """The days a sheet is about where it does not hold the whole plan: an extract read as all that is planned."""
    events, blocks = evaluated.schedule.events, evaluated.schedule.blocks
    days = {*(one.day for one in events[:1]), *(one.day for one in events[-1:])}
    days |= {day for block in blocks for day in (block.start, block.end - 1)}
    if all(map(wish.covers, days)):
        return ""
    first, last = (glued(clinical_date(day)) if day else "" for day in (wish.first, wish.last))
    told = f"{first} to {last}" if first and last else f"from {first} on" if first else f"up to {last}"
    return f"EXTRACT, {first if first == last else told} only"


def clinician_frame(evaluated: EvaluatedPlan, title: str, job: Job, extract: str = "") -> Frame:
    """Header and footer of a pharmacist's sheet, with clinical dates; `extract` says of which days alone it is."""
    stamp, site = job.stamp, job.site
    title = f"{title} · {site.name}" if site.name else title
    patient = evaluated.plan.patient
    born, sex = clinical_date(patient.birth_date), UNKNOWN_SEX.get(patient.sex, patient.sex)
    return Frame(
        patient=patient.display_name or NOT_RECORDED,
        identity=f"born {glued(born)} · {sex} · id {patient.id or NOT_RECORDED}",
        title=f"{title}: {extract}" if extract else title,
        protocols=f"Protocol {', '.join(_protocol_names(evaluated, 'version {version}')) or NOT_RECORDED}",
        marks=marks(evaluated, stamp),
        code=code_of(stamp),
        notice=ANOTHER_PLAN.format(ids=", ".join(stamp.beside)) if stamp.beside else "",
        footer=(
            (Line(DISCLAIMER, "strong"), Line(_issue_of(stamp))),
            (
                Line(
                    f"Plan {evaluated.plan.id} · version {stamp.version} · printed {clinical_moment(stamp.printed_at)}"
                ),
                *_signed(stamp, ("Prepared by", "Verified by"), clinical_date),
            ),
        ),
    )


def patient_frame(evaluated: EvaluatedPlan, title: str, job: Job) -> Frame:
    """Header and footer of a patient's sheet, with long dates and the 24-hour phone number."""
    stamp, site, words = job.stamp, job.site, job.words
    patient = evaluated.plan.patient
    phone = words.say("phone", phone=glued(site.phone_24h)) if site.phone_24h else words.say("phone_blank")
    missing = words.say("not_recorded")
    born = words.say("born", date=words.day(patient.birth_date))
    number = words.say("number", id=patient.id or missing).replace(" ", GLUE, 1)  # large print parted them
    version = words.say("plan_version", version=stamp.version, moment=words.moment(stamp.printed_at))
    names = _protocol_names(evaluated, words.say("version", version="{version}"), words)
    signed = (words.say("prepared_by"), words.say("verified_by"))
    return Frame(
        patient=patient.display_name or missing,
        identity=f"{glued(born)} · {number}",
        title=f"{title} · {site.name}" if site.name else title,
        protocols=words.say("protocol", names=", ".join(names) or missing),
        marks=tuple(words.say(f"mark_{mark.lower()}") for mark in marks(evaluated, stamp)),
        code=code_of(stamp),
        notice=words.say("another_plan") if stamp.beside else "",
        footer=(
            (Line(words.say("disclaimer"), "strong"), Line(_issue(stamp, words))),
            (Line(version), *_signed(stamp, signed, words.day)),
        ),
        phone=Line(phone, "strong", blank=not site.phone_24h),
        page=words.texts["page"],
    )


def marks(evaluated: EvaluatedPlan, stamp: Stamp) -> tuple[str, ...]:
    """DEMO for the demo patient, DRAFT as long as there is any reason for it (see `draft_reasons`).

    SUPERSEDED where this version was handed out once and a later issue has taken its place, or the plan was changed.
    """
    found = {
        "DEMO": evaluated.plan.demo,
        "DRAFT": bool(draft_reasons(evaluated, stamp.release)),
        "SUPERSEDED": stamp.outdated or stamp.release.superseded_by(stamp.sheet) is not None,
    }
    return tuple(word for word, holds in found.items() if holds)


def code_of(stamp: Stamp) -> str:
    """What the square code on each page says: the program, the plan's version, the number of the issue (0: none).

    Nothing about the patient (promises P19): whoever scans two sheets sees whether they are of one version.
    """
    own = stamp.release.own(stamp.sheet)
    return f"REGIMAP:{stamp.version}:{own.number if own else 0}".upper()


def draft_reasons(evaluated: EvaluatedPlan, release: Release) -> tuple[str, ...]:
    """Why the plan is a draft: nobody verified this version, protocols nobody signed, values nobody confirmed."""
    found = open_items(evaluated.plan, evaluated.schedule)
    reasons = [item.words for item in found if not item.order]
    values = list(dict.fromkeys(item.words for item in found if item.order))
    if values:
        reasons.append(f"unverified or to be entered by the site: {'; '.join(values)}")
    if release.verified is None:
        reasons.append("this version was not verified by a second person")
    return tuple(reasons)


def _protocol_names(evaluated: EvaluatedPlan, version: str, words: Words | None = None) -> list[str]:
    """Each protocol with its version, as that pattern says it, and its status, in the language of `words`."""
    names: dict[str, None] = {}
    for block in evaluated.schedule.blocks:
        value = block.protocol.status.value if block.protocol else ""
        status = f" ({words.say(f'status_{value}') if words else value})" if value else ""
        names[glued(f"{block.protocol_id} {version.format(version=block.protocol_version)}{status}")] = None
    return list(names)


def _issue_of(stamp: Stamp) -> str:
    """Whether this copy was issued, and what it replaces."""
    last, own = stamp.release.last(stamp.sheet), stamp.release.own(stamp.sheet)
    if stamp.outdated and own is last:
        copy = f"Issue {own.number} of {glued(recorded_day(own.at))}" if own else "Working copy, not issued"
        return f"{copy}. SUPERSEDED, the plan was changed since: do not use"
    if last is None:
        return "Working copy, not issued"
    day = glued(recorded_day(last.at))
    if own and own.version != last.version:
        since = glued(recorded_day(own.at))
        return f"Issue {own.number} of {since}, SUPERSEDED by issue {last.number} of {day}: do not use"
    if last.version != stamp.version:
        return f"Working copy, not issued. Issue {last.number} of {day} no longer holds"
    before = f", replaces issue {last.number - 1}" if last.number > 1 else ""
    return f"Issue {last.number} of {day}{before}{', reprint' if last.reprint else ''}"


def _issue(stamp: Stamp, words: Words) -> str:
    """The same in the patient's words."""
    last = stamp.release.last(stamp.sheet)
    if stamp.outdated and stamp.release.own(stamp.sheet) is last:
        return words.say("old_plan")
    if last is None:
        return words.say("working_copy")
    values = {"number": last.number, "date": recorded_day(last.at, words.day)}
    if stamp.release.superseded_by(stamp.sheet):
        return words.say("superseded", **values)
    if last.version != stamp.version:
        return words.say("issue_gone", **values)
    told = words.say("issue_replaces", before=last.number - 1, **values) if last.number > 1 else ""
    told = told or words.say("issue", **values)
    return f"{told}, {words.say('reprint')}" if last.reprint else told


def _signed(stamp: Stamp, labels: tuple[str, str], dated: Callable[[date], str]) -> tuple[Line, ...]:
    """Name, date and meaning of each signature of this version (promises S17), or a line to sign on."""
    held = (stamp.release.prepared, stamp.release.verified)
    return tuple(
        Line(f"{label}{GLUE}{one.by}, {glued(recorded_day(one.at, dated))}" if one else label, blank=one is None)
        for label, one in zip(labels, held, strict=True)
    )
