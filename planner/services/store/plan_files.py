"""Plan files: written whole with their checksum, read with every doubt about them settled before anything is derived.

A plan file may come from anybody, and its checksum only tells damage, not intent. So the protocols inside it are fully
checked again unless they are, letter for letter, ones that this installation ships or the site keeps.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from planner.content.protocol_file import build_protocol, read_protocol
from planner.errors import InputProblem
from planner.files import told
from planner.model import store_words as words
from planner.model.agent import Agent
from planner.model.plan import (
    Addition,
    Block,
    DoseChange,
    Examination,
    Modification,
    Plan,
    Repetition,
    Replacement,
    Skip,
)
from planner.model.protocol import ROLES, ROUTES, TOPICS, Phase
from planner.model.quantity import parse_dose
from planner.model.revision import Passed
from planner.storage.plan_codec import decode_with_passed, encode

MOST_DOSES_A_DAY = 12
MOST_CYCLES = 400
"""Cycles one block of a file may have: daily cycles for a year; more is no plan for a person."""


def plan_text(plan: Plan, passed: Sequence[Passed] = ()) -> str:
    """The plan as the text of a plan file, with the saved states it went through, itself last.

    InputProblem for a value that could not be read back.
    """
    return encode(plan, passed)


def read_plan(
    text: str, file: str, agents: Mapping[str, Agent], trusted: frozenset[str]
) -> tuple[Plan, tuple[Passed, ...]]:
    """The plan of a file and the saved states it went through. InputProblem with file and place for anything wrong.

    `trusted` are the hashes of protocol texts that need no second check (see `hashes_below`).
    """
    plan, passed = decode_with_passed(text, file)
    problems: list[str] = []
    for pin in plan.pins:
        if pin.sha256 not in trusted:
            found, wrong = read_protocol(pin.text, f"{file}: protocol {pin.id}", agents)
            problems += [str(problem) for problem in wrong]
            if wrong or not found:
                problems.append(told(file, words.UNFIT_PROTOCOL, protocol=pin.id))
    if not problems:
        problems += [f"{file}: {line}" for line in _misfits(plan, agents)]
    if problems:
        raise InputProblem(tuple(problems))
    return plan, passed


def hashes_below(*folders: Path) -> frozenset[str]:
    """The hashes of all protocol texts in these folders, as pins keep them."""
    files = [path for folder in folders for path in folder.rglob("*.toml")]
    return frozenset(hashlib.sha256(path.read_bytes()).hexdigest() for path in files)


def _misfits(plan: Plan, agents: Mapping[str, Agent]) -> Iterator[str]:
    """Blocks and changes that name what their protocol does not have."""
    protocols = {pin.sha256: build_protocol(pin.text) for pin in plan.pins}
    phases: dict[str, Phase] = {}
    for block in plan.blocks:
        try:
            phases[block.id] = protocols[block.pin].phase(block.phase)
        except KeyError:
            yield f"block {block.id}: its protocol has no phase {block.phase}"
            return
    for block in plan.blocks:
        yield from _wrong_cycles(block, phases)
        if (
            not 0
            <= min(block.since, block.start.since)
            <= max(block.since, block.start.since)
            <= len(plan.modifications)
        ):
            yield f"block {block.id} comes after more changes than the plan has"
    for change in plan.modifications:
        yield from _wrong_change(change, phases, agents)
    for record in plan.given:
        if record.block not in phases or not _has_day(phases[record.block], record.day):
            yield f"a record of what was given names Day {record.day} of {record.block}, which is not in the plan"


def _wrong_change(change: Modification, phases: Mapping[str, Phase], agents: Mapping[str, Agent]) -> Iterator[str]:
    """Blocks, days, doses, agents and words of a change that dates and doses cannot be made from."""
    if change.block not in phases:
        yield f"a change names block {change.block}, which is not in the plan"
        return
    for day in _days_of(change):
        if not _has_day(phases[change.block], day):
            yield f"a change of block {change.block} names Day {day}, which that phase does not have"
    if isinstance(change, Addition | Replacement) and change.agent not in agents:
        yield f"a change of block {change.block} names the agent {change.agent}, which nobody knows"
    if isinstance(change, Addition | Replacement | DoseChange) and change.dose:
        try:
            parse_dose(change.dose)
        except ValueError as error:
            yield f"a change of block {change.block}: {error}"
    if isinstance(change, DoseChange) and not 1 <= change.percent <= 100:
        yield f"a change of block {change.block} gives {change.percent} %; it must lie between 1 and 100"
    yield from _wrong_news(change)
    if isinstance(change, Addition) and change.timed_by not in ("", *(one.id for one in phases[change.block].orders)):
        yield f"the order {change.order} added to block {change.block} is timed by {change.timed_by}, which it has not"


def _wrong_news(change: Modification) -> Iterator[str]:
    """Words of another drug, an added order or examination that do not exist."""
    if isinstance(change, Replacement):
        if change.route and change.route not in ROUTES:
            yield f"a change of block {change.block} names the route {change.route}, which does not exist"
        if not 0 <= change.doses_per_day <= MOST_DOSES_A_DAY:
            yield f"a change of block {change.block} gives {change.agent} {change.doses_per_day} times a day"
    if isinstance(change, Addition) and not (
        change.role in ROLES
        and change.route in ROUTES
        and change.days
        and 1 <= change.doses_per_day <= MOST_DOSES_A_DAY
    ):
        yield f"the order {change.order} added to block {change.block} has a role, route or days that do not exist"
    if isinstance(change, Examination) and not (change.topic in TOPICS and change.title.strip() and change.days):
        yield f"the examination {change.order} added to block {change.block} lacks a title, days or a known topic"


def _days_of(change: Modification) -> tuple[int, ...]:
    """The day numbers a change names."""
    if isinstance(change, Addition | Examination):
        return change.days
    return () if isinstance(change, Skip | Repetition) else (change.day,)


def _wrong_cycles(block: Block, phases: Mapping[str, Phase]) -> Iterator[str]:
    if not 0 < len(block.cycles) <= MOST_CYCLES or len(set(block.cycles)) < len(block.cycles) or min(block.cycles) < 1:
        yield f"block {block.id}: cycles must be different numbers from 1, at most {MOST_CYCLES} of them"
    if block.start.day is not None and block.start.after and not _has_day(phases[block.start.after], block.start.day):
        yield f"block {block.id}: {block.start.after} has no Day {block.start.day} to start from"


def _has_day(phase: Phase, day: int) -> bool:
    try:
        phase.offset(day)
    except ValueError:
        return False
    return True
