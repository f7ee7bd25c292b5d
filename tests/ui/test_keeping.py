"""What goes on beside the work: the lock, backups by the clock, the clipboard."""

from datetime import timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QLabel

from planner.errors import EnvironmentProblem
from planner.model.store import Protection
from planner.services.store import keeping
from planner.services.store.archive import Archive
from planner.services.store.protection import create
from planner.settings import Settings, save_settings
from tests.ui.desks import NOON, nudge, open_desk, open_dialog
from ui.keeping.backups import REST, BackupClock
from ui.keeping.clipboard import ClipboardGuard
from ui.keeping.lock import Hands

SECRET = "correct horse"
NAMES = ("Demo, Ana", "DEMO-0001")


class Clock:
    """Two clocks that stand until somebody moves them."""

    def __init__(self, desk):
        self.steady, self.wall = 100.0, NOON
        desk.steady, desk.moment = lambda: self.steady, lambda: self.wall

    def go_on(self, seconds, *, asleep=False):
        self.steady += 0 if asleep else seconds
        self.wall += timedelta(seconds=seconds)


@pytest.fixture
def clock(desk):
    made = Clock(desk)
    guard = desk.care().lock
    guard._timer.stop()
    guard._watch.touch(100.0, NOON.timestamp())
    guard._hands.touched = False
    return made


def _visible():
    return [one for one in QApplication.topLevelWidgets() if one.isVisible()]


def _texts(widget):
    return " ".join(label.text() for label in widget.findChildren(QLabel))


def _answer(guard, qtbot, text=""):
    question = guard.question
    if text:
        question.editors["passphrase"].widget.setText(text)
    question.accept()
    return question


def test_idle_window_locks_and_nothing_of_the_patient_is_seen(qtbot, desk, clock):
    guard = desk.care().lock
    desk.window.select("blinatumomab")
    desk.window.act("defer")
    form = open_dialog(qtbot, desk)
    clock.go_on(598)
    guard.look()
    assert guard.question is None
    clock.go_on(3)
    guard.look()
    assert _visible() == [guard.question]
    assert not [name for name in NAMES if name in _texts(guard.question) + guard.question.windowTitle()]
    before = desk.document.evaluated
    _answer(guard, qtbot)
    assert desk.window.isVisible()
    assert form.isVisible()
    assert desk.document.evaluated is before
    assert desk.window.subject.id == "blinatumomab"
    form.reject()


def test_plans_that_others_took_in_are_listed_when_somebody_comes_back(qapp, desk):
    plan = desk.document.evaluated.plan
    care, shown = desk.care(), len(desk.window.plans.model.rows)
    with Archive.open(desk.archive.repository.path.parent) as other:
        other.save(replace(plan, id="second"), "Import", "Ph. One", NOON.isoformat())
    care.lock.opened.emit()
    assert len(desk.window.plans.model.rows) == shown + 1
    with Archive.open(desk.archive.repository.path.parent) as other:
        other.save(replace(plan, id="third"), "Import", "Ph. One", NOON.isoformat())
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    assert len(desk.window.plans.model.rows) == shown + 1
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    assert len(desk.window.plans.model.rows) == shown + 2


def test_a_touch_puts_the_lock_off_and_is_looked_for_once(qtbot, desk, clock):
    guard = desk.care().lock
    clock.go_on(500)
    qtbot.keyClick(desk.window.timeline, Qt.Key.Key_Shift)
    assert guard._hands.touched
    guard.look()
    clock.go_on(500)
    guard.look()
    assert guard.question is None
    clock.go_on(101)
    guard.look()
    assert guard.question
    _answer(guard, qtbot)


def test_sleep_of_eight_hours_locks_at_once(qtbot, desk, clock):
    guard = desk.care().lock
    clock.go_on(8 * 3600, asleep=True)
    guard.look()
    assert guard.question
    _answer(guard, qtbot)


def test_limit_of_zero_never_locks(desk, clock):
    desk.use_settings(Settings(lock_minutes=0))
    clock.go_on(10**6)
    desk.care().lock.look()
    assert desk.care().lock.question is None


def test_hands_let_events_go_by_after_the_first_touch(qapp):
    seen = []

    class Counting(Hands):
        def eventFilter(self, watched, event):
            seen.append(event.type())
            return super().eventFilter(watched, event)

    owner, target = QObject(), QObject()
    hands = Counting(qapp, owner)
    hands.listen()
    for _ in range(5):
        qapp.sendEvent(target, QEvent(QEvent.Type.MouseMove))
    assert hands.touched
    assert seen.count(QEvent.Type.MouseMove) == 1
    hands.listen()
    hands.stop()


