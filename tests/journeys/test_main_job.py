"""The main job, as a new user does it: a patient, a plan, a finding, a drag, undo, two sheets, quit, reopen."""

from pypdf import PdfReader
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from planner.model.finding import FindingStatus
from tests.ui.desks import all_ahead, open_desk, open_dialog
from ui.dialogs.described import DescribedDialog
from ui.dialogs.patient import PatientDialog
from ui.dialogs.printing import PrintDialog
from ui.dialogs.protocol_choice import ProtocolDialog

CONTROL = Qt.KeyboardModifier.ControlModifier


class Robot:
    """Hands for the window: keys go to what has the focus, the pointer to what is drawn."""

    def __init__(self, qtbot, desk):
        self.qtbot, self.desk, self.window = qtbot, desk, desk.window
        self.window.activateWindow()
        qtbot.waitActive(self.window, timeout=5000)

    @property
    def evaluated(self):
        return self.desk.document.evaluated

    def key(self, key, held=Qt.KeyboardModifier.NoModifier):
        self.qtbot.waitUntil(lambda: self._target() is not None)
        QTest.keyClick(self._target(), key, held)

    def _target(self):
        """What has the focus, once the window system has settled who that is."""
        active = self.desk.app.activeWindow()
        if active is None:  # a screen without a window manager activates nothing when a dialog closes
            self.window.activateWindow()
        target = self.desk.app.focusWidget() or active
        return target if target and target.isVisible() and target.window() is active else None

    def write(self, *words):
        """Each word goes into the field with the focus; Tab leads to the next."""
        for number, word in enumerate(words):
            if number:
                self.key(Qt.Key.Key_Tab)
            QTest.keyClicks(self.desk.app.focusWidget(), word)

    def drag_block(self, block_id, days):
        """Take the block's ribbon near its left end and let it go so many days later."""
        view = self.window.timeline
        bar = view.scene.bars[block_id].bar
        view.go_to(bar.start + 7)
        x = round(view.frame.header + view.scale.x(bar.start + 2.5))
        y = view.frame.y(view.scene.bars[block_id].row) + 10
        end = round(x + days * view.scale.per_day)
        surface = view.viewport()
        QTest.mousePress(surface, Qt.MouseButton.LeftButton, pos=QPoint(x, y))
        for step in range(1, 21):
            QTest.mouseMove(surface, QPoint(x + (end - x) * step // 20, y))
        ghost = view.pointer.readout.text
        QTest.mouseRelease(surface, Qt.MouseButton.LeftButton, pos=QPoint(end, y))
        return ghost


def _make_plan(robot, qtbot):
    robot.key(Qt.Key.Key_N, CONTROL)
    form = open_dialog(qtbot, robot.desk, PatientDialog)
    qtbot.waitUntil(form.person.family.hasFocus)
    robot.write("Journey", "Jo", "00042", "3 may 2004", "m", "178", "74.5")
    robot.key(Qt.Key.Key_Return)
    choice = open_dialog(qtbot, robot.desk, ProtocolDialog)
    qtbot.waitUntil(choice.list.search.hasFocus)
    robot.write("10403")
    robot.key(Qt.Key.Key_Return)
    qtbot.waitUntil(choice.day.line.hasFocus)
    robot.write("7-Dec-2026")
    robot.key(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(robot.evaluated and robot.evaluated.schedule.blocks))


def _open(evaluated):
    return [finding for finding in evaluated.findings if finding.status is FindingStatus.OPEN]


def test_a_new_user_does_the_main_job(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data") as desk:
        robot = Robot(qtbot, desk)
        assert robot.window.centre.currentWidget() is robot.window.no_plan
        _make_plan(robot, qtbot)
        made = robot.evaluated
        assert made.plan.patient.display_name == "Journey, Jo"
        assert robot.window.banner.name.text() == "Journey, Jo"
        assert "BSA 1.92" in robot.window.banner.body.text()
        assert robot.window.saved.text() == "Saved 12:00"
        assert robot.window.centre.currentWidget() is robot.window.timeline

        _see_a_finding(robot)
        _drag_a_course_by_a_week(robot)
        robot.key(Qt.Key.Key_Z, CONTROL)
        assert robot.evaluated == made
        _print_both_sheets(robot, qtbot, tmp_path)
    with open_desk(qtbot, tmp_path / "data") as desk:
        again = desk.document.evaluated
        assert (again.plan, again.findings, again.timeline) == (made.plan, made.findings, made.timeline)
        assert again.schedule.events == made.schedule.events
        assert [one.patient_id for one in desk.window.plans.model.rows] == ["00042"]
        assert desk.window.banner.id.text() == "ID 00042"


def _see_a_finding(robot):
    assert _open(robot.evaluated)
    robot.key(Qt.Key.Key_F8)
    finding = robot.window.bottom.findings.row()
    shown = robot.window.inspector.shown
    assert finding.rule in shown.title
    assert any(finding.message in section.lines for section in shown.sections)
    assert any(section.heading == "Source" for section in shown.sections)


def _drag_a_course_by_a_week(robot):
    before = robot.evaluated
    block = before.schedule.blocks[1]
    ghost = robot.drag_block(block.id, 7)
    assert "(+7 days)" in ghost
    assert robot.evaluated == before  # others would move as well: what changes is shown first
    question = open_dialog(robot.qtbot, robot.desk, DescribedDialog)
    assert "moved" in question.preview.words.text()
    robot.key(Qt.Key.Key_Return)
    robot.qtbot.waitUntil(lambda: robot.evaluated != before)
    after = robot.evaluated
    moved = after.schedule.block(block.id)
    assert moved.start == block.start + 7
    followers = [one for one in before.schedule.blocks if one.start > block.start]
    assert followers
    assert all(after.schedule.block(one.id).start == one.start + 7 for one in followers)
    assert [event.day for event in after.schedule.events] != [event.day for event in before.schedule.events]
    days_before = {one.id: one.days for one in before.findings}
    days_after = {one.id: one.days for one in after.findings}
    assert days_before != days_after
    assert "+7 days" in robot.window.notice.words.text()
    assert robot.window.notice.undo.isVisible()


def _print_both_sheets(robot, qtbot, folder):
    robot.key(Qt.Key.Key_P, CONTROL)
    dialog = open_dialog(qtbot, robot.desk, PrintDialog)
    for number, sheet in enumerate(("roadmap", "calendar")):
        dialog.sheet.setCurrentIndex(number)
        qtbot.waitUntil(lambda: bool(dialog.save.isEnabled()), timeout=20_000)
        assert not dialog.page.label.pixmap().isNull()
        file = folder / f"{sheet}.pdf"
        with qtbot.waitSignal(dialog.saved):
            dialog.save_to(str(file))
        assert file.read_bytes() == dialog.content
        text = "".join(page.extract_text() for page in PdfReader(file).pages)
        assert "Journey" in text
    dialog.reject()


def test_demo_is_marked_on_screen_and_paper(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        assert desk.window.banner.demo.isVisible()
        assert desk.window.banner.demo.text() == "DEMO"
        assert desk.window.plans.model.data(desk.window.plans.model.index(0, 0)).startswith("DEMO")
        for sheet in ("roadmap", "calendar"):
            (tmp_path / sheet).write_bytes(desk.make_sheet(desk.document.evaluated, sheet, "A4"))
            assert all("DEMO" in page.extract_text() for page in PdfReader(tmp_path / sheet).pages)


def test_escape_takes_a_drag_back(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        robot = Robot(qtbot, desk)
        before, view = robot.evaluated, robot.window.timeline
        place = view.scene.bars["blinatumomab"]
        at = QPoint(round(view.frame.header + view.scale.x(place.bar.start + 2.5)), view.frame.y(place.row) + 10)
        QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
        QTest.mouseMove(view.viewport(), at + QPoint(60, 0))
        QTest.keyClick(view, Qt.Key.Key_Escape)
        QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=at + QPoint(60, 0))
        assert robot.evaluated == before
        assert len(desk.archive.history("demo-0001")) == 1


def test_the_same_move_by_keys_and_by_form(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        robot = Robot(qtbot, desk)
        start = robot.evaluated.schedule.block("blinatumomab").start
        robot.window.select("blinatumomab")
        robot.window.timeline.setFocus()
        with all_ahead(robot.window):
            robot.key(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier)
            assert robot.evaluated.schedule.block("blinatumomab").start == start + 7
            robot.key(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
            assert robot.evaluated.schedule.block("blinatumomab").start == start + 6
        assert desk.document.stack.texts() == ("Move Blinatumomab +6 days",)
        robot.key(Qt.Key.Key_F2)
        dialog = open_dialog(qtbot, desk)
        QTest.keyClicks(dialog.focusWidget(), "1-Dec-2026")
        robot.key(Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: not dialog.isVisible())
        assert desk.document.evaluated.schedule.block("blinatumomab").start == 739951
