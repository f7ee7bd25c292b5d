"""The store: what was saved is there again, what is damaged is never shown as good."""

import os
import re
from contextlib import closing

import pytest
from msgspec.structs import replace
from sqlcipher3 import dbapi2

from planner.errors import EnvironmentProblem, InputProblem, Refusal
from planner.storage import acts, database, plan_list
from planner.storage.database import APPLICATION_ID
from planner.storage.migrations import VERSION
from planner.storage.repository import Edit, Repository
from planner.storage.states import WHOLE_EVERY, Newest
from tests.storage.plans import AT, later, pin_of, small_plan


def test_plan_comes_back_after_reopening(path):
    with closing(Repository(path)) as store:
        store.append(small_plan(), "New plan", "Ph. One", AT)
    with closing(Repository(path)) as store:
        assert store.load("plan-1")[0] == small_plan()


def test_every_revision_stays(store):
    plans = [later(small_plan(), days) for days in range(1, 6)]
    for number, plan in enumerate(plans, start=1):
        saved = store.append(plan, f"Edit {number}", "Ph. One", AT)
        assert (saved.counter, saved.what) == (number, f"Edit {number}")
    assert [store.load("plan-1", number)[0] for number in range(1, 6)] == plans
    assert store.load("plan-1")[0] == plans[-1]
    assert [line.what for line in store.history("plan-1")] == [f"Edit {number}" for number in range(1, 6)]
    assert store.verify() == ()


def test_order_is_kept_when_the_clock_goes_back(store):
    for at in ("2026-11-22T10:00:00+00:00", "2025-01-01T00:00:00+00:00"):
        store.append(small_plan(), at, "Ph. One", at)
    assert store.load("plan-1")[1].at.startswith("2025")


def test_unknown_plan_and_revision_are_told(store):
    store.append(small_plan(), "New plan", "Ph. One", AT)
    with pytest.raises(InputProblem, match="no plan nix"):
        store.load("nix")
    with pytest.raises(InputProblem, match="no revision 7 of plan plan-1"):
        store.load("plan-1", 7)
    assert store.history("nix") == ()


def test_protocol_text_is_kept_once(store, path):
    text = "# long\n" * 5000
    plan = small_plan()
    pinned = replace(plan, pins=(pin_of("d-alba", text),))
    pinned = replace(pinned, blocks=tuple(replace(block, pin=pinned.pins[0].sha256) for block in plan.blocks))
    for days in range(1, 21):
        store.append(later(pinned, days), "Edit", "Ph. One", AT)
    store.close()
    assert path.stat().st_size < 8 * len(text)
    store.__init__(path)
    assert store.load("plan-1")[0].pins[0].text == text


def test_newer_edit_of_somebody_else_is_not_overwritten(store, path):
    first = store.append(small_plan(), "New plan", "Ph. One", AT)
    with closing(Repository(path)) as other:
        other.append(later(small_plan(), 1), "Theirs", "Ph. Two", AT, after=first.counter)
    with pytest.raises(Refusal, match="somebody else"):
        store.append(later(small_plan(), 2), "Ours", "Ph. One", AT, after=first.counter)
    with pytest.raises(Refusal):
        store.append(small_plan(), "Again", "Ph. One", AT, after=0)
    assert [line.what for line in store.history("plan-1")] == ["New plan", "Theirs"]


def test_list_is_newest_first_and_searched_without_accents(store):
    for number, given in enumerate(["Ana", "Björn", "Ćema"]):
        store.append(small_plan(f"plan-{number}", given), "New plan", "Ph. One", AT)
    store.append(small_plan("plan-0"), "Edit", "Ph. One", AT)
    assert [one.plan_id for one in store.summaries()] == ["plan-0", "plan-2", "plan-1"]
    assert [one.given_name for one in store.summaries("BJORN exam")] == ["Björn"]
    assert [one.plan_id for one in store.summaries("cema 00123 D-ALBA")] == ["plan-2"]
    assert store.summaries("nobody") == ()
    assert len(store.summaries(limit=2)) == 2
    (one,) = store.summaries("plan-2")
    assert (one.family_name, one.protocols, one.counter, one.demo) == ("Exámple", "d-alba", 1, True)
    assert one.birth_date.isoformat() == "1981-03-14"


