"""A signature holds for one content: any changed field voids it, on screen and on each page (promises.md S17, C14)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

import pytest
from msgspec import Struct
from msgspec.structs import fields, replace

from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import BagPlan, Examination, Plan
from planner.model.release import PREPARED, VERIFIED, Stage
from planner.model.signing import Confirmation, SignOff
from planner.services.printing import make_sheet, pdf_of
from planner.services.release import issue, release, version_code
from planner.services.sheet_titles import SHEET_TITLES
from planner.services.verbs.editing import move_block
from tests.exports.papers import page_texts
from tests.services.test_release import AT, BEN, SITE, all_confirmed, evaluated, verified
from tests.services.test_release import drafted as drafted  # noqa: PLC0414 - the fixture
from tests.storage.plans import small_plan

RECORD = ("sign_offs", "issues")
"""What has happened to a plan and is no content of it."""
Path = tuple[str | int, ...]


def full_plan() -> Plan:
    """A plan in which every kind of field has a value."""
    plan = small_plan()
    more = Examination("blina", 1, "mrd", "MRD", (29,), "other", "note", 1, "disease")
    return replace(
        plan,
        modifications=(*plan.modifications, more),
        bag_plans=(BagPlan("blina", (24, 72), (0, 3), (date(2026, 5, 1),)),),
        confirmations=(Confirmation(plan.pins[0].sha256, "blinatumomab", BEN, AT, "read"),),
    )


def signed(plan: Plan) -> Plan:
    """The plan with two signatures for the version it is now."""
    version = version_code(plan)
    return replace(plan, sign_offs=(SignOff(PREPARED, version, "A", AT), SignOff(VERIFIED, version, "B", AT)))


def places(value: object, path: Path = ()) -> Iterator[Path]:
    """The way to every single value of a plan."""
    if isinstance(value, Struct):
        for field in fields(type(value)):
            if path or field.name not in RECORD:
                yield from places(getattr(value, field.name), (*path, field.name))
    elif isinstance(value, tuple) and value:
        for number, one in enumerate(value):
            yield from places(one, (*path, number))
    elif path[-1] not in ("text", "as_planned"):  # the text stands as its hash; `as_planned` is told by the rest
        yield path


def changed(value: object, path: Path) -> object:
    """The same value but for the one at the end of that way."""
    if not path:
        return other(value)
    name, rest = path[0], path[1:]
    if isinstance(name, int):
        assert isinstance(value, tuple)
        return (*value[:name], changed(value[name], rest), *value[name + 1 :])
    assert isinstance(value, Struct)
    return replace(value, **{name: changed(getattr(value, name), rest)})


def other(value: object) -> object:
    """Another value of its kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, StrEnum):
        return next(one for one in type(value) if one is not value)
    if isinstance(value, str):
        return f"{value}x"
    if isinstance(value, int):
        return value + 1
    if isinstance(value, Decimal):
        return value + Decimal("0.1")
    if isinstance(value, date):
        return value + timedelta(1)
    return date(2026, 6, 1) if value is None else ("x",)


PLACES = sorted(places(full_plan()), key=str)


def test_there_are_more_fields_than_the_promise_asks_for() -> None:
    assert len({path[-1] for path in PLACES if isinstance(path[-1], str)}) >= 40
    assert len(PLACES) >= 150


@pytest.mark.parametrize("path", PLACES, ids=lambda path: ".".join(map(str, path)))
def test_any_changed_field_voids_the_signatures(path: Path) -> None:
    plan = signed(full_plan())
    assert release(plan).stage is Stage.VERIFIED
    after = changed(plan, path)
    assert isinstance(after, Plan)
    stands = release(after)
    assert (stands.stage, stands.prepared, stands.verified) == (Stage.DRAFT, None, None)
    assert after.sign_offs == plan.sign_offs, "what was signed stays on record"


@pytest.mark.parametrize("sheet", SHEET_TITLES)
def test_every_page_says_draft_until_it_is_verified_and_again_after_an_edit(drafted: EvaluatedPlan, sheet: str) -> None:
    shown = verified(all_confirmed(drafted))
    shown = replace(shown, plan=issue(shown, sheet, BEN, AT, SITE))
    edited = evaluated(move_block(shown.plan, shown.plan.blocks[0].id, 1))
    for one, says in ((drafted, True), (shown, False), (edited, True)):
        pages = page_texts(pdf_of(make_sheet(one, sheet, SITE, datetime(2026, 11, 28, 12, 0)), "A4"))
        assert [("DRAFT" in page) for page in pages] == [says] * len(pages)
