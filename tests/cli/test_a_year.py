"""Four courses through a realistic year by command line: the story told is right at every step."""

import json

import pytest

from tests.cli.year import PH_NEGATIVE, shifted


def test_e1910_with_fever_mrd_and_two_interruptions(year, patient):
    year.begin("e1910", patient(**PH_NEGATIVE), "2026-03-02")
    year.do("enter-dose", "--block", "induction-1", "--order", "vincristine", "--dose", "2 mg")
    assert [row[2] for row in year.rows("induction-1/1/vincristine")] == ["2"] * 4
    before = year.starts()

    year.do("given", "--block", "induction-1", "--day", "1", "--order", "vincristine")
    assert year.rows("induction-1/1/vincristine")[0] == ("2026-03-02", 1, "2", "given")
    year.do(
        "defer", "--block", "induction-1", "--day", "15", "--days", "4", "--scope", "following", "--reason", "infection"
    )
    assert [row[0] for row in year.rows("induction-1/1/vincristine")][2:] == ["2026-03-20", "2026-03-27"]
    assert year.starts()["induction-2"] == shifted(before["induction-2"], 4)
    refusal = year.do(
        "defer", "--block", "induction-1", "--day", "1", "--days", "1", "--scope", "all", "--reason", "holiday", code=2
    )
    assert "given" in refusal
    assert year.here("2026-03-18")["waiting"] == 3
    assert (year.here("2026-03-18")["block"], year.here("2026-03-18")["day"]) == ("induction-1", 14)

    year.do("decide", "remission=cr", "--on", "2026-05-20")
    told = year.fine("plan", "branches", year.plan, "mrd", "--json").json
    assert {one["choice"]: one["drawn"] for one in told} == {"negative": True, "positive": False, "transplant": False}
    year.do("decide", "mrd=positive", "--on", "2026-06-20", "--result", "MRD 0.3 %")
    shown = year.show()
    taken = next(one for one in shown["decisions"] if one["id"] == "mrd")["taken"]
    assert (taken["choice"], taken["result"], taken["by"]) == ("positive", "MRD 0.3 %", "Ph. One")
    assert not any(block["provisional"] for block in shown["blocks"])

    infusion = year.rows("blinatumomab/1/blinatumomab")
    year.do(
        "hold",
        "--block",
        "blinatumomab",
        "--cycle",
        "1",
        "--day",
        "10",
        "--reason",
        "toxicity",
        "--grade",
        "2",
        "--note",
        "CRS",
    )
    assert [row[3] for row in year.rows("blinatumomab/1/blinatumomab")] == ["planned"] * 9 + ["held"] * 19
    assert next(block for block in year.show()["blocks"] if block["id"] == "chemo")["provisional"]
    words = year.do("resume", "--block", "blinatumomab", "--on", shifted(infusion[9][0], 5))
    assert "premedication again" in words
    after = year.rows("blinatumomab/1/blinatumomab")
    assert len(after) == 28
    assert after[-1][0] == shifted(infusion[-1][0], 5)
    assert [row[0] for row in year.rows("blinatumomab/1/premedication")] == [infusion[0][0]]
    assert [row[0] for row in year.rows("blinatumomab/1/premedication-restart")] == [after[9][0]]
    assert "1 h before the infusion goes on; restart after a stop of 120 h" in year.fine("schedule", year.plan).out

    second = year.rows("blinatumomab/2/blinatumomab")
    year.do("hold", "--block", "blinatumomab", "--cycle", "2", "--day", "8", "--reason", "toxicity", "--grade", "3")
    words = year.do("resume", "--block", "blinatumomab", "--on", shifted(second[7][0], 10), "--note", "afebrile")
    assert "a new cycle 2" in words
    assert len(year.rows("blinatumomab/2/blinatumomab")) == 7
    again = year.rows("blinatumomab-again/2/blinatumomab")
    assert (len(again), again[0][0]) == (28, shifted(second[7][0], 10))
    counted, _ = year.counters()
    assert counted["antibody-cycles", "blinatumomab"]["planned"] == "5"
    assert counted["blinatumomab-days", None]["planned"] == str(28 + 7 + 28 + 28 + 28)
    assert any("blinatumomab-again" in line and "appeared" in line for line in year.diff(2))
    assert "Blinatumomab" in year.printed("roadmap")


