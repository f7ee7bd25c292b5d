"""A built wheel carries every resource and works where it is unpacked, far from the sources."""

import os
import shutil
import subprocess
import sys
import zipfile

import pytest

from tests.architecture.imports import ROOT

PARTS = ("planner", "ui", "resources", "pyproject.toml", "README.md", "LICENSE")
BUILD = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """The wheel's files, built from a copy so that nothing is written into the project."""
    copy, out = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("wheel")
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy / part)
    subprocess.run([sys.executable, "-c", BUILD, str(out)], cwd=copy, check=True, capture_output=True)
    with zipfile.ZipFile(next(out.glob("*.whl"))) as wheel:
        wheel.extractall(out / "site")
    return out / "site"


def test_every_file_is_in_the_wheel(unpacked):
    for part in ("planner", "ui", "resources"):
        files = {path.relative_to(ROOT) for path in (ROOT / part).rglob("*") if path.is_file()}
        wanted = {path for path in files if "__pycache__" not in path.parts}
        assert not [path for path in sorted(wanted) if not (unpacked / path).is_file()]


def test_tests_and_tools_are_not(unpacked):
    assert {path.name for path in unpacked.iterdir()} - {"planner", "ui", "resources"} == {"regimap-0.1.0.dist-info"}


def test_program_finds_its_resources_there(unpacked, tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(unpacked)}
    command = [sys.executable, "-c", "from planner import paths; print(paths.resources())"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True)
    assert done.stdout.strip() == str((unpacked / "resources").resolve())
