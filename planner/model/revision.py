"""What the archive says about plans without opening them: a line of the plan list, and a line of a plan's history."""

from datetime import date

from msgspec import Struct


class Revision(Struct, frozen=True):
    """One saved state of a plan. `counter` counts from 1 and gives the order, whatever the clock said.

    `at` is the moment in UTC as the caller's clock gave it, `zone` the offset of that clock ("+01:00"), `what` the
    name of the edit, `checksum` the plan's content.
    """

    plan_id: str
    counter: int
    at: str
    who: str
    what: str
    checksum: str
    zone: str = ""


class Passed(Struct, frozen=True):
    """A state that a plan in a file went through before, or is in now: its checksum, by whom and when it was saved."""

    checksum: str
    who: str
    at: str


class PlanSummary(Struct, frozen=True):
    """One line of the plan list, from the newest revision. A `damaged` line shows its id only."""

    plan_id: str
    patient_id: str = ""
    family_name: str = ""
    given_name: str = ""
    birth_date: date | None = None
    protocols: str = ""
    saved_at: str = ""
    counter: int = 0
    demo: bool = False
    damaged: bool = False
    void: str = ""
    """Why the plan was deleted, where it was; it can be taken back."""


class TrailLine(Struct, frozen=True):
    """One line of the audit trail: who did what to which plan, when by which clock.

    `number` counts every act of the store and gives the order, whatever the clock said. `kind` is save, void, unvoid,
    erase, print, export, backup, restore, and so on. The plan and the words of an `erased` line are gone for good.
    """

    number: int
    at: str
    zone: str
    who: str
    kind: str
    plan_id: str
    counter: int
    what: str
    erased: bool = False
    damaged: bool = False
