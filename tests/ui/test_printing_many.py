"""Several sheets at once, changes marked on a new issue, and a decision opened again."""

from datetime import date
from itertools import pairwise

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QComboBox, QLabel, QPushButton

from planner.model.signing import Issue
from planner.model.wish import WHOLE_PLAN
from planner.services import release
from planner.services.verbs import editing, placing
from tests.exports.papers import page_texts
from tests.ui.desks import NOON, nudge, open_dialog
from ui.dialogs.described import DescribedDialog
from ui.dialogs.print_many import PrintManyDialog
from ui.dialogs.printing import PrintDialog
from ui.style import build_style_sheet
from ui.theme import LIGHT
from ui.tongue import use_language


def _check(listed, *rows):
    for row in rows:
        listed.item(row).setCheckState(Qt.CheckState.Checked)


def _many(qtbot, desk):
    desk.window.act("print_many")
    return open_dialog(qtbot, desk, PrintManyDialog)


def test_sheets_of_several_plans_are_saved_without_a_name(qtbot, desk, tmp_path):
    plan = desk.document.evaluated.plan
    desk.archive.save(replace(plan, id="second-plan"), "New plan", "w", desk.now())
    folder = tmp_path / "out"
    folder.mkdir()
    dialog = _many(qtbot, desk)
    dialog.print_into(str(folder))
    assert "at least one plan" in dialog.told.text()
    _check(dialog.plans, 0, 1)
    dialog.search.setText("nothing like this")
    dialog.search.setText("")
    assert dialog.number.text() == "2 plans chosen"
    _check(dialog.sheets, 3, 4)
    with qtbot.waitSignal(dialog.ended, timeout=60_000):
        dialog.print_into(str(folder))
    made = sorted(path.name for path in folder.iterdir())
    assert len(made) == 4
    assert "4 of 4 sheets saved" in dialog.told.text()
    assert not [name for name in made if "Ana" in name or "Demo," in name]
    assert all(path.read_bytes().startswith(b"%PDF") for path in folder.iterdir())
    assert [line.kind for line in desk.archive.trail()].count("print") == 4
    dialog.reject()


def test_all_plans_can_be_chosen_also_where_the_window_lists_fewer(qtbot, desk, monkeypatch):
    """Of 300 plans "Choose all" took the 200 that the window lists, and said nothing of the others."""
    monkeypatch.setattr("ui.desk.LISTED", 1)
    plan = replace(desk.document.evaluated.plan, demo=False)
    for number in range(3):
        desk.archive.save(replace(plan, id=f"plan-{number}"), "New plan", "w", desk.now())
    dialog = _many(qtbot, desk)
    dialog._choose_all()
    assert dialog.number.text() == "3 plans chosen"


def test_the_plans_are_told_apart_by_the_titles_of_their_protocols(qtbot, desk):
    qtbot.waitUntil(lambda: "d-alba" in desk.document.library.protocols, timeout=20_000)
    dialog = _many(qtbot, desk)
    assert dialog.plans.item(0).text() == "DEMO  Demo, Ana (DEMO-0001)\nD-ALBA (GIMEMA LAL2116)"
    dialog.reject()


def test_the_ticks_of_the_sheets_stand_apart(qtbot, desk, qapp):
    """Rows measured before the style sheet was there had 18 px for boxes of 16."""
    qapp.setStyleSheet(build_style_sheet(LIGHT))
    dialog = _many(qtbot, desk)
    picture = dialog.sheets.viewport().grab().toImage()
    boxes = [dialog.sheets.visualItemRect(dialog.sheets.item(row)) for row in range(dialog.sheets.count())]
    dialog.reject()
    qapp.setStyleSheet("")
    dark = [any(picture.pixelColor(x, y).lightness() < 235 for x in range(6, 30)) for y in range(picture.height())]
    gaps = sum(above and not below for above, below in pairwise(dark))
    assert gaps == len(boxes), "one box a row, each with free ground under it"


def test_printing_many_stops_when_asked(qtbot, desk, tmp_path):
    dialog = _many(qtbot, desk)
    _check(dialog.plans, 0)
    _check(dialog.sheets, 1, 2, 3, 4)
    dialog.printed.connect(lambda *_: dialog.stop.click())
    with qtbot.waitSignal(dialog.ended, timeout=60_000):
        dialog.print_into(str(tmp_path))
    assert len(list(tmp_path.glob("*.pdf"))) == 1
    assert "1 of 4 sheets saved" in dialog.told.text()
    dialog.reject()


@pytest.fixture
def doubtful(desk, monkeypatch):
    """A plan whose last edit could not be saved and whose protocol says something that has no Spanish words."""
    with monkeypatch.context() as patched:  # gone before the window closes, which asks whether all is saved
        patched.setattr("planner.services.printing.left_in_english", lambda *_: ("Do not drive.",))
        patched.setattr(type(desk.document), "is_saved", property(lambda _: False))
        yield desk


