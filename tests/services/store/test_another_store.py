"""A backup, a key or a file of another store never costs this one its plans, its backups or the key they need."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest

from planner.errors import EnvironmentProblem, WrongPassphrase
from planner.model.store import Protection
from planner.services.store.archive import Archive
from planner.services.store.keeping import back_up, restore
from planner.services.store.protection import STORE_FILE, create, key_for_backup, protect, unlock
from planner.storage.key_file import copy_path, key_path, read_box, write_box
from tests.quick_keys import stretch_quickly
from tests.storage.plans import AT, small_plan

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
GOOD, OTHER = "correct horse", "another horse"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    stretch_quickly(monkeypatch)
    for name in ("REGIMAP_PASSPHRASE", "REGIMAP_PASSPHRASE_FILE"):
        monkeypatch.delenv(name, raising=False)


def kept(folder, passphrase, plan_id):
    """A store with one plan, and a backup of it."""
    key = create(folder, Protection.PASSPHRASE if passphrase else Protection.FILE, passphrase)
    with Archive.open(folder, key) as archive:
        archive.save(small_plan(plan_id), "New plan", "Ph. One", AT)
    return key, back_up(folder, key, NOW).backup


@pytest.fixture
def mine(tmp_path):
    return kept(tmp_path / "mine", GOOD, "mine")


@pytest.fixture
def other(tmp_path):
    return kept(tmp_path / "other", OTHER, "other")


def lose(folder, *, keys=True):
    """The store is gone; with `keys` so are the key files beside it, but not those beside its backups."""
    store = folder / STORE_FILE
    for path in (store, *((key_path(store), copy_path(store)) if keys else ())):
        path.unlink(missing_ok=True)


def everything_in(folder):
    """What lies there, without what is made anew at each start."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"}


def listed(folder, passphrase):
    with Archive.open(folder, unlock(folder, passphrase)) as archive:
        return [one.plan_id for one in archive.list()]


@pytest.mark.parametrize("keys", [True, False])
def test_a_lost_store_keeps_the_key_its_backups_need(mine, other, tmp_path, keys):
    """The other's key in the place of ours, and at its next backup in the place of that beside our backups."""
    folder, (key, backup) = tmp_path / "mine", mine
    lose(folder, keys=keys)
    before = everything_in(folder)
    with pytest.raises((EnvironmentProblem, WrongPassphrase)):
        restore(folder, key_for_backup(folder, other[1].path, OTHER), other[1], "Ph. One", NOW)
    with pytest.raises(EnvironmentProblem, match="belongs to another store"):
        restore(folder, key_for_backup(folder, other[1].path, GOOD), other[1], "Ph. One", NOW)
    assert everything_in(folder) == before
    assert key_for_backup(folder, backup.path, GOOD) == key
    restore(folder, key, backup, "Ph. One", NOW)
    assert listed(folder, GOOD) == ["mine"]


@pytest.mark.parametrize("way", ["damaged", "gone"])
def test_where_no_key_of_its_backups_is_left_none_of_another_store_takes_its_place(mine, other, tmp_path, way):
    """The right key may still lie in a second folder; until then these backups wait for it, and are not thinned."""
    folder = tmp_path / "mine"
    lose(folder)
    beside = key_path(folder / "backups" / STORE_FILE)
    saved = beside.read_bytes()
    beside.write_text("{}") if way == "damaged" else beside.unlink()
    before = everything_in(folder)
    with pytest.raises(EnvironmentProblem, match="has its backups here"):
        key_for_backup(folder, other[1].path, OTHER)
    assert everything_in(folder) == before
    beside.write_bytes(saved)
    assert key_for_backup(folder, mine[1].path, GOOD) == mine[0]


def test_a_plain_backup_of_another_store_is_not_put_among_backups_whose_key_is_lost(mine, tmp_path):
    folder, plain = tmp_path / "mine", tmp_path / "plain"
    lose(folder)
    key_path(folder / "backups" / STORE_FILE).unlink()
    with Archive.open(plain, create(plain, Protection.PLAIN)) as archive:
        archive.save(small_plan("plain"), "New plan", "Ph. One", AT)
    made = back_up(plain, unlock(plain), NOW).backup
    with pytest.raises(EnvironmentProblem, match="has its backups here"):
        key_for_backup(folder, made.path, "")


def test_a_key_that_does_not_open_the_backup_is_not_put_beside_the_plans(mine, other, tmp_path):
    """Somebody copied the backups of two stores into one folder: the key there is that of the one copied last."""
    bag = tmp_path / "bag"
    shutil.copytree(mine[1].path.parent, bag)
    shutil.copyfile(key_path(other[1].path.parent / STORE_FILE), key_path(bag / STORE_FILE))
    with pytest.raises(EnvironmentProblem, match="another key"):
        key_for_backup(tmp_path / "new", bag / mine[1].path.name, OTHER)
    assert not (tmp_path / "new").exists()


def test_a_lost_store_opens_with_the_passphrase_of_today(mine, tmp_path):
    """Its own key file is newer than the one beside its backups, and was passed over where the store was missing."""
    folder, (key, backup) = tmp_path / "mine", mine
    protect(folder, key, Protection.PASSPHRASE, "yet another horse")
    box = read_box(folder / STORE_FILE)
    lose(folder, keys=False)
    with pytest.raises(WrongPassphrase):
        key_for_backup(folder, backup.path, GOOD)
    assert key_for_backup(folder, backup.path, "yet another horse") == key
    assert read_box(folder / STORE_FILE) == box


