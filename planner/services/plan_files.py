"""Plan files: written whole with their checksum, read with every doubt about them settled before anything is derived.

A plan file may come from anybody, and its checksum only tells damage, not intent. So the protocols inside it are fully
checked again unless they are, letter for letter, ones that this installation ships or the site keeps.
"""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from planner.content.protocol_file import build_protocol, read_protocol
from planner.errors import InputProblem
from planner.model.agent import Agent
from planner.model.plan import Block, Plan
from planner.model.protocol import Phase
from planner.storage.plan_codec import decode, encode

MOST_CYCLES = 400
"""Cycles one block of a file may have: daily cycles for a year; more is no plan for a person."""


def plan_text(plan: Plan) -> str:
    """The plan as the text of a plan file. InputProblem for a value that could not be read back."""
    return encode(plan)


def read_plan(text: str, file: str, agents: Mapping[str, Agent], trusted: frozenset[str]) -> Plan:
    """The plan of a file; InputProblem with file and place where anything in it is wrong.

    `trusted` are the hashes of protocol texts that need no second check (see `hashes_below`).
    """
    plan = decode(text, file)
    problems: list[str] = []
    for pin in plan.pins:
        if pin.sha256 not in trusted:
            found, wrong = read_protocol(pin.text, f"{file}: protocol {pin.id}", agents)
            problems += [str(problem) for problem in wrong] or (
                [] if found else [f"{file}: protocol {pin.id}: unreadable"]
            )
    if not problems:
        problems += [f"{file}: {line}" for line in _misfits(plan)]
    if problems:
        raise InputProblem(tuple(problems))
    return plan


def hashes_below(*folders: Path) -> frozenset[str]:
    """The hashes of all protocol texts in these folders, as pins keep them."""
    files = [path for folder in folders for path in folder.rglob("*.toml")]
    return frozenset(hashlib.sha256(path.read_bytes()).hexdigest() for path in files)


def _misfits(plan: Plan) -> Iterator[str]:
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
    for change in plan.modifications:
        if change.block not in phases:
            yield f"a change names block {change.block}, which is not in the plan"
        elif not _has_day(phases[change.block], change.day):
            yield f"a change of block {change.block} names Day {change.day}, which that phase does not have"


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
