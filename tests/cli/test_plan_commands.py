"""Making, changing, showing and comparing plans."""

import csv
import io
import json
import re
from collections import Counter

import pytest

from planner.cli.main import main


def rows(fine, plan):
    return list(csv.DictReader(io.StringIO(fine("schedule", plan).out)))


def first(found, order_id):
    return next(row for row in found if row["order_id"] == order_id)["date"]


def change(fine, plan, tmp_path, *arguments):
    """Run one edit into a new file; the new file's path."""
    after = tmp_path / "after.json"
    assert fine("plan", arguments[0], plan, *arguments[1:], "-o", after).raw == b""
    return after


def test_new_plan_places_the_whole_course(fine, plan):
    shown = fine("plan", "show", plan, "--json").json
    assert shown["id"] == "plan-1"
    assert shown["patient"]["id"] == "00123"
    assert [block["id"] for block in shown["blocks"]][:3] == ["pre-phase", "induction", "blinatumomab"]
    assert shown["blocks"][0]["start"] == "2026-03-02"
    assert shown["blocks"][1]["start"] == "2026-03-09"


def test_new_plan_goes_to_standard_output_without_o(fine, patient):
    arguments = ("plan", "new", "d-alba", "--patient", patient(), "--start", "2026-03-02")
    for more in ((), ("-o", "-")):
        assert fine(*arguments, *more).json["format"] == "regimap-plan"


def test_ids_of_new_plans_differ(fine, patient):
    arguments = ("plan", "new", "d-alba", "--patient", patient(), "--start", "2026-03-02")
    assert fine(*arguments).json["plan"]["id"] != fine(*arguments).json["plan"]["id"]


def test_choices_answer_variants_and_decisions(fine, patient, tmp_path):
    path = tmp_path / "chosen.json"
    new = ("plan", "new", "d-alba", "--patient", patient(), "--start", "2026-03-02", "--by", "Ph. One", "-o", path)
    fine(*new, "--choose", "intrathecal=us-sister-trial", "--choose", "response=no-chr")
    shown = fine("plan", "show", path, "--json").json
    assert shown["decisions"][0]["choice"] == "no-chr"
    assert shown["decisions"][0]["taken"]["by"] == "Ph. One"
    assert [block["id"] for block in shown["blocks"]] == ["pre-phase", "induction", "what-comes-next"]
    assert "induction/1/methotrexate-it" in fine("schedule", path).out


@pytest.mark.parametrize(
    ("choice", "says"),
    [
        ("intrathecal", "DECISION=OPTION"),
        ("intrathecal=nix", "us-sister-trial"),
        ("nix=1", "no variant nix"),
        ("response=nix", "no-chr"),
    ],
)
def test_choice_that_does_not_exist_is_refused(refused, patient, choice, says):
    (line,) = refused("plan", "new", "d-alba", "--patient", patient(), "--start", "2026-03-02", "--choose", choice)
    assert says in line


def test_protocol_that_does_not_exist_is_refused(refused, patient):
    (line,) = refused("plan", "new", "nix", "--patient", patient(), "--start", "2026-03-02")
    assert "no protocol nix" in line
    assert "d-alba" in line


def test_add_whole_protocol_after_a_block(fine, plan, tmp_path):
    after = change(fine, plan, tmp_path, "add", "blinatumomab-mrd", "--after", "induction", "--gap", "7")
    shown = {block["id"]: block for block in fine("plan", "show", after, "--json").json["blocks"]}
    added = [block for block in shown.values() if block["protocol"] == "blinatumomab-mrd"]
    assert added[0]["start"] == "2026-06-09"  # induction ends on 1 June, then 7 days
    assert shown["induction"]["end"] == "2026-06-01"


def test_add_one_phase_on_a_date(fine, run, plan, tmp_path):
    after = tmp_path / "after.json"
    added = run("plan", "add", plan, "calgb-10403/interim-maintenance", "--start", "2026-12-01", "-o", after)
    assert (added.code, "Course I: induction is not on the plan" in added.error) == (0, True)
    blocks = fine("plan", "show", after, "--json").json["blocks"]
    assert [(one["phase"], one["start"]) for one in blocks if one["protocol"] == "calgb-10403"] == [
        ("interim-maintenance", "2026-12-01")
    ]


