"""Random verbs carried out on random protocols, each told to the second opinion as well."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st
from msgspec.structs import replace

from planner.assembly.assemble import assemble
from planner.content.protocol_file import build_protocol, pin_of
from planner.errors import Refusal
from planner.model.agent import Agent
from planner.model.library import ShelvedProtocol
from planner.model.patient import Measurement
from planner.model.plan import (
    REASONS,
    Addition,
    BlockStart,
    DecisionTaken,
    Deferral,
    DoseChange,
    Examination,
    Given,
    GivenRecord,
    Hold,
    Omission,
    Plan,
    Replacement,
    Scope,
    Skip,
    Stop,
)
from planner.model.protocol import Protocol, TemplateOrder
from planner.model.quantity import plain
from planner.model.schedule import Event, PlacedBlock, PlacedCycle, Schedule
from planner.model.site import Site
from planner.services.verbs import editing, pausing, redosing
from planner.services.verbs.deciding import reopen
from planner.services.verbs.examining import add_examination
from planner.services.verbs.placing import add_protocol, new_plan
from planner.services.verbs.reasons import Why, because
from planner.services.verbs.recording import forget_given, measure, record_given
from planner.services.verbs.rest_of_day import rest_of
from tests.assembly.random_protocols import AGENTS
from tests.services.verbs.random_patient import PATIENT, START, with_reach
from tests.services.verbs.random_rescue import raise_rescue

KNOWN = {name: Agent(name, name) for name in (*AGENTS, "etoposide", "leucovorin")}

Numbers = tuple[int, int, int, int, int, int]
Verb = tuple[str, Numbers]
DATES = (
    "give",
    "part",
    "miss",
    "defer",
    "rest",
    "move",
    "weekday",
    "omit",
    "skip",
    "stop",
    "hold",
    "resume",
    "shift",
    "start",
)
REASONED = ("shift", "start", "weigh")
"""Verbs that are no modification: their reason stands beside what they changed."""
DOSES = ("reduce", "less", "full", "replace", "add", "examine")
VERBS = (*DATES, *DOSES, "weigh", "answer")
BEHIND = ("stop", "hold", "reduce", "less", "full", "replace")
"""Verbs that may be told of a day behind the drawn ones of what goes on unsaid."""
verbs = st.tuples(
    st.sampled_from(VERBS),
    st.tuples(*[st.integers(0, 11)] * 4, st.integers(-9, 25), st.integers(1, 99)),
)


class Course:
    """A plan with its schedule, and the changes made so far as the second opinion reads them."""

    def __init__(self, text: str) -> None:
        self.text = text
        protocol = build_protocol(text)
        shelved = ShelvedProtocol(pin_of(protocol, text), protocol, "test")
        self.protocols: dict[str, Protocol] = {shelved.pin.sha256: shelved.protocol}
        self.plan = add_protocol(new_plan("p", PATIENT), shelved, BlockStart(on=START))
        self.told: list[dict[str, object]] = []
        self._kept: tuple[Plan, Schedule] | None = None

    def schedule(self, plan: Plan | None = None) -> Schedule:
        """The schedule of that plan, or of the course as it stands; that of the plan asked last is kept."""
        plan = plan or self.plan
        if self._kept is None or self._kept[0] is not plan:
            self._kept = plan, assemble(plan, self.protocols, {}, Site())
        return self._kept[1]

    def place(self, numbers: Numbers) -> tuple[PlacedBlock, PlacedCycle, Event] | None:
        """A drug event of the schedule, chosen by three numbers."""
        schedule = self.schedule()
        if not schedule.blocks:
            return None
        block = schedule.blocks[numbers[0] % len(schedule.blocks)]
        cycle = block.cycles[numbers[1] % len(block.cycles)]
        events = [
            one
            for one in schedule.events
            if one.dose and (one.placed.block.id, one.placed.cycle) == (block.id, cycle.number)
        ]
        return (block, cycle, events[numbers[2] * 7 % len(events)]) if events else None


def do(course: Course, verb: Verb) -> None:
    """Carry one verb out where it falls; a refusal leaves the course as it was."""
    kind, numbers = verb
    found = course.place(numbers)
    if found is None:
        return
    block, cycle, event = found
    order, day, schedule = event.placed.order.id, event.cycle_day, course.schedule()
    assert isinstance(event.placed.order, TemplateOrder)
    scope, days, percent = list(Scope)[numbers[3] % 4], numbers[4], numbers[5]
    closes, whole = bool(numbers[3] % 3 == 0), bool(numbers[3] % 2)
    paused = Scope.ALL if scope is Scope.ALL and not whole else Scope.FOLLOWING
    if kind in BEHIND and event.placed.order.until and numbers[2] % 3:
        day = block.phase.day_at(block.phase.offset(day) + 1 + numbers[5] % 12)
    told: dict[str, object] = {"block": block.id, "cycle": cycle.number, "day": day, "order": order}
    plan, of_one = course.plan, _of_one(numbers)
    makers: dict[str, Callable[[], tuple[Plan, dict[str, object]]]] = {
        "defer": lambda: (
            editing.defer(plan, schedule, Deferral(block.id, cycle.number, day, days, scope, "other")),
            {"days": days, "scope": str(scope), "order": ""},
        ),
        "rest": lambda: _rest(plan, schedule, numbers, scope),
        "move": lambda: (
            editing.defer(
                plan, schedule, Deferral(block.id, cycle.number, day, days % 7 - 3, Scope.DAY, "other", order=order)
            ),
            {"kind": "defer", "days": days % 7 - 3, "scope": "day"},
        ),
        "weekday": lambda: (
            editing.defer(
                plan, schedule, Deferral(block.id, cycle.number, day, days % 13 - 6, scope, "other", order=order)
            ),
            {"kind": "defer", "days": days % 13 - 6, "scope": str(scope)},
        ),
        "omit": lambda: (
            editing.omit(plan, schedule, Omission(block.id, cycle.number, day, "" if whole else order, "other")),
            {"order": "" if whole else order},
        ),
        "skip": lambda: (
            pausing.skip(plan, schedule, Skip(block.id, cycle.number, "other", closes=closes)),
            {"closes": closes, "order": ""},
        ),
        "stop": lambda: _stop(plan, schedule, told, scope, order="" if whole else order, closes=closes and whole),
        "hold": lambda: (
            pausing.hold(
                plan,
                schedule,
                Hold(block.id, cycle.number, day, "other", order="" if whole else order, scope=paused),
            ),
            {"scope": str(paused), "order": "" if whole else order},
        ),
        "resume": lambda: _resume(course, plan, schedule, numbers),
        "shift": lambda: (because(plan, editing.move_block(plan, block.id, days), why(numbers)), {"days": days}),
        "weigh": lambda: (because(plan, _weighed(plan, numbers), why(numbers)), {}),
        "start": lambda: _start(plan, block.id, numbers),
        "answer": lambda: _answer(course, plan, numbers),
        "less": lambda: _less(plan, schedule, event._replace(cycle_day=day), scope, numbers),
        "reduce": lambda: (
            redosing.reduce(
                plan,
                schedule,
                DoseChange(block.id, cycle.number, day, order, scope, "other", percent=percent, **of_one),
            ),
            {"scope": str(scope), "percent": percent, **of_one},
        ),
        "full": lambda: (
            redosing.full_dose(
                plan, schedule, DoseChange(block.id, cycle.number, day, order, scope, "other", **of_one)
            ),
            {"kind": "reduce", "scope": str(scope), "percent": 100, **of_one},
        ),
        "replace": lambda: _replace(plan, schedule, told, scope, numbers),
        "add": lambda: _add(plan, schedule, told, percent),
        "examine": lambda: _examine(plan, schedule, told, percent),
        "raise": lambda: raise_rescue(plan, schedule, event, numbers, KNOWN),
        "give": lambda: _give(plan, schedule, event, days),
        "part": lambda: _give(plan, schedule, event, days, Given.PARTLY),
        "miss": lambda: _give(plan, schedule, event, days, Given.NOT_GIVEN),
    }
    try:
        changed, more = makers[kind]()
    except Refusal:
        return
    undo(course, changed, kind, block.id, days)
    keeps_reasons(plan, changed, why(numbers) if kind in REASONED else None)
    if kind != "weigh":
        course.told.append(with_reach(course.text, {"kind": kind, **told, **more}, course.told))
    course.plan = changed


def _replace(
    plan: Plan, schedule: Schedule, told: dict[str, object], scope: Scope, numbers: Numbers
) -> tuple[Plan, dict[str, object]]:
    """Another drug, half the times with doses a day of its own: each drug of the cycle, so often a day."""
    times, dose = (0, 0, 0, 1, 2, 3)[numbers[4] % 6], f"{numbers[5]} mg"
    block, cycle, day, order = told["block"], told["cycle"], told["day"], told["order"]
    of_one = _of_one(numbers)
    change = Replacement(
        block, cycle, day, order, scope, "etoposide", "other", dose=dose, doses_per_day=times, **of_one
    )
    changed = redosing.replace_agent(plan, schedule, KNOWN, change)
    return changed, {
        "scope": str(scope),
        "agent": "etoposide",
        "dose": dose,
        "times": changed.modifications[-1].doses_per_day,
        **of_one,
    }


def _of_one(numbers: Numbers) -> dict[str, bool]:
    """Every third change of a dose or drug is of the one order alone."""
    return {"alone": True} if (numbers[0] + numbers[5]) % 3 == 0 else {}


def why(numbers: Numbers) -> Why | None:
    """Any coded reason, with a note and a grade for some; sometimes nobody says one."""
    reason = (*REASONS, "")[numbers[5] % (len(REASONS) + 1)]
    return Why(reason, "ñ ≥" if numbers[3] % 2 else "", numbers[2] % 6) if reason else None


def keeps_reasons(plan: Plan, changed: Plan, said: Why | None) -> None:
    """No verb loses a reason that somebody gave before, and each adds its own where something changed by it."""
    known = len(plan.course_changes)
    assert changed.course_changes[:known] == plan.course_changes
    moved = (plan.blocks, plan.patient) != (changed.blocks, changed.patient)
    told = [(one.reason, one.note, one.grade) for one in changed.course_changes[known:]]
    assert told == ([(said.reason, said.note, said.grade)] if said and moved else [])


def _weighed(plan: Plan, numbers: Numbers) -> Plan:
    """Another weight on some day, which doses do not follow."""
    found = Measurement(date(2026, 2, 1 + numbers[0]), Decimal(168), Decimal(50 + numbers[5] % 40), for_doses=False)
    return measure(plan, found, date(2100, 1, 1))


def undo(course: Course, changed: Plan, kind: str, block: str, days: int) -> None:
    """Every change can be taken back: the plan is then the one from before."""
    plan = course.plan
    if kind == "answer":
        assert replace(changed, decisions=plan.decisions, reopened=plan.reopened) == plan
    elif kind in ("give", "part", "miss"):
        assert replace(forget_given(changed, changed.given[-1]), given=plan.given) == plan
    elif kind == "shift":
        assert replace(editing.move_block(changed, block, -days), course_changes=plan.course_changes) == plan
    elif kind not in ("start", "resume", "weigh"):
        back = editing.take_back(changed, len(changed.modifications))
        if (last := changed.modifications[-1]) and isinstance(last, Deferral) and last.scope is Scope.ALL:
            # A block of an earlier date says since then that it stays: the same dates, and nothing else is other.
            assert course.schedule(back).blocks == course.schedule(plan).blocks
            back = replace(back, blocks=plan.blocks)
        assert back == plan


def _give(
    plan: Plan, schedule: Schedule, event: Event, days: int, status: Given = Given.GIVEN
) -> tuple[Plan, dict[str, object]]:
    """The first dose of that order on that day, given up to three days off at the dose it has, or at 7 of its unit.

    One given in part was half of it, and one that was not given has neither day nor dose.
    """
    placed, on = event.placed, date.fromordinal(event.day + days % 7 - 3)
    same = (one for one in schedule.events if (one.placed.id, one.cycle_day) == (placed.id, event.cycle_day))
    first = min((one for one in same if one.dose), key=lambda one: (one.due_day, one.minute))
    dose = (first.dose.value if first.dose and days % 2 else None) or Decimal(7)
    unit = (first.dose.unit if first.dose else "") or "mg"
    place = (placed.block.id, placed.cycle, event.cycle_day, placed.order.id, 0)
    if status is Given.NOT_GIVEN:
        record = GivenRecord(*place, status, None, None, "", "A nurse", "toxicity")
        changed = record_given(plan, schedule, record, date(2100, 1, 1))
        return changed, {"kind": "give", "missed": True, "on": str(changed.given[-1].on)}
    dose = dose / 2 if status is Given.PARTLY else dose
    record = GivenRecord(*place, status, on, dose, unit, "A nurse", "" if status is Given.GIVEN else "toxicity")
    return record_given(plan, schedule, record, date(2100, 1, 1)), {
        "kind": "give",
        "on": on.isoformat(),
        "dose": f"{plain(dose)} {unit}",
    }


def _resume(course: Course, plan: Plan, schedule: Schedule, numbers: Numbers) -> tuple[Plan, dict[str, object]]:
    """One of the things on hold goes on some days after it was held: a drug on that date, a block moved by the days."""
    open_ones = [one for one in plan.modifications if isinstance(one, Hold) and one.until is None]
    if not open_ones:
        raise Refusal("nothing is on hold")
    held = open_ones[numbers[2] % len(open_ones)]
    here = [one for one in schedule.events if one.placed.block.id == held.block and one.placed.cycle == held.cycle]
    since = next((one.day for one in here if one.cycle_day == held.day), START.toordinal())
    on = date.fromordinal(since + numbers[4] % 20)
    found = pausing.resume(plan, schedule, {}, (held.block, held.order), on)
    place = {"block": held.block, "cycle": held.cycle, "day": held.day, "order": held.order}
    told = next(
        one for one in course.told if one["kind"] == "hold" and "until" not in one and place.items() <= one.items()
    )
    course.told.remove(told)
    if held.order:
        return found.plan, {**told, "until": on.isoformat()}
    later = next(one for one in reversed(found.plan.modifications) if isinstance(one, Deferral))
    return found.plan, {**place, "kind": "defer", "days": later.days, "scope": "following"}


def _start(plan: Plan, block: str, numbers: Numbers) -> tuple[Plan, dict[str, object]]:
    on = date.fromordinal(START.toordinal() + numbers[5] * 2)
    return because(plan, editing.start_block_on(plan, block, on), why(numbers)), {"on": on.isoformat()}


def _answer(course: Course, plan: Plan, numbers: Numbers) -> tuple[Plan, dict[str, object]]:
    """One of the decisions is answered, answered otherwise, or opened again."""
    decision, choice = ("answer", "further")[numbers[2] % 2], ("yes", "no", "")[numbers[3] % 3]
    group = plan.blocks[0].group
    told: dict[str, object] = {"kind": "answer", "decision": decision, "choice": choice}
    if not choice:
        return reopen(plan, group, decision, "a new result", "A. P.", START), told
    taken = DecisionTaken(group, decision, choice, START, "A. P.")
    return editing.decide(plan, course.protocols, taken), told


def _less(
    plan: Plan, schedule: Schedule, event: Event, scope: Scope, numbers: Numbers
) -> tuple[Plan, dict[str, object]]:
    """Another dose in milligrams or whatever unit the drug has, in place of the protocol's."""
    unit = (event.dose.unit if event.dose else "") or "mg"
    dose = f"{numbers[5]} {unit}"
    placed = event.placed
    where, of_one = (placed.block.id, placed.cycle, event.cycle_day, placed.order.id), _of_one(numbers)
    change = DoseChange(*where, scope, "other", dose=dose, **of_one)
    return redosing.reduce(plan, schedule, change), {"kind": "reduce", "scope": str(scope), "dose": dose, **of_one}