@pytest.mark.parametrize("word", ["%", "_", "'", '"', "'); DROP TABLE plan; --", "\\", "[", "{}", "AND", "*", "NEAR("])
def test_search_words_are_only_words(store, word):
    store.append(small_plan(), "New plan", "Ph. One", AT)
    assert store.summaries(word) == ()
    odd = replace(small_plan("odd"), patient=replace(small_plan().patient, family_name=f"left{word}right"))
    store.append(odd, f"New {word}", word, AT)
    assert [one.plan_id for one in store.summaries(f"left{word}")] == ["odd"]
    assert store.load("odd")[0] == odd
    assert store.verify() == ()


def test_search_finds_words_by_their_start_and_only_of_the_newest_state(store):
    one, other = small_plan("plan-1"), small_plan("plan-2", "Bea")
    store.append(one, "New plan", "Ph. One", AT)
    store.append(other, "New plan", "Ph. One", AT)
    for words, found in (("bea", ["plan-2"]), ("BE exa", ["plan-2"]), ("exa", ["plan-2", "plan-1"]), ("ea", [])):
        assert [line.plan_id for line in store.summaries(words)] == found
    assert [line.plan_id for line in store.summaries("exa", order="name")] == ["plan-1", "plan-2"]
    assert [line.plan_id for line in store.summaries("posacon fever")] == ["plan-2", "plan-1"]
    store.append(replace(other, patient=replace(other.patient, given_name="Cleo")), "Rename", "Ph. One", AT)
    assert store.summaries("bea") == ()
    assert [line.plan_id for line in store.summaries("cleo")] == ["plan-2"]


@pytest.mark.parametrize(
    ("family", "typed"),
    [
        ("Łukasiewicz", "lukas"),
        ("Đurić", "duric"),
        ("Løkke", "lokke"),
        ("Løkke", "loekke"),
        ("Löffler", "Loeffler"),
        ("Loeffler", "Löffler"),
        ("O'Brien", "obrien"),
        ("O’Brien", "brien"),
        ("Garcia-Lopez", "garcialopez"),
    ],
)
def test_a_name_is_found_however_it_is_typed(store, family, typed):
    plan = small_plan("named")
    named = replace(plan, patient=replace(plan.patient, family_name=family))
    store.append(named, "New plan", "Ph. One", AT)
    assert [one.family_name for one in store.summaries(typed)] == [family]


def test_a_plan_is_found_by_its_protocols_titles_also_one_that_was_indexed_before(store, monkeypatch):
    text = 'id = "obe-cel"\ntitle = "Obecabtagene autoleucel (obe-cel)"\n[[phases]]\ntitle = "Within"\n'
    pin = pin_of("obe-cel", text)
    plan = replace(small_plan(), pins=(*small_plan().pins, pin))
    with monkeypatch.context() as before:
        before.setattr(plan_list, "_TITLE", re.compile("(nothing)"))
        store.append(plan, "New plan", "Ph. One", AT)
        assert store.summaries("obecab") == ()
    store.states.newest = Newest()
    store._list.indexed.clear()
    store.load("plan-1")
    with pytest.raises(Refusal):
        store.append_all([Edit(plan, "Edit"), Edit(plan, "Edit", 7)], "Ph. One", AT)
    store.append(plan, "Edit", "Ph. One", AT)
    assert [one.plan_id for one in store.summaries("obecab autoleu")] == ["plan-1"]
    assert store.summaries("within") == ()


