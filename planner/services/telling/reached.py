"""Which other orders of a drug a change of one order reaches, and by which other routes the drug goes on."""

from collections.abc import Callable, Iterable

from planner.model.agent import Agent
from planner.model.civil import weekday_date, weekday_words
from planner.model.cycle_content import ComputedDose
from planner.model.plan import DoseChange, Hold, Replacement, Scope, Stop
from planner.model.protocol import TemplateOrder
from planner.model.quantity import format_amount
from planner.model.schedule import Event, Schedule
from planner.model.sentence import Sentence
from planner.services.telling.elsewhere import TO_COME

Change = Hold | Stop | DoseChange | Replacement
LONG_ACTING = "long-acting"
"""How the classes of agents begin of which one dose acts for many days."""
ALSO = "Reaches this drug's other orders too: {others}"
GOES_ON = "Does not reach: {others}"
RAISES = (
    "This raises {drug} from {before} to {after} from {day} on: percent are of the protocol's dose, not of the dose now"
)
OUTSIDE = "{dose} of {drug} is outside the range of the protocol, {least} to {most}"
DAILY = (
    "{drug} is long-acting and would be given on {count} days, {first} to {last}: give it on one day in place of the "
    "daily drug, and leave out or stop the other days"
)
ON_AND_ON = (
    "{drug} is long-acting and would go on every day from {first}, until {until}: give it on one day alone in place of "
    "the daily drug, and stop that from the next day on"
)
LITTLE = "This leaves {after} of {drug}, less than a tenth of the protocol's {full}"
OTHER_DOSE = "{dose} would stand in place of {others} too"


def also_reached(schedule: Schedule, change: Change, fill: Callable[..., str] = str.format) -> str:
    """That a change of one order reaches others of its drug beside it, by name and dose; empty where it does not.

    `schedule` is from before the change. A toxicity is of the drug, so all its orders are reached unless one is meant
    alone.
    """
    others = beside(schedule, change)
    return fill(ALSO, others=_named(others)) if others else ""


def other_doses(schedule: Schedule, change: DoseChange | Replacement, fill: Callable[..., str] = str.format) -> str:
    """That a typed dose would stand in place of another one than that of its order; empty where it would not.

    The 25 mg given for leucovorin 50 mg once stood for the 15 mg of the same cycle as well.
    """
    first = _first(schedule, change)
    if first is None or not change.dose:
        return ""
    own = _planned(first)
    others = [one for one in beside(schedule, change) if _planned(one) != own]
    return fill(OTHER_DOSE, dose=change.dose, others=_named(others)) if others else ""


def goes_on_otherwise(schedule: Schedule, change: Hold | Stop, fill: Callable[..., str] = str.format) -> str:
    """That a drug which is stopped or held goes on by another route or for another purpose; empty where it does not."""
    first = _first(schedule, change)
    if first is None:
        return ""
    others = {
        f"{one.placed.agent_name} {one.placed.route} ({one.placed.role})": None
        for one in _from(schedule.events, first, change)
        if one.placed.agent == first.placed.agent and one.placed.drug != first.placed.drug
    }
    return fill(GOES_ON, others=", ".join(others)) if others else ""


def raised(before: Schedule, after: Schedule) -> str:
    """That a reduction gives more of a drug than now, as percent are of the protocol's dose; empty where it does not.

    80 % after 33 % raised mercaptopurine beside allopurinol from 16.5 to 40 mg without a word.
    """
    was = {(one.placed.id, one.cycle_day, one.minute, one.due_day): one for one in before.events if one.dose}
    for now in after.events:
        old = was.get((now.placed.id, now.cycle_day, now.minute, now.due_day))
        if old and old.dose and now.dose and _is_more(old.dose, now.dose):
            texts = [format_amount(one.value, one.unit) for one in (old.dose, now.dose) if one.value is not None]
            first, day = now.placed.agent_name, weekday_date(now.day)
            return Sentence(RAISES, drug=first, before=texts[0], after=texts[1], day=day)
    return ""


def hardly_any(before: Schedule, after: Schedule) -> str:
    """That a reduction leaves less than a tenth of the protocol's dose, as where the point is off; empty otherwise."""
    was = {(one.placed.id, one.cycle_day, one.minute, one.due_day): one for one in before.events if one.dose}
    for now in after.events:
        old, dose = was.get((now.placed.id, now.cycle_day, now.minute, now.due_day)), now.dose
        if old is None or dose is None or dose.origin != "reduced" or not dose.full or dose.value is None:
            continue
        if dose.value * 10 < dose.full and (old.dose is None or old.dose.value != dose.value):
            texts = [format_amount(one, dose.unit) for one in (dose.value, dose.full)]
            return Sentence(LITTLE, drug=now.placed.agent_name, after=texts[0], full=texts[1])
    return ""


