"""An answer that was wrong is set right by command line, after doses were given by it."""

PH_POSITIVE = {"markers": {"ph": "positive", "cd19": "positive", "cd20": "negative", "cd22": "positive", "cns": "CNS1"}}


def begun(year, patient):
    """Two days of further blinatumomab given by the answer "further"."""
    year.begin("d-alba", patient(**PH_POSITIVE), "2026-03-02")
    year.do("decide", "response=chr", "--on", "2026-06-01")
    year.do("decide", "after-cycle-2=further", "--on", "2026-08-24")
    for day in ("1", "2"):
        year.do("given", "--block", "blinatumomab-further", "--day", day, "--order", "blinatumomab")


def test_what_was_given_by_a_wrong_answer_stays_and_is_asked_about(year, patient):
    begun(year, patient)
    asked = year.do("decide", "after-cycle-2=tki", "--on", "2026-08-24", code=2)
    assert "without a place in the course then: blinatumomab C3 D1, 2 of More blinatumomab" in asked
    assert "say --sure to answer it so" in asked
    told = year.do("decide", "after-cycle-2=tki", "--on", "2026-08-24", "--sure")
    assert "What is recorded stays, with its days and doses" in told
    given = [("2026-08-25", 1, "28", "given"), ("2026-08-26", 2, "28", "given")]
    assert year.rows("blinatumomab-further/3/blinatumomab") == given
    assert year.starts()["tki-maintenance"] == "2026-08-25"
    assert "tki-after-further" not in year.starts()
    assert any("vanished: Blinatumomab C3 D3 to 28" in line for line in year.diff())
    shown = year.fine("plan", "show", year.plan).out
    assert "More blinatumomab (d-alba 1), C3, Tue 25-Aug-2026 to Wed 26-Aug-2026, stays on the plan as far as" in shown
    assert "without a place" not in year.do("decide", "after-cycle-2=further", "--on", "2026-08-24")
    assert len(year.rows("blinatumomab-further/3/blinatumomab")) == 28


def test_an_answer_given_too_early_is_opened_again_though_doses_were_given_by_it(year, patient):
    begun(year, patient)
    asked = year.do("reopen", "after-cycle-2", "--reason", "a donor", code=2)
    assert "say --sure to open it so" in asked
    year.do("reopen", "after-cycle-2", "--reason", "a donor", "--sure")
    assert [row[3] for row in year.rows("blinatumomab-further/3/blinatumomab")] == ["given", "given"]


def test_what_has_begun_behind_another_answer_keeps_its_start_by_a_date_of_its_own(year, patient):
    """Two of three further cycles were never given: the block behind them began where they would have ended."""
    begun(year, patient)
    year.do("decide", "after-further=tki", "--on", "2026-08-26")
    year.do("enter-dose", "--block", "tki-after-further", "--order", "dasatinib", "--dose", "100 mg")
    began = year.starts()["tki-after-further"]
    year.do("move", "--block", "tki-after-further", "--after", "blinatumomab-further", "--gap", "-91")
    year.do("given", "--block", "tki-after-further", "--day", "1", "--order", "dasatinib")
    assert began != "2026-09-29" == year.starts()["tki-after-further"]
    refused = year.do("decide", "after-cycle-2=tki", "--on", "2026-08-24", "--sure", code=2)
    assert "Started on Tue 29-Sep-2026 by a date of its own, it keeps it" in refused
    year.do("move", "--block", "tki-after-further", "--start", "2026-09-29")
    year.do("decide", "after-cycle-2=tki", "--on", "2026-08-24", "--sure")
    assert year.starts()["tki-after-further"] == "2026-09-29"
