"""Every function of the store, the readers, the fonts and the printer fails once in its turn (promises.md R13).

A day's work is done once to learn which functions it calls. Then it is done again for each of them, and the first or a
random call of that function runs out of memory; and again with the k-th opening, renaming or removing of a file failing
as a bad disk does. The window would go on working, so the same process does each step again afterwards: it must come
out as if nothing had been, and a failing disk must be a sentence.
"""

import errno
import importlib
import json
import os
import random
import shutil
import sys
from contextlib import closing, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from planner.content.patient_file import read_patient
from planner.content.protocol_file import read_protocol
from planner.errors import KnownError
from planner.files import read_text, write_whole
from planner.model.store import Protection
from planner.paths import resources
from planner.services.demo import demo_plan, demo_site
from planner.services.store import keeping
from planner.services.store.archive import Archive, start_editing
from planner.services.store.exchange import PlanFile, look_at_plans, sealed_plan_text
from planner.services.store.keeping import back_up, restore, verify_store
from planner.services.store.plan_files import plan_text
from planner.services.store.protection import STORE_FILE, create, unlock
from planner.services.store.store_tables import patients_csv, trail_csv
from planner.settings import Settings, load_settings, save_settings
from planner.storage import key_file
from planner.storage.hand_over import open_sealed
from planner.storage.lock import EditingLock
from planner.storage.plan_codec import decode
from planner.storage.repository import Repository
from tests.faults.forking import Child
from tests.quick_keys import QUICK
from tests.storage.plans import AT, ROOT, later, small_plan

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
WATCHED = tuple(str(ROOT / "planner" / name) for name in ("storage", "services", "content", "exports", "files.py"))
APART = ("templates", "paper")
"""Steps that know no store: a failure in one of them is followed by these alone, one in another by all but these. They
take two thirds of a day's time. A failing disk is followed by all.
"""
EVENTS = ("open", "os.rename", "os.remove", "os.mkdir", "os.listdir", "os.scandir", "os.chmod", "os.link")
"""What the interpreter tells before it asks the system (docs.python.org/3/library/audit_events.html)."""


def fail_calls(folder, share, seed=1):
    """Fail each function, and each access to a file, or one of so many of them; the figures."""
    chance = random.Random(seed)
    for name, value in QUICK.items():
        setattr(key_file, name, value)
    _library()
    _prepare(folder / "good")
    functions, accesses, good = _what_is_called(folder)
    found = {"functions": len({code for code, _ in functions}), "accesses": accesses, "failed": 0, "told": 0}
    found |= dict.fromkeys(("without effect", "not reached", "crashes", "corrupt", "other results"), 0)
    found["first problems"] = []
    plans = [one for code, steps in functions for one in _two_calls(code, steps, chance)]
    plans += [Failure(access=number) for number in range(1, accesses + 1)]
    for failure in plans[chance.randrange(share) :: share]:
        place = _fresh(folder)
        child = Child(lambda tell, place=place, failure=failure: _day(place, tell, failure))
        said = [child.first_line(), *child.end()]
        _judge(place, said, good, found, failure)
    found["first problems"] = found["first problems"][:8]
    return found


class Failure(NamedTuple):
    """What fails: that call of that function within that step of the day, or that access to a file."""

    code: tuple = ()
    step: str = ""
    call: int = 0
    access: int = 0


def _two_calls(code, steps, chance):
    """The first call of a function, and a random one. `steps` tells how often each step calls it, in order."""
    for call in sorted({1, chance.randint(1, sum(steps.values()))}):
        before = 0
        for step, count in steps.items():
            if 0 < call - before <= count:
                yield Failure(code, step, call - before)
            before += count


def _prepare(folder):
    key = create(folder, Protection.FILE)
    with Archive.open(folder, key) as archive:
        for number in range(1, 4):
            archive.save(small_plan(f"plan-{number}"), "New plan", "w", AT)
        for days in range(1, 4):
            archive.save(later(small_plan(), days), "Edit", "w", AT)
    back_up(folder, key, NOW)


def _fresh(folder):
    place = folder / "work"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(folder / "good", place)
    return place


def _what_is_called(folder):
    """Every function the day calls with how often, how often it asks for a file, and what each step comes to.

    In a process of its own, so that what is remembered from one call to the next is not remembered yet.
    """
    place = _fresh(folder)
    said = Child(lambda tell: _count(place, tell)).end()
    assert said[-1].startswith("called"), said
    functions, accesses, modules = json.loads(said[-1].removeprefix("called"))
    for module in modules:  # none of ours, so that what they call while they are imported fails too
        with suppress(ImportError):
            importlib.import_module(module)
    return [(tuple(name), steps) for name, steps in functions], accesses, said[:-1]


