"""The document: one way round, every edit saved once it was shown, undo and redo lead through the very same values."""

import gc
import sys
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import EnvironmentProblem, Refusal
from planner.model.patient import Patient
from planner.model.plan import Deferral, Scope
from planner.model.site import Site
from planner.paths import resources
from planner.services.catalogue import load_for_plans, load_library
from planner.services.demo import demo_plan
from planner.services.evaluation import evaluate
from planner.services.verbs import editing
from planner.services.verbs.placing import new_plan
from ui import commands
from ui.commands import Nudge
from ui.document import PlanDocument, may_be_left

LIBRARY = load_for_plans(resources())
DEMO = demo_plan(resources())
BLOCKS = [block.id for block in DEMO.blocks]


class Kept:
    """Stands for the archive: remembers what was saved, or refuses."""

    def __init__(self):
        self.saved = []
        self.refuses = False

    def __call__(self, plan, what, after):
        if self.refuses:
            raise EnvironmentProblem("the disk is full")
        self.saved.append((what, plan))
        return after + 1


def _document():
    kept = Kept()
    document = PlanDocument(LIBRARY, lambda plan: Site(), kept)
    document.open(DEMO, 1)
    return document, kept


def _move(document, block, days):
    return document.edit(f"Move {block}", lambda plan: editing.move_block(plan, block, days))


def test_opening_saves_nothing(qapp):
    document, kept = _document()
    assert document.evaluated.plan == DEMO
    assert kept.saved == []


def test_new_plan_is_kept_at_once(qapp):
    document, kept = _document()
    plan = new_plan("p1", Patient("7", "New", "Ann", date(1990, 1, 1), "female"))
    document.create(plan, "New plan")
    assert kept.saved == [("New plan", plan)]
    assert document.stack.count() == 0


def test_edit_is_saved_and_told(qtbot):
    document, kept = _document()
    with qtbot.waitSignals([document.evaluated_changed, document.saved]):
        assert _move(document, BLOCKS[0], 7)
    assert kept.saved == [(f"Move {BLOCKS[0]}", document.evaluated.plan)]
    before, _ = _document()
    shift = document.evaluated.schedule.blocks[0].start - before.evaluated.schedule.blocks[0].start
    assert shift == 7


def test_undo_is_saved_too(qapp):
    document, kept = _document()
    _move(document, BLOCKS[0], 7)
    document.stack.undo()
    document.save_now()
    assert kept.saved[-1] == (f"Undo Move {BLOCKS[0]}", DEMO)
    document.stack.redo()
    document.save_now()
    assert kept.saved[-1][0] == f"Redo Move {BLOCKS[0]}"


def test_the_history_tells_what_was_done_again(qapp):
    """After two steps back the first one done again was kept as "Undo" of the second."""
    document, kept = _document()
    for block in BLOCKS[:2]:
        _move(document, block, 7)
    for step in (document.stack.undo, document.stack.undo, document.stack.redo, document.stack.redo):
        step()
        document.save_now()
    first, second = (f"Move {block}" for block in BLOCKS[:2])
    names = [first, second, f"Undo {second}", f"Undo {first}", f"Redo {first}", f"Redo {second}"]
    assert [name for name, _ in kept.saved] == names


def test_an_edit_is_saved_after_its_painting_but_before_anything_else_happens(qapp):
    document, kept = _document()
    _move(document, BLOCKS[0], 7)
    first = document.evaluated.plan
    assert kept.saved == []
    assert not document.is_saved
    _move(document, BLOCKS[0], 7)
    assert kept.saved == [(f"Move {BLOCKS[0]}", first)]
    second = document.evaluated.plan
    document.stack.undo()
    assert [plan for _, plan in kept.saved] == [first, second]
    document.close()
    assert [plan for _, plan in kept.saved] == [first, second, first]
    document.save_now()
    assert len(kept.saved) == 3


def test_opening_another_plan_saves_what_waits(qapp):
    document, kept = _document()
    _move(document, BLOCKS[0], 7)
    moved = document.evaluated.plan
    document.open(DEMO, 1)
    assert [plan for _, plan in kept.saved] == [moved]
    assert document.is_saved


def test_refused_edit_leaves_everything(qtbot):
    document, kept = _document()
    with qtbot.waitSignal(document.refused) as told:
        assert not _move(document, "no-such-block", 7)
    assert "no-such-block" in told.args[0]
    assert (document.evaluated.plan, document.stack.count(), kept.saved) == (DEMO, 0, [])


