"""The action table: every action does something, no key twice, everything reachable."""

from collections import Counter

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu

from tests.ui.desks import nudge, open_desk, open_dialog
from ui.actions import ACTIONS, LINES, MENUS, Need
from ui.dialogs.palette import KEYS, PaletteDialog


def test_ids_are_unique_and_menus_known():
    assert not [name for name, count in Counter(spec.id for spec in ACTIONS).items() if count > 1]
    assert {spec.menu for spec in ACTIONS} == set(MENUS)


def test_no_key_twice_and_none_unreadable(qapp):
    keys = [QKeySequence(one) for spec in ACTIONS for one in spec.keys.split("; ") if one]
    assert all(not key.isEmpty() for key in keys)
    texts = [key.toString() for key in keys]
    assert sorted(texts) == sorted(set(texts))


def test_no_access_key_twice_in_a_menu():
    for menu in MENUS:
        letters = [
            spec.text[spec.text.index("&") + 1].lower() for spec in ACTIONS if spec.menu == menu and "&" in spec.text
        ]
        assert sorted(letters) == sorted(set(letters)), menu


def test_lines_part_every_menu_into_groups_that_one_glance_takes_in():
    """The menu View was a list of 26 lines."""
    assert {spec.id for spec in ACTIONS} >= LINES
    for menu in MENUS:
        groups = [[]]
        for spec in (one for one in ACTIONS if one.menu == menu):
            if spec.id in LINES:
                groups.append([])
            groups[-1].append(spec.id)
        assert all(1 <= len(group) <= 8 for group in groups), (menu, groups)


def test_every_action_has_a_deed_and_stands_in_its_menu(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", library=False) as desk:
        window = desk.window
        assert set(window.acts) == {spec.id for spec in ACTIONS}
        in_menus = {action.objectName() for bar in window.findChildren(QMenu) for action in bar.actions()}
        assert {spec.id for spec in ACTIONS} <= in_menus


def test_actions_wait_for_what_they_need(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", library=False) as desk:
        enabled = {spec.id for spec in ACTIONS if desk.window.actions_by_id[spec.id].isEnabled()}
        assert enabled == {spec.id for spec in ACTIONS if spec.need is Need.NOTHING}


def test_with_the_demo_everything_but_redo_can_be_reached(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        window = desk.window
        window.select("blinatumomab")
        nudge(window, "later_day")
        window._select_event(next(one for one in desk.document.evaluated.schedule.events if one.dose))
        off = {spec.need for spec in ACTIONS if not window.actions_by_id[spec.id].isEnabled()}
        assert off <= {Need.REDO, Need.OPEN_FINDING, Need.RESCUE}


def test_palette_finds_by_words_and_runs(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        desk.window.act("palette")
        palette = open_dialog(qtbot, desk, PaletteDialog)
        qtbot.keyClicks(palette.search, "table sched")
        assert palette.list.count() == 1
        qtbot.keyClick(palette.search, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: desk.window.bottom.currentWidget().isAncestorOf(desk.window.bottom.schedule))


def test_palette_holds_every_action_and_says_what_keeps_one_from_being_done(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        actions = desk.window.actions_by_id.all()
        palette = PaletteDialog(actions, desk.window)
        qtbot.addWidget(palette)
        assert palette.list.count() == len(actions)
        lines = [palette.list.item(number) for number in range(palette.list.count())]
        works = [bool(one.flags() & Qt.ItemFlag.ItemIsEnabled) for one in lines]
        assert works == sorted(works, reverse=True)
        assert sum(works) == sum(action.isEnabled() for action in actions)
        for words, name in (
            ("platelets", "Edit patient…"),
            ("holiday", "Move off closed days…"),
            ("branch", "Answers side by side…"),
        ):
            palette.search.setText(words)
            assert palette.list.item(0).text() == name
        palette.search.clear()
        qtbot.keyClicks(palette.search, "pause")
        assert [palette.list.item(0).text(), palette.list.item(0).data(KEYS)] == [
            "Hold…",
            "needs a selected block, cycle or item",
        ]
        qtbot.keyClick(palette.search, Qt.Key.Key_Return)
        assert palette.picked is None
        qtbot.keyClicks(palette.search, " xyz")
        assert not palette.list.count()
        assert not palette.nothing.isHidden()
