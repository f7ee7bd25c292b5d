"""The demo beside plans of one's own: asked for, kept once, and never to be taken for a real patient."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from planner.paths import resources
from planner.services.demo import demo_id
from planner.services.verbs.placing import new_plan
from tests.storage.plans import small_plan
from tests.ui.desks import open_desk, open_dialog
from ui.dialogs.described import DescribedDialog
from ui.dialogs.patient import PatientDialog
from ui.dialogs.print_many import PrintManyDialog

DEMO_ID = demo_id(resources())


@pytest.fixture
def desk(qtbot, tmp_path):
    """A window on one plan of one's own."""
    with open_desk(qtbot, tmp_path / "data") as made:
        made.archive.save(new_plan("mine", small_plan().patient), "New plan", "w", made.now())
        made.window.show_plans()
        yield made


def _make_patient(qtbot, desk):
    """Press New patient and enter one, whoever it is."""
    desk.window.act("new_patient")
    dialog = open_dialog(qtbot, desk, PatientDialog)
    dialog.patient = lambda: small_plan().patient
    dialog.find_problems = tuple
    dialog.find_doubts = tuple
    dialog.accept()


def _listed(desk):
    model = desk.window.plans.model
    return [model.data(model.index(row, 0)) for row in range(model.rowCount())]


def test_the_demo_is_opened_beside_own_plans_and_says_so_everywhere(desk):
    before = _listed(desk)
    desk.window.act("open_demo")
    shown = desk.document.evaluated.plan
    assert (shown.id, shown.demo) == (DEMO_ID, True)
    assert desk.window.banner.demo.isVisible()
    assert "invented" in desk.window.notice.words.text()
    new = [one for one in _listed(desk) if one not in before]
    assert len(new) == 1
    assert new[0].replace("\u2068", "").startswith("DEMO ")
    assert [one.demo for one in desk.archive.list()].count(False) == len(before)


def test_it_is_kept_once_as_it_was_left_and_comes_back_after_it_was_deleted(desk):
    desk.window.act("open_demo")
    desk.document.edit("Remove block", lambda plan: plan)
    own = next(one for one in desk.archive.list() if not one.demo)
    desk.window.open_plan(own)
    assert not desk.window.banner.demo.isVisible()
    desk.window.act("open_demo")
    assert [one.plan_id for one in desk.archive.list()].count(DEMO_ID) == 1
    counter = len(desk.archive.history(DEMO_ID))
    desk.archive.delete((DEMO_ID,), "seen", "w", desk.now())
    desk.window.act("open_demo")
    assert desk.document.evaluated.plan.id == DEMO_ID
    assert DEMO_ID in [one.plan_id for one in desk.archive.list()]
    assert len(desk.archive.history(DEMO_ID)) >= counter


def test_it_comes_back_after_it_was_erased(qtbot, desk):
    desk.window.act("open_demo")
    patient = desk.document.evaluated.plan.patient.id
    desk.document.close()
    desk.window.doors.vault().records.erase(patient, "seen", "w")()
    desk.window.act("open_demo")
    assert desk.document.evaluated.plan.demo


def test_lists_of_plans_to_print_tell_it_and_all_means_the_real_ones(qtbot, desk):
    desk.window.act("open_demo")
    desk.window.act("print_many")
    dialog = open_dialog(qtbot, desk, PrintManyDialog)
    names = {dialog.plans.item(row).text(): dialog.plans.item(row) for row in range(dialog.plans.count())}
    (demo,) = [item for words, item in names.items() if words.startswith("DEMO ")]
    assert len(names) == 2
    dialog.all.click()
    assert demo.checkState() is Qt.CheckState.Unchecked
    assert dialog.number.text() == "1 plans chosen"
    dialog.reject()


@pytest.mark.parametrize("action", ["delete_plan", "erase"])
def test_whoever_deletes_or_erases_reads_that_it_is_the_demo(qtbot, desk, action):
    desk.window.act("open_demo")
    desk.window.act(action)
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    assert [label for label in dialog.findChildren(QLabel) if label.text().startswith("DEMO ")]
    dialog.reject()


def test_a_deleted_demo_is_listed_as_one(qtbot, desk):
    desk.window.act("open_demo")
    desk.archive.delete((DEMO_ID,), "seen", "w", desk.now())
    desk.window.act("deleted")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    assert dialog.editors["plan"].widget.currentText().startswith("DEMO ")
    dialog.reject()


def test_a_plan_made_in_the_window_of_the_demo_is_marked_as_one(qtbot, tmp_path):
    """Its store has the key beside it: a real patient's plan must not be begun there without anybody seeing it."""
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        _make_patient(qtbot, desk)
        assert desk.document.evaluated.plan.patient == small_plan().patient
        assert desk.document.evaluated.plan.demo
        assert "marked DEMO" in desk.window.notice.words.text()
        open_dialog(qtbot, desk).reject()


def test_one_made_beside_the_demo_in_the_own_store_is_not(qtbot, desk):
    desk.window.act("open_demo")
    _make_patient(qtbot, desk)
    assert not desk.document.evaluated.plan.demo
    open_dialog(qtbot, desk).reject()
