"""Plans and patients in and out: what is there stays, every cell is text, no spreadsheet runs anything."""

import csv
import io
import json
from contextlib import closing, suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from planner.errors import EnvironmentProblem, InputProblem, KeyNeeded, KnownError
from planner.paths import resources
from planner.services.catalogue import load_for_plans
from planner.services.demo import demo_plan
from planner.services.store.archive import Archive
from planner.services.store.exchange import (
    PlanFile,
    bring_in,
    export_all,
    look_at_plans,
    plan_of_file,
    plans_of_patients,
    sealed_plan_text,
)
from planner.services.store.plan_files import hashes_below, plan_text
from planner.services.store.store_tables import (
    COLUMNS,
    patients_csv,
    read_patients_csv,
    safe_cell,
    trail_csv,
    typed_cell,
)
from planner.storage.database import connect
from planner.storage.states import Newest
from tests.quick_keys import stretch_quickly
from tests.storage.plans import AT

TODAY = date(2026, 11, 28)
HEADER, SEMICOLONS = ",".join(COLUMNS), ";".join(COLUMNS)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    stretch_quickly(monkeypatch)


@pytest.fixture
def archive(tmp_path):
    with Archive.open(tmp_path / "data") as opened:
        yield opened


@pytest.fixture(scope="module")
def demo():
    return demo_plan(resources())


def renamed(plan, **facts):
    return replace(plan, id=facts.pop("plan_id"), patient=replace(plan.patient, **facts))


def looking_at(*plans, sealed=False):
    return [PlanFile(plan, f"{number}.json", sealed) for number, plan in enumerate(plans)]


def test_what_would_change_is_shown_and_what_is_there_stays(archive, demo):
    other = renamed(demo, plan_id="other", id="9")
    archive.save(demo, "New plan", "Ph. One", AT)
    archive.save(renamed(other, plan_id="other", given_name="Before"), "New plan", "Ph. One", AT)
    new = renamed(demo, plan_id="new", id="10")
    looked = look_at_plans(archive, looking_at(demo, other, new, new))
    assert [one.verdict for one in looked] == ["same", "other", "new", "other"]
    assert "stays" in looked[1].line
    assert len(archive.list()) == 2
    assert bring_in(archive, looked, "Ph. Two", AT) == ("new",)
    assert bring_in(archive, look_at_plans(archive, looking_at(new)), "Ph. Two", AT) == ()
    assert archive.load("other").patient.given_name == "Before"
    assert [line.what for line in archive.history("new")] == ["Import of a plan file"]


def test_one_person_under_two_ids_is_told(archive, demo):
    """A spreadsheet that made 1 of 001: two plans of one person, and no rule sums the doses of both."""
    archive.save(demo, "New plan", "Ph. One", AT)
    again = renamed(demo, plan_id="again", id="1", family_name=demo.patient.family_name.upper())
    other = renamed(demo, plan_id="other", id="2", given_name="Someone")
    looked = look_at_plans(archive, looking_at(demo, again, other))
    assert [one.twofold for one in looked] == [False, True, False]
    assert ["one person or two?" in one.nameless for one in looked] == [False, True, False]
    twins = [replace(other.patient, id=number) for number in ("7", "8")]
    known = plans_of_patients(archive, [again.patient, *twins], "list.csv", lambda: "new")
    assert [(one.verdict, one.twofold) for one in known] == [("new", True), ("new", False), ("new", True)]


def test_another_person_under_the_same_id_is_told(archive, demo):
    archive.save(demo, "New plan", "Ph. One", AT)
    person = demo.patient
    alike = renamed(demo, plan_id="alike", family_name=person.family_name.upper())
    names = renamed(demo, plan_id="names", given_name="Someone")
    birth = renamed(demo, plan_id="birth", birth_date=date(1999, 1, 1))
    apart = renamed(demo, plan_id="apart", id="9", given_name="Someone")
    looked = look_at_plans(archive, looking_at(demo, alike, names, birth, apart))
    assert [one.mistakable for one in looked] == [False, False, True, True, False]
    first, second = renamed(demo, plan_id="first", id="10"), renamed(demo, plan_id="second", id="10", given_name="Else")
    together = look_at_plans(archive, looking_at(first, first, second))
    assert [one.mistakable for one in together] == [False, False, True]
    assert ["another person has this" in one.line for one in looked] == [False, False, True, True, False]
    assert person.family_name not in looked[2].nameless
    known = plans_of_patients(archive, [person, names.patient, apart.patient], "list.csv", lambda: "new")
    assert [(one.verdict, one.mistakable) for one in known] == [("known", False), ("known", True), ("new", False)]


def test_a_deleted_plan_is_not_called_there(archive, demo):
    archive.save(demo, "New plan", "Ph. One", AT)
    archive.delete([demo.id], "double", "Ph. One", AT)
    (looked,) = look_at_plans(archive, looking_at(demo))
    assert looked.verdict == "deleted"
    assert "take it back" in looked.line
    assert demo.patient.family_name not in looked.nameless
    assert bring_in(archive, [looked], "Ph. One", AT) == ()
    assert len(archive.history(demo.id)) == 1


