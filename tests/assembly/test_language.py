"""What a protocol file can say, sentence by sentence, as the schedule then shows it (see also test_calendar)."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.assembly.assemble import assemble
from planner.content.protocol_file import read_protocol
from planner.model.agent import Agent, DoseRange, Strength
from planner.model.cycle_content import ComputedDose
from planner.model.patient import LabResult, Measurement, Patient
from planner.model.plan import BlockStart, DoseChange, Scope
from planner.model.schedule import Schedule
from planner.model.site import Site
from planner.services.verbs.placing import add_protocol, new_plan
from tests.assembly.test_calendar import SOMEBODY, START, days, one, schedule, times
from tests.assembly.texts import HEAD, assessment, order, phase
from tests.builders import placed, shelved
from tests.content.texts import AGENTS

MONDAY = START  # Day 1 of every phase here; Day 6 is a Saturday


def dose_of(patient: Patient, **keys: object) -> ComputedDose:
    """The dose of one order for that patient."""
    text = HEAD + phase("a", order("o", **keys))
    plan, protocols = placed(text, patient, START)
    found = one(assemble(plan, protocols, {}, Site()), "o").dose
    assert found
    return found


def doses(found: Schedule, order_id: str) -> list[Decimal | None]:
    return [event.dose.value for event in found.events if event.dose and event.placed.order.id == order_id]


def somebody(height: str, weight: str, sex: str = "male", **labs: str) -> Patient:
    measured = Measurement(date(2026, 1, 2), Decimal(height), Decimal(weight))
    results = tuple(LabResult(date(2026, 1, 2), code, Decimal(value), "mg/dL") for code, value in labs.items())
    return Patient("1", "Some", "Body", date(1980, 3, 1), sex, (measured,), results)


# ---------------------------------------------------------------- days


def test_a_dose_moves_off_a_weekend_to_a_day_the_protocol_lists() -> None:
    found = schedule(phase("a", order("o", days="6 or 7 or 8", not_on="Sat, Sun")))
    assert days(found, "o") == [(8, "2026-01-12")]
    assert "Day 6 would be a Sat, which the protocol excludes" in one(found, "o").note
    assert "Day 6 or 7 or 8" in one(found, "o").note


def test_without_a_list_the_window_says_which_days_are_accepted_later_ones_first() -> None:
    later = schedule(phase("a", order("o", days="6", not_on="Sat, Sun", window="-2/+2")))
    assert days(later, "o") == [(8, "2026-01-12")]
    earlier = schedule(phase("a", order("o", days="6", not_on="Sat, Sun", window="-2/+1")))
    assert days(earlier, "o") == [(5, "2026-01-09")]


def test_where_no_day_is_accepted_the_dose_stays_and_says_so() -> None:
    found = schedule(phase("a", order("o", days="6", not_on="Sat, Sun")))
    assert days(found, "o") == [(6, "2026-01-10")]
    assert "no other day is accepted" in one(found, "o").note


def test_a_moved_dose_never_falls_on_a_day_that_has_one() -> None:
    found = schedule(phase("a", order("o", days="6, 8", not_on="Sat, Sun", window="-1/+3")))
    assert [day for day, _ in days(found, "o")] == [8, 9]
    both = schedule(phase("a", order("o", days="5:8", not_on="Sat, Sun", window="-0/+4")))
    assert [day for day, _ in days(both, "o")] == [5, 8, 9, 10], "Saturday's and Sunday's had become one"


def test_days_to_choose_from_are_planned_on_the_first() -> None:
    found = schedule(phase("a", order("o", days="1, 4 or 5 or 6")))
    assert [day for day, _ in days(found, "o")] == [1, 4]
    event = one(found, "o")
    assert event.placed.order.accepts(4) == (5, 6)
    assert event.placed.order.accepts(1) == ()


def test_spacing_and_the_wait_for_recovery_are_said_with_the_dose() -> None:
    text = phase("a", order("x", days="1"), order("o", days="8:12", apart='["5 days from x"]', until="ANC above 1"))
    note = one(schedule(text), "o").note
    assert "at least 5 days from x" in note
    assert "until ANC above 1: the last day is an estimate" in note
    once = one(schedule(phase("a", order("o", days="8", until="ANC above 1"))), "o")
    assert "until ANC above 1: how long is not known" in once.note


def test_a_start_that_waits_for_counts_is_an_estimate_not_before_its_day() -> None:
    gate = "ANC >= 0.75 and platelets >= 75"
    text = phase("a", order("o", days="1")) + phase("b", order("p", days="1"), start="a day 29", gate=gate)
    found = schedule(text.replace("cycle_days = 21", "cycle_days = 28", 1))
    block = found.block("b")
    assert date.fromordinal(block.start) == date(2026, 2, 2)
    assert f"an estimate: it starts when {gate}" in block.why
    assert "an estimate" not in " ".join(found.block("a").why)


def test_a_cycle_that_waits_in_its_middle_says_so_from_that_day_on() -> None:
    waits = assessment("counts", days="8", gate="ANC is at least 0.75")
    usual, stays = order("o", days="1, 8, 15"), order("p", days="1, 8", stays=True)
    found = schedule(phase("a", usual, stays, waits, cycles=2))
    told = [event.note for event in found.events if event.placed.order.id == "o"]
    waiting = "an estimate: Day 8 waits for ANC is at least 0.75"
    assert told == ["", waiting, waiting] * 2
    assert {event.note for event in found.events if event.placed.order.id == "p"} == {""}
    assert one(found, "counts").note == "goes on when ANC is at least 0.75"


def test_a_wait_under_a_condition_that_fails_is_none_and_the_last_wait_counts() -> None:
    never = assessment("never", days="8", gate="never", when="age < 18")
    late = assessment("late", days="15", gate="late")
    early = assessment("early", days="8", gate="early")
    found = schedule(phase("a", order("o", days="8, 15"), never, late, early))
    told = [event.note for event in found.events if event.placed.order.id == "o"]
    assert told == ["an estimate: Day 8 waits for early", "an estimate: Day 15 waits for late"]


def test_a_choice_by_age_at_entry_stays_when_a_birthday_passes() -> None:
    """The patient is one year older in the second cycle; only the dose that asks for the age of the day changes."""
    lines = [
        order(name, days="1", dose=None, bands=f'[{{ when = "{fact} < 46", dose = "2 mg" }}, {{ dose = "1 mg" }}]')
        for name, fact in (("entry", "age_at_entry"), ("day", "age"))
    ]
    text = phase("a", *lines, cycles=2) + phase("b", order("x", days="1"), only_if="age_at_entry < 46")
    found = of_a_birthday_on(date(2026, 1, 20), text)
    assert (doses(found, "entry"), doses(found, "day")) == ([2, 2], [2, 1])
    assert found.block("b").why[-1] == "on the plan if age at entry below 46 years"
    older = of_a_birthday_on(START, text)
    assert (doses(older, "entry"), doses(older, "day")) == ([1, 1], [1, 1])
    assert [block.id for block in older.blocks] == ["a"]


@pytest.mark.parametrize(("months", "title"), [(3, "B 2 to 5"), (1, "B 2"), (9, "B 2 to 6")])
def test_a_title_follows_the_cycles_that_stand(months: int, title: str) -> None:
    """ "POMP 16 to 33" of a maintenance that ends after two years held cycles 16 to 27."""
    ends = f'[{{ until = "{months} months after b day 1" }}]'
    text = phase("a", order("o")) + phase("b", order("p", days="1:end"), cycles=6, ends=ends)
    assert schedule(text, head='course = ["a", "b 1", "b 2-6"]\n' + HEAD).blocks[-1].title == title


def of_a_birthday_on(day: date, text: str) -> Schedule:
    """The course of somebody who turns 46 on that day."""
    plan, protocols = placed(HEAD + text, SOMEBODY, START)
    patient = replace(plan.patient, birth_date=date(1980, day.month, day.day))
    return assemble(replace(plan, patient=patient), protocols, {}, Site())


# ---------------------------------------------------------------- doses


def test_a_range_has_bounds_and_no_dose() -> None:
    found = dose_of(SOMEBODY, dose="10-15 mg/kg", cap="1000 mg")
    assert (found.value, found.least, found.most) == (None, 700, 1000)
    assert found.missing == "a range: enter a dose from 700 mg to 1,000 mg"
    assert found.protocol_dose == "10 to 15 mg/kg"
    assert dose_of(SOMEBODY, dose="1-2 g").most == 2000
    thirds = dose_of(SOMEBODY, dose="100-200 mg/day", frequency="three times daily")
    assert (thirds.least, thirds.most) == (Decimal("33.4"), Decimal("66.6"))
    inwards = dose_of(SOMEBODY, dose="1.3-1.7 mg/m2")  # 2.3634 and 3.0906 mg
    assert (inwards.least, inwards.most) == (Decimal("2.37"), Decimal("3.09"))
    narrow = dose_of(SOMEBODY, dose="100.1-100.2 mg/m2")  # 181.98 and 182.16 mg hold 182, the next would be a step off
    assert (narrow.least, narrow.most) == (182, 182)
    none = dose_of(SOMEBODY, dose="100.25-100.3 mg/m2")  # 182.25 and 182.35 mg: no whole milligram between
    assert (none.least, none.most) == (Decimal("182.2545"), Decimal("182.3454"))
    split = dose_of(SOMEBODY, dose="10-20 mg/kg/day", frequency="twice daily")
    assert (split.least, split.most) == (350, 700)


def test_the_most_of_a_course_cuts_the_last_doses() -> None:
    found = schedule(phase("a", order("o", dose="1 mg/m2", course_cap="4 mg", days="1:4"), cycles=2))
    assert doses(found, "o") == [Decimal("1.82"), Decimal("1.82"), Decimal("0.36"), None] * 2
    notes = [event.dose.steps[-1] for event in found.events if event.dose and event.dose.capped]
    assert notes == ["at most 4 mg in a course, 3.64 mg given before"] * 2
    last = [event for event in found.events if event.dose and event.dose.value is None]
    assert {event.dose.missing for event in last if event.dose} == {"no dose: the 4 mg of a course are used up"}
    assert [event.note for event in found.events if "used up" in event.note] == [event.note for event in last]


def test_a_dose_typed_in_place_of_others_gives_none_where_the_course_is_used_up() -> None:
    text = phase("a", order("o", dose="1 mg/m2", course_cap="4 mg", days="1:4"))
    typed = DoseChange("a", 1, 1, "o", Scope.CYCLE, "toxicity", dose="0.5 mg")
    assert doses(schedule(text, typed), "o") == [Decimal("0.5"), Decimal("0.5"), Decimal("0.36"), None]


@pytest.mark.parametrize(
    ("rule", "height", "weight", "sex", "expected"),
    [
        ("actual", "178", "110", "male", "110"),
        ("ideal", "178", "110", "male", "73.2"),
        ("ideal", "170", "60", "female", "61.4"),
        ("adjusted", "178", "110", "male", "87.9"),
        ("adjusted", "178", "80", "male", "80"),
        ("lower of ideal and actual", "178", "110", "male", "73.2"),
        ("lower of ideal and actual", "178", "60", "male", "60"),
        # Label: 50 + 0.91 × (178 - 152) = 73.66; index 34.7, so 73.66 + 0.25 × (110 - 73.66) = 82.745
        ("busulfan label", "178", "110", "male", "82.7"),
        # 73.66, index 25.2: lower than 80
        ("busulfan label", "178", "80", "male", "73.7"),
        # 45 + 0.91 × 18 = 61.38, above 55
        ("busulfan label", "170", "55", "female", "55"),
    ],
)
def test_the_weight_a_dose_is_computed_on(rule: str, height: str, weight: str, sex: str, expected: str) -> None:
    """Devine, adjusted: facts sheet C4. Busulfan: the label's formulas by hand."""
    found = dose_of(somebody(height, weight, sex), dose="1 mg/kg", weight=rule)
    assert found.value == Decimal(expected)
    assert expected in found.steps[0]


