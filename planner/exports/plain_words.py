"""Words for patients: short sentences, no abbreviations, no numbers of the protocol (promises P9, C17).

Fixed texts are meant for US reading grade 6 and below; a test measures it.
"""

from collections.abc import Sequence

from planner.exports.doses import dose_words
from planner.exports.text import WEEKDAYS, day_name, glued, listed, sentence
from planner.model.cycle_content import State
from planner.model.protocol import TemplateAssessment, TemplateOrder
from planner.model.schedule import Event, PlacedOrder

CONFIRMS = "If your doctor confirms:"
CONFIRMS_MONTH = "Everything on this page: only if your doctor confirms."
CONFIRMS_SHORT = "if your doctor confirms"
NO_TREATMENT = "No treatment"
NOT_IN_PLAN = "Not in this plan"
INTRATHECAL = "INTRATHECAL: medicine into the spine fluid"
INTRATHECAL_EXPLAINED = "INTRATHECAL: into the spine fluid (lumbar puncture)"
DECISION = "Talk with your doctor about the next step"

HOW = {
    "PO": "by mouth",
    "IV": "drip into a vein",
    "SC": "shot under the skin",
    "IM": "shot into a muscle",
    "IT": "into the spine fluid",
    "topical": "on the skin",
    "ophthalmic": "eye drops",
    "radiation": "radiation treatment",
}

TOPICS = {
    "marrow": "Bone marrow test",
    "mrd": "Test for leukemia cells left",
    "counts": "Blood test",
    "lumbar puncture": "Test of the spine fluid (lumbar puncture)",
    "ecg": "Heart test (ECG)",
    "echo": "Heart scan",
    "liver": "Blood test for the liver",
}

STATES = {State.OMITTED: "not this day", State.HELD: "on hold, ask us", State.STOPPED: "stopped"}

HOW_TO_USE = (
    "Bring this plan to each visit. Your team may change it.",
    "Ask us if this plan is not the same as what you were told.",
    "Tick a box when a medicine is taken or a test is done.",
    "Did you miss a medicine, or was it late? Do not take more. Call us and ask.",
)
WHEN_TO_CALL_BLANK = "Write in: when to call, and the fever limit"
LEGEND_TICK = "Tick the box when it is done."
LEGEND_BAR = "A frame over more than one day: the same on each of these days."
LEGEND_DASHED = "A broken line: planned, but only if your doctor confirms."
LEGEND_GREY = "A grey day: not in this month, or not in this plan."


def medicine_name(placed: PlacedOrder) -> str:
    """The name a patient knows the drug by."""
    return sentence(placed.plain_words or placed.agent_name)


def how_given(placed: PlacedOrder) -> str:
    """How it gets into the body."""
    if placed.kind == "infusion":
        return "pump, day and night" if placed.route in ("IV", "SC") else HOW.get(placed.route, placed.route)
    if placed.kind == "cell_infusion":
        return "your cells, drip into a vein"
    return HOW.get(placed.route, placed.route)


def times_a_day(count: int) -> str:
    """ "once a day", "2 times a day"."""
    return "once a day" if count == 1 else f"{count} times a day"


def home_dose(event: Event, micrograms: str) -> str:
    """The amount for each time of what is taken at home; an empty text for what the clinic gives."""
    if event.placed.route != "PO" or event.dose is None:
        return ""
    return "the amount we tell you" if event.dose.value is None else dose_words(event, micrograms)


def once_a_week(weekdays: Sequence[int]) -> str:
    """ "once a week, on Mondays, not every day" (promises P15)."""
    names = [f"{WEEKDAYS[weekday]}s" for weekday in weekdays]
    return f"once a week, on {listed(names)}, not every day"


def test_name(placed: PlacedOrder) -> str:
    """A test or a procedure in plain words."""
    order = placed.order
    if placed.kind == "decision" or not isinstance(order, TemplateAssessment):
        return DECISION
    return order.patient_words or TOPICS.get(order.topic) or sentence(placed.agent_name)


def patient_note(placed: PlacedOrder) -> str:
    """What the protocol says to the patient about it."""
    return placed.order.patient_note if isinstance(placed.order, TemplateOrder) else ""


def day_label(title: str, cycles: int, cycle: int, number: int, *, alone: bool) -> str:
    """ "Day 8", "Cycle 2 Day 8", and with the name of its part in front where two parts run at the same time."""
    words = glued(f"Day {day_name(number)}" if cycles < 2 else f"Cycle {cycle} Day {day_name(number)}")
    return words if alone else f"{title}: {words}"
