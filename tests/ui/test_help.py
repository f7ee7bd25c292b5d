"""F1 opens help on what has the focus; a key that cannot do anything now says what it needs."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from planner.services.verbs import editing
from tests.ui.desks import open_desk, open_dialog
from ui.dialogs.described import DescribedDialog
from ui.dialogs.help_words import HELP
from ui.dialogs.page import PageDialog
from ui.models.description import shortened
from ui.panels.unmet import UNDONE_ALL
from ui.tongue import use_language


@pytest.fixture
def desk(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True) as made:
        made.window.activateWindow()
        qtbot.waitActive(made.window)
        yield made


def _f1(qtbot, desk):
    QTest.keyClick(desk.app.focusWidget() or desk.window, Qt.Key.Key_F1)
    return open_dialog(qtbot, desk, PageDialog)


@pytest.mark.parametrize("part", [part for part in HELP if part != "forms"])
def test_each_part_of_the_window_has_its_page(qtbot, desk, part):
    window, bottom = desk.window, desk.window.bottom
    window.select("")
    if part == "calendar":
        window.act("calendar")
    tab = {
        "findings": bottom.findings,
        "table": bottom.schedule,
        "counters": bottom.counters,
        "history": bottom.history,
    }
    if part in tab:
        bottom.go_to(tab[part])
    focus = {
        "patients": window.plans.search,
        "protocols": window.catalogue.search,
        "timeline": window.timeline,
        "inspector": window.inspector.area,
        "calendar": window.furniture.calendar if part == "calendar" else None,
        **tab,
    }[part]
    if part == "protocols":
        window.catalogue.search.setText("no such protocol")
    if part == "findings":
        bottom.findings.clearSelection()
    focus.setFocus()
    page = _f1(qtbot, desk)
    assert page.windowTitle() == HELP[part][0]
    assert page.text().startswith("\n".join((HELP[part][0], *HELP[part][1])))


def test_a_selected_finding_opens_its_rule_with_source(qtbot, desk):
    desk.window.act("next_finding")
    finding = desk.window.subject.finding
    page = _f1(qtbot, desk)
    assert finding.rule in page.windowTitle()
    assert finding.statement in page.text()
    assert shortened(finding.source) in page.text()


def test_a_selected_dose_opens_its_protocol_at_the_drug(qtbot, desk):
    event = next(one for one in desk.document.evaluated.schedule.events if one.placed.agent == "dasatinib")
    desk.window._select_event(event)
    desk.window.timeline.setFocus()
    page = _f1(qtbot, desk)
    assert page.windowTitle() == event.placed.block.protocol.title
    assert page.search.text() == "Dasatinib"
    assert "140 mg" in page.text()


def test_a_chosen_protocol_is_read(qtbot, desk):
    desk.window.catalogue.table.selectRow(1)
    desk.window.catalogue.table.setFocus()
    page = _f1(qtbot, desk)
    assert page.windowTitle() == desk.window.catalogue.row().protocol.title


def test_a_form_tells_how_it_is_answered_and_stays(qtbot, desk):
    desk.window.select("blinatumomab")
    desk.window.act("hold")
    form = open_dialog(qtbot, desk, DescribedDialog)
    page = _f1(qtbot, desk)
    assert page.text() == "\n".join((HELP["forms"][0], *HELP["forms"][1]))
    page.reject()
    assert form.isVisible()
    form.reject()


def test_a_key_that_cannot_do_anything_now_says_what_it_needs(desk):
    desk.window.select("")
    desk.window.timeline.setFocus()
    QTest.keyClick(desk.window.timeline, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert desk.window.notice.words.text() == "Defer needs a selected block, cycle or item."
    use_language("es")
    QTest.keyClick(desk.window.timeline, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert "requiere una dosis" in desk.window.notice.words.text()


def test_what_a_key_needs_is_told_no_longer_than_it_lacks(desk):
    notice, needed = desk.window.notice, []
    for later in ("", "Something said after it."):
        desk.window.select("")
        desk.window.timeline.setFocus()
        QTest.keyClick(desk.window.timeline, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
        needed.append(_told(notice))
        if later:
            notice.tell(later)
        desk.window.select("blinatumomab")
        assert _told(notice) == later
    assert needed == ["Defer needs a selected block, cycle or item."] * 2


def _told(notice):
    """The words that stand beside the tabs or in the bar, empty where neither is shown."""
    return "".join(part.words.text() for part in (notice.line, notice.bar) if not part.isHidden())


def test_undo_after_a_new_start_leads_to_the_saved_states(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        desk.document.edit("Move", lambda plan: editing.move_block(plan, plan.blocks[0].id, 1))
        desk.document.save_now()
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        desk.window.activateWindow()
        qtbot.waitActive(desk.window)
        QTest.keyClick(desk.window.timeline, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert desk.window.notice.words.text() == UNDONE_ALL
        desk.window.act("plan_history")
        saved = open_dialog(qtbot, desk)
        assert [one.what for one in desk.archive.history(desk.document.evaluated.plan.id)] == ["Demo plan", "Move"]
        saved.reject()
        desk.document.close()
        QTest.keyClick(desk.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert desk.window.notice.words.text() == "Undo needs an edit to undo."
