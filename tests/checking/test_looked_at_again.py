"""What an edit makes the rules look at again: nothing that is to them as it was before."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.checking import findings
from planner.checking.check import make_ruling
from planner.checking.context import Context
from planner.checking.findings import Telling
from planner.checking.hits import Hit, on_day
from planner.checking.kinds import protocol_days
from planner.checking.kinds.protocol_hours import may_be_off
from planner.checking.known import Known
from planner.checking.memory import Memory
from planner.checking.moved import Sample
from planner.checking.rings import Ring
from planner.checking.rulings import Ruling
from planner.checking.shelf import Shelf
from planner.model.cycle_content import CycleContent
from planner.model.patient import CoMedication, LabResult, Measurement, Patient
from planner.model.plan import Plan
from planner.model.schedule import PlacedContent
from planner.services.evaluation import assembled
from planner.services.verbs import editing, placing
from tests.builders import example_schedule
from tests.checking.judging import rule
from tests.golden.cases import library

MONDAY = date(2026, 1, 5)
WEIGHED = Measurement(MONDAY, Decimal(168), Decimal(70))
PATIENT = Patient("1", "Example", "Ana", date(1988, 1, 2), "female", (WEIGHED,))


def _plan(patient=PATIENT):
    return placing.add_protocol(
        placing.new_plan("p", patient), library().protocols["hyper-cvad"], placing.start_on(MONDAY)
    )


def _asked(patient, monkeypatch):
    """The rules that are judged again where the whole plan moves by a day."""
    plan, asked, judge = _plan(patient), set(), Ruling.judge
    memory = Memory(library().rules, library().agents, patient, make_ruling)
    memory.check(plan, assembled(plan, library()))
    monkeypatch.setattr(Ruling, "judge", lambda one, context: (asked.add(one.rule.id), judge(one, context))[1])
    plan = editing.move_block(plan, plan.blocks[0].id, 1)
    memory.check(plan, assembled(plan, library()))
    return asked


def test_contents_that_rules_cannot_tell_apart_have_one_shape():
    placed = next(one for one in assembled(_plan(), library()).pieces if one.content.count > 5)
    content = placed.content
    shelf, kept = Shelf(), CycleContent(content.pattern, content.doses)
    shape = shelf.piece(placed).shape
    assert kept is not content
    assert shelf.piece(replace(placed, content=kept)).shape is shape
    fewer = replace(placed, content=CycleContent.of(content.runs[1:]))
    assert shelf.piece(fewer).shape is not shape
    twice = [run.with_dose(replace(run.dose, value=Decimal(1)) if run.dose else None) for run in content.runs]
    other = shelf.piece(replace(placed, content=CycleContent.of(twice))).shape
    assert other is not shape
    assert other.timing == shape.timing


@pytest.mark.parametrize(("apart", "asked"), [(30, 2), (31, 0)])
def test_a_move_is_seen_as_far_as_the_rule_that_looks_farthest(apart, asked, monkeypatch):
    rules = [rule("minimum_interval", agents=["vincristine"], at_least=f"{days} days") for days in (20, 30)]
    events = [f"{day} vincristine 2 mg IV block={block}" for day, block in ((1, "a"), (1 + apart, "b"))]
    schedule = example_schedule(events, PATIENT)
    memory = Memory(rules, library().agents, PATIENT, make_ruling)
    first, second = memory.shelf.pieces(schedule)
    memory.judged(Plan("p", PATIENT), schedule, [first, second])
    places, verdicts = [], Ring.verdicts
    monkeypatch.setattr(Ring, "verdicts", lambda ring, at, *more: (places.append(at), verdicts(ring, at, *more))[1])
    block = replace(second.block, start=second.block.start + 1, end=second.block.end + 1)
    later = memory.shelf.piece(replace(second.placed, start=second.start + 1, block=block))
    memory.judged(Plan("p", PATIENT), schedule, [first, later])
    assert len(places) == asked


def test_what_a_course_began_with_is_judged_where_it_moved_behind_its_new_beginning():
    """No dose lay within reach of it before or after, so it was not looked at, and not found late."""
    events = ("1 vincristine 2 mg IV block=a", "31 vincristine 2 mg IV block=b")
    schedule = example_schedule(events, PATIENT)
    memory = Memory(
        [rule("maximum_interval", agents=["vincristine"], at_most="9 days")], library().agents, PATIENT, make_ruling
    )
    plan, (first, second) = Plan("p", PATIENT), memory.shelf.pieces(schedule)
    (before,) = memory.check_pieces(plan, schedule, [first, second])
    block = replace(first.block, start=first.block.start + 100, end=first.block.end + 100)
    moved = memory.shelf.piece(replace(first.placed, start=first.start + 100, block=block))
    (after,) = memory.check_pieces(plan, schedule, [moved, second])
    assert (before.days, after.days) == ((second.start,), (moved.start,))


def test_rules_about_days_look_at_no_cycle_that_has_other_doses(monkeypatch):
    plan, by_doses, verdicts = _plan(), [], Ring.verdicts_of
    schedule = assembled(plan, library())
    memory = Memory(library().rules, library().agents, PATIENT, make_ruling)
    pieces = memory.shelf.pieces(schedule)
    memory.judged(plan, schedule, pieces)
    pieces = [_redosed(memory, pieces[0], lambda _: True), *pieces[1:]]
    monkeypatch.setattr(Ring, "verdicts", lambda *_: 1 / 0)
    monkeypatch.setattr(
        Ring, "verdicts_of", lambda ring, *more: (by_doses.append(ring.doses), verdicts(ring, *more))[1]
    )
    kept = memory.judged(plan, schedule, pieces)
    assert by_doses
    assert all(by_doses)
    monkeypatch.undo()
    fresh = Memory(library().rules, library().agents, PATIENT, make_ruling)
    told = {
        number: [hit.of.message for hit in fresh.judged(plan, schedule, pieces).hits(number)] for number in kept.rulings
    }
    assert {number: [hit.of.message for hit in kept.hits(number)] for number in kept.rulings} == told


def _redosed(memory, piece, changed):
    """The piece with other doses in the runs of such agents."""
    runs = [
        run.with_dose(replace(run.dose, value=Decimal(1)) if run.dose and changed(run.line.agent) else run.dose)
        for run in piece.placed.content.runs
    ]
    return memory.shelf.piece(replace(piece.placed, content=CycleContent.of(runs)))


def test_a_changed_dose_is_judged_by_the_rules_that_ask_for_it_alone(monkeypatch):
    """And only where they count it: in its own cycle, and in one behind it that is near enough."""
    rules = [rule("dose_sum", agents=[agent], at_most=1, within="40 days") for agent in ("vincristine", "methotrexate")]
    events = [
        f"{day} {drug} mg/m2 IV block={block}"
        for block, day in (("a", 1), ("b", 31), ("c", 61))
        for drug in ("vincristine 2", "methotrexate 1000")
    ]
    schedule = example_schedule(events, PATIENT)
    memory = Memory(rules, library().agents, PATIENT, make_ruling)
    first, second, third = memory.shelf.pieces(schedule)
    memory.judged(Plan("p", PATIENT), schedule, [first, second, third])
    judged, judge = [], Ring._judge
    monkeypatch.setattr(
        Ring,
        "_judge",
        lambda ring, ruling, piece, *more: (
            judged.append((ruling.number, piece.start)),
            judge(ring, ruling, piece, *more),
        )[1],
    )
    changed = _redosed(memory, second, lambda agent: agent == "vincristine")
    memory.judged(Plan("p", PATIENT), schedule, [first, changed, third])
    assert sorted(judged) == [(0, second.start), (0, third.start)]


def test_who_goes_back_judges_nothing_but_what_was_recorded_meanwhile(monkeypatch):
    """The way back rests on the two rows and on the patient: with another medicine nothing of it holds."""
    rules = [one for one in library().rules if one.id == "VC-03"]
    schedule = example_schedule(["1 vincristine 2 mg IV"], PATIENT)
    memory, plan = Memory(rules, library().agents, PATIENT, make_ruling), Plan("p", PATIENT)
    (piece,) = memory.shelf.pieces(schedule)
    block = replace(piece.block, start=piece.block.start + 3, end=piece.block.end + 3)
    moved = memory.shelf.piece(replace(piece.placed, start=piece.start + 3, block=block))
    assert memory.check_pieces(plan, schedule, [piece]) == memory.check_pieces(plan, schedule, [moved]) == []
    taken = replace(PATIENT, co_medications=(CoMedication("posaconazole", MONDAY - timedelta(60)),))
    assert memory.become(taken)
    (found,) = memory.check_pieces(Plan("p", taken), schedule, [piece])
    assert found.days == (piece.start,)
    (there,) = memory.check_pieces(Plan("p", taken), schedule, [moved])
    assert there.days == (moved.start,)
    monkeypatch.setattr(Ring, "verdicts", lambda *_: 1 / 0)
    assert memory.check_pieces(Plan("p", taken), schedule, [piece]) == [found]
    assert memory.check_pieces(Plan("p", taken), schedule, [moved]) == [there]


def test_where_all_hits_of_a_rule_moved_its_findings_are_not_laid_out_again(monkeypatch):
    laid, series_of = [], findings.series_of
    monkeypatch.setattr(findings, "series_of", lambda *asked: (laid.append(1), series_of(*asked))[1])
    known = Known(PATIENT, {})
    for key, anew in (("cycle", 1), (f"since {on_day(5)}", 2)):
        laid.clear()
        telling, sample = (
            Telling(rule("route", agents="imatinib", only=["PO"])),
            Sample((Hit(f"on {on_day(5)}", days=(5,), key=key), Hit("x", days=(9,), key="other")), 0),
        )
        telling.tell(sample.hits)
        told = telling.tell(sample.at(3, known, tuple))
        assert ([one.days for one in told], len(laid)) == ([(8,), (12,)], anew)
        fresh = Telling(telling._rule).tell(sample.at(3, known, tuple))
        assert told == fresh
    assert [one.days for one in telling.tell(sample.hits[:1])] == [(5,)]


@pytest.mark.parametrize(("ago", "asked"), [(None, False), (30, False), (7, True)])
def test_how_old_results_are_is_asked_again_only_where_one_grows_too_old_for_a_rule(ago, asked, monkeypatch):
    doses = [one for one in assembled(_plan(), library()).events if one.placed.agent == "doxorubicin"]
    second = next(one for one in doses if one.placed.cycle > doses[0].placed.cycle)
    labs = () if ago is None else (LabResult(second.date - timedelta(ago), "anc", Decimal(2), "10^9/L"),)
    assert ("AN-05" in _asked(replace(PATIENT, labs=labs), monkeypatch)) is asked


def test_an_age_that_no_rule_of_the_plan_names_is_asked_by_date():
    lab = LabResult(MONDAY, "anc", Decimal(2), "10^9/L")
    known, day = Known(replace(PATIENT, labs=(lab,)), {}, ages=frozenset({7})), MONDAY.toordinal()
    for age, dated in ((7, False), (8, True)):
        context = Context(_plan(), example_schedule((), PATIENT), known, ())
        told = [context.old_results(day + more, age, ("anc", "wbc")).keys() for more in (age, age + 1)]
        assert (told, context.notes.dated) == ([set(), {"anc"}], dated)


def test_first_doses_by_weight_are_found_without_a_dose_given_its_date(monkeypatch):
    plan = _plan()
    schedule = assembled(plan, library())
    context = Context(plan, schedule, Known(PATIENT, library().agents), Shelf().pieces(schedule))
    dated, event = [], PlacedContent.event
    monkeypatch.setattr(PlacedContent, "event", lambda one, of: (dated.append(of), event(one, of))[1])
    found = context.first_measured()
    assert not dated
    assert len(found) > 1
    assert [one.first.day for one in found] == sorted(one.first_day for one in found)


def test_what_a_protocol_says_of_days_is_looked_for_once_in_a_cycle(monkeypatch):
    plan = _plan()
    pieces = assembled(plan, library()).pieces
    for asked in (may_be_off, protocol_days.keeps_off):
        asked.cache_clear()
        for _ in range(2):
            assert not any(asked(piece.content.pattern) for piece in pieces)
        assert asked.cache_info().misses == len({piece.content.pattern for piece in pieces})
