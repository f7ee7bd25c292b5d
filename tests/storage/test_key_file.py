"""The sealed key: the right passphrase opens it, nothing else does, and changing it is never half done."""

import json
from contextlib import suppress
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import EnvironmentProblem, WrongPassphrase
from planner.model.store import StoreKey
from planner.storage import key_file
from planner.storage.key_file import (
    copy_path,
    file_box,
    is_sound_box,
    key_path,
    make_whole,
    new_key,
    open_box,
    read_box,
    read_boxes,
    sealed_box,
    with_checksum,
    write_box,
)
from tests.quick_keys import stretch_quickly

KEY = StoreKey(bytes(range(32)))
GOOD = "correct horse"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Stretching that takes no time; the program's own cost is measured elsewhere."""
    stretch_quickly(monkeypatch)


@pytest.fixture
def store(tmp_path):
    return tmp_path / "plans.db"


def test_right_passphrase_opens_and_others_do_not():
    box = sealed_box(KEY, GOOD)
    assert open_box(box, GOOD) == KEY
    for number in range(1000):
        with pytest.raises(WrongPassphrase):
            open_box(box, f"{GOOD}{number}")
    for wrong in ("", GOOD.upper(), f" {GOOD}", GOOD[:-1]):
        with pytest.raises(WrongPassphrase):
            open_box(box, wrong)


def test_program_uses_a_costly_derivation(monkeypatch):
    monkeypatch.undo()
    kdf = {"name": "argon2id", "time": 3, "memory_kib": 65536, "lanes": 4}
    assert sealed_box(KEY, GOOD)["kdf"] == kdf


def test_letters_typed_in_two_ways_are_one_passphrase():
    box = sealed_box(KEY, normalize("NFC", "Sch\u00f6n & gut"))
    assert open_box(box, normalize("NFD", "Sch\u00f6n & gut")) == KEY


def test_short_passphrase_is_refused():
    with pytest.raises(WrongPassphrase, match="at least 8"):
        sealed_box(KEY, "1234567")


def test_two_seals_of_one_key_share_nothing():
    one, other = sealed_box(KEY, GOOD), sealed_box(KEY, GOOD)
    assert one["sealed"] != other["sealed"]
    assert one["salt"] != other["salt"]
    assert KEY.raw.hex() not in json.dumps(one)


def test_key_never_shows_itself():
    assert KEY.raw.hex() not in f"{KEY!r} {KEY} {[KEY]}"
    assert repr(KEY.raw) not in f"{KEY!r}"


def test_every_changed_part_of_a_box_is_noticed(store):
    box = sealed_box(KEY, GOOD)
    for name in ("salt", "sealed", "tag"):
        flipped = {**box, name: ("0" if box[name][0] != "0" else "1") + box[name][1:]}
        with pytest.raises(WrongPassphrase):
            open_box(flipped, GOOD)
    with pytest.raises(WrongPassphrase):
        open_box({**box, "kdf": {**box["kdf"], "time": 2}}, GOOD)


def test_damaged_key_file_is_made_whole_from_its_copy(store):
    write_box(store, sealed_box(KEY, GOOD))
    whole = key_path(store).read_bytes()
    for damaged in (b"", b"{", whole[:-30], whole.replace(b"argon2id", b"argon2ib"), b"\xff\xfe", b"[]", b"[" * 90_000):
        key_path(store).write_bytes(damaged)
        box = read_box(store)
        assert open_box(box, GOOD) == KEY
        assert key_path(store).read_bytes() == damaged, "what did not open the store yet is written over nothing"
        make_whole(store, box)
        assert key_path(store).read_bytes() == whole
    copy_path(store).unlink()
    make_whole(store, read_box(store))
    assert copy_path(store).read_bytes() == whole


