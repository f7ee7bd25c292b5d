"""What the inspector says of one dose: volume and rate with the arithmetic that made them."""

from msgspec.structs import replace

from planner.model.cycle_content import State
from planner.model.plan import Deferral, Scope
from planner.model.release import confirmed_as, open_items
from planner.model.schedule import PlacedBlock
from planner.services.evaluation import evaluate
from planner.services.release import confirm
from planner.services.verbs import editing
from tests.exports.papers import library
from tests.services.courses_at_hand import plan_of
from ui.models.description import Description
from ui.models.finding_table import severity_word
from ui.models.subject import Subject
from ui.panels.inspector_text import describe
from ui.plan_words import plan_words
from ui.tongue import use_language


def first_dose(protocol: str, agent: str) -> Description:
    """The inspector on the first dose of that agent."""
    shown = evaluate(plan_of(protocol), library())
    event = next(event for event in shown.schedule.events if event.placed.agent == agent)
    return describe(shown, Subject("one", None, event.placed.block, (event,), ()))


def lines_of(description: Description, title: str) -> tuple[str, ...]:
    return next(tuple(section.lines) for section in description.sections if section.heading == title)


def test_a_stated_volume_and_rate_stand_beside_the_dose() -> None:
    assert "over 1 h, 50 mL at 50 mL/h" in lines_of(first_dose("inotuzumab-rr", "inotuzumab"), "What")


def test_a_computed_volume_and_rate_tell_how_they_came_about() -> None:
    told = lines_of(first_dose("nelarabine-t-all", "nelarabine"), "Dose")
    assert any(" mg / 5 mg/mL = " in line for line in told)
    assert told[-1].endswith(" mL/h")


def test_a_dose_whose_volume_nobody_states_says_only_how_long_it_takes() -> None:
    assert "over 15 min" in lines_of(first_dose("calgb-10403", "daunorubicin"), "What")


def test_every_address_that_a_source_names_can_be_opened() -> None:
    first, second = "https://ch.example/reg/1/chapter/usage", "https://nz.example/a_(b)"
    source = f"Swiss text, {first}; the regimen ({second}) gives it."
    finding = replace(evaluate(plan_of("d-alba"), library()).findings[0], source=source, url=first)
    told = describe(evaluate(plan_of("d-alba"), library()), Subject("one", None, None, (), (), finding=finding))
    section = next(one for one in told.sections if one.heading == "Source")
    assert section.links == ((first, first), (second, second))
    assert section.lines[0] == "Swiss text, ch.example; the regimen (nz.example) gives it.", "no wider than the panel"


def test_in_another_language_a_finding_says_that_its_rule_speaks_english() -> None:
    shown = evaluate(plan_of("d-alba"), library())
    subject = Subject("one", None, None, (), (), finding=shown.findings[0])
    assert describe(shown, subject).subtitle == severity_word(shown.findings[0])
    use_language("es")
    assert describe(shown, subject).subtitle == f"{severity_word(shown.findings[0])} · las reglas hablan en inglés"


def test_the_source_of_a_value_says_who_confirmed_it() -> None:
    plan = plan_of("pomp")
    evaluated = evaluate(plan, library())
    item = next(one for one in open_items(plan, evaluated.schedule) if one.order and one.undosed_from is None)
    event = next(one for one in evaluated.schedule.events if confirmed_as(one.placed) == item.order)
    told = describe(evaluated, Subject("one", None, event.placed.block, (event,), ()))
    assert not any("Confirmed" in line for line in lines_of(told, "Source"))
    checked = evaluate(confirm(evaluated, item.pin, item.order, "Ph. One", "2026-11-22T12:00:00Z"), library())
    told = describe(checked, Subject("one", None, event.placed.block, (event,), ()))
    assert "Confirmed by Ph. One on Sun 22-Nov-2026" in lines_of(told, "Source")


def actions_of(rule: str, protocol: str = "mini-hyper-cvd-inotuzumab") -> tuple[str, ...]:
    """What the inspector offers for the first finding of that rule."""
    shown = evaluate(plan_of(protocol), library())
    found = next(one for one in shown.findings if one.rule == rule)
    return describe(shown, Subject(found.id, None, None, (), (), finding=found)).actions


