"""What replaces a whole store: old layouts open, plain stores are encrypted, backups are put back. All or nothing."""

import shutil
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.errors import EnvironmentProblem
from planner.model.patient import CoMedication, LabResult, Measurement, Patient, PriorExposure
from planner.model.plan import (
    Acknowledgement,
    Block,
    BlockStart,
    DecisionTaken,
    Deferral,
    Omission,
    Plan,
    Scope,
)
from planner.storage import rewriting
from planner.storage.backup import check_copy, write_backup
from planner.storage.database import connect, is_plain
from planner.storage.key_file import PLAIN_KEY, new_key
from planner.storage.migrations import VERSION
from planner.storage.repository import Repository
from planner.storage.rewriting import encrypt, put_backup, upgrade
from tests.storage.plans import AT, ROOT, later, layout_of, pin_of, small_plan

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
KEY = new_key(lambda count: bytes(range(count)))
NAMES = ("Ana", "Bj\u00f6rn", "\u0106ema")
WORDS = ("Backup put back", "Ph. One", AT)


@pytest.fixture
def old(tmp_path):
    """A store as the first version wrote it: three plans with two to four revisions."""
    path = tmp_path / "data" / "plans.db"
    path.parent.mkdir()
    shutil.copy(ROOT / "tests" / "old" / "store-1.db", path)
    return path


def test_every_old_layout_has_its_file():
    kept = sorted(int(path.stem.removeprefix("store-")) for path in (ROOT / "tests" / "old").glob("store-*.db"))
    assert kept == list(range(1, VERSION + 1))


def old_plan(number, name, days):
    """A plan as those stores hold it, whatever plans can hold by now."""
    pin = pin_of("d-alba", 'id = "d-alba"\n' + "# na\u00efve \u2265 \u00b2\n" * 20)
    deferral = Deferral("blina", 2, 1, 7, Scope.FOLLOWING, "toxicity", "fever")
    return Plan(
        id=f"plan-{number}",
        patient=Patient(
            "00123", "Ex\u00e1mple", name, date(1981, 3, 14), "female",
            (Measurement(date(2026, 1, 2), Decimal(168), Decimal("70.40")),),
            (LabResult(date(2026, 1, 2), "creatinine", Decimal("0.8"), "mg/dL"),),
            "B-ALL", (("ph", "positive"), ("cns", "CNS1")), ("Penicillin",),
            (PriorExposure("daunorubicin", Decimal(180), "mg/m2", date(2024, 5, 1)),),
            (CoMedication("posaconazole", date(2026, 1, 10)),),
        ),
        pins=(pin,),
        blocks=(
            Block("induction", "Induction", pin.sha256, "induction", (1,), BlockStart(on=date(2026, 3, 2)), "d-alba"),
            Block("blina", "Blina", pin.sha256, "blina", (1, 2), BlockStart(after="induction", gap_days=3), "d-alba"),
        ),
        decisions=(DecisionTaken("d-alba", "response", "cr", date(2026, 5, 30), "Ph. One", "by flow"),),
        modifications=(
            deferral,
            Omission("blina", 2, -1, "dexamethasone", "other"),
            replace(deferral, days=days, scope=Scope.ALL),
        ),
        acknowledgements=(Acknowledgement("f1", "abc", "known", "Ph. One", "2026-03-01T10:00:00+00:00"),),
        demo=True,
    )  # fmt: skip


def whole(store):
    """What the old stores hold, as it must be found again."""
    assert store.verify() == ()
    for number, name in enumerate(NAMES, start=1):
        plans = [old_plan(number, name, days) for days in range(1, number + 2)]
        history = store.history(f"plan-{number}")
        assert [line.what for line in history] == [f"Edit {days}" for days in range(1, number + 2)]
        assert history[0].at == f"2026-11-2{number}T10:01:00+00:00"
        assert [store.load(f"plan-{number}", line.counter)[0] for line in history] == plans
    assert [line.given_name for line in store.summaries()] == list(reversed(NAMES))
    assert [line.plan_id for line in store.summaries("bjorn")] == ["plan-2"]
    assert store.count() == 3


@pytest.mark.parametrize("version", range(1, VERSION + 1))
def test_old_layouts_open_and_go_on(tmp_path, version):
    path = tmp_path / "plans.db"
    shutil.copy(ROOT / "tests" / "old" / f"store-{version}.db", path)
    assert layout_of(path, PLAIN_KEY) == version
    upgrade(path, PLAIN_KEY, "Ph. One", AT)
    assert layout_of(path, PLAIN_KEY) == VERSION
    with closing(Repository(path)) as store:
        whole(store)
        store.append(later(small_plan("plan-2", NAMES[1]), 9), "Edit", "Ph. One", AT)
        assert store.verify() == ()
    upgrade(path, PLAIN_KEY, "Ph. One", AT)


