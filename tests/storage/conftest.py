"""An empty store of its own for each test."""

import pytest

from planner.storage.repository import Repository


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "plans.db"


@pytest.fixture
def store(path):
    repository = Repository(path)
    yield repository
    repository.close()
