"""An infusion that goes on again: by the days that were left out, or by the hours where it stopped for less."""

from datetime import timedelta

from planner.services.verbs import pausing
from tests.ui.desks import NOON, open_dialog
from ui.dialogs.described import DescribedDialog
from ui.dialogs.verb_place import DAY


def test_an_infusion_stopped_today_goes_on_today_once_the_hours_are_told(qtbot, desk):
    """The form opened with a red refusal, before anybody had a chance to say how long the stop took."""
    today = NOON.date()
    infusion = next(one for one in desk.document.evaluated.schedule.events if one.placed.agent == "blinatumomab")
    desk.window._select_event(infusion)
    desk.window.act("hold")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    at = dialog.editors[DAY]
    at.widget.setCurrentIndex([one.date for one, _ in at.field.choices].index(today))
    dialog.editors["reason"].widget.setCurrentIndex(0)
    dialog.accept()
    desk.window.act("resume")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    assert dialog.editors["on"].value() == today
    assert dialog.preview.words.text() == "Hours stopped: nothing is entered."
    assert dialog.preview.words.property("tone") == "muted"
    assert not dialog.ok.isEnabled()
    dialog.editors["short"].widget.setText("3")
    assert "no date moves" in dialog.preview.words.text()
    dialog.editors["short"].widget.setText("5")
    assert "estart under supervision: stopped 5 h" in dialog.preview.words.text()
    dialog.editors["on"].widget.set_day(today + timedelta(days=1))
    assert dialog.editors["hours"] in dialog.asked()
    assert dialog.editors["short"] not in dialog.asked()
    assert "stopped 24 h" in dialog.preview.words.text(), "the hours of the other day are not asked any more"
    dialog.editors["on"].widget.set_day(today)
    dialog.accept()
    assert not dialog.isVisible(), dialog.problems.text()
    assert not pausing.open_hold(desk.document.evaluated.plan, "blinatumomab")
