"""FLAG-Ida against the regimen library (adults) and the abstract of the children's trial."""

from decimal import Decimal

import pytest

from planner.model.evidence import Evidence
from tests.resources.reading import drugs_of, given, patient, plan_of, protocol, schedule_of

ID = "flag-ida"
ADULT = {
    ("filgrastim", "SC"): ([1, 2, 3, 4, 5, 6], {"5 mcg/kg/day"}),
    ("fludarabine", "IV"): ([2, 3, 4, 5, 6], {"30 mg/m2/day"}),
    ("cytarabine", "IV"): ([2, 3, 4, 5, 6], {"2 g/m2/day"}),
    ("idarubicin", "IV"): ([2, 3, 4], {"10 mg/m2/day"}),
    ("prednisolone-eye-drops", "ophthalmic"): ([2, 3, 4, 5, 6, 7, 8], {"1 drop"}),
}
CHILDREN = {
    ("filgrastim", "SC"): ([-1], {"400 mcg/m2/day"}),
    ("fludarabine", "IV"): ([1, 2, 3, 4], {"30 mg/m2/day"}),
    ("cytarabine", "IV"): ([1, 2, 3, 4], {"2,000 mg/m2/day"}),
    ("idarubicin", "IV"): ([2, 3, 4], {"12 mg/m2/day"}),
}


@pytest.mark.parametrize(("version", "table"), [("adult", ADULT), ("children", CHILDREN)])
@pytest.mark.parametrize(("phase", "cycle"), [("flag-ida", 1), ("second-course", 2)])
def test_every_drug_stands_on_its_days_with_its_dose(phase, cycle, version, table):
    assert drugs_of(ID, phase, cycle, {"variant.version": version}) == table


def test_cytarabine_starts_4_h_after_fludarabine_on_each_of_the_five_days():
    course = schedule_of(plan_of(ID, patient(age=40)))
    pairs = zip(given(course, "fludarabine"), given(course, "cytarabine"), strict=True)
    assert [(second.day - first.day, second.minute - first.minute) for first, second in pairs] == [(0, 240)] * 5


def test_eye_drops_are_given_six_times_a_day_until_2_days_after_cytarabine():
    course = schedule_of(plan_of(ID, patient(age=40)))
    drops = given(course, "prednisolone-eye-drops")
    assert len(drops) == 7 * 6
    assert max(event.day for event in drops) - max(event.day for event in given(course, "cytarabine")) == 2
    assert {event.placed.evidence for event in drops} == {Evidence.SECONDARY}


def test_g_csf_of_the_childrens_version_starts_the_day_before_fludarabine():
    course = schedule_of(plan_of(ID, patient(age=10, kg="30", height_cm="138"), {"version": "children"}))
    assert given(course, "fludarabine")[0].day - given(course, "filgrastim")[0].day == 1


@pytest.mark.parametrize(
    ("answer", "blocks"),
    [("no", ["flag-ida", "what-comes-next"]), ("yes", ["flag-ida", "second-course", "what-comes-next-2"])],
)
def test_one_or_two_courses_of_28_days(answer, blocks):
    course = schedule_of(plan_of(ID, patient(age=40), second_course=answer))
    assert [block.phase.id for block in course.blocks] == blocks
    assert {phase.cycle_days for phase in protocol(ID).phases} == {28}
    idarubicin = sum(Decimal(e.dose.protocol_dose.removesuffix(" mg/m2/day")) for e in given(course, "idarubicin"))
    assert idarubicin == 30 * len({*blocks} & {"flag-ida", "second-course"})


@pytest.mark.parametrize(("age", "table"), [(17, CHILDREN), (18, ADULT), (59, ADULT)])
def test_the_version_follows_the_age_on_entry_unless_one_is_chosen(age, table):
    """A child was drawn with the adults' five days and their idarubicin without a word."""
    course = schedule_of(plan_of(ID, patient(age=age)))
    assert {event.placed.agent for event in course.events if event.dose} == {agent for agent, _ in table}
    assert len(given(course, "fludarabine")) == len(table["fludarabine", "IV"][0])
    assert {event.dose.protocol_dose for event in given(course, "idarubicin")} == table["idarubicin", "IV"][1]


@pytest.mark.parametrize(
    ("version", "age", "said"),
    [
        ("adult", 17, ["Adults' version: from 18 years"]),
        ("children", 18, ["Children's version: below 18 years"]),
        ("by-age", 0, ["From 1 year: the trial of the children's version took 1.2 to 17.5 years"]),
        *(("by-age", age, []) for age in (1, 17, 18, 59)),
        ("adult", 18, []),
        ("children", 17, []),
    ],
)
def test_a_version_chosen_for_somebody_of_another_age_is_told(version, age, said):
    facts = {"variant.version": version, "age": Decimal(age)}
    assert [text for when, text in protocol(ID).entry if when.holds(facts) is False] == said
