"""Four courses through a year in the window, by its own forms: the same stories as by command line (tests/cli)."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from planner.model.cycle_content import State
from planner.model.patient import Measurement, Patient
from planner.model.plan import Scope
from planner.paths import resources
from planner.services.telling.totals import totals
from tests.golden.cases import PATIENTS
from tests.services.courses_at_hand import plan_of
from tests.ui.desks import open_desk, open_dialog
from ui.dialogs.answers import DecideDialog
from ui.dialogs.changes import DeferDialog
from ui.dialogs.described import DescribedDialog
from ui.dialogs.patient import PatientDialog

START = date(2026, 3, 2)
ADULT = replace(PATIENTS["adult"], measurements=(Measurement(START, Decimal(168), Decimal("70.4")),))


def ph(status: str) -> Patient:
    return replace(ADULT, markers=(*ADULT.markers, ("ph", status)))


class Window:
    """The window with one plan, used as a person uses it: select, choose an action, fill in its form."""

    def __init__(self, qtbot, desk):
        self.qtbot, self.desk, self.day = qtbot, desk, (0, 0)

    def begin(self, protocol, patient):
        self.desk.document.create(plan_of(protocol, patient, START), "New plan")

    @property
    def evaluated(self):
        return self.desk.document.evaluated

    def events(self, place):
        """The events of block/cycle/order, in order of time."""
        return [one for one in self.evaluated.schedule.events if one.placed.id == place]

    def days(self, place):
        return [one.day for one in self.events(place)]

    def states(self, place):
        return [one.state for one in self.events(place)]

    def doses(self, place):
        return [str(one.dose.value) for one in self.events(place)]

    def blocks(self):
        return [block.id for block in self.evaluated.schedule.blocks]

    def start(self, block):
        return self.evaluated.schedule.block(block).start

    def select(self, place, day):
        """A bar may hold many days; the form then asks which is meant."""
        self.day = int(place.split("/")[1]), day
        self.desk.window._select_event(next(one for one in self.events(place) if one.cycle_day == day))

    def do(self, action, *, refused="", **answers):
        """Open the form of that action, fill it in and accept it; or find it refused with these words."""
        self.desk.window.act(action)
        dialog = open_dialog(self.qtbot, self.desk, DescribedDialog)
        if "at" in dialog.editors:
            editor = dialog.editors["at"]
            days = [(one.placed.cycle, one.cycle_day) for one, _ in editor.field.choices]
            cycle, _ = self.day
            wanted = self.day if self.day in days else next(one for one in days if one[0] == cycle)
            editor.widget.setCurrentIndex(days.index(wanted))
        for name, value in answers.items():
            fill(dialog.editors[name], value)
        self._accept(dialog, refused)

    def told(self, action, place, day, **answers):
        """What the form of that action says would change; it is not accepted."""
        self.select(place, day)
        self.desk.window.act(action)
        dialog = open_dialog(self.qtbot, self.desk, DescribedDialog)
        for name, value in answers.items():
            fill(dialog.editors[name], value)
        words = dialog.preview.words.text()
        dialog.reject()
        return words

    def defer(self, place, day, days, scope, *, refused=""):
        self.select(place, day)
        self.desk.window.act("defer")
        dialog = open_dialog(self.qtbot, self.desk, DeferDialog)
        dialog.days.setValue(days)
        dialog.scopes.button(list(Scope).index(scope)).setChecked(True)
        dialog.reason.setCurrentText("toxicity")
        self._accept(dialog, refused)

    def decide(self, decision, choice, note=""):
        self.desk.window.act("decide")
        dialog = open_dialog(self.qtbot, self.desk, DecideDialog)
        known = self.evaluated.schedule.decisions
        number = next(number for number, one in enumerate(known) if one.decision.id == decision)
        dialog.which.setCurrentIndex(number)
        choices = [one.id for one in known[number].decision.choices]
        dialog.choices.button(choices.index(choice)).setChecked(True)
        dialog.by.setText("Ph. One")
        dialog.note.setText(note)
        self._accept(dialog, "")

    def weigh(self, kilograms, on, doses):
        self.desk.window.act("edit_patient")
        dialog = open_dialog(self.qtbot, self.desk, PatientDialog)
        dialog.person.weight_field.setText(kilograms)
        dialog.person.measured.line.setText(on)
        dialog.accept()
        asked = open_dialog(self.qtbot, self.desk, DescribedDialog)
        fill(asked.editors["doses"], doses)
        asked.accept()
        assert not dialog.isVisible(), dialog.problems.text()

    def open_rules(self):
        return {one.rule for one in self.evaluated.findings if one.severity == "contraindicated"}

    def counted(self):
        found = totals(self.evaluated, self.desk.document.library, resources())
        return {(one.rule.id, one.agent or None): one.planned for one in found.counters}

    def _accept(self, dialog, refused):
        told = dialog.preview.words.text()
        if refused:
            assert refused in told
            assert not dialog.ok.isEnabled()
            dialog.reject()
            return
        assert dialog.ok.isEnabled(), told
        assert told
        steps = self.desk.document.stack.index()
        dialog.accept()
        if dialog.checked.isVisible():  # a hold or a stop of what nobody recorded is asked about
            dialog.checked.setChecked(True)
            dialog.accept()
        assert not dialog.isVisible(), dialog.problems.text()
        assert self.desk.document.stack.index() == steps + 1


def fill(editor, value):
    kind, widget = editor.field.kind, editor.widget
    if kind == "choice":
        widget.setCurrentIndex([one for one, _ in editor.field.choices].index(value))
    elif kind in ("whole", "days"):
        widget.setValue(value)
    elif kind == "date":
        widget.set_day(value)
    elif kind == "pick":
        widget.setCurrentText(value)
    else:
        widget.setText(value)


@pytest.fixture
def window(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data") as desk:
        yield Window(qtbot, desk)


def test_e1910_with_fever_mrd_and_two_interruptions(window):
    window.begin("e1910", ph("negative"))
    vincristine = "induction-1/1/vincristine"
    window.select(vincristine, 1)
    window.do("enter_dose", dose="2 mg", scope=Scope.CYCLE, reason="other")
    assert window.doses(vincristine) == ["2"] * 4
    next_block, third = window.start("induction-2"), window.days(vincristine)[2]
    window.select(vincristine, 1)
    window.do("given", by="Ph. One", on=START)
    assert window.states(vincristine)[0] is State.GIVEN
    window.defer(vincristine, 15, 4, Scope.FOLLOWING)  # fever
    assert window.days(vincristine)[2] == third + 4
    assert window.start("induction-2") == next_block + 4
    window.defer(vincristine, 1, 1, Scope.ALL, refused="given")

    window.decide("remission", "cr")
    window.decide("mrd", "positive", "MRD 0.3 %")
    assert not any(block.provisional for block in window.evaluated.schedule.blocks)

    infusion = "blinatumomab/1/blinatumomab"
    planned = window.days(infusion)
    window.select(infusion, 10)
    window.do("hold", what="", reason="toxicity", grade=2, note="CRS")
    assert Counter(window.states(infusion)) == {State.PLANNED: 9, State.HELD: 19}
    assert window.evaluated.schedule.block("chemo").provisional
    short = window.told("resume", infusion, 10, on=date.fromordinal(planned[9] + 5))
    assert "Restart under supervision: stopped 120 h, 4 h or more (" in short
    assert "Premedication again on Day 10: dexamethasone" in short
    assert "A new cycle 1: stopped 10 days, more than 7 (" in window.told(
        "resume", infusion, 10, on=date.fromordinal(planned[9] + 10)
    )
    window.select(infusion, 10)
    window.do("resume", on=date.fromordinal(planned[9] + 5))
    assert (len(window.days(infusion)), window.days(infusion)[-1]) == (28, planned[-1] + 5)
    assert window.days("blinatumomab/1/premedication-restart") == [window.days(infusion)[9]]

    second = window.days("blinatumomab/2/blinatumomab")
    window.select("blinatumomab/2/blinatumomab", 8)
    window.do("hold", what="", reason="toxicity", grade=3)
    window.select("blinatumomab/2/blinatumomab", 8)
    window.do("resume", on=date.fromordinal(second[7] + 10))
    assert len(window.days("blinatumomab/2/blinatumomab")) == 7
    again = window.days("blinatumomab-again/2/blinatumomab")
    assert (len(again), again[0]) == (28, second[7] + 10)
    assert window.counted()["blinatumomab-days", None] == 28 + 7 + 28 + 28 + 28


def test_d_alba_with_a_reduced_tki_and_a_decision_opened_again(window):
    window.begin("d-alba", ph("positive"))
    window.decide("response", "chr")
    tki = "induction/1/dasatinib-to-day-85"
    window.select(tki, 30)
    answers = {"how": "dose", "dose": "100 mg", "level": "-1", "scope": Scope.ALL, "reason": "toxicity", "grade": 3}
    window.do("reduce", **answers, note="pleural effusion")
    assert window.doses(tki) == ["140"] * 29 + ["100"] * 56
    assert set(window.doses("blinatumomab/1/dasatinib")) == {"100"}
    window.select("blinatumomab/2/dasatinib", 1)
    window.do("full_dose", scope=Scope.FOLLOWING, reason="other")
    assert set(window.doses("blinatumomab/2/dasatinib")) == {"140"}
    window.decide("after-cycle-2", "further")
    assert "blinatumomab-further" in window.blocks()
    first = next(
        one for one in window.evaluated.schedule.events if one.placed.block.id == "blinatumomab-further" and one.dose
    )
    window.select(first.placed.id, first.cycle_day)
    window.do("given", by="Ph. One", on=date.fromordinal(first.day))
    window.do("reopen", reason="donor found", by="Ph. One")
    assert "blinatumomab-further" in window.blocks(), "what was given by the wrong answer stays"
    window.select(first.placed.id, first.cycle_day)
    window.desk.window.act("forget_given")
    assert "blinatumomab-further" not in window.blocks()
    window.decide("after-cycle-2", "transplant")
    assert window.blocks()[-2:] == ["blinatumomab", "what-comes-next-2"]


def test_mini_hyper_cvd_inotuzumab_with_reductions_a_stop_and_less_weight(window):
    window.begin("mini-hyper-cvd-inotuzumab", ph("negative"))
    first, later = "odd/1/cyclophosphamide", "odd-2/3/cyclophosphamide"
    window.select(first, 1)
    window.do("reduce", percent=75, scope=Scope.CYCLE, reason="counts")
    assert (set(window.doses(first)), set(window.doses(later))) == ({"204"}, {"272"})
    assert window.counted()["antibody-cycles", "inotuzumab"] == 4
    window.select("even/2/inotuzumab", 8)
    window.do("stop", scope=Scope.ALL, reason="toxicity", grade=3, note="liver")
    assert window.counted()["antibody-cycles", "inotuzumab"] == 2
    assert set(window.states("even-2/4/inotuzumab")) == {State.STOPPED}
    third = window.days("pomp/3/mercaptopurine")[0]
    window.select("pomp/2/mercaptopurine", 1)
    window.do("skip", closes=True, reason="infection")
    assert window.days("pomp/2/mercaptopurine") == []
    assert window.days("pomp/3/mercaptopurine")[0] < third
    before = window.doses(later)[0]
    window.weigh("55", "1-Apr-2026", "follow")
    ratio = Decimal(window.doses(later)[0]) / Decimal(before)
    assert float(ratio) == pytest.approx((55 / 70.4) ** 0.5, abs=0.01)
    assert window.doses(first)[0] == "204"
    window.select("odd-2/3/pegfilgrastim", 4)
    window.do("replace", agent="Filgrastim", dose="5 mcg/kg", reason="other")
    assert set(window.doses("odd-2/3/pegfilgrastim")) == {"275"}
    blocks = window.blocks()
    window.select("blinatumomab/6/blinatumomab", 1)
    window.do("repeat", reason="other")
    assert [block for block in window.blocks() if block not in blocks] == ["blinatumomab-again", "blinatumomab-rest"]


def test_obe_cel_second_dose_after_crs_grade_2_and_3(window):
    window.begin("obe-cel", ADULT)
    window.decide("burden", "low", "12 % blasts")
    cells = "second-dose/1/obe-cel-low-burden"
    planned = window.days(cells)[0]
    window.decide("second-dose", "postpone", "CRS grade 2")
    window.defer(cells, 10, 11, Scope.FOLLOWING)
    assert (window.days(cells)[0], window.states(cells)[0]) == (planned + 11, State.DEFERRED)
    assert "CT-04" not in window.open_rules()
    window.defer(cells, 10, 1, Scope.FOLLOWING)
    assert "CT-04" in window.open_rules()
    window.desk.window.act("undo")
    assert window.days(cells)[0] == planned + 11
    assert "CT-04" not in window.open_rules()
    window.do("reopen", reason="CRS grade 3 on Day 12", by="Ph. One")
    window.decide("second-dose", "no", "CRS grade 3")
    assert window.blocks() == ["lymphodepletion", "first-dose"]
