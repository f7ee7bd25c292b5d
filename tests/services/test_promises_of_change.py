"""Promises about change: what is told is what moves (C13), labels stay (C15), a new template changes no plan (C16)."""

import random
from collections import Counter

import pytest
from msgspec.structs import replace

from planner.content.library import read_library
from planner.errors import Refusal
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import Addition, BlockStart, Deferral, DoseChange, Plan, Replacement, Scope
from planner.model.schedule import Schedule
from planner.paths import resources
from planner.services.evaluation import evaluate
from planner.services.printing import make_sheet, pdf_of
from planner.services.tables import schedule_text
from planner.services.telling.preview import preview
from planner.services.verbs import editing, redosing
from planner.services.verbs.placing import add_protocol, new_plan, start_on
from planner.storage.plan_codec import decode, encode
from tests.exports.papers import page_texts, squashed
from tests.golden.cases import PATIENTS, START, library
from tests.services.courses_at_hand import AGENTS, plan_of
from tests.services.test_civil_days import STAMP
from tests.services.test_release import SITE

BARE = replace(library(), rules=())


def shown(plan: Plan) -> EvaluatedPlan:
    return evaluate(plan, BARE)


def rows(schedule: Schedule) -> Counter[tuple[object, ...]]:
    """Every event as what it is and when, counted; nothing of the program's own comparison is used."""
    return Counter(
        (one.placed.block.id, one.placed.cycle, one.cycle_day, one.placed.order.id, one.day, one.minute, str(one.state))
        for one in schedule.events
    )


@pytest.mark.parametrize("dependants", [0, 1, 60])
def test_the_list_before_an_edit_is_what_the_edit_moves(dependants: int) -> None:
    """Promise C13: old to new, with no, one and sixty blocks that hang on the one that is dragged."""
    shelved = library().protocols["leukapheresis"]
    plan = add_protocol(new_plan("p", PATIENTS["adult"]), shelved, start_on(START))
    first = plan.blocks[0].id
    for _ in range(dependants):
        plan = add_protocol(plan, shelved, BlockStart(after=plan.blocks[-1].id, gap_days=3))
    plan = add_protocol(plan, shelved, start_on(START.replace(year=2028)))
    before = shown(plan)
    after = shown(editing.move_block(plan, first, 5))
    found = preview(before, after)
    gone, come = rows(before.schedule) - rows(after.schedule), rows(after.schedule) - rows(before.schedule)
    told_old = Counter((one.event.placed.block.id, one.old_day) for one in found.events)
    told_new = Counter((one.event.placed.block.id, one.new_day) for one in found.events)
    assert told_old == Counter({(row[0], row[4]): 0 for row in gone}) + Counter(
        (row[0], row[4]) for row in gone.elements()
    )
    assert told_new == Counter((row[0], row[4]) for row in come.elements())
    assert len({block for block, _ in told_old}) == dependants + 1
    assert found.count("moved") == len(found.events)


def labelled() -> Plan:
    """A plan with a reduced, a typed and a replaced dose beside those of the template."""
    plan = plan_of("blinatumomab-consolidation")
    block, order = plan.blocks[0].id, "blinatumomab"
    plan = redosing.reduce(
        plan, shown(plan).schedule, DoseChange(block, 1, 1, order, Scope.FOLLOWING, "toxicity", percent=50)
    )
    added = Addition(block, 1, "extra", "ondansetron", "supportive", "PO", (2,), "other", dose="8 mg")
    plan = redosing.add_order(plan, shown(plan).schedule, AGENTS, added)
    premed = next(
        one for one in shown(plan).schedule.events if one.dose and one.placed.order.id not in (order, "extra")
    )
    swap = Replacement(
        block, 1, premed.cycle_day, premed.placed.order.id, Scope.FOLLOWING, "hydrocortisone", "other", dose="100 mg"
    )
    return redosing.replace_agent(plan, shown(plan).schedule, AGENTS, swap)


Labels = dict[tuple[str, int, str, str], set[tuple[str, str]]]


def labels(one: EvaluatedPlan, blocks: set[str]) -> Labels:
    """By block, cycle, order and agent: how the doses are labelled."""
    found: Labels = {}
    for event in one.schedule.events:
        if event.dose and event.placed.block.id in blocks:
            key = event.placed.block.id, event.placed.cycle, event.placed.order.id, event.placed.agent
            found.setdefault(key, set()).add((event.dose.origin, str(event.placed.evidence)))
    return found


