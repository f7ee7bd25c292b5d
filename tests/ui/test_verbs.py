"""Changes of treatment asked in the window: each form opens, previews, and is one edit that can be undone."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QLabel

from planner.model.civil import clinical_date, weekday_date
from planner.model.cycle_content import State
from planner.model.plan import BlockStart, Given
from planner.model.quantity import format_amount
from planner.services.evaluation import evaluate
from planner.services.telling.change_words import change_words
from planner.services.verbs import editing, pausing, placing
from tests.benchmarks.edit import PATIENT
from tests.golden.cases import library
from tests.services.courses_at_hand import plan_of
from tests.ui.desks import NOON, open_desk, open_dialog
from ui.dialogs.changes import OmitDialog
from ui.dialogs.described import DescribedDialog
from ui.dialogs.verb_place import DAY, Place, likely_start
from ui.dialogs.verbs import VERBS
from ui.models.schedule_table import event_key


def _select(desk, agent="blinatumomab", number=0):
    events = [one for one in desk.document.evaluated.schedule.events if one.placed.agent == agent]
    desk.window._select_event(events[number])
    return desk.window.subject.events[0]


def _ask(qtbot, desk, action, doubted="", **answers):
    """Open the form of that action, answer it, carry it out; the plan after."""
    desk.window.act(action)
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    if dialog.to_choose() is not None:
        answers = {"reason": "other", **answers}
    for name, value in answers.items():
        editor = dialog.editors[name]
        if editor.field.kind == "choice":
            editor.widget.setCurrentIndex([one for one, _ in editor.field.choices].index(value))
        elif editor.field.kind in ("whole", "days"):
            editor.widget.setValue(value)
        elif editor.field.kind == "date":
            editor.widget.set_day(value)
        elif editor.field.kind == "pick":
            editor.widget.setCurrentText(value)
        else:
            editor.widget.setText(value)
    assert dialog.ok.isEnabled(), dialog.preview.words.text()
    dialog.accept()
    if doubted:
        assert doubted in dialog.problems.text()
        dialog.checked.setChecked(True)
        dialog.accept()
    assert not dialog.isVisible(), dialog.problems.text()
    return desk.document.evaluated


def _states(evaluated, block="blinatumomab"):
    return {event.state for event in evaluated.schedule.events if event.placed.block.id == block}


@pytest.mark.parametrize("name", sorted(VERBS.keys() - {"resume", "given", "hang"}))
def test_no_reason_is_chosen_before_a_person_chooses_it(qtbot, desk, name):
    _select(desk, "dexamethasone", -1)
    desk.window.act(name)
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    assert dialog.editors["reason"].is_open()
    assert dialog.answers()["reason"] is None
    dialog.reject()


@pytest.mark.parametrize("name", list(VERBS))
def test_every_form_opens_and_says_no_or_what_would_change(qtbot, desk, name):
    _select(desk, "dexamethasone", -1)
    desk.window.act(name)
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    assert dialog.preview.words.text()
    assert all(editor.widget.isEnabled() for editor in dialog.asked())
    dialog.reject()
    assert desk.document.stack.texts() == ()


def test_hold_and_go_on(qtbot, desk):
    desk.window.select("blinatumomab")
    before = desk.document.evaluated
    held = _ask(qtbot, desk, "hold", reason="infection")
    assert State.HELD in _states(held)
    assert pausing.open_hold(held.plan, "blinatumomab")
    desk.window.act("undo")
    assert desk.document.evaluated == before
    desk.window.act("redo")
    on = date.fromordinal(held.schedule.block("blinatumomab").start + 9)
    again = _ask(qtbot, desk, "resume", on=on)
    assert State.HELD not in _states(again)


def test_a_dose_is_reduced_and_given_in_full_again(qtbot, desk):
    _select(desk, "dasatinib")
    reduced = _ask(qtbot, desk, "reduce", percent=50, reason="toxicity", grade=3)
    assert reduced.plan.modifications[-1].percent == 50
    assert reduced.plan.modifications[-1].grade == 3
    doses = [one.dose.value for one in reduced.schedule.events if one.placed.agent == "dasatinib" and one.dose.value]
    assert min(doses) == max(doses) / 2
    full = _ask(qtbot, desk, "full_dose")
    doses = [one.dose.value for one in full.schedule.events if one.placed.agent == "dasatinib" and one.dose.value]
    assert len(set(doses)) == 1


def test_a_drug_is_replaced_and_one_added(qtbot, desk):
    _select(desk, "dasatinib", -1)
    swap = {"agent": "ponatinib", "dose": "15 mg", "reason": "toxicity"}
    replaced = _ask(qtbot, desk, "replace", times=2, **swap)
    days = [one.day for one in replaced.schedule.events if one.placed.agent == "ponatinib"]
    assert len(days) == 2 * len(set(days)) > 0
    _select(desk)
    desk.window.act("add_order")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    assert dialog.editors["route"].is_open()
    assert dialog.editors["role"].is_open()
    dialog.reject()
    where = {"route": "PO", "role": "supportive", "days": "1:3"}
    added = _ask(qtbot, desk, "add_order", agent="Ciprofloxacin", dose="500 mg", times=2, **where)
    events = [one for one in added.schedule.events if one.placed.agent == "ciprofloxacin"]
    assert len(events) == 6


def test_how_often_the_other_drug_is_taken_has_to_be_said_of_what_is_taken_day_after_day(qtbot, desk):
    _select(desk, "dasatinib", -1)
    desk.window.act("replace")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    times = dialog.editors["times"]
    assert times.is_open()
    assert [value for value, _ in times.field.choices] == list(range(1, 13))
    dialog.reject()
    spinal = next(one.placed.agent for one in desk.document.evaluated.schedule.events if one.placed.route == "IT")
    _select(desk, spinal)
    desk.window.act("replace")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    assert dialog.editors["times"].value() == 0
    dialog.reject()
    _ask(qtbot, desk, "replace", agent="cytarabine", dose="40 mg")
    assert desk.document.evaluated.plan.modifications[-1].doses_per_day == 0


def test_a_drug_is_found_by_its_trade_name(qtbot, desk):
    """By its letters alone Oncaspar is most like calaspargase, which is another drug."""
    _select(desk)
    desk.window.act("add_order")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    box = dialog.editors["agent"].widget
    box.completer().setCompletionPrefix("oncas")
    found = box.completer().completionModel()
    assert [found.index(row, 0).data() for row in range(found.rowCount())] == ["Oncaspar (Pegaspargase)"]
    box.setCurrentText("oncaspar (pegaspargase)")
    assert dialog.editors["agent"].value() == "pegaspargase"
    dialog.reject()


def test_doses_no_protocol_comes_near_are_asked_about(qtbot, desk):
    """Ten times the largest dose, a route nobody uses, a record of ten times what was planned."""
    _select(desk, "dasatinib", -1)
    swap = {"agent": "ponatinib", "dose": "450 mg", "times": 1, "reason": "toxicity"}
    replaced = _ask(qtbot, desk, "replace", "10 times the most that a protocol here gives", **swap)
    assert any(one.dose and one.dose.value == 450 for one in replaced.schedule.events)
    desk.window.act("undo")
    _select(desk)
    order = {"agent": "doxorubicin", "dose": "50 mg", "days": "2", "route": "SC", "role": "antineoplastic"}
    _ask(qtbot, desk, "add_order", "gives Doxorubicin SC, only IV", **order)
    _select(desk, "dasatinib")
    _ask(qtbot, desk, "given", "1,400 mg was given and 140 mg planned", by="Ph. One", dose="1400")


def test_an_examination_is_added(qtbot, desk):
    _select(desk, "dasatinib", -1)
    added = _ask(qtbot, desk, "add_examination", title="Liver tests", topic="liver", days="1, 8")
    found = [one for one in added.schedule.events if one.placed.agent_name == "Liver tests"]
    assert [one.cycle_day for one in found] == [1, 8]


def test_cycles_are_skipped_stopped_repeated(qtbot, desk):
    desk.window.select("blinatumomab")
    skipped = _ask(qtbot, desk, "skip", closes=False)
    assert State.OMITTED in _states(skipped)
    desk.window.act("undo")
    stopped = _ask(qtbot, desk, "stop")
    assert State.STOPPED in _states(stopped)
    desk.window.act("undo")
    blocks = len(desk.document.evaluated.schedule.blocks)
    assert len(_ask(qtbot, desk, "repeat", gap=7).schedule.blocks) > blocks


def test_what_was_given_is_recorded_and_forgotten(qtbot, desk):
    event = _select(desk, "dasatinib")
    given = _ask(qtbot, desk, "given", by="Ph. One", dose="100", status=Given.PARTLY, reason="toxicity")
    assert given.plan.given[0].dose == Decimal(100)
    assert given.plan.given[0].on == date.fromordinal(event.day)
    _select(desk, "dasatinib")
    desk.window.act("forget_given")
    assert desk.document.evaluated.plan.given == ()


def test_a_record_is_set_right_from_what_was_recorded_and_judged_by_the_plan(qtbot, desk):
    """Who corrects the dose must not have to tell the day again, and the plan's own day and dose are as planned."""
    event = _select(desk, "dexamethasone")
    planned, dose = date.fromordinal(event.day), event.dose.value
    late = planned + timedelta(days=1)
    _ask(qtbot, desk, "given", by="Ph. One", on=late, dose="8", status=Given.PARTLY, reason="toxicity", note="half")
    _select(desk, "dexamethasone")
    desk.window.act("given")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    begun = {name: dialog.answers()[name] for name in ("status", "on", "dose", "reason", "note")}
    assert begun == {"status": Given.PARTLY, "on": late, "dose": Decimal(8), "reason": "toxicity", "note": "half"}
    words = f"Planned: {weekday_date(planned)}, {format_amount(dose, event.dose.unit)}."
    assert any("8 mg" in one.text() and words in one.text() for one in dialog.findChildren(QLabel))
    dialog.reject()
    right = _ask(qtbot, desk, "given", by="Ph. One", on=planned, dose=str(dose), status=Given.GIVEN)
    assert [(one.on, one.dose, one.as_planned) for one in right.plan.given] == [(planned, dose, True)]


