"""Where the shipped rules turn: on each side of the line, as its statement has it.

The mutants below shift each condition of a rule a little; the rule's own examples or these lines have to notice it.
"""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.checking.check import check
from planner.model.condition import Condition
from planner.model.finding import FindingStatus
from planner.model.rule import RuleExample
from planner.model.rule_values import DaySpan, Limit
from tests.builders import example_plan, example_schedule
from tests.checking.shipped import library, rules
from tests.checking.test_rule_mutants import _told

BLINA = "1-28 blinatumomab {} mcg/day IV protocol={}"
FLUDARABINE = "1-5 fludarabine {} mg/m2 IV protocol={}"
SMALL = {"height": "140", "age": "40", "pancreatitis day 5": "1"}
PTCY = "13-14 cyclophosphamide 50 mg/kg IV protocol=ptcy-gvhd block=ptcy zero=10"
INOTUZUMAB = "1-15/7 inotuzumab 0.5 mg/m2 IV"
SECOND_DOSE = "8 inotuzumab 0.5 mg/m2 IV"
NEXT_CYCLE = f"{INOTUZUMAB}|29 inotuzumab 0.5 mg/m2 IV cycle=2"
LIVER = {"bilirubin-xuln day 7": "1", "ast-xuln day 7": "1", "alt-xuln day 7": "1"}
OMEPRAZOLE = "1-9 omeprazole 20 mg PO role=supportive protocol=phallcon"
HELD = ("1-3 blinatumomab {0} IV", "6-12 blinatumomab {0} IV held=toxicity-3")