def test_the_print_dialog_tells_an_edit_that_is_not_saved_and_notes_without_words(qtbot, doubtful):
    doubtful.window.act("print")
    dialog = open_dialog(qtbot, doubtful, PrintDialog)
    dialog.sheet.setCurrentIndex(dialog.sheet.findData("calendar"))
    assert dialog.doubted.isVisible()
    assert dialog.doubted.text().splitlines() == [
        "The last edit is on this sheet and not saved: the store does not hold the plan that is printed.",
        "In English on this sheet, because the site has no words for it in this language (1): Do not drive.",
    ]
    dialog.sheet.setCurrentIndex(dialog.sheet.findData("roadmap"))
    assert "English" not in dialog.doubted.text()
    dialog.reject()


def test_only_what_is_so_is_said_of_a_sheet(qtbot, desk):
    desk.window.act("print")
    dialog = open_dialog(qtbot, desk, PrintDialog)
    dialog.sheet.setCurrentIndex(dialog.sheet.findData("calendar"))
    assert not dialog.doubted.isVisible()
    dialog.language.setCurrentIndex(dialog.language.findData("es"))
    assert dialog.doubted.text() == "When to call is printed as it is written in the settings; nobody translates it."
    dialog.sheet.setCurrentIndex(dialog.sheet.findData("roadmap"))
    assert not dialog.doubted.isVisible()
    dialog.reject()


def test_sheets_of_several_plans_tell_it_at_the_end(qtbot, doubtful, tmp_path):
    dialog = _many(qtbot, doubtful)
    _check(dialog.plans, 0)
    _check(dialog.sheets, [dialog.sheets.item(row).data(256) for row in range(dialog.sheets.count())].index("calendar"))
    with qtbot.waitSignal(dialog.ended, timeout=60_000):
        dialog.print_into(str(tmp_path))
    assert "Patient calendar: the last edit is not saved and not on this sheet" in dialog.told.text()
    assert dialog.told.text().endswith("(1): Do not drive.")
    dialog.reject()


def test_an_empty_plan_is_told_and_stops_nothing(qtbot, desk, tmp_path):
    patient = desk.document.evaluated.plan.patient
    desk.archive.save(placing.new_plan("empty-plan", patient, demo=True), "New plan", "w", desk.now())
    dialog = _many(qtbot, desk)
    dialog.all.click()
    _check(dialog.sheets, 5)
    with qtbot.waitSignal(dialog.ended, timeout=60_000):
        dialog.print_into(str(tmp_path))
    assert "1 of 2 sheets saved" in dialog.told.text()
    assert "no protocol" in dialog.told.text()
    dialog.reject()


def test_a_sheet_that_cannot_be_saved_is_told_and_stops_nothing(qtbot, desk, tmp_path):
    dialog = _many(qtbot, desk)
    _check(dialog.plans, 0)
    _check(dialog.sheets, 0, 5)
    with qtbot.waitSignal(dialog.ended, timeout=60_000):
        dialog.print_into(str(tmp_path / "no" / "such"))
    assert "0 of 2 sheets saved" in dialog.told.text()
    assert dialog.told.text().count("cannot be written") == 2
    dialog.reject()


def _handed_out(now, sheet):
    """The plan with that sheet on record as handed out; whether it may be is tested elsewhere."""
    issue = Issue(sheet, 1, release.version_code(now.plan), "Ph. One", NOON.isoformat())
    return replace(now.plan, issues=(issue,))


def test_a_new_issue_marks_what_changed_and_only_if_wanted(qtbot, desk):
    assert desk.document.record("Issue", lambda now: _handed_out(now, "roadmap"))
    assert desk.document.edit("Move", lambda plan: editing.move_block(plan, "blinatumomab", 7))
    after = desk.document.evaluated
    desk.window.act("print")
    dialog = open_dialog(qtbot, desk, PrintDialog)
    qtbot.waitUntil(dialog.save.isEnabled, timeout=20_000)
    assert dialog.changes.isEnabled()
    assert dialog.changes.isChecked()
    marked = dialog.content
    dialog.changes.setChecked(False)
    qtbot.waitUntil(dialog.save.isEnabled, timeout=20_000)
    assert dialog.content == desk.make_sheet(after, "roadmap", dialog.paper.currentText(), WHOLE_PLAN)
    assert dialog.content != marked
    dialog.sheet.setCurrentIndex(dialog.sheet.findData("handover"))
    assert not dialog.changes.isEnabled()
    qtbot.waitUntil(dialog.save.isEnabled, timeout=20_000)
    dialog.reject()