def test_list_by_name_and_by_the_start_of_a_name(store):
    for number, (family, given) in enumerate([("Ng", "Zoe"), ("de Boer", "Ada"), ("Ng", "Ana"), ("Nguyen", "Bo")]):
        plan = small_plan(f"plan-{number}", given)
        store.append(replace(plan, patient=replace(plan.patient, family_name=family)), "New plan", "Ph. One", AT)
    assert [line.given_name for line in store.summaries(order="name")] == ["Ada", "Ana", "Zoe", "Bo"]
    assert [line.given_name for line in store.named("ng", 10)] == ["Ana", "Zoe", "Bo"]
    assert [line.given_name for line in store.named("NG,", 1)] == ["Ana"]
    assert store.count() == 4


def test_states_are_kept_as_differences_and_whole_every_so_often(store):
    plans = [later(small_plan(), days) for days in range(1, 3 * WHOLE_EVERY)]
    for plan in plans:
        store.append(plan, "Edit", "Ph. One", AT)
    depths = [row[0] for row in store._connection.execute("SELECT depth FROM act ORDER BY number")]
    assert max(depths) == WHOLE_EVERY - 1
    assert depths.count(0) == 3
    assert [store.load("plan-1", number)[0] for number in range(1, len(plans) + 1)] == plans
    (length,) = store._connection.execute("SELECT max(length(body)) FROM act WHERE depth > 0").fetchone()
    assert length < 40
    assert store.verify() == ()


def test_revisions_cannot_be_changed_or_deleted(store, path):
    store.append(small_plan(), "New plan", "Ph. One", AT)
    with closing(database.connect(path, "rw")) as raw:
        for statement in (
            "UPDATE act SET who = 'x'",
            "UPDATE act SET plan = '', what = '', body = NULL",
            "DELETE FROM act",
        ):
            with pytest.raises(dbapi2.Error, match="never"):
                raw.execute(statement)


def tampered(path, *statements):
    """Change the store behind its back, triggers off."""
    with closing(database.connect(path, "rw")) as raw:
        raw.execute("DROP TRIGGER act_unchanged")
        raw.execute("DROP TRIGGER act_kept")
        for statement in statements:
            raw.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE act SET body = replace(body, '3', '7') WHERE counter = 2",
        "UPDATE act SET body = 'x' WHERE counter = 2",
        "UPDATE act SET body = NULL WHERE counter = 2",
        "UPDATE act SET body = '99999 1 x' WHERE counter = 2",
        "UPDATE act SET body = replace(body, '70.40', '7.040') WHERE counter = 1",
        "UPDATE act SET depth = 0 WHERE counter = 2",
        "UPDATE act SET depth = 7 WHERE counter = 1",
        "UPDATE act SET before = 0 WHERE counter = 2",
        "UPDATE act SET who = 'Ph. Two' WHERE counter = 2",
        "UPDATE act SET at = '2020' WHERE counter = 2",
        "UPDATE act SET what = 'other' WHERE counter = 2",
        "UPDATE act SET checksum = replace(checksum, 'a', 'b') WHERE counter = 2",
        "UPDATE act SET body = (SELECT body FROM act WHERE counter = 1) WHERE counter = 2",
        "UPDATE protocol_text SET text = text || ' '",
        "DELETE FROM protocol_text",
    ],
)
def test_changed_row_is_never_shown_as_good(path, statement):
    with closing(Repository(path)) as store:
        store.append(small_plan(), "New plan", "Ph. One", AT)
        store.append(later(small_plan(), 3), "Edit", "Ph. One", AT)
    tampered(path, statement)
    with closing(Repository(path)) as store:
        with pytest.raises(EnvironmentProblem, match="plan plan-1, revision 2: damaged"):
            store.load("plan-1")
        assert any("plan-1" in line for line in store.verify())


