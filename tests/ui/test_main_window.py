"""The window: right patient everywhere, one selection in all views, nothing stale, everything named."""

from io import BytesIO

import pytest
from msgspec.structs import replace
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QTabWidget,
    QToolBar,
    QToolButton,
)

from planner.model.finding import FindingStatus
from planner.services.telling.position import position_line, you_are_here
from planner.settings import LANGUAGES, Settings, save_settings
from tests.ui.desks import NOON, open_desk, open_dialog
from ui.dialogs.about import AboutDialog
from ui.dialogs.patient import PatientDialog
from ui.dialogs.printing import PrintDialog
from ui.furniture import OTHER_TEXT, _checked_words
from ui.icons import make_icon
from ui.models.finding_table import count_text, severity_words
from ui.models.rows_model import Column
from ui.panels.bottom import NOT_JUDGED
from ui.panels.tool_row import BETWEEN, PADDING, RIGHT, ToolRow
from ui.rows.searched_list import SearchedList
from ui.theme import LIGHT


def _event(desk, agent="blinatumomab"):
    return next(one for one in desk.document.evaluated.schedule.events if one.placed.agent == agent)


def test_banner_names_the_patient_twice_identified(desk):
    banner = desk.window.banner
    assert (banner.name.text(), banner.id.text(), banner.sex.text()) == ("Demo, Ana", "ID DEMO-0001", "Female")
    assert banner.born.text() == "Born 09-May-1971 (55 y)"
    assert banner.body.text() == "168 cm · 67.2 kg · BSA 1.77 m² (16-Nov-2026)"


def test_closing_the_plan_leaves_nothing_of_the_patient(desk):
    desk.window._select_event(_event(desk))
    desk.document.close()
    banner = desk.window.banner
    assert [part.text() for part in (banner.born, banner.id, banner.sex, banner.body)] == ["", "", "", ""]
    assert "Demo" not in banner.name.text()
    assert not banner.demo.isVisible()
    assert desk.window.centre.currentWidget() is desk.window.no_plan
    assert desk.window.inspector.shown.title == "Nothing selected"
    assert desk.window.bottom.findings.model().rowCount() == 0
    assert desk.window.saved.text() == ""


def test_window_title_names_no_patient(desk):
    assert desk.window.windowTitle() == "Regimap"


def test_no_status_makes_the_window_wider(desk):
    words, before = "245 rules checked, many not checkable " * 20, desk.window.minimumSizeHint().width()
    desk.window.checked.setText(words)
    assert desk.window.minimumSizeHint().width() == before < 1024
    assert desk.window.checked.text() == desk.window.checked.toolTip() == words
    assert desk.window.checked.fontMetrics().horizontalAdvance(QLabel.text(desk.window.checked)) < 1366


def test_the_status_row_says_where_today_lies(qtbot, desk):
    here = position_line(you_are_here(desk.document.evaluated, NOON.toordinal()))
    assert here.startswith("Blinatumomab C1 D6, Sun 22-Nov-2026")
    qtbot.waitUntil(lambda: desk.window.furniture.here.text() == here)


def test_no_clock_asks_the_store_once_the_window_closed(desk):
    backups = desk.care().backups
    desk.window.close()
    desk.archive.close()
    backups.look()
    assert not backups._running


def test_the_finder_of_actions_gives_way_to_the_tools(qtbot):
    tools, finder = QToolBar(), QPushButton("Find an action")
    tools.addAction("New patient")
    row = ToolRow(tools, finder, "Ctrl+Shift+P")
    qtbot.addWidget(row)
    whole, words = f"{finder.text()}    Ctrl+Shift+P", finder.text()
    beside = tools.sizeHint().width() + PADDING + RIGHT + BETWEEN
    for shown in (whole, words):
        row.resize(beside + finder.fontMetrics().horizontalAdvance(shown), 38)
        row.grab()
        assert (finder.text(), finder.isHidden()) == (shown, False)
    row.set_sign(make_icon("find", LIGHT, 1))
    row.resize(beside, 38)
    row.grab()
    assert (finder.text(), finder.isHidden(), finder.icon().isNull()) == ("", False, False)
    row.resize(beside + finder.fontMetrics().horizontalAdvance(words), 38)
    row.grab()
    assert (finder.text(), finder.icon().isNull()) == (words, True)


