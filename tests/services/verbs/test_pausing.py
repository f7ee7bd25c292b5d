"""Hold and resume, skip, repeat, stop: what moves, what stays, what is refused."""

from datetime import date

import pytest

from planner.errors import Refusal
from planner.model.cycle_content import State
from planner.model.plan import (
    Addition,
    BagPlan,
    DecisionTaken,
    Given,
    GivenRecord,
    Hold,
    Plan,
    Repetition,
    Replacement,
    Scope,
    Skip,
    Stop,
)
from planner.services.evaluation import evaluate
from planner.services.verbs import editing, recording
from planner.services.verbs.pausing import hold, open_hold, resume, skip, stop
from planner.services.verbs.redosing import add_order, replace_agent
from planner.services.verbs.repeating import repeat_cycle
from tests.golden.cases import library
from tests.services.courses_at_hand import AGENTS, days, events, plan_of, protocols_of, scheduled, starts, states

BLINA = "blinatumomab"


def decided() -> Plan:
    """D-ALBA from 5 January 2026 with its first decision taken: blinatumomab is firm from 7 April on."""
    plan = plan_of("d-alba")
    taken = DecisionTaken("d-alba", "response", "chr", date(2026, 4, 6), "A. P.")
    return editing.decide(plan, protocols_of(plan), taken)


def held(plan: Plan, day: int, cycle: int = 1, order: str = "", scope: Scope = Scope.FOLLOWING) -> Plan:
    change = Hold(BLINA, cycle, day, "toxicity", "CRS", 3, order, scope)
    return hold(plan, scheduled(plan), change)


def gone_on(plan: Plan, on: date, order: str = "", hours: int | None = None) -> tuple[Plan, tuple[str, ...]]:
    done = resume(plan, scheduled(plan), AGENTS, (BLINA, order), on, hours)
    return done.plan, done.words


def test_why_it_goes_on_stands_behind_why_it_was_held_in_all_that_comes_of_it() -> None:
    for order, on in (("", date(2026, 4, 22)), ("", date(2026, 5, 22)), ("dasatinib", date(2026, 4, 28))):
        paused = held(decided(), 10, order=order)
        done = resume(paused, scheduled(paused), AGENTS, (BLINA, order), on, note="afebrile")
        told = [one for one in done.plan.modifications if "afebrile" in one.note]
        assert {(one.reason, one.grade) for one in told} == {("toxicity", 3)}
        assert all("CRS; afebrile" in one.note for one in told)


def test_a_held_block_pauses_and_what_hangs_on_it_is_provisional() -> None:
    plan = decided()
    paused = held(plan, 10)
    assert days(paused, BLINA) == days(plan, BLINA)
    infusion = states(paused, BLINA, BLINA, 1)
    assert infusion[:9] == [(day, "planned") for day in range(1, 10)]
    assert infusion[9:] == [(day, "held") for day in range(10, 29)]
    assert {state for _, state in states(paused, BLINA, BLINA, 2)} == {"held"}
    assert {state for _, state in states(paused, BLINA, "dasatinib")} == {"planned"}
    followers = [block for block in scheduled(paused).blocks if block.id == "tki-maintenance"]
    assert [block.provisional for block in followers] == [True]
    assert any("on hold from C1 D10" in line for line in scheduled(paused).block(BLINA).why)


