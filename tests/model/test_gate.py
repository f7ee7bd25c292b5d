"""What a protocol waits for: read from its own words, which stay as they are."""

import re

import pytest

from planner.model.condition import ALWAYS
from planner.model.gate import asked_by, parse_gate
from tests.golden.cases import library

COUNTS = "ANC ≥ 0.75 × 10⁹/L and platelets ≥ 75 × 10⁹/L"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (COUNTS, "anc >= 0.75 and platelets >= 75"),
        ("ANC >= 750 /mcL and platelets>=75", "anc >= 0.75 and platelets >= 75"),
        ("neutrophils > 1 10^9/L", "anc > 1"),
        ("bilirubin ≤ 1.5 × ULN and ALT < 5 × ULN", "bilirubin-xuln <= 1.5 and alt-xuln < 5"),
        ("bilirubin ≤ 34.2 µmol/L", "bilirubin <= 2"),
        ("methotrexate level < 0.1 micromol/L", "methotrexate-level < 0.1"),
        ('"fever is gone" and ANC ≥ 1', "anc >= 1"),
        ('ANC ≥ 1 and "no fever and no mouth sores ≥ grade 2"', "anc >= 1"),
        ('"clinically recovered"', ""),
        ("", ""),
    ],
)
def test_a_gate_is_a_condition_on_results(text: str, asked: str) -> None:
    assert str(parse_gate(text)) == asked


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("counts recovered", 'cannot read "counts recovered" of the gate'),
        ("ANC is at least 0.75", 'cannot read "ANC is at least 0.75" of the gate'),
        ("ANC ≥ 0.75 or day 35", '"ANC ≥ 0.75 or day 35": ANC is read in 10^9/L or /mcL'),
        ("ANC ≥ 1, platelets ≥ 75", 'ANC is read in 10^9/L or /mcL; "and" joins the parts'),
        ("ANC ≥ 1 and", '"ANC ≥ 1 and": ANC is read in'),
        ('ANC ≥ 1 and ""', 'cannot read """" of the gate'),
        ('ANC ≥ 1 "', "is read in"),
        ("ANC ≥ 75 mg/dL", '"ANC ≥ 75 mg/dL": ANC is read in 10^9/L or /mcL'),
        ("plateletts ≥ 75", '"plateletts" is no result that can be recorded; did you mean "platelets"'),
        ("age ≥ 18", '"age" is no result that can be recorded'),
    ],
)
def test_what_is_neither_a_result_nor_words_in_quotes_is_refused(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        parse_gate(text)
    assert asked_by(text) is ALWAYS


def test_every_gate_of_the_library_is_a_condition() -> None:
    gates = {
        gate
        for one in library().protocols.values()
        for phase in one.protocol.phases
        for gate in (phase.start.gate, *(check.gate for check in phase.assessments))
        if gate
    }
    assert gates == {COUNTS}
    assert str(asked_by(COUNTS)) == "anc >= 0.75 and platelets >= 75"