@pytest.mark.parametrize(
    "change", ["number = 1", "counter = 1", "patient_id = '7'", "family_name = 'Other'", "void = ' '", "words = x'00'"]
)
def test_changed_line_of_the_list_is_never_built_on(path, change):
    """With another number it would show an older state as the newest."""
    with closing(Repository(path)) as store:
        store.append(small_plan(), "New plan", "Ph. One", AT)
        store.append(later(small_plan(), 3), "Edit", "Ph. One", AT)
        store.append(replace(small_plan(), id="plan-2"), "New plan", "Ph. One", AT)
    tampered(path, f"UPDATE plan SET {change} WHERE id = 'plan-1'")
    with closing(Repository(path)) as store:
        with pytest.raises(EnvironmentProblem, match="plan plan-1: its line in the list: damaged"):
            store.load("plan-1")
        with pytest.raises(EnvironmentProblem, match="its line in the list: damaged"):
            store.append(later(small_plan(), 9), "Edit", "Ph. One", AT)
        shown = {one.plan_id: one.damaged for one in store.summaries()}
        assert shown.get("plan-1", True), "left out or told as damaged"
        assert shown["plan-2"] is False
        assert any("plan-1" in line for line in store.verify())


@pytest.mark.parametrize(
    "statement", ["DELETE FROM act WHERE counter = 2", "UPDATE act SET counter = 9 WHERE counter = 3"]
)
def test_missing_line_of_the_history_is_noticed(path, statement):
    with closing(Repository(path)) as store:
        for days in (1, 2, 3):
            store.append(later(small_plan(), days), "Edit", "Ph. One", AT)
    tampered(path, statement)
    with closing(Repository(path)) as store:
        with pytest.raises(EnvironmentProblem, match="history"):
            store.history("plan-1")
        assert store.verify()


def test_damaged_line_of_the_list_shows_its_id_only(path):
    with closing(Repository(path)) as store:
        store.append(small_plan(), "New plan", "Ph. One", AT)
        store.append(small_plan("plan-2"), "New plan", "Ph. One", AT)
    tampered(path, "UPDATE plan SET family_name = 'Other' WHERE id = 'plan-1'")
    with closing(Repository(path)) as store:
        newest, damaged = store.summaries()
        assert (damaged.plan_id, damaged.damaged, damaged.family_name) == ("plan-1", True, "")
        assert not newest.damaged
        assert store.verify() == ("plan plan-1: its line in the list is damaged",)


def test_list_and_revisions_that_differ_are_noticed(path):
    with closing(Repository(path)) as store:
        store.append(small_plan(), "New plan", "Ph. One", AT)
        store.append(small_plan("plan-2"), "New plan", "Ph. One", AT)
        store.append(small_plan("plan-4"), "New plan", "Ph. One", AT)
    tampered(path, "DELETE FROM plan WHERE id = 'plan-1'", "UPDATE plan SET id = 'plan-3' WHERE id = 'plan-2'")
    with closing(Repository(path)) as store:
        said = " ".join(store.verify())
        assert "plan plan-1: is missing from the list" in said
        assert "plan plan-3: its line in the list is damaged" in said


@pytest.mark.parametrize("statement", ["DELETE FROM act", "DELETE FROM act WHERE number = 2"])
def test_store_that_lost_its_newest_revisions_is_no_new_or_older_store(path, statement):
    with closing(Repository(path)) as store:
        store.append(small_plan(), "New plan", "Ph. One", AT)
        store.append(later(small_plan(), 1), "Edit", "Ph. One", AT)
    tampered(path, statement)
    with pytest.raises(EnvironmentProblem, match="lost saved plans"):
        Repository(path)


def test_damaged_protocol_text_is_made_whole_by_the_next_save(path):
    with closing(Repository(path)) as store:
        store.append(small_plan(), "New plan", "Ph. One", AT)
    tampered(path, "UPDATE protocol_text SET text = 'x'")
    with closing(Repository(path)) as store:
        store.append(later(small_plan(), 1), "Edit", "Ph. One", AT)
        assert store.load("plan-1", 1)[0] == small_plan()


