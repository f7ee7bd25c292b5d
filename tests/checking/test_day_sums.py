"""A bound "a day": doses of one agent that begin within 24 h are one course, told by the largest of them."""

import pytest

from tests.builders import day
from tests.checking.judging import find, rule

HIGH = "methotrexate IV from 500 mg/m2 a day"
RESCUED = rule("companion", agents=[HIGH], needs=["leucovorin"], latest="48 h")
FAR = rule("minimum_interval", agents=[HIGH], at_least="20 days")
BARRED = rule("not_within", agents=["vincristine"], others=[HIGH], before="2 days", after="2 days")
"""Three ways to look at doses: by their events, by their minutes alone, and as what stands around another dose."""


@pytest.mark.parametrize(
    ("doses", "anchors"),
    [
        (("1 09:00 methotrexate 100 mg/m2 IV", "1 11:00 methotrexate 400 mg/m2 IV"), (1,)),
        (("1 09:00 methotrexate 100 mg/m2 IV", "1 11:00 methotrexate 399 mg/m2 IV"), ()),
        (("1 09:00 methotrexate 400 mg/m2 IV", "2 08:59 methotrexate 400 mg/m2 IV"), (1,)),
        (("1 09:00 methotrexate 400 mg/m2 IV", "2 09:00 methotrexate 400 mg/m2 IV"), ()),
        (("1 22:00 methotrexate 100 mg/m2 IV", "2 00:00 methotrexate 400 mg/m2 IV"), (2,)),
        (("1-3 methotrexate 300 mg/m2 IV",), ()),
        (("1 methotrexate 250 mg/m2 IV", "1 methotrexate 250 mg/m2 IV role=conditioning"), (1,)),
        (("1 methotrexate 250 mg/m2 IV", "1 methotrexate 250 mg/m2 PO"), ()),
        (("1 methotrexate 250 mg/m2 IV", "1 methotrexate 250 mg/m2 IV state=omitted"), ()),
        (("1 cytarabine 250 mg/m2 IV", "1 methotrexate 250 mg/m2 IV"), ()),
        # A bolus beside an infusion that reaches the bound alone is no dose of its own.
        (("1 09:00 methotrexate 200 mg/m2 IV", "1 11:00 methotrexate 800 mg/m2 IV"), (1,)),
        # Of many days alike only those count on which more is given.
        (("1-15/7 09:00 methotrexate 300 mg/m2 IV", "8 12:00 methotrexate 200 mg/m2 IV"), (8,)),
    ],
)
def test_what_is_given_in_a_day_counts_together(doses, anchors):
    assert tuple(one for found in find(RESCUED, *doses) for one in found.days) == tuple(map(day, anchors))


def test_every_way_of_looking_sees_the_same():
    halves = ("1 09:00 methotrexate 250 mg/m2 IV", "1 21:00 methotrexate 250 mg/m2 IV")
    again = ("15 09:00 methotrexate 250 mg/m2 IV", "15 21:00 methotrexate 251 mg/m2 IV")
    (near,) = find(FAR, *halves, *again)
    assert near.days[-1] == day(15)
    assert find(FAR, *halves, again[0]) == ()
    assert len(find(BARRED, *halves, "2 vincristine 1.5 mg/m2 IV")) == 1
    assert find(BARRED, halves[0], "2 vincristine 1.5 mg/m2 IV") == ()


def test_the_words_say_a_day():
    (found,) = find(rule("companion", agents=["leucovorin"], needs=[HIGH]), "1 leucovorin 15 mg IV")
    assert "has no methotrexate from 500 mg/m2 a day" in found.message
