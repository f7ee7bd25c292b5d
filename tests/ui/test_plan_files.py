"""Plans as files in the window: handed over, kept elsewhere on a full disk, taken in without going over anything."""

from msgspec.structs import replace
from PySide6.QtWidgets import QFileDialog

from planner.errors import EnvironmentProblem
from planner.services.store.coming_home import passed_of
from planner.services.store.plan_files import plan_text
from planner.storage.plan_codec import decode_with_passed
from tests.ui.desks import nudge, open_dialog
from ui.dialogs.described import DescribedDialog

SECRET = "correct horse"


def _told(desk):
    return desk.window.notice.words.text()


def _files(desk):
    return desk.window.wishes.files


def test_a_plan_goes_out_and_comes_back_sealed(qtbot, desk, tmp_path):
    plan, doors = desk.document.evaluated.plan, desk.window.doors
    file = tmp_path / "plan.json"
    _files(desk).write_plan(doors, plan, SECRET, str(file))
    assert "Saved as plan.json" in _told(desk)
    assert b"Demo" not in file.read_bytes()
    assert desk.archive.trail()[-1].kind == "export"
    _files(desk).read_plans(doors, desk.window.workers, [str(file)])
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    dialog.editors["passphrase"].widget.setText("wrong horse!")
    dialog.accept()
    assert "is not the passphrase of the sealed plan" in dialog.problems.text()
    dialog.editors["passphrase"].widget.setText(SECRET)
    dialog.accept()
    assert "Nothing in these files is new" in _told(desk)
    assert "letter for letter" in _told(desk)


def test_whether_a_plan_file_can_be_read_by_all_is_chosen_by_a_person(qtbot, desk):
    """ "Open" was preset: one Enter too many, and the patient's name lay readable on a stick."""
    desk.window.act("save_plan")
    asked = open_dialog(qtbot, desk, DescribedDialog)
    assert asked.editors["sealed"].is_open()
    asked.accept()
    assert asked.isVisible()
    assert "choose one" in asked.problems.text()
    assert [value for value, _ in asked.editors["sealed"].field.choices] == [True, False]
    asked.editors["sealed"].widget.setCurrentIndex(0)
    assert asked.editors["again"] in asked.asked()
    asked.editors["sealed"].widget.setCurrentIndex(1)
    asked.accept()
    assert not asked.isVisible()
    files = open_dialog(qtbot, desk, QFileDialog)
    files.reject()


def test_new_plans_come_in_after_a_look_and_a_backup(qtbot, desk, tmp_path):
    plan = desk.document.evaluated.plan
    (tmp_path / "new.json").write_text(plan_text(replace(plan, id="other")), encoding="utf-8")
    (tmp_path / "same.json").write_text(plan_text(plan), encoding="utf-8")
    names = [str(tmp_path / "new.json"), str(tmp_path / "same.json")]
    _files(desk).read_plans(desk.window.doors, desk.window.workers, names)
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    assert [line.rpartition(": ")[2] for line in dialog.asks.intro] == ["new", "is there already, letter for letter"]
    dialog.accept()
    qtbot.waitUntil(lambda: "1 plan taken in" in _told(desk), timeout=20_000)
    assert len(desk.window.plans.model.rows) == 2
    assert [one.why for one in desk.window.doors.vault().backups()] == ["before import"]


LIST = "id,family,given,birth_date,sex,measured_on,height_cm,weight_kg\n"


def test_a_list_of_patients_comes_in_with_an_empty_plan_each(qtbot, desk, tmp_path):
    rows = [f"00{number},Family,Given,1980-01-02,female,2026-11-20,168,70.4\n" for number in range(20)]
    rows[3] = "003,Pounds,Given,1980-01-02,female,2026-11-20,168,154\n"
    file = tmp_path / "list.csv"
    file.write_text(LIST + "".join(rows), encoding="utf-8")
    _files(desk).read_plans(desk.window.doors, desk.window.workers, [str(file)])
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    assert len(dialog.asks.intro) == 13
    assert dialog.asks.intro[-1] == "and 8 more"
    assert "plan " not in dialog.asks.intro[0], "a plan that is not there yet has no id"
    dialog.accept()
    assert "Pounds, Given: 154 kg at 168 cm: were these pounds?" in dialog.problems.text()
    dialog.checked.setChecked(True)
    dialog.accept()
    qtbot.waitUntil(lambda: "20 plans taken in" in _told(desk), timeout=20_000)
    assert len(desk.window.plans.model.rows) == 21


