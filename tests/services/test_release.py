"""Draft, prepared, verified, issued: every step and every refusal, and that any edit makes a draft again."""

import gc
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields, replace

from planner.errors import Refusal
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.evidence import Status
from planner.model.finding import FindingStatus
from planner.model.plan import BagPlan, Given, GivenRecord, Omission, Plan
from planner.model.release import DOSED_AHEAD, PREPARED, VERIFIED, Stage, open_items, with_record_of
from planner.model.site import Site
from planner.services.evaluation import evaluate
from planner.services.release import confirm, issue, release, sign, version_code
from planner.services.verbs.editing import move_block, omit
from planner.services.verbs.placing import add_protocol, new_plan, start_on
from planner.services.verbs.recording import record_given
from tests.courses import PATIENT, finding
from tests.exports.papers import library

AT = "2026-11-28T09:00:00+00:00"
SITE = Site(phone_24h="555 0100", when_to_call="A fever of 38 °C or more")
ANA, BEN = "Ana Pharmacist", "Ben Pharmacist"


def evaluated(plan: Plan) -> EvaluatedPlan:
    return evaluate(plan, replace(library(), rules=()))


@pytest.fixture(scope="module")
def drafted() -> EvaluatedPlan:
    """A plan as it is just after a protocol was placed; no rules, so no findings."""
    plan = add_protocol(new_plan("p1", PATIENT), library().protocols["blinatumomab-mrd"], start_on(date(2026, 3, 2)))
    return evaluated(plan)


def all_confirmed(shown: EvaluatedPlan) -> EvaluatedPlan:
    for item in open_items(shown.plan, shown.schedule):
        shown = replace(shown, plan=confirm(shown, item.pin, item.order, ANA, AT))
    return shown


def verified(shown: EvaluatedPlan) -> EvaluatedPlan:
    prepared = replace(shown, plan=sign(shown, PREPARED, ANA, AT))
    return replace(prepared, plan=sign(prepared, VERIFIED, BEN, AT))


def test_the_way_from_draft_to_issue(drafted: EvaluatedPlan) -> None:
    stages = [release(drafted.plan).stage]
    shown = all_confirmed(drafted)
    for meaning, name in ((PREPARED, ANA), (VERIFIED, BEN)):
        shown = replace(shown, plan=sign(shown, meaning, name, AT))
        stages.append(release(shown.plan).stage)
    shown = replace(shown, plan=issue(shown, "roadmap", BEN, AT, SITE))
    stages.append(release(shown.plan).stage)
    assert stages == [Stage.DRAFT, Stage.PREPARED, Stage.VERIFIED, Stage.ISSUED]
    assert release(shown.plan).stale == ()


def test_any_edit_makes_a_draft_again_and_printed_copies_stale(drafted: EvaluatedPlan) -> None:
    shown = verified(all_confirmed(drafted))
    shown = replace(shown, plan=issue(shown, "roadmap", BEN, AT, SITE))
    edited = move_block(shown.plan, shown.plan.blocks[0].id, 1)
    stands = release(edited)
    assert (stands.stage, stands.prepared, stands.verified) == (Stage.DRAFT, None, None)
    assert [one.sheet for one in stands.stale] == ["roadmap"]


def test_the_same_content_has_the_same_signatures(drafted: EvaluatedPlan) -> None:
    """A signature is for a content: coming back to exactly that content, it holds; the record was never lost."""
    shown = verified(all_confirmed(drafted))
    block = shown.plan.blocks[0].id
    there_and_back = move_block(move_block(shown.plan, block, 3), block, -3)
    assert release(there_and_back).stage is Stage.VERIFIED


def test_undo_keeps_what_was_signed_and_issued(drafted: EvaluatedPlan) -> None:
    before = all_confirmed(drafted).plan
    shown = verified(all_confirmed(drafted))
    issued = issue(shown, "roadmap", BEN, AT, SITE)
    undone = with_record_of(before, issued)
    assert undone.issues == issued.issues
    assert undone.sign_offs == issued.sign_offs
    assert replace(undone, issues=(), sign_offs=()) == before