LINES = [
    ("AC-02", "1-6 cytarabine 3000 mg/m2 IV", {"age": "50"}, 0),
    ("AC-02", "1-6 cytarabine 3000 mg/m2 IV", {"age": "51"}, 1),
    *[
        ("AC-03", f"1-6 cytarabine {dose} mg/m2 IV full=3000", {"crcl": crcl}, finds)
        for crcl, dose, finds in (
            ("30", 1500, 1), ("30.5", 1500, 0), ("45", 1500, 0), ("45", 1800, 1), ("45.5", 1800, 0), ("60", 2400, 1),
            ("60.5", 3000, 0), ("29.9", 1500, 1), ("31", 1500, 0), ("44", 1800, 1), ("46", 1800, 0),
        )
    ],
    *[
        ("AN-04c", f"1 dexrazoxane {dose} mg/m2 IV role=supportive|1 doxorubicin 50 mg/m2 IV", {"crcl": crcl}, finds)
        for crcl, dose, finds in (("39.9", 250, 0), ("40", 500, 0), ("40", 250, 1), ("39.9", 500, 1), ("41", 500, 0))
    ],
    *[
        ("AN-05", "1 doxorubicin 50 mg/m2 IV|22 doxorubicin 50 mg/m2 IV cycle=2", facts, finds)
        for facts, finds in (
            ({"anc day 21": "1", "platelets day 21": "100"}, 0),
            ({"anc day 21": "1", "platelets day 21": "99"}, 1),
        )
    ],
    *[
        ("AN-08", f"1 doxorubicin {dose} mg/m2 IV full=60", {"bilirubin": bilirubin}, finds)
        for bilirubin, dose, finds in (
            ("1.19", 60, 0), ("1.2", 60, 1), ("1.2", 30, 0), ("3", 30, 0), ("3.1", 30, 1), ("3.1", 15, 0), ("5", 15, 0),
            ("5.1", 15, 1),
        )
    ],
    *[
        ("AN-10", f"1 daunorubicin {dose} mg/m2 IV full=60", {"bilirubin": bilirubin, "creatinine": "0.8"}, finds)
        for bilirubin, dose, finds in (("1.19", 60, 0), ("1.2", 60, 1), ("3", 45, 0), ("3.1", 45, 1), ("4", 45, 1))
    ],
    *[
        ("AN-11", f"1 daunorubicin {dose} mg IV", {"age": age, "height": height, "weight": weight}, finds)
        for age, height, weight, dose, finds in (
            ("1", "90", "13", 14, 1), ("2", "90", "13", 14, 0), ("2", "81", "10.8", 13, 1), ("2", "90", "10", 13, 0),
            ("2", "81", "11.2", 13, 0), ("1", "75", "9", 9.4, 0),
        )
    ],
    *[
        ("AS-15", f"4 pegaspargase {dose} units IM", {"age": "2", "height": height, "weight": weight}, finds)
        for height, weight, dose, finds in (
            ("90", "14.2", 1300, 1), ("90", "14.4", 1300, 0), ("88", "12", 1030, 0), ("88", "12", 1050, 1),
        )
    ],
    *[
        (rule, lines, {f"{code}-xuln day 10": value}, finds)
        for rule, lines, limits in (
            ("BL-20", "1-28 blinatumomab 28 mcg/day IV", {"alt": 5, "ast": 5, "bilirubin": 3}),
            ("TK-23", "1-28 ponatinib 45 mg PO", {"alt": 3, "ast": 3}),
            ("TK-24", "1-28 imatinib 600 mg PO", {"alt": 5, "ast": 5, "bilirubin": 3}),
        )
        for code, limit in limits.items()
        for value, finds in ((f"{limit}", 0), (f"{limit}.5", 1))
    ],
    *[
        ("TK-23", "1-28 ponatinib 45 mg PO", {"alt-xuln day 10": "3.5", "bilirubin-xuln day 10": bilirubin}, 1)
        for bilirubin in ("2", "2.5")
    ],
    *[
        (rule_id, line, {fact: value}, finds)
        for rule_id, line, fact, values in (
            ("MT-21B", f"{OMEPRAZOLE}|8 methotrexate 250 mg/m2 IV protocol=phallcon", "age", {"60": 1, "59": 0}),
            ("TK-25", "1-28 ponatinib 45 mg PO", "lipase-xuln day 10", {"2": 0, "2.1": 1}),
            ("MT-04B", "8 09:00 methotrexate 1000 mg/m2 IV", "urine-ph day 8", {"7": 0, "6.9": 1}),
            ("AN-12", "1 idarubicin 10 mg/m2 IV", "bilirubin", {"5": 1, "5.5": 1}),
            ("GE-28", "1 etoposide 250 mg/m2 IV", "crcl", {"15": 1, "14.5": 1}),
        )
        for value, finds in values.items()
    ],
    *[
        ("MP-06", "8 methotrexate 20 mg/m2 PO", {count: value}, finds)
        for count, bound, below in (("anc day 7", "0.75", "0.7"), ("platelets day 7", "75", "74"))
        for value, finds in ((bound, 0), (below, 1))
    ],
    *[
        ("CT-34", f"1 tisa-cel {cells}e6 cells IV role=cell-therapy", {"weight": weight}, finds)
        for weight, cells, finds in (
            ("49", 246, 1), ("50", 251, 1), ("50.5", 251, 1), ("50.5", 250, 0), ("50", 9, 0), ("50.5", 9, 1),
            ("51", 9, 1), ("49", 240, 0),
        )
    ],
    *[
        ("MT-22", f"8 methotrexate {dose} mg/m2 IV full=250 protocol=mini-hyper-cvd-inotuzumab", creatinine, finds)
        for dose, value, finds in (
            (250, "1.5", 1), (250, "1.4", 0), (187.5, "1.5", 0), (187.5, "2", 0), (187.5, "2.1", 1), (125, "2.1", 0),
        )
        for creatinine in ({"creatinine day 7": value},)
    ],
    *[
        ("AS-02", f"4 pegaspargase {dose} units/m2 IV", {"age": age}, finds)
        for age, dose, finds in (("21", 2500, 0), ("22", 2500, 1), ("22", 2000, 0), ("21", 2700, 1), ("20", 2500, 0))
    ],
    ("AS-05", "15 pegaspargase 2000 units/m2 IV", {"lipase-xuln day 14": "1", "amylase-xuln day 14": "3"}, 0),
    ("AS-05", "15 pegaspargase 2000 units/m2 IV", {"lipase-xuln day 14": "1", "amylase-xuln day 14": "3.1"}, 1),
    ("AS-05C", "15 pegaspargase 2000 units/m2 IV", {"pancreatitis day 10": "3"}, 0),
    ("AS-06", "15 pegaspargase 2000 units/m2 IV", {"thrombosis day 10": "1"}, 1),
    ("AS-06", "15 pegaspargase 2000 units/m2 IV", {"thrombosis day 10": "3"}, 0),
    ("AS-07", "15 pegaspargase 2000 units/m2 IV", {"bilirubin-xuln day 14": "3"}, 0),
    ("AS-07", "15 pegaspargase 2000 units/m2 IV", {"bilirubin-xuln day 14": "9.5"}, 1),
    ("AS-07", "15 pegaspargase 2000 units/m2 IV", {"bilirubin-xuln day 14": "10"}, 1),
    ("BL-03", BLINA.format(9, "blinatumomab-mrd"), {**SMALL, "weight": "45"}, 1),
    ("BL-03", BLINA.format(9, "blinatumomab-mrd"), {**SMALL, "weight": "44.9"}, 0),
    ("BL-03", BLINA.format(9, "blinatumomab-mrd"), {**SMALL, "weight": "42"}, 0),
    ("BL-03", BLINA.format(9, "blinatumomab-mrd"), {**SMALL, "weight": "47"}, 1),
    *[
        ("BL-04", "1-28 blinatumomab 18 mcg/m2/day IV", {**SMALL, "weight": weight}, finds)
        for weight, finds in (("44.9", 1), ("45", 0), ("42", 1), ("47", 0))
    ],
    *[
        (rule_id, lines, {**SMALL, "weight": weight, **facts}, finds)
        for rule_id, facts in (("BL-11C", {"crs day 3": "3"}), ("BL-11E", {}), ("BL-23B", {"pancreatitis day 3": "3"}))
        for weight, dose, finds in (
            ("45", "9 mcg/day", 0), ("44.9", "9 mcg/day", 1), ("45", "12 mcg/day", 1), ("44.9", "5 mcg/m2/day", 0),
            ("42", "9 mcg/day", 1), ("47", "9 mcg/day", 0), ("47", "12 mcg/day", 1),
        )
        for lines in ("|".join(HELD).format(dose) if rule_id == "BL-11E" else f"6-12 blinatumomab {dose} IV",)
    ],
    *[
        ("BL-11H", f"4-5 blinatumomab {dose} IV|9 blinatumomab 9 mcg/day IV", {"icans day 5": "3", "weight": kg}, finds)
        for kg, dose, finds in (
            ("45", "9 mcg/day", 1), ("44.9", "9 mcg/day", 0), ("45", "12 mcg/day", 0), ("44.9", "5 mcg/m2/day", 1),
            ("42", "9 mcg/day", 0), ("47", "9 mcg/day", 1), ("47", "12 mcg/day", 0), ("42", "5 mcg/m2/day", 1),
        )
    ],
    *[
        (rule_id, BLINA.format(28, protocol), {"age": age}, finds)
        for rule_id, protocol in (("BL-06", "blinatumomab-rr"), ("BL-07", "blinatumomab-mrd"))
        for age, finds in (("17", 0), ("18", 1), ("19", 1))
    ],
    *[
        ("BL-14", BLINA.format(9, "blinatumomab-rr"), facts, finds)
        for facts, finds in (
            ({"marrow-blasts": "50", "circulating-blasts": "100"}, 1),
            ({"marrow-blasts": "49", "circulating-blasts": "100"}, 0),
            ({"marrow-blasts": "49", "circulating-blasts": "15000"}, 0),
            ({"marrow-blasts": "49", "circulating-blasts": "15001"}, 1),
        )
    ],
    ("BU-10", "1-4 09:00 busulfan 0.8 mg/kg IV|1-4 15:00 busulfan 0.8 mg/kg IV", {"busulfan-auc day 3": "1500"}, 1),
    ("BU-10", "1-4 09:00 busulfan 0.8 mg/kg IV|1-4 15:00 busulfan 0.8 mg/kg IV", {"busulfan-auc day 3": "1499"}, 0),
    *[
        (rule_id, FLUDARABINE.format(dose, protocol), {"crcl": crcl}, finds)
        for rule_id, protocol in (("CT-09", "obe-cel"), ("FL-01", "flag-ida"))
        for crcl, dose, finds in (
            ("29.9", 15, 1), ("30", 15, 0), ("31", 15, 0), ("30", 20, 1), ("31", 20, 1),
            ("47", 20, 1), ("49.9", 20, 1), ("50", 20, 0), ("52", 20, 0),
            ("79.9", 25, 1), ("75", 25, 1), ("80", 30, 0),
        )
    ],
    *[
        ("FL-02", f"1-5 fludarabine {dose} mg/m2 IV full=25", {"crcl": crcl}, finds)
        for crcl, dose, finds in (
            ("29.9", 20, 1), ("29", 20, 1), ("28", 20, 1), ("30", 20, 0), ("31", 20, 0), ("70", 25, 1), ("65", 25, 1),
            ("70.1", 25, 0),
        )
    ],
    *[
        ("CY-03", f"{PTCY}|{day} cyclophosphamide 500 mg/m2 IV block=other", {}, finds)
        for day, finds in ((9, 0), (10, 1), (45, 1), (46, 0))
    ],
    *[
        (rule_id, f"{PTCY}|{day} {line}", {}, finds)
        for rule_id, line, days in (
            ("CY-04", "tacrolimus 1 mg PO block=other role=supportive", ((9, 0), (10, 1), (14, 1), (15, 0))),
            ("CY-06", "dexamethasone 8 mg IV block=other role=premedication", ((9, 0), (10, 1), (14, 1), (15, 0))),
            (
                "CY-05",
                "mycophenolate 15 mg/kg PO block=other role=supportive",
                ((45, 0), (46, 1), (190, 1), (191, 0)),
            ),
        )
        for day, finds in days
    ],
    *[
        ("CY-08", "1 cyclophosphamide 1000 mg/m2 IV", {marker: said}, finds)
        for marker in ("acute-infection", "marrow-aplasia", "urinary-infection", "urinary-obstruction")
        for said, finds in (("yes", 1), ("no", 0))
    ],
    *[
        ("GE-02", "1 daunorubicin 25 mg/m2 IV|29 daunorubicin 25 mg/m2 IV cycle=2", facts, finds)
        for facts, finds in (
            ({"age": "17", "weight": "60", "weight day 20": "64"}, 1),
            ({"age": "18", "weight": "60", "weight day 20": "64"}, 0),
            ({"age": "19", "weight": "60", "weight day 20": "64"}, 0),
            ({"age": "18", "weight": "60", "weight day 20": "67"}, 1),
        )
    ],
    ("GE-10", "1 carboplatin 600 mg IV", {"creatinine": "0.7"}, 0),
    ("GE-10", "1 carboplatin 600 mg IV", {"creatinine": "0.65"}, 1),
    *[
        ("GE-12", f"1 bleomycin {dose} units/m2 IV full=100", {"crcl": crcl}, finds)
        for crcl, dose, finds in (
            ("9.9", 45, 1), ("10", 45, 0), ("9", 45, 1), ("19.9", 55, 1), ("20", 55, 0), ("19", 55, 1), ("29.9", 60, 1),
            ("30", 60, 0), ("28", 60, 1), ("39.9", 70, 1), ("40", 70, 0), ("38", 70, 1), ("49.9", 100, 1),
            ("50", 100, 0), ("21", 55, 0), ("32", 60, 0), ("43", 70, 0), ("10.5", 45, 0),
        )
    ],
    *[
        ("GE-23b", "1 mitomycin 10 mg/m2 IV|43 mitomycin 10 mg/m2 IV cycle=2", facts, finds)
        for facts, finds in (
            ({"wbc day 42": "4", "platelets day 42": "100"}, 0),
            ({"wbc day 42": "4", "platelets day 42": "99"}, 1),
        )
    ],
    ("GE-25", "1 epirubicin 60 mg/m2 IV", {"anc": "1.5", "platelets": "100"}, 0),
    ("GE-25", "1 epirubicin 60 mg/m2 IV", {"anc": "1.45", "platelets": "100"}, 1),
    ("IO-08", INOTUZUMAB, {"circulating-blasts": "10000"}, 0),
    ("IO-08", INOTUZUMAB, {"circulating-blasts": "10001"}, 1),
    *[
        ("IO-13", NEXT_CYCLE, {"anc day 28": "1", "platelets day 28": count}, finds)
        for count, finds in (("50", 0), ("49", 1))
    ],
    *[
        ("IO-15", SECOND_DOSE, {**LIVER, **facts}, finds)
        for facts, finds in (
            ({"bilirubin-xuln day 7": "1.5"}, 0),
            ({"bilirubin-xuln day 7": "1.55"}, 1),
            ({"ast-xuln day 7": "2.5"}, 0),
            ({"ast-xuln day 7": "2.55"}, 1),
            ({"alt-xuln day 7": "2.5"}, 0),
            ({"alt-xuln day 7": "2.55"}, 1),
            *(
                ({"bilirubin-xuln day 7": bilirubin, f"{enzyme}-xuln day 7": times}, 1)
                for enzyme in ("ast", "alt")
                for bilirubin, times in (("1.55", "2.55"), ("1.5", "2.55"), ("1.55", "2.5"))
            ),
        )
    ],
    *[
        (rule_id, "8 methotrexate 15 mg IT", {"platelets day 7": count}, finds)
        for rule_id, turns in (
            ("LP-01", (("50", 0), ("49", 1))),
            ("LP-02", (("50", 0), ("49", 1), ("20", 1), ("19.9", 0))),
        )
        for count, finds in turns
    ],
    ("TK-08", "29-60 ponatinib 30 mg PO", {"bcr-abl1 day 28": "0.01"}, 1),
    ("TK-08", "29-60 ponatinib 30 mg PO", {"bcr-abl1 day 28": "0.011"}, 0),
    ("TK-09", "30-42 ponatinib 15 mg PO", {"arterial-event day 20": "1"}, 1),
    ("TK-09", "30-42 ponatinib 15 mg PO", {"arterial-event day 20": "3"}, 0),
    *[
        ("TK-14", "1-28 ponatinib 45 mg PO", {"child-pugh": said}, finds)
        for said, finds in (("A", 1), ("B", 1), ("C", 1), ("none", 0))
    ],
    *[
        ("VC-07", f"1 vincristine {dose} mg/m2 IV", {"age": age}, finds)
        for age, dose, finds in (("17", "1.9", 0), ("18", "1.9", 1), ("19", "1.9", 1), ("17", "2.2", 1))
    ],
    *[
        ("VC-07b", "1 vincristine 0.6 mg IV", {"age": "1", "height": "75", "weight": weight}, finds)
        for weight, finds in (("10", 1), ("9.5", 1), ("10.1", 0))
    ],
    ("PG-04", "1 methotrexate 15 mg IT", {"pregnancy-test": "positive"}, 0),
    *[
        ("AN-06", "1 daunorubicin 25 mg/m2 IV", {"age": age, "prior": "daunorubicin 290 mg/m2"}, finds)
        for age, finds in (("17", 1), ("18", 0), ("19", 0))
    ],
]  # fmt: skip
"""Rule, event lines, facts of the patient, and how many findings the statement asks for."""

