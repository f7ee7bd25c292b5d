"""Why the course itself was changed: blocks placed, moved or taken off, and facts of the patient. Plan -> Plan.

A modification carries its reason. A block's start, and what is known of the patient, are what they are: why somebody
changed them is kept beside them, found by comparing the plan before with the plan after the edit. So every verb that
touches them, alone or as one of several, has its reason kept in one way.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from planner.model.plan import Block, BlockChange, BlockStart, PatientChange, Plan
from planner.services.patient_words import patient_words
from planner.services.verbs.refusing import refuse_reason


class Why(Struct, frozen=True):
    """The coded reason of a change with its grade (1 to 5, 0: not said) and a note."""

    reason: str
    note: str = ""
    grade: int = 0


def is_under_way(plan: Plan) -> bool:
    """Whether people already act by the plan: something of it is recorded as given or not, or a sheet handed out.

    From then on somebody will ask why a block stands elsewhere. While a plan is being built nobody does.
    """
    return bool(plan.given or plan.issues)


def because(before: Plan, after: Plan, why: Why | None) -> Plan:
    """The edited plan with the reason of each block and of all facts of the patient that the edit changed.

    `before` is the plan it was made from. Without a reason nothing is kept. Refuses a reason that is not coded.
    """
    if why is None:
        return after
    refuse_reason(why.reason, why.grade)
    facts = tuple(patient_words(before.patient, after.patient, after.bsa_formula))
    changes = [
        *(BlockChange(*moved, why.reason, why.note, why.grade) for moved in _of_blocks(before, after)),
        *([PatientChange(facts, why.reason, why.note, why.grade)] if facts else []),
    ]
    return replace(after, course_changes=(*after.course_changes, *changes))


_Moved = tuple[str, str, BlockStart | None, BlockStart | None]
"""Id and title of a block, how it started and how it starts."""


def _of_blocks(before: Plan, after: Plan) -> Iterator[_Moved]:
    """Blocks that are gone, that start otherwise, and new ones. What only hung on a block that is gone is none."""
    were = {block.id: block for block in before.blocks}
    are = {block.id: block for block in after.blocks}
    gone = were.keys() - are.keys()
    for block in before.blocks:
        if block.id in gone:
            yield block.id, block.title, block.start, None
    for block in after.blocks:
        old = were.get(block.id)
        if old and old.start != block.start and old.start.after not in gone:
            yield block.id, block.title, old.start, block.start
    yield from _placed([block for block in after.blocks if block.id not in were])


def _placed(new: Sequence[Block]) -> Iterator[_Moved]:
    """The new blocks, those placed together as one: "Induction – Maintenance"."""
    for group in dict.fromkeys(block.group for block in new):
        first, *others = (block for block in new if block.group == group)
        title = f"{first.title} – {others[-1].title}" if others else first.title
        yield first.id, title, None, first.start
