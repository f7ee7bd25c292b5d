"""The head of a day names what its doses are made of; upright paper parts no date."""

import re
from datetime import timedelta

import pytest
from msgspec.structs import replace

from planner.exports.pdf.writer import write_pdf
from planner.exports.sheets.sheet import Facts
from planner.model.patient import Measurement
from planner.model.plan import BagPlan, Plan
from planner.model.wish import Wish
from planner.services.printing import make_sheet
from planner.services.verbs import editing
from tests.exports.papers import SITE, library, make, page_texts, shipped, words_of
from tests.exports.sheets.day.test_rows import boxes, on_days, rows_in
from tests.exports.sheets.test_after_edits import PRINTED_AT, doses_of, placed, printed_sheet, recorded, seen


def test_a_dose_by_the_weight_its_cycle_began_with_says_so() -> None:
    """Under the weight of today a checker worked out another dose of cyclophosphamide and found no word why."""
    plan = placed("calgb-10403")
    late = next(one for one in doses_of(plan, "Vincristine") if one.cycle_day > 1)
    patient = plan.patient
    first = patient.measurements[0]
    new = Measurement(late.date - timedelta(1), first.height_cm, first.weight_kg - 8)
    heavier = replace(plan, patient=replace(patient, measurements=(first, new)))

    def measured(changed: Plan) -> str:
        sheet = printed_sheet(changed, "daysheet", Wish(late.date, late.date))
        facts = [pair for part in sheet.sections[0].parts if isinstance(part, Facts) for pair in part.pairs]
        return dict(facts)["Measured"].replace("\u00a0", " ")

    told = measured(heavier)
    assert f"{first.weight_kg - 8:f} kg on {new.date:%d-%b-%Y}" in told
    title = late.placed.block.title
    assert f"; doses of {title} C1 by {first.weight_kg:f} kg on {first.date:%d-%b-%Y}, BSA " in told
    assert "doses of" not in measured(plan)


def test_long_notes_stand_over_the_whole_width_and_warnings_beside_the_dose() -> None:
    """Inotuzumab stood on a page of its own below three premedications, one note of three lines under each of them."""
    evaluated = shipped("inotuzumab-rr")
    drug = next(one for one in evaluated.schedule.events if one.placed.agent == "inotuzumab" and one.cycle_day > 1)
    sections = on_days(make(evaluated, "daysheet"))[drug.day]
    above, stays = drug.placed.note.rsplit(" A reduced", 1)
    assert f"{drug.placed.agent_name}: {above}" in boxes(sections[0])
    (row,) = rows_in(sections, drug.placed.agent_name)[-1:]
    assert words_of(row.cells[7]).endswith(f"A reduced{stays} more: at the top of this day")
    notes = [words_of(rows_in(sections, name)[0].cells[7]) for name in ("Dexamethasone", "Paracetamol", "Loratadine")]
    assert notes[0].startswith("Before each dose.")
    assert notes[1:] == ["note: see Dexamethasone in its first row"] * 2
    sheet = make_sheet(evaluated, "daysheet", SITE, PRINTED_AT, Wish(drug.date, drug.date))
    assert len(page_texts(write_pdf(sheet, "A4"))) == 1


def test_a_warning_of_a_long_note_stays_beside_its_dose() -> None:
    """What is fatal, and what is never to be left out, is not parted from the row that is ticked."""
    for protocol, agent, warning in (
        ("pomp", "vincristine", "For IV use only; fatal if given by other routes."),
        ("hyper-cvad", "leucovorin", "Protects from methotrexate; never leave it out."),
    ):
        evaluated = shipped(protocol)
        event = next(one for one in evaluated.schedule.events if one.placed.agent == agent)
        sections = on_days(make(evaluated, "daysheet"))[event.day]
        note = words_of(rows_in(sections, event.placed.agent_name)[0].cells[7])
        assert f"{warning} more: at the top of this day" in note
        (above,) = (text for text in boxes(sections[0]) if text.startswith(f"{event.placed.agent_name}: "))
        assert warning not in above
        assert all(one in above or one in warning for one in event.placed.note.split(". "))


def test_all_that_is_said_of_a_bag_of_cells_stands_beside_it() -> None:
    """That only a part of the bag is given is read where it is hung, not above the table."""
    for protocol, agent in (("brexu-cel", "brexu-cel"), ("obe-cel", "obe-cel")):
        evaluated = shipped(protocol)
        cells = next(one for one in evaluated.schedule.events if one.placed.agent == agent)
        sections = on_days(make(evaluated, "daysheet"))[cells.day]
        (row,) = rows_in(sections, cells.placed.agent_name)[-1:]
        assert len(cells.placed.note) > 150
        assert cells.placed.note in words_of(row.cells[7])


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("kind", ["daysheet", "bags"])
def test_upright_paper_parts_no_date(kind: str, paper: str) -> None:
    """ "26-Nov-" and "2026" in two lines, under what is given and behind the next bag."""
    plan = placed("blinatumomab-mrd")
    block = seen(plan).schedule.blocks[0].id
    bagged = editing.plan_bags(plan, seen(plan).schedule, library().agents, BagPlan(block, (96, 72), (0, 3)))
    given = recorded(bagged, [one for one in doses_of(bagged, "Blinatumomab") if one.placed.cycle == 1][:3])
    sheet = make_sheet(seen(given), kind, SITE, PRINTED_AT, Wish(portrait=True))
    assert not sheet.landscape
    texts = page_texts(write_pdf(sheet, paper))
    assert texts
    parted = r"\d-[A-Z][a-z]{2}-$|\d\d-$|-20\d?$|\ufffe(?=20|[A-Z][a-z]{2})"  # pdfium's sign for a hyphen at an end
    assert not [text for text in texts if re.search(parted, text, re.MULTILINE)]