BY_RULE: dict[str, list[tuple[str, dict[str, str], int]]] = {}
for _rule, _lines, _facts, _finds in LINES:
    BY_RULE.setdefault(_rule, []).append((_lines, _facts, _finds))


def _found(rule, lines, facts):
    known = tuple((name, value) for name, value in facts.items() if name != "prior")
    prior = (facts["prior"],) if "prior" in facts else ()
    example = RuleExample(0, tuple(lines.split("|")), patient=known, prior=prior)
    plan = example_plan(example)
    return check(plan, example_schedule(example.events, plan.patient), [rule], library().agents)[0]


@pytest.mark.parametrize(("rule_id", "lines", "facts", "finds"), LINES)
def test_the_rule_turns_where_its_statement_says(rule_id, lines, facts, finds):
    found = _found(rules()[rule_id], lines, facts)
    assert bool(found) == bool(finds), [one.message for one in found]
    assert all(one.status is FindingStatus.OPEN for one in found), [one.message for one in found]


def test_liver_tests_bar_inotuzumab_only_where_bilirubin_and_an_enzyme_are_high():
    high = {"bilirubin-xuln day 7": "2", "alt-xuln day 7": "3"}
    cases = ({**LIVER, **high}, {**LIVER, "bilirubin-xuln day 7": "2"}, {**LIVER, "alt-xuln day 7": "3"})
    told = [{one.severity for one in _found(rules()["IO-15"], SECOND_DOSE, facts)} for facts in cases]
    assert told == [{"contraindicated"}, {"warning"}, {"warning"}]


