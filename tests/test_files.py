"""Files read and written whole."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from planner import files
from planner.errors import EnvironmentProblem, InputProblem
from planner.files import make_private_folder, read_text, write_output, write_whole

ROOT = Path(files.__file__).resolve().parents[1]


def test_text_comes_back(tmp_path):
    path = tmp_path / "a.txt"
    write_whole(path, "naïve ≥\n".encode())
    assert read_text(path) == "naïve ≥\n"
    path.write_bytes("\ufeffx".encode())
    assert read_text(path) == "x"


def test_line_ends_stay(tmp_path):
    write_whole(tmp_path / "a", b"1\r\n2\n")
    assert read_text(tmp_path / "a") == "1\r\n2\n"


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: None, "no such file"),
        (lambda path: path.mkdir(), "folder"),
        (lambda path: path.write_bytes(b"a\nb\n\xff"), "line 3"),
    ],
)
def test_file_that_cannot_be_read_is_told(tmp_path, make, says):
    make(tmp_path / "x")
    with pytest.raises(InputProblem, match=says) as caught:
        read_text(tmp_path / "x")
    assert str(tmp_path / "x") in str(caught.value)


def test_name_that_no_file_can_have_is_told():
    with pytest.raises(EnvironmentProblem):
        read_text(Path("a\0b"))
    with pytest.raises(EnvironmentProblem):
        write_whole(Path("a\0b"), b"")


def test_file_below_a_file_is_no_file(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputProblem, match="no such file"):
        read_text(tmp_path / "file" / "x")


def test_huge_file_is_not_read(tmp_path, monkeypatch):
    (tmp_path / "x").write_text("12345")
    monkeypatch.setattr(files, "LIMIT", 4)
    with pytest.raises(InputProblem, match="larger"):
        read_text(tmp_path / "x")


def test_new_file_is_for_this_user_alone(tmp_path):
    write_whole(tmp_path / "a", b"x")
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600


def test_link_stays_a_link(tmp_path):
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_whole(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_device_is_written_to_and_not_replaced(tmp_path):
    read_end, write_end = os.pipe()
    write_whole(Path(f"/dev/fd/{write_end}"), b"x")
    assert os.read(read_end, 9) == b"x"
    os.close(read_end)
    os.close(write_end)


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_failure_on_the_way_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, step):
    (tmp_path / "a").write_bytes(b"old")

    def fail(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*((os, "fsync") if step == "fsync" else (Path, "replace")), fail)
    with pytest.raises(EnvironmentProblem, match="the disk is full"):
        write_whole(tmp_path / "a", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_bytes() == b"old"


SMALL_DISK = """
import resource, signal, sys
from pathlib import Path
from planner.errors import EnvironmentProblem
from planner.files import write_whole
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_whole(Path(sys.argv[1]), b"x" * 5000)
except EnvironmentProblem as problem:
    print(problem)
"""


@pytest.mark.skipif(os.name != "posix", reason="limits of this kind are a POSIX matter")
def test_real_limit_of_size_leaves_the_old_file(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    command = [sys.executable, "-c", SMALL_DISK, str(tmp_path / "a")]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "cannot be written" in ran.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_bytes() == b"old"


def test_private_folder(tmp_path):
    make_private_folder(tmp_path / "a" / "b")
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700
    make_private_folder(tmp_path / "a" / "b")
    (tmp_path / "file").write_text("x")
    with pytest.raises(EnvironmentProblem):
        make_private_folder(tmp_path / "file")


@pytest.mark.parametrize(
    "name",
    [
        "plans.db",
        "PLANS.DB",
        "plans.db-wal",
        "plans.key",
        "plans.key.copy",
        "plans-old-1.key",
        "plans-20261130T001400Z-12-import.db",
    ],
)
@pytest.mark.parametrize("linked", [False, True])
def test_what_a_person_names_never_takes_the_place_of_a_store(tmp_path, name, linked):
    store, target = tmp_path / name, tmp_path / ("x.csv" if linked else name)
    store.write_bytes(b"all plans")
    if linked:
        target.symlink_to(store)
    with pytest.raises(EnvironmentProblem, match="choose another name"):
        write_output(target, b"date,time")
    assert store.read_bytes() == b"all plans"


def test_other_names_beside_a_store_are_written(tmp_path):
    for name in ("plans.csv", "plans-of-may.db.json", "myplans.db", "plans.pdf"):
        write_output(tmp_path / name, b"x")
        assert (tmp_path / name).read_bytes() == b"x"


def test_command_line_and_window_write_what_people_name_through_that():
    """Settings, keys and the cache are the program's own files."""
    for part in ("planner/cli", "ui"):
        for file in (ROOT / part).rglob("*.py"):
            text = file.read_text(encoding="utf-8")
            assert "write_whole" not in text or file.name == "demo.py", file
