"""Moves by each order's own rule: barred weekdays, listed days, distances, and what is timed by another order."""

from datetime import date
from decimal import Decimal

import pytest

from planner.assembly.assemble import assemble
from planner.errors import Refusal
from planner.model.plan import Deferral, Given, GivenRecord, Scope
from planner.model.schedule import Schedule
from planner.model.site import Site
from planner.services.closed_days import Closed, clear_closed
from planner.services.verbs.editing import defer
from planner.services.verbs.recording import record_given
from planner.storage.plan_codec import decode, encode
from tests.builders import placed
from tests.golden.cases import PATIENTS

MONDAY = date(2026, 3, 2)
HEAD = """
id = "made-up"
title = "Made up"
version = "1"
status = "draft"
disease = "none"
population = "anybody"
[references]
X1 = { text = "invented", url = "" }
[[phases]]
id = "a"
title = "A"
cycle_days = 28
cycles = 2
start = "protocol start"
"""
DRUG = """
[[phases.orders]]
id = "{id}"
agent = "{agent}"
role = "antineoplastic"
route = "IV"
days = "{days}"
dose = "1 mg"
evidence = "secondary"
references = ["X1"]
"""


class Course:
    """A plan of one made-up phase of two cycles from a Monday on."""

    def __init__(self, *orders: str) -> None:
        self.plan, self.protocols = placed(HEAD + "".join(orders), PATIENTS["adult"], MONDAY)

    def schedule(self) -> Schedule:
        return assemble(self.plan, self.protocols, {}, Site())

    def defer(self, day: int, days: int, scope: Scope = Scope.DAY, order: str = "") -> None:
        deferral = Deferral("a", 1, day, days, scope, "other", order=order)
        self.plan = defer(self.plan, self.schedule(), deferral)
        assert decode(encode(self.plan), "p") == self.plan

    def days(self, order: str, cycle: int = 1) -> list[str]:
        """Weekday and day of the month of an order's doses."""
        found = [one for one in self.schedule().events if (one.placed.order.id, one.placed.cycle) == (order, cycle)]
        return [one.date.strftime("%a %-d") for one in found]


def drug(name: str, days: str, *more: str, agent: str = "vincristine") -> str:
    return DRUG.format(id=name, agent=agent, days=days) + "\n".join(more) + "\n"


def test_a_record_moves_no_other_dose_out_of_a_cycle_that_an_end_rule_cuts() -> None:
    """Made at its planned length, the weekend's doses moved to a Monday behind the end, and were gone."""
    ends = 'ends = [{ until = "1 months after a day 5" }]\n'
    course = Course(ends, drug("x", "1, 6, 7", 'not_on = "Sat, Sun"', 'window = "-0/+2"'))
    assert course.days("x", 2) == ["Mon 30", "Sat 4", "Sun 5"]
    record = GivenRecord("a", 2, 1, "x", 0, Given.GIVEN, date(2026, 3, 30), Decimal(1), "mg", "A nurse")
    course.plan = record_given(course.plan, course.schedule(), record, date(2026, 6, 1))
    assert course.days("x", 2) == ["Mon 30", "Sat 4", "Sun 5"]


def test_a_deferral_onto_a_barred_weekday_goes_on_to_the_nearest_day_of_the_window() -> None:
    course = Course(drug("x", "1, 15", 'not_on = "Sat, Sun"', 'window = "-1/+2"'), drug("y", "1", agent="methotrexate"))
    course.defer(1, 5, Scope.FOLLOWING)
    assert course.days("y") == ["Sat 7"]
    assert course.days("x") == ["Mon 9", "Mon 23"]
    moved = next(one for one in course.schedule().events if one.placed.order.id == "x")
    assert "would be a Sat, which the protocol excludes" in moved.note
    assert course.days("x", 2)[0] == "Mon 6", "the next cycle starts on a Saturday, and its own days make way"


def test_a_deferral_onto_a_barred_weekday_is_refused_with_the_nearest_days_where_no_other_is_accepted() -> None:
    course = Course(drug("x", "1, 15", 'not_on = "Sat, Sun"'))
    with pytest.raises(Refusal, match=r"excludes, and no other day is accepted; move by \+4 or \+7 days") as caught:
        course.defer(1, 5, Scope.FOLLOWING)
    assert (caught.value.rule, caught.value.nearest) == ("barred weekday", "4")
    course.defer(1, int(caught.value.nearest), Scope.FOLLOWING)
    assert course.days("x") == ["Fri 6", "Fri 20"]


def test_one_dose_moves_to_the_days_its_order_lists_and_to_no_barred_one() -> None:
    course = Course(drug("x", "4 or 5 or 6 or 8", 'not_on = "Sat, Sun"'))
    for days in (2, 3):
        with pytest.raises(Refusal, match="on Thu 05-Mar-2026 or Fri 06-Mar-2026 or Mon 09-Mar-2026"):
            course.defer(4, days, order="x")
    course.defer(4, 4, order="x")
    assert course.days("x") == ["Mon 9"]


def test_a_dose_that_made_way_for_a_weekday_goes_back_to_its_own_day_where_that_is_free_after_a_deferral() -> None:
    course = Course(drug("x", "6 or 7 or 8", 'not_on = "Sat, Sun"'), drug("y", "1", agent="methotrexate"))
    assert course.days("x") == ["Mon 9"]
    course.defer(1, 5, Scope.FOLLOWING)
    assert course.days("x") == ["Thu 12"]


