"""The pages of the course at a glance: what stands with the drawing, and in which order."""

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from planner.exports.pdf.chart import FARTHEST, TITLES
from planner.exports.pdf.text import PolygonOp, RuleOp, TextOp
from planner.exports.pdf.writer import write_pdf
from planner.exports.sheets.glance import NO_SPINAL
from planner.exports.sheets.sheet import Chart
from planner.exports.wording.runs import FirstDays
from planner.model.cycle_content import State
from planner.model.plan import BlockStart, Deferral, Scope
from planner.model.timeline import redrawn
from planner.services.evaluation import evaluate
from planner.services.verbs import editing
from planner.services.verbs.placing import add_protocol, new_plan
from tests.courses import PATIENT
from tests.exports.papers import SITE, library, make, page_texts, shipped, words_of
from tests.exports.sheets.test_glance import bar, chart_of, signs_of, text_ops


def test_signs_stand_with_their_drawing_where_both_fit() -> None:
    """GMALL: a second page held nothing but the signs."""
    texts = page_texts(write_pdf(make(shipped("gmall-07-03"), "glance"), "A4"))
    assert "INTRATHECAL;" in texts[0]
    assert "Induction II" in texts[-1], "the table of blocks"


def test_the_table_of_blocks_has_no_page_between_the_drawings() -> None:
    """E1910: page 2 of 4 held nine blocks and nothing else."""
    titles = [section.title for section in make(shipped("e1910"), "glance").sections]
    assert titles[:2] == ["The whole course", "Signs"]
    assert titles[-1] == "Blocks and decisions"
    assert [section.title for section in make(shipped("d-alba"), "glance").sections][:3] == [
        "The whole course",
        "Signs",
        f"Blocks and decisions ({NO_SPINAL})",
    ]


def test_the_signs_never_stand_behind_all_else() -> None:
    """Hyper-CVAD with ponatinib: eight signs alone on the last of five pages."""
    titles = [section.title for section in make(shipped("hyper-cvad-ponatinib"), "glance").sections]
    assert titles.index("Signs") < titles.index("Blocks and decisions")


@pytest.mark.parametrize("protocol", ["hsct-bu-cy", "d-alba"])
def test_a_short_course_with_findings_is_one_page(protocol: str) -> None:
    """Their tables of three blocks and one decision stood alone on a second page."""
    placed = add_protocol(new_plan("p", PATIENT), library().protocols[protocol], BlockStart(on=date(2026, 12, 1)))
    evaluated = evaluate(placed, library(), SITE)
    assert evaluated.findings
    assert len(page_texts(write_pdf(make(evaluated, "glance"), "A4"))) == 1


def test_decisions_stand_among_the_blocks_by_their_days() -> None:
    (section,) = (
        one for one in make(shipped("d-alba"), "glance").sections if one.title.startswith("Blocks and decisions")
    )
    assert [words_of(row.cells[0]) for row in section.parts[0].rows] == ["1", "2", "?", "3", "?", "4"]


def test_signs_at_the_end_do_not_stand_under_the_days_of_the_last_drawing() -> None:
    """Hyper-CVAD: "Signs" below "Mon 27-Nov-2028 to Wed 16-May-2029, continued"."""
    (signs,) = (one for one in make(shipped("hyper-cvad"), "glance").sections if one.title == "Signs")
    assert signs.level == 0


def test_the_number_of_a_block_does_not_read_as_a_cycle() -> None:
    """ "7" beside "POMP 5 to 7"; where there is no room for more the bare number stands."""
    ribbons = [bar(1000, end, "ribbon", label="Blinatumomab 4", letter="7") for end in (1020, 1008)]
    assert [text_ops(chart_of(one, kind="blocks"))[-1] for one in ribbons] == ["No. 7", "7"]


def test_the_name_of_a_block_ends_where_the_next_begins() -> None:
    """Cells three days early, with lymphodepletion still on the plan: "Tisa-cel" lay over its name."""
    first, second = (
        bar(1000, 1030, "ribbon", label="Lymphodepletion", letter="1"),
        bar(1001, 1060, "ribbon", label="Tisa-cel", letter="2"),
    )
    for lane in ((first, second), (second, first)):
        assert {*text_ops(chart_of(*lane, kind="blocks"))}.isdisjoint({"Lymphodepletion", "No. 1"})
        assert "Tisa-cel" in text_ops(chart_of(*lane, kind="blocks"))


def diamonds(*days: int, **more: object) -> list[tuple[tuple[float, float], ...]]:
    signs = [bar(day, day + 1, "diamond", letter="A", **more) for day in days]
    return [op.points for op in chart_of(*signs) if isinstance(op, PolygonOp)]


