"""Every dose that is due in a span of days recorded as given, in one step."""

import csv
import io
from datetime import date

import pytest


@pytest.fixture(autouse=True)
def in_april(monkeypatch):
    monkeypatch.setattr("planner.cli.plan_records.today", lambda: date(2026, 4, 1))


def states(fine, plan):
    rows = csv.DictReader(io.StringIO(fine("schedule", plan).out))
    return [(row["date"], row["order_id"], row["dose"], row["status"]) for row in rows if row["protocol_dose"]]


def test_all_that_is_due_is_recorded_and_nothing_else_and_what_stays_is_told(run, fine, plan, tmp_path):
    before, after = states(fine, plan), tmp_path / "after.json"
    ran = run("plan", "given-all", plan, "--by", "Ph. One", "-o", after)
    assert ran.code == 0
    why = "it has no amount (no sourced dose: enter the site's own); enter its dose, or record it alone"
    assert ran.error.splitlines() == [
        f"regimap: not recorded: Corticosteroid C1 D-7 to -1 (pre-phase/1/corticosteroid): {why}",
        f"regimap: not recorded: Corticosteroid C1 D1 to 24 (induction/1/corticosteroid-to-day-24): {why}",
    ]
    changed = [(old, new) for old, new in zip(before, states(fine, after), strict=True) if old != new]
    assert len(changed) > 5
    for old, new in changed:
        assert (old[:3], new[3]) == (new[:3], "given")
    due = [one for one in before if one[0] <= "2026-04-01" and one[2] and one[3] in ("planned", "deferred")]
    assert [old for old, _ in changed] == due


def test_a_span_a_block_and_an_order_narrow_it(fine, plan, tmp_path):
    after = tmp_path / "after.json"
    narrow = ("--block", "induction", "--order", "dasatinib-to-day-85", "--from", "2026-03-10", "--until", "2026-03-12")
    fine("plan", "given-all", plan, *narrow, "--by", "Ph. One", "-o", after)
    given = [one for one in states(fine, after) if one[3] == "given"]
    assert [one[0] for one in given] == ["2026-03-10", "2026-03-11", "2026-03-12"]
    assert {one[1].split("/")[-1] for one in given} == {"dasatinib-to-day-85"}
    again = tmp_path / "again.json"
    as_shown = ("--order", "induction/1/dasatinib-to-day-85", "--from", "2026-03-10", "--until", "2026-03-12")
    fine("plan", "given-all", plan, *as_shown, "--by", "Ph. One", "-o", again)
    assert states(fine, again) == states(fine, after)


def test_days_to_come_are_never_recorded(run, fine, refused, plan, tmp_path):
    after = tmp_path / "after.json"
    assert run("plan", "given-all", plan, "--until", "2027-01-01", "--by", "Ph. One", "-o", after).code == 0
    assert max(one[0] for one in states(fine, after) if one[3] == "given") <= "2026-04-01"
    told = refused("plan", "given-all", plan, "--from", "2026-05-01", "--by", "Ph. One", "-o", after)
    assert "none of these doses is due" in told[0]
    assert "nowhere" in refused("plan", "given-all", plan, "--block", "nowhere", "--by", "Ph. One", "-o", after)[0]
