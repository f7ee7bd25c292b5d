"""Another process saves between any two statements of a reader: the reader sees the store as it was at one moment."""

from contextlib import closing

import pytest

from planner.storage import database
from planner.storage.repository import Repository
from tests.storage.plans import AT, later, small_plan


class SavedMeanwhile:
    """Saves a revision as soon as a reader's connection begins its statement of that number."""

    def __init__(self, path, number):
        self.path, self.number, self.seen = path, number, 0
        self.saving = False

    def __call__(self, statement):
        if self.saving or not statement.startswith(("SELECT", "PRAGMA integrity")):
            return
        self.seen += 1
        if self.seen == self.number:
            self.saving = True
            with closing(Repository(self.path)) as other:
                other.append(later(small_plan(), len(other.history("plan-1")) + 1), "Edit", "other", AT)
            self.saving = False


def read_all(path):
    with closing(Repository(path)) as store:
        return store.verify()


@pytest.mark.parametrize("number", range(1, 15))
def test_a_save_of_another_is_no_loss(path, monkeypatch, number):
    with closing(Repository(path)) as store:
        store.append(small_plan(), "New", "me", AT)
    meanwhile, connect = SavedMeanwhile(path, number), database.connect

    def watched(*where):
        connection = connect(*where)
        if not meanwhile.saving:
            connection.set_trace_callback(meanwhile)
        return connection

    monkeypatch.setattr(database, "connect", watched)
    assert read_all(path) == ()
    monkeypatch.undo()
    assert meanwhile.seen >= number
    assert read_all(path) == ()
    with closing(Repository(path)) as store:
        assert len(store.history("plan-1")) == 2