def test_d_alba_with_a_weight_change_a_holiday_and_a_reduced_tki(year, patient):
    year.begin("d-alba", patient(), "2026-03-02")
    year.do("decide", "response=chr", "--on", "2026-06-01")
    year.do(
        "reduce",
        "--block",
        "induction",
        "--day",
        "30",
        "--order",
        "dasatinib-to-day-85",
        "--dose",
        "100 mg",
        "--level",
        "-1",
        "--scope",
        "all",
        "--reason",
        "toxicity",
        "--grade",
        "3",
        "--note",
        "pleural effusion",
    )
    doses = year.rows("induction/1/dasatinib-to-day-85")
    assert [row[2] for row in doses] == ["140"] * 29 + ["100"] * 56
    assert {row[2] for row in year.rows("blinatumomab/1/dasatinib")} == {"100"}
    year.do(
        "full-dose",
        "--block",
        "blinatumomab",
        "--cycle",
        "2",
        "--day",
        "1",
        "--order",
        "dasatinib",
        "--reason",
        "other",
    )
    assert {row[2] for row in year.rows("blinatumomab/2/dasatinib")} == {"140"}
    assert {row[2] for row in year.rows("blinatumomab/1/dasatinib")} == {"100"}

    home = year.rows("blinatumomab/2/mrd-after-cycle-2")[0][0]
    year.do(
        "defer",
        "--block",
        "blinatumomab",
        "--cycle",
        "2",
        "--day",
        "29",
        "--order",
        "mrd-after-cycle-2",
        "--days",
        "1",
        "--scope",
        "day",
        "--reason",
        "holiday",
    )
    assert year.rows("blinatumomab/2/mrd-after-cycle-2")[0][0] == shifted(home, 1)
    told = year.fine("plan", "branches", year.plan, "after-cycle-2").out
    assert "further: " in told
    assert "transplant: " in told
    year.do("decide", "after-cycle-2=further", "--on", "2026-08-25")
    assert "blinatumomab-further" in year.starts()
    year.do("reopen", "after-cycle-2", "--reason", "donor found")
    shown = year.show()
    assert "blinatumomab-further" not in year.starts()
    assert shown["reopened"][0]["reason"] == "donor found"
    year.do("decide", "after-cycle-2=transplant", "--on", "2026-09-01")
    assert list(year.starts())[-2:] == ["blinatumomab", "what-comes-next-2"]


