"""Plan files of every format: each opens as the plan it was made from, and the format's shape is known."""

from datetime import date
from typing import get_type_hints

from msgspec import Struct
from msgspec.structs import fields, replace

from planner.model.plan import (
    Addition,
    BagPlan,
    BlockChange,
    BlockStart,
    Deferral,
    DoseChange,
    Examination,
    Omission,
    PatientChange,
    Plan,
    Replacement,
    Scope,
)
from planner.storage import plan_codec
from planner.storage.plan_codec import decode
from tests.storage.plans import ROOT, small_plan


def test_plan_file_of_format_1_still_opens():
    kept = (ROOT / "tests/old/plan-format-1.json").read_text(encoding="utf-8")
    assert decode(kept, "old") == without_what_is_new(small_plan())


def without_what_is_new(plan):
    """The small plan as formats 1 to 3 could tell it."""
    told = tuple(one for one in plan.modifications if isinstance(one, Deferral | Omission))
    return replace(plan, modifications=told, given=(), reopened=())


EXAMINATION = Examination("induction", 1, "liver", "Liver tests", (8, 15), "other", topic="liver")
BAGS = (BagPlan("induction", (72, 96), (0, 3), (date(2026, 12, 25), date(2027, 1, 1))),)


def test_plan_file_of_format_2_still_opens():
    kept = (ROOT / "tests/old/plan-format-2.json").read_text(encoding="utf-8")
    plan = decode(kept, "old")
    assert plan.bag_plans == (BagPlan("blinatumomab", (72, 96, 168), (0, 3)),)
    assert (plan.id, plan.confirmations, plan.sign_offs, plan.issues) == ("demo-0001", (), (), ())


def test_plan_file_of_format_3_still_opens():
    kept = (ROOT / "tests/old/plan-format-3.json").read_text(encoding="utf-8")
    assert decode(kept, "old") == without_what_is_new(small_plan())


def test_plan_file_of_format_6_still_opens():
    kept = (ROOT / "tests/old/plan-format-6.json").read_text(encoding="utf-8")
    assert decode(kept, "old") == small_plan()


def test_plan_file_of_format_7_still_opens():
    kept = (ROOT / "tests/old/plan-format-7.json").read_text(encoding="utf-8")
    assert decode(kept, "old") == replace(small_plan(), bag_plans=BAGS)


def test_plan_file_of_format_8_still_opens():
    kept = (ROOT / "tests/old/plan-format-8.json").read_text(encoding="utf-8")
    plan = small_plan()
    assert decode(kept, "old") == replace(plan, modifications=(*plan.modifications, EXAMINATION))


REST = Deferral("blina", 1, 1, 2, Scope.DAY, "infection", "fever at noon", kept=(("blina", 0), ("dexamethasone", 1)))


def test_plan_file_of_format_9_still_opens():
    kept = (ROOT / "tests/old/plan-format-9.json").read_text(encoding="utf-8")
    plan = small_plan()
    assert decode(kept, "old") == replace(plan, modifications=(*plan.modifications, REST))


RESTART = Addition(
    *("blina", 1, "dexamethasone-restart", "dexamethasone", "premedication", "IV", (10,), "toxicity"),
    note="restart after a stop of 120 h",
    dose="20 mg",
    timed_by="blina",
    minutes=-60,
)


def test_plan_file_of_format_10_still_opens():
    kept = (ROOT / "tests/old/plan-format-10.json").read_text(encoding="utf-8")
    plan = small_plan()
    assert decode(kept, "old") == replace(plan, modifications=(*plan.modifications, RESTART))


def with_reasons(plan):
    """The plan as format 11 can tell it: why blocks and the patient are as they are, and how grave a toxicity was."""
    graded = replace(plan.given[0], reason="toxicity", grade=3)
    changes = (
        BlockChange("blina", "Blina", None, plan.blocks[1].start, "other"),
        BlockChange(
            "induction", "Induction", BlockStart(on=date(2026, 2, 23)), plan.blocks[0].start, "capacity", "≥ 1"
        ),
        BlockChange("gone", "Gone", BlockStart(after="blina", day=15, gap_days=-2), None, "patient choice"),
        PatientChange(("measured: 62 kg",), "toxicity", "lost weight", 2),
    )
    return replace(plan, given=(graded,), course_changes=changes)


def test_plan_file_of_format_11_still_opens():
    kept = (ROOT / "tests/old/plan-format-11.json").read_text(encoding="utf-8")
    assert decode(kept, "old") == with_reasons(small_plan())


OTHER = Replacement("blina", 1, 1, "dexamethasone", Scope.DAY, "prednisone", "other", dose="40 mg", doses_per_day=2)


ALONE = (
    replace(OTHER, scope=Scope.CYCLE, alone=True),
    DoseChange("blina", 1, 1, "blinatumomab", Scope.ALL, "other", percent=50, alone=True),
)


def test_plan_file_of_format_12_still_opens():
    kept = (ROOT / "tests/old/plan-format-12.json").read_text(encoding="utf-8")
    plan = small_plan()
    later = replace(plan.blocks[1], since=3, start=replace(plan.blocks[1].start, since=2))
    bags = (*BAGS, replace(BAGS[0], since=date(2026, 3, 20)))
    changes = (*plan.modifications, OTHER)
    assert decode(kept, "old") == replace(plan, blocks=(plan.blocks[0], later), modifications=changes, bag_plans=bags)


def test_plan_file_of_format_14_still_opens():
    kept = (ROOT / "tests/old/plan-format-14.json").read_text(encoding="utf-8")
    plan = small_plan()
    assert decode(kept, "old") == replace(plan, modifications=(*plan.modifications, *ALONE))


def shape(hint, seen):
    """The fields of a noun and of the nouns in it, as text."""
    if isinstance(hint, type) and issubclass(hint, Struct):
        if hint not in seen:
            hints = get_type_hints(hint)
            seen[hint] = ""
            seen[hint] = ", ".join(f"{field.name}: {shape(hints[field.name], seen)}" for field in fields(hint))
        return hint.__name__
    inner = [shape(part, seen) for part in getattr(hint, "__args__", ()) if part is not ...]
    return (
        f"{getattr(hint, '__name__', 'one of')}[{', '.join(inner)}]" if inner else getattr(hint, "__name__", str(hint))
    )


def test_format_history_knows_the_present_shape():
    """Whoever adds a field to the plan's nouns: give it a default, raise VERSION, write a line of format history,
    keep a file of the new format in tests/old, then write the new shape to tests/old/plan-format.txt."""
    seen = {}
    shape(Plan, seen)
    lines = sorted(f"{kind.__name__}({text})" for kind, text in seen.items())
    kept = (ROOT / "tests/old/plan-format.txt").read_text(encoding="utf-8").splitlines()
    assert [f"format {plan_codec.VERSION}", *lines] == kept
