"""Tables of a protocol file to nouns, part by part.

The tables are taken as checked; a text in them that cannot be read is a ValueError.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from planner.content.notation import (
    parse_apart,
    parse_clock_times,
    parse_company,
    parse_concentration,
    parse_cycles,
    parse_days,
    parse_duration,
    parse_frequency,
    parse_rate,
    parse_start,
    parse_step,
    parse_timing,
    parse_until,
    parse_volume,
    parse_weekdays,
    parse_window,
)
from planner.model.condition import parse_condition
from planner.model.evidence import Evidence, Status
from planner.model.flow import hours_of
from planner.model.protocol import (
    Choice,
    CourseStep,
    DoseBand,
    EndRule,
    Phase,
    Protocol,
    Reference,
    StartRule,
    TemplateAssessment,
    TemplateDecision,
    TemplateOrder,
    Variant,
    Window,
)
from planner.model.quantity import parse_amount, parse_dose

Table = Mapping[str, Any]

ONCE_BEGUN = "once begun"
"""Said of an order that stays on its days from its first dose in the cycle on."""


def protocol_from(data: Table) -> Protocol:
    """The whole protocol of a checked file."""
    starts = default_starts(data)
    phases = tuple(build_phase(table, starts[table["id"]]) for table in data["phases"])
    return Protocol(
        id=data["id"],
        title=data["title"],
        version=data["version"],
        status=Status(data["status"]),
        disease=data["disease"],
        population=data["population"],
        references=tuple(
            Reference(key, table["text"], table.get("url", "")) for key, table in data.get("references", {}).items()
        ),
        phases=phases,
        course=build_course(data, {phase.id: phase for phase in phases}),
        summary=data.get("summary", ""),
        jurisdiction=data.get("jurisdiction", ""),
        use=data.get("use", ""),
        entry=tuple((parse_condition(table.get("when", "")), table["text"]) for table in data.get("entry", ())),
        entry_references=tuple(data.get("entry_references", ())),
        valid_from=data.get("valid_from"),
        review_by=data.get("review_by"),
        variants=tuple(build_variant(table) for table in data.get("variants", ())),
        decisions=tuple(build_decision(table) for table in data.get("decisions", ())),
        exemptions=tuple((table["rule"], table["because"]) for table in data.get("exemptions", ())),
        superseded_by=data.get("superseded_by", ""),
        marks=tuple(data.get("marks", ())),
    )


def course_steps(data: Table) -> list[tuple[str, tuple[int, ...]]]:
    """The steps of the course as (phase, cycles); without a course, the phases in the order of the file."""
    if "course" in data:
        return [parse_step(text) for text in data["course"]]
    return [(table["id"], ()) for table in data["phases"]]


def build_course(data: Table, phases: Mapping[str, Phase]) -> tuple[CourseStep, ...]:
    """The course with its cycles: all that a phase has by default where the step names none."""
    return tuple(
        CourseStep(phase, cycles or tuple(range(1, phases[phase].cycles + 1))) for phase, cycles in course_steps(data)
    )


def default_starts(data: Table) -> dict[str, StartRule]:
    """How each phase starts if it does not say: the first step on the protocol's date, others after the step before.

    A phase outside the course starts after the phase above it in the file.
    """
    starts: dict[str, StartRule] = {}
    for sequence in ([phase for phase, _ in course_steps(data)], [table["id"] for table in data["phases"]]):
        before = ""
        for phase in sequence:
            starts.setdefault(phase, StartRule(before))
            before = phase
    return starts


def build_phase(table: Table, start: StartRule) -> Phase:
    """One phase; `start` is used where the table does not say how it starts."""
    first_day = table.get("first_day", 1)
    gate = table.get("gate", "")
    stated = table.get("start")
    return Phase(
        id=table["id"],
        title=table["title"],
        cycle_days=table["cycle_days"],
        start=parse_start(stated, gate) if stated else StartRule(start.phase, start.day, start.gap_days, gate),
        orders=tuple(build_order(order, first_day) for order in table.get("orders", ())),
        assessments=tuple(build_assessment(item, first_day) for item in table.get("assessments", ())),
        short=table.get("short", ""),
        first_day=first_day,
        cycles=table.get("cycles", 1),
        max_cycles=table.get("max_cycles"),
        cycle_lengths=tuple((int(cycle), days) for cycle, days in table.get("cycle_lengths", {}).items()),
        ends=tuple(_build_end(end) for end in table.get("ends", ())),
        only_if=parse_condition(table.get("only_if", "")),
        open_end=table.get("open_end", False),
        note=table.get("note", ""),
        references=tuple(table.get("references", ())),
    )


def _build_end(table: Table) -> EndRule:
    end = parse_until(table["until"])
    return EndRule(end.months, end.phase, end.day, parse_condition(table.get("when", "")))


def build_order(table: Table, first_day: int) -> TemplateOrder:
    """One drug line of a phase whose first day has the number `first_day`."""
    doses_per_day, every_hours, dose_count = parse_frequency(table.get("frequency", "once daily"))
    volume = parse_volume(table["volume"]) if "volume" in table else None
    rate = parse_rate(table["rate"]) if "rate" in table else None
    return TemplateOrder(
        id=table["id"],
        agent=table["agent"],
        role=table["role"],
        route=table["route"],
        bands=_build_bands(table),
        days=parse_days(table["days"], first_day),
        evidence=Evidence(table["evidence"]),
        references=tuple(table.get("references", ())),
        cycles=parse_cycles(table["cycles"]) if "cycles" in table else (),
        doses_per_day=doses_per_day,
        every_hours=every_hours,
        dose_count=dose_count,
        escalation=parse_dose(table["escalation"]) if "escalation" in table else None,
        continuous=table.get("continuous", False),
        duration_h=_duration(table, volume, rate),
        volume_ml=volume,
        per_ml=parse_concentration(table["concentration"]) if "concentration" in table else None,
        rate_ml_h=rate,
        anchor=parse_timing(table["timing"]) if "timing" in table else None,
        window=parse_window(table["window"]) if "window" in table else Window(),
        when=parse_condition(table.get("when", "")),
        stays=bool(table.get("stays", False)),
        begins=table.get("stays") == ONCE_BEGUN,
        at=parse_clock_times(table["at"]) if "at" in table else (),
        weekdays=parse_weekdays(table["weekdays"]) if "weekdays" in table else (),
        note=table.get("note", ""),
        patient_note=table.get("patient_note", ""),
        weight=table.get("weight", "actual"),
        course_cap=parse_amount(table["course_cap"]) if "course_cap" in table else None,
        until=table.get("until", ""),
        not_on=parse_weekdays(table["not_on"]) if "not_on" in table else (),
        apart=tuple(parse_apart(text) for text in table.get("apart", ())),
        at_once=table.get("changes", "next cycle") == "at once",
        goes_with=parse_company(table.get("goes_with", "")),
    )


def _duration(table: Table, volume: Decimal | None, rate: Decimal | None) -> Decimal | None:
    """The length of one dose: as stated, else as long as its volume runs at its rate."""
    if "duration" in table:
        return parse_duration(table["duration"])
    if volume is None or rate is None or table.get("continuous"):
        return None
    return hours_of(volume, rate)


def _build_bands(table: Table) -> tuple[DoseBand, ...]:
    """The bands; a plain dose and cap are one band that always holds."""
    tables: Sequence[Table] = table.get("bands") or ({key: table[key] for key in ("dose", "cap") if key in table},)
    return tuple(
        DoseBand(
            when=parse_condition(band.get("when", "")),
            dose=parse_dose(band["dose"]) if "dose" in band else None,
            cap=parse_amount(band["cap"]) if "cap" in band else None,
            note=band.get("note", ""),
        )
        for band in tables
    )


def build_assessment(table: Table, first_day: int) -> TemplateAssessment:
    """One examination or procedure of a phase whose first day has the number `first_day`."""
    return TemplateAssessment(
        id=table["id"],
        title=table["title"],
        kind=table.get("kind", "assessment"),
        days=parse_days(table["days"], first_day),
        evidence=Evidence(table["evidence"]),
        references=tuple(table.get("references", ())),
        topic=table.get("topic", ""),
        cycles=parse_cycles(table["cycles"]) if "cycles" in table else (),
        window=parse_window(table["window"]) if "window" in table else Window(),
        when=parse_condition(table.get("when", "")),
        note=table.get("note", ""),
        patient_words=table.get("patient_words", ""),
        gate=table.get("gate", ""),
        goes_with=parse_company(table.get("goes_with", "")),
    )


def build_variant(table: Table) -> Variant:
    """One point on which sources or sites differ."""
    return Variant(table["id"], table["question"], _build_choices(table), table["default"])


def build_decision(table: Table) -> TemplateDecision:
    """One question of the course."""
    return TemplateDecision(
        id=table["id"],
        question=table["question"],
        phase=table["phase"],
        cycle=table.get("cycle", 1),
        day=table["day"],
        choices=_build_choices(table),
        expected=table["expected"],
        evidence=Evidence(table["evidence"]),
        references=tuple(table.get("references", ())),
        needs=tuple(table.get("needs", ())),
        when=parse_condition(table.get("when", "")),
    )


def _build_choices(table: Table) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            choice["id"],
            choice["title"],
            choice.get("note", ""),
            tuple(choice.get("references", ())),
            choice.get("waits", False),
        )
        for choice in table["choices"]
    )
