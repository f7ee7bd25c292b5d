"""Schedule and findings to Timeline: which lanes there are, and which bar stands in which."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace

from planner.model.agent import Agent
from planner.model.cycle_content import State
from planner.model.finding import Finding
from planner.model.going_on import NOT_GIVEN, ended_by_level
from planner.model.kept import pause_of
from planner.model.patient import CoMedication
from planner.model.plan import Deferral, Hold, Plan, Scope, Stop
from planner.model.schedule import OpenDecision, PlacedBlock, PlacedContent, Schedule
from planner.model.timeline import NO_TRAITS, Bar, Figure, Lane, OrderAt, Timeline, Traits, free_bar
from planner.timeline.block_bars import LaneKey, block_figures
from planner.timeline.drug_bars import open_ended, with_closed_ends, with_levels
from planner.timeline.finding_bars import finding_bars, marked, shown_on_timeline
from planner.timeline.words import BlockDetail, CycleDetail, co_medication_detail, route_beside, window_behind

GROUPS = (
    "antineoplastic",
    "cell therapy",
    "infusion",
    "oral",
    "intrathecal",
    "rescue",
    "growth factor",
    "premedication",
    "supportive",
    "hydration",
)
"""Order of the drug lanes from top to bottom, by what a lane's signs are."""

SIGN_LANES = {"assessment": "Assessments", "procedure": "Procedures", "decision": "Decisions"}
"""Groups of what is no drug, in the order of their lanes, with their titles."""

_Figures = dict[tuple[object, ...], Figure]
"""Figures by all that they depend on."""
BY_START = attrgetter("start")
MARGIN = 7
"""Days of co-medication shown before and after the course, for what starts earlier or ends later."""


def lay_out(plan: Plan, schedule: Schedule, findings: Sequence[Finding], agents: Mapping[str, Agent]) -> Timeline:
    """Every event of the schedule on exactly one bar, blocks, co-medications and findings around them."""
    start, end = _course(schedule)
    bars = _bars_by_lane(plan, schedule)
    lanes = [*_block_lanes(plan, schedule.blocks, _all_stopped(plan, bars)), *_drug_lanes(bars)]
    for group, title in SIGN_LANES.items():
        lanes += _lanes(f"{group}s", title, "assessments", group, bars.get(LaneKey(group), ()))
    lanes += _co_medication_lanes(plan.patient.co_medications, agents, (start, end))
    shown = shown_on_timeline(findings)
    band = _lanes("findings", "Findings", "findings", "finding", finding_bars(shown))
    return Timeline((*marked(lanes, shown), *band), start, end)


class Lanes(Struct, frozen=True):
    """How a plan is laid out: with the names and classes of these agents."""

    agents: Mapping[str, Agent]

    def __call__(self, plan: Plan, schedule: Schedule, findings: Sequence[Finding]) -> Timeline:
        """The timeline of that plan."""
        return lay_out(plan, schedule, findings, self.agents)


def _course(schedule: Schedule) -> tuple[int, int]:
    """First day and day after the last of blocks and events; 0 and 0 where nothing is placed."""
    held = [piece for piece in schedule.pieces if piece.content.count]
    starts = [block.start for block in schedule.blocks] + [piece.first_day for piece in held]
    ends = [block.end for block in schedule.blocks] + [piece.last_day + 1 for piece in held]
    return min(starts, default=0), max(ends, default=0)


def _bars_by_lane(plan: Plan, schedule: Schedule) -> dict[LaneKey, list[Bar]]:
    """The bars of all blocks, lane by lane, the lanes by their first event."""
    pieces: dict[str, list[PlacedContent]] = {}
    for piece in schedule.pieces:
        pieces.setdefault(piece.block.id, []).append(piece)
    decisions: dict[str, list[OpenDecision]] = {}
    for decision in schedule.decisions:
        decisions.setdefault(decision.block, []).append(decision)
    confirmed = _confirmed(plan)
    stands_still = any(isinstance(one, Hold | Stop) for one in plan.modifications)
    closed = _closed_ends(plan, schedule)
    begins: dict[LaneKey, tuple[int, int, int]] = {}
    bars: dict[LaneKey, list[Bar]] = {}
    for here in pieces.values():
        block = here[0].block
        checked = confirmed.get(block.id, frozenset())
        pause = pause_of(plan, block.id) if stands_still else None
        moved = _moved_by(plan, block)
        for part in block_figures(block, here, decisions.get(block.id, ()), checked, pause):
            begin = (block.start + part.day, part.minute, here[0].rank + part.place)
            begins[part.key] = min(begin, begins.get(part.key, begin))
            figures = _cells_moved(part.figures, moved) if moved and part.key.group == "cell therapy" else part.figures
            figures = with_closed_ends(figures, closed[block.id]) if block.id in closed else figures
            bars.setdefault(part.key, []).extend([Bar(figure, block) for figure in figures])
    return {key: bars[key] for key in sorted(bars, key=begins.__getitem__)}


