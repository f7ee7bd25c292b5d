"""What a rule says about a plan, with everything a pharmacist needs to argue with it."""

import hashlib
from enum import StrEnum

from msgspec import Struct

from planner.model.patient import CoMedication
from planner.model.plan import Modification

SEVERITIES = ("contraindicated", "warning", "advice")


class FindingStatus(StrEnum):
    """`cannot_check` is never a pass: the inputs then name what is missing."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CANNOT_CHECK = "cannot_check"


class BlockMove(Struct, frozen=True):
    """A block starts so many days later, earlier if negative; what hangs on it follows."""

    block: str
    days: int


class DrawnOn(Struct, frozen=True):
    """A block without an end of its own is drawn on to that day (ordinal), in whole cycles."""

    block: str
    until: int


class Fix(Struct, frozen=True):
    """An offered change with everything it would do; never applied unasked.

    `moves` change when blocks start, `changes` are added to the modifications of the plan, `medicines` are recorded as
    co-medications; one of the same medicine from the same day takes the place of the one there. `longer` are blocks
    that are drawn on.
    """

    id: str
    title: str
    moves: tuple[BlockMove, ...] = ()
    changes: tuple[Modification, ...] = ()
    medicines: tuple[CoMedication, ...] = ()
    longer: tuple[DrawnOn, ...] = ()


UNCHECKED = "CANNOT CHECK"


class Finding(Struct, frozen=True):
    """One rule speaking about one thing.

    `days` are ordinals, `orders` are PlacedOrder ids, in order of time.

    `inputs` are the values used (name, value as text), `arithmetic` the comparison made, `advice` what to do.
    """

    id: str
    rule: str
    title: str
    severity: str
    status: FindingStatus
    message: str
    days: tuple[int, ...]
    orders: tuple[str, ...]
    inputs: tuple[tuple[str, str], ...]
    arithmetic: str
    statement: str
    source: str
    url: str
    evidence: str
    advice: str = ""
    fixes: tuple[Fix, ...] = ()
    count: int = 1

    @property
    def basis(self) -> str:
        """The hash of the facts it rests on: on others it is open again although somebody let it stand."""
        return hashlib.sha256(repr((self.rule, [*self.days], self.orders, self.inputs)).encode()).hexdigest()

    @property
    def standing(self) -> str:
        """What to read first, in lists and on paper: how grave it is, or that nothing was checked.

        What could not be checked must look neither like something found nor like a pass, so its severity comes last
        and says when it would be one: "CANNOT CHECK (contraindicated if broken)".
        """
        if self.status is FindingStatus.CANNOT_CHECK:
            return f"{UNCHECKED} ({self.severity} if broken)"
        return f"{self.severity}, acknowledged" if self.status is FindingStatus.ACKNOWLEDGED else self.severity

    @property
    def missing(self) -> str:
        """What the check lacks, in words; empty where it could be done."""
        if self.status is not FindingStatus.CANNOT_CHECK:
            return ""
        return dict(self.inputs).get("missing", "")
