"""Protocol files: what a good one means, and every way in which one can be wrong, told with file and line."""

import hashlib
from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.content.protocol_file import build_protocol, make_pin, read_protocol
from planner.model.agent import BagKind
from planner.model.condition import parse_condition
from planner.model.evidence import Evidence, Status
from planner.model.protocol import CourseStep, Days, EndRule, StartRule, TimeAnchor, Window
from planner.model.quantity import Amount, parse_dose
from tests.content.mistakes import WRONG
from tests.content.mistakes_in_days import WRONG_DAYS
from tests.content.mistakes_in_orders import WRONG_ORDERS
from tests.content.several_mistakes import SEVERAL
from tests.content.texts import AGENTS, GOOD, change


def read(text):
    return read_protocol(text, "sample.toml", AGENTS)


def problems(text):
    protocol, found = read(text)
    assert (protocol is None) == bool(found)
    return [str(problem) for problem in found]


def line_of(text, passage):
    assert text.count(passage) == 1, passage
    return text[: text.index(passage)].count("\n") + 1


def test_a_good_file_is_read_without_a_problem():
    protocol, found = read(GOOD)
    assert found == ()
    assert (protocol.id, protocol.title, protocol.version, protocol.status) == (
        "sample",
        "Sample protocol",
        "2",
        Status.DRAFT,
    )
    assert protocol.entry == ((parse_condition("age >= 18"), "Adults"),)
    assert (protocol.valid_from, protocol.review_by) == (date(2026, 1, 1), date(2027, 1, 1))
    assert protocol.exemptions == (("GC-02", "by design"),)
    assert protocol.reference("R1").url == "https://example.org/r1"
    assert [choice.id for choice in protocol.variants[0].choices] == ["day-31", "day-21"]
    assert protocol.decisions[0].needs == ("Marrow blasts",)


def test_a_duration_follows_from_volume_and_rate() -> None:
    text = change(GOOD, 'duration = "15 min"\nrate', 'volume = "70 mL"\nrate')
    order = next(order for phase in read(text)[0].phases for order in phase.orders if order.id == "dexamethasone")
    assert order.duration_h is not None
    assert round(order.duration_h * 60, 9) == 21


@pytest.mark.parametrize(("rate", "fits"), [("42", True), ("41.7", True), ("41.67", True), ("41.6", False)])
def test_a_rate_agrees_with_the_duration_as_exactly_as_it_is_written(rate: str, fits: bool) -> None:
    text = change(GOOD, 'volume = "1000 mL"', f'volume = "1000 mL"\nrate = "{rate} mL/h"')
    assert (problems(text) == []) is fits


@pytest.mark.parametrize("key", ['rate = "10 mL/h"', 'volume = "240 mL"'])
def test_an_infusion_that_is_cut_into_bags_has_the_rates_of_its_bags(key: str) -> None:
    bags = (BagKind(24, Decimal(10), "label", "label"),)
    agents = {**AGENTS, "blinatumomab": replace(AGENTS["blinatumomab"], bags=bags)}
    text = change(GOOD, "continuous = true", f"continuous = true\n{key}")
    _, found = read_protocol(text, "sample.toml", agents)
    assert [problem.message for problem in found] == ["the bags of Blinatumomab have rates of their own"]


def test_the_course_interleaves_phases_and_fills_in_default_cycles():
    assert read(GOOD)[0].course == (
        CourseStep("blina", (1, 2)),
        CourseStep("chemo", (1,)),
        CourseStep("blina", (3,)),
        CourseStep("maintenance", (1, 2, 3, 4)),
    )


def test_without_a_course_the_phases_run_in_the_order_of_the_file():
    text = change(GOOD, 'course = ["blina 1-2", "chemo 1", "blina 3", "maintenance"]\n', "")
    assert [(step.phase, len(step.cycles)) for step in read(text)[0].course] == [
        ("blina", 3),
        ("chemo", 1),
        ("maintenance", 4),
    ]


