"""The shipped content as one library: nothing hidden, nothing that names what is not there."""

import pytest
from msgspec.structs import replace

from planner.content.agent_file import build_shipped_agents
from planner.content.library import build_rules_and_agents, read_library
from planner.content.protocol_file import build_protocol, make_pin
from planner.model.protocol import Window
from planner.paths import resources


@pytest.fixture(scope="module")
def library():
    return read_library(resources(), None)


def test_no_shipped_file_is_hidden(library):
    assert [str(problem) for problem in library.problems] == []
    files = sorted((resources() / "protocols").rglob("*.toml"))
    assert sorted(library.protocols) == sorted(path.stem for path in files)


def test_the_quick_way_gives_the_same_agents_rules_and_protocols(library):
    quick = build_rules_and_agents(resources())
    assert quick.agents == library.agents
    assert quick.rules == tuple(replace(rule, examples=()) for rule in library.rules)
    for shelved in library.protocols.values():
        assert build_protocol(shelved.pin.text) == shelved.protocol
        assert make_pin(shelved.pin.text) == shelved.pin
        assert shelved.origin == "shipped"


def test_a_first_look_has_the_agents_of_its_protocol_and_not_all(library):
    for shelved in library.protocols.values():
        few = build_shipped_agents(resources(), named_in=shelved.pin.text)
        ordered = {order.agent for phase in shelved.protocol.phases for order in phase.orders}
        assert {agent: library.agents[agent] for agent in ordered}.items() <= few.items() <= library.agents.items()
        assert len(few) < len(library.agents)


def test_exemptions_name_rules_that_are_there(library):
    rules = {rule.id for rule in library.rules}
    exempt = {(key, rule) for key, shelved in library.protocols.items() for rule, _ in shelved.protocol.exemptions}
    assert {(key, rule) for key, rule in exempt if rule not in rules} == set()


def test_what_protects_from_a_dose_moves_with_it(library):
    """A rescue, hydration or mesna that a deferral leaves behind protects from nothing."""
    loose = {
        (key, phase.id, order.id)
        for key, shelved in library.protocols.items()
        for phase in shelved.protocol.phases
        for order in phase.orders
        if order.agent in ("leucovorin", "mesna", "intravenous-fluids", "alkaline-fluids")
        and not (order.anchor or order.goes_with)
    }
    assert loose == set()


def test_what_goes_before_or_after_a_dose_that_has_a_window_moves_with_it(library):
    """Premedication, and what a protocol asks for on the day of cells, left behind on a holiday helps nobody."""
    loose = {
        (key, phase.id, item.id)
        for key, shelved in library.protocols.items()
        for phase in shelved.protocol.phases
        for item in phase.orders
        if item.role == "premedication" and not (item.anchor or item.goes_with)
        for other in phase.orders
        if other.window != Window()
        and set(item.days.numbers) & set(other.days.numbers)
        and other.role in ("antineoplastic", "cell therapy")
    }
    assert loose == set()
    cells = {
        (key, phase.id, item.id)
        for key, shelved in library.protocols.items()
        for phase in shelved.protocol.phases
        for order in phase.orders
        if order.role == "cell therapy" and order.window != Window()
        for item in (*phase.orders, *phase.assessments)
        if item.id != order.id
        and not item.goes_with
        and getattr(item, "anchor", None) is None
        and item.window == Window()
    }
    assert cells == set()
