"""The course at a glance: the timeline as a drawing, first the whole course, then at most 32 weeks a page."""

from collections import deque
from collections.abc import Iterable, Sequence
from itertools import groupby

from msgspec.structs import replace

from planner.exports.pdf.signs import PATTERNS
from planner.exports.sheets.changes import ON_THESE_DAYS, changes_section
from planner.exports.sheets.frame import clinician_frame, extract_of
from planner.exports.sheets.job import Job
from planner.exports.sheets.sheet import Cell, Chart, Column, Line, Paragraphs, Row, Section, Sheet, Sign, Signs, Table
from planner.exports.wording.answers import answer_words, is_decided
from planner.exports.wording.holds import Ends
from planner.exports.wording.runs import FirstDays
from planner.exports.wording.sums import no_intrathecal
from planner.exports.wording.text import NO_DAY, continued
from planner.model.civil import weekday_date
from planner.model.cycle_content import State
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.finding import SEVERITIES
from planner.model.language import glued
from planner.model.schedule import OpenDecision, PlacedBlock
from planner.model.timeline import TOPIC_LETTERS, Bar, Lane, redrawn
from planner.model.wish import Wish

TITLE = "Course at a glance"
STRETCH = 32 * 7
"""Days on one drawing at the most, so that single days can be told apart."""

WITH_SIGNS = 14
"""Lanes that leave room for all signs under the drawing of the whole course."""
ROOM = 24
"""Lanes and rows of signs that stand on one page; with more lanes or signs these stand at the end."""
WITH_BLOCKS = 22
"""Lanes, rows of signs and blocks on one page; with more the table of blocks stands behind the last drawing."""

MISSING = " In the drawing of the whole course some have no room; those behind it have all of them."
SIGNS = {
    ("dose", ""): "A dose.",
    ("dose", "hatched"): "Premedication, supportive drug or fluid.",
    ("dose", "dotted"): "Rescue or growth factor.",
    ("infusion", ""): "Continuous infusion, lower with a step dose; strokes: a bag or the dose changes.",
    ("span", ""): "A daily medicine.",
    ("dots", ""): "A medicine on single days.",
    ("intrathecal", ""): "INTRATHECAL; with a number, on that many days.",
    ("disc", ""): "Cells, with the day's number.",
    ("diamond", ""): "Examination, with its letter, or how many.",
    ("triangle", ""): "Procedure or bag, with its letter, or how many.",
    ("hexagon", ""): "Decision, ? while it is open, ticked with its answer.",
    ("mark", ""): "The days a rule speaks about; thin once acknowledged.",
}
"""By form and filling."""

OTHER = TOPIC_LETTERS["other"]
BETWEEN = " · "
"""Between the names of a sign that stands for several."""
SHORT = {"mrd": "MRD", "ecg": "ECG"}
"""Topics that are written in capitals."""

NO_SPINAL = "no INTRATHECAL dose is drawn"
STATES = {
    State.PROVISIONAL: "Broken edge: hangs on {reason}.",
    State.GIVEN: "Tick above: given.",
    State.OMITTED: "Struck through: left out.",
    State.STOPPED: "Struck through: stopped.",
    State.HELD: "Two strokes above: on hold.",
}