def test_sheets_say_that_the_patient_has_another_plan(qtbot, desk, tmp_path):
    """The bar of the window told it, the sheets that leave the house did not."""
    patient = desk.document.evaluated.plan.patient
    pomp, empty = desk.document.library.protocols["pomp"], placing.new_plan("second", patient, demo=True)
    second = placing.add_protocol(empty, pomp, placing.start_on(date(2027, 6, 1)))
    desk.archive.save(second, "New plan", "w", desk.now())
    desk.window.act("print")
    dialog = open_dialog(qtbot, desk, PrintDialog)
    qtbot.waitUntil(dialog.save.isEnabled, timeout=20_000)
    assert all("ANOTHER PLAN of this patient is in the store (second)" in text for text in page_texts(dialog.content))
    dialog.reject()
    dialog = _many(qtbot, desk)
    _check(dialog.plans, next(row for row in range(2) if "D-ALBA" in dialog.plans.item(row).text()))
    _check(dialog.sheets, 0)
    with qtbot.waitSignal(dialog.ended, timeout=60_000):
        dialog.print_into(str(tmp_path))
    assert "ANOTHER PLAN" in page_texts(next(tmp_path.glob("*.pdf")).read_bytes())[0]
    dialog.reject()


def test_the_pages_are_made_again_after_an_issue(qtbot, desk):
    desk.window.act("print")
    dialog = open_dialog(qtbot, desk, PrintDialog)
    qtbot.waitUntil(dialog.save.isEnabled, timeout=20_000)
    working = dialog.content
    assert desk.document.record("Issue", lambda now: _handed_out(now, "roadmap"))
    assert not dialog.save.isEnabled()
    qtbot.waitUntil(dialog.save.isEnabled, timeout=20_000)
    assert dialog.content != working
    assert dialog.doubted.text() == "", "the issue was said not to be saved for as long as the dialog stood"
    dialog.reject()
    desk.window.select("blinatumomab")
    nudge(desk.window, "later_day")


def test_a_decision_is_opened_again_with_a_reason(qtbot, desk):
    window = desk.window
    decisions = desk.document.evaluated.schedule.decisions
    if not desk.document.evaluated.plan.decisions:
        window.act("decide")
        asked = open_dialog(qtbot, desk)
        asked.by.setText("Ph. One")
        asked.accept()
    taken = desk.document.evaluated.plan.decisions
    assert decisions
    assert taken
    window.act("reopen")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    told = dialog.editors["taken"].widget.currentText()
    assert told == "Complete haematologic response on day 85? Complete haematologic response: blinatumomab"
    assert not dialog.ok.isEnabled()
    dialog.editors["reason"].widget.setText("the marrow was read again")
    dialog.editors["by"].widget.setText("Ph. One")
    assert dialog.ok.isEnabled()
    dialog.accept()
    plan = desk.document.evaluated.plan
    assert len(plan.decisions) == len(taken) - 1
    assert plan.reopened[-1].reason == "the marrow was read again"
    window.act("undo")
    assert desk.document.evaluated.plan.decisions == taken


@pytest.mark.parametrize(("action", "kind"), [("print", PrintDialog), ("print_many", PrintManyDialog)])
def test_every_choice_has_an_access_key(qtbot, desk, action, kind):
    desk.window.act(action)
    dialog = open_dialog(qtbot, desk, kind)
    marked = [label.buddy() for label in dialog.findChildren(QLabel) if "&" in label.text()]
    marked += [button for button in dialog.findChildren(QAbstractButton) if "&" in button.text()]
    turned = [button for button in dialog.findChildren(QAbstractButton) if not button.shortcut().isEmpty()]
    second = [dialog.alongside] if action == "print" else [dialog.search]
    left = [
        one.accessibleName() or one.text()
        for one in dialog.findChildren(QComboBox) + dialog.findChildren(QCheckBox) + dialog.findChildren(QPushButton)
        if one not in (*marked, *turned, *second) and one.parent() is dialog
    ]
    assert left == ["Close"], "Esc closes; the second language is one Tab from the first"
    dialog.reject()


def test_a_sheet_of_the_clinic_says_that_it_is_in_english_and_the_choice_comes_back(qtbot, desk):
    use_language("es")
    desk.window.act("print")
    dialog = open_dialog(qtbot, desk, PrintDialog)
    choose = dialog.sheet.setCurrentIndex
    choose(dialog.sheet.findData("calendar"))
    dialog.alongside.setCurrentIndex(dialog.alongside.findData("de"))
    assert dialog.language.currentData() == "es"
    choose(dialog.sheet.findData("roadmap"))
    assert (dialog.language.currentData(), dialog.alongside.currentData()) == ("en", "")
    assert not dialog.language.isEnabled()
    choose(dialog.sheet.findData("daysheet"))
    choose(dialog.sheet.findData("calendar"))
    assert (dialog.language.currentData(), dialog.alongside.currentData()) == ("es", "de")
    dialog.reject()
