"""The task script: what it decides before it starts anything."""

import subprocess
import sys

import pytest

import dev


@pytest.fixture
def calls(monkeypatch):
    """Every program that would have been started, with the exit codes to give back in turn (then 0)."""
    started, codes = [], []

    def call(command, **variables):
        started.append([str(word) for word in command])
        return codes.pop(0) if codes else 0

    monkeypatch.setattr(dev, "call", call)
    monkeypatch.setattr(dev, "set_up", lambda lock: None)
    monkeypatch.setattr(dev, "need_libraries", lambda libraries: None)
    return started, codes


def test_without_a_task_it_explains_itself():
    done = subprocess.run([sys.executable, dev.__file__], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert all(f"\n  {task} " in done.stdout for task in dev.TASKS)


def test_unknown_task_is_one_sentence(capsys):
    assert dev.main(["bake"]) == 2
    assert capsys.readouterr().err == (
        'dev.py: there is no task "bake"; the tasks are run, test, check, slow, faults, bench, shots, bom.\n'
    )


def test_suites_run_apart_and_the_first_without_qt(calls):
    started, _ = calls
    assert dev.main(["test", "-k", "ui"]) == 0
    headless, window = started
    assert headless[-7:] == ["-p", "no:pytest-qt", "-p", "tests.without_qt", "-k", "ui", "tests"]
    assert window[-4:] == ["-k", "ui", "tests/ui", "tests/journeys"]


@pytest.mark.parametrize(
    ("path", "headless"),
    [("tests/architecture", True), ("tests/dev/test_dev.py::test_x", True), ("tests/ui", False)],
)
def test_a_path_runs_in_its_own_suite(calls, path, headless):
    started, _ = calls
    assert dev.main(["test", path]) == 0
    assert [("tests.without_qt" in command, command[-1]) for command in started] == [(headless, path)]


@pytest.mark.parametrize(
    ("codes", "verdict"), [([0, 0], 0), ([1, 0], 1), ([0, 2], 2), ([5, 0], 0), ([0, 5], 0), ([5, 5], 5), ([5, 1], 1)]
)
def test_exit_code_of_both_suites(calls, codes, verdict):
    calls[1].extend(codes)
    assert dev.main(["test"]) == verdict


def test_every_failed_gate_is_named(calls, capsys):
    calls[1].extend([0, 1, 0, 1, 0])
    assert dev.main(["check"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "dev.py: failed: lint, architecture"
    assert len(calls[0]) == 5


@pytest.mark.parametrize(
    ("environment", "screen"),
    [({}, False), ({"DISPLAY": ":0"}, True), ({"WAYLAND_DISPLAY": "w"}, True), ({"DISPLAY": ""}, False)],
)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a screen")
def test_screen_is_seen(monkeypatch, environment, screen):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert dev.has_screen() is screen


def test_off_screen_counts_as_no_screen(monkeypatch):
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert not dev.has_screen()


def test_without_a_screen_the_demo_is_printed(calls, monkeypatch):
    monkeypatch.setattr(dev, "has_screen", lambda: False)
    calls[1].append(1)  # an open finding of the demo plan is no failure
    assert dev.main(["run"]) == 0
    assert calls[0][0][1:] == ["-m", "planner", "demo", "--out", str(dev.ROOT / "demo-out")]


@pytest.mark.parametrize("code", [-6, 134])
def test_a_screen_that_cannot_be_opened_is_none(calls, monkeypatch, code):
    monkeypatch.setattr(dev, "has_screen", lambda: True)
    calls[1].append(code)
    assert dev.main(["run"]) == 0
    assert [command[1:3] for command in calls[0]] == [["--demo"], ["-m", "planner"]]


def test_a_failure_of_the_window_is_passed_on(calls, monkeypatch):
    monkeypatch.setattr(dev, "has_screen", lambda: True)
    calls[1].append(3)
    assert dev.main(["run"]) == 3


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux packages")
class TestSystemLibraries:
    def test_missing_library_gives_the_one_line(self, monkeypatch):
        monkeypatch.setattr(dev.shutil, "which", lambda name: "apt-get")
        monkeypatch.setattr(dev.os, "geteuid", lambda: 1000)
        with pytest.raises(dev.Stop) as stop:
            dev.need_libraries({"libnowhere.so.9": "libnowhere9"})
        assert str(stop.value).endswith("run: sudo apt-get install -y --no-install-recommends libnowhere9")

    def test_other_systems_are_told_the_names(self, monkeypatch):
        monkeypatch.setattr(dev.shutil, "which", lambda name: None)
        with pytest.raises(dev.Stop, match="libnowhere9"):
            dev.need_libraries({"libnowhere.so.9": "libnowhere9"})

    def test_root_installs(self, monkeypatch):
        started = []
        monkeypatch.setattr(dev.shutil, "which", lambda name: "apt-get")
        monkeypatch.setattr(dev.os, "geteuid", lambda: 0)
        monkeypatch.setattr(dev, "call", lambda command, **variables: started.append(command) or 0)
        dev.need_libraries({"libnowhere.so.9": "libnowhere9"})
        assert started[-1] == ["apt-get", "install", "-y", "--no-install-recommends", "libnowhere9", "-qq"]

    def test_present_library_needs_nothing(self):
        dev.need_libraries({"libc.so.6": "libc6"})


def test_a_stop_is_one_sentence_with_its_code(monkeypatch, capsys):
    def stop(extra):
        raise dev.Stop("Nothing works; wait.")

    monkeypatch.setitem(dev.TASKS, "run", stop)
    assert dev.main(["run"]) == 3
    assert capsys.readouterr().err == "dev.py: Nothing works; wait.\n"


def test_old_python_is_refused(monkeypatch):
    monkeypatch.setattr(dev.sys, "version_info", (3, 10, 13))
    with pytest.raises(dev.Stop, match=r"needs Python 3\.11 to 3\.14, this is 3\.10\.13"):
        dev.set_up(dev.RUN_LOCK)


def installations(started):
    """How many pip runs there were; each installation takes two."""
    return sum("pip" in command for command in started)


class TestSetUp:
    @pytest.fixture
    def started(self, monkeypatch, tmp_path):
        """A made .venv; the programs that setting up starts."""
        started = []
        monkeypatch.setattr(dev, "VENV", tmp_path)
        monkeypatch.setattr(dev, "_venv_works", lambda: True)
        monkeypatch.setattr(dev, "call", lambda command, **variables: started.append(command) or 0)
        (tmp_path / "pyvenv.cfg").write_text("version = 3.11.2")
        return started

    def test_installs_once(self, started):
        dev.set_up(dev.RUN_LOCK)
        assert "--require-hashes" in started[0]
        assert "--no-deps" in started[1]
        dev.set_up(dev.RUN_LOCK)
        assert installations(started) == 2

    def test_the_larger_lock_serves_the_smaller(self, started):
        dev.set_up(dev.DEV_LOCK)
        dev.set_up(dev.RUN_LOCK)
        assert installations(started) == 2

    def test_the_smaller_lock_does_not_serve_the_larger(self, started):
        dev.set_up(dev.RUN_LOCK)
        dev.set_up(dev.DEV_LOCK)
        assert installations(started) == 4

    def test_a_changed_lock_installs_again(self, started, monkeypatch, tmp_path):
        lock = tmp_path / dev.RUN_LOCK.name
        lock.write_text("a==1")
        dev.set_up(lock)
        lock.write_text("a==2")
        dev.set_up(lock)
        assert installations(started) == 4

    def test_a_failed_installation_is_tried_again(self, started, monkeypatch):
        monkeypatch.setattr(dev, "call", lambda command, **variables: 1)
        for _ in range(2):
            with pytest.raises(dev.Stop, match="pip could not install"):
                dev.set_up(dev.RUN_LOCK)
