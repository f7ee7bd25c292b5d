"""A check that remembers gives what a check from nothing gives, after every edit of a random session."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.checking import whole
from planner.checking.check import check, make_ruling
from planner.checking.memory import Memory, forget
from planner.errors import Refusal
from planner.model.patient import CoMedication, LabResult
from planner.model.plan import Deferral, DoseChange, Omission, Plan, Scope
from planner.model.site import Site
from planner.services.evaluation import assemble, pinned_protocol
from planner.services.verbs import editing, placing, redosing
from tests.builders import DAY_ONE, example_patient, example_schedule
from tests.checking.judging import rule
from tests.golden.cases import library

PROTOCOLS = (
    "hyper-cvad",
    "e1910",
    "d-alba",
    "blinatumomab-mrd",
    "inotuzumab-rr",
    "leukapheresis",
    "hsct-cy-tbi",
    "ptcy-gvhd",
    "aall0232-hr",
    "obe-cel",
)
PATIENT = example_patient(
    (("cd19", "positive"), ("ph", "positive")), ["posaconazole 20-60"], ["daunorubicin 120 mg/m2"]
)


def _schedule(plan: Plan):
    return assemble(plan, {pin.sha256: pinned_protocol(pin.text) for pin in plan.pins}, library().agents, Site())


def _move(dice: random.Random, plan: Plan) -> Plan:
    return editing.move_block(plan, dice.choice(plan.blocks).id, dice.choice((-7, -3, -2, -1, 1, 2, 3, 7, 10, 14)))


def _restart(dice: random.Random, plan: Plan) -> Plan:
    return editing.start_block_on(plan, dice.choice(plan.blocks).id, DAY_ONE + timedelta(dice.randrange(400)))


def _event(dice: random.Random, plan: Plan):
    return dice.choice(_schedule(plan).events)


def _defer(dice: random.Random, plan: Plan) -> Plan:
    event = _event(dice, plan)
    scope = dice.choice(tuple(Scope))
    change = Deferral(
        event.placed.block.id, event.placed.cycle, event.cycle_day, dice.choice((1, 2, 7)), scope, "counts"
    )
    return editing.defer(plan, _schedule(plan), change)


def _omit(dice: random.Random, plan: Plan) -> Plan:
    event = _event(dice, plan)
    order = dice.choice(("", event.placed.order.id))
    change = Omission(event.placed.block.id, event.placed.cycle, event.cycle_day, order, "toxicity")
    return editing.omit(plan, _schedule(plan), change)


def _add(dice: random.Random, plan: Plan) -> Plan:
    shelved = library().protocols[dice.choice(PROTOCOLS)]
    return placing.add_protocol(plan, shelved, placing.start_on(DAY_ONE + timedelta(dice.randrange(200))))


def _remove(dice: random.Random, plan: Plan) -> Plan:
    return editing.remove_block(plan, dice.choice(plan.blocks).id) if len(plan.blocks) > 3 else plan


def _medicate(dice: random.Random, plan: Plan) -> Plan:
    start = DAY_ONE + timedelta(dice.randrange(200))
    taken = CoMedication(dice.choice(("fluconazole", "voriconazole")), start, start + timedelta(30))
    return editing.replace_patient(plan, replace(plan.patient, co_medications=(taken,)))


def _measure(dice: random.Random, plan: Plan) -> Plan:
    lab = LabResult(date(2026, 1, 1), "creatinine", Decimal(dice.randrange(5, 30)) / 10, "mg/dL")
    return editing.replace_patient(plan, replace(plan.patient, labs=(*plan.patient.labs[:2], lab)))


FOR_SITES = [
    replace(one, id=f"XX-{number:02d}")
    for number, one in enumerate(
        [
            rule("maximum_interval", agents=["class:cytotoxic"], at_most="9 days"),
            rule("maximum_interval", agents=["blinatumomab"], at_most="28 h"),
            rule("dose_count", agents=["vincristine"], at_most=3, within="20 days"),
            rule("dose_sum", agents=["class:anthracycline"], at_most=120, within="40 days"),
            rule("weekdays", agents=["any IT"], allowed=["Monday", "Tuesday", "Wednesday"]),
            rule("cycle_interval", agents=["vincristine"], after=["any"], at_least="20 days", at_most="30 days"),
            rule("cycles_in_order", first=["class:anthracycline"], then=["blinatumomab"]),
            rule("closed_days", agents=["any IV"], weekdays=["Sunday"]),
        ]
    )
]
"""Rules of the kinds that no shipped rule has."""
EDITS = (*[_move] * 12, *[_restart] * 3, *[_defer] * 4, *[_omit] * 4, _add, *[_remove] * 2, _medicate, _measure)


def _session(seed: int, edits: int) -> None:
    dice = random.Random(seed)
    rules, agents = (*library().rules, *FOR_SITES), library().agents
    plan = placing.new_plan("p", PATIENT)
    for _ in range(2):
        plan = _add(dice, plan)
    past = [plan]
    for number in range(edits):
        edit = dice.choice(EDITS) if len(plan.blocks) < 60 else _remove
        try:
            plan = edit(dice, plan) if dice.random() < 0.8 else dice.choice(past[-4:])
        except Refusal:
            continue
        past.append(plan)
        schedule = _schedule(plan)
        remembered = check(plan, schedule, rules, agents)
        fresh = check(plan, schedule, list(rules), agents)
        assert remembered == fresh, (seed, number, edit.__name__, parting(remembered[0], fresh[0]))


def parting(one, other):
    """The first finding in which two checks differ, field by field."""
    for left, right in zip(one, other, strict=False):
        if left != right:
            return [
                (name, getattr(left, name), getattr(right, name))
                for name in left.__struct_fields__
                if getattr(left, name) != getattr(right, name)
            ]
    return len(one), len(other)


@pytest.fixture(autouse=True)
def _forgetful():
    forget()


@pytest.mark.parametrize("seed", range(4))
def test_a_remembering_check_equals_a_fresh_one(seed):
    _session(seed, 20)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 110))
def test_a_remembering_check_equals_a_fresh_one_for_long(seed):
    _session(seed, 300)


def test_earlier_treatment_keeps_its_day_where_the_whole_plan_moves():
    """Treatment before the plan stands still: what was far enough from it is not, once all of the plan moves nearer."""
    patient = example_patient(prior=["haematopoietic-stem-cells 1 doses until -60"])
    washouts = [rule for rule in library().rules if rule.id == "CT-18"]
    plan = Plan("p", patient)
    far = example_schedule(["60 procedure leukapheresis block=collection"], patient)
    (piece,) = far.pieces
    block = replace(piece.block, start=piece.block.start - 30, end=piece.block.end - 30)
    near = replace(far, pieces=(replace(piece, start=piece.start - 30, block=block),))
    told = [len(check(plan, schedule, washouts, library().agents)[0]) for schedule in (far, near, far)]
    assert told == [0, 1, 0]


def _sessions(agents: str, plans, monkeypatch) -> tuple[list[int], int]:
    """How much a rule about the days of these doses finds in each plan, and how often it was judged for that."""
    wanted = rule("cover_span", agents=[agents], needs=["mesna"], max_gap_days=0)
    remembering = Memory([wanted], library().agents, PATIENT, make_ruling)
    runs: list[str] = []
    run = whole.Whole.run
    monkeypatch.setattr(whole.Whole, "run", lambda one, context: (runs.append(one.ruling.rule.id), run(one, context)))
    return [len(remembering.check(plan, _schedule(plan))) for plan in plans], len(runs)


def test_a_rule_about_days_is_judged_again_for_other_doses_only_where_it_has_a_bound(monkeypatch):
    plan = placing.add_protocol(Plan("p", PATIENT), library().protocols["hyper-cvad"], placing.start_on(DAY_ONE))
    dose = next(
        one for one in _schedule(plan).events if one.placed.agent == "methotrexate" and one.placed.route == "IV"
    )
    where = dose.placed.block.id, dose.placed.cycle, dose.cycle_day, dose.placed.order.id
    less = redosing.reduce(plan, _schedule(plan), DoseChange(*where, Scope.ALL, "toxicity", percent=10))
    weighed = replace(PATIENT.measurements[0], weight_kg=Decimal(90))
    heavier = replace(plan, patient=replace(PATIENT, measurements=(weighed,)))
    assert _sessions("methotrexate IV", (plan, heavier, plan), monkeypatch) == ([1, 1, 1], 1)
    assert _sessions("methotrexate IV from 500 mg/m2", (plan, less, plan), monkeypatch) == ([1, 0, 1], 3)
