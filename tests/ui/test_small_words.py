"""Words in little room: long names, one day and several, what is typed in part; and where Tab goes among them."""

import pytest
from PySide6.QtGui import QFont, QFontMetrics

from planner.services.verbs import placing
from tests.benchmarks.edit import PATIENT
from tests.ui.patient_forms import TODAY
from tests.ui.timeline.test_painting import bar
from ui.dialogs.described import DescribedDialog, Form
from ui.dialogs.fields import Field
from ui.dialogs.medicine_rows import LabRow
from ui.dialogs.several_boxes import SeveralBoxes
from ui.rows.delegates import _in_lines
from ui.theme import LIGHT
from ui.timeline.area import _length
from ui.timeline.paint import Kit
from ui.timeline.ribbons import _words


def test_a_name_of_one_long_word_has_two_lines(qapp):
    """It was cut after the first line and left the second one empty."""
    measure = QFontMetrics(QFont("Lato", 10))
    for name in ("Wolfeschlegelsteinhausenbergerdorff", "Wolfeschlegelsteinhausenbergerdorff, Jo"):
        wide = measure.horizontalAdvance(name) * 2 // 3
        first, second = _in_lines(name, measure, wide, two=True)
        assert first
        assert second
        assert (first + second).replace(" ", "") == name.replace(" ", "")
        assert measure.horizontalAdvance(first) <= wide
    assert _in_lines("Kim, Ana", measure, measure.horizontalAdvance("Kim, A"), two=True) == ["Kim,", "Ana"]


@pytest.mark.parametrize(("shift", "told"), [(1, "+1 day"), (-1, "-1 day"), (7, "+7 days")])
def test_a_block_that_moved_by_one_day_says_so_in_the_singular(qapp, shift, told):
    block = bar("ribbon", role="block")
    moved = type("Moved", (), {"label": block.label, "shift": shift, "state": block.state})()
    assert told in [words for words, *_ in _words(Kit(LIGHT), moved, 400.0)]


@pytest.mark.parametrize(("days", "told"), [(1, "1 day"), (7, "7 days"), (20, "20 days"), (21, "3 weeks")])
def test_a_short_course_is_counted_in_days(days, told):
    assert _length(days) == f"Whole course, {told}"


@pytest.mark.parametrize(("typed", "whole"), [("gluca", "Glucarpidase"), ("da", "da"), ("x", "x"), ("", "")])
def test_the_beginning_of_the_only_name_that_fits_is_completed_once_it_is_left(qtbot, typed, whole):
    names = [(one.lower(), one) for one in ("Dasatinib", "Daunorubicin", "Glucarpidase")]
    fields = (Field("agent", "&Drug", "pick", None, names, optional=True), Field("note", "N&ote", optional=True))
    dialog = DescribedDialog(Form("Add", "Add", fields))
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    box = dialog.editors["agent"].widget
    box.setFocus()
    box.setCurrentText(typed)
    dialog.editors["note"].widget.setFocus()
    assert box.currentText() == whole


def test_tab_goes_from_what_was_measured_to_the_result_and_last_to_its_removal(qtbot):
    row = LabRow(None, TODAY)
    row.agent.setCurrentIndex(0)
    dialog = DescribedDialog(Form("Results", "Keep", ()))
    dialog.body.addWidget(row)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    row.agent.setFocus()
    way = []
    for _ in range(4):
        dialog.focusNextPrevChild(True)
        way.append(dialog.focusWidget().accessibleName())
    assert way == ["Result", "Unit of the result", "Day of the result", "Remove this result"]


def test_a_new_plan_opens_on_its_own_days_whatever_was_in_sight_of_another(desk):
    """A plan without blocks is not drawn, so the first protocol came into the twelve weeks of the plan before."""
    window = desk.window
    window.act("fit_all")
    wide = window.timeline.scale.per_day
    plan = placing.new_plan("other", PATIENT)
    desk.document.create(plan, "New plan")
    protocol = desk.document.library.protocols["hsct-flu-bu-ric"]
    desk.document.edit("Add", lambda now: placing.add_protocol(now, protocol, placing.start_on(TODAY)))
    assert window.timeline.scale.per_day > 4 * wide


def test_boxes_with_long_words_stand_in_several_lines(qtbot):
    """At 200 % the last of five kinds of bags lay outside the dialog, where nothing scrolls."""
    bags = [(hours, f"{hours} h at 10.8 mL/h") for hours in (24, 48, 72, 96, 168)]
    for choices, lines in ((bags, 2), ([(day, day) for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")], 1)):
        boxes = SeveralBoxes("Bags", choices, (72, "Mon"))
        qtbot.addWidget(boxes)
        boxes.resize(boxes.sizeHint())
        boxes.show()
        assert len({box.y() for _, box in boxes.boxes}) == lines
        assert boxes.minimumSizeHint().width() < 500
        assert boxes.ticked() == (choices[2][0],) if choices is bags else ("Mon",)