def _closed_ends(plan: Plan, schedule: Schedule) -> dict[str, set[tuple[OrderAt, int]]]:
    """By block, the orders whose last days have no open end any more, since a level in the blood is low.

    Cycles are counted by their place in the block, days from its first one.
    """
    found: dict[str, set[tuple[OrderAt, int]]] = {}
    if any(one.code.casefold().endswith("-level") for one in plan.patient.labs):
        for last, _ in ended_by_level(plan, schedule.events):
            block = last.placed.block
            place = next(at for at, cycle in enumerate(block.cycles) if cycle.number == last.placed.cycle)
            found.setdefault(block.id, set()).add(((place, last.placed.order.id), last.day - block.start))
    return found


def _cells_moved(figures: Iterable[Figure], days: int) -> list[Figure]:
    """Cells of a block that somebody moved: their days are counted from the first cells, and so is their window."""
    return [
        replace(one, traits=replace(traits, shift=traits.shift + days, window=window_behind(traits.window, days)))
        for one in figures
        for traits in (one.traits,)
    ]


def _all_stopped(plan: Plan, bars: Mapping[LaneKey, Iterable[Bar]]) -> frozenset[str]:
    """The blocks of which every drug was stopped: what is left of them hangs on nothing any more."""
    if not any(isinstance(one, Stop) for one in plan.modifications):
        return frozenset()
    drugs = [bar for key, here in bars.items() if key.group not in SIGN_LANES for bar in here]
    return frozenset(one.block for one in drugs) - {one.block for one in drugs if one.state is not State.STOPPED}


def _confirmed(plan: Plan) -> dict[str, frozenset[str]]:
    """The confirmed orders by block; blocks without any are left out."""
    by_pin: dict[str, set[str]] = {}
    for one in plan.confirmations:
        by_pin.setdefault(one.pin, set()).add(one.order)
    return {block.id: frozenset(by_pin[block.pin]) for block in plan.blocks if block.pin in by_pin}


def _block_lanes(plan: Plan, blocks: Iterable[PlacedBlock], stopped: Collection[str]) -> list[Lane]:
    """Ribbons of blocks in as many rows as blocks run at the same time, each with its cycles behind it."""
    ribbons, cycles = [], {}
    figures: _Figures = {}  # blocks and cycles that look alike share one
    for block in blocks:
        changes = (one for one in plan.modifications if isinstance(one, Deferral) and not one.order)
        deferrals = [one for one in changes if one.block == block.id]
        stops = [one for one in plan.modifications if isinstance(one, Stop) and one.block == block.id and not one.order]
        shift = sum(one.days for one in _of_what_runs(deferrals, stops) if one.scope is not Scope.DAY)
        state = _state(block, stopped)
        ribbons.append(Bar(_ribbon(block, state, shift + _moved_by(plan, block), figures), block))
        cycles[block.id] = [
            Bar(_cycle(block, place, state, deferrals, figures), block) for place in range(len(block.cycles))
        ]
    rows = _rows(ribbons)
    return [
        Lane(
            id=f"blocks/{number}" if number else "blocks",
            title="" if number else "Blocks",
            kind="blocks",
            role="block",
            bars=tuple(bar for ribbon in row for bar in (ribbon, *cycles[ribbon.block])),
        )
        for number, row in enumerate(rows)
    ]


def _of_what_runs(deferrals: Iterable[Deferral], stops: Iterable[Stop]) -> list[Deferral]:
    """The deferrals of which something is still to come: a rest that was put off and then stopped moves nothing."""
    ended = [(one.cycle, one.day) for one in stops if one.scope in (Scope.FOLLOWING, Scope.ALL)]
    return [one for one in deferrals if not any(stop <= (one.cycle, one.day) for stop in ended)]


def _moved_by(plan: Plan, block: PlacedBlock) -> int:
    """Days by which somebody moved a block away from the day that its protocol names in the block before it."""
    start, rule = plan.block(block.id).start, block.phase.start
    named = bool(start.after and rule.phase) and plan.block(start.after).phase == rule.phase
    return start.gap_days - rule.gap_days if named and start.day == rule.day else 0


def _state(block: PlacedBlock, stopped: Collection[str]) -> State:
    if block.id in stopped:
        return State.STOPPED
    return State.PROVISIONAL if block.provisional else State.PLANNED