def _count(place, tell):
    calls, accesses, step_name = {}, 0, ""

    def count(frame, event, _value):
        if event == "call" and frame.f_code.co_filename.startswith(WATCHED) and frame.f_code.co_name != "<module>":
            steps = calls.setdefault(_name(frame.f_code), {})
            steps[step_name] = steps.get(step_name, 0) + 1

    def hook(event, arguments):
        nonlocal accesses
        accesses += _is_access(event, arguments, place)

    sys.addaudithook(hook)
    work, modules = Work(place), set(sys.modules)
    for step_name, step in work.steps():
        sys.setprofile(count)
        try:
            result = step()
        finally:
            sys.setprofile(None)
        tell(f"result {step_name} {result}")
    new = [name for name in sys.modules if name not in modules and not name.startswith("planner")]
    tell("called" + json.dumps([sorted(calls.items()), accesses, new]))


def _name(code):
    return Path(code.co_filename).relative_to(ROOT).as_posix(), code.co_qualname, code.co_firstlineno


def _is_access(event, arguments, place):
    return event in EVENTS and bool(arguments) and str(arguments[0]).startswith(str(place))


class Work:
    """The steps of a day; each gives what can be compared, and can be done again after it failed."""

    def __init__(self, folder):
        self.folder, self.archive = folder, None
        self.plan = demo_plan(resources())
        self.protocol = min((resources() / "protocols").rglob("*.toml"), key=lambda file: file.stat().st_size)

    def steps(self):
        """Each with its name, in order."""
        yield from ((one, getattr(self, one)) for one in (
            "lock", "open", "edit", "new", "load", "lists", "delete", "take_back", "record", "go_back", "trail",
            "backup", "verified", "files", "sealed", "settings", "templates", "paper", "restored",
        ))  # fmt: skip

    def lock(self):
        held = start_editing(self.folder, "Ph. One", AT)
        if isinstance(held, EditingLock):
            held.release()
        else:  # a release that failed a moment ago left it in this very process, whose end frees it
            assert held.pid == os.getpid()

    def open(self):
        if self.archive:
            self.archive.close()
        self.archive = Archive.open(self.folder, unlock(self.folder))
        return len(self.archive.history("plan-1"))

    def edit(self):
        if len(self.archive.history("plan-1")) < 5:
            self.archive.save(later(small_plan(), 4), "Edit", "w", AT)
        return self._states(5, 4)

    def _states(self, count, days):
        states = self.archive.history("plan-1")
        assert len(states) == count, len(states)
        assert self.archive.load("plan-1") == later(small_plan(), days)
        return count

    def new(self):
        if not self.archive.history("plan-9"):
            self.archive.save(small_plan("plan-9"), "New plan", "w", AT, after=0)
        assert self.archive.load("plan-9") == small_plan("plan-9")

    def load(self):
        return self.archive.load("plan-1", 2) == later(small_plan(), 1)

    def lists(self):
        return len(self.archive.list()), len(self.archive.list("exam")), len(self.archive.list(order="name"))

    def delete(self):
        if not self.archive.deleted():
            self.archive.delete(["plan-2"], "double", "w", AT)
        return self.archive.count()

    def take_back(self):
        if self.archive.deleted():
            self.archive.take_back("plan-2", "wrong one", "w", AT)
        return self.archive.count()

    def record(self):
        if not any(line.kind == "print" for line in self.archive.trail()):
            self.archive.record("print", "calendar", "w", AT, "plan-1", 1)
        return sum(line.kind == "print" for line in self.archive.trail())

    def go_back(self):
        if len(self.archive.history("plan-1")) < 6:
            self.archive.go_back("plan-1", 2, "w", AT)
        return self._states(6, 1)

    def trail(self):
        lines = len(trail_csv(self.archive.trail()).splitlines())
        return lines, len(patients_csv(self.archive).splitlines())

    def backup(self):
        key = self.archive.repository.key
        made = back_up(self.folder, key, NOW, second=self.folder / "second")
        assert not made.problem, made.problem
        keeping.check_backup(made.backup.path, key)

    def verified(self):
        return len(verify_store(self.folder, self.archive.repository.key).problems)

    def files(self):
        path = self.folder / "plan.json"
        write_whole(path, plan_text(small_plan()).encode())
        plan = decode(read_text(path), "f")
        return plan == small_plan(), look_at_plans(self.archive, (PlanFile(plan, "f"),))[0].verdict

    def sealed(self):
        return decode(open_sealed(sealed_plan_text(small_plan(), "correct horse"), "correct horse", "f"), "f").id

    def settings(self):
        save_settings(self.folder / "settings.json", Settings(who="Ph. One"))
        # Settings that cannot be read are the defaults, on purpose (promise R16).
        return load_settings(self.folder / "settings.json").who in ("Ph. One", "")

    def templates(self):
        read = read_patient(
            (resources() / "demo" / "patient.json").read_text(encoding="utf-8"), "f", date(2026, 11, 28)
        )
        protocol, wrong = read_protocol(self.protocol.read_text(encoding="utf-8"), "f", {})
        return type(read).__name__, bool(protocol), len(wrong)

    def paper(self):
        from planner.services.evaluation import evaluate
        from planner.services.printing import make_sheet, pdf_of

        shown = evaluate(self.plan, _library())
        return len(pdf_of(make_sheet(shown, "calendar", demo_site(resources()), datetime(2026, 11, 28, 12, 0)), "A4"))

    def restored(self):
        key = self.archive.repository.key
        self.archive.close()
        oldest = keeping.backups(self.folder)[0]
        restore(self.folder, key, oldest, "w", NOW)
        self.open()
        return self._states(4, 3)

    def end(self):
        if self.archive:
            self.archive.close()