def test_a_stop_of_five_days_goes_on_to_28_infusion_days_with_premedication_again() -> None:
    plan = decided()
    after, words = gone_on(held(plan, 10), date(2026, 4, 21))
    infusion = days(after, BLINA, BLINA, 1)
    assert len(infusion) == 28
    assert infusion[8:10] == [(9, "2026-04-15"), (10, "2026-04-21")]
    assert infusion[-1] == (28, "2026-05-09")
    premedication = [one for one in events(after, BLINA, "dexamethasone", 1) if one.placed.role == "premedication"]
    assert [one.date.isoformat() for one in premedication] == ["2026-04-07", "2026-04-21"]
    assert premedication[0].dose is not None
    assert premedication[1].dose is not None
    assert premedication[0].dose.value == premedication[1].dose.value
    assert premedication[1].dose.origin == "typed"
    assert [one.minute for one in premedication] == [8 * 60, 8 * 60], "1 h before the day's infusion, now as at first"
    assert [one.moved_from for one in premedication] == [None, None], "the second one was never due on another day"
    assert events(after, BLINA, BLINA, 1)[9].moved_from == date(2026, 4, 16).toordinal()
    assert len(events(after, BLINA, "dasatinib", 1)) == 42 + 5
    assert days(after, BLINA, "dasatinib", 2)[0] == (1, "2026-05-24")
    assert any("4 h or more" in line for line in words)
    assert open_hold(after, BLINA) is None


def test_a_stop_of_ten_days_is_a_new_cycle_and_the_tki_runs_through() -> None:
    plan = decided()
    after, words = gone_on(held(plan, 10), date(2026, 4, 26))
    assert days(after, BLINA, BLINA)[-1] == (9, "2026-04-15")
    assert days(after, f"{BLINA}-again", BLINA)[0] == (1, "2026-04-26")
    assert len(events(after, f"{BLINA}-again", BLINA)) == 28
    assert starts(after)[f"{BLINA}-rest"] == "2026-06-07"
    assert days(after, f"{BLINA}-rest", BLINA)[0] == (1, "2026-06-07")
    tki = sorted(
        event.day for event in scheduled(after).events if event.placed.agent == "dasatinib" and BLINA in event.placed.id
    )
    assert tki == list(range(date(2026, 4, 7).toordinal(), date(2026, 7, 19).toordinal()))
    assert "more than 7" in words[0]
    decisions = [one for one in scheduled(after).decisions if one.decision.id == "after-cycle-2"]
    assert [one.block for one in decisions] == [f"{BLINA}-rest"]


@pytest.mark.parametrize(("days_off", "blocks"), [(7, 1), (8, 3)])
def test_seven_days_are_the_limit_of_one_cycle(days_off: int, blocks: int) -> None:
    plan = decided()
    on = date.fromordinal(date(2026, 4, 16).toordinal() + days_off)
    after, _ = gone_on(held(plan, 10), on)
    assert sum(block.id.startswith(BLINA) for block in scheduled(after).blocks) == blocks


def test_a_stop_told_in_hours_is_told_in_hours() -> None:
    _, words = gone_on(held(decided(), 10), date(2026, 4, 23), hours=170)
    assert "stopped 170 h, more than 7 days" in words[0]


@pytest.mark.parametrize(("hours", "premedications"), [(3, 1), (4, 2)])
def test_four_hours_bring_premedication_again_without_moving_a_date(hours: int, premedications: int) -> None:
    plan = decided()
    after, _ = gone_on(held(plan, 10), date(2026, 4, 16), hours=hours)
    assert days(after, BLINA, BLINA) == days(plan, BLINA, BLINA)
    given = [one for one in events(after, BLINA, "dexamethasone", 1) if one.placed.role == "premedication"]
    assert len(given) == premedications


def test_a_pause_before_the_infusion_begins_only_moves_it() -> None:
    after, _ = gone_on(held(decided(), 1), date(2026, 4, 27))
    assert days(after, BLINA, BLINA)[0] == (1, "2026-04-27")
    assert len(events(after, BLINA, "dexamethasone", 1)) == 1