def test_issue_numbers_count_up_by_sheet_and_a_reprint_keeps_its_number(drafted: EvaluatedPlan) -> None:
    shown = verified(all_confirmed(drafted))
    plan = shown.plan
    for sheet in ("roadmap", "calendar", "roadmap"):
        plan = issue(replace(shown, plan=plan), sheet, BEN, AT, SITE)
    moved = evaluated(move_block(plan, plan.blocks[0].id, 1))
    plan = issue(verified(moved), "roadmap", BEN, AT, SITE, copies=3)
    told = [(one.sheet, one.number, one.reprint, one.copies) for one in plan.issues]
    assert told == [
        ("roadmap", 1, False, 1),
        ("calendar", 1, False, 1),
        ("roadmap", 1, True, 1),
        ("roadmap", 2, False, 3),
    ]
    assert [one.sheet for one in release(plan).stale] == ["calendar"]


def test_the_second_signature_is_another_persons(drafted: EvaluatedPlan) -> None:
    prepared = replace(drafted, plan=sign(drafted, PREPARED, ANA, AT))
    for name in (ANA, " ana   PHARMACIST ", "Aná Pharmacist"):
        with pytest.raises(Refusal, match="another person has to verify"):
            sign(prepared, VERIFIED, name, AT)
    both = verified(drafted)
    with pytest.raises(Refusal, match="another person has to have prepared"):
        sign(both, PREPARED, BEN, AT)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda one: sign(one, VERIFIED, BEN, AT), "nobody has signed this version as prepared"),
        (lambda one: sign(one, PREPARED, "  ", AT), "needs a name"),
        (lambda one: sign(one, "seen", BEN, AT), '"seen" is no meaning'),
        (lambda one: issue(one, "roadmap", BEN, AT, SITE), "has to be prepared and verified first"),
        (lambda one: issue(one, "poster", BEN, AT, SITE), '"poster" is no sheet'),
        (lambda one: issue(one, "roadmap", BEN, AT, SITE, copies=0), "0 copies"),
        (lambda one: issue(verified(one), "roadmap", BEN, AT, SITE), "still to be confirmed by name"),
        (lambda one: confirm(one, "x", "y", BEN, AT), "is not open for confirmation"),
        (lambda one: issue(verified(all_confirmed(one)), "calendar", BEN, AT, Site()), "24-hour phone number and when"),
        (
            lambda one: issue(verified(all_confirmed(one)), "calendar", BEN, AT, replace(SITE, phone_24h=" ")),
            "lack the 24-hour phone number;",
        ),
    ],
)
def test_refusals_say_what_lacks(drafted: EvaluatedPlan, act: object, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        act(drafted)


def test_a_clinicians_sheet_needs_no_phone_number(drafted: EvaluatedPlan) -> None:
    assert issue(verified(all_confirmed(drafted)), "roadmap", BEN, AT, Site()).issues


def test_nothing_contraindicated_is_verified_unless_acknowledged(drafted: EvaluatedPlan) -> None:
    grave = finding(1, "contraindicated", (), ())
    shown = replace(drafted, findings=(grave, finding(2, "warning", (), ())))
    prepared = replace(shown, plan=sign(shown, PREPARED, ANA, AT))
    with pytest.raises(Refusal, match=f"contraindicated and open: {grave.rule};"):
        sign(prepared, VERIFIED, BEN, AT)
    seen = replace(prepared, findings=(replace(grave, status=FindingStatus.ACKNOWLEDGED),))
    assert release(sign(seen, VERIFIED, BEN, AT)).stage is Stage.VERIFIED


def test_a_missing_dose_cannot_be_confirmed() -> None:
    plan = add_protocol(new_plan("p1", PATIENT), library().protocols["d-alba"], start_on(date(2026, 3, 2)))
    shown = evaluated(plan)
    missing = next(one for one in open_items(plan, shown.schedule) if one.undosed_from)
    with pytest.raises(Refusal, match="enter the site's own dose first"):
        confirm(shown, missing.pin, missing.order, ANA, AT)


def test_a_dose_that_lacks_months_ahead_keeps_no_sheet_of_this_week_back() -> None:
    """Methotrexate of a course in half a year depends on what the patient bears: people entered a dose they made up."""
    plan = add_protocol(new_plan("p1", PATIENT), library().protocols["d-alba"], start_on(date(2026, 3, 2)))
    shown = evaluated(plan)
    lacks = date.fromordinal(min(one.undosed_from for one in open_items(plan, shown.schedule) if one.undosed_from))
    early, late = (f"{lacks - timedelta(days=days)}T09:00:00Z" for days in (DOSED_AHEAD + 1, DOSED_AHEAD))
    for item in open_items(plan, shown.schedule):
        shown = replace(shown, plan=confirm(shown, item.pin, item.order, ANA, early))
    checked = replace(shown, plan=sign(shown, PREPARED, ANA, early))
    checked = replace(checked, plan=sign(checked, VERIFIED, BEN, early))
    assert issue(checked, "roadmap", BEN, early, SITE).issues
    with pytest.raises(Refusal, match="without a dose within 28 days"):
        issue(checked, "roadmap", BEN, late, SITE)


def test_what_was_never_given_needs_no_dose_to_be_confirmed() -> None:
    plan = add_protocol(new_plan("p1", PATIENT), library().protocols["d-alba"], start_on(date(2026, 3, 2)))
    shown = evaluated(plan)
    missing = next(one for one in open_items(plan, shown.schedule) if one.undosed_from)
    order = [one for one in shown.schedule.events if one.placed.order.id == missing.order]
    for one in order:
        left_out = Omission(one.placed.block.id, one.placed.cycle, one.cycle_day, missing.order, "other")
        plan = omit(plan, evaluated(plan).schedule, left_out)
    shown = evaluated(plan)
    item = next(one for one in open_items(plan, shown.schedule) if one.order == missing.order)
    assert item.undosed_from is None
    assert confirm(shown, item.pin, item.order, ANA, AT).confirmations


def test_what_is_open_names_its_block_once() -> None:
    """ "Blinatumomab: Blinatumomab: bag (unverified)" read as a stutter."""
    plan = add_protocol(
        new_plan("p1", PATIENT), library().protocols["hyper-cvad-blinatumomab"], start_on(date(2026, 3, 2))
    )
    bags = tuple(BagPlan(one.id, (24, 48, 72, 96), (1, 4)) for one in plan.blocks if one.title == "Blinatumomab")
    plan = replace(plan, bag_plans=bags)
    words = [one.words for one in open_items(plan, evaluated(plan).schedule)]
    assert any(one.startswith("Blinatumomab: bag (") for one in words)
    assert not any(one.startswith("Blinatumomab: Blinatumomab") for one in words)
    assert any(one.startswith("Course 2 (B)") for one in words)


def test_what_is_open_in_several_blocks_names_them_all_or_the_first_and_the_last() -> None:
    """ "DRAFT because" named POMP 1 to 12 alone, and methotrexate of the later ones read as confirmed."""
    found = {}
    for protocol in ("pomp", "hyper-cvad"):
        plan = add_protocol(new_plan("p1", PATIENT), library().protocols[protocol], start_on(date(2026, 3, 2)))
        found[protocol] = [one.words for one in open_items(plan, evaluated(plan).schedule)]
    assert "POMP 1 to 12, POMP from cycle 13: Methotrexate (unverified)" in found["pomp"]
    assert [one for one in found["hyper-cvad"] if " … " in one]


def test_a_confirmation_is_content_and_has_a_version_of_its_own(drafted: EvaluatedPlan) -> None:
    item = open_items(drafted.plan, drafted.schedule)[0]
    assert version_code(confirm(drafted, item.pin, item.order, ANA, AT)) != version_code(drafted.plan)


@given(
    st.lists(st.sampled_from(["prepare", "verify", "issue", "edit"]), max_size=12), st.randoms(use_true_random=False)
)
def test_no_chain_of_steps_issues_what_was_not_verified(
    drafted: EvaluatedPlan, steps: list[str], chance: object
) -> None:
    """All state and action pairs (promises C14): an issue always rests on two people's names for that very version."""
    shown = replace(drafted, plan=all_confirmed(drafted).plan)
    for step in steps:
        name = chance.choice([ANA, BEN])
        try:
            if step == "edit":
                day = timedelta(chance.choice([-1, 1]))
                plan = move_block(shown.plan, shown.plan.blocks[0].id, day.days)
            elif step == "issue":
                plan = issue(shown, "roadmap", name, AT, SITE)
            else:
                plan = sign(shown, PREPARED if step == "prepare" else VERIFIED, name, AT)
        except Refusal:
            continue
        shown = replace(shown, plan=plan)
        if step == "issue":
            stands = release(plan)
            assert stands.prepared.by != stands.verified.by
            assert stands.prepared.version == stands.verified.version == plan.issues[-1].version == version_code(plan)


def record_of(shown: EvaluatedPlan, **more: object) -> GivenRecord:
    first = next(one for one in shown.schedule.events if one.dose and one.dose.value is not None)
    assert first.dose is not None
    placed = first.placed
    place = (placed.block.id, placed.cycle, first.cycle_day, placed.order.id, 0)
    made = GivenRecord(*place, Given.GIVEN, first.date, first.dose.value, first.dose.unit, "A nurse")
    return replace(made, **more)


def recorded(shown: EvaluatedPlan, record: GivenRecord) -> EvaluatedPlan:
    return evaluated(record_given(shown.plan, shown.schedule, record, date(2026, 12, 1)))


def test_what_was_given_as_planned_leaves_the_verification_standing(drafted: EvaluatedPlan) -> None:
    shown = verified(all_confirmed(drafted))
    after = recorded(shown, record_of(shown))
    assert after.plan.given[0].as_planned
    assert release(after.plan).stage is Stage.VERIFIED
    assert release(recorded(after, record_of(shown)).plan).stage is Stage.DRAFT, "nobody can tell what was planned"


@pytest.mark.parametrize(
    "other",
    [
        {"on": date(2026, 3, 3)},
        {"dose": Decimal(1)},
        {"status": Given.PARTLY, "reason": "toxicity"},
        {"status": Given.NOT_GIVEN, "on": None, "dose": None, "unit": "", "reason": "counts"},
        {"reason": "other"},
    ],
)
def test_what_was_given_otherwise_asks_for_another_look(drafted: EvaluatedPlan, other: dict[str, object]) -> None:
    shown = verified(all_confirmed(drafted))
    after = recorded(shown, record_of(shown, **other))
    assert not after.plan.given[0].as_planned
    assert release(after.plan).stage is Stage.DRAFT


def test_the_version_of_a_plan_leaves_nothing_for_the_garbage_collector(drafted: EvaluatedPlan) -> None:
    """It is asked for at every edit."""
    code = version_code(drafted.plan)
    gc.collect()
    gc.disable()
    try:
        assert version_code(drafted.plan) == code
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_fields_that_a_later_edition_adds_at_their_default_do_not_change_the_version(drafted: EvaluatedPlan) -> None:
    class Longer(Plan, frozen=True):
        added: str = ""

    known = {one.name: getattr(drafted.plan, one.name) for one in fields(Plan)}
    longer = Longer(**known)
    assert version_code(longer).isalnum()
    Longer.__name__ = "Plan"
    assert version_code(longer) == version_code(drafted.plan)
    assert version_code(Longer(**known, added="more")) != version_code(drafted.plan)


def test_a_protocol_that_the_site_has_signed_is_no_open_item(drafted: EvaluatedPlan) -> None:
    """Its values that somebody has to confirm still are."""
    signed = [
        replace(block, protocol=replace(block.protocol, status=Status.REVIEWED)) if block.protocol else block
        for block in drafted.schedule.blocks
    ]
    before = open_items(drafted.plan, drafted.schedule)
    after = open_items(drafted.plan, replace(drafted.schedule, blocks=tuple(signed)))
    assert {one.order for one in before} - {one.order for one in after} == {""}
    assert [one for one in before if one.order] == list(after)
