"""What people and machines do to a store that is not meant: each is told, or does no harm."""

import os
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from planner.errors import EnvironmentProblem, InputProblem, Refusal
from planner.model.store import Protection
from planner.services.store import keeping
from planner.services.store.archive import Archive
from planner.services.store.exchange import export_all
from planner.services.store.keeping import back_up, backups, encrypt_store, erase, is_due, restore, warnings
from planner.services.store.protection import STORE_FILE, create, unlock
from planner.storage import backup as backup_file
from planner.storage.database import connect, is_plain
from planner.storage.key_file import PLAIN_KEY
from planner.storage.repository import Repository
from tests.storage.plans import AT, later, pin_of, small_plan

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path):
    return made(tmp_path / "data", Protection.FILE)


def made(folder, protection):
    with Archive.open(folder, create(folder, protection)) as archive:
        archive.save(small_plan(), "New plan", "Ph. One", AT)
    return folder


def edit(archive, days, **after):
    return archive.save(later(small_plan(), days), "Edit", "Ph. One", AT, **after)


def put_back(folder, edits):
    """The key, after so many edits and the restore of the backup from before them."""
    key = unlock(folder)
    first = back_up(folder, key, NOW).backup
    with Archive.open(folder, key) as archive:
        for days in range(1, edits + 1):
            edit(archive, days)
    restore(folder, key, first, "Ph. One", NOW + timedelta(hours=1))
    return key


def test_two_damaged_stores_that_were_replaced_in_one_second_are_both_kept(folder):
    key = unlock(folder)
    backup = back_up(folder, key, NOW).backup
    for content in (b"one", b"two"):
        (folder / STORE_FILE).write_bytes(content * 2000)
        restore(folder, key, backup, "Ph. One", NOW)
    kept = sorted(path.read_bytes()[:3] for path in (folder / "backups").glob("damaged-*.db"))
    assert kept == [b"one", b"two"]


# --- clocks -----------------------------------------------------------------------------------------------------------


def test_a_backup_that_a_clock_years_ahead_made_is_offered_last(folder):
    key = unlock(folder)
    ahead = back_up(folder, key, NOW + timedelta(days=3650)).backup
    assert keeping.newest_sound_backup(folder, key, NOW) == ahead
    with Archive.open(folder, key) as archive:
        edit(archive, 2)
    right = back_up(folder, key, NOW).backup
    assert keeping.newest_sound_backup(folder, key, NOW + timedelta(hours=1)) == right
    right.path.write_bytes(right.path.read_bytes()[:4000])
    assert keeping.newest_sound_backup(folder, key, NOW + timedelta(hours=1)) == ahead


# --- a backup is put back while a door is open ------------------------------------------------------------------------


@pytest.mark.parametrize("protocol", ["known", "new"])
def test_nothing_is_saved_on_ground_that_a_restore_took_away(folder, protocol):
    """A state is kept as its difference to the one before, its protocols' texts once; both may be gone."""
    key = unlock(folder)
    backup = back_up(folder, key, NOW).backup
    with Archive.open(folder, key) as door:
        edit(door, 2)
        plan = (
            small_plan() if protocol == "known" else replace(small_plan(), pins=(*small_plan().pins, pin_of("b", "b")))
        )
        door.save(plan, "Edit", "Ph. One", AT)
        restore(folder, key, backup, "Ph. Two", NOW)
        with Archive.open(folder, key) as other:
            edit(other, 99)
        for _ in range(2):
            with pytest.raises(EnvironmentProblem, match="put a backup in the place"):
                door.save(plan, "Edit", "Ph. One", AT)
    with Archive.open(folder, key) as archive:
        assert archive.verify() == ()
        assert archive.load("plan-1") == later(small_plan(), 99)


def test_edits_of_others_are_no_restore(folder):
    key = unlock(folder)
    with Archive.open(folder, key) as door, Archive.open(folder, key) as other:
        for number in range(1, 7):
            edit(door if number % 2 else other, number, after=number)
        other.record("print", "a sheet", "Ph. One", AT)
        edit(door, 7)
        assert door.verify() == ()
        assert len(other.history("plan-1")) == 8


