"""What a command tells beside what it does: what is stopped, comes back, stays behind, or is not written over."""

import re
from datetime import date, timedelta

from tests.cli.test_plan_commands import rows


def test_a_stop_of_everything_is_shown_and_a_drug_that_comes_back_is_told(run, fine, plan, tmp_path):
    where = ("--block", "induction", "--cycle", "1", "--day", "15")
    after = tmp_path / "after.json"
    fine("plan", "stop", plan, *where, "--scope", "all", "--reason", "other", "-o", after)
    shown = fine("plan", "show", after).out
    assert re.search(r"^  induction: .*, stopped from Mon 23-Mar-2026$", shown, re.MULTILINE)
    assert re.search(r"^  blinatumomab: .*, stopped$", shown, re.MULTILINE)
    blocks = fine("plan", "show", after, "--json").json["blocks"]
    assert {block["id"]: block["stopped"] for block in blocks}["pre-phase"] is False
    assert {block["id"]: block["stopped"] for block in blocks}["blinatumomab"] is True
    told = run("plan", "stop", plan, *where, "--order", "dasatinib-to-day-85", "--reason", "toxicity", "-o", after)
    assert told.code == 0
    assert "Dasatinib is then given as before in " in told.error
    assert "--scope all" in told.error


def test_what_is_made_of_a_plan_is_not_written_over_it(refused, fine, plan, tmp_path, monkeypatch):
    before = plan.read_bytes()
    for command in (("print", plan, "--sheet", "calendar"), ("schedule", plan), ("check", plan)):
        assert refused(*command, "-o", plan)[0].endswith("that is the plan itself; name another file")
    monkeypatch.chdir(plan.parent)
    assert "the plan itself" in refused("export", plan, "--to", "ics", "-o", plan.name)[0]
    assert plan.read_bytes() == before


def test_what_earlier_changes_do_to_a_protocol_that_is_added_is_told(run, fine, plan, tmp_path):
    after = tmp_path / "after.json"
    where = ("--block", "induction", "--day", "15", "--order", "dasatinib-to-day-85", "--scope", "all")
    fine("plan", "reduce", plan, *where, "--percent", "50", "--reason", "toxicity", "-o", after)
    told = run("plan", "add", after, "hyper-cvad-dasatinib", "--start", "2027-09-06", "-o", tmp_path / "more.json")
    assert told.code == 0
    assert "Dasatinib: dose 50 %: toxicity (an earlier change reaches what is placed now)" in told.error
    quiet = run("plan", "add", plan, "hyper-cvad-dasatinib", "--start", "2027-09-06", "-o", tmp_path / "more.json")
    assert "earlier change" not in quiet.error


def test_what_a_dose_given_on_another_day_takes_along_is_told(run, fine, patient, tmp_path, monkeypatch):
    monkeypatch.setattr("planner.cli.plan_records.today", lambda: date(2026, 6, 1))
    made, after = tmp_path / "made.json", tmp_path / "after.json"
    fine("plan", "new", "hyper-cvad", "--patient", patient(), "--start", "2026-03-02", "-o", made)
    rows_of = [one for one in rows(fine, made) if one["agent"] == "methotrexate" and one["route"] == "IV"]
    due, order = date.fromisoformat(rows_of[0]["date"]), rows_of[0]["order_id"].split("/")
    late = (due + timedelta(1)).isoformat()
    where = ("--block", order[0], "--cycle", order[1], "--day", rows_of[0]["cycle_day"], "--order", order[2])
    told = run("plan", "given", made, *where, "--on", late, "-o", after)
    assert told.code == 0
    assert "Methotrexate was given on another day (+1 d); what goes with it moves along: " in told.error
    rescue = [next(one["date"] for one in rows(fine, file) if one["agent"] == "leucovorin") for file in (made, after)]
    assert date.fromisoformat(rescue[1]) - date.fromisoformat(rescue[0]) == timedelta(1)
    assert "another day" not in run("plan", "given", made, *where, "--on", late, "--follow", "cycle", "-o", after).error