def test_one_of_many_doses_that_is_recorded_already_is_asked_about(qtbot, desk):
    days = [event for event in desk.document.evaluated.schedule.events if event.placed.agent == "dasatinib"]
    place = _place_of(desk, days[:3])
    answers = _as_planned(days[1])
    plan = VERBS["given"].change(place.at(answers), answers, desk.document.evaluated.plan)
    desk.document.edit("Record", lambda _: plan)
    days = [event for event in desk.document.evaluated.schedule.events if event.placed.agent == "dasatinib"]
    place = _place_of(desk, days[:3])
    (doubt,) = VERBS["given"].doubts(place.at(answers | {DAY: days[1]}), answers | {DAY: days[1], "dose": Decimal(100)})
    assert doubt.startswith("Recorded so far: Given")
    assert "It is replaced" in doubt
    assert VERBS["given"].doubts(place.at(answers | {DAY: days[2]}), answers | {DAY: days[2]}) == ()


def _place_of(desk, events):
    first, agents = events[0], desk.document.library.agents
    block, day = first.placed.block, first.cycle_day
    shown, look_at = desk.document.evaluated, desk.document.look_at
    return Place(shown, agents, block, 1, day, first, events[-1].date, "Ph. One", tuple(events), look_at=look_at)


def _as_planned(event):
    answers = {DAY: event, "status": Given.GIVEN, "as_planned": True, "dose": event.dose.value, "by": "Ph. One"}
    return answers | {"note": "", "reason": "", "on": None, "follows": ""}


