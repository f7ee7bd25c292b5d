"""Wrong files: one clear line a problem with file and place, exit code 2, nothing half-loaded, no file left behind."""

import json
import re

import pytest

from tests.cli.conftest import PATIENT

NEW = ("plan", "new", "d-alba", "--start", "2026-03-02")


@pytest.fixture
def left(tmp_path):
    """The names of all files in the test's folder, to compare before and after."""
    return lambda: sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*"))


def one_wrong_patient(**changes):
    return json.dumps({**PATIENT, **changes})


def measured(**changes):
    return one_wrong_patient(measurements=[{"date": "2026-01-02", "height_cm": "168", "weight_kg": "70.4", **changes}])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (measured(weight_kg="NaN"), "measurements[0].weight_kg"),
        (measured(weight_kg=70.4).replace("70.4", "NaN"), "NaN"),
        (measured(weight_kg=70.4).replace("70.4", "Infinity"), "Infinity"),
        (measured(weight_kg=70.4).replace("70.4", "1e999"), "weight_kg"),
        (measured(weight_kg="-70.4"), "measurements[0].weight_kg"),
        (measured(weight_kg=-70), "measurements[0].weight_kg"),
        (measured(weight="70.4"), "measurements[0].weight"),
        (measured(date="2026-02-30"), "measurements[0].date"),
        (one_wrong_patient(birth_date="2999-01-01"), "birth_date"),
        (one_wrong_patient(birth_date="14.03.1998"), "birth_date"),
        (one_wrong_patient(nickname="Annie"), "nickname"),
        (one_wrong_patient(id=123), "id"),
        (one_wrong_patient().replace('"id": "00123"', '"id": "00123", "id": "00124"'), "id"),
        (one_wrong_patient()[:200], "wrong.json:1: "),
        ("", ""),
        ("[]", ""),
        ("[" * 100_000, ""),
    ],
)
def test_wrong_patient_file(refused, tmp_path, left, text, says):
    path = tmp_path / "wrong.json"
    path.write_text(text, encoding="utf-8")
    before = left()
    (line,) = refused(*NEW, "--patient", path, "-o", tmp_path / "plan.json")
    assert "wrong.json" in line
    assert says in line
    assert left() == before


def test_two_faults_are_told_at_once(refused, tmp_path):
    path = tmp_path / "wrong.json"
    path.write_text(one_wrong_patient(birth_date="2999-01-01", nickname="Annie"), encoding="utf-8")
    lines = refused(*NEW, "--patient", path)
    assert len(lines) == 2


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\x80abc"])
def test_patient_file_that_is_no_text(refused, tmp_path, content):
    (tmp_path / "wrong.json").write_bytes(content)
    (line,) = refused(*NEW, "--patient", tmp_path / "wrong.json")
    assert "UTF-8" in line


def test_file_that_is_not_there(refused, tmp_path, plan):
    assert "no such file" in refused(*NEW, "--patient", tmp_path / "nix.json")[0]
    assert "folder" in refused(*NEW, "--patient", tmp_path)[0]
    for command in (["schedule"], ["check"], ["plan", "show"], ["print", "--sheet", "roadmap"]):
        assert "no such file" in refused(*command, tmp_path / "nix.json")[0]
    assert "no such file" in refused("plan", "diff", plan, tmp_path / "nix.json")[0]


COMMANDS = (
    ("plan", "show", "{}"),
    ("plan", "defer", "{}", "--block", "induction", "--days", "1", "--scope", "day", "--reason", "counts", "-o", "out"),
    ("schedule", "{}", "-o", "out"),
    ("check", "{}", "-o", "out"),
    ("print", "{}", "--sheet", "calendar", "-o", "out"),
    ("store", "import", "{}"),
)


