"""Another account of the same computer reads nothing of a private store; of a shared one it is told who has it."""

import os
import stat
import sys
import tempfile
from pathlib import Path

import pytest

from planner.cli.main import main
from planner.content.overlooked import overlooked
from planner.errors import EnvironmentProblem, KnownError
from planner.model.store import Protection
from planner.paths import user_data
from planner.services.store.archive import Archive, is_me, start_editing
from planner.services.store.exchange import export_all
from planner.services.store.folders import keeps_plans, refuse_folder
from planner.services.store.keeping import back_up, backups
from planner.services.store.protection import STORE_FILE, create
from planner.settings import Settings, save_settings
from planner.storage.lock import lock_path
from tests.faults.forking import Child
from tests.faults.killing import NOW
from tests.storage.plans import AT, later, small_plan

NOBODY = 65534
"""The account without rights; it exists on every Unix."""

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="accounts are not changed there by a process"),
    pytest.mark.skipif(
        not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only the administrator can act as another account"
    ),
]


@pytest.fixture
def place():
    """A folder of its own: the tests' common one is closed to others whenever another run of tests begins."""
    with tempfile.TemporaryDirectory(prefix="regimap-second-") as name:
        yield Path(name)


@pytest.fixture
def folder(place):
    """A store of this account, in folders that everybody may enter down to its own."""
    for above in (place, *place.parents):
        if above.stat().st_uid == os.geteuid() and not stat.S_IMODE(above.stat().st_mode) & 0o001:
            above.chmod(0o711)
    folder = place / "data"
    key = create(folder, Protection.FILE)
    with Archive.open(folder, key) as archive:
        archive.save(small_plan(), "New plan", "Ph. One", AT)
    back_up(folder, key, NOW)
    save_settings(folder / "settings.json", Settings(who="Ph. One"))
    return folder


def as_other(work):
    """What the other account comes to: the lines it told."""

    def changed(tell):
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        tell("ready")
        work(tell)

    child = Child(changed)
    assert child.first_line() == "ready"
    return child.end()