def test_a_failed_save_forgets_nothing_of_where_the_trail_stood(folder):
    key = unlock(folder)
    backup = back_up(folder, key, NOW).backup
    with Archive.open(folder, key) as door:
        edit(door, 2)
        (folder / STORE_FILE).rename(folder / "aside")
        with pytest.raises(EnvironmentProblem, match="is not there any more"):
            edit(door, 3)
        (folder / "aside").rename(folder / STORE_FILE)
        edit(door, 4)
        restore(folder, key, backup, "Ph. Two", NOW)
        with pytest.raises(EnvironmentProblem, match="put a backup in the place"):
            edit(door, 5)


# --- backups ----------------------------------------------------------------------------------------------------------


def test_edits_after_a_restore_are_backed_up_though_their_numbers_were_there_before(folder):
    key = put_back(folder, edits=19)
    with Archive.open(folder, key) as archive:
        edit(archive, 50)
        assert is_due(folder, archive.repository.trail_end(), NOW + timedelta(hours=2))


def test_a_second_folder_whose_drive_is_gone_is_not_made_on_this_disk(folder, tmp_path):
    key = unlock(folder)
    told = back_up(folder, key, NOW, "", tmp_path / "usb" / "plans")
    assert "folder above it is not there" in told.problem
    assert not (tmp_path / "usb").exists()
    (tmp_path / "usb").mkdir()
    assert back_up(folder, key, NOW, "", tmp_path / "usb" / "plans").problem == ""


def test_backups_in_clear_that_a_kill_left_are_encrypted_at_the_next_backup(tmp_path, monkeypatch):
    folder = made(tmp_path / "data", Protection.PLAIN)
    back_up(folder, unlock(folder), NOW)
    with monkeypatch.context() as patch:
        patch.setattr(keeping, "_encrypt_plain", _killed)
        with pytest.raises(KeyboardInterrupt):
            encrypt_store(folder, Protection.FILE, "", NOW)
    assert [is_plain(one.path) for one in backups(folder)] == [True]
    back_up(folder, unlock(folder), NOW + timedelta(hours=1))
    assert [is_plain(one.path) for one in backups(folder)] == [False, False]
    restore(folder, unlock(folder), backups(folder)[0], "Ph. One", NOW + timedelta(hours=2))


def _killed(*_):
    raise KeyboardInterrupt


# --- files beside the store -------------------------------------------------------------------------------------------


def test_a_log_that_somebody_deleted_is_told_by_the_backup_that_goes_further(folder):
    """After a crash the newest edits lie in the log alone; without it the store is sound, and old."""
    key = unlock(folder)
    with Archive.open(folder, key) as archive:
        shutil.copyfile(folder / STORE_FILE, folder / "old")
        edit(archive, 2)
        back_up(folder, key, NOW)
        assert warnings(archive, NOW) == ()
    (folder / "old").rename(folder / STORE_FILE)
    with Archive.open(folder, key) as archive:
        (told,) = warnings(archive, NOW)
        assert "end before a backup of them does (28-Nov-2026" in told
    restore(folder, key, backups(folder)[0], "Ph. One", NOW + timedelta(hours=1))
    with Archive.open(folder, key) as archive:
        assert warnings(archive, NOW + timedelta(hours=1)) == ()


def test_a_restore_of_an_older_backup_is_no_loss(folder):
    key = put_back(folder, edits=4)
    with Archive.open(folder, key) as archive:
        assert warnings(archive, NOW + timedelta(hours=1)) == ()


def test_a_store_with_a_line_without_a_moment_is_compared_by_number(folder):
    key = unlock(folder)
    with Archive.open(folder, key) as archive:
        shutil.copyfile(folder / STORE_FILE, folder / "old")
        edit(archive, 2)
        back_up(folder, key, NOW)
        archive.save(small_plan(), "Edit", "Ph. One", "no moment")
        assert warnings(archive, NOW) == ()


