"""Findings fixed, answers side by side, counters: what is shown is what the planner says, and fixes are one edit."""

from datetime import timedelta

import pytest

from planner.model.finding import FindingStatus
from planner.services import fixing
from planner.services.closed_days import Closed
from planner.services.repairing import repair, repair_fix
from planner.services.verbs import editing
from tests.services.courses_at_hand import plan_of
from tests.ui.desks import open_desk, open_dialog, shipped_library
from ui.dialogs.branches import BranchesDialog
from ui.dialogs.described import DescribedDialog
from ui.dialogs.patient import PatientDialog
from ui.dialogs.protocol_choice import ProtocolDialog
from ui.models.counter_table import COUNTER_COLUMNS, lines_of
from ui.rows.table import LEAST_REST
from ui.rows.word_table import PAD


def _fixable(desk):
    evaluated = desk.document.evaluated
    for finding in evaluated.findings:
        if finding.status is FindingStatus.OPEN:
            yield finding, fixing.offered_fixes(evaluated, finding.id, shipped_library(), desk.document.site())


def test_a_fix_shows_what_it_would_do_and_ends_the_finding_in_one_step(qtbot, desk):
    window = desk.window
    window.act("add_protocol")
    dialog = open_dialog(qtbot, desk, ProtocolDialog)
    dialog.list.search.setText("blinatumomab-mrd")
    dialog.day.line.setText("24-Nov-2026")  # upon another blinatumomab: dates that rules speak about
    dialog.accept()
    found = [(finding, fixes) for finding, fixes in _fixable(desk) if fixes]
    assert found
    finding, fixes = found[0]
    steps = len(desk.document.stack.texts())
    window.select(finding.id)
    window.act("fix")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    assert [fix for fix, _ in dialog.editors["fix"].field.choices] == list(fixes)
    assert f"No longer: {finding.rule}" in dialog.preview.words.text() or finding.rule in dialog.preview.words.text()
    dialog.accept()
    after = desk.document.evaluated
    assert finding.id not in {one.id for one in after.findings if one.status is FindingStatus.OPEN}
    assert len(desk.document.stack.texts()) == steps + 1
    assert desk.document.stack.texts()[-1].startswith(finding.rule)


def test_a_finding_without_a_fix_says_so(qtbot, desk):
    without = next(finding for finding, fixes in _fixable(desk) if not fixes)
    desk.window.select(without.id)
    desk.window.act("fix")
    assert f"ends {without.rule}" in desk.window.notice.words.text()


def test_a_plan_is_repaired_as_a_whole_in_one_step(qtbot, desk):
    window, document, weekend = desk.window, desk.document, Closed(frozenset({5, 6}))
    first = document.evaluated.plan.blocks[0]
    saturday = first.start.on + timedelta((5 - first.start.on.weekday()) % 7)
    window.wishes.changes.edit("To a weekend", lambda plan: editing.start_block_on(plan, first.id, saturday))
    window.act("repair")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    assert "No block has to move" in dialog.preview.words.text()  # until weekends are closed
    dialog.editors["weekend"].widget.setChecked(True)
    expected = repair_fix(document.evaluated, shipped_library(), weekend)
    steps = len(document.stack.texts())
    dialog.accept()
    assert document.stack.texts()[steps:] == (f"Repair: {expected.title}",)
    assert repair(document.evaluated, shipped_library(), weekend).fix is None


def test_answers_stand_side_by_side_and_change_nothing(qtbot, desk):
    before = desk.document.evaluated
    desk.window.act("branches")
    dialog = open_dialog(qtbot, desk, BranchesDialog)
    decision = next(one.decision for one in before.schedule.decisions if one.choice is None)
    for number, choice in enumerate(decision.choices):
        assert choice.title in dialog.text(number)
    drawn = [dialog.text(number) for number in range(len(decision.choices))]
    assert sum("as it is drawn" in text for text in drawn) == 1
    dialog.reject()
    assert desk.document.evaluated == before


def test_counters_are_counted_only_in_front(desk):
    bottom = desk.window.bottom
    assert bottom.counters.model().rowCount() == 0
    desk.window.act("counters")
    totals = desk.count(desk.document.evaluated, desk.document.library)
    lines = lines_of(totals)
    assert bottom.counters.model().rowCount() == len(lines) == len(totals.counters) + len(totals.intensities)
    assert lines


def test_counters_say_what_they_are_made_of_without_scrolling(desk):
    desk.window.act("counters")
    table = desk.window.bottom.counters
    last = len(COUNTER_COLUMNS) - 1
    at_1366_px = 772
    assert table.columnViewportPosition(last) + LEAST_REST <= at_1366_px
    for column in range(1, last):
        words = [index.data() for index in _cells(table, column)]
        widest = max(table.fontMetrics().horizontalAdvance(word) for word in words)
        assert table.columnWidth(column) >= min(widest + 2 * PAD, 112), words


def _cells(table, column):
    return [table.model().index(row, column) for row in range(table.model().rowCount())]


@pytest.mark.parametrize(
    ("rule", "page"),
    [("HB-01", "Disease"), ("ST-18", "Disease"), ("MT-01", "Results"), ("LP-01", "Results"), (None, "Person")],
)
def test_the_patient_opens_where_the_finding_asks_for_something(qtbot, tmp_path, rule, page):
    with open_desk(qtbot, tmp_path / "data") as desk:
        desk.document.create(plan_of("hyper-cvad"), "New plan")
        findings = desk.document.evaluated.findings
        found = next(one for one in findings if one.rule == rule) if rule else findings[0]
        desk.window.select(found.id if rule else "")
        desk.window.act("edit_patient")
        dialog = open_dialog(qtbot, desk, PatientDialog)
        assert dialog.pages.tabText(dialog.pages.currentIndex()) == page
        dialog.reject()


def test_a_dose_that_nobody_entered_is_asked_for_where_its_finding_is_to_be_fixed(qtbot, desk):
    """The finding of every dose that a site enters said that no change ends it."""
    window = desk.window
    finding = next(
        one for one in desk.document.evaluated.findings if one.rule == "ST-03" and "Dasatinib" in one.message
    )
    window.select(finding.id)
    window.act("fix")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    assert dialog.windowTitle() == "Enter the dose of Dasatinib"
    assert window.subject.events[0].placed.id in finding.orders
    dialog.editors["dose"].widget.setText("140 mg")
    dialog.editors["reason"].widget.setCurrentText("other")
    dialog.accept()
    qtbot.waitUntil(lambda: finding.id not in {one.id for one in desk.document.evaluated.findings})
