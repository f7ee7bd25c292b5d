"""Who a rule means: selectors against agents, routes, roles and examinations."""

from collections.abc import Mapping
from typing import NamedTuple

from planner.model.agent import Agent, ids_of_names
from planner.model.cycle_content import OrderLine, State
from planner.model.protocol import TemplateAssessment
from planner.model.rule_values import Selector, Selectors

DOSES = frozenset({"administration", "infusion", "cell_infusion"})
"""Kinds of events that are doses. A bag is hung for an infusion that is counted already."""
LEFT_OUT = frozenset({State.OMITTED, State.STOPPED})

EVERY_DOSE: Selectors = (Selector("any", "any"),)


class Who(NamedTuple):
    """What selectors can ask about an event: agent, route and role, or an examination and the words it is known by."""

    agent: str
    route: str
    role: str
    examination: str = ""
    words: str = ""


def who_is(line: OrderLine) -> Who | None:
    """What selectors can ask about the events of an order; None where no selector can mean them."""
    if line.kind in DOSES:
        return Who(line.agent, line.route, line.role)
    order = line.order
    if isinstance(order, TemplateAssessment):
        return Who("", "", "", order.kind, f"{order.topic} {order.title} {order.id}".casefold())
    return None


class Meaning:
    """What selectors mean among these agents. Answers are kept."""

    def __init__(self, agents: Mapping[str, Agent]) -> None:
        self.agents = agents
        self._members: dict[str, frozenset[str]] = {}
        self._words: dict[str, str] | None = None
        self._bounds: dict[Selectors, Bounds] = {}

    def members(self, tag: str) -> frozenset[str]:
        """The agents of a class."""
        found = self._members.get(tag)
        if found is None:
            found = self._members[tag] = frozenset(one.id for one in self.agents.values() if tag in one.classes)
        return found

    def resolve(self, name: str) -> str:
        """The id of the agent that somebody wrote down by id, name or synonym; the text itself where there is none."""
        if name in self.agents:
            return name
        if self._words is None:
            self._words = ids_of_names(self.agents)
        return self._words.get(name.casefold(), name)

    def bound(self, selectors: Selectors, who: Who) -> int | None:
        """From how many mg/m2 on such doses are meant, 0 for every dose; None where they are not meant at all."""
        return self.bounds(selectors)[who]

    def bounds(self, selectors: Selectors) -> "Bounds":
        """The bounds of these selectors for everybody who is asked for."""
        found = self._bounds.get(selectors)
        if found is None:
            found = self._bounds[selectors] = Bounds(self, selectors)
        return found

    def end(self) -> None:
        """Drop the bounds, which hold this in circles."""
        self._bounds.clear()

    def find_bound(self, selectors: Selectors, who: Who) -> int | None:
        """The bound, worked out."""
        bounds = []
        for selector in selectors:
            if selector.routes and who.route not in selector.routes:
                continue
            if self._names(selector, who):
                if selector.negated:
                    return None
                bounds.append(selector.from_per_m2)
        return min(bounds, default=None)

    def _names(self, selector: Selector, who: Who) -> bool:
        if who.examination:
            return selector.by == who.examination and all(word in who.words for word in selector.name.split("-"))
        if selector.by == "class":
            return who.agent in self.members(selector.name)
        if selector.by == "role":
            return selector.name == who.role
        return selector.by == "any" or (selector.by == "agent" and selector.name == who.agent)


class Bounds(dict[Who, int | None]):
    """The bounds of some selectors, each worked out when it is asked for."""

    def __init__(self, meaning: Meaning, selectors: Selectors) -> None:
        super().__init__()
        self._meaning, self._selectors = meaning, selectors

    def __missing__(self, who: Who) -> int | None:
        found = self[who] = self._meaning.find_bound(self._selectors, who)
        return found


def takes_part(protocol: str, protocols: tuple[str, ...]) -> bool:
    """Whether a rule limited to `protocols` speaks about blocks of that protocol; "not x" takes all but x."""
    if not protocols:
        return True
    if f"not {protocol}" in protocols:
        return False
    named = [one for one in protocols if not one.startswith("not ")]
    return protocol in named if named else True


def kept_to(protocols: tuple[str, ...], selectors: Selectors) -> Selectors:
    """The selectors as a rule limited to `protocols` means them: the sum of a day holds doses of these alone."""
    if not protocols or not any(one.a_day for one in selectors):
        return selectors
    return tuple(one._replace(protocols=protocols) if one.a_day else one for one in selectors)
