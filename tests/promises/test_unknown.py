"""Promise C18: what nobody recorded says so, on paper and in the banner; it is never blank, a question mark or 0."""

import re

import pytest
from msgspec.structs import replace

from planner.exports.pdf.writer import write_pdf
from planner.exports.sheets.sheet import Facts
from planner.model.plan import Plan
from planner.paths import resources
from planner.services.demo import demo_plan
from tests.exports.papers import page_texts, squashed
from tests.promises.said import LANGUAGES, at_last, sheets_of

NULLED = {
    "everything": {},
    "names": {"family_name": "", "given_name": ""},
    "id": {"id": ""},
    "sex": {"sex": "unknown"},
    "no sex": {"sex": ""},
    "measurements": {"measurements": ()},
    "labs": {"labs": ()},
    "diagnosis": {"diagnosis": ""},
    "markers": {"markers": ()},
    "allergies": {"allergies": ()},
    "prior": {"prior_exposures": ()},
    "medicines": {"co_medications": ()},
}
for one in list(NULLED.values()):
    NULLED["everything"] |= one
EMPTY = re.compile(r"\?+|0|-|–|None|unknown|nan|N/?A", re.IGNORECASE)
"""What must not stand in place of what is not known."""


def without(name: str) -> Plan:
    """The demo plan without the field, or without all of them."""
    plan = demo_plan(resources())
    return replace(plan, patient=replace(plan.patient, **NULLED[name]))


@pytest.mark.parametrize("name", NULLED)
def test_what_is_not_recorded_says_so_on_every_sheet(name: str) -> None:
    evaluated = at_last(without(name))
    for place, sheet in sheets_of(evaluated, languages=LANGUAGES if name == "everything" else ("en",)).items():
        facts = [
            pair
            for section in sheet.sections
            for part in section.parts
            if isinstance(part, Facts)
            for pair in part.pairs
        ]
        blank = [label for label, value in facts if not value.strip() or EMPTY.fullmatch(value.strip())]
        assert blank == [], place
        head = (sheet.frame.patient, *sheet.frame.identity.split(" · "), sheet.frame.protocols)
        assert [one for one in head if not one.strip() or EMPTY.fullmatch(one.strip())] == [], place
        assert not re.search(r"\bid $|\bNone\b", sheet.frame.identity), place


@pytest.mark.parametrize("kind", ["roadmap", "handover", "summary"])
def test_with_nothing_recorded_the_paper_says_it_of_each(kind: str) -> None:
    sheet = sheets_of(at_last(without("everything")))[f"{kind} en"]
    for text in page_texts(write_pdf(sheet, "A4")):
        assert "sexnotrecorded·idnotrecorded" in squashed(text)
