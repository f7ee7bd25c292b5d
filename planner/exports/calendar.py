"""The patient's calendar: what this plan is, the medicines, then month by month what happens on each day."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby

from msgspec import Struct

from planner.exports.calendar_days import DayWork, day_works
from planner.exports.calendar_intro import intro
from planner.exports.frame import patient_frame
from planner.exports.job import Job
from planner.exports.sheet import (
    Cell,
    Column,
    DayCell,
    Line,
    Month,
    Paragraphs,
    Part,
    Row,
    Section,
    Sheet,
    Table,
    Week,
    WeekBar,
)
from planner.model.civil import add_months
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.language import Words
from planner.model.schedule import Schedule


def calendar(evaluated: EvaluatedPlan, job: Job) -> Sheet:
    """Every event of the plan in plain words; each month begins a page. Whole months of the time asked for."""
    work = day_works(evaluated, job.words, job.site.micrograms, job.changes)
    frames = ("legend_bar",) if work.has_spans else ()
    grid = ("legend_tick", *frames, "legend_dashed", "legend_grey")
    sections = intro(evaluated, job, ("legend_tick", "legend_dashed") if job.wish.large else grid)
    if evaluated.schedule.blocks:
        first, last = _course(evaluated.schedule)
        day = first.replace(day=1)
        while day <= last:
            following = add_months(day, 1)
            if job.wish.meets(day.toordinal(), following.toordinal()):
                month = _MonthView(day, first, last, job.stamp.printed_at.date(), work, job.words)
                sections.append(month.listed() if job.wish.large else month.section(job.site.week_starts))
            day = following
    frame = patient_frame(evaluated, job.words.say("title"), job)
    audience = "patient, large print" if job.wish.large else "patient"
    return Sheet("calendar", job.words.say("title"), audience, frame, tuple(sections), language=job.words.tag)


def _course(schedule: Schedule) -> tuple[date, date]:
    """First and last day of blocks and events."""
    days = [event.day for event in schedule.events]
    days += [day for block in schedule.blocks for day in (block.start, block.end - 1)]
    return date.fromordinal(min(days)), date.fromordinal(max(days))


def week_starts_of(first: date, week_starts: int) -> list[date]:
    """The first day of every week that holds a day of the month; `week_starts` is 0 for Monday, 6 for Sunday."""
    day = first - timedelta((first.weekday() - week_starts) % 7)
    following = add_months(first, 1)
    found = []
    while day < following:
        found.append(day)
        day += timedelta(7)
    return found


class _MonthView(Struct, frozen=True):
    """One month of a plan that runs from `plan_first` to `plan_last`; days before `today` are past."""

    first: date
    plan_first: date
    plan_last: date
    today: date
    work: DayWork
    words: Words

    def section(self, week_starts: int) -> Section:
        """The month under its name. Weeks without a day of the plan are left out."""
        title = self.words.month(self.first)
        names = tuple(self.words.weekdays[(week_starts + number) % 7] for number in range(7))
        subtitle = tuple(Line(text) for text in self.work.running(self.first, add_months(self.first, 1)))
        weeks = [
            [start + timedelta(number) for number in range(7)] for start in week_starts_of(self.first, week_starts)
        ]
        shown = tuple(self._week(days) for days in weeks if any(self._shows(day) for day in days))
        notice = self.words.say("confirms_month") if self._is_provisional else ""
        again, more = self.words.say("continued", month=title), self.words.say("more")
        return Section(title, (Month(title, subtitle, names, shown, again, more, notice),), level=0, new_page=True)

    def listed(self) -> Section:
        """The month as a list, a row a day: in large print a grid would break every longer word."""
        following = add_months(self.first, 1)
        days = [self.first + timedelta(number) for number in range((following - self.first).days)]
        rows = [self._row(day) for day in days if self._shows(day)]
        columns = (Column((), 190, 0), Column((), 300, 1))
        title = self.words.month(self.first)
        again = self.words.say("continued", month=title)
        parts: list[Part] = [Paragraphs(tuple(Line(text) for text in self.work.running(self.first, following)))]
        if self._is_provisional:
            parts.append(Paragraphs((Line(self.words.say("confirms_month"), "strong"),), boxed=True))
        return Section(title, (*parts, Table(columns, tuple(rows))), new_page=True, again=again)

    def _row(self, day: date) -> Row:
        lines, provisional = self.work.lines_on(day, told=self._is_provisional)
        spans = []
        for span in self.work.spans_on(day):
            told = self.work.span_words(span)
            doubt = f", {self.words.say('confirms_short')}" if told.provisional and not self._is_provisional else ""
            spans.append(Line(told.text + doubt, tick=bool(told.ticks)))
            spans += [Line("", tick=True)] * (told.ticks - 1)
        lines = (*lines, *spans) or (Line(self.words.say("no_treatment")),)
        name = Line(f"{self.words.weekdays[day.weekday()]} {day.day}", "strong")
        return Row((Cell((name, Line(self.work.label(day)))), Cell(lines, "dashed" if provisional else "")))

    @property
    def _is_provisional(self) -> bool:
        return self.work.is_provisional(self.first, add_months(self.first, 1))

    def _shows(self, day: date) -> bool:
        return day.month == self.first.month and self.plan_first <= day <= self.plan_last

    def _week(self, days: Sequence[date]) -> Week:
        bars = self._bars(days)
        barred = {number for bar in bars for number in range(bar.first, bar.last + 1)}
        return Week(tuple(self._day(day, number in barred) for number, day in enumerate(days)), bars)

    def _bars(self, days: Sequence[date]) -> tuple[WeekBar, ...]:
        """The spans that run in this week, each from its first to its last shown day; the longest first."""
        found: dict[int, list[int]] = defaultdict(list)
        for number, day in enumerate(days):
            if self._shows(day):
                for span in self.work.spans_on(day):
                    found[span].append(number)
        bars = []
        for span, numbers in found.items():
            told = self.work.span_words(span)
            doubt = f", {self.words.say('confirms_short')}" if told.provisional and not self._is_provisional else ""
            for _, stretch in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
                run = [number for _, number in stretch]
                bars.append(WeekBar(run[0], run[-1], Line(told.text + doubt), told.ticks, told.provisional))
        return tuple(sorted(bars, key=lambda bar: (bar.first - bar.last, bar.first)))

    def _day(self, day: date, has_bar: bool) -> DayCell:
        if day.month != self.first.month:
            return DayCell("", outside=True)
        if not self._shows(day):
            return DayCell(str(day.day), lines=(Line(self.words.say("not_in_plan")),), outside=True)
        lines, provisional = self.work.lines_on(day, told=self._is_provisional)
        if not lines and not has_bar:
            lines = (Line(self.words.say("no_treatment")),)
        return DayCell(str(day.day), self.work.label(day), lines, dashed=provisional, past=day < self.today)
