"""Where the plans lie: chosen among the first questions, found again at every start, waited for where it is gone."""

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit

from planner import paths
from planner.model.store import Protection
from planner.services.store.archive import Archive
from planner.services.store.protection import create, protection_of
from planner.settings import Settings, load_settings, save_settings
from ui import entrance
from ui.gate import welcome
from ui.theme import LIGHT

SECRET = "correct horse"


@pytest.fixture
def own(monkeypatch, tmp_path):
    """The folder that the system gives in this test: only there the place is a question."""
    monkeypatch.delenv(paths.DATA_DIR_VARIABLE, raising=False)
    monkeypatch.setattr(paths, "own_data", lambda: tmp_path / "own")
    return tmp_path / "own"


def _write(dialog, **answers):
    for name, text in answers.items():
        dialog.editors[name].widget.setText(text)


def _folder(dialog, path):
    dialog.editors["folder"].widget.findChild(QLineEdit).setText(str(path))


def test_the_folder_of_the_plans_is_chosen_and_found_at_the_next_start(qapp, tmp_path, own, answer):
    (tmp_path / "OneDrive - Clinic").mkdir()

    def act(dialog):
        assert dialog.answers()["folder"] == str(own)
        _write(dialog, passphrase=SECRET, again=SECRET, name="North Clinic")
        _folder(dialog, tmp_path / "OneDrive - Clinic" / "plans")
        dialog.accept()
        assert "a folder that OneDrive synchronises" in dialog.problems.text()
        dialog.editors["folder"].take(str(tmp_path / "mine"))
        dialog.accept()

    answer(act)
    entry = entrance.enter(qapp, own, Settings())
    assert entry.folder == tmp_path / "mine"
    assert protection_of(entry.folder) is Protection.PASSPHRASE
    assert load_settings(entry.folder / "settings.json").site.name == "North Clinic"
    assert [one.name for one in own.iterdir()] == ["data-folder.txt"]
    assert paths.user_data() == tmp_path / "mine"


def test_a_folder_that_keeps_plans_is_opened_and_asks_for_nothing_else(qapp, tmp_path, own, answer):
    there = tmp_path / "there"
    create(there, Protection.PASSPHRASE, SECRET)
    save_settings(there / "settings.json", Settings(who="Ph. One", language="es", welcomed=True))

    def choose(dialog):
        _folder(dialog, there)
        assert dialog.editors["protection"].widget.isHidden()
        assert dialog.editors["name"].widget.isHidden()
        told = [label.text() for label in dialog.findChildren(QLabel)]
        assert "Plans are kept here already; they are opened." in told
        answer(open_it)
        dialog.accept()

    def open_it(dialog):
        assert dialog.windowTitle() == "Abrir los planes"
        _write(dialog, passphrase=SECRET)
        dialog.accept()

    answer(choose)
    entry = entrance.enter(qapp, own, Settings())
    assert (entry.folder, entry.settings.who) == (there, "Ph. One")
    with Archive.open(there, entry.key) as archive:
        assert archive.list() == ()
    assert paths.user_data() == there


def test_the_demo_asks_for_no_folder_and_another_language_keeps_the_one_chosen(qapp, tmp_path, own, answer):
    def first(dialog):
        _folder(dialog, tmp_path / "mine")
        answer(second)
        dialog.editors["language"].widget.setCurrentIndex(1)

    def second(dialog):
        assert dialog.answers()["folder"] == str(tmp_path / "mine")
        dialog.editors["demo"].widget.setCurrentIndex(1)
        assert dialog.editors["folder"].widget.isHidden()
        dialog.accept()

    answer(first)
    entry = welcome(qapp, own, Settings(), LIGHT)
    assert (entry.folder, entry.demo) == (own, True)
    assert paths.user_data() == own


@pytest.mark.parametrize("comes_back", [True, False])
def test_plans_whose_folder_is_gone_are_waited_for(qapp, tmp_path, own, answer, comes_back):
    (tmp_path / "drive").mkdir()
    paths.choose_data(tmp_path / "drive")
    (tmp_path / "drive").rmdir()

    def act(dialog):
        assert dialog.windowTitle() == "The plans are not there"
        dialog.accept()
        assert "its drive is not connected" in dialog.problems.text()
        if comes_back:
            (tmp_path / "drive").mkdir()
            dialog.accept()
        else:
            dialog.reject()

    answer(act)
    assert entrance.find_data(qapp) == (tmp_path / "drive" if comes_back else None)
    assert (tmp_path / "drive").exists() is comes_back
