"""Repairs with choices of order (goal C3): the product's own search beside CP-SAT on made-up plans, the same optimum.

Runs in the kit's environment, which has OR-tools: `python -m tests.benchmarks.choices [plans] [cycles]`.
"""

import random
import statistics
import sys
import time

from planner.checking.repair import Choice, Chosen, Network, Wait

Case = tuple[list[int], list[Wait], list[Choice], list[list[bool]], frozenset[int]]
HORIZON = 800
SEED = 20261128


def made_up(dice: random.Random, cycles: int) -> Case:
    """A plan in which some cycles follow others, some keep a distance, and for some pairs either order would do."""
    base, day = [], 0
    for _ in range(cycles):
        base.append(day)
        day += dice.randint(5, 40)
    waits = [
        Wait(number, number + 1, base[number + 1] - base[number] - dice.randint(0, 10), "follows")
        for number in range(cycles - 1)
        if dice.random() < 0.5
    ]
    for _ in range(cycles):
        one, two = sorted(dice.sample(range(cycles), 2))
        waits.append(Wait(one, two, dice.randint(5, 60), "interval"))
    pairs = [dice.sample(range(cycles), 2) for _ in range(cycles)]
    choices = [
        Choice(Wait(one, two, dice.randint(5, 45), "before"), Wait(two, one, dice.randint(5, 45), "behind"))
        for one, two in pairs
        if abs(one - two) < 6
    ]
    weekdays = [[True] * 7 if dice.random() < 0.6 else [number < 5 for number in range(7)] for _ in range(cycles)]
    return base, waits, choices, weekdays, frozenset(dice.sample(range(day + 200), 12))


def own(case: Case) -> tuple[int | None, float, bool]:
    """The smallest sum of starts, milliseconds, and whether it is proven."""
    base, waits, choices, weekdays, closed = case
    began = time.perf_counter()
    found = Network(base, waits, weekdays, closed).chosen(choices)
    spent = (time.perf_counter() - began) * 1e3
    return (sum(found.starts), spent, found.proven) if isinstance(found, Chosen) else (None, spent, True)


def reference(case: Case) -> tuple[int | None, float]:
    """The same from CP-SAT with one worker, building the model included."""
    from ortools.sat.python import cp_model

    base, waits, choices, weekdays, closed = case
    began = time.perf_counter()
    model = cp_model.CpModel()
    starts = []
    for number, first in enumerate(base):
        days = [day for day in range(first, first + HORIZON) if weekdays[number][day % 7] and day not in closed]
        starts.append(model.new_int_var_from_domain(cp_model.Domain.from_values(days), str(number)))
    for wait in waits:
        model.add(starts[wait.later] - starts[wait.earlier] >= wait.days)
    for one, other in choices:
        is_first = model.new_bool_var("")
        model.add(starts[one.later] - starts[one.earlier] >= one.days).only_enforce_if(is_first)
        model.add(starts[other.later] - starts[other.earlier] >= other.days).only_enforce_if(~is_first)
    model.minimize(sum(starts))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(model)
    spent = (time.perf_counter() - began) * 1e3
    return (round(solver.objective_value) if status == cp_model.OPTIMAL else None), spent


def main() -> int:
    """Print one line; fail where the two differ."""
    plans, cycles = (int(sys.argv[1]), int(sys.argv[2])) if len(sys.argv) > 2 else (60, 12)
    dice = random.Random(SEED)
    ours, theirs, unproven = [], [], 0
    for _ in range(plans):
        case = made_up(dice, cycles)
        (total, spent, proven), (best, needed) = own(case), reference(case)
        if total != best and proven:
            sys.exit(f"the optimum differs: {total}, CP-SAT {best}: {case}")
        unproven += not proven
        ours.append(spent)
        theirs.append(needed)
    ratio = statistics.median(two / one for one, two in zip(ours, theirs, strict=True))
    print(
        f"repair with choices, {plans} plans of {cycles} cycles, same optimum ({unproven} not proven): "
        f"median {statistics.median(ours):.2f} ms, worst {max(ours):.1f} ms; "
        f"CP-SAT {statistics.median(theirs):.1f} ms, worst {max(theirs):.1f} ms; ratio {ratio:.0f}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