@pytest.mark.parametrize("percent", range(0, 100, 5))
def test_plan_file_cut_anywhere(refused, plan, tmp_path, left, percent):
    text = plan.read_bytes()
    (tmp_path / "cut.json").write_bytes(text[: len(text) * percent // 100])
    before = left()
    (line,) = refused("schedule", tmp_path / "cut.json", "-o", tmp_path / "out")
    assert "cut.json: " in line
    assert left() == before


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command[:2]))
def test_cut_plan_file_stops_every_command(refused, plan, tmp_path, left, command):
    text = plan.read_bytes()
    (tmp_path / "cut.json").write_bytes(text[: len(text) // 2])
    before = left()
    (line,) = refused(*(part.format("cut.json") for part in command))
    assert "cut.json: line " in line
    assert left() == before


def test_file_that_stood_there_stays_when_the_input_is_wrong(refused, plan, tmp_path):
    (tmp_path / "out").write_text("kept")
    (tmp_path / "cut.json").write_text(plan.read_text()[:500])
    refused("schedule", "cut.json", "-o", "out")
    assert (tmp_path / "out").read_text() == "kept"


GOOD = """
id = "mine"
title = "Mine"
version = "1"
status = "draft"
disease = "B-ALL"
population = "Adults"
use = "local"

[references]
X1 = { text = "Local" }

[[phases]]
id = "one"
title = "One"
cycle_days = 21
references = ["X1"]

[[phases.orders]]
id = "vincristine"
agent = "vincristine"
role = "antineoplastic"
route = "IV"
dose = "1.4 mg/m2"
cap = "2 mg"
days = "1, 8, 15"
evidence = "secondary"
references = ["X1"]
"""
ORDER = GOOD[GOOD.index("[[phases.orders]]") :]


def test_good_protocol_file_of_a_site(fine, tmp_path):
    (tmp_path / "mine.toml").write_text(GOOD)
    assert "no problem" in fine("protocols", "validate", "mine.toml").out


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD.replace('"1, 8, 15"', '"1, 8, 22"'), "days"),
        (GOOD.replace('"1, 8, 15"', '"0"'), "days"),
        (GOOD.replace('agent = "vincristine"', 'agent = "vincristin"'), "agent"),
        (GOOD + ORDER, "vincristine"),
        (GOOD.replace('title = "Mine"', 'titel = "Mine"'), "titel"),
        (GOOD.replace('"1.4 mg/m2"', '"1.4 mg/m3"'), "dose"),
        (GOOD.replace("cycle_days = 21", "cycle_days = nan"), "cycle_days"),
        (GOOD + 'id = "x"\nid = "y"\n', ""),
        (GOOD[:300], ""),
    ],
)
def test_wrong_protocol_file_of_a_site(refused, fine, tmp_path, text, says):
    (tmp_path / "mine.toml").write_text(text)
    lines = refused("protocols", "validate", "mine.toml")
    assert all(line.startswith("regimap: mine.toml:") for line in lines)
    assert any(says in line for line in lines)
    assert any(re.match(r"regimap: mine.toml:\d+: ", line) for line in lines)


def test_wrong_file_of_a_site_is_hidden_whole_and_told(run, tmp_path):
    folder = tmp_path / "data" / "protocols"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text(GOOD)
    shown = run("protocols", "list")
    assert "mine.toml" not in shown.error
    assert "mine: Mine" in shown.out
    (folder / "mine.toml").write_text(GOOD.replace('"1, 8, 15"', '"1, 8, 22"'))
    shown = run("protocols", "list")
    assert "mine: Mine" not in shown.out
    assert "hidden: mine.toml" in shown.error
    assert shown.code == 0


def test_plan_keeps_the_protocol_it_was_made_with(fine, patient, tmp_path):
    folder = tmp_path / "data" / "protocols"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text(GOOD)
    fine("plan", "new", "mine", "--patient", patient(), "--start", "2026-03-02", "-o", "mine.json")
    before = fine("schedule", "mine.json").out
    (folder / "mine.toml").write_text(GOOD.replace('"1, 8, 15"', '"1, 8"'))
    assert fine("schedule", "mine.json").out == before
    (folder / "mine.toml").unlink()
    assert fine("schedule", "mine.json").out == before