def test_two_that_differ_are_both_told_and_none_is_written_over(store):
    write_box(store, file_box(KEY))
    key_path(store).write_text(json.dumps(with_checksum(file_box(new_key()))))
    before = key_path(store).read_bytes(), copy_path(store).read_bytes()
    assert [open_box(box, "") == KEY for box in read_boxes(store)] == [False, True]
    assert (key_path(store).read_bytes(), copy_path(store).read_bytes()) == before


def test_an_older_copy_never_takes_the_place_of_a_newer_key_file(store):
    write_box(store, file_box(KEY))
    old = copy_path(store).read_bytes()
    write_box(store, {**file_box(KEY), "version": 2})
    copy_path(store).write_bytes(old)
    with pytest.raises(EnvironmentProblem, match="newer version"):
        read_box(store)


def test_both_gone_is_a_sentence(store):
    with pytest.raises(EnvironmentProblem, match=r"plans\.db.*key file"):
        read_box(store)
    write_box(store, file_box(KEY))
    for path in (key_path(store), copy_path(store)):
        path.write_text("{}")
    with pytest.raises(EnvironmentProblem, match="key file"):
        read_box(store)


def test_newer_key_file_is_told(store):
    write_box(store, {**file_box(KEY), "version": 2})
    with pytest.raises(EnvironmentProblem, match="newer version"):
        read_box(store)


@pytest.mark.parametrize("stop", ["before", "between", "after"])
def test_killed_while_the_passphrase_is_changed(store, monkeypatch, stop):
    write_box(store, sealed_box(KEY, GOOD))
    written = []

    def writes(path, content):
        if len(written) == {"before": 0, "between": 1, "after": 2}[stop]:
            raise KeyboardInterrupt
        written.append(path)
        path.write_bytes(content)

    monkeypatch.setattr(key_file, "write_whole", writes)
    with suppress(KeyboardInterrupt):
        write_box(store, sealed_box(KEY, "another one"))
    monkeypatch.undo()
    opens = GOOD if stop == "before" else "another one"
    box = read_box(store)
    assert open_box(box, opens) == KEY
    make_whole(store, box)
    assert key_path(store).read_bytes() == copy_path(store).read_bytes()


def test_folder_that_may_only_be_read_still_opens(store, monkeypatch):
    write_box(store, file_box(KEY))
    copy_path(store).unlink()

    def refuse(path, content):
        raise EnvironmentProblem("read only")

    monkeypatch.setattr(key_file, "write_whole", refuse)
    box = read_box(store)
    make_whole(store, box)
    assert open_box(box, "") == KEY


@pytest.mark.parametrize(
    "change",
    [
        {"kdf": {"name": "argon2id", "time": 3, "memory_kib": 1 << 40, "lanes": 4}},
        {"kdf": {"name": "argon2id", "time": 10**9, "memory_kib": 64, "lanes": 4}},
        {"kdf": {"name": "argon2id", "time": 3, "memory_kib": 31, "lanes": 4}},
        {"kdf": {"name": "argon2id", "time": 20, "memory_kib": 1 << 20, "lanes": 4}},
        {"kdf": {"name": "argon2id", "time": 3.5, "memory_kib": 64, "lanes": 4}},
        {"kdf": {"name": "argon2id", "time": True, "memory_kib": 64, "lanes": 4}},
        {"kdf": {"name": "scrypt", "time": 3, "memory_kib": 64, "lanes": 4}},
        {"kdf": []},
        {"kind": "other"},
        {"salt": "zz"},
        {"sealed": "00"},
        {"tag": 7},
    ],
)
def test_planted_box_never_runs_wild(change):
    assert not is_sound_box({**sealed_box(KEY, GOOD), **change})


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda s: (
            st.lists(s)
            | st.dictionaries(
                st.sampled_from(["kind", "kdf", "salt", "sealed", "tag", "key", "account", "name", "time"]), s
            )
        ),
    )
)
def test_any_box_is_judged_without_an_error(box):
    assert is_sound_box(box) in (True, False)
