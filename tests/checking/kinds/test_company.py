"""companion, cover_span, order_of_agents and same_day at their edges."""

import pytest

from planner.model.finding import FindingStatus
from tests.builders import day
from tests.checking.judging import find, rule
from tests.checking.shipped import rules

PREMEDICATED = rule(
    "companion", agents=["blinatumomab"], needs=["class:steroid"], earliest="-1 h", scope="first dose of cycle"
)


@pytest.mark.parametrize(
    ("steroid", "finds"),
    [
        ("1 08:00", 0),
        ("1 07:59", 1),
        ("1 09:00", 0),
        ("1 09:01", 1),
        ("1", 0),
        ("2", 1),
    ],
)
def test_company_within_the_hour(steroid, finds):
    found = find(PREMEDICATED, "1 09:00 blinatumomab 28 mcg/day IV", f"{steroid} dexamethasone 20 mg IV")
    assert len(found) == finds


def test_company_past_midnight():
    found = find(PREMEDICATED, "2 00:30 blinatumomab 28 mcg/day IV", "1 23:45 dexamethasone 20 mg IV")
    assert found == ()


def test_no_company_says_what_was_looked_for():
    (found,) = find(PREMEDICATED, "1-28 blinatumomab 28 mcg/day IV", "3 dexamethasone 20 mg IV")
    assert found.message == "Blinatumomab C1 D1 (01-Jan-2026) has no steroid in the 1 h before it."
    assert found.arithmetic == "01-Jan-2026: steroid: nearest is Dexamethasone C1 D3 (03-Jan-2026)"


@pytest.mark.parametrize(("on", "finds"), [(1, 0), (3, 0), (4, 1)])
def test_company_afterwards_in_whole_days_without_clocks(on, finds):
    wanted = rule("companion", agents=["methotrexate IV"], needs=["leucovorin"], latest="48 h")
    found = find(wanted, "1 methotrexate 1000 mg/m2 IV", f"{on} leucovorin 15 mg PO")
    assert len(found) == finds
    if finds:
        assert "has no leucovorin in the 48 h after it" in found[0].message


@pytest.mark.parametrize(
    ("dose", "rescue", "finds"), [("planned", "held", 1), ("held", "held", 0), ("held", "planned", 0)]
)
def test_what_is_on_hold_is_no_company_for_a_dose_that_is_not(dose, rescue, finds):
    """A rescue that nobody knows the day of was passed as a rescue."""
    wanted = rule("companion", agents=["methotrexate IV"], needs=["leucovorin"], latest="48 h")
    found = find(wanted, f"1 methotrexate 1000 mg/m2 IV state={dose}", f"2 leucovorin 15 mg PO state={rescue}")
    assert len(found) == finds
    if finds:
        assert found[0].arithmetic.endswith("nearest is Leucovorin C1 D2 (02-Jan-2026), on hold")
    more = (f"1 methotrexate 1000 mg/m2 IV state={dose}", f"2 leucovorin 15 mg PO state={rescue}")
    assert find(wanted, *more, "3 leucovorin 15 mg PO block=other") == (), "another one stands"


@pytest.mark.parametrize(("dose", "missing"), [("5000 mg/m2", ""), ("?", "dose per m2")])
@pytest.mark.parametrize(
    ("rescue", "told"), [((), ["MT-05"]), (("3 04:00",), ["MT-05B"]), (("3 10:00",), ["MT-05"]), (("3 03:00",), [])]
)
def test_a_rescue_that_is_absent_or_late_is_told_once(dose, missing, rescue, told):
    """Where nobody knew the dose of methotrexate, two rules said so of one absent rescue."""
    leucovorin = [f"{at} leucovorin 15 mg IV role=rescue" for at in rescue]
    events = (f"1 09:00 methotrexate {dose} IV", *leucovorin)
    found = [finding for name in ("MT-05", "MT-05B") for finding in find(rules()[name], *events)]
    assert [finding.rule for finding in found] == told
    assert all(missing in finding.missing for finding in found)


