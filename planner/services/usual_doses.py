"""A dose somebody typed beside what the protocols at hand give of that drug: slips of the decimal point, unit, route.

Nothing here is a clinical limit. A dose that no protocol comes near is asked about, never refused.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from planner.model.agent import Agent
from planner.model.patient import Patient
from planner.model.protocol import DoseBand, Protocol, TemplateOrder
from planner.model.quantity import IN_MG, DoseRule, format_number, parse_dose
from planner.model.rule import SequencingRule
from planner.model.rule_kinds import KINDS
from planner.model.rule_kinds_doses import AfterLevel
from planner.model.schedule import PlacedOrder, Schedule
from planner.services.dose_sizes import size_doubt

ABOVE_MOST, BELOW_LEAST = Decimal("1.25"), 4
"""A quarter above the most of a day, less than a quarter of the least: Regimap's own numbers, to catch slips.

The commonest one doubles a dose.
"""
FAR = 2
"""Times as large or as small a body at which a cap is asked about."""
_SIZES = {"": Decimal(1), "m2": Decimal("1.7"), "kg": Decimal(60)}
"""What a dose by surface or weight is multiplied by where nothing was measured: only slips of size are looked for."""
ABOVE = "{dose} of {drug} a day is {times} times the most that a protocol here gives {route}: {usual} ({protocol})"
BELOW = (
    "{dose} of {drug} a day is {times} times less than the least that a protocol here gives {route}: "
    "{usual} ({protocol})"
)
ONCE = "{other} is given once a day, and so would be {drug} in its place"
AS_OFTEN = "{other} is given {times} times a day, and so would be {drug} in its place"
INHERITED = "{other} is given {times} times a day, and {drug} in its place would be: {times} x {dose}, {total} a day"
FLAT = "no protocol here gives {drug} by surface or weight: {usual} ({protocol})"
BY_SIZE = ("m2", "kg")

Fill = Callable[..., str]


class TypedDose(Struct, frozen=True):
    """A dose as it was typed, of which drug, how it is given, how many times a day; the drug it takes the place of.

    `dose` may be empty where it is entered later. `instead_of` is the name that `inherited_from` gives.
    """

    agent: Agent
    route: str
    dose: str
    times: int = 1
    instead_of: str = ""


class _Usual(Struct, frozen=True):
    """What one order of a protocol gives in a day."""

    rule: DoseRule
    times: int
    protocol: str


def dose_doubt(
    typed: TypedDose,
    protocols: Iterable[Protocol],
    patient: Patient | None,
    fill: Fill = str.format,
    rules: Iterable[SequencingRule] = (),
) -> str:
    """Why somebody should look at a typed dose again, or at its route, in words; empty where nothing speaks against it.

    Doses of a day are compared, so that one total in two halves is the same as in one. Where no protocol at hand gives
    a dose of the drug, its unit and a size that no dose has are looked at. What one of the `rules` itself asks for is
    as usual as what a protocol gives. `fill` may say the patterns in another language.
    """
    asked = tuple(_asked(typed.agent.id, rules))
    unusual = _unusual(typed, _rule(typed.dose), tuple(protocols), patient, fill, asked)
    return "; ".join(filter(None, (frequency_words(typed, fill), unusual)))


def inherited_from(placed: PlacedOrder) -> str:
    """The drug of an order, where another in its place would be given as often without anybody having said so.

    So it is with what is given several times a day, and with what is taken by mouth on days in a row.
    """
    days = placed.order.days if isinstance(placed.order, TemplateOrder) else None
    in_a_row = days is not None and (days.to_end or any(two - one == 1 for one, two in pairwise(days.numbers)))
    often = times_a_day(placed) > 1 or (in_a_row and placed.route == "PO")
    return placed.agent_name if often else ""


def frequency_words(typed: TypedDose, fill: Fill = str.format) -> str:
    """How often a drug in place of another is given, which nobody typed; empty where nothing is inherited."""
    if not typed.instead_of:
        return ""
    values = {"other": typed.instead_of, "drug": typed.agent.name, "times": typed.times}
    rule = _rule(typed.dose)
    if typed.times == 1 or rule is None or rule.per_day or rule.per == "AUC":
        return fill(AS_OFTEN if typed.times > 1 else ONCE, **values)
    most = None if rule.most is None else rule.most * typed.times
    day = replace(rule, amount=rule.amount * typed.times, most=most)
    return fill(INHERITED, **values, dose=str(rule), total=str(day))


def _rule(dose: str) -> DoseRule | None:
    try:
        return parse_dose(dose)
    except ValueError:
        return None


def _asked(agent_id: str, rules: Iterable[SequencingRule]) -> Iterator[tuple[str, _Usual]]:
    """What rules ask for of a drug: 150 mg of leucovorin every 3 h at a high level, which no protocol gives."""
    for rule in rules:
        wanted = KINDS[rule.kind](**rule.parameters) if rule.kind == "after_level" else None
        if isinstance(wanted, AfterLevel) and wanted.every_hours:
            for one in wanted.add:
                if one.agent == agent_id:
                    yield one.route, _Usual(parse_dose(one.dose), 24 // wanted.every_hours, rule.id)


def _unusual(
    typed: TypedDose,
    rule: DoseRule | None,
    protocols: tuple[Protocol, ...],
    patient: Patient | None,
    fill: Fill,
    asked: tuple[tuple[str, _Usual], ...] = (),
) -> str:
    known = (*_usual(typed.agent.id, protocols), *asked)
    here = [usual for route, usual in known if route == typed.route]
    name = typed.agent.name
    routes = {*_routes(typed.agent.id, protocols), *(route for route, _ in known)}
    if routes and typed.route not in routes:
        pattern = "no protocol here gives {drug} {route}, only {routes}"
        return fill(pattern, drug=name, route=typed.route, routes=", ".join(sorted(routes)))
    if rule is None:
        return ""
    if not here:
        return size_doubt(typed.agent, typed.route, rule, _sizes(patient), fill, times=typed.times)
    return _amount_doubt(_Usual(rule, typed.times, ""), here, typed, _sizes(patient), fill)


def drug_placed(schedule: Schedule, block: str, cycle: int, order: str) -> PlacedOrder:
    """The drug line of an order that was changed already, so it is there."""
    where = (block, cycle, order)
    return next(
        one.placed for one in schedule.events if (one.placed.block.id, one.placed.cycle, one.placed.order.id) == where
    )


def agent_placed(agents: Mapping[str, Agent], placed: PlacedOrder) -> Agent:
    """The drug of a placed order; by its name alone where the site took its file of agents away."""
    return agents.get(placed.agent) or Agent(placed.agent, placed.agent_name)


def times_a_day(placed: PlacedOrder) -> int:
    """How many doses its order gives in a day."""
    return _times(placed.order) if isinstance(placed.order, TemplateOrder) else 1


def order_doubts(protocol: Protocol, agents: Mapping[str, Agent], others: Iterable[Protocol]) -> tuple[str, ...]:
    """Orders of a protocol file that no other protocol comes near: by dose, route, missing cap, days between doses."""
    beside = tuple(one for one in others if one.id != protocol.id)
    found = dict[str, None]()
    for phase in protocol.phases:
        for order in phase.orders:
            known = [(one, there.id) for there in beside for one in _orders_of(there, order.agent, order.route)]
            doses = _of_order(order, "")
            told = (
                *(_order_doubt(agents[order.agent], order.route, one, beside) for one in doses),
                _cap_doubt(order, known),
                _gap_doubt(order, known),
                _pump_doubt(order, known),
            )
            found.update(dict.fromkeys(f"phase {phase.id}, order {order.id}: {one}" for one in told if one))
    return tuple(found)


def _order_doubt(agent: Agent, route: str, one: _Usual, beside: tuple[Protocol, ...]) -> str:
    """The rule itself is compared: as text it has commas in thousands ("1,000 mg/m2"), which no dose is read with."""
    return _unusual(TypedDose(agent, route, "", one.times), one.rule, beside, None, str.format)


def _orders_of(protocol: Protocol, agent_id: str, route: str) -> Iterator[TemplateOrder]:
    every = (order for phase in protocol.phases for order in phase.orders)
    return (order for order in every if (order.agent, order.route) == (agent_id, route))


def _cap_doubt(order: TemplateOrder, known: list[tuple[TemplateOrder, str]]) -> str:
    """Doses by body size without a cap, or with a far one, where every other protocol caps those of the drug."""
    caps = [(band.cap, there) for one, there in known for band in _sized(one)]
    if not caps or not all(cap for cap, _ in caps):
        return ""
    for band in _sized(order):
        if band.cap is None:
            return f"no cap; the protocols here cap it, {caps[0][1]} at {caps[0][0]}"
        told = _far_cap(band, [(reach, there) for one, there in known for reach in map(_reach, _sized(one))])
        if told:
            return told
    return ""


def _far_cap(band: DoseBand, known: list[tuple[tuple[Decimal, str], str]]) -> str:
    """A cap that bodies of quite another size reach than in any other protocol."""
    size, per = _reach(band)
    sizes = [(other, there) for (other, of), there in known if of == per]
    if not sizes:
        return ""
    least, most = min(sizes), max(sizes)
    if size <= FAR * most[0] and size * FAR >= least[0]:
        return ""
    usual, there = most if size > most[0] else least
    return f"its cap of {band.cap} is reached at {_size(size)} {per}; that of {there} at {_size(usual)} {per}"


def _reach(band: DoseBand) -> tuple[Decimal, str]:
    """The body at which the cap begins to cut, in m2 or kg."""
    if band.cap is None or band.dose is None or band.dose.base_amount.unit != band.cap.unit:
        return Decimal(0), ""
    return band.cap.value / band.dose.base_amount.value, band.dose.per


def _size(number: Decimal) -> str:
    return format_number(number.quantize(Decimal("0.01")))


def _sized(order: TemplateOrder) -> list[DoseBand]:
    return [band for band in order.bands if band.dose and band.dose.per in BY_SIZE]


def _gap_doubt(order: TemplateOrder, known: list[tuple[TemplateOrder, str]]) -> str:
    """Days at most half as far apart as any other protocol gives the drug: daily in place of weekly."""
    gap = _least_gap(order)
    gaps = [(there_gap, there) for one, there in known if (there_gap := _least_gap(one))]
    if not gap or not gaps or gap * 2 > min(gaps)[0]:
        return ""
    least, there = min(gaps)
    return f"doses {gap} {'day' if gap == 1 else 'days'} apart; the protocols here keep {least} and more ({there})"


def _pump_doubt(order: TemplateOrder, known: list[tuple[TemplateOrder, str]]) -> str:
    """A dose a day where every other protocol lets the drug run day and night."""
    if order.continuous or not known or not all(one.continuous for one, _ in known):
        return ""
    return f"no continuous infusion; the protocols here let it run day and night ({known[0][1]})"


def _least_gap(order: TemplateOrder) -> int | None:
    if order.days.to_end:
        return 1
    return min((later - day for day, later in pairwise(order.days.numbers)), default=None)


def _amount_doubt(
    given: _Usual, known: list[_Usual], typed: TypedDose, sizes: Mapping[str, Decimal], fill: Fill
) -> str:
    name = typed.agent.name
    amount, unit = _of_a_day(given, sizes)
    comparable = [(value, one) for one in known for value, other in (_of_a_day(one, sizes),) if other == unit]
    if not comparable:
        units = ", ".join(sorted({one.rule.unit for one in known if one.rule.per != "AUC"}))
        return fill("the protocols here dose {drug} in {units}", drug=name, units=units) if units else ""
    if given.rule.per in BY_SIZE and not any(one.rule.per for _, one in comparable):
        here = comparable[0][1]
        return fill(FLAT, drug=name, usual=_a_day(here), protocol=here.protocol)
    most = max(comparable, key=lambda pair: pair[0])
    least = min(((_of_a_day(one, sizes, least=True)[0], one) for _, one in comparable), key=lambda pair: pair[0])
    if amount > ABOVE_MOST * most[0]:
        far, times, pattern = most[1], amount / most[0], ABOVE
    elif amount * BELOW_LEAST < least[0]:
        far, times, pattern = least[1], least[0] / amount, BELOW
    else:
        return ""
    shown = format_number(times.quantize(Decimal("0.1") if times < 10 else Decimal(1)))
    values = {"dose": _a_day(given), "drug": name, "times": shown, "route": typed.route}
    return fill(pattern, **values, usual=_a_day(far), protocol=far.protocol)


def _usual(agent_id: str, protocols: Iterable[Protocol]) -> Iterator[tuple[str, _Usual]]:
    for protocol in protocols:
        for phase in protocol.phases:
            for order in phase.orders:
                if order.agent == agent_id:
                    for usual in _of_order(order, protocol.id):
                        yield order.route, usual


def _routes(agent_id: str, protocols: Iterable[Protocol]) -> Iterator[str]:
    """By which routes protocols give a drug, also where the site enters its dose."""
    every = (order for one in protocols for phase in one.phases for order in phase.orders)
    return (order.route for order in every if order.agent == agent_id)


def _of_order(order: TemplateOrder, protocol_id: str) -> Iterator[_Usual]:
    for band in order.bands:
        if band.dose is not None:
            yield _Usual(band.dose, _times(order), protocol_id)


def _times(order: TemplateOrder) -> int:
    return max(order.doses_of_day, 1)


def _of_a_day(usual: _Usual, sizes: Mapping[str, Decimal], *, least: bool = False) -> tuple[Decimal, str]:
    """The amount of a day and its unit; masses in mg. The larger end of a range, or its smaller one."""
    rule = usual.rule
    if rule.per == "AUC":
        return rule.amount, "AUC"
    amount = (
        (rule.amount if least else rule.most or rule.amount) * sizes[rule.per] * (1 if rule.per_day else usual.times)
    )
    return (amount * IN_MG[rule.unit], "mg") if rule.unit in IN_MG else (amount, rule.unit)


def _a_day(usual: _Usual) -> str:
    many = usual.times > 1 and not usual.rule.per_day
    return f"{usual.times} x {usual.rule}" if many else str(usual.rule)


def _sizes(patient: Patient | None) -> Mapping[str, Decimal]:
    newest = max(patient.measurements, key=lambda one: one.date, default=None) if patient else None
    return {"": Decimal(1), "m2": newest.bsa, "kg": newest.weight_kg} if newest else _SIZES
