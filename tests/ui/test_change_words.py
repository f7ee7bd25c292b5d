"""Changes of treatment told in the window's language, whole sentences, with ids and people's words as they are."""

from datetime import date
from string import Formatter

import pytest
from msgspec.structs import replace

from planner.model.civil import weekday_date
from planner.model.evaluated_plan import CheckSummary
from planner.model.finding import FindingStatus
from planner.model.plan import (
    REASONS,
    Addition,
    BlockChange,
    BlockStart,
    DecisionTaken,
    Deferral,
    DoseChange,
    Examination,
    Hold,
    Omission,
    PatientChange,
    Repetition,
    Replacement,
    Scope,
    Skip,
    Stop,
)
from planner.services.evaluation import evaluate
from planner.services.telling.change_words import change_words, course_lines
from planner.services.telling.position import position_line, you_are_here
from planner.services.verbs import editing
from planner.services.verbs.together import give_together, to_record
from planner.settings import LANGUAGES
from tests.golden.cases import library
from tests.services.courses_at_hand import plan_of, protocols_of
from tests.services.telling.test_told_once import skipped_cycle
from ui.dialogs.change_text import COUNTED, NEW, SHOWN, change_lines, summary_line, summary_lines
from ui.plan_words import plan_words
from ui.tongue import say, texts_of, use_language

DAY = date(2026, 5, 4)
CHANGES = (
    *(Deferral("a", 1, 8, 3, scope, "counts", "ANC", 2) for scope in Scope),
    Deferral("a", 1, 8, -1, Scope.DAY, "other", order="o"),
    Omission("a", 1, 8, "o", "toxicity"),
    Omission("a", 1, 8, "", "toxicity"),
    Hold("a", 1, 8, "infection"),
    Hold("a", 1, 8, "infection", order="o", until=DAY),
    Skip("a", 1, "capacity", closes=True),
    Skip("a", 1, "capacity", closes=False),
    Stop("a", 1, 8, Scope.ALL, "patient choice", closes=True),
    Stop("a", 1, 8, Scope.CYCLE, "patient choice"),
    DoseChange("a", 1, 8, "o", Scope.ALL, "toxicity", percent=75, level="1"),
    DoseChange("a", 1, 8, "o", Scope.ALL, "other", percent=100),
    DoseChange("a", 1, 8, "o", Scope.FOLLOWING, "other", percent=50),
    Replacement("a", 1, 8, "o", Scope.DAY, "vinblastine", "other"),
    Addition("a", 0, "n", "ondansetron", "supportive", "PO", (1, 2), "other"),
    Addition("a", 1, "n", "ondansetron", "supportive", "PO", (1,), "other", dose="8 mg"),
    Examination("a", 0, "n", "Liver tests", (1, 8), "other", topic="liver"),
    Repetition("a-2", "a", 1, "other"),
)


STARTS = (
    BlockStart(on=date(2026, 3, 2)),
    BlockStart(after="a"),
    *(BlockStart(after="a", day=day, gap_days=gap) for day in (None, 8) for gap in (-2, 0, 1, 7)),
)
COURSE = replace(
    plan_of("e1910"),
    course_changes=(
        BlockChange("a", "A", None, STARTS[0], "other"),
        BlockChange("a", "A", STARTS[0], None, "holiday", "Easter"),
        *(BlockChange("a", "A", one, STARTS[0], "capacity") for one in STARTS),
        PatientChange(("measured: 168 cm, 62 kg on 02-Mar-2026 (1.7 m2)",), "toxicity", "thin", 2),
    ),
)


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_every_sentence_has_words_that_keep_its_places(language):
    asked = {*REASONS, *NEW.values(), *(one for pair in COUNTED.values() for one in pair)}

    def fill(pattern, **values):
        asked.add(pattern)
        return pattern.format(**values)

    for change in CHANGES:
        assert change_words(change, fill) == change_words(change)
    assert course_lines(COURSE, fill) == course_lines(COURSE)
    texts = texts_of(language)
    assert sorted(asked - set(texts)) == []
    for pattern in asked:
        assert _places(pattern) == _places(texts[pattern]), pattern


def _places(pattern):
    return {name for _, name, _, _ in Formatter().parse(pattern) if name}


def test_a_change_reads_in_spanish_as_one_sentence():
    use_language("es")
    assert change_words(CHANGES[0], say) == "Aplazado +3 días el C1 D8 de a (recuentos de grado 2, ANC)"
    told = change_words(DoseChange("a", 1, 8, "o", Scope.FOLLOWING, "toxicity", percent=75), say)
    assert told == "Dosis de o 75 % desde el C1 D8 de a hasta el final del bloque (toxicidad)"


def test_why_the_course_changed_reads_in_spanish():
    use_language("es")
    told = course_lines(COURSE, say, plan_words)
    assert told[1] == "Quitado del plan: A, que empezaba el 02-Mar-2026 (festivo, Easter)"
    assert "A empieza el 02-Mar-2026 en lugar de 2 días antes del final de a (capacidad)" in told
    assert told[-1].startswith("Medido: 168 cm")
    assert told[-1].endswith("(toxicidad de grado 2, thin)")


def test_a_preview_reads_in_spanish():
    plan = plan_of("e1910")
    before, after = evaluate(plan, library()), evaluate(editing.move_block(plan, plan.blocks[0].id, 3), library())
    use_language("es")
    lines = change_lines(before, after)
    assert "elementos movidos" in lines[0]
    assert any(line.startswith("y ") and line.endswith(" más") for line in lines)
    assert "elementos movidos" in summary_line(before, after)
    assert change_lines(before, before) == ("No cambiaría nada.",)