def glance(evaluated: EvaluatedPlan, job: Job) -> Sheet:
    """Every lane of the timeline; lanes and signs without anything in a stretch of time are left out there."""
    start, end = _range(evaluated, job.wish)
    extract = extract_of(evaluated, job.wish)
    lanes = _within(_on_paper(evaluated), start, end)
    sections = []
    if 0 < start < end:  # a course of which nothing is left has no days
        sections.append(_section(_title(start, end) if extract else "The whole course", lanes, start, end))
        stretches = _stretches(start, end)
        signs = _legend(lanes, evaluated, again=len(stretches) > 1)
        legend = Section("Signs", (signs,), level=1)
        rows = -(-len(signs.signs) // 2) + len(signs.lines)
        beside = len(lanes) <= WITH_SIGNS or len(lanes) + rows <= ROOM
        lists = [_blocks(evaluated, job.wish, start, end)]
        listed = len(evaluated.schedule.blocks) + len(evaluated.schedule.decisions)
        early = beside and (len(stretches) == 1 or len(lanes) + rows + listed <= WITH_BLOCKS)
        sections += [legend] if beside else []
        sections += lists if early else []
        if len(stretches) > 1:
            sections += [
                _section(_title(*one), lanes, *one, new_page=number == 0) for number, one in enumerate(stretches)
            ]
        sections += [] if beside else [replace(legend, level=0)]  # of no drawing: not under the last one's title
        sections += [] if early else lists
        where = ON_THESE_DAYS if extract else ""
        sections += changes_section(job.changes, lambda one: not extract or start <= one.day < end, where)
    if not sections:
        sections = [Section("Nothing is planned", (Paragraphs((Line("Nothing is planned in this time."),)),))]
    frame = clinician_frame(evaluated, TITLE, job, extract)
    return Sheet("glance", TITLE, "clinician", frame, tuple(sections))


def _on_paper(evaluated: EvaluatedPlan) -> tuple[Lane, ...]:
    """The lanes as paper has them: findings in one lane a severity, blocks with their numbers, each name once.

    Marks have no names on paper, and ten lanes say no more. Two questions of one day need two lanes of one name.
    """
    lanes = evaluated.timeline.lanes
    numbers, begins = _numbers(evaluated), FirstDays(evaluated.schedule)
    first = {block.id: begins.of(block) for block in evaluated.schedule.blocks}
    others: list[Lane] = []
    titles: set[str] = set()
    for lane in (one for one in lanes if one.kind != "findings"):
        bars = tuple(_numbered(bar) for bar in lane.bars)
        if lane.kind == "blocks":
            bars = tuple(
                bar if bar.form == "cycle" else redrawn(bar, letter=numbers[bar.block], start=first[bar.block])
                for bar in bars
            )
        others.append(replace(lane, title="" if lane.title in titles else lane.title, bars=bars))
        titles.add(lane.title)
    marks = [bar for lane in lanes if lane.kind == "findings" for bar in lane.bars]
    found = [(severity, _days_marked(bar for bar in marks if bar.finding == severity)) for severity in SEVERITIES]
    return (
        *others,
        *(Lane(severity, f"Findings: {severity}", "findings", "finding", bars) for severity, bars in found if bars),
    )


def _numbered(bar: Bar) -> Bar:
    """A sign of several studies of one letter with their number: two of a day were one "A"."""
    count = bar.label.count(BETWEEN) + 1 if bar.form in ("diamond", "triangle") and bar.letter.isalpha() else 1
    return redrawn(bar, letter=f"{count} {bar.letter}") if count > 1 else bar


def _numbers(evaluated: EvaluatedPlan) -> dict[str, str]:
    """By block the number that stands for it where its name has no room."""
    return {block.id: str(number) for number, block in enumerate(evaluated.schedule.blocks, 1)}


def _days_marked(bars: Iterable[Bar]) -> tuple[Bar, ...]:
    """One mark for each stretch of days that these marks speak about; a day with an open finding is open."""
    sample: dict[int, Bar] = {}
    for bar in sorted(bars, key=lambda bar: bar.state is State.PLANNED):
        sample |= dict.fromkeys(bar.ticks, bar)
    marks = []
    numbered = enumerate(sorted(sample))
    for (_, bar), found in groupby(numbered, key=lambda one: (one[1] - one[0], sample[one[1]])):
        days = tuple(day for _, day in found)
        marks.append(redrawn(bar, start=days[0], end=days[-1] + 1, ticks=days))
    return tuple(marks)


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


def _section(title: str, lanes: tuple[Lane, ...], first: int, last: int, *, new_page: bool = True) -> Section:
    chart = Chart(_within(lanes, first, last), first, last)
    return Section(title, (chart,), new_page=new_page, again=continued(title))


def _within(lanes: Iterable[Lane], first: int, last: int) -> tuple[Lane, ...]:
    """The lanes with something between the days, and of each only that: the legend explains no sign of other days."""
    shown = (
        replace(lane, bars=tuple(bar for bar in lane.bars if bar.start < last and bar.end > first)) for lane in lanes
    )
    return tuple(lane for lane in shown if lane.bars)


def _blocks(evaluated: EvaluatedPlan, wish: Wish, first: int, last: int) -> Section:
    """Blocks with their dates, and among them the questions of these days, which the drawing has no room for.

    As a table of their own those few rows often stood alone on a second page.
    """
    columns = (
        Column((Line("No.", "strong"),), 30, 0),
        Column((Line("Block or decision", "strong"),), 200, 2),
        Column((Line("First day or due", "strong"),), 105, 0.3),
        Column((Line("Last day", "strong"),), 100, 0.3),
        Column((Line("State or answer", "strong"),), 200, 2),
    )
    asked = deque(one for one in evaluated.schedule.decisions if first <= one.day < last)
    title = "Blocks and decisions" if asked else "Blocks"
    title += f" ({NO_SPINAL})" if no_intrathecal(evaluated.schedule.events) else ""  # a line of its own cost a page
    texts: list[tuple[str, ...]] = []
    begins, ends = FirstDays(evaluated.schedule), evaluated.once(Ends)
    for number, block in enumerate(evaluated.schedule.blocks, 1):
        while asked and asked[0].day < begins.of(block):
            texts.append(_question(evaluated, asked.popleft()))
        if wish.meets(block.start, block.end):
            texts.append((str(number), block.title, *_dates(block, begins, ends), _state(block, ends)))
    texts += [_question(evaluated, one) for one in asked]
    rows = tuple(Row(tuple(Cell((Line(text),) if text else ()) for text in row)) for row in texts)
    return Section(title, (Table(columns, rows, together=True),))


def _question(evaluated: EvaluatedPlan, asked: OpenDecision) -> tuple[str, ...]:
    """A row of the table of blocks; with the sign that the drawing has while it is open."""
    answer = answer_words(evaluated, asked)
    due = glued(weekday_date(asked.day))
    return "" if is_decided(answer) else "?", asked.decision.question, due, "", answer


def _dates(block: PlacedBlock, begins: FirstDays, ends: Ends) -> tuple[str, str]:
    if block.waits:
        return NO_DAY, NO_DAY
    return glued(weekday_date(begins.of(block))), ends.last_day(block)


def _state(block: PlacedBlock, ends: Ends) -> str:
    if block.id in ends.held:
        return f"ON HOLD from {glued(weekday_date(ends.held[block.id]))}"
    if ends.is_left_out(block):
        return "left out"
    if ends.is_stopped(block):
        return "stopped"
    state = f"provisional: {block.unsure}" if block.provisional else "planned"
    return "; ".join(filter(None, (state, ends.left_out_words(block), ends.drugs_held(block))))


def _legend(lanes: tuple[Lane, ...], evaluated: EvaluatedPlan, *, again: bool) -> Signs:
    """Only the signs, states and letters that the drawing uses (promises P6).

    Where the days are drawn `again`, larger, the first drawing may be too small for all letters.
    """
    drawn = [(lane, bar) for lane in lanes if lane.kind != "blocks" for bar in lane.bars]
    samples = {
        (bar.form, PATTERNS.get(lane.role, "") if bar.form == "dose" else ""): (bar, lane) for lane, bar in drawn
    }
    signs = [_sign(*samples[key], State.PLANNED, words) for key, words in SIGNS.items() if key in samples]
    ribbons = [(lane, bar) for lane in lanes if lane.kind == "blocks" for bar in lane.bars]
    states = {bar.state: (bar, lane) for lane, bar in (*ribbons, *drawn) if bar.form != "mark"}
    unsure = {bar.block for _, bar in (*ribbons, *drawn) if bar.state is State.PROVISIONAL}
    reason = " or ".join(dict.fromkeys(_reason(block) for block in evaluated.schedule.blocks if block.id in unsure))
    signs += [
        _sign(*states[state], state, words.format(reason=reason)) for state, words in STATES.items() if state in states
    ]
    lines = []
    if any(any(bar.window) for _, bar in drawn):
        lines.append("Thin line beside a sign: the days it may also fall on.")
    if any(bar.open_end for _, bar in drawn):
        lines.append("Arrow head at the end: nobody knows yet when it ends.")
    used = _letters([bar for _, bar in drawn if bar.form in ("diamond", "triangle")])
    if used:
        lines.append(f"{used}{MISSING if again else ''}")
    return Signs(tuple(signs), (Line(" ".join(lines)),) if lines else ())


def _letters(bars: Sequence[Bar]) -> str:
    """The letters that are used, each with what it means; that of all others with the names of what it stands for."""
    letters = {bar.letter[-1:] for bar in bars}
    names = (name for bar in bars if bar.letter.endswith(OTHER) for name in bar.label.split(BETWEEN))
    others = dict.fromkeys(names)
    used = [
        f"{letter} {SHORT.get(topic, topic)}{f' ({BETWEEN.join(others)})' if letter == OTHER else ''}"
        for topic, letter in TOPIC_LETTERS.items()
        if letter in letters
    ]
    return f"Letters: {', '.join(used)}." if used else ""


def _reason(block: PlacedBlock) -> str:
    """What something provisional of this block hangs on."""
    if block.waits:
        return "a day not set yet"
    if block.hold:
        return "a block before it that is on hold"
    return "a fact not recorded" if block.facts_unknown else "an open decision"


def _sign(bar: Bar, lane: Lane, state: State, words: str) -> Sign:
    """One sign of the drawing, of three days where it is one that has a length."""
    form = bar.form if (bar.form, "") in SIGNS else "dose"
    days = 3 if form in ("infusion", "span") else 2 if form == "dose" else 1
    sample = redrawn(
        bar, form=form, start=0, end=days, state=state, ticks=(1,) if form == "infusion" else (), window=(0, 0),
        open_end=False, level=1,
    )  # fmt: skip
    return Sign(sample, lane.role, words)