def test_hostile_protocol_inside_a_plan_with_a_fitting_checksum(refused, plan, tmp_path):
    import hashlib

    from tests.storage.plans import resealed

    def spoil(body):
        pin = body["pins"][0]
        text = pin["text"].replace('agent = "dasatinib"', 'agent = "dasatinip"')
        assert text != pin["text"]
        old, pin["text"], pin["sha256"] = pin["sha256"], text, hashlib.sha256(text.encode()).hexdigest()
        for block in body["blocks"]:
            block["pin"] = pin["sha256"] if block["pin"] == old else block["pin"]

    (tmp_path / "forged.json").write_text(resealed(plan.read_text(encoding="utf-8"), spoil), encoding="utf-8")
    lines = refused("schedule", "forged.json")
    *problems, what_to_do = lines
    assert all(line.startswith("regimap: forged.json: protocol d-alba") for line in problems)
    assert any("dasatinip" in line for line in problems)
    assert "d-alba" in what_to_do


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("blocks", 0, "phase"), "nix", "no phase nix"),
        (("blocks", 0, "cycles"), [], "cycles"),
        (("blocks", 0, "cycles"), [1, 1], "cycles"),
        (("blocks", 0, "cycles"), list(range(1, 2000)), "cycles"),
        (("blocks", 1, "start"), {"on": None, "after": "pre-phase", "day": 0, "gap_days": 0}, ""),
        (("modifications",), [{"kind": "deferral", "block": "nix", "cycle": 1, "day": 1, "days": 1, "scope": "day",
                               "reason": "counts", "note": ""}], "block nix"),
        (("modifications",), [{"kind": "omission", "block": "induction", "cycle": 1, "day": 0, "order": "",
                               "reason": "counts", "note": ""}], "Day 0"),
        (("modifications",), [{"kind": "examination", "block": "induction", "cycle": 1, "order": "x", "title": " ",
                               "days": [1], "reason": "other", "note": ""}], "lacks a title"),
        (("modifications",), [{"kind": "addition", "block": "induction", "cycle": 1, "order": "x", "agent": "etoposide",
                               "role": "premedication", "route": "IV", "days": [1], "reason": "other", "note": "",
                               "timed_by": "nothing", "minutes": -60}], "is timed by nothing, which it has not"),
    ],
)  # fmt: skip
def test_plan_that_does_not_fit_its_protocol(run, plan, tmp_path, path, value, says):
    from tests.storage.plans import resealed

    def spoil(body):
        for key in path[:-1]:
            body = body[key]
        body[path[-1]] = value

    (tmp_path / "odd.json").write_text(resealed(plan.read_text(encoding="utf-8"), spoil), encoding="utf-8")
    result = run("schedule", "odd.json")
    if says:
        assert result.code == 2
        assert says in result.error
    else:
        assert result.code in (0, 2)


def test_place_where_nothing_can_be_written(run, plan, tmp_path):
    (tmp_path / "file").write_text("x")
    for command in (("schedule", plan), ("print", plan, "--sheet", "roadmap")):
        result = run(*command, "-o", tmp_path / "file" / "out")
        assert (result.code, result.raw) == (3, b"")
        assert "cannot be written" in result.error
    assert run("demo", "--out", tmp_path / "file" / "demo").code == 3


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            "plan resume PLAN --block induction --on 2026-04-01 --cycle 1",
            "unrecognized arguments: --cycle 1; see regimap plan",
        ),
        ("rules list --all", "regimap rules list: unrecognized arguments: --all; see regimap rules list --help"),
        (
            "plan reduce PLAN --block induction --day 1 --order dasatinib-to-day-85 --percent 100 --reason other",
            "100 % is no reduction",
        ),
        (
            "plan defer PLAN --block blinatumomab --cycle 22 --days 7 --scope following --reason counts",
            "has no cycle 22 here; it has 1, 2",
        ),
        ("plan medicine PLAN --start 2026-03-02", "required: AGENT"),
        ("calc anthracycline vincristine=2 --scheme cog", "no factor for vincristine; it has doxorubicin, "),
    ],
)
def test_a_wrong_call_is_told_what_would_be_right(refused, plan, words, says):
    (line,) = refused(*(plan if word == "PLAN" else word for word in words.split()))
    assert says in line


def test_a_patient_file_in_the_place_of_a_plan_is_told_how_it_becomes_one(refused, patient):
    wrong, how = refused("plan", "show", patient())
    assert "not a plan file of this program; use one that it saved" in wrong
    assert "regimap plan new makes a plan of a patient file" in how


def test_an_empty_file_is_called_so(refused, tmp_path):
    (tmp_path / "empty.json").write_text("\n")
    assert "the file is empty" in refused("check", tmp_path / "empty.json")[0]
