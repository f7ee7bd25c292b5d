"""Tables for other programs: golden rows, fixed columns, no formulas."""

import csv
import io
import json
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.exports.files.table_writer import COLUMNS, findings_json, safe_text, schedule_csv, schedule_json
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.finding import Fix
from planner.model.schedule import Event
from tests.exports.papers import course, shipped
from tests.schedules import with_events

CONTRACT = (
    "date,time,end_date,end_time,block,cycle,cycle_day,kind,role,agent,protocol_dose,dose,unit,route,duration_h,"
    "status,evidence,order_id,note,volume_ml,rate_ml_h"
)


def rows(evaluated: EvaluatedPlan) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(schedule_csv(evaluated))))


def test_the_header_row_is_the_agreed_one() -> None:
    assert schedule_csv(course()).splitlines()[0] == CONTRACT
    assert ",".join(COLUMNS) == CONTRACT


@pytest.mark.parametrize(
    "line",
    [
        # a capped dose, a flat intrathecal one, half of a daily total, an infusion day, a dose to enter
        (
            "2026-01-05,,,,induction,1,1,administration,antineoplastic,vincristine,1.5 mg/m2,2,mg,IV,,planned,trial,"
            "induction/1/vincristine-iv,"
        ),
        (
            "2026-01-05,,,,induction,1,1,administration,intrathecal,cytarabine,70 mg,70,mg,IT,,planned,trial,"
            "induction/1/cytarabine-it,"
        ),
        (
            "2026-01-05,,,,induction,1,1,administration,antineoplastic,prednisone,60 mg/m2/day,54.4,mg,PO,,planned,"
            "trial,induction/1/prednisone-po,dose 1 of 2 this day"
        ),
        (
            "2026-01-08,,,,induction,1,4,administration,antineoplastic,pegaspargase,2500 units/m2,3750,units,IV,,"
            "planned,trial,induction/1/pegaspargase-iv,"
        ),
        (
            "2026-01-26,,,,induction,1,22,administration,antineoplastic,daunorubicin,25 mg/m2,45.3,mg,IV,,omitted,"
            "trial,induction/1/daunorubicin-iv,left out: toxicity"
        ),
        (
            "2026-02-02,,,,induction,1,29,decision,assessment,Complete remission at the end of induction?,,,,,,planned,"
            "trial,induction/1/response,"
        ),
        (
            "2026-03-16,,,,consolidation,1,29,administration,antineoplastic,cyclophosphamide,1000 mg/m2,1813,mg,IV,,"
            "deferred,trial,consolidation/1/cyclophosphamide-iv,"
        ),
        (
            "2026-04-13,,,,blinatumomab,1,1,infusion,antineoplastic,blinatumomab,9 mcg/day,9,mcg,IV,,planned,trial,"
            "blinatumomab/1/blina-step,"
        ),
        (
            "2026-07-08,09:00,,,high-dose,1,3,administration,rescue,leucovorin,15 mg/m2,27.2,mg,IV,,provisional,trial,"
            "high-dose/1/leucovorin-iv,"
        ),
    ],
)
def test_golden_rows(line: str) -> None:
    assert f"{line},," in schedule_csv(course()).splitlines()


def test_a_dose_to_enter_is_empty_and_the_note_says_why() -> None:
    found = [row for row in rows(course()) if row["agent"] == "sodium" and row["block"] == "induction"]
    assert len(found) == 5
    for row in found:
        assert (row["dose"], row["unit"], row["protocol_dose"]) == ("", "", "")
        assert row["note"] == "no sourced dose: enter the site's own"
        assert row["evidence"] == "local"


def test_one_row_a_single_dose() -> None:
    found = rows(course())
    assert len(found) == len(course().schedule.events)
    prednisone = [row for row in found if row["order_id"] == "induction/1/prednisone-po"]
    assert len(prednisone) == 28 * 2
    leucovorin = [row for row in found if row["order_id"] == "high-dose/1/leucovorin-iv"]
    assert [row["time"] for row in leucovorin[:4]] == ["09:00", "15:00", "21:00", "03:00"]
    assert [row["cycle_day"] for row in leucovorin[:4]] == ["3", "3", "3", "4"]


