"""Single days of a realistic year by command line: what is asked, said and printed on them."""

from tests.cli.year import PH_NEGATIVE, shifted
from tests.exports.papers import page_texts


def test_a_fever_at_noon_puts_off_the_rest_of_a_day_and_methotrexate_keeps_its_levels(year, patient):
    year.begin("mini-hyper-cvd-inotuzumab", patient(**PH_NEGATIVE), "2026-03-02")
    year.do("given", "--block", "odd", "--day", "8", "--order", "vincristine", "--on", "2026-03-09")
    assert year.diff()[0] == "recorded: Mini-hyper-CVD 1 C1 D8 vincristine: given on Mon 09-Mar-2026, 2 mg (Ph. One)"
    fever = ("--days", "2", "--reason", "infection", "--note", "fever at noon")
    day = ("defer", "--block", "odd", "--day", "8", "--scope", "day", *fever)
    assert "or only the rest of Day 8" in year.do(*day, code=2)
    year.do(*day, "--rest")
    assert [row[0] for row in year.rows("odd/1/vincristine")] == ["2026-03-02", "2026-03-09"]
    assert year.rows("odd/1/cytarabine-it")[0][0] == "2026-03-11"
    assert "2026-03-11" in [row[0] for row in year.rows("odd/1/inotuzumab-course-1-day-8")]
    year.do("given", "--block", "even", "--cycle", "2", "--day", "1", "--order", "methotrexate", "--on", "2026-03-23")
    before = {name: year.rows(f"even/2/{name}") for name in ("leucovorin", "fluids", "methotrexate-level")}
    year.do("defer", "--block", "even", "--cycle", "2", "--day", "1", "--scope", "cycle", "--rest", *fever)
    assert {name: year.rows(f"even/2/{name}") for name in before} == before
    assert year.rows("even/2/cytarabine")[0][0] == "2026-03-26"


def test_a_record_on_another_doses_day_asks_which_dose_it_was(year, patient):
    year.begin("calgb-10403", patient(), "2026-01-05")
    late = ("--block", "induction", "--day", "8", "--order", "vincristine", "--on", "2026-01-18")
    asked = year.do("given", *late, code=2)
    assert "nearer to Vincristine C1 D15" in asked
    assert "say --sure" in asked
    assert "nearer to Vincristine C1 D15" in year.run("plan", "given", year.plan, *late, "--preview").error
    year.do("given", *late, "--sure")
    assert year.rows("induction/1/vincristine")[1] == ("2026-01-18", 8, "2", "given")


def test_obe_cel_tells_its_story_by_show_preview_and_calendar(year, patient):
    year.begin("obe-cel", patient(), "2026-03-02")
    year.do("decide", "burden=low", "--on", "2026-03-01", "--result", "12 % blasts", "--note", "sample of 27-Feb")
    told = year.fine("plan", "show", year.plan, "--today", "2026-03-05").out
    assert 'low "20 % or less: low burden", 01-Mar-2026, 12 % blasts, sample of 27-Feb (Ph. One)' in told
    year.do(
        "defer",
        *("--block", "first-dose", "--days", "2", "--scope", "following", "--reason", "infection", "--note", "fever"),
    )
    first = year.rows("first-dose/1/obe-cel-low-burden")[0][0]
    assert first == "2026-03-10"
    shown = {block["id"]: block for block in year.show()["blocks"]}
    assert (shown["first-dose"]["begins"], shown["first-dose"]["start"]) == ("2026-03-10", "2026-03-08")
    assert "first-dose: Obe-cel 1 (obe-cel 1), C1, Tue 10-Mar-2026 to" in year.fine("plan", "show", year.plan).out
    roadmap = year.printed("roadmap")
    assert "its first day is deferred by +2 days (infection)" in roadmap
    told = " ".join(roadmap.replace("\u2060", "").split()).replace("moved from Sun 08-Mar-2026", "")
    assert "Sun 08-Mar-2026" not in told  # nobody is told to come on a day that was put off
    assert "10 March 2026" in year.printed("calendar")
    assert "8 March 2026" not in year.printed("calendar")
    ways = year.fine("plan", "branches", year.plan, "second-dose").out
    assert "\n    vanished: Obecabtagene autoleucel C1 D10" in ways[ways.index("\nno: ") :]
    assert "its day is not set yet" in ways[ways.index("\npostpone: ") : ways.index("\nno: ")]
    year.do("given", "--block", "first-dose", "--day", "1", "--order", "obe-cel-low-burden")
    year.do("decide", "second-dose=postpone", "--on", "2026-03-17", "--result", "CRS grade 2")
    assert any(line.startswith("no day any more: Obe-cel 2") for line in year.diff())
    assert year.here("2026-03-19")["block"] == "first-dose"
    shown = year.fine("plan", "show", year.plan).out
    assert "second-dose: Obe-cel 2 (obe-cel 1), C1, no day set; the protocol's would be " in shown
    assert "provisional: its day is not set yet" in shown


