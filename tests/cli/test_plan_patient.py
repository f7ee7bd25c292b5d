"""Results and markers by the command line: recorded, taken away, asked about, refused with what may be written."""

from datetime import date

import pytest

from planner.storage.plan_codec import decode


@pytest.fixture(autouse=True)
def in_april(monkeypatch):
    monkeypatch.setattr("planner.cli.plan_patient.today", lambda: date(2026, 4, 1))


def labs(plan):
    return [(str(one.date), one.code, f"{one.value} {one.unit}") for one in patient(plan).labs]


def patient(plan):
    return decode(plan.read_text("utf-8"), "plan.json").patient


def test_a_result_is_recorded_previewed_and_taken_away(run, fine, plan, tmp_path):
    after, gone = tmp_path / "after.json", tmp_path / "gone.json"
    asked = ("plan", "result", plan, "creatinine", "--value", "1.1", "--unit", "mg/dL", "--on", "2026-03-30")
    told = fine(*asked, "--preview").out
    assert "creatinine" in told.casefold()
    assert "1.1 mg/dL" in told
    fine(*asked, "-o", after)
    first = ("2026-01-02", "creatinine", "0.8 mg/dL")
    assert labs(after) == [first, ("2026-03-30", "creatinine", "1.1 mg/dL")]
    assert "1.1 mg/dL" in fine("plan", "diff", plan, after).out
    again = (*asked[:4], "--value", "1.2", *asked[6:])
    fine(*(str(after) if one == plan else one for one in again), "-o", after)
    assert labs(after) == [first, ("2026-03-30", "creatinine", "1.2 mg/dL")], "one result of a code and day"
    fine("plan", "result", after, "creatinine", "--remove", "--on", "2026-03-30", "-o", gone)
    assert patient(gone) == patient(plan)
    ran = run("plan", "result", gone, "creatinine", "--remove")
    assert (ran.code, "no creatinine of 01-Apr-2026 is recorded; recorded on 02-Jan-2026" in ran.error) == (2, True)


