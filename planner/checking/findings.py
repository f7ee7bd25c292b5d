"""Hits to findings: one finding a series, exemptions and acknowledgements applied, nothing ever dropped."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import attrgetter, is_, itemgetter
from typing import NamedTuple

from msgspec.structs import replace

from planner.checking.hits import Hit, names_day, on_day, worded
from planner.checking.moved import AnyHit
from planner.model.fact_words import sought
from planner.model.finding import Finding, FindingStatus
from planner.model.plan import Acknowledgement
from planner.model.rule import SequencingRule

BY_CLOCK = itemgetter(0, 1)
SEPARATOR = "; "
"""Between the names of what is missing."""
SHOWN = 12
"""Hits of one series whose comparison is written out; the rest is counted."""


class Series(NamedTuple):
    """Hits that are one finding."""

    hits: list[AnyHit]
    severity: str
    exempt: str


def series_of(rule: SequencingRule, hits: Iterable[AnyHit]) -> dict[str, Series]:
    """The hits by the id of the finding they belong to: same key, severity, missing or not, exempt or not."""
    found: dict[str, Series] = {}
    for hit in hits:
        of = hit.of
        exempt = _exemption(rule, of)
        severity = "" if exempt else of.severity
        parts = (rule.id, _key(of, hit.by), severity, "cannot check" if of.missing else "", "exempt" if exempt else "")
        finding_id = ":".join(filter(None, parts))
        series = found.get(finding_id)
        if series is None:
            series = found[finding_id] = Series([], severity, exempt)
        series.hits.append(hit)
    return found


class Said(NamedTuple):
    """A text of a hit, the days of which are to be counted on by so many."""

    text: str
    by: int

    def worded(self, by: int) -> str:
        """The text where all moved by so many days more."""
        return worded(self.text, self.by + by)


class Draft(NamedTuple):
    """A finding with its days still to be put into words; `like` has all that is the same wherever it stands."""

    like: Finding
    message: Said
    arithmetic: Said
    inputs: tuple[tuple[str, Said], ...]
    days: tuple[int, ...]

    def finding(self, by: int) -> Finding:
        """The finding where everything moved by so many days since."""
        return replace(
            self.like,
            message=self.message.worded(by),
            days=tuple([day + by for day in self.days]) if by else self.days,
            inputs=tuple([(name, said.worded(by)) for name, said in self.inputs]),
            arithmetic=self.arithmetic.worded(by),
        )


class Standing(NamedTuple):
    """Hits as they were found, and the days that each moved since."""

    of: list[Hit]
    by: list[int]

    def moved(self, before: "Standing") -> int | None:
        """By how many days all of them moved since they stood there; None where they are others or moved apart."""
        if len(self.of) != len(before.of) or not all(map(is_, self.of, before.of)):
            return None
        by = self.by[0] - before.by[0] if self.by else 0
        return by if all(now - then == by for now, then in zip(self.by, before.by, strict=True)) else None


class Telling:
    """One rule's findings. Put together once: where all hits of a finding moved by the same days, so did it."""

    def __init__(self, rule: SequencingRule) -> None:
        self._rule = rule
        self._drafts: dict[str, tuple[Standing, Draft]] = {}
        """By the id of the finding: its hits where it was put together."""
        self._laid: tuple[Standing, list[tuple[Draft, int]]] | None = None
        """All hits where they were last laid out, and each finding's days moved there; none where an id names a day."""

    def tell(self, hits: Sequence[AnyHit]) -> list[Finding]:
        """One finding for each series of hits."""
        stand = Standing([hit.of for hit in hits], [hit.by for hit in hits])
        laid = self._laid
        by = stand.moved(laid[0]) if laid else None
        if laid is None or by is None:
            laid, by = (stand, self._lay_out(hits)), 0
            self._laid = None if any(names_day(hit.key) for hit in stand.of) else laid
        return [draft.finding(moved + by) for draft, moved in laid[1]]

    def _lay_out(self, hits: Iterable[AnyHit]) -> list[tuple[Draft, int]]:
        """A draft for each series of hits, and the days that it moved since it was put together."""
        kept, self._drafts = self._drafts, {}
        return [self._drafted(kept.get(name), name, series) for name, series in series_of(self._rule, hits).items()]

    def _drafted(self, before: tuple[Standing, Draft] | None, name: str, series: Series) -> tuple[Draft, int]:
        stand = Standing([hit.of for hit in series.hits], [hit.by for hit in series.hits])
        moved = stand.moved(before[0]) if before else None
        if before is None or moved is None:
            before, moved = (stand, _draft(self._rule, name, series)), 0
        self._drafts[name] = before
        return before[1], moved


