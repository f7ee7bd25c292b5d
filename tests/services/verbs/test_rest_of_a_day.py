"""A fever at noon: what was given of a day stays, the rest of it moves by each order's own rule."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.errors import Refusal
from planner.model.cycle_content import State
from planner.model.plan import Deferral, Given, GivenRecord, Plan, Replacement, Scope
from planner.services.telling.change_words import change_words
from planner.services.verbs import editing
from planner.services.verbs.recording import record_given
from planner.services.verbs.rest_of_day import rest_of
from planner.storage.plan_codec import decode, encode
from tests.services.verbs.test_deferring import Course, drug

ASKED = Deferral("a", 1, 8, 2, Scope.DAY, "infection", "fever at noon")
FIVE = (
    drug("vcr", "1, 8, 15"),
    drug("it", "8, 15", agent="methotrexate").replace('"IV"', '"IT"'),
    drug("twice", "8", 'frequency = "twice daily"', agent="etoposide"),
    drug("tki", "1:end", agent="dasatinib").replace('"IV"', '"PO"'),
    drug("steroid", "8", agent="dexamethasone"),
)


def give(course: Course, order: str, number: int = 0, status: Given = Given.GIVEN) -> None:
    told = (date(2026, 3, 9), Decimal(1), "mg") if status is Given.GIVEN else (None, None, "")
    record = GivenRecord("a", 1, 8, order, number, status, *told, "A nurse", "other")
    course.plan = record_given(course.plan, course.schedule(), record, date(2100, 1, 1))


def rest(course: Course, change: Deferral = ASKED) -> None:
    before = course.plan
    change = rest_of(course.plan, change)
    course.plan = editing.defer(course.plan, course.schedule(), change)
    assert decode(encode(course.plan), "p") == course.plan
    assert editing.take_back(course.plan, len(course.plan.modifications)) == before


def refused(act: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value


def deferred(course: Course, **more: object) -> Plan:
    return editing.defer(course.plan, course.schedule(), rest_of(course.plan, replace(ASKED, **more)))


def test_two_of_five_were_given_and_the_others_slip() -> None:
    course = Course(*FIVE)
    give(course, "vcr")
    give(course, "twice", 0)
    whole = refused(lambda: editing.defer(course.plan, course.schedule(), ASKED))
    assert whole.rule == "already given"
    assert "or only the rest of Day 8" in str(whole)
    rest(course)
    assert course.days("vcr") == ["Mon 2", "Mon 9", "Mon 16"]
    assert course.days("twice") == ["Mon 9", "Wed 11"]
    assert course.days("it") == ["Wed 11", "Mon 16"]
    assert course.days("steroid") == ["Wed 11"]
    assert len(course.days("tki")) == 28, "a tablet that runs through the day stays"
    assert course.days("vcr", 2)[0] == "Mon 30"
    words = change_words(course.plan.modifications[-1])
    assert "without what was given before on that day: twice, vcr (infection, fever at noon)" in words


def test_the_rest_of_a_day_stays_where_another_drug_is_given_otherwise_often() -> None:
    """What moves are the protocol's doses: of three in place of two nobody can say which."""
    course = Course(*FIVE)
    give(course, "vcr")
    swap = Replacement("a", 1, 8, "twice", Scope.DAY, "cytarabine", "other", dose="1 mg", doses_per_day=3)
    course.plan = replace(course.plan, modifications=(swap,))
    assert refused(lambda: deferred(course)).rule == "given otherwise often"
    course.plan = replace(course.plan, modifications=(replace(swap, doses_per_day=2),))
    assert deferred(course).modifications


def test_the_rest_of_the_day_takes_what_follows_along() -> None:
    course = Course(*FIVE)
    give(course, "vcr")
    rest(course, replace(ASKED, scope=Scope.FOLLOWING))
    assert course.days("vcr") == ["Mon 2", "Mon 9", "Wed 18"]
    assert course.days("it") == ["Wed 11", "Wed 18"]
    assert course.days("vcr", 2)[0] == "Wed 1"
    rest(course, replace(ASKED, days=1))
    assert course.days("vcr")[1] == "Mon 9"
    assert course.days("it") == ["Thu 12", "Wed 18"]


def test_a_dose_of_a_run_that_was_given_stays_while_the_run_slips() -> None:
    course = Course(drug("run", "8:10", 'frequency = "twice daily"', agent="cytarabine"), drug("vcr", "8"))
    give(course, "run", 0)
    rest(course, replace(ASKED, scope=Scope.CYCLE, days=3))
    assert course.days("run") == ["Mon 9", "Thu 12", "Fri 13", "Fri 13", "Sat 14", "Sat 14"]


def test_a_later_record_of_what_slipped_keeps_both_where_they_were() -> None:
    course = Course(*FIVE)
    give(course, "vcr")
    rest(course)
    record = GivenRecord("a", 1, 8, "it", 0, Given.GIVEN, date(2026, 3, 11), Decimal(1), "mg", "A nurse")
    course.plan = record_given(course.plan, course.schedule(), record, date(2100, 1, 1))
    assert course.days("vcr")[1] == "Mon 9"
    given = [one for one in course.schedule().events if one.state is State.GIVEN]
    assert [(one.placed.order.id, one.date.day) for one in given] == [("vcr", 9), ("it", 11)]


LED = (
    drug("mtx", "8", 'duration = "24 h"', agent="methotrexate"),
    drug("before", "8", 'timing = "1 h before mtx"', agent="dexamethasone"),
    drug("rescue", "9", 'timing = "36 h after start of mtx"', 'frequency = "every 6 h x 4"', agent="leucovorin"),
    drug("vcr", "8"),
)


