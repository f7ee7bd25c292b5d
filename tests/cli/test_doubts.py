"""What somebody types by command line and is asked about first: doses, routes, records, days that have not come."""

from datetime import date

import pytest

from planner.storage.plan_codec import decode

TYPED = ("--block", "induction", "--name", "extra", "--days", "2", "--agent", "imatinib")
TAKEN = ("--role", "antineoplastic", "--route", "PO", "--reason", "other")


@pytest.fixture(autouse=True)
def in_june(monkeypatch):
    for module in ("plan_records", "plan_patient"):
        monkeypatch.setattr(f"planner.cli.{module}.today", lambda: date(2026, 6, 10))


def given(path):
    return [(str(one.on), str(one.dose), one.status, one.as_planned) for one in decode(path.read_text(), "p").given]


def test_a_dose_no_protocol_comes_near_is_asked_about(run, refused, fine, plan, tmp_path):
    after = tmp_path / "after.json"
    tenfold = ("plan", "order", plan, *TYPED, *TAKEN, "--dose", "6000 mg", "-o", after)
    asked, how = refused(*tenfold)
    assert "6,000 mg of Imatinib a day is 7.5 times the most" in asked
    assert how == "regimap: say --sure to take it so"
    assert not after.exists()
    taken = run(*tenfold, "--sure")
    assert taken.code == 0
    assert "7.5 times the most" in taken.error
    fine("plan", "order", plan, *TYPED, *TAKEN, "--dose", "600 mg", "-o", after)


def test_the_doses_beside_are_those_of_its_own_route(refused, plan, tmp_path):
    """Methotrexate is given IV in grams: "the most that a protocol here gives" alone was untrue of 15 mg."""
    spinal = ("plan", "order", plan, *TYPED[:-1], "methotrexate", "--role", "intrathecal", "--route", "IT")
    asked, _ = refused(*spinal, "--dose", "150 mg", "--reason", "other", "-o", tmp_path / "after.json")
    assert "150 mg of Methotrexate a day is 10 times the most that a protocol here gives IT: 15 mg" in asked


def test_a_drug_in_place_of_another_and_an_entered_dose_are_looked_at_too(refused, plan, tmp_path):
    after = tmp_path / "after.json"
    where = ("--block", "induction", "--day", "3", "--order", "dasatinib-to-day-85")
    other = ("plan", "replace", plan, *where, "--agent", "ponatinib", "--dose", "450 mg", "--reason", "toxicity")
    assert "10 times the most" in refused(*other, "-o", after)[0]
    entered = ("plan", "enter-dose", plan, "--block", "tki-maintenance", "--order", "dasatinib", "--dose", "1400 mg")
    assert "10 times the most" in refused(*entered, "-o", after)[0]


def test_how_often_another_drug_is_given_is_told_unless_somebody_says(run, plan, tmp_path):
    after = tmp_path / "after.json"
    where = ("--block", "induction", "--day", "3", "--order", "dasatinib-to-day-85", "--reason", "other")
    swap = ("plan", "replace", plan, *where, "--agent", "ponatinib", "--dose", "15 mg", "-o", after)
    told = run(*swap)
    assert (told.code, "once a day, and so would be Ponatinib" in told.error) == (0, True)
    said = run(*swap, "--per-day", "2")
    assert (said.code, "so would be" in said.error) == (0, False)
    assert decode(after.read_text(), "p").modifications[-1].doses_per_day == 2


def test_a_trade_name_is_answered_with_the_drug_it_is(refused, plan, tmp_path):
    """By its letters Oncaspar is most like calaspargase, which is another drug at another interval."""
    named = ("--block", "induction", "--name", "extra", "--days", "2", "--agent", "Oncaspar")
    (said,) = refused(
        "plan", "order", plan, *named, *TAKEN[:2], "--route", "IV", "--reason", "other", "-o", tmp_path / "no"
    )
    assert said == 'regimap: there is no agent "Oncaspar"; that is a name of "pegaspargase"'


def test_a_record_far_from_the_planned_dose_is_asked_about(run, refused, fine, plan, tmp_path):
    after = tmp_path / "after.json"
    dose = ("plan", "given", plan, "--block", "induction", "--day", "3", "--order", "dasatinib-to-day-85")
    asked, how = refused(*dose, "--dose", "1400 mg", "-o", after)
    assert asked == "regimap: 1,400 mg was given and 140 mg planned"
    assert "--sure" in how
    assert refused(*dose, "--dose", "14 mg", "-o", after)[0] == "regimap: 14 mg was given and 140 mg planned"
    fine(*dose, "--status", "partly", "--dose", "14 mg", "--reason", "toxicity", "-o", after)
    fine(*dose, "--dose", "100 mg", "-o", after)
    assert run(*dose, "--dose", "1400 mg", "--sure", "-o", after).code == 0
    assert given(after) == [("2026-03-11", "1400", "given", False)]


