"""What the archive says about plans without opening them: a line of the plan list, and a line of a plan's history."""

from datetime import date

from msgspec import Struct


class Revision(Struct, frozen=True):
    """One saved state of a plan. `counter` counts from 1 and gives the order, whatever the clock said.

    `at` is the moment in UTC as the caller's clock gave it, `what` the name of the edit, `checksum` the plan's content.
    """

    plan_id: str
    counter: int
    at: str
    who: str
    what: str
    checksum: str


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