def test_old_layout_is_told_where_it_may_only_be_read(old):
    with pytest.raises(EnvironmentProblem, match="older layout"):
        Repository(old, read_only="reading")


@pytest.mark.parametrize("stop", ["run_steps", "check_copy", "copy_over"])
def test_upgrade_that_stops_anywhere_leaves_the_old_store(old, monkeypatch, stop):
    before = old.read_bytes()

    def die(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(rewriting, stop, die)
    with pytest.raises(KeyboardInterrupt):
        upgrade(old, PLAIN_KEY, "Ph. One", AT)
    monkeypatch.undo()
    assert layout_of(old, PLAIN_KEY) == 1
    assert old.read_bytes() == before
    assert sorted(one.name for one in old.parent.iterdir()) == ["plans.db"]
    upgrade(old, PLAIN_KEY, "Ph. One", AT)
    with closing(Repository(old)) as store:
        whole(store)


def test_plain_store_is_encrypted_whole(old):
    upgrade(old, PLAIN_KEY, "Ph. One", AT)
    assert is_plain(old)
    assert b"Ana" in old.read_bytes()
    encrypt(old, KEY)
    assert not is_plain(old)
    assert b"Ana" not in old.read_bytes()
    with closing(Repository(old, KEY)) as store:
        whole(store)
        store.append(small_plan("plan-9"), "New plan", "Ph. One", AT)
    with pytest.raises(EnvironmentProblem, match="encrypted already"):
        encrypt(old, KEY)


def test_plain_store_that_is_open_elsewhere_is_not_encrypted(old, monkeypatch):
    upgrade(old, PLAIN_KEY, "Ph. One", AT)
    monkeypatch.setattr("planner.storage.database._BUSY_SECONDS", 0)
    with closing(Repository(old)) as store:
        with pytest.raises(EnvironmentProblem):
            encrypt(old, KEY)
        store.append(small_plan("plan-9"), "New plan", "Ph. One", AT)
    assert is_plain(old)
    with closing(Repository(old)) as store:
        assert store.verify() == ()
        assert store.count() == 4


@pytest.mark.parametrize("stop", ["_export", "check_copy", "force_file"])
def test_encrypting_that_stops_anywhere_leaves_the_plain_store(old, monkeypatch, stop):
    upgrade(old, PLAIN_KEY, "Ph. One", AT)

    def die(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(rewriting, stop, die)
    with pytest.raises(KeyboardInterrupt):
        encrypt(old, KEY)
    assert is_plain(old)
    assert not [one.name for one in old.parent.iterdir() if one.name.endswith(".new")]
    with closing(Repository(old)) as store:
        whole(store)


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "live" / "plans.db"
    with closing(Repository(path, KEY)) as repository:
        repository.append(small_plan(), "New plan", "Ph. One", AT)
    return path


def test_backup_is_put_back_and_the_trail_says_so(store, tmp_path):
    made = write_backup(store, KEY, tmp_path / "b", NOW)
    with closing(Repository(store, KEY)) as live:
        live.append(later(small_plan(), 1), "Edit", "Ph. One", AT)
        put_backup(store, KEY, made.path, WORDS)
        assert [line.what for line in live.history("plan-1")] == ["New plan"]
    with closing(Repository(store, KEY)) as live:
        assert live.verify() == ()
        assert [(line.kind, line.what) for line in live.trail()][-1] == ("restore", "Backup put back")


@pytest.mark.parametrize("damage", ["empty", "cut", "foreign", "flipped", "gone"])
def test_backup_replaces_a_store_that_cannot_be_opened(store, tmp_path, damage):
    made = write_backup(store, KEY, tmp_path / "b", NOW)
    raw = store.read_bytes()
    if damage == "gone":
        store.unlink()
    else:
        changes = {"empty": b"", "cut": raw[:5000], "foreign": b"\xff\xd8" * 900, "flipped": b"\0" * 99 + raw[99:]}
        store.write_bytes(changes[damage])
    put_backup(store, KEY, made.path, WORDS)
    with closing(Repository(store, KEY)) as live:
        assert live.load("plan-1")[0] == small_plan()
        assert live.verify() == ()


def test_backup_of_the_first_layout_is_brought_up_when_it_is_put_back(old, tmp_path):
    live = tmp_path / "live" / "plans.db"
    Repository(live).close()
    put_backup(live, PLAIN_KEY, old, WORDS)
    with closing(Repository(live)) as store:
        whole(store)


def test_damaged_copy_is_told(store):
    with closing(connect(store, "rw", KEY)) as raw:
        raw.execute("DROP TRIGGER act_unchanged")
        raw.execute("UPDATE act SET who = 'x'")
    with pytest.raises(EnvironmentProblem, match="not a sound copy"):
        check_copy(store, KEY, VERSION)