def test_liver_tests_stop_ponatinib_for_good_only_where_bilirubin_is_high_too():
    told = {
        facts["bilirubin-xuln day 10"]: {one.severity for one in _found(rules()["TK-23"], lines, facts)}
        for lines, facts, _ in BY_RULE["TK-23"]
        if len(facts) == 2
    }
    assert told == {"2": {"warning"}, "2.5": {"contraindicated"}}


def _clauses(condition):
    """The condition with one of its clauses turned a little, each way."""
    for number, group in enumerate(condition.groups):
        for at, clause in enumerate(group):
            for other in _turned(clause):
                groups = [list(one) for one in condition.groups]
                groups[number][at] = other
                yield Condition(tuple(map(tuple, groups)))


def _turned(clause):
    if clause.op in ("<", "<=", ">", ">="):
        number = Decimal(clause.values[0])
        step = Decimal("0.1") if number != int(number) else Decimal(1) if number < 20 else number / 10
        yield from (replace(clause, values=(format(number + sign * step, "f"),)) for sign in (-1, 1))
        yield replace(clause, op={"<": "<=", "<=": "<", ">": ">=", ">=": ">"}[clause.op])
    elif clause.op in ("=", "!="):
        yield replace(clause, op="!=" if clause.op == "=" else "=")
    else:
        for left_out in clause.values:
            yield replace(clause, values=tuple(one for one in clause.values if one != left_out) or ("nothing",))