def test_phases_start_where_the_file_says_or_after_the_step_before():
    starts = {phase.id: phase.start for phase in read(GOOD)[0].phases}
    assert starts == {
        "blina": StartRule(gate="ANC ≥ 0.75 × 10⁹/L"),
        "chemo": StartRule("blina", None, 7),
        "maintenance": StartRule("chemo", 22),
    }
    silent = change(change(GOOD, 'start = "after blina + 7 days"\n', ""), 'start = "chemo day 22"\n', "")
    assert [phase.start for phase in read(silent)[0].phases] == [
        StartRule(gate="ANC ≥ 0.75 × 10⁹/L"),
        StartRule("blina"),
        StartRule("blina"),
    ]


def test_a_phase_outside_the_course_starts_after_the_one_above_it():
    text = change(GOOD, '"blina 1-2", "chemo 1", "blina 3", "maintenance"', '"chemo"')
    text = change(text, 'start = "after blina + 7 days"\n', "")
    text = change(text, 'start = "chemo day 22"\n', "")
    assert {phase.id: phase.start.phase for phase in read(text)[0].phases} == {
        "blina": "",
        "chemo": "",
        "maintenance": "chemo",
    }


def test_orders_hold_what_their_lines_say():
    orders = {(phase.id, order.id): order for phase in read(GOOD)[0].phases for order in phase.orders}
    blinatumomab = orders["blina", "blinatumomab"]
    assert [(str(band.when), str(band.dose), band.cap, band.note) for band in blinatumomab.bands] == [
        ("weight >= 45", "28 mcg/day", None, ""),
        ("weight < 45", "15 mcg/m2/day", Amount(Decimal(28), "mcg"), "child"),
    ]
    assert blinatumomab.continuous
    assert blinatumomab.evidence is Evidence.LABEL
    premedication = orders["blina", "dexamethasone"]
    assert (premedication.anchor, premedication.cycles) == (TimeAnchor("blinatumomab", -60), (1, 3))
    assert (premedication.duration_h, premedication.rate_ml_h) == (Decimal("0.25"), Decimal(200))
    methotrexate = orders["chemo", "methotrexate"]
    assert methotrexate.days == Days((-7, -3, 2), False, "-7:2/4")
    assert (methotrexate.duration_h, methotrexate.window) == (Decimal(24), Window(0, 2))
    assert methotrexate.volume_ml == Decimal(1000)
    assert methotrexate.escalation == parse_dose("0.5 g/m2")
    assert methotrexate.bands[0].cap == Amount(Decimal(2000), "mg")
    leucovorin = orders["chemo", "leucovorin"]
    assert (leucovorin.every_hours, leucovorin.dose_count) == (6, 4)
    assert leucovorin.per_ml == Amount(Decimal(10), "mg")
    assert leucovorin.anchor == TimeAnchor("methotrexate", 720, "end")
    dasatinib = orders["maintenance", "dasatinib"]
    assert (dasatinib.days.numbers, dasatinib.days.to_end, dasatinib.doses_per_day, dasatinib.stays) == (
        (0,),
        True,
        2,
        True,
    )
    assert [band.dose for band in orders["maintenance", "vincristine"].bands] == [None]


def test_phases_hold_their_lengths_numbering_and_ends():
    blina, chemo, maintenance = read(GOOD)[0].phases
    assert (blina.length_of(1), blina.length_of(3), blina.max_cycles) == (42, 35, 4)
    assert (chemo.first_day, maintenance.first_day) == (1, 0)
    assert maintenance.ends == (EndRule(36, "chemo", 1, parse_condition("sex = male")),)
    assert str(maintenance.only_if) == "decision.response = cr"
    assert blina.assessments[0].days.numbers == (-3, 43)