@pytest.mark.parametrize(
    ("rescue", "missing"),
    [
        (("2 leucovorin ? PO",), "dose of Leucovorin"),
        (("2 leucovorin ? PO", "3 leucovorin ? PO"), "dose of Leucovorin"),
        (("2 leucovorin ? PO", "3 leucovorin 15 mg PO"), None),
        (("2 leucovorin 15 mg PO",), None),
        (("2 levoleucovorin ? IV", "4 leucovorin 15 mg PO"), "dose of Levoleucovorin"),
    ],
)
def test_company_without_a_dose_is_not_enough_where_its_dose_must_be_known(rescue, missing):
    """An order of leucovorin that waits for its dose passed as a rescue."""
    wanted = {"agents": ["methotrexate IV"], "needs": ["class:folinate"], "latest": "48 h"}
    assert find(rule("companion", **wanted), "1 methotrexate 1000 mg/m2 IV", *rescue) == ()
    found = find(rule("companion", **wanted, dosed=True), "1 methotrexate 1000 mg/m2 IV", *rescue)
    assert [dict(one.inputs)["missing"] for one in found] == ([missing] if missing else [])
    assert all(one.status is FindingStatus.CANNOT_CHECK for one in found)


def test_a_dose_that_lacks_two_things_is_told_once_for_what_is_not_there():
    wanted = rule(
        "companion", agents=["inotuzumab"], needs=["class:steroid", "class:antipyretic"], all_of=True, dosed=True
    )
    doses = "1 inotuzumab 0.8 mg/m2 IV", "1 dexamethasone ? IV"
    (found,) = find(wanted, *doses)
    assert found.status is FindingStatus.OPEN
    assert "antipyretic" in found.message
    (found,) = find(wanted, *doses, "1 paracetamol ? PO")
    assert dict(found.inputs)["missing"] == "dose of Dexamethasone"


def test_a_co_medication_is_company_without_a_dose():
    wanted = rule(
        "companion", agents=["cytarabine"], needs=["class:steroid"], latest="1 days", co_medications=True, dosed=True
    )
    assert find(wanted, "1 cytarabine 75 mg/m2 IV", co_medications=["prednisone 1-3"]) == ()


def test_days_ignore_the_clock():
    wanted = rule("companion", agents=["cytarabine"], needs=["prednisone"], earliest="-1 days", latest="1 days")
    assert find(wanted, "5 09:00 cytarabine 1 mg IV", "4 08:00 prednisone 1 mg PO") == ()
    assert len(find(wanted, "5 09:00 cytarabine 1 mg IV", "3 23:00 prednisone 1 mg PO")) == 1


def test_a_step_needs_company_and_a_reduction_none():
    wanted = rule(
        "companion", agents=["blinatumomab"], needs=["dexamethasone"], scope="first dose of cycle and each step"
    )
    lines = ("1-7 blinatumomab 9 mcg/day IV", "8-14 blinatumomab 28 mcg/day IV", "15-28 blinatumomab 9 mcg/day IV")
    (found,) = find(wanted, *lines, "1 dexamethasone 20 mg IV")
    assert found.days == (day(8),)
    assert find(wanted, *lines, "1-8/7 dexamethasone 20 mg IV") == ()
    assert find(wanted, "1 blinatumomab ? IV", "2 blinatumomab 9 mcg/day IV", "1 dexamethasone 20 mg IV") == ()


def test_the_dose_decides_whether_company_is_needed():
    wanted = rule("companion", agents=["methotrexate IV from 500 mg/m2"], needs=["leucovorin"], latest="48 h")
    assert find(wanted, "1 methotrexate 499 mg/m2 IV") == ()
    assert len(find(wanted, "1 methotrexate 500 mg/m2 IV")) == 1
    (found,) = find(wanted, "1 methotrexate ? IV")
    assert found.status is FindingStatus.CANNOT_CHECK
    assert found.message.endswith("on it needs leucovorin.")
    assert dict(found.inputs)["missing"] == "dose per m2"
    assert find(wanted, "1 methotrexate ? IV", "2 leucovorin 15 mg IV") == ()