def test_mini_hyper_cvd_inotuzumab_with_reductions_a_stop_and_less_weight(year, patient):
    year.begin("mini-hyper-cvd-inotuzumab", patient(**PH_NEGATIVE), "2026-03-02")
    year.do(
        "reduce",
        *("--block", "odd", "--day", "1", "--order", "cyclophosphamide", "--percent", "75"),
        *("--scope", "cycle", "--reason", "counts"),
    )
    assert {row[2] for row in year.rows("odd/1/cyclophosphamide")} == {"204"}
    assert {row[2] for row in year.rows("odd-2/3/cyclophosphamide")} == {"272"}
    _, intensities = year.counters()
    found = next(one for one in intensities if (one["block"], one["drug"]) == ("odd", "Cyclophosphamide IV"))
    assert float(found["relative_percent"]) == pytest.approx(75, abs=0.5)

    counted, _ = year.counters()
    assert counted["antibody-cycles", "inotuzumab"]["planned"] == "4"
    year.do(
        "stop",
        *("--block", "even", "--cycle", "2", "--day", "8", "--order", "inotuzumab", "--scope", "all"),
        *("--reason", "toxicity", "--grade", "3", "--note", "liver"),
    )
    counted, _ = year.counters()
    assert counted["antibody-cycles", "inotuzumab"]["planned"] == "2"
    assert {row[3] for row in year.rows("even-2/4/inotuzumab")} == {"stopped"}

    end = year.fine("plan", "counters", year.plan, "--json").json["ends"]
    year.do("skip", "--block", "pomp", "--cycle", "2", "--reason", "infection")
    assert {row[3] for row in year.rows("pomp/2/mercaptopurine")} == {"omitted"}
    assert year.fine("plan", "counters", year.plan, "--json").json["ends"] == end
    year.do("take-back", "3")
    year.do("skip", "--block", "pomp", "--cycle", "2", "--close", "--reason", "infection")
    assert year.rows("pomp/2/mercaptopurine") == []
    assert year.rows("pomp/3/mercaptopurine")[0][0] == "2026-12-07"

    before = year.rows("odd-2/3/cyclophosphamide")[0][2]
    measured = ("--on", "2026-04-01", "--height", "168", "--weight", "55")
    words = year.do("measure", *measured, code=2)
    assert "odd-2/3/cyclophosphamide" in words
    assert "--doses stay to keep them" in words
    year.do("measure", *measured, "--doses", "stay")
    assert year.rows("odd-2/3/cyclophosphamide")[0][2] == before
    rules = {one["rule"] for one in json.loads(year.run("check", year.plan, "--format", "json").out)}
    assert "GE-02" in rules
    words = year.do("measure", *measured, "--doses", "follow")
    assert "odd-2/3/cyclophosphamide" in words
    after = year.rows("odd-2/3/cyclophosphamide")[0][2]
    assert float(after) / float(before) == pytest.approx((55 / 70.4) ** 0.5, abs=0.01)
    assert year.rows("odd/1/cyclophosphamide")[0][2] == "204"
    year.do(
        "replace",
        *("--block", "odd-2", "--cycle", "3", "--day", "4", "--order", "pegfilgrastim", "--agent", "filgrastim"),
        *("--dose", "5 mcg/kg", "--reason", "other"),
    )
    assert year.rows("odd-2/3/pegfilgrastim")[0][2] == "275"
    assert any(line.startswith("agent: Filgrastim") for line in year.diff())
    year.do(
        "order",
        *("--block", "odd-2", "--cycle", "3", "--name", "extra-it", "--agent", "methotrexate", "--role", "intrathecal"),
        *("--route", "IT", "--days", "15", "--dose", "12 mg", "--reason", "other"),
    )
    assert year.rows("odd-2/3/extra-it") == [("2026-04-27", 15, "12", "planned")]
    year.do(
        "examine",
        *("--block", "odd-2", "--cycle", "3", "--name", "liver-2", "--title", "Liver tests", "--topic", "liver"),
        *("--days", "8,15", "--reason", "other"),
    )
    assert [row[:2] for row in year.rows("odd-2/3/liver-2")] == [("2026-04-20", 8), ("2026-04-27", 15)]
    year.do("repeat", "--block", "blinatumomab", "--cycle", "6", "--reason", "other")
    assert [block for block in year.starts() if block.startswith("blinatumomab")] == [
        "blinatumomab",
        "blinatumomab-again",
        "blinatumomab-rest",
    ]
    assert "Filgrastim" in year.printed("roadmap")


def test_obe_cel_second_dose_after_crs_grade_2_and_3(year, patient):
    year.begin("obe-cel", patient(), "2026-03-02")
    year.do("decide", "burden=low", "--on", "2026-03-01", "--result", "12 % blasts")
    dose = year.rows("second-dose/1/obe-cel-low-burden")[0]
    words = year.do("decide", "second-dose=postpone", "--on", "2026-03-16", "--result", "CRS grade 2")
    assert "Defer the block of the second dose" in words  # an answer alone moves no date
    assert year.rows("second-dose/1/obe-cel-low-burden")[0] == (*dose[:3], "held")
    assert "its day is not set yet" in year.printed("roadmap")
    year.do(
        "defer",
        *("--block", "second-dose", "--day", "10", "--days", "11", "--scope", "following"),
        *("--reason", "toxicity", "--grade", "2", "--note", "CRS"),
    )
    moved = year.rows("second-dose/1/obe-cel-low-burden")[0]
    assert (moved[0], moved[3]) == (shifted(dose[0], 11), "deferred")
    assert "CT-04" not in {
        one["rule"]
        for one in json.loads(year.run("check", year.plan, "--format", "json").out)
        if one["severity"] == "contraindicated" and one["status"] == "open"
    }
    year.do(
        "defer",
        *("--block", "second-dose", "--day", "10", "--days", "1", "--scope", "following", "--reason", "toxicity"),
    )
    late = json.loads(year.run("check", year.plan, "--format", "json").out)
    assert "CT-04" in {one["rule"] for one in late if one["severity"] == "contraindicated"}
    year.do("take-back", "2")
    assert year.rows("second-dose/1/obe-cel-low-burden")[0] == moved
    year.do("reopen", "second-dose", "--reason", "CRS grade 3 on Day 12")
    year.do("decide", "second-dose=no", "--on", "2026-03-19", "--result", "CRS grade 3")
    assert list(year.starts()) == ["lymphodepletion", "first-dose"]
