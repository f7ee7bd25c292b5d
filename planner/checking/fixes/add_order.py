"""Add what a dose needs beside it, as the rule's own source or the block's protocol gives it. Nothing is made up:

where neither names the drug, its route and its dose, there is no such fix.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from planner.checking.fixes.case import Case
from planner.checking.fixes.names import Names
from planner.checking.kinds.companion import Needed, Subject, lacking
from planner.checking.meaning import Who
from planner.model.condition import Fact
from planner.model.finding import Fix
from planner.model.plan import Addition
from planner.model.protocol import TemplateOrder
from planner.model.rule_kinds import Companion
from planner.model.rule_values import Selectors
from planner.model.schedule import Event
from planner.model.sentence import Sentence, all_of, and_more

DAY = 24 * 60
TREATMENT = ("antineoplastic", "cell therapy")
MOST_ORDERS = 12
"""Added orders in one fix; more are a matter for the protocol."""
LONGEST_WINDOW = 2 * DAY
"""Minutes. What may stand anywhere in a longer time is a course of its own, not one dose beside another."""


class _Source(NamedTuple):
    """An order that may be added, and who gives it."""

    agent: str
    route: str
    role: str
    dose: str
    doses_per_day: int
    given_by: str
    when: str


def propose(case: Case) -> Iterator[Fix]:
    """One fix for each source that names all that is missing: the rule's own first, then the block's protocol."""
    wanted = case.wanted
    if not isinstance(wanted, Companion) or wanted.scope == "block":
        return
    if wanted.latest.minutes - wanted.earliest.minutes > LONGEST_WINDOW:
        return
    lacks = lacks_of(case, wanted)
    if not lacks or len(lacks) > MOST_ORDERS:
        return
    for source in ("rule", "protocol"):
        fix = _fix(case, wanted, lacks, source)
        if fix is not None:
            yield fix


def lacks_of(case: Case, wanted: Companion) -> list[tuple[Subject, Sequence[Needed]]]:
    """The doses of the finding that lack company, each with what it lacks."""
    named = set(case.finding.orders)
    return [
        (subject, absent)
        for subject, absent, _ in lacking(case.rule, wanted, case.context())
        if absent and subject.event.placed.id in named and subject.event.day in case.finding.days
    ]


def _fix(case: Case, wanted: Companion, lacks: list[tuple[Subject, Sequence[Needed]]], by: str) -> Fix | None:
    """What one kind of source gives for everything that is missing; None where it leaves something open."""
    added: dict[tuple[str, int, _Source], list[int]] = {}
    for subject, absent in lacks:
        event = subject.event
        for needed in absent:
            find = _from_rule if by == "rule" else _from_protocol
            source = find(case, wanted, event, needed.selectors)
            if source is None:
                return None
            key = (event.placed.block.id, event.placed.cycle, source)
            added.setdefault(key, []).append(day_beside(event, wanted))
    names = Names(case)
    changes = []
    for (block, cycle, source), days in added.items():
        name = names.free(f"{source.agent}-{case.rule.id.lower()}", block)
        note = f"{case.rule.id}: {source.when}, as the {source.given_by} gives it"
        changes.append(
            Addition(
                block, cycle, name, source.agent, source.role, source.route, tuple(sorted(set(days))), "other", note,
                dose=source.dose, doses_per_day=source.doses_per_day,
            )
        )  # fmt: skip
    sources = list(dict.fromkeys(source for _, _, source in added))
    what = all_of([_words(case, one) for one in sources])
    title = Sentence("Add {what}: {doses}", what=what, doses=doses_named(lacks))
    return Fix(f"add:{by}", title, changes=tuple(changes))


def _from_rule(case: Case, wanted: Companion, _: Event, needs: Selectors) -> _Source | None:
    """The first order of the rule's own source that is meant, at the beginning of the rule's window."""
    when = _window(wanted)
    if wanted.earliest.minutes < 0:
        when = Sentence("{first} before", first=str(wanted.earliest).removeprefix("-"))
    role = "premedication" if wanted.earliest.minutes < 0 else "supportive"
    for one in wanted.add:
        if case.means(needs, Who(one.agent, one.route, role)):
            return _Source(one.agent, one.route, role, one.dose, 1, "rule", when)
    return None


def _from_protocol(case: Case, wanted: Companion, event: Event, needs: Selectors) -> _Source | None:
    """The order of the block's own protocol that is meant: of the block's phase first, with the dose it has there.

    Treatment stands in for nothing: dexamethasone against the leukemia is no premedication.
    """
    block = event.placed.block
    phases = block.protocol.phases if block.protocol else ()
    facts = case.facts(event.day)
    for phase in sorted(phases, key=lambda one: one.id != block.phase.id):
        for order in phase.orders:
            is_company = order.role not in TREATMENT and case.means(needs, Who(order.agent, order.route, order.role))
            if is_company and _holds(order, facts):
                dose = dose_text(order, facts)
                if dose is not None:
                    return _Source(
                        order.agent, order.route, order.role, dose, order.doses_per_day, "protocol", _window(wanted)
                    )
    return None


def _holds(order: TemplateOrder, facts: Mapping[str, Fact]) -> bool:
    return not order.when or order.when.holds(facts) is True


def dose_text(order: TemplateOrder, facts: Mapping[str, Fact]) -> str | None:
    """The protocol's dose as it is written; None where no band can be told, or the order is more than single doses."""
    if order.every_hours or order.escalation or order.at or order.continuous:
        return None
    for band in order.bands:
        verdict = band.when.holds(facts) if band.when else True
        if verdict is None or (verdict and (band.dose is None or band.dose.most is not None or band.cap is not None)):
            return None
        if verdict and band.dose is not None:
            return str(band.dose).replace(",", "")
    return None


def day_beside(event: Event, wanted: Companion) -> int:
    """The day number nearest to the dose's own on which company counts."""
    first = -(-wanted.earliest.minutes // DAY) if wanted.earliest.minutes > 0 else 0
    last = wanted.latest.minutes // DAY if wanted.latest.minutes <= -DAY else 0
    phase = event.placed.block.phase
    return phase.day_at(phase.offset(event.cycle_day) + (first or last))


def _window(wanted: Companion) -> str:
    """The rule's window in words: "in the 4 h before", "30 min to 1 h before", "on the same day"."""
    first, last = (str(edge).removeprefix("-") for edge in (wanted.earliest, wanted.latest))
    if wanted.latest.minutes < 0:
        return Sentence("{last} to {first} before", last=last, first=first)
    if wanted.earliest.minutes < 0 and wanted.latest.minutes:
        return Sentence("from {first} before to {last} after", first=first, last=last)
    if wanted.earliest.minutes < 0:
        return Sentence("in the {first} before", first=first)
    if wanted.latest.minutes:
        return Sentence("{first} to {last} after", first=first, last=last)
    return Sentence("on the same day")


def _words(case: Case, source: _Source) -> str:
    agent = case.agents.get(source.agent)
    dose = f"{agent.name if agent else source.agent} {source.dose} {source.route}"
    return Sentence("{dose} {when}", dose=dose, when=source.when)


def doses_named(lacks: list[tuple[Subject, Sequence[Needed]]]) -> str:
    """The first of the doses, and how many more there are."""
    return and_more(list(dict.fromkeys(subject.event.label for subject, _ in lacks)))