def _rest(plan: Plan, schedule: Schedule, numbers: Numbers, scope: Scope) -> tuple[Plan, dict[str, object]]:
    """What is left of a day of which something was given moves; the whole day's rest, or the rest of one order."""
    if not plan.given:
        raise Refusal("nothing was given")
    record = plan.given[numbers[2] % len(plan.given)]
    order = record.order if scope is Scope.DAY and numbers[5] % 2 else ""
    asked = Deferral(record.block, record.cycle, record.day, numbers[4], scope, "other", order=order)
    change = rest_of(plan, asked)
    more = {"block": change.block, "cycle": change.cycle, "day": change.day, "order": order, "days": change.days}
    kept = [list(dose) for dose in change.kept]
    return editing.defer(plan, schedule, change), {**more, "kind": "defer", "scope": str(scope), "kept": kept}


def _examine(plan: Plan, schedule: Schedule, told: dict[str, object], number: int) -> tuple[Plan, dict[str, object]]:
    block, cycle, day = str(told["block"]), int(str(told["cycle"])), int(str(told["day"]))
    name = f"examined-{len(plan.modifications)}"
    change = Examination(block, cycle if number % 2 else 0, name, "Blood count", (day,), "other", topic="counts")
    more = {"order": name, "cycle": change.cycle, "days": [day], "agent": name, "role": "assessment", "route": ""}
    return add_examination(plan, schedule, change), more


def _stop(
    plan: Plan, schedule: Schedule, told: dict[str, object], scope: Scope, *, order: str, closes: bool
) -> tuple[Plan, dict[str, object]]:
    block, cycle, day = str(told["block"]), int(str(told["cycle"])), int(str(told["day"]))
    reach = Scope.CYCLE if scope is Scope.DAY else scope
    change = Stop(block, cycle, day, reach, "other", order=order, closes=closes)
    return pausing.stop(plan, schedule, change), {"scope": str(reach), "order": order, "closes": closes}


def _add(plan: Plan, schedule: Schedule, told: dict[str, object], amount: int) -> tuple[Plan, dict[str, object]]:
    block, cycle, day = str(told["block"]), int(str(told["cycle"])), int(str(told["day"]))
    name = f"added-{len(plan.modifications)}"
    change = Addition(
        block,
        cycle if amount % 2 else 0,
        name,
        "etoposide",
        "antineoplastic",
        "PO",
        (day,),
        "other",
        dose=f"{amount} mg",
    )
    more = {"order": name, "cycle": change.cycle, "days": [day], "dose": change.dose}
    more |= {"agent": change.agent, "role": change.role, "route": change.route}
    return redosing.add_order(plan, schedule, KNOWN, change), more