def test_a_list_that_is_wrong_is_told_shortly_and_changes_nothing(desk, tmp_path):
    file = tmp_path / "list.csv"
    file.write_text(LIST + "x,F,G,1980-01-02,female,2026-11-20,1.68,70\n" * 30, encoding="utf-8")
    _files(desk).read_plans(desk.window.doors, desk.window.workers, [str(file)])
    lines = _told(desk).split("\n")
    assert len(lines) == 13
    assert "line 2" in lines[0]
    assert lines[-1].startswith("and ")
    assert len(desk.window.plans.model.rows) == 1


def test_a_file_that_is_no_plan_changes_nothing(desk, tmp_path):
    (tmp_path / "no.json").write_text("{]", encoding="utf-8")
    _files(desk).read_plans(desk.window.doors, desk.window.workers, [str(tmp_path / "no.json")])
    assert "no.json" in _told(desk)
    assert len(desk.archive.list()) == 1


def test_what_a_full_disk_refuses_can_be_kept_elsewhere(qtbot, desk, tmp_path, monkeypatch):
    def full(*_words, **_named):
        raise EnvironmentProblem("the disk is full")

    monkeypatch.setattr(desk.archive.repository, "append", full)
    monkeypatch.setattr(desk.archive.repository, "record", full)
    desk.window.select("blinatumomab")
    nudge(desk.window, "later_day")
    desk.document.save_now()
    assert "keeps it elsewhere. The window closes at the second try only" in _told(desk)
    desk.window.act("save_plan")
    asked = open_dialog(qtbot, desk, DescribedDialog)
    asked.reject()
    edited = desk.document.evaluated.plan
    _files(desk).write_plan(desk.window.doors, edited, "", str(tmp_path / "kept.json"))
    kept, passed = decode_with_passed((tmp_path / "kept.json").read_text(encoding="utf-8"), "kept.json")
    assert kept == edited
    assert [one.checksum for one in passed[:-1]] == [one.checksum for one in desk.archive.history(edited.id)]
    assert "the disk is full" in _told(desk)
    desk.window.close()
    assert desk.window.isVisible(), "nobody loses an edit by closing once"
    assert "Once more leaves it behind" in _told(desk)
    monkeypatch.undo()
    desk.window.close()
    assert not desk.window.isVisible()
    assert desk.archive.load(edited.id) == edited


def test_changes_made_elsewhere_come_home_after_a_question(qtbot, desk, tmp_path):
    """Handed over and changed there: shown with what would change, and the next revision once that is wanted."""
    plan, archive = desk.document.evaluated.plan, desk.archive
    elsewhere = replace(plan, patient=replace(plan.patient, diagnosis="B-ALL, relapsed"))
    passed = passed_of(archive, elsewhere, None, "Ph. Two", "2026-11-29T10:00:00+00:00")
    (tmp_path / "back.json").write_text(plan_text(elsewhere, passed), encoding="utf-8")
    revisions = len(archive.history(plan.id))
    _files(desk).read_plans(desk.window.doors, desk.window.workers, [str(tmp_path / "back.json")])
    dialog = open_dialog(qtbot, desk, DescribedDialog)
    assert "1 change, by Ph. Two on 29-Nov-2026 10:00 UTC" in dialog.asks.intro[0]
    assert len(archive.history(plan.id)) == revisions
    dialog.accept()
    qtbot.waitUntil(lambda: "1 plan taken in" in _told(desk), timeout=20_000)
    assert desk.document.evaluated.plan == archive.load(plan.id) == elsewhere
    assert len(archive.history(plan.id)) == revisions + 1
    assert [one.why for one in desk.window.doors.vault().backups()] == ["before import"]
    desk.window.act("undo")
    assert archive.load(plan.id) == elsewhere, "undo ends where a plan was opened"


def test_changes_made_elsewhere_stay_out_where_nobody_wants_them(qtbot, desk, tmp_path):
    plan = desk.document.evaluated.plan
    elsewhere = replace(plan, patient=replace(plan.patient, diagnosis="B-ALL, relapsed"))
    passed = passed_of(desk.archive, elsewhere, None, "Ph. Two", "2026-11-29T10:00:00+00:00")
    (tmp_path / "back.json").write_text(plan_text(elsewhere, passed), encoding="utf-8")
    _files(desk).read_plans(desk.window.doors, desk.window.workers, [str(tmp_path / "back.json")])
    open_dialog(qtbot, desk, DescribedDialog).reject()
    assert desk.archive.load(plan.id) == plan
