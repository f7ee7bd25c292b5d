"""A bound "a day": doses of one agent that begin within 24 h are one course, told by the largest of them."""

import random

import pytest

from planner.checking.check import make_ruling
from planner.checking.memory import Memory
from planner.model.plan import Plan
from tests.builders import day, example_patient, example_schedule
from tests.checking.judging import find, rule
from tests.checking.shipped import library

HIGH = "methotrexate IV from 500 mg/m2 a day"
HALVES = "1 09:00 methotrexate 250 mg/m2 IV block=a", "1 21:00 methotrexate 250 mg/m2 IV block=b"
RESCUED = rule("companion", agents=[HIGH], needs=["leucovorin"], latest="48 h")
FAR = rule("minimum_interval", agents=[HIGH], at_least="20 days")
BARRED = rule("not_within", agents=["vincristine"], others=[HIGH], before="2 days", after="2 days")
"""Three ways to look at doses: by their events, by their minutes alone, and as what stands around another dose."""


@pytest.mark.parametrize(
    ("doses", "anchors"),
    [
        (("1 09:00 methotrexate 100 mg/m2 IV", "1 11:00 methotrexate 400 mg/m2 IV"), (1,)),
        (("1 09:00 methotrexate 100 mg/m2 IV", "1 11:00 methotrexate 399 mg/m2 IV"), ()),
        (("1 09:00 methotrexate 400 mg/m2 IV", "2 08:59 methotrexate 400 mg/m2 IV"), (1,)),
        (("1 09:00 methotrexate 400 mg/m2 IV", "2 09:00 methotrexate 400 mg/m2 IV"), ()),
        (("1 22:00 methotrexate 100 mg/m2 IV", "2 00:00 methotrexate 400 mg/m2 IV"), (2,)),
        (("1-3 methotrexate 300 mg/m2 IV",), ()),
        (("1 methotrexate 250 mg/m2 IV", "1 methotrexate 250 mg/m2 IV role=conditioning"), (1,)),
        (("1 methotrexate 250 mg/m2 IV", "1 methotrexate 250 mg/m2 PO"), ()),
        (("1 methotrexate 250 mg/m2 IV", "1 methotrexate 250 mg/m2 IV state=omitted"), ()),
        (("1 cytarabine 250 mg/m2 IV", "1 methotrexate 250 mg/m2 IV"), ()),
        # A bolus beside an infusion that reaches the bound alone is no dose of its own.
        (("1 09:00 methotrexate 200 mg/m2 IV", "1 11:00 methotrexate 800 mg/m2 IV"), (1,)),
        # Of many days alike only those count on which more is given.
        (("1-15/7 09:00 methotrexate 300 mg/m2 IV", "8 12:00 methotrexate 200 mg/m2 IV"), (8,)),
    ],
)
def test_what_is_given_in_a_day_counts_together(doses, anchors):
    assert tuple(one for found in find(RESCUED, *doses) for one in found.days) == tuple(map(day, anchors))


def test_every_way_of_looking_sees_the_same():
    halves = ("1 09:00 methotrexate 250 mg/m2 IV", "1 21:00 methotrexate 250 mg/m2 IV")
    again = ("15 09:00 methotrexate 250 mg/m2 IV", "15 21:00 methotrexate 251 mg/m2 IV")
    (near,) = find(FAR, *halves, *again)
    assert near.days[-1] == day(15)
    assert find(FAR, *halves, again[0]) == ()
    assert len(find(BARRED, *halves, "2 vincristine 1.5 mg/m2 IV")) == 1
    assert find(BARRED, halves[0], "2 vincristine 1.5 mg/m2 IV") == ()


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (HALVES, "Methotrexate C1 D1 (01-Jan-2026 09:00): 500 mg/m2 or more"),
        (("1 09:00 methotrexate 500 mg/m2 IV",), None),
        (("1 09:00 methotrexate ? IV",), None),
    ],
)
def test_a_finding_says_that_doses_were_counted_together(lines, told):
    (found,) = find(RESCUED, *lines)
    assert dict(found.inputs).get("with what begins within 24 h") == told


