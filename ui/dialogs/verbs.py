"""What each change of treatment asks, as tables of fields, and what is made of the answers."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from planner.model.plan import (
    DoseChange,
    Hold,
    Plan,
    Repetition,
    Replacement,
    Scope,
    Skip,
    Stop,
)
from planner.model.protocol import ROUTES
from planner.services.telling.reached import hardly_any, out_of_range, raised
from planner.services.usual_doses import inherited_from, times_a_day
from planner.services.verbs import pausing, redosing, repeating
from ui.dialogs import dose_doubts
from ui.dialogs.fields import Answers, Field
from ui.dialogs.reasons import told_of, why_fields
from ui.dialogs.verb_add import add, add_fields, added_words, agent_field, examine, examine_fields
from ui.dialogs.verb_given import given, given_fields, record_doubts, told_so_far
from ui.dialogs.verb_place import REACH, Likely, Place, day_field, dose_field, first_without_dose, likely_of
from ui.dialogs.verb_reach import compared, each_day, how_far, orders_field, other_dose_doubts
from ui.dialogs.verb_rescue import rescue, rescue_doubts, rescue_fields
from ui.dialogs.verb_resume import held_words, resume, resume_fields, resume_says, what_is_held
from ui.dialogs.verb_start import hang, hang_fields
from ui.tongue import say

Change = Callable[[Place, Answers, Plan], Plan]


class Verb(Struct, frozen=True):
    """One change: its title and button, what it asks at a place, what it makes of a plan. `of_dose` needs a dose.

    `begins` is how it asks for the day of a bar of many days, or with `of_cycle` for the cycle; "" where none matters.
    With `each_dose` it asks for one dose, also where a day has several.
    With `of_block` it speaks of no day of the block, and `of` says of what in it.
    """

    title: str
    accept: str
    fields: Callable[[Place], Sequence[Field]]
    change: Change
    of_dose: bool = False
    intro: str = ""
    begins: str = "Fro&m"
    of_cycle: bool = False
    each_dose: bool = False
    of_block: bool = False
    doubts: Callable[[Place, Answers], Sequence[str]] = lambda _place, _answers: ()
    """What somebody should look at twice in the answers."""
    told: Callable[[Place], Sequence[str]] = lambda _place: ()
    """What is known there already."""
    says: Callable[[Place, Answers], Sequence[str]] = lambda _place, _answers: ()
    """What the change itself tells above its consequences."""
    likely: Likely = likely_of
    """On which of the days it most likely begins."""
    of: Callable[[Place], str] = lambda place: place.block.title
    """What it is about, where that is no drug."""
    answered: Callable[[Place, Answers], str] = lambda _place, _answers: ""
    """What of the answers belongs in the name of the edit: which drug, how much."""

    def asks(self, place: Place) -> tuple[Field, ...]:
        """All its fields there: where it begins first, where the selected bar has several days or cycles."""
        if self.each_dose:
            return (*dose_field(place, self.begins), *self.fields(place))
        where = day_field(place, self.begins, self.likely, of_cycle=self.of_cycle) if self.begins else ()
        return (*where, *self.fields(place))


def _what(place: Place) -> tuple[Field, ...]:
    """The selected drug alone, or the whole block."""
    if not place.event or not place.drug:
        return ()
    return (
        Field(
            "what",
            "&What",
            "choice",
            place.order,
            (("", say("All of {what}", what=place.block.title)), (place.order, say("Only {what}", what=place.drug))),
        ),
    )


def _reach(scopes: Sequence[Scope], first: Scope) -> Field:
    return Field("scope", "R&eaches", "choice", first, [(scope, REACH[scope]) for scope in scopes])


_DOSE_SCOPES = (Scope.DAY, Scope.CYCLE, Scope.FOLLOWING, Scope.ALL)


def _hold_fields(place: Place) -> tuple[Field, ...]:
    later = ((Scope.FOLLOWING, "in this block"), (Scope.ALL, "in this and every later block"))
    alone = Field("scope", "R&eaches", "choice", Scope.FOLLOWING, later, shown_if=lambda one: bool(one.get("what")))
    return (*_what(place), *([alone] if place.drug else []), *why_fields())


def _held(place: Place, answers: Answers) -> Hold:
    order = place.order if answers.get("what") else ""
    scope = answers["scope"] if order else Scope.FOLLOWING
    return Hold(place.block.id, place.cycle, place.day, order=order, scope=scope, **told_of(answers))


def _hold(place: Place, answers: Answers, plan: Plan) -> Plan:
    return pausing.hold(plan, place.evaluated.schedule, _held(place, answers))


_CLOSES = ((False, "Dates stay; the days are empty"), (True, "What follows moves up"))


def _skip_fields(_place: Place) -> tuple[Field, ...]:
    return (Field("closes", "&Afterwards", "choice", value=False, choices=_CLOSES), *why_fields())


def _skip(place: Place, answers: Answers, plan: Plan) -> Plan:
    made = Skip(place.block.id, place.cycle, closes=answers["closes"], **told_of(answers))
    return pausing.skip(plan, place.evaluated.schedule, made)


def _stop_fields(place: Place) -> tuple[Field, ...]:
    def can_close(answers: Answers) -> bool:
        return not answers.get("what") and answers["scope"] is not Scope.ALL

    return (
        *_what(place),
        _reach((Scope.CYCLE, Scope.FOLLOWING, Scope.ALL), Scope.FOLLOWING),
        Field("closes", "&Afterwards", "choice", value=False, choices=_CLOSES, shown_if=can_close),
        *why_fields(),
    )


def _stopped(place: Place, answers: Answers) -> Stop:
    order, scope = place.order if answers.get("what") else "", answers["scope"]
    closes = bool(answers["closes"] and not order and scope is not Scope.ALL)
    return Stop(place.block.id, place.cycle, place.day, scope, order=order, closes=closes, **told_of(answers))


def _stop(place: Place, answers: Answers, plan: Plan) -> Plan:
    return pausing.stop(plan, place.evaluated.schedule, _stopped(place, answers))


def _repeat_fields(_place: Place) -> tuple[Field, ...]:
    return (Field("gap", "&Days between", "days", 0, least=0, most=365), *why_fields())


def _repeat(place: Place, answers: Answers, plan: Plan) -> Plan:
    made = Repetition("", place.block.id, place.cycle, **told_of(answers))
    return repeating.repeat_cycle(plan, place.evaluated.schedule, made, answers["gap"])


def _reduce_fields(place: Place) -> tuple[Field, ...]:
    return (
        *orders_field(place),
        Field("how", "Gi&ve", "choice", "percent", (("percent", "so much of the dose"), ("dose", "another dose"))),
        Field(
            "percent", "&Percent", "whole", 75, least=1, most=99, suffix=" %",
            shown_if=lambda answers: answers["how"] == "percent",
        ),
        Field("dose", "&Dose", "dose", hint="30 mg or 1 g/m2", shown_if=lambda answers: answers["how"] == "dose"),
        Field("level", "Dose &level", optional=True, hint="what you call it, for example level −1"),
        _reach(_DOSE_SCOPES, Scope.FOLLOWING),
        *why_fields(),
    )  # fmt: skip


def _reduced_to(_place: Place, answers: Answers) -> str:
    return str(answers["dose"]) if answers["how"] == "dose" else f"{answers['percent']} %"


def _dose_change(place: Place, answers: Answers, **more: Any) -> DoseChange:
    more |= {"alone": answers.get("alone", False), **told_of(answers)}
    return DoseChange(place.block.id, place.cycle, place.day, place.order, answers["scope"], **more)


def _reduced(place: Place, answers: Answers) -> DoseChange:
    by_dose = answers["how"] == "dose"
    more = {"dose": answers["dose"]} if by_dose else {"percent": answers["percent"]}
    return _dose_change(place, answers, level=answers["level"], **more)


def _reduce(place: Place, answers: Answers, plan: Plan) -> Plan:
    return redosing.reduce(plan, place.evaluated.schedule, _reduced(place, answers))


def _full_fields(place: Place) -> tuple[Field, ...]:
    return (*orders_field(place), _reach(_DOSE_SCOPES, Scope.FOLLOWING), *why_fields())


def _full(place: Place, answers: Answers, plan: Plan) -> Plan:
    return redosing.full_dose(plan, place.evaluated.schedule, _dose_change(place, answers))


def _enter_fields(place: Place) -> tuple[Field, ...]:
    return (Field("dose", "&Dose", "dose", hint="30 mg, 1.4 mg/m2 or 28 mcg/day"), *_full_fields(place))


def _entered(place: Place, answers: Answers) -> DoseChange:
    return _dose_change(place, answers, dose=answers["dose"])


def _enter(place: Place, answers: Answers, plan: Plan) -> Plan:
    return redosing.enter_dose(plan, place.evaluated.schedule, _entered(place, answers))


def _replace_fields(place: Place) -> tuple[Field, ...]:
    return (
        agent_field(place),
        Field("dose", "Do&se", "dose", optional=True, hint="empty: to be entered later"),
        Field("route", "Ro&ute", "choice", "", (("", "as before"), *((route, route) for route in ROUTES))),
        *_often_field(place),
        *orders_field(place),
        _reach(_DOSE_SCOPES, Scope.FOLLOWING),
        *why_fields(),
    )


def _often_field(place: Place) -> tuple[Field, ...]:
    """How often the new drug is given: to be said of what is taken day after day, else as before unless somebody says.

    Doses with hours of their own keep them.
    """
    placed = place.event.placed if place.event else None
    if placed is None or redosing.has_own_hours(placed):
        return ()
    several = range(2, redosing.MOST_DOSES_A_DAY + 1)
    counts = [(1, "once a day"), *((number, say("{count} times a day", count=number)) for number in several)]
    if inherited_from(placed):
        return (Field("times", "&Times a day", "choice", None, counts, stand_in=times_a_day(placed)),)
    return (Field("times", "&Times a day", "choice", 0, [(0, "as before"), *counts]),)


def _replaced(place: Place, answers: Answers) -> Replacement:
    return Replacement(
        place.block.id, place.cycle, place.day, place.order, answers["scope"], answers["agent"],
        dose=answers["dose"], route=answers["route"], doses_per_day=answers.get("times", 0),
        alone=answers.get("alone", False), **told_of(answers),
    )  # fmt: skip


def _replaced_by(place: Place, answers: Answers) -> str:
    agent = place.agents.get(answers["agent"])
    return f"{agent.name} {answers['dose']}".strip() if agent else ""


def _replace(place: Place, answers: Answers, plan: Plan) -> Plan:
    return redosing.replace_agent(plan, place.evaluated.schedule, place.agents, _replaced(place, answers))


VERBS: Mapping[str, Verb] = {
    "hold": Verb(
        "Hold",
        "Hold",
        _hold_fields,
        _hold,
        intro="Paused from this day on; nobody knows yet until when.",
        doubts=dose_doubts.paused,
        says=how_far(_held),
    ),
    "resume": Verb(
        "Go on with",
        "Go on",
        resume_fields,
        resume,
        begins="",
        of_block=True,
        told=held_words,
        says=resume_says,
        of=what_is_held,
    ),
    "skip": Verb("Skip the cycle of", "Skip", _skip_fields, _skip, begins="&Cycle", of_cycle=True),
    "stop": Verb(
        "Stop",
        "Stop",
        _stop_fields,
        _stop,
        intro="No more from this day on.",
        doubts=dose_doubts.paused,
        says=how_far(_stopped),
    ),
    "repeat": Verb("Repeat the cycle of", "Repeat", _repeat_fields, _repeat, begins="&Cycle", of_cycle=True),
    "reduce": Verb(
        "Reduce the dose of",
        "Reduce",
        _reduce_fields,
        _reduce,
        of_dose=True,
        doubts=other_dose_doubts(_reduced, compared(raised, _reduce), compared(hardly_any, _reduce)),
        says=how_far(_reduced),
        answered=_reduced_to,
    ),
    "full_dose": Verb(
        "Full dose again of",
        "Give the full dose",
        _full_fields,
        _full,
        of_dose=True,
        says=how_far(_dose_change),
    ),
    "enter_dose": Verb(
        "Enter the dose of",
        "Enter",
        _enter_fields,
        _enter,
        of_dose=True,
        doubts=other_dose_doubts(_entered, dose_doubts.entered, compared(out_of_range, _enter)),
        says=how_far(_entered),
        likely=first_without_dose,
        answered=lambda _place, answers: answers["dose"],
    ),
    "rescue": Verb(
        "Give otherwise:",
        "Give it so",
        rescue_fields,
        rescue,
        of_dose=True,
        intro="From an hour on, in the place of what is planned, up to the next dose of what it rescues from.",
        begins="",
        doubts=rescue_doubts,
    ),
    "replace": Verb(
        "Replace",
        "Replace",
        _replace_fields,
        _replace,
        of_dose=True,
        doubts=other_dose_doubts(_replaced, dose_doubts.replaced, each_day(_replaced, _replace)),
        answered=_replaced_by,
        says=how_far(_replaced),
    ),
    "add_order": Verb(
        "Add a drug to",
        "Add",
        add_fields,
        add,
        begins="",
        of_block=True,
        doubts=dose_doubts.added,
        answered=added_words,
    ),
    "add_examination": Verb(
        "Add an examination to", "Add", examine_fields, examine, begins="", of_block=True, answered=added_words
    ),
    "given": Verb(
        "Record what was given:",
        "Record",
        given_fields,
        given,
        of_dose=True,
        begins="Da&y",
        each_dose=True,
        doubts=record_doubts,
        told=told_so_far,
    ),
    "hang": Verb("Start of", "Change the start", hang_fields, hang, begins="", of_block=True),
}
"""By the id of the action."""
