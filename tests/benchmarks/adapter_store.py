"""The store in the benchmark kit: the kit's records as plans of the application, kept by the application's archive.

The store is encrypted, as it is by default. The key is derived once a session, so the kit's "open" gets it, as the
window does after unlocking. A record's notes become the diagnosis, which is searched; its overrides become decisions
taken.
"""

from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from msgspec.structs import replace

from planner.model.patient import Measurement, Patient
from planner.model.plan import Block, BlockStart, DecisionTaken, Plan, ProtocolPin
from planner.model.store import Protection
from planner.services.store.archive import Archive
from planner.services.store.protection import create
from planner.storage.repository import Edit

START = date(2026, 1, 5)
AT = "2026-11-28T10:00:00+01:00"
WHO = "Kit"
TEXT = 'id = "SYN-ALL-3Y"\nversion = "1"\n'
PIN = ProtocolPin("SYN-ALL-3Y", "1", sha256(TEXT.encode()).hexdigest(), TEXT)


def plan_of(record: dict) -> Plan:
    """The kit's record as a plan."""
    measured = Measurement(START, Decimal(170), Decimal(record["kg"]))
    patient = Patient(
        record["mrn"], record["name"], "", date.fromisoformat(record["birth"]), "female", (measured,),
        diagnosis=record["notes"],
    )  # fmt: skip
    blocks = tuple(_block(number, one) for number, one in enumerate(record["blocks"]))
    decisions = tuple(
        DecisionTaken("g", str(one["admin"]), str(one["dose"]), START, one["reason"]) for one in record["overrides"]
    )
    return Plan(str(record["id"]), patient, (PIN,), blocks, decisions)


def _block(number: int, one: dict) -> Block:
    start = BlockStart(on=START, gap_days=one["shift"])
    return Block(f"b{number}", one["type"], PIN.sha256, one["type"], (1,), start, "g")


class Store:
    """What the kit asks of a store. A plan that was opened stays open until another one is, as in the window."""

    fts = True

    def __init__(self, folder: Path) -> None:
        self._folder = Path(folder)
        self._key = create(self._folder, self._protection())
        self._archive = Archive.open(self._folder, self._key)

    def _protection(self) -> Protection:
        return Protection.FILE

    def load(self, records: list[dict]) -> None:
        """Import everything."""
        for first in range(0, len(records), 1000):
            new = [Edit(plan_of(record), "Import") for record in records[first : first + 1000]]
            self._archive.repository.append_all(new, WHO, AT)

    def close(self) -> None:
        self._archive.close()

    def open_list(self) -> tuple[int, list[int]]:
        """Open the store again, count, and list the first fifty by name."""
        self._archive = Archive.open(self._folder, self._key)
        return self._archive.count(), self._ids(self._archive.list("", 50, "name"))

    def get(self, number: int) -> dict:
        """The record of an opened plan."""
        plan = self._archive.load(str(number))
        return {"mrn": plan.patient.id, "blocks": [{"shift": block.start.gap_days} for block in plan.blocks]}

    def commit(self, number: int, block: int, shift: int) -> None:
        """Open the plan, change one block, save it as the next revision."""
        plan, revision = self._archive.load_revision(str(number))
        old = plan.blocks[block]
        new = replace(old, start=replace(old.start, gap_days=shift))
        blocks = (*plan.blocks[:block], new, *plan.blocks[block + 1 :])
        self._archive.save(replace(plan, blocks=blocks), "Shift a block", WHO, AT, after=revision.counter)

    def search(self, words: str) -> list[int]:
        return self._ids(self._archive.list(words, 50, "name"))

    def recent(self, words: str) -> list[int]:
        return self._ids(self._archive.list(words, 50))

    def name(self, start: str) -> list[int]:
        return self._ids(self._archive.repository.named(start, 50))

    def _ids(self, found: tuple) -> list[int]:
        return [int(one.plan_id) for one in found]


class PlainStore(Store):
    """The same without encryption, for goal F4."""

    def _protection(self) -> Protection:
        return Protection.PLAIN
