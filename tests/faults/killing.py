"""kill -9 at random points of edits, backups, upgrades, prints: whole before or whole after, nothing told is lost."""

import os
import random
import shutil
import signal
from contextlib import closing
from datetime import UTC, datetime

from planner.errors import KnownError
from planner.files import write_whole
from planner.services.store.archive import Archive
from planner.storage import database, rewriting
from planner.storage.backup import backups_in, check_backup, clear_remains, write_backup
from planner.storage.key_file import PLAIN_KEY, new_key
from planner.storage.migrations import VERSION
from planner.storage.repository import Repository
from tests.faults.forking import Child
from tests.storage.plans import AT, ROOT, later, layout_of, small_plan

KEY = new_key(bytes)
NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
OLD_STORE = ROOT / "tests" / "old" / "store-1.db"


def kill(folder, counts, seed=1):
    """Kill so often in each kind of work; the figures by kind."""
    chance = random.Random(seed)
    kinds = {"edits": _edits, "backup": _backup, "upgrade": _upgrade, "printing": _printing}
    return {kind: kinds[kind](folder / kind, count, chance) for kind, count in counts.items()}


def _figures(kills):
    return {"kills": kills, "corrupt": 0, "partial": 0, "acknowledged but lost": 0, "left behind": 0}


def _edits(folder, count, chance):
    found, kept = _figures(count), 0
    for number in range(count):
        if number % 100 == 0:
            shutil.rmtree(folder, ignore_errors=True)
            kept = 0
        path = folder / "plans.db"

        def work(tell, path=path):
            with closing(Repository(path, KEY)) as store:
                last = len(store.history("plan-1"))
                tell("ready")
                while True:
                    last = store.append(later(small_plan(), last + 1), "Edit", "w", AT, after=last).counter
                    tell(last)

        child = Child(work)
        ready = child.first_line() == "ready"
        said = [int(line) for line in child.kill_after(chance.uniform(0, 0.05)) if line.isdigit()]
        kept = _judge_edits(path, max([kept, *said]), found) if ready else kept
    return found


def _judge_edits(path, told, found):
    try:
        with closing(Repository(path, KEY)) as store:
            found["corrupt"] += bool(store.verify())
            history = store.history("plan-1")
            found["acknowledged but lost"] += len(history) < told
            newest = store.load("plan-1")[0] if history else None
            found["partial"] += bool(history) and newest != later(small_plan(), len(history))
            found["partial"] += len(history) > told + 1
            return len(history)
    except KnownError:
        found["corrupt"] += 1
        return told


def _backup(folder, count, chance):
    found = _figures(count)
    path, target = folder / "plans.db", folder / "backups"
    with closing(Repository(path, KEY)) as store:
        for number in range(40):
            store.append(small_plan(f"plan-{number}"), "New plan", "w", AT)

    def work(tell):
        tell("ready")
        while True:
            write_backup(path, KEY, target, NOW)
            tell("backup")

    for _ in range(count):
        child = Child(work)
        child.first_line()
        told = child.kill_after(chance.uniform(0, 0.25)).count("backup")
        made = backups_in(target)
        found["acknowledged but lost"] += len(made) < told
        for backup in made:
            try:
                check_backup(backup.path, KEY)
            except KnownError:
                found["corrupt"] += 1
            backup.path.unlink()
        found["left behind"] += _left_at_the_next_open(folder)
    with closing(Repository(path, KEY)) as store:
        found["corrupt"] += bool(store.verify())
    return found


def _left_at_the_next_open(folder):
    """How much of an unfinished backup is still there once somebody has opened the store again."""
    with Archive.open(folder, KEY):
        return sum(1 for _ in folder.rglob(".*"))


def _upgrade(folder, count, chance):
    """Killed at random moments, and in full counts once before each statement that it runs."""
    found = {**_figures(count), "killed before a statement": 0}
    folder.mkdir(parents=True)
    path = folder / "plans.db"
    for _ in range(count):
        _put_old_store(path)
        child = Child(lambda tell: _work_upgrade(path, tell))
        child.first_line()
        _judge_upgrade(path, "upgraded" in child.kill_after(chance.uniform(0, 0.12)), found)
    number, said = 0, []
    while "upgraded" not in said:
        number += max(1, 100 // count)
        _put_old_store(path)
        child = Child(lambda tell, number=number: _work_upgrade(path, tell, number))
        child.first_line()
        said = child.end()
        found["killed before a statement"] += os.WIFSIGNALED(child.status)
        _judge_upgrade(path, "upgraded" in said, found)
    return found


def _put_old_store(path):
    for left in path.parent.iterdir():
        left.unlink()
    shutil.copy(OLD_STORE, path)


def _work_upgrade(path, tell, statement=0):
    """Bring the store up; where a statement is named by its number, this process ends before that one runs."""
    left = statement

    def count(_text):
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    def connect(*place):
        connection = database.connect(*place)
        connection.set_trace_callback(count)
        return connection

    if statement:
        rewriting.connect = connect
    tell("ready")
    rewriting.upgrade(path, PLAIN_KEY, "w", AT)
    tell("upgraded")


def _judge_upgrade(path, told, found):
    clear_remains(path)
    found["left behind"] += sum(1 for _ in path.parent.glob(".*"))
    try:
        before = layout_of(path, PLAIN_KEY)
        found["acknowledged but lost"] += told and before != VERSION
        rewriting.upgrade(path, PLAIN_KEY, "w", AT)
        with closing(Repository(path)) as store:
            found["corrupt"] += bool(store.verify())
            whole = [len(store.history(f"plan-{number}")) for number in (1, 2, 3)] == [2, 3, 4]
            found["partial"] += not whole
    except KnownError as problem:
        found["corrupt"] += 1
        found["first problem"] = str(problem)


def _printing(folder, count, chance):
    from planner.paths import resources
    from planner.services.catalogue import load_for_plans
    from planner.services.demo import demo_plan, demo_site
    from planner.services.evaluation import evaluate
    from planner.services.printing import make_sheet, pdf_of

    found = _figures(count)
    folder.mkdir(parents=True)
    shown = evaluate(demo_plan(resources()), load_for_plans(resources(), folder))
    site, printed = demo_site(resources()), datetime(2026, 11, 28, 12, 0)
    whole, path = pdf_of(make_sheet(shown, "calendar", site, printed), "A4"), folder / "calendar.pdf"
    write_whole(path, whole)

    def work(tell):
        tell("ready")
        write_whole(path, pdf_of(make_sheet(shown, "calendar", site, printed), "A4"))
        while True:
            write_whole(path, whole)

    for _ in range(count):
        child = Child(work)
        child.first_line()
        child.kill_after(chance.uniform(0, 0.3))
        content = path.read_bytes()
        found["partial"] += not (content.startswith(b"%PDF") and content.rstrip().endswith(b"%%EOF"))
        found["corrupt"] += len(content) != len(whole)
        for left in folder.glob(".*.part"):
            left.unlink()
    return found