def test_a_block_hangs_on_another_and_changes_are_taken_back(qtbot, desk):
    last = desk.document.evaluated.schedule.blocks[-1]
    desk.window.select(last.id)
    hung = _ask(qtbot, desk, "hang", after=("blinatumomab", None), gap=14)
    assert hung.plan.block(last.id).start.gap_days == 14
    desk.window.select("blinatumomab")
    _ask(qtbot, desk, "hold")
    count = len(desk.document.evaluated.plan.modifications)
    assert "Held blinatumomab" in change_words(desk.document.evaluated.plan.modifications[-1])
    assert len(_ask(qtbot, desk, "take_back").plan.modifications) == count - 1


def test_a_block_that_counts_from_a_days_keeps_that_day_when_its_start_is_asked(qtbot, desk):
    last = desk.document.evaluated.schedule.blocks[-1].id
    start = BlockStart(after="blinatumomab", day=15, gap_days=3)
    desk.document.edit("Hang it", lambda plan: editing.hang_block(plan, last, start))
    desk.window.select(last)
    desk.window.act("hang")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    assert dialog.editors["after"].widget.currentText() == "on Day 15 of Blinatumomab"
    assert not dialog.ok.isEnabled()  # nothing is changed by looking
    dialog.reject()
    hung = _ask(qtbot, desk, "hang", gap=5)
    assert hung.plan.block(last).start == replace(start, gap_days=5)


