"""Before the window: the first questions, the passphrase, one window for each folder."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication, QLabel

from planner.errors import EnvironmentProblem, KnownError
from planner.files import told
from planner.model import store_words
from planner.model.civil import clinical_date
from planner.model.store import Protection
from planner.services.store.archive import Archive, start_editing
from planner.services.store.keeping import back_up
from planner.services.store.protection import create, protection_of
from planner.services.store.protection import unlock as unlock_store
from planner.settings import Settings, load_settings
from tests.storage.plans import AT, small_plan
from tests.ui.desks import open_desk
from ui import desk as desk_module
from ui import entrance
from ui.door import Door, knock
from ui.entrance import opened
from ui.gate import Broken, mended, unlock, welcome
from ui.surroundings import Entry
from ui.theme import LIGHT

SECRET = "correct horse"
NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


def _write(dialog, **answers):
    for name, text in answers.items():
        dialog.editors[name].widget.setText(text)


def test_a_new_user_chooses_a_passphrase_and_the_store_is_locked_with_it(qapp, tmp_path, answer):
    def act(dialog):
        _write(dialog, passphrase=SECRET, again="another one")
        dialog.editors["who"].widget.setFocus()
        dialog.accept()
        assert dialog.problems.text() == "The two passphrases differ."
        assert dialog.focusWidget() is dialog.editors["passphrase"].widget
        _write(dialog, passphrase="short", again="short")
        dialog.accept()
        assert "at least 8" in dialog.problems.text()
        _write(dialog, passphrase=SECRET, again=SECRET, name="North Clinic")
        dialog.accept()

    answer(act)
    entry = welcome(qapp, tmp_path, Settings(), LIGHT)
    assert (entry.settings.site.name, entry.settings.welcomed, entry.demo) == ("North Clinic", True, False)
    assert load_settings(tmp_path / "settings.json") == entry.settings
    assert protection_of(tmp_path) is Protection.PASSPHRASE
    with Archive.open(tmp_path, entry.key) as archive:
        assert archive.list() == ()


def test_the_demo_needs_no_store(qapp, tmp_path, answer):
    def act(dialog):
        dialog.editors["demo"].widget.setCurrentIndex(1)
        assert dialog.editors["protection"].widget.isHidden()
        assert dialog.editors["passphrase"].widget.isHidden()
        dialog.accept()

    answer(act)
    entry = welcome(qapp, tmp_path, Settings(), LIGHT)
    assert (entry.key, entry.demo) == (None, True)
    assert not (tmp_path / "plans.db").exists()


def test_after_the_demo_the_next_start_asks_how_plans_are_kept(qapp, tmp_path, answer):
    """Else the first plan of one's own would lie in a store whose key lies beside it, and nobody was asked."""

    def look_at_the_demo(dialog):
        dialog.editors["demo"].widget.setCurrentIndex(1)
        _write(dialog, name="North Clinic")
        dialog.accept()

    answer(look_at_the_demo)
    assert entrance.enter(qapp, tmp_path, Settings()).demo
    asked = []

    def leave(dialog):
        asked.extend((dialog.windowTitle(), dialog.answers()["name"]))
        asked.extend(label.text() for label in dialog.findChildren(QLabel) if str(tmp_path) in label.text())
        dialog.reject()

    answer(leave)
    assert entrance.enter(qapp, tmp_path, load_settings(tmp_path / "settings.json")) is None
    assert asked[:2] == ["Welcome to Regimap", "North Clinic"]
    assert len(asked) == 3  # where the plans lie is said once


