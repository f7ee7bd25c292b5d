"""Lists of changes and of records name the drug that is given, also where somebody replaced the protocol's."""

from datetime import date

from msgspec.structs import replace

from planner.cli.plan_words import plan_as_text
from planner.model.plan import (
    Addition,
    DoseChange,
    Given,
    GivenRecord,
    Modification,
    Omission,
    Plan,
    Replacement,
    Scope,
    Stop,
)
from planner.services.evaluation import evaluate
from planner.services.telling.change_words import change_words
from planner.services.telling.drugs_given import changes_as_given
from planner.services.telling.preview import preview, preview_lines
from tests.golden.cases import library
from tests.services.courses_at_hand import plan_of, scheduled

DOX, DAUNO, IDA = "doxorubicin", "daunorubicin", "idarubicin"
FIRST, THIRD = "part-a", "part-a-2"
CYCLE = {FIRST: 1, THIRD: 3}


def swap(agent: str = DAUNO, scope: Scope = Scope.ALL, block: str = FIRST) -> Replacement:
    return Replacement(block, CYCLE[block], 4, DOX, scope, agent, "other", dose="45 mg/m2")


def dose(block: str = FIRST, scope: Scope = Scope.ALL) -> DoseChange:
    return DoseChange(block, CYCLE[block], 4, DOX, scope, "toxicity", percent=75)


def course(*changes: Modification) -> Plan:
    return replace(plan_of("hyper-cvad"), modifications=changes)


def named(*changes: Modification) -> list[str]:
    """How the order of each change reads."""
    plan = course(*changes)
    told = changes_as_given(plan, scheduled(plan))
    return [getattr(one, "order", "") for one in told]


def test_the_places_are_there() -> None:
    there = {
        (one.placed.block.id, one.placed.cycle, one.cycle_day, one.placed.order.id)
        for one in scheduled(course()).events
    }
    assert {(FIRST, 1, 4, DOX), (THIRD, 3, 4, DOX)} <= there


IN_PLACE = f"{DAUNO} (in place of {DOX})"


def test_a_change_names_the_drug_that_was_given_when_it_was_made() -> None:
    assert named(dose(), swap(), dose(), dose(THIRD)) == [DOX, DOX, IN_PLACE, IN_PLACE]
    assert named(swap(block=THIRD), dose(FIRST, Scope.DAY)) == [DOX, DOX]
    assert named(swap(), swap(IDA), Stop(THIRD, 3, 4, Scope.CYCLE, "other", order=DOX)) == [
        DOX,
        IN_PLACE,
        f"{IDA} (in place of {DOX})",
    ]
    assert named(swap(scope=Scope.DAY), Omission(FIRST, 1, 4, DOX, "other"), Omission(THIRD, 3, 4, DOX, "other")) == [
        DOX,
        IN_PLACE,
        DOX,
    ]


def test_a_change_that_reaches_both_drugs_names_both() -> None:
    both = f"{DOX} (where it is replaced: {DAUNO})"
    assert named(swap(scope=Scope.DAY), dose()) == [DOX, both]
    assert named(swap(block=THIRD), dose()) == [DOX, both]
    assert named(swap(block=THIRD), dose(scope=Scope.FOLLOWING)) == [DOX, DOX]
    assert named(swap(), swap(IDA, Scope.DAY), dose()) == [
        DOX,
        IN_PLACE,
        f"{DOX} (where it is replaced: {IDA}, {DAUNO})",
    ]


def test_what_was_added_after_a_replacement_keeps_its_name() -> None:
    more = Addition(FIRST, 1, "more", DOX, "antineoplastic", "IV", (8,), "other", dose="10 mg")
    change = DoseChange(FIRST, 1, 8, "more", Scope.CYCLE, "toxicity", percent=50)
    assert named(swap(), more, change) == [DOX, "more", f"{DOX} (more)"]
    assert named(more, swap(), change) == ["more", DOX, f"{DAUNO} (in place of more)"]


def test_lists_sheets_and_records_name_it() -> None:
    plan = course(swap(), dose())
    shown = evaluate(plan, library())
    said = f"Dose of {IN_PLACE} 75 % from C1 D4 of "
    assert f"2. {said}{FIRST} on, in all later blocks too (toxicity)" in plan_as_text(shown, date(2026, 1, 5))
    given = GivenRecord(FIRST, 1, 4, DOX, 0, Given.GIVEN, date(2026, 1, 8), None, "mg", "A. P.")
    after = evaluate(replace(plan, given=(given,)), library())
    line = f"{FIRST} C1 D4 {IN_PLACE}: given on Thu 08-Jan-2026 (A. P.)"
    named = line.replace(FIRST, shown.schedule.block(FIRST).title)
    assert f"recorded: {named}" in preview_lines(preview(shown, after))
    assert f"  {line}" in plan_as_text(after, date(2026, 1, 9)).splitlines()


def test_without_a_replacement_an_order_of_another_id_has_the_name_of_its_drug() -> None:
    plan = course(dose())
    assert changes_as_given(plan, scheduled(plan)) == plan.modifications
    left = Omission(FIRST, 1, 4, "vincristine-day-4-11", "toxicity")
    assert named(dose(), left) == [DOX, "vincristine (vincristine-day-4-11)"]
    missed = GivenRecord(FIRST, 1, 4, left.order, 0, Given.NOT_GIVEN, None, None, "", "A. P.", "other")
    shown = evaluate(replace(plan, given=(missed,)), library())
    line = f"  {FIRST} C1 D4 vincristine (vincristine-day-4-11): not given: other (A. P.)"
    assert line in plan_as_text(shown, date(2026, 1, 9)).splitlines()


def test_everything_of_a_day_and_what_no_protocol_has_keep_their_words() -> None:
    assert named(Omission(FIRST, 1, 4, "", "toxicity"), Omission(FIRST, 1, 1, "heart", "other")) == ["", "heart"]


def test_a_change_of_a_block_that_is_not_on_the_schedule_is_named_by_its_order() -> None:
    plan = replace(plan_of("d-alba"), modifications=(replace(swap(), block="blinatumomab-further"),))
    told = replace(plan, modifications=(*plan.modifications, replace(dose(), block="blinatumomab-further", cycle=3)))
    shown = changes_as_given(told, scheduled(told))
    assert [change_words(one).split(" ")[2 if number else 1] for number, one in enumerate(shown)] == [DOX, DAUNO]
