"""A plan changed on another computer comes home as the next revision where nothing was changed here meanwhile."""

import json

import pytest
from msgspec.structs import replace

from planner.errors import EnvironmentProblem, InputProblem, Refusal
from planner.model.revision import Passed
from planner.services.store import coming_home
from planner.services.store.archive import Archive
from planner.services.store.coming_home import changes_told, passed_of, standing_of
from planner.services.store.exchange import Incoming, PlanFile, bring_in, export_all, look_at_plans
from planner.services.store.plan_files import plan_text
from planner.storage.plan_codec import decode_with_passed
from tests.storage.plans import AT, later, resealed, small_plan

FIRST, *MORE = (later(small_plan(), days) for days in (1, 2, 3, 4))


@pytest.fixture
def computers(tmp_path):
    """Two stores, which both have the plan; the first saved it twice before."""
    with Archive.open(tmp_path / "a") as here, Archive.open(tmp_path / "b") as there:
        here.save(small_plan(), "New plan", "Ana", AT)
        here.save(FIRST, "Defer", "Ana", AT)
        hand_over(here, there)
        yield here, there


def looked_at(giver: Archive, taker: Archive) -> tuple[Incoming, ...]:
    """What the one would find in a plan file of the other."""
    plan = giver.load("plan-1")
    back, passed = decode_with_passed(plan_text(plan, passed_of(giver, plan)), "f")
    return look_at_plans(taker, [PlanFile(back, "p.json", passed=passed)])


def hand_over(giver: Archive, taker: Archive) -> tuple[str, ...]:
    return bring_in(taker, looked_at(giver, taker), "Ana", AT, later=True)


def test_what_was_changed_elsewhere_follows_what_is_here(computers):
    here, there = computers
    there.save(MORE[0], "Defer", "Bea", "2026-11-29T10:00:00+01:00")
    there.save(MORE[1], "Defer", "Bea", "2026-11-29T11:00:00+01:00")
    (one,) = looked_at(there, here)
    assert (one.verdict, one.since) == ("later", 2)
    assert "2 changes, the last by Bea on 29-Nov-2026 10:00 UTC" in one.line
    assert bring_in(here, [one], "Ana", AT) == (), "never unasked"
    assert bring_in(here, [one], "Ana", AT, later=True) == ("plan-1",)
    assert here.load("plan-1") == MORE[1]
    newest = here.history("plan-1")[-1]
    assert (newest.counter, newest.who) == (3, "Ana")
    assert newest.what == "Import of changes made elsewhere: 2 changes, the last by Bea on 29-Nov-2026 10:00 UTC"
    assert here.verify() == ()
    assert [found.verdict for found in looked_at(there, here)] == ["same"]
    with pytest.raises(Refusal, match="meanwhile"):
        bring_in(here, [one], "Ana", AT, later=True)


def test_it_goes_to_and_fro(computers):
    here, there = computers
    for number, plan in enumerate((*MORE, FIRST, small_plan()), 1):
        giver, taker = (there, here) if number % 2 else (here, there)
        giver.save(plan, "Defer", "Bea", AT)
        assert hand_over(giver, taker) == ("plan-1",)
        assert taker.load("plan-1") == plan


def test_it_comes_home_from_a_third_computer_that_got_it_from_the_second(computers, tmp_path):
    """It came home only by the second: the third knew no state that the first has."""
    here, there = computers
    there.save(MORE[0], "Defer", "Bea", AT)
    with Archive.open(tmp_path / "c") as third:
        assert hand_over(there, third) == ("plan-1",)
        third.save(MORE[1], "Defer", "Cyd", AT)
        third.save(MORE[2], "Defer", "Cyd", AT)
        assert [(one.verdict, one.since) for one in looked_at(third, here)] == [("later", 2)]
        assert [(one.verdict, one.since) for one in looked_at(third, there)] == [("later", 2)]
        assert [(one.kind, one.what) for one in third.trail("plan-1")][:2] == [
            ("save", "Import of a plan file"),
            ("elsewhere", "2 changes, the last by Ana on 22-Nov-2026 10:00 UTC"),
        ]
        assert third.verify() == ()
        plan = third.load("plan-1", 2)
        assert standing_of(third, plan, passed_of(third, plan, 2))[:2] == ("earlier", 2)
        assert hand_over(third, here) == ("plan-1",)
    assert here.load("plan-1") == MORE[2]
    assert here.verify() == ()


def test_what_was_changed_at_home_meanwhile_keeps_the_third_computer_out(computers, tmp_path):
    here, there = computers
    there.save(MORE[0], "Defer", "Bea", AT)
    with Archive.open(tmp_path / "c") as third:
        hand_over(there, third)
        third.save(MORE[1], "Defer", "Cyd", AT)
        here.save(MORE[2], "Defer", "Ana", AT)
        assert [(one.verdict, one.since) for one in looked_at(third, here)] == [("parted", 2)]


def test_a_changed_line_of_where_it_was_is_told(computers, tmp_path):
    _, there = computers
    there.save(MORE[0], "Defer", "Bea", AT)
    with Archive.open(tmp_path / "c") as third:
        hand_over(there, third)
        connection = third.repository._connection
        connection.execute("DROP TRIGGER act_unchanged")
        connection.execute("UPDATE act SET body = replace(body, 'Ana', 'Eve') WHERE kind = 'elsewhere'")
        assert third.verify() == ("audit trail: line 2 was changed: the states it holds",)
        with pytest.raises(EnvironmentProblem, match="plan plan-1, history line 1"):
            passed_of(third, third.load("plan-1"))


