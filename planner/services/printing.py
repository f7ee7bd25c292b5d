"""Sheets onto paper: an evaluated plan becomes the bytes of a PDF."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache

from msgspec import Struct, field
from msgspec.structs import replace

from planner.content.words_file import languages, read_words
from planner.errors import InputProblem
from planner.exports.pdf.writer import write_pdf
from planner.exports.sheets.bag_plan import bag_plan
from planner.exports.sheets.calendar.calendar import calendar
from planner.exports.sheets.day.day_sheet import day_sheet
from planner.exports.sheets.glance import glance
from planner.exports.sheets.handover.handover import handover
from planner.exports.sheets.job import Job, Stamp
from planner.exports.sheets.roadmap.roadmap import roadmap
from planner.exports.sheets.sheet import Sheet
from planner.exports.sheets.summary import summary
from planner.exports.sheets.supply.supply import supply
from planner.exports.wording.bilingual import alongside
from planner.exports.wording.calls import is_written_in
from planner.exports.wording.plain_words import own_note
from planner.model.agent import Strength
from planner.model.counter import Totals
from planner.model.cycle_content import State
from planner.model.difference import UNDATED, Difference
from planner.model.evaluated_plan import EvaluatedPlan
from planner.model.kept import kept_words
from planner.model.language import Words
from planner.model.library import Library
from planner.model.open_dose import with_questions
from planner.model.protocol import TemplateAssessment, TemplateOrder
from planner.model.schedule import Event, PlacedOrder, Schedule
from planner.model.site import Site
from planner.model.wish import WHOLE_PLAN, Wish
from planner.paths import resources
from planner.services.changes_on_paper import changes_on_paper
from planner.services.release import release
from planner.services.sheet_titles import PATIENT_SHEETS, SHEET_TITLES, UPRIGHT
from planner.services.telling.differences import differences

BUILDERS: Mapping[str, Callable[[EvaluatedPlan, Job], Sheet]] = {
    "roadmap": roadmap,
    "calendar": calendar,
    "daysheet": day_sheet,
    "bags": bag_plan,
    "supply": supply,
    "glance": glance,
    "handover": handover,
    "summary": summary,
}
"""What makes each sheet of `SHEET_TITLES`."""


class Around(Struct, frozen=True):
    """What is told around the plan: what the course adds up to, and the plan of the issue before, to mark changes.

    `vials` are those that bags are filled from (see `vials_for_bags`). `newest` is the version that the plan now has,
    where an earlier state of it is printed. `beside` are the ids of other plans of the patient.
    """

    totals: Totals | None = None
    before: EvaluatedPlan | None = None
    vials: Mapping[str, Strength] = field(default_factory=dict)
    newest: str = ""
    beside: tuple[str, ...] = ()


NOTHING_AROUND = Around()
AS_WRITTEN = "en"
"""The language that protocols are written in."""


def vials_for_bags(library: Library) -> Mapping[str, Strength]:
    """By agent, the vial that its bags are filled from, where it has bags and vials of one size."""
    return {agent.id: agent.vials[0] for agent in library.agents.values() if agent.bags and len(agent.vials) == 1}


def make_sheet(
    evaluated: EvaluatedPlan,
    kind: str,
    site: Site,
    printed_at: datetime,
    wish: Wish = WHOLE_PLAN,
    *,
    around: Around = NOTHING_AROUND,
) -> Sheet:
    """The sheet of that kind as data: what stands where, before it is drawn on a paper.

    Raises InputProblem where there is no such kind or language, or where it cannot stand on upright paper.
    """
    if kind not in BUILDERS:
        raise InputProblem((f"sheet: {kind} is not known; choose {' or '.join(SHEET_TITLES)}",))
    words, others = words_of(wish.language), words_of(wish.alongside or wish.language)
    changes = _since(around.before, evaluated) if around.before else ()
    stands = release(evaluated.plan, evaluated.dosed_as)
    outdated = around.newest not in ("", stands.version)
    stamp = Stamp(stands, kind, printed_at, outdated=outdated, beside=around.beside)
    job = Job(
        site,
        stamp,
        words,
        wish,
        around.totals,
        changes,
        around.vials,
        changes_on_paper(evaluated.plan, evaluated.schedule),
    )
    evaluated = replace(evaluated, schedule=with_questions(evaluated.schedule))
    sheet = BUILDERS[kind](evaluated, job)
    if wish.portrait and sheet.landscape:
        if kind not in UPRIGHT:
            raise InputProblem((f"portrait: {kind} needs the width of the paper; {' or '.join(sorted(UPRIGHT))} can",))
        sheet = replace(sheet, landscape=False)
    if kind not in PATIENT_SHEETS or others is words:
        return sheet
    return alongside(sheet, BUILDERS[kind](evaluated, replace(job, words=others)))


def _since(before: EvaluatedPlan, now: EvaluatedPlan) -> tuple[Difference, ...]:
    """What differs from the issue before, as sheets draw it, where what an answer put off has no day any more.

    Its events stay in the schedule on the day they had: a second dose of CAR T cells vanished from the sheet of that
    day, and no list of changes had a word of it. Rescue that a pause of its block leaves was "held" in that list, and
    NOT to be left out in its row.
    """
    waiting = {block.id for block in now.schedule.blocks if block.waits}
    were, are = _kept_of(before), _kept_of(now)
    found = []
    for one in differences(_dated(before.schedule), _dated(now.schedule)):
        old, new = were.get(_place(one.old), one.old), are.get(_place(one.new), one.new)
        if one.what == "status" and old and new and {old.state, new.state} <= {State.PLANNED, State.DEFERRED}:
            continue
        gone = one.what == "vanished" and one.event.placed.block.id in waiting
        found.append(Difference(UNDATED if gone else one.what, old, new))
    return tuple(found)


def _place(event: Event | None) -> tuple[str, int, int, int] | None:
    return event and (event.placed.id, event.day, event.minute, event.sequence)


def _kept_of(evaluated: EvaluatedPlan) -> Mapping[tuple[str, int, int, int] | None, Event]:
    """What a pause of its block leaves, as it is drawn."""
    return {_place(one): one for one in evaluated.due if kept_words(one)}


def _dated(schedule: Schedule) -> Schedule:
    return replace(schedule, pieces=tuple(piece for piece in schedule.pieces if not piece.block.waits))


def left_in_english(evaluated: EvaluatedPlan, wish: Wish) -> tuple[str, ...]:
    """What the protocols say to the patient on the days printed and nobody has put into a language that is asked for.

    A sheet prints it in English. Shipped protocols have their words; a site's own may lack them.
    """
    events = [event for event in evaluated.schedule.events if wish.covers(event.day)]
    lines = {event.placed.id: event.placed for event in events}.values()
    told = dict.fromkeys(text for placed in lines for text in _said_to_patients(placed))
    asked = [words_of(one) for one in (wish.language, wish.alongside) if one not in ("", AS_WRITTEN)]
    return tuple(text for text in told if any(words.note(text) == text for words in asked))


def calls_left(site: Site, wish: Wish, written: str) -> bool:
    """Whether what the clinic says of when to call lacks a language that is asked for; else it is in `written`."""
    asked = {wish.language, wish.alongside} - {"", written}
    return bool(site.when_to_call.strip()) and not all(is_written_in(site.when_to_call, one) for one in asked)


def _said_to_patients(placed: PlacedOrder) -> tuple[str, ...]:
    order = placed.order
    if isinstance(order, TemplateOrder):
        return tuple(filter(None, (own_note(placed),)))
    return (order.patient_words,) if isinstance(order, TemplateAssessment) and order.patient_words else ()


def pdf_of(sheet: Sheet, paper: str) -> bytes:
    """The sheet as a PDF on "A4", "Letter" or "A3"; the same bytes for the same plan, site and time.

    Raises InputProblem, one line a problem, where a text cannot be printed.
    """
    return write_pdf(sheet, paper)


def archived(pdf: bytes) -> bytes:
    """The sheet as PDF/A-2b. Raises EnvironmentProblem where the optional package for it is missing."""
    from planner.exports.pdf.archive import archive_pdf

    return archive_pdf(pdf)


@cache
def words_of(language: str) -> Words:
    """The patient's words in that language. Raises InputProblem where there is no such language."""
    folder = resources() / "translations" / "patient"
    if language not in languages(folder):
        raise InputProblem((f"language: {language} is not known; choose {', '.join(languages(folder))}",))
    return read_words(folder, language)
