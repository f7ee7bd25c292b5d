"""An edit is looked at for what the rules say: its findings are painted before all other drawing."""

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject

from planner.model.finding import FindingStatus
from tests.courses import finding
from tests.ui.desks import nudge, open_desk
from ui.models.finding_table import by_severity
from ui.panels.inspector_text import _findings


class Paintings(QObject):
    """Notes which of these areas is painted, and how many findings the model has then."""

    def __init__(self, window):
        super().__init__()
        self.window, self.seen = window, []
        self.areas = {window.bottom.findings.viewport(): "findings", window.timeline.viewport(): "timeline"}
        for area in self.areas:
            area.installEventFilter(self)

    def eventFilter(self, area, event):
        if event.type() == QEvent.Type.Paint:
            self.seen.append((self.areas[area], self.window.bottom.findings.model().rows))
        return False


def test_an_edit_shows_its_findings_before_all_other_drawing(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        _edit(qtbot, desk.window)


def _edit(qtbot, window):
    qtbot.waitUntil(lambda: bool(window.document.library.rules))
    window.select("blinatumomab")
    watch = Paintings(window)
    _settle(qtbot, watch)
    before = window.bottom.findings.model().rows
    nudge(window, "later_week")
    after = by_severity(window.document.evaluated.findings)
    assert before != after
    assert watch.seen == [("findings", after)]
    qtbot.waitUntil(lambda: len(watch.seen) > 1)
    assert "timeline" in [name for name, _ in watch.seen]


def _settle(qtbot, watch):
    """Until the timeline has painted what the selection moved, and folded what it left: nothing is painted any more."""
    painted = -1
    while painted != len(watch.seen):
        painted = len(watch.seen)
        qtbot.wait(500)
    watch.seen.clear()


def test_tabs_that_read_the_same_are_not_laid_out_again(qtbot, tmp_path, monkeypatch):
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        qtbot.waitUntil(lambda: bool(desk.window.document.library.rules))
        tabs, evaluated, written = desk.window.bottom, desk.window.document.evaluated, []
        monkeypatch.setattr(tabs, "setTabText", lambda *asked: written.append(asked))
        tabs.show_plan(evaluated, judged=True)
        assert not written
        tabs.show_plan(None, judged=True)
        assert written == [(0, "Findings")]


def test_the_findings_of_another_plan_begin_with_the_gravest(qtbot, tmp_path):
    """They began where those of the patient before had been scrolled to: the gravest stood out of sight."""
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        qtbot.waitUntil(lambda: bool(desk.window.document.library.rules))
        tabs, evaluated = desk.window.bottom, desk.window.document.evaluated
        table, bar = tabs.findings, tabs.findings.verticalScrollBar()
        table.resize(table.width(), 60)
        qtbot.waitUntil(lambda: bar.maximum() > 24)
        bar.setValue(24)
        tabs.show_plan(evaluated, judged=True)
        assert bar.value() == 24
        tabs.show_plan(replace(evaluated, plan=replace(evaluated.plan, id="another")), judged=True)
        assert bar.value() == 0


def test_in_the_inspector_what_is_broken_comes_before_what_could_not_be_checked():
    """Twelve lines of "cannot check" stood above the contraindication of a block."""
    unchecked = finding(1, "contraindicated", (1,), (), status=FindingStatus.CANNOT_CHECK)
    told = _findings((unchecked, finding(2, "warning", (2,), ()), finding(3, "contraindicated", (3,), ()))).lines
    assert [line.split(" ")[0] for line in told] == ["VC-03", "VC-02", "VC-01"]
