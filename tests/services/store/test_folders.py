"""Which folders may be chosen for a store, and how the choice is found again."""

import os

import pytest

from planner import paths
from planner.errors import DataFolderGone, EnvironmentProblem
from planner.model.store import Protection
from planner.services.store.folders import keeps_plans, refuse_folder, suggested
from planner.services.store.protection import create


@pytest.fixture
def home(monkeypatch, tmp_path):
    """The folder that the system gives in this test."""
    monkeypatch.delenv(paths.DATA_DIR_VARIABLE, raising=False)
    monkeypatch.setattr(paths, "own_data", lambda: tmp_path / "own" / "regimap")
    return tmp_path / "own" / "regimap"


def test_a_new_an_empty_and_a_folder_that_keeps_plans_may_be_taken(tmp_path):
    refuse_folder(tmp_path / "new")
    (tmp_path / "empty").mkdir()
    refuse_folder(tmp_path / "empty")
    assert list((tmp_path / "empty").iterdir()) == [], "to look leaves nothing"
    create(tmp_path / "kept", Protection.FILE)
    assert keeps_plans(tmp_path / "kept")
    refuse_folder(tmp_path / "kept")


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("beside.txt", "this is a file"),
        ("not/there", "the folder above it is not there"),
        ("Dropbox/plans", "a folder that Dropbox synchronises; plans can only be kept on a local disk"),
        ("full", "other files lie in this folder"),
        ("lost", "but there are backups of it"),
    ],
)
def test_other_folders_are_refused_with_what_to_do(tmp_path, place, told):
    (tmp_path / "beside.txt").write_text("x")
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("x")
    (tmp_path / "lost" / "backups").mkdir(parents=True)
    (tmp_path / "lost" / "backups" / "plans-20261122T120000Z-1.db").write_text("x")
    with pytest.raises(EnvironmentProblem, match=told) as refused:
        refuse_folder(tmp_path / place)
    assert str(refused.value).startswith(f"{tmp_path / place}: ")


def test_half_a_path_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(EnvironmentProblem, match="give the whole path"):
        refuse_folder(paths.Path("plans"))


@pytest.mark.parametrize("place", ["there", "there/new"])
def test_where_nothing_can_be_written_is_found_by_writing(tmp_path, monkeypatch, place):
    (tmp_path / "there").mkdir()
    asked = []

    def refused(dir):  # noqa: A002 - the name that tempfile gives it
        asked.append(dir)
        raise OSError(30, os.strerror(30))

    monkeypatch.setattr("planner.services.store.folders.tempfile.TemporaryFile", refused)
    with pytest.raises(EnvironmentProblem, match="it is write-protected"):
        refuse_folder(tmp_path / place)
    assert asked == [tmp_path / "there"]


def test_the_programs_own_folder_may_hold_its_files_and_lack_those_above(home):
    refuse_folder(home, own=True)
    home.mkdir(parents=True)
    (home / "settings.json").write_text("{}")
    refuse_folder(home, own=True)


def test_a_new_folder_is_meant_where_other_files_lie(tmp_path):
    assert suggested(tmp_path / "new") == tmp_path / "new"
    assert suggested(tmp_path) == tmp_path
    (tmp_path / "letter.txt").write_text("x")
    assert suggested(tmp_path) == tmp_path / "Regimap"
    create(tmp_path / "kept", Protection.FILE)
    assert suggested(tmp_path / "kept") == tmp_path / "kept"


def test_the_chosen_folder_is_found_again_and_never_replaced_by_an_empty_one(home, tmp_path):
    chosen = tmp_path / "elsewhere"
    assert paths.user_data() == home
    assert paths.may_choose_data(home)
    assert not paths.may_choose_data(chosen)
    chosen.mkdir()
    paths.choose_data(chosen)
    assert paths.user_data() == chosen
    chosen.rename(tmp_path / "moved")
    with pytest.raises(DataFolderGone, match=r"is not there: its drive is not connected.*data-folder\.txt"):
        paths.user_data()


def test_a_choice_that_cannot_be_read_hides_no_plans(home):
    home.mkdir(parents=True)
    (home / paths.CHOSEN_FILE).write_bytes(b"\xff\xfe")
    with pytest.raises(EnvironmentProblem, match="cannot be read"):
        paths.user_data()


def test_what_the_environment_names_comes_first(home, tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    paths.choose_data(tmp_path / "elsewhere")
    monkeypatch.setenv(paths.DATA_DIR_VARIABLE, str(tmp_path / "named"))
    assert paths.user_data() == tmp_path / "named"
    assert not paths.may_choose_data(home)


def test_the_own_folder_is_no_choice_to_remember(home):
    paths.choose_data(home)
    assert not home.exists()