def test_the_first_questions_speak_the_systems_language_and_another_as_soon_as_it_is_chosen(
    qapp, tmp_path, answer, monkeypatch
):
    monkeypatch.setattr("ui.gate.QLocale.system", lambda: QLocale("es_ES"))
    titles = []

    def first(dialog):
        titles.append(dialog.windowTitle())
        _write(dialog, name="North Clinic")
        answer(second)
        dialog.editors["language"].widget.setCurrentIndex(0)

    def second(dialog):
        titles.append(dialog.windowTitle())
        assert dialog.answers()["name"] == "North Clinic"  # what was answered stays
        dialog.editors["demo"].widget.setCurrentIndex(1)
        dialog.accept()

    answer(first)
    chosen = welcome(qapp, tmp_path, Settings(), LIGHT).settings
    assert titles == ["Bienvenido a Regimap", "Welcome to Regimap"]
    assert (chosen.language, chosen.site.name) == ("en", "North Clinic")


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
        assert dialog.focusWidget().selectedText(), "the next one would be typed behind the wrong one"
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


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_second_start_of_a_locked_window_asks_no_passphrase_and_brings_its_question_forward(
    qtbot, qapp, tmp_path, monkeypatch
):
    """The passphrase was asked first, and whoever typed it saw the other window's question for it once more."""
    folder = tmp_path / "data"
    key = create(folder, Protection.PASSPHRASE, SECRET)
    asked = []
    monkeypatch.setattr("ui.gate.unlock", lambda *_: asked.append("the passphrase"))
    name = entrance.door_of(folder)
    with start_editing(folder, "w", "now", name), open_desk(qtbot, folder, library=False, key=key) as desk:
        door = Door(name, desk.window)
        desk.window.act("lock")
        question = desk.care().lock.question
        question.showMinimized()
        assert entrance.enter(qapp, folder, Settings()) is None
        assert asked == []
        qtbot.waitUntil(lambda: not question.isMinimized())
        assert not desk.window.isVisible()
        door.close()
        assert entrance.enter(qapp, folder, Settings()) is None
        assert asked == ["the passphrase"], "a window that does not answer has crashed"
        question.reject()


def _spoiled(folder, key):
    """A store with a backup, which then was damaged at its start."""
    with Archive.open(folder, key) as archive:
        archive.save(small_plan(), "New plan", "w", AT)
        back_up(folder, archive.repository.key, NOW)
        archive.save(small_plan("plan-2"), "New plan", "w", AT)
    (folder / "plans.db").write_bytes(b"nothing of a store" * 400)


def _nothing_to_tell(words):
    pytest.fail(words)


def _open_after(folder, answer, act, tell=_nothing_to_tell):
    """Open the store as a start of the window does, with that answer to the question."""
    answer(act)
    return opened(QApplication.instance(), Entry(folder, Settings()), NOW, tell)


@pytest.mark.parametrize("lost", ["damaged", "missing", "empty"])
def test_a_store_that_cannot_be_opened_is_replaced_by_its_backup(qapp, tmp_path, answer, lost):
    key = create(tmp_path, Protection.FILE)
    _spoiled(tmp_path, key)
    if lost == "missing":
        (tmp_path / "plans.db").unlink()
        (tmp_path / "plans.db-wal").unlink(missing_ok=True)
    elif lost == "empty":
        (tmp_path / "plans.db").write_bytes(b"")
    said, told_after = [], []

    def act(dialog):
        said.extend(label.text() for label in dialog.findChildren(QLabel))
        assert "sound" in dialog.editors["backup"].widget.currentText()
        dialog.accept()

    with _open_after(tmp_path, answer, act, told_after.append) as archive:
        assert "plans.db" in " ".join(said)
        (words,) = told_after
        assert f"{clinical_date(NOW.astimezone().date())}" in words
        assert ("The state before is kept as" in words) is (lost != "missing")
        assert archive.load("plan-1") == small_plan()
        assert archive.verify() == ()
    if lost == "damaged":
        assert [path.read_bytes()[:7] for path in (tmp_path / "backups").glob("damaged-*.db")] == [b"nothing"]


