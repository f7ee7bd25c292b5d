"""Protocols and rules on the command line."""

import re
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.cli.protocol_words import protocol_lines
from planner.model.agent import DoseRange
from planner.paths import resources
from planner.services.agent_words import agent_lines, used_by
from tests.golden.cases import library


def test_protocols_are_listed_with_their_evidence(run):
    listed = {one["id"]: one for one in run("protocols", "list", "--json").json}
    assert {"calgb-10403", "d-alba", "blinatumomab-mrd"} <= listed.keys()
    for one in listed.values():
        assert {"id", "title", "version", "status", "disease", "evidence"} <= one.keys()
    assert "trial " in listed["d-alba"]["evidence"]
    text = run("protocols", "list").out
    assert all(f"\n{name}: " in f"\n{text}" for name in listed)


def test_protocols_are_found_by_words(run):
    assert "d-alba: " in run("protocols", "list", "DASATINIB", "gimema").out
    assert "calgb-10403: " not in run("protocols", "list", "d\u00e1satinib", "gimema").out
    assert "no protocol" in run("protocols", "list", "zebra").out


def test_protocol_is_shown_with_orders_and_sources(fine):
    text = fine("protocols", "show", "d-alba").out
    assert "dasatinib 140 mg PO, days 1:84" in text
    assert "local dose" in text
    assert "  DA1: " in text
    assert "over 1 h, 50 mL at 50 mL/h" in fine("protocols", "show", "inotuzumab-rr").out
    assert "over 2 h, 5 mg/mL" in fine("protocols", "show", "nelarabine-t-all").out
    shown = fine("protocols", "show", "d-alba", "--json").json
    assert shown["id"] == "d-alba"
    orders = {one["id"]: one for phase in shown["phases"] for one in phase["orders"]}
    assert orders["blinatumomab"]["bands"][0]["dose"] == "28 mcg/day"
    assert orders["blinatumomab"]["evidence"] == "trial"


def test_all_that_a_protocol_says_is_shown():
    """Notes, sources, hours, cycles and windows of every shipped protocol: whoever reads it needs no other place."""
    for one in library().protocols.values():
        protocol = one.protocol
        text = "\n".join(protocol_lines(protocol, {}))
        items = [item for phase in protocol.phases for item in (*phase.orders, *phase.assessments)]
        choices = [choice for asked in (*protocol.variants, *protocol.decisions) for choice in asked.choices]
        for said in (*protocol.phases, *items, *choices):
            assert said.note in text
        for source in protocol.references:
            assert f"  {source.id}: {source.text}" in text
        for order in (order for phase in protocol.phases for order in phase.orders):
            assert (
                order.anchor is None or f" {order.anchor.order_id}, " in text or f" {order.anchor.order_id} (" in text
            )


def test_hours_cycles_windows_and_company_of_an_order_are_shown(fine):
    text = fine("protocols", "show", "blinatumomab-rr").out
    assert "dexamethasone 20 mg IV, days 1, 1 h before blinatumomab-step, cycle 1 only, only if age" in text
    assert "5 mg/m2 IV, days 1, 30 min before blinatumomab-step" in text
    text = fine("protocols", "show", "hyper-cvad").out
    assert "leucovorin 50 mg IV, days 2, 12 h after end of methotrexate-22-h, only if" in text
    assert "800 mg/m2 IV, days 1, 0 min after end of methotrexate-2-h, over 22 h" in text
    assert "window -1/+0" in text
    assert "moves with cyclophosphamide" in text
    assert "cycles 2, 4 only" in text
    assert "keeps its calendar days" in fine("protocols", "show", "d-alba").out
    assert "the cycle waits for ANC" in fine("protocols", "show", "calgb-10403").out