def test_sealed_file_comes_in_with_its_passphrase(demo, tmp_path):
    file, agents = tmp_path / "plan.json", load_for_plans(resources(), tmp_path).agents
    trusted = hashes_below(resources() / "protocols")
    file.write_text(sealed_plan_text(demo, "correct horse"), encoding="utf-8")
    assert plan_of_file(str(file), agents, trusted, lambda: "correct horse") == PlanFile(demo, str(file), sealed=True)
    with pytest.raises(KeyNeeded, match="sealed"):
        plan_of_file(str(file), agents, trusted, lambda: "")
    file.write_text(plan_text(demo), encoding="utf-8")
    assert plan_of_file(str(file), agents, trusted, lambda: pytest.fail("asked")) == PlanFile(demo, str(file))


def test_the_history_tells_a_sealed_file_from_an_open_one(archive, demo):
    sealed, plain = (renamed(demo, plan_id=name, id=name) for name in ("sealed", "open"))
    files = [*looking_at(sealed, sealed=True), *looking_at(plain)]
    assert bring_in(archive, look_at_plans(archive, files), "w", AT) == ("sealed", "open")
    assert [line.what for line in archive.history("sealed")] == ["Import of a sealed plan file"]
    assert [line.what for line in archive.history("open")] == ["Import of a plan file"]


def test_everything_goes_out_and_comes_back(archive, demo, tmp_path):
    plans = [renamed(demo, plan_id=name, id=str(number)) for number, name in enumerate(["a", "../b", "c d"])]
    for plan in plans:
        archive.save(plan, "New plan", "Ph. One", AT)
    out = tmp_path / "out"
    assert export_all(archive, out) == (3, ())
    assert all(path.parent == out for path in out.rglob("*"))
    agents, trusted = load_for_plans(resources(), tmp_path).agents, hashes_below(resources() / "protocols")
    back = [plan_of_file(str(path), agents, trusted, str).plan for path in out.glob("*.json")]
    assert sorted(back, key=lambda plan: plan.id) == sorted(plans, key=lambda plan: plan.id)
    assert (out / "patients.csv").read_text().splitlines()[0] == HEADER
    assert len((out / "trail.csv").read_text().splitlines()) == 4
    with pytest.raises(InputProblem, match="not empty"):
        export_all(archive, out)
    assert export_all(archive, tmp_path / "sealed", "correct horse") == (3, ())
    assert {path.suffix for path in (tmp_path / "sealed").iterdir()} == {".json"}
    assert all(b"Demo" not in path.read_bytes() for path in (tmp_path / "sealed").iterdir())


def test_everything_that_is_sound_goes_out_of_a_damaged_store(archive, demo, tmp_path):
    for number, name in enumerate("abc"):
        archive.save(renamed(demo, plan_id=name, id=str(number)), "New plan", "Ph. One", AT)
    repository, out = archive.repository, tmp_path / "out"
    with closing(connect(repository.path, "rw", repository.key)) as raw:
        raw.execute("DROP TRIGGER act_unchanged")
        raw.execute("UPDATE act SET body = replace(body, '70', '71') WHERE plan = 'b'")
    repository.states.newest = Newest()
    count, damaged = export_all(archive, out)
    assert (count, [line.partition(":")[0] for line in damaged]) == (2, ["plan b, revision 1"])
    assert sorted(path.name for path in out.iterdir()) == ["a.json", "c.json", "patients.csv", "trail.csv"]
    patients = (out / "patients.csv").read_text().splitlines()[1:]
    assert [line.partition(",")[0] for line in patients] == ["2", "0"]
    with pytest.raises(EnvironmentProblem, match="plan b"):
        patients_csv(archive)


TABLE = f'''{HEADER}
00123,NA,Null,1981-03-14,female,1E5,168,70.4,2026-01-02
'=1+1,"O'Brien, ""Bo""",True,1950-12-01,male,,,,
'-5,'@x,3-4,2001-01-01,unknown,'+cmd,,,
'''


def test_cells_stay_as_they_were_typed():
    patients = read_patients_csv(TABLE, "t.csv", TODAY)
    assert [one.id for one in patients] == ["00123", "=1+1", "-5"]
    assert [one.family_name for one in patients] == ["NA", 'O\'Brien, "Bo"', "@x"]
    assert [one.given_name for one in patients] == ["Null", "True", "3-4"]
    assert [one.diagnosis for one in patients] == ["1E5", "", "+cmd"]
    assert str(patients[0].measurements[0].weight_kg) == "70.4"