@pytest.mark.parametrize("protection", [Protection.FILE, Protection.PLAIN])
def test_a_store_that_is_a_link_is_refused(tmp_path, protection):
    """Encrypting replaced the link, and left the plans in clear where it had led."""
    folder = made(tmp_path / "data", protection)
    (folder / STORE_FILE).rename(tmp_path / "elsewhere.db")
    (folder / STORE_FILE).symlink_to(tmp_path / "elsewhere.db")
    with pytest.raises(EnvironmentProblem, match="link to a file elsewhere"):
        Archive.open(folder)
    with pytest.raises(EnvironmentProblem, match="link to a file elsewhere"):
        encrypt_store(folder, Protection.FILE, "", NOW)
    with pytest.raises(EnvironmentProblem, match="link to a file elsewhere"):
        Archive.open(folder, PLAIN_KEY)


def test_a_folder_that_is_a_link_is_taken(folder, tmp_path):
    (tmp_path / "way").symlink_to(folder)
    with Archive.open(tmp_path / "way") as archive:
        assert archive.load("plan-1") == small_plan()


# --- a patient is erased ----------------------------------------------------------------------------------------------


def test_what_a_reader_keeps_of_an_erased_patient_is_told(tmp_path):
    folder = made(tmp_path / "data", Protection.PLAIN)
    key = unlock(folder)
    reader = connect(folder / STORE_FILE, "ro", key)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM act").fetchone()
    with Archive.open(folder, key) as archive:
        archive.repository.states._connection.execute("PRAGMA busy_timeout = 1")
        count, (told,) = erase(archive, [], "00123", "request 7", "Ph. One", AT)
    assert (count, "plans.db-wal" in told, "another window or program reads" in told) == (1, True, True)
    reader.close()
    Archive.open(folder, key).close()
    assert not [path for path in folder.rglob("*") if path.is_file() and "Exámple".encode() in path.read_bytes()]


def test_a_patient_erased_before_is_erased_from_a_folder_that_was_forgotten(folder, tmp_path):
    key = unlock(folder)
    forgotten = backup_file.write_backup(folder / STORE_FILE, key, tmp_path / "usb", NOW)
    with Archive.open(folder, key) as archive:
        assert erase(archive, [], "00123", "request 7", "Ph. One", AT) == (1, ())
        assert erase(archive, [tmp_path / "usb"], "00123", "request 8", "Ph. One", AT) == (0, ())
        with pytest.raises(InputProblem, match="no patient"):
            erase(archive, [tmp_path / "usb"], "00123", "request 9", "Ph. One", AT)
    with Archive(Repository(forgotten.path, key, "reading")) as copy:
        assert copy.count() == 0


@pytest.mark.parametrize("reason", ["asked by {family}", "{given}'s wish", "of {id}, 2026", "{upper}"])
def test_no_reason_that_names_the_patient_is_kept_for_good(folder, reason):
    patient = small_plan().patient
    names = {"family": patient.family_name, "given": patient.given_name, "id": patient.id}
    with Archive.open(folder, unlock(folder)) as archive:
        with pytest.raises(Refusal, match="names the patient"):
            erase(archive, [], patient.id, reason.format(**names, upper=patient.family_name.upper()), "w", AT)
        assert archive.count() == 1


def test_damaged_stores_that_were_kept_are_told_when_a_patient_is_erased(folder):
    key = unlock(folder)
    backup = back_up(folder, key, NOW).backup
    with (folder / STORE_FILE).open("r+b") as file:
        file.seek(100)
        file.write(os.urandom(100))
    restore(folder, key, backup, "Ph. One", NOW)
    with Archive.open(folder, key) as archive:
        count, told = erase(archive, [folder / "backups"], "00123", "request 7", "Ph. One", AT)
    assert (count, "damaged-20261128T120000.db: may still hold the patient" in told[0]) == (1, True)


def test_a_patient_whose_id_was_corrected_is_erased_from_older_backups_too(folder):
    key = unlock(folder)
    older = back_up(folder, key, NOW).backup
    with Archive.open(folder, key) as archive:
        right = replace(small_plan(), patient=replace(small_plan().patient, id="00124"))
        archive.save(right, "Edit", "Ph. One", AT)
        assert erase(archive, [folder / "backups"], "00124", "request 7", "Ph. One", AT) == (1, ())
    restore(folder, key, older, "Ph. One", NOW)
    with Archive.open(folder, key) as archive:
        assert (archive.count(), archive.verify()) == (0, ())


