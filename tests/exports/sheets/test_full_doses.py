"""A dose that is not the one the protocol's formula comes to says what that would be."""

from msgspec.structs import replace

from planner.exports.wording.doses import instead_words
from planner.model.cycle_content import State
from planner.model.plan import Addition, DoseChange, Given, Scope
from tests.exports.papers import lines_of, make
from tests.exports.sheets.test_after_edits import doses_of, placed, recorded, seen


def texts(plan, kind):
    return [line.text.replace("\u00a0", " ") for line in lines_of(make(seen(plan), kind))]


def test_a_reduced_dose_stands_beside_what_the_formula_comes_to():
    """2,724 mg over "3 g/m2", which is 5,448 mg: whoever checked the line found a fault."""
    plan = placed("hyper-cvad")
    full = next(one for one in doses_of(plan, "Cytarabine") if one.placed.route == "IV")
    block, cycle = full.placed.block.id, full.placed.cycle
    change = DoseChange(block, cycle, full.cycle_day, full.placed.order.id, Scope.CYCLE, "toxicity", percent=50)
    plan = replace(plan, modifications=(change,))
    half = next(one for one in doses_of(plan, "Cytarabine") if one.placed.id == full.placed.id)
    assert half.dose.value < full.dose.value
    words = f"instead of {full.dose.value:,.0f} mg"
    assert instead_words(half, "mcg").replace("\u00a0", " ") == words
    assert instead_words(full, "mcg") == ""
    assert f"{words} (3 g/m2)" in texts(plan, "daysheet")
    assert words in texts(plan, "roadmap")
    assert not any(text.startswith("instead of") for text in texts(placed("hyper-cvad"), "roadmap"))


def test_another_dose_of_an_added_order_stands_in_place_of_its_first():
    """Eight rows a day had "15 mg" and under it "150 mg", tenfold apart, without a word between."""
    plan = placed("hyper-cvad")
    block = plan.blocks[0].id
    more = Addition(block, 1, "more", "leucovorin", "rescue", "IV", (4, 5), "toxicity", dose="150 mg", doses_per_day=8)
    less = DoseChange(block, 1, 5, "more", Scope.CYCLE, "other", dose="15 mg")
    plan = replace(plan, modifications=(more, less))
    found = texts(plan, "daysheet")
    assert found.count("instead of 150 mg") == 8
    assert not any(text.endswith("(150 mg)") for text in found)


def test_a_dose_that_was_given_in_part_says_of_how_much():
    plan = placed("hyper-cvad")
    one = next(one for one in doses_of(plan, "Doxorubicin"))
    plan = recorded(plan, [one], Given.PARTLY)
    part = next(dose for dose in doses_of(plan, "Doxorubicin") if dose.placed.id == one.placed.id)
    assert part.state is State.GIVEN
    told = f"instead of {one.dose.value.normalize():f} mg"
    assert f"{told} (50 mg/m2)" in texts(plan, "daysheet")
    assert told in texts(plan, "roadmap")
    assert "GIVEN IN PART" in texts(plan, "roadmap")


def test_a_reduced_dose_by_mouth_says_so_in_its_list():
    plan = placed("hyper-cvad-ponatinib")
    first = next(one for one in doses_of(plan, "Ponatinib"))
    where = first.placed.block.id, first.placed.cycle, 1, first.placed.order.id
    change = DoseChange(*where, Scope.CYCLE, "toxicity", dose="30 mg")
    plan = replace(plan, modifications=(change,))
    assert f"instead of {first.dose.value} mg" in texts(plan, "daysheet")