def test_a_held_drug_is_left_out_until_it_goes_on_and_nothing_moves() -> None:
    plan = decided()
    paused = held(plan, 20, order="dasatinib", scope=Scope.ALL)
    assert {state for _, state in states(paused, "tki-maintenance", "dasatinib")} == {"held"}
    assert {state for _, state in states(paused, BLINA, BLINA)} == {"planned"}
    after, _ = gone_on(paused, date(2026, 5, 6), order="dasatinib")
    left_out = [event.date.isoformat() for event in events(after, BLINA, "dasatinib") if event.state == "omitted"]
    assert left_out == [date.fromordinal(day).isoformat() for day in range(739732, 739742)]
    assert left_out[0] == "2026-04-26"
    assert left_out[-1] == "2026-05-05"
    assert days(after, BLINA) == days(plan, BLINA)
    assert {state for _, state in states(after, "tki-maintenance", "dasatinib")} == {"provisional"}


def test_a_skipped_cycle_keeps_its_days_or_closes_up() -> None:
    plan = plan_of("pomp")
    block = plan.blocks[0].id
    kept = skip(plan, scheduled(plan), Skip(block, 2, "infection"))
    assert days(kept, block) == days(plan, block)
    assert {state for _, state in states(kept, block, cycle=2)} == {"omitted"}
    closed = skip(plan, scheduled(plan), Skip(block, 2, "infection", closes=True))
    assert events(closed, block, cycle=2) == []
    before = scheduled(plan).block(block)
    assert scheduled(closed).block(block).cycles[1].start == before.cycles[1].start
    assert scheduled(closed).block(block).cycles[1].number == 3
    assert len(events(closed, block, cycle=3)) == len(events(plan, block, cycle=3))


@pytest.mark.parametrize("closing", [Skip, Stop])
def test_what_a_cycle_that_closes_up_asks_is_asked_in_the_one_before_it(closing) -> None:
    """Blocks that wait for the answer would be provisional for ever, and no sheet would name the question."""
    plan = plan_of("blinatumomab-rr")
    (asked,) = [one for one in scheduled(plan).decisions if one.decision.id == "response"]
    gone = Skip(asked.block, 2, "other", closes=True)
    if closing is Stop:
        gone = Stop(asked.block, 2, 1, Scope.FOLLOWING, "other", closes=True)
    verb = skip if closing is Skip else stop
    closed = verb(plan, scheduled(plan), gone)
    (again,) = [one for one in scheduled(closed).decisions if one.decision.id == "response"]
    (cycle,) = scheduled(closed).block(asked.block).cycles
    assert (again.block, again.day, again.choice) == (asked.block, cycle.end - 1, None)
    taken = DecisionTaken(asked.group, "response", "remission", date(2026, 3, 1), "A. P.")
    answered, whole = (scheduled(editing.decide(one, protocols_of(one), taken)) for one in (closed, plan))
    assert [one.choice for one in answered.decisions if one.decision.id == "response"] == ["remission"]
    assert [one.provisional for one in answered.blocks] == [one.provisional for one in whole.blocks]


def test_a_first_cycle_that_asks_what_nobody_answered_does_not_close_up() -> None:
    plan = plan_of("d-alba")
    early = Stop("induction", 1, 1, Scope.FOLLOWING, "other", closes=True)
    with pytest.raises(Refusal, match=r"is asked in that cycle; answer it first"):
        stop(plan, scheduled(plan), early)


def test_a_repeated_cycle_comes_after_itself_and_all_else_follows() -> None:
    plan = decided()
    after = repeat_cycle(plan, scheduled(plan), Repetition("", BLINA, 1, "other"), 3)
    assert [block.id for block in scheduled(after).blocks][2:5] == [BLINA, f"{BLINA}-again", f"{BLINA}-rest"]
    assert starts(after)[f"{BLINA}-again"] == "2026-05-22"
    assert starts(after)[f"{BLINA}-rest"] == "2026-07-03"
    assert starts(after)["tki-maintenance"] == "2026-08-14"
    assert len(events(after, f"{BLINA}-again", BLINA)) == 28
    assert after.blocks[-1].start.after in {block.id for block in after.blocks}


