"""Findings on the roadmap: severity, rule, what it says, the numbers used, source, who let it stand (C10, C11)."""

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile

from planner.exports.sheets.sheet import PROSE, Cell, Column, Line, Paragraphs, Part, Row, Section, Table
from planner.exports.wording.text import continued, weekdays_named, with_minus
from planner.model.civil import recorded_moment
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.finding import SEVERITIES, UNCHECKED, Finding, FindingStatus
from planner.model.language import glued
from planner.model.plan import Plan
from planner.model.schedule import PlacedBlock

ALSO = re.compile(r"also \d+")
"""The name of what was compared for a further dose."""
ADDRESS = re.compile(r"https?://(?:www\.)?([^/\s;,]+)/[^\s;,)]*[^\s;,).:]")
FURTHER = "further"
OF_A_SERIES = "times in this series."
"""How a message ends that is about several events, each with its day."""
REPEATED = ("found", "days")
"""What the arithmetic says again with its day."""
NOT_SET, OWN = "(not set)", "set the site's own."
"""How the lack of a rule and its message end where it waits for a number of the site alone."""
SET_IT = (
    "No sourced number for every protocol exists: set the site's own in rule files with these ids; the guide to rules "
    "shows how."
)
SHORTEST_TOLD = 5
"""Characters of a text that is left out where the message holds it: a shorter one could stand there by chance."""
SHORTEST_END = 3
"""Words at the end of alike texts that are worth saying once."""


def of_block(evaluated: EvaluatedPlan, block: PlacedBlock) -> list[Finding]:
    """Findings about orders or days of this block, the most severe first."""
    blocks = evaluated.schedule.blocks
    return _sorted([finding for finding in evaluated.findings if block in _concerned(finding, blocks)])


def block_findings(evaluated: EvaluatedPlan, block: PlacedBlock) -> tuple[Part, ...]:
    """The block's findings in full where it is the first they concern; others by name, with where they stand."""
    full: list[Finding] = []
    earlier: dict[str, list[str]] = {}
    for finding in of_block(evaluated, block):
        first = _concerned(finding, evaluated.schedule.blocks)[0]
        if first.id == block.id:
            full.append(finding)
        else:
            earlier.setdefault(first.title, []).append(f"{finding.standing} {glued(finding.rule)}")
    lines = tuple(
        Line(f"Also about this block, told under {title}: {', '.join(dict.fromkeys(names))}")
        for title, names in earlier.items()
    )
    return (*findings_part(evaluated.plan, full), *((Paragraphs(lines),) if lines else ()))


def _concerned(finding: Finding, blocks: Sequence[PlacedBlock]) -> list[PlacedBlock]:
    """The blocks whose orders it is about; without orders, those of its days.

    Also the one of its first day, where that lies before those of its orders: what has to begin with lymphodepletion
    was told under the cells, and no row of its day named it.
    """
    if not finding.orders:
        return [one for one in blocks if any(one.start <= day < one.end for day in finding.days)]
    of_orders = {order.partition("/")[0] for order in finding.orders}
    own = [one for one in blocks if one.id in of_orders]
    before = finding.days[:1] if own and finding.days[:1] < (min(one.start for one in own),) else ()
    return [one for one in blocks if one in own or any(one.start <= day < one.end for day in before)]


def _sorted(findings: Sequence[Finding]) -> list[Finding]:
    return sorted(
        findings,
        key=lambda one: (
            one.status is FindingStatus.CANNOT_CHECK,
            one.missing,  # what lacks the same stands together
            SEVERITIES.index(one.severity),
            one.days[:1],
            one.id,
        ),
    )


def findings_section(evaluated: EvaluatedPlan) -> list[Section]:
    """What was checked, then the findings that belong to no block; says so where the checks found nothing at all."""
    blocks = evaluated.schedule.blocks
    rest = _sorted([one for one in evaluated.findings if not _concerned(one, blocks)])
    parts = findings_part(evaluated.plan, rest)
    if not parts and evaluated.findings:
        return []
    summary = Paragraphs((Line(f"{evaluated.checked}. What no rule covers was not checked."),), leads=bool(parts))
    title = "Findings about the whole plan" if rest else "Findings"
    return [Section(title, (summary, *parts), level=0, again=continued(title))]


def findings_part(plan: Plan, findings: Sequence[Finding]) -> tuple[Part, ...]:
    """The findings as a table; nothing where there are none."""
    if not findings:
        return ()
    columns = (
        Column((Line("Severity, rule", "strong"),), 92, 0),
        Column((Line("What was found, what to do", "strong"),), 200, 2, gap=PROSE),
        Column((Line("Compared", "strong"),), 130, 1, gap=PROSE),
        Column((Line("Source", "strong"),), 130, 1),
    )
    unset = [one for one in findings if one.missing.endswith(NOT_SET) and one.message.endswith(OWN)]
    folded = unset if len(unset) > 1 else []
    rows = [_row(plan, *same) for same in _told_alike([one for one in findings if one not in folded])]
    return (Table(columns, (*rows, *([_unset_row(folded)] if folded else []))),)


def _unset_row(findings: Sequence[Finding]) -> Row:
    """The rules whose number each site sets for itself, in one row: theirs were a third of a page in each plan."""
    named = [Line(f"{glued(one.rule)} ({one.severity} if broken): {one.title}") for one in findings]
    sources = [Line(f"{glued(one.rule)}: {by_host(one.source)} ({one.evidence})") for one in findings]
    status = (Line(UNCHECKED, "strong"), Line("not set by this site"))
    return Row((Cell(status), Cell((*named, Line(SET_IT))), Cell(), Cell(tuple(sources))))


