"""What differs between two texts, and between a plan and its protocols."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from planner.model.plan import Omission
from planner.paths import resources
from planner.services.demo import demo_plan
from planner.services.telling.comparing import as_planned, changed_parts, line_changes

LINES = st.lists(st.sampled_from("abcdef"), max_size=12)


@given(LINES, LINES)
def test_the_changes_hold_every_line_that_only_one_side_has(one, other):
    changes = line_changes(one, other)
    left, right = [change.one for change in changes if change.one], [change.other for change in changes if change.other]
    kept_of_one, kept_of_other = list(one), list(other)
    for line in left:
        kept_of_one.remove(line)
    for line in right:
        kept_of_other.remove(line)
    assert sorted(kept_of_one) == sorted(kept_of_other)
    assert (not changes) == (one == other)
    assert all(change.one != change.other for change in changes)


def test_only_parts_that_differ_are_named_in_their_order():
    one, other = {"About": ["a"], "Entry": ["b"], "Old": ["c"]}, {"About": ["a"], "Entry": ["x"], "New": ["d"]}
    parts = changed_parts(one, other)
    assert [heading for heading, _ in parts] == ["Entry", "Old", "New"]
    assert [(change.one, change.other) for _, changes in parts for change in changes] == [
        ("b", "x"),
        ("c", ""),
        ("", "d"),
    ]


def test_a_plan_as_its_protocols_give_it_keeps_blocks_and_answers():
    plan = demo_plan(resources())
    changed = replace(plan, modifications=(*plan.modifications, Omission("blinatumomab", 1, 1, "", "other")))
    untouched = as_planned(changed)
    assert untouched.modifications == untouched.given == ()
    assert replace(untouched, modifications=plan.modifications, given=plan.given) == plan
