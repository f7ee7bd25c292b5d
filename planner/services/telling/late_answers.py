"""An answer that came after its day: the plan shows days by it on which nobody knew it yet."""

from collections.abc import Iterator

from planner.model.civil import clinical_date, weekday_date
from planner.model.cycle_content import State
from planner.model.day_words import run_words
from planner.model.difference import Difference, dose_text
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.schedule import Event, OpenDecision
from planner.services.telling.differences import LEFT_OUT, differences_before

SHOWN = 4
"""Orders named in a line; the others are counted."""


def late_answers(before: EvaluatedPlan, after: EvaluatedPlan) -> Iterator[str]:
    """One line for each new answer later than its due day, where doses of days before it follow the answer now.

    They were given, or not, as the plan stood then; only a record can say so.
    """
    known = set(before.plan.decisions)
    due = {(one.group, one.decision.id): one for one in after.schedule.decisions}
    for made in after.plan.decisions:
        asked = due.get((made.group, made.decision))
        if made in known or asked is None or asked.day >= made.on.toordinal():
            continue
        day = made.on.toordinal()
        changed = differences_before(before.schedule, after.schedule, day)
        doses = list(_doses(changed, asked))
        if doses:
            yield (
                f"answered after its due day {clinical_date(asked.day)}, so these follow an answer nobody had yet: "
                f"{_listed(doses)}; record what was given"
            )


def _doses(changed: tuple[Difference, ...], asked: OpenDecision) -> Iterator[Event]:
    """The doses of the placement after the due day that the answer changes and nobody recorded, as they stand now."""
    for one in changed:
        event = one.new
        if event is None or event.dose is None or event.state is State.GIVEN or event.state in LEFT_OUT:
            continue
        if event.placed.block.group == asked.group and event.day > asked.day:
            yield event


def _listed(doses: list[Event]) -> str:
    """The doses by order: "Ponatinib C2 D1 to 4 (Mon 16-Feb-2026 to Thu 19-Feb-2026, 30 mg)"."""
    orders: dict[tuple[str, str], list[Event]] = {}
    for event in doses:
        orders.setdefault((event.placed.id, dose_text(event)), []).append(event)
    words = [_words(events, dose) for (_, dose), events in orders.items()]
    more = f" and {len(words) - SHOWN} more" if len(words) > SHOWN else ""
    return f"{', '.join(words[:SHOWN])}{more}"


def _words(events: list[Event], dose: str) -> str:
    first, last = events[0], events[-1]
    days = run_words(list(dict.fromkeys(one.cycle_day for one in events)))
    dates = " to ".join(dict.fromkeys((weekday_date(first.day), weekday_date(last.day))))
    return f"{first.placed.agent_name} C{first.placed.cycle} D{days} ({', '.join(filter(None, (dates, dose)))})"