def test_alike_signs_that_would_lie_over_each_other_are_one_with_their_number() -> None:
    """Blinatumomab: nine signs "In hospital" were one black heap with an A beside it. A day is two points here."""
    assert len(diamonds(*range(1010, 1019))) == 1
    (first,) = diamonds(1010)
    assert diamonds(*range(1010, 1019)) == [first]
    signs = [bar(day, day + 1, "triangle", letter="A") for day in range(1010, 1019)]
    assert text_ops(chart_of(*signs))[-1] == "9 A"
    assert text_ops(chart_of(*(bar(day, day + 1, "diamond", letter="2") for day in (1010, 1012))))[-1] == "4"


def test_intrathecal_days_that_would_lie_over_each_other_are_one_with_their_number() -> None:
    """Hyper-CVAD: eight punctures in twelve weeks were one black heap."""
    spinal = [bar(day, day + 1, "intrathecal") for day in (1010, 1014)]
    ops = chart_of(*spinal)
    assert len([op for op in ops if isinstance(op, PolygonOp)]) == 1
    assert text_ops(ops)[-1] == "2"
    assert len([op for op in chart_of(spinal[0], bar(1018, 1019, "intrathecal")) if isinstance(op, PolygonOp)]) == 2


def test_signs_that_only_follow_each_other_stay_apart() -> None:
    """Counts of every fourth day are no heap from the first to the last: one sign reaches over five days."""
    assert len(diamonds(*range(1010, 1042, 4))) == 4
    assert len(diamonds(1010, 1016, 1022)) == 3


def test_signs_that_mean_different_things_are_no_heap() -> None:
    one, other = bar(1010, 1011, "diamond", letter="A"), bar(1011, 1012, "diamond", letter="C")
    given = bar(1011, 1012, "diamond", letter="A", state=State.GIVEN)
    for second in (other, given):
        assert len([op for op in chart_of(one, second) if isinstance(op, PolygonOp)]) == 2
    decisions = [bar(day, day + 1, "hexagon", letter="?") for day in (1010, 1011)]
    assert len([op for op in chart_of(*decisions) if isinstance(op, PolygonOp)]) == 2


def test_a_heap_may_fall_on_the_days_of_any_of_its_signs() -> None:
    whole = [bar(1010, 1011, "diamond", letter="A", window=(2, 0)), bar(1011, 1012, "diamond", letter="A")]
    (line, *_) = (op for op in chart_of(*whole) if isinstance(op, RuleOp) and op.weight == 0.5 and op.y == op.to_y)
    assert (line.to_x - line.x) == 2 * 4


def test_blocks_without_room_for_their_names_are_numbered_alike() -> None:
    """CALGB 10403: "1" beside "No. 2"."""
    wide, narrow = bar(1000, 1020, "ribbon", label="Induction", letter="1"), bar(1020, 1028, "ribbon", label="x" * 9)
    narrow = redrawn(narrow, letter="2")
    assert text_ops(chart_of(wide, narrow, kind="blocks"))[-2:] == ["1", "2"]
    narrow = redrawn(narrow, end=1033)
    assert text_ops(chart_of(wide, narrow, kind="blocks"))[-2:] == ["(1)", "(2)"]
    unnumbered = redrawn(narrow, end=1021)
    assert text_ops(chart_of(wide, unnumbered, kind="blocks"))[-1] == "No. 1", "there is no room for any number"
    assert text_ops(chart_of(wide, kind="blocks"))[-1] == "No. 1"


def test_the_letter_of_all_others_tells_what_it_stands_for() -> None:
    """ "A other": nobody could know that it is a stay in hospital."""
    told = [line.text for line in signs_of(shipped("blinatumomab-rr")).lines]
    assert any("Letters: M marrow, A other (In hospital)." in text for text in told)
    told = " ".join(line.text for line in signs_of(shipped("obe-cel")).lines)
    names = {
        one.placed.agent_name
        for one in shipped("obe-cel").schedule.events
        if one.placed.kind in ("assessment", "procedure") and one.placed.order.topic in ("other", "precaution")
    }
    assert len(names) > 3
    assert all(name in told for name in names)


def test_two_studies_of_one_letter_on_a_day_are_counted() -> None:
    """Leukapheresis: two marks of one day were one "A"."""
    lanes = [
        lane
        for part in make(shipped("leukapheresis"), "glance").sections[0].parts
        if isinstance(part, Chart)
        for lane in part.lanes
    ]
    events = shipped("leukapheresis").schedule.events
    days: dict[tuple[int, str], int] = Counter((one.day, one.placed.kind) for one in events)
    forms = {"assessment": "diamond", "procedure": "triangle"}
    signs = {(one.start, one.form): one.letter for lane in lanes for one in lane.bars}
    several = {(day, forms[kind]): count for (day, kind), count in days.items() if count > 1 and kind in forms}
    assert several
    assert all(signs[key].split(" ")[0] == str(count) for key, count in several.items())
    two = bar(1010, 1011, "diamond", letter="2 A")
    assert text_ops(chart_of(two, redrawn(two, start=1011, end=1012)))[-1] == "4 A"