def test_the_words_say_a_day():
    (found,) = find(rule("companion", agents=["leucovorin"], needs=[HIGH]), "1 leucovorin 15 mg IV")
    assert "has no methotrexate from 500 mg/m2 a day" in found.message


@pytest.mark.parametrize(
    ("doses", "anchors"),
    [
        (HALVES, (1,)),
        ((HALVES[0], "2 08:59 methotrexate 250 mg/m2 IV block=b"), (1,)),
        ((HALVES[0], "2 09:00 methotrexate 250 mg/m2 IV block=b"), ()),
        ((HALVES[0], "1 21:00 methotrexate 249 mg/m2 IV block=b"), ()),
        ((HALVES[0], "2 08:59 methotrexate 251 mg/m2 IV block=b"), (2,)),
        # Two cycles of one block, and three blocks.
        (("8 methotrexate 250 mg/m2 IV cycle=1", "8 methotrexate 250 mg/m2 IV cycle=2"), (8,)),
        ((*HALVES, "2 08:00 methotrexate 300 mg/m2 IV block=c"), (2,)),
        (("1 methotrexate 200 mg/m2 IV block=a", "1 methotrexate 200 mg/m2 IV block=b", HALVES[0]), (1,)),
        # A block that reaches the bound alone stands for what others give beside it; so may one of unknown dose.
        (("1 09:00 methotrexate 600 mg/m2 IV block=c", *HALVES), (1,)),
        (("1 09:00 methotrexate ? IV block=c", *HALVES), (1,)),
        # What another block leaves out, gives by mouth or gives of another drug counts for nothing.
        ((HALVES[0], f"{HALVES[1]} state=omitted"), ()),
        ((HALVES[0], "1 21:00 methotrexate 250 mg/m2 PO block=b"), ()),
        ((HALVES[0], "1 21:00 cytarabine 250 mg/m2 IV block=b"), ()),
        # Two pairs of blocks far from each other, and one block alone between them.
        (
            (
                *HALVES,
                "15 methotrexate 250 mg/m2 IV block=c",
                "29 methotrexate 250 mg/m2 IV block=d",
                "29 methotrexate 251 mg/m2 IV block=e",
            ),
            (1, 29),
        ),
        # Far apart in the same blocks, each day counts for itself.
        (
            (*HALVES, "15 09:00 methotrexate 250 mg/m2 IV block=a", "15 10:00 methotrexate 260 mg/m2 IV block=b"),
            (1, 15),
        ),
        ((*HALVES, "15 09:00 methotrexate 250 mg/m2 IV block=a", "18 10:00 methotrexate 260 mg/m2 IV block=b"), (1,)),
    ],
)
def test_what_several_cycles_give_in_a_day_counts_together(doses, anchors):
    found = find(RESCUED, *doses)
    assert sorted(one for finding in found for one in finding.days) == list(map(day, anchors))


OF_ONE = {"agents": [HIGH], "needs": ["leucovorin"], "latest": "48 h", "protocols": ["one"]}
KEPT = rule("companion", **OF_ONE)


@pytest.mark.parametrize(
    ("protocols", "anchors"),
    [(["one"], (8,)), (["not two"], (8,)), (["one", "two"], (1, 8)), (["three"], ()), ([], (1, 8))],
)
def test_a_rule_kept_to_some_protocols_adds_up_their_doses_alone(protocols, anchors):
    """Half a high dose from another protocol made one of the half that the rule is about."""
    doses = (
        "1 09:00 methotrexate 250 mg/m2 IV block=a protocol=one",
        "1 21:00 methotrexate 250 mg/m2 IV block=b protocol=two",
        "8 09:00 methotrexate 250 mg/m2 IV block=a protocol=one",
        "8 21:00 methotrexate 250 mg/m2 IV block=c protocol=one",
    )
    found = find(rule("companion", **OF_ONE | {"protocols": protocols}), *doses)
    assert sorted(one for finding in found for one in finding.days) == list(map(day, anchors))