def test_rows_are_in_order_of_time() -> None:
    for evaluated in (course(), shipped("calgb-10403"), shipped("blinatumomab-mrd")):
        keys = [(row["date"], row["time"]) for row in rows(evaluated)]
        assert keys == sorted(keys)


def test_an_infusion_with_a_length_has_an_end() -> None:
    evaluated = shipped("blinatumomab-mrd")
    timed = [row for row in rows(evaluated) if row["end_date"]]
    for row in timed:
        assert row["time"]
        assert row["end_time"]
        assert row["duration_h"]


def test_volumes_and_rates_stand_where_a_source_states_them() -> None:
    found = {row["agent"]: row for row in rows(shipped("inotuzumab-rr"))}
    assert (found["inotuzumab"]["volume_ml"], found["inotuzumab"]["rate_ml_h"]) == ("50", "50")
    assert (found["dexamethasone"]["volume_ml"], found["dexamethasone"]["rate_ml_h"]) == ("", "")


def test_an_undiluted_dose_makes_its_own_volume() -> None:
    found = [row for row in rows(shipped("nelarabine-t-all")) if row["agent"] == "nelarabine"]
    assert found
    for row in found:
        assert Decimal(row["volume_ml"]) == (Decimal(row["dose"]) / 5).quantize(Decimal("0.1"))
        assert abs(Decimal(row["rate_ml_h"]) * Decimal(row["duration_h"]) - Decimal(row["volume_ml"])) <= Decimal("0.1")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_a_formula_becomes_text(sign: str) -> None:
    assert safe_text(f"{sign}1+1") == f"'{sign}1+1"


def test_ordinary_text_stays_as_it_is() -> None:
    for text in ("", "00123", "NA", "True", "1E5", "3-4", "'quoted'", "Day -1"):
        assert safe_text(text) == text


def _noted(evaluated: EvaluatedPlan, note: str) -> EvaluatedPlan:
    first: Event = evaluated.schedule.events[0]
    noted = (first._replace(notes=(note,), cycle_day=-1), *evaluated.schedule.events[1:])
    schedule = with_events(evaluated.schedule, noted)
    return replace(evaluated, schedule=schedule)


def test_only_free_text_is_guarded() -> None:
    row = rows(_noted(course(), "=HYPERLINK(1)"))[0]
    assert row["note"] == "'=HYPERLINK(1)"
    assert row["cycle_day"] == "-1"


def test_commas_quotes_and_line_breaks_survive() -> None:
    note = 'first, "second"\nthird; 10 × 10⁹/L'
    assert rows(_noted(course(), note))[0]["note"] == note


def test_json_holds_the_same_rows() -> None:
    found = json.loads(schedule_json(course()))
    assert [list(row) for row in found] == [list(COLUMNS)] * len(found)
    assert [{name: str(value) for name, value in row.items()} for row in found] == rows(course())
    assert isinstance(found[0]["cycle"], int)
    assert isinstance(found[0]["cycle_day"], int)


def test_findings_have_the_agreed_keys() -> None:
    evaluated = course()
    findings = (replace(evaluated.findings[0], fixes=(Fix("move", "Move to 27-Jan-2026"),), inputs=(("gap", "3"),)),)
    found = json.loads(findings_json(replace(evaluated, findings=(*findings, *evaluated.findings[1:]))))
    wanted = {"rule", "severity", "message", "dates", "orders", "source", "evidence", "inputs", "status", "fixes"}
    assert all(wanted <= set(one) for one in found)
    first = found[0]
    assert (first["rule"], first["severity"], first["status"]) == ("VC-06", "contraindicated", "open")
    assert first["dates"] == ["2026-01-26"]
    assert first["orders"] == ["induction/1/vincristine-iv"]
    assert first["inputs"] == {"gap": "3"}
    assert first["fixes"] == [{"id": "move", "title": "Move to 27-Jan-2026"}]
    assert {one["status"] for one in found} == {"open", "acknowledged", "cannot_check"}


def test_a_plan_without_findings_gives_an_empty_list() -> None:
    assert findings_json(shipped("d-alba")) == "[]\n"
