"""Leave out what is there once too often, or what is only support and stands where it must not."""

from collections.abc import Iterator

from planner.checking.fixes.case import Case, Subject
from planner.model.finding import Fix
from planner.model.plan import Omission
from planner.model.rule_kinds import CumulativeDose, MinimumInterval
from planner.model.schedule import Event
from planner.model.sentence import Sentence, and_more, with_count

MOST_DOSES = 31
"""Longer series are a matter for the protocol, not for single omissions."""
MOST_BEYOND = 8
"""Doses beyond a limit that one fix leaves out; more, and it is another course."""
SUPPORT = frozenset({"supportive", "premedication", "growth factor", "hydration"})
"""Roles of which a dose may be left out where a rule bars it. Treatment is never left out for a clash of dates."""
KEPT = frozenset({"immunosuppressant", "folinate", "methotrexate-enzyme"})
"""Classes of agents that are never left out as mere support."""


def propose_twice(case: Case) -> Iterator[Fix]:
    """What two blocks both give: for each of the two, leave out its doses on the days both give them.

    Not where one of them holds a graft: conditioning makes room for it, and cyclophosphamide after it keeps it.
    """
    if any(case.grafts(subject.block.id) for subject in case.subjects):
        return
    for subject in case.subjects:
        if len(subject.events) <= MOST_DOSES:
            what = Sentence(
                "{drug} of {block} C{cycle} where both give it",
                drug=subject.events[0].placed.agent_name,
                block=subject.block.title,
                cycle=subject.cycle,
            )
            yield _fix(case, [subject], what)


def propose_second(case: Case) -> Iterator[Fix]:
    """The second of two doses of the same drugs that come too soon after each other."""
    wanted = case.wanted
    if not isinstance(wanted, MinimumInterval) or wanted.after or wanted.between == "cycles" or case.finding.count > 1:
        return
    for subject in case.subjects[:1]:
        last = subject.events[-1]
        yield _fix(case, [subject._replace(events=(last,))], Sentence("{dose}, the second of the two", dose=last.label))


def propose_support(case: Case) -> Iterator[Fix]:
    """Support among the doses the finding names, where what is left is treatment."""
    parts = [
        subject._replace(events=tuple(event for event in subject.events if _is_support(event, case)))
        for subject in case.subjects
    ]
    barred = [subject for subject in parts if subject.events]
    if barred and sum(len(subject.events) for subject in barred) <= MOST_DOSES:
        names = list(dict.fromkeys(event.label for subject in barred[::-1] for event in subject.events))
        yield _fix(case, barred, and_more(names))


def is_all_support(case: Case) -> bool:
    """Whether the finding names support alone, of which no day is better than another."""
    return all(_is_support(event, case) for subject in case.subjects for event in subject.events)


def propose_beyond(case: Case) -> Iterator[Fix]:
    """All doses beyond the limit of a sum over the course. Where the sum only comes near its limit there is none."""
    wanted, finding = case.wanted, case.finding
    if not isinstance(wanted, CumulativeDose) or wanted.over != "lifetime":
        return
    if finding.id.endswith(f":{wanted.near_severity}"):  # what only comes near has a severity, and so an id, of its own
        return
    subjects = case.subjects
    labels = [event.label for subject in reversed(subjects) for event in subject.events]
    if labels and len(labels) <= MOST_BEYOND:
        yield _fix(case, subjects, Sentence("{doses}, beyond the limit", doses=and_more(labels)))


def _is_support(event: Event, case: Case) -> bool:
    """What keeps a graft or ends the effect of methotrexate is treatment, whatever its role."""
    agent = case.agents.get(event.placed.agent)
    return event.placed.role in SUPPORT and not (agent and KEPT.intersection(agent.classes))


def _fix(case: Case, subjects: list[Subject], what: str) -> Fix:
    changes = tuple(
        dict.fromkeys(
            Omission(subject.block.id, subject.cycle, event.cycle_day, event.placed.order.id, "other", case.rule.id)
            for subject in subjects
            for event in subject.events
        )
    )
    first, doses = changes[0], with_count(len(changes), "{count} dose", "{count} doses")
    title = Sentence("Leave out {what} ({doses})", what=what, doses=doses)
    return Fix(f"leave-out:{first.block}:{first.cycle}:{first.order}", title, changes=changes)