def test_a_table_of_a_spreadsheet_with_decimal_commas_is_read():
    text = f"{SEMICOLONS}\r\n00123;'=M\u00fcller;Ana, Bo;14.3.1981;female;a,b;168,5;70,4;02.01.2026\r\n"
    text += "2;B;;1950-12-01;male;;;;\r\n"
    first, second = read_patients_csv(text, "t.csv", TODAY)
    assert (first.id, first.display_name, first.diagnosis) == ("00123", "=M\u00fcller, Ana, Bo", "a,b")
    assert (first.birth_date, second.birth_date) == (date(1981, 3, 14), date(1950, 12, 1))
    (measured,) = first.measurements
    assert (str(measured.height_cm), str(measured.weight_kg)) == ("168.5", "70.4")
    assert measured.date == date(2026, 1, 2)


def test_patients_go_out_as_they_came_in(archive):
    patients = read_patients_csv(TABLE, "t.csv", TODAY)
    numbers = iter("abc")
    assert len(bring_in(archive, plans_of_patients(archive, patients, "t.csv", lambda: next(numbers)), "w", AT)) == 3
    assert sorted(read_patients_csv(patients_csv(archive), "o.csv", TODAY), key=lambda one: one.id) == sorted(
        patients, key=lambda one: one.id
    )
    assert [line.what for line in archive.history("a")] == ["Import of a list of patients"]
    again = plans_of_patients(archive, patients, "t.csv", lambda: "z")
    assert [one.verdict for one in again] == ["known"] * 3


def test_no_cell_starts_a_formula(archive, demo):
    archive.save(renamed(demo, plan_id="=p", id="=1", family_name="@SUM(A1)", diagnosis="-2+3"), "=new", "+me", AT)
    for text in (patients_csv(archive), trail_csv(archive.trail())):
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@given(st.text(max_size=20))
def test_every_cell_comes_back(text):
    assert typed_cell(safe_cell(text)) == text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", 'line 1: the file is empty; the first line is "id,family,given,'),
        ("sex\n", "line 1: the column id is missing"),
        (f"{HEADER}\n", "line 2: there is no patient in this table"),
        (f"{HEADER}\n1,A,,1981-01-01,female,,1.70,70,2026-01-02\n", "line 2: height_cm: 1.70 cm cannot be meant"),
        (f"{HEADER}\n1,A,,1981-01-01,female,,170,70,\n", "line 2: measured_on: is empty; write a date"),
        (f"{HEADER}\n1,,A,1981-01-01,female,,,,\n", "line 2: family: "),
        ("id,family,birth_date,sex,phone\n", 'no column "phone"'),
        ("id,id,family,birth_date,sex\n", "twice"),
        (f"{HEADER}\n1,2\n", "line 2: 2 cells"),
        (f"{HEADER}\n1,A,,03/04/1981,female,,,,\n", "line 2"),
        (f"{HEADER}\n1,A,,1981-01-01,female,,,70,\n", "line 2"),
        (f"{HEADER}\n1,A,,1981-01-01,female,,,,\n1,B,,1981-01-01,female,,,,\n", "line 3: the id 1 stands in line 2"),
        (f'{HEADER}\n"1,A', "not a CSV table"),
        (f"{HEADER.replace(',', chr(9))}\n", "separated by tabs"),
        (f"{SEMICOLONS}\n1;A;;03/04/1981;female;;;;\n", "line 2"),
        (f"{SEMICOLONS}\n1;A;;31.02.1981;female;;;;\n", "line 2"),
        (f"{SEMICOLONS}\n1;A;;1981-01-01;female;;1.168,5;70;2026-01-02\n", "line 2"),
        (f"sep=;\n{SEMICOLONS}\n", "take this line out"),
        (f"{HEADER}\n1,A,,14.03.1981,female,,,,\n", "line 2"),
        (f"sep=,\n{HEADER}\n", "take this line out"),
        (f"{HEADER}\n1.23E+05,A,,1981-01-01,female,,,,\n", 'id: "1.23E+05" was made by a spreadsheet'),
        (f"{HEADER}\n1,A,,2190-01-01,female,,,,\n", "line 2"),
        (f"{HEADER}\n1,A\u202eB,,1981-01-01,female,,,,\n", "line 2"),
    ],
)
def test_wrong_table_is_told_by_line(text, says):
    with pytest.raises(InputProblem) as caught:
        read_patients_csv(text, "t.csv", TODAY)
    assert any(says in line for line in caught.value.lines)
    assert all(line.startswith("t.csv: line ") for line in caught.value.lines)


@given(st.text(max_size=300))
def test_any_table_is_read_or_refused(text):
    for table in (text, f"{HEADER}\n{text}", f"{SEMICOLONS}\n{text}"):
        with suppress(KnownError):
            read_patients_csv(table, "t.csv", TODAY)


def test_trail_as_json_names_nobody_twice(archive, demo):
    archive.save(demo, "New plan", "Ph. One", "2026-11-28T10:00:00+01:00")
    (line,) = archive.trail()
    assert (line.at, line.zone, line.counter, line.kind) == ("2026-11-28T09:00:00+00:00", "+01:00", 1, "save")
    assert demo.patient.family_name not in json.dumps([line.what, line.who])
