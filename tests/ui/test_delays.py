"""A block dragged to a later day: what has to wait is offered at once, during the drag and before it is accepted."""

import pytest

from planner.services.repairing import delay, repair
from tests.checking.test_repair import _shown
from tests.ui.desks import open_desk, open_dialog, shipped_library
from ui.dialogs.described import DescribedDialog

BLOCK, DAYS, OTHER = "first-year", 60, "pomp"


@pytest.fixture
def desk(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data") as made:
        made.document.create(_shown("pomp 0", "hyper-cvad 600").plan, "New plan")
        yield made


def _starts(desk):
    return {block.id: block.start for block in desk.document.evaluated.schedule.blocks}


def _drag(qtbot, desk, *, waits):
    desk.window.wishes.changes.move_block(BLOCK, DAYS)
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    dialog.editors["waits"].widget.setChecked(waits)
    assert dialog.ok.isEnabled()
    dialog.accept()


def test_what_has_to_wait_is_told_during_the_drag_and_moves_with_it_if_wanted(qtbot, desk):
    before, evaluated = _starts(desk), desk.document.evaluated
    assert repair(evaluated, shipped_library()).fix is None
    offered = delay(evaluated, shipped_library(), BLOCK, DAYS).fix
    assert OTHER in {move.block for move in offered.moves}
    told = desk.window.wishes.verdicts(BLOCK, DAYS)
    assert told[-1] == ("advice", offered.title)
    assert "contraindicated" in {severity for severity, _ in told}
    assert not [words for _, words in desk.window.wishes.verdicts(BLOCK, 1) if words.startswith("Move ")]

    _drag(qtbot, desk, waits=True)
    after = _starts(desk)
    assert after[BLOCK] == before[BLOCK] + DAYS
    assert after[OTHER] > before[OTHER]
    assert repair(desk.document.evaluated, shipped_library()).fix is None
    assert len(desk.document.stack.texts()) == 1
    desk.window.act("undo")
    assert _starts(desk) == before

    _drag(qtbot, desk, waits=False)
    plain = _starts(desk)
    assert (plain[BLOCK], plain[OTHER]) == (before[BLOCK] + DAYS, before[OTHER])
