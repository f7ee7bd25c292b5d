"""The menu Store: backups put back, the trail compared and exported, plans deleted and taken back, a patient erased."""

import csv
import re
from datetime import date

from msgspec.structs import replace
from PySide6.QtWidgets import QLabel
from shiboken6 import isValid

from planner.model.store import Protection
from planner.services.store import keeping
from planner.services.store.archive import Archive, start_editing
from planner.services.store.protection import create, unlock
from planner.settings import Settings, save_settings
from planner.storage.acts import ELSEWHERE, SAVE
from tests.architecture.imports import ROOT
from tests.ui.desks import NOON, nudge, open_desk, open_dialog
from ui.dialogs.backups import BackupsDialog
from ui.dialogs.change_view import PADDING
from ui.dialogs.described import DescribedDialog
from ui.dialogs.trail import ACTS, WIDTHS, TrailDialog
from ui.tongue import texts_of, use_language

SECRET = "correct horse"


def _ask(qtbot, desk, action, **answers):
    desk.window.act(action)
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    for name, text in answers.items():
        dialog.editors[name].widget.setText(text)
    dialog.accept()
    return dialog


def _told(desk):
    return desk.window.notice.words.text()


def _wait_for(qtbot, desk, words):
    qtbot.waitUntil(lambda: words in _told(desk), timeout=20_000)


def _backed_up(qtbot, desk):
    desk.window.act("back_up")
    _wait_for(qtbot, desk, "Backup made and read again")


def test_a_backup_is_put_back_and_the_present_is_kept(qtbot, desk):
    before = desk.document.evaluated.plan
    _backed_up(qtbot, desk)
    desk.window.select("blinatumomab")
    nudge(desk.window, "later_week")
    after = desk.document.evaluated.plan
    desk.window.act("backups")
    dialog = open_dialog(qtbot, desk, BackupsDialog)
    assert not dialog.ok.isEnabled()
    dialog.table.selectRow(0)
    dialog.accept()
    _wait_for(qtbot, desk, "put back")
    assert desk.document.evaluated is None
    assert not desk.window.doors.vault().aside
    assert desk.archive.load(before.id) == before
    kept = next(one for one in keeping.backups(desk.archive.repository.path.parent) if one.why == "before restore")
    with Archive.open(desk.archive.repository.path.parent) as archive:
        assert archive.verify() == ()
    assert kept.path.name in _told(desk)
    desk.window.open_plan(desk.archive.list()[0])
    desk.window.act("undo")
    assert desk.document.is_saved
    assert after != before


def test_a_damaged_backup_is_told_and_nothing_changes(qtbot, desk):
    _backed_up(qtbot, desk)
    (made,) = keeping.backups(desk.archive.repository.path.parent)
    raw = bytearray(made.path.read_bytes())
    raw[9000] ^= 4
    made.path.write_bytes(raw)
    desk.window.act("backups")
    dialog = open_dialog(qtbot, desk, BackupsDialog)
    dialog.take_file(str(made.path.with_name("other.db")))
    assert "no backup of this name" in dialog.problems.text()
    dialog.take_file(str(made.path))
    dialog.accept()
    qtbot.waitUntil(lambda: "damaged" in _told(desk), timeout=20_000)
    assert made.path.name in _told(desk)
    assert desk.archive.verify() == ()
    assert len(desk.archive.list()) == 1


def test_trail_is_shown_compared_and_exported(qtbot, desk, tmp_path):
    desk.window.select("blinatumomab")
    nudge(desk.window, "later_day")
    desk.window.act("trail")
    dialog = open_dialog(qtbot, desk, TrailDialog)
    rows = dialog.table.model().rows
    assert [row.number for row in rows] == sorted((row.number for row in rows), reverse=True)
    assert rows[0].kind == "save"
    assert dialog.table.model().index(0, 3).data() == "saved"
    assert sum(WIDTHS) < 800, "what was done has the room that the empty columns had"
    metrics = dialog.table.fontMetrics()
    longest = {1: "29-Nov-2026 10:00:00 (+01:00)", 3: ACTS["elsewhere"]}
    assert all(metrics.horizontalAdvance(words) + PADDING <= WIDTHS[column] for column, words in longest.items())
    dialog.only.setChecked(True)
    assert {row.plan_id for row in dialog.table.model().rows} == {"demo-0001"}
    dialog.check.click()
    qtbot.waitUntil(lambda: "hold together" in dialog.told.text(), timeout=20_000)
    dialog.only.setChecked(False)
    dialog.export_to(str(tmp_path / "trail.csv"))
    with (tmp_path / "trail.csv").open(newline="", encoding="utf-8") as file:
        written = list(csv.DictReader(file))
    assert [int(row["number"]) for row in written] == list(range(1, len(written) + 1))
    assert written[-1]["act"] == "export"
    dialog.export_to(str(tmp_path / "no" / "such.csv"))
    assert "cannot be written" in dialog.told.text()
    dialog.reject()


