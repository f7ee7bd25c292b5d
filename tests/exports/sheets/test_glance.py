"""The course at a glance: every bar is drawn once where its days are, in as few even stretches as can be read."""

from datetime import date, datetime
from io import BytesIO
from itertools import pairwise

import pypdfium2
import pytest
from msgspec.structs import replace

from planner.exports.pdf.chart import AFTER, BESIDE, TITLES, lay_chart
from planner.exports.pdf.faces import load_faces
from planner.exports.pdf.signs import PATTERNS
from planner.exports.pdf.text import BoxOp, PolygonOp, RuleOp, TextOp, Typesetter
from planner.exports.pdf.writer import write_pdf
from planner.exports.sheets.glance import SIGNS, STRETCH, glance
from planner.exports.sheets.sheet import Chart, Signs
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.plan import BlockStart, Hold, Scope, Stop
from planner.model.timeline import Bar, Lane, free_bar, redrawn
from planner.services.evaluation import evaluate
from planner.services.verbs.pausing import hold
from planner.services.verbs.placing import add_protocol, new_plan
from tests.courses import PATIENT
from tests.exports.papers import SITE, course, job, library, lines_of, make, shipped, words_of

WIDTH = TITLES + 200.0


def chart_of(*bars: Bar, role: str = "antineoplastic", kind: str = "drug") -> list:
    """What is drawn for one lane over 100 days, two points a day."""
    chart = Chart((Lane("lane", "Lane", kind, role, bars),), 1000, 1100)
    return lay_chart(chart, Typesetter("clinician", load_faces()), WIDTH + AFTER, 500.0)[1].ops


def bar(start: int, end: int, form: str = "dose", **more: object) -> Bar:
    given = {"id": "b", "role": "antineoplastic", "state": State.PLANNED, "label": "", "detail": "", "block": "x"}
    return free_bar(start=start, end=end, form=form, **{**given, **more})


def test_a_dose_stands_on_its_day() -> None:
    (box,) = [op for op in chart_of(bar(1010, 1012)) if isinstance(op, BoxOp)]
    assert (box.x, box.width, box.fill) == (TITLES + 20, 4.0, 0.0)


def test_a_bar_that_reaches_over_the_edge_is_cut_there() -> None:
    (box,) = [op for op in chart_of(bar(990, 1050, "span")) if isinstance(op, BoxOp)]
    assert (box.x, box.width) == (TITLES, 100.0)


def test_dots_over_the_edge_are_left_out() -> None:
    dots = [op for op in chart_of(bar(990, 1120, "dots", ticks=(990, 1004, 1090, 1104))) if isinstance(op, PolygonOp)]
    assert [round(sum(x for x, _ in op.points) / len(op.points) - TITLES) for op in dots] == [9, 181]


def test_what_lies_outside_is_not_drawn() -> None:
    assert not [op for op in chart_of(bar(900, 950), bar(1100, 1101)) if isinstance(op, BoxOp)]


@pytest.mark.parametrize("form", ["dose", "infusion", "span"])
def test_provisional_bars_are_hollow_with_a_broken_edge(form: str) -> None:
    planned = [op for op in chart_of(bar(1010, 1030, form)) if isinstance(op, BoxOp)]
    maybe = [op for op in chart_of(bar(1010, 1030, form, state=State.PROVISIONAL)) if isinstance(op, BoxOp)]
    assert [op.dashed for op in maybe] == [True]
    assert maybe[0].fill == 1.0
    assert planned[0].fill < 1.0


def test_every_state_of_a_dose_looks_different() -> None:
    drawn = {state: tuple(map(str, chart_of(bar(1010, 1012, state=state)))) for state in State}
    drawn[State.STOPPED] = ("as left out",) + drawn[State.STOPPED]  # both are struck through; the legend names them
    plain = {state: ops for state, ops in drawn.items() if state is not State.DEFERRED}  # a moved dose is a dose
    assert len(set(plain.values())) == len(plain)


def test_a_bag_change_is_a_stroke_inside_its_infusion() -> None:
    ops = chart_of(bar(1010, 1030, "infusion", ticks=(1010, 1017, 1030)))
    strokes = [op for op in ops if isinstance(op, RuleOp) and op.weight == 0.7]
    assert [op.x for op in strokes] == [TITLES + 34]


