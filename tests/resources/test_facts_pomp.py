"""POMP maintenance by itself: the doses after hyper-CVAD and the reduced ones after mini-hyper-CVD."""

import pytest

from planner.model.civil import add_months
from planner.model.evidence import Evidence
from tests.resources.reading import drugs_of, given, patient, plan_of, protocol, schedule_of

MINI = {"version": "mini-hyper-cvd"}


def test_the_two_versions_differ_in_every_dose_but_vincristine():
    assert drugs_of("pomp", "first-year") == {
        ("mercaptopurine", "PO"): ([1], {"50 mg"}),
        ("methotrexate", "PO"): ([1, 8, 15, 22], {"20 mg/m2"}),
        ("vincristine", "IV"): ([1], {"2 mg"}),
        ("prednisone", "PO"): ([1, 2, 3, 4, 5], {"200 mg"}),
    }
    assert drugs_of("pomp", "first-year", 1, {"variant.version": "mini-hyper-cvd"}) == {
        ("mercaptopurine", "PO"): ([1], {"50 mg"}),
        ("methotrexate", "PO"): ([1, 8, 15, 22], {"10 mg/m2"}),
        ("vincristine", "IV"): ([1], {"2 mg"}),
        ("prednisolone", "PO"): ([1, 2, 3, 4, 5], {"50 mg"}),
    }
    times = {order.id: order.doses_per_day for order in protocol("pomp").phase("first-year").orders}
    assert (times["mercaptopurine"], times["mercaptopurine-mini"]) == (3, 2)


@pytest.mark.parametrize(
    ("choices", "months"),
    [({}, 24), (MINI, 36), ({"length": "months-30"}, 30), ({**MINI, "length": "months-30"}, 30)],
)
def test_pomp_ends_so_many_months_after_its_first_day(choices, months):
    taken = [event.date for event in given(schedule_of(plan_of("pomp", patient(age=40), choices)), "mercaptopurine")]
    assert max(taken).toordinal() == add_months(min(taken), months).toordinal() - 1


@pytest.mark.parametrize(("choices", "doses"), [({}, 26), ({"length": "months-30"}, 32), (MINI, 12)])
def test_vincristine_is_given_in_whole_months_only_and_for_a_year_in_the_reduced_version(choices, doses):
    course = schedule_of(plan_of("pomp", patient(age=40), choices))
    assert len(given(course, "vincristine")) == doses
    assert len(given(course, "prednisone") + given(course, "prednisolone")) == 5 * doses


def test_twelve_cycles_are_336_days():
    course = schedule_of(plan_of("pomp", patient(age=40), {**MINI, "length": "cycles-12"}))
    assert [len(block.cycles) for block in course.blocks] == [12]
    assert len(given(course, "mercaptopurine")) == 336 * 2
    assert len(given(course, "methotrexate")) == 48


def test_the_recalled_methotrexate_dose_is_marked_as_such():
    orders = protocol("pomp").phase("first-year").orders
    assert {order.id: order.evidence for order in orders if order.agent == "methotrexate"} == {
        "methotrexate-oral": Evidence.UNVERIFIED,
        "methotrexate-oral-mini": Evidence.TRIAL,
    }