@pytest.fixture
def sealed(qtbot, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    save_settings(folder / "settings.json", Settings(welcomed=True))
    key = create(folder, Protection.PASSPHRASE, SECRET)
    with Archive.open(folder, key):
        pass
    with open_desk(qtbot, folder, library=False, key=key) as made:
        yield made


def test_a_sealed_store_opens_again_with_its_passphrase_only(qtbot, sealed):
    guard = sealed.care().lock
    sealed.window.act("lock")
    question = guard.question
    question.accept()
    assert "nothing is entered" in question.problems.text()
    _answer(guard, qtbot, "wrong horse")
    assert "wrong" in question.problems.text()
    assert _visible() == [question]
    qtbot.keyClick(question, Qt.Key.Key_Escape)
    assert question.isVisible()
    _answer(guard, qtbot, SECRET)
    assert guard.question is None
    assert sealed.window.isVisible()


def test_the_keys_of_the_lock_work_in_the_middle_of_a_question(qtbot, desk):
    """Who was called away could not hide the patient without giving up what was typed; Ctrl+L did nothing."""
    guard = desk.care().lock
    desk.window.act("edit_patient")
    form = open_dialog(qtbot, desk)
    form.person.weight_field.setText("71")
    qtbot.keyClick(form.person.weight_field, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert guard.question is not None
    assert _visible() == [guard.question]
    _answer(guard, qtbot)
    assert form.isVisible()
    assert form.person.weight_field.text() == "71"
    form.reject()


def test_quitting_at_the_lock_closes_the_window(qtbot, sealed):
    guard = sealed.care().lock
    sealed.window.act("lock")
    with qtbot.waitSignal(guard.leaving):
        guard.question.reject()
    assert not sealed.window.isVisible()


# --- backups ----------------------------------------------------------------------------------------------------------


def _wait_eleven_minutes(desk):
    desk.window.doors.vault()._moment = lambda: NOON + timedelta(minutes=11)


def test_changed_plans_are_backed_up_by_the_clock(qtbot, desk):
    clock = desk.care().backups
    folder = desk.archive.repository.path.parent
    with qtbot.waitSignal(clock.made, timeout=20_000):
        clock.look()
    assert len(keeping.backups(folder)) == 1
    clock.look()
    assert not clock._running
    _wait_eleven_minutes(desk)
    desk.window.select("blinatumomab")
    nudge(desk.window, "later_day")
    desk.document.save_now()
    with qtbot.waitSignal(clock.made, timeout=20_000):
        clock.look()
    assert len(keeping.backups(folder)) == 2


def test_copy_in_the_second_folder_and_its_loss_is_told(qtbot, desk, tmp_path):
    second = tmp_path / "stick"
    second.mkdir()
    desk.use_settings(Settings(second_folder=str(second)))
    clock = desk.care().backups
    with qtbot.waitSignal(clock.made, timeout=20_000):
        clock.look()
    assert len(list(second.glob("plans-*.db"))) == 1
    desk.use_settings(Settings(second_folder=str(tmp_path / "file" / "x")))
    (tmp_path / "file").write_text("no folder")
    _wait_eleven_minutes(desk)
    desk.window.select("blinatumomab")
    nudge(desk.window, "later_day")
    desk.document.save_now()
    with qtbot.waitSignal(clock.failed, timeout=20_000) as told:
        clock.look()
    assert "second backup folder" in told.args[0]
    assert "second backup folder" in desk.window.notice.words.text()
    assert clock._resting == REST


class BrokenVault:
    """A vault whose backup always fails."""

    def is_backup_due(self):
        return True

    def back_up(self, _why):
        def job():
            raise EnvironmentProblem("the disk is full")

        return job


class AtOnce:
    """Workers that work where they stand."""

    def __init__(self):
        self.count = 0

    def run(self, job, done, failed):
        self.count += 1
        try:
            done(job())
        except EnvironmentProblem as problem:
            failed(str(problem))


def test_failing_backups_are_not_tried_without_end(qtbot):
    owner, workers = QObject(), AtOnce()
    clock = BackupClock(BrokenVault(), workers, owner)
    with qtbot.waitSignal(clock.failed) as told:
        clock.look()
    assert told.args == ["No backup could be made: the disk is full"]
    for _ in range(REST):
        clock.look()
    assert workers.count == 1
    clock.look()
    assert workers.count == 2


# --- clipboard --------------------------------------------------------------------------------------------------------


class Clipboard(QObject):
    """As Qt's, with an owner."""

    dataChanged = Signal()  # noqa: N815 - Qt's own name

    def __init__(self):
        super().__init__()
        self.words, self.ours = "", False

    def put(self, words, *, ours):
        self.words, self.ours = words, ours
        self.dataChanged.emit()

    def ownsClipboard(self):
        return self.ours

    def text(self):
        return self.words

    def clear(self):
        self.put("", ours=False)


@pytest.mark.parametrize("ours", [True, False])
def test_only_what_is_ours_leaves_the_clipboard(qapp, ours):
    board = Clipboard()
    guard = ClipboardGuard(board, board)
    board.put("Demo, Ana", ours=True)
    assert guard._timer.isActive()
    if not ours:
        board.put("another program's", ours=False)
        assert not guard._timer.isActive()
    guard._timer.timeout.emit()
    assert board.words == ("" if ours else "another program's")