def changed(plan: Plan, chance: random.Random, number: int) -> Plan:
    """One random thing that may be done to a plan and touches no dose of its first cycle."""
    kind = chance.choice(("move", "defer", "add", "file", "remove", "patient"))
    block = chance.choice(plan.blocks).id
    if kind == "move":
        return editing.move_block(plan, block, chance.choice((-7, -1, 1, 14)))
    if kind == "defer":
        change = Deferral(block, 1, 1, chance.randint(1, 9), chance.choice((Scope.FOLLOWING, Scope.ALL)), "counts")
        return editing.defer(plan, shown(plan).schedule, change)
    if kind == "add":
        shelved = library().protocols[chance.choice(("leukapheresis", "blinatumomab-mrd"))]
        return add_protocol(plan, shelved, BlockStart(after=plan.blocks[-1].id, gap_days=number % 30))
    if kind == "file":
        return decode(encode(plan), "f")
    if kind == "remove" and plan.block(block).group not in ("", plan.blocks[0].group):
        return editing.remove_block(plan, block)
    return replace(plan, patient=replace(plan.patient, allergies=(*plan.patient.allergies, f"{number}")))


@pytest.mark.parametrize("count", [25, pytest.param(10_000, marks=pytest.mark.slow)])
@pytest.mark.timeout(3600)
def test_labels_outlive_random_chains_files_tables_and_paper(count: int) -> None:
    """Promise C15: reduced, typed, replaced, of the template: told the same after whatever is done around them."""
    first = labelled()
    blocks = {one.id for one in first.blocks}
    wanted = labels(shown(first), blocks)
    assert {origin for one in wanted.values() for origin, _ in one} == {"", "reduced", "typed", "replaced"}, wanted
    for number in range(count):
        chance, plan = random.Random(number), first
        for step in range(chance.randint(2, 6)):
            try:
                plan = changed(plan, chance, number * 7 + step)
            except Refusal:
                continue
        end = shown(plan)
        assert labels(end, blocks) == wanted, number
        table = schedule_text(end, "csv")
        assert table.count(",local,") == sum(str(one.placed.evidence) == "local" for one in end.schedule.events)
        if number % 100 == 0:
            text = squashed(
                "".join(page_texts(pdf_of(make_sheet(end, "roadmap", SITE, STAMP.replace(tzinfo=None)), "A4")))
            )
            assert "50%" in text, "the reduction stands on paper"


def test_a_newer_template_changes_no_plan_that_is_there(tmp_path) -> None:
    """Promise C16: the plan keeps id, version, hash and text; only a block that is placed anew takes the newer one."""
    folder, text = (
        tmp_path / "protocols",
        (resources() / "protocols/all/leukapheresis.toml").read_text(encoding="utf-8"),
    )
    folder.mkdir()
    old = text.replace('id = "leukapheresis"', 'id = "site-apheresis"', 1)
    (folder / "site.toml").write_text(old, encoding="utf-8")
    now = read_library(resources(), tmp_path)
    plan = add_protocol(new_plan("p", PATIENTS["adult"]), now.protocols["site-apheresis"], start_on(START))
    before = evaluate(plan, replace(now, rules=()))
    newer = old.replace('version = "1"', 'version = "2"', 1)
    newer = newer.replace('days = "-42"', 'days = "-41"', 1)
    (folder / "site.toml").write_text(newer, encoding="utf-8")
    later = read_library(resources(), tmp_path)
    (folder / "site.toml").unlink()
    gone = read_library(resources(), tmp_path)
    for library_now in (later, gone):
        kept = decode(encode(plan), "f")
        again = evaluate(kept, replace(library_now, rules=()))
        assert kept.pins == plan.pins
        assert schedule_text(again, "csv") == schedule_text(before, "csv")
        assert [one.protocol_version for one in again.schedule.blocks] == ["1"]
        text_on_paper = squashed(
            "".join(page_texts(pdf_of(make_sheet(again, "roadmap", SITE, STAMP.replace(tzinfo=None)), "A4")))
        )
        assert "site-apheresisversion1(draft)" in text_on_paper
    assert "site-apheresis" not in gone.protocols
    anew = add_protocol(new_plan("q", PATIENTS["adult"]), later.protocols["site-apheresis"], start_on(START))
    assert schedule_text(evaluate(anew, replace(later, rules=())), "csv") != schedule_text(before, "csv")
    assert anew.pins[0].sha256 != plan.pins[0].sha256