def test_a_medicine_that_no_rule_knows_is_recorded_and_said_so(run, plan, tmp_path):
    after = tmp_path / "after.json"
    for typed, said in (
        ("fluconazol", 'knows the medicine fluconazol; do you mean "fluconazole"?'),
        ("tea", "tea"),
        ("vrconazl", "l"),
    ):
        ran = run("plan", "medicine", plan, typed, "--start", "2026-03-05", "-o", after)
        assert ran.code == 0
        assert ran.error.strip().endswith(said)
        assert patient(after).co_medications[-1].agent == typed
    for known in ("fluconazole", "Vfend", "st john's wort", "TMP-SMX", "cotrimoxazole", "Co-trimoxazole"):
        assert run("plan", "medicine", plan, known, "--start", "2026-03-05", "-o", after).error == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("creatinine", "--value", "80"), "creatinine needs a unit: mg/dL or micromol/L"),
        (("creatinine", "--value", "80", "--unit", "g/L"), "is not understood; write mg/dL or micromol/L"),
        (("creatinine", "--value", "80", "--unit", "mg/dL"), "it lies between 0.1 and 40 mg/dL; is the unit right?"),
        (("creatinine", "--value", "25", "--unit", "mg/dL"), "is the unit right, or the decimal point one place off?"),
        (("platlets", "--value", "80"), 'no rule asks for platlets; do you mean "platelets"?'),
        (("ferritin", "--value", "80"), "no rule asks for ferritin"),
        (("anc", "--value", "1.500", "--unit", "10^9/L"), "can be read in two ways"),
        (("anc", "--value", "-1", "--unit", "10^9/L"), "write a number such as"),
        (("anc", "--value", "1,5", "--unit", "10^9/L"), "write a number such as"),
        (("crs", "--value", "2", "--on", "2026-04-02"), "02-Apr-2026 lies in the future"),
        (("crs", "--value", "2", "--on", "1990-04-02"), "lies before the birth date"),
        (("crs", "--value", "6"), "it lies between 0 and 5 grade"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_what_is_unlikely_asked_about(run, plan, tmp_path, words, said):
    ran = run("plan", "result", plan, *words, "-o", tmp_path / "after.json")
    assert ran.code == 2
    assert said in ran.error
    assert not (tmp_path / "after.json").exists()


def test_who_is_sure_records_what_is_unlikely_and_a_single_unit_may_be_left_out(run, fine, plan, tmp_path):
    after = tmp_path / "after.json"
    sure = ("creatinine", "--value", "25", "--unit", "mg/dL", "--sure")
    assert "one place off" in run("plan", "result", plan, *sure, "-o", after).error
    fine("plan", "result", after, "crs", "--value", "2", "-o", after)
    found = labs(after)[-2:]
    assert found == [("2026-04-01", "creatinine", "25 mg/dL"), ("2026-04-01", "crs", "2 grade")]


def test_a_marker_is_recorded_changed_and_taken_away(run, fine, plan, tmp_path):
    after = tmp_path / "after.json"
    assert "cd20" in fine("plan", "marker", plan, "cd20=positive", "--preview").out.casefold()
    fine("plan", "marker", plan, "cd20=positive", "-o", after)
    assert dict(patient(after).markers)["cd20"] == "positive"
    fine("plan", "marker", after, "cd20=", "-o", after)
    assert "cd20" not in dict(patient(after).markers)
    for words, said in (
        ("cd20=", "cd20 is not recorded; recorded are"),
        ("cd20=pos", '"pos" is not one of'),
        ("acute_infection=yes", 'did you mean "acute-infection"?'),
        ("cd20", "write NAME=VALUE"),
    ):
        ran = run("plan", "marker", after, words, "-o", tmp_path / "no.json")
        assert (ran.code, said in ran.error) == (2, True), ran.error
    assert "no rule asks for the marker ikzf9" in run("plan", "marker", after, "ikzf9=deleted", "-o", after).error


def test_a_marker_of_the_patient_file_that_no_rule_asks_for_is_told(run, patient, tmp_path):
    """Only `plan marker` said it: what stood in the file was kept in silence."""
    file = patient(markers={"ph": "positive", "ikzf9": "deleted"})
    new = ("plan", "new", "d-alba", "--patient", file, "--start", "2026-03-02", "-o", tmp_path / "told.json")
    told = run(*new)
    assert told.code == 0
    assert "no rule asks for the marker ikzf9; known are" in told.error


def test_an_allergy_is_written_changed_and_taken_away_and_is_no_marker(run, fine, plan, tmp_path):
    after = tmp_path / "after.json"
    for words in ("None", "nkda", "none known", "No known allergies"):
        fine("plan", "allergy", plan, words, "-o", after)
        assert patient(after).allergies == ("none known",)
    told = fine("plan", "allergy", after, "rash after  penicillin", "--preview").out
    assert "rash after penicillin" in told
    fine("plan", "allergy", after, "rash after  penicillin", "-o", after)
    fine("plan", "allergy", after, "dasatinib", "-o", after)
    assert patient(after).allergies == ("rash after penicillin", "dasatinib")
    assert "allergy: dasatinib" in fine("plan", "diff", plan, after).out
    assert "ST-18" in {one["rule"] for one in run("check", after, "--format", "json").json if one["status"] == "open"}
    for words, said in (
        (
            ("allergy", after, "none"),
            "rash after penicillin, dasatinib is written as an allergy; take that away first",
        ),
        (("allergy", after, "dasatinib"), "dasatinib is written already"),
        (("allergy", after, " "), "an allergy needs words"),
        (("allergy", after, "latex", "--remove"), "no allergy latex is written; written are rash after penicillin"),
        (("marker", after, "allergies=none"), "an allergy is no marker"),
        (("marker", after, "Allergy=latex"), "on the command line: plan allergy"),
    ):
        ran = run("plan", *words, "-o", tmp_path / "no.json")
        assert (ran.code, said in ran.error) == (2, True), ran.error
    fine("plan", "allergy", after, "dasatinib", "--remove", "-o", after)
    assert patient(after).allergies == ("rash after penicillin",)