def test_the_trail_is_read_in_the_chosen_language(qtbot, desk):
    desk.window.select("blinatumomab")
    nudge(desk.window, "later_day")
    desk.archive.record("print", "roadmap", "Ph. One", NOON.isoformat(), "demo-0001")
    use_language("es")
    desk.window.act("trail")
    dialog = open_dialog(qtbot, desk, TrailDialog)
    told = [tuple(dialog.table.model().index(row, column).data() for column in (3, 6)) for row in range(3)]
    dialog.reject()
    assert sorted(told) == [
        ("guardado", "Mover Blinatumomab +1 día"),
        ("guardado", "Plan de demostración"),
        ("impreso", "Hoja de ruta del farmacéutico"),
    ]


def test_every_act_that_is_written_has_words():
    """What writes a line of the trail names the act in its source."""
    sources = [path.read_text("utf-8") for part in ("planner", "ui") for path in (ROOT / part).rglob("*.py")]
    written = {one for text in sources for one in re.findall(r'(?:\.record\(|add_act\(\w+, )"(\w+)"', text)}
    assert {*written, SAVE, ELSEWHERE} == set(ACTS)
    assert set(ACTS.values()) <= set(texts_of("es"))


def test_the_trail_may_be_closed_while_everything_is_compared(qtbot, desk):
    desk.window.act("trail")
    dialog = open_dialog(qtbot, desk, TrailDialog)
    dialog.check.click()
    dialog.reject()
    qtbot.waitUntil(lambda: not isValid(dialog))
    with qtbot.captureExceptions() as raised:
        qtbot.waitUntil(lambda: not desk.window.workers._jobs, timeout=20_000)
    assert raised == []


def test_what_the_comparison_finds_names_the_patient(qtbot, desk):
    repository = desk.archive.repository
    with repository.writing() as connection:
        connection.execute("DROP TRIGGER act_unchanged")
        connection.execute("UPDATE act SET who = 'Somebody' WHERE number = 1")
    desk.window.act("trail")
    dialog = open_dialog(qtbot, desk, TrailDialog)
    assert dialog.table.model().rows[-1].damaged
    dialog.check.click()
    qtbot.waitUntil(lambda: "line 1 was changed" in dialog.told.text(), timeout=20_000)
    assert "Demo, Ana (DEMO-0001): plan demo-0001, revision 1" in dialog.told.text()
    dialog.reject()


def test_a_deleted_plan_leaves_the_list_and_comes_back(qtbot, desk):
    dialog = _ask(qtbot, desk, "delete_plan", reason="")
    assert "Reason: nothing is entered." in dialog.problems.text()
    dialog.editors["reason"].widget.setText("entered twice")
    dialog.editors["by"].widget.setText("Ph. One")
    dialog.accept()
    assert desk.document.evaluated is None
    assert desk.window.plans.model.rows == ()
    _ask(qtbot, desk, "deleted", by="Ph. One")
    assert [one.plan_id for one in desk.window.plans.model.rows] == ["demo-0001"]
    desk.window.act("deleted")
    assert _told(desk) == "No plan is deleted."
    assert [(line.kind, line.what) for line in desk.archive.trail()][-2][0] == "void"


def test_who_else_would_be_erased_is_said_before(qtbot, desk):
    plan = desk.document.evaluated.plan
    assert "several persons" not in _intro(qtbot, desk)
    other = replace(plan.patient, family_name="Other", birth_date=date(1950, 5, 6))
    desk.archive.save(replace(plan, id="plan-2", patient=other), "New plan", "Ph. One", NOON.isoformat())
    assert "several persons" in (told := _intro(qtbot, desk))
    assert "Other, Ana, born 06-May-1950" in told


