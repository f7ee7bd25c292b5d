"""What a patient reads about one thing: short, no abbreviations, no numbers of the protocol (promises P9, C17).

The words themselves are data in each language; this chooses among them.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from planner.exports.wording.doses import (
    AT_HOME,
    is_day_total,
    is_often_open,
    is_often_unsaid,
    is_recorded,
    is_recorded_total,
    is_to_enter,
    no_tablets,
)
from planner.exports.wording.text import day_name, sentence
from planner.model.cycle_content import State
from planner.model.going_on import stands_in
from planner.model.language import SENTENCES, Words, glued
from planner.model.protocol import TemplateAssessment, TemplateOrder
from planner.model.schedule import Event, PlacedOrder

HOW: Mapping[str, str] = {
    "PO": "how_po",
    "IV": "how_iv",
    "SC": "how_sc",
    "IM": "how_im",
    "IT": "how_it",
    "topical": "how_topical",
    "ophthalmic": "how_ophthalmic",
    "radiation": "how_radiation",
}

ENGLISH = "en"
"""What protocols are written in."""

HALF = "½"
ONCE = "once a day"
"""How protocols say to patients how often a tablet is taken."""
ON_ONES_OWN = "Do not stop on your own."
"""How they say that it is the treatment that goes on."""

TOPICS: Mapping[str, str] = {
    "marrow": "test_marrow",
    "mrd": "test_mrd",
    "counts": "test_counts",
    "lumbar puncture": "test_lumbar",
    "ecg": "test_ecg",
    "echo": "test_echo",
    "liver": "test_liver",
}

STATES: Mapping[State, str] = {
    State.OMITTED: "state_omitted",
    State.HELD: "state_held",
    State.STOPPED: "state_stopped",
}


def medicine_name(placed: PlacedOrder, words: Words) -> str:
    """The name a patient knows the drug by."""
    return sentence(words.term(placed.plain_words or placed.agent_name))


def how_given(placed: PlacedOrder, words: Words) -> str:
    """How it gets into the body."""
    if placed.kind == "infusion" and placed.route in ("IV", "SC"):
        return words.say("how_pump")
    if placed.kind == "cell_infusion":
        return words.say("how_cells")
    return words.say(HOW[placed.route]) if placed.route in HOW else words.term(placed.route)


def times_a_day(event: Event, count: int, words: Words) -> str:
    """ "once a day", "2 times a day"; empty where the site still has to enter the dose and with it how often.

    A protocol without a dose is drawn once a day: of a medicine that its source gives every 8 hours a family read so.
    The dose that somebody enters says nothing of how often either.
    A dose of a day that no source divides is that of the whole day.
    """
    if count == 1 and is_to_enter(event):
        return ""
    if is_often_open(event) or (count == 1 and is_recorded(event) and is_often_unsaid(event)):
        return words.say("often_ask")
    if count == 1 and (is_day_total(event) or is_recorded_total(event)):
        return words.say("whole_day")
    return words.say("once_a_day") if count == 1 else words.say("times_a_day", count=count)


def home_dose(event: Event, words: Words, micrograms: str) -> str:
    """The amount for each time of what is taken at home; an empty text for what the clinic gives."""
    if event.placed.route not in AT_HOME or event.dose is None:
        return ""
    if event.dose.value is None:
        return words.say("amount_told")
    return words.amount(event.dose.value, event.dose.unit, micrograms)


def home_tablets(event: Event, words: Words, micrograms: str) -> str:
    """ "2 tablets of 50 mg", where tablets of known strengths make the dose exactly; else an empty text."""
    dose = event.dose
    if event.placed.route != "PO" or dose is None or dose.value is None:
        return ""
    return words.listed(
        [
            glued(
                words.say(
                    "tablet_one" if one.number <= 1 else "tablet_many",
                    count=_halves(one.number),
                    strength=words.amount(one.strength, dose.unit, micrograms),
                )
            )
            for one in dose.tablets
        ]
    )


def _halves(number: Decimal) -> str:
    """2, ½, 1½: a number of tablets, which come whole or in halves."""
    whole, rest = divmod(number, 1)
    return f"{int(whole) if whole or not rest else ''}{HALF if rest else ''}"


def home_amount(event: Event, words: Words, micrograms: str) -> str:
    """Dose and tablets as one phrase: "140 mg (1 tablet of 140 mg)"; where none make it, that the family has to ask."""
    dose, tablets = home_dose(event, words, micrograms), home_tablets(event, words, micrograms)
    tablets = words.say("tablets_ask") if no_tablets(event) else tablets
    return f"{dose} ({tablets})" if tablets else dose


def once_a_week(weekdays: Sequence[int], words: Words) -> str:
    """ "once a week, on Mondays, not every day" (promises P15); "every day" never stands alone on a line."""
    return words.say("once_a_week", weekdays=words.listed([words.on_weekdays[weekday] for weekday in weekdays]))


def test_name(placed: PlacedOrder, words: Words) -> str:
    """A test or a procedure in plain words."""
    order = placed.order
    if placed.kind == "decision" or not isinstance(order, TemplateAssessment):
        return words.say("decision")
    if order.patient_words:
        return words.term(order.patient_words)
    return words.say(TOPICS[order.topic]) if order.topic in TOPICS else sentence(words.term(placed.agent_name))


def patient_note(placed: PlacedOrder, words: Words) -> str:
    """What the protocol says to the patient of it; what its agent says, of what was added or stands in for its drug."""
    return words.note(own_note(placed))


def note_without_often(placed: PlacedOrder, words: Words) -> str:
    """Likewise without the sentence that says how often: "once a day" stood below "How often: ask us"."""
    return words.note(" ".join(one for one in SENTENCES.split(own_note(placed)) if ONCE not in one))


def own_note(placed: PlacedOrder) -> str:
    """Likewise in English, as it is written; nothing of an examination. A rescue keeps the protocol's words, and what
    stands in for a drug those about the treatment, not the drug: not to stop on one's own.
    """
    order = placed.order
    if not isinstance(order, TemplateOrder):
        return ""
    if stands_in(placed) and placed.role != "rescue":
        kept = (placed.agent_note, ON_ONES_OWN if ON_ONES_OWN in order.patient_note else "")
        return " ".join(filter(None, kept))
    return order.patient_note or placed.agent_note


def is_untranslated(placed: PlacedOrder, words: Words) -> bool:
    """Whether something that a site wrote of it in English for its patients stands there in English."""
    order = placed.order
    texts = [placed.plain_words, own_note(placed)]
    texts += [order.patient_words] if isinstance(order, TemplateAssessment) else []
    return words.id != ENGLISH and not all(map(words.knows, texts))


def day_label(title: str, cycles: int, cycle: int, number: int, words: Words, *, alone: bool) -> str:
    """ "Day 8", "Cycle 2 Day 8", and with the name of its part in front where two parts run at the same time."""
    day = day_name(number)
    label = words.say("day", number=day) if cycles < 2 else words.say("cycle_day", cycle=cycle, number=day)
    return glued(label) if alone else words.say("part_day", part=title, day=glued(label))
