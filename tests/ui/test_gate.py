"""Before the window: the first questions, the passphrase, one window for each folder."""

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from planner.errors import KnownError
from planner.model.store import Protection
from planner.services.archive import Archive
from planner.services.protection import create, protection_of
from planner.settings import Settings, load_settings
from tests.ui.desks import open_desk
from ui import desk as desk_module
from ui.dialogs.described import DescribedDialog
from ui.door import Door, knock
from ui.gate import unlock, welcome
from ui.theme import LIGHT

SECRET = "correct horse"


@pytest.fixture
def answer(qtbot):
    """Does something with the next question that stands alone."""

    def plan(act):
        def now():
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, DescribedDialog)
            act(dialog)

        QTimer.singleShot(0, now)

    yield plan
    QApplication.instance().setStyleSheet("")


def _write(dialog, **answers):
    for name, text in answers.items():
        dialog.editors[name].widget.setText(text)


def test_a_new_user_chooses_a_passphrase_and_the_store_is_locked_with_it(qapp, tmp_path, answer):
    def act(dialog):
        _write(dialog, passphrase=SECRET, again="another one")
        dialog.accept()
        assert dialog.problems.text() == "The two passphrases differ."
        _write(dialog, passphrase="short", again="short")
        dialog.accept()
        assert "at least 8" in dialog.problems.text()
        _write(dialog, passphrase=SECRET, again=SECRET, name="North Clinic")
        dialog.accept()

    answer(act)
    settings, key, demo = welcome(qapp, tmp_path, Settings(), LIGHT)
    assert (settings.site.name, settings.welcomed, demo) == ("North Clinic", True, False)
    assert load_settings(tmp_path / "settings.json") == settings
    assert protection_of(tmp_path) is Protection.PASSPHRASE
    with Archive.open(tmp_path, key) as archive:
        assert archive.list() == ()


def test_the_demo_needs_no_store(qapp, tmp_path, answer):
    def act(dialog):
        dialog.editors["demo"].widget.setCurrentIndex(1)
        assert dialog.editors["protection"].widget.isHidden()
        assert dialog.editors["passphrase"].widget.isHidden()
        dialog.accept()

    answer(act)
    assert welcome(qapp, tmp_path, Settings(), LIGHT)[1:] == (None, True)
    assert not (tmp_path / "plans.db").exists()


def test_leaving_the_first_questions_makes_nothing(qapp, tmp_path, answer):
    answer(lambda dialog: dialog.reject())
    assert welcome(qapp, tmp_path, Settings(), LIGHT) is None
    assert list(tmp_path.iterdir()) == []


def test_the_passphrase_is_asked_until_it_is_right(qapp, tmp_path, answer):
    create(tmp_path, Protection.PASSPHRASE, SECRET)

    def act(dialog):
        _write(dialog, passphrase="wrong horse!")
        dialog.accept()
        assert dialog.problems.text()
        _write(dialog, passphrase=SECRET)
        dialog.accept()

    answer(act)
    key = unlock(qapp, tmp_path, LIGHT)
    with Archive.open(tmp_path, key) as archive:
        assert archive.list() == ()
    answer(lambda dialog: dialog.reject())
    assert unlock(qapp, tmp_path, LIGHT) is None


def test_locked_store_never_opens_without_the_passphrase(qapp, tmp_path, answer):
    create(tmp_path, Protection.PASSPHRASE, SECRET)
    answer(lambda dialog: dialog.reject())
    assert desk_module.run(tmp_path, demo=False) == 0
    with pytest.raises(KnownError):
        Archive.open(tmp_path)


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_second_start_brings_the_first_window_forward(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", library=False) as desk:
        desk.window.showMinimized()
        door = Door(f"regimap-test-{id(desk)}", desk.window)
        assert knock(f"regimap-test-{id(desk)}")
        qtbot.waitUntil(lambda: not desk.window.isMinimized())
        door.close()
        assert not knock(f"regimap-test-{id(desk)}")
