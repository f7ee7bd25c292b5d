"""Plans that earlier versions of this program made: today's shows the dates and doses that those versions showed.

Each pair of files in tests/old was written by the last code of its format: the plan by that version's commands (a
protocol placed, decided, deferred, cut into bags, paused, reduced, recorded: what the version knew), and the schedule
it wrote of it, without the columns of notes. Whoever raises VERSION adds a pair of the new format.
"""

import csv
import json

import pytest

from planner.errors import InputProblem
from planner.model.plan import Addition, Deferral, Scope
from planner.paths import resources
from planner.services.catalogue import load_for_plans
from planner.services.evaluation import evaluate
from planner.services.store.plan_files import hashes_below, plan_text, read_plan
from planner.services.tables import schedule_text
from planner.storage.plan_codec import VERSION
from tests.storage.plans import ROOT

OLD = ROOT / "tests" / "old"
FORMATS = range(1, VERSION + 1)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return load_for_plans(resources(), tmp_path_factory.mktemp("site"))


def opened(name, library):
    text = (OLD / name).read_text(encoding="utf-8")
    return read_plan(text, name, library.agents, hashes_below(resources() / "protocols"))[0]


def rows_of(text, columns):
    return [tuple(row[name] for name in columns) for row in csv.DictReader(text.splitlines())]


@pytest.mark.parametrize("version", FORMATS)
def test_dates_and_doses_are_those_of_the_version_that_made_the_plan(version, library):
    plan = opened(f"made-by-format-{version}.json", library)
    assert json.loads((OLD / f"made-by-format-{version}.json").read_text())["version"] == version
    then = (OLD / f"made-by-format-{version}.csv").read_text(encoding="utf-8")
    columns = then.partition("\n")[0].split(",")
    now = schedule_text(evaluate(plan, library), "csv")
    assert sorted(rows_of(now, columns)) == sorted(rows_of(then, columns))
    assert len(rows_of(then, columns)) > 120


@pytest.mark.parametrize("version", FORMATS)
def test_a_plan_of_old_is_the_same_once_it_is_written_in_the_present_format(version, library):
    plan = opened(f"made-by-format-{version}.json", library)
    assert read_plan(plan_text(plan), "again", library.agents, frozenset())[0] == plan


def test_the_plans_of_old_hold_what_their_versions_knew(library):
    plan = opened("made-by-format-8.json", library)
    assert len({type(change) for change in plan.modifications}) == 7
    assert all((plan.bag_plans, plan.sign_offs, plan.given, plan.decisions, plan.bag_plans[0].closed))
    assert not plan.patient.measurements[-1].for_doses
    rest = opened("made-by-format-9.json", library).modifications[0]
    assert isinstance(rest, Deferral)
    assert rest.kept == (("doxorubicin", 0),)


def test_the_plan_of_format_11_says_why_its_blocks_start_otherwise(library):
    plan = opened("made-by-format-11.json", library)
    told = [(type(one).__name__, one.reason, one.grade, one.note) for one in plan.course_changes]
    assert told == [
        ("BlockChange", "other", 0, "first line"),
        ("BlockChange", "patient choice", 0, ""),
        ("BlockChange", "counts", 0, "neutrophils 0.3"),
        ("BlockChange", "capacity", 0, ""),
        ("BlockChange", "other", 0, "collected elsewhere"),
        ("PatientChange", "toxicity", 2, "lost weight"),
        ("PatientChange", "infection", 0, ""),
    ]
    assert (plan.given[-1].reason, plan.given[-1].grade) == ("toxicity", 3)


def test_the_plan_of_format_12_gives_other_drugs_as_often_as_it_says(library):
    plan = opened("made-by-format-12.json", library)
    rows = rows_of(schedule_text(evaluate(plan, library), "csv"), ("agent", "date", "dose"))
    found = {}
    for agent, on, dose in rows:
        found.setdefault((agent, dose), []).append(on)
    once, twice = found["dasatinib", "100"], found["imatinib", "300"]
    assert (len(once), len(set(once))) == (21, 21)
    assert (len(twice), len(set(twice))) == (62, 31)
    new = [one.since for one in plan.blocks if one.start.since]
    assert new == [5]
    assert plan.modifications[4].scope is Scope.ALL


def test_the_plan_of_format_14_replaces_one_order_of_a_drug_alone(library):
    plan = opened("made-by-format-14.json", library)
    rows = rows_of(schedule_text(evaluate(plan, library), "csv"), ("agent", "order_id", "dose"))
    found = {(agent, order.rpartition("/")[2], dose) for agent, order, dose in rows if "leucovorin-" in order}
    first, others = "leucovorin-first", "leucovorin-next"
    assert found == {("levoleucovorin", first, "25"), ("levoleucovorin", others, "7.5"), ("leucovorin", others, "15")}


def test_premedication_at_a_restart_keeps_the_time_that_its_version_gave_it(library):
    """Format 9 could not say by what it is timed: its plan keeps it without a time of day."""
    for version, timed_by, time in ((9, "", ""), (10, "blinatumomab", "08:00")):
        plan = opened(f"made-by-format-{version}.json", library)
        (again,) = (one for one in plan.modifications if isinstance(one, Addition) and one.order.endswith("-restart"))
        assert again.timed_by == timed_by
        rows = rows_of(schedule_text(evaluate(plan, library), "csv"), ("order_id", "date", "time"))
        assert ("blinatumomab/1/premedication-restart", "2026-10-02", time) in rows


def test_a_protocol_that_is_not_fit_any_more_is_refused_with_what_to_do(library):
    """Its decision shares an id with an examination: a change of one would be a change of both."""
    with pytest.raises(InputProblem) as caught:
        opened("made-by-format-1-unfit.json", library)
    first, last = caught.value.lines
    assert "needs an id of its own" in first
    assert last.startswith("made-by-format-1-unfit.json: the text of protocol blinatumomab-mrd in this plan")
    assert "plan anew on the protocol of today" in last