def test_the_window_tells_that_a_backup_was_put_back(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", library=False) as desk:
        desk.told = ("Backup of today put back.",)
        desk.listen()
        assert desk.window.notice.words.text() == "Backup of today put back."


def test_a_sealed_store_asks_for_the_passphrase_before_it_takes_a_backup(qapp, tmp_path, answer):
    _spoiled(tmp_path, create(tmp_path, Protection.PASSPHRASE, SECRET))
    for path in tmp_path.glob("plans.*"):
        path.unlink()

    def act(dialog):
        _write(dialog, passphrase="wrong horse!")
        dialog.accept()
        assert "wrong" in dialog.problems.text()
        _write(dialog, passphrase=SECRET)
        assert dialog.problems.text() == ""
        assert not (tmp_path / "plans.db").exists(), "the button puts a backup back, not the last key of a passphrase"
        dialog.accept()

    with _open_after(tmp_path, answer, act, lambda _: None) as archive:
        assert archive.load("plan-1") == small_plan()
        assert unlock_store(tmp_path, SECRET) == archive.repository.key


def test_a_lost_key_file_costs_no_edit(qapp, tmp_path, answer):
    """The one beside the backups opens the store: nobody is asked to put an older state back."""
    with Archive.open(tmp_path, create(tmp_path, Protection.FILE)) as archive:
        archive.save(small_plan(), "New plan", "w", AT)
        back_up(tmp_path, archive.repository.key, NOW)
        archive.save(small_plan("plan-2"), "New plan", "w", AT)
    for path in tmp_path.glob("plans.key*"):
        path.unlink()
    with opened(QApplication.instance(), Entry(tmp_path, Settings()), NOW, _nothing_to_tell) as archive:
        assert archive.load("plan-2") == small_plan("plan-2")
    assert (tmp_path / "plans.key").exists()


def test_new_plans_beside_the_key_of_plans_that_are_gone_are_told(qapp, tmp_path):
    Archive.open(tmp_path).close()
    (tmp_path / "plans.db").unlink()
    told = []
    opened(QApplication.instance(), Entry(tmp_path, Settings()), NOW, told.append).close()
    assert "plans-old-1.key: a key lay here without plans" in told[0]
    opened(QApplication.instance(), Entry(tmp_path, Settings()), NOW, _nothing_to_tell).close()


def test_where_the_key_is_nowhere_no_backup_is_offered(qapp, tmp_path, answer):
    """None could be opened; the person is told what to look for instead."""
    _spoiled(tmp_path, create(tmp_path, Protection.PASSPHRASE, SECRET))
    for path in tmp_path.rglob("plans.key*"):
        path.unlink()
    tones = {}

    def act(dialog):
        tones.update((label.text(), label.property("tone")) for label in dialog.findChildren(QLabel))
        assert not dialog.editors
        assert not dialog.ok.isVisible()
        dialog.reject()

    with pytest.raises(KnownError, match="nobody can open them"):
        _open_after(tmp_path, answer, act)
    # What is wrong is no hint: it stands in the colour of text.
    assert [tone for one, tone in tones.items() if "nobody can open them without it" in one] == [None]
    assert not any("take the place" in one for one in tones)


@pytest.mark.parametrize("sentence", [store_words.NEWER, store_words.BUSY, store_words.FULL, store_words.NO_ANSWER])
def test_a_backup_is_offered_only_where_it_helps(qapp, tmp_path, answer, sentence):
    """Nobody is to put a backup over a store that is newer, in use, on a full disk, or on a drive that was pulled."""
    _spoiled(tmp_path, create(tmp_path, Protection.FILE))
    said = []

    def act(dialog):
        said.extend(label.text() for label in dialog.findChildren(QLabel))
        assert not dialog.editors
        assert not dialog.ok.isVisible()
        dialog.reject()

    answer(act)
    problem = EnvironmentProblem(told(tmp_path / "plans.db", sentence, cause="the disk failed"))
    with pytest.raises(EnvironmentProblem):
        mended(QApplication.instance(), Broken(tmp_path, problem, "w", NOW), LIGHT, None, _nothing_to_tell)
    assert not any("take the place" in one or "no backup beside" in one for one in said)


def test_leaving_a_broken_store_changes_nothing(qapp, tmp_path, answer):
    _spoiled(tmp_path, create(tmp_path, Protection.FILE))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    answer(lambda dialog: dialog.reject())
    with pytest.raises(KnownError):
        desk_module.run(tmp_path, demo=False)
    after = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    assert {name: after[name] for name in before} == before


def test_no_empty_store_takes_the_place_of_a_lost_one(tmp_path):
    key = create(tmp_path, Protection.FILE)
    _spoiled(tmp_path, key)
    (tmp_path / "plans.db").unlink()
    kept = (tmp_path / "plans.key").read_bytes()
    with pytest.raises(KnownError, match="missing"):
        Archive.open(tmp_path)
    assert (tmp_path / "plans.key").read_bytes() == kept
    assert not (tmp_path / "plans.db").exists()
