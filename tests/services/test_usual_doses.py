"""Typed doses beside those of the library's protocols: slips of point, unit and route are asked about, nothing else."""

import pytest

from planner.content.protocol_file import read_protocol
from planner.paths import resources
from planner.services.usual_doses import TypedDose, dose_doubt, inherited_from, order_doubts
from tests.courses import course_schedule
from tests.golden.cases import PATIENTS, library
from tests.services.courses_at_hand import AGENTS


def _protocols():
    return [one.protocol for one in library().protocols.values()]


def _doubt(agent, route, dose, times=1, patient=None):
    return dose_doubt(TypedDose(AGENTS[agent], route, dose, times), _protocols(), patient)


@pytest.mark.parametrize(
    ("agent", "route", "dose", "times", "says"),
    [
        ("dasatinib", "PO", "1400 mg", 1, "10 times the most"),
        ("ponatinib", "PO", "90 mg", 1, "2 times the most"),
        ("idarubicin", "IV", "24 mg/m2", 1, "2 times the most"),
        ("dasatinib", "PO", "180 mg", 1, "1.3 times the most"),
        ("ponatinib", "PO", "3 mg", 1, "5 times less than the least"),
        ("ponatinib", "PO", "30 mg/m2", 1, "gives Ponatinib by surface or weight: 45 mg"),
        ("ponatinib", "PO", "0.5 mg/kg", 1, "gives Ponatinib by surface or weight"),
        ("methotrexate", "IT", "12 g", 1, "800 times the most"),
        ("vincristine", "IV", "1.5 mg/kg", 1, "times the most"),
        ("busulfan", "IV", "3.2 g/m2", 1, "times the most"),
        ("blinatumomab", "IV", "28 mg", 1, "1,000 times the most"),
        ("blinatumomab", "IV", "0.028 mcg", 1, "less than the least"),
        ("inotuzumab", "IV", "0.8 mcg/m2", 1, "less than the least"),
        ("tisa-cel", "IV", "2000000 cells", 1, "5 times less than the least"),
        ("methotrexate", "PO", "500 mg/m2", 1, "20 times the most"),
        ("cytarabine", "IV", "3 g/m2", 6, "2 x 3 g/m2"),
        ("pegaspargase", "IV", "2500 mg/m2", 1, "dose Pegaspargase in units"),
        ("doxorubicin", "IT", "10 mg", 1, "gives Doxorubicin IT, only IV"),
        ("blinatumomab", "SC", "28 mcg", 1, "gives Blinatumomab SC, only IV"),
        ("daunorubicin", "IM", "", 1, "gives Daunorubicin IM, only IV"),
    ],
)
def test_slips_of_size_unit_and_route_are_asked_about(agent, route, dose, times, says):
    assert says in _doubt(agent, route, dose, times)


@pytest.mark.parametrize(
    ("agent", "route", "dose", "times"),
    [
        ("dasatinib", "PO", "70 mg", 2),
        ("ponatinib", "PO", "10 mg", 1),
        ("daunorubicin", "IV", "55 mg/m2", 1),
        ("tisa-cel", "IV", "12000000 cells", 1),  # the least of the label's range
        ("dasatinib", "PO", "70 mg/day", 2),
        ("vincristine", "IV", "2000 mcg", 1),
        ("methotrexate", "IV", "5 g/m2", 1),
        ("prednisone", "PO", "20 mg", 3),
        ("ciprofloxacin", "PO", "500 mg", 2),
        ("carboplatin", "IV", "AUC 5", 1),
        ("dasatinib", "PO", "no dose", 1),
        ("dasatinib", "PO", "", 1),
    ],
)
def test_other_doses_and_drugs_of_no_protocol_are_not(agent, route, dose, times):
    assert _doubt(agent, route, dose, times) == ""