def test_cycles_and_lengths_of_a_phase_are_shown(fine):
    text = fine("protocols", "show", "mini-hyper-cvd-inotuzumab").out
    assert "Phase blinatumomab: Blinatumomab, courses 5 to 8, cycles 5 to 8 of 42 days, only if" in text
    assert "courses 5, 6, 11 and 12, cycles 5, 6, 11, 12 of 42 days, only if" in text
    assert "Phase last-blinatumomab: Blinatumomab in maintenance, cycle 4 of 42 days, only if" in text
    assert ", 1 × 7 days, counted from Day -7" in fine("protocols", "show", "d-alba").out
    assert (
        ", cycle 2 of 21 days, up to cycle 12, without an end of its own, only if"
        in fine("protocols", "show", "nelarabine-t-all").out
    )
    pomp = library().protocols["pomp"].protocol
    first = replace(pomp.phases[0], cycle_lengths=((2, 35),), open_end=True)
    lines = protocol_lines(replace(pomp, phases=(first,), course=()), {})
    assert any(", 12 × 28 days, cycle 2 of 35 days, without an end of its own" in line for line in lines)


def test_clock_times_and_weekdays_of_an_order_are_shown():
    order = library().protocols["pomp"].protocol.phases[0].orders[0]
    timed = replace(order, at=(8 * 60, 20 * 60 + 30), weekdays=(5, 6), doses_per_day=1)
    phase = replace(library().protocols["pomp"].protocol.phases[0], orders=(timed,))
    text = "\n".join(protocol_lines(replace(library().protocols["pomp"].protocol, phases=(phase,)), {}))
    assert "at 08:00, 20:30" in text
    assert "on Sat, Sun only" in text


def test_unknown_protocol_and_rule(refused):
    assert "no protocol nix" in refused("protocols", "show", "nix")[-1]
    assert "no rule nix" in refused("rules", "show", "nix")[0]


def test_rules_are_listed_and_shown(fine):
    listed = fine("rules", "list", "--json").json
    assert len(listed) >= 20
    assert len({one["kind"] for one in listed}) >= 6
    assert {"BL-01", "VC-01", "TK-05"} <= {one["id"] for one in listed}
    assert len(fine("rules", "list").out.splitlines()) == len(listed)
    text = fine("rules", "show", "VC-01").out
    assert text.startswith("VC-01 (contraindicated, draft): ")
    assert "Source: " in text
    shown = fine("rules", "show", "VC-01", "--json").json
    assert shown["parameters"]
    assert "examples" not in shown, "an empty list read as a rule without cases"


def test_a_shown_rule_says_what_silences_it_and_after_what_it_speaks(fine):
    assert "\nOnly after: inotuzumab\n" in fine("rules", "show", "IO-05").out
    assert "\nSilent when: " in fine("rules", "show", "MT-13").out


@pytest.mark.parametrize(
    ("call", "first"),
    [
        ("bsa --height 170 --weight 70", "1.818 m2"),
        ("bsa --height 170 --weight 70 --formula dubois", "1.810 m2"),
        ("crcl --age 60 --sex female --weight 70 --creatinine 1.0", "66.1 mL/min"),
        ("crcl --age 60 --sex male --weight 70 --creatinine 88.4 --unit umol/L", "77.8 mL/min"),
        ("gfr --age 60 --sex male --creatinine 1.0", "86.2 mL/min/1.73 m2"),
        ("gfr --age 7 --sex male --height 120 --creatinine 0.5", "99.1 mL/min/1.73 m2"),
        ("calvert --auc 5 --gfr 90", "575 mg"),
        ("calvert --auc 5 --gfr 180", "750 mg"),
        ("calvert --auc 5 --age 60 --sex male --weight 70 --creatinine 1.0", "514 mg"),
        ("ibw --height 170 --sex female", "61.4 kg"),
        ("anthracycline daunorubicin=180 mitoxantrone=20 --scheme cog", "260.0 mg/m2 doxorubicin"),
        ("anthracycline daunorubicin=180 mitoxantrone=20 --scheme feijen-2019", "318.0 mg/m2 doxorubicin"),
        ("anthracycline idarubicin=24", "120.0 mg/m2 doxorubicin"),
    ],
)
def test_calculators(fine, call, first):
    lines = fine("calc", *call.split()).out.splitlines()
    assert lines[0] == first
    assert len(lines) >= 3
    value, _, unit = first.partition(" ")
    as_json = fine("calc", *call.split(), "--json").json[0]
    assert (float(as_json["value"]), as_json["unit"]) == (float(value), unit)


