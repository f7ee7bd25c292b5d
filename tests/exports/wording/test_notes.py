"""What people wrote of a change or a dose stands whole, in one line, on every sheet that prints notes."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from planner.exports.wording.order_words import own_notes
from planner.model.plan import (
    Addition,
    DoseChange,
    Given,
    GivenRecord,
    Hold,
    Omission,
    Replacement,
    Scope,
    Stop,
)
from tests.courses import COURSE_START, course_plan
from tests.exports.papers import course, lines_of, make, squashed

TAGS = tuple(f"Zq{number}v" for number in range(9))
SHEETS = ("roadmap", "daysheet", "handover")
TEXTS = st.text(st.sampled_from("ab;;  .,:'\"-%;"), max_size=24)


def plan_saying(text: str):
    """The first block of the course with a change or a record of every kind, each of which says a tag and the text."""
    said = [f"{tag} {text}" for tag in TAGS]
    where, cycle = ("induction", 1), Scope.CYCLE
    plan = course_plan()

    def record(day: int, order: str, status: Given, note: str, number: int = 0) -> GivenRecord:
        on, dose = COURSE_START + timedelta(day - 1), Decimal(10)
        here = (None, None) if status is Given.NOT_GIVEN else (on, dose)
        return GivenRecord(*where, day, order, number, status, *here, "mg", "A. Nurse", "", note)

    return replace(
        plan,
        blocks=plan.blocks[:1],
        modifications=(
            Omission(*where, 22, "daunorubicin-iv", "toxicity", said[0]),
            Stop(*where, 15, cycle, "toxicity", said[1], order="prednisone-po"),
            Hold(*where, 29, "counts", said[2], order="methotrexate-it"),
            DoseChange(*where, 8, "vincristine-iv", cycle, "toxicity", said[3], percent=50),
            Replacement(*where, 4, "pegaspargase-iv", cycle, "hydrocortisone", "other", said[4], dose="50 mg"),
            Addition(*where, "more", "levetiracetam", "supportive", "PO", (5,), "other", said[5], dose="500 mg"),
        ),
        given=(
            record(4, "dexamethasone-iv", Given.PARTLY, said[6]),
            record(1, "cytarabine-it", Given.NOT_GIVEN, said[7]),
            record(1, "prednisone-po", Given.GIVEN, said[8], number=1),
        ),
    )


@settings(deadline=None, max_examples=25)
@given(TEXTS)
@example("low platelets; dose halved")
@example("; ")
@example(";;x; ; y;")
@example("dose 1 of 2 this day; only if variant.v = a")
def test_a_persons_text_stands_in_one_line_on_every_sheet_with_notes(text: str) -> None:
    evaluated = course(plan=plan_saying(text))
    events = evaluated.schedule.events
    for tag in TAGS:
        assert any(f"{tag} {text}" in event.note for event in events), tag
    shown: set[str] = set()
    for kind in SHEETS:
        lines = [squashed(line.text) for line in lines_of(make(evaluated, kind))]
        for tag in TAGS:
            told = [line for line in lines if tag in line]
            assert all(f"{tag}{squashed(text)}" in line for line in told), (kind, tag)
            shown |= {tag} if told else set()
    assert shown == set(TAGS)


@pytest.mark.parametrize("text", ["dose 1 of 2 this day", "only if variant.v = a and x = y"])
def test_a_text_like_the_programs_own_is_never_taken_for_it(text: str) -> None:
    """A record without a reason holds nothing but what somebody wrote."""
    plan = plan_saying("")
    record = replace(plan.given[2], note=text)
    events = course(plan=replace(plan, given=(record,))).schedule.events
    assert [note for event in events for note in own_notes(event) if text in note] == [f"note: {text}"]


def test_the_number_of_a_days_dose_is_left_to_the_rows() -> None:
    events = course().schedule.events
    assert any("dose 2 of 2 this day" in event.notes for event in events)
    assert not any("this day" in note for event in events for note in own_notes(event))
