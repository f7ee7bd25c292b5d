"""Questions described as tables of fields: what is read, what is refused, what is hidden, what would change."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QCheckBox

from planner.errors import InputProblem
from planner.model.civil import clinical_date
from planner.model.quantity import parse_dose
from tests.ui.desks import NOON, nudge, open_desk, open_dialog
from ui.dialogs.described import DescribedDialog, Form
from ui.dialogs.fields import KINDS, Field
from ui.dialogs.history import HistoryDialog
from ui.dialogs.page import PageDialog
from ui.tongue import use_language

ALL = (
    Field("name", "&Name", value="Ana"),
    Field("word", "&Word", "secret", value=" a b "),
    Field("text", "&Text", "lines", "one\ntwo"),
    Field("weight", "We&ight", "number", Decimal("70.40")),
    Field("times", "&Times", "whole", 3, least=1, most=9),
    Field("days", "&Days", "days", 7, least=-5, most=9),
    Field("given", "&Given", "dose", "28 mcg/day"),
    Field("on", "&On", "date", date(2026, 11, 22)),
    Field("shut", "&Shut", "dates", (date(2026, 12, 25), date(2027, 1, 1))),
    Field("colour", "&Colour", "choice", "g", (("r", "Red"), ("g", "Green"))),
    Field("drug", "D&rug", "pick", "ponatinib", (("dasatinib", "Dasatinib"), ("ponatinib", "Ponatinib"))),
    Field("bags", "&Bags", "several", (48,), ((24, "24 h"), (48, "48 h"))),
    Field("place", "F&older", "folder", "/plans/of/mine"),
    Field("sure", "", "tick", value=True, hint="I am sure"),
)


@pytest.fixture
def ask(qtbot):
    def make(*fields, **named):
        dialog = DescribedDialog(Form("Question", "Yes", fields, **named))
        qtbot.addWidget(dialog)
        return dialog

    return make


def _line(dialog, name):
    return dialog.editors[name].widget


def test_every_kind_gives_back_what_it_was_given(ask):
    dialog = ask(*ALL)
    assert {field.kind for field in ALL} == set(KINDS)
    assert dialog.answers() == {field.id: field.value for field in ALL}
    assert dialog.find_problems() == ()


def test_every_field_has_a_name_for_screen_readers(ask):
    dialog = ask(*ALL)
    for editor in dialog.editors.values():
        widget = editor.widget.focusProxy() or editor.widget
        name = editor.field.name or editor.field.hint
        assert widget.accessibleName() in (name, f"{name}: {widget.text() if isinstance(widget, QCheckBox) else ''}")


@pytest.mark.parametrize(
    ("field", "words"),
    [
        (Field("a", "&A"), "A: nothing is entered."),
        (Field("a", "A", "secret"), "A: nothing is entered."),
        (Field("a", "A", "lines"), "A: nothing is entered."),
        (Field("a", "A", "number"), "A: nothing is entered."),
        (Field("a", "A", "number", "7o"), 'A: "7o" is not a number.'),
        (Field("a", "A", "several", (), ((1, "one"),)), "A: nothing is entered."),
        (Field("a", "A", "choice"), "A: nothing is entered."),
        (Field("a", "A", "pick", None, ((1, "one"),)), "A: nothing is entered."),
    ],
)
def test_empty_and_unreadable_answers_are_told(ask, field, words):
    dialog = ask(field)
    assert dialog.find_problems() == (words,)
    dialog.accept()
    assert not dialog.result()
    assert dialog.problems.text() == words


def test_wrong_date_is_told(ask):
    dialog = ask(Field("on", "On", "date"))
    _line(dialog, "on").line.setText("31 feb 2026")
    assert dialog.find_problems()[0].startswith("On: ")


@pytest.mark.parametrize("kind", ["text", "lines", "number", "date", "several"])
def test_optional_fields_may_stay_empty(ask, kind):
    dialog = ask(Field("a", "A", kind, optional=True))
    assert dialog.find_problems() == ()
    assert not dialog.answers()["a"]


def test_hidden_fields_are_neither_shown_nor_asked(ask):
    dialog = ask(
        Field("why", "Why", "choice", "other", (("toxicity", "toxicity"), ("other", "other"))),
        Field("grade", "Grade", "text", shown_if=lambda answers: answers["why"] == "toxicity"),
    )
    assert dialog.editors["grade"].widget.isHidden()
    assert dialog.find_problems() == ()
    _line(dialog, "why").setCurrentIndex(0)
    assert not dialog.editors["grade"].widget.isHidden()
    assert dialog.find_problems() == ("Grade: nothing is entered.",)


def test_what_does_not_go_together_is_told_and_doubts_need_a_tick(ask):
    dialog = ask(
        Field("days", "Days", "whole", 7),
        problems=lambda answers: ["Seven is refused."] if answers["days"] == 7 else [],
        doubts=lambda answers: ["Eight is unusual."],
    )
    assert dialog.find_problems() == ("Seven is refused.",)
    _line(dialog, "days").setValue(8)
    dialog.accept()
    assert not dialog.result()
    dialog.checked.setChecked(True)
    dialog.accept()
    assert dialog.result()


def test_settings_are_asked_kept_and_used(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        desk.window.act("settings")
        dialog = open_dialog(qtbot, desk, DescribedDialog)
        several = _line(dialog, "when_to_call")
        assert several.minimumHeight() >= 2 * several.fontMetrics().lineSpacing()  # also where the screen is low
        _line(dialog, "name").setText("North Clinic")
        _line(dialog, "theme").setCurrentIndex(3)
        _line(dialog, "drug_names").setCurrentIndex(1)
        dialog.accept()
        assert desk.settings.site.name == "North Clinic"
        assert desk.settings.site.drug_names == "tall-man"
        assert desk.theme.name == "contrast"
        assert desk.window.timeline.kit.theme.name == "contrast"
    with open_desk(qtbot, tmp_path / "data", library=False) as desk:
        assert desk.settings.site.name == "North Clinic"
        assert desk.theme.name == "contrast"


def test_shortcuts_page_names_every_key(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", library=False) as desk:
        desk.window.act("shortcuts")
        page = open_dialog(qtbot, desk, PageDialog)
        text = page.text()
        for action in desk.window.actions_by_id.all():
            for key in action.shortcuts():
                assert key.toString() in text, action.objectName()
        page.search.setText("undo")
        assert page.text().splitlines() == ["Edit", "Undo\tCtrl+Z"]
        page.reject()


def test_a_protocol_reads_as_a_page_with_every_order_and_source(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data") as desk:
        window = desk.window
        window.act("read_protocol")
        assert "Choose a protocol" in window.notice.words.text()
        window.catalogue.search.setText("10403")
        window.act("read_protocol")
        page = open_dialog(qtbot, desk, PageDialog)
        text, protocol = page.text(), desk.document.library.protocols["calgb-10403"].protocol
        assert all(f"{one.id}: {one.text}" in text for one in protocol.references)
        assert all(phase.title in text for phase in protocol.phases)
        assert text.count("antineoplastic") >= sum(
            order.role == "antineoplastic" for phase in protocol.phases for order in phase.orders
        )
        page.search.setText("no such word anywhere")
        assert page.text() == ""
        page.reject()


def test_history_compares_and_goes_back(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        first = desk.document.evaluated.plan
        desk.window.select("blinatumomab")
        nudge(desk.window, "later_week")
        desk.window.act("plan_history")
        dialog = open_dialog(qtbot, desk, HistoryDialog)
        assert dialog.table.model().rowCount() == 2
        assert not dialog.ok.isEnabled()
        dialog.table.selectRow(0)
        assert "as it stands now" in dialog.told.text()
        assert not dialog.ok.isEnabled()
        dialog.table.selectRow(1)
        assert "moved" in dialog.told.text()
        dialog.accept()
        assert desk.document.evaluated.plan == first
        assert len(desk.archive.history(first.id)) == 3
        assert desk.window.notice.words.text() == (
            "The plan is as it was in state 1. State 2, as it stood until now, is kept in its history."
        )
        assert desk.window.saved.text() == f"Saved {NOON:%H:%M}"


def test_going_back_keeps_an_allergy_that_was_recorded_since_unless_somebody_says_otherwise(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        document, first = desk.document, desk.document.evaluated.plan
        learnt = replace(first.patient, allergies=(*first.patient.allergies, "pegaspargase"))
        document.edit("Edit patient", lambda plan: replace(plan, patient=learnt))
        document.save_now()

        def asked():
            desk.window.act("plan_history")
            dialog = open_dialog(qtbot, desk, HistoryDialog)
            dialog.table.selectRow(dialog.table.model().rowCount() - 1)
            return dialog

        dialog = asked()
        assert "pegaspargase" not in dialog.told.text()
        dialog.accept()
        assert document.evaluated.plan == replace(first, patient=learnt)
        dialog = asked()
        dialog.patient_too.setChecked(True)
        assert "Allergy: pegaspargase." in dialog.told.text()
        dialog.accept()
        assert dialog.isVisible()
        assert dialog.problems.text() == "The allergy pegaspargase was recorded since and would be gone."
        dialog.checked.setChecked(True)
        dialog.accept()
        assert document.evaluated.plan == first


def test_bags_are_planned_with_a_preview(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        window = desk.window
        block = next(
            one.placed.block.id for one in desk.document.evaluated.schedule.events if one.placed.kind == "infusion"
        )
        window.select(block)
        window.act("bags")
        dialog = open_dialog(qtbot, desk, DescribedDialog)
        assert not dialog.ok.isEnabled(), "the demo's bags are planned so already"
        weekdays = dialog.editors["weekdays"].widget.findChildren(QCheckBox)
        next(box for box in weekdays if not box.isChecked()).setChecked(True)
        assert dialog.ok.isEnabled()
        dialog.accept()
        assert [plan.block for plan in desk.document.evaluated.plan.bag_plans] == [block]


def test_closed_days_of_bags_are_entered_and_kept(qtbot, tmp_path, monkeypatch):
    asked = []

    def holidays(country, part, years):
        asked.append((country, part, tuple(years)))
        if country != "DE":
            raise InputProblem(("no such country",))
        return frozenset({date(2027, 1, 1)})

    monkeypatch.setattr("ui.intents.verbs.knows_holidays", lambda: True)
    monkeypatch.setattr("ui.dialogs.closed_days.public_holidays", holidays)
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        events = desk.document.evaluated.schedule.events
        block = next(one.placed.block.id for one in events if one.placed.kind == "infusion")
        changed_on = [one.day for one in events if one.placed.kind == "bag" and one.placed.block.id == block]
        desk.window.select(block)
        desk.window.act("bags")
        dialog = open_dialog(qtbot, desk, DescribedDialog)
        shut = date.fromordinal(changed_on[1])
        _line(dialog, "closed").setText(f"{clinical_date(shut)}, 31.2.2026")
        assert not dialog.ok.isEnabled()
        assert "no such day" in dialog.preview.words.text()
        _line(dialog, "closed").setText(clinical_date(shut))
        assert any(clinical_date(shut) in run[0].before for run in dialog.preview.rows.rows)
        _line(dialog, "country").setText("XX")
        assert dialog.preview.words.text() == "No public holidays are known for XX."
        _line(dialog, "country").setText("de-by")
        assert asked[-1] == ("DE", "BY", (2026, 2027))
        dialog.accept()
        evaluated = desk.document.evaluated
        assert evaluated.plan.bag_plans[0].closed == (shut, date(2027, 1, 1))
        bags = [one.day for one in evaluated.schedule.events if one.placed.kind == "bag"]
        assert shut.toordinal() not in bags
        desk.window.act("bags")
        again = open_dialog(qtbot, desk, DescribedDialog)
        assert again.answers()["closed"] == (shut, date(2027, 1, 1))
        again.reject()


def test_without_the_library_of_holidays_no_country_is_asked_for(qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr("ui.intents.verbs.knows_holidays", lambda: False)
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        events = desk.document.evaluated.schedule.events
        desk.window.select(next(one.placed.block.id for one in events if one.placed.kind == "infusion"))
        desk.window.act("bags")
        dialog = open_dialog(qtbot, desk, DescribedDialog)
        assert set(dialog.editors) == {"hours", "weekdays", "closed"}
        dialog.reject()


def test_named_spans_and_pages_bring_other_days_into_sight(qtbot, tmp_path):
    with open_desk(qtbot, tmp_path / "data", demo=True) as desk:
        view = desk.window.timeline
        for action, days in (("span_week", 7), ("span_cycle", 28), ("span_quarter", 91)):
            desk.window.act(action)
            assert view.scale.right - view.scale.left == pytest.approx(days, abs=0.5), action
        desk.window.act("span_week")
        left = view.scale.left
        desk.window.act("page_on")
        assert view.scale.left > left
        desk.window.act("page_back")
        assert view.scale.left == pytest.approx(left, abs=0.01)
        desk.window.act("fit_all")
        assert view.scale.left <= view.scene.timeline.start
        desk.window.act("today")
        assert view.scale.left < view.today < view.scale.right


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("28 mcg/día", "28 mcg/day"),
        ("28 mcg/day", "28 mcg/day"),
        ("2500 unidades/m2", "2500 units/m2"),
        ("60 mg/m2/día", "60 mg/m2/day"),
        ("2 gotas", "2 drops"),
        ("30 mg", "30 mg"),
    ],
)
def test_a_dose_may_be_typed_as_the_window_writes_it(qtbot, typed, kept):
    """The field itself gives "28 mcg/día" for an example, and refused it."""
    use_language("es")
    editor = KINDS["dose"](Field("dose", "&Dose", "dose"))
    qtbot.addWidget(editor.widget)
    editor.widget.setText(typed)
    assert editor.value() == kept
    parse_dose(editor.value())
