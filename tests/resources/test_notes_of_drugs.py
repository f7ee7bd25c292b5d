"""What is told of a drug in one protocol is told in all: warnings that one order had and its sister lacked."""

import pytest

from tests.golden.cases import library

NOTE, PATIENT = "note", "patient_note"

TOLD = [
    ("vincristine", "IV", NOTE, "fatal if given by other routes"),
    ("vindesine", "IV", NOTE, "fatal if given by other routes"),
    ("mercaptopurine", "PO", NOTE, "TPMT and NUDT15"),
    ("thioguanine", "PO", NOTE, "TPMT and NUDT15"),
    ("methotrexate", "PO", NOTE, "ONCE A WEEK"),
    ("methotrexate", "PO", PATIENT, "Once a WEEK only"),
    ("rituximab", "IV", NOTE, "Hepatitis B tests first"),
    ("ofatumumab", "IV", NOTE, "Hepatitis B tests first"),
    ("ponatinib", "PO", PATIENT, "No grapefruit"),
    ("ponatinib", "PO", NOTE, "No strong CYP3A inhibitor"),
    ("dasatinib", "PO", PATIENT, "No acid blockers"),
    ("dasatinib", "PO", NOTE, "No acid blockers"),
    ("nilotinib", "PO", PATIENT, "empty stomach"),
    ("imatinib", "PO", PATIENT, "meal and a large glass of water"),
    ("blinatumomab", "IV", NOTE, "Stop of 4 h or more"),
    ("daunorubicin", "IV", PATIENT, "urine may turn red"),
    ("doxorubicin", "IV", PATIENT, "urine may turn red"),
    ("idarubicin", "IV", PATIENT, "urine may turn red"),
    ("pegaspargase", "", NOTE, "Premedicate and watch for 1 h"),
    ("pegaspargase", "", PATIENT, "itch, wheeze or get belly pain"),
    ("inotuzumab", "IV", PATIENT, "eyes turn yellow"),
    ("leucovorin", "", PATIENT, "be on time"),
    ("busulfan", "IV", NOTE, "No paracetamol from 72 h before"),
    ("nelarabine", "IV", NOTE, "grade 2 or more"),
]
UNTOLD = {("mini-hyper-cvd-inotuzumab", "blinatumomab-step")}
"""Orders that say it beside them: a lower step whose dose the site enters."""

HIGH = {"500 mg/m2", "1,000 mg/m2", "1 g/m2", "1.5 g/m2", "5 g/m2", "200 mg/m2"}
"""Doses of methotrexate from 500 mg/m2 on, and the first part of 1,000 mg/m2 that is given as 200 and 800."""


def _orders():
    for name, shelved in library().protocols.items():
        for phase in shelved.protocol.phases:
            for order in phase.orders:
                yield name, phase, order


@pytest.mark.parametrize(("agent", "route", "where", "words"), TOLD)
def test_every_order_of_a_drug_says_what_the_others_say(agent, route, where, words):
    """Blinatumomab of D-ALBA had no word on stops, pegaspargase of CALGB 10403 none on premedication after course I."""
    found = [
        (name, phase.id, order.id)
        for name, phase, order in _orders()
        if (order.agent, order.role) == (agent, "antineoplastic" if agent != "leucovorin" else "rescue")
        and route in ("", order.route)
        and (name, order.id) not in UNTOLD
        and words not in getattr(order, where)
    ]
    assert found == []


def test_high_doses_of_methotrexate_have_their_rescue_fluids_levels_and_warnings():
    """Six protocols drew neither fluids nor levels, and course 4 of one no word on painkillers."""
    tested = set()
    for name, phase, order in _orders():
        if (order.agent, order.route) != ("methotrexate", "IV"):
            continue
        if HIGH.isdisjoint(str(band.dose) for band in order.bands):
            continue
        where = name, phase.id, order.id
        assert "Ask us before any other medicine, also against pain or fever" in order.patient_note, where
        assert "No NSAID" in order.note, where
        assert "leucovorin" in {one.agent for one in phase.orders}, where
        fluids = {one.agent for one in phase.orders if order.id in one.goes_with}
        assert fluids & {"intravenous-fluids", "alkaline-fluids"}, where
        levels = [one for one in phase.assessments if one.title.startswith("Methotrexate level")]
        assert any(order.id in one.goes_with for one in levels), where
        tested.add(where)
    assert len(tested) == 15