def test_add_needs_one_place(refused, plan):
    refused("plan", "add", plan, "blinatumomab-mrd")
    refused("plan", "add", plan, "blinatumomab-mrd", "--start", "2026-12-01", "--after", "induction")
    assert "no block nix" in refused("plan", "add", plan, "blinatumomab-mrd", "--after", "nix")[0]
    assert "no phase nix" in refused("plan", "add", plan, "blinatumomab-mrd/nix", "--after", "induction")[0]


def test_defer_moves_what_follows(fine, plan, tmp_path):
    after = change(
        fine, plan, tmp_path, "defer", "--block", "blinatumomab", "--cycle", "1", "--day", "1", "--days", "7",
        "--scope", "following", "--reason", "toxicity", "--note", "fever",
    )  # fmt: skip
    old, new = rows(fine, plan), rows(fine, after)
    assert first(old, "blinatumomab/1/blinatumomab") == "2026-06-02"
    assert first(new, "blinatumomab/1/blinatumomab") == "2026-06-09"
    assert first(new, "blinatumomab/2/blinatumomab") == "2026-07-21"
    text = fine("plan", "show", after).out
    assert "Deferred by +" in text
    assert "C1 D1 of blinatumomab on" in text
    assert "fever" in text


def test_defer_without_cycle_and_day_means_the_blocks_first(fine, plan, tmp_path):
    short = ("defer", "--block", "blinatumomab", "--days", "7", "--scope", "following", "--reason", "counts")
    after = change(fine, plan, tmp_path, *short)
    assert json.loads(after.read_text())["plan"]["modifications"][0]["day"] == 1
    assert first(rows(fine, after), "blinatumomab/1/blinatumomab") == "2026-06-09"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (("--block", "nix", "--days", "7", "--scope", "day", "--reason", "counts"), "no block nix"),
        (("--block", "induction", "--cycle", "9", "--days", "7", "--scope", "day", "--reason", "counts"), "cycle 9"),
        (("--block", "blinatumomab", "--day", "70", "--days", "7", "--scope", "day", "--reason", "counts"), "Day 70"),
        (("--block", "induction", "--days", "0", "--scope", "day", "--reason", "counts"), "at least one day"),
        (("--block", "induction", "--days", "9999", "--scope", "all", "--reason", "counts"), "two years"),
        (("--block", "induction", "--days", "99999999", "--scope", "all", "--reason", "counts"), "far too large"),
        (("--block", "induction", "--days", "1.5", "--scope", "day", "--reason", "counts"), "whole number"),
        (("--block", "induction", "--days", "7", "--scope", "week", "--reason", "counts"), "scope"),
        (("--block", "induction", "--days", "7", "--scope", "day", "--reason", "nix"), "coded reason"),
        (("--block", "induction", "--days", "7", "--scope", "day"), "--reason"),
    ],
)
def test_wrong_deferral_is_refused_in_one_line(refused, plan, tmp_path, wrong, says):
    (line,) = refused("plan", "defer", plan, *wrong, "-o", tmp_path / "after.json")
    assert says in line
    assert not (tmp_path / "after.json").exists()


def test_omit_keeps_the_row_and_says_so(fine, plan, tmp_path):
    place = ("--block", "blinatumomab", "--cycle", "2", "--day", "1", "--order", "premedication-dexamethasone")
    after = change(fine, plan, tmp_path, "omit", *place, "--reason", "other")
    (row,) = [row for row in rows(fine, after) if row["order_id"] == "blinatumomab/2/premedication-dexamethasone"]
    assert row["status"] == "omitted"


def test_decide_takes_the_branch(fine, plan, tmp_path):
    after = change(fine, plan, tmp_path, "decide", "response=no-chr", "--on", "2026-06-01", "--by", "Ph. One")
    shown = fine("plan", "show", after, "--json").json
    taken = {"choice": "no-chr", "on": "2026-06-01", "by": "Ph. One", "note": "", "result": ""}
    assert shown["decisions"][0]["taken"] == taken
    assert [block["id"] for block in shown["blocks"]] == ["pre-phase", "induction", "what-comes-next"]


