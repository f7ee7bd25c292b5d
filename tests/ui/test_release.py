"""From draft to issue in the window: the stage in the banner, names under a version, sheets handed out."""

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from planner.model.release import PREPARED, VERIFIED, OpenItem
from planner.model.signing import Issue
from tests.ui.desks import nudge, open_dialog
from tests.ui.test_verbs import _ask as ask
from ui.dialogs.described import DescribedDialog
from ui.dialogs.printing import PrintDialog
from ui.intents.releasing import why_nothing


def _sign(qtbot, desk, action, name):
    desk.window.act(action)
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    dialog.editors["by"].widget.setText(name)
    dialog.accept()
    return dialog


def _stage(desk):
    desk.window.telling.show_stage()
    return desk.window.banner.stage.text()


def test_two_people_sign_a_version_and_any_edit_makes_a_draft(qtbot, desk):
    assert _stage(desk) == "Draft"
    _sign(qtbot, desk, "sign_prepared", "Ph. One")
    assert _stage(desk) == "Prepared by Ph. One"
    refused = _sign(qtbot, desk, "sign_verified", "Ph. One")
    assert "nother person has to verify" in refused.problems.text()
    refused.reject()
    assert _stage(desk) == "Prepared by Ph. One"
    _sign(qtbot, desk, "sign_verified", "Ph. Two")
    assert _stage(desk) == "Verified by Ph. Two"
    desk.window.select("blinatumomab")
    nudge(desk.window, "later_day")
    assert _stage(desk) == "Draft"
    desk.window.act("undo")
    assert _stage(desk) == "Verified by Ph. Two"


def test_undo_never_takes_a_signature_back(qtbot, desk):
    desk.window.select("blinatumomab")
    nudge(desk.window, "later_day")
    _sign(qtbot, desk, "sign_prepared", "Ph. One")
    notice = desk.window.notice
    assert notice.words.text() == "Sign as prepared."
    assert not notice.words.isHidden()
    assert notice.undo.isHidden(), "beside the signature it took back the edit before that, and so the signature"
    desk.window.act("undo")
    desk.document.save_now()
    plan = desk.document.evaluated.plan
    assert [one.meaning for one in plan.sign_offs] == [PREPARED]
    assert desk.archive.load(plan.id) == plan
    desk.window.act("redo")
    assert _stage(desk) == "Prepared by Ph. One"


def test_an_open_item_is_confirmed_by_name(qtbot, desk):
    desk.window.act("confirm")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    item = dialog.answers()["item"]
    dialog.editors["by"].widget.setText("Ph. One")
    dialog.accept()
    made = desk.document.evaluated.plan.confirmations
    assert [(one.pin, one.order, one.by) for one in made] == [(item.pin, item.order, "Ph. One")]
    desk.window.act("undo")
    assert desk.document.evaluated.plan.confirmations == ()


def test_confirming_goes_on_with_the_next_item_and_a_held_key_confirms_nothing(qtbot, desk):
    desk.window.act("confirm")
    first = open_dialog(qtbot, desk, DescribedDialog)
    many = len(first.editors["item"].field.choices)
    first.editors["by"].widget.setText("Ph. One")
    first.accept()
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    assert len(dialog.editors["item"].field.choices) == many - 1
    assert dialog.answers()["by"] == "Ph. One"
    assert dialog.cancel.text() == "Close"
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert len(desk.document.evaluated.plan.confirmations) == 1


def test_an_item_to_confirm_says_its_dose(qtbot, desk):
    days = [one for one in desk.document.evaluated.schedule.events if one.placed.order.id == "corticosteroid"]
    desk.window._select_event(days[0])
    ask(qtbot, desk, "enter_dose", dose="60 mg/m2")
    desk.window.act("confirm")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    told = [words for _, words in dialog.editors["item"].field.choices]
    assert "Steroid pre-phase: Corticosteroid (local): 109 mg" in told
    assert not any(one.startswith("Kinase inhibitor") and "mg" in one for one in told), "140 mg is another order's"
    dialog.reject()


def test_issuing_again_says_which_copies_are_out(qtbot, desk):
    plan = desk.document.evaluated.plan
    first = Issue("roadmap", 1, "an-older-one", "Ph. One", "2026-11-20T09:00:00+00:00", 3)
    desk.document.record("Issue", lambda _: replace(plan, issues=(first,)))
    desk.window.wishes.releasing.issue("roadmap")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    told = "Issue 1 of 20-Nov-2026 is out in 3 copies and says something else: fetch them back."
    assert told in [label.text() for label in dialog.findChildren(QLabel)]
    assert "Signing is in the menu Plan" in dialog.asks.intro[0]
    dialog.reject()


def test_signing_tells_of_open_items_and_a_guest_does_not_become_the_one_at_the_desk(qtbot, desk):
    desk.window.act("sign_prepared")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    assert any("Confirm them first" in line for line in dialog.asks.intro)
    dialog.editors["by"].widget.setText("Ph. One")
    dialog.accept()
    _sign(qtbot, desk, "sign_verified", "Ph. Two")
    desk.window.act("confirm")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    assert dialog.answers()["by"] == "Ph. One"
    dialog.reject()


def test_where_doses_lack_they_are_named_instead_of_nothing_to_confirm():
    item = OpenItem("pin", "methotrexate", "Interim maintenance II: Methotrexate (local)", 739770)
    assert "Interim maintenance II: Methotrexate (local): no dose yet from 03-Jun-2026" in why_nothing([item])
    assert "nothing is open" in why_nothing([])


def test_an_unverified_version_is_not_issued(qtbot, desk):
    desk.window.act("print")
    printing = open_dialog(qtbot, desk, PrintDialog)
    qtbot.waitUntil(printing.save.isEnabled, timeout=20_000)
    printing.issue.click()
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    dialog.editors["by"].widget.setText("Ph. One")
    dialog.accept()
    assert dialog.isVisible(), "the bar of the window would lie behind the pages"
    assert "t has to be prepared and verified first" in dialog.problems.text()
    dialog.reject()
    assert desk.document.evaluated.plan.issues == ()
    printing.reject()
    assert VERIFIED not in [one.meaning for one in desk.document.evaluated.plan.sign_offs]


def test_a_span_of_days_is_printed_and_a_wrong_date_told(qtbot, desk):
    desk.window.act("print")
    printing = open_dialog(qtbot, desk, PrintDialog)
    qtbot.waitUntil(printing.save.isEnabled, timeout=20_000)
    whole = len(printing.content)
    printing.first.line.setText("31 feb 2026")
    assert printing.told.text()
    assert not printing.save.isEnabled()
    printing.first.line.setText("1-Dec-2026")
    printing.last.line.setText("7-Dec-2026")
    qtbot.waitUntil(printing.save.isEnabled, timeout=20_000)
    assert len(printing.content) < whole
    printing.grey.setChecked(True)
    image = printing.page.label.pixmap().toImage()
    colour = image.pixelColor(image.width() // 2, 20)
    assert colour.red() == colour.green() == colour.blue()
    printing.reject()
