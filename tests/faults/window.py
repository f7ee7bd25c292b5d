"""kill -9 while somebody works in the window: what it called saved is there at the next start, and opens again."""

import os
import random
import shutil
from contextlib import closing
from datetime import UTC, datetime

from planner.errors import KnownError
from planner.model.store import Protection
from planner.paths import resources
from planner.services.catalogue import load_for_plans
from planner.services.demo import demo_plan
from planner.services.evaluation import evaluate
from planner.services.store.archive import Archive
from planner.services.store.protection import STORE_FILE, create
from planner.services.verbs.editing import move_block
from planner.storage.plan_codec import encode
from planner.storage.repository import Repository
from tests.faults.forking import Child

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
KILLS_OF_A_STORE = 50
"""Every state of the store is read again after each kill; with hundreds of kills' edits that is most of the time."""


def kill_windows(folder, count, seed=1):
    """Start the window, edit, undo and redo at random, kill it; again and again on the same store."""
    found = {
        "kills": count,
        "edits": 0,
        "corrupt": 0,
        "partial": 0,
        "acknowledged but lost": 0,
        "not opened": 0,
        "problems": 0,
    }
    chance = random.Random(seed)
    plan, library = demo_plan(resources()), load_for_plans(resources())
    _load_what_children_need(plan, library)
    place = folder
    for number in range(count):
        if number % KILLS_OF_A_STORE == 0:
            shutil.rmtree(place, ignore_errors=True)
            place = folder / str(number)
            key = _new_store(place, plan)
        child = Child(
            lambda tell, number=number, place=place, key=key: _work(
                tell, (place, key), plan.id, library, random.Random(number)
            )
        )
        opened = child.first_line()
        # Some edits first, so that a busy machine is not killed at nothing but its first one.
        said = [child.first_line() for _ in range(chance.randint(0, 5))] if opened else []
        said = [line for line in said if line] + child.kill_after(chance.uniform(0, 0.15))
        found["problems"] += sum(line.startswith("error") for line in said)
        said = [line for line in said if not line.startswith("error")]
        found["edits"] += len(said)
        try:
            _judge((place / STORE_FILE, key), plan.id, opened, said, found)
        except KnownError as problem:
            found["corrupt"] += 1
            found["first problem"] = str(problem)
    return found


def _load_what_children_need(plan, library):
    """Once, before they are forked from here: modules, and what the engine remembers of the plan."""
    from ui import desk, furniture

    assert desk.Desk
    assert furniture.Furniture
    evaluate(plan, library)


def _new_store(folder, plan):
    key = create(folder, Protection.FILE)
    with closing(Repository(folder / STORE_FILE, key)) as store:
        store.append(plan, "New plan", "w", NOW.isoformat())
    return key


def _work(tell, place, plan_id, library, chance):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtWidgets import QApplication

    from ui.desk import Desk

    app = QApplication(["faults"])
    with Archive.open(*place) as archive:
        desk = Desk(app, place[0], archive, demo=False, moment=lambda: NOW)
        document = desk.document
        document.use_library(library)
        document.open(*desk.load(plan_id))
        desk.window.furnish()
        desk.window.show()
        app.processEvents()
        document.saved.connect(lambda: tell(_text(document.evaluated.plan)))
        document.save_failed.connect(lambda words: tell(f"error {words}"))
        tell(_text(document.evaluated.plan))
        while True:
            work = chance.random()
            if work < 0.15 and document.stack.index():
                document.stack.undo()
            elif work < 0.25 and document.stack.index() < document.stack.count():
                document.stack.redo()
            else:
                block = chance.choice(document.evaluated.plan.blocks).id
                document.edit(f"Move {block}", lambda plan, b=block: move_block(plan, b, chance.randint(-3, 3)))
            app.processEvents()


def _judge(place, plan_id, opened, said, found):
    """What was said last is the newest state or the one before it; the next start shows the newest."""
    with closing(Repository(*place)) as store:
        found["corrupt"] += bool(store.verify())
        last = max(one.counter for one in store.history(plan_id))
        newest = [_text(store.load(plan_id, counter)[0]) for counter in (last, last - 1) if counter]
        found["acknowledged but lost"] += (said[-1] if said else opened) not in newest
        found["not opened"] += not opened or opened.startswith("error")


def _text(plan):
    """A plan in one word, the same for the same plan."""
    from hashlib import sha256

    return sha256(encode(plan).encode()).hexdigest()