def test_a_dose_that_would_stand_for_another_order_of_the_drug_is_asked_about(run, fine, patient, tmp_path):
    made, after = tmp_path / "made.json", tmp_path / "after.json"
    fine("plan", "new", "hyper-cvad", "--patient", patient(), "--start", "2026-03-02", "-o", made)
    where = ("--block", "part-b", "--day", "2", "--order", "leucovorin-first", "--scope", "cycle", "--reason", "other")
    other = ("plan", "replace", made, *where, "--agent", "levoleucovorin", "--dose", "25 mg", "-o", after)
    asked = run(*other)
    assert asked.code == 2
    assert "25 mg would stand in place of Leucovorin 15 mg (leucovorin-next) too" in asked.error
    assert "--alone" in asked.error
    assert "leucovorin-next)" in run(*other, "--preview").error
    assert run(*other, "--alone").code == 0
    assert {one["agent"] for one in rows(fine, after) if "leucovorin-next" in one["order_id"]} == {"leucovorin"}
    assert run(*other, "--sure").code == 0
    assert "levoleucovorin" in {one["agent"] for one in rows(fine, after) if "leucovorin-next" in one["order_id"]}
    less = ("plan", "reduce", made, "--block", "part-b", "--day", "1", "--order", "methotrexate-22-h", "-o", after)
    told = run(*less, "--percent", "75", "--reason", "toxicity")
    assert "Methotrexate 200 mg/m2 (methotrexate-2-h); with --alone it does not" in told.error
    stop = ("plan", "stop", made, *where[:2], "--day", "1", "--order", "methotrexate-22-h", "-o", after)
    assert "Does not reach: Methotrexate IT (intrathecal)" in run(*stop, "--reason", "toxicity", "--scope", "all").error


def test_a_reduction_that_raises_is_asked_about_and_an_order_on_hold_is_told(run, fine, patient, tmp_path):
    made, after = tmp_path / "made.json", tmp_path / "after.json"
    fine("plan", "new", "pomp", "--patient", patient(), "--start", "2026-03-02", "-o", made)
    where = ("--block", "first-year", "--order", "mercaptopurine", "--reason", "toxicity", "--scope", "all")
    fine("plan", "reduce", made, *where, "--day", "1", "--percent", "33", "-o", after)
    more = ("plan", "reduce", after, *where, "--day", "8", "--percent", "80", "-o", after)
    asked = run(*more)
    assert asked.code == 2
    assert "raises Mercaptopurine from 16.5 mg to 40 mg from Mon 09-Mar-2026 on" in asked.error
    assert run(*more, "--sure").code == 0
    fine("plan", "hold", made, *where, "--day", "8", "-o", after)
    new = ("--name", "extra", "--agent", "mercaptopurine", "--role", "antineoplastic", "--route", "PO")
    told = run(
        *("plan", "order", after, "--block", "first-year", "--days", "9", *new),
        *("--dose", "50 mg", "--reason", "other", "--sure", "-o", after),
    )
    assert told.code == 0
    assert "Mercaptopurine is not given as ordered: on hold: toxicity" in told.error


def test_a_drug_without_an_end_is_stopped_from_a_day_on_which_it_is_not_drawn(run, fine, patient, tmp_path):
    made, after = tmp_path / "made.json", tmp_path / "after.json"
    chosen = ("--choose", "partner=ciclosporin", "--start", "2026-03-02")
    fine("plan", "new", "ptcy-gvhd", "--patient", patient(), *chosen, "-o", made)
    where = ("--block", "ptcy", "--day", "22", "--order", "ciclosporin", "--reason", "toxicity")
    told = run("plan", "stop", made, *where, "-o", after)
    assert told.code == 0
    assert "Ciclosporin may go on behind its drawn days; it ends before D22" in told.error
    assert "Stopped ciclosporin IV from C1 D22 of ptcy" in fine("plan", "show", after).out