def files_of(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_nothing_of_a_private_store_is_readable_or_writable(folder):
    files = files_of(folder)

    def try_all(tell):
        for path in files:
            for mode in ("rb", "r+b", "ab"):
                try:
                    with path.open(mode):
                        tell(f"opened {path} {mode}")
                except PermissionError:
                    tell("denied")
        for act in (lambda: list(folder.iterdir()), (folder / "new").touch):
            try:
                act()
                tell("entered")
            except PermissionError:
                tell("denied")

    said = as_other(try_all)
    assert len(files) > 4
    assert set(said) == {"denied"}
    assert len(said) == 3 * len(files) + 2


def test_files_and_folders_are_for_this_account_alone(folder):
    for path in (folder, *folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_even_where_the_folder_was_opened_the_files_are_closed(folder):
    folder.chmod(0o755)
    (folder / "backups").chmod(0o755)
    files = files_of(folder)

    def try_all(tell):
        tell(sum(os.access(path, os.R_OK) or os.access(path, os.W_OK) for path in files))

    assert as_other(try_all) == ["0"]


def test_the_other_account_is_told_in_a_sentence_that_the_folder_is_not_theirs(folder):
    """Every command ended in a traceback of Python about settings.json; so did one in a folder inside it."""

    def ask(tell):
        for named in (folder, folder / "inside"):
            os.environ["REGIMAP_DATA_DIR"] = str(named)
            try:
                user_data()
            except KnownError as problem:
                tell(f"{problem.exit_code} {problem}")

    assert as_other(ask) == [
        f"3 {named}: this folder belongs to another account, and you may not look into it; ask whoever keeps it, or "
        "name a folder of your own"
        for named in (folder, folder / "inside")
    ]


def test_backups_in_a_closed_folder_are_not_said_to_be_none(folder):
    def ask(tell):
        with pytest.raises(EnvironmentProblem, match="belongs to another account"):
            backups(folder)
        tell("refused")

    assert as_other(ask) == ["refused"]


def test_no_folder_that_is_closed_to_the_other_account_ends_in_a_traceback(folder, place):
    """As second folder of backups, for an export, as the place of plans, as a folder of files, as the site's rules."""
    own, inside = place / "own", folder / "inside"
    (own / "rules").mkdir(parents=True)
    (own / "rules").chmod(0o700)
    for one in (place, own):
        one.chmod(0o777)

    def try_all(tell):
        def told(work):
            try:
                tell(work())
            except KnownError as problem:
                tell(f"{problem.exit_code} {problem}".partition(";")[0])

        key = create(own, Protection.FILE)
        for closed in (folder, inside):
            told(lambda closed=closed: back_up(own, key, NOW, "", closed).problem.partition(";")[0])
            with Archive.open(own, key) as archive:
                told(lambda closed=closed, archive=archive: export_all(archive, closed))
            told(lambda closed=closed: refuse_folder(closed))
            tell(keeps_plans(closed))
        os.environ["REGIMAP_DATA_DIR"] = str(own)
        tell(main(["store", "import", str(inside)]))
        tell([str(one) for one in overlooked(own)])

    closed = "this folder belongs to another account, and you may not look into it"
    assert as_other(try_all) == [
        *(
            line
            for one in (folder, inside)
            for line in (
                f"the second backup folder: {one}: {closed}",
                f"3 {one}: {closed}",
                f"3 {one}: {closed}",
                "False",
            )
        ),
        "3",
        "['rules: the folder is closed to this account, and nothing in it is read']",
    ]


def shared(folder):
    """What an administrator does so that a second account may look: everybody may read and write."""
    folder.chmod(0o777)
    for path in files_of(folder):
        path.chmod(0o666)


def test_second_account_of_a_shared_store_only_reads_and_is_told_who_edits(folder):
    shared(folder)

    def look(tell):
        with Archive.open(folder) as archive:
            tell(archive.read_only)
            tell(archive.load("plan-1") == small_plan())
            try:
                archive.save(later(small_plan(), 2), "Edit", "Ph. Two", AT)
                tell("saved")
            except EnvironmentProblem as problem:
                tell(problem)
        other = start_editing(folder, "Ph. Two", AT)
        tell(f"{is_me(other)} {other.who}")

    with start_editing(folder, "Ph. One", AT), Archive.open(folder) as mine:
        said = as_other(look)
        mine.save(later(small_plan(), 9), "Edit", "Ph. One", AT)
    assert "Ph. One" in said[0]
    assert "not changed" in said[0]
    assert said[1:] == ["True", said[0], "False Ph. One"]


@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_a_lock_file_that_may_not_be_written_still_tells_that_somebody_edits(folder, mode):
    shared(folder)

    def look(tell):
        with Archive.open(folder) as archive:
            tell(archive.read_only)

    with start_editing(folder, "Ph. One", AT):
        lock_path(folder / STORE_FILE).chmod(mode)
        said = as_other(look)
    assert ("Ph. One" if mode == 0o644 else "another account") in said[0]
    assert "not changed" in said[0]


def test_when_the_first_has_left_the_second_may_edit_a_shared_store(folder):
    shared(folder)
    with start_editing(folder, "Ph. One", AT), Archive.open(folder) as mine:
        mine.save(later(small_plan(), 9), "Edit", "Ph. One", AT)

    def edit(tell):
        with start_editing(folder, "Ph. Two", AT), Archive.open(folder) as archive:
            tell(archive.read_only)
            tell(archive.save(later(small_plan(), 2), "Edit", "Ph. Two", AT).counter)

    assert as_other(edit) == ["", "3"]


def test_a_store_that_may_only_be_read_is_shown(folder):
    folder.chmod(0o755)
    for path in files_of(folder):
        path.chmod(0o644)
    before = {path: path.read_bytes() for path in files_of(folder)}

    def look(tell):
        with Archive.open(folder) as archive:
            tell(archive.read_only)
            tell(archive.load("plan-1") == small_plan())

    said = as_other(look)
    assert "write-protected" in said[0]
    assert STORE_FILE in said[0]
    assert said[1] == "True"
    assert {path: path.read_bytes() for path in files_of(folder)} == before
