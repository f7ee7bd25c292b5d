"""The lock files: every requirement is pinned within its range and hashed; the smaller lock is part of the larger."""

import re
import tomllib
from itertools import chain

import pytest
from packaging.requirements import Requirement

from tests.architecture.imports import ROOT

PIN = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>[^\s;]+)(?: ; (?P<marker>[^\\]+?))? \\$", re.MULTILINE)
LOCKS = ("requirements.lock", "requirements-dev.lock")


def _pins(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {(found["name"], found["version"], found["marker"] or "") for found in PIN.finditer(text)}


def _wanted(lock):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    locked = [extras[name] for name in ("test", "dev")] if "dev" in lock else []
    lines = [*project["build-system"]["requires"], *project["project"]["dependencies"], *chain(*locked)]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_pinned_within_its_range(lock):
    pins = _pins(lock)
    for wanted in _wanted(lock):
        versions = [version for name, version, _ in pins if name == wanted.name.lower()]
        assert versions, wanted
        assert all(version in wanted.specifier for version in versions), wanted


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_is_hashed(lock):
    entries = PIN.split((ROOT / lock).read_text(encoding="utf-8"))[4::4]
    assert len(entries) == len(_pins(lock))
    assert all("--hash=sha256:" in entry for entry in entries)


def test_the_smaller_lock_is_part_of_the_larger():
    assert _pins("requirements.lock") <= _pins("requirements-dev.lock")


def test_no_requirement_is_open_ended():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    open_ended = [line for line in lines if "<" not in line and "tzdata" not in line]
    assert open_ended == []


def test_a_widened_range_is_noticed():
    assert "6.12.0" not in Requirement("PySide6-Essentials>=6.8,<6.12").specifier
    assert "6.12.0" in Requirement("PySide6-Essentials>=6.8").specifier
