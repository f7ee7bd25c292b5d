"""Settings and places: whatever the settings file holds, the program starts."""

import json
import os
import random
from pathlib import Path

import platformdirs
import pytest
from msgspec.structs import replace

from planner import paths
from planner.cli.main import main
from planner.errors import EnvironmentProblem
from planner.model.site import Site
from planner.services.catalogue import load_for_plans
from planner.settings import Settings, left_out, load_settings, save_settings

CHOSEN = Settings(
    who="Ph. Öne",
    theme="dark",
    lock_minutes=0,
    second_folder="/media/stick",
    site=Site(
        "Clinic",
        8 * 60,
        "Letter",
        "micrograms",
        6,
        "+1 555 0100",
        "Call with a fever\nor when you bleed.",
        drug_names="tall-man",
        clock_changes="eu",
    ),
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "new" / "settings.json"


def test_settings_come_back(path):
    save_settings(path, CHOSEN)
    assert load_settings(path) == CHOSEN


def test_no_file_gives_defaults(path):
    assert load_settings(path) == Settings()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "7", "[" * 100_000, '{"site": []}', '{"site": {"paper": NaN}}', "\x00"]
)
def test_damaged_file_gives_defaults(path, text):
    path.parent.mkdir()
    path.write_text(text)
    assert load_settings(path) == Settings()


def test_no_text_and_no_file_give_defaults(path):
    path.parent.mkdir()
    path.write_bytes(b"\xff\xfe\x00")
    assert load_settings(path) == Settings()
    path.unlink()
    path.mkdir()
    assert load_settings(path) == Settings()


@pytest.mark.parametrize("seed", range(100))
def test_garbled_file_never_stops_the_start(path, seed):
    save_settings(path, CHOSEN)
    chance, raw = random.Random(seed), bytearray(path.read_bytes())
    for _ in range(1 + seed % 5):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    path.write_bytes(raw[: chance.randrange(len(raw))] if seed % 2 else raw)
    found = load_settings(path)
    assert found.theme in ("system", "light", "dark")
    assert found.site.paper in ("A4", "Letter")
    assert 0 <= found.site.treatment_day_starts < 24 * 60
    assert 0 <= found.site.week_starts <= 6


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("paper", "A5"),
        ("paper", 4),
        ("treatment_day_starts", 24 * 60),
        ("treatment_day_starts", True),
        ("treatment_day_starts", "540"),
        ("week_starts", -1),
        ("micrograms", "µg"),
        ("drug_names", "TALL"),
        ("clock_changes", "Europe/Berlin"),
        ("drug_names", True),
        ("name", None),
        ("name", "two\nlines"),
    ],
)
def test_one_senseless_value_falls_back_alone(path, key, value):
    path.parent.mkdir()
    path.write_text(json.dumps({"theme": "dark", "site": {"phone_24h": "1", key: value}}))
    assert load_settings(path) == Settings(theme="dark", site=replace(Site(), phone_24h="1"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", ["cannot be read; every setting is as it comes with the program"]),
        ("[]", ["cannot be read; every setting is as it comes with the program"]),
        ('{"site": 1}', ['"site" is not understood; the settings of the clinic are as they come with the program']),
        ('{"site": {"rounding": "vial"}}', ['rounding "vial" is not understood; "step" counts']),
        ('{"site": {"bsa_formula": "DuBois"}}', ['bsa_formula "DuBois" is not understood; "mosteller" counts']),
        ('{"site": {"treatment_day_starts": "08:00"}}', ['treatment_day_starts "08:00" is not understood; 540 counts']),
        ('{"rounding": "vials", "who": "A"}', ['there is no setting "rounding"']),
        (
            '{"site": {"roundings": "vials"}, "theme": 4}',
            ['theme 4 is not understood; "system" counts', 'there is no setting "roundings"'],
        ),
    ],
)
def test_what_is_not_taken_is_told(path, text, told):
    path.parent.mkdir()
    path.write_text(text)
    assert list(left_out(path)) == told
    problems = [str(one) for one in load_for_plans(paths.resources(), path.parent).problems]
    assert problems == [f"settings.json: {one}" for one in told]


def test_nothing_is_told_of_settings_as_they_are_saved_or_of_none(path):
    assert left_out(path) == ()
    save_settings(path, CHOSEN)
    assert left_out(path) == ()


def test_the_command_line_tells_slips_in_the_settings(path, capsys, monkeypatch):
    monkeypatch.setenv("REGIMAP_DATA_DIR", str(path.parent))
    path.parent.mkdir()
    path.write_text('{"site": {"rounding": "vial"}}')
    assert main(["calc", "bsa", "--height", "168", "--weight", "70"]) == 0
    assert capsys.readouterr().err == 'regimap: settings.json: rounding "vial" is not understood; "step" counts\n'


def test_unknown_keys_of_another_version_are_passed_over(path):
    path.parent.mkdir()
    path.write_text(json.dumps({"who": "Ph. One", "new_key": 1, "site": {"other": 2}}))
    assert load_settings(path) == Settings(who="Ph. One")
    save_settings(path, CHOSEN)
    assert load_settings(path) == CHOSEN
    kept = json.loads(path.read_text())
    assert (kept["new_key"], kept["site"]["other"]) == (1, 2), "for the version that knows them"


def test_settings_that_cannot_be_saved_are_told(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(EnvironmentProblem):
        save_settings(tmp_path / "file" / "settings.json", CHOSEN)


def test_resources_lie_beside_the_packages():
    assert (paths.resources() / "protocols").is_dir()


def test_missing_resources_are_told(monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "__file__", str(tmp_path / "planner" / "paths.py"))
    with pytest.raises(EnvironmentProblem, match="install"):
        paths.resources()


def test_data_folder_can_be_chosen(monkeypatch, tmp_path, home):
    monkeypatch.setenv(paths.DATA_DIR_VARIABLE, str(tmp_path / "here"))
    assert paths.user_data() == tmp_path / "here"
    assert paths.settings_file() == tmp_path / "here" / "settings.json"
    monkeypatch.delenv(paths.DATA_DIR_VARIABLE)
    assert home in paths.user_data().parents
    assert paths.user_data().name == "regimap"


@pytest.mark.parametrize("base", ["", "  ", "/var/data", "~/kept"])
def test_data_folder_is_the_one_of_the_desktop(monkeypatch, home, base):
    monkeypatch.setenv("XDG_DATA_HOME", base)
    wanted = Path(os.path.expanduser(platformdirs.user_data_dir("regimap", appauthor=False)))
    assert paths.user_data() == wanted
