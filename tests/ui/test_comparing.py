"""The comparisons of the window: a plan with its protocols, one protocol with another."""

from planner.services.telling.comparing import as_planned
from planner.services.telling.differences import differences
from planner.services.telling.preview import runs_of
from tests.ui.desks import open_desk, open_dialog
from ui.dialogs.change_text import run_name
from ui.dialogs.described import DescribedDialog
from ui.dialogs.page import PageDialog
from ui.models.description import Section


def test_the_page_lists_every_item_that_differs_from_the_protocol(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        evaluated = desk.document.evaluated
        untouched = desk.document.look_at(as_planned(evaluated.plan)).schedule
        found = differences(untouched, evaluated.schedule)
        blocks = evaluated.schedule.blocks
        desk.window.act("compare_plan")
        page = open_dialog(qtbot, desk, PageDialog)
        lines = page.text().splitlines()
        by_block = {block.id: [one for one in found if one.event.placed.block.id == block.id] for block in blocks}
        runs = [run for of_block in by_block.values() for run in runs_of(of_block)]
        assert sum(map(len, runs)) == len(found)
        assert all(any(line.startswith(f"{run_name(run)}: ") for line in lines) for run in runs)
        assert sum(" → " in line for line in lines) == len(runs) < len(found)
        page.reject()


def test_two_protocols_are_compared_line_by_line(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        desk.window.act("compare_protocol")
        asked = open_dialog(qtbot, desk, DescribedDialog)
        one, other = asked.answers()["one"], asked.answers()["other"]
        assert one.pin != other.pin
        asked.accept()
        page = open_dialog(qtbot, desk, PageDialog)
        lines = page.text().splitlines()
        assert any(line.startswith("− ") and one.protocol.summary in line for line in lines)
        assert any(line.startswith("+ ") and other.protocol.summary in line for line in lines)
        page.reject()


def test_the_inspector_of_a_block_names_what_was_changed_in_it(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        changed = desk.document.evaluated.plan.modifications[0]
        desk.window.select(changed.block)
        sections = {one.heading: one.lines for one in desk.window.inspector.shown.sections}
        assert any(changed.reason in line for line in sections["Differs from the protocol"])


def test_a_page_with_nothing_on_it_is_as_small_as_its_sentence(qtbot):
    empty = PageDialog("Compared with the protocols", "No item differs from what the protocols give.", ())
    full = PageDialog("Keys", "", (Section("Plan", ("New patient\tCtrl+N",)),))
    for page in (empty, full):
        qtbot.addWidget(page)
        page.show()
        qtbot.waitExposed(page)
    assert empty.height() < 200 < full.height()
    assert not empty.area.isVisible()
    assert full.area.isVisible()
