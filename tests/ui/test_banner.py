"""The banner on windows of every width: whose course it is stays whole, and the window stays on its screen."""

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QLabel

from tests.golden.cases import PATIENTS, START
from tests.services.courses_at_hand import plan_of
from ui.panels.banner import PatientBanner
from ui.theme import LIGHT

LONG = "Wolfeschlegelsteinhausenbergerdorff-Montmorency y Fernandez de la Vega"
GIVEN = "Maximiliana Konstantinopolitana Wilhelmine"


@pytest.mark.parametrize("wide", [683, 1024, 1366])
def test_a_long_name_stays_whole_and_makes_no_window_wider(qtbot, wide):
    """At 1366 px a name of 112 letters pushed id, sex, measures and stage off the screen, and the lanes with them."""
    banner = PatientBanner(LIGHT)
    qtbot.addWidget(banner)
    plan = plan_of("d-alba")
    patient = replace(PATIENTS["adult"], family_name=LONG, given_name=GIVEN)
    banner.show_patient(replace(plan, patient=patient), START)
    assert banner.minimumSizeHint().width() < 683
    banner.resize(wide, 36)
    banner.show()
    qtbot.waitExposed(banner)
    name = banner.name
    room = name.fontMetrics().boundingRect(0, 0, name.width(), 999, 0x1000, name.text())  # broken at words
    assert name.text() == f"{LONG}, {GIVEN}"
    assert room.width() <= name.width()
    assert room.height() <= name.height() <= banner.height(), "at 683 px its third line was cut"
    assert banner.height() == 36 if wide > 683 else banner.height() < 60
    assert wide < 1366 or not name.wordWrap()
    assert QLabel.text(banner.body).endswith(" m²")  # doses go by it
    for part in (banner.born, banner.id, banner.sex):
        assert part.fontMetrics().horizontalAdvance(part.text()) <= part.width()
        assert part.geometry().right() < wide


def test_a_short_name_keeps_its_large_letters(qtbot):
    banner = PatientBanner(LIGHT)
    qtbot.addWidget(banner)
    banner.show_patient(plan_of("d-alba"), START)
    banner.resize(1366, 36)
    banner.show()
    qtbot.waitExposed(banner)
    assert banner.name.font().pixelSize() == 20
