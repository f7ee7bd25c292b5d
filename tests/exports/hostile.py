"""A plan whose every text that is printed comes from somebody else: the fields to fill, and what to fill them with."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from random import Random

from msgspec.structs import replace

from planner.assembly.assemble import assemble
from planner.exports.pdf.writer import write_pdf
from planner.exports.sheets.job import Job, Stamp
from planner.model.agent import Agent
from planner.model.condition import parse_condition
from planner.model.evaluated_plan import CheckSummary, EvaluatedPlan
from planner.model.finding import FindingStatus
from planner.model.patient import CoMedication, PriorExposure
from planner.model.plan import Acknowledgement, DecisionTaken, Omission
from planner.model.protocol import Choice, Reference, Variant
from planner.model.release import Release
from planner.model.signing import SignOff
from planner.model.site import Site
from planner.model.wish import Wish
from planner.services.printing import BUILDERS, words_of
from planner.timeline.lay_out import Lanes
from tests.courses import AGENTS, COURSE_START, PATIENT, PIN, assess, course_plan, course_protocol, finding, order

SAFE = {"unit": "mg", "micrograms": "mcg"}
FIELDS = (
    *("family name", "given name", "patient id", "sex", "diagnosis", "allergy", "marker", "marker value"),
    *("exposure", "exposure unit", "co-medication", "site name", "phone", "when to call", "micrograms"),
    *("protocol title", "protocol id", "protocol version", "block title", "phase note", "gate"),
    *("reference", "order note", "patient note", "agent name", "plain words", "study title", "study note"),
    *("study words", "study gate", "question", "answer", "answer note", "needs", "variant", "variant choice"),
    *("change note", "change reason", "decided by", "decision note", "acknowledged by", "acknowledged because"),
    *("message", "advice", "source", "fact", "fact value", "arithmetic", "prepared by", "verified by", "plan id"),
)
"""Every text of a patient, a plan, a site, a protocol, an agent or a finding that some sheet prints."""

PLAIN = dict.fromkeys(FIELDS, "x") | {"micrograms": "mcg", "exposure unit": "mg", "phone": "5"}


def plan_with(texts: Mapping[str, str]) -> tuple[EvaluatedPlan, Job]:
    """The first block of the made-up course with these texts in their fields, all others plain."""
    told = PLAIN | texts
    protocol, agents = _protocol(told), _agents(told)
    plan, site = _plan(told), _site(told)
    schedule = assemble(plan, {PIN: protocol}, agents, site)
    release = Release(
        "0a1b2c3d",
        SignOff("prepared", "0a1b2c3d", told["prepared by"], "2026-01-02 10:00 UTC"),
        SignOff("verified", "0a1b2c3d", told["verified by"], "2026-01-02 11:00 UTC"),
    )
    evaluated = EvaluatedPlan(plan, schedule, _findings(told), Lanes(agents), CheckSummary(20, 0, ()))
    return evaluated, Job(site, Stamp(release, "roadmap", datetime(2026, 1, 2, 14, 5)), words_of("en"))


def print_kind(kind: str, texts: Mapping[str, str]) -> bytes:
    """One sheet of that plan; "large" is the calendar in large print."""
    evaluated, job = plan_with(texts)
    if kind == "large":
        job = replace(job, wish=Wish(large=True))
    return write_pdf(BUILDERS["calendar" if kind == "large" else kind](evaluated, job), "A4")


def _plan(told: Mapping[str, str]):
    patient = replace(
        PATIENT,
        family_name=told["family name"],
        given_name=told["given name"],
        id=told["patient id"],
        sex=told["sex"],
        diagnosis=told["diagnosis"],
        allergies=(told["allergy"],),
        markers=((told["marker"], told["marker value"]),),
        prior_exposures=(PriorExposure(told["exposure"], Decimal(1), told["exposure unit"]),),
        co_medications=(CoMedication(told["co-medication"], date(2026, 1, 2)),),
    )
    plan = course_plan()
    first, second = plan.blocks[:2]
    return replace(
        plan,
        id=told["plan id"],
        patient=patient,
        blocks=(replace(first, title=told["block title"]), replace(second, title="Next")),
        decisions=(DecisionTaken("g1", "response", "cr", date(2026, 2, 4), told["decided by"], told["decision note"]),),
        modifications=(
            Omission("induction", 1, 22, "daunorubicin-iv", told["change reason"], note=told["change note"]),
        ),
        acknowledgements=(
            Acknowledgement("f1", "basis", told["acknowledged because"], told["acknowledged by"], "2026-01-20"),
        ),
    )


def _site(told: Mapping[str, str]) -> Site:
    return Site(
        name=told["site name"],
        phone_24h=told["phone"],
        when_to_call=told["when to call"],
        micrograms=told["micrograms"],
    )


def _protocol(told: Mapping[str, str]):
    protocol = course_protocol()
    first, second, *others = protocol.phases
    chosen = parse_condition("variant.v = a")
    vincristine, *orders = first.orders
    filgrastim = order("filgrastim", "SC", "5 mcg/kg", (5, 6), "growth factor", when="variant.v = a")
    study = replace(
        assess("Study", "", (2,)),
        title=told["study title"],
        note=told["study note"],
        patient_words=told["study words"],
        gate=told["study gate"],
    )
    changed = replace(
        first,
        note=told["phase note"],
        start=replace(first.start, gate=told["gate"]),
        orders=(
            replace(vincristine, note=told["order note"], patient_note=told["patient note"], when=chosen),
            *orders,
            filgrastim,
        ),
        assessments=(study, *first.assessments),
    )
    decision, *rest = protocol.decisions
    answers = (Choice("cr", told["answer"]), *decision.choices[1:])
    still = (Choice("yes", "Yes", told["answer note"]), Choice("no", "No"))
    asked = replace(decision, question=told["question"], needs=(told["needs"],), choices=answers)
    waiting = replace(decision, id="waiting", day=30, question="Go on?", choices=still, expected="yes")
    return replace(
        protocol,
        id=told["protocol id"],
        title=told["protocol title"],
        version=told["protocol version"],
        references=(Reference("T1", told["reference"]),),
        phases=(changed, second, *others),
        variants=(Variant("v", told["variant"], (Choice("a", told["variant choice"]),), "a"),),
        decisions=(asked, waiting, *rest),
    )


def _agents(told: Mapping[str, str]) -> dict[str, Agent]:
    changed = replace(AGENTS["vincristine"], name=told["agent name"], plain_words=told["plain words"])
    return AGENTS | {"vincristine": changed}


def _findings(told: Mapping[str, str]):
    day, about = COURSE_START.toordinal(), ("induction/1/vincristine-iv",)
    one = finding(1, "warning", (day,), about, message=told["message"], status=FindingStatus.ACKNOWLEDGED)
    facts = ((told["fact"], told["fact value"]),)
    return (
        replace(one, advice=told["advice"], source=told["source"], inputs=facts, arithmetic=told["arithmetic"]),
        finding(2, "advice", (day,), about, message=f"{told['message']} again"),
    )


PIECES = (
    *("<b>Bold</b>", "<i>", "</para>", '<img src="/etc/passwd"/>', "<font size=1>", "<unichar code=0x41/>"),
    *('<a href="http://example.org">', "&lt;", "&amp;", "&#65;", "<!--", "]]>", "<br/>", "<script>alert(1)"),
    *(
        "(paren)",
        "\\)",
        "Tj ET Q",
        "BT /F1 99 Tf",
        "1 0 0 rg",
        "endstream endobj",
        "%%EOF",
        "/JavaScript",
        "<</S/URI>>",
    ),
    *("{page}", "{0.__class__}", "{", "}}", "%s", "%(name)s", "%n", "$HOME", "`id`", "$(ls)", "; ls", "| cat"),
    *("'); DROP TABLE plans; --", "=HYPERLINK(1)", "@SUM(A1)", "../../etc/passwd", "C:\\temp\\x", "file:///etc/passwd"),
    *("http://example.org/?q=1&r=2", "mailto:x@example.org", "NULL", "None", "NaN", "-1", "1e309", "0x41", "#REF!"),
    *("O'Brien-Müller", "Łukasz", "Ñandú", "Åse Þór", "Ğül Őrs", "Țepeș", "Анна", "Ελένη", "A\u0301gnes", "Nguyễn"),
    *(
        "W" * 30,
        "x" * 40,
        "m" * 30,
        "a-b/c" * 8,
        "10.0 mg",
        "0.5",
        "5,000 units",
        "mg/m2",
        "≥ 0.75 × 10⁹/L",
        "½",
        "µg",
    ),
    *("line\nbreak", "tab\there", "two  spaces", "\u00a0glued\u00a0", "“quoted”", "‘single’", "—", "…", "•", "·"),
)
REFUSED_SIGNS = (
    *"\u202e\u202a\u2066\u200b\u200d\u2060\ufeff\u00ad\x00\x07\x1b\x7f\x85\u2028\u2029",
    *"שמ王김สप😀\ud800\ue000\U0001f600\ufffe\u0378\U000e0041",
)


def hostile_strings(count: int) -> list[str]:
    """Strings that have to be printed letter by letter, always the same."""
    chance = Random(300)
    found: dict[str, None] = dict.fromkeys(PIECES)
    while len(found) < count:
        found[chance.choice((" ", "", "-")).join(chance.sample(PIECES, chance.choice((2, 2, 3))))[:70]] = None
    return list(found)[:count]


def refused_strings(count: int) -> list[str]:
    """Strings with one sign that cannot be printed, always the same."""
    chance = Random(60)
    found: dict[str, None] = {}
    while len(found) < count:
        text = chance.choice(PIECES)
        place = chance.randint(0, len(text))
        found[text[:place] + REFUSED_SIGNS[len(found) % len(REFUSED_SIGNS)] + text[place:]] = None
    return list(found)
