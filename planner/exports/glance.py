"""The course at a glance: the timeline as a drawing, first the whole course, then at most 32 weeks a page."""

from planner.exports.changes_part import changes_section
from planner.exports.frame import clinician_frame
from planner.exports.job import Job
from planner.exports.sheet import Cell, Chart, Column, Line, Paragraphs, Row, Section, Sheet, Table
from planner.model.civil import weekday_date
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.language import glued
from planner.model.timeline import TOPIC_LETTERS, Lane
from planner.model.wish import Wish

TITLE = "Course at a glance"
STRETCH = 32 * 7
"""Days on one drawing at the most, so that single days can be told apart."""

SIGNS = {
    "dose": "Filled bar: a dose. Hatched: premedication, supportive, fluid. Dotted: rescue, growth factor.",
    "infusion": "Pale bar: continuous infusion, lower with a step dose; strokes: a bag or the dose changes.",
    "span": "Thin bar: a daily medicine; an arrow head: its end is open.",
    "dots": "Dots: a medicine on single days.",
    "intrathecal": "Pointed frame: INTRATHECAL.",
    "disc": "Circle: cells, with the day's number.",
    "diamond": "Diamond: examination, with its letter, or how many.",
    "triangle": "Triangle: procedure or bag, with its letter, or how many.",
    "hexagon": "Hexagon: decision, ? while it is open.",
    "mark": "Strokes in the band of findings: the days a rule speaks about; thin once acknowledged.",
}
STATES = {
    State.PROVISIONAL: "Broken edge: hangs on an open decision.",
    State.GIVEN: "Tick above: given.",
    State.OMITTED: "Struck through: left out.",
    State.STOPPED: "Struck through: stopped.",
    State.HELD: "Two upright strokes: on hold.",
}


def glance(evaluated: EvaluatedPlan, job: Job) -> Sheet:
    """Every lane of the timeline; lanes and signs without anything in a stretch of time are left out there."""
    start, end = _range(evaluated, job.wish)
    sections = []
    if start < end:
        sections.append(_section("The whole course", evaluated.timeline.lanes, start, end))
        stretches = _stretches(start, end)
        if len(stretches) > 1:
            sections += [_section(_title(*one), evaluated.timeline.lanes, *one) for one in stretches]
        sections += [_blocks(evaluated, job.wish), *changes_section(job.changes), _legend(evaluated.timeline.lanes)]
    if not sections:
        sections = [Section("Nothing is planned", (Paragraphs((Line("Nothing is planned in this time."),)),))]
    frame = clinician_frame(evaluated, TITLE, job)
    return Sheet("glance", TITLE, "clinician", frame, tuple(sections))


def _range(evaluated: EvaluatedPlan, wish: Wish) -> tuple[int, int]:
    """First day, back to a Monday, and the day after the last."""
    start, end = evaluated.timeline.start, evaluated.timeline.end
    if wish.first:
        start = max(start, wish.first.toordinal())
    if wish.last:
        end = min(end, wish.last.toordinal() + 1)
    return start - (start - 1) % 7, end


def _stretches(start: int, end: int) -> list[tuple[int, int]]:
    """The days in whole weeks, as few stretches as `STRETCH` allows and all of about one length."""
    weeks = -((start - end) // 7)
    count = -(-weeks * 7 // STRETCH)
    days = -(-weeks // count) * 7
    return [(first, min(first + days, end)) for first in range(start, end, days)]


def _title(first: int, following: int) -> str:
    return f"{weekday_date(first)} to {weekday_date(following - 1)}"


def _section(title: str, lanes: tuple[Lane, ...], first: int, last: int) -> Section:
    shown = tuple(lane for lane in lanes if any(bar.start < last and bar.end > first for bar in lane.bars))
    return Section(title, (Chart(shown, first, last),), level=0, new_page=True)


def _blocks(evaluated: EvaluatedPlan, wish: Wish) -> Section:
    columns = (
        Column((Line("Block", "strong"),), 180, 2),
        Column((Line("On the drawing", "strong"),), 110, 1),
        Column((Line("First day", "strong"),), 100, 0.3),
        Column((Line("Last day", "strong"),), 100, 0.3),
        Column((Line("State", "strong"),), 130, 1),
    )
    rows = []
    for block in evaluated.schedule.blocks:
        if wish.meets(block.start, block.end):
            state = "provisional: behind an open decision" if block.provisional else "planned"
            texts = (
                block.title,
                block.phase.short or block.title,
                glued(weekday_date(block.start)),
                glued(weekday_date(block.end - 1)),
                state,
            )
            rows.append(Row(tuple(Cell((Line(text),)) for text in texts)))
    return Section("Blocks", (Table(columns, tuple(rows)),), new_page=True)


def _legend(lanes: tuple[Lane, ...]) -> Section:
    """Only the signs, states and letters that the drawing uses (promises P6)."""
    bars = [bar for lane in lanes if lane.kind != "blocks" for bar in lane.bars]
    forms, states = {bar.form for bar in bars}, {bar.state for bar in bars}
    ribbons = {bar.state for lane in lanes if lane.kind == "blocks" for bar in lane.bars}
    lines = [words for form, words in SIGNS.items() if form in forms]
    lines += [words for state, words in STATES.items() if state in states | ribbons]
    if any(any(bar.window) for bar in bars):
        lines.append("Thin line beside a sign: the days it may also fall on.")
    letters = {bar.letter for bar in bars if bar.form in ("diamond", "triangle")}
    used = [f"{letter} {topic}" for topic, letter in TOPIC_LETTERS.items() if letter in letters]
    if used:
        lines.append(f"Letters: {', '.join(used)}.")
    return Section("Signs", (Paragraphs(tuple(Line(text) for text in lines), boxed=True),), level=1)