def _told_alike(findings: Sequence[Finding]) -> list[list[Finding]]:
    """The findings of each row: open ones of one rule that differ in what was found alone, at the place of the first.

    Five drugs without a dose were five rows that all end "Enter the site's dose."
    """
    rows: dict[tuple[object, ...], list[Finding]] = {}
    for one in findings:
        alike = one.status is FindingStatus.OPEN and not _compared(one)
        told = (one.rule, one.severity, one.advice, one.source, one.evidence)
        rows.setdefault(told if alike else (one.id,), []).append(one)
    return list(rows.values())


def _row(plan: Plan, finding: Finding, *others: Finding) -> Row:
    """A finding, with what else was found of its rule."""
    unchecked = finding.status is FindingStatus.CANNOT_CHECK
    status = [
        Line(UNCHECKED if unchecked else finding.severity, "strong"),
        Line(glued(finding.rule), "strong"),
        Line(f"{finding.severity} if broken" if unchecked else finding.status.value),
    ]
    messages = [one.message for one in (finding, *others)]
    what = [Line(weekdays_named(text)) for text in (*messages, finding.advice) if text]
    if finding.status is FindingStatus.ACKNOWLEDGED:
        what += [
            Line(f"Acknowledged by {taken.by}, {recorded_moment(taken.at)}: {taken.reason}", "strong")
            for taken in plan.acknowledgements
            if taken.finding == finding.id
        ]
    compared = [Line(with_minus(text)) for text in _compared(finding)]
    source = [Line(f"{by_host(finding.source)} ({finding.evidence})")]
    return Row(tuple(Cell(tuple(lines)) for lines in (status, what, compared, source)))


def all_days(finding: Finding) -> Iterable[int]:
    """The days it is about: of a time, told by its first and last day, all of them. Half a year read as two days.

    Not of a series of two: two doses of pegaspargase six weeks apart were "43 days".
    """
    spanned = len(finding.days) == len(("first", "last")) and not finding.message.endswith(OF_A_SERIES)
    return range(finding.days[0], finding.days[-1] + 1) if spanned else finding.days


def by_host(source: str) -> str:
    """The source with the name of its site for each long address: in a column, ten of them were a page."""
    return ADDRESS.sub(r"\1", source)


def _compared(finding: Finding) -> list[str]:
    """The facts and numbers that were compared, without what the message says already.

    What was compared the same way for further doses ("also 2", "also 3") is one text.
    """
    alone = [(name, value) for name, value in finding.inputs if not ALSO.fullmatch(name)]
    said = finding.arithmetic if finding.status is not FindingStatus.CANNOT_CHECK else ""
    first = [
        f"{name}: {value}"
        for name, value in alone
        if name != FURTHER and not _told(value, finding.message) and not _repeated(name, value, said)
    ]
    first += [said] if said else []
    further = [f"{name}: {value}" for name, value in alone if name == FURTHER]
    others = [value for name, value in finding.inputs if ALSO.fullmatch(name)]
    return [*first, *([_also(others, finding.arithmetic)] if others else []), *further]


def _repeated(name: str, value: str, arithmetic: str) -> bool:
    """Whether the arithmetic ends with the same: "found: none", and "06-Apr-2026: none" below it."""
    return arithmetic.endswith(value if name in REPEATED else f"{name}: {value}")


def _told(value: str, message: str) -> bool:
    """Whether the message holds every part of the value, as whole words."""
    parts = [part.strip() for part in value.split(";")]
    return all(
        len(part) >= SHORTEST_TOLD and re.search(rf"(?<![\w.,]){re.escape(part)}(?!\w)", message) for part in parts
    )


def _also(values: Sequence[str], first: str) -> str:
    """ "also 2 to 12: the same", or the values one after the other, what they begin and end with alike said once."""
    last = len(values) + 1
    label = "also 2" if last == 2 else f"also 2 to {last}"
    if set(values) == {first}:
        return f"{label}: the same"
    different = list(dict.fromkeys(values))
    begin = _common_words(different) if len(different) > 1 else ""
    rests = [value[len(begin) :] for value in different]
    end = _common_end(rests) if len(rests) > 1 else ""
    apart = [rest.removesuffix(end) for rest in rests]
    if end and all(one.endswith(":") for one in apart):  # days before a colon: it stands once, behind the last
        apart, end = [one[:-1] for one in apart], f":{end}"
    return f"{label}: {begin}{'; '.join(apart)}{end}"


def _common_end(values: Sequence[str]) -> str:
    """The whole words that all values end with, where they are more than a unit; of what has brackets, those behind."""
    backwards = [" ".join(reversed(value.split(" "))) for value in values]
    words = list(reversed(_common_words(backwards).split()))
    while any("(" in word or ")" in word for word in words):
        words.pop(0)
    return " ".join(["", *words]) if len(words) >= SHORTEST_END else ""


def _common_words(values: Sequence[str]) -> str:
    """The whole words that all values begin with."""
    words = takewhile(
        lambda column: len(set(column)) == 1, zip(*(value.split(" ")[:-1] for value in values), strict=False)
    )
    return "".join(f"{column[0]} " for column in words)