def test_building_gives_what_reading_gives():
    assert build_protocol(GOOD) == read(GOOD)[0]
    windows = GOOD.replace("\n", "\r\n")
    assert build_protocol(windows) == read(windows)[0] == build_protocol(GOOD)


@pytest.mark.parametrize("text", ["id = 'x'", "phases = 3", "= 3", GOOD.replace('dose = "20 mg"', "dose = 20"), ""])
def test_building_from_an_unchecked_text_is_a_value_error(text):
    with pytest.raises(ValueError):  # noqa: PT011 - which one does not matter, only that no other error escapes
        build_protocol(text)


def test_the_pin_holds_text_version_and_hash():
    pin = make_pin(GOOD)
    assert (pin.id, pin.version, pin.text) == ("sample", "2", GOOD)
    assert pin.sha256 == hashlib.sha256(GOOD.encode()).hexdigest()


EVERY_WRONG = [*WRONG, *WRONG_ORDERS, *WRONG_DAYS]


@pytest.mark.parametrize("case", EVERY_WRONG, ids=[f"{case[2]}-{number}" for number, case in enumerate(EVERY_WRONG)])
def test_one_mistake_is_one_sentence_with_its_line(case):
    old, new, place, message, *at = case
    text = change(GOOD, old, new)
    if at:
        line = text[: text.index(at[0], 0 if text.count(at[0]) == 1 else text.index(new))].count("\n") + 1
    else:
        pairs = enumerate(zip(GOOD.split("\n"), text.split("\n"), strict=False), 1)
        line = next(number for number, (before, after) in pairs if before != after)
    assert problems(text) == [f"sample.toml:{line}: {place}: {message}"]


def test_a_day_in_exchange_lies_within_the_phase():
    """Phase 3 begins with day 3 here: its day -1 is in the rest before it, day 2 does not exist."""
    text = change(change(GOOD, "first_day = 0", "first_day = 3"), '"4 or 5 or 6"', '"-1 or 2"')
    assert any(
        one.endswith("phases[2].orders[3].days: day 2 lies before day 3, the first of this phase")
        for one in problems(text)
    )


def test_orders_of_different_cycles_are_not_too_near_to_each_other():
    near = change(GOOD, '"3 days from vincristine"', '"5 days from vincristine"')
    assert len(problems(near)) == 1
    apart = change(near, 'days = "0"', 'days = "0"\ncycles = "1"')
    apart = change(apart, 'days = "4 or 5 or 6"', 'days = "4 or 5 or 6"\ncycles = "2-4"')
    assert problems(apart) == []


@pytest.mark.parametrize(("changes", "expected"), SEVERAL)
def test_all_problems_are_told_at_once_in_the_order_of_the_file(changes, expected):
    text = GOOD
    for old, new in changes:
        text = change(text, old, new)
    assert problems(text) == [f"sample.toml:{line}" for line in expected]


BEHIND = 'something stands behind the value; a text stands in quotes ("2 mg"), a date is written 2026-11-22'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('id = "a"\nid = "b"\n', "sample.toml:2: this key stands here a second time"),
        ('id = "a"\ntitle = "b\n', "sample.toml:2: a text in quotes does not end on its line"),
        (
            "[references]\n[references]\n",
            "sample.toml:2: [references] stands here a second time; one of several is written [[references]]",
        ),
        (
            "[[phases]]\n[phases.orders]\n[phases.orders]\n",
            "sample.toml:3: [phases.orders] stands here a second time; one of several is written [[phases.orders]]",
        ),
        ("id = ", 'sample.toml:1: no value that can be read; a text stands in quotes ("2 mg")'),
        ("id = abc", 'sample.toml:1: no value that can be read; a text stands in quotes ("2 mg")'),
        *((f"x = {wrong}", f"sample.toml:1: {BEHIND}") for wrong in ("2 mg", "22.11.2027", "11/22/2027")),
    ],
)
def test_broken_syntax_and_doubled_keys_are_told_with_their_line(text, message):
    assert problems(text) == [message]