def test_a_record_made_again_takes_day_and_dose_from_the_plan(run, fine, plan, tmp_path):
    """ "Partly, 70 mg" and "a day late" set right to "given" became "given, 70 mg" and stayed a day late."""
    first, second, third = (tmp_path / f"{number}.json" for number in (1, 2, 3))
    dose = ("--block", "induction", "--day", "3", "--order", "dasatinib-to-day-85")
    fine("plan", "given", plan, *dose, "--status", "partly", "--dose", "70 mg", "--reason", "toxicity", "-o", first)
    assert "in place of the record" in run("plan", "given", first, *dose, "-o", second).error
    assert given(second) == [("2026-03-11", "140", "given", True)]
    single = ("--block", "blinatumomab", "--day", "1", "--order", "blinatumomab")
    assert run("plan", "given", plan, *single, "--on", "2026-06-03", "--sure", "-o", first).code == 0
    assert run("plan", "given", first, *single, "-o", third).code == 0
    assert [one[0] for one in given(third)] == ["2026-06-02"]
    # What follows is counted from the plan, and so is what was as planned.
    again = ("plan", "given", first, *single, "--on", "2026-06-04", "--follow", "following", "--sure", "-o", third)
    assert run(*again).code == 0
    assert [one.days for one in decode(third.read_text(), "p").modifications] == [2]
    assert run("plan", "given", first, *single, "-o", third).code == 0
    assert given(third)[-1][3]


def test_a_decision_cannot_be_taken_on_a_day_to_come(refused, fine, plan, tmp_path):
    after = tmp_path / "after.json"
    asked = ("plan", "decide", plan, "response=chr", "-o", after)
    (said,) = refused(*asked, "--on", "2027-06-09")
    assert said.startswith("regimap: --on: 09-Jun-2027 lies in the future; today is ")
    assert not after.exists()


def test_a_body_in_other_units_is_asked_about(run, refused, fine, plan, patient, tmp_path):
    """45 inches of a child of 20 kg can be, as a number, a very short and heavy one in centimetres."""
    after = tmp_path / "after.json"
    measured = ("plan", "measure", plan, "--on", "2026-06-09", "--height", "168", "--weight", "30", "--doses", "follow")
    (asked, how) = refused(*measured, "-o", after)
    assert asked == "regimap: 30 kg at 168 cm: is the weight right, or ten times too large or too small?"
    assert how == "regimap: say --sure to record it so"
    assert run(*measured, "--sure", "-o", after).code == 0
    child = {"birth_date": "2020-03-04", "measurements": [{"date": "2026-01-02", "height_cm": "45", "weight_kg": "20"}]}
    made = run("plan", "new", "d-alba", "--patient", patient(**child), "--start", "2026-03-02", "-o", after)
    assert (made.code, "is the weight right" in made.error) == (0, True)
    (tmp_path / "list.csv").write_text(
        "id,family,birth_date,sex,height_cm,weight_kg,measured_on\n7,Inch,2020-03-04,female,45,20,2026-01-02\n"
    )
    fine("store", "init", "--plain")
    taken = run("store", "import", "list.csv")
    assert (taken.code, "20 kg at 45 cm: is the weight right" in taken.error) == (0, True)


def test_how_often_a_drug_in_place_of_another_is_given_is_told_and_keeps_no_script_back(run, plan, tmp_path):
    """The interface has no word for it: `plan replace` goes on with a reason alone, as it always did."""
    place = ("--block", "induction", "--cycle", "1", "--day", "29", "--order", "dasatinib-to-day-85")
    swap = ("--agent", "ponatinib", "--dose", "30 mg", "--scope", "following", "--reason", "toxicity")
    made = run("plan", "replace", plan, *place, *swap, "-o", tmp_path / "after.json")
    assert made.code == 0
    assert "Dasatinib is given once a day, and so would be Ponatinib in its place" in made.error


def test_the_amount_of_a_record_is_looked_at_where_the_plan_has_none(run, fine, refused, patient, tmp_path):
    """A graft's dose is the site's to enter; who records it first forgets the million as easily."""
    plan, after = tmp_path / "graft.json", tmp_path / "after.json"
    fine("plan", "new", "hsct-cy-tbi", "--patient", patient(), "--start", "2026-05-20", "-o", plan)
    graft = ("plan", "given", plan, "--block", "conditioning", "--day", "0", "--order", "graft", "-o", after)
    assert "less than 7,040,000 cells" in refused(*graft, "--dose", "5 cells")[0]
    assert "are in cells" in refused(*graft, "--dose", "5 mg")[0]
    assert not after.exists()
    fine(*graft, "--dose", "350e6 cells")
    assert run(*graft, "--dose", "5 cells", "--sure").code == 0


def test_a_result_in_another_unit_is_asked_about(run, refused, plan, tmp_path):
    after = tmp_path / "after.json"
    told = ("plan", "result", plan, "-o", after, "--on", "2026-06-01")
    for code, value, unit in (("bilirubin", "34", "mg/dL"), ("lipase-xuln", "240", "xULN"), ("busulfan-auc", "5", "")):
        assert "is the unit right" in refused(*told, code, "--value", value, "--unit", unit)[0]
    jump = ("creatinine", "--value", "4", "--unit", "mg/dL", "--on", "2026-01-20")
    assert "0.8 mg/dL on 02-Jan-2026" in refused(*told, *jump)[0]
    assert run(*told, *jump, "--sure").code == 0


