"""A dose is lowered by a fix to one that can be given: of what is swallowed tablets have to make it."""

import pytest

from tests.checking.shipped import rules

ALLOPURINOL = ("allopurinol 1-10",)


@pytest.mark.parametrize(
    ("dose", "title"),
    [
        ("100 mg", "Reduce to 25 mg"),  # 33 mg: no tablets of 50 mg with a score make it, 25 mg lie below it
        ("150 mg", "Reduce to 33 %"),  # 49.5 mg, a tablet
        ("75 mg", "Reduce to 33 %"),  # 24.75 mg, half a tablet
    ],
)
def test_a_share_that_no_tablets_make_is_what_they_make_below_it(case, dose, title):
    (fix,) = case(rules()["MP-01"], f"1-10 mercaptopurine {dose} PO", co_medications=ALLOPURINOL)
    assert fix.title.startswith(title)


def test_where_no_tablets_make_so_little_nothing_is_offered(case):
    """A third of 50 mg three times a day was offered: 16.5 mg, which nobody can take."""
    assert case(rules()["MP-01"], "1-10 mercaptopurine 50 mg PO", co_medications=ALLOPURINOL) == ()


def test_what_goes_into_a_vein_keeps_its_share(case):
    (fix,) = case(rules()["AN-12B"], "1-3 idarubicin 10 mg/m2 IV", patient=(("crcl", "40"),))
    assert fix.title.startswith("Reduce to 75 %")


def test_beside_an_azole_the_lower_dose_goes_on_for_three_of_its_half_lives(case):
    (fix,) = case(rules()["TK-13"], "1-42 ponatinib 30 mg PO", co_medications=("posaconazole 10-20",))
    assert [change.day for change in fix.changes] == [*range(10, 25)]