def _ribbon(block: PlacedBlock, state: State, shift: int, known: _Figures) -> Figure:
    """From the day on which treatment begins, which a deferral of all the block gives moves away from its start."""
    offset, label = block.begins - block.start, block.title
    days = max(block.end - block.begins, 1)
    key = (offset, days, label, state, shift)
    if key not in known:
        traits = Traits(shift=shift) if shift else NO_TRAITS
        known[key] = Figure(offset, days, "ribbon", "block", state, label, BlockDetail(), traits=traits)
    return known[key]


def _cycle(block: PlacedBlock, place: int, state: State, deferrals: Sequence[Deferral], known: _Figures) -> Figure:
    cycle = block.cycles[place]
    begins, days = cycle.begins - block.start, max(cycle.end - cycle.begins, 1)
    offset, shift = cycle.start - block.start, 0
    numbering = [(offset, block.phase.first_day)]
    here = (one for one in deferrals if one.cycle == cycle.number and one.scope is not Scope.DAY)
    for day, moved in sorted((one.day, one.days) for one in here):
        shift += moved
        entry = (offset + block.phase.offset(day) + shift, day)
        numbering = [one for one in numbering if one[1] < day] + [entry]
    key = (begins, days, state, place, tuple(numbering), shift)
    if key not in known:
        traits = Traits(numbering=tuple(numbering), shift=shift)
        known[key] = Figure(begins, days, "cycle", "block", state, "", CycleDetail(), place, traits=traits)
    return known[key]


def _drug_lanes(bars: Mapping[LaneKey, list[Bar]]) -> list[Lane]:
    """One lane a drug, route and purpose, grouped by sign and then by beginning; one lane for all intrathecal."""
    lanes: list[Lane] = []
    for key in bars:
        if key.group in SIGN_LANES:
            continue
        if key.group == "intrathecal":
            lanes += _lanes("intrathecal", "INTRATHECAL", "intrathecal", "intrathecal", bars[key])
        else:
            found = with_levels(bars[key]) if key.group == "infusion" else bars[key]
            lanes += _lanes("/".join(key), _name(key), "drug", key.group, open_ended(found))
    return sorted(lanes, key=lambda lane: GROUPS.index(lane.role) if lane.role in GROUPS else len(GROUPS))


def _name(key: LaneKey) -> str:
    """The drug and how it is given, unless its name says that already."""
    return f"{key.name} {route_beside(key.name, key.route)}".strip()


def _co_medication_lanes(
    taken: Iterable[CoMedication], agents: Mapping[str, Agent], course: tuple[int, int]
) -> list[Lane]:
    """One lane an agent; what was stopped before the course or starts after it is left out."""
    spans: dict[str, list[Bar]] = {}
    for one in taken:
        start = one.start.toordinal()
        end = one.end.toordinal() + 1 if one.end else max(course[1], start + 1) + MARGIN
        if course[1] and (end <= course[0] - MARGIN or start >= course[1] + MARGIN):
            continue
        name = agents[one.agent].name if one.agent in agents else one.agent
        bar = free_bar(
            id=f"co-medication/{one.agent}/{one.start.isoformat()}",
            start=start,
            end=end,
            form="span",
            role="co-medication",
            state=State.PLANNED,
            label="",
            detail=co_medication_detail(name, one.start, one.end),
            block="",
            open_end=one.end is None,
        )
        spans.setdefault(name, []).append(bar)
    return [
        lane
        for name, bars in spans.items()
        for lane in _lanes(f"co-medication/{name}", name, "co-medications", "co-medication", bars)
    ]


def _lanes(lane_id: str, title: str, kind: str, role: str, bars: Sequence[Bar]) -> list[Lane]:
    """The bars as one lane, or as several of the same title where they would lie on each other."""
    return [
        Lane(f"{lane_id}#{number}" if number else lane_id, title, kind, role, tuple(row))
        for number, row in enumerate(_rows(bars))
    ]


def _rows(bars: Sequence[Bar]) -> list[list[Bar]]:
    """Bars in rows without overlap, each in the first row that has room; within a row by start.

    Of several that begin on one day, what is given has the first row: what is struck out makes way for it.
    """
    rows = _in_rows(sorted(bars, key=BY_START))
    if len(rows) > 1 and any(bar.state in NOT_GIVEN for bar in bars):
        return _in_rows(sorted(bars, key=lambda bar: (bar.start, bar.state in NOT_GIVEN)))
    return rows


def _in_rows(bars: Iterable[Bar]) -> list[list[Bar]]:
    rows: list[list[Bar]] = []
    ends: list[int] = []
    for bar in bars:
        start, end = bar.start, bar.end
        for number, last in enumerate(ends):
            if last <= start:
                rows[number].append(bar)
                ends[number] = end
                break
        else:
            rows.append([bar])
            ends.append(end)
    return rows
