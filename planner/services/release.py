"""From draft to issue: confirm, sign, issue. Each is a pure step from plan to plan, or a refusal."""

import json
from datetime import date
from functools import cache
from hashlib import sha256

from msgspec import Struct
from msgspec.structs import fields, replace

from planner.errors import Refusal
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.finding import SEVERITIES, FindingStatus
from planner.model.plan import Plan, ProtocolPin
from planner.model.release import (
    DOSED_AHEAD,
    PREPARED,
    VERIFIED,
    OpenItem,
    Release,
    all_items,
    content_of,
    open_items,
    release_of,
)
from planner.model.sentence import Sentence, all_of, one_of
from planner.model.signing import Confirmation, Issue, SignOff
from planner.model.site import Site
from planner.model.words import fold
from planner.services.sheet_titles import PATIENT_SHEETS, SHEET_TITLES
from planner.services.verbs.refusing import most_like

MOST_COPIES = 99


def version_code(plan: Plan, dosed_as: str = "") -> str:
    """Eight signs that change with any change of the plan's content and tell nothing about the patient.

    They change with `EvaluatedPlan.dosed_as` too: the same plan has other doses where the site rounds otherwise.

    What stands at its default is not told, so a later edition of the program, whose plans have more to say, does not
    take signatures back.
    """
    told = json.dumps(_told(content_of(plan)), sort_keys=True, ensure_ascii=True) + dosed_as
    return sha256(told.encode()).hexdigest()[:8]


def _told(value: object) -> object:
    """A value in plain parts, without fields at their default and without the texts that hashes stand for."""
    if isinstance(value, ProtocolPin):
        return [value.id, value.version, value.sha256]
    if isinstance(value, Struct):
        told: dict[str, object] = {"": type(value).__name__}
        for name, required, default in _fields_of(type(value)):
            here = getattr(value, name)
            if required or here != default:
                told[name] = _told(here)
        return told
    if isinstance(value, tuple):
        return [_told(one) for one in value]
    return value if value is None or isinstance(value, bool | int) else str(value)


@cache
def _fields_of(kind: type[Struct]) -> tuple[tuple[str, bool, object], ...]:
    """Name, whether it must be told, and default of each field; asking for them takes longer than telling them."""
    return tuple((one.name, one.required, one.default) for one in fields(kind))


def release(plan: Plan, dosed_as: str = "") -> Release:
    """Where the plan stands, its doses and times made as `EvaluatedPlan.dosed_as` tells."""
    return release_of(plan, version_code(plan, dosed_as))


def confirm(evaluated: EvaluatedPlan, pin: str, order: str, by: str, at: str, note: str = "") -> Plan:
    """Record that `by` checked an open item. Refuses what is not open, and what lacks a dose within `DOSED_AHEAD` days.

    One that lacks later may not be known yet (what a course months away follows): its order is confirmed as it stands,
    and again once a dose is entered.
    """
    plan = evaluated.plan
    found = open_items(plan, evaluated.schedule)
    item = next((one for one in found if (one.pin, one.order) == (pin, order)), None)
    if item is None:
        known = "; ".join(_named(one) for one in found) or Sentence("nothing is")
        near = most_like(order, [one.order for one in found if one.order])
        told = '"{item}" is not open for confirmation; open: {known}'
        raise Refusal(told, "not open", near, item=order or pin[:8], known=known)
    if item.lacks_dose(_day(at)):
        raise Refusal("{item}: enter the site's own dose first, then confirm it", "no dose", item=item.words)
    made = Confirmation(pin, order, _name(by), at, note)
    return replace(plan, confirmations=(*plan.confirmations, made))