def letters_in(*days: int, letters: str = "MRC") -> list[tuple[str, float]]:
    """What is written beside signs on those days, and how far right of the middle of the first sign it begins."""
    signs = [bar(day, day + 1, "diamond", letter=letter) for day, letter in zip(days, letters, strict=False)]
    texts = [op for op in chart_of(*signs) if isinstance(op, TextOp)][1:]
    return [(op.block.lines[0][1], op.x - TITLES - (days[0] - 1000) * 2 - 1) for op in texts]


def test_a_letter_stands_behind_its_sign_or_before_it_where_another_sign_is_close() -> None:
    assert letters_in(1010) == [("M", BESIDE)]
    (before, ahead), (behind, after) = letters_in(1010, 1012)
    assert (before, behind) == ("M", "R")
    assert ahead < -BESIDE - 5  # wholly before the sign
    assert after == 4 + BESIDE


def test_letters_of_signs_that_touch_stand_behind_the_last_of_them() -> None:
    """One of three had found room: an examination without its letter could be any."""
    assert [text for text, _ in letters_in(1001, 1003, 1005)] == ["M, R, C"]
    assert [text for text, _ in letters_in(1001, 1003, 1005, letters="AAA")] == ["3 A"]


def test_a_letter_of_the_last_day_stands_in_the_drawing() -> None:
    """An open decision on the last day had no question mark, as if it had been taken."""
    near, last = (bar(day, day + 1, "hexagon", letter="?") for day in (1095, 1099))
    found = [op for op in chart_of(near, last) if isinstance(op, TextOp) and op.block.lines[0][1] == "?"]
    assert [op.x for op in found][1:] == [WIDTH - 1 + BESIDE]


def test_no_line_of_a_week_goes_through_a_letter() -> None:
    ops = chart_of(bar(1003, 1004, "hexagon", letter="?"))
    (text,) = (op for op in ops if isinstance(op, TextOp) and op.block.lines[0][1] == "?")
    (ground,) = (op for op in ops if isinstance(op, BoxOp))
    assert (ground.x, ground.fill, ground.weight) == (text.x, 1.0, 0.0)
    assert ops.index(ground) == ops.index(text) - 1


@pytest.mark.parametrize("form", ["dose", "dots", "span", "infusion"])
@pytest.mark.parametrize("role", ["antineoplastic", "growth factor"])
def test_what_ends_nobody_knows_when_has_an_arrow_head(form: str, role: str) -> None:
    """Filgrastim until counts recover was one closed box on its first day."""
    closed, still = (chart_of(bar(1010, 1011, form, open_end=one), role=role) for one in (False, True))
    assert not [op for op in closed if isinstance(op, PolygonOp) and len(op.points) == 3]
    (arrow,) = [op for op in still if isinstance(op, PolygonOp) and len(op.points) == 3]
    assert min(x for x, _ in arrow.points) >= TITLES + 22


def test_an_acknowledged_finding_is_no_dose_given() -> None:
    """It is thin; a tick above it and "Tick above: given." said of a filgrastim still to come that it was given."""
    shelved = library().protocols["gmall-07-03"]
    plan = add_protocol(new_plan("p", PATIENT), shelved, BlockStart(on=date(2026, 3, 2)))
    evaluated = evaluate(plan, library(), SITE)
    marks = [bar for lane in evaluated.timeline.lanes if lane.kind == "findings" for bar in lane.bars]
    assert any(bar.state is State.GIVEN for bar in marks)
    assert "given" not in legend_of(evaluated)
    for form, strokes in (("mark", 0), ("diamond", 2)):
        drawn, plain = (
            [op for op in chart_of(bar(1010, 1011, form, state=state)) if isinstance(op, RuleOp)]
            for state in (State.GIVEN, State.PLANNED)
        )
        assert len(drawn) - len(plain) == strokes


def test_long_courses_are_cut_into_even_stretches() -> None:
    sheet = make(shipped("calgb-10403"), "glance")
    charts = [part for section in sheet.sections for part in section.parts if isinstance(part, Chart)]
    whole, *stretches = charts
    assert (stretches[0].first, stretches[-1].last) == (whole.first, whole.last)
    assert [one.last for one in stretches[:-1]] == [one.first for one in stretches[1:]]
    lengths = [one.last - one.first for one in stretches]
    assert max(lengths) <= STRETCH
    assert max(lengths) - min(lengths) < 7 * len(lengths)


