"""Edits on a real protocol: what moves, what stays, what is refused and with which words."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from planner.assembly.assemble import assemble
from planner.errors import Refusal
from planner.model.cycle_content import State
from planner.model.patient import Patient
from planner.model.plan import BlockStart, DecisionTaken, Deferral, Omission, Plan, Replacement, Scope, Stop
from planner.model.protocol import Protocol
from planner.model.schedule import Schedule
from planner.model.site import Site
from planner.services.telling.differences import differences
from planner.services.verbs import editing, pausing
from planner.services.verbs.placing import add_phase, add_protocol, after, new_plan
from planner.storage.plan_codec import decode, encode
from tests.golden.cases import PATIENTS, START, library


def calgb() -> Plan:
    shelved = library().protocols["calgb-10403"]
    return add_protocol(new_plan("p", PATIENTS["adult"]), shelved, BlockStart(on=START))


def protocols_of(plan: Plan) -> dict[str, Protocol]:
    return {one.pin.sha256: one.protocol for one in library().protocols.values() if one.pin in plan.pins}


def scheduled(plan: Plan) -> Schedule:
    return assemble(plan, protocols_of(plan), library().agents, Site())


def starts(plan: Plan) -> dict[str, date]:
    return {block.id: date.fromordinal(block.start) for block in scheduled(plan).blocks}


def deferral(block: str, day: int, days: int, scope: Scope, reason: str = "counts") -> Deferral:
    return Deferral(block, 1, day, days, scope, reason)


def test_moving_a_block_takes_what_hangs_on_it_along() -> None:
    before, moved = starts(calgb()), starts(editing.move_block(calgb(), "interim-maintenance", 7))
    shift = {block: (moved[block] - before[block]).days for block in before}
    assert shift == {
        "induction": 0,
        "consolidation": 0,
        "interim-maintenance": 7,
        "delayed-intensification": 7,
        "maintenance": 7,
    }


def test_a_move_and_its_opposite_give_the_same_plan() -> None:
    plan = calgb()
    assert editing.move_block(editing.move_block(plan, "consolidation", 9), "consolidation", -9) == plan


def test_a_deferral_of_a_day_moves_its_single_doses_only() -> None:
    plan = calgb()
    changed = editing.defer(plan, scheduled(plan), deferral("induction", 8, 2, Scope.DAY))
    moved = {(one.label, one.before, one.after) for one in differences(scheduled(plan), scheduled(changed))}
    assert moved == {
        ("Vincristine C1 D8", "Mon 12-Jan-2026", "Wed 14-Jan-2026"),
        ("Daunorubicin C1 D8", "Mon 12-Jan-2026", "Wed 14-Jan-2026"),
        ("Methotrexate IT C1 D8", "Mon 12-Jan-2026", "Wed 14-Jan-2026"),
    }


def test_a_deferral_of_the_rest_of_a_cycle_leaves_the_next_block() -> None:
    plan = calgb()
    changed = editing.defer(plan, scheduled(plan), deferral("induction", 15, 5, Scope.CYCLE))
    assert starts(changed) == starts(plan)
    assert {one.order_id.split("/")[0] for one in differences(scheduled(plan), scheduled(changed))} == {"induction"}


def test_a_deferral_of_everything_following_moves_the_next_blocks() -> None:
    plan = calgb()
    changed = editing.defer(plan, scheduled(plan), deferral("consolidation", 29, 7, Scope.FOLLOWING))
    before, moved = starts(plan), starts(changed)
    assert moved["consolidation"] == before["consolidation"]
    assert (moved["interim-maintenance"] - before["interim-maintenance"]).days == 7
    here = [event for event in scheduled(changed).events if event.placed.block.id == "consolidation"]
    assert {event.day - event.due_day for event in here if event.cycle_day >= 29} == {7}
    assert {event.day - event.due_day for event in here if event.cycle_day < 29} == {0}


def test_a_deferral_of_all_moves_blocks_on_dates_of_their_own() -> None:
    shelved = library().protocols["blinatumomab-mrd"]
    plan = add_phase(calgb(), shelved, "induction", BlockStart(on=date(2028, 5, 1)))
    following = editing.defer(plan, scheduled(plan), deferral("consolidation", 29, 7, Scope.FOLLOWING))
    everything = editing.defer(plan, scheduled(plan), deferral("consolidation", 29, 7, Scope.ALL))
    assert starts(following)["induction-2"] == date(2028, 5, 1)
    assert starts(everything)["induction-2"] == date(2028, 5, 8)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (deferral("nowhere", 1, 1, Scope.DAY), "no block nowhere; it has induction, what-comes-next, consolidation"),
        (Deferral("induction", 4, 1, 1, Scope.DAY, "counts"), "no cycle 4 here; it has 1"),
        (deferral("induction", 30, 1, Scope.DAY), "nothing is planned on Day 30"),
        (deferral("induction", 8, 0, Scope.DAY), "at least one day"),
        (deferral("induction", 8, 4000, Scope.ALL), "more than two years"),
        (deferral("induction", 8, 1, Scope.DAY, "mood"), "not a coded reason"),
        (deferral("induction", 8, 7, Scope.DAY), "jump over Mon 19-Jan-2026, a treatment day; at most 6 days later"),
        (deferral("induction", 8, -4, Scope.DAY), "jump over Thu 08-Jan-2026, a treatment day; at most 3 days earlier"),
        (deferral("induction", 8, 7, Scope.CYCLE), "at most 6 days"),
    ],
)
def test_what_must_not_be_deferred_is_refused_with_what_may(wrong: Deferral, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        editing.defer(calgb(), scheduled(calgb()), wrong)


def test_an_omitted_dose_keeps_its_date() -> None:
    plan = calgb()
    changed = editing.omit(plan, scheduled(plan), Omission("induction", 1, 8, "vincristine", "toxicity"))
    left_out = [event for event in scheduled(changed).events if event.state is State.OMITTED]
    assert [(event.label, event.date) for event in left_out] == [("Vincristine C1 D8", date(2026, 1, 12))]
    with pytest.raises(Refusal, match="does not hold vincristine"):
        editing.omit(plan, scheduled(plan), Omission("induction", 1, 9, "vincristine", "toxicity"))


def test_what_is_left_out_or_stopped_already_is_not_left_out_once_more() -> None:
    plan = calgb()
    once = editing.omit(plan, scheduled(plan), Omission("induction", 1, 8, "vincristine", "toxicity"))
    with pytest.raises(Refusal, match=r"^Vincristine C1 D8, Mon 12-Jan-2026: omitted already$") as refused:
        editing.omit(once, scheduled(once), Omission("induction", 1, 8, "vincristine", "other"))
    assert refused.value.rule == "left out already"
    whole = editing.omit(once, scheduled(once), Omission("induction", 1, 8, "", "other"))
    with pytest.raises(Refusal, match="omitted already"):
        editing.omit(whole, scheduled(whole), Omission("induction", 1, 8, "", "other"))
    stopped = pausing.stop(plan, scheduled(plan), Stop("induction", 1, 8, Scope.FOLLOWING, "other"))
    with pytest.raises(Refusal, match="stopped already"):
        editing.omit(stopped, scheduled(stopped), Omission("induction", 1, 15, "vincristine", "other"))
    with pytest.raises(Refusal, match="is stopped from C1 D8 on already"):
        pausing.stop(stopped, scheduled(stopped), Stop("induction", 1, 8, Scope.FOLLOWING, "counts"))
    again = pausing.stop(stopped, scheduled(stopped), Stop("induction", 1, 15, Scope.FOLLOWING, "counts"))
    assert len(again.modifications) == 2


def test_a_decision_makes_provisional_blocks_firm_or_takes_them_off() -> None:
    plan = calgb()
    firm = editing.decide(
        plan, protocols_of(plan), DecisionTaken("calgb-10403", "response", "cr", START, "A. Pharmacist")
    )
    off = editing.decide(plan, protocols_of(plan), DecisionTaken("calgb-10403", "response", "no-cr", START, "A. P."))
    assert [block.provisional for block in scheduled(plan).blocks] == [False, True, True, True, True]
    assert [block.provisional for block in scheduled(firm).blocks] == [False] * 5
    assert [block.id for block in scheduled(off).blocks] == ["induction", "what-comes-next"]
    assert editing.decide(off, protocols_of(off), firm.decisions[0]) == firm
    with pytest.raises(Refusal, match="the answers are"):
        editing.decide(plan, protocols_of(plan), DecisionTaken("calgb-10403", "response", "maybe", START, "A. P."))


def test_a_removed_block_hands_on_its_place() -> None:
    plan = editing.move_block(calgb(), "consolidation", 3)
    without = editing.remove_block(plan, "consolidation")
    block = scheduled(without).block("interim-maintenance")
    assert block.start == scheduled(without).block("induction").end + 3


def test_another_patient_is_refused() -> None:
    other = Patient("other", "Somebody", "Else", date(1980, 1, 1), "male")
    with pytest.raises(Refusal, match="belongs to patient G, not to other"):
        editing.replace_patient(calgb(), other)


def test_a_start_after_an_unknown_block_is_refused() -> None:
    with pytest.raises(Refusal, match="no block nowhere"):
        after(calgb(), "nowhere")


BLOCKS = [block.id for block in calgb().blocks]


@st.composite
def edits(draw: st.DrawFn) -> list[tuple[str, str, int, int, Scope, int]]:
    one = st.tuples(
        st.sampled_from(["move", "defer", "omit", "remove", "date"]),
        st.sampled_from(BLOCKS),
        st.integers(1, 3),
        st.sampled_from([1, 4, 8, 15, 22, 29, 43]),
        st.sampled_from(list(Scope)),
        st.integers(-10, 21),
    )
    return draw(st.lists(one, max_size=8))


def apply(plan: Plan, edit: tuple[str, str, int, int, Scope, int]) -> Plan:
    kind, block, cycle, day, scope, days = edit
    if kind == "move":
        return editing.move_block(plan, block, days)
    if kind == "defer":
        return editing.defer(plan, scheduled(plan), Deferral(block, cycle, day, days, scope, "other"))
    if kind == "omit":
        return editing.omit(plan, scheduled(plan), Omission(block, cycle, day, "", "other"))
    if kind == "remove":
        return editing.remove_block(plan, block)
    return editing.start_block_on(plan, block, date(2026, 6, 1))


@settings(deadline=None, max_examples=60)
@given(edits())
def test_any_chain_of_edits_is_a_plan_or_a_refusal(chain: list[tuple[str, str, int, int, Scope, int]]) -> None:
    """No edit raises anything but a refusal, loses an event of a block that stays, or breaks the encoding."""
    plan = calgb()
    for edit in chain:
        try:
            plan = apply(plan, edit)
        except Refusal:
            continue
        found = scheduled(plan)
        assert decode(encode(plan), "plan.json") == plan
        assert [event[:3] for event in found.events] == sorted(event[:3] for event in found.events)
        full = {
            event.placed.id
            for event in scheduled(calgb()).events
            if event.placed.block.id in {block.id for block in plan.blocks} and event.placed.block.id != "maintenance"
        }
        assert full == {event.placed.id for event in found.events if event.placed.block.id != "maintenance"}


def test_a_block_in_which_the_whole_plan_was_changed_is_not_removed() -> None:
    """The drug that had been replaced came back in every later block."""
    swap = Replacement("blinatumomab", 1, 1, "dasatinib", Scope.ALL, "ponatinib", "toxicity", dose="30 mg")
    shelved = library().protocols["d-alba"]
    plan = add_protocol(new_plan("p", PATIENTS["adult"]), shelved, BlockStart(on=START))
    plan = replace(plan, modifications=(swap,))
    with pytest.raises(Refusal, match=r"change 1 was made in Blinatumomab .* stop the block instead") as refused:
        editing.remove_block(plan, "blinatumomab")
    assert refused.value.nearest == "1"
    assert editing.remove_block(plan, "induction").modifications == (swap,)
    own = replace(plan, modifications=(replace(swap, scope=Scope.FOLLOWING),))
    assert editing.remove_block(own, "blinatumomab").modifications == ()


@pytest.mark.parametrize(
    ("wrong", "words", "nearest"),
    [
        (Deferral("part-a", 1, 2, 7, Scope.DAY, "counts"), "a treatment day; at most 1 day later", "1"),
        (Deferral("part-a", 1, 4, -2, Scope.DAY, "counts"), "a treatment day; at most 1 day earlier", "-1"),
        (Deferral("part-a", 1, 4, 7, Scope.DAY, "counts"), "right beside it, is a treatment day: there is no room", ""),
    ],
)
def test_room_of_one_day_is_one_day(wrong: Deferral, words: str, nearest: str) -> None:
    shelved = library().protocols["hyper-cvad"]
    plan = add_protocol(new_plan("p", PATIENTS["adult"]), shelved, BlockStart(on=START))
    with pytest.raises(Refusal, match=words) as refused:
        editing.defer(plan, scheduled(plan), wrong)
    assert refused.value.nearest == nearest