def test_second_results_of_calculators(fine):
    rate = "gfr --age 60 --sex male --creatinine 1 --height 170 --weight 70"
    assert "90.6 mL/min" in fine("calc", *rate.split()).out
    weights = "ibw --height 178 --sex male --weight 110"
    assert "87.9 kg" in fine("calc", *weights.split()).out
    surfaces = "bsa --height 170 --weight 70 --formula all --json"
    assert len(fine("calc", *surfaces.split()).json) == 5


@pytest.mark.parametrize(
    ("call", "says"),
    [
        ("bsa --height 170", "weight is missing"),
        ("bsa --height 1.70 --weight 70", "outside 40 to 250"),
        ("bsa --height NaN --weight 70", "height must be a number"),
        ("bsa --height 1e999 --weight 70", "height must be a number"),
        ("bsa --height 1_70 --weight 70", "height must be a number"),
        ("bsa --height 170 --weight -70", "outside 1 to 400"),
        ("bsa --height 170 --weight 70 --formula best", "mosteller"),
        ("crcl --age 60.5 --sex male --weight 70 --creatinine 1", "whole years"),
        ("crcl --age 60 --sex x --weight 70 --creatinine 1", "female"),
        ("crcl --age 60 --sex male --weight 70 --creatinine 1 --unit mg", "umol/L"),
        ("calvert --auc 5", "creatinine is missing"),
        ("anthracycline idarubicin=24 --scheme feijen-2019", "has no factor for idarubicin"),
        ("anthracycline vincristine=2 --scheme cog", "has no factor for vincristine"),
        ("anthracycline daunorubicin", "daunorubicin is missing"),
        ("anthracycline mitoxantrone=20 daunorubicin=-180", "daunorubicin: -180 mg/m2 is negative"),
        ("anthracycline daunorubicin=18000", "cannot be meant"),
        ("anthracycline daunorubicin=1 daunorubicin=2", "each agent once"),
        ("anthracycline daunorubicin=1 --scheme best", "a scheme of cog, feijen-2019 or all"),
    ],
)
def test_impossible_inputs(refused, call, says):
    (line,) = refused("calc", *call.split())
    assert says in line


def test_a_rule_shows_what_it_compares_with_and_what_the_site_has_to_set(run):
    assert (
        "  at_most_per_m2 = 2500 where age at most 21 years, 2000 where age above 21 years"
        in run("rules", "show", "AS-02").out
    )
    assert "  at_least = not set" in run("rules", "show", "VC-04").out
    assert run("rules", "show", "GC-02", "--json").json["parameters"]["before"] == "14 days"


def test_a_rule_file_is_checked_under_rules_too(fine, refused, tmp_path):
    rule = next((resources() / "rules").rglob("VC-06.toml")).read_text("utf-8")
    own = tmp_path / "own.toml"
    own.write_text(rule.replace("VC-06", "OWN-06"), "utf-8")
    assert fine("rules", "validate", own).out == f"{own}: no problem found\n"
    own.write_text(rule.replace('["vincristine"]', '["vincristin"]'), "utf-8")
    assert 'there is no agent "vincristin"' in refused("rules", "validate", own)[0]


def test_a_second_version_of_a_protocol_is_not_placed_in_silence(run, patient, tmp_path):
    """Blocks of both have the same titles, and their doses may differ."""
    own = tmp_path / "data" / "protocols" / "own.toml"
    own.parent.mkdir(parents=True)
    text = (resources() / "protocols" / "all" / "pomp.toml").read_text("utf-8").replace('id = "pomp"', 'id = "own"', 1)
    add = ("plan", "add", "plan.json", "own", "--start", "2029-02-05", "-o", "plan.json")
    own.write_text(text, "utf-8")
    run("plan", "new", "own", "--patient", patient(), "--start", "2026-02-02", "-o", "plan.json")
    assert "beside" not in run(*add).error
    own.write_text(text.replace('version = "1"', 'version = "2"', 1), "utf-8")
    assert (
        "own version 2 is placed beside own version 1, which stays in: first-year, later, first-year-2, later-2"
        in run(*add).error
    )
    own.write_text(text.replace('version = "1"', 'version = "2"', 1) + "# changed", "utf-8")
    assert (
        "own version 2 is placed beside own with another text, which stays in: first-year-3, later-3" in run(*add).error
    )


