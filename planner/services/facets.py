"""The catalogue narrowed by what its protocols are for and how well they are supported."""

from collections.abc import Iterable, Mapping

from planner.model.evidence import Evidence, Status
from planner.model.library import ShelvedProtocol
from planner.model.words import fold

PHASE_WORDS = ("prephase", "induction", "consolidation", "intensification", "maintenance", "conditioning", "transplant")
"""Words of phase titles one can look for: a protocol has them where one of its phases is called so."""

Chosen = Mapping[str, frozenset[str]]
"""For each facet the values of which a protocol must have one; a facet without values asks for nothing."""


def facets_of(shelved: ShelvedProtocol) -> dict[str, frozenset[str]]:
    """What a protocol has in each facet: disease, phase, evidence (the weakest of its items), status, origin."""
    protocol = shelved.protocol
    titles = [fold(phase.title) for phase in protocol.phases]
    return {
        "disease": frozenset(part.strip() for part in protocol.disease.split(",")),
        "phase": frozenset(word for word in PHASE_WORDS if any(word in title for title in titles)),
        "evidence": frozenset((protocol.weakest_evidence.value,)),
        "status": frozenset((protocol.status.value,)),
        "origin": frozenset((shelved.origin,)),
    }


def facet_values(protocols: Iterable[ShelvedProtocol]) -> dict[str, tuple[str, ...]]:
    """Every value of each facet that one of the protocols has, in the order of the field."""
    found: dict[str, set[str]] = {}
    for shelved in protocols:
        for facet, values in facets_of(shelved).items():
            found.setdefault(facet, set()).update(values)
    orders = {"evidence": [*Evidence], "status": [*Status], "phase": PHASE_WORDS}
    return {
        facet: tuple(one for one in map(str, orders.get(facet, sorted(values))) if one in values)
        for facet, values in found.items()
    }


def fits(shelved: ShelvedProtocol, chosen: Chosen) -> bool:
    """Whether the protocol has, in every facet with a choice, one of the chosen values."""
    has = facets_of(shelved)
    return all(not values or has.get(facet, frozenset()) & values for facet, values in chosen.items())