@pytest.mark.parametrize(
    ("height", "sex", "why"),
    [
        ("150", "male", "the ideal weight is not defined below 152.4 cm"),
        ("170", "other", "sex not recorded, so the ideal weight is not known"),
    ],
)
def test_no_ideal_weight_no_dose(height: str, sex: str, why: str) -> None:
    found = dose_of(somebody(height, "60", sex), dose="1 mg/kg", weight="ideal")
    assert (found.value, found.missing) == (None, why)


def test_carboplatin_by_calvert_with_its_cap() -> None:
    """Facts sheet C3: AUC 5 is 750 mg at most; the clearance is Cockcroft-Gault's."""
    low = dose_of(somebody("170", "70", creatinine="1.0"), dose="AUC 5")
    assert low.value == round(5 * (Decimal((140 - 45) * 70) / 72 + 25))
    assert dose_of(somebody("170", "70", creatinine="0.4"), dose="AUC 5").value == 750


def test_the_plan_says_by_which_formula_the_surface_is_computed() -> None:
    text = HEAD + phase("a", order("o", dose="100 mg/m2"))
    known, patient = shelved(text), somebody("178", "110")
    seen = {}
    for formula in ("mosteller", "dubois", "haycock", "gehan-george", "boyd"):
        plan = add_protocol(new_plan("p", patient, bsa_formula=formula), known, BlockStart(on=START))
        dose = one(assemble(plan, {known.pin.sha256: known.protocol}, {}, Site()), "o").dose
        assert dose
        seen[formula] = (dose.steps[0].split("(")[1].split(",")[0], dose.value)
    assert seen == {
        "mosteller": ("Mosteller", 233),
        "dubois": ("DuBois", 227),
        "haycock": ("Haycock", 237),
        "gehan-george": ("Gehan and George", 236),
        "boyd": ("Boyd", 238),
    }


