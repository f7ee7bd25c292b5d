"""What the course adds up to, as table rows: counters first, then dose intensities."""

from decimal import Decimal
from typing import NamedTuple

from planner.model.counter import Counter, Intensity, Totals
from planner.model.quantity import format_number
from ui.models.rows_model import Column
from ui.plan_words import plan_words
from ui.tongue import say


class Line(NamedTuple):
    """One line of the counters: its parts as text, and everything about it."""

    key: str
    what: str
    before: str
    given: str
    planned: str
    total: str
    limit: str
    note: str


def lines_of(totals: Totals) -> tuple[Line, ...]:
    """Every counter, the vials, and every intensity."""
    return (*map(_counter, (*totals.counters, *totals.vials)), *map(_intensity, totals.intensities))


def _counter(one: Counter) -> Line:
    unit = " mg/m2" if one.rule.count == "sum" else ""
    limit = (
        say("at most {limit} ({rule})", limit=f"{_amount(one.limit)}{unit}", rule=one.limit_rule)
        if one.limit is not None
        else ""
    )
    notes = [say("on hold {amount}", amount=_amount(one.held))] if one.held else []
    notes += [say("not counted: {what}", what=", ".join(one.unknown))] if one.unknown else []
    notes += list(one.parts)
    title = say(one.rule.title)
    what = f"{title}: {one.agent}" if one.agent else title
    before, given, planned, total = (_amount(value) + unit for value in (one.before, one.given, one.planned, one.total))
    return Line(f"{one.rule.id}/{one.agent}", what, before, given, planned, total, limit, "; ".join(notes))


def _intensity(one: Intensity) -> Line:
    if one.relative is None:
        share, told = "", [say("cannot be told"), *([one.unknown] if one.unknown else [])]
    else:
        share, told = f"{_amount(one.relative)} %", [say("of the planned dose a week")]
    return Line(
        f"{one.block}/{one.drug}",
        say("Dose intensity: {drug}, {block}", drug=one.drug, block=one.block),
        "",
        "",
        "",
        share,
        "",
        "; ".join(told),
    )


def _amount(value: Decimal) -> str:
    return format_number(value.quantize(Decimal("0.1")))


COUNTER_COLUMNS = (
    Column("Counter", lambda line: line.what, tip=lambda line: line.what),
    Column("Before", lambda line: line.before, figures=True),
    Column("Given", lambda line: line.given, figures=True),
    Column("Planned", lambda line: line.planned, figures=True),
    Column("In all", lambda line: line.total, figures=True),
    Column("Limit", lambda line: line.limit, tip=lambda line: line.limit),
    Column("Made of", lambda line: plan_words(line.note), tip=lambda line: plan_words(line.note)),
)
