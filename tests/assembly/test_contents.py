"""Contents are made once and used again, and that never shows: a cold assembly gives the same after any edit."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from planner.assembly.assemble import assemble
from planner.assembly.memo import Memo
from planner.errors import Refusal
from planner.model.agent import Agent
from planner.model.patient import LabResult, Measurement
from planner.model.plan import BagPlan, BlockStart, DecisionTaken, Deferral, Omission, Plan, Scope
from planner.model.protocol import Protocol
from planner.model.schedule import PlacedContent, Schedule
from planner.model.site import Site
from planner.services.verbs import editing
from planner.services.verbs.placing import add_protocol, new_plan
from tests.assembly.cold import forget_everything, memos
from tests.assembly.random_protocols import protocols
from tests.builders import placed
from tests.golden.cases import PATIENTS, START, library

Course = tuple[Plan, dict[str, Protocol], dict[str, Agent]]
Numbers = tuple[int, int, int, int]


def scheduled(course: Course) -> Schedule:
    plan, protocols_of_plan, agents = course
    return assemble(plan, protocols_of_plan, agents, Site())


def told(schedule: Schedule) -> list[tuple[object, ...]]:
    """Everything a schedule says, without regard to which objects say it."""
    events = [
        (event[:3], event.placed.id, event.placed.kind, event.placed.agent_name, event.placed.evidence, *event[4:])
        for event in schedule.events
    ]
    blocks = [(block.id, block.start, block.end, block.provisional, block.why) for block in schedule.blocks]
    decisions = [(one.group, one.decision.id, one.block, one.day, one.choice) for one in schedule.decisions]
    return [*events, *blocks, *decisions]


def shipped(protocol_id: str) -> Course:
    shelved = library().protocols[protocol_id]
    plan = add_protocol(new_plan("p", PATIENTS["adult"]), shelved, BlockStart(on=START))
    return plan, {shelved.pin.sha256: shelved.protocol}, dict(library().agents)


def random_course(text: str) -> Course:
    return *placed(text, PATIENTS["child"], START), {}


@pytest.mark.parametrize("protocol_id", ["hyper-cvad", "calgb-10403"])
def test_times_and_doses_of_a_pattern_stand_beside_the_events(protocol_id: str) -> None:
    """Those without a clock time count from their midnight."""
    for piece in scheduled(shipped(protocol_id)).pieces:
        pattern, doses = piece.content.pattern, piece.content.run_doses
        events = [event for run in piece.content.runs for event in run.events()]
        assert list(pattern.times) == [1440 * event.offset + max(event.minute, 0) for event in events]
        told = [dose for run, dose in zip(pattern.runs, doses, strict=True) for _ in run.offsets]
        assert told == [event.dose for event in events]


def move(course: Course, numbers: Numbers) -> Plan:
    plan = course[0]
    return editing.move_block(plan, plan.blocks[numbers[0] % len(plan.blocks)].id, numbers[1] - 15)


def defer(course: Course, numbers: Numbers) -> Plan:
    schedule = scheduled(course)
    event = schedule.events[numbers[0] * 37 % len(schedule.events)]
    scope = list(Scope)[numbers[1] % 4]
    change = Deferral(event.placed.block.id, event.placed.cycle, event.cycle_day, numbers[2] - 9, scope, "counts")
    return editing.defer(course[0], schedule, change)


def omit(course: Course, numbers: Numbers) -> Plan:
    schedule = scheduled(course)
    event = schedule.events[numbers[0] * 41 % len(schedule.events)]
    order = event.placed.order.id if numbers[1] % 2 else ""
    change = Omission(event.placed.block.id, event.placed.cycle, event.cycle_day, order, "toxicity")
    return editing.omit(course[0], schedule, change)


def decide(course: Course, numbers: Numbers) -> Plan:
    plan, schedule = course[0], scheduled(course)
    if not schedule.decisions:
        raise Refusal("nothing to decide")
    one = schedule.decisions[numbers[0] % len(schedule.decisions)]
    choice = one.decision.choices[numbers[1] % len(one.decision.choices)].id
    taken = DecisionTaken(one.group, one.decision.id, choice, START, "B. Pharmacist")
    others = tuple(known for known in plan.decisions if known.decision != one.decision.id)
    return replace(plan, decisions=(*others, taken))


def weigh(course: Course, numbers: Numbers) -> Plan:
    plan = course[0]
    on = START + timedelta(numbers[0] * 11)
    measured = Measurement(on, Decimal(160), Decimal(40 + numbers[1]))
    lab = LabResult(on, "creatinine", Decimal(numbers[2] + 3) / 10, "mg/dL")
    patient = plan.patient
    kept = tuple(one for one in patient.measurements if one.date != on)
    return editing.replace_patient(plan, replace(patient, measurements=(*kept, measured), labs=(*patient.labs, lab)))


def grow_older(course: Course, numbers: Numbers) -> Plan:
    plan = course[0]
    born = date(1955 + numbers[0], 1 + numbers[1] % 12, 1 + numbers[2] % 28)
    return editing.replace_patient(plan, replace(plan.patient, birth_date=born))


def hang_bags(course: Course, numbers: Numbers) -> Plan:
    plan, _, agents = course
    block = plan.blocks[numbers[0] % len(plan.blocks)].id
    hours = ((48,), (168,), (72, 96), ())[numbers[1] % 4]
    return editing.plan_bags(plan, scheduled(course), agents, BagPlan(block, hours, (0, 3)[: numbers[2] % 3]))


Edit = Callable[[Course, Numbers], Plan]
EDITS: tuple[Edit, ...] = (move, defer, omit, decide, weigh, grow_older, hang_bags)
edits = st.lists(st.tuples(st.sampled_from(EDITS), st.tuples(*[st.integers(0, 30)] * 4)), min_size=1, max_size=6)


def follow(course: Course, made: list[tuple[Edit, Numbers]]) -> list[Course]:
    """The course after each edit that was not refused."""
    found = [course]
    for edit, numbers in made:
        try:
            found.append((edit(found[-1], numbers), *course[1:]))
        except Refusal:
            continue
    return found


def assert_cold_is_warm(courses: list[Course]) -> None:
    warm = [told(scheduled(course)) for course in courses]
    for course, known in zip(courses, warm, strict=True):
        forget_everything()
        assert told(scheduled(course)) == known


@pytest.mark.parametrize("protocol_id", ["hyper-cvad", "d-alba", "blinatumomab-mrd", "e1910", "aall0232-hr"])
@settings(deadline=None, max_examples=8)
@given(edits)
def test_a_cold_assembly_of_a_shipped_course_gives_the_same(protocol_id: str, made: list[tuple[Edit, Numbers]]) -> None:
    assert_cold_is_warm(follow(shipped(protocol_id), made))


@settings(deadline=None, max_examples=20)
@given(protocols(timed=True), edits)
def test_a_cold_assembly_of_a_random_protocol_gives_the_same(text: str, made: list[tuple[Edit, Numbers]]) -> None:
    assert_cold_is_warm(follow(random_course(text), made))


@pytest.mark.slow
@pytest.mark.timeout(7200)
@settings(deadline=None, max_examples=5000)
@given(protocols(timed=True), edits)
def test_a_cold_assembly_of_many_random_protocols_gives_the_same(text: str, made: list[tuple[Edit, Numbers]]) -> None:
    assert_cold_is_warm(follow(random_course(text), made))


def contents(course: Course) -> list[int]:
    return [id(piece.content) for piece in scheduled(course).pieces]


def by_place(schedule: Schedule) -> dict[tuple[str, int], PlacedContent]:
    return {(piece.block.id, piece.cycle): piece for piece in schedule.pieces}


def test_a_move_keeps_every_content() -> None:
    course = shipped("hyper-cvad")
    for block in course[0].blocks:
        moved = (editing.move_block(course[0], block.id, 5), *course[1:])
        before, after = by_place(scheduled(course)), by_place(scheduled(moved))
        assert all(after[place].content is before[place].content for place in after if not _is_cut(after[place]))


def _is_cut(piece: PlacedContent) -> bool:
    return any(cycle.cut for cycle in piece.block.cycles if cycle.number == piece.cycle)


def test_cycles_that_are_alike_share_one_content() -> None:
    pieces = scheduled(shipped("hyper-cvad")).pieces
    later = [piece for piece in pieces if piece.block.id == "pomp-later"]
    assert len({id(piece.content) for piece in later}) < len(later)


@pytest.mark.parametrize("edit", [omit, defer, weigh])
def test_a_change_costs_the_cycles_it_touches_and_undoing_it_costs_none(edit: Edit) -> None:
    course = shipped("calgb-10403")
    changed = (edit(course, (3, 1, 12, 0)), *course[1:])
    before, after = by_place(scheduled(course)), by_place(scheduled(changed))
    anew = [place for place in before if after[place].content is not before[place].content]
    assert anew
    assert len(anew) == 1 or edit is weigh
    assert contents(course) == [id(piece.content) for piece in before.values()]
    assert contents(changed) == [id(piece.content) for piece in after.values()]


def test_equal_plans_give_equal_schedules_whatever_objects_they_are_made_of() -> None:
    course = shipped("calgb-10403")
    before = scheduled(course)
    forget_everything()
    after = scheduled(course)
    assert after.pieces[0].content is not before.pieces[0].content
    assert after == before
    assert hash(after.pieces[0]) == hash(before.pieces[0])
    assert scheduled((move(course, (0, 16, 0, 0)), *course[1:])) != before
    assert scheduled((omit(course, (40, 1, 0, 0)), *course[1:])) != before
    assert before.pieces[0] != before


def test_every_memo_is_bounded() -> None:
    scheduled(shipped("blinatumomab-mrd"))
    bounds = [memo.size if isinstance(memo, Memo) else memo.cache_parameters()["maxsize"] for memo in memos()]
    assert len(bounds) > 5
    assert all(bounds)


def test_a_memo_drops_what_was_asked_for_least_recently() -> None:
    memo: Memo[int, str] = Memo(2)
    made: list[int] = []

    def ask(key: int) -> str:
        return memo.get(key, lambda: made.append(key) or f"{key}")

    assert [ask(key) for key in (1, 2, 1, 3, 1, 2)] == ["1", "2", "1", "3", "1", "2"]
    assert made == [1, 2, 3, 2]
    assert len(memo) == 2
