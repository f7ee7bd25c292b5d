"""Two processes that write to one store at once: no edit is lost, none is overwritten unseen, nothing is damaged."""

from contextlib import closing

from planner.errors import EnvironmentProblem, InputProblem, Refusal
from planner.storage.key_file import new_key
from planner.storage.repository import Repository
from tests.faults.forking import Child
from tests.storage.plans import AT, later, small_plan

KEY = new_key(bytes)


def write_together(folder, count):
    """Two processes of so many saves each, on one plan and on one of their own in turn; the figures."""
    path = folder / "plans.db"
    Repository(path, KEY).close()
    children = [Child(lambda tell, name=name: _write(path, name, count, tell)) for name in ("a", "b")]
    said = [[child.first_line(), *child.end()] for child in children]
    found = {"processes": 2, "saves each": count, "lost": 0, "refused and repeated": 0, "problems": 0}
    with closing(Repository(path, KEY)) as store:
        found["problems"] = len(store.verify())
        histories = {plan: store.history(plan) for plan in ("plan-both", "plan-a", "plan-b")}
    for name, lines in zip("ab", said, strict=True):
        errors = [line for line in lines if line.startswith("error")]
        found["problems"] += len(errors)
        found |= {"told": errors} if errors else {}
        found["refused and repeated"] += sum(int(line.split()[1]) for line in lines if line.startswith("again"))
        kept = sum(line.who == name for history in histories.values() for line in history)
        found["lost"] += count - kept
    return found


def _write(path, name, count, tell):
    again, known = 0, set()
    tell("ready")
    with closing(_opened(path)) as store:
        for number in range(count):
            plan_id = "plan-both" if number % 2 else f"plan-{name}"
            while True:
                try:
                    counter = _newest(store, plan_id, known)
                    store.append(later(small_plan(plan_id), number + 1), f"Edit {number}", name, AT, after=counter)
                    break
                except Refusal:
                    again += 1
                except EnvironmentProblem as problem:
                    if "another program is writing" not in str(problem):
                        raise
                    again += 1
    tell(f"again {again}")


def _opened(path):
    """The store, as soon as the other process lets go of it."""
    while True:
        try:
            return Repository(path, KEY)
        except EnvironmentProblem as problem:
            if "another program is writing" not in str(problem):
                raise


def _newest(store, plan_id, known):
    """The counter of a plan's newest state, 0 where nobody has saved it yet; a plan that was seen stays there."""
    try:
        counter = store.load(plan_id)[1].counter
    except InputProblem:
        if plan_id in known:
            raise
        return 0
    known.add(plan_id)
    return counter
