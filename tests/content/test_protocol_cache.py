"""Kept protocols: right, or not used. Whatever happens to the kept file, the library is that of the texts."""

import hashlib
import os

import msgspec
import pytest
from msgspec.structs import replace

from planner.content import kept as kept_module
from planner.content import protocol_cache
from planner.content.library import open_library, read_library
from planner.content.protocol_cache import protocols_of
from planner.content.protocol_file import build_protocol, sha256_of
from planner.paths import resources
from tests.content.texts import GOOD, change

OTHER = change(GOOD, 'dose = "12 mg"', 'dose = "15 mg"')
TEXTS = {sha256_of(text): text for text in (GOOD, change(OTHER, 'id = "sample"', 'id = "other"'))}
BUILT = {digest: build_protocol(text) for digest, text in TEXTS.items()}


def refuse(text):
    raise AssertionError("built again")


@pytest.fixture
def kept(tmp_path):
    protocols_of(TEXTS, tmp_path, build_protocol)
    (file,) = tmp_path.iterdir()
    return file


def test_what_was_kept_is_equal_and_is_not_built_again(kept):
    assert protocols_of(TEXTS, kept.parent, refuse) == BUILT
    assert oct(kept.stat().st_mode & 0o777) == "0o600" or os.name != "posix"


def test_a_changed_text_has_a_file_of_its_own_and_the_old_one_goes(kept):
    texts = {sha256_of(OTHER): OTHER}
    assert protocols_of(texts, kept.parent, build_protocol) == {sha256_of(OTHER): build_protocol(OTHER)}
    assert len(list(kept.parent.iterdir())) == 1
    assert not kept.exists()


def forged(content):
    """Another dose under a right hash, for keys that do not belong to the texts."""
    made = msgspec.msgpack.encode({"0" * 64: next(iter(BUILT.values()))})
    return hashlib.sha256(made).digest() + made


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-1],
        lambda content: content[:40] + bytes([content[40] ^ 1]) + content[41:],
        lambda content: bytes([content[0] ^ 1]) + content[1:],
        lambda content: b"",
        lambda content: hashlib.sha256(b"x").digest() + b"x",
        forged,
    ],
    ids=["cut", "bit flipped", "head flipped", "empty", "no content", "other keys"],
)
def test_a_damaged_file_is_not_used(kept, damage):
    kept.write_bytes(damage(kept.read_bytes()))
    assert protocols_of(TEXTS, kept.parent, build_protocol) == BUILT
    assert protocols_of(TEXTS, kept.parent, refuse) == BUILT, "it was written anew"


@pytest.mark.skipif(os.name != "posix", reason="permissions as POSIX has them")
def test_a_file_that_others_may_write_is_not_used(kept):
    kept.chmod(0o666)
    with pytest.raises(AssertionError, match="built again"):
        protocols_of(TEXTS, kept.parent, refuse)


def test_a_folder_that_cannot_be_made_costs_only_time(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("x")
    assert protocols_of(TEXTS, blocked / "cache", build_protocol) == BUILT
    assert protocols_of(TEXTS, None, build_protocol) == BUILT


def test_the_library_is_the_same_however_it_is_opened(tmp_path):
    checked = read_library(resources(), None)
    checked = replace(checked, rules=tuple(replace(rule, examples=()) for rule in checked.rules))
    for _ in ("made", "kept"):
        assert open_library(resources(), None, tmp_path) == checked


def test_a_shipped_file_that_cannot_be_built_is_told(tmp_path):
    for kind in ("agents", "protocols", "rules"):
        (tmp_path / kind).mkdir()
    (tmp_path / "protocols" / "bad.toml").write_text('id = "bad"\n')
    library = open_library(tmp_path, None, None)
    assert library.protocols == {}
    assert library.problems[0].file == "bad.toml"


def test_a_dose_never_comes_from_what_was_kept(tmp_path):
    """Even a forged file with the right keys and hash cannot change what is placed: that is built from the text."""
    from planner.model.library import ShelvedProtocol
    from planner.model.plan import BlockStart
    from planner.services.evaluation import evaluate, pinned_protocol
    from planner.services.verbs.placing import add_protocol, new_plan
    from tests.assembly.test_calendar import SOMEBODY, START

    library = read_library(resources(), None)
    true = library.protocols["blinatumomab-mrd"]
    forged_one = ShelvedProtocol(true.pin, library.protocols["pomp"].protocol, "shipped")
    plans = [add_protocol(new_plan("p", SOMEBODY), one, BlockStart(on=START)) for one in (true, forged_one)]
    assert plans[0] == plans[1]
    assert evaluate(plans[1], library).schedule.blocks[0].protocol is pinned_protocol(true.pin.text)


def test_where_the_code_cannot_be_read_nothing_is_kept(tmp_path, monkeypatch):
    """Packed into an archive, say: nobody could tell whether what was kept is still what this code would make."""
    monkeypatch.setattr(protocol_cache.notation, "__file__", str(tmp_path / "packed.zip" / "notation.py"))
    assert protocols_of(TEXTS, tmp_path, build_protocol) == BUILT
    assert list(tmp_path.iterdir()) == []


def test_a_system_without_such_permissions_is_not_asked_for_them(kept, monkeypatch):
    """There the folder belongs to the account; nothing of the file's mode says who may write."""
    kept.chmod(0o666)
    seen = kept.stat()
    assert kept_module._is_mine(seen) is (os.name != "posix")
    monkeypatch.setattr(kept_module.os, "name", "nt")
    assert kept_module._is_mine(seen)