def test_edit_without_effect_is_no_step(qapp):
    document, kept = _document()
    assert not document.edit("Nothing", lambda plan: plan)
    assert (document.stack.count(), kept.saved) == (0, [])


def test_failed_save_is_told_and_made_up_for(qtbot):
    document, kept = _document()
    kept.refuses = True
    with qtbot.waitSignal(document.save_failed) as told:
        _move(document, BLOCKS[0], 7)
    assert told.args == ["the disk is full"]
    kept.refuses = False
    document.stack.undo()
    document.stack.redo()
    document.save_now()
    assert kept.saved[-1][1] == document.evaluated.plan


def test_what_could_not_be_saved_is_tried_again_before_the_plan_is_left(qapp):
    document, kept = _document()
    kept.refuses = True
    _move(document, BLOCKS[0], 7)
    document.save_now()
    moved = document.evaluated.plan
    kept.refuses = False
    assert may_be_left(document)
    document.open(DEMO, 1)
    assert [plan for _, plan in kept.saved] == [moved]


def test_a_plan_that_cannot_be_kept_is_left_at_the_second_try_only(qapp):
    document, kept = _document()
    kept.refuses = True
    _move(document, BLOCKS[0], 7)
    moved = document.evaluated.plan
    with pytest.raises(Refusal, match="not saved"):
        document.open(DEMO, 1)
    assert document.evaluated.plan is moved
    _move(document, BLOCKS[0], 1)
    assert not may_be_left(document), "nobody was told of this edit yet"
    assert may_be_left(document)
    document.open(DEMO, 1)
    assert (document.evaluated.plan, document.is_saved, kept.saved) == (DEMO, True, [])
    kept.refuses = False
    document.save_now()
    assert kept.saved == [], "what was left behind is not written over the plan that is open now"


def test_preview_changes_nothing(qapp):
    document, kept = _document()
    seen = document.preview(lambda plan: editing.move_block(plan, BLOCKS[0], 7))
    assert seen.plan != DEMO
    assert (document.evaluated.plan, kept.saved) == (DEMO, [])
    assert "no-such-block" in document.preview(lambda plan: editing.move_block(plan, "no-such-block", 7))


def test_nudges_of_a_block_become_one_step(qapp):
    document, _ = _document()
    for _ in range(3):
        document.edit("+1", lambda plan: editing.move_block(plan, BLOCKS[0], 1), Nudge(1, 1, "Move {:+d}".format))
    assert document.stack.texts() == ("Move +3",)
    document.edit("+1", lambda plan: editing.move_block(plan, BLOCKS[1], 1), Nudge(2, 1, "Move {:+d}".format))
    assert document.stack.texts() == ("Move +3", "+1")


def test_nudges_back_to_the_start_leave_no_step(qapp):
    document, kept = _document()
    for days in (1, -1):
        document.edit(
            "nudge", lambda plan, days=days: editing.move_block(plan, BLOCKS[0], days), Nudge(1, days, "Move {}".format)
        )
    assert document.stack.texts() == ()
    assert document.evaluated.plan == DEMO
    document.save_now()
    assert kept.saved[-1][1] == DEMO


def test_library_read_later_judges_the_open_plan(qtbot):
    document, kept = _document()
    fewer = load_library(resources())
    document.use_library(type(fewer)(fewer.agents, fewer.protocols, fewer.rules[:1]))
    assert document.evaluated.checked.rules == min(1, len(fewer.rules))
    assert kept.saved == []


EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("move"), st.sampled_from(BLOCKS), st.integers(-40, 40)),
        st.tuples(st.just("remove"), st.sampled_from(BLOCKS), st.just(0)),
        st.tuples(st.just("defer"), st.sampled_from(BLOCKS), st.integers(1, 9)),
    ),
    max_size=12,
)


def _carry_out(document, kind, block, days):
    evaluated = document.evaluated

    def change(plan):
        if kind == "move":
            return editing.move_block(plan, block, days)
        if kind == "remove":
            return editing.remove_block(plan, block)
        deferral = Deferral(block, 1, 1, days, Scope.FOLLOWING, "counts")
        return editing.defer(plan, evaluated.schedule, deferral)

    document.edit(f"{kind} {block} {days}", change)


@settings(max_examples=25)
@given(EDITS)
def test_undo_all_and_redo_all_lead_back(qapp, edits):
    document, kept = _document()
    for edit in edits:
        _carry_out(document, *edit)
    end = document.evaluated
    while document.stack.index():
        document.stack.undo()
    assert document.evaluated.plan == DEMO
    while document.stack.index() < document.stack.count():
        document.stack.redo()
    assert document.evaluated == end
    document.save_now()
    assert not kept.saved or kept.saved[-1][1] == end.plan


