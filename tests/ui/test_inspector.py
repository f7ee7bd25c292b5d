"""The inspector as a widget: nothing it says is cut at its edge, however narrow it is."""

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from ui.models.description import Description, Section
from ui.panels.inspector import Inspector

ADDRESS = "https://www.example.org/a/very/long/address/of/a/source/that/was/read"


@pytest.mark.parametrize("width", [220, 320, 700])
def test_a_long_address_cuts_no_line_beside_it(qtbot, width):
    inspector = Inspector({})
    qtbot.addWidget(inspector)
    inspector.resize(width, 200)
    inspector.show()
    lines = tuple(f"Line {number} of many, which go on behind the scroll bar" for number in range(30))
    inspector.show_description(Description("Title", "", (Section("Source", lines, ((ADDRESS, ADDRESS),)),)))
    qtbot.waitUntil(inspector.area.verticalScrollBar().isVisible)
    assert inspector.area.widget().width() == inspector.area.viewport().width()
    (link,) = inspector.area.widget().findChildren(QPushButton)
    assert link.text() == ADDRESS if width == 700 else link.text().endswith("…")
    assert link.toolTip() == ADDRESS


def test_no_date_breaks_across_two_lines(qtbot):
    """Mon 14- at the end of one line and Sep-2026 on the next are read as two things."""
    inspector = Inspector({})
    qtbot.addWidget(inspector)
    line = "The first: Methotrexate IT C1 D22, Mon 14-Sep-2026"
    inspector.show_description(Description("Title", "", (Section("When", (line,)),)))
    label = inspector.area.widget().findChildren(QLabel)[-1]
    assert QLabel.text(label) == "The first: Methotrexate IT C1 D22, Mon\u00a014-\u2060Sep-\u20602026"
