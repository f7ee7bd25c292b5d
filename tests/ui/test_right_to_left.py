"""Everything mirrored: names, dates and doses still read as they are."""

from unittest.mock import patch

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QPushButton

from planner.services.verbs.editing import replace_patient
from planner.settings import Settings, save_settings
from tests.ui.desks import open_desk
from ui.models.rows_model import MARK_ROLE, isolated
from ui.rows.filter_button import FilterButton


@pytest.fixture
def mirrored(qapp):
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_time_runs_from_left_to_right_and_the_window_is_mirrored(mirrored, qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        window = desk.window
        assert window.timeline.layoutDirection() == Qt.LayoutDirection.LeftToRight

        def place(widget):
            return widget.mapTo(window, widget.rect().center()).x()

        assert place(window.inspector) < place(window.timeline) < place(window.plans)
        bars = [one.bar for one in window.timeline.scene.bars.values()]
        assert all(window.timeline.scale.x(bar.start) < window.timeline.scale.x(bar.end) for bar in bars)


def test_dates_in_tables_have_a_direction_of_their_own(mirrored, qtbot, tmp_path):
    """Without it 05-Oct-2026 is shown as Oct-2026-05."""
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        model = desk.window.bottom.findings.model()
        for row in range(model.rowCount()):
            text = model.data(model.index(row, 3))
            assert not text or (text[0], text[-1]) == ("\u2068", "\u2069")


def test_a_name_from_right_to_left_is_kept_to_the_letter(qtbot, tmp_path):
    assert isolated("05-Oct-2026") == "05-Oct-2026"
    name = "\u062f\u0631\u064a\u0645"
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        patient = replace(desk.document.evaluated.plan.patient, family_name=name)
        desk.document.edit("Name", lambda plan: replace_patient(plan, patient))
        assert desk.window.banner.name.text() == f"{name}, Ana"
        desk.document.save_now()
        assert name in desk.window.plans.model.data(desk.window.plans.model.index(0, 0))


def test_dots_stay_behind_the_words_of_actions_and_buttons(mirrored, qtbot, tmp_path):
    """Without a direction of its own "Add to plan…" is shown as "…Add to plan"."""
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        window = desk.window
        window.timeline.select(next(iter(window.timeline.scene.bars)))
        buttons = [
            button for button in window.findChildren(QPushButton) if button.text().rstrip("\u2069").endswith("…")
        ]
        assert len(buttons) > 2
        for text in [one.text() for one in (*buttons, *window.actions_by_id.all())]:
            assert "…" not in text or text.startswith("\u2068"), text


def test_findings_keep_the_sign_of_their_severity(mirrored, qtbot, tmp_path):
    """A mark in marks of direction names no severity, and every finding would have the sign of an advice."""
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        model = desk.window.bottom.findings.model()
        marks = {model.data(model.index(row, 0), MARK_ROLE) for row in range(model.rowCount())}
        assert {"warning", "advice"} <= marks


def test_mirrored_buttons_speak_the_chosen_language_and_the_tools_keep_their_margin(mirrored, qtbot, tmp_path):
    """The mark of the direction was put around the English word, which then was found in no dictionary."""
    folder = tmp_path / "data"
    folder.mkdir()
    save_settings(folder / "settings.json", Settings(language="es"))
    with open_desk(qtbot, folder, demo=True) as desk:
        window = desk.window
        assert window.plans.button.text() == "\u2068Abrir\u2069"
        assert window.catalogue.button.text() == "\u2068Añadir al plan…\u2069"
        finder = next(one for one in window.findChildren(QPushButton) if one.property("field"))
        assert finder.mapTo(window, finder.rect().topLeft()).x() >= 8


def test_the_filter_keeps_its_arrow_on_the_side_where_words_end(mirrored, qtbot, tmp_path):
    """The arrow of the style stood at the right of a field that is read from there, under the words: it was gone."""
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        button = desk.window.findChild(FilterButton)
        picture = button.grab().toImage()
        ink = [
            x for x in range(6, picture.width() // 4) if picture.pixelColor(x, picture.height() // 2).lightness() < 140
        ]
        assert ink, "nothing is drawn at the left of the words"


def test_names_in_two_lines_lose_no_letter_to_the_marks_of_their_direction(mirrored, qtbot, tmp_path):
    """Each mark counted as a letter wide, and a name that fits ended in dots."""
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        drawn = []
        with patch("ui.rows.delegates.QFontMetrics.elidedText", lambda _, text, *__: drawn.append(text) or text):
            desk.window.catalogue.table.grab()
        assert drawn
        assert not any(mark in text for text in drawn for mark in "\u2068\u2069")


def test_badges_stand_under_the_words_where_the_lists_are_mirrored(mirrored, qtbot, tmp_path):
    """They stood at the left of a row whose words are at its right."""
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        table, frames = desk.window.catalogue.table, []

        class Painter(QPainter):
            def drawRoundedRect(self, place, *round_):
                frames.append(place)

        image = QImage(300, 60, QImage.Format.Format_RGB32)
        painter = Painter(image)
        painter.setLayoutDirection(table.layoutDirection())
        row = QRect(0, 0, 300, 60)
        table.itemDelegate()._badges(painter, row, table.font(), ["draft", "local"])
        painter.end()
        assert [frame.right() for frame in frames] == [row.right(), frames[0].left() - 5]