# --- names ------------------------------------------------------------------------------------------------------------


def test_no_two_plans_of_an_export_have_one_name_on_any_disk(tmp_path, folder):
    ids = ("plan-a", "PLAN-A", "Plan-A", "con", "NUL", "com1", "console")
    with Archive.open(folder) as archive:
        for plan_id in ids:
            archive.save(small_plan(plan_id), "New plan", "Ph. One", AT)
        assert export_all(archive, tmp_path / "out") == (len(ids) + 1, ())
    names = [path.name for path in (tmp_path / "out").glob("*.json")]
    assert len({name.casefold() for name in names}) == len(ids) + 1
    assert {"plan-a.json", "console.json"} < set(names)
    assert not {name.casefold() for name in names} & {"con.json", "nul.json", "com1.json"}


def test_a_backup_that_was_being_written_while_a_patient_was_erased_holds_nothing_of_them(tmp_path, monkeypatch):
    folder = made(tmp_path / "data", Protection.PLAIN)
    key, check, seen = unlock(folder), backup_file.check_copy, []

    def meanwhile(*copy):
        if not seen:
            seen.append(copy)
            with Archive.open(folder, key) as archive:
                assert erase(archive, [folder / "backups"], "00123", "request 7", "Ph. One", AT) == (1, ())
        check(*copy)

    monkeypatch.setattr(backup_file, "check_copy", meanwhile)
    written = back_up(folder, key, NOW).backup
    assert backups(folder) == (written,)
    assert not [path for path in folder.rglob("*") if path.is_file() and "Exámple".encode() in path.read_bytes()]


def test_a_backup_may_be_a_link(folder, tmp_path):
    backup = back_up(folder, unlock(folder), NOW).backup
    link = tmp_path / backup.path.name
    link.symlink_to(backup.path)
    restore(folder, unlock(folder), keeping.backup_at(link), "Ph. One", NOW)


def killed_after(folder, key, days):
    """A program that was killed: its last edits lie in the log alone."""
    child = os.fork()
    if not child:
        archive = Archive.open(folder, key)
        for one in days:
            edit(archive, one)
        os._exit(9)
    os.waitpid(child, 0)


@pytest.mark.parametrize("protection", [Protection.FILE, Protection.PLAIN])
@pytest.mark.parametrize("other", ["an older file of the store", "another store's log"])
def test_a_log_that_is_not_of_this_file_is_told_and_carried_over_into_nothing(tmp_path, protection, other):
    """Opened for writing, SQLite carried it over when the door closed, and the plans were gone."""
    folder = made(tmp_path / "data", protection)
    key = unlock(folder)
    whole = (folder / STORE_FILE).read_bytes()
    if other == "an older file of the store":
        with Archive.open(folder, key) as archive:
            for number in range(3):
                archive.save(small_plan(f"plan-a{number}"), "New plan", "Ph. One", AT)
        killed_after(folder, key, range(1, 9))
        (folder / STORE_FILE).write_bytes(whole)
    else:
        with Archive.open(made(tmp_path / "other", protection)) as archive:
            archive.save(small_plan("plan-2"), "New plan", "Ph. One", AT)
        killed_after(tmp_path / "other", unlock(tmp_path / "other"), range(1, 9))
        shutil.copyfile(tmp_path / "other" / "plans.db-wal", folder / "plans.db-wal")
    with pytest.raises(EnvironmentProblem, match="put a backup in its place"):
        Archive.open(folder, key)
    assert (folder / STORE_FILE).read_bytes() == whole
    (folder / "plans.db-wal").unlink()
    with Archive.open(folder, key) as archive:
        assert archive.verify() == ()
        assert archive.load("plan-1") == small_plan()


@pytest.mark.parametrize("gone", ["", "plans.db-shm"])
def test_the_log_of_a_killed_program_is_taken_in(folder, gone):
    key = unlock(folder)
    killed_after(folder, key, range(1, 9))
    (folder / gone).unlink() if gone else None
    with Archive.open(folder, key) as archive:
        assert archive.load("plan-1") == later(small_plan(), 8)
        assert archive.verify() == ()