def test_what_counts_from_the_graft_begins_on_its_day_zero(run, fine, patient, tmp_path):
    made, after = tmp_path / "made.json", tmp_path / "after.json"
    fine("plan", "new", "hsct-bu-cy", "--patient", patient(), "--start", "2026-03-02", "-o", made)
    told = run("plan", "add", made, "ptcy-gvhd", "--after", "conditioning", "-o", after)
    assert told.code == 0
    assert "Day 0 of PTCy is Day 0 of Conditioning" in told.error
    begins = {
        block["id"]: (block["start"], block["end"]) for block in fine("plan", "show", after, "--json").json["blocks"]
    }
    assert begins["ptcy"][0] == begins["conditioning"][1]
    told = run("plan", "add", made, "ptcy-gvhd", "--after", "conditioning", "--gap", "1", "-o", after)
    assert "Day 0 of PTCy is Wed 11-Mar-2026, and the cells are on Mon 09-Mar-2026" in told.error
    assert "Day 0" not in run("plan", "add", made, "pomp", "--after", "conditioning", "-o", after).error


def test_what_is_placed_after_a_stopped_block_is_told_when_it_was_stopped(run, fine, plan, tmp_path):
    after = tmp_path / "after.json"
    where = ("--block", "blinatumomab", "--cycle", "1", "--day", "15", "--reason", "toxicity")
    told = run("plan", "stop", plan, *where, "-o", after)
    assert told.code == 0
    assert "What is planned behind it still comes, from " in told.error
    told = run("plan", "add", after, "inotuzumab-rr", "--after", "blinatumomab", "-o", tmp_path / "more.json")
    assert told.code == 0
    assert re.search(r"is stopped from \w{3} \d\d-\w{3}-\d{4} on, but its dates run to ", told.error)
    quiet = run("plan", "add", plan, "inotuzumab-rr", "--after", "blinatumomab", "-o", tmp_path / "more.json")
    assert "is stopped" not in quiet.error


def test_a_record_made_by_mistake_is_taken_back_and_a_second_one_names_the_first(
    run, fine, refused, plan, tmp_path, monkeypatch
):
    monkeypatch.setattr("planner.cli.plan_records.today", lambda: date(2026, 12, 1))
    once, twice, back = tmp_path / "once.json", tmp_path / "twice.json", tmp_path / "back.json"
    first = next(one for one in rows(fine, plan) if one["agent"] == "dasatinib")
    block, cycle, order = first["order_id"].split("/")
    where = ("--block", block, "--cycle", cycle, "--day", first["cycle_day"], "--order", order)
    assert "has no record" in refused("plan", "given", plan, *where, "--status", "planned", "-o", back)[0]
    fine("plan", "given", plan, *where, "-o", once)
    told = run("plan", "given", once, *where, "--dose", "70 mg", "--sure", "-o", twice)
    assert "in place of the record" in told.error
    fine("plan", "given", once, *where, "--status", "planned", "-o", back)
    assert next(one for one in rows(fine, back) if one["agent"] == "dasatinib")["status"] == "planned"


def test_a_lost_deferral_and_a_block_before_its_question_are_told(run, fine, plan, patient, tmp_path):
    made, after = tmp_path / "made.json", tmp_path / "after.json"
    fine("plan", "new", "pomp", "--patient", patient(), "--start", "2026-03-02", "-o", made)
    where = ("--block", "first-year", "--cycle", "2")
    away = ("--day", "1", "--days", "9", "--scope", "all", "--reason", "holiday")
    assert run("plan", "defer", made, *where, *away, "-o", made).code == 0
    told = run("plan", "skip", made, *where, "--close", "--reason", "other", "-o", after)
    assert "the deferral by +9 days goes with the cycle" in told.error
    early = ("--block", "blinatumomab", "--cycle", "1", "--day", "1", "--days", "-30", "--scope", "following")
    told = run("plan", "defer", plan, *early, "--reason", "other", "-o", after)
    assert "days before the question it waits for is asked" in told.error


