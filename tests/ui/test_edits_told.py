"""What an edit did is told, can be undone, and is saved or says that it is not."""

from planner.errors import EnvironmentProblem
from planner.services.verbs.editing import move_block
from tests.ui.desks import nudge, open_dialog
from ui.dialogs.history import HistoryDialog
from ui.dialogs.printing import PrintDialog


def test_an_edit_is_told_beside_the_tabs_and_a_refusal_in_a_bar(desk):
    window = desk.window
    window.resize(1366, 768)
    window.select("blinatumomab")
    height = window.timeline.height()
    nudge(window, "later_day")
    assert window.notice.line.isVisible()
    assert window.timeline.height() == height, "nothing moves for it"
    window.notice.tell("This was refused.", wrong=True)
    assert window.notice.bar.isVisible()
    assert not window.notice.line.isVisible()


def test_a_refusal_goes_once_somebody_does_something_else(desk):
    """Five lines that had been read took a third of the lanes until they were closed."""
    window = desk.window
    window.wishes.failed.emit("This was refused.")
    assert window.notice.bar.isVisible()
    window.actions_by_id["fit_all"].trigger()
    assert not window.notice.bar.isVisible()
    window.notice.tell("Not saved: the disk is full.", wrong=True)
    window.actions_by_id["fit_all"].trigger()
    assert window.notice.bar.isVisible(), "what goes on being so stays"


def test_notice_offers_undo_only_for_the_last_edit(desk):
    window = desk.window
    window.select("blinatumomab")
    nudge(window, "later_day")
    assert not window.notice.words.parentWidget().isHidden()
    assert window.notice.undo.isVisible()
    assert "Move Blinatumomab +1 day." in window.notice.words.text()
    window.act("undo")
    assert window.notice.words.parentWidget().isHidden()


def test_undo_carries_the_name_of_the_edit(desk):
    window = desk.window
    window.select("blinatumomab")
    nudge(window, "later_week")
    assert window.actions_by_id["undo"].text() == "&Undo Move Blinatumomab +7 days"
    window.act("history")
    assert window.bottom.history.model().rowCount() == 2


def test_history_leads_back_and_forth(desk):
    window = desk.window
    before = desk.document.evaluated
    window.select("blinatumomab")
    nudge(window, "later_week")
    after = desk.document.evaluated
    window.bottom.stepChosen.emit(0)
    assert desk.document.evaluated == before
    window.bottom.stepChosen.emit(1)
    assert desk.document.evaluated == after


def test_save_that_fails_is_not_called_saved(desk, monkeypatch):
    def full(*words, **named):
        raise EnvironmentProblem("the disk is full; nothing was changed")

    monkeypatch.setattr(desk.archive, "save", full)
    desk.window.select("blinatumomab")
    nudge(desk.window, "later_day")
    desk.document.save_now()
    assert desk.window.saved.text() == "NOT SAVED"
    assert desk.window.notice.bar.isVisible()
    monkeypatch.undo()
    desk.document.save_now()
    assert desk.window.saved.text() == "Saved 12:00"
    assert not desk.window.notice.bar.isVisible()


def test_what_was_said_of_an_edit_that_was_not_kept_goes_once_it_is(desk, monkeypatch):
    """The red bar stayed where the plan had been evaluated anew in between."""

    def gone(*words, **named):
        raise EnvironmentProblem("the plan was deleted")

    monkeypatch.setattr(desk.archive, "save", gone)
    desk.window.select("blinatumomab")
    nudge(desk.window, "later_day")
    desk.document.save_now()
    desk.window._show_plan(desk.document.evaluated)
    assert desk.window.notice.bar.isVisible()
    monkeypatch.undo()
    desk.document.save_now()
    assert not desk.window.notice.bar.isVisible()


def test_closing_saves_what_was_done_a_moment_ago(desk):
    desk.window.select("blinatumomab")
    nudge(desk.window, "later_day")
    plan = desk.document.evaluated.plan
    assert desk.archive.load(plan.id) != plan
    desk.window.close()
    assert desk.archive.load(plan.id) == plan


def test_edit_of_the_same_plan_elsewhere_is_refused_not_overwritten(desk):
    plan = desk.document.evaluated.plan
    desk.archive.save(plan, "elsewhere", "", "2026-11-22T12:00:00+00:00")
    desk.window.select("blinatumomab")
    nudge(desk.window, "later_day")
    desk.document.save_now()
    assert "changed by somebody else" in desk.window.notice.words.text()
    assert desk.window.saved.text() == "NOT SAVED"
    assert desk.archive.load(plan.id) == plan