def test_all_of_them_less_the_barred():
    wanted = rule(
        "companion", agents=["inotuzumab"], needs=["class:steroid", "class:antipyretic", "not any PO"], all_of=True
    )
    (found,) = find(wanted, "1 inotuzumab 1 mg/m2 IV", "1 prednisone 1 mg IV", "1 paracetamol 1000 mg PO")
    assert "has no antipyretic" in found.message


def test_company_by_route_is_named_by_route():
    wanted = rule("companion", agents=["rituximab"], needs=["any IV"], earliest="-2 days", latest="-1 days")
    (found,) = find(wanted, "9 rituximab 375 mg/m2 IV")
    assert "no dose IV from 2 days to 1 day before it" in found.message


COVERED = rule("cover_span", agents=["class:cytotoxic"], needs=["class:pjp-prophylaxis"], max_gap_days=7)


def test_a_gap_of_one_day_is_a_day():
    wanted = rule("cover_span", agents=["class:cytotoxic"], needs=["phenytoin"], max_gap_days=0)
    (one,) = find(wanted, "1-5 cytarabine 1 mg IV", co_medications=["phenytoin 1-2", "phenytoin 4-5"])
    assert one.message == "No phenytoin on 03-Jan-2026."


def test_the_first_gap_of_a_cover_names_the_next_ones():
    dose = "trimethoprim-sulfamethoxazole 160 mg PO"
    (one,) = find(COVERED, "1-60 cytarabine 1 mg IV", f"20 {dose}", f"40 {dose}")
    gaps = "from 01-Jan-2026 to 19-Jan-2026, nor from 21-Jan-2026 to 08-Feb-2026, nor from 10-Feb-2026 to 01-Mar-2026."
    assert one.message == f"No PJP prophylaxis {gaps} 3 times in this series."


@pytest.mark.parametrize(
    ("treatment", "cover", "gaps"),
    [
        ("1-40 cytarabine 1 mg IV", "1-40 trimethoprim-sulfamethoxazole 160 mg PO", []),
        ("1-40 cytarabine 1 mg IV", "1-40 trimethoprim-sulfamethoxazole 160 mg PO state=held", [(1, 40)]),
        ("1-40 cytarabine 1 mg IV state=held", "1-40 trimethoprim-sulfamethoxazole 160 mg PO state=held", []),
        # On hold together from day 21 on: nothing is said, for they go on together.
        (
            "1-20 cytarabine 1 mg IV|21-40 cytarabine 1 mg IV state=held",
            "1-20 trimethoprim-sulfamethoxazole 160 mg PO|21-40 trimethoprim-sulfamethoxazole 160 mg PO state=held",
            [],
        ),
        # The cover is on hold while treatment goes on behind it.
        (
            "1-20 cytarabine 1 mg IV|40 cytarabine 1 mg IV block=later",
            "1-20 trimethoprim-sulfamethoxazole 160 mg PO|21-40 trimethoprim-sulfamethoxazole 160 mg PO state=held",
            [(21, 40)],
        ),
    ],
)
def test_what_is_on_hold_covers_no_treatment_that_goes_on(treatment, cover, gaps):
    found = find(COVERED, *treatment.split("|"), *cover.split("|"))
    assert [tuple(one.days) for one in found] == [(day(first), day(last)) for first, last in gaps]


@pytest.mark.parametrize(
    ("spans", "gaps"),
    [
        ([], [(1, 60)]),
        (["1-60"], []),
        (["1-"], []),
        (["8-60"], []),
        (["9-60"], [(1, 8)]),
        (["1-53"], []),
        (["1-52"], [(53, 60)]),
        (["1-20", "28-60"], []),
        (["1-20", "29-60"], [(21, 28)]),
        (["29-60", "1-20"], [(21, 28)]),
        (["1-40", "5-10", "30-60"], []),
        (["70-90"], [(1, 60)]),
        (["10-20"], [(1, 9), (21, 60)]),
    ],
)
def test_cover_has_no_gap_above_the_limit(spans, gaps):
    found = find(COVERED, "1-60 mercaptopurine 60 mg/m2 PO", co_medications=[f"Bactrim {span}" for span in spans])
    assert [one.days for one in found] == ([tuple(sorted(day(end) for gap in gaps for end in gap))] if gaps else [])
    assert sum(one.count for one in found) == len(gaps)


