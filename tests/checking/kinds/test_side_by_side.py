"""side_by_side: cycles of two placed protocols in the same days, against a count day by day."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from planner.checking.check import check, make_ruling
from planner.checking.memory import Memory
from planner.model.plan import Plan
from planner.model.rule_values import parse_selector
from planner.model.schedule import Schedule
from planner.services.verbs.placing import add_protocol, after, new_plan, start_on
from tests.builders import day, example_patient, example_schedule
from tests.checking.judging import find, rule
from tests.checking.shipped import library, rules
from tests.checking.test_incremental import _schedule
from tests.golden.cases import PATIENTS, START
from tests.golden.cases import library as whole_library

RULE = rule("side_by_side", agents=["role:antineoplastic IV|SC|IM"])
SPANS = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(1, 2), st.integers(1, 30), st.integers(0, 9), st.booleans()),
    min_size=1,
    max_size=5,
    unique_by=lambda one: one[:2],
)
"""Protocol (a block each), cycle, first day, days after it, and whether the doses go into a vein."""


def _line(protocol, cycle, first, more, by_vein):
    drug = "vincristine 2 mg IV" if by_vein else "dasatinib 140 mg PO"
    return f"{first}-{first + more} {drug} block={protocol} protocol={protocol} cycle={cycle}"


@given(SPANS)
def test_it_agrees_with_a_count_of_days(spans):
    met = set()
    for one, other in combinations([span for span in spans if span[4]], 2):
        if one[0] != other[0] and max(one[2], other[2]) <= min(one[2] + one[3], other[2] + other[3]):
            met.add(frozenset((one[0], other[0])))
    found = find(RULE, *[_line(*span) for span in spans])
    assert len(found) == len(met)
    assert {frozenset(order.partition("/")[0] for order in one.orders) for one in found} == met


def test_the_finding_names_both_and_their_common_days():
    (found,) = find(
        RULE,
        "1-28 blinatumomab 28 mcg/day IV block=blina protocol=blinatumomab-mrd",
        "20 daunorubicin 25 mg/m2 IV block=induction protocol=calgb-10403",
        "40 daunorubicin 25 mg/m2 IV block=induction protocol=calgb-10403",
    )
    assert found.arithmetic == "both 20-Jan-2026 to 28-Jan-2026"
    assert found.days == (day(1), day(20))
    assert "blina (blinatumomab-mrd) and induction (calgb-10403)" in found.message


def test_one_common_day_is_one_day():
    (found,) = find(RULE, _line("a", 1, 1, 4, True), _line("b", 1, 5, 4, True))
    assert found.arithmetic == "both on 05-Jan-2026"
    assert find(RULE, _line("a", 1, 1, 3, True), _line("b", 1, 5, 4, True)) == ()


def test_the_first_dose_named_is_the_earliest_of_its_cycle():
    (found,) = find(
        RULE,
        "9 vincristine 2 mg IV block=a protocol=a",
        "3 doxorubicin 25 mg/m2 IV block=a protocol=a",
        "5 cytarabine 75 mg/m2 IV block=b protocol=b",
    )
    assert "their first doses are Doxorubicin C1 D1 (03-Jan-2026) and Cytarabine C1 D1 (05-Jan-2026)" in found.message


@pytest.mark.parametrize("state", ["omitted", "stopped"])
def test_what_is_left_out_runs_beside_nothing(state):
    left_out = f"5-9 vincristine 2 mg IV block=b protocol=b state={state}"
    assert find(RULE, _line("a", 1, 1, 9, True), left_out) == ()


def test_a_rule_for_some_protocols_looks_at_no_others():
    lines = (_line("a", 1, 1, 9, True), _line("b", 1, 5, 9, True))
    assert find(replace(RULE, protocols=("not b",)), *lines) == ()
    assert len(find(replace(RULE, protocols=("a", "b")), *lines)) == 1


@pytest.mark.parametrize("selector", ["role:antineoplastic", "any", "role:antineoplastic IV", "role:antineoplastic PO"])
def test_another_choice_of_drugs_is_noticed(selector):
    """Mutants of the shipped rule: each other reading of which doses count changes an answer."""
    shipped = rules()["ST-16"]
    mutant = replace(shipped, parameters={"agents": (parse_selector(selector),)})
    cases = [
        (_line("a", 1, 1, 9, True), _line("b", 1, 5, 9, False)),
        (_line("a", 1, 1, 9, True), "5 methotrexate 12 mg IT block=b protocol=b"),
        (_line("a", 1, 1, 9, True), "5-9 pegaspargase 2500 units/m2 IM block=b protocol=b"),
        (_line("a", 1, 1, 9, True), _line("b", 1, 5, 9, True)),
    ]
    told = [[len(find(one, *lines)) for lines in cases] for one in (shipped, mutant)]
    assert told[0] == [0, 0, 1, 1]
    assert told[1] != told[0]


SEQUENCES = [
    ("hyper-cvad", "hsct-cy-tbi"),
    ("inotuzumab-rr", "hsct-flu-bu-ric"),
    ("leukapheresis", "pomp", "obe-cel"),
    ("flag-ida", "brexu-cel"),
    ("blinatumomab-mrd", "hsct-bu-flu", "ptcy-gvhd"),
    ("ponatinib-blinatumomab", "tisa-cel"),
    ("calgb-10403", "blinatumomab-rr", "hsct-bu-cy"),
]


def _shipped_findings(plan):
    return check(plan, _schedule(plan), [rules()["ST-16"]], library().agents)[0]


@pytest.mark.parametrize("sequence", SEQUENCES, ids="-".join)
def test_protocols_after_each_other_are_no_finding(sequence):
    plan = new_plan("p", PATIENTS["adult"])
    for protocol in sequence:
        last = max(_schedule(plan).blocks, key=lambda one: one.end).id if plan.blocks else ""
        start = after(plan, last) if last else start_on(START)
        plan = add_protocol(plan, whole_library().protocols[protocol], start)
    assert _shipped_findings(plan) == ()


def test_conditioning_and_cyclophosphamide_after_it_stand_around_the_same_day_0():
    plan = add_protocol(new_plan("p", PATIENTS["adult"]), whole_library().protocols["hsct-cy-tbi"], start_on(START))
    block = _schedule(plan).blocks[0]
    zero = start_on(START.fromordinal(block.start - block.phase.first_day))
    plan = add_protocol(plan, whole_library().protocols["ptcy-gvhd"], zero)
    assert _shipped_findings(plan) == ()


@pytest.mark.slow
@pytest.mark.parametrize("first", sorted(whole_library().protocols))
def test_every_protocol_after_every_other(first):
    for second in sorted(whole_library().protocols):
        plan = add_protocol(new_plan("p", PATIENTS["adult"]), whole_library().protocols[first], start_on(START))
        last = max(_schedule(plan).blocks, key=lambda one: one.end).id
        plan = add_protocol(plan, whole_library().protocols[second], after(plan, last))
        assert _shipped_findings(plan) == (), (first, second)


def test_a_block_of_another_placement_is_another_one_though_nothing_else_differs():
    """Taken off and placed anew on the same day, a block belongs to another placement and runs beside the first."""
    lines = ("1-9 vincristine 2 mg IV block=a", "5-14 vincristine 2 mg IV block=b")
    plan, patient = Plan("p", example_patient()), example_patient()
    apart = example_schedule(lines, patient)
    one = apart.pieces[0].block.group
    blocks = {block.id: replace(block, group=one) for block in apart.blocks}
    pieces = tuple(replace(piece, block=blocks[piece.block.id]) for piece in apart.pieces)
    together = Schedule(pieces, tuple(blocks.values()), ())
    anew = replace(blocks["b"], group="anew")
    parted = Schedule((pieces[0], replace(pieces[1], block=anew)), (blocks["a"], anew), ())
    remembering = Memory([RULE], library().agents, patient, make_ruling)
    assert [len(remembering.check(plan, schedule)) for schedule in (together, parted, together)] == [0, 1, 0]