def test_an_edit_that_was_refused_is_never_saved_over_the_newer_one_it_was_refused_for(desk):
    """Two writers: the plan is opened again, as the refusal says; nothing of the other writer is lost."""
    plan = desk.document.evaluated.plan
    theirs = move_block(plan, plan.blocks[0].id, 3)
    desk.archive.save(theirs, "elsewhere", "", "2026-11-22T12:00:00+00:00")
    desk.window.select("blinatumomab")
    nudge(desk.window, "later_day")
    desk.document.save_now()
    mine, listed = desk.document.evaluated.plan, desk.archive.list()[0]
    desk.window.open_plan(listed)
    assert desk.document.evaluated.plan == mine
    assert "Once more leaves it behind" in desk.window.notice.words.text()
    desk.window.open_plan(listed)
    assert desk.document.evaluated.plan == theirs
    assert desk.document.is_saved
    assert desk.window.saved.text() == "Saved"
    assert [one.what for one in desk.archive.history(plan.id)][-1] == "elsewhere"
    assert desk.document.edit("Move", lambda now: move_block(now, now.blocks[0].id, 1))
    desk.document.save_now()
    assert desk.archive.load(plan.id) == move_block(theirs, plan.blocks[0].id, 1)


def test_a_plan_that_was_changed_elsewhere_says_so_when_somebody_comes_back_or_prints(qtbot, desk):
    """Two sheets with different dates would leave the pharmacy."""
    plan = desk.document.evaluated.plan
    care = desk.care()
    care.come_back()
    assert not desk.window.notice.bar.isVisible()
    desk.archive.save(move_block(plan, plan.blocks[0].id, 3), "elsewhere", "", "2026-11-22T12:00:00+00:00")
    care.come_back()
    assert "changed elsewhere since it was opened here" in desk.window.notice.words.text()
    desk.window.act("print")
    dialog = open_dialog(qtbot, desk, PrintDialog)
    assert "changed elsewhere since it was opened here" in dialog.doubted.text()
    dialog.reject()
    desk.window.open_plan(desk.archive.list()[0])
    desk.window.act("print")
    dialog = open_dialog(qtbot, desk, PrintDialog)
    assert "changed elsewhere" not in dialog.doubted.text()
    dialog.reject()


def test_going_back_waits_until_an_edit_that_could_not_be_saved_is_left_behind(qtbot, desk):
    plan = desk.document.evaluated.plan
    desk.archive.save(plan, "elsewhere", "", "2026-11-22T12:00:00+00:00")
    desk.window.select("blinatumomab")
    nudge(desk.window, "later_day")
    desk.document.save_now()
    for made in (2, 3):
        desk.window.act("plan_history")
        dialog = open_dialog(qtbot, desk, HistoryDialog)
        dialog.table.selectRow(dialog.table.model().rowCount() - 1)
        dialog.accept()
        assert len(desk.archive.history(plan.id)) == made
    assert desk.document.is_saved
    assert desk.document.counter == 3


def test_a_rest_lets_go_of_the_plan_and_the_store_but_asks_nothing_of_a_file_that_is_replaced(desk, monkeypatch):
    asked, shown = [], desk.document.evaluated
    desk.archive.repository._connection.set_trace_callback(asked.append)
    monkeypatch.setattr("ui.document.begin_anew", lambda *of: asked.append(of))
    desk.window.pauses._let_go()
    assert asked == [(shown.plan, desk.document._library, desk.document.site()), "PRAGMA shrink_memory"]
    desk.window.doors.vault().aside = True
    desk.window.doors.rest()
    assert len(asked) == 3
    desk.window.doors.vault().aside = False
    desk.document.close()
    desk.window.doors.rest()
    assert asked[3:] == ["PRAGMA shrink_memory"]


def test_what_no_view_shows_of_an_edit_is_told_whole_and_can_be_undone(desk, qtbot, monkeypatch):
    window = desk.window
    window.select("blinatumomab")
    stays = "Filgrastim of D-1 stays on Fri 27-Nov-2026: defer from D-1 on where it is to move too."
    monkeypatch.setattr("ui.intents.changes.unlisted_lines", lambda _before, _after: (stays,))
    nudge(window, "later_day")
    qtbot.waitUntil(lambda: stays in window.notice.words.text())
    assert window.notice.bar.isVisible()
    assert window.notice.undo.isVisible()
    assert "Move Blinatumomab +1 day" in window.notice.words.text()