def test_refused_plan_leaves_no_trace(store):
    wrong = replace(small_plan(), blocks=small_plan().blocks[1:])
    with pytest.raises(InputProblem, match="start"):
        store.append(wrong, "New plan", "Ph. One", AT)
    assert store.summaries() == ()
    assert store.verify() == ()


def test_new_store_is_for_this_user_alone(store, path):
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    assert [one.name for one in path.parent.iterdir() if not one.name.startswith("plans.db")] == []


def test_settings_of_a_connection(store):
    ask = store._connection.execute
    assert ask("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    assert ask("PRAGMA user_version").fetchone() == (VERSION,)
    assert ask("PRAGMA synchronous").fetchone() == (2,)
    assert ask("PRAGMA foreign_keys").fetchone() == (1,)
    assert ask("PRAGMA trusted_schema").fetchone() == (0,)
    wal = dbapi2.sqlite_version_info >= (3, 51, 3)
    assert ask("PRAGMA journal_mode").fetchone() == ("wal" if wal else "delete",)


def test_old_sqlite_never_uses_a_write_ahead_log(path, monkeypatch):
    monkeypatch.setattr(dbapi2, "sqlite_version_info", (3, 51, 2))
    with closing(Repository(path)) as store:
        assert store._connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        store.append(small_plan(), "New plan", "Ph. One", AT)
    with closing(Repository(path)) as store:
        assert store.load("plan-1")[0] == small_plan()


@pytest.mark.skipif(os.name != "posix", reason="a file in use cannot be moved here")
@pytest.mark.parametrize("how", ["deleted", "moved", "replaced"])
def test_nothing_is_saved_into_a_file_that_was_taken_away(tmp_path, how):
    path = tmp_path / "data" / "plans.db"
    with closing(Repository(path)) as store:
        saved = store.append(small_plan(), "New plan", "w", AT)
        elsewhere = path.with_name("elsewhere.db")
        if how == "deleted":
            path.unlink()
        elif how == "moved":
            path.parent.rename(tmp_path / "moved")
        else:
            elsewhere.write_bytes(path.read_bytes())
            elsewhere.replace(path)
        with pytest.raises(EnvironmentProblem, match="not there any more"):
            store.append(later(small_plan(), 3), "Edit", "w", AT, after=1)
        if how == "moved":
            (tmp_path / "moved").rename(path.parent)
            assert store.append(later(small_plan(), 3), "Edit", "w", AT, after=saved.counter).counter == 2


def test_on_a_share_nothing_is_written_and_a_change_there_is_told(path, monkeypatch):
    with closing(Repository(path)) as store:
        store.append(small_plan(), "New plan", "w", AT)
    monkeypatch.setattr(database, "unsafe_place", lambda folder: "an NFS share")
    before = sorted(path.parent.iterdir())
    with closing(Repository(path, read_only="on a share")) as seen:
        assert seen.load("plan-1")[0] == small_plan()
        assert sorted(path.parent.iterdir()) == before
        with closing(Repository(path)) as store:
            store.append(later(small_plan(), 3), "Edit", "w", AT)
        with pytest.raises(EnvironmentProblem, match="another computer has changed"):
            seen.load("plan-1")
    with closing(Repository(path, read_only="on a share")) as seen:
        assert seen.load("plan-1")[0] == later(small_plan(), 3)


def test_a_store_whose_trail_cannot_be_read_is_told(tmp_path, monkeypatch):
    """The opening saw it sound; its last line lies on a page that is not."""
    path = tmp_path / "plans.db"
    Repository(path).close()

    def spoilt(_end):
        raise dbapi2.DatabaseError("database disk image is malformed")

    monkeypatch.setattr(acts.KnownEnd, "look", spoilt)
    with pytest.raises(EnvironmentProblem, match="damaged"):
        Repository(path)