def test_a_rescue_starts_in_hours_and_goes_on_until_a_level() -> None:
    text = phase(
        "a",
        order("mtx", dose="5 g/m2", duration="24 h"),
        order(
            "leucovorin",
            dose="15 mg/m2",
            days="3",
            frequency="every 6 h x 3",
            timing="42 h after start of mtx",
            until="methotrexate is below 0.1 micromol/L",
        ),
    )
    found = schedule(text)
    assert times(found, "leucovorin") == ["07 03:00", "07 09:00", "07 15:00"]
    assert "until methotrexate is below 0.1" in one(found, "leucovorin").note
    assert doses(found, "mtx") == [Decimal(9090)], "grams in the file, milligrams in the plan"


# ---------------------------------------------------------------- the head


def test_the_head_says_what_became_of_a_protocol() -> None:
    text = HEAD.replace('"draft"', '"superseded"').replace(
        "[references]", 'superseded_by = "heir"\nmarks = ["trial", "off-label"]\n[references]'
    )
    protocol, problems = read_protocol(text + phase("a", order("o")), "x.toml", AGENTS)
    assert problems == ()
    assert protocol
    assert (protocol.superseded_by, protocol.marks) == ("heir", ("trial", "off-label"))
    own = text.replace('"heir"', '"small"')
    _, problems = read_protocol(own + phase("a", order("o")), "x.toml", AGENTS)
    assert [problem.message for problem in problems] == ["names the protocol itself"]


