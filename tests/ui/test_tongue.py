"""The window in another language: every action, column and field has its words; content and data stay as they are."""

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton

from planner.settings import LANGUAGES, Settings, save_settings
from tests.ui.desks import open_desk, open_dialog
from ui.actions import ACTIONS, MENUS
from ui.dialogs.described import DescribedDialog
from ui.dialogs.settings import settings_fields
from ui.models.counter_table import COUNTER_COLUMNS
from ui.models.finding_table import FINDING_COLUMNS
from ui.models.history_table import HISTORY_COLUMNS
from ui.models.schedule_table import SCHEDULE_COLUMNS
from ui.tongue import fact_title, say, texts_of, use_language

OTHERS = [language for language in LANGUAGES if language != "en"]


@pytest.fixture(autouse=True)
def english_again():
    yield
    use_language("en")


@pytest.mark.parametrize("language", OTHERS)
def test_every_action_menu_column_and_setting_has_words(language):
    texts = texts_of(language)
    wanted = {*MENUS, *(spec.text for spec in ACTIONS), *(spec.tip for spec in ACTIONS if spec.tip)}
    for columns in (FINDING_COLUMNS, SCHEDULE_COLUMNS, HISTORY_COLUMNS, COUNTER_COLUMNS):
        wanted |= {column.title for column in columns}
    wanted |= {field.label for field in settings_fields(Settings())}
    assert sorted(wanted - set(texts)) == []


@pytest.mark.parametrize("language", OTHERS)
def test_marks_of_access_keys_and_dots_are_kept(language):
    for english, words in texts_of(language).items():
        assert words.strip() == words != "", english
        assert ("&" in english) >= ("&" in words), english
        assert english.endswith("…") == words.endswith("…"), english


def test_unknown_texts_and_facts_stay_as_they_are():
    use_language("es")
    assert say("Dasatinib C1 D1") == "Dasatinib C1 D1"
    assert fact_title("cd19") == "CD19"
    assert fact_title("anc") == "Neutrófilos (RAN)"
    use_language("xx")
    assert say("&Undo") == "&Undo"


def test_the_window_speaks_spanish_and_the_plan_its_own_words(qtbot, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    save_settings(folder / "settings.json", Settings(language="es"))
    with open_desk(qtbot, folder, demo=True) as desk:
        window = desk.window
        assert window.actions_by_id["print"].text() == "&Imprimir…"
        assert {"&Tratamiento", "&Ver"} <= {one.text() for one in window.findChildren(QAction)}
        assert window.plans.button.text() == "Abrir"
        assert window.bottom.tabText(1) == "Tabla"
        assert window.banner.name.text() == "Demo, Ana"
        window.select("blinatumomab")
        assert window.inspector.shown.title == "Blinatumomab"
        window.act("hold")
        dialog = open_dialog(qtbot, desk, DescribedDialog)
        assert "Cancelar" in {button.text() for button in dialog.findChildren(QPushButton)}
        assert dialog.answers()["reason"] == "toxicity"
        dialog.reject()
