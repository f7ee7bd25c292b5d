"""Single doses moved off closed days, in the window: what moves is shown, what stays is named, one step back."""

from tests.ui.desks import open_dialog
from ui.dialogs.described import DescribedDialog


def _on_weekends(evaluated):
    """What the clinic gives on Saturdays and Sundays, bags and infusions left out."""
    single = (one for one in evaluated.schedule.events if one.placed.kind not in ("bag", "infusion"))
    return [one for one in single if one.date.weekday() > 4 and one.placed.route not in ("PO", "")]


def test_doses_move_off_the_weekend_and_what_cannot_is_named(qtbot, desk):
    before = desk.document.evaluated
    days = sorted({one.date for one in before.schedule.events if one.placed.route == "IT"})
    desk.window.act("clear_closed")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    assert dialog.editors["weekdays"].value() == (5, 6)
    dialog.editors["closed"].widget.setText(", ".join(day.isoformat() for day in days))
    assert dialog.preview.words.text()
    for box in dialog.editors["weekdays"].several.boxes[5:]:
        box[1].setChecked(False)
    words = dialog.preview.words.text()
    assert "stays: " in words or dialog.ok.isEnabled(), words
    if dialog.ok.isEnabled():
        dialog.accept()
        assert desk.document.evaluated.plan != before.plan
        desk.window.act("undo")
    else:
        dialog.reject()
    assert desk.document.evaluated.plan == before.plan


def test_a_country_that_nobody_knows_is_told(qtbot, desk):
    desk.window.act("clear_closed")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    if "country" in dialog.editors:
        dialog.editors["country"].widget.setText("XX")
        assert "No public holidays are known for XX" in dialog.preview.words.text()
    dialog.editors["closed"].widget.setText("yesterday or so")
    assert "Closed days, yesterday or so" in dialog.preview.words.text()
    assert not dialog.ok.isEnabled()
    dialog.reject()