def test_while_blinatumomab_is_on_hold_the_family_reads_no_day_as_free_of_treatment(year, patient):
    year.begin("e1910", patient(**PH_NEGATIVE), "2026-03-02")
    year.do("decide", "remission=cr", "--on", "2026-05-20")
    year.do("decide", "mrd=positive", "--on", "2026-06-20")
    infusion = year.rows("blinatumomab/1/blinatumomab")

    def month(name="may.pdf"):
        path = year.folder / name
        day = shifted(infusion[-1][0], 1)
        year.fine("print", year.plan, "--sheet", "calendar", "--from", day, "--until", shifted(day, 6), "-o", path)
        text = " ".join(page_texts(path.read_bytes()))
        return text.count("No treatment"), text.count("Ask us")

    free, asked = month()
    assert free >= 7
    year.do("hold", "--block", "blinatumomab", "--cycle", "1", "--day", "10", "--reason", "infection")
    assert month("held.pdf")[0] < free - 6, "the pump may run on these days once it goes on"
    assert month("held.pdf")[1] > asked + 6
    year.do("resume", "--block", "blinatumomab", "--on", infusion[10][0])
    assert month("again.pdf")[0] >= free - 1


def test_answers_to_questions_that_an_earlier_answer_leaves_out_are_kept_in_sight(year, patient):
    year.begin("hyper-cvad-ponatinib", patient(), "2026-03-02")
    year.do("decide", "cmr-1=no", "--on", "2026-03-22")
    year.do("decide", "cmr-3=yes", "--on", "2026-05-05", "--result", "negative")
    assert {row[2] for row in year.rows("part-b-2/4/ponatinib-15-from-cmr-3")} == {"15"}
    year.do("decide", "cmr-1=yes", "--on", "2026-03-22", "--note", "seen on another sample")
    told = year.fine("plan", "show", year.plan).out
    kept = "cmr-3 (hyper-cvad-ponatinib), not asked as the plan stands: yes, 05-May-2026, negative (Ph. One)"
    assert kept in told
    assert "cmr-6" not in told
    (not_asked,) = year.show()["not_asked"]
    assert (not_asked["id"], not_asked["taken"]["choice"], not_asked["taken"]["by"]) == ("cmr-3", "yes", "Ph. One")
    assert "cmr-3" not in {one["id"] for one in year.show()["decisions"]}
    refused = year.do("decide", "cmr-6=yes", code=2)
    assert 'it is if "Complete molecular response after course 1?" is not "Yes' in refused
    year.do("decide", "cmr-1=no", "--on", "2026-03-22")
    assert {row[2] for row in year.rows("part-b-2/4/ponatinib-15-from-cmr-3")} == {"15"}
    assert "not asked as the plan stands" not in year.fine("plan", "show", year.plan).out
    assert year.show()["not_asked"] == []


def test_programs_are_told_what_people_are_of_blocks_left_out_and_on_hold(year, patient):
    year.begin("inotuzumab-rr", patient(**PH_NEGATIVE), "2026-03-02")
    year.do("hold", "--block", "cycle-1", "--day", "8", "--reason", "infection")
    told = year.fine("plan", "show", year.plan).out
    shown = year.show()
    assert [one["id"] for one in shown["blocks"] if one["on_hold"]] == ["cycle-1"]
    assert [f"  {one['id']}: {one['why']}" for one in shown["left_out"]] == [
        line for line in told.splitlines() if "left out; on the plan if" in line
    ]
    assert [one["id"] for one in shown["left_out"]] == ["cycle-1-week-4", "what-comes-next", "what-comes-next-2"]


def test_bags_and_premedication_of_an_interrupted_infusion(year, patient):
    year.begin("e1910", patient(**PH_NEGATIVE), "2026-03-02")
    year.do("decide", "remission=cr", "--on", "2026-05-20")
    year.do("decide", "mrd=positive", "--on", "2026-06-13")
    year.do("bags", "--block", "blinatumomab", "--hours", "96,72")
    infusion = year.rows("blinatumomab/1/blinatumomab")
    pause = ("--block", "blinatumomab", "--cycle", "1", "--day", "10", "--reason", "toxicity", "--grade", "2")
    year.do("hold", *pause)
    year.do("resume", "--block", "blinatumomab", "--on", shifted(infusion[9][0], 5))
    bags = year.printed("bags")
    assert "bag 3 of 8: 24 h at 1.8 mL/h, a 96 h bag taken down early" in bags
    assert "infusion stops, and goes on" in bags
    line = next(one for one in year.fine("schedule", year.plan).out.splitlines() if "/premedication-restart," in one)
    assert line.startswith(f"{shifted(infusion[9][0], 5)},08:00,")
    counted = year.fine("plan", "counters", year.plan).out
    assert "disconnect" not in counted


def test_a_drug_on_hold_goes_on_by_its_name_in_the_schedule(year, patient):
    year.begin("ponatinib-blinatumomab", patient(), "2026-03-02")
    name = "combination/1/blinatumomab"
    year.do("hold", "--block", "combination", "--day", "15", "--order", name, "--reason", "toxicity", "--grade", "3")
    infusion = year.rows(name)
    wrong = year.do("resume", "--block", "maintenance", "--order", name, "--on", infusion[19][0], code=2)
    assert "is not an order of maintenance" in wrong
    year.do("resume", "--block", "combination", "--order", name, "--on", infusion[19][0])
    assert [row[0] for row in year.rows(name)[14:16]] == [infusion[19][0], infusion[20][0]]