def test_an_open_end_is_drawn_where_the_bar_ends() -> None:
    """Ponatinib for five years: each of nine drawings ended with the arrow head of an end that nobody knows."""
    arrows = [
        [op for op in chart_of(bar(1010, end, "span", open_end=True)) if isinstance(op, PolygonOp)]
        for end in (1050, 1100, 1200)
    ]
    assert [len(found) for found in arrows] == [1, 1, 0]


def labels(*signs: tuple[int, str]) -> list[tuple[str, float]]:
    """What is written beside signs on those days, and from which day on it stands."""
    ops = chart_of(*(bar(day, day + 1, "diamond", letter=letter) for day, letter in signs))
    texts = [op for op in ops if isinstance(op, TextOp)][1:]
    return [(op.block.lines[0][1], 1000 + (op.x - TITLES) / 2) for op in texts]


def test_a_letter_stands_at_its_own_sign_or_not_at_all() -> None:
    """Hyper-CVAD: the "3 A" of March stood behind a sign of April, as if there were three levels then."""
    crowded = [(1004, "H"), (1006, "M"), (1008, "R"), (1018, "C"), (1028, "V"), (1060, "L")]
    for text, begins in labels(*crowded):
        days = [day for day, letter in crowded if letter in text.split(", ")]
        assert len(days) == len(text.split(", "))
        assert all(-FARTHEST / 2 <= begins - day <= FARTHEST / 2 for day in days), text
    assert [text for text, _ in labels(*crowded)][-1] == "L"


def test_equal_examinations_are_lettered_alike() -> None:
    """AALL0232: four courses, each with counts and three levels behind them, were lettered in three ways."""
    signs = [(first + day, letter) for first in (1010, 1030, 1050, 1070) for day, letter in enumerate("CAAA")]
    found = labels(*signs)
    assert [text for text, _ in found] == ["C", "3 A"] * 4
    places = [begins - 1000 for _, begins in found]
    assert {round(later - earlier, 3) for earlier, later in pairwise(places[::2])} == {20.0}
    assert {round(later - earlier, 3) for earlier, later in pairwise(places[1::2])} == {20.0}


def test_the_frame_of_a_block_put_off_from_its_first_day_begins_on_the_new_one() -> None:
    """It began a week early, empty, above a table with the new day."""
    plan = new_plan("p", PATIENT, demo=False)
    plan = add_protocol(plan, library().protocols["blinatumomab-mrd"], BlockStart(on=date(2026, 3, 2)))
    block = plan.blocks[0].id
    plan = editing.defer(plan, evaluate(plan, library()).schedule, Deferral(block, 1, 1, 7, Scope.FOLLOWING, "counts"))
    lanes = [
        lane
        for part in make(evaluate(plan, library()), "glance").sections[0].parts
        if isinstance(part, Chart)
        for lane in part.lanes
    ]
    ribbons = [one for lane in lanes if lane.kind == "blocks" for one in lane.bars if one.block == block]
    assert {one.start for one in ribbons} == {date(2026, 3, 9).toordinal()}


def test_the_frame_of_a_block_begins_where_its_first_medicine_does() -> None:
    """Busulfan: the medicine against seizures of the evening before lay outside the frame, whose table had its day."""
    evaluated = shipped("hsct-bu-cy")
    lanes = [
        lane for part in make(evaluated, "glance").sections[0].parts if isinstance(part, Chart) for lane in part.lanes
    ]
    (ribbon,) = (one for lane in lanes if lane.kind == "blocks" for one in lane.bars if one.form != "cycle")
    assert (
        ribbon.start
        == FirstDays(evaluated.schedule).of(evaluated.schedule.blocks[0])
        < evaluated.schedule.blocks[0].start
    )


def test_the_frame_of_a_block_deferred_from_its_first_day_begins_with_the_new_one() -> None:
    """The frame began on the old day, the table under it on the new one."""
    planned = shipped("calgb-10403")
    change = Deferral("induction", 1, 1, 7, Scope.FOLLOWING, "counts")
    evaluated = evaluate(editing.defer(planned.plan, planned.schedule, change), library(), SITE)
    first = FirstDays(evaluated.schedule).of(evaluated.schedule.blocks[0])
    lanes = [
        lane for part in make(evaluated, "glance").sections[0].parts if isinstance(part, Chart) for lane in part.lanes
    ]
    ribbons = [one for lane in lanes if lane.kind == "blocks" for one in lane.bars if one.form != "cycle"]
    assert min(one.start for one in ribbons) == first == evaluated.schedule.blocks[0].start + 7