def test_assessments_and_decisions_may_fall_on_the_day_after_the_last_one_orders_may_not():
    assert problems(GOOD) == []  # marrow on day 43 of 42, the decision on day 22 of 21
    assert problems(change(GOOD, 'days = "1"\ncycles', 'days = "43"\ncycles')) != []


def test_a_phase_whose_numbers_run_on_knows_no_day_before_its_first_but_negative_ones():
    text = change(GOOD, "cycle_days = 21\n", "cycle_days = 21\nfirst_day = 36\n")
    text = change(text, 'days = "2"\n', 'days = "36"\n')
    text = change(text, "day = 22\nneeds", "day = 57\nneeds")
    text = change(text, 'days = "-7:2/4"', 'days = "-7:-3/4"')
    text = change(text, 'days = "15"', 'days = "50"')
    assert [problem.split(": ", 1)[1] for problem in problems(text)] == [
        "phases[1].orders[2].days: day 8 lies before day 36, the first of this phase"
    ]
    assert problems(change(text, 'days = "8"', 'days = "43"')) == []


def test_unverified_and_local_orders_need_a_note_where_they_have_no_reference():
    bare = change(GOOD, 'evidence = "secondary"\nreferences = ["R1"]\n', 'evidence = "unverified"\n')
    assert [problem.split(": ")[1] for problem in problems(bare)] == ["phases[1].orders[2].references"]
    assert problems(change(bare, 'evidence = "unverified"\n', 'evidence = "unverified"\nnote = "Common use."\n')) == []


def test_supportive_orders_may_stand_without_a_dose():
    assert problems(change(GOOD, 'dose = "20 mg"\n', "")) == []


def test_a_file_with_only_what_must_stand_is_enough():
    text = """
id = "bare"
title = "Bare"
version = "1"
status = "retired"
disease = "D"
population = "P"
entry = [{ text = "Everybody" }]
references.R1.text = "Source"
[[variants]]
id = "v"
question = "?"
default = "a"
choices = [{ id = "a", title = "A" }, { id = "b", title = "B" }]
[[phases]]
id = "p"
title = "P"
cycle_days = 7
ends = [{ until = "1 month after p day 1" }]
orders = [{ id = "o", agent = "tbi", role = "supportive", route = "PO", days = "1", evidence = "local", note = "n" }]
assessments = [{ id = "a", title = "A", days = "1", evidence = "local" }]
[[phases]]
id = "q"
title = "Q"
cycle_days = 1
[[phases.orders]]
id = "o"
agent = "tbi"
role = "rescue"
route = "IV"
days = "1"
evidence = "label"
references = ["R1"]
bands = [{ when = "age > 1", dose = "1 mg" }, { dose = "2 mg" }]
[[decisions]]
id = "d"
question = "?"
phase = "p"
day = 1
expected = "a"
choices = [{ id = "a", title = "A" }, { id = "b", title = "B" }]
evidence = "unverified"
"""
    protocol, found = read(text)
    assert [str(problem) for problem in found] == []
    assert build_protocol(text) == protocol
    assert (protocol.decisions[0].cycle, protocol.phases[0].cycles, protocol.phases[1].orders[0].doses_per_day) == (
        1,
        1,
        1,
    )


def test_a_file_that_was_told_a_problem_is_never_half_read():
    protocol, found = read(change(GOOD, 'cap = "2 g"', 'cap = "2 units"'))
    assert protocol is None
    assert len(found) == 1
    assert replace(found[0], line=0).line == 0


def test_a_decision_has_an_id_of_its_own_in_its_phase() -> None:
    _, problems = read_protocol(GOOD.replace('id = "it-mtx"', 'id = "response"'), "sample.toml", AGENTS)
    assert [problem.message for problem in problems] == [
        'chemo already has "response"; a decision needs an id of its own'
    ]