def test_where_a_rule_asks_for_results_entering_them_is_the_first_thing_offered() -> None:
    assert actions_of("HB-01") == ("edit_patient", "fix", "acknowledge")
    assert actions_of("ST-18") == ("edit_patient",)  # allergies that nobody asked about: it cannot be checked
    assert actions_of("MT-01", "hyper-cvad") == ("edit_patient",)


def test_where_it_asks_for_none_there_is_nothing_to_enter() -> None:
    shown = evaluate(plan_of("calgb-10403"), library())
    assert {one.status.value for one in shown.findings} >= {"open", "cannot_check"}
    for one in shown.findings:
        told = f"{one.message} {dict(one.inputs)}"
        if "not recorded" not in told and "not known" not in told:
            assert "edit_patient" not in describe(shown, Subject(one.id, None, None, (), (), finding=one)).actions, told


def test_why_a_block_stands_where_it_does_is_told_in_the_language_of_the_window() -> None:
    """Sentences that the planner learned later ("an estimate: ...", "ends 24 months after ...") stayed English."""
    use_language("es")
    told = {line for protocol in library().protocols for block in _blocks(protocol) for line in block.why}
    assert len(told) > 40
    assert [line for line in told if plan_words(line) == line] == []


def _blocks(protocol: str) -> tuple[PlacedBlock, ...]:
    return evaluate(plan_of(protocol), library()).schedule.blocks


def test_a_change_names_its_block_by_its_title() -> None:
    """ "Deferred by +3 days from C2 D1 of part-b on": nobody calls the block so."""
    shown = evaluate(plan_of("hyper-cvad"), library())
    block = next(one for one in shown.schedule.blocks if one.id == "part-b")
    cycle = block.cycles[0].number
    late = Deferral(block.id, cycle, block.phase.first_day, 3, Scope.FOLLOWING, "capacity")
    deferred = evaluate(editing.defer(shown.plan, shown.schedule, late), library())
    now = deferred.schedule.block(block.id)
    told = lines_of(describe(deferred, Subject(now.id, None, now, (), ())), "Differs from the protocol")
    assert told == (f"Deferred by +3 days from C{cycle} D1 of {block.title} on (capacity)",)
    assert block.title != block.id


def test_of_two_doses_of_a_day_the_one_that_is_given_is_named() -> None:
    """It said "Status: given" of both."""
    shown = evaluate(plan_of("hyper-cvad"), library())
    both = [one for one in shown.schedule.events if one.placed.agent == "cytarabine" and one.placed.route == "IV"][:2]
    events = (both[0]._replace(state=State.GIVEN), both[1])
    told = describe(shown, Subject("one", None, both[0].placed.block, events, ()))
    assert "Status: 1 given, 1 planned" in lines_of(told, "What")
    assert lines_of(told, "When")[0].endswith("09:00 (given), 21:00 (planned)")
    told = describe(shown, Subject("one", None, both[0].placed.block, tuple(both), ()))
    assert not any("Status" in line for line in lines_of(told, "What"))
    assert lines_of(told, "When")[0].endswith("09:00, 21:00")


def test_an_infusion_that_stood_still_for_hours_says_so() -> None:
    """After a stop of six hours on its day the bar read as one that had run through."""
    plan = plan_of("blinatumomab-rr")
    stopped = replace(plan, modifications=(Deferral("induction", 1, 9, 0, Scope.CYCLE, "toxicity", "stopped 6 h"),))
    shown = evaluate(stopped, library())
    run = [one for one in shown.schedule.events if one.placed.agent == "blinatumomab" and one.placed.cycle == 1]
    told = {}
    for days in (range(8, 29), range(1, 8)):
        events = tuple(one for one in run if one.cycle_day in days)
        found = describe(shown, Subject("", None, None, events, ()))
        told[days[0]] = {one.heading: tuple(one.lines) for one in found.sections}.get("Differs from the protocol")
    stop = "Interrupted on C1 D9 of Blinatumomab 1 and 2; no date moved (toxicity, stopped 6 h)"
    assert told == {8: (stop,), 1: None}