def test_an_answer_long_before_the_course_asks_is_questioned(run, plan):
    early = run("plan", "decide", plan, "response=chr", "--on", "2026-03-02", "--by", "Ph. One", "-o", "-")
    assert early.code == 0
    assert re.search(
        r"the course asks on \w{3} \d\d-\w{3}-2026, \d+ days after that; is the answer known\?", early.error
    )


def test_decision_that_is_not_there_is_refused(refused, plan):
    assert "DECISION=OPTION" in refused("plan", "decide", plan, "response")[0]
    assert "no decision nix" in refused("plan", "decide", plan, "nix=1")[0]
    assert "no-chr" in refused("plan", "decide", plan, "response=nix")[0]
    assert "no placement nix" in refused("plan", "decide", plan, "response=chr", "--group", "nix")[0]


def test_decision_of_two_placements_needs_the_group(run, fine, refused, plan, tmp_path):
    twice = change(fine, plan, tmp_path, "add", "d-alba", "--start", "2028-01-03")
    (line,) = refused("plan", "decide", twice, "response=chr")
    assert "--group d-alba --group" not in line
    assert "d-alba-2" in line
    taken = run("plan", "decide", twice, "response=chr", "--group", "d-alba-2")
    assert (taken.code, "Ponatinib is the other way" in taken.error) == (0, True)  # the protocol's note on the answer


def by_identity(found):
    """Date and time of each row, by order, day of its cycle and count on that day."""
    seen, dates = Counter(), {}
    for row in found:
        key = (row["order_id"], row["cycle_day"])
        dates[(*key, seen[key])] = (row["date"], row["time"])
        seen[key] += 1
    return dates


def test_diff_lists_every_changed_event_once(fine, plan, tmp_path):
    defer = ("--block", "blinatumomab", "--cycle", "2", "--days", "3", "--scope", "following", "--reason", "holiday")
    after = change(fine, plan, tmp_path, "defer", *defer)
    assert fine("plan", "diff", plan, plan).out == "no difference\n"
    lines = Counter()
    for line in fine("plan", "diff", plan, after).out.splitlines():
        several = re.search(r", (\d+) (doses|times)\)?$", line)
        lines[line.split(":")[0]] += int(several[1]) if several else 1
    old, new = by_identity(rows(fine, plan)), by_identity(rows(fine, after))
    assert lines["moved"] == len([key for key in old.keys() & new.keys() if old[key] != new[key]]) > 0
    assert lines["appeared"] == len(new.keys() - old.keys())
    assert lines["vanished"] == len(old.keys() - new.keys())


def test_show_in_words(fine, plan):
    text = fine("plan", "show", plan).out
    assert "Example, Ana, born 14-Mar-1998, id 00123" in text
    assert "induction: Induction (d-alba 1), C1, Mon 09-Mar-2026 to Mon 01-Jun-2026" in text
    assert "response (d-alba), due Mon 01-Jun-2026" in text
    endless = next(line for line in text.splitlines() if line.startswith("  tki-maintenance:"))
    assert ", and goes on until somebody says when it ends" in endless
    assert text.count("until somebody says when it ends") == 1
    assert "DEMO" not in text


def test_schedule_as_json_has_the_same_rows(fine, plan, tmp_path):
    as_csv = rows(fine, plan)
    as_json = fine("schedule", plan, "--format", "json").json
    assert len(as_csv) == len(as_json) > 100
    fine("schedule", plan, "-o", tmp_path / "s.csv")
    assert (tmp_path / "s.csv").read_text(encoding="utf-8") == fine("schedule", plan, "-o", "-").out


def test_acknowledge_needs_a_finding_that_is_there(refused, plan):
    (line,) = refused("plan", "acknowledge", plan, "nix", "--reason", "known", "--by", "Ph. One")
    assert "no finding nix" in line


def test_plan_id_is_only_plain_signs(refused, patient):
    new = ("plan", "new", "d-alba", "--patient", patient(), "--start", "2026-03-02")
    for wrong in ("../x", "a b", "store:x", "ä"):
        assert "letters, digits" in refused(*new, "--id", wrong)[0]