def test_a_rescue_stays_with_the_methotrexate_that_was_given() -> None:
    course = Course(*LED)
    before = course.days("rescue")
    give(course, "mtx")
    give(course, "before")
    rest(course)
    assert (course.days("rescue"), course.days("mtx"), course.days("vcr")) == (before, ["Mon 9"], ["Wed 11"])


def test_a_rescue_goes_with_the_methotrexate_that_was_not_given() -> None:
    course = Course(*LED)
    before = course.days("rescue")
    give(course, "vcr")
    rest(course)
    assert (course.days("mtx"), course.days("before"), course.days("vcr")) == (["Wed 11"], ["Wed 11"], ["Mon 9"])
    assert [day.split()[1] for day in course.days("rescue")] == [str(int(day.split()[1]) + 2) for day in before]


def test_a_premedication_given_in_vain_is_told_with_the_dose_that_slips() -> None:
    course = Course(*LED)
    give(course, "before")
    rest(course)
    notes = {one.placed.order.id: one.note for one in course.schedule().events if one.placed.cycle == 1}
    assert "dexamethasone, timed by it, was given before it moved" in notes["mtx"]
    assert "given before it moved" not in notes["vcr"]
    assert course.days("before") == ["Mon 9"]


LEVEL = """
[[phases.assessments]]
id = "level"
title = "Methotrexate level"
days = "9:11"
goes_with = "mtx"
evidence = "secondary"
references = ["X1"]
"""
FLUIDS = drug("fluids", "8:11", 'goes_with = "mtx"', agent="cytarabine")


def test_fluids_and_levels_stay_with_the_methotrexate_that_was_given() -> None:
    course = Course(*LED, FLUIDS, LEVEL)
    fluids, levels = course.days("fluids"), course.days("level")
    give(course, "mtx")
    rest(course, replace(ASKED, scope=Scope.FOLLOWING))
    assert (course.days("fluids"), course.days("level")) == (fluids, levels)
    assert course.days("vcr") == ["Wed 11"]
    later = Deferral("a", 1, 9, 3, Scope.CYCLE, "infection")
    found = refused(lambda: editing.defer(Course(*LED, FLUIDS, LEVEL).plan, course.schedule(), replace(later, day=40)))
    assert found.rule == "unknown day"
    course.plan = editing.defer(course.plan, course.schedule(), later)
    assert (course.days("fluids"), course.days("level")) == (fluids, levels), "also when only what follows is deferred"


def test_fluids_and_levels_go_with_the_methotrexate_that_was_not_given() -> None:
    course = Course(*LED, FLUIDS, LEVEL)
    give(course, "vcr")
    rest(course)
    assert course.days("fluids") == ["Wed 11", "Thu 12", "Fri 13", "Sat 14"]
    assert course.days("level") == ["Thu 12", "Fri 13", "Sat 14"]
    alone = Deferral("a", 1, 8, 1, Scope.DAY, "other", order="mtx")
    assert refused(lambda: editing.defer(course.plan, course.schedule(), alone)).rule == "window"
    early = Course(drug("mtx", "8", agent="methotrexate"), drug("before", "6", 'goes_with = "mtx"'))
    early.defer(8, 2, Scope.CYCLE)
    assert early.days("before") == ["Mon 9"], "what comes ahead of the first dose goes with it"


def test_what_is_timed_by_a_given_dose_cannot_be_deferred_alone() -> None:
    course = Course(*LED[:2])
    give(course, "mtx")
    found = refused(lambda: deferred(course))
    assert found.rule == "timed by another"
    assert "stays with it" in str(found)


def test_refusals_name_their_rule_and_what_is_possible() -> None:
    course = Course(*FIVE)
    nothing = refused(lambda: deferred(course))
    assert (nothing.rule, nothing.nearest) == ("nothing given", "whole day")
    give(course, "vcr")
    back = refused(lambda: deferred(course, days=-1))
    assert (back.rule, back.nearest) == ("has begun", "1")
    jump = refused(lambda: deferred(course, days=7))
    assert (jump.rule, jump.nearest) == ("jump", "6")
    unknown = replace(ASKED, kept=(("it", 0),))
    assert refused(lambda: editing.defer(course.plan, course.schedule(), unknown)).rule == "not recorded"
    own = refused(lambda: deferred(course, order="vcr"))
    assert own.rule == "nothing left"
    for order, number in (("it", 0), ("twice", 0), ("twice", 1), ("tki", 0)):
        give(course, order, number)
    give(course, "steroid", status=Given.NOT_GIVEN)
    left = refused(lambda: deferred(course))
    assert left.rule == "nothing left"
    assert "take that record back" in str(left)


def test_the_rest_of_a_day_keeps_off_barred_weekdays_and_keeps_its_distances() -> None:
    barred = Course(*(drug("vcr", "8"), drug("late", "8", 'not_on = "Wed"', agent="etoposide")))
    give(barred, "vcr")
    found = refused(lambda: deferred(barred))
    assert (found.rule, found.nearest) == ("barred weekday", "3")
    near = Course(drug("vcr", "8"), drug("far", "12", 'apart = ["3 days from near"]'), drug("near", "8"))
    give(near, "vcr")
    found = refused(lambda: deferred(near))
    assert (found.rule, found.nearest) == ("too near", "3")


def test_the_rest_of_one_order_moves_inside_its_window() -> None:
    course = Course(
        drug("often", "8", 'frequency = "three times daily"', 'window = "-0/+2"'), drug("y", "8", agent="etoposide")
    )
    give(course, "often", 0)
    rest(course, replace(ASKED, order="often"))
    assert course.days("often") == ["Mon 9", "Wed 11", "Wed 11"]
    assert refused(lambda: deferred(course, order="often", days=1)).rule == "window"