def test_a_graft_on_another_day_asks_what_counts_from_it(run, fine, patient, tmp_path, monkeypatch):
    monkeypatch.setattr("planner.cli.plan_records.today", lambda: date(2026, 6, 1))
    made, after = tmp_path / "made.json", tmp_path / "after.json"
    fine("plan", "new", "hsct-flu-bu-ric", "--patient", patient(), "--start", "2026-03-02", "-o", made)
    graft = next(one for one in rows(fine, made) if one["kind"] == "cell_infusion")
    fine("plan", "add", made, "ptcy-gvhd", "--start", graft["date"], "-o", made)
    block, cycle, order = graft["order_id"].split("/")
    late = (date.fromisoformat(graft["date"]) + timedelta(1)).isoformat()
    where = ("--block", block, "--cycle", cycle, "--day", graft["cycle_day"], "--order", order, "--on", late)
    told = run("plan", "given", made, *where, "--dose", "4e8 cells", "-o", after)
    assert told.code == 2
    assert "PTCy counts from" in told.error
    assert run("plan", "given", made, *where, "--dose", "4e8 cells", "--sure", "-o", after).code == 0
    fine("plan", "move", made, "--block", "ptcy", "--days", "1", "-o", made)
    assert "counts from" not in run("plan", "given", made, *where, "--dose", "4e8 cells", "-o", after).error


def test_a_second_plan_and_a_number_of_somebody_else_are_told_when_a_plan_is_made(run, fine, patient):
    new = ("plan", "new", "pomp", "--start", "2026-03-02", "-o", "store:")
    fine(*new, "--patient", patient(), "--id", "P1")
    again = run(*new, "--patient", patient(), "--id", "P2")
    assert (again.code, "another plan of this patient: P1 (pomp). " in again.error) == (0, True)
    slip = run(*new, "--patient", patient(birth_date="1959-03-02"), "--id", "P3")
    assert "P1 (pomp, born 14-Mar-1998)" in slip.error, "what differs is said"
    stranger = patient(birth_date="1959-03-02", name={"family": "Other", "given": "Bo"})
    assert "the number 00123 is also that of Example, Ana" in run(*new, "--patient", stranger).error


def test_days_before_the_first_one_are_read_behind_a_space(fine, patient, tmp_path):
    made = tmp_path / "made.json"
    fine("plan", "new", "hsct-flu-bu-ric", "--patient", patient(), "--start", "2026-03-02", "-o", made)
    block = rows(fine, made)[0]["block"]
    what = ("--name", "acid", "--agent", "folic-acid", "--role", "supportive", "--route", "PO", "--dose", "1 mg")
    fine("plan", "order", made, "--block", block, *what, "--days", "-2:-1", "--reason", "other", "-o", made)
    assert [one["cycle_day"] for one in rows(fine, made) if one["agent"] == "folic-acid"] == ["-2", "-1"]


def test_every_cycle_from_one_on_leaves_the_cycles_before_it_alone(fine, patient, tmp_path):
    made, after = tmp_path / "made.json", tmp_path / "after.json"
    fine("plan", "new", "pomp", "--patient", patient(), "--start", "2026-03-02", "-o", made)
    where = ("--block", "first-year", "--cycle", "3", "--every-cycle", "--days", "3,10", "--reason", "other")
    what = ("--name", "acid", "--agent", "folic-acid", "--role", "supportive", "--route", "PO", "--dose", "1 mg")
    fine("plan", "order", made, *where, *what, "-o", after)
    new = [one for one in rows(fine, after) if one["agent"] == "folic-acid"]
    assert [(one["cycle"], one["cycle_day"]) for one in new[:3]] == [("3", "3"), ("3", "10"), ("4", "3")]
    assert len(new) == 2 * 10
    looked = tmp_path / "looked.json"
    fine("plan", "examine", after, *where, "--name", "liver", "--title", "Liver tests", "-o", looked)
    assert len([one for one in rows(fine, looked) if one["order_id"].endswith("/liver")]) == 2 * 10