@pytest.mark.parametrize("date", ["2.3.2026", "2026-02-30", "20260302x", "0001-01-01", "9999-12-31", "tomorrow"])
def test_start_must_be_a_date(refused, patient, date):
    (line,) = refused("plan", "new", "d-alba", "--patient", patient(), "--start", date)
    assert date in line


def test_calls_that_make_no_sense_end_with_one_line(refused):
    for wrong in (
        ["nix"],
        ["plan"],
        ["plan", "nix"],
        ["schedule"],
        ["check", "--forma", "json", "x"],
        ["calc", "bsa", "1"],
    ):
        assert len(refused(*wrong)) == 1


def test_help_is_there_for_every_command(run):
    top = run("--help")
    assert top.code == 0
    for command in ("demo", "protocols", "rules", "plan", "schedule", "check", "print", "calc", "store"):
        assert command in top.out
        assert run(command, "--help").code == 0


def test_no_argument_opens_the_window(monkeypatch):
    import importlib
    import types

    asked = []

    def stand_in(name):
        asked.append(name)
        return types.SimpleNamespace(main=lambda arguments: 7 + len(arguments))

    monkeypatch.setattr(importlib, "import_module", stand_in)
    assert main([]) == 7
    assert asked == ["ui.app"]


def test_window_that_cannot_open_is_told(monkeypatch, run):
    import importlib

    def fail(name):
        raise ImportError("libEGL.so.1: cannot open shared object file")

    monkeypatch.setattr(importlib, "import_module", fail)
    result = run()
    assert result.code == 3
    assert "libEGL" in result.error


def test_no_bag_is_changed_on_a_day_that_is_told_to_be_closed(fine, plan, tmp_path):
    asked = ("--block", "blinatumomab", "--hours", "72,96", "--closed", "2026-12-25")
    bagged = change(fine, plan, tmp_path, "bags", *asked)
    told = json.loads(bagged.read_text(encoding="utf-8"))["plan"]["bag_plans"][0]
    assert told["closed"] == ["2026-12-25"]


def test_bags_are_planned_and_dropped(fine, plan, tmp_path):
    bagged = change(fine, plan, tmp_path, "bags", "--block", "blinatumomab", "--hours", "72,96", "--on", "Tue,Fri")
    hung = [row for row in rows(fine, bagged) if row["kind"] == "bag"]
    assert hung[0]["note"].startswith("bag 1 of 8: ")
    assert {row["end_time"] for row in hung} == {"09:00"}
    assert all(row["dose"] == "" for row in hung)
    again = tmp_path / "none.json"
    fine("plan", "bags", bagged, "--block", "blinatumomab", "-o", again)
    assert not [row for row in rows(fine, again) if row["kind"] == "bag"]
    assert fine("plan", "diff", plan, again).out == fine("plan", "diff", plan, plan).out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--block", "induction", "--hours", "24"), "no continuous infusion"),
        (("--block", "blinatumomab", "--hours", "36"), "there is no bag of 36 h"),
        (("--block", "blinatumomab", "--hours", "24", "--on", "Someday"), "Someday is not a weekday"),
    ],
)
def test_wrong_bags_are_refused(run, plan, tmp_path, arguments, words):
    result = run("plan", "bags", plan, *arguments, "-o", tmp_path / "x.json")
    assert result.code == 2
    assert words in result.error
    assert not (tmp_path / "x.json").exists()


def test_a_delay_takes_along_what_has_to_wait(fine, run, plan, tmp_path):
    blocks = {one["id"]: one["start"] for one in fine("plan", "show", plan, "--json").json["blocks"]}
    after = change(fine, plan, tmp_path, "move", "--block", "induction", "--days", "3", "--waits")
    moved = {one["id"]: one["start"] for one in fine("plan", "show", after, "--json").json["blocks"]}
    assert (moved["induction"], moved["pre-phase"]) == ("2026-03-12", blocks["pre-phase"])
    weekend = ("--waits", "--weekdays", "Sat,Sun")
    after = change(fine, plan, tmp_path, "move", "--block", "induction", "--days", "5", *weekend)
    shown = fine("plan", "show", after, "--json").json["blocks"]
    assert next(one["start"] for one in shown if one["id"] == "induction") == "2026-03-16", "a Saturday, so Monday"
    for wrong in (("--days", "0"), ("--days", "-2"), ("--start", "2026-04-01")):
        ran = run("plan", "move", plan, "--block", "induction", *wrong, "--waits", "-o", tmp_path / "no.json")
        assert ran.code == 2
        assert not (tmp_path / "no.json").exists()