@pytest.mark.parametrize("count", [100, pytest.param(1000, marks=pytest.mark.slow)])
@pytest.mark.timeout(3600)
def test_many_edits_undone_and_redone(qapp, count):
    document, _ = _document()
    for number in range(count):
        _move(document, BLOCKS[number % len(BLOCKS)], 1 + number % 5 - 2 or 3)
    end = document.evaluated.plan
    document.stack.go_to(0)
    assert document.evaluated.plan == DEMO
    document.stack.go_to(document.stack.count())
    assert document.evaluated.plan == end


@settings(max_examples=15)
@given(EDITS, st.lists(st.integers(-4, 4), max_size=12), st.integers(1, 3))
def test_states_of_long_ago_come_back_as_they_were(qapp, edits, steps, near):
    """Beyond the last few a state is a text in memory; it is judged again, and equal in all that is seen of it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(commands, "NEAR", near)
        document, _ = _document()
        shown = [document.evaluated]
        for edit in edits:
            _carry_out(document, *edit)
            if document.evaluated is not shown[-1]:
                shown.append(document.evaluated)
        for step in steps:
            index = min(max(document.stack.index() + step, 0), document.stack.count())
            document.stack.go_to(index)
            assert len(document._states._near) <= near + 1, "one more until the edit is saved"
            if document.stack.count() == len(shown) - 1:  # no moves became one
                assert document.evaluated == shown[index]
                assert document.evaluated.timeline == shown[index].timeline


def test_state_of_long_ago_is_let_go_of(qapp):
    document, _ = _document()
    first = document.evaluated
    for number in range(commands.NEAR + 2):
        assert _move(document, BLOCKS[-1], 1 + number % 2)
    gc.collect()
    assert sys.getrefcount(first) == 2, "only this test still holds the first state with all that follows from it"
    document.stack.go_to(0)
    assert document.evaluated is not first
    assert document.evaluated == first


def test_going_far_passes_over_what_lies_between(qapp, monkeypatch):
    document, kept = _document()
    for number in range(commands.NEAR + 5):
        assert _move(document, BLOCKS[-1], 1 + number % 2)
    document.save_now()
    judged, shown, saved = [], [], len(kept.saved)
    monkeypatch.setattr("ui.document.evaluate", lambda *asked: judged.append(1) or evaluate(*asked))
    document.evaluated_changed.connect(shown.append)
    document.stack.go_to(0)
    assert (len(judged), [one.plan for one in shown]) == (1, [DEMO])
    document.save_now()
    assert [plan for _, plan in kept.saved[saved:]] == [DEMO]
    document.stack.go_to(0)
    assert len(shown) == 1
    document.stack.go_to(2)
    assert document.evaluated.plan == kept.saved[1][1]


def test_state_of_long_ago_that_cannot_be_judged_any_more_leaves_the_plan_as_it_is(qapp, monkeypatch):
    document, kept = _document()
    for number in range(commands.NEAR + 1):
        assert _move(document, BLOCKS[-1], 1 + number % 2)
    document.save_now()
    refused, stands, saved = [], document.evaluated, len(kept.saved)
    document.refused.connect(refused.append)
    document.stack.go_to(1)
    near = document.evaluated

    def fails(*_asked):
        raise EnvironmentProblem("rules are missing")

    with monkeypatch.context() as patched:
        patched.setattr("ui.document.evaluate", fails)
        document.stack.undo()
    assert refused == ["rules are missing"]
    assert document.evaluated is near
    document.stack.redo()
    document.stack.go_to(document.stack.count())
    assert document.evaluated.plan == stands.plan
    document.save_now()
    assert kept.saved[saved:] == [] or kept.saved[-1][1] == stands.plan


def test_states_that_undo_keeps_do_not_keep_their_events(qtbot):
    document, _ = _document()
    first = document.evaluated
    events = first.schedule.events
    assert _move(document, BLOCKS[-1], 7)
    qtbot.waitUntil(lambda: "events" not in vars(first.schedule))
    shared = {id(piece) for piece in document.evaluated.schedule.pieces}
    moved = [piece for piece in first.schedule.pieces if id(piece) not in shared]
    assert moved
    assert not any(vars(piece) for piece in moved)
    document.stack.undo()
    assert document.evaluated is first
    assert first.schedule.events == events