def test_what_counts_from_a_graft_starts_on_the_day_of_the_graft(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data") as desk:
        plan = placing.new_plan("zero", PATIENT)
        shelf = desk.document.library.protocols
        plan = placing.add_protocol(plan, shelf["hsct-cy-tbi"], placing.start_on(date(2026, 12, 1)))
        plan = placing.add_protocol(plan, shelf["ptcy-gvhd"], placing.start_on(date(2027, 3, 1)))
        desk.document.create(plan, "Graft")
        first, second = plan.blocks[0].id, next(one.id for one in plan.blocks if one.phase == "ptcy")
        event = next(one for one in desk.document.evaluated.schedule.events if one.placed.block.id == second)
        desk.window._select_event(event)
        desk.window.act("hang")
        dialog = open_dialog(qtbot, desk, DescribedDialog)
        assert dialog.windowTitle() == f"Start of {event.placed.block.title}"  # of no day of it
        dialog.reject()
        hung = _ask(qtbot, desk, "hang", after=(first, 0), gap=0).schedule
    graft, after = (next(one for one in hung.blocks if one.id == name) for name in (first, second))
    assert graft.start + graft.phase.offset(0) == after.start + after.phase.offset(0)


@pytest.mark.parametrize("kind", ["bag", "procedure"])
def test_a_bag_and_the_pump_taken_off_stand_for_the_infusion_of_their_day(qtbot, desk, kind):
    """Hold offered "Only Blinatumomab: bag" and said that the cycle had no such drug, but did have that drug."""
    events = desk.document.evaluated.schedule.events
    ahead = [one for one in events if one.placed.kind == kind and one.day > NOON.toordinal()]
    sign = next(one for one in ahead if one.placed.agent == "blinatumomab")
    desk.window._select_event(sign)
    desk.window.act("hold")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    assert dialog.editors["what"].widget.currentText() == "Only Blinatumomab"
    dialog.reject()
    held = _ask(qtbot, desk, "hold").plan.modifications[-1]
    last = max(one.day for one in events if one.placed.kind == "infusion" and one.day <= sign.day)
    assert (held.order, held.day) == ("blinatumomab", sign.cycle_day - (sign.day - last))


def test_without_a_dose_the_words_say_so(desk):
    desk.window.select("blinatumomab")
    desk.window.act("reduce")
    assert "Select a dose first" in desk.window.notice.words.text()


def test_any_day_of_a_bar_of_many_days_can_be_recorded_and_left_out(qtbot, desk):
    event = _select(desk, "dasatinib", 3)
    days = desk.window.subject.events
    assert event is days[0]
    assert len(days) > 5
    fifth = days[5]
    given = _ask(qtbot, desk, "given", at=fifth, by="Ph. One")
    record = given.plan.given[-1]
    assert (record.day, record.on) == (fifth.cycle_day, date.fromordinal(fifth.day))
    assert desk.document.stack.texts()[-1].endswith(f"D{fifth.cycle_day}")
    _select(desk, "dasatinib", -1)
    late = desk.window.subject.events[1]
    desk.window.act("omit")
    dialog = open_dialog(qtbot, desk, OmitDialog)
    dialog.day.setCurrentIndex(1)
    assert dialog.omission().day == late.cycle_day
    assert dialog.what.currentText().startswith(late.placed.agent_name)
    dialog.reason.setCurrentText("patient choice")
    dialog.accept()
    left = [one for one in desk.document.evaluated.schedule.events if one.state is State.OMITTED]
    assert [(one.placed.id, one.cycle_day) for one in left] == [(late.placed.id, late.cycle_day)]


def test_every_dose_of_a_day_can_be_recorded_by_itself(qapp):
    """Busulfan every 6 h without clock times: four doses a day, and each has a record of its own."""
    plan = plan_of("hsct-bu-cy", **{"busulfan-dose": "every-6-hours"})
    shown = evaluate(plan, replace(library(), rules=()))
    doses = tuple(one for one in shown.schedule.events if one.placed.agent == "busulfan")
    first, third = doses[0], doses[6]
    assert len({event_key(one) for one in doses}) == len(doses) == 16
    place = Place(shown, library().agents, first.placed.block, 1, first.cycle_day, first, third.date, "Ph. One", doses)
    (which,) = [field for field in VERBS["given"].asks(place) if field.id == DAY]
    words = dict(which.choices)
    assert [words[one].partition(", ")[2] for one in (first, third)] == [
        f"{clinical_date(first.day)}, dose 1 of the day",
        f"{clinical_date(third.day)}, dose 3 of the day",
    ]
    answers = _as_planned(third)
    done = VERBS["given"].change(place.at(answers), answers, plan)
    assert [(one.day, one.number) for one in done.given] == [(third.cycle_day, 2)]
    events = evaluate(done, replace(library(), rules=())).schedule.events
    assert [event_key(one) for one in events if one.state is State.GIVEN] == [event_key(third)]


def test_a_dose_of_a_bar_given_on_another_day_asks_for_that_day(qtbot, desk):
    event = _select(desk, "dasatinib", 0)
    on = date.fromordinal(event.day + 1)
    doubt = f"nearer to Dasatinib C1 D2 ({event.placed.id})"
    given = _ask(qtbot, desk, "given", doubt, at=event, as_planned=False, on=on, by="Ph. One")
    assert given.plan.given[-1].on == on
    _select(desk, "dasatinib", 0)


def test_a_change_of_what_runs_begins_today_and_not_on_days_that_are_past(desk):
    events = [one for one in desk.document.evaluated.schedule.events if one.placed.agent == "blinatumomab" and one.dose]
    first, last, days = events[0].day, events[-1].day, sorted({one.day for one in events})
    pause = next(day for day in range(first, last) if day not in days)
    ends = max(day for day in days if day < pause)
    assert likely_start(events, first - 5).day == first
    assert likely_start(events, first + 3).day == first + 3
    assert likely_start(events, pause).day == min(day for day in days if day > pause)
    assert likely_start(events, last + 9).day == first
    cycles = [events[0], next(one for one in events if one.placed.cycle == 2)]
    assert [likely_start(cycles, day, of_cycle=True).placed.cycle for day in (first - 1, ends, last)] == [1, 1, 2]
    at = first + 5
    assert likely_start(events, last, pointed=at).day == at
    assert likely_start(events, first - 5, pointed=pause).day in (ends, min(day for day in days if day > pause))
    assert likely_start(cycles, first - 1, of_cycle=True, pointed=last).placed.cycle == 2
