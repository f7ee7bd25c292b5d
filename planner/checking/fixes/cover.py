"""Close the gaps of a cover: what is there goes on, or what the rule's own source names is added. Nothing is made up.

A co-medication is planned by its days alone; its dose is for the prescriber to say.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from planner.checking.fixes.add_order import dose_text
from planner.checking.fixes.case import Case
from planner.checking.fixes.examine import Days, called, examinations
from planner.checking.fixes.names import Names
from planner.checking.kinds.cover_span import gaps
from planner.checking.known import Span
from planner.model.civil import clinical_date
from planner.model.finding import Fix
from planner.model.patient import CoMedication
from planner.model.plan import Addition, Examination
from planner.model.protocol import TemplateAssessment, TemplateOrder
from planner.model.quantity import plain
from planner.model.rule_kinds import Companion, CoverSpan
from planner.model.schedule import Event
from planner.model.sentence import Sentence, all_of

MOST_GAPS = 8
"""Gaps that one fix closes; more is a course of its own."""
MOST_DAYS = 400
"""Days of doses or examinations that one fix adds."""
Gap = tuple[int, int]


def propose(case: Case) -> Iterator[Fix]:
    """What covers beside the gaps goes on over them; else what the rule's source names, from day to day."""
    wanted: CoverSpan = case.wanted
    found = [gap for gap, _ in gaps(case.rule, wanted, case.context())]
    if not found or len(found) > MOST_GAPS:
        return
    going_on = [*_going_on(case, wanted, found), *_planned_on(case, wanted, found)]
    yield from going_on
    if not going_on:
        yield from _named(case, wanted.take, found)
        yield from _examined(case, wanted, found)


def propose_medicine(case: Case) -> Iterator[Fix]:
    """A companion that may be a co-medication: the one medicine the rule names, over the whole window."""
    wanted = case.wanted
    if not isinstance(wanted, Companion) or not wanted.co_medications:
        return
    agents = [one.name for one in wanted.needs if one.by == "agent" and not one.negated]
    event = case.subjects[0].events[0]
    if len(agents) == len(wanted.needs) == case.finding.count == 1:
        yield from _named(case, tuple(agents), [(event.day + wanted.earliest.days, event.day + wanted.latest.days)])


def _going_on(case: Case, wanted: CoverSpan, found: Sequence[Gap]) -> Iterator[Fix]:
    """Co-medications that end where a gap begins go on; those that begin where it ends start earlier."""
    spans = case.context().spans(wanted.needs)
    medicines, words = [], list[str]()
    for start, end in found:
        before = next((one for one in spans if one.end == start - 1), None)
        after = next((one for one in spans if one.start == end + 1), None)
        if before is not None:
            medicines.append(CoMedication(before.name, date.fromordinal(before.start), date.fromordinal(end)))
            words.append(Sentence("{drug} go on to {day}", drug=_called(case, before), day=clinical_date(end)))
        elif after is not None:
            medicines.append(CoMedication(after.name, date.fromordinal(start), date.fromordinal(end)))
            words.append(Sentence("{drug} start on {day}", drug=_called(case, after), day=clinical_date(start)))
        else:
            return
    title = Sentence("Let {what}, as co-medication", what=all_of(words))
    yield Fix("go-on", title, medicines=tuple(medicines))


def _called(case: Case, span: Span) -> str:
    """The medicine as somebody wrote it; by its name where that is the id of an agent."""
    agent = case.agents.get(span.name)
    return agent.name if agent else span.name


def _planned_on(case: Case, wanted: CoverSpan, found: Sequence[Gap]) -> Iterator[Fix]:
    """Planned doses or examinations before the gap go on over it, in the rhythm they have."""
    series = case.context().series(wanted.needs)
    days: dict[Event, list[int]] = {}
    for start, end in found:
        earlier = [event for event in series.events if event.day < start]
        if not earlier or start - earlier[-1].day > wanted.max_gap_days + 1:
            return
        last = earlier[-1]
        own = sorted({event.day for event in earlier if event.placed.order.id == last.placed.order.id})
        step = own[-1] - own[-2] if len(own) > 1 else wanted.max_gap_days + 1
        if step > wanted.max_gap_days + 1:
            return
        days.setdefault(last, []).extend(range(last.day + step, end + 1, step))
    fix = _more_of(case, days)
    if fix is not None:
        yield fix


