"""Add an examination that is due and not in the plan, as the phase calls it, else as the rule does."""

from collections.abc import Iterable, Iterator

from planner.checking.fixes.add_order import MOST_ORDERS, day_beside, doses_named, lacks_of
from planner.checking.fixes.case import Case
from planner.checking.fixes.names import Names
from planner.checking.hits import spoken
from planner.checking.meaning import Who
from planner.model.civil import weekday_date
from planner.model.fact_words import names_of
from planner.model.finding import Fix
from planner.model.plan import Examination
from planner.model.protocol import TOPICS, Phase
from planner.model.rule_kinds import AssessmentBeforeDecision, Companion, FactsRecorded
from planner.model.rule_kinds_course import CycleShape
from planner.model.rule_values import Selector, Selectors
from planner.model.sentence import Sentence

Days = dict[tuple[str, int], list[int]]
"""Day numbers by block and cycle."""


def propose_beside(case: Case) -> Iterator[Fix]:
    """Where doses lack an examination beside them: it, on the day of the rule's window that is nearest to the dose."""
    wanted = case.wanted
    looks = _looks(wanted.needs) if isinstance(wanted, Companion) and wanted.scope != "block" else []
    if not looks or (wanted.all_of and len(looks) > 1):
        return
    lacks = lacks_of(case, wanted)
    if not lacks or len(lacks) > MOST_ORDERS:
        return
    days: Days = {}
    for subject, _ in lacks:
        event = subject.event
        days.setdefault((event.placed.block.id, event.placed.cycle), []).append(day_beside(event, wanted))
    name, topic = called(case, looks, lacks[0][0].event.placed.block.phase)
    title = Sentence("Add {what}: {doses}", what=name, doses=doses_named(lacks))
    yield Fix("examine", title, changes=tuple(examinations(case, name, topic, days)))


def propose_before(case: Case) -> Iterator[Fix]:
    """What has to be known before a treatment: the examination, the day before it."""
    wanted = case.wanted
    looks = _looks(wanted.planned) if isinstance(wanted, FactsRecorded) else []
    if not looks:
        return
    event = case.subjects[0].events[0]
    phase = event.placed.block.phase
    days = {(event.placed.block.id, event.placed.cycle): [phase.day_at(phase.offset(event.cycle_day) - 1)]}
    name, topic = called(case, looks, phase, names_of(wanted.facts))
    told = "Add {what} on {day}, the day before {dose}"
    title = Sentence(told, what=name, day=weekday_date(event.day - 1), dose=event.label)
    yield Fix("examine", title, changes=tuple(examinations(case, name, topic, days)))


def propose_for_decision(case: Case) -> Iterator[Fix]:
    """What a decision rests on: the examination, on the day on which it is to be taken."""
    wanted: AssessmentBeforeDecision = case.wanted
    event = case.subjects[0].events[-1]
    looks = [Selector("assessment", "-".join(word.split())) for word in wanted.mentions]
    name, topic = called(case, looks, event.placed.block.phase)
    days = {(event.placed.block.id, event.placed.cycle): [event.cycle_day]}
    title = Sentence("Add {what} on {day}, the day of the decision", what=name, day=weekday_date(event.day))
    yield Fix("examine", title, changes=tuple(examinations(case, name, topic, days)))


def propose_in_shape(case: Case) -> Iterator[Fix]:
    """What a cycle should have beside its doses, on those of the days on which it is wanting."""
    wanted: CycleShape = case.wanted
    shape = wanted.shapes[0]
    looks = _looks(shape.of)
    if not looks or len(wanted.shapes) > 1:
        return
    subject = case.subjects[-1]
    place, phase = (subject.block.id, subject.cycle), subject.block.phase
    there = {one.day for one in case.context().series(shape.of).events if one.placed.block.id == subject.block.id}
    days = [event.day for event in subject.events]
    first = case.context().series(wanted.agents).between(min(days), max(days))[0]
    lacks = [one.day - 1 for one in shape.doses if first.day + one.day - 1 not in there]
    name, topic = called(case, looks, phase)
    told = "Add {what}: {day} (1 day)" if len(lacks) == 1 else "Add {what}: {count} days, from {day} on"
    title = Sentence(told, what=name, count=len(lacks), day=weekday_date(first.day + min(lacks)))
    start = next(cycle.start for cycle in subject.block.cycles if cycle.number == subject.cycle)
    for zero in (phase.offset(first.cycle_day), first.day - start):  # moved with its cycle, or alone
        added = {place: [phase.day_at(zero + one) for one in lacks]}
        yield Fix("examine", title, changes=tuple(examinations(case, name, topic, added)))


def examinations(case: Case, title: str, topic: str, days: Days) -> Iterator[Examination]:
    """One addition for each cycle, each under a name that is free there."""
    names = Names(case)
    for (block, cycle), some in days.items():
        name = names.free(f"{topic or 'examination'}-{case.rule.id.lower()}".replace(" ", "-"), block)
        yield Examination(
            block, cycle, name, title, tuple(sorted(set(some))), "other", f"{case.rule.id}: {case.rule.title}",
            topic=topic if topic in TOPICS else "",
        )  # fmt: skip


def called(case: Case, looks: Selectors | list[Selector], phase: Phase, said: str = "") -> tuple[str, str]:
    """Title and topic of the examination: as that phase has it, else as it is `said`, else as the rule's words are."""
    for one in phase.assessments:
        words = f"{one.topic} {one.title} {one.id}".casefold()
        if one.kind == "assessment" and case.means(tuple(looks), Who("", "", "", one.kind, words)):
            return one.title, one.topic
    said = said or spoken(looks[:1])
    topic = next((word for word in looks[0].name.split("-") if word in TOPICS), "")
    return said[:1].upper() + said[1:], topic


def _looks(selectors: Iterable[Selector]) -> list[Selector]:
    """The examinations among what is needed."""
    return [one for one in selectors if one.by == "assessment" and not one.negated]