def out_of_range(before: Schedule, after: Schedule) -> str:
    """That a dose entered where the protocol gives a range lies outside it; empty where none does."""
    was = {(one.placed.id, one.cycle_day, one.minute, one.due_day): one for one in before.events if one.dose}
    for now in after.events:
        old = was.get((now.placed.id, now.cycle_day, now.minute, now.due_day))
        if old and old.dose and now.dose and now.dose.value is not None and old.dose is not now.dose:
            least, most, unit = old.dose.least, old.dose.most, old.dose.unit
            if least is not None and most is not None and unit == now.dose.unit and not least <= now.dose.value <= most:
                texts = [format_amount(one, unit) for one in (now.dose.value, least, most)]
                return Sentence(OUTSIDE, drug=now.placed.agent_name, dose=texts[0], least=texts[1], most=texts[2])
    return ""


def given_daily(
    after: Schedule, change: Replacement, agent: Agent | None, fill: Callable[..., str] = str.format
) -> str:
    """That a long-acting agent would stand on each day of the daily drug it replaces; empty where it does not.

    Six days of filgrastim became six times 6 mg of pegfilgrastim without a word. `after` is from after the change.
    """
    if agent is None or not any(one.startswith(LONG_ACTING) for one in agent.classes):
        return ""
    found = [
        one
        for one in after.events
        if (one.placed.block.id, one.placed.cycle, one.placed.order.id) == (change.block, change.cycle, change.order)
        if one.placed.agent == agent.id and one.state in TO_COME
    ]
    days = sorted({one.day for one in found})
    if not days:
        return ""
    order = found[0].placed.order
    first, last = weekday_words(days[0], fill), weekday_words(days[-1], fill)
    if isinstance(order, TemplateOrder) and order.until and change.scope is not Scope.DAY:
        return fill(ON_AND_ON, drug=agent.name, first=first, until=order.until)
    if len(days) == 1:
        return ""
    return fill(DAILY, drug=agent.name, count=len(days), first=first, last=last)


def _is_more(old: ComputedDose, new: ComputedDose) -> bool:
    known = old.value is not None and new.value is not None and old.unit == new.unit
    return known and (new.value or 0) > (old.value or 0)


def beside(schedule: Schedule, change: Change) -> list[Event]:
    """The first dose of each other order of the drug that the change reaches in its own block."""
    first = _first(schedule, change)
    if first is None or change.scope is Scope.DAY or (isinstance(change, DoseChange | Replacement) and change.alone):
        return []
    found: dict[str, Event] = {}
    for one in _from(schedule.events, first, change):
        here = one.placed.block.id == change.block and one.placed.order.id != change.order
        if here and one.placed.drug == first.placed.drug:
            found.setdefault(one.placed.order.id, one)
    return list(found.values())


def _first(schedule: Schedule, change: Change) -> Event | None:
    """The first dose of the order that the change names; None where it names none."""
    here = (change.block, change.cycle, change.order)
    return next((one for one in schedule.events if _place(one) == here and one.cycle_day >= change.day), None)


def _from(events: Iterable[Event], first: Event, change: Change) -> list[Event]:
    """What is still to come from the first dose on, as far as the change reaches."""
    return [one for one in events if one.state in TO_COME and one.dose and _reaches(one, first, change)]


def _reaches(event: Event, first: Event, change: Change) -> bool:
    placed = event.placed
    if (placed.block.id, placed.cycle) == (change.block, change.cycle):
        return event.cycle_day >= change.day
    wide = change.scope is Scope.ALL or (change.scope is Scope.FOLLOWING and placed.block.id == change.block)
    return wide and event.day > first.day


def _place(event: Event) -> tuple[str, int, str]:
    return event.placed.block.id, event.placed.cycle, event.placed.order.id


def _planned(event: Event) -> str:
    return event.dose.protocol_dose if event.dose else ""


def _named(events: Iterable[Event]) -> str:
    words = (f"{one.placed.agent_name} {_planned(one)}".rstrip() + f" ({one.placed.order.id})" for one in events)
    return ", ".join(words)
