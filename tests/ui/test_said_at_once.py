"""What a form says before somebody works in vain: a refusal that holds of every name, a number beyond its limits."""

from datetime import date, timedelta

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from planner.services.telling.position import you_are_here
from planner.services.verbs import placing
from tests.benchmarks.edit import PATIENT
from tests.ui.desks import open_dialog
from tests.ui.patient_forms import AGENTS, ASKED, KNOWN, TODAY
from ui.dialogs.answers import ELSEWHERE, DecideDialog
from ui.dialogs.branches import BranchesDialog
from ui.dialogs.changes import DeferDialog
from ui.dialogs.described import DescribedDialog
from ui.dialogs.fields import KINDS, Field
from ui.dialogs.patient import PatientDialog
from ui.panels.course_text import describe_course


def test_issue_says_at_once_what_keeps_the_plan_from_it(qtbot, desk):
    desk.window.wishes.releasing.issue("roadmap")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    assert "t has to be prepared and verified first" in dialog.problems.text()
    assert not dialog.problems.isHidden()
    dialog.reject()
    desk.window.act("sign_prepared")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    assert dialog.problems.isHidden(), dialog.problems.text()
    dialog.reject()


def test_a_number_beyond_its_limits_stands_as_typed_and_is_refused(qtbot):
    """A box that takes no more digits made 70 days of "700", and 10 % of "100"."""
    editor = KINDS["whole"](Field("percent", "&Percent", "whole", 75, least=1, most=99, suffix=" %"))
    qtbot.addWidget(editor.widget)
    box = editor.widget
    box.selectAll()
    qtbot.keyClicks(box, "100")
    assert editor.value() == 100
    assert editor.problem() == "Percent: write a number from 1 to 99."
    box.selectAll()
    qtbot.keyClicks(box, "0")
    assert editor.problem()
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert (editor.value(), editor.problem()) == (1, "")
    box.selectAll()
    qtbot.keyClicks(box, "99")
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert (editor.value(), editor.problem()) == (99, "")


def test_a_deferral_by_700_days_is_refused_and_not_made_one_by_70(qtbot, desk):
    desk.window.select("blinatumomab")
    desk.window.act("defer")
    dialog = open_dialog(qtbot, desk, DeferDialog)
    dialog.days.selectAll()
    qtbot.keyClicks(dialog.days, "700")
    assert dialog.days.value() == 700
    assert dialog.preview.words.text() == "Days: write a number from -365 to 365."
    assert not dialog.ok.isEnabled()
    dialog.days.selectAll()
    qtbot.keyClicks(dialog.days, "7")
    assert dialog.ok.isEnabled()
    dialog.reject()


def test_the_rescue_is_given_otherwise_only_where_one_is_selected(qtbot, desk):
    window = desk.window
    event = next(one for one in desk.document.evaluated.schedule.events if one.placed.agent == "blinatumomab")
    window._select_event(event)
    assert not window.actions_by_id["rescue"].isEnabled()
    assert window.actions_by_id["reduce"].isEnabled()
    plan = placing.new_plan("mtx", PATIENT)
    pinned = desk.document.library.protocols["hyper-cvad"]
    desk.document.create(placing.add_protocol(plan, pinned, placing.start_on(date(2026, 11, 21))), "New plan")
    event = next(one for one in desk.document.evaluated.schedule.events if one.placed.role == "rescue" and one.dose)
    window._select_event(event)
    assert window.actions_by_id["rescue"].isEnabled()


def test_the_repair_keeps_first_days_off_single_closed_days_too(qtbot, desk):
    def second_cycle():
        block = desk.document.evaluated.schedule.block("blinatumomab")
        return date.fromordinal(block.cycles[1].begins)

    first = second_cycle()
    desk.window.act("repair")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    assert "No block has to move" in dialog.preview.words.text()
    dialog.editors["closed"].widget.setText(first.isoformat())
    dialog.accept()
    assert not dialog.isVisible(), dialog.problems.text()
    assert second_cycle() == first + timedelta(1)


def test_the_question_of_a_course_begun_elsewhere_is_answered_in_the_window(qtbot, desk):
    """Nobody could, and all of the course stayed provisional."""
    plan, library = placing.new_plan("late", PATIENT), desk.document.library
    shelved = library.protocols["calgb-10403"]
    start = placing.start_on(date(2026, 10, 5))
    desk.document.create(placing.add_phase(plan, shelved, "delayed-intensification", start), "New plan")
    evaluated = desk.document.evaluated
    assert all(block.provisional for block in evaluated.schedule.blocks)
    question = next(one for one in shelved.protocol.decisions if one.id == "response").question
    assert question in str(describe_course(evaluated, you_are_here(evaluated, TODAY.toordinal())))
    assert desk.window.actions_by_id["decide"].isEnabled()
    desk.window.act("branches")
    beside = open_dialog(qtbot, desk, BranchesDialog)
    assert "Due" not in beside.text(0)
    beside.reject()
    desk.window.act("decide")
    dialog = open_dialog(qtbot, desk, DecideDialog)
    assert dialog.which.currentText() == question
    assert ELSEWHERE in dialog.needs.text()
    dialog.choices.button(0).setChecked(True)
    dialog.by.setText("Dr Other")
    dialog.on.set_day(date(2026, 8, 1))
    dialog.accept()
    assert not dialog.isVisible(), dialog.problems.text()
    assert not any(block.provisional for block in desk.document.evaluated.schedule.blocks)
    assert desk.window.actions_by_id["reopen"].isEnabled()
    desk.window.act("decide")
    assert "asks no question any more" in desk.window.notice.words.text()


def test_a_question_about_leaving_that_went_from_sight_is_put_again(qtbot):
    """Esc, Save, Esc: the second Esc threw away what the first had asked about."""
    dialog = PatientDialog(KNOWN, today=TODAY, agents=AGENTS, asked=ASKED)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.person.weight_field.setText("x")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert "Press Esc again" in dialog.problems.text()
    dialog.accept()
    assert "Press Esc again" not in dialog.problems.text()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert "Press Esc again" in dialog.problems.text()


def test_the_cross_of_the_frame_asks_as_esc_does(qtbot):
    dialog = PatientDialog(KNOWN, today=TODAY, agents=AGENTS, asked=ASKED)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.findChildren(QLineEdit)[0].setText("Other")
    dialog.close()
    assert dialog.isVisible()
    assert "Press Esc again" in dialog.problems.text()
    dialog.close()
    assert not dialog.isVisible()


def test_a_patient_who_is_looked_at_and_saved_is_no_other_one(qtbot):
    """Markers and results of a file stand in its own order; in another one, a signed plan was a draft again."""
    known = replace(
        KNOWN,
        markers=(("ph", "positive"), ("cns", "CNS1")),
        labs=(*KNOWN.labs, replace(KNOWN.labs[0], date=date(2026, 9, 1))),
    )
    dialog = PatientDialog(known, today=TODAY, agents=AGENTS, asked=ASKED)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.patient() == known


def test_enter_on_a_button_of_the_form_does_what_the_button_says(qtbot):
    """It saved the form."""
    dialog = PatientDialog(KNOWN, today=TODAY, agents=AGENTS, asked=ASKED)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.pages.setCurrentIndex(2)
    assert dialog.focusWidget() is dialog.labs.add_button
    qtbot.keyClick(dialog.labs.add_button, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert len(dialog.labs.rows) == 2
    dialog.labs.rows[1].amount.setFocus()
    qtbot.keyClick(dialog.labs.rows[1].amount, Qt.Key.Key_Return)
    assert dialog.problems.text(), "in a field Enter answers the form"