def test_every_lane_is_named_and_the_legend_holds_only_what_is_used() -> None:
    evaluated = course()
    sheet = glance(evaluated, job())
    texts = {line.text for line in lines_of(sheet)}
    own = {lane.title for lane in evaluated.timeline.lanes if lane.kind != "findings"}
    assert own <= texts | {""}
    assert any("INTRATHECAL" in text for text in texts)
    plain = {line.text for line in lines_of(glance(shipped("pomp"), job()))}
    assert not any("continuous infusion" in text for text in plain)


def test_the_drawing_can_be_printed_on_a3() -> None:
    document = pypdfium2.PdfDocument(BytesIO(write_pdf(make(course(), "glance"), "A3")))
    assert document[0].get_size() == pytest.approx((1190.55, 841.89), abs=0.1)
    document.close()


def test_the_signs_listed_are_the_signs_drawn() -> None:
    for evaluated in (course(), shipped("pomp"), shipped("obe-cel")):
        sheet = make(evaluated, "glance")
        drawn = {
            (bar.form, PATTERNS.get(lane.role, "") if bar.form == "dose" else "")
            for lane in evaluated.timeline.lanes
            if lane.kind != "blocks"
            for bar in lane.bars
        }
        (listed,) = (part for section in sheet.sections for part in section.parts if isinstance(part, Signs))
        planned = [sign for sign in listed.signs if sign.text in SIGNS.values()]
        assert {SIGNS[key] for key in drawn} == {sign.text for sign in planned}
        assert all(sign.bar.state is State.PLANNED for sign in planned)


def test_the_legend_explains_no_sign_of_other_days() -> None:
    """Posaconazole from after the last day of a leukapheresis left "A daily medicine." below a drawing without one."""
    evaluated = shipped("gmall-07-03")
    start = evaluated.timeline.start
    span = next(bar for lane in evaluated.timeline.lanes for bar in lane.bars if bar.form == "span")
    later = Lane("later", "Later", "drug", "antineoplastic", (redrawn(span, start=start + 20, end=start + 25),))
    only = replace(evaluated.timeline, lanes=(later,), end=start + 10)
    assert "A daily medicine." not in legend_of(replace(evaluated, lay_out=lambda *_: only))
    longer = replace(only, end=start + 30)
    assert "A daily medicine." in legend_of(replace(evaluated, lay_out=lambda *_: longer))


def test_a_course_of_which_nothing_is_left_says_so() -> None:
    plan = add_protocol(new_plan("p1", PATIENT), library().protocols["tisa-cel"], BlockStart(on=date(2026, 3, 2)))
    stops = tuple(
        Stop(one.id, cycle, -30, Scope.ALL, "other", closes=True) for one in plan.blocks for cycle in one.cycles
    )
    for changes in (stops, (Stop("infusion", 1, 0, Scope.CYCLE, "other", closes=True),)):
        evaluated = evaluate(replace(plan, modifications=changes), library())
        assert write_pdf(make(evaluated, "glance"), "A4")
    empty = replace(evaluated.timeline, lanes=(), start=0, end=5)
    nothing = replace(evaluated, lay_out=lambda *_: empty)
    assert [section.title for section in make(nothing, "glance").sections] == ["Nothing is planned"]


def test_findings_share_a_lane_for_each_severity_and_no_day_is_lost() -> None:
    evaluated = course()
    sheet = make(evaluated, "glance")
    charts = [part for section in sheet.sections for part in section.parts if isinstance(part, Chart)]
    lanes = [lane for lane in charts[0].lanes if lane.kind == "findings"]
    assert [lane.title for lane in lanes] == ["Findings: contraindicated", "Findings: warning", "Findings: advice"]
    for lane in lanes:
        bars = [bar for one in evaluated.timeline.lanes if one.kind == "findings" for bar in one.bars]
        own = [bar for bar in bars if bar.finding == lane.id]
        still = {day for bar in own if bar.state is State.PLANNED for day in bar.ticks}
        drawn = [(day, bar.state) for bar in lane.bars for day in bar.ticks]
        assert sorted(day for day, _ in drawn) == sorted({day for bar in own for day in bar.ticks})
        assert {day for day, state in drawn if state is State.PLANNED} == still
        assert all(bar.end - bar.start == len(bar.ticks) for bar in lane.bars)


