"""The command line in this process: arguments in, exit code and both outputs back."""

import json
from dataclasses import dataclass
from functools import cache

import pytest

from planner.cli.main import main
from planner.cli.store_access import KEY_BESIDE
from planner.content import library
from tests.cli.year import Year

PATIENT = {
    "id": "00123",
    "name": {"family": "Example", "given": "Ana"},
    "birth_date": "1998-03-14",
    "sex": "female",
    "measurements": [{"date": "2026-01-02", "height_cm": "168", "weight_kg": "70.4"}],
    "labs": [{"date": "2026-01-02", "code": "creatinine", "value": "0.8", "unit": "mg/dL"}],
    "diagnosis": "B-ALL",
    "markers": {"ph": "positive", "cd19": "positive", "cd20": "negative", "cd22": "positive", "cns": "CNS1"},
    "allergies": [],
    "prior_exposures": [{"agent": "daunorubicin", "dose": "180", "unit": "mg/m2", "until": "2024-05-01"}],
    "co_medications": [{"agent": "posaconazole", "start": "2026-01-10", "end": "2026-02-01"}],
}


@dataclass(frozen=True)
class Ran:
    """How a command ended. A known problem never shows a traceback."""

    code: int
    raw: bytes
    error: str

    @property
    def out(self):
        return self.raw.decode()

    @property
    def json(self):
        return json.loads(self.raw)


BUILT_ONCE = {name: cache(getattr(library, name)) for name in ("_shipped_rules", "build_protocol")}


@pytest.fixture(autouse=True)
def shipped_files_are_built_once(monkeypatch):
    """Values that never change, made of files that never change: hundreds of commands can share them.

    Agents are not among them, for a site's own are added to theirs.
    """
    for name, built in BUILT_ONCE.items():
        monkeypatch.setattr(library, name, built)


@pytest.fixture
def run(capfdbinary, monkeypatch, tmp_path):
    """`run("plan", "show", path)`; the user's data folder and the present folder are the test's own."""
    monkeypatch.setenv("REGIMAP_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)

    def ran(*arguments):
        capfdbinary.readouterr()
        code = main([str(argument) for argument in arguments])
        out, err = capfdbinary.readouterr()
        assert b"Traceback" not in err
        return Ran(code, out, err.decode())

    return ran


@pytest.fixture
def fine(run):
    """As run, for commands that must work; a store that is made on the way may say that its key lies beside it."""

    def ran(*arguments):
        result = run(*arguments)
        assert (result.code, result.error.removeprefix(f"regimap: {KEY_BESIDE}\n")) == (0, "")
        return result

    return ran


@pytest.fixture
def refused(run):
    """As run, for wrong input: exit code 2, nothing on standard output; gives the lines of the problem."""

    def ran(*arguments):
        result = run(*arguments)
        assert (result.code, result.raw) == (2, b"")
        lines = result.error.splitlines()
        assert lines
        assert all(line.startswith("regimap") for line in lines)
        return lines

    return ran


@pytest.fixture
def patient(tmp_path):
    """A patient file, with the changes asked for."""

    def written(file="patient.json", **changes):
        path = tmp_path / file
        path.write_text(json.dumps({**PATIENT, **changes}), encoding="utf-8")
        return path

    return written


@pytest.fixture
def plan(fine, patient, tmp_path):
    """A plan file of D-ALBA that starts on 2 March 2026."""
    path = tmp_path / "plan.json"
    fine("plan", "new", "d-alba", "--patient", patient(), "--start", "2026-03-02", "--id", "plan-1", "-o", path)
    return path


@pytest.fixture
def year(run, fine, tmp_path):
    """A plan whose edits by command line are each a file."""
    return Year(run, fine, tmp_path)