def test_a_key_file_of_a_newer_version_is_left_alone(mine, tmp_path):
    folder = tmp_path / "mine"
    box = read_box(folder / STORE_FILE)
    write_box(folder / STORE_FILE, {**box, "version": 2})
    before = everything_in(folder)
    with pytest.raises(EnvironmentProblem, match="newer version"):
        key_for_backup(folder, mine[1].path, GOOD)
    lose(folder, keys=False)
    with pytest.raises(EnvironmentProblem, match="newer version"):
        key_for_backup(folder, mine[1].path, GOOD)
    assert {**before, folder / STORE_FILE: b""} == {**everything_in(folder), folder / STORE_FILE: b""}


@pytest.mark.parametrize("passphrase", [GOOD, ""])
def test_a_key_file_of_another_store_over_ours_locks_nobody_out(tmp_path, other, passphrase):
    """Its copy still holds our key; it was written over, from the wrong file, by reading alone."""
    folder = tmp_path / "mine"
    kept(folder, passphrase, "mine")
    ours = key_path(folder / STORE_FILE).read_bytes()
    shutil.copyfile(key_path(tmp_path / "other" / STORE_FILE), key_path(folder / STORE_FILE))
    if passphrase:
        with pytest.raises(WrongPassphrase):
            unlock(folder, "nobody's horse")
    assert listed(folder, passphrase) == ["mine"]
    assert key_path(folder / STORE_FILE).read_bytes() == copy_path(folder / STORE_FILE).read_bytes() == ours


def test_a_key_that_opens_nothing_here_is_told(tmp_path, other):
    """Both are of other stores: nothing is tried on, nothing changed."""
    folder = tmp_path / "mine"
    kept(folder, "", "mine")
    kept(tmp_path / "third", "", "third")
    shutil.copyfile(key_path(tmp_path / "other" / STORE_FILE), copy_path(folder / STORE_FILE))
    shutil.copyfile(key_path(tmp_path / "third" / STORE_FILE), key_path(folder / STORE_FILE))
    before = everything_in(folder)
    with pytest.raises(EnvironmentProblem, match="another key"):
        unlock(folder, OTHER)
    assert everything_in(folder) == before


def test_an_empty_store_whose_key_lies_beside_its_backups_alone_comes_back(mine, tmp_path):
    folder, (key, backup) = tmp_path / "mine", mine
    lose(folder)
    (folder / STORE_FILE).touch()
    assert key_for_backup(folder, backup.path, GOOD) == key
    restore(folder, key, backup, "Ph. One", NOW)
    assert listed(folder, GOOD) == ["mine"]


def test_a_new_store_keeps_the_key_of_one_that_was_carried_away(tmp_path):
    """Somebody moved plans.db alone to another computer, before there was a backup: its key is here only."""
    folder, away = tmp_path / "mine", tmp_path / "away"
    for number in (1, 2):
        with Archive.open(folder, create(folder, Protection.FILE)) as archive:
            archive.save(small_plan(f"mine-{number}"), "New plan", "Ph. One", AT)
        away.mkdir(exist_ok=True)
        (folder / STORE_FILE).rename(away / f"plans-{number}.db")
    create(folder, Protection.FILE)
    for number, name in ((1, "plans-old-1.key"), (2, "plans-old-2.key")):
        shutil.rmtree(tmp_path / "new", ignore_errors=True)
        (tmp_path / "new").mkdir()
        shutil.copyfile(away / f"plans-{number}.db", tmp_path / "new" / STORE_FILE)
        shutil.copyfile(folder / name, key_path(tmp_path / "new" / STORE_FILE))
        assert listed(tmp_path / "new", "") == [f"mine-{number}"]


def test_a_whole_store_copied_over_this_one_leaves_the_key_of_its_backups(mine, other, tmp_path):
    """Moved by hand from another computer: the next backup wrote its key over the one all older backups need."""
    folder = tmp_path / "mine"
    for name in ("plans.db", "plans.key", "plans.key.copy"):
        shutil.copyfile(tmp_path / "other" / name, folder / name)
    ours = key_path(folder / "backups" / STORE_FILE).read_bytes()
    for hours in (1, 2):
        back_up(folder, unlock(folder, OTHER), NOW + timedelta(hours=hours))
    kept_keys = [path.name for path in (folder / "backups").glob("*.key") if path.read_bytes() == ours]
    assert kept_keys == ["plans-old-1.key"]
    (folder / "backups" / "plans-old-1.key").rename(key_path(folder / "backups" / STORE_FILE))
    shutil.copytree(folder / "backups", tmp_path / "away")
    key = key_for_backup(tmp_path / "new", tmp_path / "away" / mine[1].path.name, GOOD)
    restore(tmp_path / "new", key, mine[1], "Ph. One", NOW)
    assert listed(tmp_path / "new", GOOD) == ["mine"]


def test_backups_on_a_drive_that_is_not_connected_are_no_new_beginning(mine, tmp_path):
    folder = tmp_path / "mine"
    (folder / "backups").rename(tmp_path / "drive")
    (folder / "backups").symlink_to(tmp_path / "gone")
    lose(folder)
    with pytest.raises(EnvironmentProblem, match="store is missing"):
        create(folder, Protection.FILE)
    assert not key_path(folder / STORE_FILE).exists()