@pytest.mark.parametrize("act", ["replace", "stop"])
def test_a_drug_taken_off_in_all_that_follows_does_not_come_back_in_the_cycle_given_again(act: str) -> None:
    """The change was made for Day 8, the pump stopped on Day 5: Day 8 had moved into the new cycle by then."""
    plan = decided()
    why = ("toxicity", "effusion", 3)
    off = next(one for one in events(plan, BLINA, "dasatinib", 1) if one.cycle_day == 8)
    order = off.placed.order.id
    if act == "replace":
        swap = Replacement(BLINA, 1, 8, order, Scope.ALL, "ponatinib", "toxicity", dose="30 mg")
        plan = replace_agent(plan, scheduled(plan), AGENTS, swap)
    else:
        plan = stop(plan, scheduled(plan), Stop(BLINA, 1, 8, Scope.ALL, *why, order=order))
    plan = hold(plan, scheduled(plan), Hold(BLINA, 1, 5, *why))
    start = scheduled(plan).block(BLINA).start
    again, _ = gone_on(plan, date.fromordinal(start + 12))
    assert f"{BLINA}-again" in {one.id for one in again.blocks}
    due = (State.PLANNED, State.PROVISIONAL)
    left = [one.day for one in scheduled(again).events if one.placed.agent == "dasatinib" and one.state in due]
    assert max(left) < off.day


def test_who_goes_on_with_what_is_not_held_is_told_what_is() -> None:
    plan = held(decided(), 10, order="dasatinib")
    with pytest.raises(Refusal, match="blinatumomab itself is not on hold, its drug is: resume dasatinib") as refused:
        gone_on(plan, date(2026, 4, 21))
    assert (refused.value.rule, refused.value.nearest) == ("not held", "dasatinib")
    with pytest.raises(Refusal, match="on hold: none"):
        gone_on(decided(), date(2026, 4, 21))


@pytest.mark.parametrize(
    ("until", "blocks"),
    [
        (date(2026, 4, 21), [BLINA]),
        (date(2026, 5, 19), [BLINA]),
        (date(2026, 5, 25), [BLINA, f"{BLINA}-again"]),
        (date(2026, 7, 5), [BLINA, f"{BLINA}-again", f"{BLINA}-rest"]),
    ],
)
def test_a_drug_hold_goes_to_the_parts_that_begin_before_it_ends(until: date, blocks: list[str]) -> None:
    plan, _ = gone_on(held(decided(), 10, order="dasatinib"), until, "dasatinib")
    repeated = again(plan)
    assert [starts(repeated)[f"{BLINA}-{part}"] for part in ("again", "rest")] == ["2026-05-19", "2026-06-30"]
    assert [one.block for one in repeated.modifications if isinstance(one, Hold)] == blocks
    tablets = [one for one in scheduled(repeated).events if one.placed.agent == "dasatinib"]
    given = {one.date for one in tablets if one.state is State.PLANNED}
    assert date(2026, 4, 15) in given
    assert not any(date(2026, 4, 16) <= day < until for day in given)
    assert until in given


@pytest.mark.parametrize("on", [date(2026, 4, 21), date(2026, 4, 26)])
def test_an_infusion_held_by_its_name_goes_on_as_its_block_does(on: date) -> None:
    plan = decided()
    whole, by_name = held(plan, 10), held(plan, 10, order=BLINA)
    assert gone_on(by_name, on, order=BLINA) == gone_on(whole, on)


def test_where_other_treatment_would_move_the_infusion_s_days_are_left_out_and_that_is_said() -> None:
    plan = plan_of("hyper-cvad-blinatumomab")
    first = events(plan, "blinatumomab", agent=BLINA)[0]
    extra = Addition(
        "blinatumomab", 1, "methotrexate-it", "methotrexate", "intrathecal", "IT", (20,), "other", "", 0, "12 mg"
    )
    plan = add_order(plan, scheduled(plan), AGENTS, extra)
    paused = hold(plan, scheduled(plan), Hold("blinatumomab", 1, 10, "toxicity", order=first.placed.order.id))
    done = resume(
        paused, scheduled(paused), AGENTS, ("blinatumomab", first.placed.order.id), date.fromordinal(first.day + 13)
    )
    assert "hold the whole block" in done.words[-1]
    left_out = [one for one in events(done.plan, "blinatumomab", agent=BLINA, cycle=1) if one.state is State.OMITTED]
    assert [one.cycle_day for one in left_out] == [10, 11, 12, 13]