def test_planned_doses_cover_their_days():
    lines = ("1-60 mercaptopurine 60 mg/m2 PO", "1-60/7 trimethoprim-sulfamethoxazole 800 mg PO role=supportive")
    assert find(COVERED, *lines) == ()


def test_nothing_to_cover_nothing_to_say():
    assert find(COVERED, "1 dexamethasone 20 mg PO") == ()


def test_a_gap_without_a_dose_in_it_names_the_first_dose():
    (found,) = find(COVERED, "1-60/30 mercaptopurine 60 mg/m2 PO", co_medications=["Bactrim 1-10", "Bactrim 25-60"])
    assert dict(found.inputs)["first dose without"] == "Mercaptopurine C1 D1 (01-Jan-2026)"


ORDERED = rule("order_of_agents", first=["vincristine"], second=["pegaspargase"], within_days=1, gap="12 h")


@pytest.mark.parametrize(
    ("first", "second", "status"),
    [
        ("1", "2", None),
        ("1", "3", None),
        ("2", "1", "open"),
        ("3", "1", None),
        ("1", "1", "cannot_check"),
        ("1 08:00", "1 20:00", None),
        ("1 08:00", "1 19:59", "open"),
        ("1 20:00", "1 08:00", "open"),
        ("1 22:00", "2 06:00", "open"),
        ("1 22:00", "2", None),
    ],
)
def test_order_of_two_agents(first, second, status):
    found = find(ORDERED, f"{first} vincristine 2 mg IV", f"{second} pegaspargase 1 mg IV")
    assert [str(one.status) for one in found] == ([status] if status else [])


def test_order_says_the_sum():
    (found,) = find(ORDERED, "1 08:00 vincristine 2 mg IV", "1 12:30 pegaspargase 1 mg IV")
    assert found.arithmetic == "01-Jan-2026 12:30 − 01-Jan-2026 08:00 = 4 h 30 min, below 12 h"
    without = rule("order_of_agents", first=["vincristine"], second=["pegaspargase"], within_days=1)
    (found,) = find(without, "2 vincristine 2 mg IV", "1 pegaspargase 1 mg IV")
    assert found.arithmetic == "01-Jan-2026 is before 02-Jan-2026"
    assert found.message == (
        "Wrong order: Vincristine C1 D2 (02-Jan-2026) should come before Pegaspargase C1 D1 (01-Jan-2026)."
    )
    assert find(without, "2 vincristine 2 mg IV") == ()


def test_order_of_agents_reads_well():
    (found,) = find(ORDERED, "2 vincristine 2 mg IV", "1 pegaspargase 1 mg IV")
    assert dict(found.inputs)["least gap"] == "12 h"


def test_same_day_across_blocks_and_agents():
    wanted = rule("same_day", agents=["class:vinca"], others=["any IT"])
    found = find(
        wanted,
        "8 vincristine 2 mg IV block=a",
        "8 vinblastine 5 mg IV block=a",
        "8 methotrexate 15 mg IT block=b",
        "8 cytarabine 70 mg IT block=b",
    )
    assert [one.id for one in found] == ["XX-01:a/vinblastine", "XX-01:a/vincristine"]
    assert dict(found[1].inputs)["same day"] == "Methotrexate IT C1 D1 (08-Jan-2026), Cytarabine IT C1 D1 (08-Jan-2026)"


