"""Sealed plan files: opened by their passphrase, silent to everybody else."""

import json
import tempfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import EnvironmentProblem, InputProblem, KnownError, WrongPassphrase
from planner.storage.hand_over import checksum_of, is_sealed, open_sealed, seal_text
from planner.storage.plan_codec import decode, encode
from tests.quick_keys import quick_keys
from tests.storage.plans import small_plan

GOOD = "correct horse"


@pytest.fixture(autouse=True, scope="module")
def quick():
    with quick_keys():
        yield


@pytest.fixture(scope="module")
def sealed(quick):
    return seal_text(encode(small_plan()), GOOD)


def test_plan_comes_back(sealed):
    assert is_sealed(sealed)
    assert not is_sealed(encode(small_plan()))
    assert decode(open_sealed(sealed, GOOD, "f"), "f") == small_plan()


def test_nothing_shows(sealed):
    assert "Ex\u00e1mple" not in sealed
    assert "00123" not in sealed
    assert "birth" not in sealed


def test_wrong_passphrase_is_told(sealed):
    with pytest.raises(WrongPassphrase, match="f: this is not the passphrase of the sealed plan") as caught:
        open_sealed(sealed, "wrong horse", "f")
    assert "plans.key" not in str(caught.value), "that is how the store itself is opened"


def test_changed_file_is_told(sealed):
    outer = json.loads(sealed)
    for change in (
        {"data": outer["data"][:-40]},
        {"version": 2},
        {"format": "x"},
        {"key": []},
        {"data": 7},
        {"checksum": ""},
    ):
        with pytest.raises(InputProblem, match=r"^f: "):
            open_sealed(json.dumps({**outer, **change}), GOOD, "f")


@settings(max_examples=40)
@given(place=st.integers(0, 10**6), character=st.characters(codec="utf-8"))
def test_any_changed_character_is_told_or_changes_nothing(sealed, place, character):
    place %= len(sealed)
    changed = sealed[:place] + character + sealed[place + 1 :]
    try:
        assert decode(open_sealed(changed, GOOD, "f"), "f") == small_plan()
    except KnownError:
        assert changed != sealed


@given(st.text(max_size=200))
def test_any_text_is_refused(text):
    with pytest.raises(InputProblem, match=r"^f: "):
        open_sealed(text, GOOD, "f")


def test_letters_that_no_container_has_are_told(sealed):
    """Somebody changed the file and made its checksum fit."""
    outer = {**json.loads(sealed), "data": "\u202e"}
    outer.pop("checksum")
    with pytest.raises(InputProblem, match="damaged"):
        open_sealed(json.dumps({**outer, "checksum": checksum_of(outer)}), GOOD, "f")


def test_a_full_folder_for_temporary_files_is_no_damaged_plan(sealed, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
    for work in (lambda: open_sealed(sealed, GOOD, "f"), lambda: seal_text("x", GOOD)):
        with pytest.raises(EnvironmentProblem, match="temporary"):
            work()
