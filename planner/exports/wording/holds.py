"""Where blocks end: what is on hold ends nobody knows when, and what is stopped does not go on."""

from collections.abc import Iterator, Sequence

from planner.exports.wording.doses import PREMEDICATION, is_drug
from planner.exports.wording.pumps import pumps_off
from planner.exports.wording.runs import NO_END
from planner.exports.wording.text import NO_DAY, listed
from planner.model.civil import clock, weekday_date
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.going_on import paused_behind
from planner.model.kept import kept_words
from planner.model.language import glued
from planner.model.plan import Hold, Plan, Scope, Skip, Stop
from planner.model.protocol import TREATING
from planner.model.schedule import Event, PlacedBlock

UNTIL = "until when is not known"


def blocks_on_hold(plan: Plan) -> set[str]:
    """The blocks that are paused as a whole and do not go on yet."""
    holds = (one for one in plan.modifications if isinstance(one, Hold))
    return {one.block for one in holds if not one.order and one.until is None}


def on_hold_since(evaluated: EvaluatedPlan) -> dict[str, int]:
    """By block that is paused as a whole, the first day of what is on hold of it."""
    blocks, found = blocks_on_hold(evaluated.plan), dict[str, int]()
    for event in evaluated.schedule.events:
        if event.state is State.HELD and event.placed.block.id in blocks:
            found.setdefault(event.placed.block.id, event.day)
    return found


class Ends:
    """The last days of blocks as people read them."""

    def __init__(self, evaluated: EvaluatedPlan) -> None:
        self.held = evaluated.once(on_hold_since)
        self._moved: dict[str, int] = {}
        """By block the last day on which something of it stands that was moved."""
        self._meant: dict[str, int] = {}
        """By block the last day of what is meant to be given."""
        self._stopped: dict[str, int] = {}
        """By block the first day of what is stopped behind all that is meant."""
        self._drugs_held: dict[str, dict[str, int]] = {}
        """By block that is not on hold as a whole the drugs of it that are, with the first day."""
        for event in evaluated.schedule.events:
            block = event.placed.block.id
            if event.moved_from is not None:
                self._moved[block] = event.day
            if not is_drug(event.placed):
                continue
            if event.state is State.HELD and block not in self.held:
                self._drugs_held.setdefault(block, {}).setdefault(event.placed.agent_name, event.day)
            if event.placed.role == PREMEDICATION:  # without its drug it is no treatment that goes on
                continue
            if event.state not in (State.OMITTED, State.STOPPED):
                self._meant[block] = event.day
                self._stopped.pop(block, None)
            elif event.state is State.STOPPED:
                self._stopped.setdefault(block, event.day)
        self._stopped |= _stopped_without_drugs(evaluated)
        plan = evaluated.plan
        skipped = {(one.block, one.cycle) for one in plan.modifications if isinstance(one, Skip)}
        self._left_out = {
            block.id: [cycle.number for cycle in block.cycles if (block.id, cycle.number) in skipped]
            for block in evaluated.schedule.blocks
        }
        """By block the cycles that are skipped and whose days stay empty."""
        for block in self._stopped.keys() - _stopped_whole(evaluated):
            del self._stopped[block]

    def go_on(self, block: PlacedBlock) -> bool:
        """Whether it has no end of its own; not once all of it is stopped: "no end" stood beside stopped ponatinib."""
        return block.phase.open_end and block.id in self._meant and block.id not in self._stopped

    def is_stopped(self, block: PlacedBlock) -> bool:
        """Whether nothing more of it is given: "planned" stood beside a block after treatment was stopped for good."""
        return block.id in self._stopped

    def drugs_held(self, block: PlacedBlock) -> str:
        """ "Blinatumomab ON HOLD from Sat 28-Nov-2026", of a block that is not on hold as a whole."""
        held = self._drugs_held.get(block.id, {})
        return ", ".join(f"{name} ON HOLD from {glued(weekday_date(day))}" for name, day in held.items())

    def held_on(self, block: PlacedBlock, day: int) -> str:
        """ "Blinatumomab ON HOLD", where it is by that day."""
        names = [name for name, since in self._drugs_held.get(block.id, {}).items() if since <= day]
        return f"{listed(names)} ON HOLD" if names else ""

    def is_left_out(self, block: PlacedBlock) -> bool:
        """Whether all of its cycles are skipped: its days stay empty, and "planned" stood beside them."""
        return bool(block.cycles) and len(self.cycles_left_out(block)) == len(block.cycles)

    def cycles_left_out(self, block: PlacedBlock) -> list[int]:
        """The cycles of it that are skipped."""
        return self._left_out.get(block.id, [])

    def left_out_words(self, block: PlacedBlock) -> str:
        """ "cycle 3 LEFT OUT", of a block that is not left out as a whole."""
        cycles = [] if self.is_left_out(block) else self.cycles_left_out(block)
        return (
            f"{'cycle' if len(cycles) == 1 else 'cycles'} {listed([str(one) for one in cycles])} LEFT OUT"
            if cycles
            else ""
        )

    def is_over(self, block: PlacedBlock, day: int) -> bool:
        """Whether all of it is stopped by that day."""
        return block.id in self._stopped and day >= self._stopped[block.id]

    def stops_on(self, block: PlacedBlock, day: int) -> bool:
        """Whether that is the first day of what is stopped of it as a whole."""
        return self._stopped.get(block.id) == day

    def stopped_from(self, block: PlacedBlock) -> int:
        """The first day of what is stopped, where something of the block is meant before it; else 0."""
        return self._stopped.get(block.id, 0) if block.id in self._meant else 0

    def last_drawn(self, block: PlacedBlock) -> int:
        """The last of its days; a later one on which something of it stands that was moved.

        Its test and the question what comes next stood two days behind the day on which "the plan ends".
        """
        return max(block.end - 1, self._moved.get(block.id, 0))

    def last_meant(self, block: PlacedBlock) -> int:
        """The last day drawn, of what is stopped the last on which something is meant; 0 where nothing is."""
        return self._meant.get(block.id, 0) if self.is_stopped(block) else self.last_drawn(block)

    def last_day(self, block: PlacedBlock) -> str:
        """The last day drawn, and that it is no end where the block has none of its own, or is on hold."""
        if block.waits:
            return NO_DAY
        if block.id in self.held:
            return f"not known: on hold from {glued(weekday_date(self.held[block.id]))}"
        if self.is_left_out(block):
            return f"{glued(weekday_date(self.last_drawn(block)))}, LEFT OUT"
        if self.is_stopped(block):
            since = f" from {glued(weekday_date(self._stopped[block.id]))}" if block.id in self._meant else ""
            return f"stopped{since}"
        return f"{glued(weekday_date(self.last_drawn(block)))}{f' {NO_END}' if self.go_on(block) else ''}"