def sign(evaluated: EvaluatedPlan, meaning: str, by: str, at: str) -> Plan:
    """Record that `by` prepared or verified this version. The one who verifies is another person.

    Refuses a verification while something contraindicated is open: change the plan or acknowledge it with a reason.
    """
    plan, name = evaluated.plan, _name(by)
    if meaning not in (PREPARED, VERIFIED):
        raise Refusal(
            '"{meaning}" is no meaning of a signature; choose {known}',
            "unknown name",
            PREPARED,
            meaning=meaning,
            known=one_of((PREPARED, VERIFIED)),
        )
    stands = release(plan, evaluated.dosed_as)
    if meaning == VERIFIED:
        if stands.prepared is None:
            raise Refusal("nobody has signed this version as prepared; that comes first", "not prepared", PREPARED)
        if _same_person(stands.prepared.by, name):
            raise Refusal("{name} prepared this version; another person has to verify it", "same person", name=name)
        grave = [one for one in evaluated.findings if one.severity == SEVERITIES[0]]
        rules = dict.fromkeys(one.rule for one in grave if one.status is FindingStatus.OPEN)
        if rules:
            raise Refusal(
                "contraindicated and open: {rules}; change the plan or acknowledge with a reason",
                "contraindicated",
                rules=", ".join(rules),
            )
    elif stands.verified is not None and _same_person(stands.verified.by, name):
        raise Refusal("{name} verified this version; another person has to have prepared it", "same person", name=name)
    made = SignOff(meaning, stands.version, name, at)
    return replace(plan, sign_offs=(*plan.sign_offs, made))


def issue(evaluated: EvaluatedPlan, sheet: str, by: str, at: str, site: Site, copies: int = 1) -> Plan:
    """Record that copies of a sheet are handed out. The same version again is a reprint and keeps its number.

    Refuses an unknown sheet, a version nobody verified, open items, doses that lack within `DOSED_AHEAD` days, and for
    patients' sheets a clinic without its 24-hour phone number or its words on when to call (promises P12).
    """
    if sheet not in SHEET_TITLES:
        known = ", ".join(SHEET_TITLES)
        near = most_like(sheet, SHEET_TITLES)
        raise Refusal('"{sheet}" is no sheet; choose {known}', "unknown name", near, sheet=sheet, known=known)
    if not 1 <= copies <= MOST_COPIES:
        near = str(max(1, min(copies, MOST_COPIES)))
        raise Refusal("{copies} copies: choose 1 to {most}", "copies", near, copies=copies, most=MOST_COPIES)
    plan, stands = evaluated.plan, release(evaluated.plan, evaluated.dosed_as)
    if stands.verified is None:
        raise Refusal(
            "this version ({version}) is {stage}: it has to be prepared and verified first",
            "not verified",
            version=stands.version,
            stage=Sentence(stands.stage),
        )
    found = open_items(plan, evaluated.schedule)
    if found:
        items = "; ".join(_named(one) for one in found)
        raise Refusal("still to be confirmed by name: {items}", "not confirmed", items=items)
    if undosed := [one for one in all_items(plan, evaluated.schedule) if one.lacks_dose(_day(at))]:
        items = "; ".join(map(_named, undosed))
        told = "without a dose within {days} days: {items}; enter the site's own dose first"
        raise Refusal(told, "no dose", days=DOSED_AHEAD, items=items)
    if sheet in PATIENT_SHEETS:
        _need_site_texts(site)
    last = stands.last(sheet)
    again = last is not None and last.version == stands.version
    number = (last.number if again else last.number + 1) if last else 1
    made = Issue(sheet, number, stands.version, _name(by), at, copies, reprint=again)
    return replace(plan, issues=(*plan.issues, made))


def _need_site_texts(site: Site) -> None:
    texts = {
        Sentence("the 24-hour phone number"): site.phone_24h,
        Sentence("when to call, with the fever limit"): site.when_to_call,
    }
    empty = [name for name, text in texts.items() if not text.strip()]
    if empty:
        told = "the settings lack {texts}; a patient's sheet is not issued without"
        raise Refusal(told, "no site texts", texts=all_of(empty))


def _named(item: OpenItem) -> str:
    return f"{item.words} [{item.order or item.pin[:8]}]"


def _day(at: str) -> int:
    return date.fromisoformat(at[:10]).toordinal()


def _name(by: str) -> str:
    name = " ".join(by.split())
    if not name:
        raise Refusal("a signature needs a name", "no name")
    return name


def _same_person(one: str, other: str) -> bool:
    return fold(one).split() == fold(other).split()
