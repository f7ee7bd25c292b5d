"""Killed at any moment, and two at once: nothing that was acknowledged is lost, nothing is half there."""

import random
import subprocess
import sys
import time
from contextlib import closing

import pytest

from planner.storage.repository import Repository
from tests.storage.plans import ROOT, later, small_plan


def start(path, plan_id, count):
    command = [sys.executable, "-m", "tests.storage.writer", str(path), plan_id, str(count)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def kill_after(process, seconds, edits=0):
    """Kill once it has opened the store, kept so many edits, and so many seconds went by; what it acknowledged."""
    said = [process.stdout.readline().strip() for _ in range(1 + edits)]
    time.sleep(seconds)
    process.kill()
    rest, _ = process.communicate()
    return [int(line) for line in (said + rest.split("\n")) if line.strip().isdigit()]


def check_whole(path, acknowledged):
    with closing(Repository(path)) as store:
        assert store.verify() == ()
        history = store.history("plan-1")
        last = acknowledged[-1] if acknowledged else 0
        assert last <= len(history) <= last + 1
        for line in history:
            assert store.load("plan-1", line.counter)[0] == later(small_plan(), line.counter)
    return len(history)


def kill_again_and_again(path, times):
    chance, kept = random.Random(7), 0
    for number in range(times):
        # A busy machine comes to no edit within that time, so every other one is waited for.
        acknowledged = kill_after(start(path, "plan-1", 100_000), chance.uniform(0, 0.05), number % 2)
        assert not acknowledged or acknowledged[0] == kept + 1
        kept = check_whole(path, acknowledged or [kept])
    return kept


def test_killed_while_saving(tmp_path):
    assert kill_again_and_again(tmp_path / "plans.db", 5) > 0


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_killed_while_saving_many_times(tmp_path):
    assert kill_again_and_again(tmp_path / "plans.db", 200) > 0


def test_killed_while_the_store_is_made(tmp_path):
    """Before the first acknowledgement there is no store, or a whole empty one."""
    for number in range(4):
        path = tmp_path / str(number) / "plans.db"
        process = start(path, "plan-1", 0)
        time.sleep(0.1 * number)
        process.kill()
        process.communicate()
        with closing(Repository(path)) as store:
            assert store.verify() == ()
            assert store.summaries() == ()


def test_two_writers_lose_nothing(tmp_path):
    path = tmp_path / "plans.db"
    both = [start(path, name, 15) for name in ("plan-a", "plan-b")]
    assert [process.communicate() and process.returncode for process in both] == [0, 0]
    with closing(Repository(path)) as store:
        assert [len(store.history(name)) for name in ("plan-a", "plan-b")] == [15, 15]
        assert store.verify() == ()