def test_results_of_a_file_that_can_hardly_be_meant_are_told_and_keep_nothing_back(run, patient, tmp_path):
    labs = [{"date": "2026-01-03", "code": "bilirubin", "value": "34", "unit": "mg/dL"}]
    made = run(
        "plan", "new", "pomp", "--patient", patient(labs=labs), "--start", "2026-06-01", "-o", tmp_path / "made.json"
    )
    assert (made.code, "bilirubin 34 mg/dL: is the unit right" in made.error) == (0, True)


def test_a_reduction_to_hardly_anything_is_asked_about(refused, run, plan, tmp_path):
    """7 mg for 70 mg stood on every sheet; a tenth of mercaptopurine is given to some."""
    after = tmp_path / "after.json"
    less = (
        "plan",
        "reduce",
        plan,
        "--block",
        "induction",
        "--day",
        "10",
        "--order",
        "dasatinib-to-day-85",
        "-o",
        after,
    )
    why = ("--reason", "toxicity")
    assert (
        "leaves 7 mg of Dasatinib, less than a tenth of the protocol's 140 mg"
        in refused(*less, "--dose", "7 mg", *why)[0]
    )
    assert "less than a tenth" in refused(*less, "--percent", "5", *why)[0]
    assert run(*less, "--percent", "5", *why, "--sure").code == 0
    assert run(*less, "--percent", "10", *why).code == 0


def test_years_between_two_blocks_are_no_gap(refused, run, plan, tmp_path):
    after = tmp_path / "after.json"
    add = ("plan", "add", plan, "pomp", "--after", "blinatumomab", "-o", after)
    assert "a gap of 3000 days is more than two years" in refused(*add, "--gap", "3000")[0]
    again = ("plan", "repeat", plan, "--block", "blinatumomab", "--cycle", "1", "--reason", "other", "-o", after)
    assert "a gap of 900 days" in refused(*again, "--gap", "900")[0]
    far = run("plan", "move", plan, "--block", "induction", "--start", "2062-03-02", "-o", after)
    assert (far.code, "is the year right?" in far.error) == (0, True)


def test_a_result_that_a_newer_one_hides_and_a_medicine_behind_the_course_are_told(run, plan, tmp_path):
    after = tmp_path / "after.json"
    old = run(
        "plan", "result", plan, "creatinine", "--value", "0.9", "--unit", "mg/dL", "--on", "2025-03-01", "-o", after
    )
    assert (old.code, "0.8 mg/dL of 02-Jan-2026 is newer and counts from then on" in old.error) == (0, True)
    taken = run("plan", "medicine", plan, "fluconazole", "--start", "2062-03-01", "-o", after)
    assert (taken.code, "begins after the last day planned" in taken.error) == (0, True)


OWN_AGENT = """[[agents]]
id = "own-drug"
name = "Own drug"
classes = ["alkylator"]
reference = "House"
evidence = "local"
usual_unit = "mg"
"""
OWN_PROTOCOL = """id = "own"
title = "Own"
version = "1"
status = "draft"
disease = "B-ALL"
population = "Adults"
use = "Invented"
summary = "Invented"
valid_from = 2026-01-01
review_by = 2027-01-01
course = ["one"]
[references]
A = { text = "House", url = "https://example.org" }
[[phases]]
id = "one"
title = "One"
short = "One"
cycle_days = 21
references = ["A"]
[[phases.orders]]
id = "own"
agent = "own-drug"
role = "antineoplastic"
route = "IV"
days = "1, 8"
evidence = "local"
references = ["A"]
"""


def test_a_drug_whose_file_the_site_took_away_is_still_recorded_and_dosed(run, fine, patient, tmp_path):
    """The plan keeps its protocol; of the drug there is the name alone."""
    for folder, text in (("agents", OWN_AGENT), ("protocols", OWN_PROTOCOL)):
        (tmp_path / "data" / folder).mkdir(parents=True)
        (tmp_path / "data" / folder / "own.toml").write_text(text)
    plan, after = tmp_path / "own.json", tmp_path / "after.json"
    fine("plan", "new", "own", "--patient", patient(), "--start", "2026-06-01", "-o", plan)
    (tmp_path / "data" / "agents" / "own.toml").unlink()
    where = ("--block", "one", "--order", "own")
    recorded = ("plan", "given", plan, *where, "--day", "1", "--dose", "5 mg", "--on", "2026-06-01", "-o", after)
    assert run(*recorded).code == 0
    assert given(after) == [("2026-06-01", "5", "given", False)]
    assert run("plan", "enter-dose", plan, *where, "--dose", "5 mg", "-o", after).code == 0
    told = "no agent file here has own-drug, so rules about classes pass over it"
    assert told in fine("check", plan).out
    (tmp_path / "data" / "agents" / "own.toml").write_text(OWN_AGENT)
    assert told not in fine("check", plan).out
