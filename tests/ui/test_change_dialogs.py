"""Questions about changes show what would happen first, and refuse what the services refuse."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QRadioButton, QScrollArea

from planner.model.civil import clinical_date, weekday_date
from planner.model.finding import FindingStatus
from planner.model.plan import Deferral, Given, GivenRecord, Omission, Scope
from planner.paths import resources
from planner.services.catalogue import load_library
from planner.services.demo import demo_plan
from planner.services.evaluation import evaluate, pinned_protocol
from planner.services.verbs import editing
from planner.services.verbs.recording import record_given
from tests.services.courses_at_hand import plan_of
from ui.dialogs.answers import AcknowledgeDialog, DecideDialog
from ui.dialogs.change_text import change_lines, new_findings, summary_line
from ui.dialogs.changes import DeferDialog, OmitDialog
from ui.dialogs.protocol_choice import ProtocolDialog, protocol_text
from ui.dialogs.protocol_text import protocol_sections
from ui.theme import LIGHT
from ui.tongue import use_language

TODAY = date(2026, 11, 22)
LIBRARY = load_library(resources())
DEMO = evaluate(demo_plan(resources()), LIBRARY)
BLOCK = DEMO.schedule.block("blinatumomab")


def _after(change):
    try:
        return evaluate(change(DEMO.plan), LIBRARY)
    except editing.Refusal as refusal:
        return str(refusal)


def _moved(days):
    return _after(lambda plan: editing.move_block(plan, BLOCK.id, days))


def _defer_dialog(qtbot):
    dialog = DeferDialog(
        DEMO, BLOCK, None, lambda answer: _after(lambda plan: editing.defer(plan, DEMO.schedule, answer))
    )
    qtbot.addWidget(dialog)
    return dialog


def test_defer_dialog_gives_the_deferral(qtbot):
    dialog = _defer_dialog(qtbot)
    dialog.cycle.setCurrentIndex(1)
    dialog.day.setCurrentIndex(dialog.day.findData(8))
    dialog.days.setValue(3)
    dialog.reason.setCurrentText("counts")
    dialog.note.setText(" low platelets ")
    assert dialog.deferral() == Deferral(BLOCK.id, 2, 8, 3, Scope.FOLLOWING, "counts", "low platelets")
    assert "moved" in dialog.preview.words.text()


def test_a_toxicity_has_a_grade_and_no_other_reason_has(qtbot):
    dialog = _defer_dialog(qtbot)
    assert not dialog.form.isRowVisible(dialog.grade)
    dialog.reason.setCurrentText("toxicity")
    assert dialog.form.isRowVisible(dialog.grade)
    assert dialog.deferral().grade == 0, "nobody said one yet"
    dialog.grade.setCurrentText("3")
    assert dialog.deferral().grade == 3
    dialog.reason.setCurrentText("infection")
    assert (dialog.deferral().reason, dialog.deferral().grade) == ("infection", 0)


@pytest.mark.parametrize("scope", list(Scope))
def test_defer_dialog_offers_every_scope(qtbot, scope):
    dialog = _defer_dialog(qtbot)
    dialog.scopes.button(tuple(Scope).index(scope)).setChecked(True)
    assert dialog.deferral().scope is scope


def test_defer_dialog_refuses_no_days(qtbot):
    dialog = _defer_dialog(qtbot)
    dialog.days.setValue(0)
    assert "at least one day" in dialog.preview.words.text()
    assert not dialog.ok.isEnabled()


def test_defer_dialog_starts_from_the_selected_day(qtbot):
    event = next(
        one
        for one in DEMO.schedule.events
        if one.placed.block.id == BLOCK.id and one.placed.cycle == 2 and one.cycle_day == 5
    )
    dialog = DeferDialog(DEMO, BLOCK, event, lambda answer: DEMO)
    qtbot.addWidget(dialog)
    assert (dialog.deferral().cycle, dialog.deferral().day) == (2, 5)


def test_defer_dialog_moves_the_rest_of_a_day_that_has_begun(qtbot):
    event = next(one for one in DEMO.schedule.events if one.placed.block.id == BLOCK.id and one.dose and one.dose.value)
    place = (BLOCK.id, event.placed.cycle, event.cycle_day, event.placed.order.id, 0)
    record = GivenRecord(*place, Given.GIVEN, event.date, event.dose.value, event.dose.unit, "A nurse")
    plan = record_given(DEMO.plan, DEMO.schedule, record, event.date)
    begun = evaluate(plan, LIBRARY)
    asked = []
    dialog = DeferDialog(begun, BLOCK, event, lambda answer: asked.append(answer) or begun)
    qtbot.addWidget(dialog)
    assert dialog.rest.isEnabled()
    assert dialog.deferral().kept == ()
    dialog.rest.setChecked(True)
    assert dialog.deferral().kept == asked[-1].kept == ((event.placed.order.id, 0),)
    other = next(number for number in range(dialog.day.count()) if dialog.day.itemData(number) != event.cycle_day)
    dialog.day.setCurrentIndex(other)
    assert not dialog.rest.isEnabled()
    assert dialog.deferral().kept == ()


def test_omit_dialog_leaves_out_one_dose_or_the_day(qtbot):
    event = next(one for one in DEMO.schedule.events if one.placed.agent == "dexamethasone")
    dialog = OmitDialog(DEMO, [event], lambda answer: _after(lambda plan: editing.omit(plan, DEMO.schedule, answer)))
    qtbot.addWidget(dialog)
    placed = event.placed
    first = Omission(placed.block.id, placed.cycle, event.cycle_day, placed.order.id, "other")
    assert dialog.omission() == first, "what the preview supposes until somebody chooses"
    assert dialog.find_problems() == ("Reason: choose one.",)
    dialog.accept()
    assert dialog.problems.text() == "Reason: choose one."
    dialog.reason.setCurrentText("toxicity")
    assert dialog.find_problems() == ()
    dialog.grade.setCurrentText("4")
    first = replace(first, reason="toxicity", grade=4)
    assert "another status" in dialog.preview.words.text()
    dialog.what.setCurrentIndex(1)
    assert dialog.omission() == replace(first, order="")


def _decide_dialog(qtbot, who="A. Pharmacist"):
    protocols = {pin.sha256: pinned_protocol(pin.text) for pin in DEMO.plan.pins}
    dialog = DecideDialog(
        DEMO,
        0,
        lambda taken: _after(lambda plan: editing.decide(plan, protocols, taken)),
        today=TODAY,
        who=who,
    )
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_decide_dialog_offers_every_answer_and_shows_its_consequence(qtbot):
    dialog = _decide_dialog(qtbot)
    choices = DEMO.schedule.decisions[0].decision.choices
    buttons = dialog.findChildren(QRadioButton)
    assert [button.text().removesuffix(" (expected)") for button in buttons] == [choice.title for choice in choices]
    other = next(number for number, one in enumerate(choices) if one.id != DEMO.schedule.decisions[0].choice)
    dialog.choices.button(other).setChecked(True)
    assert dialog.taken().choice == choices[other].id
    assert dialog.preview.words.text() != "Nothing would change."


def test_the_preview_of_an_answer_follows_its_day(qtbot):
    dialog = _decide_dialog(qtbot)
    dialog.which.setCurrentIndex(next(at for at, one in enumerate(DEMO.schedule.decisions) if one.choice is None))
    dialog.choices.button(0).setChecked(True)
    for day in (date(2026, 10, 1), date(2026, 11, 3)):
        dialog.on.set_day(day)
        assert clinical_date(day) in dialog.preview.words.text()


def test_an_open_decision_has_no_answer_before_somebody_gives_one(qtbot):
    dialog = _decide_dialog(qtbot)
    decisions = DEMO.schedule.decisions
    number = next(at for at, one in enumerate(decisions) if one.choice is None)
    dialog.which.setCurrentIndex(number)
    assert dialog.choices.checkedButton() is None
    assert dialog.preview.words.text() == "Choose an answer."
    dialog.accept()
    assert dialog.isVisible()
    assert "Choose an answer." in dialog.problems.text()
    dialog.choices.button(0).setChecked(True)
    assert decisions[number].day - TODAY.toordinal() > 14
    dialog.accept()
    assert dialog.isVisible()
    assert "days after that. Is the answer known?" in dialog.problems.text()
    dialog.on.set_day(TODAY + timedelta(days=1))
    assert dialog.find_problems() == (
        f"Decided on: {weekday_date(TODAY + timedelta(days=1))} lies in the future.",
    )  # refused as on the command line
    dialog.accept()
    assert dialog.isVisible()
    dialog.which.setCurrentIndex(1 - number)  # taken long ago
    dialog.on.set_day(TODAY)
    assert dialog.find_doubts() == ()


def test_the_arrow_keys_choose_an_answer_where_none_is_chosen(qtbot):
    dialog = _decide_dialog(qtbot)
    dialog.which.setCurrentIndex(next(at for at, one in enumerate(DEMO.schedule.decisions) if one.choice is None))
    first, second = dialog.choices.button(0), dialog.choices.button(1)
    qtbot.waitUntil(first.isVisible)
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Down)
    assert (dialog.choices.checkedButton(), dialog.focusWidget()) == (second, second)
    qtbot.keyClick(second, Qt.Key.Key_Up)
    assert dialog.choices.checkedButton() is first


def test_the_day_of_an_answer_tells_how_far_it_is_from_the_day_the_course_asks(qtbot):
    """Today is offered, and the question may have been due, and answered, months ago."""
    dialog = _decide_dialog(qtbot)
    for number, decision in enumerate(DEMO.schedule.decisions):
        dialog.which.setCurrentIndex(number)
        days = TODAY.toordinal() - decision.day
        told = f"{days} days after the course asks" if days > 0 else f"{-days} days before the course asks"
        assert dialog.on.answer.text().endswith(f" · {told}")
    due = date.fromordinal(DEMO.schedule.decisions[-1].day)
    for days, told in ((0, "the day"), (1, "a day after"), (-1, "a day before")):
        dialog.on.set_day(due + timedelta(days=days))
        assert f" · {told}" in dialog.on.answer.text()


def test_decide_dialog_wants_a_name_and_a_day(qtbot):
    dialog = _decide_dialog(qtbot, who="")
    dialog.on.line.setText("soon")
    dialog.accept()
    assert dialog.isVisible()
    assert "who decided" in dialog.problems.text()
    assert "Decided on" in dialog.problems.text()
    dialog.by.setText("A. Pharmacist")
    dialog.on.set_day(TODAY)
    dialog.accept()
    assert not dialog.isVisible()
    assert (dialog.taken().by, dialog.taken().on) == ("A. Pharmacist", TODAY)


def test_nothing_is_previewed_of_a_day_that_cannot_be_read(qtbot):
    """It went on with the day that the course asks on, as if that had been typed."""
    dialog = _decide_dialog(qtbot)
    dialog.choices.button(1).setChecked(True)
    assert dialog.preview.rows.rowCount() or dialog.preview.words.text()
    dialog.on.line.setText("15 nov")
    assert dialog.preview.words.text() == "Decided on: not a date; write it as 14-Mar-2026."
    assert dialog.preview.rows.rowCount() == 0
    assert not dialog.ok.isEnabled()
    dialog.on.set_day(TODAY)
    assert dialog.ok.isEnabled()


def _finding():
    for days in range(-60, 60):
        after = _moved(days)
        opened = [one for one in after.findings if one.status is FindingStatus.OPEN]
        if opened:
            return opened[0]
    raise AssertionError("no move of the demo gives an open finding")


def test_acknowledging_wants_reason_and_name_and_shows_the_rule(qtbot):
    finding = _finding()
    dialog = AcknowledgeDialog(finding, "")
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.accept()
    assert dialog.isVisible()
    assert "why" in dialog.problems.text()
    assert "who" in dialog.problems.text()
    dialog.reason.setText("Discussed")
    dialog.by.setText("A. Pharmacist")
    dialog.accept()
    assert not dialog.isVisible()


def test_change_text_counts_names_and_finds():
    after = _moved(7)
    lines = change_lines(DEMO, after)
    assert lines[0].endswith(" items moved.")
    assert any(line.startswith("and ") for line in lines)
    assert summary_line(DEMO, DEMO) == ""
    assert change_lines(DEMO, DEMO) == ("Nothing would change.",)


def test_finding_that_moved_along_is_not_called_new():
    same = _after(lambda plan: plan)
    assert new_findings(DEMO, same) == ()


def _protocol_dialog(qtbot, chosen="", course=None):
    course = course or replace(DEMO.schedule, blocks=())
    dialog = ProtocolDialog(LIBRARY, chosen, DEMO.plan.patient, course, today=TODAY, theme=LIGHT)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_protocol_dialog_places_the_chosen_whole(qtbot):
    dialog = _protocol_dialog(qtbot, "calgb-10403")
    placement = dialog.placement()
    assert placement.shelved.protocol.id == "calgb-10403"
    assert (placement.phase, placement.start.on) == ("", TODAY)
    defaults = {variant.id: variant.default for variant in placement.shelved.protocol.variants}
    assert placement.choices == defaults


def test_protocol_dialog_places_one_phase_after_a_block(qtbot):
    (induction,) = (one for one in DEMO.schedule.blocks if one.id == "induction")
    induction = replace(induction, end=date(2027, 1, 18).toordinal())
    dialog = _protocol_dialog(qtbot, "blinatumomab-mrd", replace(DEMO.schedule, blocks=(induction,)))
    dialog.after.setCurrentIndex(1)
    assert dialog.falls_on.text() == "Mon 18-Jan-2027"  # the day after the induction's last
    dialog.gap.setValue(14)
    assert dialog.falls_on.text() == "Mon 01-Feb-2027"
    dialog.phase.setCurrentIndex(1)
    placement = dialog.placement()
    assert (placement.start.after, placement.start.gap_days) == ("induction", 14)
    assert placement.phase == placement.shelved.protocol.phases[0].id


def test_what_counts_from_the_graft_is_offered_on_the_day_of_the_graft(qtbot):
    """Cyclophosphamide after the graft stood on its fourth and fifth day."""
    course = evaluate(plan_of("hsct-bu-cy"), LIBRARY).schedule
    dialog = _protocol_dialog(qtbot, "ptcy-gvhd", course)
    dialog.after.setCurrentIndex(1)
    graft = next(one.day for one in course.events if one.cycle_day == 0)
    assert (dialog.gap.value(), dialog.falls_on.text()) == (-1, weekday_date(graft))
    assert dialog.beside.text() == "Day 0 of PTCy is Day 0 of Conditioning."
    dialog.gap.setValue(0)
    assert dialog.beside.isHidden()
    dialog.list.table.select_key("pomp")
    dialog._show_choice()
    assert dialog.gap.value() == 0


def test_a_first_day_years_from_the_rest_is_asked_about(qtbot):
    dialog = _protocol_dialog(qtbot, "d-alba", DEMO.schedule)
    dialog.day.set_day(TODAY.replace(year=1999))
    dialog.accept()
    assert "is the year right?" in dialog.problems.text()
    assert dialog.isVisible()
    dialog.checked.setChecked(True)
    dialog.accept()
    assert not dialog.isVisible()


def test_the_frame_of_what_scrolls_is_clear_of_its_words(qtbot):
    dialog = _protocol_dialog(qtbot, "blinatumomab-mrd")
    area = dialog.findChild(QScrollArea)
    assert dialog.details.mapTo(area, QPoint(0, 0)).x() >= 6


def test_the_evidence_of_a_protocol_is_said_in_the_chosen_language():
    shelved = load_library(resources()).protocols["blinatumomab-mrd"]
    use_language("es")
    assert "Evidencia más débil de sus elementos: sin verificar" in protocol_text(shelved, DEMO.plan.patient, TODAY)


def test_protocol_dialog_refuses_a_day_that_is_none(qtbot):
    dialog = _protocol_dialog(qtbot, "d-alba")
    dialog.day.line.setText("1/2/2027")
    dialog.accept()
    assert dialog.isVisible()
    assert "could be" in dialog.problems.text()
    assert dialog.placement() is None


def test_protocol_dialog_search_that_finds_nothing(qtbot):
    dialog = _protocol_dialog(qtbot)
    dialog.list.search.setText("zzzz")
    assert dialog.chosen() is None
    assert dialog.placement() is None
    assert not dialog.ok.isEnabled()
    assert "Nothing is found" in dialog.list.empty.text()
    dialog.list.search.setText("pegaspargase")
    assert dialog.chosen().protocol.id == "calgb-10403"
    assert dialog.ok.isEnabled()


def test_protocol_text_never_claims_what_nobody_recorded():
    shelved = LIBRARY.protocols["blinatumomab-mrd"]
    text = protocol_text(shelved, replace(DEMO.plan.patient, markers=()), TODAY)
    assert "cannot tell, not recorded" in text
    assert "for you to check" in text
    assert "\n  met:" not in text or "CD19" not in text.split("\n  met:")[1].split("\n")[0]


def test_the_page_of_a_protocol_tells_the_classes_of_its_drugs_with_their_source():
    """Rules look for classes; where they were read stood in no window."""
    sections = protocol_sections(LIBRARY.protocols["pomp"], LIBRARY.agents)
    drugs = next(one.lines for one in sections if one.heading == "Drugs")
    (mercaptopurine,) = (line for line in drugs if line.startswith("Mercaptopurine. Classes: thiopurine, "))
    assert mercaptopurine.endswith("guideline-for-thiopurines-and-tpmt/ (secondary)")
    assert len(drugs) == len({*drugs})
