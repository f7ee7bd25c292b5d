"""A plan that a newer version of the program saved: never half read, never called damaged, never written over."""

import json
from contextlib import closing
from datetime import UTC, datetime

import pytest

from planner.errors import EnvironmentProblem
from planner.model import store_words as words
from planner.services.store import keeping
from planner.storage.key_file import PLAIN_KEY
from planner.storage.repository import Repository
from tests.storage.plans import AT, small_plan

NEWER = f"plan plan-1, revision 1: {words.NEWER_PLAN}"


def of_the_plan(body):
    body["whither"] = []


def of_a_part(body):
    body["patient"]["shoe_size"] = "38"


def of_an_item(body):
    body["given"][0]["mood"] = ""


def of_a_pin(body):
    body["pins"][0]["colour"] = "red"


def of_a_choice(body):
    body["given"][0]["given"] = "twice"


CHANGES = pytest.mark.parametrize("change", [of_the_plan, of_a_part, of_an_item, of_a_pin, of_a_choice])


def saved_by_a_newer_version(store, change):
    """Put the small plan into the store as a program would whose model holds more."""
    body = json.loads(store.states.writer.body(small_plan()))
    change(body)
    store.states.writer.body = lambda _plan: json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    store.append(small_plan(), "New plan", "Ph. One", AT)


@CHANGES
def test_what_a_newer_version_saved_is_told_and_not_half_read(path, change):
    with closing(Repository(path)) as store:
        saved_by_a_newer_version(store, change)
    with closing(Repository(path)) as store:
        with pytest.raises(EnvironmentProblem) as told:
            store.load("plan-1")
        assert str(told.value) == NEWER
        assert store.verify() == (NEWER,)
        assert [one.family_name for one in store.summaries()] == ["Exámple"]


def test_a_backup_with_a_newer_plan_is_not_called_damaged(path):
    now, key = datetime(2026, 11, 22, 12, tzinfo=UTC), PLAIN_KEY
    with closing(Repository(path)) as store:
        store.append(small_plan("plan-0"), "New plan", "Ph. One", AT)
    backup = keeping.back_up(path.parent, key, now).backup
    with closing(Repository(backup.path)) as copy:
        saved_by_a_newer_version(copy, of_an_item)
    with pytest.raises(EnvironmentProblem, match="newer version of this program") as told:
        keeping.restore(path.parent, key, backup, "Ph. One", now)
    assert "damaged" not in str(told.value)