def test_a_file_of_the_site_that_was_not_read_is_told_wherever_its_rules_are_missed(run, patient, tmp_path):
    rule = next((resources() / "rules").rglob("VC-06.toml")).read_text("utf-8")
    own = tmp_path / "data" / "rules" / "own.toml"
    own.parent.mkdir(parents=True)
    own.write_text(rule.replace("VC-06", "OWN-06").replace('["vincristine"]', '["vincristin"]'), "utf-8")
    run("plan", "new", "pomp", "--patient", patient(), "--start", "2026-02-02", "-o", "plan.json")
    assert "; not read because of mistakes: own.toml, " in run("check", "plan.json").out.splitlines()[-1]
    listed = run("rules", "list")
    assert "OWN-06" not in listed.out
    assert 'hidden: own.toml:14: parameters.agents: there is no agent "vincristin"' in listed.error


def test_an_agent_is_shown_with_the_source_and_the_evidence_of_each_part(fine, refused):
    """What rules rest on (a class, a tablet, a bag) was shown nowhere with where it was read."""
    shown = fine("agents", "show", "mercaptopurine").out
    assert "Classes: thiopurine, antimetabolite, cytotoxic. Class: WHO's group of purine analogues" in shown
    assert "Tablets: 50 mg, may be halved. Label of mercaptopurine tablets" in shown
    assert "Given in: aall0232-hr, " in shown
    assert re.search(r"Looked for by: .*MP-01, ", shown), "by its own name and by its classes"
    bags = fine("agents", "show", "blinatumomab").out
    assert "Bag of 168 h at 0.6 mL/h, from 22 kg. Rate: US manufacturer's dosing page" in bags
    assert re.search(r"Bag of 72 h .*\(unverified\)\n", bags)
    assert "A stop of 4 h or more: supervised restart" in bags
    assert "To the patient: Take on an empty stomach" in fine("agents", "show", "nilotinib").out
    assert "By the scheme cog as 1 mg/m2. " in fine("agents", "show", "daunorubicin").out
    assert fine("agents", "show", "imatinib", "--json").json["classes"] == ["tki"]
    assert refused("agents", "show", "Oncaspar") == [
        'regimap: there is no agent "Oncaspar"; that is a name of "pegaspargase"'
    ]


def test_agents_are_found_by_name_and_class(fine):
    assert [line.split(":")[0] for line in fine("agents", "list", "vinca").out.splitlines()] == [
        *("vincristine", "vincristine-liposomal", "vindesine", "vinblastine", "vinorelbine"),
    ]
    (one,) = fine("agents", "list", "oncaspar", "--json").json
    assert one["id"] == "pegaspargase"
    assert "asparaginase" in one["classes"]
    assert "no agent holds" in fine("agents", "list", "zebra").out


def test_every_part_of_an_agent_is_told():
    """A site's own rounding, bands and changes too."""
    band = DoseRange(Decimal(90), Decimal(110), Decimal(100))
    site = {"round_to": Decimal("0.1"), "usual_unit": "mg", "round_reference": "House rule 7", "dose_bands": (band,)}
    agent = replace(library().agents["vincristine"], **site, bands_reference="Table", changed=("rounding",))
    lines = list(agent_lines(agent))
    assert lines[-3:] == [
        *("Rounded to 0.1 mg. House rule 7", "Dose bands: 1. Table", "This site's own file gives rounding")
    ]
    assert [*used_by(replace(agent, id="nobody", classes=()), library())] == ["Given in: none", "Looked for by: none"]
