"""Thousands in a window that speaks another language: most of the world reads the comma as the decimal sign."""

from decimal import Decimal

import pytest

from ui.plan_words import plan_words
from ui.tongue import amount_words, as_kept, in_chosen_words, say, use_language

SPACED = {
    "Cyclophosphamide 1,903 mg IV": "Cyclophosphamide 1\u00a0903 mg IV",
    "Pegaspargase 4,758 units": "Pegaspargase 4\u00a0758 unidades",
    "310,000,000 cells, 5.5 mg": "310\u00a0000\u00a0000 células, 5.5 mg",
    "363 mg + 1,450 mg, twice": "363 mg + 1\u00a0450 mg, twice",
    "D1, 8, 15: 1,000 mg, 1,000 mg": "D1, 8, 15: 1\u00a0000 mg, 1\u00a0000 mg",
    '"4,758" was typed': '"4,758" was typed',
    "2.1234,567 and 1,2345": "2.1234,567 and 1,2345",
}


@pytest.mark.parametrize(("english", "spanish"), SPACED.items())
def test_no_comma_parts_thousands_where_it_is_read_as_the_decimal_sign(english, spanish):
    assert plan_words(english) == say("{what}", what=english) == english
    use_language("es")
    assert plan_words(english) == spanish
    assert say("{words}", words=in_chosen_words(english)) == spanish


def test_a_dose_with_spaced_thousands_is_kept_without_them():
    use_language("es")
    assert as_kept(amount_words(Decimal(4758), "units")) == "4758 units"
