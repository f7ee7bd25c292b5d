"""What was given stays on the plan: an edit after which a given dose would no longer be drawn as it was is refused."""

from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from planner.assembly.assemble import assemble
from planner.errors import Refusal
from planner.model.cycle_content import State
from planner.model.plan import DoseChange, Given, GivenRecord, Plan
from planner.model.protocol import Protocol
from planner.model.quantity import plain
from planner.model.schedule import Event
from planner.model.sentence import Sentence
from planner.model.site import Site
from planner.services.evaluation import pinned_protocol
from planner.services.verbs.since import keep_changes

Key = tuple[str, int, str, int, int]
"""Block, cycle, order, day number, and which dose of that day: what a record of a given dose names."""


def lost(before: Plan, after: Plan, protocols: Mapping[str, Protocol] | None = None) -> tuple[Event, ...]:
    """The doses that were given and that the one plan orders, and the other no longer or as another drug; by time.

    `protocols` are all of both plans', by sha256; where none are told they are read from the pins.
    """
    given = [one for one in before.given if one.status is not Given.NOT_GIVEN]
    if not given:
        return ()
    known = protocols or {pin.sha256: pinned_protocol(pin.text) for pin in before.pins}
    were, are = _ordered(before, given, known), _ordered(after, given, known)
    gone = [event for key, event in were.items() if key not in are or are[key].placed.agent != event.placed.agent]
    return tuple(sorted(gone, key=lambda one: one[:3]))


def redrawn(before: Plan, after: Plan) -> tuple[Event, ...]:
    """The doses that stand as given on the one plan and on the other not at all, or as another drug; by time."""
    if not any(one.status is not Given.NOT_GIVEN for one in before.given):
        return ()
    protocols = {pin.sha256: pinned_protocol(pin.text) for pin in before.pins}
    were, are = _drawn(before, protocols), Counter(map(_drug, _drawn(after, protocols)))
    gone = []
    for event in were:
        are[_drug(event)] -= 1
        if are[_drug(event)] < 0:
            gone.append(event)
    return tuple(sorted(gone, key=lambda one: one[:3]))


def off_their_days(before: Plan, after: Plan) -> tuple[tuple[GivenRecord, Event], ...]:
    """The doses recorded on the day on which the one plan orders them and the other does not, as that orders them."""
    given = [one for one in before.given if one.status is not Given.NOT_GIVEN and one.on]
    if not given:
        return ()
    known = {pin.sha256: pinned_protocol(pin.text) for pin in before.pins}
    were, are = _ordered(before, given, known), _ordered(after, given, known)
    keys = [((one.block, one.cycle, one.order, one.day, one.number), one) for one in given]
    return tuple(
        (one, are[key]) for key, one in keys if key in were and key in are and were[key].date == one.on != are[key].date
    )


def with_given_of(older: Plan, newest: Plan) -> Plan:
    """The older plan with all that is recorded of doses now: going back changes what is planned, not what happened.

    Refuses where something was given that the older plan does not have, or has as another drug.
    """
    if older.given == newest.given:
        return older
    _refuse(lost(newest, older), Sentence("going back"))
    blocks = {block.id for block in older.blocks}
    return replace(older, given=tuple(one for one in newest.given if one.block in blocks))


def refuse_redrawing(before: Plan, after: Plan, what: str) -> None:
    """Refuse an edit after which something that was given would not be drawn, or drawn as another drug."""
    _refuse(redrawn(before, after), what)


def refuse_other_drugs_dose(plan: Plan, without: Plan, later: Sequence[DoseChange]) -> None:
    """Refuse to take a replacement back while doses entered or changed for its drug would go to the drug before it.

    `later` are the changes of doses made after it. Of 45 mg/m2 entered for daunorubicin nobody meant doxorubicin.
    """
    bare = keep_changes(without, [at for at, one in enumerate(without.modifications) if one not in later])
    protocols = {pin.sha256: pinned_protocol(pin.text) for pin in plan.pins}
    were, are, own = (_single_doses(one, protocols) for one in (plan, without, bare))
    for key, event in are.items():
        was, meant = were.get(key), own.get(key)
        if was and meant and was.placed.agent != event.placed.agent and _amount(event) != _amount(meant):
            raise Refusal(
                "{dose} would get a dose that was entered for the drug in its place ({amount}); "
                "take the later changes of its dose back first",
                "other drug's dose",
                dose=event.label,
                amount=" ".join(filter(None, _amount(event))),
            )


def _single_doses(plan: Plan, protocols: Mapping[str, Protocol]) -> dict[tuple[str, int, int], Event]:
    events = assemble(plan, protocols, {}, Site()).events
    return {(event.placed.id, event.cycle_day, event.minute): event for event in events if event.placed.agent}


def _amount(event: Event) -> tuple[str, str]:
    dose = event.dose
    return (plain(dose.value), dose.unit) if dose and dose.value is not None else ("", "")


def _refuse(gone: Sequence[Event], what: str) -> None:
    if gone:
        event = gone[0]
        block = event.placed.block
        raise Refusal(
            "{dose} of {block} was given, and {what} would leave {id} out or order another drug; "
            "stop the block instead, or take the record back",
            "already given",
            "stop",
            dose=event.label,
            block=block.title,
            what=what,
            id=block.id,
        )


def _drawn(plan: Plan, protocols: Mapping[str, Protocol]) -> list[Event]:
    """What stands as given."""
    places = {(one.block, one.cycle) for one in plan.given}
    return [
        event
        for piece in assemble(plan, protocols, {}, Site()).pieces
        if (piece.block.id, piece.cycle) in places
        for events in piece.orders
        for event in events
        if event.state is State.GIVEN
    ]


def _drug(event: Event) -> tuple[str, int, str]:
    """Which order's dose of which day it is, and of which drug."""
    return event.placed.id, event.cycle_day, event.placed.agent


def _ordered(plan: Plan, given: Sequence[GivenRecord], protocols: Mapping[str, Protocol]) -> dict[Key, Event]:
    """What the plan orders where something was given. The records are left out, since they alone would draw it."""
    wanted = {(one.block, one.cycle, one.order, one.day, one.number) for one in given}
    places = {key[:2] for key in wanted}
    found: dict[Key, Event] = {}
    for piece in assemble(replace(plan, given=()), protocols, {}, Site()).pieces:
        if (piece.block.id, piece.cycle) not in places:
            continue
        seen: Counter[tuple[str, int]] = Counter()
        for event in (event for events in piece.orders for event in events):
            order = event.placed.order.id, event.cycle_day
            key = piece.block.id, piece.cycle, *order, seen[order]
            seen[order] += 1
            if key in wanted:
                found[key] = event
    return found