def test_a_dose_is_not_beside_itself():
    wanted = rule("same_day", agents=["class:cytotoxic"], others=["any IV"])
    assert find(wanted, "8 vincristine 2 mg IV") == ()
    assert find(wanted, "8 dexamethasone 2 mg IV") == ()


def test_an_examination_is_named_as_one() -> None:
    wanted = rule("companion", agents=["pegaspargase"], needs=["assessment:liver"], earliest="-7 days", latest="0 days")
    (found,) = find(wanted, "8 pegaspargase 2000 units/m2 IV")
    assert "has no liver tests on its day or in the 7 days before it" in found.message


def test_what_is_taken_beside_the_plan_is_of_that_day_too() -> None:
    wanted = rule("same_day", agents=["vincristine"], others=["class:steroid"])
    (found,) = find(wanted, "8 vincristine 2 mg IV", co_medications=["prednisone 5-8"])
    assert "prednisone (from 05-Jan-2026 to 08-Jan-2026)" in found.message
    assert find(wanted, "8 vincristine 2 mg IV", co_medications=["prednisone 9-"]) == ()


def test_a_window_that_ends_before_the_dose_is_told_with_both_its_ends():
    """A graft 2 days before is in the 4 days before, and still no graft 3 to 4 days before."""
    counted = rule(
        "companion", agents=["cyclophosphamide"], needs=["class:stem-cells"], earliest="-4 days", latest="-3 days"
    )
    (found,) = find(counted, "8 haematopoietic-stem-cells ? IV role=cell-therapy", "10 cyclophosphamide 50 mg/kg IV")
    assert found.message == "Cyclophosphamide C1 D3 (10-Jan-2026) has no stem cells from 4 days to 3 days before it."


GRAFT = {"agents": ["cyclophosphamide"], "needs": ["class:stem-cells"]}


def test_treatment_before_the_plan_is_company_by_its_day_where_the_window_is_of_days():
    kind = rule("companion", **GRAFT, earliest="-4 days", latest="-3 days")
    lines = ("1-2 cyclophosphamide 50 mg/kg IV",)
    assert find(kind, *lines, prior=["haematopoietic-stem-cells 1 doses until -2"]) == ()
    (late,) = find(kind, *lines, prior=["haematopoietic-stem-cells 1 doses until -1"])
    assert late.message.startswith("Cyclophosphamide C1 D1")
    assert len(find(kind, *lines, prior=["haematopoietic-stem-cells 1 doses"])) == 1


def test_treatment_before_the_plan_is_no_company_within_hours():
    kind = rule("companion", agents=["blinatumomab"], needs=["dexamethasone"], earliest="-24 h", latest="0 h")
    assert len(find(kind, "1 blinatumomab 28 mcg/day IV", prior=["dexamethasone 20 mg until 0"])) == 1


def test_the_day_itself_is_named_in_a_window_of_days() -> None:
    """Fluids of the day of the dose are looked for too: "in the 1 day after it" sent readers to the next day alone."""
    after = rule("companion", agents=["cytarabine"], needs=["mesna"], earliest="0 days", latest="1 days")
    (found,) = find(after, "8 cytarabine 2000 mg/m2 IV")
    assert found.message.endswith("has no mesna on its day or the day after.")
    before = rule("companion", agents=["cytarabine"], needs=["mesna"], earliest="-1 days", latest="0 days")
    (found,) = find(before, "8 cytarabine 2000 mg/m2 IV")
    assert found.message.endswith("has no mesna on its day or the day before.")


def test_pentamidine_of_the_month_before_covers_a_short_course() -> None:
    wanted = rule("cover_span", agents=["cytarabine"], needs=["pentamidine"], max_gap_days=28, none_in=["not obe-cel"])
    dose = "30-31 cytarabine 2000 mg/m2 IV"
    assert len(find(wanted, dose)) == 1
    assert find(wanted, f"{dose} protocol=obe-cel") == ()
    assert find(wanted, dose, "2 pentamidine 300 mg IV role=supportive") == ()
    assert len(find(wanted, dose, "1 pentamidine 300 mg IV role=supportive")) == 1
