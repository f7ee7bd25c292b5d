"""Where the program's own arithmetic changes, the number of it does: codes and signatures of before hold no longer.

The plans in tests/old carry the text of their protocols; with agents rounded as they are here, nothing but the program
can change their dates and doses. Whoever does so on purpose raises COMPUTES (planner/services/dosed_as.py) and adds the
digest that the test names to KNOWN; the digests of before are never edited.
"""

import csv
from decimal import Decimal
from hashlib import sha256

import pytest
from msgspec.structs import replace

from planner.model.agent import Agent, DoseRange, Strength
from planner.model.body import SURFACES
from planner.model.release import Stage
from planner.model.site import ROUNDINGS, Site
from planner.services import dosed_as
from planner.services.evaluation import evaluate
from planner.services.release import release, version_code
from planner.services.store.plan_files import read_plan
from planner.services.tables import schedule_text
from planner.storage.plan_codec import VERSION
from tests.exports.papers import library
from tests.services.test_dosed_as import issued, seen
from tests.storage.plans import ROOT

__all__ = ["issued"]
FORMATS = (range(1, 12), range(12, 13), range(13, 14), range(14, 15))
"""The formats of the old plans, a digest each: a new format adds one, and the digests of before stay what they are."""
KNOWN = {
    1: (
        "8fbf90db7be21ce9c398f8f9865852066b5458574d4c701b3bc9688d70e5adcb",
        "ac4c05ac817270c4d44ed6c56873c11954c805884ce0e6e393050649ed1be13b",
        "2a7c41732321e7e6d9b7af3daad217205327468bcfaa75b5b1df1956d5c2bd06",
        "446130224942b15e7f09b01c323c908be04e9705721a2ae4522a9274a26defd6",
    )
}
COLUMNS = ("date", "time", "end_date", "end_time", "order_id", "cycle_day", "dose", "unit", "status")
STEPS = (None, Decimal("0.3"))
"""Half of the agents follow the program's own steps by size."""
ROUNDED = {
    "usual_unit": "mg",
    "tablets": (Strength(Decimal(50), "mg"), Strength(Decimal("2.5"), "mg", halves=True)),
    "vials": (Strength(Decimal(100), "mg"), Strength(Decimal(20), "mg")),
    "dose_bands": tuple(DoseRange(Decimal(low), Decimal(low + 7), Decimal(low + 3)) for low in range(20, 400, 7)),
}


def computed(formats: range) -> str:
    """The digest of the dates and doses of old plans by every rounding and every formula of body surface."""
    agents = {
        one.id: Agent(one.id, one.name, bags=one.bags, round_to=STEPS[len(one.id) % 2], **ROUNDED)
        for one in library().agents.values()
    }
    books, found = replace(library(), rules=(), agents=agents), sha256()
    for version in formats:
        name = f"made-by-format-{version}.json"
        plan = read_plan((ROOT / "tests" / "old" / name).read_text(encoding="utf-8"), name, agents, frozenset())[0]
        for rounding in ROUNDINGS:
            for formula in SURFACES:
                shown = evaluate(replace(plan, bsa_formula=formula), books, Site(rounding=rounding))
                rows = csv.DictReader(schedule_text(shown, "csv").splitlines())
                told = sorted(tuple(row[column] for column in COLUMNS) for row in rows)
                found.update(repr((version, rounding, formula, told)).encode())
    return found.hexdigest()


def test_the_number_is_raised_where_the_program_computes_otherwise() -> None:
    assert FORMATS[-1].stop == VERSION + 1
    found = tuple(map(computed, FORMATS))
    assert found == KNOWN.get(dosed_as.COMPUTES), "see above: raise COMPUTES and add these digests"
    assert sorted(KNOWN) == list(range(1, dosed_as.COMPUTES + 1))


def test_what_was_signed_before_the_program_computed_otherwise_is_a_draft_again(
    issued, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = version_code(issued.plan, issued.dosed_as)
    assert release(issued.plan, seen(issued.plan).dosed_as).stage is Stage.ISSUED
    monkeypatch.setattr(dosed_as, "COMPUTES", 2)
    later = seen(issued.plan)
    stands = release(later.plan, later.dosed_as)
    assert (stands.stage, stands.verified, [one.sheet for one in stands.stale]) == (Stage.DRAFT, None, ["roadmap"])
    assert stands.version != code
