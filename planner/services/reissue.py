"""The plan as it was when a sheet was handed out last, so that a new issue can mark what changed since."""

from datetime import UTC, datetime

from planner.errors import KnownError
from planner.model.plan import Issue, Plan
from planner.model.revision import Revision
from planner.services.archive import Archive
from planner.services.release import release, version_code


def last_other_issue(plan: Plan, sheet: str) -> Issue | None:
    """The newest issue of that sheet that says something else than the plan says now."""
    stands = release(plan)
    others = (one for one in reversed(stands.issues) if one.sheet == sheet and one.version != stands.version)
    return next(others, None)


def plan_as_issued(archive: Archive, plan: Plan, sheet: str) -> Plan | None:
    """The plan of that issue, found among its saved states by its version; None where there is no such issue or state.

    The state saved at the moment of the issue is looked at first. A state that is damaged is passed over.
    """
    issue = last_other_issue(plan, sheet)
    if issue is None:
        return None
    moment = _in_utc(issue.at)
    states = sorted(archive.history(plan.id), key=lambda one: (_in_utc(one.at) == moment, one.counter), reverse=True)
    return next((found for one in states if (found := _state(archive, one, issue.version))), None)


def _state(archive: Archive, revision: Revision, version: str) -> Plan | None:
    try:
        plan = archive.load(revision.plan_id, revision.counter)
    except KnownError:
        return None
    return plan if version_code(plan) == version else None


def _in_utc(at: str) -> str:
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return at
    return (moment if moment.tzinfo is None else moment.astimezone(UTC)).isoformat(timespec="seconds")
