"""Facts of the patient in words, a result with the day it is from, and those that are too old to tell anything."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from planner.checking.context import Context
from planner.model.civil import clinical_date
from planner.model.condition import Fact
from planner.model.fact_words import fact_words, names_of, newer
from planner.model.patient import CLEARANCE_BY

Results = Mapping[str, tuple[Decimal, date]]


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


def not_told(missing: Iterable[str], old: Results, age: int | None, known: str = "recorded") -> str:
    """Why these facts tell nothing, each old result with its value and its day."""
    aged: dict[date, list[str]] = {}
    for value, on, name in [(*old[name], name) for name in missing if name in old]:
        aged.setdefault(on, []).append(fact_words(name, value))
    parts = [f"{', '.join(words)} of {clinical_date(on)}" for on, words in aged.items()]
    others = names_of(name for name in missing if name not in old)
    again = [f"to be looked at again: {'; '.join(parts)}, more than {age} days before"] if parts else []
    return "; ".join([*again, *([f"{others} not {known}"] if others else [])])