def _intro(qtbot, desk):
    desk.window.act("erase")
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    texts = [one.text() for one in dialog.findChildren(QLabel)]
    dialog.reject()
    return "\n".join(texts)


def test_a_patient_is_erased_from_store_and_backups(qtbot, desk):
    _backed_up(qtbot, desk)
    patient = desk.document.evaluated.plan.patient
    dialog = _ask(qtbot, desk, "erase", reason="request 7 of Ana", by="Ph. One", again="DEMO-1")
    assert "not the one" in dialog.problems.text()
    assert "names the patient" in dialog.problems.text()
    dialog.editors["reason"].widget.setText("request 7")
    dialog.editors["again"].widget.setText(patient.id)
    dialog.accept()
    _wait_for(qtbot, desk, "1 plan erased")
    assert desk.document.evaluated is None
    assert desk.archive.list() == ()
    assert desk.archive.verify() == ()
    folder = desk.archive.repository.path.parent
    assert len(keeping.backups(folder)) == 1
    keeping.restore(folder, desk.archive.repository.key, keeping.backups(folder)[0], "Ph. One", NOON)
    assert desk.archive.list() == ()


def test_passphrase_is_changed_and_the_old_one_opens_no_more(qtbot, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    save_settings(folder / "settings.json", Settings(welcomed=True))
    with open_desk(qtbot, folder, library=False, key=create(folder, Protection.PASSPHRASE, SECRET)) as desk:
        dialog = _ask(qtbot, desk, "protect", present="wrong horse", passphrase="another one", again="another one")
        assert "wrong" in dialog.problems.text()
        dialog.editors["present"].widget.setText(SECRET)
        dialog.editors["again"].widget.setText("another")
        dialog.accept()
        assert dialog.problems.text() == "The two passphrases differ."
        dialog.editors["again"].widget.setText("another one")
        dialog.accept()
        assert "protected anew" in _told(desk)
        desk.window.workers.wait()
        assert unlock(folder, "another one") == desk.archive.repository.key
        assert (folder / "backups" / "plans.key").read_bytes() == (folder / "plans.key").read_bytes()


def test_a_store_somebody_else_has_is_shown_and_not_changed(qtbot, desk, tmp_path, monkeypatch):
    other = tmp_path / "other"
    with open_desk(qtbot, other, demo=True) as first:
        plan = first.document.evaluated.plan
    monkeypatch.setattr("planner.storage.lock._account", lambda: "ward2")
    lock = start_editing(other, "Ph. Two", NOON.isoformat(timespec="minutes"))
    monkeypatch.undo()
    with lock, open_desk(qtbot, other, demo=True) as second:
        qtbot.waitUntil(lambda: hasattr(second.window, "read_only"))
        assert "Ph. Two (ward2" in second.window.read_only.words.text()
        assert "since 22-Nov-2026 12:00" in second.window.read_only.words.text()
        assert second.window.read_only.words.text().endswith(
            "not changed. Regimap looks at this again when it is started."
        )
        second.window.select("blinatumomab")
        nudge(second.window, "later_day")
        assert "Ph. Two" in _told(second)
        assert second.document.evaluated.plan == plan
        second.window.act("delete_plan")
        asked = open_dialog(qtbot, second, DescribedDialog)
        asked.editors["reason"].widget.setText("x")
        asked.editors["by"].widget.setText("x")
        asked.accept()
        assert "Ph. Two" in _told(second)
        assert second.window.read_only.isVisible()
    with Archive.open(other) as archive:
        assert archive.load(plan.id) == plan


def test_opening_one_of_two_plans_of_a_patient_names_the_other(desk):
    """No rule adds the doses of both."""
    first = desk.document.evaluated.plan
    desk.window.open_plan(desk.archive.list()[0])
    assert _told(desk) == ""
    desk.archive.save(replace(first, id="second"), "Import", "Ph. One", NOON.isoformat())
    desk.window.open_plan(next(one for one in desk.archive.list() if one.plan_id == first.id))
    assert "another plan here (D-ALBA (GIMEMA LAL2116))" in _told(desk)
