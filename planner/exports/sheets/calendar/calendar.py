"""The patient's calendar: what this plan is, the medicines, then month by month what happens on each day."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from planner.exports.sheets.calendar.days import DayWork, SpanWords, as_unsure
from planner.exports.sheets.calendar.intro import goes_on_after, intro, signs_used
from planner.exports.sheets.calendar.items import day_works
from planner.exports.sheets.calendar.making import named_as_given
from planner.exports.sheets.calendar.medicines import ALWAYS, Shown
from planner.exports.sheets.frame import patient_frame
from planner.exports.sheets.job import Job
from planner.exports.sheets.sheet import (
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
from planner.exports.wording.runs import pump_ends
from planner.exports.wording.stops import told_once
from planner.model.civil import add_months
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.language import Words

NO_TREATMENT, ASK = "no_treatment_from", "ask_from"
"""What is said of all days of a month in one line: the keys of the texts."""
DAY, WEEK = timedelta(1), timedelta(7)
MIDDLE = timedelta(3)
"""From the first day of a week to the one that is in the month of most of them."""
MANY = 3
"""As many months to ask about in a row are one line; of fewer each has its days to write on."""


def calendar(evaluated: EvaluatedPlan, job: Job) -> Sheet:
    """Every event of the plan in plain words; each month begins a page. Whole months of the time asked for."""
    job = replace(job, words=named_as_given(evaluated, job.words))
    work = day_works(evaluated, job.words, job.site.micrograms, job.changes)
    months: list[Section] = []
    views: list[_MonthView] = []
    if evaluated.schedule.blocks:
        beyond = goes_on_after(evaluated, job.words)
        views = _months(evaluated, job, work)
        last = _course(evaluated)[1].toordinal()
        ends = Line(job.words.say("after_plan", day=job.words.day(last)), "strong")
        beyond[last] = (*beyond.get(last, ()), ends)
        for month, after in _with_rests(views):
            below = (*month.of_its_days(beyond), *_below(after))
            months.append(month.listed(below) if job.wish.large else month.section(below))
    sections = (*intro(evaluated, job, signs_used(months, job.words), _shown(views, job)), *months)
    title = job.words.say("title")
    frame = patient_frame(evaluated, title, job)
    large = job.wish.large  # rows of days: upright, header and footer take less of the page
    audience = "patient, large print" if large else "patient"
    return Sheet("calendar", title, audience, frame, sections, language=job.words.tag, landscape=not large)


def _shown(views: Sequence["_MonthView"], job: Job) -> Shown:
    """The days from the first that is asked for to the last that is printed."""
    if not views or (job.wish.first is None and job.wish.last is None):
        return ALWAYS
    first = views[0].begin if job.wish.first is None else job.wish.first
    return first.toordinal(), views[-1].following.toordinal() - 1


def _course(evaluated: EvaluatedPlan) -> tuple[date, date]:
    """First and last day of blocks and events, not of those that a stop took along; a pump comes off a day later."""
    schedule = evaluated.schedule
    events = [*told_once(evaluated, schedule.events)]
    gone = {one.placed.block.id for one in schedule.events} - {one.placed.block.id for one in events}
    days = [*(event.day for event in events), *pump_ends(events)]
    days += [day for block in schedule.blocks if block.id not in gone for day in (block.start, block.end - 1)]
    return date.fromordinal(min(days)), date.fromordinal(max(days))


def _months(evaluated: EvaluatedPlan, job: Job, work: DayWork) -> list["_MonthView"]:
    """The months in whole weeks: each week stands once, with the month that has most of its days.

    Weeks in parts on two pages were a page for a Monday, and a daily medicine had another place on each of them. One
    week alone stands with the month beside it. Of a time that is asked for the months at its ends are whole.
    """
    plan, wish, starts = _course(evaluated), job.wish, job.site.week_starts
    if not wish.meets(plan[0].toordinal(), plan[1].toordinal() + 1):
        return []
    month, end = (_month_of(day, starts) for day in plan)
    begin, following = _week_start(plan[0], starts), _week_start(plan[1], starts) + WEEK
    if wish.first is not None and wish.first > plan[0]:
        month = min(wish.first.replace(day=1), end)
        begin = _week_start(month, starts)
    if wish.last is not None and wish.last < plan[1]:
        end = max(wish.last.replace(day=1), month)
        following = _week_start(add_months(end, 1) - DAY, starts) + WEEK
    months = []
    while month <= end:
        months.append(month)
        month = add_months(month, 1)
    edges = [begin, *(_week_start(one + MIDDLE, starts) for one in months[1:]), following]
    if len(months) > 1 and edges[1] - begin == WEEK:
        del months[0], edges[1]
    if len(months) > 1 and following - edges[-2] == WEEK:
        del months[-1], edges[-2]
    today = job.stamp.printed_at.date()
    return [
        _MonthView(one, edges[number], edges[number + 1], plan, today, starts, work, job.words)
        for number, one in enumerate(months)
    ]


def _month_of(day: date, week_starts: int) -> date:
    """The first of the month that has most days of the week of that day."""
    return (_week_start(day, week_starts) + MIDDLE).replace(day=1)


def _with_rests(months: Sequence["_MonthView"]) -> list[tuple["_MonthView", list["_MonthView"]]]:
    """Each month with those that are told below it: whole months after it on which surely nothing falls are one line.

    So are several months in a row of which every day says to ask and nothing more: twenty pages of that are not read.
    They have no page of their own; only where nothing stands before them has the first of them.
    """
    found: list[tuple[_MonthView, list[_MonthView]]] = []
    for key, alike in groupby(months, key=lambda month: month.all_days):
        several = list(alike)
        told = key == NO_TREATMENT or (key == ASK and len(several) >= MANY)
        if found and told:
            found[-1][1].extend(several)
        elif told:
            found.append((several[0], several[1:]))
        else:
            found += [(month, []) for month in several]
    return found


def _below(months: Sequence["_MonthView"]) -> tuple[Line, ...]:
    """What is said of all days of these months, in one line for as many as say the same."""
    stretches = [(key, tuple(found)) for key, found in groupby(months, key=lambda month: month.all_days)]
    return tuple(found[0].until(found[-1], key) for key, found in stretches)


def _week_start(day: date, week_starts: int) -> date:
    return day - timedelta((day.weekday() - week_starts) % 7)


class _MonthView(Struct, frozen=True):
    """The month that begins on `first`, in whole weeks from `begin` up to `following`.

    `plan` are the first and the last day of the course; days before `today` are past.
    """

    first: date
    begin: date
    following: date
    plan: tuple[date, date]
    today: date
    week_starts: int
    work: DayWork
    words: Words

    @property
    def all_days(self) -> str:
        """The key of what is said of all of its days: surely nothing falls on any, or each is to ask about."""
        days = self._days()
        if all(map(self.work.rests_on, days)):
            return NO_TREATMENT
        return ASK if all(map(self.work.asks_on, days)) else ""

    def until(self, last: "_MonthView", key: str) -> Line:
        """What is said of all days from the first of this month to the last of that one."""
        first, end = self.words.day(self.begin), self.words.day(min(last.following - timedelta(1), self.plan[1]))
        return Line(self.words.say(key, first=first, last=end), "strong")

    def _days(self) -> list[date]:
        """The days of the month that are of the plan."""
        days = [self.begin + timedelta(number) for number in range((self.following - self.begin).days)]
        return [day for day in days if self._shows(day)]

    def of_its_days(self, told: Mapping[int, tuple[Line, ...]]) -> tuple[Line, ...]:
        """Of what is told of days, that of the days of the month."""
        return tuple(line for day in self._days() for line in told.get(day.toordinal(), ()))

    def section(self, after: tuple[Line, ...] = ()) -> Section:
        """The month under its name. Weeks without a day of the plan are left out."""
        title = self.words.month(self.first)
        names = tuple(self.words.weekdays[(self.week_starts + number) % 7] for number in range(7))
        subtitle = tuple(Line(text) for text in self.work.running(self.begin, self.following))
        days = [self.begin + timedelta(number) for number in range((self.following - self.begin).days)]
        weeks = (days[start : start + 7] for start in range(0, len(days), 7))
        shown = tuple(self._week(week) for week in weeks if any(map(self._shows, week)))
        notice = self.words.say("confirms_month") if self._is_provisional else ""
        together = self._together()
        again = self.words.say("continued", month=title)
        more, earlier, further = map(self.words.say, ("more", "earlier", "further"))
        grid = Month(title, subtitle, names, shown, again, more, notice, after, earlier, further)
        if len(together) > 1:
            spans = {
                (one, last): self.words.say("continued", month=self.words.months_together(together[one : last + 1]))
                for last in range(len(together))
                for one in range(last + 1)
            }
            grid = replace(grid, headline=self.words.months_together(together), spans=spans)
        return Section(title, (grid,), level=0, new_page=True)

    def _together(self) -> list[date]:
        """The month and those beside it with a whole week on its pages, each by its first day: one of November stood
        under December.
        """
        before = [self.begin.replace(day=1)] if self.begin + WEEK <= self.first else []
        behind = [(self.following - DAY).replace(day=1)] if self.following - WEEK >= add_months(self.first, 1) else []
        return [*before, self.first, *behind]

    def listed(self, after: tuple[Line, ...] = ()) -> Section:
        """The month as a list, a row a day: in large print a grid would break every longer word.

        Days of one week on which the same happens, and nothing besides daily medicines and what to ask about, share
        a row. What hangs on a decision says so on each day: a list goes on over many pages.
        """
        rows = [self._row(days) for days in self._alike()]
        columns = (Column((), 190, 0), Column((), 300, 1))
        title = self.words.month(self.first)
        again = self.words.say("continued", month=title)
        running = self.work.running(self.begin, self.following)
        parts: list[Part] = [Paragraphs(tuple(Line(text) for text in running), leads=True)]
        rows += [Row((Cell(), Cell(after)))] if after else []
        return Section(title, (*parts, Table(columns, tuple(rows))), new_page=True, again=again)

    def _alike(self) -> list[list[date]]:
        """The days of the month in rows."""
        found: list[list[date]] = []
        for day in self._days():
            asked = self.work.asked_on(day)
            plain = self.work.lines_on(day, told=True)[0] == asked
            before = found[-1][-1] if found else None
            if (
                before is not None
                and plain
                and day.weekday() != self.week_starts
                and day != self.today
                and self.work.lines_on(before, told=True)[0] == asked
                and self.work.spans_on(day) == self.work.spans_on(before)
                and self.work.nothing_on(day) == self.work.nothing_on(before)
                and bool(self.work.label(day)) == bool(self.work.label(before))  # else the first day's was for all
            ):
                found[-1].append(day)
            else:
                found.append([day])
        return found

    def _row(self, days: Sequence[date]) -> Row:
        first, last = days[0], days[-1]
        spans = [self.work.span_words(span) for span in self.work.spans_on(first)]
        sure = [line for span in spans if not span.provisional for line in self._daily(span, days)]
        unsure = [line for span in spans if span.provisional for line in self._daily(span, days)]
        lines, provisional = self.work.lines_on(first, told=False, daily=sure)
        if lines and not provisional:
            unsure = [as_unsure(line) for line in unsure]
        lines = (*lines, *unsure, *self.work.nothing_on(first))
        style = "struck" if last < self.today else "strong"
        names = [Line(text, style) for text in self._span_of(self._named(first), self._named(last))]
        labels = [Line(text) for text in self._span_of(self.work.label(first), self.work.label(last))]
        return Row((Cell((*names, *labels)), Cell(lines, "dashed" if provisional else "")))

    def _daily(self, span: SpanWords, days: Sequence[date]) -> list[Line]:
        """A daily medicine on these days: one box before it, or boxes below, as many on each day as doses."""
        doubt = f", {self.words.say('confirms_short')}" if span.provisional and not span.quiet else ""
        one = len(days) == 1 and span.ticks == 1
        done = [self.work.recorded[span.text, day.toordinal()] for day in days]
        told = Line(span.text + doubt, tick=one, ticked=bool(done[0]))
        if one or not span.ticks:
            return [told]
        boxes: list[tuple[str, int, bool]] = []
        for day, count in zip(days, done, strict=True):
            if 0 < count < span.ticks:
                boxes += [(self._named(day), count, True), ("", span.ticks - count, False)]
            else:
                boxes.append((self._named(day), span.ticks, bool(count)))
        return [told, Line("", boxes=tuple(boxes), under=(told,))]

    def _span_of(self, first: str, last: str) -> list[str]:
        """What the first and the last day are called, one under the other."""
        return [first] if last in ("", first) else [first, f"{self.words.say('to')} {self.words.within(last)}"]

    def _named(self, day: date) -> str:
        """ "Monday 2"; with its month where it is a neighbour's."""
        number, month = self.words.day_and_month(day)
        told = number if day.month == self.first.month else f"{number} {month}"
        return self.words.say("weekday_day", weekday=self.words.weekdays[day.weekday()], day=told)

    @property
    def _is_provisional(self) -> bool:
        return self.work.is_provisional(self.begin, self.following)

    def _shows(self, day: date) -> bool:
        return self.begin <= day < self.following and self.plan[0] <= day <= self.plan[1]

    def _week(self, days: Sequence[date]) -> Week:
        bars = self._bars(days)
        part = sum(month <= days[0] + MIDDLE for month in self._together()[1:])
        return Week(tuple(map(self._day, days)), bars, part)

    def _bars(self, days: Sequence[date]) -> tuple[WeekBar, ...]:
        """The spans that run in this week, each from its first to its last shown day.

        Whichever is the longest of the plan stands first, so that its boxes keep their row from week to week.
        """
        found: dict[int, list[int]] = defaultdict(list)
        for number, day in enumerate(days):
            if self._shows(day):
                for span in self.work.spans_on(day):
                    found[span].append(number)
        bars = []
        for span, numbers in found.items():
            told = self.work.span_words(span)
            unsure = told.provisional and not told.quiet and not self._is_provisional
            doubt = f", {self.words.say('confirms_short')}" if unsure else ""
            for _, stretch in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
                run = [number for _, number in stretch]
                counts = ((one, self.work.recorded[told.text, days[one].toordinal()]) for one in run)
                done = tuple((one, count) for one, count in counts if count)
                bar = WeekBar(run[0], run[-1], Line(told.text + doubt), told.ticks, told.provisional, done)
                bars.append((told.quiet, -self.work.span_lengths[span], run[0], bar))
        return tuple(bar for *_, bar in sorted(bars, key=lambda one: one[:3]))

    def _day(self, day: date) -> DayCell:
        number, month = str(day.day), ""
        if day.month != self.first.month:
            number, month = self.words.day_and_month(day)
        if not self._shows(day):
            return DayCell(number, lines=(Line(self.words.say("not_in_plan")),), outside=True, month=month)
        lines, provisional = self.work.lines_on(day, told=self._is_provisional)
        lines = (*lines, *self.work.nothing_on(day))
        label = self.work.label(day)
        return DayCell(number, label, lines, dashed=provisional, past=day < self.today, month=month)
