"""More leucovorin after a high level, from the finding to the schedule, and back again."""

from datetime import date, timedelta

import pytest

from tests.cli.test_plan_commands import rows


@pytest.fixture
def course(fine, patient, tmp_path):
    """Hyper-CVAD with 6 micromol/L two days after its first methotrexate; the file, and that methotrexate's row."""
    made = tmp_path / "made.json"
    fine("plan", "new", "hyper-cvad", "--patient", patient(), "--start", "2026-03-02", "-o", made)
    lead = next(one for one in rows(fine, made) if one["agent"] == "methotrexate" and one["route"] == "IV")
    on = (date.fromisoformat(lead["date"]) + timedelta(2)).isoformat()
    value = ("methotrexate-level", "--value", "6", "--unit", "micromol/L", "--on", on)
    fine("plan", "result", made, *value, "-o", made)
    return made, lead


def rescue(fine, file, after=""):
    return [one for one in rows(fine, file) if one["role"] == "rescue" and one["date"] >= after]


def of_rule(run, file, rule):
    return [one for one in run("check", file, "--format", "json").json if one["rule"] == rule]


def test_the_finding_offers_what_its_source_gives_and_is_gone_then(run, fine, course, tmp_path):
    made, _ = course
    after = tmp_path / "after.json"
    offered = of_rule(run, made, "MT-06b")[0]["fixes"]
    assert [one["id"] for one in offered] == ["raise-rescue"]
    assert offered[0]["title"].startswith("Give Leucovorin 150 mg IV every 3 h from ")
    fine("fix", made, "MT-06b", "raise-rescue", "-o", after)
    assert "after the start of methotrexate-2-h on" in fine("plan", "show", after).out
    assert of_rule(run, after, "MT-06b") == []
    assert of_rule(run, after, "MT-19") == []
    new = [one for one in rescue(fine, after) if one["dose"] == "150"]
    assert {one["status"] for one in new} == {"planned"}
    assert all(one["time"] for one in new)
    begins = (new[0]["date"], new[0]["time"])
    old = [one for one in rescue(fine, after) if one["order_id"].endswith("leucovorin-next")]
    behind = [one for one in old if begins <= (one["date"], one["time"]) <= (new[-1]["date"], new[-1]["time"])]
    assert behind
    assert {one["status"] for one in behind} == {"stopped"}


def test_a_rule_asks_for_it_so_nobody_is_asked_and_the_day_sheet_has_its_hours(run, fine, course, tmp_path):
    made, lead = course
    after, sheet = tmp_path / "after.json", tmp_path / "day.pdf"
    block, cycle, _ = lead["order_id"].split("/")
    on = (date.fromisoformat(lead["date"]) + timedelta(2)).isoformat()
    where = ("--block", block, "--cycle", cycle, "--order", "leucovorin-next", "--on", on, "--at", "18:00")
    why = ("--reason", "toxicity", "--grade", "3")
    fine("plan", "rescue", made, *where, "--dose", "150 mg", "--every", "3", *why, "-o", after)
    fine("plan", "rescue", after, *where[:-1], "21:30", "--dose", "15 mg", "--every", "3", *why, "-o", after)
    asked = run("plan", "rescue", made, *where, "--dose", "1500 mg", "--every", "3", *why, "-o", after)
    assert (asked.code, "(MT-06" in asked.error) == (2, True)
    shown = fine("plan", "show", after).out
    assert "1. Planned leucovorin-every-3-h: leucovorin 150 mg IV every 3 h on D" in shown
    assert [one["time"] for one in rescue(fine, after, on) if one["dose"] == "150" and one["status"] == "planned"] == [
        "18:00",
        "21:00",
    ]
    fine("print", after, "--sheet", "daysheet", "--from", on, "--until", on, "-o", sheet)
    fine("plan", "take-back", after, "2", "-o", after)
    fine("plan", "take-back", after, "1", "-o", after)
    assert rescue(fine, after) == rescue(fine, made)


@pytest.mark.parametrize("at", ["25:00", "9", "09:60", "noon"])
def test_an_hour_is_a_clock_time(run, course, at):
    made, _ = course
    where = ("--block", "part-b", "--order", "leucovorin-next", "--on", "2026-03-26", "--at", at)
    told = run("plan", "rescue", made, *where, "--dose", "150 mg", "--every", "3", "--reason", "other")
    assert (told.code, "is not a clock time" in told.error) == (2, True)


def test_one_added_dose_has_its_hour_and_moves_with_the_dose_it_counts_from(fine, refused, course, tmp_path):
    made, lead = course
    after = tmp_path / "after.json"
    block, cycle, _ = lead["order_id"].split("/")
    what = ("--block", block, "--cycle", cycle, "--name", "glu", "--agent", "glucarpidase", "--route", "IV")
    dose = ("--dose", "50 units/kg", "--days", "3", "--reason", "toxicity")
    for hour in ("04:00", "20:00", "10:30", "23:59"):
        fine("plan", "order", made, *what, "--role", "supportive", *dose, "--at", hour, "-o", after)
        new = next(one for one in rows(fine, after) if one["agent"] == "glucarpidase")
        assert (new["cycle_day"], new["time"]) == ("3", hour)
    assert refused("plan", "order", made, *what, "--role", "rescue", *dose, "--at", "20:00", "-o", after)
    several = (*dose[:-4], "--days", "3,4", *dose[-2:])
    assert refused("plan", "order", made, *what, "--role", "supportive", *several, "--at", "20:00", "-o", after)
    early = (*dose[:-4], "--days", "1", *dose[-2:])
    told = refused("plan", "order", made, *what, "--role", "supportive", *early, "--at", "00:10", "-o", after)
    assert "has a clock time before 00:10 on D1" in told[0]
    assert "glucarpidase" not in made.read_text(encoding="utf-8")
