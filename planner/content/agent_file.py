"""Agent files: the drug vocabulary."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import tomli

from planner.model.agent import Agent, BagKind, DoseRange, Interruption, Strength
from planner.model.library import ContentProblem
from planner.model.quantity import parse_amount

_TABLE = "\n[[agents]]\n"


def read_agents(text: str, file: str) -> tuple[tuple[Agent, ...], tuple[ContentProblem, ...]]:
    """The agents of a file nobody has checked, or all its problems in the order of its lines; never both."""
    from planner.content.agent_shape import AgentsShape
    from planner.content.intake import locate, parse_toml
    from planner.content.names import agent_problems, strength_problems
    from planner.content.shape import check_shape

    data, refused = parse_toml(text, file)
    if refused:
        return (), refused
    shape = check_shape(AgentsShape, data)
    problems = shape.problems + agent_problems(data) + tuple(strength_problems(data, shape.broken.spares))
    if problems:
        return (), locate(problems, text, file)
    return _agents_from(data), ()


def build_shipped_agents(shipped: Path, named_in: str | None = None) -> dict[str, Agent]:
    """The shipped agents by id, taken as checked; all, or those whose id stands in quotes in the text `named_in`."""
    texts = [path.read_text("utf-8") for path in sorted((shipped / "agents").rglob("*.toml"))]
    if named_in is not None:
        texts = [_only_named(text, named_in) for text in texts]
    return {agent.id: agent for text in texts for agent in build_agents(text)}


def _only_named(text: str, named_in: str) -> str:
    """The tables of those agents alone: reading all of them takes longer than anything else before the first look."""
    before, *tables = f"\n{text}".split(_TABLE)
    return _TABLE.join([before, *(table for table in tables if f'"{_id_of(table)}"' in named_in)])


def _id_of(table: str) -> str:
    return table.partition('id = "')[2].partition('"')[0]


def build_agents(text: str) -> tuple[Agent, ...]:
    """The agents of a text that `read_agents` has accepted."""
    return _agents_from(tomli.loads(text, parse_float=Decimal))


def _agents_from(data: Mapping[str, Any]) -> tuple[Agent, ...]:
    return tuple(
        Agent(
            id=table["id"],
            name=table["name"],
            synonyms=tuple(table.get("synonyms", ())),
            classes=tuple(table.get("classes", ())),
            plain_words=table.get("plain_words", ""),
            patient_note=table.get("patient_note", ""),
            patient_reference=table.get("patient_reference", ""),
            doxorubicin_factor=_decimal(table.get("doxorubicin_factor")),
            reference=table.get("reference", ""),
            evidence=table.get("evidence", "unverified"),
            bags=tuple(_bag_from(bag) for bag in table.get("bags", ())),
            interruption=Interruption(**table["interruption"]) if "interruption" in table else None,
            tall_man=table.get("tall_man", ""),
            **rounding_of(table),
            equivalents=tuple(
                (row["scheme"], Decimal(row["factor"]), row["reference"]) for row in table.get("equivalents", ())
            ),
        )
        for table in data.get("agents", ())
    )


def rounding_of(table: Mapping[str, Any]) -> dict[str, Any]:
    """What the table says of rounding: unit, step, tablets, vials and bands, each with its source."""
    return {
        "usual_unit": table.get("usual_unit", ""),
        "round_to": _decimal(table.get("round_to")),
        "round_reference": table.get("round_reference", ""),
        "tablets": _strengths(table.get("tablets", ()), table.get("halves", False)),
        "vials": _strengths(table.get("vials", ())),
        "strengths_reference": table.get("strengths_reference", ""),
        "strengths_evidence": table.get("strengths_evidence", "unverified"),
        "dose_bands": tuple(
            DoseRange(Decimal(row["at_least"]), Decimal(row["below"]), Decimal(row["dose"]))
            for row in table.get("dose_bands", ())
        ),
        "bands_reference": table.get("bands_reference", ""),
    }


def _strengths(texts: Sequence[str], halves: bool = False) -> tuple[Strength, ...]:
    amounts = [parse_amount(text) for text in texts]
    return tuple(Strength(amount.value, amount.unit, halves) for amount in amounts)


def _bag_from(table: Mapping[str, Any]) -> BagKind:
    return BagKind(
        hours=table["hours"],
        rate_ml_h=Decimal(table["rate_ml_h"]),
        reference=table["reference"],
        evidence=table["evidence"],
        min_weight_kg=_decimal(table.get("min_weight_kg")),
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