def _stopped_whole(evaluated: EvaluatedPlan) -> set[str]:
    """The blocks that a stop of everything reaches, and those of which all drugs are stopped by name.

    Of a course whose other drugs are all given, a drug that is stopped on its last days is no stop.
    """
    plan, events = evaluated.plan, [one for one in evaluated.schedule.events if is_drug(one.placed)]
    stops = [(n, one) for n, one in enumerate(plan.modifications) if isinstance(one, Stop) and not one.order]
    treated = {one.placed.block.id for one in events if one.placed.role in TREATING}
    lasts: dict[str, dict[str, State]] = {}
    for event in events:
        block, role = event.placed.block.id, event.placed.role
        if role in TREATING or (block not in treated and role != PREMEDICATION):
            lasts.setdefault(block, {})[event.placed.agent] = event.state
    return {
        block.id
        for block in evaluated.schedule.blocks
        if any(one.block == block.id or (one.scope is Scope.ALL and plan.reaches(n, block.id)) for n, one in stops)
        or {*lasts.get(block.id, {}).values()} <= {State.STOPPED, State.OMITTED}
    }


def _stopped_without_drugs(evaluated: EvaluatedPlan) -> dict[str, int]:
    """By block that draws no drug ("to enter: chemotherapy"), and of which all is stopped, the first day of it."""
    drawn: dict[str, list[Event]] = {}
    for event in evaluated.schedule.events:
        drawn.setdefault(event.placed.block.id, []).append(event)
    return {
        block: events[0].day
        for block, events in drawn.items()
        if all(one.state is State.STOPPED and not is_drug(one.placed) for one in events)
    }


def last_days(evaluated: EvaluatedPlan) -> dict[str, int]:
    """By block its last day, of one that is stopped under way the last on which something of it is meant."""
    ends = evaluated.once(Ends)
    return {block.id: ends.last_meant(block) or block.end - 1 for block in evaluated.schedule.blocks}


def hold_lines(evaluated: EvaluatedPlan, before: int) -> Iterator[str]:
    """What is on hold from a day before that one on: a block, or drugs of one that goes on.

    The rows of its drawn days alone read as a hold that ends on the last of them.
    """
    blocks = evaluated.once(on_hold_since)
    firsts: dict[tuple[str, str], Event] = {}
    for event in evaluated.schedule.events:
        if event.state is State.HELD and event.day < before:
            name = "" if event.placed.block.id in blocks else event.placed.agent_name
            firsts.setdefault((event.placed.block.title, name), event)
    rescue: dict[str, dict[str, None]] = {}
    for event in evaluated.due:
        if told := kept_words(event):
            rescue.setdefault(told, {})[event.placed.agent_name] = None
    yield from (f"{listed([*names])}: {told}" for told, names in rescue.items())
    for (title, name), first in firsts.items():
        hour = clock(first.minute) if first.placed.kind == "infusion" and first.minute >= 0 else ""
        what = f"{name} of {title}" if name else title
        yield f"{what}: on hold from {glued(f'{weekday_date(first.day)} {hour}'.rstrip())}, {UNTIL}"


def off_words(plan: Plan, standing: Sequence[Event], micrograms: str) -> list[tuple[range, Event, str]]:
    """The days on which pumps are off and drugs on hold that are not drawn then, each with what is said of them."""
    found = [(one.days, one.after, one.words(micrograms)) for one in pumps_off(standing)]
    for one in paused_behind(plan, standing):
        since = f"{one.held.placed.agent_name}: on hold since {glued(weekday_date(one.held.day))}"
        until = f"goes on {glued(weekday_date(one.days.stop))}" if one.again else UNTIL
        found.append((one.days, one.held, f"{since}, {until}"))
    return found