@pytest.mark.parametrize(
    ("agent", "route", "dose", "says"),
    [
        ("haematopoietic-stem-cells", "IV", "5 cells/kg", "less than 7,000,000 cells"),  # the million forgotten
        ("haematopoietic-stem-cells", "IV", "5e6 cells", "less than 7,000,000 cells"),  # the "/kg" forgotten
        ("haematopoietic-stem-cells", "IV", "5e12 cells", "more than 140,000,000,000 cells"),
        ("haematopoietic-stem-cells", "IV", "5 mg", "doses of Haematopoietic stem cells are in cells"),
        ("donor-lymphocytes", "IV", "1 mL/kg", "doses of Donor lymphocytes are in cells"),
        ("total-body-irradiation", "radiation", "1200 Gy", "more than 30 Gy"),  # cGy
        ("total-body-irradiation", "radiation", "0.02 Gy", "less than 0.1 Gy"),
        ("cranial-radiotherapy", "radiation", "18 mg", "doses of Cranial radiotherapy are in Gy"),
        ("intravenous-fluids", "IV", "3 mL/m2/day", "less than 20 mL"),  # litres
        ("intravenous-fluids", "IV", "200000 mL", "more than 10,000 mL"),
        ("intravenous-fluids", "IV", "100 mg", "doses of Intravenous fluids are in mL"),
        ("alkaline-fluids", "IV", "100 mg", "doses of Alkaline intravenous fluids are in mL"),
        ("ursodiol", "PO", "12 g/kg", "more than 4 g"),
        ("tacrolimus", "PO", "0.00005 mg", "less than 0.1 mcg"),
        ("diphenhydramine", "PO", "25 cells", "no protocol here doses Diphenhydramine in cells"),
        ("hydrocortisone", "IV", "100 g", "more than 20 g"),
        ("ciprofloxacin", "PO", "500 g", "more than 4 g"),
        ("tacrolimus", "PO", "5 g", "more than 4 g"),
        ("rasburicase", "IV", "200 mg/kg", "more than 7 g"),
    ],
)
def test_where_no_protocol_gives_a_dose_its_unit_and_size_are_looked_at(agent, route, dose, says):
    assert says in _doubt(agent, route, dose, patient=PATIENTS["adult"])


@pytest.mark.parametrize(
    ("agent", "route", "dose"),
    [
        ("haematopoietic-stem-cells", "IV", "2e6 cells/kg"),
        ("haematopoietic-stem-cells", "IV", "3e8 cells/kg"),
        ("donor-lymphocytes", "IV", "1e6 cells/kg"),
        ("total-body-irradiation", "radiation", "12 Gy"),
        ("intravenous-fluids", "IV", "3000 mL/m2/day"),
        ("intravenous-fluids", "IV", "500 mL"),
        ("hydrocortisone", "IV", "100 mg"),  # a protocol gives it IV, the site enters how much
        ("ciclosporin", "PO", "150 mg"),
        ("treosulfan", "IV", "10 g/m2"),
        ("rasburicase", "IV", "0.2 mg/kg"),
        ("diphenhydramine", "PO", "25 mg"),
        ("carboplatin", "IV", "AUC 5"),
        ("enoxaparin", "SC", "4000 units"),
    ],
)
def test_what_can_be_meant_is_not_asked_about(agent, route, dose):
    assert _doubt(agent, route, dose, patient=PATIENTS["adult"]) == ""


@pytest.mark.parametrize(("times", "asked"), [(1, True), (2, False)])
def test_a_total_of_a_day_is_looked_at_as_what_is_taken_at_once(times, asked):
    assert ("at once is more than 4 g" in _doubt("ursodiol", "PO", "6 g/day", times)) is asked


@pytest.mark.parametrize(
    ("dose", "told"),
    [
        ("100 mg", "Nilotinib is given 2 times a day, and Dasatinib in its place would be: 2 x 100 mg, 200 mg a day"),
        ("70 mg", "Nilotinib is given 2 times a day, and Dasatinib in its place would be: 2 x 70 mg, 140 mg a day"),
        ("100 mg/day", "Nilotinib is given 2 times a day, and so would be Dasatinib in its place"),
        ("", "Nilotinib is given 2 times a day, and so would be Dasatinib in its place"),
    ],
)
def test_how_often_the_other_drug_was_given_is_told_before_a_drug_inherits_it(dose, told):
    """Dasatinib is given once a day; in place of nilotinib 200 mg a day stood on every sheet."""
    typed = TypedDose(AGENTS["dasatinib"], "PO", dose, 2, "Nilotinib")
    assert dose_doubt(typed, _protocols(), None).split("; ")[0] == told
    once = TypedDose(AGENTS["dasatinib"], "PO", "100 mg", 1, "Imatinib")
    assert (
        dose_doubt(once, _protocols(), None) == "Imatinib is given once a day, and so would be Dasatinib in its place"
    )


def test_what_is_taken_by_mouth_day_after_day_and_what_is_given_often_is_inherited_from():
    """A drug on single days has no frequency that another could inherit."""
    schedule = course_schedule()
    found = {one.placed.order.id for one in schedule.events if one.dose and inherited_from(one.placed)}
    by_mouth = {
        f"{drug}-po" for drug in ("prednisone", "trimethoprim-sulfamethoxazole", "mercaptopurine", "levetiracetam")
    }
    assert found == {*by_mouth, "leucovorin-iv"}


def test_the_patients_own_size_counts():
    """3 mg is what adults are given and nearly twice that for a child; what is compared is the dose of this body."""
    child = PATIENTS["child"]
    assert _doubt("vincristine", "IV", "3 mg") == ""
    assert "times the most" in _doubt("vincristine", "IV", "3 mg", patient=child)


