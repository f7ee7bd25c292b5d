"""What was handed out before: the plan of an earlier issue, and an earlier state with what has been recorded since."""

from collections.abc import Callable, Iterable

from planner.model.plan import Plan
from planner.model.release import with_record_of
from planner.services.dosed_as import told_before
from planner.services.release import version_code


def issue_before(plan: Plan, sheet: str, states: Iterable[Callable[[], Plan]], dosed_as: str = "") -> Plan | None:
    """The plan as it stood at the newest issue of that sheet that says something else than the plan says now.

    `states` are the saved states of the plan, newest first, each read when it is asked for. None where the sheet was
    never handed out in another version, or where no state of that version is kept. `dosed_as` is
    `EvaluatedPlan.dosed_as`; an issue may be from before the site chose so, or from before the program computed so.
    """
    version = version_code(plan, dosed_as)
    wanted = next((one.version for one in reversed(plan.issues) if one.sheet == sheet and one.version != version), "")
    if not wanted:
        return None
    ways = dict.fromkeys((dosed_as, "", *told_before(dosed_as)))
    kept = (read() for read in states)
    return next((found for found in kept if any(wanted == version_code(found, way) for way in ways)), None)


def as_kept(old: Plan, current: Plan) -> Plan:
    """An earlier state for another print: with every later issue known, so that a replaced one says SUPERSEDED."""
    return with_record_of(old, current)