def acknowledged(findings: Iterable[Finding], marks: Iterable[Acknowledgement]) -> tuple[Finding, ...]:
    """The findings with those marked that somebody has acknowledged on the same facts; other facts open them again."""
    known: dict[str, set[str]] = {}
    for mark in marks:
        known.setdefault(mark.finding, set()).add(mark.basis)
    return tuple(
        # Of those alone that somebody marked: the basis is a hash, and an edit waits for its findings.
        replace(one, status=FindingStatus.ACKNOWLEDGED) if one.id in known and one.basis in known[one.id] else one
        for one in findings
    )


def _key(hit: Hit, by: int) -> str:
    if hit.key or not hit.events:
        return worded(hit.key, by)
    placed = hit.events[0].placed
    return f"{placed.block.id}/{placed.agent}"


def _exemption(rule: SequencingRule, hit: Hit) -> str:
    """Why the rule does not hold here, where every dose of the hit stands in one cycle of a protocol that says so.

    What a protocol gives by design it gives inside a cycle. That doses of two of them meet is nobody's design.
    """
    protocol = hit.events[0].placed.block.protocol if hit.events else None
    reason = dict(protocol.exemptions).get(rule.id, "") if protocol and protocol.exemptions else ""
    return reason if reason and len({(one.placed.block.id, one.placed.cycle) for one in hit.events}) == 1 else ""


def _draft(rule: SequencingRule, name: str, series: Series) -> Draft:
    hits, exempt = series.hits, series.exempt
    found = [hit.of for hit in hits]
    first, by = found[0], hits[0].by
    count = sum(map(attrgetter("times"), found))
    spots = sorted(chain.from_iterable(map(attrgetter("spots"), hits)), key=BY_CLOCK)
    status = FindingStatus.CANNOT_CHECK if first.missing else FindingStatus.OPEN
    missing = SEPARATOR.join(dict.fromkeys(map(sought, chain.from_iterable(one.missing for one in found))))
    inputs = [*((name, Said(text, by)) for name, text in first.inputs), *_further(hits)]
    like = Finding(
        id=name,
        rule=rule.id,
        title=rule.title,
        severity="advice" if exempt else series.severity or rule.severity,
        status=FindingStatus.ACKNOWLEDGED if exempt else status,
        message="",
        days=(),
        inputs=(),
        arithmetic="",
        orders=tuple(dict.fromkeys(map(itemgetter(2), spots))),
        statement=rule.statement,
        source=rule.reference,
        url=rule.url,
        evidence=str(rule.evidence),
        advice=rule.advice,
        count=count,
    )
    return Draft(
        like,
        Said(_message(first.message, count) + (f" Exempt by protocol, because {exempt}." if exempt else ""), by),
        Said(first.arithmetic, by),
        (*inputs, ("missing", Said(missing, 0))) if missing else tuple(inputs),
        tuple(sorted(set(chain.from_iterable(map(_days, hits))))),
    )


def _days(hit: AnyHit) -> Sequence[int]:
    return hit.days or [day for day, _, _ in hit.spots]


def _message(first: str, count: int) -> str:
    return first if count == 1 else f"{first} {count} times in this series."


def _further(hits: list[AnyHit]) -> Iterator[tuple[str, Said]]:
    """The comparisons behind the first one, so that each can be argued with; what lacks the same compared nothing."""
    if hits[0].of.missing and len(hits) > 1:
        days = list(chain.from_iterable(map(_days, hits[1:])))
        span = f", until {on_day(max(days))}" if days else ""
        yield "also", Said(f"{sum(hit.of.times for hit in hits) - 1} more of the same{span}", 0)
        return
    for number, hit in enumerate(hits[1:SHOWN], 2):
        yield f"also {number}", Said(hit.of.arithmetic or hit.of.message, hit.by)
    if len(hits) > SHOWN:
        yield "further", Said(f"{len(hits) - SHOWN} more of the same", 0)
