"""Hits that moved with the plan say, and hold, what judging them there anew would find."""

import gc
import weakref
from datetime import date
from decimal import Decimal

import pytest

from planner.checking import memory, moved
from planner.checking.check import make_ruling
from planner.checking.hits import Hit, on_day, on_weekday, worded
from planner.checking.known import Known
from planner.checking.memory import Memory
from planner.checking.moved import MovedHit, Sample, reworded
from planner.model.patient import CoMedication, LabResult, Measurement, Patient
from planner.model.plan import BlockStart
from planner.services.evaluation import assembled, evaluate
from planner.services.verbs import editing, placing
from tests.golden.cases import library

MONDAY = date(2026, 1, 5)
BORN = date(1988, 1, 2)
"""Soon after a birthday, so that a move of some weeks meets none."""
PATIENT = Patient(
    "1",
    "Example",
    "Ana",
    BORN,
    "female",
    (Measurement(MONDAY, Decimal(168), Decimal(70)),),
    labs=(LabResult(MONDAY, "creatinine", Decimal("0.8"), "mg/dL"),),
    co_medications=(CoMedication("fluconazole", MONDAY),),
)


def _shown(hit):
    """Everything that is said of a hit, as findings say it."""
    of = hit.of
    texts = (of.message, of.arithmetic, of.key, *(text for _, text in of.inputs))
    said = tuple(worded(text, hit.by) for text in texts)
    return said, tuple(hit.days), list(hit.spots), of.severity, of.missing, of.times


@pytest.mark.parametrize("protocol", ["graaph-2014", "hyper-cvad", "e1910"])
def test_moved_hits_are_those_of_a_fresh_look(protocol):
    rules, agents = library().rules, library().agents
    plan = placing.new_plan("p", PATIENT)
    for start in (0, 30):
        on = placing.start_on(date.fromordinal(MONDAY.toordinal() + start))
        plan = placing.add_protocol(plan, library().protocols[protocol], on)
    memory = Memory(rules, agents, plan.patient, make_ruling)
    memory.check(plan, assembled(plan, library()))
    met = set()
    for days in (1, 3, 7):
        plan = editing.move_block(plan, plan.blocks[0].id, days)
        schedule = assembled(plan, library())
        kept, fresh = (
            memory.judged(plan, schedule, memory.shelf.pieces(schedule)),
            Memory(rules, agents, plan.patient, make_ruling),
        )
        anew = fresh.judged(plan, schedule, fresh.shelf.pieces(schedule))
        for number, by_place in kept.every().items():
            assert by_place.keys() == anew.every()[number].keys()
            for place, hits in by_place.items():
                for hit, expected in zip(hits, anew.every()[number][place], strict=True):
                    assert _shown(hit) == _shown(expected)
                    if isinstance(hit, MovedHit):
                        met.add(rules[number].kind)
                        assert hit.full() == expected
                        assert hit.events == expected.events
    assert len(met) > 3


def test_days_in_texts_are_dates_only_where_they_are_read():
    day = MONDAY.toordinal()
    text = f"from {on_day(day)} to {on_weekday(day)}"
    assert worded(text) == "from 05-Jan-2026 to Mon 05-Jan-2026"
    assert worded(text, 7) == "from 12-Jan-2026 to Mon 12-Jan-2026"
    assert worded("no day") == "no day"


def test_a_sample_keeps_few_of_its_days(monkeypatch):
    monkeypatch.setattr(moved, "STARTS_KEPT", 2)
    known, sample = Known(PATIENT, {}), Sample((Hit("x", days=(5,)),), 0)
    there = sample.at(1, known, tuple)
    assert sample.at(1, known, tuple) is there
    assert [sample.at(days, known, tuple)[0].days for days in (2, 3)] == [[7], [8]]
    assert sample.at(1, known, tuple) is not there


def test_other_words_stand_where_the_hit_stands():
    hit = Hit(f"on {on_day(10)}", days=(10,))
    assert reworded(hit, message="so").message == "so"
    one = Sample((hit,), 0).at(2, Known(PATIENT, {}), lambda: (Hit(f"on {on_day(12)}", days=(12,)),))[0]
    other = reworded(one, key="k")
    assert (other.by, other.days, other.of.key) == (2, [12], "k")
    assert other.full() == Hit(f"on {on_day(12)}", days=(12,), key="k")
    assert other.full().full().by == 0


def test_a_memory_is_let_go_after_so_many_checks_and_nothing_changes(monkeypatch):
    monkeypatch.setattr(memory, "CHECKS_KEPT", 3)
    memory.forget()
    new, start = placing.new_plan("p", PATIENT), BlockStart(on=MONDAY)
    plan = placing.add_protocol(new, library().protocols["d-alba"], start, {})
    found, ages = [], []
    for _ in range(7):
        found.append((plan, evaluate(plan, library()).findings))
        ages.append(tuple(one.checks for one in memory._memories))
        plan = editing.move_block(plan, plan.blocks[0].id, 1)
    assert ages == [(1,), (2,), (), (1,), (2,), (), (1,)]
    for plan, findings in found:
        memory.forget()
        assert evaluate(plan, library()).findings == findings


def test_a_memory_that_ended_is_gone_at_once_and_its_hits_are_still_judged(monkeypatch):
    """Without a round of the garbage collector, which waits for a pause of whoever works."""
    monkeypatch.setattr(memory, "CHECKS_KEPT", 4)
    memory.forget()
    plan = placing.new_plan("p", PATIENT)
    for start in (0, 30):
        on = placing.start_on(date.fromordinal(MONDAY.toordinal() + start))
        plan = placing.add_protocol(plan, library().protocols["graaph-2014"], on)
    gc.collect()
    gc.disable()
    try:
        shown = [evaluate(plan, library())]
        checker = memory._memories[-1]._checker
        rings = [weakref.ref(ring) for ring in checker._rings]
        others, meaning = [weakref.ref(one) for one in checker._whole], checker.known.meaning
        del checker
        for _ in range(3):
            plan = editing.move_block(plan, plan.blocks[0].id, 3)
            shown.append(evaluate(plan, library()))
        assert not memory._memories
        assert not meaning._bounds
        assert {size for ring in rings if ring() for size in (len(ring()._memo), *_memos(ring()))} <= {0}
        memory.forget()
        assert [hit.fixes for hit in shown[-1].findings] == [hit.fixes for hit in evaluate(plan, library()).findings]
        shown.clear()
        memory.forget()
        assert [one() for one in (*rings, *others)] == [None] * len((*rings, *others))
    finally:
        gc.enable()


def _memos(ring):
    return [len(ruling.memo) for ruling in ring.rulings]