def test_the_shipped_protocols_are_asked_about_in_few_places():
    """Each once looked at: what no second protocol gives so, filgrastim by surface, others by body size."""
    every = _protocols()
    steroid = "order premedication-methylprednisolone-child"
    cycles = ("cycle-1", "cycle-2", "cycle-3", "cycles-4-6")
    asked = {(one.id, told.split(":")[0]) for one in every for told in order_doubts(one, AGENTS, every)}
    assert asked == {
        *(("inotuzumab-rr", f"phase {one}, {steroid}-{route}") for one in cycles for route in ("po", "iv")),
        ("graaph-2005", "phase cycle-1-a, order imatinib"),
        ("graaph-2005", "phase cycle-1-b, order imatinib"),
        ("graaph-2005", "phase cycle-2, order imatinib-arm-b"),
        ("hsct-bu-cy", "phase conditioning, order busulfan-child-every-6-h"),
        ("hsct-bu-flu", "phase conditioning, order fludarabine-40"),
        ("ponalfil", "phase pre-phase, order prednisone"),
        *(("ponalfil", f"phase {one}, order hydrocortisone-it") for one in ("pre-phase", "induction", "consolidation")),
        ("flag-ida", "phase flag-ida, order filgrastim-children"),
        ("flag-ida", "phase second-course, order filgrastim-children"),
        ("gmall-07-03", "phase induction-1, order daunorubicin"),
        ("gmall-07-03", "phase consolidation-1, order dexamethasone-it"),
        ("gmall-07-03", "phase consolidation-1, order etoposide"),
        ("ponalfil", "phase after-autologous, order methotrexate"),
        ("mini-hyper-cvd-inotuzumab", "phase even, order inotuzumab-single"),
        ("mini-hyper-cvd-inotuzumab", "phase odd, order inotuzumab-single-course-1"),
        ("mini-hyper-cvd-inotuzumab", "phase odd, order inotuzumab-single-course-3"),
    }


GUIDE = (resources() / "protocols" / "README.md").read_text("utf-8").split("```toml\n")[1].split("```")[0]
DAILY = (
    ('agent = "prednisone"', 'agent = "methotrexate"'),
    ('"40 mg/m2/day"', '"20 mg/m2"'),
    ('"twice daily"', '"once daily"'),
)
PUMP = (
    ('agent = "vincristine"', 'agent = "blinatumomab"'),
    ('"1 mg/m2"', '"28 mcg/day"'),
    ('cap = "2 mg"', ""),
    ("1, 8, 15, 22", "1:28"),
)


@pytest.mark.parametrize(
    ("slips", "says"),
    [
        ((('cap = "2 mg"', ""),), "order vincristine: no cap; the protocols here cap it, aall0232-hr at 2 mg"),
        ((('"1 mg/m2"', '"1 mcg/m2"'), ('cap = "2 mg"', "")), "1 mcg/m2 of Vincristine a day is 588 times less"),
        (
            (('"1 mg/m2"', '"14 mg/m2"'), ('cap = "2 mg"', 'cap = "20 mg"')),
            "14 mg/m2 of Vincristine a day is 9.3 times",
        ),
        ((('cap = "2 mg"', 'cap = "2 g"'),), "its cap of 2,000 mg is reached at 2,000 m2; that of "),
        ((('cap = "2 mg"', 'cap = "0.2 mg"'),), "its cap of 0.2 mg is reached at 0.2 m2; that of "),
        ((('route = "IV"', 'route = "PO"'),), "gives Vincristine PO, only IV"),
        ((('"40 mg/m2/day"', '"40 g/m2/day"'),), "40 g/m2/day of Prednisone a day is"),
        ((('"40 mg/m2/day"', '"4000 mg/m2/day"'),), "4,000 mg/m2/day of Prednisone a day is"),
        ((('"40 mg/m2/day"', '"400-500 mg/m2/day"'),), "400 to 500 mg/m2/day of Prednisone a day is"),
        ((('dose = "10 mg"', 'dose = "100 mg"'),), "100 mg of Methotrexate a day is 6.7 times the most"),
        ((('agent = "methotrexate"', 'agent = "daunorubicin"'),), "gives Daunorubicin IT, only IV"),
        (DAILY, "order prednisone: doses 1 day apart; the protocols here keep 7 and more"),
        ((("1, 8, 15, 22", "1:22"),), "order vincristine: doses 1 day apart"),
        (PUMP, "order vincristine: no continuous infusion; the protocols here let it run day and night"),
    ],
)
def test_slips_of_an_author_are_told(slips, says):
    text = GUIDE
    for right, wrong in slips:
        assert right in text
        text = text.replace(right, wrong, 1)
    protocol, problems = read_protocol(text, "own.toml", AGENTS)
    assert not problems
    assert any(says in told for told in order_doubts(protocol, AGENTS, _protocols()))


def test_the_guides_example_is_like_the_others():
    protocol, _ = read_protocol(GUIDE, "own.toml", AGENTS)
    assert order_doubts(protocol, AGENTS, _protocols()) == ()
