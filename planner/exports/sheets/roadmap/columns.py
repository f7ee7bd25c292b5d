"""The columns of a block's days on the roadmap: which drugs have one of their own, and how wide it is."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from planner.exports.sheets.sheet import Column, Line
from planner.exports.wording.checks import Checks, check_words
from planner.exports.wording.doses import route_words
from planner.model.schedule import Event, PlacedOrder

ROOM = 720.0
"""Points between the margins of the narrower paper (Letter, landscape)."""

DUE, DATED, DAY, INTRATHECAL, STUDIES, COMMENTS, OTHER = 64.0, 54.0, 46.0, 80.0, 48.0, 84.0, 104.0

TREATMENT = ("antineoplastic", "cell therapy")
WEIGHT = 4
"""How many lines of another drug one line of these counts for."""

DrugKey = tuple[str, str, str]
"""Name, route and role: what has a column of its own."""
Marks = dict[DrugKey, dict[str, None]]
"""What is to be minded of a drug on each of its days: that nobody confirmed it, that it is taken once a week."""


def drug_key(placed: PlacedOrder) -> DrugKey:
    """What a drug has a column by."""
    return placed.agent_name, placed.route, placed.role


def by_drug(events: Sequence[Event]) -> list[list[Event]]:
    """The doses of an order, what stands in for its drug apart: ponatinib stood in the column of dasatinib."""
    found: dict[DrugKey, list[Event]] = {}
    for event in events:
        found.setdefault(drug_key(event.placed), []).append(event)
    return list(found.values())


def checked_in_part(events: Sequence[Event], checks: Checks) -> set[DrugKey]:
    """The drugs of which some doses are to be checked and others not: "CHECK" over their column said it of all."""
    found: dict[DrugKey, set[str]] = defaultdict(set)
    for event in events:
        found[drug_key(event.placed)].add(check_words(event.placed, checks))
    return {key for key, words in found.items() if len(words) > 1}


def fitting(
    keys: Sequence[DrugKey], lines: Mapping[DrugKey, int], *, has_intrathecal: bool
) -> tuple[list[DrugKey], list[DrugKey]]:
    """Drugs with a column of their own, and those that share the last one because the page is not wide enough.

    Those with the most to say have their own: with the anticancer drugs first, columns stood empty on most days beside
    ten drugs one above the other. But these are what the block is for, so what is said of one counts more.
    """
    room = ROOM - DUE - DATED - DAY - STUDIES - COMMENTS - (INTRATHECAL if has_intrathecal else 0)
    if sum(least_width(key) for key in keys) <= room:
        return list(keys), []
    room -= OTHER
    own: set[DrugKey] = set()
    for key in sorted(keys, key=lambda key: -lines[key] * (WEIGHT if key[2] in TREATMENT else 1)):
        if least_width(key) <= room:
            room -= least_width(key)
            own.add(key)
    return [key for key in keys if key in own], [key for key in keys if key not in own]


def least_width(key: DrugKey) -> float:
    """Width of the longest word of the heading, estimated for 9 pt, with the padding of the cell."""
    name = max(len(word) for word in key[0].split(" ")) * 4.9
    below = max(len(word) for word in heading_words(key).split(" ")) * 4.4
    return max(58.0, name + 7, below + 7)


def heading_words(key: DrugKey) -> str:
    """Under the name of a drug: its route, and what it is given for."""
    route = route_words(key[1])
    return route if key[2] == "antineoplastic" else f"{route}, {key[2]}"


def columns_of(
    own: Sequence[DrugKey], other: Sequence[DrugKey], marks: Marks, *, has_intrathecal: bool
) -> tuple[Column, ...]:
    """Dates and day, the drugs, INTRATHECAL by itself, studies and comments."""
    headings = {key: [Line(key[0], "strong"), Line(heading_words(key))] for key in own}
    drugs = [
        Column((*heading, *(Line(words, "strong") for words in marks.get(key, ()))), least_width(key))
        for key, heading in headings.items()
    ]
    return (
        Column((Line("Date due", "strong"),), DUE, 0),
        Column((Line("Date given", "strong"),), DATED, 0),
        Column((Line("Cycle, day", "strong"),), DAY, 0),
        *drugs,
        *([Column((Line("Other drugs", "strong"),), OTHER, 1.5)] if other else []),
        *([Column((Line("INTRATHECAL", "capital"),), INTRATHECAL, 1, "thick")] if has_intrathecal else []),
        Column((Line("Studies", "strong"), Line("see key")), STUDIES, 0),
        Column((Line("Comments", "strong"),), COMMENTS, 1),
    )