def test_a_high_dose_of_another_protocol_stands_for_no_dose_of_the_rule_s_own():
    other = "1 09:00 methotrexate 600 mg/m2 IV block=c protocol=two"
    doses = [f"{one} protocol=one" for one in HALVES]
    assert [one.days for one in find(KEPT, *doses, other)] == [(day(1),)]
    assert "C1 D1 (01-Jan-2026 09:00)" in find(KEPT, *doses, other)[0].message


def test_what_stands_around_a_dose_is_added_up_whatever_its_protocol():
    """Only the doses that a rule is about are kept to its protocols."""
    kept = rule("companion", agents=["vincristine"], needs=[HIGH], earliest="-1 days", latest="1 days", protocols=["x"])
    halves = [f"{one} protocol={name}" for one, name in zip(HALVES, ("one", "two"), strict=True)]
    assert find(kept, "1 vincristine 2 mg IV block=v protocol=x", *halves) == ()


RULES = (RESCUED, FAR, BARRED, KEPT, rule("same_day", agents=[HIGH], others=["vincristine"]))
PROTOCOLS = {"a": "one", "b": "one", "c": "two", "d": "two"}
DOSES = ("100", "200", "250", "300", "400", "500", "?")


def _line(dice: random.Random, block: str) -> str:
    """A dose somewhere in three days; most lie within a day of others, few of the same minute."""
    clock = f" {dice.randrange(24):02d}:{dice.randrange(60):02d}" if dice.random() < 0.8 else ""
    if dice.random() < 0.1:
        return f"{dice.randint(1, 3)}{clock} vincristine 2 mg IV block={block}"
    dose = f"{dice.choice(DOSES)} mg/m2".replace("? mg/m2", "?")
    return f"{dice.randint(1, 3)}{clock} methotrexate {dose} IV protocol={PROTOCOLS[block]} block={block}"


def _session(seed: int, edits: int) -> None:
    """Doses of some blocks come, go and change: what is remembered is what a new check finds."""
    dice, patient = random.Random(seed), example_patient((), [], [])
    plan, agents = Plan("p", patient), library().agents
    remembering = Memory(RULES, agents, patient, make_ruling)
    events = [_line(dice, block) for block in "abc"]
    for number in range(edits):
        at = dice.randrange(len(events))
        if len(events) < 7 and dice.random() < 0.4:
            events.append(_line(dice, dice.choice("abcd")))
        elif len(events) > 2 and dice.random() < 0.4:
            del events[at]
        else:
            events[at] = _line(dice, events[at][-1])
        schedule = example_schedule(events, patient)
        remembered = remembering.check(plan, schedule)
        assert remembered == Memory(RULES, agents, patient, make_ruling).check(plan, schedule), (seed, number, events)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_remembered_of_a_day_changes_no_finding(seed):
    _session(seed, 60)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 120))
def test_what_is_remembered_of_a_day_changes_no_finding_for_long(seed):
    _session(seed, 1000)


@pytest.mark.parametrize("seed", range(60))
def test_blocks_are_told_of_a_day_what_one_block_is_told(seed):
    """The same doses are found as in one cycle: no two are alike, so nothing but minutes and amounts decides."""
    dice = random.Random(seed)
    hours = dice.sample(range(72), 6)
    doses = [f"{hour // 24 + 1} {hour % 24:02d}:00 methotrexate {dice.randrange(100, 520)} mg/m2 IV" for hour in hours]
    apart = [f"{dose} block={dice.choice('abc')}" for dose in doses]
    days_of = [{one for found in find(RESCUED, *some) for one in found.days} for some in (doses, apart)]
    assert days_of[0] == days_of[1]
