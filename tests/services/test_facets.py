"""The catalogue narrowed by disease, phase, evidence, status and origin."""

import pytest

from planner.paths import resources
from planner.services.catalogue import load_library
from planner.services.facets import facet_values, facets_of, fits


@pytest.fixture(scope="module")
def shelf():
    return tuple(load_library(resources()).protocols.values())


def test_every_value_is_had_by_a_protocol_and_every_protocol_is_found_by_its_own(shelf):
    values = facet_values(shelf)
    assert {"disease", "phase", "evidence", "status", "origin"} == set(values)
    for facet, offered in values.items():
        assert len(set(offered)) == len(offered)
        for value in offered:
            found = [one for one in shelf if fits(one, {facet: frozenset((value,))})]
            assert found
            assert all(value in facets_of(one)[facet] for one in found)
    assert {"Ph+ ALL", "T-ALL"} <= set(values["disease"])
    assert {"induction", "maintenance"} <= set(values["phase"])


def test_values_of_a_facet_widen_and_facets_narrow(shelf):
    trial, secondary = frozenset(("trial",)), frozenset(("secondary",))
    one, other = [{"evidence": chosen} for chosen in (trial, secondary)]
    both = {"evidence": trial | secondary}
    count = [sum(fits(protocol, chosen) for protocol in shelf) for chosen in (one, other, both)]
    assert count[2] == count[0] + count[1]
    narrowed = {**both, "disease": frozenset(("Ph+ ALL",))}
    kept = [protocol for protocol in shelf if fits(protocol, narrowed)]
    assert all(fits(protocol, both) and "Ph+ ALL" in protocol.protocol.disease for protocol in kept)
    assert all(fits(protocol, {"evidence": frozenset()}) for protocol in shelf)