def _more_of(case: Case, days: dict[Event, list[int]]) -> Fix | None:
    """One fix with more days of these doses and examinations; None where one of them cannot stand there."""
    names, words = Names(case), list[str]()
    changes: list[Addition | Examination] = []
    for event, some in days.items():
        by_cycle = _cycles_of(case, event.placed.block.id, some)
        if not by_cycle or len(some) > MOST_DAYS:
            return None
        order = event.placed.order
        if isinstance(order, TemplateAssessment):
            changes += list(examinations(case, order.title, order.topic, by_cycle))
        elif isinstance(order, TemplateOrder) and (dose := _dose(case, event, order)):
            for (block, cycle), numbers in by_cycle.items():
                changes.append(_addition(case, order, dose, names, (block, cycle, numbers)))
        else:
            return None
        told = "{drug} to {day} ({count} days more)" if len(some) > 1 else "{drug} on {day} (1 day more)"
        day = clinical_date(some[-1])
        words.append(Sentence(told, drug=event.placed.agent_name, day=day, count=len(some)))
    return Fix("continue", Sentence("Go on with {what}", what=all_of(words)), changes=tuple(changes))


def _addition(case: Case, order: TemplateOrder, dose: str, names: Names, place: tuple[str, int, list[int]]) -> Addition:
    block, cycle, numbers = place
    return Addition(
        block, cycle, names.free(f"{order.agent}-{case.rule.id.lower()}", block), order.agent, order.role, order.route,
        tuple(sorted(numbers)), "other", f"{case.rule.id}: as planned before", dose=dose,
        doses_per_day=order.doses_per_day,
    )  # fmt: skip


def _dose(case: Case, event: Event, order: TemplateOrder) -> str:
    """The dose as it is planned before the gap: the protocol's own words, or what was typed; "" where none is known."""
    if event.dose is None or event.dose.value is None:
        return ""
    if event.dose.origin:
        return f"{plain(event.dose.value)} {event.dose.unit}"
    return dose_text(order, case.facts(event.day)) or ""


def _named(case: Case, agents: Sequence[str], found: Sequence[Gap]) -> Iterator[Fix]:
    """Each medicine that the rule's source names, as co-medication on the days of the gaps."""
    for agent in agents:
        known = case.agents.get(agent)
        spans: list[str] = [
            Sentence("{start} to {end}", start=clinical_date(start), end=clinical_date(end)) for start, end in found
        ]
        medicines = tuple(CoMedication(agent, date.fromordinal(one), date.fromordinal(last)) for one, last in found)
        name = known.name if known else agent
        told = "Plan {drug} as co-medication from {spans}; its dose is for the prescriber"
        title = Sentence(told, drug=name, spans=all_of(spans))
        yield Fix(f"take:{agent}", title, medicines=medicines)


def _examined(case: Case, wanted: CoverSpan, found: Sequence[Gap]) -> Iterator[Fix]:
    """Examinations in the rhythm that the rule's source gives."""
    looks = [one for one in wanted.needs if one.by == "assessment" and not one.negated]
    if not wanted.every_days or not looks or not case.subjects:
        return
    days = [day for start, end in found for day in range(start, end + 1, wanted.every_days)]
    block = case.subjects[0].block
    by_cycle = _cycles_of(case, block.id, days)
    if by_cycle and len(days) <= MOST_DAYS:
        name, topic = called(case, looks, block.phase)
        told = "Add {what}, every {days} days, from {start} to {end}"
        if wanted.every_days == 1:
            told = "Add {what}, daily, from {start} to {end}"
        start, end = clinical_date(days[0]), clinical_date(days[-1])
        title = Sentence(told, what=name, days=wanted.every_days, start=start, end=end)
        yield Fix("examine", title, changes=tuple(examinations(case, name, topic, by_cycle)))


def _cycles_of(case: Case, block_id: str, days: Sequence[int]) -> Days:
    """The day numbers of these days by the cycle they fall into, of that block first; none where one has no cycle."""
    found: Days = {}
    blocks = sorted(case.schedule.blocks, key=lambda one: (one.id != block_id, -one.start))
    for day in days:
        for block in blocks:
            cycle = next((one for one in block.cycles if one.start <= day < one.end), None)
            if cycle is not None:
                found.setdefault((block.id, cycle.number), []).append(block.phase.day_at(day - cycle.start))
                break
        else:
            return {}
    return found