def test_a_late_answer_reads_in_spanish() -> None:
    plan = plan_of("ponatinib-blinatumomab")
    late = DecisionTaken("ponatinib-blinatumomab", "cmr-1", "no", date(2026, 2, 20), "A. P.")
    answered = evaluate(editing.decide(plan, protocols_of(plan), late), library())
    use_language("es")
    line = next(one for one in change_lines(evaluate(plan, library()), answered) if one.endswith("administrado."))
    assert "Ponatinib C2 D1 a 4 (lun 16-Feb-2026 a jue 19-Feb-2026, 30 mg)" in line
    assert line.startswith("Respondida después del 15-Feb-2026, cuando tocaba")


def test_a_finding_that_only_stands_elsewhere_is_one_sentence():
    rule = tuple(one for one in library().rules if one.id == "HB-01")
    before = evaluate(plan_of("e1910"), replace(library(), rules=rule))
    was = replace(before.findings[0], status=FindingStatus.OPEN)
    before = replace(before, findings=(was,))
    after = replace(before, findings=(replace(was, id="elsewhere", days=(was.days[0] + 1,), orders=("a/1/b",)),))
    there, day = weekday_date(was.days[0] + 1), weekday_date(was.days[0])
    assert f"{was.rule} is now at {there}, before on {day}." in change_lines(before, after)
    assert summary_line(before, after).startswith(f"{was.rule} is now at {there}")
    assert not any("New " in line or "No longer" in line for line in change_lines(before, after))
    use_language("es")
    assert any(line.startswith(f"{was.rule} está ahora en ") for line in change_lines(before, after))


def test_all_that_is_recorded_as_given_is_told_before_anybody_says_so():
    """Five drugs of a course and "and 3 more": the last of them was an intrathecal dose."""
    before = evaluate(plan_of("hyper-cvad"), library())
    first = before.schedule.blocks[0]
    last = date.fromordinal(first.end - 1)
    doses = to_record([one for one in before.due if one.placed.block.id == first.id and one.dose], last)
    after = evaluate(give_together(before.plan, before.schedule, doses, "A", last), library())
    recorded = [line for line in summary_lines(before, after) if line.startswith("Recorded: ")]
    assert len(recorded) == len({one.placed.id for one in doses}) > SHOWN
    assert any(line.startswith("and ") for line in change_lines(before, after)), "in a line there is no such room"


def test_a_finding_whose_value_is_too_old_now_is_not_told_as_gone():
    """A week's delay "ended" the warning about too few platelets: they were only older than the rule trusts."""
    rule = tuple(one for one in library().rules if one.id == "HB-01")
    before = evaluate(plan_of("e1910"), replace(library(), rules=rule))
    was = replace(before.findings[0], status=FindingStatus.OPEN)
    asked = replace(was, id="old", status=FindingStatus.CANNOT_CHECK)
    other = replace(asked, orders=("somewhere/1/else",))
    before, after = (replace(before, findings=some) for some in ((was,), (asked,)))
    assert f"Cannot be checked any more: {was.rule}." in change_lines(before, after)
    assert summary_line(before, after).startswith("Cannot be checked any more: 1 ")
    assert not any("No longer" in line for line in change_lines(before, after))
    gone = replace(before, findings=(replace(other, id="known"),))
    assert f"No longer: {was.rule}." in change_lines(before, gone), "the rule lacks something about other doses"
    use_language("es")
    assert f"Ya no se puede comprobar: {was.rule}." in change_lines(before, after)


def test_where_the_plan_stands_and_what_was_checked_read_in_spanish():
    shown = evaluate(plan_of("e1910"), library())
    day = shown.schedule.blocks[0].start + 3
    english = position_line(you_are_here(shown, day))
    assert position_line(you_are_here(shown, day), say) == english
    assert shown.checked.words(say) == str(shown.checked)
    use_language("es")
    assert "; siguiente: " in position_line(you_are_here(shown, day), say)
    assert position_line(you_are_here(shown, 1), say).startswith("lun 01-Jan-0001: en ningún bloque; siguiente: ")
    assert " reglas comprobadas, " in shown.checked.words(say)
    spoilt = CheckSummary(3, 0, (), unread=("a.toml",)).words(say)
    assert spoilt == "3 reglas comprobadas; no leídos por errores: a.toml"


def test_findings_of_one_rule_that_appear_are_told_once_with_their_number():
    """Two lines that read alike looked like a slip."""
    rule = tuple(one for one in library().rules if one.id == "HB-01")
    before = evaluate(plan_of("e1910"), replace(library(), rules=rule))
    was = replace(before.findings[0], status=FindingStatus.OPEN)
    after = replace(before, findings=tuple(replace(was, id=name, orders=(name,)) for name in "abc"))
    was_none = replace(before, findings=())
    named = summary_line(was_none, after)
    assert named.startswith("New findings: 3 ")
    assert named.endswith(f"({was.rule})."), "the list may show them out of sight"
    told = [line for line in change_lines(was_none, after) if line.startswith("New ")]
    assert told == [f"New {was.severity}: {was.rule} {was.title} (3 findings)."]


def test_what_a_skipped_cycle_takes_along_is_said_in_the_language_of_the_window():
    before, after = skipped_cycle()
    assert any(one.startswith("The deferral by +9 days goes") for one in summary_lines(before, after))
    use_language("es")
    try:
        told = summary_lines(before, after)
    finally:
        use_language("en")
    assert any(one.startswith("El aplazamiento de +9 días desaparece") for one in told)