# ---------------------------------------------------------------- rounding, tablets and vials

TABLETS = Agent(
    "vincristine",
    "Vincristine",
    tablets=(Strength(Decimal(50), "mg", halves=True),),
    vials=(Strength(Decimal(100), "mg"), Strength(Decimal(20), "mg")),
    usual_unit="mg",
    dose_bands=(DoseRange(Decimal(100), Decimal(130), Decimal(120)),),
    bands_reference="the site's table",
)


def rounded(site: Site, dose: str, route: str = "IV", agent: Agent = TABLETS) -> ComputedDose:
    """A dose by surface for 1.818 m2 as that site rounds it."""
    text = HEAD + phase("a", order("o", dose=dose, route=route))
    plan, protocols = placed(text, SOMEBODY, START)
    found = one(assemble(plan, protocols, {agent.id: agent}, site), "o").dose
    assert found
    return found


def test_the_site_rounds_by_step_by_whole_vials_or_by_its_table() -> None:
    step = rounded(Site(), "60 mg/m2")
    assert (step.value, step.vials) == (109, ((100, 1), (20, 1)))
    vials = rounded(Site(rounding="vials", rounding_percent=10), "60 mg/m2")
    assert (vials.value, vials.made_of) == (100, "vials: 1 × 100 mg")
    assert vials.steps[-1] == "rounded to whole vials: 100 mg, 8.3 % less"
    near = rounded(Site(rounding="vials", rounding_percent=5), "60 mg/m2")
    assert near.value == 109, "no vials within 5 %"
    bands = rounded(Site(rounding="bands"), "60 mg/m2")
    assert (bands.value, bands.steps[-1]) == (120, "dose band 100 to below 130 mg: 120 mg (the site's table)")
    assert rounded(Site(rounding="bands"), "80 mg/m2").value == 145, "outside the table the step holds"
    assert rounded(Site(rounding="vials"), "60 mg/m2", agent=Agent("vincristine", "Vincristine")).value == 109


def test_tablets_are_counted_for_doses_by_mouth_only() -> None:
    exact = rounded(Site(), "75 mg", "PO")
    assert (exact.tablets, exact.vials, exact.made_of) == (((50, Decimal("1.5")),), (), "tablets: 1.5 × 50 mg")
    near = rounded(Site(), "60 mg/m2", "PO")
    assert (near.value, near.made_of) == (100, "tablets: 2 × 50 mg"), "109 mg, within 10 %"
    other = rounded(Site(), "20 mg/m2", "PO")
    assert (other.value, other.tablets) == (Decimal("36.4"), ())
    assert (
        other.made_of
        == "no tablets make it exactly; nearest are 25 mg (0.5 × 50 mg, 31 % less) or 50 mg (1 × 50 mg, 37 % more)"
    )
    assert rounded(Site(), "75 mg", "IV").tablets == ()
    assert rounded(Site(), "75 mg", "PO", Agent("vincristine", "Vincristine")).made_of == ""


def test_an_infusion_over_days_counts_no_vials_by_the_day() -> None:
    text = HEAD + phase("a", order("o", dose="75 mg/day", continuous=True))
    plan, protocols = placed(text, SOMEBODY, START)
    found = one(assemble(plan, protocols, {"vincristine": TABLETS}, Site()), "o").dose
    assert found
    assert (found.value, found.vials) == (75, ())
