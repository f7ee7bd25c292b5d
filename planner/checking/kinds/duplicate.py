"""duplicate: the same agent by the same route from two blocks, two days of one cycle or an added order, on one day."""

from collections.abc import Iterator, Sequence

from planner.checking.alike import Alike
from planner.checking.context import Context
from planner.checking.hits import Hit, named, on_day, some_days
from planner.checking.known import Known, span_text
from planner.checking.meaning import EVERY_DOSE
from planner.checking.pieces import BY_CLOCK
from planner.checking.reach import Reach
from planner.checking.row import Place
from planner.model.cycle_content import OrderLine
from planner.model.evidence import Evidence
from planner.model.protocol import TREATING, TemplateOrder
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import Duplicate
from planner.model.rule_values import Selector
from planner.model.schedule import Event


def reach(wanted: Duplicate, known: Known) -> Reach:  # noqa: ARG001 all reaches alike
    """The day itself."""
    return Reach(EVERY_DOSE, (EVERY_DOSE,), doses=False)


def find(rule: SequencingRule, wanted: Duplicate, context: Context) -> Iterator[Hit]:  # noqa: ARG001 all kinds alike
    """One hit for each agent and day that two blocks both give, or on which two days of one cycle met.

    Two days of a cycle meet where one was moved, or given, on the day of the other: both doses, or a slip in a date.
    And one for each cancer drug that somebody added, or put in the place of another, on a day on which its cycle gives
    it by the same route already; and for each that the patient takes by another order of somebody's on its days.
    """
    yield from _met_days(context.judged_events(EVERY_DOSE, rule.protocols))
    yield from _two_blocks(rule, context)
    yield from _added_beside(rule, context)
    yield from _taken_beside(rule, context)


def _met_days(doses: Sequence[Event]) -> Iterator[Hit]:
    moved = {event.day for event in doses if event.day != event.due_day}
    if not moved:
        return
    first: dict[tuple[int, str], Event] = {}
    told: set[tuple[int, str]] = set()
    for event in doses:
        if event.day not in moved:
            continue
        key = event.day, event.placed.id
        other = first.setdefault(key, event)
        if other.cycle_day != event.cycle_day and key not in told:
            told.add(key)
            yield _met(*sorted((other, event), key=lambda one: one.cycle_day))


def _met(event: Event, other: Event) -> Hit:
    day, orders = on_day(event.day), event.placed.id
    return Hit(
        f"{named(event)} and {named(other)} are on one day.",
        (event, other),
        (("days of the protocol", f"Day {event.cycle_day} and Day {other.cycle_day}"),),
        f"both on {day}",
        key=f"{orders}/one day",
    )


def _two_blocks(rule: SequencingRule, context: Context) -> Iterator[Hit]:
    doses = context.judged_events(EVERY_DOSE, rule.protocols)
    others = context.after_judged(EVERY_DOSE, rule.protocols)
    if not others.days:
        return
    given = {(event.day, event.placed.agent, event.placed.route): event for event in reversed(doses)}
    met: set[tuple[int, str, str, str]] = set()
    for other in others.events:
        day, agent, route, block = other.day, other.placed.agent, other.placed.route, other.placed.block.id
        event = given.get((day, agent, route))
        if event is not None and block != event.placed.block.id and (day, agent, route, block) not in met:
            met.add((day, agent, route, block))
            yield _hit(event, other)


def _added_beside(rule: SequencingRule, context: Context) -> Iterator[Hit]:
    """Of treatment alone: a premedication may well be a steroid given twice."""
    runs = [one for one in context.judged_alike(EVERY_DOSE, rule.protocols) if one.run.line.role in TREATING]
    same_drug: dict[tuple[Place, str, str], list[Alike]] = {}
    for one in runs:
        same_drug.setdefault(_drug_of_cycle(one), []).append(one)
    met: set[tuple[Place, frozenset[int]]] = set()
    for added in runs:
        if not (_is_added(added.run.line) or _is_in_place(added)):
            continue
        for other in same_drug[_drug_of_cycle(added)]:
            pair = added.piece.place, frozenset((id(added.run), id(other.run)))
            if other.run.line.order is not added.run.line.order and pair not in met:
                met.add(pair)
                for day in sorted(set(added.days).intersection(other.days)):
                    yield _beside(added, other, day)


def _taken_beside(rule: SequencingRule, context: Context) -> Iterator[Hit]:
    runs = [one for one in context.judged_alike(EVERY_DOSE, rule.protocols) if one.run.line.role in TREATING]
    agents = dict.fromkeys(one.run.line.agent for one in runs)
    spans = context.spans(tuple(Selector("agent", agent) for agent in agents))
    for span in spans:
        both = (one.between(span.start, span.end) for one in runs if one.run.line.agent == span.agent)
        doses = [one for one in both if one]
        if doses:
            event, taken = min((one.first for one in doses), key=BY_CLOCK), span_text(span)
            yield Hit(
                f"{named(event)} is given by the plan, and {taken} stands among the other medicines.",
                (event,),
                (("other medicine", taken),),
                f"on {some_days(sorted(day for one in doses for day in one.days))}",
                key=f"{span.agent}/taken",
            )


def _is_added(line: OrderLine) -> bool:
    """Whether people added the order: it has nobody's word but theirs (`assembly.added`)."""
    order = line.order
    return isinstance(order, TemplateOrder) and not order.references and order.evidence is Evidence.LOCAL


def _is_in_place(alike: Alike) -> bool:
    """Whether people put it in the place of another drug: its protocol has another one, or route, by that order."""
    line = alike.run.line
    own = {(one.agent, one.route) for one in alike.piece.block.phase.orders if one.id == line.order.id}
    return bool(own) and (line.agent, line.route) not in own


def _drug_of_cycle(one: Alike) -> tuple[Place, str, str]:
    """The cycle, with the drug and route that an order of it gives."""
    return one.piece.place, one.run.line.agent, one.run.line.route


def _beside(added: Alike, other: Alike, day: int) -> Hit:
    event, *more = (one.first for one in (added.between(day, day), other.between(day, day)) if one)
    route = event.placed.route
    how = "added" if _is_added(added.run.line) else "put in the place of another drug"
    return Hit(
        f"{named(event)} was {how} on a day on which its cycle gives the same drug {route} already.",
        (event, *more),
        (("orders", ", ".join(one.placed.order.id for one in (event, *more))),),
        f"both on {on_day(day)}",
        key=f"{event.placed.id}/{other.run.line.order.id}/added",
    )


def _hit(event: Event, other: Event) -> Hit:
    titles = f"{event.placed.block.title}; {other.placed.block.title}"
    route = event.placed.route
    return Hit(
        f"{named(event)} comes {route} from two blocks on one day: {titles}.",
        (event, other),
        (("blocks", titles),),
        f"both on {on_day(event.day)}",
        key=f"{event.placed.block.id}/{other.placed.block.id}/{event.placed.agent}/{route}",
    )