_LIBRARY = []


def _library():
    """Read once, before the day: its files are the program's own."""
    if not _LIBRARY:
        from planner.services.catalogue import load_for_plans

        _LIBRARY.append(load_for_plans(resources(), Path("/nowhere")))
    return _LIBRARY[0]


class _Failing:
    """Raises once, at what is to fail."""

    def __init__(self, place, failure):
        self.place, self.failure, self.left, self.done = str(place), failure, failure.access or failure.call, False
        self.on, self.step = False, ""
        if failure.access:
            sys.addaudithook(self.hook)

    def hook(self, event, arguments):
        if self.on and not self.done and _is_access(event, arguments, self.place):
            self.left -= 1
            if not self.left:
                self.done = True
                raise OSError(errno.EIO, os.strerror(errno.EIO), str(arguments[0]))

    def trace(self, frame, event, _value):
        if event == "call" and not self.done and _name_fits(frame.f_code, self.failure.code):
            self.left -= 1
            if not self.left:
                self.done = True
                raise MemoryError("no memory left, on purpose")

    def __enter__(self):
        self.on = True
        if self.step == self.failure.step:
            sys.settrace(self.trace)
        return self

    def __exit__(self, *_raised):
        self.on = False
        sys.settrace(None)


def _name_fits(code, name):
    return code.co_firstlineno == name[2] and code.co_qualname == name[1] and code.co_filename.endswith(name[0])


def _day(place, tell, failure):
    """The day with one failure, and the step again that it hit; without the steps that the failure cannot reach."""
    tell("began")
    work, failing = Work(place), _Failing(place, failure)
    for name, step in work.steps():
        if failure.step and (name in APART) != (failure.step in APART):
            continue
        before, failing.step = failing.done, name
        try:
            with failing:
                result = step()
            if failing.done and not before:
                tell(f"kept {name}")
        except (KnownError, MemoryError, AssertionError) as problem:
            tell(f"told {name}: {type(problem).__name__}: {problem}")
            result = step()
        tell(f"result {name} {result}")
    work.end()
    tell("end" if failing.done else "end, not reached")


def _judge(place, said, good, found, failure):
    results = [line for line in said if line.startswith("result")]
    other = next((line for line in results if line not in good), "")
    wrong = [line for line in said if line.startswith("error")] or ([other] if other else [])
    found["failed"] += 1
    found["told"] += any(line.startswith("told") for line in said)
    found["without effect"] += any(line.startswith("kept") for line in said)
    found["not reached"] += "end, not reached" in said
    found["crashes"] += not said[-1].startswith("end")
    found["other results"] += bool(other)
    try:
        with closing(Repository(place / STORE_FILE, unlock(place))) as store:
            wrong += store.verify()
    except KnownError as problem:
        wrong.append(str(problem))
    found["corrupt"] += bool(wrong) and said[-1].startswith("end") and not other
    if wrong:
        told = [line for line in said if line.startswith("told")]
        found["first problems"].append(f"{failure}: {told} {wrong}"[:500])