def test_a_plan_set_back_elsewhere_to_an_earlier_state_of_here_and_changed_is_later(computers):
    """It was told as changed in both places: the last state known here was looked for, and not the newest."""
    here, there = computers
    here.save(MORE[0], "Defer", "Ana", AT)
    assert hand_over(here, there) == ("plan-1",)
    there.save(there.load("plan-1", 1), "Restore", "Bea", AT)
    there.save(MORE[1], "Defer", "Bea", AT)
    (one,) = looked_at(there, here)
    assert (one.verdict, one.since, len(one.there)) == ("later", 3, 2)


def test_what_was_changed_in_both_places_stays_and_both_are_named(computers):
    here, there = computers
    here.save(MORE[0], "Defer", "Ana", AT)
    there.save(MORE[1], "Defer", "Bea", AT)
    (one,) = looked_at(there, here)
    assert (one.verdict, one.since) == ("parted", 2)
    assert "here (1 change, by Ana" in one.line
    assert "elsewhere (1 change, by Bea" in one.line
    assert bring_in(here, [one], "Ana", AT, later=True) == ()


def test_an_earlier_state_is_told_by_its_revision(computers):
    here, there = computers
    here.save(MORE[0], "Defer", "Ana", AT)
    here.save(FIRST, "Undo", "Ana", AT)
    here.save(MORE[1], "Defer", "Ana", AT)
    assert [(one.verdict, one.since) for one in looked_at(there, here)] == [("earlier", 4)]
    old = here.load("plan-1", 3)
    assert standing_of(here, old, passed_of(here, old, 3))[:2] == ("earlier", 3)


def test_a_plan_taken_back_elsewhere_to_what_it_was_is_a_change(computers):
    here, there = computers
    there.save(small_plan(), "Back", "Bea", AT)
    assert [(one.verdict, one.since) for one in looked_at(there, here)] == [("later", 2)]


def test_a_file_that_knows_nothing_of_the_states_here_stays_out(computers):
    here, _ = computers
    assert standing_of(here, MORE[0], ()).verdict == "other"
    assert passed_of(here, replace(FIRST, id="new")) == ()


def test_a_state_that_was_not_saved_is_told_with_who_made_it(computers):
    here, there = computers
    passed = passed_of(there, MORE[0], None, "Bea", AT)
    assert standing_of(here, MORE[0], passed).there[-1].who == "Bea"


def test_the_newest_state_is_known_though_an_older_version_wrote_it(computers, monkeypatch):
    """It wrote fewer fields, so its checksum in the history is another one than that of a file made of it today."""
    here, there = computers
    there.save(MORE[0], "Defer", "Bea", AT)
    (*_, passed), states = passed_of(there, MORE[0]), coming_home._states(here, "plan-1")
    monkeypatch.setattr(coming_home, "_states", lambda *_: (states[0], replace(states[1], checksum="older")))
    assert standing_of(here, MORE[0], (*passed_of(here, FIRST), passed))[:2] == ("later", 2)


def test_no_name_in_a_file_makes_a_line_of_its_own(computers):
    here, there = computers
    passed = passed_of(there, MORE[0], None, "Bea\n9: Ana:\x1b[2J \u202egnorw" + "x" * 500, "2026-11-29\n" * 9)
    (one,) = look_at_plans(here, [PlanFile(MORE[0], "p.json", passed=passed)])
    assert one.line.isprintable()
    bring_in(here, [one], "Ana", AT, later=True)
    what = here.history("plan-1")[-1].what
    assert what.isprintable()
    assert "Bea9: Ana:[2J gnorw" in what
    assert len(what) < 200


def test_every_exported_plan_knows_where_it_was(computers, tmp_path):
    here, there = computers
    there.save(MORE[0], "Defer", "Bea", AT)
    export_all(there, tmp_path / "out")
    plan, passed = decode_with_passed((tmp_path / "out" / "plan-1.json").read_text("utf-8"), "f")
    assert standing_of(here, plan, passed).verdict == "later"


def test_a_file_whose_states_are_not_those_of_its_plan_is_refused():
    text = plan_text(FIRST, coming_home.with_own((coming_home.Passed("x", "Ana", AT),), FIRST))
    assert decode_with_passed(text, "f")[1][0].who == "Ana"
    with pytest.raises(InputProblem, match="passed: the last state must be that of the plan"):
        decode_with_passed(resealed(text, lambda plan: plan.update(demo=False)), "f")
    outer = json.loads(text)
    for wrong in (7, [7], [{"checksum": "x"}], None):
        with pytest.raises(InputProblem, match="f: passed"):
            decode_with_passed(json.dumps({**outer, "passed": wrong}), "f")
    with pytest.raises(InputProblem, match="exactly the keys"):
        decode_with_passed(json.dumps({**outer, "version": 12}), "f")


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("2026-10-25T02:30:00+01:00", "25-Oct-2026 01:30"),
        ("one day", "one day"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00"),
        ("9999-12-31T23:59:00-12:00", "9999-12-31T23:59"),
    ],
)
def test_a_moment_of_a_file_is_told_whatever_stands_there(at, told):
    """A moment that UTC puts before the first year or behind the last ended the import with a traceback."""
    assert told in changes_told((Passed("c", "Ana", at),), str.format)