def _mutants(rule):
    """The rule with one condition or span of days turned a little, with what was turned."""
    for name, value in rule.parameters.items():
        for other in _others(value):
            yield f"{name} {other}", replace(rule, parameters={**rule.parameters, name: other})
    for other in _clauses(rule.when):
        yield f"when {other}", replace(rule, when=other)


def _others(value):
    if isinstance(value, Condition):
        yield from _clauses(value)
    elif isinstance(value, DaySpan):
        for sign in (-1, 1):
            yield value._replace(first=value.first + sign)
            yield value._replace(last=value.last + sign)
    elif isinstance(value, tuple) and value and isinstance(value[0], Limit):
        for at, limit in enumerate(value):
            for other in _clauses(limit.when):
                yield (*value[:at], limit._replace(when=other), *value[at + 1 :])


UNNOTICED = {
    "AN-04c": 1,  # of two bands that meet the first one counts, so the second cannot tell its edge
    "AS-02": 2,
    "GE-02": 3,
    "VC-07": 2,
    "VC-13": 1,
    "AC-03": 2,
    "CT-34": 3,  # on either side of 50 kg the other of its two bounds is the lower one
    "BL-11C": 1,  # from 40.5 kg on 9 mcg is more than 5 mcg/m2 anyway
    "BL-11E": 1,
    "BL-22": 1,
    "BL-23B": 1,
    "BL-11H": 2,  # up to 49.5 kg 5 mcg/m2 is no more than 9 mcg, which counts from 45 kg on
}
"""How many turned conditions of a rule nobody has to notice, and why."""
MUTANTS = sorted({rule.id for rule in rules().values() for _ in _mutants(rule)})


@pytest.mark.parametrize("rule_id", MUTANTS)
def test_a_turned_condition_is_noticed(rule_id):
    rule, cases = rules()[rule_id], BY_RULE.get(rule_id, [])

    def told(one):
        return _told(one), [{each.severity for each in _found(one, lines, facts)} for lines, facts, _ in cases]

    expected = told(rule)
    passed = [words for words, mutant in _mutants(rule) if told(mutant) == expected]
    assert len(passed) <= UNNOTICED.get(rule_id, 0), passed
