"""The head of a day names what its doses are made of; upright paper parts no date."""

import re
from datetime import timedelta

from msgspec.structs import replace

from planner.exports.pdf.writer import write_pdf
from planner.exports.sheets.sheet import Facts
from planner.model.patient import Measurement
from planner.model.plan import BagPlan, Plan
from planner.model.wish import Wish
from planner.services.printing import make_sheet
from planner.services.verbs import editing
from tests.exports.papers import SITE, library, page_texts
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


def test_upright_paper_parts_no_date() -> None:
    """ "26-Nov-" and "2026" in two lines, under what is given and behind the next bag."""
    plan = placed("blinatumomab-mrd")
    block = seen(plan).schedule.blocks[0].id
    bagged = editing.plan_bags(plan, seen(plan).schedule, library().agents, BagPlan(block, (96, 72), (0, 3)))
    given = recorded(bagged, [one for one in doses_of(bagged, "Blinatumomab") if one.placed.cycle == 1][:3])
    sheet = make_sheet(seen(given), "daysheet", SITE, PRINTED_AT, Wish(portrait=True))
    assert not sheet.landscape
    texts = page_texts(write_pdf(sheet, "A4"))
    assert texts
    assert not [text for text in texts if re.search(r"\d-[A-Z][a-z]{2}-$|\d\d-$|-20\d?$", text, re.MULTILINE)]