@pytest.mark.parametrize(
    "edit",
    [
        ("move", "--block", "induction", "--days", 7),
        ("repeat", "--block", "induction", "--cycle", 1, "--reason", "other"),
    ],
)
def test_what_has_begun_keeps_its_start(fine, refused, plan, tmp_path, edit):
    """A dose keeps the day it was given on: moving the start of its cycle would leave it days before its own day."""
    begun, later = tmp_path / "begun.json", tmp_path / "later.json"
    named = ("--block", "blinatumomab", "--day", 1, "--order", "blinatumomab/1/blinatumomab")
    fine("plan", "given", plan, *named, "-o", begun)
    (said,) = refused("plan", edit[0], begun, *edit[1:], "-o", later)
    assert "Blinatumomab D1 of" in said
    assert "was given on Tue 02-Jun-2026" in said
    assert "What has begun keeps its start" in said
    assert not later.exists()


def test_a_held_drug_goes_on_by_its_full_id_too(run, plan, tmp_path):
    held, on = tmp_path / "held.json", tmp_path / "on.json"
    order = ("--block", "blinatumomab", "--order", "blinatumomab/1/dasatinib")
    assert run("plan", "hold", plan, *order, "--day", 5, "--reason", "toxicity", "-o", held).code == 0
    assert run("plan", "resume", held, *order, "--on", "2026-06-12", "-o", on).code == 0


def test_an_order_named_by_its_full_id_has_to_be_of_that_block(refused, plan, tmp_path):
    named = ("--block", "induction", "--day", 1, "--order", "blinatumomab/1/blinatumomab")
    (said,) = refused("plan", "given", plan, *named, "-o", tmp_path / "no.json")
    assert said == "regimap: blinatumomab/1/blinatumomab is not an order of induction C1"


def test_a_block_is_shown_from_the_day_of_its_first_medicine_as_the_sheets_do(fine, patient, tmp_path):
    path = tmp_path / "plan.json"
    fine("plan", "new", "hsct-bu-flu", "--patient", patient(), "--start", "2026-12-07", "-o", path)
    shown = fine("plan", "show", path).out
    assert "C1, Sun 06-Dec-2026 to Sat 12-Dec-2026 (Day -5 is Mon 07-Dec-2026; a medicine comes before it)" in shown


def test_a_block_moved_behind_the_conditioning_counts_from_its_day_0(run, fine, patient, tmp_path):
    path, hung = tmp_path / "plan.json", tmp_path / "hung.json"
    fine("plan", "new", "hsct-cy-tbi", "--patient", patient(), "--start", "2026-12-07", "-o", path)
    fine("plan", "add", path, "ptcy-gvhd", "--start", "2026-12-14", "-o", path)
    ran = run("plan", "move", path, "--block", "ptcy", "--after", "conditioning", "-o", hung)
    assert (ran.code, ran.error) == (0, "regimap: Day 0 of PTCy is Day 0 of Conditioning\n")
    assert "ptcy: PTCy (ptcy-gvhd 1), C1, Mon 14-Dec-2026" in fine("plan", "show", hung).out


def test_a_course_begun_elsewhere_says_which_question_it_hangs_on_and_is_answered(fine, run, patient, tmp_path):
    """Nobody asked for the response of an induction that is not on the plan, and everything printed as provisional."""
    path = tmp_path / "later.json"
    late = ("calgb-10403/delayed-intensification", "--patient", patient(), "--start", "2026-10-05", "-o", path)
    told = run("plan", "new", *late).error
    assert "Say it with plan decide: response=… (cr, no-cr)" in told
    assert "provisional" in fine("plan", "show", path).out
    fine("plan", "decide", path, "response=cr", "-o", path)
    assert "provisional" not in fine("plan", "show", path).out
