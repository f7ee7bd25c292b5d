"""How long each verb takes with its preview on a course of three years; prints medians and maxima as JSON (ms of CPU).

Every round makes another change, so that nothing is found ready-made that a person's next change would not find. The
garbage collector looks through young objects as often as it does while the window is open.
"""

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from planner import paths
from planner.errors import Refusal
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.library import Library
from planner.model.patient import CoMedication, Measurement
from planner.model.plan import (
    Addition,
    Deferral,
    DoseChange,
    Given,
    GivenRecord,
    Hold,
    Omission,
    Plan,
    Repetition,
    Replacement,
    Scope,
    Skip,
    Stop,
)
from planner.model.schedule import Event, Schedule
from planner.services import catalogue
from planner.services.evaluation import evaluate
from planner.services.verbs import editing, pausing, recording, redosing
from planner.services.verbs.repeating import repeat_cycle
from tests.benchmarks.edit import START, largest_plan
from ui.dialogs.change_text import summary_lines
from ui.dialogs.change_view import ChangeRows
from ui.pauses import NEVER, YOUNG

Change = Callable[[Plan, Schedule, int], Plan]
IN_SIGHT = 12
"""Rows of a preview that a window of common size shows."""
LATER = date(2100, 1, 1)
VCR = "vincristine"


def main() -> int:
    """Measure each verb and print it."""
    gc.set_threshold(YOUNG, gc.get_threshold()[1], NEVER)
    library = catalogue.load_library(paths.resources())
    plan = largest_plan(library)
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    found = {"plan": plan.pins[0].id, "events": evaluate(plan, library).schedule.count}
    print(json.dumps(found | {name: times(plan, library, verb, rounds) for name, verb in verbs(library).items()}))
    return 0


def times(plan: Plan, library: Library, verb: Change, rounds: int) -> tuple[float, float]:
    """Median and longest of the rounds: verb, evaluation, and the preview as the forms of the window write it."""
    before, taken, rows = evaluate(plan, library), [], ChangeRows()
    _ = before.schedule.events
    for number in range(rounds):
        evaluate(plan, library)  # what the window shows before the change
        began = time.process_time()
        after = evaluate(verb(plan, before.schedule, number), library)
        _preview(rows, before, after)
        taken.append((time.process_time() - began) * 1e3)
    return round(statistics.median(taken), 2), round(max(taken), 2)


def _preview(rows: ChangeRows, before: EvaluatedPlan, after: EvaluatedPlan) -> None:
    """What the preview of a form says, and the cells of the rows that are in sight."""
    summary_lines(before, after)
    rows.compare(before, after)
    for row in range(min(IN_SIGHT, rows.rowCount())):
        for column in range(rows.columnCount()):
            rows.data(rows.index(row, column))


def verbs(library: Library) -> dict[str, Change]:
    """Each verb somewhere in the course; the number makes it another one each time."""
    agents, known = library.agents, dict[int, list[Event]]()

    def dose(schedule: Schedule, number: int, after: int = 20) -> Event:
        """A dose of vincristine that stands alone, one of the later ones."""
        found = known.get(id(schedule))
        if found is None:  # somebody who clicks on a dose does not look for it among all others
            found = known[id(schedule)] = [one for one in schedule.events if one.placed.agent == VCR]
        return found[(after + number) % len(found)]

    def place(event: Event) -> tuple[str, int, int]:
        return event.placed.block.id, event.placed.cycle, event.cycle_day

    def first(change: Callable[[int], Plan]) -> Plan:
        """The change at the first place where nothing speaks against it."""
        for more in range(40):
            try:
                return change(more)
            except Refusal:
                continue
        raise SystemExit("there is no place for this verb")

    def defer(scope: Scope) -> Change:
        def deferred(plan: Plan, schedule: Schedule, n: int) -> Plan:
            def at(more: int) -> Plan:
                where = place(dose(schedule, n + more, 3))
                return editing.defer(plan, schedule, Deferral(*where, 1 + n % 3, scope, "counts"))

            return first(at)

        return deferred

    def skipped(plan: Plan, schedule: Schedule, n: int) -> Plan:
        def at(more: int) -> Plan:
            where = place(dose(schedule, n + more))[:2]
            return pausing.skip(plan, schedule, Skip(*where, "counts", closes=True))

        return first(at)

    def changed(plan: Plan, schedule: Schedule, n: int) -> Plan:
        one = dose(schedule, n)
        change = DoseChange(*place(one), one.placed.order.id, Scope.ALL, "toxicity", percent=50 + n)
        return redosing.reduce(plan, schedule, change)

    def replaced(plan: Plan, schedule: Schedule, n: int) -> Plan:
        one = dose(schedule, n)
        change = Replacement(*place(one), one.placed.order.id, Scope.ALL, "vinblastine", "other", dose=f"{5 + n} mg")
        return redosing.replace_agent(plan, schedule, agents, change)

    def added(plan: Plan, schedule: Schedule, n: int) -> Plan:
        block = dose(schedule, 0).placed.block.id
        what = ("dexamethasone", "supportive", "PO", (1 + n,), "other")
        return redosing.add_order(plan, schedule, agents, Addition(block, 0, f"new-{n}", *what, dose="4 mg"))

    def given(plan: Plan, schedule: Schedule, n: int) -> Plan:
        one = dose(schedule, n)
        value = one.dose.value if one.dose else None
        where = (*place(one), one.placed.order.id, 0, Given.GIVEN, one.date, value, one.dose.unit if one.dose else "")
        return recording.record_given(plan, schedule, GivenRecord(*where, "A. P."), LATER)

    return {
        "move": lambda plan, _, n: editing.move_block(plan, plan.blocks[n % 3].id, 1 + n),
        "defer day": defer(Scope.DAY),
        "defer following": defer(Scope.FOLLOWING),
        "defer all": defer(Scope.ALL),
        "omit": lambda plan, schedule, n: editing.omit(
            plan, schedule, Omission(*place(dose(schedule, n)), "", "toxicity")
        ),
        "skip": skipped,
        "stop": lambda plan, schedule, n: pausing.stop(
            plan, schedule, Stop(*place(dose(schedule, n)), Scope.ALL, "toxicity")
        ),
        "hold": lambda plan, schedule, n: pausing.hold(plan, schedule, Hold(*place(dose(schedule, n)), "toxicity")),
        "reduce all": changed,
        "replace all": replaced,
        "add": added,
        "repeat": lambda plan, schedule, n: repeat_cycle(
            plan, schedule, Repetition("", *place(dose(schedule, n))[:2], "other")
        ),
        "given": given,
        "measure": lambda plan, _, n: recording.measure(
            plan, Measurement(START + timedelta(200 + n), Decimal(168), Decimal(60 + n)), LATER
        ),
        "medicine": lambda plan, _, n: recording.take_medicine(
            plan, CoMedication("posaconazole", START + timedelta(100 + n), START + timedelta(110 + n))
        ),
    }


if __name__ == "__main__":
    sys.exit(main())
