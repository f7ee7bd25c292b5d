"""A choice that has the width it asks for is shown whole."""

import pytest

from ui.dialogs.choice_box import ChoiceBox
from ui.style import register_fonts

LONG = "D-ALBA (GIMEMA LAL2116): dasatinib and steroid, then blinatumomab version 1 is not signed by this site (draft)"


@pytest.mark.parametrize("size", [11, 12, 13, 15])
def test_at_its_full_width_no_choice_ends_in_dots(qtbot, size):
    register_fonts()
    for length in range(20, len(LONG), 3):
        box = ChoiceBox()
        qtbot.addWidget(box)
        box.setStyleSheet(f"font-family: Lato; font-size: {size}px")
        box.addItems([LONG[:length], "short"])
        box.show()
        box.resize(box.full_width(), box.height())
        box.grab()
        assert not box.toolTip(), box.toolTip()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_list_that_opens_with_nothing_chosen_shows_the_line_that_a_key_goes_on_from(qtbot):
    """Down took the second of it: Qt stood on the first line, unseen."""
    box = ChoiceBox()
    qtbot.addWidget(box)
    box.addItems(["female", "male"])
    box.choose_later()
    box.show()
    box.showPopup()
    marked = box.view().selectionModel().selectedIndexes()
    assert [index.row() for index in marked] == [0]
    assert box.currentIndex() == -1
    box.hidePopup()