def test_closed_days_shift_each_order_by_its_own_rule() -> None:
    course = Course(
        drug("listed", "4 or 5 or 6 or 8", 'not_on = "Sat, Sun"'),
        drug("window", "4", 'window = "-2/+1"', agent="methotrexate"),
        drug("fixed", "4", agent="etoposide"),
    )
    closed = Closed(days=frozenset({date(2026, 3, 5), date(2026, 3, 6)}))
    found = clear_closed(course.plan, course.schedule(), closed)
    course.plan = found.plan
    assert course.days("listed") == ["Mon 9"]
    assert course.days("window") == ["Wed 4"]
    assert course.days("fixed") == ["Thu 5"]
    assert [event.placed.order.id for event, _ in found.left] == ["fixed"]


def test_a_single_dose_keeps_its_distance_to_another_order() -> None:
    near = drug("x", "8", 'window = "-3/+3"', 'apart = ["3 days from y"]')
    course = Course(near, drug("y", "12", agent="methotrexate"))
    with pytest.raises(Refusal, match="nearer than 3 days"):
        course.defer(8, 2, order="x")
    course.defer(8, 1, order="x")


ASKED = """
[[decisions]]
id = "answer"
question = "Yes or no?"
phase = "a"
cycle = 1
day = 60
expected = "yes"
choices = [{ id = "yes", title = "Yes" }, { id = "no", title = "No" }]
evidence = "secondary"
references = ["X1"]
"""

RESCUE = (
    drug("mtx", "1", 'duration = "24 h"', 'window = "-0/+2"', agent="methotrexate"),
    drug("before", "1", 'timing = "1 h before mtx"', agent="dexamethasone"),
    drug("rescue", "2", 'timing = "36 h after start of mtx"', 'frequency = "every 6 h x 8"', agent="leucovorin"),
    drug("other", "10"),
)


def test_what_is_timed_by_a_dose_moves_with_it_whatever_the_scope() -> None:
    course = Course(*RESCUE)
    planned = course.days("rescue")
    assert (course.days("mtx"), planned[0], planned[-1]) == (["Mon 2"], "Tue 3", "Thu 5")
    course.defer(1, 2)
    assert course.days("mtx") == ["Wed 4"]
    assert course.days("before") == ["Wed 4"]
    assert [int(day.split()[1]) for day in course.days("rescue")] == [int(day.split()[1]) + 2 for day in planned]
    assert course.days("other") == ["Wed 11"]
    alone = Course(*RESCUE)
    alone.defer(1, 1, order="mtx")
    assert [int(day.split()[1]) for day in alone.days("rescue")] == [int(day.split()[1]) + 1 for day in planned]


def test_a_rescue_stays_with_the_methotrexate_before_it_when_only_what_follows_is_deferred() -> None:
    course = Course(*RESCUE)
    planned = course.days("rescue")
    course.defer(10, 3, Scope.FOLLOWING)
    assert course.days("rescue") == planned
    with pytest.raises(Refusal, match=r"moves with methotrexate C1 D1; defer that one's day") as refused:
        course.defer(2, 1)
    assert (refused.value.rule, refused.value.nearest) == ("timed by another", "1")


def test_a_day_on_which_there_is_nothing_to_hang_on_moves_by_itself() -> None:
    loose = drug("loose", "2, 20", 'timing = "36 h after start of mtx"', agent="leucovorin")
    course = Course(*RESCUE[:1], loose, drug("other", "10"))
    assert course.days("loose") == ["Tue 3", "Sat 21"]
    course.defer(10, 3, Scope.FOLLOWING)
    assert course.days("loose") == ["Tue 3", "Tue 24"]


def test_a_question_and_a_day_of_a_daily_run_do_not_move_alone() -> None:
    course = Course(drug("x", "1:5", 'window = "-1/+1"'), ASKED.replace("day = 60", "day = 9"))
    for day, order in ((2, "x"), (9, "answer")):
        with pytest.raises(Refusal, match="runs daily"):
            course.defer(day, 1, order=order)
    with pytest.raises(Refusal, match="more often than once a week"):
        course.defer(1, 1, Scope.CYCLE, order="x")


def test_daily_doses_do_not_run_into_the_next_cycle_and_none_comes_twice() -> None:
    course = Course(drug("x", "1:20"), drug("y", "1, 8", agent="methotrexate"))
    with pytest.raises(Refusal, match="at most 8 days") as caught:
        course.defer(1, 9, Scope.CYCLE)
    assert caught.value.nearest == "8"
    assert "C1 would run into " in str(caught.value)
    assert 'move it by at most 8 days, or use the scope "following", which moves that too' in str(caught.value)
    course.defer(1, 8, Scope.CYCLE)
    with pytest.raises(Refusal, match="there is no room") as caught:
        course.defer(1, 1, Scope.CYCLE)
    assert caught.value.nearest == "following"
    with pytest.raises(Refusal, match="already; it cannot come earlier") as caught:
        course.defer(5, -1, Scope.FOLLOWING)
    assert caught.value.nearest == ""


def test_the_number_that_a_refusal_names_is_one_that_is_taken() -> None:
    """ "At most 29 days earlier" was refused with "at most 28", and so on down to 14."""
    course = Course(drug("x", "1, 5, 9, 20"))
    with pytest.raises(Refusal, match="at most 10 days earlier") as caught:
        course.defer(20, -18, Scope.FOLLOWING)
    assert caught.value.nearest == "-10"
    course.defer(20, -10, Scope.FOLLOWING)


def test_a_cycle_that_is_shortened_knows_no_decision_before_its_day() -> None:
    asks = drug("x", "1, 27", "stays = true", 'when = "decision.answer = yes"', 'changes = "at once"')
    course = Course(drug("y", "1, 3", agent="methotrexate"), asks, ASKED)
    assert course.days("x") == []
    course.defer(1, -25, Scope.FOLLOWING)
    assert course.days("y", 2) == ["Thu 5", "Sat 7"]
    assert course.days("x") == [], "the decision falls after the cycle, however short that is"
