"""The libraries that come with the program are never older than the versions that closed a known hole in them.

Only what was read of an advisory stands here; it is no list of all known weaknesses (see DECISIONS.md, S18).
"""

import re

import pytest

from tests.architecture.imports import ROOT

FLOORS = {
    "reportlab": ((3, 5, 55), "GHSA-pj98-2xf6-cff5 (3.5.31), toColor (3.5.34), CVE-2020-28463 (3.5.55)"),
    "sqlcipher3": ((0, 6, 4), "carries SQLite 3.53.4; the write-ahead log loses no commit from 3.51.3 on"),
}


def _numbers(version):
    return tuple(map(int, re.findall(r"\d+", version)[:3]))


@pytest.mark.parametrize("name", FLOORS)
@pytest.mark.parametrize("file", ["requirements.lock", "requirements-dev.lock", "pyproject.toml"])
def test_no_library_is_older_than_what_closed_its_holes(name, file):
    text = (ROOT / file).read_text(encoding="utf-8")
    found = re.findall(rf"^ *\"?{name}(?:\[[^\]]*\])?(?:==|>=)([\d.]+)", text, re.MULTILINE)
    assert found, f"{file} does not name {name}"
    least, why = FLOORS[name]
    assert all(_numbers(version) >= least for version in found), why


def test_the_sqlite_at_hand_has_the_fix_of_the_log():
    from sqlcipher3 import dbapi2

    from planner.storage.database import WAL_IS_SAFE_FROM

    assert dbapi2.sqlite_version_info >= WAL_IS_SAFE_FROM