def test_days_a_dose_may_also_fall_on_end_with_the_drawing() -> None:
    rules = [op for op in chart_of(bar(1001, 1002, window=(30, 120))) if isinstance(op, RuleOp)]
    whiskers = [op for op in rules if op.y == op.to_y and op.x > 0]
    (whisker,) = whiskers
    assert (whisker.x, whisker.to_x) == (TITLES, WIDTH)


def test_lanes_stand_closer_where_that_keeps_the_drawing_on_one_page() -> None:
    lanes = tuple(Lane(str(number), f"Drug {number}", "drug", "antineoplastic", (bar(1, 3),)) for number in range(25))
    setter = Typesetter("clinician", load_faces())
    roomy = lay_chart(Chart(lanes, 1, 30), setter, WIDTH, 1000.0)
    close = lay_chart(Chart(lanes, 1, 30), setter, WIDTH, 400.0)
    too_many = lay_chart(Chart(lanes, 1, 30), setter, WIDTH, 300.0)
    heights = [{piece.height for piece in pieces[1:]} for pieces in (roomy, close, too_many)]
    assert heights == [{16.0}, {14.0}, {16.0}]
    assert close[0].together <= 400


@pytest.mark.parametrize(
    ("protocol", "wanted"), [("flag-ida", [6]), ("aall0232-hr", [3, 17, 31, 45, 4, 18, 32, 46]), ("pomp", [])]
)
def test_what_waits_for_counts_is_open_behind_its_last_drawn_day(protocol: str, wanted: list[int]) -> None:
    bars = [bar for lane in shipped(protocol).timeline.lanes for bar in lane.bars if bar.open_end and bar.block]
    assert [bar.end - first_of(bar, protocol) for bar in bars] == wanted


def first_of(bar: Bar, protocol: str) -> int:
    return next(block.start for block in shipped(protocol).schedule.blocks if block.id == bar.block)


def test_names_that_tell_the_way_say_it_once() -> None:
    names = {lane.title for name in ("hsct-cy-tbi", "flag-ida") for lane in shipped(name).timeline.lanes}
    assert {"Total body irradiation", "Prednisolone eye drops", "Filgrastim SC"} <= names


def test_blocks_of_one_phase_are_told_apart() -> None:
    evaluated = shipped("graaph-2014")
    ribbons = [bar.label for lane in evaluated.timeline.lanes for bar in lane.bars if bar.form == "ribbon"]
    assert ribbons == ["Cycle 1", "Cycle 2", "Interphase 1", "Cycle 3", "Cycle 4", "Interphase 2", "What comes next"]


def signs_of(evaluated: EvaluatedPlan) -> Signs:
    (signs,) = (part for one in make(evaluated, "glance").sections for part in one.parts if isinstance(part, Signs))
    return signs


def legend_of(evaluated: EvaluatedPlan) -> str:
    return " ".join(sign.text for sign in signs_of(evaluated).signs)


def test_the_legend_says_what_provisional_things_hang_on() -> None:
    shelved = library().protocols["hyper-cvad"]
    plain = evaluate(add_protocol(new_plan("p", PATIENT), shelved, BlockStart(on=date(2026, 3, 2))), library(), SITE)
    assert "Broken edge: hangs on an open decision." in legend_of(plain)
    change = Hold(plain.schedule.blocks[0].id, 1, 4, "infection")
    held = evaluate(hold(plain.plan, plain.schedule, change), library(), SITE)
    assert "a block before it that is on hold." in legend_of(held)
    assert "a block" not in legend_of(plain)


def test_letters_without_room_take_no_letter_from_the_signs_behind_them() -> None:
    """PhALLCON: two signs that touch had three letters for which no gap was wide enough, and no sign had its own."""
    days = (1001, 1002, 1003, *range(1014, 1100, 10))
    found = letters_in(*days, letters="MRC" + "V" * 9)
    assert [text for text, _ in found] == ["V"] * 9


def test_the_first_drawing_of_a_long_course_owns_up_to_letters_it_has_no_room_for() -> None:
    told = "In the drawing of the whole course some have no room; those behind it have all of them."
    for protocol, long in (("phallcon", True), ("gmall-07-03", False)):
        lines = signs_of(shipped(protocol)).lines
        assert [told in line.text for line in lines if "Letters: " in line.text] == [long]