def test_a_drug_hold_outlasts_an_interruption_that_begins_the_cycle_anew() -> None:
    """The cycle ends early, so the new one begins before the end that the old schedule gives it."""
    tablets, _ = gone_on(held(decided(), 5, order="dasatinib"), date(2026, 4, 28), "dasatinib")
    after, words = gone_on(held(tablets, 6), date(2026, 4, 22))
    assert words[0].startswith("a new cycle")
    assert starts(after)[f"{BLINA}-again"] == "2026-04-22"
    assert [one.block for one in after.modifications if isinstance(one, Hold)] == [BLINA, f"{BLINA}-again"]
    assert states(after, f"{BLINA}-again", "dasatinib")[:7] == [
        *((day, "omitted") for day in range(1, 7)),
        (7, "planned"),
    ]


def again(plan: Plan) -> Plan:
    return repeat_cycle(plan, scheduled(plan), Repetition("", BLINA, 1, "other"))


def test_a_stop_reaches_as_far_as_told() -> None:
    plan = decided()
    cycle = stop(plan, scheduled(plan), Stop(BLINA, 1, 15, Scope.CYCLE, "toxicity"))
    assert [state for _, state in states(cycle, BLINA, BLINA, 1)] == ["planned"] * 14 + ["stopped"] * 14
    assert {state for _, state in states(cycle, BLINA, BLINA, 2)} == {"planned"}
    assert {state for _, state in states(cycle, BLINA, "dasatinib")} == {"planned"}
    block = stop(plan, scheduled(plan), Stop(BLINA, 1, 15, Scope.FOLLOWING, "toxicity"))
    assert {state for _, state in states(block, BLINA, BLINA, 2)} == {"stopped"}
    assert "planned" not in {state for _, state in states(block, BLINA, "dasatinib", 2)}
    assert starts(block) == starts(plan)
    everything = stop(plan, scheduled(plan), Stop(BLINA, 1, 15, Scope.ALL, "patient choice"))
    assert {state for _, state in states(everything, "tki-maintenance")} == {"stopped"}
    drug = stop(plan, scheduled(plan), Stop(BLINA, 1, 15, Scope.ALL, "toxicity", order="dasatinib"))
    assert {state for _, state in states(drug, "tki-maintenance", "dasatinib")} == {"stopped"}
    assert {state for _, state in states(drug, BLINA, BLINA)} == {"planned"}


def test_a_stop_that_closes_up_moves_what_follows() -> None:
    plan = decided()
    after = stop(plan, scheduled(plan), Stop(BLINA, 1, 15, Scope.FOLLOWING, "toxicity", closes=True))
    assert days(after, BLINA, BLINA)[-1] == (14, "2026-04-20")
    assert starts(after)["tki-maintenance"] == "2026-04-21"


def given(plan: Plan, day: int) -> Plan:
    planned = events(plan, BLINA, BLINA, 1)[day - 1]
    assert planned.dose is not None
    dose = planned.dose
    record = GivenRecord(BLINA, 1, day, BLINA, 0, Given.GIVEN, planned.date, dose.value, dose.unit, "A. P.")
    return recording.record_given(plan, scheduled(plan), record, date(2027, 1, 1))


