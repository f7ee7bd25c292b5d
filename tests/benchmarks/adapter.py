"""Puts the project into the benchmark kit: translates the kit's invented template and calls what the application calls.

The kit's template becomes a protocol once, as the application reads a protocol file once. Every plan is then expanded
as for a patient whom the application has not met: contents and doses of earlier calls are dropped before each call.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module
from itertools import chain, repeat

from planner.assembly import dosing
from planner.assembly.assemble import assemble
from planner.assembly.cycle import content_of
from planner.assembly.memo import Memo
from planner.checking.repair import Conflict, Network, Wait
from planner.model.agent import Agent
from planner.model.condition import ALWAYS
from planner.model.evaluated_plan import CheckSummary, EvaluatedPlan
from planner.model.evidence import Evidence, Status
from planner.model.patient import Measurement, Patient
from planner.model.plan import Block, BlockStart, Plan
from planner.model.protocol import Days, DoseBand, Phase, Protocol, StartRule, TemplateOrder
from planner.model.quantity import Amount, DoseRule
from planner.model.schedule import Schedule
from planner.model.site import Site
from planner.services.repairing import PLANS_KEPT
from planner.timeline.lay_out import Lanes

START = date(2026, 1, 5)
FIRST = START.toordinal()
PIN = "0" * 64
UNITS = {"m2": ("mg", "m2"), "kg": ("mcg", "kg"), "flat": ("mg", "")}
THOUSAND = Decimal(1000)
DAY = 1440
AGENTS: dict[str, Agent] = {}
"""The drug vocabulary, which the application reads once: the kit has none."""

_read: dict[int, tuple[dict, Protocol, tuple[Block, ...]]] = {}
"""Protocols and blocks by the identity of the template, which is kept beside them: a library reads each file once."""

_networks: Memo[int, tuple[Network, dict]] = Memo(PLANS_KEPT)


ELSEWHERE = {"pdf_calendar": "adapter_pdf", "pdf_table": "adapter_pdf", "Store": "adapter_store"}
"""What the kit asks for here and stands in a module of its own: a race of memory loads only what it runs."""


def __getattr__(name: str):
    if name not in ELSEWHERE:
        raise AttributeError(name)
    return getattr(import_module(f"tests.benchmarks.{ELSEWHERE[name]}"), name)


def open_checker(plan, rules: list[dict]):
    """The product's engine on the kit's plan, with the kit's rules as rules of the product's kinds."""
    from tests.benchmarks.checker import KitChecker

    return KitChecker(plan, rules)


def reflow(problem: dict, block: int, delay_days: int) -> list[int] | None:
    """The kit's blocks after a delay, as `repairing.delay` moves a plan's; None where that would move what is past.

    The network is kept with the problem, as the application keeps it with the plan that is shown.
    """
    network = _networks.get(id(problem), lambda: (_network(problem), problem))[0]
    found = network.delayed(block, delay_days)
    if isinstance(found, Conflict):
        return None
    starts = network.base.copy()
    for number, day in found.items():
        starts[number] = day
    return starts


def _network(problem: dict) -> Network:
    waits = [Wait(earlier, later, days, "") for earlier, later, days in problem["edges"]]
    return Network(problem["base"], waits, problem["allowed"], frozenset(problem["closed"]))


def expand(template: dict, bsa: float, kg: float) -> Iterator[tuple[int, int, int]]:
    """The kit's template as (minutes from the first day's midnight, drug, dose in thousandths).

    Every number is made here, in columns as the peers with arrays make theirs; only the triples are for who reads them.
    """
    from workload import DRUG_ID

    _forget()
    minutes: list[int] = []
    drugs: list[int] = []
    doses: list[int] = []
    columns: dict[int, tuple[list[int], list[int]]] = {}  # of this plan: cycles that are alike share a content
    for piece in _assemble(*_translate(template, bsa, kg)).pieces:
        content = piece.content
        if id(content) not in columns:
            counts = [len(run.offsets) for run in content.pattern.runs]
            of_drugs = map(repeat, [DRUG_ID[run.line.agent] for run in content.pattern.runs], counts)
            of_doses = map(repeat, [int(dose.value * THOUSAND) for dose in content.run_doses], counts)
            columns[id(content)] = list(chain.from_iterable(of_drugs)), list(chain.from_iterable(of_doses))
        first = (piece.start - FIRST) * DAY
        minutes += [first + time for time in content.pattern.times]
        drugs += columns[id(content)][0]
        doses += columns[id(content)][1]
    return zip(minutes, drugs, doses, strict=True)


def open_plan(template: dict, bsa: float, kg: float) -> EvaluatedPlan:
    """What the application holds for one open plan, with all that it made for it: contents, doses and lanes."""
    _forget()
    plan, protocol = _translate(template, bsa, kg)
    schedule = _assemble(plan, protocol)
    # The kit has no rules here, and without any the application does not check.
    found = EvaluatedPlan(plan, schedule, (), Lanes({}), CheckSummary(0, 0, ()))
    assert found.timeline, "an open plan is shown"
    return found


def _forget() -> None:
    """Drop what was made for earlier patients."""
    content_of.cache_clear()
    dosing.single_dose.cache_clear()


def _assemble(plan: Plan, protocol: Protocol) -> Schedule:
    return assemble(plan, {PIN: protocol}, AGENTS, Site(treatment_day_starts=0))


def _translate(template: dict, bsa: float, kg: float) -> tuple[Plan, Protocol]:
    """The template as a plan for one more patient. What people placed, and the protocol, are translated once."""
    known = _read.get(id(template)) or next((one for one in _read.values() if one[0] == template), None)
    if known is None:
        known = _read[id(template)] = (template, _protocol(template), _blocks(template))
    height = Decimal(str(round(bsa * bsa * 3600 / kg, 1)))
    measured = Measurement(START, height, Decimal(str(kg)))
    patient = Patient("1", "Example", "", date(1980, 1, 1), "female", (measured,))
    return Plan("p", patient, (), known[2]), known[1]


def _blocks(template: dict) -> tuple[Block, ...]:
    blocks, day, seen = [], START, {}
    for number, name in enumerate(template["sequence"]):
        seen[name] = seen.get(name, 0) + 1
        blocks.append(Block(f"b{number}", name, PIN, name, (seen[name],), BlockStart(on=day), "g"))
        day += timedelta(days=template["types"][name]["len"])
    return tuple(blocks)


def _protocol(template: dict) -> Protocol:
    sequence = template["sequence"]
    phases = tuple(_phase(name, spec, sequence.count(name)) for name, spec in template["types"].items())
    return Protocol(template["id"], template["id"], "1", Status.DRAFT, "", "", (), phases, ())


def _phase(name: str, spec: dict, cycles: int) -> Phase:
    orders = tuple(_order(number, line, cycles) for number, line in enumerate(spec["lines"]))
    return Phase(name, name, spec["len"], StartRule(), orders, cycles=cycles, max_cycles=cycles)


def _order(number: int, line: dict, cycles: int) -> TemplateOrder:
    unit, per = UNITS[line["basis"]]
    cap = Amount(Decimal(line["cap"]) / THOUSAND, unit) if line["cap"] is not None else None
    band = DoseBand(ALWAYS, DoseRule(Decimal(line["dose"]) / THOUSAND, unit, per), cap)
    return TemplateOrder(
        f"{number}", line["drug"], "antineoplastic", line["route"], (band,), Days(tuple(line["days"])), Evidence.LOCAL,
        (), cycles=tuple(range(line["first"], cycles + 1, line["every"])),
        at=tuple(int(clock[:2]) * 60 + int(clock[3:]) for clock in line["times"]),
    )  # fmt: skip


def timeline_widget(items: list, rows: int):
    """The kit's items on the window's own timeline. Its lanes keep their legible height, whatever height is asked."""
    from PySide6.QtWidgets import QApplication

    from planner.model.timeline import Lane, Timeline
    from ui.style import dress, register_fonts
    from ui.theme import LIGHT
    from ui.timeline.geometry import DayScale
    from ui.timeline.view import TimelineView

    class Board(TimelineView):
        def set_view(self, per_day: float, first: float, _row_height: float, top: float) -> None:
            self.set_scale(DayScale(START.toordinal() + first, per_day, self.scale.width))
            self.verticalScrollBar().setValue(round(top))

        def repaint(self) -> None:
            self.viewport().repaint()

    register_fonts()
    dress(QApplication.instance(), LIGHT)
    lanes = _kit_lanes(items, rows)
    first_day, last_day = (int(one(item[0] for item in items)) for one in (min, max))
    made = tuple(
        Lane(f"l{row}", f"Lane {row}", "drug", bars[0].role, tuple(bars)) for row, bars in lanes.items() if bars
    )
    board = Board(LIGHT)
    board.use_folds(False)  # every lane is painted, as by all contenders
    first = START.toordinal()
    board.show_plan(Timeline(made, first + first_day, first + last_day + 1), first, fresh=True)
    return board


def _kit_lanes(items: list, rows: int) -> dict[int, list]:
    """The items of each row as bars of a block that begins with the row's first day.

    As the program lays out a plan: what a bar looks like is counted from the first day of its block, and blocks that
    are alike share it.
    """
    from planner.model.cycle_content import State
    from planner.model.schedule import PlacedCycle
    from planner.model.timeline import Bar, Figure, Ground

    roles = ("antineoplastic", "supportive", "rescue", "antineoplastic", "hydration")
    figures: dict[tuple, Figure] = {}
    lanes: dict[int, list[Bar]] = {row: [] for row in range(rows)}
    grounds: dict[int, tuple[Ground, int]] = {}
    for day, row, drug, dose in items:
        if row not in grounds:
            first = START.toordinal() + int(day)
            grounds[row] = Ground(f"b{row}", f"Block {row}", first, (PlacedCycle(1, first, first + 1),)), int(day)
        ground, first = grounds[row]
        place = int(day) - first, drug, dose
        figure = figures.get(place)
        if figure is None:
            role = roles[drug % len(roles)]
            figure = figures[place] = Figure(
                place[0], 1, "dose", role, State.PLANNED, f"{dose} mg", "", cycle=0, order=f"d{drug}", number=place[0]
            )
        lanes[row].append(Bar(figure, ground))
    return lanes
