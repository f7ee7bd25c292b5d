"""Opening a decision again, or answering it anew, in the window: asked where what was given has no place then."""

from datetime import date
from decimal import Decimal

import pytest

from planner.model.plan import DecisionTaken, Given, GivenRecord
from planner.services.verbs import editing
from planner.services.verbs.recording import forget_given, record_given
from tests.services.courses_at_hand import plan_of, protocols_of, scheduled
from tests.services.verbs.test_lasting import PH_POSITIVE
from tests.ui.desks import open_desk, open_dialog
from ui.dialogs.answers import DecideDialog
from ui.dialogs.described import DescribedDialog


@pytest.fixture
def desk(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data") as made:
        yield made


def test_a_decision_whose_block_was_given_is_opened_again_once_that_is_ticked(qtbot, desk):
    plan = plan_of("d-alba", PH_POSITIVE)
    taken = DecisionTaken("d-alba", "after-cycle-2", "further", date(2026, 6, 1), "A. P.")
    plan = editing.decide(plan, protocols_of(plan), taken)
    first = next(e for e in scheduled(plan).events if e.placed.block.id == "blinatumomab-further" and e.dose)
    where = ("blinatumomab-further", first.placed.cycle, first.cycle_day, first.placed.order.id, 0)
    amount, unit = first.dose.value or Decimal(1), first.dose.unit or "mg"
    record = GivenRecord(*where, Given.GIVEN, first.date, amount, unit, "A. P.")
    desk.document.create(record_given(plan, scheduled(plan), record, date(2100, 1, 1)), "New plan")
    before = desk.document.evaluated.plan

    desk.window.act("reopen")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    dialog.editors["reason"].widget.setText("donor found")
    dialog.editors["by"].widget.setText("Ph. One")
    dialog.accept()
    assert dialog.isVisible()
    assert "without a place in the course then: dasatinib C3 D1 of More" in dialog.problems.text()
    assert desk.document.evaluated.plan == before
    dialog.checked.setChecked(True)
    dialog.accept()
    opened = desk.document.evaluated
    assert opened.plan.reopened[-1].choice == "further"
    assert "blinatumomab-further" in {block.id for block in opened.schedule.blocks}
    desk.document.stack.undo()

    desk.window.act("decide")
    dialog = open_dialog(qtbot, desk, DecideDialog)
    dialog.which.setCurrentIndex(1)
    dialog.choices.button(0).setChecked(True)
    dialog.by.setText("Ph. One")
    dialog.on.set_day(date(2026, 6, 1))
    assert dialog.taken().choice == "tki"
    assert "without a place in the course then: dasatinib C3 D1 of More" in dialog.find_doubts()[-1]
    dialog.reject()

    desk.document.edit("Forget", lambda now: forget_given(now, now.given[0]))
    desk.window.act("reopen")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    dialog.editors["reason"].widget.setText("donor found")
    dialog.editors["by"].widget.setText("Ph. One")
    assert dialog.ok.isEnabled()
    dialog.accept()
    assert desk.document.evaluated.plan.reopened[-1].choice == "further"
    assert "blinatumomab-further" not in {block.id for block in desk.document.evaluated.schedule.blocks}