@pytest.mark.parametrize(
    ("edit", "rule", "nearest"),
    [
        (lambda plan: held(held(plan, 10), 12), "held already", ""),
        (lambda plan: held(plan, 99), "unknown day", "42"),
        (lambda plan: held(plan, 10, cycle=9), "unknown cycle", "2"),
        (lambda plan: held(plan, 10, order="dasatinb"), "unknown name", "dasatinib"),
        (lambda plan: held(plan, 10, scope=Scope.ALL), "wrong scope", "following"),
        (lambda plan: held(given(plan, 10), 10), "already given", "11"),
        (lambda plan: gone_on(plan, date(2026, 4, 20))[0], "not held", ""),
        (lambda plan: gone_on(held(plan, 10), date(2026, 4, 1))[0], "before the hold", "2026-04-16"),
        (lambda plan: hold(plan, scheduled(plan), Hold(BLINA, 1, 10, "fever")), "unknown reason", "other"),
        (lambda plan: hold(plan, scheduled(plan), Hold(BLINA, 1, 10, "infektion")), "unknown reason", "infection"),
        (lambda plan: hold(plan, scheduled(plan), Hold(BLINA, 1, 10, "toxicity", "", 7)), "unknown grade", "5"),
        (
            lambda plan: hold(plan, scheduled(plan), Hold(BLINA, 1, 1, "other", until=date(2026, 5, 1))),
            "end not known",
            "",
        ),
        (
            lambda plan: hold(plan, scheduled(plan), Hold("blinatumomb", 1, 1, "other")),
            "unknown name",
            "blinatumomab",
        ),
        (
            lambda plan: hold(plan, scheduled(plan), Hold("blinatumomab-further", 3, 1, "other")),
            "no dates",
            "",
        ),
        (lambda plan: stop(plan, scheduled(plan), Stop(BLINA, 1, 10, Scope.DAY, "other")), "wrong scope", "cycle"),
        (
            lambda plan: stop(plan, scheduled(plan), Stop(BLINA, 1, 10, Scope.ALL, "other", closes=True)),
            "wrong scope",
            "following",
        ),
        (lambda plan: skip(plan, scheduled(plan), Skip("induction", 1, "other", closes=True)), "only cycle", ""),
        (lambda plan: skip(given(plan, 3), scheduled(plan), Skip(BLINA, 1, "other")), "already given", "4"),
        (
            lambda plan: skip(
                skip(plan, scheduled(plan), Skip(BLINA, 1, "other")), scheduled(plan), Skip(BLINA, 1, "other")
            ),
            "skipped already",
            "",
        ),
        (
            lambda plan: repeat_cycle(plan, scheduled(plan), Repetition("", BLINA, 1, "other"), -1),
            "overlap",
            "0",
        ),
    ],
)
def test_what_must_not_be_is_refused_by_name(edit, rule: str, nearest: str) -> None:
    with pytest.raises(Refusal) as caught:
        edit(decided())
    assert (caught.value.rule, caught.value.nearest) == (rule, nearest)


@pytest.mark.parametrize("on", [date(2026, 4, 21), date(2026, 5, 1)])
def test_bags_of_an_interrupted_infusion_change_nothing_that_the_rules_say(on: date) -> None:
    plan, _ = gone_on(held(decided(), 10), on)
    bagged = editing.plan_bags(plan, scheduled(plan), AGENTS, BagPlan(BLINA, (96, 72)))
    assert len(scheduled(bagged).events) > len(scheduled(plan).events)
    before, after = (evaluate(one, library()).findings for one in (plan, bagged))
    assert {(one.id, one.message, one.status) for one in after} == {(one.id, one.message, one.status) for one in before}


def test_what_a_rule_says_of_an_infusion_on_hold_counts_no_days_that_nobody_knows() -> None:
    found = {one.rule: one.message for one in evaluate(held(decided(), 10), library()).findings}
    assert "comes after a stop for toxicity of grade 3 (still on hold): at most 9 mcg" in found["BL-11E"]
    after, _ = gone_on(held(decided(), 10), date(2026, 4, 21))
    found = {one.rule: one.message for one in evaluate(after, library()).findings}
    assert "(5 days without): at most 9 mcg" in found["BL-11E"]
