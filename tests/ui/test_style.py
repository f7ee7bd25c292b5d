"""Palette and style sheet: every colour from a token, text legible on every ground it stands on, also when disabled."""

import re

import pytest
from msgspec.structs import astuple
from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QColor, QFontDatabase, QPalette
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QToolButton,
    QWidget,
)

from ui.icons import SHAPES, make_icon
from ui.style import build_palette, build_style_sheet, dress, register_fonts, selection
from ui.theme import FONT_FAMILY, LIGHT
from ui.theme import THEMES as ALL_THEMES
from ui.tongue import use_language
from ui.translated import speak_qts_own

THEMES = pytest.mark.parametrize("theme", list(ALL_THEMES.values()), ids=lambda theme: theme.name)


def _luminance(color):
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other):
    """The contrast ratio of two colours after WCAG 2."""
    lighter, darker = sorted((_luminance(QColor(one)), _luminance(QColor(other))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_computed_right():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@THEMES
def test_text_is_legible_in_every_group(qapp, theme):
    palette = build_palette(theme)
    groups, roles = QPalette.ColorGroup, QPalette.ColorRole
    pairs = [
        (roles.WindowText, roles.Window),
        (roles.Text, roles.Base),
        (roles.Text, roles.AlternateBase),
        (roles.ButtonText, roles.Button),
        (roles.HighlightedText, roles.Highlight),
        (roles.ToolTipText, roles.ToolTipBase),
        (roles.Link, roles.Base),
        (roles.PlaceholderText, roles.Base),
    ]
    for group in (groups.Active, groups.Inactive, groups.Disabled):
        for text, ground in pairs:
            assert contrast(palette.color(group, text), palette.color(group, ground)) >= 4.5, (group, text)


@THEMES
def test_text_is_legible_on_selected_and_hovered_rows(qapp, theme):
    for ground in (selection(theme), theme.hover, theme.panel, theme.ground):
        assert contrast(theme.text, ground) >= 4.5
        assert contrast(theme.muted, ground) >= 4.5
    assert contrast(theme.accent, theme.panel) >= 3
    assert contrast(theme.ground, theme.warning) >= 4.5


@THEMES
def test_style_sheet_uses_tokens_and_files_that_are_there(qapp, theme):
    sheet = build_style_sheet(theme)
    tokens = {value for value in astuple(theme) if value.startswith("#")}
    used = set(re.findall(r"#[0-9A-Fa-f]{6}", sheet))
    assert used <= tokens | {selection(theme)}
    pictures = re.findall(r"url\(([^)]+)\)", sheet)
    assert pictures
    for picture in pictures:
        with open(picture, encoding="utf-8") as file:
            assert theme.text in file.read()


def test_fonts_are_the_projects_own(qapp):
    register_fonts()
    assert FONT_FAMILY in QFontDatabase.families()


@THEMES
@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0, 3.0])
def test_icons_are_drawn_for_the_screen(qapp, theme, ratio):
    for name in SHAPES:
        picture = make_icon(name, theme, ratio).pixmap(QSize(18, 18), ratio)
        assert picture.size() == QSize(round(18 * ratio), round(18 * ratio))
        drawn = {
            picture.toImage().pixelColor(x, y).alpha() for x in range(picture.width()) for y in range(picture.height())
        }
        assert {0, 255} <= drawn


@THEMES
def test_the_signs_of_qts_own_dialog_for_files_are_seen(qtbot, qapp, theme):
    """They are black whatever the theme: on a dark window the ways back, on and up could not be seen."""
    dress(qapp, theme)
    qapp.setStyleSheet(build_style_sheet(theme))
    try:
        dialog = QFileDialog(options=QFileDialog.Option.DontUseNativeDialog)
        qtbot.addWidget(dialog)
        dialog.show()
        picture = dialog.grab().toImage()
        shown = [one for one in dialog.findChildren(QToolButton) if one.isVisible()]
        assert len(shown) > 3
        for button in shown:
            ground = picture.pixelColor(button.mapTo(dialog, QPoint(4, button.height() // 2)))
            assert contrast("#000000", ground) >= 12, button.objectName()
    finally:
        qapp.setStyleSheet("")
        qapp.setPalette(QPalette())


def test_no_words_of_qts_own_dialogs_are_lost_in_another_language(qtbot, qapp):
    """Qt's file of Spanish has no words for some labels; they were shown empty."""
    use_language("es")
    speak_qts_own()
    dialog = QFileDialog()
    qtbot.addWidget(dialog)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    labels = [label.text().replace("&", "") for label in dialog.findChildren(QLabel)]
    use_language("en")
    speak_qts_own()
    assert labels == ["Buscar en:", "Nombre de fichero:", "Archivos de tipo:"]


@THEMES
def test_the_answer_that_has_the_keys_shows_it_by_more_than_the_colour_of_its_words(qtbot, qapp, theme):
    qapp.setStyleSheet(build_style_sheet(theme))
    try:
        window = QWidget()
        qtbot.addWidget(window)
        row = QHBoxLayout(window)
        other, answer = QPushButton("Other"), QRadioButton("only this day")
        answer.setChecked(True)
        row.addWidget(other)
        row.addWidget(answer)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        grounds = []
        for focused in (other, answer):
            focused.setFocus()
            qtbot.waitUntil(focused.hasFocus)
            picture = answer.grab().toImage()
            grounds.append(picture.pixel(picture.width() - 6, 3))
        assert grounds[0] != grounds[1]
    finally:
        qapp.setStyleSheet("")


def test_a_tick_box_keeps_its_words_where_they_are_when_the_keys_come_to_it(qtbot, qapp):
    """Its frame grew, the words moved and their last letter was cut."""
    qapp.setStyleSheet(build_style_sheet(LIGHT))
    try:
        window = QWidget()
        qtbot.addWidget(window)
        row = QHBoxLayout(window)
        other, box = QPushButton("Other"), QCheckBox("Only the open plan")
        row.addWidget(other)
        row.addWidget(box)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        seen = []
        for focused in (other, box):
            focused.setFocus()
            qtbot.waitUntil(focused.hasFocus)
            picture = box.grab().toImage()
            ground = picture.pixel(picture.width() - 1, 0)
            inside = range(7, picture.height() - 7)  # of the ring round the words: its sides fill their columns there
            columns = {x: [picture.pixel(x, y) != ground for y in inside] for x in range(20, picture.width())}
            seen.append([x for x, drawn in columns.items() if any(drawn) and not all(drawn)])
        assert seen[0] == seen[1]
    finally:
        qapp.setStyleSheet("")