def test_topics_are_written_as_the_ward_writes_them() -> None:
    texts = [line.text for line in signs_of(shipped("graaph-2014")).lines]
    assert any("Letters: R MRD, E ECG, A other" in text for text in texts)


def text_ops(ops: list) -> list[str]:
    return [text for op in ops if isinstance(op, TextOp) for _, text, _ in op.block.lines]


def test_an_answered_question_is_ticked_and_its_answer_told() -> None:
    """Obe-cel, burden decided: an empty hexagon, the same as an open one whose letter had no room."""
    still, taken = (chart_of(bar(1010, 1011, "hexagon", letter=letter), role="decision") for letter in ("?", ""))
    assert (
        len([op for op in taken if isinstance(op, RuleOp)]) - len([op for op in still if isinstance(op, RuleOp)]) == 2
    )
    evaluated = course()
    (section,) = (one for one in make(evaluated, "glance").sections if one.title == "Blocks and decisions")
    told = [[words_of(cell) for cell in row.cells] for row in section.parts[0].rows]
    assert len(told) == len(evaluated.schedule.blocks) + len(evaluated.schedule.decisions)
    assert any(row[4].startswith("Decided: Complete remission: go on, by A. Pharmacist") for row in told if not row[0])
    assert any(row[4].startswith("Open; drawn as: ") for row in told if row[0] == "?")


def test_a_block_without_room_for_its_name_has_its_number_in_the_table() -> None:
    """Mini-hyper-CVD: the first four blocks had no name at all, and nothing said which is which."""
    narrow, wide = (bar(1000, 1000 + days, "block", label="Lymphodepletion", letter="3") for days in (8, 90))
    assert text_ops(chart_of(narrow, kind="blocks"))[-1:] == ["3"]
    assert text_ops(chart_of(wide, kind="blocks"))[-1:] == ["Lymphodepletion"]
    evaluated = shipped("mini-hyper-cvd-inotuzumab")
    sheet = make(evaluated, "glance")
    (section,) = (one for one in sheet.sections if one.title.startswith("Blocks"))
    rows = [[words_of(cell) for cell in row.cells][:2] for row in section.parts[0].rows]
    rows = [row for row in rows if row[0] != "?"]
    assert rows == [[str(place), one.title] for place, one in enumerate(evaluated.schedule.blocks, 1)]
    lanes = [lane for part in sheet.sections[0].parts if isinstance(part, Chart) for lane in part.lanes]
    drawn = {
        one.block: one.letter for lane in lanes if lane.kind == "blocks" for one in lane.bars if one.form != "cycle"
    }
    assert list(drawn.values()) == [row[0] for row in rows]


@pytest.mark.parametrize("days", [60, 400, 930, 2000])
def test_months_are_named_at_even_steps(days: int) -> None:
    """30 months: Dec, Feb, May, Aug, Nov, Feb, Apr, Jun."""
    first = date(2026, 11, 30).toordinal()
    chart = Chart((Lane("lane", "Lane", "drug", "", (bar(first, first + 1),)),), first, first + days)
    axis = lay_chart(chart, Typesetter("clinician", load_faces()), 760.0, 500.0)[0]
    named = [
        datetime.strptime(f"{text[:3]} {text[-4:]}", "%b %Y")
        for text in text_ops(axis.ops)
        if text[-4:].isdigit() and " " in text
    ]
    numbers = [one.year * 12 + one.month for one in named]
    assert len(numbers) >= 2
    assert len({later - one for one, later in pairwise(numbers)}) == 1


def test_strokes_that_would_merge_are_left_out() -> None:
    """A bag every 2 days over five years made the infusion black, which is the sign of a dose."""
    for gap, strokes in ((1, False), (3, True)):
        ops = chart_of(bar(1000, 1030, "infusion", ticks=tuple(range(1000 + gap, 1030, gap))))
        plain_lane = chart_of(bar(1000, 1030, "span"))
        assert (
            len([op for op in ops if isinstance(op, RuleOp)]) > len([op for op in plain_lane if isinstance(op, RuleOp)])
        ) is strokes


def test_two_lanes_of_one_name_say_it_once() -> None:
    """Two questions of one day: two lanes were both called "Decisions"."""
    for part in make(shipped("inotuzumab-rr"), "glance").sections[0].parts:
        titles = [lane.title for lane in part.lanes if lane.title]
        assert len(titles) == len(set(titles))