def test_the_window_fits_a_small_screen_at_200_percent(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        assert desk.window.minimumSizeHint().height() <= 768 / 2 - 32, "title and task bar take 64 px at 200 %"
        assert desk.window.minimumSizeHint().width() <= 1366 / 2


def test_the_finder_has_its_words_again_when_the_tools_become_narrower(qtbot):
    tools, finder = QToolBar(), QPushButton("Find an action")
    wide = tools.addAction("A tool with a long name indeed")
    row = ToolRow(tools, finder, "Ctrl+Shift+P")
    qtbot.addWidget(row)
    row.resize(tools.sizeHint().width() + PADDING + RIGHT + BETWEEN, 38)
    row.show()
    assert finder.text() == ""
    wide.setIconText("A")
    qtbot.waitUntil(lambda: finder.text().startswith("Find an action"))


def test_before_the_rules_are_read_nothing_is_called_checked(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True, library=False) as desk:
        assert desk.window.checked.text() == NOT_JUDGED
        qtbot.waitUntil(lambda: "rules checked" in desk.window.checked.text())


def test_light_and_dark_is_remembered(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        desk.window.act("theme")
        chosen = desk.theme
        assert desk.window.timeline.kit.theme is chosen
        assert desk.window.bottom.findings.theme is chosen
    with open_desk(qtbot, tmp_path / "data", library=False) as desk:
        assert desk.theme is chosen


def test_state_file_holds_no_patient(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        desk.window._select_event(_event(desk))
    for file in ("window.ini", "settings.json"):
        kept = tmp_path / "data" / file
        text = kept.read_text("latin-1") if kept.exists() else ""
        assert "Ana" not in text
        assert "1971" not in text
        assert "DEMO-0001" not in text


def test_lists_find_without_accents_and_order(desk):
    window = desk.window
    window.catalogue.search.setText("MRD blinatumomab")
    assert "blinatumomab-mrd" in [one.protocol.id for one in window.catalogue.model.rows]
    window.plans.search.setText("ANA démo")
    assert [one.patient_id for one in window.plans.model.rows] == ["DEMO-0001"]
    window.plans.search.setText("nobody")
    assert "Nothing is found" in window.plans.empty.text()


def test_enter_in_the_catalogue_asks_to_place_that_protocol(qtbot, desk):
    window = desk.window
    window.catalogue.search.setText("10403")
    qtbot.keyClick(window.catalogue.search, Qt.Key.Key_Return)
    dialog = open_dialog(qtbot, desk)
    assert dialog.chosen().protocol.id == "calgb-10403"
    dialog.reject()


def test_edit_of_the_patient_follows_everywhere(qtbot, desk):
    desk.window.act("edit_patient")
    form = open_dialog(qtbot, desk, PatientDialog)
    form.person.weight_field.setText("60")
    form.accept()
    assert "60 kg" in desk.window.banner.body.text()
    desk.document.save_now()
    assert desk.archive.load("demo-0001") == desk.document.evaluated.plan


def test_print_dialog_shows_the_very_bytes_it_saves(qtbot, desk, tmp_path):
    desk.window.act("print")
    dialog = open_dialog(qtbot, desk, PrintDialog)
    qtbot.waitUntil(dialog.save.isEnabled, timeout=20_000)
    assert dialog.place.text().startswith("Page 1 of ")
    dialog.on.click()
    assert dialog.place.text().startswith("Page 2 of ")
    with qtbot.waitSignal(dialog.saved):
        dialog.save_to(str(tmp_path / "sheet.pdf"))
    assert (tmp_path / "sheet.pdf").read_bytes() == dialog.content
    dialog.save_to(str(tmp_path / "no" / "such" / "folder.pdf"))
    qtbot.waitUntil(lambda: "cannot be written" in dialog.told.text())
    dialog.reject()


def test_upright_paper_is_for_plain_tables_only(qtbot, desk):
    """The choice stays while a sheet that needs the width is looked at, and holds again for one that does not."""

    def shape(sheet):
        dialog.sheet.setCurrentIndex(dialog.sheet.findData(sheet))
        qtbot.waitUntil(dialog.save.isEnabled, timeout=20_000)
        box = PdfReader(BytesIO(dialog.content)).pages[0].mediabox
        return dialog.portrait.isEnabled(), box.height > box.width

    desk.window.act("print")
    dialog = open_dialog(qtbot, desk, PrintDialog)
    assert shape("summary") == (False, True), "it always stands"
    assert shape("handover") == (True, False)
    dialog.portrait.click()
    qtbot.waitUntil(dialog.save.isEnabled, timeout=20_000)
    assert [shape(sheet) for sheet in ("supply", "roadmap", "handover")] == [(True, True), (False, False), (True, True)]
    dialog.reject()


def test_claims_list_what_is_loaded(qtbot, desk):
    desk.window.act("about")
    dialog = open_dialog(qtbot, desk, AboutDialog)
    text = " ".join(label.text() for label in dialog.findChildren(type(desk.window.saved)))
    assert "not an order system" in text
    assert f"{len(desk.document.library.rules)} rules" in text
    assert "full-disk encryption" in text
    assert "administrator" in text
    labels = dialog.findChildren(type(desk.window.saved))
    qtbot.waitUntil(lambda: all(label.height() >= label.heightForWidth(label.width()) for label in labels))
    dialog.reject()


def test_unexpected_mistake_shows_its_place_and_no_patient(qtbot, desk, capsys):
    try:
        raise ValueError("Demo, Ana weighs 67.2 kg")
    except ValueError as error:
        desk.show_mistake(type(error), error, error.__traceback__)
    dialog = open_dialog(qtbot, desk)
    shown = " ".join(label.text() for label in dialog.findChildren(type(desk.window.saved)))
    assert "test_main_window.py" in shown
    assert "ValueError" in shown
    assert "Ana" not in shown + capsys.readouterr().err
    dialog.reject()


NAMED = (QAbstractButton, QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit, QTabWidget)


def test_every_control_has_a_name_for_screen_readers(desk):
    inner = ("qt_", "ScrollLeftButton", "ScrollRightButton")
    unnamed = []
    for kind in NAMED:
        for control in desk.window.findChildren(kind):
            interface = QAccessible.queryAccessibleInterface(control)
            name = interface.text(QAccessible.Text.Name) if interface else ""
            hidden = control.objectName().startswith(inner) or (isinstance(control, QToolButton) and not control.text())
            if not name and not hidden:
                unnamed.append(f"{type(control).__name__} {control.objectName()}")
    assert unnamed == []


def test_tooltips_hold_no_markup(desk):
    tips = [action.toolTip() for action in desk.window.actions_by_id.all()]
    assert all(tips)
    assert not [tip for tip in tips if "<" in tip]


@pytest.mark.parametrize(("width", "height"), [(1366, 728), (1024, 700), (1920, 1040), (2560, 1400)])
def test_nothing_is_cut_at_common_sizes(desk, width, height):
    desk.window.resize(width, height)
    desk.window.grab()
    for button in desk.window.findChildren(QAbstractButton):
        if button.isVisible() and button.text() and not isinstance(button, QToolButton):
            assert button.width() >= button.minimumSizeHint().width(), button.text()
    for label in (desk.window.banner.name, desk.window.banner.body, desk.window.banner.demo):
        assert label.width() >= label.sizeHint().width(), label.text()


def test_open_findings_are_counted_on_the_tab(desk):
    opened = [one for one in desk.document.evaluated.findings if one.status is FindingStatus.OPEN]
    assert desk.window.bottom.tabText(0) == f"Findings ({len(opened)})"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_word_of_a_severity_is_never_cut(qtbot, tmp_path, language):
    folder = tmp_path / "data"
    folder.mkdir()
    save_settings(folder / "settings.json", Settings(language=language))
    with open_desk(qtbot, folder, demo=True) as desk:
        table = desk.window.bottom.findings
        needed = max(table.fontMetrics().horizontalAdvance(word) for word in severity_words())
        assert table.columnWidth(0) >= needed + 36  # 32 for the sign, 4 behind the word


def test_a_list_that_is_cut_off_says_so_and_a_long_name_leaves_no_gap_in_other_rows(qtbot):
    """The list said "200" in a store of 300, and one name of two lines left an empty line in all the others."""
    names = ["Kim", "de la Cruz Hernández Wolfeschlegelstein, María-José", *(f"Li {n}" for n in range(5))]
    found = SearchedList("Patients", "", (Column("", str),), key=str, take="Open", theme=LIGHT, most=5)
    qtbot.addWidget(found)
    found.resize(240, 400)
    found.show()
    found.show_found(lambda words: [one for one in names if words in one], "")
    assert (found.count.text(), found.model.rowCount()) == ("first 5", 5)
    assert "There are more" in found.count.toolTip()
    heights = [found.table.rowHeight(row) for row in range(5)]
    assert heights[1] > heights[0] == heights[2] == heights[4]
    found.search.setText("Li")
    assert (found.count.text(), found.count.toolTip()) == ("5", "")
    assert {found.table.rowHeight(row) for row in range(5)} == {heights[0]}


def test_a_selected_row_that_goes_to_the_top_stays_in_sight(qtbot):
    found = SearchedList("Patients", "", (Column("", str),), key=str, take="Open", theme=LIGHT)
    qtbot.addWidget(found)
    found.resize(240, 300)
    found.show()
    names = [f"Li {number}" for number in range(60)]
    found.show_found(lambda _: names, "")
    found.table.select_key("Li 40")
    names.insert(0, names.pop(40))
    found.refresh()
    assert found.table.viewport().rect().intersects(found.table.visualRect(found.table.currentIndex()))
    found.table.verticalScrollBar().setValue(900)
    place = found.table.verticalScrollBar().value()
    found.refresh()
    assert found.table.verticalScrollBar().value() == place, "who looks elsewhere is left there"


def test_how_many_findings_are_open_stands_beside_what_makes_the_check_less(desk):
    """After an upgrade the line said only which protocol's text the plan keeps: no count, and no rules left out."""
    shown = desk.document.evaluated
    names = ("hyper-cvad-blinatumomab 1 (version 1 with another text in the library)",)
    told = _checked_words(replace(shown, checked=replace(shown.checked, outdated=names)), judged=True)
    counted = count_text(shown.findings)
    assert names[0] in told[0]
    assert all(counted in one for one in told)
    assert told[-1] == f"{OTHER_TEXT} · {counted}"
    assert f" · {shown.checked.rules} rules checked · " in told[-3]
    assert _checked_words(shown, judged=True)[-1] == counted
