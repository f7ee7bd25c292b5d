"""Facts of the patient in words, a result with the day it is from, and those that are too old to tell anything."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from planner.checking.context import Context
from planner.model.civil import clinical_date
from planner.model.condition import Fact
from planner.model.fact_words import fact_words, names_of, newer
from planner.model.patient import CLEARANCE_BY
from planner.model.results import ADULT
from planner.model.rule_values import Selectors
from planner.model.schedule import Event

Results = Mapping[str, tuple[Decimal, date]]
NO_FACTS: Mapping[str, Fact] = {}
OF_A_CHILD = "of a child none is computed from the creatinine: record a measured clearance"


def days_of(others: Selectors, context: Context) -> frozenset[int]:
    """The days within a day of a dose of these, which another rule looks at."""
    return frozenset(
        day + off for one in (context.alike(others) if others else ()) for day in one.days for off in (-1, 0, 1)
    )


def left_to_it(events: Iterable[Event], others: Selectors, context: Context) -> Iterator[Event]:
    """The doses that no other rule looks at, because one of these lies within a day of them."""
    taken = days_of(others, context)
    return (event for event in events if event.day not in taken)


def as_recorded(subject: str, fact: Fact | None, day: int, context: Context) -> str:
    """bilirubin 2 × ULN (result of 08-Jan-2026); a marker or an age stands alone, a computed clearance says how."""
    found = context.results_on(day).get(subject) if fact is not None else None
    text = fact_words(subject, fact)
    if found is None:
        return text
    weight = context.facts(day).get(CLEARANCE_BY) if subject == "crcl" else None
    how = f", Cockcroft-Gault by the {weight}" if weight else ""
    return f"{text} (result of {clinical_date(found[1])}{how})"


def without(facts: Mapping[str, Fact], old: Results, subjects: Iterable[str]) -> Mapping[str, Fact]:
    """What is known of these subjects where old results tell nothing."""
    return {name: fact for name in subjects if name not in old and (fact := facts.get(name)) is not None}


def lacks(missing: Iterable[str], old: Results) -> tuple[str, ...]:
    """What is missing, as findings name it: a fact nobody recorded, a newer result than the old one."""
    return tuple(newer(name) if name in old else name for name in missing)


def not_told(
    missing: Sequence[str], old: Results, age: int | None, known: str = "recorded", facts: Mapping[str, Fact] = NO_FACTS
) -> str:
    """Why these facts tell nothing, each old result with its value and its day; `facts` are what else is known."""
    aged: dict[date, list[str]] = {}
    for value, on, name in [(*old[name], name) for name in missing if name in old]:
        aged.setdefault(on, []).append(fact_words(name, value))
    parts = [f"{', '.join(words)} of {clinical_date(on)}" for on, words in aged.items()]
    others = names_of(name for name in missing if name not in old)
    again = [f"to be looked at again: {'; '.join(parts)}, more than {age} days before"] if parts else []
    lacking = [f"{others} not {known}"] if others else []
    child = facts.get("age", ADULT)
    if "crcl" in missing and "crcl" not in old and "creatinine" in facts and isinstance(child, Decimal):
        lacking += [OF_A_CHILD] if child < ADULT else []
    return "; ".join([*again, *lacking])
